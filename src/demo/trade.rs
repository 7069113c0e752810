//! The trade itself, day by day in the order of time. Keeps one day of moments and what is still to follow, never the
//! orders that have gone by.

use super::after::{self, Said};
use super::calendar::{Cell, stamp};
use super::odds::chance;
use super::pay::{self, Part};
use super::people::{MOST_VISITS, Person};
use super::price::{Counter, cents, money};
use super::seed::STRANGER;
use super::shop::Growth;
use super::taste::{Pick, When};
use super::waiting::{Later, Waiting};
use crate::domain::{Feedback, Order, OrderDetails, Payment, Return, Status};
use crate::unit::{CustomerId, FeedbackNo, OrderNo, ReceiptNo, RegisterId, ReturnNo, Stamp, StoreId, Text};
use fastrand::Rng;

/// Something that happened. Numbers count from 1 in the order of time.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "nearly all are orders; boxing would cost each an allocation")]
pub enum Event {
    /// An order with its lines and payments, as it stands now: later steps and returned quantities are in it already.
    Order {
        /// The order.
        order: Order,
        /// Its note and payment references; the order's `details_version` is 1 then, else 0.
        details: Option<OrderDetails>,
    },
    /// Goods of an earlier order came back.
    Return(Return),
    /// Somebody said something.
    Feedback {
        /// The record; its `details_version` is 1.
        feedback: Feedback,
        /// The words.
        text: Text,
    },
}

/// The moment of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Moment {
    at: i64,
    branch: usize,
}

/// Reads the events of a [`Growth`] in the order of time.
pub struct Trade<'g> {
    grown: &'g Growth,
    rng: Rng,
    cells: std::iter::Peekable<std::slice::Iter<'g, Cell>>,
    /// The next person who comes for the first time.
    newcomer: usize,
    /// By branch, those who come for the first time today.
    new_today: Vec<Vec<u32>>,
    /// By branch, orders still to come today.
    left_today: Vec<usize>,
    /// By branch, those who may come again.
    regulars: Vec<Vec<u32>>,
    /// Today's moments, the last first.
    moments: Vec<Moment>,
    waiting: Waiting,
    orders: u64,
    returns: u64,
    feedback: u64,
    /// The first register of each branch, and how many there are.
    registers: Vec<(u16, u32)>,
    /// The last receipt number of each register.
    receipts: Vec<u64>,
    basket: Vec<Pick>,
}

impl<'g> Trade<'g> {
    pub(super) fn new(grown: &'g Growth) -> Trade<'g> {
        let branches = grown.seed.branches.len();
        let mut next = 1;
        let registers = grown.seed.branches.iter().map(|branch| {
            let first = next;
            next += branch.registers as u16;
            (first, branch.registers)
        });
        let registers: Vec<(u16, u32)> = registers.collect();
        Trade {
            grown,
            rng: Rng::with_seed(grown.plan.seed ^ 0x7ade_7ade),
            cells: grown.calendar.cells.iter().peekable(),
            newcomer: 0,
            new_today: vec![Vec::new(); branches],
            left_today: vec![0; branches],
            regulars: vec![Vec::new(); branches],
            moments: Vec::new(),
            waiting: Waiting::default(),
            orders: 0,
            returns: 0,
            feedback: 0,
            receipts: vec![0; usize::from(next)],
            registers,
            basket: Vec::new(),
        }
    }

    /// The last receipt number each register has given so far; registers that gave none are left out.
    pub fn receipts(&self) -> impl Iterator<Item = ReceiptNo> + '_ {
        let given = (0..).zip(&self.receipts).filter(|(_, number)| **number > 0);
        given.map(|(register, number)| ReceiptNo { register: RegisterId(register), number: *number })
    }

    /// Prepares the next day that has orders; false when there is none.
    fn open(&mut self) -> bool {
        while let Some(first) = self.cells.peek().copied() {
            for (new, regulars) in self.new_today.iter_mut().zip(&mut self.regulars) {
                regulars.append(new);
            }
            while let Some(cell) = self.cells.next_if(|cell| cell.day == first.day) {
                self.welcome(cell);
                self.left_today[cell.branch] = cell.orders as usize;
                for _ in 0..cell.orders {
                    let at = self.grown.calendar.moment(&self.grown.seed, &mut self.rng, cell);
                    self.moments.extend(at.map(|at| Moment { at, branch: cell.branch }));
                }
            }
            if !self.moments.is_empty() {
                self.moments.sort_unstable_by(|a, b| b.cmp(a));
                return true;
            }
        }
        false
    }

