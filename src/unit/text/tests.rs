use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::*;

fn clean(raw: &str) -> String {
    Text::clean(raw, 10_000).expect("short enough").as_str().to_owned()
}

#[test]
fn what_is_clean_stays_as_it_is() {
    for text in ["", "QUICK", "CA-2016-152156", "000123", "two  blanks", "Café Ōsaka", "日本語", "Ελλάδα", "שלום", "👍"]
    {
        assert_eq!(clean(text), text);
        assert!(Text::is_clean(text), "{text}");
    }
}

#[test]
fn control_bidi_and_format_characters_go() {
    for c in [
        '\0',
        '\u{7}',
        '\u{1b}',
        '\u{7f}',
        '\u{9b}',
        '\u{ad}',
        '\u{61c}',
        '\u{200b}',
        '\u{200d}',
        '\u{200e}',
        '\u{200f}',
        '\u{202a}',
        '\u{202b}',
        '\u{202c}',
        '\u{202d}',
        '\u{202e}',
        '\u{2060}',
        '\u{2066}',
        '\u{2067}',
        '\u{2068}',
        '\u{2069}',
        '\u{feff}',
        '\u{fe0f}',
        '\u{fff9}',
        '\u{ffff}',
        '\u{e0001}',
        '\u{e0041}',
        '\u{3164}',
    ] {
        assert_eq!(clean(&format!("a{c}1{c}{c}2")), "a12", "{c:?}");
        assert!(!Text::is_clean(&c.to_string()), "{c:?}");
    }
    assert_eq!(clean("\u{1b}[31mred\u{1b}[0m"), "[31mred[0m");
}

#[test]
fn line_ends_and_tabs_become_one_blank() {
    assert_eq!(clean("one\r\n\ttwo\n\nthree"), "one two three");
    assert_eq!(clean("one \n  two"), "one two");
    assert_eq!(clean("one\u{2028}two\u{2029}three\u{85}four\u{b}five"), "one two three four five");
    assert_eq!(clean("\n\t one\t\n"), "one");
    assert_eq!(clean(" \u{a0}\u{3000}one\u{3000} "), "one");
}

#[test]
fn characters_are_composed_and_marks_are_bounded() {
    assert_eq!(clean("Cafe\u{301}"), "Café");
    assert_eq!(clean("e\u{200d}\u{301}"), "é");
    assert_eq!(clean("\u{301}\u{302} a"), "a");
    let tower = format!("x{}y", "\u{335}".repeat(500));
    assert_eq!(clean(&tower).chars().count(), 6);
    assert_eq!(clean(&tower), format!("x{}y", "\u{335}".repeat(4)));
}

#[test]
fn length_is_counted_in_cleaned_characters() {
    assert!(Text::clean("ééééé", 5).is_ok());
    assert!(Text::clean("e\u{301}e\u{301}", 2).is_ok());
    assert!(Text::clean("  ab\u{200b}  ", 2).is_ok());
    assert_eq!(Text::clean("abcdef", 5), Err(TextFault::TooLong { max: 5 }));
    assert_eq!(Text::clean(&"x".repeat(1_000_000), 100), Err(TextFault::TooLong { max: 100 }));
    assert!(TextFault::TooLong { max: 5 }.to_string().contains('5'));
}

#[test]
fn paragraphs_keep_their_lines() {
    let paragraph = |raw: &str| Text::paragraph(raw, 1000).expect("short enough").as_str().to_owned();
    assert_eq!(paragraph("one\r\ntwo\rthree\u{2028}four"), "one\ntwo\nthree\nfour");
    assert_eq!(paragraph("\n\n one \n\n\n\n two\t\u{202e}3\n\n"), "one\n\ntwo 3");
    assert_eq!(paragraph(" \n \n"), "");
    assert_eq!(Text::paragraph("abc\ndef", 6), Err(TextFault::TooLong { max: 6 }));
}

#[test]
fn a_text_is_a_str_wherever_one_is_wanted() {
    let text = Text::lossy(" Tea\u{202e} ");
    assert_eq!(text, "Tea");
    assert!(text.starts_with('T'));
    assert_eq!(format!("{text:>5}|{text:?}"), "  Tea|\"Tea\"");
    assert_eq!(Text::default(), "");
    let json = serde_json::to_string(&text).expect("writes");
    assert_eq!(json, "\"Tea\"");
    assert_eq!(serde_json::from_str::<Text>(&json).expect("reads"), text);
    let by_text = std::collections::HashMap::from([(text, 1)]);
    assert_eq!(by_text.get("Tea"), Some(&1));
}

