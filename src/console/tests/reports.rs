//! The report views driven by keys: found, filtered, put in order, kept, handed out, and reached from everywhere.

use super::Desk;
use crate::domain::SavedView;
use crate::domain::command::Command;
use crossterm::event::{KeyCode, KeyModifiers};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A shop with two sales, on the report of that name.
fn at(report: &str) -> Desk {
    let mut desk = Desk::new();
    desk.enter("2*TEA");
    desk.enter("bun");
    desk.enter("20=");
    desk.enter("#Ines");
    desk.enter("bun");
    desk.enter("20=");
    desk.tab('5');
    desk.settled("Today", 100, 30);
    desk.write(&format!("/{report}"));
    desk.press(KeyCode::Enter);
    desk
}

#[test]
fn a_report_is_found_by_its_name_filtered_and_put_in_order() {
    let mut desk = at("sales-by-product");
    let whole = desk.settled("Green tea", 140, 45);
    assert!(whole.contains("Butter bun"), "{whole}");
    desk.write("s");
    let by_id = desk.screen(140, 45);
    let place = |screen: &str, row: &str| screen.lines().position(|line| line.contains(row)).expect("a row");
    assert!(place(&by_id, " 1      Green tea") < place(&by_id, " 2      Butter bun"), "{by_id}");
    desk.write("s");
    let by_name = desk.screen(140, 45);
    assert!(place(&by_name, " 2      Butter bun") < place(&by_name, " 1      Green tea"), "{by_name}");
    desk.write("fproduct");
    desk.press(KeyCode::Enter);
    desk.write("tea");
    desk.press(KeyCode::Enter);
    let cut = desk.settled("product = Green tea", 140, 45);
    assert!(!cut.contains("Butter bun"), "{cut}");
    desk.press(KeyCode::Delete);
    assert!(desk.settled("Butter bun", 140, 45).contains("Green tea"), "the filter is gone");
}

#[test]
fn a_report_is_kept_as_it_is_cut_and_opened_from_any_screen() {
    let mut desk = at("sales-by-product");
    desk.settled("Green tea", 140, 45);
    desk.write("fproduct");
    desk.press(KeyCode::Enter);
    desk.write("bun");
    desk.press(KeyCode::Enter);
    desk.settled("product = Butter bun", 140, 45);
    desk.write("b");
    desk.screen(140, 45);
    desk.write("buns");
    desk.press(KeyCode::Enter);
    let views = desk.shop.snapshot().unwrap().directory().views.clone();
    assert!(views[0].words.contains("product=Butter bun"), "{views:?}");
    desk.tab('1');
    desk.key(KeyCode::Char('p'), KeyModifiers::CONTROL);
    desk.write("report buns");
    desk.press(KeyCode::Enter);
    let kept = desk.settled("Butter bun", 140, 45);
    assert!(kept.contains("Buns") && !kept.contains("Green tea"), "{kept}");
}

#[test]
fn what_is_shown_leaves_in_the_form_that_is_chosen() {
    let mut desk = at("sales-by-product");
    desk.settled("Green tea", 140, 45);
    for (form, starts) in [("csv", "id,name"), ("json", "{"), ("markdown", "|"), ("chart", "Green tea")] {
        desk.write(&format!("e{form}"));
        desk.press(KeyCode::Enter);
        let folder = std::fs::read_dir(desk._folder.path()).unwrap();
        let ends = match form {
            "markdown" => "md",
            "chart" => "txt",
            form => form,
        };
        let file = folder.flatten().map(|file| file.path()).find(|path| path.extension().is_some_and(|e| e == ends));
        let content = std::fs::read_to_string(file.expect(form)).unwrap();
        assert!(content.contains(starts) && content.contains("Green tea"), "{form}: {content}");
    }
}

#[test]
fn what_is_compared_stands_beside_its_figure_at_every_size() {
    let mut desk = at("sales-by-category");
    desk.settled("Drinks", 80, 24);
    desk.write("cc");
    for (columns, rows) in [(80, 24), (140, 45), (200, 60)] {
        let page = desk.settled("beside last year", columns, rows);
        let heads = page.lines().find(|line| line.contains("Category")).expect("heads");
        let behind = heads.split("Net sales").nth(1).expect("the figure");
        assert!(behind.trim_start().starts_with("Before"), "{page}");
        assert!(behind.contains("Change"), "{page}");
        // Whatever is compared stands behind its figure.
        let words: Vec<&str> = heads.split("  ").map(str::trim).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2).filter(|pair| pair[1] == "Before") {
            assert!(!matches!(pair[0], "Category" | "Change" | "Before"), "{heads}");
        }
    }
}

