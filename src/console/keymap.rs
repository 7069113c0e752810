//! Keys as data: one table says which key does what, where, and how it is called. The footer, the help and the palette are
//! drawn from it, and a keymap file may rebind it.
//!
//! Never knows what an action does.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::fmt;

/// A named intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the table below describes every one in words")]
pub enum Action {
    Tab(u8),
    NextTab,
    PreviousTab,
    Palette,
    Help,
    Back,
    Undo,
    Redo,
    Quit,
    Redraw,
    Suspend,
    Themes,
    Switch,
    Approve,
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    Home,
    End,
    Enter,
    Filter,
    Sort,
    Export,
    Mark,
    Copy,
    Search,
    Customer,
    Hold,
    Recall,
    Discount,
    Pay,
    GiveUp,
    Delete,
    Print,
    NextField,
    PreviousField,
    NextStatus,
    Cancel,
    Return,
    Add,
    Edit,
    Receive,
    Adjust,
    Count,
    LowOnly,
    Store,
    Moves,
    Feedback,
    Resolve,
    Period,
    Chart,
    Shift,
    SellTo,
    Erase,
}

/// Where a binding holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// Everywhere.
    Global,
    /// Wherever there is a list.
    List,
    /// The Sale screen.
    Sale,
    /// The Orders screen.
    Orders,
    /// The Stock screen.
    Stock,
    /// The Customers screen.
    Customers,
    /// The Reports screen.
    Reports,
}

impl Context {
    /// Its name in keymap files and in the help.
    pub fn name(self) -> &'static str {
        match self {
            Context::Global => "everywhere",
            Context::List => "list",
            Context::Sale => "sale",
            Context::Orders => "orders",
            Context::Stock => "stock",
            Context::Customers => "customers",
            Context::Reports => "reports",
        }
    }
}

/// Whether text is being typed: then plain characters are text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typing {
    /// No field has the focus.
    No,
    /// A field has it and is empty.
    Empty,
    /// A field has it and holds text.
    Text,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// The keys, first the one that is shown.
    pub keys: &'static [&'static str],
    /// What it does.
    pub action: Action,
    /// Its name: in the palette, the footer and keymap files.
    pub name: &'static str,
    /// What it does, in words.
    pub help: &'static str,
    /// Place in the footer from 1, the most wanted first; 0 is not there.
    pub footer: u8,
    /// Plain characters act in an empty field, too.
    pub in_empty_field: bool,
}

const fn bind(
    context: Context,
    keys: &'static [&'static str],
    action: Action,
    name: &'static str,
    help: &'static str,
    footer: u8,
) -> Binding {
    Binding { context, keys, action, name, help, footer, in_empty_field: false }
}

const fn even_empty(binding: Binding) -> Binding {
    Binding { in_empty_field: true, ..binding }
}

use Context::{Customers, Global, List, Orders, Reports, Sale, Stock};

