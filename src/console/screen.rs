//! What a screen is: plain state that takes input, asks for effects and draws itself.

use super::field::Field;
use super::keymap::{Action, Context, Typing};
use super::layer::form::Form;
use crate::domain::command::{Actor, Command};
use crate::domain::{Outcome, Refusal, Register, Settings, Staff, Store};
use crate::engine::Snapshot;
use crate::engine::presence::{Seat, Signal};
use crate::engine::signin::Gate;
use crate::report;
use crate::unit::{CommandId, CustomerId, Day, Money, OrderNo, Quantity, Stamp, Zone};
use crossterm::event::KeyEvent;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

pub use super::theme::Look;

/// What a screen may look at while it takes input. Lives no longer than one event.
pub struct Now<'a> {
    /// The shop at this moment.
    pub shop: &'a Snapshot,
    /// Its settings.
    pub settings: &'a Settings,
    /// Who works here, from which register.
    pub actor: Actor,
    /// The person.
    pub person: &'a Staff,
    /// The register.
    pub register: &'a Register,
    /// The store.
    pub store: &'a Store,
    /// The store's zone.
    pub zone: Zone,
    /// This moment, in the store's offset.
    pub at: Stamp,
    /// This business day.
    pub today: Day,
    /// An id for a command that must not be carried out twice.
    pub fresh_id: CommandId,
    /// This session among the others.
    pub seat: &'a Seat,
    /// Checks secrets.
    pub gate: &'a Gate,
    /// The size of the screen's area, to know how much to load.
    pub size: (u16, u16),
}

impl Now<'_> {
    /// The currency's minor digits.
    pub fn minor(&self) -> u8 {
        self.settings.currency.exponent
    }

    /// Money as shown on screens.
    pub fn money(&self, money: Money) -> String {
        money.grouped(self.minor())
    }

    /// A quantity as shown on screens.
    pub fn quantity(&self, quantity: Quantity) -> String {
        quantity.grouped()
    }
}

