//! Hostile text in every field, drawn on every screen of somebody else's session: what their terminal is sent is cells and
//! the few sequences that draw them, and nothing that text brought along.

#[path = "byte_budgets/stage.rs"]
#[allow(dead_code, reason = "each test takes what it needs of it")]
mod stage;

#[path = "hostile/bytes.rs"]
mod bytes;
#[path = "hostile/crawl.rs"]
mod crawl;
#[path = "hostile/fields.rs"]
mod fields;
#[path = "hostile/poison.rs"]
mod poison;

use crawl::Crawler;
use fields::free_texts;
use poison::{EVIL, Marked, Poisoner, Way, marked_in, raw};
use stage::{Terminal, grown, seams, shop_of};
use std::collections::BTreeSet;
use till::console::Guest;
use till::domain::Change;
use till::domain::change::Details;
use till::domain::{Command, Credentials};
use till::engine::presence::{Shown, Signal};
use till::engine::{Presence, Shop};
use till::unit::text::is_shown;
use till::unit::{RegisterId, StaffId, Text};

/// Texts of a change that nobody outside can fill, and why.
const OWN: &[(&str, &str)] = &[
    ("details.Open", "closed to a digest before the journal; the words are looked for among the details"),
    ("BasketNoted.note.Open", "the same"),
    ("BasketHeld.basket.note", "taken out before the journal; only entries older than that have one"),
    ("CredentialsSaved.pin", "a digest that the console makes"),
    ("CredentialsSaved.passphrase", "a digest that the console makes"),
    ("Noted.Changed.field", "the console's own names of fields"),
];

/// Marks of texts that no screen shows: a discount's reason, the fingerprint and name of a key, a return's own id.
const UNSHOWN: [&str; 4] = ["discountreason", "fingerprint", "label", "returnid"];

#[test]
fn no_text_of_any_record_is_forgotten() {
    for way in [Way::Doors, Way::Forged] {
        let shop = shop_of(50);
        Poisoner::new(&shop, way).all();
        let (changes, details) = marked_in(&shop);
        nowhere_but(&changes, free_texts::<Change>());
        nowhere_but(&details, free_texts::<Details>());
    }
}

/// Every path that a record may hold free text at holds a hostile one.
fn nowhere_but(marked: &Marked, paths: BTreeSet<String>) {
    let is_own = |path: &String| OWN.iter().any(|(own, _)| path.contains(own));
    let is_marked = |path: &String| marked.iter().any(|(at, _)| at == path);
    let missed: Vec<&String> = paths.iter().filter(|path| !is_own(path) && !is_marked(path)).collect();
    assert!(missed.is_empty(), "no hostile text at {missed:#?}: let the poisoner put one there");
}

/// Goes through the whole console of a shop full of hostile text, on a screen of that size.
fn only_cells_of(way: Way, size: (u16, u16)) {
    let shop = shop_of(50);
    Poisoner::new(&shop, way).all();
    let presence = Presence::default();
    let mut crawler = Crawler::new(Terminal::among(&shop, size, &presence, Guest::default(), true));
    crawler.everywhere();
    crawler.reports();
    beside_others(&shop, &presence, &mut crawler, size);
    asked_who_comes(&shop, &mut crawler, size);
    assert!(crawler.faults.is_empty(), "{} faults, first {:?}", crawler.faults.len(), crawler.faults[0]);
    if (way, size.0) == (Way::Doors, 200) {
        everything_was_drawn(&shop, &crawler);
    }
}

/// Whatever is stored has stood on some screen: else nothing would be known of how it is drawn.
fn everything_was_drawn(shop: &Shop, crawler: &Crawler) {
    let (changes, details) = marked_in(shop);
    let marks: BTreeSet<&str> = changes.iter().chain(&details).map(|(_, mark)| mark.as_str()).collect();
    // At the end of a line a mark is cut short.
    let is_seen = |mark: &str| crawler.seen.iter().any(|seen| seen.len() >= 3 && mark.starts_with(seen));
    let unseen: Vec<&str> = marks.into_iter().filter(|mark| !is_seen(mark)).collect();
    assert_eq!(unseen, UNSHOWN, "on no screen");
}

#[test]
fn what_came_through_the_doors_draws_only_cells_on_a_small_screen() {
    only_cells_of(Way::Doors, (80, 24));
}

#[test]
fn what_came_through_the_doors_draws_only_cells_on_a_large_screen() {
    only_cells_of(Way::Doors, (200, 50));
}

#[test]
fn what_was_written_past_the_doors_draws_only_cells_on_a_small_screen() {
    only_cells_of(Way::Forged, (80, 24));
}

#[test]
fn what_was_written_past_the_doors_draws_only_cells_on_a_large_screen() {
    only_cells_of(Way::Forged, (200, 50));
}

