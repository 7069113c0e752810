//! Keeps the house: each floor imports only from floors before it, and what belongs to one room is named in no other.
//!
//! Reads the sources as text; a rule that cannot fail is no rule, so each is tried on a source that breaks it.

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, each may import from those before it.
const FLOORS: [&str; 11] =
    ["unit", "domain", "store", "engine", "report", "insight", "exchange", "demo", "console", "session", "cli"];

/// Longest file and longest function, in lines.
const FILE_LINES: usize = 560;
const FUNCTION_LINES: usize = 110;

struct Source {
    path: PathBuf,
    text: String,
}

fn sources() -> Vec<Source> {
    fn walk(folder: &Path, found: &mut Vec<Source>) {
        let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push(Source { path, text });
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 50, "the sources were not found");
    found
}

/// The floor a file stands on; `None` for `main.rs` and `lib.rs`.
fn floor(path: &Path) -> Option<&'static str> {
    let mut parts = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
    parts.find(|part| part == "src")?;
    let first = parts.next()?;
    FLOORS.into_iter().find(|floor| *floor == first)
}

/// The lines that are code of the program: no comments, nothing from the first test module on.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line));
    lines.take_while(|(_, line)| line.trim() != "#[cfg(test)]").filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests" || part.as_os_str() == "testing.rs")
        || path.file_name().is_some_and(|name| {
            let name = name.to_string_lossy();
            name == "tests.rs"
                || name.ends_with("_tests.rs")
                || name == "testing.rs"
                || name == "fixture.rs"
                || name == "model.rs"
                || name == "oracle.rs"
        })
}

fn upward_arrows(source: &Source) -> Vec<String> {
    let Some(own) = floor(&source.path) else { return Vec::new() };
    let height = |floor: &str| FLOORS.iter().position(|known| *known == floor).unwrap();
    let mut found = Vec::new();
    for (number, line) in code(&source.text) {
        for rest in line.split("crate::").skip(1) {
            let target: String = rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            if FLOORS.contains(&target.as_str()) && height(&target) > height(own) {
                found.push(format!("{}:{number}: {own} imports {target}", source.path.display()));
            }
        }
    }
    found
}

/// Words that belong to some rooms only: the word, where it may stand.
const ROOMS: [(&str, &[&str]); 8] = [
    ("bincode::", &["src/store/codec.rs"]),
    ("redb::", &["src/store/", "src/engine/"]),
    ("std::fs", &["src/store/", "src/engine/", "src/exchange/", "src/session/", "src/cli/", "src/console/app/"]),
    ("SystemTime", &["src/engine/seams.rs"]),
    ("Instant::now", &["src/cli/", "src/session/", "src/report/", "src/engine/"]),
    ("println!", &["src/cli/"]),
    ("crossterm::execute", &[]),
    ("todo!(", &[]),
];

fn misplaced(source: &Source) -> Vec<String> {
    let path = source.path.display().to_string();
    let mut found = Vec::new();
    if is_test(&source.path) {
        return found;
    }
    for (number, line) in code(&source.text) {
        for (word, rooms) in ROOMS {
            if line.contains(word) && !rooms.iter().any(|room| path.contains(room)) {
                found.push(format!("{path}:{number}: {word} does not belong here"));
            }
        }
    }
    found
}

fn untold(source: &Source) -> Vec<String> {
    let path = source.path.display();
    let mut found = Vec::new();
    if !source.text.starts_with("//!") && !is_test(&source.path) {
        found.push(format!("{path}:1: does not open with what it is for"));
    }
    let lines = code(&source.text).count();
    if lines > FILE_LINES && !is_test(&source.path) {
        found.push(format!("{path}: {lines} lines of code are two rooms"));
    }
    found
}

/// Functions that are too long, by the indentation of their first and last line.
fn long_functions(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    if is_test(&source.path) {
        return found;
    }
    let lines: Vec<(usize, &str)> = code(&source.text).collect();
    for (at, (number, line)) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let starts = ["fn ", "pub fn ", "pub(super) fn ", "pub(crate) fn ", "const fn ", "pub const fn "];
        if !starts.iter().any(|start| line.trim_start().starts_with(start)) {
            continue;
        }
        let closing = format!("{}}}", " ".repeat(indent));
        let length = lines[at..].iter().position(|(_, line)| *line == closing).unwrap_or(0);
        if length > FUNCTION_LINES {
            found.push(format!("{}:{number}: a function of {length} lines", source.path.display()));
        }
    }
    found
}

fn all(rule: fn(&Source) -> Vec<String>) -> Vec<String> {
    sources().iter().flat_map(rule).collect()
}

#[test]
fn floors_import_only_from_floors_before_them() {
    let found = all(upward_arrows);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_word_stands_in_its_room() {
    let found = all(misplaced);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for_and_stays_a_room() {
    let found = all(untold);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_function_is_longer_than_one_can_hold_in_mind() {
    let found = all(long_functions);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_rules_can_fail() {
    let source = |path: &str, text: &str| Source { path: PathBuf::from(path), text: text.to_owned() };
    assert_eq!(upward_arrows(&source("src/unit/money.rs", "use crate::domain::Order;\n")).len(), 1);
    assert_eq!(upward_arrows(&source("src/domain/order.rs", "use crate::unit::Money;\n")).len(), 0);
    assert_eq!(
        upward_arrows(&source("src/domain/order.rs", "// crate::cli\n#[cfg(test)]\nuse crate::cli::x;\n")).len(),
        0
    );
    assert_eq!(misplaced(&source("src/report/ask.rs", "use redb::Table;\n")).len(), 1);
    assert_eq!(misplaced(&source("src/store/file.rs", "use redb::Table;\n")).len(), 0);
    assert_eq!(untold(&source("src/unit/x.rs", "fn x() {}\n")).len(), 1);
    let long = format!("//! x\nfn long() {{\n{}}}\n", "    x();\n".repeat(FUNCTION_LINES + 1));
    assert_eq!(long_functions(&source("src/unit/x.rs", &long)).len(), 1);
}
