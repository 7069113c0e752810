//! The report views driven by keys: found, filtered, put in order, kept, handed out, and reached from everywhere.

use super::Desk;
use crossterm::event::{KeyCode, KeyModifiers};

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
