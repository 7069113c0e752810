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
use poison::{Poisoner, Way, marked_in};
use stage::{Terminal, shop_of};
use till::console::Guest;
use till::domain::Change;
use till::domain::change::Details;
use till::engine::Presence;

/// Texts of a change that nobody outside can fill, and why.
const OWN: &[(&str, &str)] = &[
    (".Open", "closed to a digest before the journal; the words are looked for among the details"),
    ("CredentialsSaved.pin", "a digest that the console makes"),
    ("CredentialsSaved.passphrase", "a digest that the console makes"),
    ("Noted.Changed.field", "the console's own names of fields"),
];

#[test]
fn no_text_of_any_record_is_forgotten() {
    for way in [Way::Doors, Way::Forged] {
        let shop = shop_of(50);
        Poisoner::new(&shop, way).all();
        let (changes, details) = marked_in(&shop);
        let is_own = |path: &&String| OWN.iter().any(|(own, _)| path.contains(own));
        let missed: Vec<_> = free_texts::<Change>().into_iter().filter(|path| !changes.contains(path)).collect();
        let missed: Vec<_> = missed.iter().filter(|path| !is_own(path)).collect();
        assert!(missed.is_empty(), "{way:?}: no hostile text in {missed:#?}");
        let missed: Vec<_> = free_texts::<Details>().into_iter().filter(|path| !details.contains(path)).collect();
        assert!(missed.is_empty(), "{way:?}: no hostile text in {missed:#?}");
    }
}

/// Goes through the whole console of a shop full of hostile text, on a screen of that size.
fn only_cells_of(way: Way, size: (u16, u16)) {
    let shop = shop_of(50);
    Poisoner::new(&shop, way).all();
    let presence = Presence::default();
    let mut crawler = Crawler::new(Terminal::among(&shop, size, &presence, Guest::default(), true));
    crawler.everywhere();
    crawler.reports();
    println!("{way:?} {size:?} {:?}", crawler.seen);
    assert!(crawler.faults.is_empty(), "{} faults: {:#?}", crawler.faults.len(), &crawler.faults[..1]);
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