#[test]
fn columns_are_counted_as_the_screen_counts_them() {
    for (text, columns) in [("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("👍", 2), ("👍🏽", 2), ("…", 1)]
    {
        assert_eq!(width(text), columns, "{text}");
    }
}

#[test]
fn cutting_keeps_whole_characters() {
    assert_eq!(fit("Espresso", 8), "Espresso");
    assert_eq!(fit("Espresso", 7), "Espres…");
    assert_eq!(fit("Espresso", 1), "…");
    assert_eq!(fit("Espresso", 0), "");
    assert_eq!(fit("日本語", 5), "日本…");
    assert_eq!(fit("日本語", 4), "日…");
    assert_eq!(fit("日本語", 2), "…");
    assert_eq!(fit("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
    assert_eq!(pad_left("12.50", 8), "   12.50");
    assert_eq!(pad_right("日本", 6), "日本  ");
    assert_eq!(pad_right("Espresso", 4), "Esp…");
    assert_eq!(pad_right("日本語", 4), "日… ");
}

#[test]
fn folding_forgets_case_accents_and_extra_blanks() {
    for (text, folded) in [
        ("  Crème   BRÛLÉE ", "creme brulee"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Łódź", "lodz"),
        ("Smørrebrød", "smorrebrod"),
        ("Æble", "aeble"),
        ("İstanbul", "istanbul"),
        ("ＡＢＣ１２", "abc12"),
        ("O’Brien", "o'brien"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("\u{202e}a\u{200b}b", "ab"),
    ] {
        assert_eq!(fold(text), folded, "{text}");
    }
}

#[test]
fn words_are_found_by_their_beginnings() {
    let found = |haystack: &str, needle: &str| word_starts(&fold(haystack), &fold(needle)).is_some();
    assert!(found("Crème brûlée", "bru"));
    assert!(found("Crème brûlée", "bru cre"));
    assert!(found("Coca-Cola 0.5 l", "cola"));
    assert!(found("Coca-Cola 0.5 l", "coca-co 0.5"));
    assert!(found("Cola Coca", "co cola"));
    assert!(found("anything", "  "));
    assert!(found("xa-xa xa", "xa xa xa"));
    assert!(found("bab ab", "ab"));
    assert!(!found("Crème brûlée", "lee"));
    assert!(!found("Crème brûlée", "bru x"));
    assert!(!found("", "a"));
}

#[test]
fn better_finds_score_lower() {
    let score = |haystack: &str, needle: &str| word_starts(haystack, needle).expect("found");
    assert!(score("green tea", "green tea") < score("tea green", "green tea"), "in order first");
    assert!(score("tea green and more words", "tea") < score("green tea", "tea"), "then at the start");
    assert!(score("tea", "tea") < score("tea green", "tea"), "then the shorter");
    assert!(score("tea green", "te gr") < score("green tea", "te gr"));
}

/// Texts with a good share of what cleaning is about.
fn troublesome() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[ -~]{1,4}",
        prop::sample::select(vec![
            " ", "\n", "\r\n", "\t", "\u{301}", "\u{323}", "\u{200d}", "\u{202e}", "\u{9c7}", "\u{9be}", "\u{1100}",
            "\u{1161}", "\u{11a8}", "\u{2028}", "\u{fe0f}", "👍", "🏽", "日", "e", "ß", "\u{3000}", "İ",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn cleaning_is_settled_after_once(raw in troublesome()) {
        let once = clean(&raw);
        prop_assert!(Text::is_clean(&once), "{:?} -> {:?}", once, clean(&once));
        prop_assert!(once.nfc().eq(once.chars()));
        prop_assert_eq!(once.trim(), &once);
        let moves_digits = once.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c));
        prop_assert!(!moves_digits);
        let marks = once.chars().collect::<Vec<_>>();
        prop_assert!(!marks.windows(5).any(|five| five.iter().all(|c| is_combining_mark(*c))));
        let lines = Text::paragraph(&raw, 10_000).expect("short enough");
        prop_assert_eq!(&Text::paragraph(&lines, 10_000).expect("short enough"), &lines);
        prop_assert!(lines.split('\n').all(Text::is_clean));
    }

    #[test]
    fn a_cut_text_never_exceeds_its_columns(raw in troublesome(), cols in 0usize..30) {
        let text = clean(&raw);
        let cut = fit(&text, cols);
        prop_assert!(width(&cut) <= cols);
        prop_assert_eq!(cut == text, width(&text) <= cols);
        prop_assert_eq!(width(&pad_left(&text, cols)), cols);
        prop_assert_eq!(width(&pad_right(&text, cols)), cols);
    }

    #[test]
    fn folding_twice_changes_nothing(raw in troublesome()) {
        let once = fold(&raw);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn every_text_finds_itself_and_its_beginning(raw in troublesome(), keep in 1usize..6) {
        let folded = fold(&raw);
        prop_assert!(word_starts(&folded, &folded).is_some());
        let begun: Vec<String> = folded.split(' ').rev().map(|word| word.chars().take(keep).collect()).collect();
        prop_assert!(word_starts(&folded, &begun.join(" ")).is_some());
    }
}

#[test]
fn a_line_for_a_terminal_steers_nothing_and_is_else_the_same() {
    for clean in ["", "Caffè  漢字 e\u{30c}", "  a\u{a0}b "] {
        assert!(matches!(shown(clean), std::borrow::Cow::Borrowed(line) if line == clean));
    }
    assert_eq!(shown("a\u{1b}[2Jb\u{202e}c\nd\u{9b}e\u{200d}\u{2028}"), "a [2Jb c d e  ");
}
