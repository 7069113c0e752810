//! The rules of the house, each a function from the tree to what breaks it, as `file:line: what`.

use crate::source::{Source, Tree};
use std::collections::{BTreeMap, BTreeSet};

/// The floors from the ground up; each may import from those before it.
pub const FLOORS: [&str; 11] =
    ["unit", "domain", "store", "engine", "report", "insight", "exchange", "demo", "console", "session", "cli"];

/// The longest file and function, in lines; test code is not counted.
pub const FILE_LINES: usize = 420;
pub const FUNCTION_LINES: usize = 90;

/// Files that are two rooms still, with the most lines each may have until it is split; splitting one takes its line away.
pub const TWO_ROOMS: [(&str, usize); 0] = [];

fn height(floor: &str) -> Option<usize> {
    FLOORS.iter().position(|known| *known == floor)
}

/// No arrow leads upward, in tests neither; `main.rs` knows the two top floors alone.
pub fn upward(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for source in &tree.sources {
        if source.path == "src/main.rs" {
            found.extend(source.code.lines().enumerate().flat_map(|(at, line)| {
                let named = line.split("till::").skip(1).map(word).filter(|name| !["cli", "session"].contains(name));
                named.map(move |name| format!("src/main.rs:{}: main imports {name}", at + 1)).collect::<Vec<_>>()
            }));
            continue;
        }
        let Some(own) = source.floor() else { continue };
        let Some(own_height) = height(own) else {
            found.push(format!("{}:1: {own} is not a floor", source.path));
            continue;
        };
        for named in source.paths() {
            let Some(target) = named.path.first() else { continue };
            if height(target).is_some_and(|target| target > own_height) {
                found.push(format!("{}:{}: {own} imports {target}", source.path, named.line));
            }
        }
    }
    found
}

/// Arrows that lead back: the folder, from which room, to which. Loosening one takes its line away; a line that is no
/// longer needed fails too, so that this list only shrinks.
pub const KNOTS: [(&str, &str, &str); 10] = [
    // A screen asks for layers; a list of choices answers in the screen's terms.
    ("console", "layer", "screen"),
    // A sale's stage holds the paying; the paying ends the sale.
    ("console::sale", "state", "pay"),
    ("demo", "seed", "branch"),
    ("demo", "shop", "trade"),
    // What all who hold the shop share is beside the handle to it.
    ("engine", "snapshot", "shop"),
    ("engine", "writer", "shop"),
    ("session::decode", "reply", "csi"),
    ("store::segment", "bytes", "view"),
    // A type that reads itself from text: `Day::parse` asks the reader, which makes a `Day`.
    ("unit::time", "day", "read"),
    ("unit::time", "stamp", "read"),
];

/// Within a folder no two rooms (files or folders side by side) know each other both ways, directly or round a corner.
///
/// Rooms and not files: a folder's `mod.rs` is its face and lends what its children have, so that parent and child name
/// each other by nature. What is lent is followed to the room that has it.
///
/// `knots` are the arrows let through; each must still be part of a ring.
pub fn cycles(tree: &Tree, knots: &[(&str, &str, &str)]) -> Vec<String> {
    let mut arrows: BTreeMap<Vec<String>, BTreeMap<String, BTreeMap<String, String>>> = BTreeMap::new();
    for source in &tree.sources {
        for named in source.paths() {
            if source.is_test(named.line) {
                continue;
            }
            let target = tree.home(&named.path);
            let shared = source.module.iter().zip(&target).take_while(|(own, other)| own == other).count();
            let (Some(from), Some(to)) = (source.module.get(shared), target.get(shared)) else { continue };
            let folder = arrows.entry(target[..shared].to_vec()).or_default();
            let place = format!("{}:{}: {from} imports {to}", source.path, named.line);
            folder.entry(from.clone()).or_default().entry(to.clone()).or_insert(place);
        }
    }
    let mut found = Vec::new();
    arrows.retain(|folder, _| !folder.is_empty());
    let let_through: BTreeSet<_> = knots
        .iter()
        .filter_map(|(folder, from, to)| {
            let folder: Vec<String> = folder.split("::").map(str::to_owned).collect();
            let place = arrows.get_mut(&folder)?.get_mut(*from)?.remove(*to)?;
            Some((folder, *from, *to, place))
        })
        .collect();
    for (folder, rooms) in &arrows {
        for (from, targets) in rooms {
            let back = targets.iter().filter(|(to, _)| reaches(rooms, to, from));
            found.extend(back.map(|(_, place)| format!("{place}, and back, in {}", folder.join("::"))));
        }
    }
    for (folder, from, to) in knots {
        let path: Vec<String> = folder.split("::").map(str::to_owned).collect();
        let tied = let_through.iter().any(|(home, own, other, _)| (home, own, other) == (&path, from, to))
            && arrows.get(&path).is_some_and(|rooms| reaches(rooms, to, from));
        if !tied {
            found.push(format!(
                "tests/layers/rules.rs:1: the knot {from} → {to} in {folder} is loosened; take its line away"
            ));
        }
    }
    found
}

