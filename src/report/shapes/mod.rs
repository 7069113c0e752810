//! The ways a report is worked out, one file each, as methods of the desk. One more needs its file, a line here and its name
//! among the presets.
//!
//! Knows neither what an answer is compared with nor how it is written.

mod audit;
mod baskets;
mod cohorts;
mod counter;
mod cube;
mod customers;
mod feedback;
mod goods;
mod growth;
mod history;
mod inactive;
mod loyalty;
mod payments;
mod returned_products;
mod returns;
mod rfm;
mod stock;

use crate::report::ReportFault;
use crate::report::answer::Body;
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::question::Shape;

impl<S: Source> Desk<'_, S> {
    /// The rows of the report that the request names.
    pub(crate) fn shaped(&self) -> Result<Body, ReportFault> {
        match self.request.preset.shape {
            Shape::Cube => self.cube(),
            Shape::Customers => self.customers(),
            Shape::TopCustomers => self.top_customers(),
            Shape::Repeat => self.repeat(),
            Shape::Spend => self.spend(),
            Shape::Inactive => self.inactive(),
            Shape::Growth => self.growth(),
            Shape::History => self.history(),
            Shape::Frequency => self.frequency(),
            Shape::LowStock => self.low_stock(),
            Shape::Valuation => self.valuation(),
            Shape::Returns => self.returns(),
            Shape::Complaints => self.complaints(),
            Shape::Feedback => self.feedback(),
            Shape::Segments => self.segments(),
            Shape::Cohorts => self.cohorts(),
            Shape::Audit => self.audit(),
            Shape::Bridge => self.bridge(),
            Shape::Abc => self.abc(),
            Shape::Pace(pace) => self.pace(pace),
            Shape::NewAgainstReturning => self.new_against_returning(),
            Shape::Baskets(by) => self.baskets(by),
            Shape::ByHand(hand) => self.by_hand(hand),
            Shape::Paid => self.payments_against_sales(),
            Shape::ComeBack => self.come_back(),
        }
    }
}