    /// Takes note of those who come to the branch for the first time on that day.
    fn welcome(&mut self, cell: &Cell) {
        while let Some(person) = self.grown.people.get(self.newcomer) {
            if person.joined != cell.day || usize::from(person.branch) != cell.branch {
                break;
            }
            if person.left >= person.joined {
                self.new_today[cell.branch].push(self.newcomer as u32);
            }
            self.newcomer += 1;
        }
    }

    /// Who places the next order: somebody new, a regular, or a stranger.
    fn buyer(&mut self, moment: Moment) -> Option<u32> {
        let left = std::mem::replace(&mut self.left_today[moment.branch], 0).max(1);
        self.left_today[moment.branch] = left - 1;
        let new = &mut self.new_today[moment.branch];
        if self.rng.usize(..left) < new.len() {
            let person = new.pop()?;
            self.regulars[moment.branch].push(person);
            return Some(person);
        }
        // With the newcomers' orders this leaves 45 of 100 to strangers.
        if self.rng.u32(..1000) < 498 { self.regular(moment) } else { None }
    }

    fn regular(&mut self, moment: Moment) -> Option<u32> {
        let day = stamp(&self.grown.seed.branches[moment.branch].zone, moment.at).day();
        let regulars = &mut self.regulars[moment.branch];
        let mut last = None;
        for _ in 0..24 {
            if regulars.is_empty() {
                return None;
            }
            let at = self.rng.usize(..regulars.len());
            let person = self.grown.people.get(regulars[at] as usize)?;
            if person.left < day {
                regulars.swap_remove(at);
                continue;
            }
            last = Some(regulars[at]);
            if self.rng.u16(..MOST_VISITS) < person.visits {
                break;
            }
        }
        last
    }

    /// The next order; what follows from it is put among the waiting.
    fn order(&mut self, moment: Moment) -> Option<Event> {
        let buyer = self.buyer(moment);
        let person = buyer.and_then(|at| self.grown.people.get(at as usize)).copied();
        let from_afar = person.is_some() && chance(&mut self.rng, 16);
        let placed = stamp(&self.grown.seed.branches[moment.branch].zone, moment.at);
        let mut order = self.rung(moment, placed, person.as_ref(), from_afar)?;
        order.customer = buyer.map(|at| CustomerId(at + 1));
        let total = cents(order.total()?);
        let details = if from_afar { self.send(&mut order, total) } else { self.take(&mut order, total) };
        let back = after::returned(self.grown, &mut self.rng, &mut order, moment.branch);
        let said = after::said(self.grown, &mut self.rng, &order, !back.is_empty());
        for (at, what) in back {
            self.waiting.add(at, Later::Return(what));
        }
        if let Some(Said { at, feedback, text }) = said {
            self.waiting.add(at, Later::Feedback(feedback, text));
        }
        Some(Event::Order { order, details })
    }

    /// An order with its lines, not yet paid.
    fn rung(&mut self, moment: Moment, placed: Stamp, person: Option<&Person>, from_afar: bool) -> Option<Order> {
        let Growth { seed, taste, prices, words, .. } = self.grown;
        let segment = person.map_or(STRANGER, |person| usize::from(person.segment));
        let (hour, month) = (placed.hour().unwrap_or(12), placed.day().month() as usize - 1);
        let habit = person.map(|person| &person.habit);
        taste.fill(seed, &mut self.rng, segment, habit, When { hour, month }, &mut self.basket);
        let by = self.grown.cashier(&mut self.rng, moment.branch);
        let cashier = by.filter(|_| !from_afar);
        let regular = person.is_some() && !from_afar && chance(&mut self.rng, 4);
        let counter = Counter { day: placed.day(), hour, cashier, regular };
        let lines = prices.lines(&mut self.rng, &self.basket, &counter)?;
        let channel = match (from_afar, chance(&mut self.rng, 80)) {
            (false, _) => &words.counter,
            (true, true) => &words.web,
            (true, false) => &words.telephone,
        };
        self.orders += 1;
        Some(Order {
            no: OrderNo(self.orders),
            ext: None,
            store: StoreId(moment.branch as u16 + 1),
            register: None,
            cashier,
            customer: None,
            placed: Some(placed),
            status: Status::Pending,
            tax_included: true,
            channel: Some(channel.clone()),
            receipt: None,
            lines,
            payments: Vec::new(),
            declared_method: None,
            moves_stock: false,
            steps: Vec::new(),
            details_version: 0,
        })
    }