#[test]
fn nothing_is_said_to_be_compared_that_is_not() {
    let mut desk = at("sales-by-category");
    desk.settled("Drinks", 80, 24);
    desk.write("c");
    desk.settled("beside the period before", 80, 24);
    desk.write("/segments");
    desk.press(KeyCode::Enter);
    let page = desk.settled("Segments", 80, 24);
    assert!(!page.contains("beside"), "{page}");
}

#[test]
fn a_report_shows_what_it_is_about_at_80x24() {
    let wanted = [
        ("days-of-stock", &["Days left"][..]),
        ("sell-through", &["Sell through"]),
        ("slow-stock", &["Units per day", "Days left"]),
        ("discounts-by-cashier", &["Discounts", "Discount pct"]),
        ("order-frequency", &["Last order", "Average days between"]),
        ("segments", &["Segment", "Customers"]),
        ("low-stock", &["Quantity", "Reorder level"]),
    ];
    let mut desk = at("sales-by-category");
    for (report, columns) in wanted {
        desk.write(&format!("/{report}"));
        desk.press(KeyCode::Enter);
        let page = desk.settled("live", 80, 24);
        let heads: String = page.lines().skip(2).take(4).collect();
        for column in columns {
            assert!(heads.contains(column), "{report}: {page}");
        }
    }
}

#[test]
fn a_row_that_is_not_of_members_opens_no_orders() {
    let mut desk = at("sales-by-product");
    for report in ["repeat-customers", "spend-per-customer", "average-order"] {
        desk.write(&format!("/{report}"));
        desk.press(KeyCode::Enter);
        desk.settled("live", 140, 45);
        desk.press(KeyCode::Enter);
        let page = desk.screen(140, 45);
        assert!(page.contains("There is no order behind this row alone."), "{report}: {page}");
    }
    let of_members = ["growth", "abc-products", "sales-by-age", "sales-by-day", "tax-summary"];
    for report in of_members.into_iter().chain(["segments", "cohorts", "new-vs-returning"]) {
        let mut desk = at(report);
        desk.settled("live", 140, 45);
        desk.press(KeyCode::Enter);
        let page = desk.screen(140, 45);
        assert!(!page.contains("There is no order behind this row alone."), "{report}: {page}");
    }
}

#[test]
fn all_a_report_is_cut_to_is_said_at_80x24() {
    let mut desk = at("sales-by-category");
    desk.settled("Drinks", 80, 24);
    desk.write("fgender");
    desk.press(KeyCode::Enter);
    desk.write("unknown");
    desk.press(KeyCode::Enter);
    desk.write("c");
    let page = desk.settled("gender = unknown", 80, 24);
    assert!(page.contains("all stores") && page.contains("beside the period before"), "{page}");
    // What a kept view is filtered by is said too, and cannot be taken from it.
    desk.write("bunknown-people");
    desk.press(KeyCode::Enter);
    desk.screen(80, 24);
    desk.write("/unknown-people");
    desk.press(KeyCode::Enter);
    let kept = desk.settled("Unknown people", 80, 24);
    assert!(kept.contains("gender = unknown"), "{kept}");
    desk.press(KeyCode::Delete);
    let kept = desk.screen(80, 24);
    assert!(kept.contains("gender = unknown") && kept.contains("This view is kept with its filters"), "{kept}");
}

#[test]
fn a_view_that_is_kept_with_a_store_among_its_filters_says_so() {
    let mut desk = at("sales-by-category");
    let words = super::text("sales-by-category --where store=North");
    super::ask(&desk.shop, Command::SaveView(SavedView { name: super::text("north-only"), words }));
    desk.settled("Drinks", 80, 24);
    desk.write("/north-only");
    desk.press(KeyCode::Enter);
    let page = desk.settled("store = North", 80, 24);
    assert!(page.contains("North only") && !page.contains("all stores"), "{page}");
}

