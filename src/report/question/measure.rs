//! What is counted and summed, and how a figure follows from sums. No rounding happens before the last step.
//!
//! Knows no fact and no group.

use crate::report::{Kind, Value};
use crate::unit::Fixed4;
use crate::unit::number::{average4, div_half_away, ratio4};

/// A sum that facts add to. Signed facts add and take away; the order is that of [`Sums`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Base {
    /// Distinct orders.
    Orders,
    /// Thousandths sold.
    Units,
    /// Money as priced.
    Gross,
    /// Money as priced.
    Discounts,
    /// Money without tax.
    Sales,
    /// Money.
    Tax,
    /// Money.
    Cost,
    /// Number of returns.
    Returns,
    /// Thousandths come back.
    ReturnedUnits,
    /// Money paid back.
    Refund,
    /// Money paid back, without tax.
    RefundNet,
}

impl Base {
    /// How many there are.
    pub(crate) const COUNT: usize = 11;

    /// Whether returns add to it, not orders.
    pub(crate) fn is_of_returns(self) -> bool {
        self >= Base::Returns
    }
}

/// The sums of one cell, by [`Base`], and the distinct customers where they were asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) base: [i128; Base::COUNT],
    pub(crate) customers: i64,
}

impl Sums {
    pub(crate) fn of(&self, base: Base) -> i128 {
        self.base[base as usize]
    }
}

