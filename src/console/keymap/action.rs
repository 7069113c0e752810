//! The words of the keymap: what can be done, where a key holds, and a line of the table.

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
    Remark,
    Reprice,
    Pay,
    GiveUp,
    Delete,
    Print,
    NextField,
    PreviousField,
    NextStatus,
    Cancel,
    Return,
    ReturnFreely,
    Slip,
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
    CubeRows,
    CubeColumns,
    CubeMeasure,
    Swap,
    Slice,
    Unslice,
    Show,
    Shade,
    Receipts,
    Save,
    RollUp,
    Compare,
    Pin,
    Watch,
    Tell,
    SendAway,
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
    /// The field that narrows a list, while it is typed in: the list's own keys are text there.
    Filter,
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
    /// The cube on the Reports screen.
    Cube,
    /// The People screen.
    People,
    /// The Audit screen.
    Audit,
}

impl Context {
    /// Its name in keymap files and in the help.
    pub fn name(self) -> &'static str {
        match self {
            Context::Global => "everywhere",
            Context::List => "list",
            Context::Filter => "filter",
            Context::Sale => "sale",
            Context::Orders => "orders",
            Context::Stock => "stock",
            Context::Customers => "customers",
            Context::Reports => "reports",
            Context::Cube => "cube",
            Context::People => "people",
            Context::Audit => "audit",
        }
    }
}

impl Action {
    /// Whether it moves a mark in a list, and nothing else.
    pub fn moves(self) -> bool {
        matches!(self, Action::Up | Action::Down | Action::PageUp | Action::PageDown)
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
