//! The named reports, as a table: most are questions of the cube with their columns named.
//!
//! Names the way each is worked out, and knows nothing of it.

use super::dimension::Dim;
use super::measure::Measure;

/// How a report is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A question of the cube.
    Cube,
    /// How many customers there are, by an attribute or at all.
    Customers,
    /// The customers who bought most.
    TopCustomers,
    /// How many bought more than once.
    Repeat,
    /// What those who ever bought have spent.
    Spend,
    /// Who has not bought for a while.
    Inactive,
    /// Against the same time a year before.
    Growth,
    /// A customer's orders.
    History,
    /// How often customers come.
    Frequency,
    /// What has to be ordered.
    LowStock,
    /// What lies on the shelves.
    Valuation,
    /// Returns against what was sold.
    Returns,
    /// Complaints by month.
    Complaints,
    /// Feedback by category and rating.
    Feedback,
    /// Customers by recency, frequency and money.
    Segments,
    /// Customers by the month of their first order.
    Cohorts,
    /// Who did what.
    Audit,
    /// From gross to margin.
    Bridge,
    /// Products by their part of the sales.
    Abc,
    /// Stock against the pace of selling.
    Pace(Pace),
    /// Sales to new customers and to those who came back.
    NewAgainstReturning,
    /// Orders by how much is in them.
    Baskets(Baskets),
    /// What people do by hand.
    ByHand(Hand),
    /// Payments against sales.
    Paid,
    /// Products that come back, with reasons and complaints.
    ComeBack,
}

impl Shape {
    /// Whether such a report brings its rows into the order of that figure itself; the others are put in order afterwards.
    pub(crate) fn sorts_by(self, sort: Measure) -> bool {
        match self {
            Shape::Cube | Shape::TopCustomers | Shape::Returns | Shape::ByHand(_) | Shape::ComeBack => true,
            Shape::Frequency => sort == Measure::Orders,
            _ => false,
        }
    }
}

/// What orders are sorted into rows by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Baskets {
    /// Pieces in them.
    Units,
    /// What they came to.
    Value,
}

/// What is done by hand at the counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hand {
    /// Discounts and prices changed.
    Prices,
    /// Voids and returns.
    Voids,
}

/// What rows of the pace of goods are ordered by, and which are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// What runs out first; what does not sell or is not there is left out.
    RunsOut,
    /// What lasts longest for its value; what is not there is left out.
    Slow,
    /// What is there and was not sold at all.
    Dead,
    /// What part of all there was has been sold, the largest first.
    SellThrough,
}

/// A named report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Preset {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) shape: Shape,
    pub(crate) dims: &'static [Dim],
    /// Column names and figures.
    pub(crate) columns: &'static [(&'static str, Measure)],
    pub(crate) named_only: bool,
    pub(crate) cancelled: bool,
    pub(crate) sort: Option<Measure>,
    pub(crate) top: Option<usize>,
}

use Measure as M;

/// What the reports of sales show.
pub(crate) const SALES: &[(&str, Measure)] = &[
    ("orders", M::Orders),
    ("units", M::Units),
    ("gross", M::Gross),
    ("discounts", M::Discounts),
    ("sales", M::Sales),
    ("tax", M::Tax),
    ("returns", M::Returns),
    ("net_sales", M::NetSales),
];

const SALES_AND_MARGIN: &[(&str, Measure)] = &[
    ("orders", M::Orders),
    ("units", M::Units),
    ("gross", M::Gross),
    ("discounts", M::Discounts),
    ("sales", M::Sales),
    ("tax", M::Tax),
    ("returns", M::Returns),
    ("net_sales", M::NetSales),
    ("margin", M::Margin),
];

const SALES_AND_CUSTOMERS: &[(&str, Measure)] = &[
    ("customers", M::Customers),
    ("orders", M::Orders),
    ("units", M::Units),
    ("gross", M::Gross),
    ("discounts", M::Discounts),
    ("sales", M::Sales),
    ("tax", M::Tax),
    ("returns", M::Returns),
    ("net_sales", M::NetSales),
];

const RETURNS: &[(&str, Measure)] =
    &[("returns", M::ReturnCount), ("units", M::ReturnedUnits), ("refund", M::Refund), ("rate", M::ReturnRate)];

const fn cube(
    name: &'static str,
    about: &'static str,
    dims: &'static [Dim],
    columns: &'static [(&'static str, Measure)],
) -> Preset {
    Preset {
        name,
        about,
        shape: Shape::Cube,
        dims,
        columns,
        named_only: false,
        cancelled: false,
        sort: None,
        top: None,
    }
}

