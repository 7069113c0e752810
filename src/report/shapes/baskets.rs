//! How large orders are: how many hold one piece, two, three …, and how many come to how much.

use crate::report::answer::{AnswerColumn, Body};
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::question::Baskets;
use crate::report::{Kind, ReportFault, Value};
use crate::unit::number::{average4, ratio4};
use std::collections::BTreeMap;

/// Up to so many pieces each have a row of their own; beyond, rows go up to these numbers.
const PIECES: [i128; 10] = [0, 1, 2, 3, 4, 5, 10, 20, 50, 100];

/// What one row comes to.
#[derive(Default)]
struct Bin {
    orders: i128,
    units: i128,
    sales: i128,
}

impl<S: Source> Desk<'_, S> {
    /// Orders by how much is in them.
    pub(super) fn baskets(&self, by: Baskets) -> Result<Body, ReportFault> {
        let mut bins: BTreeMap<(i128, String), Bin> = BTreeMap::new();
        self.each_order(false, &mut |order| {
            let bin = bins.entry(match by {
                Baskets::Units => pieces(order.units),
                Baskets::Value => amount(order.sales),
            });
            let bin = bin.or_default();
            bin.orders += order.sign;
            bin.units += order.sign * order.units;
            bin.sales += order.sign * order.sales;
            Ok(())
        })?;
        bins.retain(|_, bin| bin.orders != 0);
        let whole: i128 = bins.values().map(|bin| bin.orders).sum();
        let bins: BTreeMap<(i128, String), Bin> =
            bins.into_iter().take(self.request.top.unwrap_or(usize::MAX)).collect();
        let mut all = Bin::default();
        for bin in bins.values() {
            all = Bin { orders: all.orders + bin.orders, units: all.units + bin.units, sales: all.sales + bin.sales };
        }
        let fixed = |value: Option<crate::unit::Fixed4>| value.map_or(Value::Null, |value| Value::Fixed4(value.0));
        let average = |bin: &Bin| fixed(average4(bin.sales, bin.orders.try_into().unwrap_or(0)));
        let row = |((_, label), bin): (&(i128, String), &Bin)| {
            vec![
                Value::text(label.as_str()),
                Value::Count(bin.orders),
                fixed(ratio4(bin.orders, whole)),
                Value::Quantity(bin.units),
                Value::Money(bin.sales),
                average(bin),
            ]
        };
        Ok(Body {
            columns: vec![
                AnswerColumn::new("basket", Kind::Text),
                AnswerColumn::new("orders", Kind::Count),
                AnswerColumn::new("share", Kind::Ratio),
                AnswerColumn::new("units", Kind::Quantity),
                AnswerColumn::new("sales", Kind::Money),
                AnswerColumn::new("average_order", Kind::Average),
            ],
            rows: bins.iter().map(row).collect(),
            totals: vec![
                ("orders".to_owned(), Value::Count(all.orders)),
                ("units".to_owned(), Value::Quantity(all.units)),
                ("sales".to_owned(), Value::Money(all.sales)),
                ("average_order".to_owned(), average(&all)),
            ],
        })
    }
}

/// The row of so many thousandths: a started piece is a whole one.
fn pieces(units: i128) -> (i128, String) {
    let count = (units + 999).div_euclid(1_000);
    let Some(at) = PIECES.iter().position(|most| count <= *most) else { return (i128::MAX, "over 100".to_owned()) };
    let most = PIECES[at];
    match at.checked_sub(1).and_then(|before| PIECES.get(before)) {
        Some(before) if before + 1 < most => (most, format!("{}-{most}", before + 1)),
        _ => (most, most.to_string()),
    }
}

/// The row of an amount: from one of 0, 1, 2, 5, 10, 20, 50 … up to, not including, the next.
fn amount(sales: i128) -> (i128, String) {
    if sales < 0 {
        return (-1, "below 0".to_owned());
    }
    let (mut low, mut decade) = (0, 1);
    loop {
        for step in [1, 2, 5] {
            let high = decade * step;
            if sales < high * 10_000 {
                return (low, format!("{low}-{high}"));
            }
            low = high;
        }
        decade *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_is_in_the_row_that_says_so() {
        for (units, label) in [
            (0, "0"),
            (1, "1"),
            (1_000, "1"),
            (1_001, "2"),
            (5_000, "5"),
            (5_001, "6-10"),
            (10_001, "11-20"),
            (100_001, "over 100"),
        ] {
            assert_eq!(pieces(units).1, label, "{units}");
        }
        for (sales, label) in [
            (-1, "below 0"),
            (0, "0-1"),
            (9_999, "0-1"),
            (10_000, "1-2"),
            (49_999, "2-5"),
            (50_000, "5-10"),
            (10_000_000, "1000-2000"),
        ] {
            assert_eq!(amount(sales).1, label, "{sales}");
        }
        assert!(amount(i128::from(i64::MAX)).0 > amount(0).0);
    }
}
