use super::*;
use crate::domain::fact::{FeedbackFact, LineFact, OrderFact, ReturnFact};
use crate::domain::{FeedbackState, Status};
use crate::store::codec::CodecFault;
use crate::unit::{
    CustomerId, Day, FeedbackNo, Money, OrderNo, Precision, ProductId, Quantity, Rate, RegisterId, ReturnNo, Seq,
    StaffId, Stamp, StoreId, Text,
};
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::Arc;

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![6 => (0i64..5_000).prop_map(|cents| cents * 100), 2 => -9i64..9, 1 => any::<i64>(), 1 => Just(i64::MIN), 1 => Just(i64::MAX)]
}

fn small() -> impl Strategy<Value = i64> {
    (0i64..5_000).prop_map(|cents| cents * 100)
}

fn stamp() -> impl Strategy<Value = Option<Stamp>> {
    let precision = select(vec![Precision::Day, Precision::Second, Precision::Milli]);
    let instant = prop_oneof![4 => 1_700_000_000_000i64..1_700_080_000_000, 1 => any::<i64>()];
    let stamp = (instant, select(vec![0, 3600, -12_600]), precision);
    prop::option::of(stamp.prop_map(|(unix_ms, offset_s, precision)| Stamp { unix_ms, offset_s, precision }))
}

fn word() -> impl Strategy<Value = Option<Text>> {
    prop::option::of(select(vec!["cash", "card", "web", "zu groß", ""]).prop_map(Text::from))
}

fn line(value: BoxedStrategy<i64>) -> impl Strategy<Value = LineFact> {
    let money = prop::collection::vec(value.clone(), 6);
    (1u32..9, money, prop::option::of(0i64..3)).prop_map(|(product, m, rate)| LineFact {
        product: ProductId(product),
        units: Quantity(m[0]),
        gross: Money(m[1]),
        discounts: Money(m[2]),
        sales: Money(m[3]),
        tax: Money(m[4]),
        cost: Money(m[5]),
        tax_rate: rate.map(|r| Rate(r * 50_000)),
    })
}

fn id() -> impl Strategy<Value = Option<u16>> {
    prop::option::of(prop_oneof![1u16..5, Just(u16::MAX)])
}

fn order(value: BoxedStrategy<i64>) -> impl Strategy<Value = OrderFact> {
    let who = (id(), id(), prop::option::of(prop_oneof![1u32..5, Just(u32::MAX)]));
    let what = (select(Status::ALL.to_vec()), word(), word());
    (0u16..4, stamp(), who, what, prop::collection::vec(line(value), 0..4)).prop_map(
        |(store, placed, who, what, lines)| OrderFact {
            no: OrderNo(0),
            placed,
            store: StoreId(store),
            register: who.0.map(RegisterId),
            cashier: who.1.map(StaffId),
            customer: who.2.map(CustomerId),
            status: what.0,
            payment: what.1,
            channel: what.2,
            lines,
        },
    )
}

fn back() -> impl Strategy<Value = ReturnFact> {
    let from = (
        prop::option::of(1u64..9),
        id(),
        id(),
        prop::option::of(1u32..5),
        prop::option::of(select(Status::ALL.to_vec())),
    );
    let how = (word(), word(), word(), prop::option::of(1u32..9));
    (0u16..4, stamp(), from, how, [amount(), amount(), amount()]).prop_map(|(store, at, from, how, m)| ReturnFact {
        no: ReturnNo(0),
        at,
        store: StoreId(store),
        order: from.0.map(OrderNo),
        register: from.1.map(RegisterId),
        cashier: from.2.map(StaffId),
        customer: from.3.map(CustomerId),
        status: from.4,
        payment: how.0,
        channel: how.1,
        reason: how.2,
        product: how.3.map(ProductId),
        units: Quantity(m[0]),
        refund: Money(m[1]),
        net: Money(m[2]),
    })
}

