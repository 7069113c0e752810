//! What a grown shop must hold to, over a whole plan.

use super::seed::Seed;
use super::{Event, Growth, Plan, grow};
use crate::domain::{Order, Return, Status};
use crate::unit::barcode::is_valid;
use crate::unit::{Day, Money, Quantity};
use std::collections::{HashMap, HashSet};

/// Wednesday, 20 May 2026, a quarter past ten in the evening in Hamburg: all doors are shut.
const TODAY: Day = Day(20_593);
const NOW_MS: i64 = 20_593 * 86_400_000 + 20 * 3_600_000 + 900_000;

fn plan(orders: u64) -> Plan {
    Plan { seed: 42, orders, today: TODAY, now_ms: NOW_MS }
}

fn orders(grown: &Growth) -> Vec<Order> {
    let order = |event| match event {
        Event::Order { order, .. } => Some(order),
        _ => None,
    };
    grown.trade().filter_map(order).collect()
}

fn digest(grown: &Growth) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    let mut add = |text: String| {
        hasher.update(text.as_bytes());
    };
    add(format!("{:?}{:?}{:?}{:?}", grown.settings(), grown.stores(), grown.staff(), grown.products()));
    add(format!("{:?}{:?}", grown.registers(), grown.stock()));
    grown.customers().for_each(|customer| add(format!("{customer:?}")));
    grown.trade().for_each(|event| add(format!("{event:?}")));
    hasher.finalize()
}

#[test]
fn the_same_plan_gives_the_same_shop_and_another_seed_another() {
    let one = digest(&grow(&plan(2_000)).unwrap());
    assert_eq!(one, digest(&grow(&plan(2_000)).unwrap()));
    assert_ne!(one, digest(&grow(&Plan { seed: 43, ..plan(2_000) }).unwrap()));
}

#[test]
fn goods_have_valid_barcodes_of_their_own_and_cost_less_than_they_bring() {
    let products = grow(&plan(0)).unwrap().products();
    assert!(products.len() >= 300);
    let mut seen = HashSet::new();
    for product in &products {
        assert!(product.barcodes.iter().all(|code| code.len() == 13 && is_valid(code)), "{product:?}");
        assert!(seen.insert(product.barcodes[0].clone()) && seen.insert(product.sku.clone().unwrap()));
        assert!(seen.insert(product.name.clone()) && seen.insert(product.ext.clone()));
        let (price, rate) = (product.price.unwrap(), product.tax_rate.unwrap());
        let net = price.checked_sub(price.tax_inside(rate).unwrap()).unwrap();
        assert!(product.cost.unwrap() < net && product.cost.unwrap() > Money::ZERO, "{product:?}");
    }
    let categories: HashSet<_> = products.iter().map(|product| product.category.clone()).collect();
    assert_eq!(categories.len(), 12);
}

#[test]
fn every_receipt_adds_up() {
    let grown = grow(&plan(6_000)).unwrap();
    let products = grown.products();
    let (mut split, mut discounts, mut weighed) = (0, 0, 0);
    for order in orders(&grown) {
        let total = order.total().unwrap();
        assert!(total > Money::ZERO && total.0 % 100 == 0);
        let paid = Money::total(order.payments.iter().map(|payment| payment.amount)).unwrap();
        let unpaid = matches!(order.status, Status::Pending | Status::Cancelled);
        assert_eq!(paid, if unpaid { Money::ZERO } else { total }, "{order:?}");
        assert_eq!(unpaid, order.declared_method.is_some());
        for line in &order.lines {
            let product = &products[line.product.0 as usize - 1];
            let value = line.value().unwrap();
            assert!(value.0 % 100 == 0 && value > Money::ZERO && line.rounding.abs().0 <= 50, "{line:?}");
            assert_eq!(line.tax, value.tax_inside(product.tax_rate.unwrap()).unwrap().round_to(Money(100)).unwrap());
            assert!(line.cost.unwrap() < line.unit_price && line.unit_price <= product.price.unwrap());
            assert!(line.returned >= Quantity::ZERO && line.returned <= line.quantity);
            discounts += line.discounts.len();
            weighed += usize::from(!line.quantity.is_whole());
        }
        let products: HashSet<_> = order.lines.iter().map(|line| line.product).collect();
        assert_eq!(products.len(), order.lines.len());
        split += usize::from(order.payments.len() > 1);
    }
    assert!(split > 20 && discounts > 200 && weighed > 500, "{split} {discounts} {weighed}");
}

#[test]
fn everything_happens_in_order_within_opening_hours_and_before_now() {
    // Half past ten in the morning, so that today is half done.
    let plan = Plan { now_ms: TODAY.0 as i64 * 86_400_000 + 30_600_000, ..plan(8_000) };
    let grown = grow(&plan).unwrap();
    let seed = Seed::read().unwrap();
    let open = |at: crate::unit::Stamp, store: u16| {
        let branch = &seed.branches[usize::from(store) - 1];
        assert_eq!(at.offset_s, branch.zone.offset_at(at.unix_ms));
        let (hour, minute, second) = at.time_of_day().unwrap();
        let second = i32::from(hour) * 3600 + i32::from(minute) * 60 + i32::from(second);
        branch.hours[usize::from(at.day().weekday())].is_some_and(|(opens, closes)| (opens..closes).contains(&second))
    };
    let (mut last, mut today) = (0, 0);
    for event in grown.trade() {
        let at = match &event {
            Event::Order { order, .. } => {
                assert!(open(order.placed.unwrap(), order.store.0), "{order:?}");
                assert!(order.steps.is_sorted_by_key(|step| step.at));
                assert!(order.steps.iter().all(|step| step.at.unix_ms <= plan.now_ms));
                today += usize::from(order.placed.unwrap().day() == TODAY);
                order.placed
            }
            Event::Return(back) => {
                assert!(open(back.at.unwrap(), back.store.unwrap().0), "{back:?}");
                back.at
            }
            Event::Feedback { feedback, .. } => feedback.at,
        };
        let at = at.unwrap().unix_ms;
        assert!(last <= at && at < plan.now_ms);
        last = at;
    }
    assert!((1..40).contains(&today), "{today}");
}

