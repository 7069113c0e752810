use proptest::prelude::*;

use super::*;

fn zone(name: &str) -> Zone {
    Zone::by_name(name).expect("a zone of the tables")
}

fn day(text: &str) -> Day {
    Day::parse(text).expect("a test's own day")
}

/// Reads a stamp in a zone and writes it again.
fn there_and_back(text: &str, name: &str) -> String {
    Stamp::parse(text, &zone(name)).map_or_else(|fault| format!("{fault:?}"), |stamp| stamp.rfc3339())
}

#[test]
fn days_read_and_print() {
    assert_eq!(day("1970-01-01"), Day(0));
    assert_eq!(day("2024-03-01"), Day(19_783));
    assert_eq!((day("0001-01-01"), day("9999-12-31")), (Day::MIN, Day::MAX));
    assert_eq!(day("0987-06-05").to_string(), "0987-06-05");
    for (text, fault) in [
        ("", TimeFault::Empty),
        ("2024-3-1", TimeFault::Form),
        ("24-03-01", TimeFault::Form),
        ("2024/03/01", TimeFault::Form),
        ("01.03.2024", TimeFault::Form),
        ("2024-03-01 ", TimeFault::Form),
        (" 2024-03-01", TimeFault::Form),
        ("20240301", TimeFault::Form),
        ("-024-03-01", TimeFault::Form),
        ("+2024-03-01", TimeFault::Form),
        ("12024-03-01", TimeFault::Form),
        ("２０２４-03-01", TimeFault::Form),
        ("0000-01-01", TimeFault::YearOutOfRange),
        ("2023-02-29", TimeFault::NoSuchDay),
        ("2024-13-01", TimeFault::NoSuchDay),
        ("2024-00-01", TimeFault::NoSuchDay),
        ("2024-01-00", TimeFault::NoSuchDay),
    ] {
        assert_eq!(Day::parse(text), Err(fault), "{text}");
    }
    assert_eq!(Day::from_ymd(10_000, 1, 1), None);
}

#[test]
fn the_calendar_knows_weeks_months_and_quarters() {
    let leap = day("2024-02-29");
    assert_eq!((leap.year(), leap.month(), leap.day_of_month(), leap.quarter()), (2024, 2, 29, 1));
    assert_eq!(leap.weekday(), 3);
    assert_eq!(day("2024-03-03").weekday(), 6);
    assert_eq!(day("1969-12-29").weekday(), 0);
    assert_eq!(day("2024-12-31").quarter(), 4);
    assert_eq!(day("2021-01-03").iso_week(), (2020, 53));
    assert_eq!(day("2024-12-30").iso_week(), (2025, 1));
    assert_eq!(day("2024-03-01").iso_week(), (2024, 9));
    assert_eq!(leap.month_start(), day("2024-02-01"));
    assert_eq!(day("2024-03-01").days_since(day("2024-02-01")), 29);
}

#[test]
fn adding_stays_in_the_calendar() {
    assert_eq!(day("2024-01-31").add_months(1), day("2024-02-29"));
    assert_eq!(day("2024-03-31").add_months(-1), day("2024-02-29"));
    assert_eq!(day("2024-02-29").add_months(12), day("2025-02-28"));
    assert_eq!(day("2024-02-29").add_months(-14), day("2022-12-29"));
    assert_eq!(day("2024-12-31").add_days(1), day("2025-01-01"));
    for far in [i32::MAX, i32::MIN] {
        let end = if far > 0 { Day::MAX } else { Day::MIN };
        assert_eq!(day("2024-01-01").add_days(far), end);
        assert_eq!(day("2024-01-01").add_months(far), end);
        // A number that no calendar has still prints.
        assert_eq!(Day(far).to_string(), end.to_string());
    }
}

#[test]
fn ages_are_completed_years() {
    let age = |birth, on| age_on(day(birth), day(on));
    assert_eq!(age("1990-05-17", "2024-05-16"), Some(33));
    assert_eq!(age("1990-05-17", "2024-05-17"), Some(34));
    assert_eq!(age("2000-02-29", "2001-02-28"), Some(0));
    assert_eq!(age("2000-02-29", "2001-03-01"), Some(1));
    assert_eq!(age("2000-02-29", "2004-02-29"), Some(4));
    assert_eq!(age("2000-01-01", "2000-01-01"), Some(0));
    assert_eq!(age("2000-01-02", "2000-01-01"), None);
}

