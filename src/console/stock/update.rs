//! Input to the Stock screen.

use super::state::{Asked, Order, Row, Stock};
use super::{forms, moves};
use crate::console::handed_out;
use crate::console::keymap::Action;
use crate::console::screen::{Choice, Effect, Input, Now};
use crate::domain::command::Command;
use crate::domain::{Outcome, Refusal};
use crate::unit::{Money, ProductId, Quantity, Text};
use crossterm::event::{KeyCode, KeyEvent};

impl Stock {
    pub(super) fn take(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect> {
        match input {
            Input::Key(key) if self.filtering => self.type_filter(key, now),
            Input::Paste(text) if self.filtering => {
                self.field.paste(&text);
                self.sift(now);
                Vec::new()
            }
            Input::Action(action) => self.act(action, now),
            Input::Wheel(rows) => {
                self.cursor.step(i64::from(rows), self.found.len(), self.fit);
                Vec::new()
            }
            Input::Click(_, y) if y >= 2 => {
                let at = self.cursor.first + usize::from(y - 2);
                if at < self.found.len() {
                    self.cursor.at = at;
                }
                Vec::new()
            }
            Input::Picked("store", row) => {
                self.store = self.stores.get(row).cloned();
                self.sift(now);
                Vec::new()
            }
            Input::Filled(name, values) => self.filled(name, &values),
            Input::Done("edit", Err(Refusal::ChangedMeanwhile { .. })) => self.changed_meanwhile(now),
            Input::Done(name, verdict) => {
                self.sift(now);
                done(name, verdict)
            }
            _ => Vec::new(),
        }
    }

    fn act(&mut self, action: Action, now: &Now<'_>) -> Vec<Effect> {
        if self.filtering && action == Action::Enter {
            self.filtering = false;
            return Vec::new();
        }
        if self.cursor.act(action, self.found.len(), self.fit) {
            return Vec::new();
        }
        let marked = self.marked().cloned();
        match (action, marked) {
            (Action::Filter, _) => self.filtering = true,
            (Action::Mark, Some(row)) => {
                if !self.picked.remove(&row.product.id) {
                    self.picked.insert(row.product.id);
                }
                self.cursor.step(1, self.found.len(), self.fit);
            }
            (Action::Back, _) if !self.filtering && !self.picked.is_empty() => self.picked.clear(),
            (Action::Back, _) => {
                self.filtering = false;
                self.field.clear();
                self.sift(now);
            }
            (Action::LowOnly, _) => {
                self.low_only = !self.low_only;
                self.sift(now);
            }
            (Action::Sort, _) => {
                self.order = match self.order {
                    Order::Name => Order::Quantity,
                    Order::Quantity => Order::Category,
                    Order::Category => Order::Id,
                    Order::Id => Order::Name,
                };
                self.sift(now);
            }
            (Action::Store, _) => {
                let choices = self.stores.iter().map(|(_, name)| Choice {
                    words: name.to_string(),
                    note: String::new(),
                    ..Choice::default()
                });
                return vec![Effect::Pick {
                    name: "store",
                    title: "Which store?".to_owned(),
                    choices: choices.collect(),
                }];
            }
            (Action::Add, _) => return vec![Effect::Form(forms::product(None, now))],
            (Action::Edit | Action::Receive | Action::Count | Action::Adjust, Some(row)) => {
                return vec![self.form_about(action, row, now)];
            }
            (Action::Moves | Action::Enter, Some(row)) => return vec![self.movements(&row, now)],
            (Action::Copy, Some(row)) => {
                let known = |id: &ProductId| now.shop.catalogue().product(*id).map(|product| product.ext.to_string());
                let ids: Vec<String> = self.chosen(&[row.product.id]).iter().filter_map(known).collect();
                return vec![Effect::Copy(ids.join("\n"))];
            }
            (Action::Export, _) => return vec![self.export(now)],
            _ => {}
        }
        Vec::new()
    }

    fn type_filter(&mut self, key: KeyEvent, now: &Now<'_>) -> Vec<Effect> {
        match key.code {
            KeyCode::Up if self.field.bring_back() => {}
            KeyCode::Up | KeyCode::Down => {
                let by = if key.code == KeyCode::Up { -1 } else { 1 };
                self.cursor.step(by, self.found.len(), self.fit);
            }
            _ => {
                self.field.key(key);
            }
        }
        self.sift(now);
        Vec::new()
    }

    /// A form about a row. It stays about that product and store, whatever is marked when it is handed in.
    fn form_about(&mut self, action: Action, row: Row, now: &Now<'_>) -> Effect {
        let form = match action {
            Action::Edit => forms::product(Some(&row.product), now),
            Action::Receive => forms::receive(&row.product, now),
            Action::Count => forms::count(&row.product, row.quantity.unwrap_or_default()),
            _ => forms::adjust(&row.product),
        };
        self.asked = Some(Asked { product: row.product, store: self.store_id(now) });
        Effect::Form(form)
    }

    fn movements(&self, row: &Row, now: &Now<'_>) -> Effect {
        let store = self.store.as_ref().map(|(_, name)| name.to_string()).unwrap_or_default();
        let title = format!("{} · {store}", row.product.name);
        match moves::page(row.product.id, self.store_id(now), now) {
            Ok(text) => Effect::Page { title, text },
            Err(fault) => Effect::Refuse(fault.to_string()),
        }
    }

    /// Two people changed one product: the second sees the difference before anything is saved.
    fn changed_meanwhile(&mut self, now: &Now<'_>) -> Vec<Effect> {
        self.sift(now);
        let Some(asked) = &mut self.asked else { return Vec::new() };
        let Some(product) = now.shop.catalogue().product(asked.product.id) else { return Vec::new() };
        asked.product = product.clone();
        vec![Effect::FormMeanwhile(forms::product(Some(&asked.product), now))]
    }

    fn filled(&mut self, name: &'static str, values: &[String]) -> Vec<Effect> {
        let asked = self.asked.as_ref();
        let amount = || Quantity::parse_entry(&values[0]).unwrap_or_default();
        let command = match (name, asked) {
            ("add", _) => forms::filled(values, ProductId(0)).map(Command::SaveProduct),
            ("edit", Some(Asked { product, .. })) => forms::filled(values, product.id)
                .map(|changed| Command::ChangeProduct { seen: Box::new((**product).clone()), product: changed }),
            ("receive", Some(Asked { product, store })) => {
                // What stood in the form already is nobody's word: a colleague's newer cost stays.
                let unit_cost = Money::parse_entry(&values[1]).ok().filter(|cost| Some(*cost) != product.cost);
                let reason = Some(Text::lossy(&values[2])).filter(|reason| !reason.is_empty());
                Ok(Command::ReceiveStock { store: *store, product: product.id, quantity: amount(), unit_cost, reason })
            }
            ("count", Some(Asked { product, store })) => {
                Ok(Command::CountStock { store: *store, product: product.id, counted: amount() })
            }
            ("adjust", Some(Asked { product, store })) => {
                let reason = Text::lossy(&values[1]);
                Ok(Command::AdjustStock { store: *store, product: product.id, quantity: amount(), reason })
            }
            _ => return Vec::new(),
        };
        match command {
            Ok(command) => vec![Effect::Do(name, Box::new(command))],
            Err(why) => vec![Effect::FormError(why)],
        }
    }

    /// The products marked with Space, or else the ones given.
    fn chosen(&self, otherwise: &[ProductId]) -> Vec<ProductId> {
        if self.picked.is_empty() { otherwise.to_vec() } else { self.picked.iter().copied().collect() }
    }

    /// What the list holds, or what is marked with Space, as CSV.
    fn export(&self, now: &Now<'_>) -> Effect {
        let store = self.store_id(now);
        let money = |money: Option<Money>| money.map(|money| money.plain(now.minor())).unwrap_or_default();
        let fields = |id: ProductId| {
            let product = now.shop.catalogue().product(id)?;
            Some(vec![
                product.ext.to_string(),
                product.name.to_string(),
                product.category.as_deref().unwrap_or_default().to_owned(),
                now.shop.stock(store, id).plain(),
                product.reorder_level.map(|level| level.plain()).unwrap_or_default(),
                money(product.price),
                money(product.cost),
            ])
        };
        let head = ["id", "name", "category", "quantity", "reorder_level", "price", "cost"];
        handed_out::csv(now, "stock", &head, self.chosen(&self.found).into_iter().filter_map(fields)).1
    }
}

fn done(name: &str, verdict: Result<Outcome, Refusal>) -> Vec<Effect> {
    match (name, verdict) {
        (_, Ok(Outcome::Stock(now))) => vec![Effect::Say(format!("There are {} now.", now.grouped()))],
        ("add", Ok(_)) => vec![Effect::Say("The product is added.".to_owned())],
        ("edit", Ok(_)) => vec![Effect::Say("The product is changed.".to_owned())],
        _ => Vec::new(),
    }
}
