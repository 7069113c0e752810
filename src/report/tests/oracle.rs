//! The naive fold: every fact, every line, one after the other, with sets for what is distinct.

use super::shop::TestShop;
use crate::domain::Status;
use crate::domain::fact::{OrderFact, ReturnFact};
use crate::report::question::AGES;
use crate::report::{Dim, Measure, Value};
use crate::unit::id::compare_external;
use crate::unit::number::{average4, ratio4};
use crate::unit::time::age_on;
use crate::unit::{CustomerId, Day, ProductId, RegisterId, StaffId, Stamp, StoreId, Text};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// A question as the oracle understands it.
#[derive(Debug, Clone)]
pub struct Asked {
    pub dims: Vec<Dim>,
    pub measures: Vec<Measure>,
    pub filters: Vec<(Dim, Vec<String>)>,
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub as_of: Day,
    pub sort: Option<Measure>,
    pub top: Option<usize>,
}

/// A member: what it is sorted by, its id and its name where it is a record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    unknown: bool,
    number: i64,
    pub id: String,
    pub name: Option<String>,
}

#[derive(Debug, Clone, Default)]
pub struct Sum {
    pub orders: BTreeSet<u64>,
    pub customers: BTreeSet<u32>,
    pub values: [i128; 10],
}

pub const UNITS: usize = 0;
pub const GROSS: usize = 1;
pub const DISCOUNTS: usize = 2;
pub const SALES: usize = 3;
pub const TAX: usize = 4;
pub const COST: usize = 5;
pub const RETURNS: usize = 6;
pub const RETURNED: usize = 7;
pub const REFUND: usize = 8;
pub const NET: usize = 9;

impl Sum {
    fn add(&mut self, other: &Sum) {
        self.orders.extend(&other.orders);
        self.customers.extend(&other.customers);
        self.values.iter_mut().zip(other.values).for_each(|(sum, value)| *sum += value);
    }

    pub fn figure(&self, measure: Measure) -> Value {
        let v = &self.values;
        let orders = self.orders.len() as i128;
        let fixed = |value: Option<crate::unit::Fixed4>| value.map_or(Value::Null, |value| Value::Fixed4(value.0));
        let percent = |part: i128, whole: i128| fixed(ratio4(part * 100, whole));
        match measure {
            Measure::Orders => Value::Count(orders),
            Measure::Customers => Value::Count(self.customers.len() as i128),
            Measure::ReturnCount => Value::Count(v[RETURNS]),
            Measure::Units => Value::Quantity(v[UNITS]),
            Measure::ReturnedUnits => Value::Quantity(v[RETURNED]),
            Measure::Gross => Value::Money(v[GROSS]),
            Measure::Discounts => Value::Money(v[DISCOUNTS]),
            Measure::Sales => Value::Money(v[SALES]),
            Measure::Tax => Value::Money(v[TAX]),
            Measure::Returns => Value::Money(v[NET]),
            Measure::TaxRefunded => Value::Money(v[REFUND] - v[NET]),
            Measure::NetSales => Value::Money(v[SALES] - v[NET]),
            Measure::Cost => Value::Money(v[COST]),
            Measure::Margin => Value::Money(v[SALES] - v[COST]),
            Measure::Refund => Value::Money(v[REFUND]),
            Measure::MarginPct => percent(v[SALES] - v[COST], v[SALES]),
            Measure::DiscountPct => percent(v[DISCOUNTS], v[GROSS]),
            Measure::AverageOrder => fixed(average4(v[SALES], orders as u64)),
            Measure::UnitsPerOrder => fixed(ratio4(v[UNITS], orders * 1000)),
            Measure::ReturnRate => fixed(ratio4(v[RETURNED], v[UNITS])),
        }
    }
}

/// Whether a measure is one of returns.
fn of_returns(measure: Measure) -> bool {
    use Measure::{NetSales, Refund, ReturnCount, ReturnRate, ReturnedUnits, Returns, TaxRefunded};
    matches!(measure, Returns | TaxRefunded | NetSales | ReturnCount | ReturnedUnits | Refund | ReturnRate)
}

/// Who, where, when and how: what a fact is grouped by.
struct Traits<'a> {
    at: Option<Stamp>,
    store: StoreId,
    register: Option<RegisterId>,
    cashier: Option<StaffId>,
    customer: Option<CustomerId>,
    status: Option<Status>,
    payment: &'a Option<Text>,
    channel: &'a Option<Text>,
}