/// What comes to a screen.
#[derive(Debug, Clone)]
pub enum Input {
    /// A named intent.
    Action(Action),
    /// A key that means nothing in the keymap here: for a text field.
    Key(KeyEvent),
    /// Pasted text.
    Paste(String),
    /// A click in the screen's area, by column and row from its corner.
    Click(u16, u16),
    /// The wheel: rows down, negative up.
    Wheel(i32),
    /// What [`Effect::Rest`] asked for: the mark rests. Comes before any key that does not move it.
    Rested,
    /// A question was answered with yes; a no never comes.
    Yes(&'static str),
    /// A row of a pick-list was chosen.
    Picked(&'static str, usize),
    /// A form was filled; it stays open until what it asked for is done.
    Filled(&'static str, Vec<String>),
    /// Another screen found the customer to sell to.
    SellTo(CustomerId),
    /// Another screen found an order to show.
    ShowOrder(OrderNo),
    /// Another screen found a customer to show.
    ShowCustomer(CustomerId),
    /// Another screen asks for the orders that match these words.
    FilterOrders(String),
    /// Another screen found orders to show, and no others: what they are, in words.
    OnlyOrders(String, Vec<OrderNo>),
    /// A report or kept view to open, by its name.
    OpenReport(String),
    /// What was asked under these names was given up, and is not answered.
    GivenUp(Vec<&'static str>),
    /// Reports came, by the names they were asked under.
    Answers(Vec<(&'static str, Result<report::Answer, String>)>),
    /// What [`Effect::Pin`] said has been read and put away.
    PutAway,
    /// The person has gone on with their basket at another terminal.
    TakenOver,
    /// A command was carried out or refused.
    Done(&'static str, Result<Outcome, Refusal>),
}

/// A row of a pick-list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// What is chosen.
    pub words: String,
    /// Said behind it, muted.
    pub note: String,
    /// Found by these words too, which are not shown.
    pub also: String,
    /// What it stands for, where the list changes while it is open.
    pub id: u64,
}

/// What a screen asks for.
#[derive(Debug)]
#[allow(missing_docs, reason = "each variant names its fields in its own words")]
pub enum Effect {
    /// Carry out a command under an id that is kept: asked twice, it is done once.
    DoOnce(&'static str, CommandId, Box<Command>),
    /// Carry out a command; the answer comes back under the name.
    Do(&'static str, Box<Command>),
    /// Say [`Input::Rested`] once no key has moved the mark for a moment: for what nobody reads while passing by.
    Rest,
    /// Say [`Input::Rested`] as soon as no key waits: for long work that is done a piece at a time.
    GoOn,
    /// Answer reports, off the key path; they come back together, each under its name.
    Ask(Vec<(&'static str, report::Request)>),
    /// What is asked under these names is not wanted any more: [`Input::GivenUp`] says so as soon as nobody works at it.
    GiveUp(Vec<&'static str>),
    /// Show the orders that match these words.
    FilterOrders(String),
    /// Show these orders and no others: what they are, in words.
    OnlyOrders(String, Vec<OrderNo>),
    /// Ask before something that destroys: name, question, what happens, the word for yes.
    Question { name: &'static str, question: String, detail: String, yes: &'static str },
    /// Choose from a list: name, title, rows.
    Pick { name: &'static str, title: String, choices: Vec<Choice> },
    /// The open list of that name has these rows by now; what is marked stays marked.
    Choices { name: &'static str, choices: Vec<Choice> },
    /// Fill in a form.
    Form(Form),
    /// The open form has been taken: close it.
    CloseForm,
    /// Somebody else saved what the open form changes: show the difference to the record as it is now.
    FormMeanwhile(Form),
    /// The open form was not taken: say why.
    FormError(String),
    /// Show a page of text, such as a receipt: title, text.
    Page { title: String, text: String },
    /// Say something that goes by itself.
    Say(String),
    /// Say something that stays until it is put away.
    Notice(String),
    /// Say this for as long as it is true, in place of what was said so before, until it is put away ([`Input::PutAway`]);
    /// `None`: nothing is true any more. Whether there is news in it, to be heard.
    Pin(Option<String>, bool),
    /// Say more of what was just done, unless that failed.
    Said(String),
    /// Say that something was not done.
    Refuse(String),
    /// Sound the bell.
    Bell,
    /// Put text on the clipboard.
    Copy(String),
    /// Print these bytes, and show them as this text where there is no printer.
    Print { escpos: Vec<u8>, text: String },
    /// Write a file into the folder the console was started in: name, content.
    Write { name: String, content: String },
    /// Say something to another session.
    Tell(u64, Signal),
    /// Show what another session shows, live: its number, whose it is.
    Watch(u64, String),
    /// Go to a tab, by place from 1.
    Go(u8),
    /// Open an order on the Orders screen.
    ShowOrder(OrderNo),
    /// Open a customer on the Customers screen.
    ShowCustomer(CustomerId),
    /// Put the sale in a customer's name.
    SellTo(CustomerId),
}

/// A screen.
pub trait Screen {
    /// Its keys, before those that hold everywhere.
    fn contexts(&self) -> &'static [Context];

    /// Whether text is being typed.
    fn typing(&self) -> Typing;

    /// What can be typed here and what it means, for the help.
    fn typed(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// Why an action is not available now; `None`: it is.
    fn unavailable(&self, action: Action) -> Option<&'static str>;

    /// Whether an action is about what is the person's own now, and so needs no right.
    fn is_ones_own(&self, _: Action) -> bool {
        false
    }

    /// Whether an action is worth a place in the footer now, though it may be available all the same.
    fn has_use_for(&self, _: Action) -> bool {
        true
    }

    /// Takes input; what it asks for.
    fn update(&mut self, input: Input, now: &Now<'_>) -> Vec<Effect>;

    /// Loads what is shown again: facts have changed, or the size has.
    fn refresh(&mut self, now: &Now<'_>) -> Vec<Effect>;

    /// Draws into `area`; where the cursor is, if it is to be seen.
    fn draw(&self, look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> Option<Position>;
}

/// Whether a field is empty, as [`Typing`].
pub fn typing(field: &Field) -> Typing {
    if field.is_empty() { Typing::Empty } else { Typing::Text }
}