fn reaches(rooms: &BTreeMap<String, BTreeMap<String, String>>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(room) = next.pop() {
        if room == to {
            return true;
        }
        if seen.insert(room) {
            next.extend(rooms.get(room).into_iter().flat_map(|targets| targets.keys().map(String::as_str)));
        }
    }
    false
}

/// What may be named in some rooms only: the words, where they belong (beginnings of paths), why elsewhere not.
const ROOMS: [(&[&str], &[&str], &str); 10] = [
    (&["bincode"], &["src/store/codec.rs"], "only the codec knows how values become bytes"),
    (&["redb"], &["src/store/", "src/engine/"], "only store and engine know the database"),
    (
        &["store::segment", "store::table"],
        &["src/store/", "src/engine/", "src/report/"],
        "who shows or exports knows no table and no segment",
    ),
    (&["SystemTime"], &["src/engine/seams.rs"], "the clock is a seam"),
    (&["Utc::now", "Local::now"], &[], "the clock is a seam"),
    (&["fastrand", "rand"], &["src/engine/seams.rs", "src/demo/", "src/insight/"], "chance is injected"),
    (
        &["std::fs", "std::os"],
        // The console reads and writes no file itself but for what a person asks to print or to have written.
        &[
            "src/store/",
            "src/engine/",
            "src/exchange/",
            "src/console/app/effects.rs",
            "src/console/app/aside.rs",
            "src/session/",
            "src/cli/",
        ],
        "this floor knows no file",
    ),
    (
        &["std::net", "std::process"],
        &["src/store/lease.rs", "src/engine/", "src/session/", "src/cli/", "src/main.rs"],
        "this floor knows no machine",
    ),
    (&["stdin", "stdout", "stderr"], &["src/session/", "src/cli/"], "only session and cli speak to a terminal"),
    (&["println!", "eprintln!", "print!", "eprint!"], &["src/cli/"], "only cli prints"),
];

/// Words stand in their rooms.
pub fn misplaced(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for source in &tree.sources {
        for (line, code) in source.program() {
            for (words, rooms, why) in ROOMS {
                let at_home = rooms.iter().any(|room| source.path.starts_with(room));
                for named in words.iter().filter(|named| !at_home && names(code, named)) {
                    found.push(format!("{}:{line}: {named} does not belong here: {why}", source.path));
                }
            }
            if ["unit", "domain"].iter().any(|pure| source.floor() == Some(pure)) && names(code, "Instant::now") {
                found.push(format!(
                    "{}:{line}: Instant::now does not belong here: unit and domain have no clock",
                    source.path
                ));
            }
        }
    }
    found
}

/// What engine may know of redb: transactions, and a row's types where it reads or compares whole tables. It opens no
/// database; that is the store's.
const ENGINE_REDB: [&str; 10] = [
    "ReadTransaction",
    "WriteTransaction",
    "Durability",
    "Key",
    "Value",
    "TableDefinition",
    "AccessGuard",
    "StorageError",
    "TableError",
    "backends",
];

/// What the console may know of crossterm: what an event is, never where it comes from.
const EVENT_TYPES: [&str; 9] = [
    "Event",
    "KeyCode",
    "KeyEvent",
    "KeyEventKind",
    "KeyEventState",
    "KeyModifiers",
    "MouseButton",
    "MouseEvent",
    "MouseEventKind",
];