/// The defaults.
pub const TABLE: &[Binding] = &[
    bind(Sale, &["f2"], Action::Search, "search", "Find a product by the words of its name", 5),
    bind(Sale, &["f3"], Action::Customer, "customer", "Put the basket in a customer's name", 3),
    bind(Sale, &["f4"], Action::Hold, "hold", "Put the basket aside", 4),
    bind(Sale, &["f5"], Action::Recall, "recall", "Take a basket up again", 6),
    bind(Sale, &["f8"], Action::Discount, "discount", "Give a discount on the marked line or the whole basket", 2),
    even_empty(bind(Sale, &["f9", "="], Action::Pay, "pay", "Take the money", 1)),
    bind(Sale, &["ctrl-z"], Action::Undo, "undo", "Undo the last step in the basket", 8),
    bind(Sale, &["ctrl-y"], Action::Redo, "redo", "Do again what was undone", 0),
    bind(Sale, &["delete"], Action::Delete, "void line", "Void the marked line", 7),
    bind(Sale, &["ctrl-x"], Action::GiveUp, "give up sale", "Throw the basket away, after a question", 0),
    bind(Sale, &["ctrl-r"], Action::Print, "print", "Print the last receipt", 0),
    bind(
        Sale,
        &["ctrl-o"],
        Action::Shift,
        "open or close shift",
        "Open this register's shift with the float, or close it",
        0,
    ),
    bind(Orders, &["n"], Action::NextStatus, "next status", "Move the order on: paid, shipped, delivered", 2),
    bind(Orders, &["x"], Action::Cancel, "cancel order", "Cancel the order and pay back what was paid", 4),
    bind(Orders, &["r"], Action::Return, "return lines", "Take goods of the order back", 3),
    bind(Orders, &["p"], Action::Print, "print receipt", "Show and print the receipt again, marked COPY", 5),
    bind(Stock, &["a"], Action::Add, "add product", "Add a product", 3),
    bind(Stock, &["d"], Action::Edit, "edit product", "Change the product", 4),
    bind(Stock, &["r"], Action::Receive, "receive", "Goods came in", 1),
    bind(Stock, &["c"], Action::Count, "count", "Say how many there are", 2),
    bind(Stock, &["m"], Action::Adjust, "correct", "Correct the stock, with a reason", 5),
    bind(Stock, &["o"], Action::LowOnly, "low only", "Show only what is at or below its reorder level", 6),
    bind(Stock, &["t"], Action::Store, "store", "Show another store's stock", 7),
    bind(Stock, &["v"], Action::Moves, "movements", "Every movement of the product, back to its cause", 0),
    bind(Customers, &["a"], Action::Add, "add customer", "Add a customer", 2),
    bind(Customers, &["d"], Action::Edit, "edit customer", "Change what is known of the customer", 3),
    bind(Customers, &["f"], Action::Feedback, "add feedback", "Write down what the customer says", 4),
    bind(
        Customers,
        &["v"],
        Action::Resolve,
        "resolve feedback",
        "The customer's oldest open feedback has been dealt with",
        5,
    ),
    bind(Customers, &["n"], Action::SellTo, "sell to", "Put the sale in hand in this customer's name", 6),
    bind(
        Customers,
        &[],
        Action::Erase,
        "erase details",
        "Forget a person for good; their orders stay, without a name",
        0,
    ),
    bind(Reports, &["p"], Action::Period, "period", "Choose the days the report is about", 2),
    bind(Reports, &["t"], Action::Store, "store", "Choose one store, or all", 3),
    bind(Reports, &["g"], Action::Chart, "chart", "Table and chart, or only one of them", 4),
    bind(List, &["enter"], Action::Enter, "open", "Open what is marked", 1),
    bind(List, &["/"], Action::Filter, "filter", "Type to show only what matches", 6),
    bind(List, &["s"], Action::Sort, "sort", "Sort by another column", 7),
    bind(List, &["e"], Action::Export, "export", "Write what is shown to a file", 8),
    bind(List, &["space"], Action::Mark, "mark", "Mark or unmark a row", 0),
    bind(List, &["y"], Action::Copy, "copy", "Copy the row to the clipboard", 0),
    bind(List, &["up", "k"], Action::Up, "up", "One row up", 0),
    bind(List, &["down", "j"], Action::Down, "down", "One row down", 0),
    bind(List, &["left", "h"], Action::Left, "left", "To the left", 0),
    bind(List, &["right", "l"], Action::Right, "right", "To the right", 0),
    bind(List, &["pageup"], Action::PageUp, "page up", "One page up", 0),
    bind(List, &["pagedown"], Action::PageDown, "page down", "One page down", 0),
    bind(List, &["home"], Action::Home, "first", "To the first row", 0),
    bind(List, &["end"], Action::End, "last", "To the last row", 0),
    bind(Global, &["alt-1"], Action::Tab(1), "go to Sale", "The Sale screen", 0),
    bind(Global, &["alt-2"], Action::Tab(2), "go to Orders", "The Orders screen", 0),
    bind(Global, &["alt-3"], Action::Tab(3), "go to Stock", "The Stock screen", 0),
    bind(Global, &["alt-4"], Action::Tab(4), "go to Customers", "The Customers screen", 0),
    bind(Global, &["alt-5"], Action::Tab(5), "go to Reports", "The Reports screen", 0),
    bind(Global, &["f7"], Action::NextTab, "next tab", "The screen to the right", 0),
    bind(Global, &["f6"], Action::PreviousTab, "previous tab", "The screen to the left", 0),
    even_empty(bind(Global, &["ctrl-p", ":"], Action::Palette, "everything", "Every action by name", 0)),
    even_empty(bind(Global, &["f1", "?"], Action::Help, "help", "What can be done on this screen", 9)),
    bind(Global, &["esc"], Action::Back, "back", "Back out of what lies on top, or clear the field", 0),
    bind(Global, &["ctrl-t"], Action::Themes, "theme", "Choose a theme, seeing it at once", 0),
    bind(Global, &["ctrl-w"], Action::Switch, "switch person", "Let somebody else work here", 0),
    bind(Global, &["ctrl-g"], Action::Approve, "approve", "Allow what another session asks a supervisor for", 0),
    bind(Global, &["ctrl-l"], Action::Redraw, "redraw", "Draw the screen anew", 0),
    bind(
        Global,
        &["ctrl-\\"],
        Action::Suspend,
        "leave to the shell",
        "Leave to the shell for a while; fg comes back",
        0,
    ),
    bind(Global, &["ctrl-q"], Action::Quit, "leave", "Leave till; a basket in hand is kept", 0),
];

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Chord {
    /// Of an event; SHIFT counts only with keys that are no characters.
    pub fn of(key: KeyEvent) -> Chord {
        let mut modifiers = key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        if matches!(key.code, KeyCode::Char(_) | KeyCode::BackTab) {
            modifiers -= KeyModifiers::SHIFT;
        }
        Chord { code: key.code, modifiers }
    }

    /// Reads `ctrl-p`, `alt-1`, `f6`, `?`, `space`.
    ///
    /// # Errors
    /// When it is no key.
    pub fn parse(text: &str) -> Result<Chord, KeymapFault> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = text;
        loop {
            let (modifier, after) = match rest.split_once('-') {
                Some(("ctrl", after)) if !after.is_empty() => (KeyModifiers::CONTROL, after),
                Some(("alt", after)) if !after.is_empty() => (KeyModifiers::ALT, after),
                Some(("shift", after)) if !after.is_empty() => (KeyModifiers::SHIFT, after),
                _ => break,
            };
            modifiers |= modifier;
            rest = after;
        }
        let code = match rest {
            "enter" => KeyCode::Enter,
            "esc" => KeyCode::Esc,
            "tab" => KeyCode::Tab,
            "shift-tab" | "backtab" => KeyCode::BackTab,
            "space" => KeyCode::Char(' '),
            "delete" => KeyCode::Delete,
            "insert" => KeyCode::Insert,
            "backspace" => KeyCode::Backspace,
            "up" => KeyCode::Up,
            "down" => KeyCode::Down,
            "left" => KeyCode::Left,
            "right" => KeyCode::Right,
            "home" => KeyCode::Home,
            "end" => KeyCode::End,
            "pageup" => KeyCode::PageUp,
            "pagedown" => KeyCode::PageDown,
            _ => match rest.strip_prefix('f').and_then(|number| number.parse::<u8>().ok()) {
                Some(number @ 1..=12) => KeyCode::F(number),
                _ => {
                    let mut letters = rest.chars();
                    match (letters.next(), letters.next()) {
                        (Some(letter), None) => KeyCode::Char(letter),
                        _ => {
                            return Err(KeymapFault(format!("{text} is no key; write such as ctrl-p, alt-1, f6 or ?")));
                        }
                    }
                }
            },
        };
        Ok(Chord { code, modifiers })
    }

    fn is_plain_character(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && self.modifiers.is_empty()
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, word) in
            [(KeyModifiers::CONTROL, "Ctrl-"), (KeyModifiers::ALT, "Alt-"), (KeyModifiers::SHIFT, "Shift-")]
        {
            if self.modifiers.contains(modifier) {
                f.write_str(word)?;
            }
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(letter) if self.modifiers.is_empty() => write!(f, "{letter}"),
            KeyCode::Char(letter) => write!(f, "{}", letter.to_uppercase()),
            KeyCode::F(number) => write!(f, "F{number}"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::Delete => f.write_str("Del"),
            other => write!(f, "{other:?}"),
        }
    }
}