#[test]
fn stamps_read_every_written_form() {
    let berlin = "Europe/Berlin";
    for (text, want) in [
        ("2024-03-01", "2024-03-01"),
        ("2024-03-01T10:00", "2024-03-01T10:00:00+01:00"),
        ("2024-03-01 10:00:30", "2024-03-01T10:00:30+01:00"),
        ("2024-07-01 10:00:30.25", "2024-07-01T10:00:30.250+02:00"),
        ("2024-07-01 10:00:30,000", "2024-07-01T10:00:30+02:00"),
        ("2024-03-01T10:00:00.123999999", "2024-03-01T10:00:00.123+01:00"),
        ("2024-03-01T10:00:00Z", "2024-03-01T10:00:00+00:00"),
        ("2024-03-01T10:00:00-05:00", "2024-03-01T10:00:00-05:00"),
        ("2024-03-01T10:00+0530", "2024-03-01T10:00:00+05:30"),
        ("2024-03-01T10:00+01", "2024-03-01T10:00:00+01:00"),
        // RFC 3339 has no seconds in an offset: the same instant of the same day, in whole minutes.
        ("1890-03-01T10:00:00+00:19:32", "1890-03-01T09:59:28+00:19"),
        ("1890-03-01T00:00:00+00:19:32", "1890-03-01T00:00:28+00:20"),
        ("1890-03-01T23:59:59-00:19:32", "1890-03-01T23:59:31-00:20"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("9999-12-31T23:59:59.999-12:00", "9999-12-31T23:59:59.999-12:00"),
    ] {
        assert_eq!(there_and_back(text, berlin), want, "{text}");
    }
}

#[test]
fn stamps_refuse_everything_else() {
    for (text, fault) in [
        ("", "Empty"),
        ("yesterday", "Form"),
        ("2024-03-01T", "Form"),
        ("2024-03-01  10:00", "Form"),
        ("2024-03-01t10:00", "Form"),
        ("2024-03-01T10", "Form"),
        ("2024-03-01T1:00", "Form"),
        ("2024-03-01T10:00:", "Form"),
        ("2024-03-01T10:00:00.", "Form"),
        ("2024-03-01T10:00.5", "Form"),
        ("2024-03-01T10:00:00.1234567890123", "Form"),
        ("2024-03-01Z", "Form"),
        ("2024-03-01T10:00:00 Z", "Form"),
        ("2024-03-01T10:00:00ZZ", "Form"),
        ("2024-03-01T10:00:00+1", "Form"),
        ("2024-03-01T10:00:00+01:", "Form"),
        ("2024-03-01T10:00:00+01:00x", "Form"),
        ("2024-03-01T10:00:00 PM", "Form"),
        ("2024-03-01T24:00", "NoSuchTime"),
        ("2024-03-01T10:60", "NoSuchTime"),
        ("2016-12-31T23:59:60Z", "NoSuchTime"),
        ("2024-03-01T10:00:00+19:00", "NoSuchOffset"),
        ("2024-03-01T10:00:00+01:60", "NoSuchOffset"),
        ("2023-02-29T10:00", "NoSuchDay"),
        ("0000-03-01T10:00", "YearOutOfRange"),
    ] {
        assert_eq!(there_and_back(text, "UTC"), fault, "{text}");
    }
    assert!(TimeFault::Form.to_string().contains("2024-03-01"));
}

#[test]
fn local_times_that_come_twice_are_the_first_and_skipped_ones_move_forward() {
    for (text, name, want) in [
        ("2024-10-27T02:30", "Europe/Berlin", "2024-10-27T02:30:00+02:00"),
        ("2024-10-27T03:00", "Europe/Berlin", "2024-10-27T03:00:00+01:00"),
        ("2024-03-31T02:30", "Europe/Berlin", "2024-03-31T03:30:00+02:00"),
        ("2024-03-31T02:00", "Europe/Berlin", "2024-03-31T03:00:00+02:00"),
        ("2024-03-31T01:59:59", "Europe/Berlin", "2024-03-31T01:59:59+01:00"),
        ("2024-11-03T01:30", "America/New_York", "2024-11-03T01:30:00-04:00"),
        ("2024-03-10T02:30", "America/New_York", "2024-03-10T03:30:00-04:00"),
        // Half an hour only.
        ("2024-10-06T02:15", "Australia/Lord_Howe", "2024-10-06T02:45:00+11:00"),
        ("2024-04-07T01:45", "Australia/Lord_Howe", "2024-04-07T01:45:00+11:00"),
        // Ireland's winter is the exception and its summer the rule.
        ("2024-10-27T01:30", "Europe/Dublin", "2024-10-27T01:30:00+01:00"),
        // A whole day that Samoa left out.
        ("2011-12-30T12:00", "Pacific/Apia", "2011-12-31T12:00:00+14:00"),
    ] {
        assert_eq!(there_and_back(text, name), want, "{text} in {name}");
    }
}

#[test]
fn days_begin_where_their_place_says() {
    let starts = |name: &str, text: &str| Stamp::at(zone(name).day_starts(day(text)), &zone(name)).rfc3339();
    assert_eq!(starts("UTC", "2024-03-01"), "2024-03-01T00:00:00+00:00");
    assert_eq!(starts("Europe/Berlin", "2024-03-31"), "2024-03-31T00:00:00+01:00");
    assert_eq!(starts("Asia/Kolkata", "2024-03-01"), "2024-03-01T00:00:00+05:30");
    // The clocks jump over midnight.
    assert_eq!(starts("America/Sao_Paulo", "2018-11-04"), "2018-11-04T01:00:00-02:00");
    assert_eq!(starts("Asia/Beirut", "2024-03-31"), "2024-03-31T01:00:00+03:00");
    // Toronto's jump from 23:30 to 00:30 took the first half hour of the day away.
    assert_eq!(starts("America/Toronto", "1919-03-31"), "1919-03-31T00:30:00-04:00");
    // A day that was left out begins with the next one.
    assert_eq!(starts("Pacific/Apia", "2011-12-30"), "2011-12-31T00:00:00+14:00");
}

#[test]
fn a_stamp_answers_for_its_own_place() {
    let tokyo = zone("Asia/Tokyo");
    let stamp = Stamp::parse("2024-02-29T20:15:07Z", &tokyo).expect("reads");
    assert_eq!((stamp.day(), stamp.hour()), (day("2024-02-29"), Some(20)));
    let there = Stamp::at(stamp.unix_ms, &tokyo);
    assert_eq!((there.day(), there.time_of_day()), (day("2024-03-01"), Some((5, 15, 7))));
    let bare = Stamp::parse("2024-03-01", &tokyo).expect("reads");
    assert_eq!((bare.day(), bare.hour(), bare.precision), (day("2024-03-01"), None, Precision::Day));
    assert_eq!(bare.unix_ms, tokyo.day_starts(day("2024-03-01")));
    assert_eq!(Stamp::at(-1, &Zone::utc()).rfc3339(), "1969-12-31T23:59:59.999+00:00");
}

#[test]
fn zones_are_known_by_name() {
    for unknown in ["", " ", "Mars/Olympus", "Europe/Berlin ", "+01:00"] {
        assert_eq!(Zone::by_name(unknown), None, "{unknown}");
    }
    assert_eq!(Zone::by_name("UTC"), Some(Zone::utc()));
    let json = serde_json::to_string(&zone("Europe/Berlin")).expect("writes");
    assert_eq!(json, "\"Europe/Berlin\"");
    assert_eq!(serde_json::from_str::<Zone>(&json).expect("reads"), zone("Europe/Berlin"));
    assert!(serde_json::from_str::<Zone>("\"\"").is_err());
    assert!(Zone::names().any(|name| name == "America/Sao_Paulo"));
}

#[test]
fn an_offset_in_brackets_repeats_the_one_before_it() {
    let read = |text| Stamp::parse_fixed(text, &Zone::utc()).map(|(stamp, fixed)| (stamp.fixed(), fixed));
    let fixed = "2024-03-01T23:30:00+02:00[+02:00]".to_owned();
    assert_eq!(read(&fixed), Ok((fixed.clone(), true)));
    assert_eq!(read("2024-03-01T23:30:00+02:00"), Ok((fixed.clone(), false)));
    assert_eq!(read("2024-03-01"), Ok(("2024-03-01".to_owned(), false)));
    for wrong in
        ["2024-03-01[-01]", "2024-03-01T10:00+02:00[+01:00]", "2024-03-01T10:00[+01:00]", "2024-03-01T10:00Z[]"]
    {
        assert_eq!(read(wrong), Err(TimeFault::Form), "{wrong}");
    }
}

proptest! {
    #[test]
    fn days_keep_their_date(number in Day::MIN.0..=Day::MAX.0) {
        let day = Day(number);
        prop_assert_eq!(Day::from_ymd(day.year(), day.month(), day.day_of_month()), Some(day));
        prop_assert_eq!(Day::parse(&day.to_string()), Ok(day));
        prop_assert_eq!(day.add_days(1).weekday(), if day == Day::MAX { day.weekday() } else { (day.weekday() + 1) % 7 });
    }

    #[test]
    fn a_written_stamp_reads_back(unix_ms: i64, at in 0usize..590, recent: bool) {
        let names: Vec<&str> = Zone::names().collect();
        let zone = zone(names[at % names.len()]);
        let unix_ms = if recent { unix_ms % 4_000_000_000_000 } else { unix_ms % 400_000_000_000_000 };
        let stamp = Stamp::at(unix_ms, &zone);
        let back = Stamp::parse(&stamp.rfc3339(), &Zone::utc());
        prop_assert_eq!(back.map(|back| (back.unix_ms, back.day())), Ok((stamp.unix_ms, stamp.day())));
        let offset = stamp.rfc3339().split_off(10).split_once(['+', '-']).map(|(_, offset)| offset.len());
        prop_assert_eq!(offset, Some("01:00".len()), "as RFC 3339 has it");
        prop_assert_eq!(back == Ok(stamp), stamp.offset_s % 60 == 0);
    }

    #[test]
    fn what_is_fixed_reads_back_in_its_own_offset(unix_ms in -2_000_000_000_000i64..4_000_000_000_000, at in 0usize..590) {
        let names: Vec<&str> = Zone::names().collect();
        let stamp = Stamp::at(unix_ms, &zone(names[at % names.len()]));
        let back = Stamp::parse_fixed(&stamp.fixed(), &Zone::utc());
        prop_assert_eq!(back.map(|(back, fixed)| (back.unix_ms, back.day(), fixed)), Ok((stamp.unix_ms, stamp.day(), true)));
        prop_assert!(Stamp::parse(&stamp.fixed(), &Zone::utc()).is_err());
    }

    #[test]
    fn a_day_begins_with_its_first_instant(number in -40_000i32..40_000, at in 0usize..590) {
        let names: Vec<&str> = Zone::names().collect();
        let zone = zone(names[at % names.len()]);
        let start = zone.day_starts(Day(number));
        prop_assert!(Stamp::at(start, &zone).day() >= Day(number));
        prop_assert!(Stamp::at(start - 1, &zone).day() < Day(number));
        let bare = Stamp::of_day(Day(number), &zone);
        prop_assert_eq!(bare.unix_ms, start);
    }

    #[test]
    fn local_times_move_forward_or_not_at_all(minutes in -20_000_000i64..40_000_000, at in 0usize..590) {
        let names: Vec<&str> = Zone::names().collect();
        let zone = zone(names[at % names.len()]);
        let local_ms = minutes * 60_000;
        let (unix_ms, offset_s) = zone.resolve(local_ms);
        prop_assert_eq!(zone.offset_at(unix_ms), offset_s);
        let shown = unix_ms + i64::from(offset_s) * 1000;
        prop_assert!(shown >= local_ms && shown - local_ms <= 26 * 3_600_000);
    }

    #[test]
    fn reading_never_panics(text in "[0-9TZ :.,+-]{0,40}|\\PC{0,20}") {
        let _ = Stamp::parse(&text, &Zone::utc());
        let _ = Day::parse(&text);
    }

    #[test]
    fn the_edges_of_time_do_not_panic(unix_ms: i64, offset_s: i32, number: i32) {
        let stamp = Stamp { unix_ms, offset_s, precision: Precision::Milli };
        let _ = (stamp.day(), stamp.hour(), stamp.rfc3339());
        let zone = zone("America/New_York");
        let _ = (Stamp::at(unix_ms, &zone), zone.offset_at(unix_ms), zone.day_starts(Day(number)));
        let _ = (Day(number).iso_week(), Day(number).weekday(), Day(number).add_days(number), age_on(Day(number), Day(0)));
    }
}