fn of_order(fact: &OrderFact) -> Traits<'_> {
    Traits {
        at: fact.placed,
        store: fact.store,
        register: fact.register,
        cashier: fact.cashier,
        customer: fact.customer,
        status: Some(fact.status),
        payment: &fact.payment,
        channel: &fact.channel,
    }
}

fn of_return(fact: &ReturnFact) -> Traits<'_> {
    Traits {
        at: fact.at,
        store: fact.store,
        register: fact.register,
        cashier: fact.cashier,
        customer: fact.customer,
        status: fact.status,
        payment: &fact.payment,
        channel: &fact.channel,
    }
}

fn word(text: Option<&Text>) -> Member {
    let unknown = text.is_none_or(|text| *text == "unknown");
    Member { unknown, number: 0, id: text.map_or_else(|| "unknown".to_owned(), ToString::to_string), name: None }
}

fn number(value: i64, label: String) -> Member {
    Member { unknown: false, number: value, id: label, name: None }
}

fn record(found: Option<(&str, &str)>) -> Member {
    let (id, name) = found.unwrap_or(("unknown", "unknown"));
    Member { unknown: found.is_none(), number: 0, id: id.to_owned(), name: Some(name.to_owned()) }
}

fn member(shop: &TestShop, dim: Dim, of: &Traits<'_>, product: Option<ProductId>, as_of: Day) -> Option<Member> {
    let day = of.at.map(|stamp| stamp.day());
    let customer = of.customer.map(|id| &shop.customers[id.0 as usize - 1]);
    let store = shop.directory.stores.iter().find(|store| store.id == of.store);
    let product = product.and_then(|id| shop.catalogue.product(id));
    Some(match dim {
        Dim::Hour => {
            of.at?.hour().map_or(number(24, "unknown".to_owned()), |hour| number(hour.into(), hour.to_string()))
        }
        Dim::Weekday => number(day?.weekday().into(), day?.weekday().to_string()),
        Dim::Day => number(day?.0.into(), day?.to_string()),
        Dim::Week => number(0, format!("{:04}-W{:02}", day?.iso_week().0, day?.iso_week().1)),
        Dim::Month => number(0, day?.to_string()[..7].to_owned()),
        Dim::Quarter => number(0, format!("{:04}-Q{}", day?.year(), day?.quarter())),
        Dim::Year => number(day?.year().into(), day?.year().to_string()),
        Dim::Store => record(store.map(|store| (&*store.ext, &*store.name))),
        Dim::StoreLocation => word(store.and_then(|store| store.location.as_ref())),
        Dim::Register => {
            let found = of.register.map(|id| &shop.directory.registers[usize::from(id.0) - 1]);
            record(found.map(|register| (&*register.name, &*register.name)))
        }
        Dim::Cashier => {
            let found = of.cashier.map(|id| &shop.directory.staff[usize::from(id.0) - 1]);
            record(found.map(|person| (&*person.ext, &*person.name)))
        }
        Dim::Product => record(product.map(|product| (&*product.ext, &*product.name))),
        Dim::Category => word(product.and_then(|product| product.category.as_ref())),
        Dim::Payment => word(of.payment.as_ref()),
        Dim::Channel => word(of.channel.as_ref()),
        Dim::Status => match of.status {
            Some(status) => number(status as i64, status.word().to_owned()),
            None => number(9, "unknown".to_owned()),
        },
        Dim::Customer => {
            record(customer.map(|(customer, details)| (&*customer.ext, details.name.as_deref().unwrap_or(""))))
        }
        Dim::Location => word(customer.and_then(|(_, details)| details.location.as_ref())),
        Dim::Gender => word(customer.and_then(|(_, details)| details.gender.as_ref())),
        Dim::AgeGroup => {
            let age =
                customer.and_then(|(_, details)| details.birth_date).map(|birth| age_on(birth, as_of).unwrap_or(0));
            let group = match age {
                None => 7,
                Some(age) => [18, 26, 36, 46, 56, 66].iter().filter(|bound| age >= **bound).count(),
            };
            number(group as i64, AGES[group].to_owned())
        }
        // Of what follows from all purchases, see `rows`.
        Dim::Segment | Dim::Recency | Dim::Frequency | Dim::Monetary | Dim::Cohort => return None,
        Dim::Reason | Dim::TaxRate => return None,
    })
}

