//! Binding a question's dimensions and slices to columns: which values lead where, and what is away.
//!
//! Reads no column.

use super::keys::{Attribute, BYTES, KeyTable, Numbers, PLACED, Place, RETURNED, StatusKey, WordKey};
use super::members::Members;
use crate::report::ReportFault;
use crate::report::facts::{Joined, Source};
use crate::report::question::{Dim, NO_HOUR, Origin, Question};
use crate::store::segment::{Column, Words};
use std::collections::BTreeSet;

/// Hands out strides.
pub(super) struct Radix(pub(super) u64);

impl Radix {
    fn take(&mut self, domain: u64) -> Result<u64, ReportFault> {
        let stride = self.0;
        self.0 = self.0.checked_mul(domain.max(1)).ok_or(ReportFault::TooManyCells)?;
        Ok(stride)
    }
}

/// Room for records to come, so that a new one moves no other.
fn roomy(records: u64) -> u64 {
    if records < 1_000 { (records + 4).next_multiple_of(16) } else { (records + 256).next_multiple_of(1_024) }
}

/// Nobody is sliced away, everybody else stays.
fn named(column: Column, ids: u32) -> Attribute {
    let codes = (0..ids.max(1)).map(|id| u8::from(id > 0)).collect();
    Attribute::new(Joined::by_record(column, codes), 2, None, |code| code == 1)
}

/// One question at one source; strides are handed out as dimensions are met.
pub(super) struct Binding<'a, S> {
    pub(super) question: &'a Question,
    pub(super) source: &'a S,
    pub(super) members: &'a Members,
    pub(super) radix: &'a mut Radix,
    pub(super) places: &'a mut Vec<(Dim, Place)>,
}