fn said() -> impl Strategy<Value = FeedbackFact> {
    (
        stamp(),
        prop::option::of(1u32..9),
        prop::option::of(1u64..9),
        prop::option::of(any::<u8>()),
        word(),
        any::<bool>(),
    )
        .prop_map(|(at, customer, order, rating, category, open)| FeedbackFact {
            no: FeedbackNo(0),
            at,
            customer: customer.map(CustomerId),
            order: order.map(OrderNo),
            rating,
            category,
            state: if open { FeedbackState::Open } else { FeedbackState::Resolved },
        })
}

type Facts = (Vec<OrderFact>, Vec<ReturnFact>, Vec<FeedbackFact>);

fn facts() -> impl Strategy<Value = Facts> {
    let orders = prop_oneof![
        prop::collection::vec(order(amount().boxed()), 0..12).boxed(),
        prop::collection::vec(order(small().boxed()), 0..12).boxed(),
    ];
    let others = (prop::collection::vec(back(), 0..6), prop::collection::vec(said(), 0..6));
    (orders, others, 1u64..u64::MAX - 100, 1u64..5).prop_map(|(mut orders, (mut returns, mut feedback), first, gap)| {
        orders.iter_mut().zip(0..).for_each(|(fact, at)| fact.no = OrderNo(first + at * gap));
        returns.iter_mut().zip(0..).for_each(|(fact, at)| fact.no = ReturnNo(first + at * at));
        feedback.iter_mut().zip(0..).for_each(|(fact, at)| fact.no = FeedbackNo(1 + at));
        (orders, returns, feedback)
    })
}

proptest! {
    #[test]
    fn facts_come_back((orders, returns, feedback) in facts()) {
        let built = Segment::build(&orders, &returns, &feedback);
        let read = Segment::decode(&built.encode()).expect("reads");
        prop_assert_eq!(&read, &built);
        prop_assert_eq!(read.order_facts(), orders.clone());
        prop_assert_eq!(read.return_facts(), returns.clone());
        prop_assert_eq!(read.feedback_facts(), feedback.clone());
        for fact in &orders {
            prop_assert_eq!(read.order(fact.no), Some(fact.clone()));
        }
        for fact in &returns {
            prop_assert_eq!(read.return_fact(fact.no), Some(fact.clone()));
        }
        for fact in &feedback {
            prop_assert_eq!(read.feedback_fact(fact.no), Some(fact.clone()));
        }
        prop_assert_eq!(read.order(OrderNo(0)), None);
        prop_assert_eq!(&Header::peek(&built.encode().head).expect("reads"), built.header());
    }

    #[test]
    fn an_edit_is_a_rebuild((orders, returns, feedback) in facts(), (more, _, _) in facts(), keep in any::<u16>()) {
        let stays = |at: usize| keep >> (at % 16) & 1 == 1;
        let gone = Gone {
            orders: orders.iter().enumerate().filter(|(at, _)| !stays(*at)).map(|(_, fact)| fact.no).collect(),
            returns: returns.iter().enumerate().filter(|(at, _)| !stays(*at)).map(|(_, fact)| fact.no).collect(),
            feedback: feedback.iter().enumerate().filter(|(at, _)| !stays(*at)).map(|(_, fact)| fact.no).collect(),
        };
        // Some of the added ones replace old ones.
        let mut added = more;
        added.iter_mut().zip(&orders).for_each(|(new, old)| new.no = old.no);
        let mut expected: Vec<OrderFact> = orders.iter().filter(|fact| !gone.orders.contains(&fact.no)).cloned().collect();
        expected.retain(|fact| added.iter().all(|new| new.no != fact.no));
        expected.extend(added.iter().cloned());
        expected.reverse();
        let returned: Vec<ReturnFact> = returns.iter().filter(|fact| !gone.returns.contains(&fact.no)).cloned().collect();
        let said: Vec<FeedbackFact> = feedback.iter().filter(|fact| !gone.feedback.contains(&fact.no)).cloned().collect();
        let edited = Segment::build(&orders, &returns, &feedback).edit(&gone, &added, &[], &[]);
        prop_assert_eq!(edited.encode(), Segment::build(&expected, &returned, &said).encode());
    }

    #[test]
    fn totals_are_the_sums_of_the_facts((orders, returns, feedback) in facts()) {
        let header = Segment::build(&orders, &returns, &feedback).header().clone();
        for ((store, status), totals) in &header.sold {
            let of: Vec<&OrderFact> = orders.iter().filter(|f| f.store == *store && f.status == *status).collect();
            let sum = |value: &dyn Fn(&LineFact) -> i64| -> i128 {
                of.iter().flat_map(|fact| &fact.lines).map(|line| i128::from(value(line))).sum()
            };
            prop_assert_eq!(totals.orders, of.len() as u64);
            prop_assert_eq!(totals.lines, of.iter().map(|fact| fact.lines.len() as u64).sum::<u64>());
            prop_assert_eq!(totals.units, sum(&|line| line.units.0));
            prop_assert_eq!(totals.gross, sum(&|line| line.gross.0));
            prop_assert_eq!(totals.discounts, sum(&|line| line.discounts.0));
            prop_assert_eq!(totals.sales, sum(&|line| line.sales.0));
            prop_assert_eq!(totals.tax, sum(&|line| line.tax.0));
            prop_assert_eq!(totals.cost, sum(&|line| line.cost.0));
        }
        prop_assert_eq!(header.sold.iter().map(|(_, totals)| totals.orders).sum::<u64>(), orders.len() as u64);
        let net: i128 = returns.iter().map(|fact| i128::from(fact.net.0)).sum();
        prop_assert_eq!(header.returned.iter().map(|(_, totals)| totals.net).sum::<i128>(), net);
    }

    #[test]
    fn reading_never_panics(head in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Segment::decode(&Encoded { head, columns: Vec::new() });
    }
}

