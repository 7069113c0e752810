//! What customers' own purchases make of them: how they stand among each other, and the month they came in. Members of the
//! cube's dimensions that no record says. Knows nothing of what is summed up by them.

use crate::report::Value;
use crate::report::question::{Dim, UNKNOWN, date_label};

/// The names of the segments; code 0 is that of who never bought.
pub(crate) const SEGMENTS: [&str; 9] =
    [UNKNOWN, "champions", "loyal", "new", "promising", "needs attention", "at risk", "hibernating", "lost"];

/// How a customer stands by recency, frequency and money: fifths from 1 to 5, all 0 for who never bought.
pub(crate) type Fifths = [u8; 3];

/// The code of the named segment of fifths.
pub(crate) fn segment([recency, frequency, monetary]: Fifths) -> u8 {
    match (recency, frequency, monetary) {
        (0, ..) => 0,
        (4.., 4.., 4..) => 1,
        (3.., 4.., _) => 2,
        (5, ..=2, _) => 3,
        (4.., _, _) => 4,
        (3, _, _) => 5,
        (_, 3.., _) | (_, _, 5) => 6,
        (2, _, _) => 7,
        _ => 8,
    }
}

/// What is known of the past of all customers, by their numbers; what no question mentions is empty.
#[derive(Debug, Default)]
pub(crate) struct Past {
    /// By customer.
    pub(crate) standing: Vec<Fifths>,
    /// Months of first orders; 0 for who never bought on a known day.
    came: Vec<u32>,
    /// The first of those months, and how many there are up to the last.
    first: u32,
    months: u32,
}

impl Past {
    /// Where only the months of first orders are known.
    pub(crate) fn of_months(came: Vec<u32>) -> Past {
        let months = || came.iter().copied().filter(|month| *month != 0);
        let (first, last) = (months().min().unwrap_or(0), months().max().unwrap_or(0));
        Past { months: if first == 0 { 0 } else { last - first + 1 }, first, came, standing: Vec::new() }
    }

    /// How many codes a dimension has; 0 is that of who never bought.
    pub(crate) fn domain(&self, dim: Dim) -> u32 {
        match dim {
            Dim::Segment => SEGMENTS.len() as u32,
            Dim::Cohort => self.months + 1,
            _ => 6,
        }
    }

    /// The code of a customer.
    pub(crate) fn code(&self, dim: Dim, customer: usize) -> u32 {
        let fifths = self.standing.get(customer).copied().unwrap_or_default();
        match dim {
            Dim::Segment => u32::from(segment(fifths)),
            Dim::Recency => u32::from(fifths[0]),
            Dim::Frequency => u32::from(fifths[1]),
            Dim::Monetary => u32::from(fifths[2]),
            _ => self.came.get(customer).map_or(0, |month| (month + 1).saturating_sub(self.first.max(1))),
        }
    }

    /// What a code is called.
    pub(crate) fn label(&self, dim: Dim, code: u32) -> Value {
        match dim {
            Dim::Segment => Value::text(SEGMENTS.get(code as usize).copied().unwrap_or(UNKNOWN)),
            _ if code == 0 => Value::text(UNKNOWN),
            Dim::Cohort => Value::text(date_label(Dim::Month, self.first + code - 1)),
            _ => Value::Count(i128::from(code)),
        }
    }
}

/// Whether a slice's value means the member of that name; `<2024-03` means all cohorts before that month.
pub(crate) fn is_called(dim: Dim, name: &str, value: &str) -> bool {
    let before = |month: &str| name != UNKNOWN && name < month;
    name == value || dim == Dim::Cohort && value.strip_prefix('<').is_some_and(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_has_a_name() {
        for r in 1..=5 {
            for f in 1..=5 {
                for m in 1..=5 {
                    assert!((1..SEGMENTS.len()).contains(&usize::from(segment([r, f, m]))));
                }
            }
        }
        assert_eq!(SEGMENTS[usize::from(segment([5, 5, 5]))], "champions");
        assert_eq!(SEGMENTS[usize::from(segment([1, 1, 1]))], "lost");
        assert_eq!(SEGMENTS[usize::from(segment([0, 0, 0]))], UNKNOWN);
    }
}
