//! A grown shop in memory, and a terminal on it whose every frame is counted and shown to an emulator.
//!
//! Knows how to type and to count, never what a key may cost.

use crossterm::event::Event;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use std::sync::Arc;
use std::time::{Duration, Instant};
use till::console::app::Wish;
use till::console::keymap::Keymap;
use till::console::theme::Theme;
use till::console::{Desk, Guest, Setup};
use till::demo::{Event as Trade, Plan, grow};
use till::domain::change::ImportCounts;
use till::domain::command::{Actor, Command};
use till::domain::{Request, Role, Staff};
use till::engine::signin::Gate;
use till::engine::{Bulk, Presence, Seams, Shop};
use till::session::{Client, Out, Program, Session};
use till::store::ShopFile;
use till::unit::{Day, Digest, RegisterId, StaffId};

/// The evening of the last day of trade.
const NOW_MS: i64 = 20_593 * 86_400_000 + 20 * 3_600_000 + 900_000;

/// A shop with some trade behind it.
pub fn shop() -> Shop {
    shop_of(1_500)
}

/// A shop with so many orders behind it.
pub fn shop_of(orders: u64) -> Shop {
    let file = ShopFile::on(redb::backends::InMemoryBackend::new(), true).expect("a file in memory");
    grown(Shop::run(file, seams()).expect("a new shop"), orders)
}

/// The clock and the chance of such a shop.
pub fn seams() -> Seams {
    Seams::seeded(NOW_MS, 7)
}

/// A new shop, with so many orders behind it.
pub fn grown(shop: Shop, orders: u64) -> Shop {
    let plan = Plan { seed: 20_240, orders, today: Day(20_593), now_ms: NOW_MS };
    let growth = grow(&plan).expect("a sound seed");
    let store = growth.stores().remove(0);
    let register = growth.registers().remove(0);
    let roles = vec![Role::Manager, Role::Administrator];
    let staff = Staff { id: StaffId(1), roles, ..growth.staff().remove(0) };
    ask(&shop, Command::Found { settings: growth.settings(), store, register, staff });
    let (mut orders, mut returns, mut feedback) = (Vec::new(), Vec::new(), Vec::new());
    for event in growth.trade() {
        match event {
            Trade::Order { order, details } => orders.push(Ok((order, details))),
            Trade::Return(back) => returns.push(back),
            Trade::Feedback { feedback: said, text } => feedback.push((said, Some(text))),
        }
    }
    let bulk = Bulk {
        based_on: shop.published(),
        stores: growth.stores(),
        registers: growth.registers(),
        staff: growth.staff().into_iter().skip(1).collect(),
        products: growth.products(),
        customers: growth.customers().collect(),
        inventory: growth.stock(),
        orders: Box::new(orders.into_iter()),
        returns,
        feedback,
        counts: ImportCounts::default(),
        digest: Digest([0; 32]),
        from: None,
    };
    shop.import(bulk, |_| ()).expect("a sound import");
    shop
}

/// Has a command carried out by the first person.
pub fn ask(shop: &Shop, command: Command) {
    let actor = Actor { staff: StaffId(1), register: RegisterId(1) };
    shop.execute(Request { id: shop.new_id(), actor, command }).expect("a shop that stands").expect("a sound command");
}

/// The console as a session runs it; time stands still for it. What it wishes besides cells is handed on where it is to be
/// seen, too.
struct Running {
    desk: Desk,
    wishes: bool,
}

impl Program for Running {
    fn resize(&mut self, columns: u16, rows: u16) {
        self.desk.resize(columns, rows);
    }

    fn event(&mut self, event: Event) {
        self.desk.event(event);
    }

    fn wake(&mut self) {
        self.desk.wake();
    }

    fn draw(&mut self, buffer: &mut Buffer) -> Option<Position> {
        self.desk.draw(buffer)
    }

    fn deadline(&self, _: Instant) -> Option<Instant> {
        None
    }

    fn take_output(&mut self) -> Vec<Out> {
        let wishes = self.desk.take_wishes().into_iter().filter(|_| self.wishes);
        let output = wishes.filter_map(|wish| match wish {
            Wish::Bell => Some(Out::Bell),
            Wish::Copy(text) => Some(Out::Clipboard(text)),
            Wish::Redraw => Some(Out::Redraw),
            Wish::Suspend | Wish::SignOut | Wish::SitDown(_) | Wish::Quit => None,
        });
        output.collect()
    }
}