fn a_day(orders: u64) -> Segment {
    let line = |no: u64, at: u64| LineFact {
        product: ProductId(((no * 7919 + at * 104_729) % 20_000) as u32 + 1),
        units: Quantity::pieces(1 + (no % 3) as i64),
        gross: Money(((no * 31 + at) % 30_000 * 100) as i64),
        discounts: Money(if no.is_multiple_of(5) { 5_000 } else { 0 }),
        sales: Money(((no * 31 + at) % 30_000 * 100) as i64 - if no.is_multiple_of(5) { 5_000 } else { 0 }),
        tax: Money(((no * 31 + at) % 30_000 * 19) as i64),
        cost: Money(((no * 31 + at) % 30_000 * 60) as i64),
        tax_rate: Some(Rate(if at == 0 { 190_000 } else { 70_000 })),
    };
    let order = |no: u64| OrderFact {
        no: OrderNo(no),
        placed: Some(Stamp {
            unix_ms: 1_700_000_000_000 + (no * 17_389 % 60_000_000) as i64 / 1000 * 1000,
            offset_s: 0,
            precision: Precision::Second,
        }),
        store: StoreId((no % 20) as u16 + 1),
        register: Some(RegisterId((no % 20) as u16 + 1)),
        cashier: Some(StaffId((no % 60) as u16 + 1)),
        customer: (!no.is_multiple_of(4)).then_some(CustomerId((no * 7919 % 300_000) as u32 + 1)),
        status: if no.is_multiple_of(25) { Status::Cancelled } else { Status::Delivered },
        payment: Some(Text::from(["cash", "card", "transfer"][(no % 3) as usize])),
        channel: Some(Text::from("counter")),
        lines: (0..3).map(|at| line(no, at)).collect(),
    };
    Segment::build(&(1..=orders).map(order).collect::<Vec<_>>(), &[], &[])
}

/// Every way to damage one of a segment's stored values by a bit or a cut.
fn damages(bytes: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    (0..bytes.len()).flat_map(move |at| {
        let flipped = [0, 3, 7].into_iter().map(move |bit| {
            let mut damaged = bytes.to_vec();
            damaged[at] ^= 1 << bit;
            damaged
        });
        flipped.chain([bytes[..at].to_vec()])
    })
}

