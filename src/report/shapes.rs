//! The ways a report is worked out, one file each, as methods of the desk. One that is added needs its file and a line here.

use super::answer::Body;
use super::desk::Desk;
use super::facts::Source;
use super::fault::ReportFault;
use super::question::Shape;

impl<S: Source> Desk<'_, S> {
    /// The rows of the report that the request names.
    pub(super) fn shaped(&self) -> Result<Body, ReportFault> {
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
