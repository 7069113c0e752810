//! Binding a question's dimensions and slices to columns: which values lead where, and what is away.
//!
//! Reads no column.

use super::keys::{KeyTable, Place, StatusKey, WordKey};
use super::members::Members;
use crate::report::ReportFault;
use crate::report::facts::Source;
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
        let mut domain = 1u64;
        let mut locals = Vec::new();
        if dims.contains(&entity) {
            domain = roomy(u64::from(ids));
        } else {
            for dim in &dims {
                let size = u64::from(self.members.domain(*dim, self.source));
                locals.push((*dim, domain, size));
                domain = domain.checked_mul(size).ok_or(ReportFault::TooManyCells)?;
            }
        }
        let stride = self.radix.take(domain)?;
        for dim in &dims {
            let place = match locals.iter().find(|(local, _, _)| local == dim) {
                Some((_, inner, size)) => Place::Key { stride: stride * inner, domain: *size },
                None if *dim == entity => Place::Key { stride, domain },
                None => Place::Of { stride, domain },
            };
            self.places.push((*dim, place));
        }
        let mut codes: Vec<u32> = if dims.contains(&entity) { (0..ids).collect() } else { vec![0; ids as usize] };
        for (dim, inner, _) in &locals {
            let of_dim = self.members.codes(*dim, ids, self.source);
            codes.iter_mut().zip(of_dim).for_each(|(key, code)| *key += code * *inner as u32);
        }
        for (dim, wanted) in &filters {
            let of_dim = self.members.codes(*dim, ids, self.source);
            // Records may be many, members are few: whether one is wanted is looked up once for each member.
            let last = of_dim.iter().max().copied().unwrap_or(0);
            let wanted: Vec<bool> = (0..=last).map(|code| wanted.contains(&code)).collect();
            for (key, code) in codes.iter_mut().zip(of_dim) {
                *key = if wanted[code as usize] { *key } else { KeyTable::AWAY };
            }
        }
        if let Some(nobody) = codes.first_mut().filter(|_| named_only) {
            *nobody = KeyTable::AWAY;
        }
        Ok(Some(KeyTable::new(order, back, codes, stride)))
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

    pub(super) fn hour(&mut self) -> Result<Option<(u64, [bool; NO_HOUR as usize + 1])>, ReportFault> {
        let filters = self.filters(Origin::Time)?;
        let grouped = !self.dims(Origin::Time).is_empty();
        if !grouped && filters.is_empty() {
            return Ok(None);
        }
        let accepted = std::array::from_fn(|hour| filters.iter().all(|(_, codes)| codes.contains(&(hour as u32))));
        let mut stride = 0;
        if grouped {
            let domain = u64::from(NO_HOUR) + 1;
            stride = self.radix.take(domain)?;
            self.places.push((Dim::Hour, Place::Key { stride, domain }));
        }
        Ok(Some((stride, accepted)))
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
