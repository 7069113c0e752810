//! Where everything stands on the paper: rows of at most so many columns. Nothing is ever cut; what is long is wrapped.

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::{Method, Status};
use crate::unit::text::{shown, width};
use crate::unit::{Currency, Money, Quantity, Stamp, Text};

use super::{Paid, Receipt, ReceiptLine, Slip};

/// What stands on whatever was printed before.
const COPY: &str = "*** COPY ***";
/// A blank that no row is broken at.
const UNBROKEN: &str = "\u{a0}";

/// How a row is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    Bold,
    /// Twice as wide and high where the paper can.
    Large,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub text: String,
    pub style: Style,
}

/// What the paper can do.
pub struct Paper<'a> {
    /// Characters to a row; less than 16 count as 16.
    pub columns: usize,
    /// How many columns a large character takes.
    pub large: usize,
    /// Turns a text into what can be printed, before its width is measured.
    pub printable: &'a dyn Fn(&str) -> String,
}

/// What is laid out on paper.
pub trait Printed {
    /// Its rows.
    fn rows(&self, paper: &Paper<'_>) -> Vec<Row>;
    /// The number that is printed as a barcode.
    fn bars(&self) -> Option<&str>;
}

/// A receipt or slip as plain text in rows of at most `columns` columns.
pub fn text(printed: &impl Printed, columns: usize) -> String {
    let paper = Paper { columns, large: 1, printable: &|text| shown(text).into_owned() };
    let mut out = String::new();
    for row in printed.rows(&paper) {
        out.push_str(row.text.trim_end());
        out.push('\n');
    }
    out
}

/// What a thing is and its name, said once where the name says it too.
fn named(what: &str, name: &str) -> String {
    let says_it = name.get(..what.len()).is_some_and(|start| start.eq_ignore_ascii_case(what));
    if says_it { name.to_owned() } else { format!("{what} {name}") }
}

impl Printed for Receipt {
    fn rows(&self, paper: &Paper<'_>) -> Vec<Row> {
        let mut sheet = Sheet::on(paper, self.currency);
        sheet.head(self);
        sheet.rule('-');
        for line in &self.lines {
            sheet.line(line);
        }
        sheet.rule('=');
        sheet.total(self);
        sheet.rule('=');
        sheet.paid(self);
        for slip in &self.returns {
            sheet.rule('-');
            sheet.pair("Returned", &slip.at.as_ref().map(moment).unwrap_or_default(), Style::Bold);
            sheet.returned(slip, Style::Plain);
        }
        sheet.foot(self);
        sheet.rows
    }

    fn bars(&self) -> Option<&str> {
        self.number.as_deref()
    }
}

impl Printed for Slip {
    fn rows(&self, paper: &Paper<'_>) -> Vec<Row> {
        let mut sheet = Sheet::on(paper, self.currency);
        sheet.slip_head(self);
        sheet.rule('-');
        sheet.returned(self, Style::Large);
        if !self.footer.is_empty() {
            sheet.rule('-');
            sheet.paragraph(&self.footer);
        }
        if self.copy {
            sheet.centre(COPY, Style::Bold);
        }
        sheet.rows
    }

    /// The receipt's, so that a scan of either finds the order.
    fn bars(&self) -> Option<&str> {
        self.receipt.as_deref()
    }
}

struct Sheet<'a> {
    paper: &'a Paper<'a>,
    columns: usize,
    minor: u8,
    rows: Vec<Row>,
}

