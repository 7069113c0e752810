//! One shop, many processes: one server among many starts, what happens when either side dies, and that every subcommand
//! says the same whether a server owns the shop or not. Real processes, real sockets, real terminals.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod pty;

use pty::{Console, Serving, TILL, beside, shop, till};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn run(shop: &Path, words: &[&str]) -> Output {
    Command::new(TILL).arg("--shop").arg(shop).args(words).stdin(Stdio::null()).output().unwrap()
}

fn owner(shop: &Path) -> String {
    std::fs::read_to_string(beside(shop, ".serving")).unwrap().trim().to_owned()
}

/// Waits until it is so; nothing here takes long.
fn until(what: &str, so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !so() {
        assert!(Instant::now() < end, "{what} never came");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn eight_starts_at_once_make_one_server() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let consoles: Vec<Console> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| Console::open(&shop, 80, 24))).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    let mut consoles = consoles;
    consoles.iter_mut().for_each(|console| console.wait("Sale"));
    let process = owner(&shop);
    let all = Command::new("pgrep").args(["-f", &format!("serve --until-idle --shop {}", shop.display())]).output();
    if let Ok(all) = all {
        assert_eq!(String::from_utf8_lossy(&all.stdout).trim(), process, "one process serves them all");
    }
    for console in consoles {
        console.leave();
    }
    until("the leaving of the server with its last client", || !beside(&shop, ".sock").exists());
    till(&shop, &["check"]);
}

#[test]
fn a_sale_at_one_terminal_is_seen_at_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut first = Console::open(&shop, 100, 30);
    first.wait("Sale");
    let mut second = Console::open(&shop, 100, 30);
    second.wait("Sale");
    second.send("\u{1b}2");
    second.wait("No order yet");
    first.scan("4006381333931", "Green tea");
    first.send("5=\r");
    first.wait("Receipt R");
    second.wait("R1-000001");
    first.leave();
    second.leave();
}

#[test]
fn a_server_that_ends_leaves_sums_for_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let how = || {
        let said = till(&shop, &["report", "average-order", "--json", "--explain"]);
        serde_json::from_str::<serde_json::Value>(&said).unwrap()["explain"]["how"].clone()
    };
    till(&shop, &["user", "add", "zoe", "--role", "cashier"]);
    assert_eq!(how(), "rollup");
    for _ in 0..2 {
        let mut console = Console::open(&shop, 100, 30);
        console.wait("Sale");
        console.leave();
        until("the end of the server", || !beside(&shop, ".sock").exists());
        assert_eq!(how(), "rollup");
    }
    till(&shop, &["check"]);
}

#[test]
fn a_terminal_that_is_gone_costs_nobody_anything() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut staying = Console::open(&shop, 80, 24);
    staying.wait("Sale");
    let mut going = Console::open(&shop, 80, 24);
    going.wait("Sale");
    going.scan("4006381333931", "Green tea");
    going.send("2*bu");
    going.wait("2*bu");
    going.drop_line();
    // The other one works on, and what was in hand waits for its person.
    staying.send("TEA\r");
    staying.wait("3.00");
    staying.leave();
    let mut again = Console::open(&shop, 80, 24);
    again.wait("Green tea");
    again.leave();
}

#[test]
fn whoever_says_nothing_nonsense_or_another_version_is_no_trouble() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let serving = Serving::start(&shop, &[]);
    let socket = beside(&shop, ".sock");
    let silent: Vec<UnixStream> = (0..20).map(|_| UnixStream::connect(&socket).unwrap()).collect();
    let mut nonsense = UnixStream::connect(&socket).unwrap();
    nonsense.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let mut rest = Vec::new();
    nonsense.read_to_end(&mut rest).unwrap_or_default();
    assert!(rest.is_empty());
    let mut newer = UnixStream::connect(&socket).unwrap();
    newer.write_all(b"till\0\xff").unwrap();
    let mut told = Vec::new();
    newer.read_to_end(&mut told).unwrap();
    assert!(String::from_utf8_lossy(&told).contains("speaks another version"), "{told:?}");
    let mut endless = UnixStream::connect(&socket).unwrap();
    endless.write_all(b"till\0\x01\x01\xff\xff\xff\xff").unwrap();
    let mut told = Vec::new();
    endless.read_to_end(&mut told).unwrap_or_default();
    assert!(run(&shop, &["report", "low-stock"]).status.success(), "others are served all the while");
    drop((silent, serving));
}

#[test]
fn a_second_owner_is_refused_by_name_and_a_dead_one_is_no_hindrance() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let serving = Serving::start(&shop, &[]);
    let second = run(&shop, &["serve"]);
    let words = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(!second.status.success() && words.contains(&format!("process {}", owner(&shop))), "{words}");
    serving.kill();
    assert!(beside(&shop, ".sock").exists(), "it was left behind");
    let report = run(&shop, &["report", "low-stock", "--json"]);
    assert!(report.status.success(), "{}", String::from_utf8_lossy(&report.stderr));
    let mut console = Console::open(&shop, 80, 24);
    console.wait("Sale");
    console.leave();
    let stop = run(&shop, &["stop"]);
    assert!(stop.status.success() || String::from_utf8_lossy(&stop.stderr).contains("no server"));
}

