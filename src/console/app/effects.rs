//! What screens ask for, carried out.

use super::{App, Wish};
use crate::console::layer::Layer;
use crate::console::layer::form::Form;
use crate::console::layer::list::List;
use crate::console::layer::page::Page;
use crate::console::layer::question::Question;
use crate::console::screen::{Effect, Input};
use crate::domain::command::{Command, Verdict};
use crate::domain::{Note, Refusal, Request, Right};
use crate::unit::{CommandId, Text};
use std::io::Write;

/// So long after the last step the mark rests: longer than between two steps of a key held down, shorter than one waits for.
const REST_MS: i64 = 80;

impl App {
    pub(super) fn effect(&mut self, effect: Effect) {
        match effect {
            Effect::Do(name, command) => self.execute(name, self.setup.shop.new_id(), *command),
            Effect::DoOnce(name, id, command) => self.execute(name, id, *command),
            Effect::GoOn => self.rests_at_ms = Some(self.setup.shop.now_ms()),
            Effect::Rest => self.rests_at_ms = Some(self.setup.shop.now_ms() + REST_MS),
            Effect::Ask(requests) => self.ask(self.tab, requests),
            Effect::GiveUp(names) => self.underway.give_up(self.tab, &names),
            Effect::Question { name, question, detail, yes } => {
                self.layers.push(Layer::Question(Question::new(name, question, detail, yes)));
            }
            Effect::Pick { name, title, choices } => {
                self.layers.push(Layer::List(Box::new(List::of(name, &title, choices))))
            }
            Effect::Choices { name, choices } => {
                let open = self.layers.iter_mut().rev().find_map(|layer| match layer {
                    Layer::List(list) if list.is_of(name) => Some(list),
                    _ => None,
                });
                if let Some(list) = open {
                    list.renew(choices);
                }
            }
            Effect::Form(form) => self.layers.push(Layer::Form(Box::new(form))),
            Effect::CloseForm => self.close_form(),
            Effect::FormMeanwhile(theirs) => {
                if let Some(form) = self.open_form() {
                    form.meanwhile(theirs);
                }
            }
            Effect::FormError(why) => {
                if let Some(form) = self.open_form() {
                    form.refuse(why);
                }
            }
            Effect::Page { title, text } => self.layers.push(Layer::Page(Page::new(title, &text))),
            Effect::Say(words) => self.say(words, false),
            Effect::Notice(words) => self.notify(words),
            Effect::Pin(words, is_news) => self.pin(words, is_news),
            Effect::Said(words) => {
                let is_good = self.toast.as_ref().is_some_and(|toast| !toast.is_refusal);
                if is_good && self.setup.folder.is_some() {
                    self.say(words, false);
                }
            }
            Effect::Refuse(words) => {
                // What the open form says already is not said twice.
                if !self.open_form().is_some_and(|form| form.says(&words)) {
                    self.say(words, true);
                }
                self.wishes.push(Wish::Bell);
            }
            Effect::Bell => self.wishes.push(Wish::Bell),
            Effect::Copy(text) => {
                self.wishes.push(Wish::Copy(text));
                self.say("Copied.".to_owned(), false);
            }
            Effect::Print { escpos, text } => self.print(escpos, &text),
            Effect::Write { .. } if !self.may(Right::Exchange) => {
                let what = Right::Exchange.words();
                self.record(Note::Refused { what: Text::lossy(what) });
                self.say(format!("You may not {what}. Nothing was written."), true);
                self.wishes.push(Wish::Bell);
            }
            Effect::Write { name, content } => self.write(&name, &content),
            Effect::Tell(session, note) => {
                if !self.setup.seat.presence().tell(session, note) {
                    self.say("They have just left.".to_owned(), true);
                }
            }
            Effect::Watch(session, name) => self.watch(session, name),
            Effect::Go(tab) => self.go(usize::from(tab).saturating_sub(1)),
            effect @ (Effect::ShowOrder(_)
            | Effect::ShowCustomer(_)
            | Effect::SellTo(_)
            | Effect::FilterOrders(_)
            | Effect::OnlyOrders(..)) => self.show(&effect),
        }
    }

    fn execute(&mut self, name: &'static str, id: CommandId, command: Command) {
        let request = Request { id, actor: self.actor, command };
        let verdict = self.setup.shop.execute(request.clone());
        match &verdict {
            Ok(Err(Refusal::NotAllowed { what })) => self.record(Note::Refused { what: what.clone() }),
            Ok(Err(Refusal::DiscountTooLarge { .. })) => {
                self.record(Note::Refused { what: Text::lossy(Right::Discount.words()) });
            }
            _ => {}
        }
        match verdict {
            Ok(Err(refusal)) if self.ask_for_approval(name, id, &request.command, &refusal) => {}
            Ok(verdict) => self.tell_verdict(name, verdict),
            Err(fault) => self.fail(&fault),
        }
    }

    /// Keeps that something happened.
    pub(super) fn record(&mut self, note: Note) {
        let request = Request { id: self.setup.shop.new_id(), actor: self.actor, command: Command::Note(note) };
        if let Err(fault) = self.setup.shop.execute(request) {
            self.fail(&fault);
        }
    }

    /// Tells form and screen what came of a command.
    pub(super) fn tell_verdict(&mut self, name: &'static str, verdict: Verdict) {
        match (&verdict, self.open_form()) {
            (Ok(_), Some(_)) => self.close_form(),
            (Err(why), Some(form)) => form.refuse(why.to_string()),
            _ => {}
        }
        self.run(Input::Done(name, verdict));
        self.refresh();
    }

    fn open_form(&mut self) -> Option<&mut Form> {
        self.layers.iter_mut().rev().find_map(|layer| match layer {
            Layer::Form(form) => Some(&mut **form),
            _ => None,
        })
    }

    fn close_form(&mut self) {
        if let Some(at) = self.layers.iter().rposition(|layer| matches!(layer, Layer::Form(_))) {
            self.layers.remove(at);
        }
    }

    fn write(&mut self, name: &str, content: &str) {
        let Some(folder) = self.setup.folder.clone() else {
            self.wishes.push(Wish::Copy(content.to_owned()));
            self.record(exported(name, "their own clipboard"));
            let words = "Copied to your clipboard: from here no file can be written on the shop's machine.";
            return self.say(words.to_owned(), false);
        };
        let written = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(folder.join(name))
            .and_then(|mut file| file.write_all(content.as_bytes()));
        match written {
            Ok(()) => {
                self.record(exported(name, &folder.display().to_string()));
                self.say(format!("Written to {name}."), false);
            }
            Err(why) => self.effect(Effect::Refuse(format!("{name} could not be written: {why}"))),
        }
    }

    /// Hands what one screen found to the one that shows it.
    fn show(&mut self, effect: &Effect) {
        if let Some((place, handed)) = crate::console::handed(effect) {
            let from = self.tab;
            self.go(place);
            // The basket is no place to come back from: Esc has its own meaning there.
            self.came_from = (from != place && self.tab == place && place > 0).then_some(from);
            self.run(handed);
        }
    }
}

/// What is kept of a list that was written from a screen.
fn exported(name: &str, to: &str) -> Note {
    Note::Exported { what: Text::lossy(name), to: Text::lossy(to) }
}