/// Engine takes only transactions from redb; console takes only event types from crossterm.
pub fn narrow(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for source in &tree.sources {
        for (line, path) in foreign(source, "redb") {
            let name = path.first().map_or("everything", String::as_str);
            if source.floor() == Some("engine") && !source.is_test(line) && !ENGINE_REDB.contains(&name) {
                found.push(format!("{}:{line}: engine knows only redb's transactions, not {name}", source.path));
            }
        }
        for (line, path) in foreign(source, "crossterm") {
            let words: Vec<&str> = path.iter().map(String::as_str).collect();
            let event = matches!(words[..], ["event", name, ..] if EVENT_TYPES.contains(&name));
            if source.floor() == Some("console") && !event {
                let name = words.join("::");
                found.push(format!("{}:{line}: console knows only crossterm's events, not {name}", source.path));
            }
        }
        let below = source.floor().and_then(height).is_some_and(|own| Some(own) < height("console"));
        if below && let Some((line, _)) = foreign(source, "crossterm").first() {
            found.push(format!("{}:{line}: this floor knows no terminal", source.path));
        }
    }
    found
}

/// The paths into another crate: line and what is behind its name.
fn foreign(source: &Source, name: &str) -> Vec<(usize, Vec<String>)> {
    // The crate's name takes the place of `crate`, so that the one reader of paths serves both.
    let written = source.code.replace("crate::", "this_::").replace("self::", "this_::").replace("super::", "this_::");
    let mut code = String::with_capacity(written.len());
    let mut rest = written.as_str();
    let word_before = |text: &str| text.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    while let Some(at) = rest.find(&format!("{name}::")) {
        code.push_str(&rest[..at]);
        code.push_str(if word_before(&rest[..at]) { name } else { "crate" });
        rest = &rest[at + name.len()..];
    }
    code.push_str(rest);
    let found = Source::new(&source.path, &code).paths();
    found.into_iter().map(|named| (named.line, named.path)).collect()
}

/// Every file says first what it is for; no program file is too long, nor a function; nothing is left for later.
///
/// `two_rooms` are the files that may be longer, and how long.
pub fn rooms(tree: &Tree, two_rooms: &[(&str, usize)]) -> Vec<String> {
    let mut found = Vec::new();
    for source in &tree.sources {
        let path = &source.path;
        let all_test = source.test.iter().all(|test| *test);
        if !source.text.starts_with("//!") && !all_test {
            found.push(format!("{path}:1: does not open with `//!` and what it is for"));
        }
        let lines = source.test.iter().filter(|test| !**test).count();
        let listed = two_rooms.iter().find(|(file, _)| file == path);
        let most = listed.map_or(FILE_LINES, |(_, most)| *most);
        if lines > most {
            found.push(format!("{path}:1: {lines} lines are two rooms; {most} is the most"));
        }
        if listed.is_some() && lines <= FILE_LINES {
            found.push(format!("{path}:1: is one room now; take its line away from tests/layers/rules.rs"));
        }
        for (name, line, lines) in source.functions() {
            if lines > FUNCTION_LINES && !source.is_test(line) {
                found.push(format!("{path}:{line}: {name} has {lines} lines; {FUNCTION_LINES} is the most"));
            }
        }
        for (at, line) in source.text.lines().enumerate() {
            if ["TODO", "FIXME"].iter().any(|left| names(line, left)) {
                found.push(format!("{path}:{}: something is left for later", at + 1));
            }
        }
        for (at, line) in source.code.lines().enumerate() {
            if ["todo!", "unimplemented!", "unsafe"].iter().any(|left| names(line, left)) {
                found.push(format!("{path}:{}: unfinished or unsafe code", at + 1));
            }
        }
    }
    found
}

/// Whether `line` has `name` as whole words; a single word counts only as the beginning of a path, a call or by itself.
fn names(line: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + name.len()..].chars().next();
        let starts = !before.is_some_and(part);
        let ends = name.ends_with('!') || !after.is_some_and(part);
        // `rand::`, never a local called `rand` or a method of that name.
        let crate_name = !["rand", "redb", "bincode", "fastrand"].contains(&name)
            || (line[at + name.len()..].starts_with("::") && !line[..at].ends_with("::"))
            || line[..at].trim_end().ends_with("use");
        starts && ends && crate_name
    })
}

fn word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}
