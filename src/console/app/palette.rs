//! The palette and the help: every action by name, drawn from the table of keys, and every report.

use super::App;
use crate::console::keymap::{Action, Context};
use crate::console::layer::list::{List, Purpose, Row};
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
            let barred = self.screen().unavailable(binding.action).or_else(|| self.no_tab(binding.action));
            let barred = barred.filter(|_| purpose == Purpose::Palette);
            rows.push(row(key, binding.name, barred.unwrap_or(binding.help), barred.is_some()));
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
                let note = match may {
                    true => format!("on {name}: {}", binding.help),
                    false => "your roles do not open it".to_owned(),
                };
                rows.push(row(key.clone(), binding.name, &note, !may));
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

    /// Why a tab cannot be gone to.
    fn no_tab(&self, action: Action) -> Option<&'static str> {
        let Action::Tab(place) = action else { return None };
        (!self.may_see(usize::from(place) - 1)).then_some("your roles do not open it")
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
