//! Goes everywhere in somebody's console and does there whatever can be done: every key of every screen, every form and
//! question, every report, the cube in every dimension.
//!
//! Knows keys; what is drawn is looked at after each.

use super::bytes::only_cells;
use super::fields::marks;
use super::poison::{EVIL, MARK};
use super::stage::Terminal;
use std::collections::BTreeSet;
use till::console::keymap::{Action, Binding, Context, TABLE};

const ESC: &str = "\x1b";

/// The screens, each with the key of its tab, words that stand there, and whose keys hold there.
const SCREENS: [(&str, &str, Context); 7] = [
    ("\x1b1", "Sale", Context::Sale),
    ("\x1b2", "Placed", Context::Orders),
    ("\x1b3", "Product", Context::Stock),
    ("\x1b4", "Phone", Context::Customers),
    ("\x1b5", "Reports", Context::Reports),
    ("\x1b6", "Who works here", Context::People),
    ("\x1b7", "When", Context::Audit),
];

/// Somebody who tries everything.
pub struct Crawler {
    /// Where.
    pub terminal: Terminal,
    checked: usize,
    /// The marks that have been seen on the screen.
    pub seen: BTreeSet<String>,
    /// What was wrong, and after which key.
    pub faults: Vec<String>,
}

impl Crawler {
    /// At this terminal.
    pub fn new(terminal: Terminal) -> Crawler {
        let mut crawler = Crawler { terminal, checked: 0, seen: BTreeSet::new(), faults: Vec::new() };
        crawler.look("the first frame");
        crawler
    }

    /// Types, and looks at what comes; so many bytes.
    pub fn send(&mut self, keys: &str) -> usize {
        let bytes = self.terminal.send(keys);
        self.look(keys);
        bytes
    }

    /// Types, and looks once these words stand there.
    pub fn reach(&mut self, keys: &str, words: &str) {
        self.terminal.reach(keys, words);
        self.look(keys);
    }

    /// Looks at what has come since.
    pub fn look(&mut self, after: &str) {
        let sent = self.terminal.sent();
        if let Err(why) = only_cells(&sent[self.checked..]) {
            self.faults.push(format!("after {after:?}: {why}"));
        }
        self.checked = sent.len();
        self.seen.extend(marks(&self.terminal.text(), MARK));
    }

    /// Backs out of whatever lies on top; a form with changes asks.
    pub fn back(&mut self) {
        for _ in 0..6 {
            if self.send(ESC) == 0 {
                return;
            }
            if self.terminal.text().contains("Arrows choose, Enter takes") {
                self.send("\t");
                self.send("\r");
            }
            if self.terminal.text().contains("Del throws them away") {
                self.send("\x1b[3~");
            }
        }
    }

    /// Every key of every screen, with a hostile record marked.
    pub fn everywhere(&mut self) {
        for (tab, words, context) in SCREENS {
            for binding in TABLE.iter().filter(|binding| holds(binding, context)) {
                self.reach(tab, words);
                self.mark(context);
                self.act(binding);
            }
        }
        // The oldest and the newest order, of which one came with an import, with their receipts.
        self.reach("\x1b2", "Placed");
        self.filter("");
        for end in ["\x1b[H", "\x1b[F"] {
            self.send(end);
            self.send("p");
            self.back();
        }
    }

    /// Marks a hostile record.
    fn mark(&mut self, context: Context) {
        match context {
            Context::Sale => {
                self.send(&format!("{MARK}productname"));
                self.send("\r");
            }
            Context::Stock => self.filter("productname"),
            Context::People => self.filter("staffname"),
            Context::Orders | Context::Customers => self.filter(""),
            Context::Reports => {
                for key in ["/", "sales-by-product"] {
                    self.send(key);
                }
                self.reach("\r", "Reports");
            }
            _ => drop(self.send("\x1b[H")),
        }
    }

    fn filter(&mut self, what: &str) {
        self.send("/");
        self.send(&format!("{MARK}{what}"));
        self.send("\r");
    }

    /// Presses the key of an action, and goes on in what opens: writes hostile text into it, chooses, confirms.
    fn act(&mut self, binding: &Binding) {
        let Some(key) = binding.keys.first() else { return };
        self.send(&bytes(key));
        for keys in ["\t", &format!("\x1b[200~{EVIL}\x1b[201~"), "\r", "\r"] {
            self.send(keys);
        }
        self.terminal.wake();
        self.look(binding.name);
        self.back();
    }

    /// Every report by its name, as a table and as a picture, beside the year before.
    pub fn reports(&mut self) {
        // A customer's own history stands on the Customers screen, and "sales" is the cube.
        let named = till::report::list().into_iter().filter(|(name, _)| !matches!(*name, "order-history" | "sales"));
        for (name, _) in named {
            self.reach("\x1b5", "Reports");
            self.send(&format!("/{name}"));
            self.reach("\r", "Reports");
            for key in ["g", "c", "f", ESC, "t", ESC] {
                self.reach(key, "");
            }
        }
        self.reach("\x1b5", "Reports");
        self.send("/cube");
        self.reach("\r", "rows ");
        let dimensions = till::report::Dim::CUBE.map(|dimension| dimension.word().replace('-', " "));
        for dimension in &dimensions {
            self.send("r");
            self.send(dimension);
            self.reach("\r", "● live");
        }
        for dimension in &dimensions {
            for key in ["r", "c", "f"] {
                self.send(key);
                self.send(dimension);
                self.reach("\r", "");
                self.send(ESC);
            }
            for key in ["\r", "%", "w"] {
                self.reach(key, "");
            }
            self.send("d");
            self.back();
            self.reach("\x7f", "");
            self.send("\x1b[3~");
        }
        self.back();
    }
}

/// Whether a key is tried on the screen of that context: what leaves the console is not.
fn holds(binding: &Binding, context: Context) -> bool {
    let leaves = matches!(
        binding.action,
        Action::Quit | Action::Switch | Action::Suspend | Action::Tab(_) | Action::NextTab | Action::PreviousTab
    );
    // Whatever is done in a list moves its mark first.
    let moves = binding.action.moves() || matches!(binding.action, Action::Back | Action::Left | Action::Right);
    let everywhere = matches!(binding.context, Context::List | Context::Global);
    !leaves && !moves && (binding.context == context || everywhere)
}

/// What a terminal sends for a key of the table.
fn bytes(key: &str) -> String {
    if let Some(letter) = key.strip_prefix("alt-") {
        return format!("\x1b{letter}");
    }
    if let Some(letter) = key.strip_prefix("ctrl-") {
        return letter.chars().map(|letter| char::from(letter as u8 & 0x1f)).collect();
    }
    let named = match key {
        "enter" => "\r",
        "esc" => "\x1b",
        "space" => " ",
        "backspace" => "\x7f",
        "delete" => "\x1b[3~",
        "up" => "\x1b[A",
        "down" => "\x1b[B",
        "right" => "\x1b[C",
        "left" => "\x1b[D",
        "home" => "\x1b[H",
        "end" => "\x1b[F",
        "pageup" => "\x1b[5~",
        "pagedown" => "\x1b[6~",
        "f1" => "\x1bOP",
        "f2" => "\x1bOQ",
        "f3" => "\x1bOR",
        "f4" => "\x1bOS",
        "f5" => "\x1b[15~",
        "f6" => "\x1b[17~",
        "f7" => "\x1b[18~",
        "f8" => "\x1b[19~",
        "f9" => "\x1b[20~",
        letter => letter,
    };
    named.to_owned()
}
