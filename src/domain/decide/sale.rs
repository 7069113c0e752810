//! Selling a basket, and paying for an order that was placed without payment.

use super::{Case, Decided, Decision, Stop, bad, unknown};
use crate::domain::apply::credit_after;
use crate::domain::basket::{Basket, BasketLine, Off, Priced, PricedLine, is_beyond};
use crate::domain::fact::facts;
use crate::domain::payment::{Settlement, settle};
use crate::domain::view::{Counter, Kind};
use crate::domain::{
    Change, Discount, DiscountKind, Line, Method, Order, OrderDetails, Outcome, Payment, Product, Refusal, Right,
    Settings, Slot, Status, Tender, View,
};
use crate::unit::{CustomerId, Money, OrderNo, ReceiptNo, Text};

impl<V: View> Case<'_, V> {
    pub(super) fn place_order(&self, basket: &Basket, tenders: &[Tender], channel: Option<&Text>) -> Decided<V::Fault> {
        if basket.lines.is_empty() {
            return Err(Refusal::EmptyBasket.into());
        }
        let priced = basket.price(self.settings.tax_included, self.step())?;
        let mut lines = Vec::with_capacity(basket.lines.len());
        for (at, (line, figures)) in basket.lines.iter().zip(&priced.lines).enumerate() {
            let product = self.product_of(line)?;
            self.allow_price(line, &product)?;
            lines.push(self.line(at, line, figures, &product, basket));
        }
        self.allow_discount(basket, &priced)?;
        if let Some(customer) = basket.customer {
            self.known_customer(customer)?;
        }
        let paid = !tenders.is_empty() || priced.total.is_zero();
        let settlement = match paid {
            true => self.settle(priced.total, tenders)?,
            false => Settlement { rows: Vec::new(), change: Money::ZERO },
        };
        let no = OrderNo(self.view.next(Counter::Order).map_err(Stop::Fault)?);
        let mut changes = self.spend_credit(basket.customer, &settlement, no)?;
        let receipt = if paid { Some(self.next_receipt()?) } else { None };
        let receipt = receipt.map(|receipt| Text::lossy(&receipt.to_string()));
        let words = OrderDetails { note: basket.note.clone(), references: references(tenders, &settlement, 0) };
        let details = (words != OrderDetails::default()).then_some(Slot::Open(words));
        let order = Order {
            no,
            ext: self.own_id(no)?,
            store: self.store.id,
            register: Some(self.register.id),
            cashier: Some(self.person.id),
            customer: basket.customer,
            placed: Some(self.now),
            status: if paid { Status::Paid } else { Status::Pending },
            tax_included: self.settings.tax_included,
            channel: channel.cloned(),
            receipt: receipt.clone(),
            lines,
            payments: self.payments(&settlement, 0),
            declared_method: None,
            moves_stock: true,
            steps: Vec::new(),
            details_version: u32::from(details.is_some()),
        };
        // What reports make of it, the cost included, must have room as well.
        facts(&order).ok_or(Refusal::TooLarge)?;
        changes.insert(0, Change::OrderPlaced { order, details });
        let outcome = Outcome::Ordered { order: no, receipt, total: priced.total, change: settlement.change };
        Ok(Decision { changes, outcome })
    }

    pub(super) fn pay_order(&self, no: OrderNo, tenders: &[Tender]) -> Decided<V::Fault> {
        let order = self.known_order(no)?;
        if order.status != Status::Pending {
            let status = Text::lossy(order.status.word());
            return Err(Refusal::WrongStatus { status, what: Text::lossy("paid") }.into());
        }
        let total = order.total().ok_or(Refusal::TooLarge)?;
        let paid = Money::total(order.payments.iter().map(|payment| payment.amount)).ok_or(Refusal::TooLarge)?;
        let due = total.checked_sub(paid).ok_or(Refusal::TooLarge)?;
        let settlement = self.settle(due, tenders)?;
        let first = order.payments.iter().map(|payment| payment.line_no).max().unwrap_or(0);
        let mut words = self.view.order_details(no).map_err(Stop::Fault)?.unwrap_or_default();
        let fresh = references(tenders, &settlement, first);
        let details = (!fresh.is_empty()).then(|| {
            words.references.extend(fresh);
            Slot::Open(words)
        });
        let details_version = order.details_version + u32::from(details.is_some());
        let payments = self.payments(&settlement, first);
        let mut changes = vec![
            Change::OrderPaid { order: no, payments, details_version, details },
            Change::OrderStepped { order: no, status: Status::Paid, at: self.now, by: self.person.id },
        ];
        let mut receipt = order.receipt.clone();
        if receipt.is_none() {
            let given = self.next_receipt()?;
            receipt = Some(Text::lossy(&given.to_string()));
            changes.push(Change::ReceiptGiven { order: no, register: given.register, number: given.number });
        }
        changes.extend(self.spend_credit(order.customer, &settlement, no)?);
        let outcome = Outcome::Ordered { order: no, receipt, total, change: settlement.change };
        Ok(Decision { changes, outcome })
    }

    fn product_of(&self, line: &BasketLine) -> Result<Product, Stop<V::Fault>> {
        let product = self.view.product(line.product).map_err(Stop::Fault)?;
        Ok(product.ok_or_else(|| unknown("product", line.product.0))?)
    }

    /// List price and tax rate must be today's; another price is a discount, and a large one is a right.
    fn allow_price(&self, line: &BasketLine, product: &Product) -> Result<(), Refusal> {
        if line.quantity.0 <= 0 {
            return Err(Refusal::NotPositive { what: Text::lossy("quantity") });
        }
        if line.unit_price.is_negative() {
            return Err(bad("price", "cannot be less than zero"));
        }
        let on_label = line.is_of_label(product, &self.settings);
        if on_label && line.unit_price.is_zero() {
            return Err(Refusal::NoPriceOnLabel { product: product.name.clone() });
        }
        if line.listed != product.price && !on_label {
            let amount = |money| self.settings.currency.amount(money);
            let (rung, now) = (amount(line.unit_price), amount(product.price.unwrap_or(Money::ZERO)));
            return Err(Refusal::PriceChanged { product: product.name.clone(), rung, now });
        }
        if line.tax_rate != product.tax_rate {
            let now = product.tax_rate.map_or_else(|| "no rate".to_owned(), |rate| rate.percent());
            return Err(Refusal::TaxChanged { product: product.name.clone(), now: Text::lossy(&now) });
        }
        match line.listed {
            Some(listed) if line.unit_price < listed => self.allow_cut(listed, line.unit_price),
            _ => Ok(()),
        }
    }

    /// What the customer saves altogether, against what the goods cost by the list.
    fn allow_discount(&self, basket: &Basket, priced: &Priced) -> Result<(), Refusal> {
        for (line, figures) in basket.lines.iter().zip(&priced.lines) {
            let listed =
                line.listed.unwrap_or(line.unit_price).times_quantity(line.quantity).ok_or(Refusal::TooLarge)?;
            let discounts = figures.own_discount.checked_add(figures.basket_discount).ok_or(Refusal::TooLarge)?;
            if discounts.is_negative() {
                return Err(bad("discount", "cannot be less than zero"));
            }
            let left = figures.gross.checked_sub(discounts).ok_or(Refusal::TooLarge)?;
            if discounts.0 > 0 && left < listed {
                self.allow_cut(listed, left)?;
            }
        }
        Ok(())
    }

    fn allow_cut(&self, from: Money, to: Money) -> Result<(), Refusal> {
        let limit = self.settings.discount_limit_percent;
        if is_beyond(from, to, limit) && !self.may(Right::Discount) {
            return Err(Refusal::DiscountTooLarge { limit_percent: limit });
        }
        Ok(())
    }

    fn line(&self, at: usize, line: &BasketLine, figures: &PricedLine, product: &Product, basket: &Basket) -> Line {
        let mut discounts = Vec::new();
        let mut give = |kind, amount: Money| {
            if !amount.is_zero() {
                discounts.push(Discount { kind, amount, reason: basket.reason.clone(), by: Some(self.person.id) });
            }
        };
        match line.off {
            Some(Off::Percent(rate)) => give(DiscountKind::Percent(rate), figures.own_discount),
            _ => give(DiscountKind::Money, figures.own_discount),
        }
        give(DiscountKind::Basket, figures.basket_discount);
        Line {
            no: at as u32 + 1,
            product: line.product,
            quantity: line.quantity,
            unit_price: line.unit_price,
            listed_price: line.listed.filter(|listed| *listed != line.unit_price),
            discounts,
            tax: figures.tax,
            tax_rate: line.tax_rate,
            cost: product.cost,
            rounding: figures.rounding,
            returned: Default::default(),
        }
    }

    fn settle(&self, due: Money, tenders: &[Tender]) -> Result<Settlement, Refusal> {
        let Settings { cash_rounding, currency, largest_note, .. } = &self.settings;
        settle(due, tenders, *cash_rounding, currency, *largest_note)
    }

    fn payments(&self, settlement: &Settlement, after: u32) -> Vec<Payment> {
        let numbered = settlement.rows.iter().zip(after + 1..);
        numbered
            .map(|((method, amount, tendered), line_no)| Payment {
                line_no,
                method: method.clone(),
                amount: *amount,
                tendered: *tendered,
                paid_at: Some(self.now),
            })
            .collect()
    }

    /// Store credit a customer is given; more than money can hold is refused.
    pub(super) fn credited(
        &self,
        customer: CustomerId,
        amount: Money,
        order: OrderNo,
    ) -> Result<Change, Stop<V::Fault>> {
        credit_after(&self.known_customer(customer)?, amount).ok_or(Refusal::TooLarge)?;
        Ok(Change::CreditMoved { customer, amount, order: Some(order) })
    }

    /// Store credit needs a customer who has it.
    fn spend_credit(
        &self,
        customer: Option<CustomerId>,
        settlement: &Settlement,
        order: OrderNo,
    ) -> Result<Vec<Change>, Stop<V::Fault>> {
        let by_credit = settlement.rows.iter().filter(|(method, ..)| method.is(Method::STORE_CREDIT));
        let spent = Money::total(by_credit.map(|(_, amount, _)| *amount)).ok_or(Refusal::TooLarge)?;
        if spent.is_zero() {
            return Ok(Vec::new());
        }
        let too_little = |has| Refusal::NotEnoughCredit { has: self.settings.currency.amount(has) };
        let Some(customer) = customer else { return Err(too_little(Money::ZERO).into()) };
        let has = self.known_customer(customer)?.store_credit;
        if spent > has {
            return Err(too_little(has).into());
        }
        let amount = spent.checked_neg().ok_or(Refusal::TooLarge)?;
        Ok(vec![Change::CreditMoved { customer, amount, order: Some(order) }])
    }

    fn next_receipt(&self) -> Result<ReceiptNo, Stop<V::Fault>> {
        let register = self.register.id;
        let number = self.view.next(Counter::Receipt(register)).map_err(Stop::Fault)?;
        Ok(ReceiptNo { register, number })
    }

    /// An order is known by its number, unless a file brought an order of that id: then by the number and a mark.
    fn own_id(&self, no: OrderNo) -> Result<Option<Text>, Stop<V::Fault>> {
        let mut id = no.0.to_string();
        let mut marked = false;
        while self.view.find(Kind::Order, &id).map_err(Stop::Fault)?.is_some() {
            id.push('\'');
            marked = true;
        }
        Ok(marked.then(|| Text::lossy(&id)))
    }
}

/// The references that came with the tenders, by the payment line they ended in.
fn references(tenders: &[Tender], settlement: &Settlement, after: u32) -> Vec<(u32, Text)> {
    let mut found = Vec::new();
    let mut tenders = tenders.iter().filter(|tender| !tender.method.is(Method::CASH));
    for ((method, ..), line_no) in settlement.rows.iter().zip(after + 1..) {
        if method.is(Method::CASH) || method.is(Method::CASH_ROUNDING) {
            continue;
        }
        if let Some(reference) = tenders.next().and_then(|tender| tender.reference.clone()) {
            found.push((line_no, reference));
        }
    }
    found
}