const fn own(name: &'static str, about: &'static str, shape: Shape, dims: &'static [Dim]) -> Preset {
    Preset { name, about, shape, dims, columns: &[], named_only: false, cancelled: false, sort: None, top: None }
}

/// Every named report.
pub(crate) const PRESETS: &[Preset] = &[
    cube("sales", "any measures by any dimensions: --by DIM[,DIM…]", &[], SALES_AND_MARGIN),
    cube("sales-by-day", "sales by day", &[Dim::Day], SALES),
    cube("sales-by-week", "sales by ISO week", &[Dim::Week], SALES),
    cube("sales-by-month", "sales by month", &[Dim::Month], SALES),
    cube("sales-by-quarter", "sales by quarter", &[Dim::Quarter], SALES),
    cube("sales-by-year", "sales by year", &[Dim::Year], SALES),
    cube("sales-by-store", "sales and margin by store", &[Dim::Store], SALES_AND_MARGIN),
    cube("sales-by-register", "sales and margin by register", &[Dim::Register], SALES_AND_MARGIN),
    cube("sales-by-cashier", "sales and margin by cashier", &[Dim::Cashier], SALES_AND_MARGIN),
    cube("sales-by-product", "sales and margin by product", &[Dim::Product], SALES_AND_MARGIN),
    cube("sales-by-category", "sales and margin by category", &[Dim::Category], SALES_AND_MARGIN),
    cube("sales-by-payment", "sales and margin by method of payment", &[Dim::Payment], SALES_AND_MARGIN),
    Preset {
        named_only: true,
        ..cube("sales-by-location", "sales by where customers live", &[Dim::Location], SALES_AND_CUSTOMERS)
    },
    Preset {
        named_only: true,
        ..cube("sales-by-gender", "sales by customers' gender", &[Dim::Gender], SALES_AND_CUSTOMERS)
    },
    Preset {
        named_only: true,
        ..cube("sales-by-age", "sales by customers' age", &[Dim::AgeGroup], SALES_AND_CUSTOMERS)
    },
    cube(
        "hour-heatmap",
        "orders and sales by weekday and hour",
        &[Dim::Weekday, Dim::Hour],
        &[("orders", M::Orders), ("sales", M::Sales)],
    ),
    cube("sales-by-hour", "sales by hour of the day", &[Dim::Hour], SALES),
    cube("sales-by-weekday", "sales by day of the week", &[Dim::Weekday], SALES),
    cube("sales-by-channel", "sales and margin by channel", &[Dim::Channel], SALES_AND_MARGIN),
    Preset {
        named_only: true,
        ..cube("sales-by-segment", "sales by the customers' named segment", &[Dim::Segment], SALES_AND_CUSTOMERS)
    },
    own("bridge", "from gross over discounts, returns and cost to the margin", Shape::Bridge, &[]),
    own(
        "new-vs-returning",
        "sales to new customers and to those who came back, by month",
        Shape::NewAgainstReturning,
        &[Dim::Month],
    ),
    own("abc-products", "products by their part of the sales: A, B and C", Shape::Abc, &[Dim::Product]),
    own(
        "discounts-by-cashier",
        "what each cashier took off, and prices changed by hand",
        Shape::ByHand(Hand::Prices),
        &[Dim::Cashier],
    ),
    own(
        "voids-and-returns-by-cashier",
        "lines voided before paying and goods taken back, by cashier",
        Shape::ByHand(Hand::Voids),
        &[Dim::Cashier],
    ),
    own("basket-size", "orders by how many pieces are in them", Shape::Baskets(Baskets::Units), &[]),
    own("basket-value", "orders by what they came to", Shape::Baskets(Baskets::Value), &[]),
    own("payments-vs-sales", "what orders came to and what was paid for them, by day", Shape::Paid, &[Dim::Day]),
    cube(
        "payments-by-day",
        "orders and sales by day and method of payment",
        &[Dim::Day, Dim::Payment],
        &[("orders", M::Orders), ("sales", M::Sales), ("tax", M::Tax)],
    ),
    own("customers", "how many customers there are", Shape::Customers, &[]),
    own("customers-by-gender", "customers by gender", Shape::Customers, &[Dim::Gender]),
    own("customers-by-age", "customers by age", Shape::Customers, &[Dim::AgeGroup]),
    own("customers-by-location", "customers by where they live", Shape::Customers, &[Dim::Location]),
    Preset {
        named_only: true,
        columns: &[("orders", M::Orders), ("sales", M::Sales)],
        sort: Some(M::Sales),
        top: Some(5),
        ..own("top-customers", "the customers who bought most (--top, 5)", Shape::TopCustomers, &[Dim::Customer])
    },
    own("repeat-customers", "how many customers bought more than once", Shape::Repeat, &[Dim::Customer]),
    cube(
        "average-order",
        "orders, sales and the average order",
        &[],
        &[("orders", M::Orders), ("sales", M::Sales), ("average_order", M::AverageOrder)],
    ),
    own("spend-per-customer", "average and median spend of those who ever bought", Shape::Spend, &[Dim::Customer]),
    Preset {
        sort: Some(M::Sales),
        top: Some(5),
        ..cube(
            "top-products",
            "the products that sold most (--top, 5; --sort units|sales)",
            &[Dim::Product],
            &[("units", M::Units), ("sales", M::Sales)],
        )
    },
    own(
        "inactive-customers",
        "who has not bought for --months (12), most valuable first",
        Shape::Inactive,
        &[Dim::Customer],
    ),
    own("growth", "sales against the same time a year before (--by month|quarter)", Shape::Growth, &[Dim::Year]),
    Preset {
        cancelled: true,
        ..cube(
            "order-status",
            "orders by where they stand, cancelled ones too",
            &[Dim::Status],
            &[("orders", M::Orders), ("sales", M::Sales)],
        )
    },
    own("order-history", "a customer's orders, newest first (--customer ID)", Shape::History, &[]),
    own("order-frequency", "how often customers order (--customer ID, or all)", Shape::Frequency, &[Dim::Customer]),
    own("low-stock", "what is at or below its reorder level", Shape::LowStock, &[]),
    own("stock-valuation", "what lies on the shelves and what it cost", Shape::Valuation, &[]),
    own(
        "days-of-stock",
        "what runs out first at the pace of the last 28 days",
        Shape::Pace(Pace::RunsOut),
        &[Dim::Product],
    ),
    own("slow-stock", "what lies longest at the pace of the last 3 --months", Shape::Pace(Pace::Slow), &[Dim::Product]),
    own("dead-stock", "what was not sold at all in the last 3 --months", Shape::Pace(Pace::Dead), &[Dim::Product]),
    own(
        "sell-through",
        "what part of the goods was sold in the last 3 --months",
        Shape::Pace(Pace::SellThrough),
        &[Dim::Product],
    ),
    Preset {
        columns: RETURNS,
        ..own("returns-by-cashier", "returns by who sold the goods", Shape::Returns, &[Dim::Cashier])
    },
    Preset {
        columns: RETURNS,
        ..own("returned-products", "products that come back, why, and complaints", Shape::ComeBack, &[Dim::Product])
    },
    Preset { columns: RETURNS, ..own("returns-by-reason", "returns by reason", Shape::Returns, &[Dim::Reason]) },
    Preset { columns: RETURNS, ..own("returns-by-product", "returns by product", Shape::Returns, &[Dim::Product]) },
    own("complaints-by-month", "complaints by month, open and resolved", Shape::Complaints, &[]),
    own("feedback-summary", "feedback by category and rating", Shape::Feedback, &[]),
    own("segments", "customers by recency, frequency and money", Shape::Segments, &[Dim::Customer]),
    own(
        "cohorts",
        "customers by the month of their first order, and how many came back",
        Shape::Cohorts,
        &[Dim::Month],
    ),
    own("audit", "who did what, from where, with whose approval, newest first (--top, 200)", Shape::Audit, &[]),
    cube("tax-summary", "sales and tax by rate", &[Dim::TaxRate], &[("sales", M::Sales), ("tax", M::Tax)]),
];

/// The dimensions of the reports that are questions of the cube over everything, and whether cancelled orders count.
pub(crate) fn standing() -> impl Iterator<Item = (&'static [Dim], bool)> {
    let plain = |preset: &&Preset| matches!(preset.shape, Shape::Cube | Shape::Returns | Shape::Growth | Shape::Abc);
    PRESETS.iter().filter(plain).map(|preset| (preset.dims, preset.cancelled))
}

/// The report of that name.
pub(crate) fn by_name(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

/// Every report's name and a line about it.
pub fn list() -> Vec<(&'static str, &'static str)> {
    PRESETS.iter().map(|preset| (preset.name, preset.about)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_columns_too() {
        for (at, preset) in PRESETS.iter().enumerate() {
            assert!(PRESETS[..at].iter().all(|other| other.name != preset.name), "{}", preset.name);
            let mut names: Vec<&str> = preset.columns.iter().map(|(name, _)| *name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), preset.columns.len(), "{}", preset.name);
        }
        assert!(by_name("sales-by-day").is_some() && by_name("profits").is_none());
    }
}