#[test]
fn a_view_about_somebody_who_is_not_there_says_so() {
    let mut desk = at("sales-by-category");
    let words = super::text("sales-by-category --where customer=gone");
    super::ask(&desk.shop, Command::SaveView(SavedView { name: super::text("of-them"), words }));
    desk.settled("Drinks", 80, 24);
    desk.write("/of-them");
    desk.press(KeyCode::Enter);
    let page = desk.settled("Nothing in these days.", 140, 45);
    assert!(page.contains("Customer: nothing on record is called gone."), "{page}");
}

#[test]
fn a_store_goes_along_to_every_report_that_knows_of_stores() {
    let mut desk = at("sales-by-category");
    desk.settled("Drinks", 80, 24);
    desk.write("tNorth");
    desk.press(KeyCode::Enter);
    desk.settled("North ▾", 80, 24);
    for (report, _) in crate::report::list() {
        if matches!(report, "order-history" | "sales") {
            continue;
        }
        desk.write(&format!("/{report}"));
        desk.press(KeyCode::Enter);
        let page = desk.settled("live", 80, 24);
        assert!(!page.contains("slice by"), "{report}: {page}");
    }
    // A filter it cannot take is refused in full, and how to be rid of it is said.
    desk.write("/complaints-by-month");
    desk.press(KeyCode::Enter);
    assert!(desk.settled("Complaints by month", 80, 24).contains("all stores"));
    desk.write("fpayment");
    desk.press(KeyCode::Enter);
    desk.write("cash");
    desk.press(KeyCode::Enter);
    let page = desk.settled("payment = cash", 80, 24);
    let said: String = page.lines().map(|line| line.split('│').nth(1).unwrap_or("").trim().to_owned() + " ").collect();
    assert!(said.contains("slice by dates or by customers"), "{page}");
    assert!(page.contains("Del takes the filter away."), "{page}");
}

#[test]
fn goods_are_paced_by_the_days_that_till_report_takes() {
    let mut desk = at("sell-through");
    let page = desk.settled("Green tea", 200, 60);
    assert!(page.contains("the last 3 months"), "{page}");
    let request = crate::report::Request::named("sell-through").expect("a report");
    let day = crate::unit::Day::parse("2026-03-02").expect("a day");
    let asked = crate::report::answer(&desk.shop.snapshot().unwrap(), &request, day).expect("an answer");
    let per_day = asked.column("units_per_day").and_then(|mut column| column.next()).expect("a row").plain(2);
    assert!(page.contains(&per_day[..4]), "{per_day}: {page}");
    desk.write("p");
    assert!(desk.screen(140, 45).contains("This report has no days to choose"));
}

#[test]
fn figures_never_stand_under_the_head_of_another_question() {
    let mut desk = at("sales-by-category");
    desk.settled("Drinks", 80, 24);
    while desk.woken.try_recv().is_ok() {}
    // One answer is on its way when something else is chosen.
    desk.write("c");
    desk.write("p");
    desk.write("yesterday");
    desk.press(KeyCode::Enter);
    desk.woken.recv_timeout(std::time::Duration::from_secs(20)).expect("the first answer");
    desk.app.wake();
    let page = desk.screen(80, 24);
    assert!(page.contains("yesterday") && !page.contains("Drinks"), "{page}");
    let page = desk.settled("Nothing", 80, 24);
    assert!(page.contains("yesterday") && !page.contains("Drinks"), "{page}");
}

#[test]
fn what_nobody_waits_for_any_more_is_given_up() {
    let given_up = |flag: &Arc<AtomicBool>| flag.load(Ordering::Relaxed);
    let mut desk = at("sales-by-category");
    desk.settled("Drinks", 80, 24);
    // Something else is chosen while an answer is on its way.
    desk.write("c");
    let beside = desk.app.underway.flags();
    assert!(!beside.is_empty() && !beside.iter().any(given_up));
    desk.write("p");
    desk.write("today");
    desk.press(KeyCode::Enter);
    assert!(beside.iter().all(given_up), "another period");
    desk.settled("Drinks", 80, 24);
    // Facts that come meanwhile change nothing about what is asked.
    desk.write("c");
    let last_year = desk.app.underway.flags();
    desk.app.resize(80, 25);
    assert!(!last_year.is_empty() && !last_year.iter().any(given_up));
    desk.tab('1');
    assert!(last_year.iter().all(given_up), "another tab");
    desk.tab('5');
    desk.settled("Drinks", 80, 24);
    desk.write("c");
    let open = desk.app.underway.flags();
    drop(desk);
    assert!(!open.is_empty() && open.iter().all(given_up), "the console has ended");
}