/// A keymap file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeymapFault(pub String);

impl fmt::Display for KeymapFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The table with its chords read, as the person has it.
#[derive(Debug, Clone)]
pub struct Keymap {
    chords: Vec<Vec<Chord>>,
}

impl Default for Keymap {
    fn default() -> Keymap {
        // A test reads every chord of the table.
        let read = |binding: &Binding| binding.keys.iter().filter_map(|key| Chord::parse(key).ok()).collect();
        Keymap { chords: TABLE.iter().map(read).collect() }
    }
}

impl Keymap {
    /// The defaults as changed by a keymap file: `[sale]` and the like, then `"name" = ["key", …]`.
    ///
    /// # Errors
    /// An unknown context, action or key, or one key for two actions in one place.
    pub fn with(text: &str) -> Result<Keymap, KeymapFault> {
        let table: toml::Table = text.parse().map_err(|why: toml::de::Error| KeymapFault(why.to_string()))?;
        let mut keymap = Keymap::default();
        for (context, actions) in &table {
            let actions =
                actions.as_table().ok_or_else(|| KeymapFault(format!("{context} must be a table such as [sale]")))?;
            for (name, keys) in actions {
                let at = TABLE.iter().position(|binding| binding.context.name() == context && binding.name == name);
                let at = at.ok_or_else(|| KeymapFault(format!("[{context}] there is no action {name}")))?;
                let keys = keys.as_array().into_iter().flatten().filter_map(toml::Value::as_str);
                keymap.chords[at] = keys.map(Chord::parse).collect::<Result<_, _>>()?;
            }
        }
        keymap.refuse_twins()?;
        Ok(keymap)
    }