#[test]
fn only_the_owner_can_read_what_lies_beside_the_shop() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut console = Console::open(&shop, 80, 24);
    console.wait("Sale");
    console.scan("4006381333931", "Green tea");
    // What a server keeps there, and what stands there while a subcommand is at work by itself.
    all_are_the_owners(folder.path());
    console.leave();
    until("the end of the server", || !beside(&shop, ".lease").exists());
    let mut batch = Command::new(TILL);
    batch.args(["report", "--batch", "--shop"]).arg(&shop).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut alone = batch.spawn().unwrap();
    until("a subcommand at work", || beside(&shop, ".lease").exists());
    all_are_the_owners(folder.path());
    drop(alone.stdin.take());
    assert!(alone.wait().unwrap().success());
}

fn all_are_the_owners(folder: &Path) {
    for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("shop.redb") {
            let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
            assert_eq!(mode & 0o077, 0, "{name} has mode {mode:o}");
        }
    }
}

#[test]
fn every_subcommand_says_the_same_with_a_server_and_without() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut console = Console::open(&shop, 80, 24);
    console.wait("Sale");
    console.scan("4006381333931", "Green tea");
    console.send("5=\r");
    console.wait("Receipt R");
    let receipt = console.receipt();
    console.leave();
    until("the leaving of the server", || !beside(&shop, ".sock").exists());
    let bad = folder.path().join("bad");
    std::fs::create_dir(&bad).unwrap();
    std::fs::write(bad.join("stores.csv"), "id,name,location,timezone\n,x,,\nS1,North,,\nS9,y,,Nowhere/At_All\n")
        .unwrap();
    let bad = bad.to_str().unwrap();
    let runs: Vec<Vec<&str>> = vec![
        vec!["report", "sales-by-product"],
        vec!["report", "sales-by-product", "--json"],
        vec!["report", "sales-by-store", "--csv"],
        vec!["report", "sales-by-category", "--markdown"],
        vec!["report", "sales-by-category", "--chart"],
        vec!["report", "profits"],
        vec!["report", "sales-by-day", "--from", "2024-02-30"],
        vec!["report", "--list"],
        vec!["receipt", &receipt],
        vec!["receipt", &receipt, "--format", "json"],
        vec!["receipt", &receipt, "--format", "escpos"],
        vec!["receipt", "R9-999999"],
        vec!["import", bad],
        vec!["import", "/nowhere/at/all"],
        vec!["user", "list"],
        vec!["user", "disable", "nobody"],
        vec!["settings"],
        vec!["check"],
        vec!["report", "--batch"],
    ];
    let exported = |name: &str| {
        let to = folder.path().join(name);
        assert!(run(&shop, &["export", to.to_str().unwrap()]).status.success());
        let mut files: Vec<_> = std::fs::read_dir(&to).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        files.iter().map(|file| std::fs::read(file).unwrap()).collect::<Vec<_>>()
    };
    // An export leaves a line in the audit, which `check` counts.
    let files = exported("alone");
    let alone: Vec<Output> = runs.iter().map(|words| run(&shop, words)).collect();
    let serving = Serving::start(&shop, &[]);
    for (words, alone) in runs.iter().zip(alone) {
        let served = run(&shop, words);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(&served.stdout), text(&alone.stdout), "{words:?}");
        assert_eq!(text(&served.stderr), text(&alone.stderr), "{words:?}");
        assert_eq!(served.status.code(), alone.status.code(), "{words:?}");
    }
    assert_eq!(exported("served"), files);
    // Standard input comes through, a line at a time.
    let mut batch = Command::new(TILL)
        .args(["report", "--batch", "--shop"])
        .arg(&shop)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = batch.stdin.take().unwrap();
    input.write_all(b"sales-by-store\nprofits\n").unwrap();
    drop(input);
    let output = batch.wait_with_output().unwrap();
    let lines: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].contains("\"report\":\"sales-by-store\"") && lines[1].contains("\"error\""), "{lines:?}");
    drop(serving);
}

#[test]
fn the_audit_says_from_whose_command_line_something_was_asked() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    till(&shop, &["user", "add", "ida"]);
    let serving = Serving::start(&shop, &[]);
    till(&shop, &["user", "add", "joe"]);
    till(&shop, &["settings", "--discount-limit", "15"]);
    let user = format!("({})", rustix::process::getuid().as_raw());
    let audit = till(&shop, &["report", "audit", "--csv"]);
    for subject in ["ida", "joe", "largest discount"] {
        let line = audit.lines().find(|line| line.contains(subject)).unwrap_or_else(|| panic!("{subject}: {audit}"));
        assert!(line.contains("command line, user ") && line.contains(&user), "{line}");
        assert!(!line.contains("admin"), "nobody who works here did it: {line}");
    }
    drop(serving);
    till(&shop, &["check"]);
}