fn compare(a: &[Member], b: &[Member]) -> Ordering {
    let each = a
        .iter()
        .zip(b)
        .map(|(a, b)| (a.unknown, a.number).cmp(&(b.unknown, b.number)).then_with(|| compare_external(&a.id, &b.id)));
    each.fold(Ordering::Equal, Ordering::then)
}

fn is_dated(asked: &Asked) -> bool {
    let dims = asked.dims.iter().chain(asked.filters.iter().map(|(dim, _)| dim));
    asked.from.is_some() || asked.to.is_some() || dims.into_iter().any(|dim| dim.is_dated())
}

/// The groups a fact or line is in: none, or one.
fn group(shop: &TestShop, asked: &Asked, of: &Traits<'_>, product: Option<ProductId>) -> Option<Vec<Member>> {
    let day = of.at.map(|stamp| stamp.day());
    if is_dated(asked) && day.is_none() {
        return None;
    }
    if asked.from.is_some_and(|from| day < Some(from)) || asked.to.is_some_and(|to| day >= Some(to)) {
        return None;
    }
    for (dim, values) in &asked.filters {
        let member = member(shop, *dim, of, product, asked.as_of)?;
        let by_id = values.contains(&member.id);
        let ids_named = |value: &String| all_ids(shop, *dim).contains(value);
        let by_name =
            member.name.as_ref().is_some_and(|name| values.iter().any(|value| value == name && !ids_named(value)));
        if !by_id && !by_name {
            return None;
        }
    }
    asked.dims.iter().map(|dim| member(shop, *dim, of, product, asked.as_of)).collect()
}

fn all_ids(shop: &TestShop, dim: Dim) -> Vec<String> {
    match dim {
        Dim::Store => shop.directory.stores.iter().map(|store| store.ext.to_string()).collect(),
        _ => Vec::new(),
    }
}

fn by_line(asked: &Asked) -> bool {
    let dims = asked.dims.iter().chain(asked.filters.iter().map(|(dim, _)| dim));
    dims.into_iter().any(|dim| matches!(dim, Dim::Product | Dim::Category))
}

/// Rows in order with their sums, and the sum of all that is in them.
pub fn fold(shop: &TestShop, asked: &Asked, upto: usize) -> (Vec<(Vec<Member>, Sum)>, Sum) {
    let (orders, returns, _) = shop.facts(upto);
    let mut groups: BTreeMap<Vec<Member>, Sum> = BTreeMap::new();
    for order in orders.iter().filter(|order| order.status != Status::Cancelled) {
        let of = of_order(order);
        let mut count = |members: Vec<Member>, values: [i128; 6]| {
            let sum = groups.entry(members).or_default();
            sum.orders.insert(order.no.0);
            sum.customers.extend(order.customer.map(|id| id.0));
            sum.values.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        };
        if !by_line(asked)
            && let Some(members) = group(shop, asked, &of, None)
        {
            count(members, [0; 6]);
        }
        for line in &order.lines {
            if let Some(members) = group(shop, asked, &of, Some(line.product)) {
                let values = [line.units.0, line.gross.0, line.discounts.0, line.sales.0, line.tax.0, line.cost.0];
                count(members, values.map(i128::from));
            }
        }
    }
    // A return stands for a row where returns are asked for.
    let measures = asked.measures.iter().chain(&asked.sort);
    let asks = measures.into_iter().any(|measure| of_returns(*measure));
    for back in returns.iter().filter(|_| asks) {
        if let Some(members) = group(shop, asked, &of_return(back), back.product) {
            let sum = groups.entry(members).or_default();
            sum.values[RETURNS] += 1;
            sum.values[RETURNED] += i128::from(back.units.0);
            sum.values[REFUND] += i128::from(back.refund.0);
            sum.values[NET] += i128::from(back.net.0);
        }
    }
    let mut rows: Vec<(Vec<Member>, Sum)> = groups.into_iter().collect();
    let sort = asked.sort.or(asked.top.map(|_| Measure::Sales));
    let rank = |sum: &Sum| match sort.map(|sort| sum.figure(sort)) {
        Some(Value::Count(n) | Value::Quantity(n) | Value::Money(n) | Value::Fixed4(n)) => n,
        _ => i128::MIN,
    };
    rows.sort_by(|a, b| rank(&b.1).cmp(&rank(&a.1)).then_with(|| compare(&a.0, &b.0)));
    rows.truncate(asked.top.unwrap_or(usize::MAX));
    let mut total = Sum::default();
    rows.iter().for_each(|(_, sum)| total.add(sum));
    (rows, total)
}