#[test]
fn every_damaged_byte_is_found() {
    let stored = a_day(20).encode();
    for head in damages(&stored.head) {
        assert!(Segment::decode(&Encoded { head, ..stored.clone() }).is_err());
    }
    for place in 0..stored.columns.len() {
        let (column, codes) = &stored.columns[place];
        for codes in damages(codes).chain([[codes.as_slice(), &[0]].concat()]) {
            let mut damaged = stored.clone();
            damaged.columns[place].1 = codes;
            assert!(Segment::decode(&damaged).is_err(), "{column:?}");
        }
        let mut without = stored.clone();
        without.columns.remove(place);
        assert_eq!(Segment::decode(&without).err(), Some(CodecFault::Short), "{column:?}");
    }
    let longer = Encoded { head: [stored.head.as_slice(), &[0]].concat(), ..stored.clone() };
    assert_eq!(Segment::decode(&longer).err(), Some(CodecFault::Shape));
    let mut newer = stored;
    newer.head[0] = 9;
    let end = newer.head.len() - 4;
    let sum = crc32c::crc32c(&newer.head[..end]).to_le_bytes();
    newer.head[end..].copy_from_slice(&sum);
    assert_eq!(Segment::decode(&newer).err(), Some(CodecFault::Format { found: 9 }));
}

#[test]
fn the_format_before_is_read_and_its_damage_found() {
    let segment = a_day(20);
    let stored = segment.encode();
    let mut bytes = stored.head.clone();
    bytes[0] = 1;
    let end = bytes.len() - 4;
    let sum = crc32c::crc32c(&bytes[..end]).to_le_bytes();
    bytes[end..].copy_from_slice(&sum);
    stored.columns.iter().for_each(|(_, codes)| bytes.extend_from_slice(codes));
    assert_eq!(Segment::decode_1(&bytes), Ok(segment));
    for damaged in damages(&bytes) {
        assert!(Segment::decode_1(&damaged).is_err());
    }
}

#[test]
fn an_order_of_three_lines_takes_about_sixty_five_bytes() {
    let bytes = a_day(2_000).encode().len();
    assert!(bytes < 2_000 * 68, "{} bytes an order", bytes / 2_000);
}

#[test]
fn a_column_is_read_without_the_others() {
    let segment = a_day(50);
    let mut stored = segment.encode();
    let rates = stored.columns.iter().position(|(column, _)| *column == Column::TaxRate).expect("two rates");
    stored.columns[rates].1[0] ^= 1;
    let view = View::open(&stored).expect("the head is whole");
    let (mut sales, mut stores) = (vec![7], vec![7]);
    view.values(Column::Sales, &mut sales).expect("whole");
    view.codes(Column::OrderStore, &mut stores).expect("whole");
    assert_eq!(sales, segment.column(Column::Sales));
    assert_eq!(stores.len(), 50);
    assert_eq!(view.constant(Column::OrderChannel), Some(1));
    assert_eq!(view.words(Words::Channel), &[Text::from("counter")]);
    assert_eq!(view.values(Column::TaxRate, &mut sales), Err(CodecFault::Checksum));
    assert_eq!(view.counts().days, Days::One(Day(19_675)));
    let read: usize = [Column::Sales, Column::OrderStore, Column::TaxRate]
        .iter()
        .map(|wanted| stored.columns.iter().find(|(column, _)| column == wanted).map_or(0, |(_, codes)| codes.len()))
        .sum();
    assert_eq!(view.bytes_read(), stored.head.len() + read, "no other byte was touched");
}

/// A stretch of one segment, as it is known of a shop where everything up to `sealed` is in it.
fn stretch_of(known: &Known, stored: &Encoded, sealed: u64) -> Arc<Stretch> {
    let read = |take: Take<'_>| take(Some(Day(1)), 0, &stored.head);
    known.stretch(Day(0), Seq(sealed), read).expect("the head is whole")
}

