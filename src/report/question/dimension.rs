//! What figures can be grouped and sliced by. Knows the words and what each follows from, not the members.

/// The name of what is missing.
pub(crate) const UNKNOWN: &str = "unknown";

/// The hour of a fact that only has a day.
pub(crate) const NO_HOUR: u32 = 24;

/// The groups of ages; the last one is that of customers whose birth date is not known.
pub(crate) const AGES: [&str; 8] = ["<18", "18-25", "26-35", "36-45", "46-55", "56-65", "65+", UNKNOWN];

/// A dimension of the cube.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dim {
    /// Hour of the day at the store, 0 to 23.
    Hour,
    /// 0 for Monday to 6.
    Weekday,
    /// Calendar day.
    Day,
    /// ISO week.
    Week,
    /// Calendar month.
    Month,
    /// Calendar quarter.
    Quarter,
    /// Calendar year.
    Year,
    /// Store.
    Store,
    /// Where the store is.
    StoreLocation,
    /// Register.
    Register,
    /// Who sold.
    Cashier,
    /// Product.
    Product,
    /// The product's category now.
    Category,
    /// The method that paid most.
    Payment,
    /// Where the order stands.
    Status,
    /// Who bought.
    Customer,
    /// Where the customer lives now.
    Location,
    /// The customer's gender on record.
    Gender,
    /// The customer's age on the as-of day.
    AgeGroup,
    /// The customer's named segment by recency, frequency and money.
    Segment,
    /// The fifth of customers by how recently they bought, 5 the best.
    Recency,
    /// The fifth by how often.
    Frequency,
    /// The fifth by how much.
    Monetary,
    /// The month of the customer's first order.
    Cohort,
    /// Counter, web …
    Channel,
    /// Why goods came back; only returns have one.
    Reason,
    /// The line's tax rate; only lines have one.
    TaxRate,
}

/// What a dimension's member follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The business day, which all facts of a segment share.
    Day,
    /// The time of day.
    Time,
    /// The store.
    Store,
    /// The register.
    Register,
    /// The cashier.
    Cashier,
    /// The customer.
    Customer,
    /// The order's status.
    Status,
    /// Words of the order that have no number: payment, channel.
    Words,
    /// The line's product.
    Product,
    /// Words of a line or a return: tax rate, reason.
    LineWords,
}

impl Dim {
    /// All of the cube, in the order they are offered in.
    pub const CUBE: [Dim; 25] = [
        Dim::Hour,
        Dim::Weekday,
        Dim::Day,
        Dim::Week,
        Dim::Month,
        Dim::Quarter,
        Dim::Year,
        Dim::Store,
        Dim::StoreLocation,
        Dim::Register,
        Dim::Cashier,
        Dim::Product,
        Dim::Category,
        Dim::Payment,
        Dim::Status,
        Dim::Customer,
        Dim::Location,
        Dim::Gender,
        Dim::AgeGroup,
        Dim::Segment,
        Dim::Channel,
        Dim::Recency,
        Dim::Frequency,
        Dim::Monetary,
        Dim::Cohort,
    ];

    /// Its word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Dim::Hour => "hour",
            Dim::Weekday => "weekday",
            Dim::Day => "day",
            Dim::Week => "week",
            Dim::Month => "month",
            Dim::Quarter => "quarter",
            Dim::Year => "year",
            Dim::Store => "store",
            Dim::StoreLocation => "store-location",
            Dim::Register => "register",
            Dim::Cashier => "cashier",
            Dim::Product => "product",
            Dim::Category => "category",
            Dim::Payment => "payment",
            Dim::Status => "status",
            Dim::Customer => "customer",
            Dim::Location => "location",
            Dim::Gender => "gender",
            Dim::AgeGroup => "age-group",
            Dim::Segment => "segment",
            Dim::Recency => "recency",
            Dim::Frequency => "frequency",
            Dim::Monetary => "monetary",
            Dim::Cohort => "cohort",
            Dim::Channel => "channel",
            Dim::Reason => "reason",
            Dim::TaxRate => "rate",
        }
    }

    /// The dimension of the cube with that word; `_` is read as `-`.
    pub fn by_word(word: &str) -> Option<Dim> {
        let word = word.trim().to_ascii_lowercase().replace('_', "-");
        Dim::CUBE.into_iter().find(|dim| dim.word() == word)
    }

    /// Whether only facts with a date have a member.
    pub fn is_dated(self) -> bool {
        matches!(self.origin(), Origin::Day | Origin::Time)
    }

    /// Whether its members are records with an id and a name.
    pub fn is_entity(self) -> bool {
        matches!(self, Dim::Store | Dim::Register | Dim::Cashier | Dim::Product | Dim::Customer)
    }

    /// Whether it says how customers stand among each other.
    pub(crate) fn is_of_standing(self) -> bool {
        matches!(self, Dim::Segment | Dim::Recency | Dim::Frequency | Dim::Monetary)
    }

    /// Whether members follow from all that customers ever bought, so that a sale can move any customer to another.
    pub(crate) fn is_of_past(self) -> bool {
        self.is_of_standing() || self == Dim::Cohort
    }

    pub(crate) fn origin(self) -> Origin {
        match self {
            Dim::Weekday | Dim::Day | Dim::Week | Dim::Month | Dim::Quarter | Dim::Year => Origin::Day,
            Dim::Hour => Origin::Time,
            Dim::Store | Dim::StoreLocation => Origin::Store,
            Dim::Register => Origin::Register,
            Dim::Cashier => Origin::Cashier,
            Dim::Product | Dim::Category => Origin::Product,
            Dim::Payment | Dim::Channel => Origin::Words,
            Dim::Status => Origin::Status,
            Dim::Customer | Dim::Location | Dim::Gender | Dim::AgeGroup => Origin::Customer,
            Dim::Segment | Dim::Recency | Dim::Frequency | Dim::Monetary | Dim::Cohort => Origin::Customer,
            Dim::Reason | Dim::TaxRate => Origin::LineWords,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_names_its_dimension() {
        for dim in Dim::CUBE {
            assert_eq!(Dim::by_word(dim.word()), Some(dim));
        }
        assert_eq!(Dim::by_word("AGE_GROUP"), Some(Dim::AgeGroup));
        assert_eq!(Dim::by_word("reason"), None);
    }
}
