//! Where facts and names come from: the one seam between questions and the running shop.
//!
//! Knows the running shop, no question.

use crate::domain::Order;
use crate::domain::fact::Signed;
use crate::domain::view::Kind;
use crate::engine::{Became, Catalogue, Directory, Snapshot};
use crate::report::ReportFault;
use crate::store::attributes::People;
use crate::store::codec::CodecFault;
use crate::store::journal::Entry;
use crate::store::seal::UNDATED;
use crate::store::segment::{Column, Shelf};
use crate::store::shelf::StoredColumns;
use crate::unit::{CustomerId, Day, Digest, FeedbackNo, OrderNo, ProductId, Quantity, ReturnNo, Seq, StoreId, Text};
use std::sync::Arc;

/// Takes a segment's day (`None` without one) and where its bytes are.
pub type Visit<'a> = &'a mut dyn FnMut(Option<Day>, &dyn Shelf) -> Result<(), ReportFault>;

/// Where the columns of segments are read.
pub trait SegmentColumns {
    /// Hands the codes under the key of a column to `read`, as [`Shelf`] does; `None` is the day of those without one.
    ///
    /// # Errors
    /// `Unread`, where the shop file does not give them, and those of `read`.
    fn codes(
        &self,
        day: Option<Day>,
        part: u16,
        column: Column,
        read: &mut dyn FnMut(&[u8]) -> Result<(), CodecFault>,
    ) -> Result<(), CodecFault>;
}

impl SegmentColumns for StoredColumns {
    fn codes(
        &self,
        day: Option<Day>,
        part: u16,
        column: Column,
        read: &mut dyn FnMut(&[u8]) -> Result<(), CodecFault>,
    ) -> Result<(), CodecFault> {
        StoredColumns::codes(self, day.unwrap_or(UNDATED), part, column, read)
    }
}