impl<'a> Sheet<'a> {
    fn on(paper: &'a Paper<'a>, currency: Currency) -> Sheet<'a> {
        Sheet { paper, columns: paper.columns.max(16), minor: currency.exponent, rows: Vec::new() }
    }

    /// Whose paper it is.
    fn shop(&mut self, shop: &Text, store: &Text, location: Option<&Text>, header: &Text) {
        self.centre(shop, Style::Bold);
        if store != shop {
            self.centre(store, Style::Plain);
        }
        self.centre(location.map(Text::as_str).unwrap_or_default(), Style::Plain);
        self.paragraph(header);
        self.rule('-');
    }

    /// Two words in one row, or each in its own.
    fn ends(&mut self, left: &str, right: &str) {
        if right.is_empty() || width(left) + 1 + width(right) <= self.columns {
            self.pair(left, right, Style::Plain);
        } else {
            for part in [left, right] {
                self.pair(part, "", Style::Plain);
            }
        }
    }

    fn slip_head(&mut self, slip: &Slip) {
        if slip.copy {
            self.centre(COPY, Style::Bold);
        }
        self.shop(&slip.shop, &slip.store, slip.location.as_ref(), &slip.header);
        self.ends(&format!("Return {}", slip.number), &slip.at.as_ref().map(moment).unwrap_or_default());
        let person = slip.person.as_deref().unwrap_or_default();
        match (&slip.receipt, &slip.order) {
            (Some(receipt), _) => self.ends(&format!("of receipt {receipt}"), person),
            (None, Some(order)) => self.ends(&format!("of order {order}"), person),
            (None, None) => self.ends("without a receipt", person),
        }
    }

    /// What came back, what that comes to, and how it was paid back.
    fn returned(&mut self, slip: &Slip, total: Style) {
        for line in &slip.lines {
            let words = format!("{} × {}", line.quantity.plain(), line.name);
            self.pair(&words, &self.money(line.value), Style::Plain);
            if let Some(reason) = &line.reason {
                self.pair(&format!("  {reason}"), "", Style::Plain);
            }
        }
        if !slip.rounding.is_zero() {
            self.pair("Rounding", &self.money(slip.rounding), Style::Plain);
        }
        if total == Style::Large {
            self.rule('=');
            self.pair(&format!("PAID BACK {}", slip.currency.code), &self.money(slip.total), total);
            self.rule('=');
        }
        for (method, amount) in &slip.refunds {
            self.pair(&format!("Paid back, {}", method_words(method)), &self.money(*amount), Style::Plain);
        }
        if slip.refunds.is_empty() && total != Style::Large {
            self.pair("Paid back", &self.money(slip.total), Style::Plain);
        }
    }

    fn head(&mut self, receipt: &Receipt) {
        self.marks(receipt);
        self.shop(&receipt.shop, &receipt.store, receipt.location.as_ref(), &receipt.header);
        let number = match &receipt.number {
            Some(number) => format!("Receipt {number}"),
            None => format!("Order {}", receipt.order),
        };
        let moments = [&receipt.paid, &receipt.placed].map(|at| at.as_ref().map(moment).unwrap_or_default());
        match moments {
            [paid, placed] if !paid.is_empty() => {
                self.ends(&number, &paid);
                self.ends(&format!("Order {}", receipt.order), &format!("placed {placed}"));
            }
            [_, placed] => self.ends(&number, &placed),
        }
        let register = receipt.register.as_ref().map(|name| named("Register", name)).unwrap_or_default();
        let cashier = receipt.cashier.as_deref().unwrap_or_default();
        if !register.is_empty() || !cashier.is_empty() {
            self.pair(&register, cashier, Style::Plain);
        }
        if let Some(customer) = &receipt.customer {
            self.pair(&format!("Customer {customer}"), "", Style::Plain);
        }
    }

    /// What nobody may overlook.
    fn marks(&mut self, receipt: &Receipt) {
        if receipt.copy {
            self.centre(COPY, Style::Bold);
        }
        match receipt.status {
            Status::Cancelled => self.centre("*** CANCELLED ***", Style::Bold),
            Status::Pending => self.centre("*** NOT PAID ***", Style::Bold),
            Status::Paid | Status::Shipped | Status::Delivered => {}
        }
    }

    fn line(&mut self, line: &ReceiptLine) {
        self.pair(&line.name, &self.money(line.before), Style::Plain);
        if line.quantity != Quantity::ONE {
            let each = format!("  {} × {}", line.quantity.plain(), self.money(line.unit_price));
            self.pair(&each, "", Style::Plain);
        }
        for (words, amount) in &line.discounts {
            self.pair(&format!("  {words}"), &self.less(*amount), Style::Plain);
        }
        if !line.returned.is_zero() {
            self.pair(&format!("  returned {}", line.returned.plain()), "", Style::Bold);
        }
    }

    fn total(&mut self, receipt: &Receipt) {
        let taxed: Vec<_> = receipt.taxes.iter().filter(|row| !row.tax.is_zero()).collect();
        if !receipt.tax_included && !taxed.is_empty() {
            self.pair("Subtotal", &self.money(receipt.value), Style::Plain);
            for row in taxed {
                self.pair(&self.tax_words("Tax", row), &self.money(row.tax), Style::Plain);
            }
        }
        let words = format!("TOTAL {}", receipt.currency.code);
        self.pair(&words, &self.money(receipt.total), Style::Large);
    }

    fn tax_words(&self, word: &str, row: &super::TaxRow) -> String {
        // A rate stays in one piece when the row is wrapped.
        let rate = row.rate.map(|rate| format!(" {}", rate.percent().replace(' ', UNBROKEN))).unwrap_or_default();
        format!("{word}{rate} on {}", self.money(row.net))
    }

    fn paid(&mut self, receipt: &Receipt) {
        if !receipt.cash_rounding.is_zero() {
            self.pair("Rounding", &self.money(receipt.cash_rounding), Style::Plain);
        }
        for Paid { method, amount, tendered, reference } in &receipt.payments {
            self.pair(&method_words(method), &self.money(tendered.unwrap_or(*amount)), Style::Plain);
            if let Some(reference) = reference {
                self.pair(&format!("  {reference}"), "", Style::Plain);
            }
        }
        if !receipt.change.is_zero() {
            self.pair("Change", &self.money(receipt.change), Style::Bold);
        }
        if receipt.tax_included {
            for row in receipt.taxes.iter().filter(|row| !row.tax.is_zero()) {
                self.pair(&self.tax_words("incl. tax", row), &self.money(row.tax), Style::Plain);
            }
        }
        if receipt.saved.signum() > 0 {
            self.pair("You saved", &self.money(receipt.saved), Style::Plain);
        }
    }

    fn foot(&mut self, receipt: &Receipt) {
        if !receipt.footer.is_empty() {
            self.rule('-');
            self.paragraph(&receipt.footer);
        }
        self.marks(receipt);
    }

    fn money(&self, amount: Money) -> String {
        amount.plain(self.minor)
    }

    /// What a discount takes away.
    fn less(&self, amount: Money) -> String {
        amount.checked_neg().map_or_else(String::new, |less| self.money(less))
    }

    fn push(&mut self, text: String, style: Style) {
        self.rows.push(Row { text: text.replace(UNBROKEN, " "), style });
    }

    fn rule(&mut self, of: char) {
        self.push(of.to_string().repeat(self.columns), Style::Plain);
    }

    fn room(&self, style: Style) -> usize {
        if style == Style::Large { self.columns / self.paper.large.max(1) } else { self.columns }
    }

    fn centre(&mut self, text: &str, style: Style) {
        let room = self.room(style);
        for part in wrap(&(self.paper.printable)(text), room) {
            let before = room.saturating_sub(width(&part)) / 2;
            self.push(format!("{}{part}", " ".repeat(before)), style);
        }
    }

    fn paragraph(&mut self, text: &Text) {
        for line in text.lines() {
            self.centre(line, Style::Plain);
        }
    }

    /// Words at the left, an amount at the right of the last row they need.
    fn pair(&mut self, left: &str, right: &str, style: Style) {
        let (left, right) = ((self.paper.printable)(left), (self.paper.printable)(right));
        let room = self.room(style);
        let wide = width(&right);
        let indent = left.chars().take_while(|c| *c == ' ').count();
        let for_words = if wide == 0 { room } else { room.saturating_sub(wide + 1) };
        let mut parts = wrap(left.trim_start(), for_words.saturating_sub(indent).max(4));
        let last = parts.pop().unwrap_or_default();
        let margin = " ".repeat(indent);
        for part in parts {
            self.push(format!("{margin}{part}"), style);
        }
        let last = format!("{margin}{last}");
        match room.checked_sub(width(&last) + wide) {
            Some(gap) => self.push(format!("{last}{}{right}", " ".repeat(gap)), style),
            None => {
                self.push(last, style);
                let before = room.saturating_sub(wide);
                self.push(format!("{}{right}", " ".repeat(before)), style);
            }
        }
    }
}

/// Date and time of day as the store's clock showed them.
fn moment(stamp: &Stamp) -> String {
    match stamp.time_of_day() {
        Some((hour, minute, _)) => format!("{} {hour:02}:{minute:02}", stamp.day()),
        None => stamp.day().to_string(),
    }
}

/// A method as people say it: `Store credit`.
fn method_words(method: &Method) -> String {
    let words = method.0.replace(['-', '_'], " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}

/// The text in pieces of at most `room` columns, broken between words where there are any.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let room = room.max(1);
    let mut parts: Vec<String> = Vec::new();
    let mut part = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let blank = usize::from(!part.is_empty());
        if width(&part) + blank + width(word) <= room {
            part.extend(std::iter::repeat_n(' ', blank));
            part.push_str(word);
            continue;
        }
        if !part.is_empty() {
            parts.push(std::mem::take(&mut part));
        }
        for grapheme in word.graphemes(true) {
            if width(&part) + width(grapheme) > room && !part.is_empty() {
                parts.push(std::mem::take(&mut part));
            }
            part.push_str(grapheme);
        }
    }
    if !part.is_empty() {
        parts.push(part);
    }
    parts
}
