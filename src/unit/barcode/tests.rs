use proptest::prelude::*;

use super::pattern::value_check_digit;
use super::*;
use crate::unit::{Money, Quantity};

#[test]
fn check_digits() {
    for (payload, digit) in [
        ("400638133393", 1),
        ("629104150021", 3),
        ("9638507", 4),
        ("03600029145", 2),
        ("0950600013435", 2),
        ("37610425002123456", 9),
        ("0", 0),
    ] {
        assert_eq!(check_digit(payload), Some(digit), "{payload}");
    }
    for none in ["", "12a", "-1", "１２", "123456789012345678"] {
        assert_eq!(check_digit(none), None, "{none}");
    }
}

#[test]
fn codes_are_known_by_length_and_check_digit() {
    assert_eq!(kind("96385074"), Some(Kind::Gtin8));
    assert_eq!(kind("04963406"), Some(Kind::UpcE));
    assert_eq!(kind("036000291452"), Some(Kind::Gtin12));
    assert_eq!(kind("4006381333931"), Some(Kind::Gtin13));
    assert_eq!(kind("09506000134352"), Some(Kind::Gtin14));
    for none in
        ["", "1", "1234567", "123456789", "12345678901", "123456789012345", "400638133393X", &"9".repeat(10_000)]
    {
        assert_eq!((kind(none), gtin14(none), is_valid(none)), (None, None, false), "{none}");
    }
    assert!(is_valid("4006381333931") && !is_valid("4006381333932"));
}

#[test]
fn one_good_has_one_form_for_comparison() {
    assert_eq!(gtin14("036000291452").as_deref(), Some("00036000291452"));
    assert_eq!(gtin14("0036000291452").as_deref(), Some("00036000291452"));
    assert_eq!(gtin14("00036000291452").as_deref(), Some("00036000291452"));
    assert_eq!(gtin14("96385074").as_deref(), Some("00000096385074"));
    // A wrong check digit is kept.
    assert_eq!(gtin14("4006381333932").as_deref(), Some("04006381333932"));
    assert_eq!(gtin14("04963406"), gtin14("049000006346"));
}

#[test]
fn upc_e_expands_by_its_last_digit() {
    for (short, long) in [
        ("04252614", "042100005264"),
        ("01234505", "012000003455"),
        ("01234565", "012345000065"),
        ("123453", "012300000451"),
        ("0123454", "012340000053"),
        ("1123456", "112345000062"),
    ] {
        assert_eq!(expand_upce(short).as_deref(), Some(long), "{short}");
    }
    for none in ["", "12345", "21234565", "123456789", "01234x65"] {
        assert_eq!(expand_upce(none), None, "{none}");
    }
}

#[test]
fn patterns_read_weights_and_prices() {
    let weight = Pattern::parse("20=IIIIIWWWWW.3").expect("a pattern");
    let code = with_check("201234501250");
    assert_eq!(
        weight.read(&code),
        Some(Embedded { item: "12345".into(), weight: Some(Quantity(1250)), price: None, weighed: false })
    );
    let price = Pattern::parse("0211=IIIPPPPP").expect("a pattern");
    let code = with_check("021100700499");
    let want = Embedded {
        item: "007".into(),
        weight: None,
        price: Some(Money::parse("4.99").expect("money")),
        weighed: false,
    };
    assert_eq!(price.read(&code), Some(want.clone()));
    // The same digits, of goods that were weighed.
    let weighed = Pattern::parse("0211=IIIMMMMM").expect("a pattern");
    assert_eq!(weighed.to_string(), "0211=IIIMMMMM.2");
    assert_eq!(weighed.read(&code), Some(Embedded { weighed: true, ..want.clone() }));
    // The same label as a UPC-A scanner sends it.
    assert_eq!(price.read(&code[1..]), Some(want));
    for not in
        ["", "21", "2112345012504", "20123450125", "2012345x12504", &with_check("221234501250"), &"2".repeat(10_000)]
    {
        assert_eq!(weight.read(not), None, "{not}");
    }
}

#[test]
fn check_digits_of_patterns_count_unless_told_otherwise() {
    let code = with_check("201234501250");
    let wrong = format!("{}{}", &code[..12], (code.as_bytes()[12] - b'0' + 1) % 10);
    assert_eq!(Pattern::parse("20=IIIIIWWWWW").expect("a pattern").read(&wrong), None);
    assert!(Pattern::parse("20=IIIIIWWWWW?").expect("a pattern").read(&wrong).is_some());
    let verified = Pattern::parse("20=IIIIIVPPPP.2").expect("a pattern");
    assert!(verified.read(&with_check("201234592875")).is_some());
    assert_eq!(verified.read(&with_check("201234582875")), None);
}

#[test]
fn value_check_digits_follow_the_specification() {
    assert_eq!(value_check_digit("2875"), Some(9));
    assert_eq!(value_check_digit("14685"), Some(6));
    assert_eq!(value_check_digit("0000"), Some(0));
    assert_eq!(value_check_digit("123"), None);
    assert_eq!(value_check_digit("12a4"), None);
}