#[test]
fn what_was_found_right_twice_is_not_read_again_and_is_never_taken_for_what_was_written_since() {
    let (before, after) = (a_day(50), a_day(51));
    let mut stored = before.encode();
    let known = Known::default();
    let sales = |stored: &Encoded, sealed: u64| {
        let mut sales = Vec::new();
        let stretch = stretch_of(&known, stored, sealed);
        let view = View::of_known(stored, InStretch { known: &known, stretch: &stretch, at: 0, derived: &[] });
        view.values(Column::Sales, &mut sales).map(|()| sales)
    };
    for sealed in 0..2 {
        assert_eq!(sales(&stored, sealed).as_deref(), Ok(before.column(Column::Sales)));
    }
    stored.columns.clear();
    assert_eq!(sales(&stored, 2).as_deref(), Ok(before.column(Column::Sales)), "kept");
    assert_eq!(sales(&after.encode(), 3).as_deref(), Ok(after.column(Column::Sales)));
    assert_eq!(sales(&stored, 4), Err(CodecFault::Short), "the segment had been written anew");
    // What nobody asks for any more is let go.
    let whole = before.encode();
    assert!((0..3).all(|_| sales(&whole, 5).is_ok()) && sales(&stored, 6).is_ok());
    (0..100).for_each(|_| known.question());
    assert_eq!(sales(&stored, 6), Err(CodecFault::Short));
}

#[test]
fn a_derived_column_is_each_segments_own_part_of_it_until_one_of_them_is_written_anew() {
    let (days, known) = ([a_day(3), a_day(5), a_day(2)], Known::default());
    let stretch_of = |days: &[Segment], sealed: u64| {
        let read = |take: Take<'_>| {
            (1..).zip(days).try_for_each(|(day, segment)| take(Some(Day(day)), 0, &segment.encode().head))
        };
        known.stretch(Day(0), Seq(sealed), read).expect("the heads are whole")
    };
    let stretch = stretch_of(&days, 1);
    assert!(matches!(known.ask_derived(&stretch, 9), Found::New));
    assert!(matches!(known.ask_derived(&stretch, 9), Found::Before));
    let bytes: Arc<[u8]> = (0..10).collect();
    known.keep_derived(&stretch, 9, &bytes);
    assert!(matches!(known.ask_derived(&stretch_of(&days, 2), 9), Found::Kept(kept) if kept == bytes));
    let derived = [(9, bytes)];
    let own = |at: usize| {
        let (shelf, known) = (days[at].encode(), InStretch { known: &known, stretch: &stretch, at, derived: &derived });
        View::of_known(&shelf, known).derived(9, Rows::Orders).map(<[u8]>::to_vec)
    };
    assert_eq!([own(0), own(1), own(2)], [Some(vec![0, 1, 2]), Some(vec![3, 4, 5, 6, 7]), Some(vec![8, 9])]);
    let anew = [a_day(3), a_day(6), a_day(2)];
    assert!(matches!(known.ask_derived(&stretch_of(&anew, 3), 9), Found::New));
    assert_eq!(stretch_of(&anew, 3).counts(1).orders, 6);
    assert_eq!(stretch_of(&days[..2], 4).len(), 2, "a day that is gone");
    assert_eq!(stretch_of(&days, 5).place(2), (Some(Day(3)), 0), "and one that came");
}

#[test]
fn what_is_kept_for_whoever_still_reads_what_was_replaced_goes_with_it() {
    let (known, before, after) = (Known::default(), a_day(50).encode(), a_day(51).encode());
    let read = |stored: &Encoded, stretch: &Stretch| {
        let view = View::of_known(stored, InStretch { known: &known, stretch, at: 0, derived: &[] });
        view.values(Column::Sales, &mut Vec::new()).expect("the column is whole");
        if matches!(known.ask_derived(stretch, 9), Found::Before) {
            known.keep_derived(stretch, 9, &(0..50).collect());
        }
    };
    let old = stretch_of(&known, &before, 1);
    (0..3).for_each(|_| read(&before, &old));
    assert!(known.bytes() > 50);
    let new = stretch_of(&known, &after, 2);
    (0..3).for_each(|_| read(&before, &old));
    drop(old);
    assert_eq!(known.bytes(), 0, "nobody can ask for any of it");
    (0..3).for_each(|_| read(&after, &new));
    drop(new);
    assert!(known.bytes() > 50, "they may be asked for again");
    (0..100).for_each(|_| known.question());
    assert_eq!(known.bytes(), 0);
}
