//! How many bytes one event may cost a terminal: what makes a till feel near on a slow line.
//!
//! The console runs as a session runs it, over a grown shop in memory, in true colour. Bytes do not vary, so every figure is
//! a promise; the worst of several like events counts.

#[path = "byte_budgets/stage.rs"]
mod stage;

use stage::{Terminal, ask, shop};
use till::domain::Command;
use till::engine::Shop;
use till::unit::{Quantity, StoreId};

/// Events and the most bytes each may cost, on 80×24 and on 200×50.
const BUDGETS: [(&str, [usize; 2]); 17] = [
    ("nothing happens", [0, 0]),
    ("a letter in a form", [4, 4]),
    ("a letter in a filter", [4, 4]),
    ("a letter in the Sale field", [4, 4]),
    ("a letter that opens the suggestions", [250, 250]),
    ("a letter that changes the suggestions", [195, 210]),
    ("a scanned line", [400, 400]),
    ("a line of the basket marked", [170, 300]),
    ("an order marked", [170, 300]),
    ("a product marked", [170, 300]),
    ("a customer marked", [170, 300]),
    ("a report's row marked", [170, 300]),
    ("orders scrolled by one", [250, 250]),
    ("products scrolled by one", [250, 250]),
    ("customers scrolled by one", [250, 250]),
    // The terminal moves whole rows: what stands beside the list goes first, and comes back once the mark rests.
    ("a page beside the list gone with the scroll", [250, 350]),
    ("a live figure", [60, 60]),
];

const DOWN: &str = "\x1b[B";
const UP: &str = "\x1b[A";
const LEFT: &str = "\x1b[D";
const RIGHT: &str = "\x1b[C";
const ESC: &str = "\x1b";
const ERASE_LINE: &str = "\x15";

/// What was seen to cost how much.
#[derive(Default)]
struct Costs(Vec<(&'static str, usize)>);

impl Costs {
    fn add(&mut self, event: &'static str, bytes: usize) {
        self.0.push((event, bytes));
    }

    fn all(&mut self, event: &'static str, terminal: &mut Terminal, keys: &[&str]) {
        for key in keys {
            self.add(event, terminal.send(key));
        }
    }

    fn worst(&self, event: &str) -> Option<usize> {
        self.0.iter().filter(|(name, _)| *name == event).map(|(_, bytes)| *bytes).max()
    }
}

#[test]
fn no_event_costs_more_than_its_budget() {
    let shop = shop();
    let mut faults = Vec::new();
    for (at, size) in [(80, 24), (200, 50)].into_iter().enumerate() {
        let mut terminal = Terminal::new(&shop, size);
        let mut costs = Costs::default();
        sell(&shop, &mut terminal, &mut costs);
        for tab in LISTS {
            walk(tab, usize::from(size.1), &mut terminal, &mut costs);
        }
        fill_in(&mut terminal, &mut costs);
        look_on(&shop, &mut terminal, &mut costs);
        report(&mut terminal, &mut costs);
        for (event, budget) in BUDGETS {
            let worst = costs.worst(event).unwrap_or_else(|| panic!("{event} never happened"));
            println!("{size:?} {event}: {worst} bytes of {}", budget[at]);
            if worst > budget[at] {
                faults.push(format!("{event} costs {worst} bytes on {size:?}, more than {}", budget[at]));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// Products are looked for by words and scanned, and the basket's lines are gone through.
fn sell(shop: &Shop, terminal: &mut Terminal, costs: &mut Costs) {
    for word in ["coff", "mil", "teap"] {
        let mut letters = word.split("").filter(|letter| !letter.is_empty());
        costs.all("a letter that opens the suggestions", terminal, &[letters.next().expect("a letter")]);
        costs.all("a letter that changes the suggestions", terminal, &letters.collect::<Vec<_>>());
        terminal.send(ERASE_LINE);
    }
    let snapshot = shop.snapshot().expect("a shop that stands");
    let sold = snapshot.catalogue().all().filter(|product| product.price.is_some());
    let codes: Vec<String> = sold.filter_map(|product| Some(format!("{}\r", product.barcodes.first()?))).collect();
    for code in &codes[..8] {
        costs.all("a scanned line", terminal, &[code, code]);
    }
    costs.all("a line of the basket marked", terminal, &[UP, UP, UP, DOWN]);
    terminal.send("2");
    costs.all("a letter in the Sale field", terminal, &["9", "0", "0"]);
    terminal.send(ERASE_LINE);
}

/// A list: the key of its tab, what marking and scrolling in it are called, and letters that narrow it only once they are
/// confirmed.
type Listed = (&'static str, &'static str, &'static str, &'static [&'static str]);

const LISTS: [Listed; 3] = [
    ("\x1b2", "an order marked", "orders scrolled by one", &["b", "c"]),
    ("\x1b3", "a product marked", "products scrolled by one", &[]),
    ("\x1b4", "a customer marked", "customers scrolled by one", &["b", "c"]),
];

/// A list is gone through, scrolled and filtered.
fn walk((tab, marked, scrolled, letters): Listed, rows: usize, terminal: &mut Terminal, costs: &mut Costs) {
    terminal.send(tab);
    costs.all(marked, terminal, &[DOWN; 12]);
    costs.all(marked, terminal, &[UP]);
    for _ in 0..rows {
        terminal.send(DOWN);
    }
    costs.all(scrolled, terminal, &[DOWN; 12]);
    terminal.rest();
    costs.all("a page beside the list gone with the scroll", terminal, &[DOWN]);
    terminal.send("/");
    terminal.send("a");
    costs.all("a letter in a filter", terminal, letters);
    terminal.send(ESC);
}

/// A form is filled in.
fn fill_in(terminal: &mut Terminal, costs: &mut Costs) {
    terminal.send("a");
    terminal.send("I");
    costs.all("a letter in a form", terminal, &["n", "e", "s"]);
    terminal.send(ESC);
    terminal.send("\x1b[3~");
}

/// Goods come in while somebody looks at them.
fn look_on(shop: &Shop, terminal: &mut Terminal, costs: &mut Costs) {
    terminal.send("\x1b3");
    terminal.send("\x1b[H");
    costs.add("nothing happens", terminal.wake());
    let snapshot = shop.snapshot().expect("a shop that stands");
    let first = *snapshot.catalogue().by_code("1125").first().expect("a product in sight");
    drop(snapshot);
    for pieces in [3, 8] {
        let quantity = Quantity::pieces(pieces);
        let (store, product) = (StoreId(1), first);
        ask(shop, Command::ReceiveStock { store, product, quantity, unit_cost: None, reason: None });
        costs.add("a live figure", terminal.wake());
    }
    costs.add("nothing happens", terminal.wake());
}

/// A report's rows are gone through.
fn report(terminal: &mut Terminal, costs: &mut Costs) {
    terminal.reach("\x1b5", "live");
    terminal.send(LEFT);
    terminal.reach(DOWN, "live");
    terminal.reach(DOWN, "live");
    terminal.send(RIGHT);
    costs.all("a report's row marked", terminal, &[DOWN; 6]);
}