/// Somebody's terminal.
pub struct Terminal {
    session: Session<Running>,
    emulator: vt100::Parser,
    woken: std::sync::mpsc::Receiver<()>,
    now: Instant,
    took: Duration,
    sent: Vec<u8>,
    presence: Presence,
    _folder: tempfile::TempDir,
}

impl Terminal {
    /// A terminal of this size that shows the Sale screen.
    pub fn new(shop: &Shop, size: (u16, u16)) -> Terminal {
        Terminal::among(shop, size, &Presence::default(), Guest::default(), false)
    }

    /// A terminal that whoever comes sits at, beside others at work, with all that it is asked for if so wanted.
    pub fn among(
        shop: &Shop,
        (columns, rows): (u16, u16),
        presence: &Presence,
        guest: Guest,
        wishes: bool,
    ) -> Terminal {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("shop.redb");
        let (wake, woken) = std::sync::mpsc::channel();
        let seat = Arc::new(presence.enter(None, RegisterId(1), &guest.from, 0, Arc::new(|| {})));
        let setup = Setup {
            shop: shop.clone(),
            kept: Arc::default(),
            questions: Arc::default(),
            staff: StaffId(1),
            register: RegisterId(1),
            theme: Theme::standard(),
            keymap: Keymap::default(),
            ascii: false,
            printer: None,
            folder: None,
            gate: Gate::of(&path, shop.seams().clone()).expect("a gate"),
            seat,
            wake: Arc::new(move || {
                // The test may have what it wanted.
                let _ = wake.send(());
            }),
            path,
        };
        let desk = Desk::new(setup, guest).expect("a shop that can be read");
        let session = Session::new(Running { desk, wishes }, Client::default(), columns, rows);
        let emulator = vt100::Parser::new(rows, columns, 0);
        let mut terminal = Terminal {
            session,
            emulator,
            woken,
            now: Instant::now(),
            took: Duration::ZERO,
            sent: Vec::new(),
            presence: presence.clone(),
            _folder: folder,
        };
        terminal.frame();
        terminal
    }

    /// Types, and counts the bytes of the one frame that shows it.
    pub fn send(&mut self, keys: &str) -> usize {
        let begun = Instant::now();
        self.session.input(keys.as_bytes(), self.now);
        // Long enough to know that no more of an escape sequence comes.
        self.now += Duration::from_secs(1);
        self.session.tick(self.now);
        let bytes = self.session.frame(self.now).map(<[u8]>::to_vec).unwrap_or_default();
        self.took = begun.elapsed();
        self.show(&bytes)
    }

    fn show(&mut self, bytes: &[u8]) -> usize {
        self.emulator.process(bytes);
        self.sent.extend_from_slice(bytes);
        bytes.len()
    }

    /// Every byte that the terminal was sent.
    #[allow(dead_code, reason = "most tests only count them")]
    pub fn sent(&self) -> &[u8] {
        &self.sent
    }

    /// Everyone at work, this terminal among them.
    #[allow(dead_code, reason = "most tests are alone at work")]
    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    /// The time from the last key to the bytes that show it.
    #[allow(dead_code, reason = "tests count bytes, benchmarks time")]
    pub fn took(&self) -> Duration {
        self.took
    }

    /// Types and waits until these words stand on the screen.
    pub fn reach(&mut self, keys: &str, words: &str) {
        self.send(keys);
        while !self.text().contains(words) || self.text().contains("adding up") {
            let woken = self.woken.recv_timeout(Duration::from_secs(60));
            assert!(woken.is_ok(), "{words} never came:\n{}", self.text());
            self.wake();
        }
    }

    /// Lets the console know that facts were published, and counts the bytes of the frame that shows them.
    pub fn wake(&mut self) -> usize {
        self.now += Duration::from_secs(1);
        self.session.wake();
        self.frame()
    }

    /// Counts the bytes that the terminal is sent now, and shows them.
    fn frame(&mut self) -> usize {
        let bytes = self.session.frame(self.now).map(<[u8]>::to_vec).unwrap_or_default();
        self.show(&bytes)
    }

    /// Lets so much time pass that nothing more is to come; the shop's clock goes on whenever it is looked at.
    pub fn rest(&mut self) {
        for _ in 0..100 {
            self.wake();
        }
    }

    /// What stands on the screen.
    pub fn text(&self) -> String {
        self.emulator.screen().contents()
    }
}