impl<S: Source> Binding<'_, S> {
    fn dims(&self, origin: Origin) -> Vec<Dim> {
        self.question.dims.iter().copied().filter(|dim| dim.origin() == origin).collect()
    }

    /// The codes a dimension is sliced to, for each dimension of that origin that is.
    fn filters(&self, origin: Origin) -> Result<Vec<(Dim, BTreeSet<u32>)>, ReportFault> {
        let of = self.question.filters.iter().filter(|filter| filter.dim.origin() == origin);
        of.map(|filter| Ok((filter.dim, self.members.accepted(filter.dim, &filter.values, self.source)?))).collect()
    }

    pub(super) fn date_filters(&self) -> Result<Vec<(Dim, BTreeSet<u32>)>, ReportFault> {
        self.filters(Origin::Day)
    }

    pub(super) fn record(
        &mut self,
        origin: Origin,
        order: Column,
        back: Column,
    ) -> Result<Option<KeyTable>, ReportFault> {
        let (dims, filters) = (self.dims(origin), self.filters(origin)?);
        let named_only = origin == Origin::Customer && self.question.named_only;
        if dims.is_empty() && filters.is_empty() && !named_only {
            return Ok(None);
        }
        let entity = match origin {
            Origin::Store => Dim::Store,
            Origin::Register => Dim::Register,
            Origin::Cashier => Dim::Cashier,
            Origin::Customer => Dim::Customer,
            _ => Dim::Product,
        };
        let ids = self.members.domain(entity, self.source);
        let by_number = dims.contains(&entity);
        let mut domain = 1u64;
        let mut locals = Vec::new();
        if by_number {
            domain = roomy(u64::from(ids));
            locals.push((entity, 1, domain));
        } else {
            for dim in &dims {
                let size = u64::from(self.members.domain(*dim, self.source));
                locals.push((*dim, domain, size));
                domain = domain.checked_mul(size).ok_or(ReportFault::TooManyCells)?;
            }
        }
        if domain >= u64::from(Numbers::AWAY) {
            return Err(ReportFault::TooManyCells);
        }
        let stride = self.radix.take(domain)?;
        for dim in &dims {
            let place = match locals.iter().find(|(local, _, _)| local == dim) {
                Some((_, inner, size)) => Place::Key { stride: stride * inner, domain: *size },
                None => Place::Of { stride, domain },
            };
            self.places.push((*dim, place));
        }
        let mut table = KeyTable { order_column: order, return_column: back, numbers: None, attributes: Vec::new() };
        let mut codes: Option<Vec<u32>> = None;
        let sliced_only = filters.iter().map(|(dim, _)| *dim).filter(|dim| locals.iter().all(|local| local.0 != *dim));
        for dim in locals.iter().map(|local| local.0).chain(sliced_only) {
            let local = locals.iter().find(|local| local.0 == dim);
            let inner = local.map(|(_, inner, _)| *inner);
            let wanted = |code: u32| filters.iter().all(|(by, wanted)| *by != dim || wanted.contains(&code));
            let of_dim = self.members.codes(dim, ids, self.source);
            // Where records are told apart by their numbers there is room for those to come.
            let size = local.map_or_else(|| self.members.domain(dim, self.source), |(_, _, size)| *size as u32);
            if size as usize <= BYTES {
                let joined = Joined::by_record(order, of_dim.into_iter().map(|code| code as u8).collect());
                table.attributes.push(Attribute::new(joined, size, inner.map(|inner| stride * inner), wanted));
            } else {
                // Records may be many, members are fewer: whether one is wanted is looked up once for each member.
                let wanted: Vec<bool> = (0..size).map(wanted).collect();
                let part =
                    |code: u32| if wanted[code as usize] { code * inner.unwrap_or(0) as u32 } else { Numbers::AWAY };
                let codes = codes.get_or_insert_with(|| vec![0; ids as usize]);
                for (key, code) in codes.iter_mut().zip(of_dim) {
                    *key = key.saturating_add(part(code));
                }
            }
        }
        match codes.as_mut().and_then(|codes| codes.first_mut()) {
            Some(nobody) if named_only => *nobody = Numbers::AWAY,
            None if named_only => table.attributes.push(named(order, ids)),
            _ => {}
        }
        table.numbers = codes.map(|codes| Numbers::new(codes, stride));
        Ok(Some(table))
    }

    pub(super) fn status(&mut self) -> Result<StatusKey, ReportFault> {
        let mut stride = None;
        if !self.dims(Origin::Status).is_empty() {
            let domain = u64::from(self.members.domain(Dim::Status, self.source));
            let taken = self.radix.take(domain)?;
            self.places.push((Dim::Status, Place::Key { stride: taken, domain }));
            stride = Some(taken);
        }
        let filters = self.filters(Origin::Status)?;
        let wanted = |code: u32| filters.iter().all(|(_, codes)| codes.contains(&code));
        Ok(StatusKey::new(stride, wanted, self.question.cancelled))
    }

    /// The hour of orders, and that of returns.
    pub(super) fn hour(&mut self) -> Result<Option<[Attribute; 2]>, ReportFault> {
        let filters = self.filters(Origin::Time)?;
        let grouped = !self.dims(Origin::Time).is_empty();
        if !grouped && filters.is_empty() {
            return Ok(None);
        }
        let mut stride = None;
        let domain = NO_HOUR + 1;
        if grouped {
            let taken = self.radix.take(u64::from(domain))?;
            self.places.push((Dim::Hour, Place::Key { stride: taken, domain: u64::from(domain) }));
            stride = Some(taken);
        }
        let wanted = |hour: u32| filters.iter().all(|(_, codes)| codes.contains(&hour));
        Ok(Some([PLACED, RETURNED].map(|time| Attribute::new(Joined::by_hour(time), domain, stride, wanted))))
    }

    pub(super) fn word(
        &mut self,
        dim: Dim,
        list: Words,
        order: Column,
        back: Column,
        room: u64,
    ) -> Result<Option<WordKey>, ReportFault> {
        let filter = self.question.filters.iter().find(|filter| filter.dim == dim);
        let accepted = match filter {
            Some(filter) => Some(self.members.accepted(dim, &filter.values, self.source)?),
            None => None,
        };
        let stride = if self.question.dims.contains(&dim) {
            let stride = self.radix.take(room)?;
            self.places.push((dim, Place::Key { stride, domain: room }));
            Some(stride)
        } else {
            None
        };
        if stride.is_none() && accepted.is_none() {
            return Ok(None);
        }
        Ok(Some(WordKey { dim, list, order_column: order, return_column: back, stride, room, accepted }))
    }

    pub(super) fn line_word(&mut self, room: u64) -> Result<Option<WordKey>, ReportFault> {
        let dims = &self.question.dims;
        if dims.contains(&Dim::Reason) {
            return self.word(Dim::Reason, Words::Reason, Column::TaxRate, Column::Reason, room);
        }
        if dims.contains(&Dim::TaxRate) {
            return self.word(Dim::TaxRate, Words::Reason, Column::TaxRate, Column::Reason, room);
        }
        Ok(None)
    }
}