macro_rules! measures {
    ($($(#[$doc:meta])* $name:ident $word:literal $kind:ident [$($base:ident),*],)+) => {
        /// A figure of the cube.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Measure {
            $($(#[$doc])* $name,)+
        }

        impl Measure {
            /// All of them.
            pub const ALL: &'static [Measure] = &[$(Measure::$name,)+];

            /// Its word on the command line and its column's name.
            pub fn word(self) -> &'static str {
                match self { $(Measure::$name => $word,)+ }
            }

            /// How it is written.
            pub fn kind(self) -> Kind {
                match self { $(Measure::$name => Kind::$kind,)+ }
            }

            /// The sums it follows from.
            pub(crate) fn bases(self) -> &'static [Base] {
                match self { $(Measure::$name => &[$(Base::$base),*],)+ }
            }
        }
    };
}

measures! {
    /// Distinct counted orders.
    Orders "orders" Count [Orders],
    /// Goods sold.
    Units "units" Quantity [Units],
    /// Quantity × unit price.
    Gross "gross" Money [Gross],
    /// Taken off, as priced.
    Discounts "discounts" Money [Discounts],
    /// The lines' value without tax.
    Sales "sales" Money [Sales],
    /// Tax of the lines.
    Tax "tax" Money [Tax],
    /// Refunds without their tax, on the day of the return.
    Returns "returns" Money [RefundNet],
    /// The tax in the refunds.
    TaxRefunded "tax_refunded" Money [Refund, RefundNet],
    /// Sales − returns.
    NetSales "net_sales" Money [Sales, RefundNet],
    /// Quantity × cost at the time of sale.
    Cost "cost" Money [Cost],
    /// Sales − cost.
    Margin "margin" Money [Sales, Cost],
    /// Margin in per cent of sales.
    MarginPct "margin_pct" Percent [Sales, Cost],
    /// Discounts in per cent of gross.
    DiscountPct "discount_pct" Percent [Gross, Discounts],
    /// Sales ÷ orders.
    AverageOrder "average_order" Average [Sales, Orders],
    /// Units ÷ orders.
    UnitsPerOrder "units_per_order" Ratio [Units, Orders],
    /// Distinct customers with counted orders.
    Customers "customers" Count [Orders],
    /// How many returns.
    ReturnCount "return_count" Count [Returns],
    /// Goods come back.
    ReturnedUnits "returned_units" Quantity [ReturnedUnits],
    /// Money as paid out.
    Refund "refund" Money [Refund],
    /// Units returned ÷ units sold.
    ReturnRate "return_rate" Ratio [ReturnedUnits, Units],
}

impl Measure {
    /// The measure of that word; `-` is read as `_`.
    pub fn by_word(word: &str) -> Option<Measure> {
        let word = word.trim().to_ascii_lowercase().replace('-', "_");
        Measure::ALL.iter().copied().find(|measure| measure.word() == word)
    }

    /// The figure of a cell.
    pub(crate) fn value(self, sums: &Sums) -> Value {
        let of = |base| sums.of(base);
        let fixed = |value: Option<Fixed4>| value.map_or(Value::Null, |value| Value::Fixed4(value.0));
        match self {
            Measure::Orders => Value::Count(of(Base::Orders)),
            Measure::Customers => Value::Count(i128::from(sums.customers)),
            Measure::ReturnCount => Value::Count(of(Base::Returns)),
            Measure::Units => Value::Quantity(of(Base::Units)),
            Measure::ReturnedUnits => Value::Quantity(of(Base::ReturnedUnits)),
            Measure::AverageOrder => fixed(average4(of(Base::Sales), of(Base::Orders).try_into().unwrap_or(0))),
            Measure::UnitsPerOrder => fixed(ratio4(of(Base::Units), of(Base::Orders) * 1000)),
            Measure::ReturnRate => fixed(ratio4(of(Base::ReturnedUnits), of(Base::Units))),
            Measure::MarginPct => percent(of(Base::Sales) - of(Base::Cost), of(Base::Sales)),
            Measure::DiscountPct => percent(of(Base::Discounts), of(Base::Gross)),
            money => Value::Money(money.amount(sums)),
        }
    }

    /// What rows are ordered by: the same order as that of the written figures, undefined ones last.
    pub(crate) fn rank(self, sums: &Sums) -> i128 {
        match self.value(sums) {
            Value::Count(n) | Value::Quantity(n) | Value::Money(n) | Value::Fixed4(n) => n,
            _ => i128::MIN,
        }
    }

    fn amount(self, sums: &Sums) -> i128 {
        let of = |base| sums.of(base);
        match self {
            Measure::Gross => of(Base::Gross),
            Measure::Discounts => of(Base::Discounts),
            Measure::Tax => of(Base::Tax),
            Measure::Returns => of(Base::RefundNet),
            Measure::TaxRefunded => of(Base::Refund) - of(Base::RefundNet),
            Measure::NetSales => of(Base::Sales) - of(Base::RefundNet),
            Measure::Cost => of(Base::Cost),
            Measure::Margin => of(Base::Sales) - of(Base::Cost),
            Measure::Refund => of(Base::Refund),
            _ => of(Base::Sales),
        }
    }
}

/// `part` in per cent of `whole`, four decimals, half away from zero; null where `whole` is zero.
pub(crate) fn percent(part: i128, whole: i128) -> Value {
    let value = part.checked_mul(1_000_000).and_then(|scaled| div_half_away(scaled, whole));
    value.map_or(Value::Null, Value::Fixed4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_follow_from_sums() {
        let mut sums = Sums { customers: 2, ..Sums::default() };
        for (base, value) in [
            (Base::Orders, 3),
            (Base::Units, 4_500),
            (Base::Gross, 110_000),
            (Base::Discounts, 10_000),
            (Base::Sales, 100_000),
            (Base::Cost, 66_667),
            (Base::ReturnedUnits, 1_000),
            (Base::Refund, 23_800),
            (Base::RefundNet, 20_000),
        ] {
            sums.base[base as usize] = value;
        }
        let of = |measure: Measure| measure.value(&sums);
        assert_eq!(of(Measure::NetSales), Value::Money(80_000));
        assert_eq!(of(Measure::TaxRefunded), Value::Money(3_800));
        assert_eq!(of(Measure::Margin), Value::Money(33_333));
        assert_eq!(of(Measure::MarginPct), Value::Fixed4(333_330));
        assert_eq!(of(Measure::AverageOrder), Value::Fixed4(33_333));
        assert_eq!(of(Measure::UnitsPerOrder), Value::Fixed4(15_000));
        assert_eq!(of(Measure::ReturnRate), Value::Fixed4(2_222));
        assert_eq!(of(Measure::Customers), Value::Count(2));
        assert_eq!(Measure::AverageOrder.value(&Sums::default()), Value::Null);
        assert_eq!(Measure::AverageOrder.rank(&Sums::default()), i128::MIN);
    }

    #[test]
    fn no_figure_follows_from_more_than_two_sums() {
        assert!(
            Measure::ALL.iter().all(|measure| measure.bases().len() <= 2),
            "rows are ranked by the first and the last"
        );
    }

    #[test]
    fn every_word_names_its_measure() {
        for measure in Measure::ALL {
            assert_eq!(Measure::by_word(measure.word()), Some(*measure));
        }
        assert_eq!(Measure::by_word("Net-Sales"), Some(Measure::NetSales));
        assert_eq!(Measure::by_word("profit"), None);
    }
}