/// Whatever the command line writes for a person to read, of a shop full of hostile text.
#[test]
fn what_was_written_past_the_doors_steers_no_terminal_from_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("shop.redb");
    let shop = grown(Shop::create(&path, seams()).expect("a new shop"), 50);
    Poisoner::new(&shop, Way::Forged).all();
    let snapshot = shop.snapshot().expect("a snapshot");
    let orders: Vec<u64> = (1..=snapshot.last_order().expect("a number").0).collect();
    drop(snapshot);
    shop.close().expect("closed");
    let mut seen = String::new();
    let mut run = |words: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_till"));
        let done = command.arg("--shop").arg(&path).args(words).output().expect("till runs");
        for bytes in [done.stdout, done.stderr] {
            let said = String::from_utf8(bytes).expect("UTF-8");
            let steers = said.chars().find(|letter| *letter != '\n' && !is_shown(*letter));
            assert!(steers.is_none(), "{words:?} writes {steers:?}: {said:?}");
            seen.push_str(&said);
        }
    };
    for (name, _) in till::report::list() {
        for form in [&[][..], &["--markdown"], &["--chart"]] {
            run(&[&["report", name], form].concat());
        }
    }
    let by = ["product", "customer", "store", "cashier", "category", "location", "payment", "channel", "register"];
    for dim in by {
        run(&["report", "sales", "--by", dim]);
        run(&["report", "why", "sales", "--by", dim]);
    }
    for order in orders.iter().rev().take(60).map(u64::to_string) {
        run(&["receipt", &order]);
    }
    for back in 1..9 {
        run(&["receipt", "--slip", &back.to_string()]);
    }
    let words: [&[&str]; 6] = [
        &["user", "list"],
        &["settings"],
        &["report", "--list"],
        &["check"],
        &["receipt", EVIL],
        &["user", "pin", EVIL],
    ];
    words.into_iter().for_each(&mut run);
    for mark in ["Evilproductname", "Evilcustomername", "Evilstaffname", "Evilshop", "Evilheader", "Evilview"] {
        assert!(seen.contains(mark), "{mark} was never written");
    }
}

/// Somebody hostile is at work elsewhere: what they are called, say, ask for and show comes from their session alone.
fn beside_others(shop: &Shop, presence: &Presence, crawler: &mut Crawler, size: (u16, u16)) {
    let person = Poisoner::new(shop, Way::Doors).person();
    // What a caller says of where they come from is cleaned by the session; here it is not.
    let seat = presence.enter(Some(person), RegisterId(1), &raw("elsewhere"), 0, std::sync::Arc::new(|| {}));
    let own = presence.all()[0].session;
    let id = shop.new_id();
    presence.tell(own, Signal::Message(person, raw("message")));
    presence.tell(own, Signal::Approval(seat.session(), id, raw("question")));
    for seen in ["Evilquestion", "Evilmessage"] {
        crawler.terminal.wake();
        crawler.look("a word from elsewhere");
        assert!(crawler.terminal.text().contains(seen), "{}", crawler.terminal.text());
        crawler.send("\x1b");
    }
    crawler.reach("\x1b6", "at work now");
    crawler.send("/Evilstaffname");
    crawler.send("\r");
    crawler.send("w");
    seat.show(Shown { lines: vec![raw("shown"); 60], cursor: Some((3, 3)) });
    crawler.terminal.wake();
    crawler.look("what is watched");
    assert!(crawler.terminal.text().contains("Evilshown"), "{}", crawler.terminal.text());
    crawler.back();
    presence.tell(own, Signal::TakenOver);
    crawler.terminal.wake();
    crawler.look("a basket that is taken over");
    // Theirs is a console, too: what they may not do is asked of others, by names that are hostile.
    let guest = Guest { proven: Some(cashier(shop)), from: raw("from"), ..Guest::default() };
    let mut theirs = Crawler::new(Terminal::among(shop, size, presence, guest, true));
    theirs.send("Evilproductname");
    for keys in ["\r", "-90%", "\r", EVIL, "\r", "\x1b", "\x1b", "=", "\r", "\r"] {
        theirs.send(keys);
    }
    crawler.faults.append(&mut theirs.faults);
    crawler.seen.append(&mut theirs.seen);
    let sent_away = Signal::SentAway(raw("sentaway"));
    presence.tell(own, sent_away);
    crawler.terminal.wake();
    crawler.look("a session that is ended");
}

/// A cashier of a hostile name, who came with the import.
fn cashier(shop: &Shop) -> StaffId {
    let snapshot = shop.snapshot().expect("a snapshot");
    let staff = snapshot.directory().staff.iter().find(|person| person.ext.contains("Evilcashier"));
    staff.expect("the cashier").id
}

/// Whoever comes is asked who they are, in a shop of a hostile name; what they say is hostile, too.
fn asked_who_comes(shop: &Shop, crawler: &mut Crawler, size: (u16, u16)) {
    let secret = Credentials { pin: Some(Text::lossy("no digest")), ..Credentials::none(StaffId(1)) };
    stage::ask(shop, Command::SaveCredentials(secret));
    let guest = Guest { named: Some(raw("named")), from: raw("from"), ..Guest::default() };
    let mut asked = Crawler::new(Terminal::among(shop, size, &Presence::default(), guest, true));
    assert!(asked.terminal.text().contains("PIN or passphrase"), "{}", asked.terminal.text());
    for keys in ["\x1b", "\x1b", &format!("\x1b[200~{EVIL}\x1b[201~"), "\r", "0000", "\r"] {
        asked.send(keys);
    }
    crawler.faults.append(&mut asked.faults);
    crawler.seen.append(&mut asked.seen);
}
