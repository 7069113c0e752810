//! The palette and the help: every action by name, drawn from the table of keys, and every report.

use super::App;
use super::leave::Leave;
use crate::console::keymap::{Action, Binding, Context};
use crate::console::layer::list::{List, Purpose, Row};
use crate::console::rights;
use std::collections::HashSet;

/// What a row of the palette does.
pub(super) enum Offer {
    /// An action of the screen, or one that holds everywhere.
    Act(Action),
    /// An action of another screen, by its place: goes there. With the key that does it there.
    There(usize, Action, String),
    /// Opens the report or kept view of that name.
    Report(String),
}

/// The screen where the keys of a context are used, by its name; none for those of every screen.
fn home(context: Context) -> Option<&'static str> {
    Some(match context {
        Context::Sale => "Sale",
        Context::Orders => "Orders",
        Context::Stock => "Stock",
        Context::Customers => "Customers",
        Context::Reports | Context::Cube => "Reports",
        Context::People => "People",
        Context::Audit => "Audit",
        Context::Global | Context::List | Context::Filter => return None,
    })
}

impl App {
    /// The palette or the help, and what the palette's rows do.
    pub(super) fn key_list(&self, purpose: Purpose) -> (List, Vec<Offer>) {
        let (mut rows, mut offers) = (Vec::new(), Vec::new());
        if purpose == Purpose::Help {
            let row = |(typed, does): &(&str, &str)| row((*typed).to_owned(), does, "", false);
            rows.extend(self.screen().typed().iter().map(row));
        }
        // A key that the screen gives a meaning of its own has only that.
        let mut seen = HashSet::new();
        for (binding, key) in self.setup.keymap.bindings(&self.contexts()) {
            if !key.is_empty() && !seen.insert(key.clone()) {
                continue;
            }
            // What cannot be done at this moment is explained all the same; what one may not do at all is not.
            let barred = self.screen().unavailable(binding.action).filter(|_| purpose == Purpose::Palette);
            rows.push(self.offer_row(binding, key, barred, binding.help));
            offers.push(Offer::Act(binding.action));
        }
        if purpose == Purpose::Palette {
            self.elsewhere(&mut rows, &mut offers);
            for (name, note) in self.reports() {
                rows.push(row(String::new(), &format!("report {name}"), &note, false));
                offers.push(Offer::Report(name));
            }
        }
        let title = if purpose == Purpose::Help { "Help for this screen" } else { "Everything" };
        (List::new(purpose, title, rows), offers)
    }

    /// What the other screens can do.
    fn elsewhere(&self, rows: &mut Vec<Row>, offers: &mut Vec<Offer>) {
        let here = self.contexts();
        for (place, (name, _)) in self.screens.iter().enumerate().filter(|(place, _)| *place != self.tab) {
            let may = self.may_see(place);
            for (binding, key) in self.setup.keymap.all() {
                if home(binding.context) != Some(*name) || here.contains(&binding.context) {
                    continue;
                }
                let barred = (!may).then(|| rights::whose(rights::to_see(name)));
                rows.push(self.offer_row(binding, key.clone(), barred, &format!("on {name}: {}", binding.help)));
                offers.push(Offer::There(place, binding.action, key));
            }
        }
    }

    /// Goes to the screen of an action; what needs no marked row is done at once.
    pub(super) fn act_there(&mut self, place: usize, action: Action, key: &str) {
        self.go(place);
        if self.tab != place {
            return;
        }
        match action {
            Action::Add | Action::Search | Action::Customer | Action::Recall | Action::Shift | Action::Period => {
                self.act(action);
            }
            _ if key.is_empty() => self.say("Mark what it is about, and choose it here.".to_owned(), false),
            _ => self.say(format!("Mark what it is about, then {key}."), false),
        }
    }

    /// An action's row: what it does, or whose it is to do, or why it cannot be done now.
    fn offer_row(&self, binding: &Binding, key: String, barred: Option<&str>, help: &str) -> Row {
        match (self.leave(binding.context, binding.action), barred) {
            (Leave::None(right), _) => row(key, binding.name, rights::whose(right), true),
            (_, Some(why)) => row(key, binding.name, why, true),
            (Leave::Lent, None) => row(key, binding.name, &format!("asks a supervisor · {help}"), false),
            (Leave::Own, None) => row(key, binding.name, help, false),
        }
    }

    /// Every kept view and report, with what it says; none for those who may not see them.
    fn reports(&self) -> Vec<(String, String)> {
        let place = self.screens.iter().position(|(name, _)| *name == "Reports");
        let (Some(true), Ok(snapshot)) = (place.map(|place| self.may_see(place)), self.setup.shop.snapshot()) else {
            return Vec::new();
        };
        let views = snapshot.directory().views.clone();
        let kept = views.into_iter().map(|view| (view.name.to_string(), view.words.to_string()));
        let known = crate::report::list().into_iter().map(|(name, said)| (name.to_owned(), said.to_owned()));
        kept.chain(known.filter(|(name, _)| !matches!(name.as_str(), "order-history" | "sales"))).collect()
    }
}

fn row(key: String, words: &str, note: &str, barred: bool) -> Row {
    Row { key, words: words.to_owned(), note: note.to_owned(), barred }
}