#[test]
fn weeks_and_years_have_their_rhythm_and_the_shop_grows() {
    let all = orders(&grow(&plan(20_000)).unwrap());
    assert_eq!(all.len(), 20_000);
    let count = |wanted: &dyn Fn(Day) -> bool| all.iter().filter(|order| wanted(order.placed.unwrap().day())).count();
    let (saturday, tuesday) = (count(&|day| day.weekday() == 5), count(&|day| day.weekday() == 1));
    assert!(saturday * 2 > tuesday * 3, "{saturday} {tuesday}");
    let (december, february) =
        (count(&|day| (day.year(), day.month()) == (2025, 12)), count(&|day| (day.year(), day.month()) == (2026, 2)));
    assert!(december > february, "{december} {february}");
    let (before, after) = (count(&|day| day.year() == 2024), count(&|day| day.year() == 2025));
    assert!(after > before, "{before} {after}");
    assert!(count(&|day| day.month() == 12 && day.day_of_month() == 25) == 0);
}

#[test]
fn customers_are_as_many_as_they_should_be_and_some_come_often() {
    let grown = grow(&plan(20_000)).unwrap();
    let all = orders(&grown);
    assert_eq!(grown.customer_count(), 1_800);
    assert_eq!(grown.customers().count(), 1_800);
    let walk_ins = all.iter().filter(|order| order.customer.is_none()).count();
    assert!((8_600..9_400).contains(&walk_ins), "{walk_ins}");
    let mut visits: HashMap<u32, usize> = HashMap::new();
    for order in &all {
        if let Some(customer) = order.customer {
            *visits.entry(customer.0).or_default() += 1;
        }
    }
    let never = 1_800 - visits.len();
    let once = visits.values().filter(|count| **count == 1).count();
    let often = visits.values().filter(|count| **count >= 12).count();
    assert!((20..200).contains(&never) && once > 200 && often > 100, "{never} {once} {often}");
    let registered: Vec<_> = grown.customers().map(|(customer, _)| customer.registered_on.unwrap()).collect();
    for order in &all {
        let since = order.customer.map(|customer| registered[customer.0 as usize - 1]);
        assert!(since.is_none_or(|since| since <= order.placed.unwrap().day()));
    }
}

#[test]
fn receipts_are_gapless_and_the_last_ones_are_told() {
    let grown = grow(&plan(3_000)).unwrap();
    let mut trade = grown.trade();
    let mut last: HashMap<u16, u64> = HashMap::new();
    for event in trade.by_ref() {
        let Event::Order { order, .. } = event else { continue };
        let Some(receipt) = order.receipt else { continue };
        let receipt = crate::unit::ReceiptNo::parse(&receipt).unwrap();
        let before = last.insert(receipt.register.0, receipt.number).unwrap_or(0);
        assert_eq!((receipt.number, Some(receipt.register)), (before + 1, order.register));
    }
    let told: HashMap<u16, u64> = trade.receipts().map(|receipt| (receipt.register.0, receipt.number)).collect();
    assert_eq!(told, last);
    assert_eq!(told.len(), grown.registers().len());
}

#[test]
fn some_goods_come_back_and_some_people_speak() {
    let grown = grow(&plan(20_000)).unwrap();
    let mut lines: HashMap<(u64, u32), (Quantity, Money)> = HashMap::new();
    let mut by_status: HashMap<Status, Vec<Day>> = HashMap::new();
    let (mut returns, mut feedback): (Vec<Return>, usize) = (Vec::new(), 0);
    for event in grown.trade() {
        match event {
            Event::Order { order, .. } => {
                by_status.entry(order.status).or_default().push(order.placed.unwrap().day());
                let line = |line: &crate::domain::Line| ((order.no.0, line.no), (line.returned, line.value().unwrap()));
                lines.extend(order.lines.iter().filter(|line| !line.returned.is_zero()).map(line));
            }
            Event::Return(back) => returns.push(back),
            Event::Feedback { text, .. } => {
                assert!(!text.contains('{'));
                feedback += 1;
            }
        }
    }
    assert!((450..750).contains(&returns.len()) && (650..950).contains(&feedback), "{} {feedback}", returns.len());
    for back in &returns {
        let (quantity, value) = lines.remove(&(back.order.unwrap().0, back.line_no.unwrap())).unwrap();
        assert_eq!(back.quantity, quantity);
        assert!(back.refund > Money::ZERO && back.refund <= value && back.net < back.refund);
    }
    assert!(lines.is_empty(), "what an order says came back has come back");
    let recent = |status| by_status.get(&status).is_none_or(|days| days.iter().all(|day| TODAY.days_since(*day) <= 9));
    assert!(recent(Status::Pending) && recent(Status::Shipped));
    let open = [Status::Pending, Status::Shipped].map(|status| by_status.get(&status).map_or(0, Vec::len));
    assert!(open.iter().sum::<usize>() > 2, "{open:?}");
    assert!(by_status[&Status::Delivered].len() > 500 && by_status[&Status::Paid].len() > 16_000);
}

#[test]
fn few_orders_or_none_are_fine_too() {
    for count in [0, 1, 2, 11, 100] {
        assert_eq!(orders(&grow(&plan(count)).unwrap()).len() as u64, count);
    }
}