    /// Pays the order at the counter and gives it its receipt.
    fn take(&mut self, order: &mut Order, total: i64) -> Option<OrderDetails> {
        let (first, count) = self.registers[usize::from(order.store.0) - 1];
        // The first register is the busy one.
        let second = u16::from(count > 1 && chance(&mut self.rng, 35));
        let register = first + second;
        self.receipts[usize::from(register)] += 1;
        let number = self.receipts[usize::from(register)];
        order.register = Some(RegisterId(register));
        order.receipt = Some(Text::lossy(&ReceiptNo { register: RegisterId(register), number }.to_string()));
        order.status = Status::Paid;
        let parts = pay::at_counter(&self.grown.seed, &mut self.rng, total);
        order.payments = parts.iter().zip(1..).map(|(part, no)| self.payment(part, no, order.placed)).collect();
        None
    }

    /// Sends the order on its way, as far as it has come by now.
    fn send(&mut self, order: &mut Order, total: i64) -> Option<OrderDetails> {
        let branch = usize::from(order.store.0) - 1;
        let part = pay::from_afar(&mut self.rng, total);
        let (by, placed) = (self.grown.cashier(&mut self.rng, branch)?, order.placed?);
        let zone = &self.grown.seed.branches[branch].zone;
        order.steps = after::way(&mut self.rng, placed.unix_ms, &part, by, zone, self.grown.plan.now_ms);
        order.status = order.steps.last().map_or(Status::Pending, |step| step.status);
        let paid = order.steps.iter().find(|step| step.status == Status::Paid).map(|step| step.at);
        match paid {
            Some(at) => order.payments.push(self.payment(&part, 1, Some(at))),
            None => order.declared_method = Some(self.grown.words.methods[part.method].clone()),
        }
        let notes = &self.grown.seed.order_notes;
        let note = chance(&mut self.rng, 15).then(|| Text::lossy(&notes[self.rng.usize(..notes.len())]));
        let slow = paid.is_some() && pay::is_slow(&part);
        let references = slow.then(|| (1, Text::lossy(&format!("order {}", order.no)))).into_iter().collect();
        let details = OrderDetails { note, references };
        (details != OrderDetails::default()).then(|| {
            order.details_version = 1;
            details
        })
    }

    fn payment(&self, part: &Part, line_no: u32, paid_at: Option<Stamp>) -> Payment {
        Payment {
            line_no,
            method: self.grown.words.methods[part.method].clone(),
            amount: money(part.cents),
            tendered: (part.tendered > part.cents).then(|| money(part.tendered)),
            paid_at,
        }
    }

    fn numbered(&mut self, what: Later) -> Event {
        match what {
            Later::Return(mut back) => {
                self.returns += 1;
                back.no = ReturnNo(self.returns);
                Event::Return(back)
            }
            Later::Feedback(mut feedback, text) => {
                self.feedback += 1;
                feedback.no = FeedbackNo(self.feedback);
                Event::Feedback { feedback, text }
            }
        }
    }
}

impl Iterator for Trade<'_> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        loop {
            if self.moments.is_empty() && !self.open() {
                let what = self.waiting.take()?;
                return Some(self.numbered(what));
            }
            let next = self.moments.last().copied()?;
            if let Some(what) = self.waiting.take_by(next.at) {
                return Some(self.numbered(what));
            }
            self.moments.pop();
            if let Some(event) = self.order(next) {
                return Some(event);
            }
        }
    }
}