/// The audit's lines of an act: who, where at, and what of it.
fn acts(shop: &Path, act: &str) -> Vec<[String; 4]> {
    let said = pty::report(shop, &["audit"]);
    let rows = said["rows"].as_array().unwrap().iter().filter(|row| row["act"] == act);
    rows.map(|row| {
        ["who", "register", "subject", "detail"].map(|name| row[name].as_str().unwrap_or_default().to_owned())
    })
    .collect()
}

#[test]
fn whoever_takes_all_the_data_away_or_puts_it_back_is_in_the_audit() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let from = format!("({})", rustix::process::getuid().as_raw());
    let [founded] = acts(&shop, "founded the shop").try_into().unwrap();
    assert!(founded[3].contains("command line, user ") && founded[3].contains(&from), "{founded:?}");
    assert!(founded[3].contains("admin: administrator, manager") && founded[1].is_empty(), "{founded:?}");
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for (served, out, copy) in [(false, path("out-1"), path("copy-1")), (true, path("out-2"), path("copy-2"))] {
        let serving = served.then(|| Serving::start(&shop, &[]));
        till(&shop, &["export", &out]);
        let said = till(&shop, &["backup", &copy]);
        let head = said.trim().rsplit("head ").next().unwrap().to_owned();
        let exported = acts(&shop, "exported").remove(0);
        assert_eq!(exported[..3], [String::new(), String::new(), "the whole shop".to_owned()]);
        assert!(exported[3].starts_with(&format!("to {out}; command line, user ")), "{exported:?}");
        let [_, _, to, detail] = acts(&shop, "made a backup").remove(0);
        assert!(to == copy && detail.starts_with(&format!("head {head}; command line, user ")), "{to} {detail}");
        till(&shop, &["user", "add", if served { "ida" } else { "joe" }]);
        till(&shop, &["restore", &copy]);
        // The first entry after the swap says whose doing that is.
        let first = pty::report(&shop, &["audit", "--top", "1"])["rows"][0].clone();
        assert_eq!(first["act"], "restored the shop", "{first}");
        assert_eq!(first["subject"], format!("from {copy}"));
        let detail = first["detail"].as_str().unwrap();
        assert!(detail.starts_with(&format!("head {head}; command line, user ")) && detail.contains(&from), "{first}");
        till(&shop, &["check"]);
        drop(serving);
    }
    assert!(!till(&shop, &["user", "list"]).contains("ida"), "what came after the backup is gone");
    // What an export leaves in the audit is no part of what is exported.
    let again = path("again.redb");
    till(Path::new(&again), &["init"]);
    till(Path::new(&again), &["import", &path("out-2")]);
    till(Path::new(&again), &["export", &path("out-3")]);
    for file in std::fs::read_dir(path("out-2")).unwrap().map(|file| file.unwrap().file_name()) {
        let read = |folder: &str| std::fs::read(Path::new(folder).join(&file)).unwrap();
        assert!(read(&path("out-2")) == read(&path("out-3")), "{file:?}");
    }
}

#[test]
fn a_backup_is_made_and_put_back_while_people_are_at_work() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let serving = Serving::start(&shop, &[]);
    let copy = folder.path().join("copy.redb");
    assert!(run(&shop, &["backup", copy.to_str().unwrap()]).status.success());
    let mut console = Console::open(&shop, 80, 24);
    console.wait("Sale");
    console.scan("4006381333931", "Green tea");
    console.send("5=\r");
    console.wait("Receipt R");
    assert_eq!(run(&shop, &["restore", "/nowhere"]).status.code(), Some(1));
    console.send("TEA\r");
    console.wait("3.00");
    let restored = run(&shop, &["restore", copy.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    console.wait("restored from a backup");
    let orders = pty::report(&shop, &["order-status"]);
    assert_eq!(orders["rows"].as_array().unwrap().len(), 0, "the sale came after the backup");
    let mut again = Console::open(&shop, 80, 24);
    again.wait("Sale");
    again.leave();
    assert!(run(&shop, &["stop"]).status.success());
    drop(serving);
    till(&shop, &["check"]);
}

#[test]
fn stopping_tells_everyone_and_gives_their_terminals_back() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let serving = Serving::start(&shop, &[]);
    let mut console = Console::open(&shop, 80, 24);
    console.wait("Sale");
    console.scan("4006381333931", "Green tea");
    assert!(run(&shop, &["stop"]).status.success());
    console.wait("has been stopped");
    drop(serving);
    let mut again = Console::open(&shop, 80, 24);
    again.wait("Green tea");
    again.leave();
}

#[test]
fn a_storm_of_sizes_ends_in_the_right_one() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut console = Console::open(&shop, 80, 24);
    console.wait("Sale");
    for at in 0..200u16 {
        console.resize(20 + at * 37 % 180, 5 + at * 13 % 60);
    }
    console.resize(100, 30);
    console.scan("4006381333931", "Green tea");
    console.wait("Customers");
    console.leave();
}
