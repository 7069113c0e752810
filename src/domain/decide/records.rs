//! Records people add and change: settings, stores, registers, people, products, customers.

use super::{Case, Decided, Decision, Stop, bad, done, unknown};
use crate::domain::difference::{Difference, Told, differences};
use crate::domain::view::{Counter, Kind};
use crate::domain::{
    Change, Credentials, Customer, CustomerDetails, Note, Outcome, Product, Refusal, Register, Right, Role, SavedView,
    Settings, Slot, Staff, Status, Store, View,
};
use crate::unit::{CashRounding, CustomerId, Money, ProductId, Quantity, RegisterId, StaffId, StoreId, Text};

/// The first person is administrator and manager, so that the shop can be run and others be added.
pub(super) fn found(
    settings: &Settings,
    store: &Store,
    register: &Register,
    staff: &Staff,
) -> Result<Decision, Refusal> {
    check_settings(settings)?;
    filled("store", &store.name)?;
    filled("register", &register.name)?;
    filled("name", &staff.name)?;
    let mut staff = Staff { id: StaffId(1), disabled: false, ..staff.clone() };
    for role in [Role::Administrator, Role::Manager] {
        if !staff.roles.contains(&role) {
            staff.roles.push(role);
        }
    }
    let changes = vec![
        Change::SettingsSaved(settings.clone()),
        Change::StoreSaved(Store { id: StoreId(1), ..store.clone() }),
        Change::RegisterSaved(Register { id: RegisterId(1), store: StoreId(1), ..register.clone() }),
        Change::StaffSaved(staff),
    ];
    Ok(done(changes))
}

fn check_settings(settings: &Settings) -> Result<(), Refusal> {
    filled("name", &settings.name)?;
    if settings.discount_limit_percent > 100 {
        return Err(bad("discount limit", "cannot be more than 100 per cent"));
    }
    if settings.largest_note.0 <= 0 {
        return Err(bad("largest note", "must be more than zero"));
    }
    let smallest = settings.currency.step().0.max(1);
    if matches!(settings.cash_rounding, CashRounding::Step(step) if step.0 <= 0 || step.0 % smallest != 0) {
        return Err(bad("cash rounding", "must be a multiple of the smallest amount of the currency"));
    }
    Ok(())
}

fn filled(field: &str, text: &Text) -> Result<(), Refusal> {
    if text.is_empty() { Err(bad(field, "must not be empty")) } else { Ok(()) }
}

fn not_negative(field: &str, money: Option<Money>) -> Result<(), Refusal> {
    if money.is_some_and(Money::is_negative) { Err(bad(field, "cannot be less than zero")) } else { Ok(()) }
}