/// A shop at one sequence.
#[allow(clippy::missing_errors_doc, reason = "all fail for one reason: the shop file cannot be read")]
pub trait Source: Sync {
    /// The sequence it stands for.
    fn seq(&self) -> Seq;
    /// Everything up to it is in segments.
    fn watermark(&self) -> Seq;
    /// The oldest sequence after which `facts_after` misses nothing.
    fn complete_after(&self) -> Seq;
    /// The signed facts after a sequence, in order.
    fn facts_after(&self, seq: Seq) -> Vec<Arc<Signed>>;
    /// Settings, stores, registers, people who work here.
    fn directory(&self) -> &Directory;
    /// All products.
    fn catalogue(&self) -> &Catalogue;
    /// The customers' attributes.
    fn people(&self) -> &People;
    /// The first and the last day that has a segment.
    fn days(&self) -> Result<Option<(Day, Day)>, ReportFault>;
    /// The segments of the days from `from` up to and without `to`, in order.
    fn segments(&self, from: Day, to: Day, visit: Visit<'_>) -> Result<(), ReportFault>;
    /// Where the columns of all segments are.
    fn columns(&self) -> Result<Box<dyn SegmentColumns + '_>, ReportFault>;
    /// The segments of facts without a date.
    fn undated(&self, visit: Visit<'_>) -> Result<(), ReportFault>;
    /// Hands a column of the sums that were laid by for a question to `read`, if there is one.
    fn laid(&self, question: u64, column: u8, read: &mut dyn FnMut(&[u8])) -> Result<(), ReportFault>;
    /// A customer's id and name.
    fn customer(&self, id: CustomerId) -> Result<Option<(Text, Option<Text>)>, ReportFault>;
    /// What was known of a customer before a version of their details and with it; `None` once the person was erased.
    fn customer_became(&self, id: CustomerId, version: u32, vouched: Digest) -> Result<Option<Became>, ReportFault>;
    /// All customers' ids by number, those that are.
    fn customer_ids(&self) -> Result<Vec<(CustomerId, Text)>, ReportFault>;
    /// The number of the record with that unique text.
    fn find(&self, kind: Kind, text: &str) -> Result<Option<u64>, ReportFault>;
    /// A customer's orders, newest first, cancelled ones too.
    fn orders_of(&self, customer: CustomerId) -> Result<Vec<Order>, ReportFault>;
    /// The order of that number.
    fn order(&self, no: OrderNo) -> Result<Option<Order>, ReportFault>;
    /// The id of a return that has one of its own.
    fn return_id(&self, no: ReturnNo) -> Result<Option<Text>, ReportFault>;
    /// The id of a piece of feedback that has one of its own.
    fn feedback_id(&self, no: FeedbackNo) -> Result<Option<Text>, ReportFault>;
    /// Hands every product's quantity in every store where it is known to `each`.
    fn stock(&self, each: &mut dyn FnMut(StoreId, ProductId, Quantity));
    /// Hands the journal's entries before `before` to `each`, newest first, until it says that it has enough.
    fn entries_back(&self, before: Seq, each: &mut dyn FnMut(Entry) -> bool) -> Result<(), ReportFault>;
}

impl Source for Snapshot {
    fn order(&self, no: OrderNo) -> Result<Option<Order>, ReportFault> {
        Ok(Snapshot::order(self, no)?)
    }

    fn return_id(&self, no: ReturnNo) -> Result<Option<Text>, ReportFault> {
        Ok(self.return_no(no)?.and_then(|back| back.ext))
    }

    fn feedback_id(&self, no: FeedbackNo) -> Result<Option<Text>, ReportFault> {
        Ok(self.feedback(no)?.and_then(|(said, _)| said.ext))
    }

    fn entries_back(&self, before: Seq, each: &mut dyn FnMut(Entry) -> bool) -> Result<(), ReportFault> {
        Ok(Snapshot::entries_back(self, before, each)?)
    }

    fn seq(&self) -> Seq {
        Snapshot::seq(self)
    }

    fn watermark(&self) -> Seq {
        Snapshot::watermark(self)
    }

    fn complete_after(&self) -> Seq {
        self.tail().complete_after
    }

    fn facts_after(&self, seq: Seq) -> Vec<Arc<Signed>> {
        self.tail().after(seq).cloned().collect()
    }

    fn directory(&self) -> &Directory {
        Snapshot::directory(self)
    }

    fn catalogue(&self) -> &Catalogue {
        Snapshot::catalogue(self)
    }

    fn people(&self) -> &People {
        Snapshot::people(self)
    }

    fn days(&self) -> Result<Option<(Day, Day)>, ReportFault> {
        Ok(self.segment_days()?)
    }

    fn segments(&self, from: Day, to: Day, visit: Visit<'_>) -> Result<(), ReportFault> {
        for segment in Snapshot::segments(self, from, to)? {
            visit(Some(segment.day), &segment)?;
        }
        Ok(())
    }

    fn columns(&self) -> Result<Box<dyn SegmentColumns + '_>, ReportFault> {
        Ok(Box::new(self.stored_columns()?))
    }

    fn undated(&self, visit: Visit<'_>) -> Result<(), ReportFault> {
        for segment in Snapshot::segments(self, UNDATED, Day(UNDATED.0 + 1))? {
            visit(None, &segment)?;
        }
        Ok(())
    }

    fn laid(&self, question: u64, column: u8, read: &mut dyn FnMut(&[u8])) -> Result<(), ReportFault> {
        Snapshot::laid(self, question, column, read)?;
        Ok(())
    }

    fn customer(&self, id: CustomerId) -> Result<Option<(Text, Option<Text>)>, ReportFault> {
        let found = Snapshot::customer(self, id)?;
        Ok(found.map(|(customer, details)| (customer.ext, details.and_then(|details| details.name))))
    }

    fn customer_became(&self, id: CustomerId, version: u32, vouched: Digest) -> Result<Option<Became>, ReportFault> {
        Ok(Snapshot::customer_became(self, id, version, vouched)?)
    }

    fn customer_ids(&self) -> Result<Vec<(CustomerId, Text)>, ReportFault> {
        let all = self.window::<crate::domain::Customer>(0..u64::MAX, false, usize::MAX)?;
        Ok(all.into_iter().map(|customer| (customer.id, customer.ext)).collect())
    }

    fn find(&self, kind: Kind, text: &str) -> Result<Option<u64>, ReportFault> {
        Ok(Snapshot::find(self, kind, text)?)
    }

    fn orders_of(&self, customer: CustomerId) -> Result<Vec<Order>, ReportFault> {
        let mut found = Vec::new();
        for no in Snapshot::orders_of(self, customer)? {
            found.extend(self.order(no)?);
        }
        Ok(found)
    }

    fn stock(&self, each: &mut dyn FnMut(StoreId, ProductId, Quantity)) {
        self.with_stock(|columns| {
            for store in columns.stores() {
                columns.of_store(store).for_each(|(product, quantity)| each(store, product, quantity));
            }
        });
    }
}