    fn refuse_twins(&self) -> Result<(), KeymapFault> {
        for (at, binding) in TABLE.iter().enumerate() {
            for (other_at, other) in TABLE.iter().enumerate().skip(at + 1) {
                if binding.context != other.context {
                    continue;
                }
                if let Some(chord) = self.chords[at].iter().find(|chord| self.chords[other_at].contains(chord)) {
                    let place = binding.context.name();
                    return Err(KeymapFault(format!(
                        "[{place}] {chord} stands for {} and {}",
                        binding.name, other.name
                    )));
                }
            }
        }
        Ok(())
    }

    /// What a key means in these contexts, the first one first.
    pub fn action(&self, contexts: &[Context], key: KeyEvent, typing: Typing) -> Option<Action> {
        let chord = Chord::of(key);
        for context in contexts {
            for (binding, chords) in TABLE.iter().zip(&self.chords) {
                if binding.context != *context || !chords.contains(&chord) {
                    continue;
                }
                let is_text = chord.is_plain_character()
                    && match typing {
                        Typing::No => false,
                        Typing::Empty => !binding.in_empty_field,
                        Typing::Text => true,
                    };
                if !is_text {
                    return Some(binding.action);
                }
            }
        }
        None
    }

    /// The bindings of these contexts with the key that is shown, in the table's order.
    pub fn bindings(&self, contexts: &[Context]) -> Vec<(&'static Binding, String)> {
        let here = TABLE.iter().zip(&self.chords).filter(|(binding, _)| contexts.contains(&binding.context));
        here.map(|(binding, chords)| (binding, chords.first().map(ToString::to_string).unwrap_or_default())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_table_can_be_read_and_none_stands_twice() {
        for binding in TABLE {
            for key in binding.keys {
                Chord::parse(key).unwrap();
            }
        }
        Keymap::default().refuse_twins().unwrap();
    }

    #[test]
    fn plain_characters_are_text_while_typing() {
        let keymap = Keymap::default();
        let key = |letter| KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE);
        let contexts = [Context::Sale, Context::Global];
        assert_eq!(keymap.action(&contexts, key('='), Typing::Empty), Some(Action::Pay));
        assert_eq!(keymap.action(&contexts, key('='), Typing::Text), None);
        assert_eq!(keymap.action(&contexts, key('?'), Typing::Empty), Some(Action::Help));
        assert_eq!(keymap.action(&[Context::List], key('j'), Typing::Empty), None);
        assert_eq!(keymap.action(&[Context::List], key('j'), Typing::No), Some(Action::Down));
    }

    #[test]
    fn a_keymap_file_rebinds_and_a_wrong_one_says_why() {
        let keymap = Keymap::with("[sale]\npay = [\"f12\"]\n").unwrap();
        let key = KeyEvent::new(KeyCode::F(12), KeyModifiers::NONE);
        assert_eq!(keymap.action(&[Context::Sale], key, Typing::Text), Some(Action::Pay));
        assert!(Keymap::with("[sale]\nfly = [\"f12\"]\n").unwrap_err().0.contains("no action fly"));
        assert!(Keymap::with("[sale]\npay = [\"f99\"]\n").unwrap_err().0.contains("f99 is no key"));
        assert!(Keymap::with("[sale]\npay = [\"f2\"]\n").unwrap_err().0.contains("F2 stands for"));
    }
}