impl<V: View> Case<'_, V> {
    pub(super) fn change_settings(&self, settings: &Settings) -> Decided<V::Fault> {
        check_settings(settings)?;
        if settings.currency != self.settings.currency {
            return Err(bad("currency", "a shop keeps its currency; make a new shop for another").into());
        }
        Ok(done(self.saved(Some(&self.settings), settings.clone(), Change::SettingsSaved)))
    }

    pub(super) fn save_store(&self, store: &Store) -> Decided<V::Fault> {
        filled("name", &store.name)?;
        let old = self.before("store", store.id.0, || self.view.store(store.id))?;
        let id = match &old {
            Some(old) => old.id,
            None => StoreId(self.number(Counter::Store)?),
        };
        let ext = own_or_number(&store.ext, id.0);
        self.free(Kind::Store, "store id", &ext, u64::from(id.0))?;
        let saved = Store { id, ext, ..store.clone() };
        Ok(Decision { changes: self.saved(old.as_ref(), saved, Change::StoreSaved), outcome: Outcome::Store(id) })
    }

    pub(super) fn save_register(&self, register: &Register) -> Decided<V::Fault> {
        filled("name", &register.name)?;
        let Some(store) = self.view.store(register.store).map_err(Stop::Fault)? else {
            return Err(unknown("store", register.store.0).into());
        };
        // Its name is all that an export says of it.
        let like = self.view.register_called(store.id, &register.name).map_err(Stop::Fault)?;
        if like.is_some_and(|like| like != register.id) {
            let (what, id) = (Text::lossy("register"), register.name.clone());
            return Err(Refusal::Taken { what, id, by: store.name }.into());
        }
        let old = self.before("register", register.id.0, || self.view.register(register.id))?;
        let id = match &old {
            Some(old) => old.id,
            None => RegisterId(self.number(Counter::Register)?),
        };
        let saved = Register { id, ..register.clone() };
        Ok(Decision { changes: self.saved(old.as_ref(), saved, Change::RegisterSaved), outcome: Outcome::Register(id) })
    }

    pub(super) fn save_staff(&self, staff: &Staff) -> Decided<V::Fault> {
        filled("name", &staff.name)?;
        filled("id", &staff.ext)?;
        let old = self.before("person", staff.id.0, || self.view.staff(staff.id))?;
        let id = match &old {
            Some(old) => old.id,
            None => StaffId(self.number(Counter::Staff)?),
        };
        self.free(Kind::Staff, "name", &staff.ext, u64::from(id.0))?;
        let saved = Staff { id, ..staff.clone() };
        self.tell_apart(old.as_ref(), &saved)?;
        let administers = |person: &Staff| !person.disabled && person.roles.contains(&Role::Administrator);
        // Whoever asks is an administrator: as long as they stay one, somebody is.
        if id == self.person.id && !administers(&saved) {
            return Err(bad("roles", "you cannot take administration from yourself; ask another administrator").into());
        }
        Ok(Decision { changes: self.saved(old.as_ref(), saved, Change::StaffSaved), outcome: Outcome::Staff(id) })
    }

    /// People sign in by id or name, in any case: neither may be what another is known by. Those who were alike before stay
    /// so until one is renamed.
    fn tell_apart(&self, old: Option<&Staff>, saved: &Staff) -> Result<(), Stop<V::Fault>> {
        let known_by = |person: &Staff| [person.ext.to_lowercase(), person.name.to_lowercase()];
        let before = old.map(known_by).unwrap_or_default();
        let fresh: Vec<String> = known_by(saved).into_iter().filter(|word| !before.contains(word)).collect();
        if fresh.is_empty() {
            return Ok(());
        }
        for number in 1..self.number(Counter::Staff)? {
            let other = self.view.staff(StaffId(number)).map_err(Stop::Fault)?.filter(|other| other.id != saved.id);
            let Some(other) = other else { continue };
            if known_by(&other).iter().any(|word| fresh.contains(word)) {
                let gone = if other.disabled { ", who is disabled," } else { "" };
                let why = format!("{}{gone} is called so already; add what tells the two apart", other.name);
                return Err(bad("name", &why).into());
            }
        }
        Ok(())
    }

    pub(super) fn save_credentials(&self, credentials: &Credentials) -> Decided<V::Fault> {
        if credentials.id != self.person.id {
            self.demand(Right::People)?;
        }
        if self.view.staff(credentials.id).map_err(Stop::Fault)?.is_none() {
            return Err(unknown("person", credentials.id.0).into());
        }
        for key in &credentials.keys {
            filled("key", &key.fingerprint)?;
            let owner = self.view.key_owner(&key.fingerprint).map_err(Stop::Fault)?;
            if owner.is_some_and(|owner| owner != credentials.id) {
                let by = Text::lossy("another person");
                return Err(Refusal::Taken { what: Text::lossy("key"), id: key.fingerprint.clone(), by }.into());
            }
        }
        Ok(done(vec![Change::CredentialsSaved(credentials.clone())]))
    }

    pub(super) fn save_view(&self, view: &SavedView) -> Decided<V::Fault> {
        filled("name", &view.name)?;
        filled("question", &view.words)?;
        if view.name.chars().any(|letter| letter.is_whitespace() || letter == '=') || view.name.starts_with('-') {
            return Err(bad("name", "must be one word, such as teas-by-month").into());
        }
        Ok(done(vec![Change::ViewSaved(view.clone())]))
    }

    pub(super) fn forget_view(&self, name: &Text) -> Decided<V::Fault> {
        if !self.view.has_saved(name).map_err(Stop::Fault)? {
            return Err(unknown("saved view", name).into());
        }
        Ok(done(vec![Change::ViewForgotten(name.clone())]))
    }

    pub(super) fn save_product(&self, product: &Product) -> Decided<V::Fault> {
        filled("name", &product.name)?;
        not_negative("price", product.price)?;
        not_negative("cost", product.cost)?;
        if product.reorder_level.is_some_and(Quantity::is_negative) {
            return Err(bad("reorder level", "cannot be less than zero").into());
        }
        let old = self.before("product", product.id.0, || self.view.product(product.id))?;
        let id = match &old {
            Some(old) => old.id,
            None => ProductId(self.view.next(Counter::Product).map_err(Stop::Fault)? as u32),
        };
        let ext = own_or_number(&product.ext, id.0);
        let number = u64::from(id.0);
        self.free(Kind::Product, "id", &ext, number)?;
        if let Some(sku) = &product.sku {
            filled("SKU", sku)?;
        }
        for (at, code) in product.barcodes.iter().enumerate() {
            if code.is_empty() || code.contains(char::is_whitespace) {
                return Err(bad("barcode", "cannot have spaces in it").into());
            }
            if product.barcodes[..at].contains(code) {
                return Err(bad("barcode", "is there twice").into());
            }
            self.free(Kind::Barcode, "barcode", code, number)?;
        }
        let saved = Product { id, ext, ..product.clone() };
        Ok(Decision { changes: self.saved(old.as_ref(), saved, Change::ProductSaved), outcome: Outcome::Product(id) })
    }

    /// As saved, unless the record is another than was seen.
    pub(super) fn change_product(&self, seen: &Product, product: &Product) -> Decided<V::Fault> {
        let known = self.view.product(seen.id).map_err(Stop::Fault)?;
        if known.as_ref() != Some(seen) || product.id != seen.id {
            return Err(Refusal::ChangedMeanwhile { what: seen.name.clone() }.into());
        }
        self.save_product(product)
    }

    /// As saved, unless the record has another version than was seen.
    pub(super) fn change_customer(
        &self,
        id: CustomerId,
        version: u32,
        ext: Option<&Text>,
        details: &CustomerDetails,
    ) -> Decided<V::Fault> {
        let known = self.known_customer(id)?;
        if known.version != version {
            return Err(Refusal::ChangedMeanwhile { what: known.ext }.into());
        }
        self.save_customer(Some(id), ext, details)
    }

    pub(super) fn save_customer(
        &self,
        customer: Option<CustomerId>,
        ext: Option<&Text>,
        details: &CustomerDetails,
    ) -> Decided<V::Fault> {
        if details.name.as_ref().is_none_or(|name| name.is_empty()) {
            return Err(bad("name", "must not be empty").into());
        }
        if details.birth_date.is_some_and(|born| born > self.now.day()) {
            return Err(bad("birth date", "is in the future").into());
        }
        let old = match customer {
            Some(id) => self.known_customer(id)?,
            None => Customer {
                id: CustomerId(self.view.next(Counter::Customer).map_err(Stop::Fault)? as u32),
                ext: Text::lossy(""),
                registered_on: Some(self.now.day()),
                store_credit: Money::ZERO,
                version: 0,
            },
        };
        let ext = ext.cloned().filter(|ext| !ext.is_empty()).unwrap_or_else(|| own_or_number(&old.ext, old.id.0));
        self.free(Kind::Customer, "customer id", &ext, u64::from(old.id.0))?;
        let id = old.id;
        // The id is no word about the person: the record in the chain has it.
        let renamed = (customer.is_some() && ext != old.ext).then(|| {
            let (field, before, after) = (Text::from("id"), old.ext.clone(), ext.clone());
            Change::Noted(Note::Changed(vec![Difference { field, before, after }]))
        });
        let saved = Customer { ext, version: old.version + 1, ..old };
        let change = Change::CustomerSaved { customer: saved, details: Slot::Open(details.clone()) };
        Ok(Decision { changes: std::iter::once(change).chain(renamed).collect(), outcome: Outcome::Customer(id) })
    }

    pub(super) fn erase_customer(&self, id: CustomerId) -> Decided<V::Fault> {
        let customer = self.known_customer(id)?;
        if !customer.store_credit.is_zero() {
            return Err(Refusal::StillOpen { what: Text::lossy("store credit") }.into());
        }
        let placed = self.view.orders_of(id).map_err(Stop::Fault)?;
        let mut orders = Vec::new();
        for no in &placed {
            let Some(order) = self.view.order(*no).map_err(Stop::Fault)? else { continue };
            if matches!(order.status, Status::Pending | Status::Shipped) {
                return Err(Refusal::StillOpen { what: Text::lossy("an order under way") }.into());
            }
            // A note speaks of the person, a card slip or a transfer leads to them; no total needs either.
            orders.extend((order.details_version > 0).then_some(*no));
        }
        let mut said = self.view.feedback_of(id).map_err(Stop::Fault)?;
        // Nobody else can have said what nobody signed.
        said.extend(self.view.nameless_feedback_on(&placed).map_err(Stop::Fault)?);
        let feedback: Vec<_> = said.iter().filter(|said| said.details_version > 0).map(|said| said.no).collect();
        let mut changes = vec![Change::CustomerErased { customer: id }];
        if !(orders.is_empty() && feedback.is_empty()) {
            changes.push(Change::WordsErased { customer: id, orders, feedback });
        }
        let baskets = self.view.noted_baskets_of(id).map_err(Stop::Fault)?;
        if !baskets.is_empty() {
            changes.push(Change::BasketNotesErased { customer: id, baskets });
        }
        Ok(done(changes))
    }

    pub(super) fn known_customer(&self, id: CustomerId) -> Result<Customer, Stop<V::Fault>> {
        let customer = self.view.customer(id).map_err(Stop::Fault)?;
        Ok(customer.ok_or_else(|| unknown("customer", id.0))?)
    }

    /// The record that is changed, as it is; `None` where one is added, which has no number yet.
    fn before<T>(
        &self,
        what: &str,
        id: impl Into<u64>,
        read: impl FnOnce() -> Result<Option<T>, V::Fault>,
    ) -> Result<Option<T>, Stop<V::Fault>> {
        match id.into() {
            0 => Ok(None),
            id => Ok(Some(read().map_err(Stop::Fault)?.ok_or_else(|| unknown(what, id))?)),
        }
    }

    /// A record as it is from now on, with what it was before kept beside it; nothing is kept of a new one.
    pub(super) fn saved<T: Told>(&self, before: Option<&T>, after: T, change: fn(T) -> Change) -> Vec<Change> {
        let told = before.map(|before| differences(before, &after, self.settings.currency.exponent));
        let told = told.filter(|told| !told.is_empty()).map(|told| Change::Noted(Note::Changed(told)));
        std::iter::once(change(after)).chain(told).collect()
    }

    fn number(&self, counter: Counter) -> Result<u16, Stop<V::Fault>> {
        let number = self.view.next(counter).map_err(Stop::Fault)?;
        Ok(u16::try_from(number).map_err(|_| bad("number", "there is no room for another"))?)
    }

    /// The text must be nobody's or the record's own.
    fn free(&self, kind: Kind, what: &str, text: &Text, own: u64) -> Result<(), Stop<V::Fault>> {
        match self.view.find(kind, text).map_err(Stop::Fault)? {
            Some(other) if other != own => {
                let by = match kind {
                    Kind::Product | Kind::Barcode => {
                        let product = self.view.product(ProductId(other as u32)).map_err(Stop::Fault)?;
                        product.map_or_else(|| Text::lossy("another product"), |product| product.name)
                    }
                    Kind::Customer => Text::lossy("another customer"),
                    Kind::Store => Text::lossy("another store"),
                    Kind::Staff => Text::lossy("another person"),
                    _ => Text::lossy("another"),
                };
                Err(Refusal::Taken { what: Text::lossy(what), id: text.clone(), by }.into())
            }
            _ => Ok(()),
        }
    }
}

fn own_or_number(ext: &Text, number: impl std::fmt::Display) -> Text {
    if ext.is_empty() { Text::lossy(&number.to_string()) } else { ext.clone() }
}
