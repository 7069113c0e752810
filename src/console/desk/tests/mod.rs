//! Two people at two terminals of one shop in memory: signing in, approving, watching, leaving.

mod approvals;
mod counter;
mod people;
mod together;

use super::*;
use crate::console::Questions;
use crate::console::keymap::Keymap;
use crate::console::theme::Theme;
use crate::domain::testing::{FOUNDER, founding, person, product};
use crate::domain::{Credentials, Product, Register, Role, Settings, Staff, Store};
use crate::engine::seams::Clock;
use crate::engine::signin::Gate;
use crate::engine::{Presence, Seams, Shop};
use crate::report::{Answers, Queue};
use crate::store::ShopFile;
use crate::unit::{CashRounding, Day, Money, ProductId, Rate, StoreId};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// A clock that goes on by a millisecond each time it is looked at, and by any time it is told.
struct Hands(AtomicI64);

impl Clock for Hands {
    fn now_ms(&self) -> i64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

struct World {
    shop: Shop,
    clock: Arc<Hands>,
    gate: Gate,
    presence: Presence,
    kept: Arc<Answers>,
    questions: Arc<Questions>,
    folder: tempfile::TempDir,
}

fn text(words: &str) -> Text {
    Text::lossy(words)
}

fn ask(shop: &Shop, command: Command) {
    shop.execute(Request { id: shop.new_id(), actor: FOUNDER, command }).unwrap().unwrap();
}

/// A shop where Noor runs everything, Sam supervises, Mara sells; all with PINs.
fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let file = ShopFile::on(redb::backends::InMemoryBackend::new(), true).unwrap();
    let clock = Arc::new(Hands(AtomicI64::new(1_772_445_600_000)));
    let seams = Seams { clock: clock.clone(), ..Seams::seeded(0, 3) };
    let shop = Shop::run(file, seams).unwrap();
    ask(&shop, founding("Noor", vec![Role::Manager]));
    ask(&shop, Command::SaveRegister(Register { id: RegisterId(0), store: StoreId(1), name: text("2") }));
    ask(&shop, Command::SaveStaff(person("Sam", vec![Role::Supervisor])));
    ask(&shop, Command::SaveStaff(person("Mara", vec![Role::Cashier])));
    let tea = product("Green tea", Some(Money(30_000)));
    let tea = Product { sku: Some(text("TEA")), tax_rate: Some(Rate(200_000)), ..tea };
    ask(&shop, Command::SaveProduct(tea));
    let gate = Gate::of(&folder.path().join("shop.redb"), shop.seams().clone()).unwrap();
    for (id, pin) in [(1, "1111"), (2, "2222"), (3, "3333")] {
        let credentials = Credentials { pin: gate.digest(pin), ..Credentials::none(StaffId(id)) };
        ask(&shop, Command::SaveCredentials(credentials));
    }
    let (presence, kept, questions) = Default::default();
    World { shop, clock, gate, presence, kept, questions, folder }
}

impl World {
    fn desk(&self, from: &str) -> Desk {
        let seat = self.presence.enter(None, RegisterId(1), from, 0, Arc::new(|| {}));
        let setup = Setup {
            shop: self.shop.clone(),
            kept: Arc::clone(&self.kept),
            questions: Arc::clone(&self.questions),
            path: self.folder.path().join("shop.redb"),
            staff: StaffId(1),
            register: RegisterId(1),
            theme: Theme::standard(),
            keymap: Keymap::default(),
            ascii: false,
            printer: None,
            folder: Some(self.folder.path().to_owned()),
            gate: self.gate.clone(),
            seat: Arc::new(seat),
            wake: Arc::new(|| {}),
        };
        Desk::new(setup, Guest { from: from.to_owned(), ..Guest::default() }).unwrap()
    }

    fn signed_in(&self, name: &str, pin: &str) -> Desk {
        let mut desk = self.desk("");
        desk.types(&format!("{name}\r{pin}\r"));
        assert!(desk.screen().contains("Sale"), "{}", desk.screen());
        desk
    }

    fn acts(&self) -> String {
        let mut acts = Vec::new();
        let snapshot = self.shop.snapshot().unwrap();
        snapshot
            .entries_back(crate::unit::Seq(u64::MAX), &mut |entry| {
                acts.extend(entry.changes.iter().filter_map(|change| match change {
                    domain::Change::Noted(note) => Some(format!("{note:?}")),
                    domain::Change::LineVoided { .. } => Some(format!("{change:?}")),
                    _ => None,
                }));
                true
            })
            .unwrap();
        acts.join("\n")
    }
}

impl Desk {
    fn key(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        self.event(Event::Key(KeyEvent::new(code, modifiers)));
    }

    fn types(&mut self, words: &str) {
        for letter in words.chars() {
            let code = if letter == '\r' { KeyCode::Enter } else { KeyCode::Char(letter) };
            self.key(code, KeyModifiers::NONE);
        }
    }

    /// Waits until the quick keys stand on the screen that were asked for.
    fn wait_for_quick_keys(&mut self) {
        let until = Instant::now() + Duration::from_secs(20);
        while !self.screen().contains(".1 Green tea") {
            assert!(Instant::now() < until, "they never came:\n{}", self.screen());
            std::thread::yield_now();
            self.wake();
        }
    }

    fn screen(&mut self) -> String {
        self.screen_at(100, 30)
    }

    fn screen_at(&mut self, columns: u16, rows: u16) -> String {
        self.cursor_at(columns, rows).0
    }

    /// The screen with the column and row of its cursor.
    fn cursor_at(&mut self, columns: u16, rows: u16) -> (String, Option<(u16, u16)>) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
        self.resize(columns, rows);
        let cursor = self.draw(&mut buffer);
        (lines(&buffer).join("\n"), cursor.map(|at| (at.x, at.y)))
    }
}

fn ben() -> Staff {
    person("Ben", vec![Role::Cashier])
}

fn ask_as_admin(world: &World, command: Command) {
    // The founder is administrator, too.
    ask(&world.shop, command);
}