#[test]
fn patterns_have_one_text_form() {
    for text in ["20=IIIIIWWWWW.3", "21=IIIIVPPPPP.2", "02=IIIIIPPPPP.0", "2=IIIIIIWWWWW.1?", "2812=IIIIVWWW"] {
        let Ok(pattern) = Pattern::parse(text) else {
            assert_eq!(Pattern::parse(text), Err(PatternFault::ValueCheck), "{text}");
            continue;
        };
        assert_eq!(pattern.to_string(), text);
        let json = serde_json::to_string(&pattern).expect("writes");
        assert_eq!(serde_json::from_str::<Pattern>(&json).expect("reads"), pattern);
    }
    assert_eq!(Pattern::parse("20=IIIIIWWWWW").map(|p| p.to_string()).as_deref(), Ok("20=IIIIIWWWWW.3"));
    for (text, fault) in [
        ("", PatternFault::Form),
        ("20IIIIIWWWWW", PatternFault::Form),
        ("=IIIIIIIWWWWW", PatternFault::Form),
        ("2x=IIIIIWWWWW", PatternFault::Form),
        ("20=IIIIIWWPPP", PatternFault::Form),
        ("20=WWWWWIIIII", PatternFault::Form),
        ("20=IIIIIIIIII", PatternFault::Form),
        ("20=IIIVVWWWWW", PatternFault::Form),
        ("20=IIIIIWWWWW.", PatternFault::Form),
        ("20=IIIIIWWWWW.x", PatternFault::Form),
        ("20=IIIIIWWWWW.33", PatternFault::Form),
        ("20=iiiiiwwwww", PatternFault::Form),
        ("20=IIIIWWWWW", PatternFault::Length),
        ("20=IIIIIWWWWWC", PatternFault::Form),
        ("20=IIIIIWWWWW.4", PatternFault::Decimals),
        ("20=IIIIIPPPPP.5", PatternFault::Decimals),
        ("20=IIIIIIIIWW.3", PatternFault::Decimals),
        ("20=IIIIIIVPPP", PatternFault::ValueCheck),
    ] {
        assert_eq!(Pattern::parse(text), Err(fault), "{text}");
    }
}

/// The real codes, right and wrong, of the folder that `TILL_REAL_DATA` names.
#[test]
fn real_codes_are_judged_as_they_should_be() {
    let Some(folder) = std::env::var_os("TILL_REAL_DATA") else {
        println!("skipped: TILL_REAL_DATA is not set");
        return;
    };
    let path = std::path::Path::new(&folder).join("barcodes/barcodes.csv");
    let mut rows = csv::Reader::from_path(path).expect("the file of barcodes");
    let mut judged = 0;
    for row in rows.records() {
        let row = row.expect("a row");
        let [symbology, code, valid, normal] = [0, 1, 3, 4].map(|at| row.get(at).expect("a column"));
        assert_eq!(is_valid(code).to_string(), valid, "{symbology} {code}");
        if valid == "true" {
            assert_eq!(gtin14(code).as_deref(), Some(normal), "{symbology} {code}");
        }
        if symbology == "upce" {
            assert_eq!(kind(code), Some(Kind::UpcE), "{code}");
            assert_eq!(expand_upce(code).map(|upca| format!("upca={upca}")).as_deref(), row.get(5), "{code}");
        }
        judged += 1;
    }
    assert_eq!(judged, 404);
}

fn with_check(payload: &str) -> String {
    format!("{payload}{}", check_digit(payload).expect("digits"))
}

proptest! {
    #[test]
    fn one_wrong_digit_never_passes(payload in "[1-9][0-9]{11}", at in 0usize..13, by in 1u8..10) {
        let code = with_check(&payload);
        prop_assert!(is_valid(&code));
        let mut wrong = code.into_bytes();
        wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
        prop_assert!(!is_valid(&String::from_utf8(wrong).expect("digits")));
    }

    #[test]
    fn one_wrong_digit_of_a_verified_price_never_passes(price in "[0-9]{4,5}", at in 0usize..5, by in 1u8..10) {
        let mut wrong = price.clone().into_bytes();
        let at = at % wrong.len();
        wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
        let wrong = String::from_utf8(wrong).expect("digits");
        prop_assert!(value_check_digit(&price).is_some());
        prop_assert_ne!(value_check_digit(&price), value_check_digit(&wrong));
    }

    #[test]
    fn labels_read_back(item in 0u32..100_000, grams in 0i64..100_000) {
        let pattern = Pattern::parse("29=IIIIIWWWWW").expect("a pattern");
        let read = pattern.read(&with_check(&format!("29{item:05}{grams:05}"))).expect("fits");
        prop_assert_eq!(read, Embedded { item: format!("{item:05}"), weight: Some(Quantity(grams)), price: None, weighed: false });
    }

    #[test]
    fn nothing_panics(text in "[0-9=IWPVC.?é]{0,20}|\\PC{0,20}") {
        let _ = (kind(&text), gtin14(&text), expand_upce(&text), check_digit(&text), value_check_digit(&text));
        if let Ok(pattern) = Pattern::parse(&text) {
            let _ = pattern.read(&text);
            prop_assert_eq!(Pattern::parse(&pattern.to_string()), Ok(pattern));
        }
    }
}
