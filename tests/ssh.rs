//! People over SSH, with the stock client, in both ways: the built-in server, and an `sshd` of the test's own that runs till
//! for whoever comes. Where there is no OpenSSH these tests say so and are left out.

#![cfg(feature = "ssh")]

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod pty;

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod doors;

use doors::{Daemon, Server, account};
use pty::{Console, beside, till};
use std::io::Write;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

#[test]
fn subcommands_print_the_same_over_ssh_and_here() {
    let Some(server) = Server::start() else { return };
    for words in [["report", "low-stock", "--json"], ["report", "sales-by-day", "--csv"]] {
        let there = server.ssh("admin", &["admin@127.0.0.1", words[0], words[1], words[2]]);
        assert!(there.status.success(), "{there:?}");
        assert_eq!(String::from_utf8(there.stdout).unwrap(), till(&server.shop, &words));
    }
    let wrong = server.ssh("admin", &["admin@127.0.0.1", "report", "profits"]);
    assert_eq!(wrong.status.code(), Some(2), "{wrong:?}");
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("there is no report"));
}

#[test]
fn more_than_waits_anywhere_goes_through_both_ways_at_once() {
    let Some(server) = Server::start() else { return };
    let words = server.words("admin", &["admin@127.0.0.1", "report", "--batch"]);
    let mut batch =
        Command::new("ssh").args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("ssh runs");
    let mut input = batch.stdin.take().expect("its input");
    let asking = std::thread::spawn(move || {
        let line = format!("{}\n", "no-such-report".repeat(100));
        (0..5_000).all(|_| input.write_all(line.as_bytes()).is_ok())
    });
    let output = batch.wait_with_output().expect("it ends");
    assert!(asking.join().expect("all is asked") && output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 5_000);
}

#[test]
fn a_secret_is_asked_for_on_a_terminal_and_never_taken_from_nothing() {
    let Some(server) = Server::start() else { return };
    // The end of the input is no empty secret.
    let nothing = server.ssh("admin", &["admin@127.0.0.1", "user", "pin", "mara"]);
    assert!(!nothing.status.success() && String::from_utf8_lossy(&nothing.stderr).contains("nothing was changed"));
    let words = server.words("admin", &["-tt", "admin@127.0.0.1", "user", "pin", "mara"]);
    let all: Vec<&str> = ["ssh"].into_iter().chain(words.iter().map(String::as_str)).collect();
    let mut console = Console::run(&all, &server.shop, 80, 24);
    console.wait("PIN of Mara");
    console.send("5812\r");
    console.wait("Once more");
    console.send("5812\r");
    console.wait("the PIN of Mara is set");
    assert!(!console.text().contains("5812"), "{}", console.text());
    let mut till = server.console("mara");
    till.wait("PIN or passphrase");
    till.send("5812\r");
    till.gone("PIN or passphrase");
    till.drop_line();
}

#[test]
fn what_a_person_asks_for_over_ssh_is_their_act_from_their_address() {
    let Some(server) = Server::start() else { return };
    // Whoever comes first is administrator, but the act is hers who asks.
    till(&server.shop, &["user", "change", "mara", "--role", "cashier,administrator"]);
    let added = server.ssh("mara", &["mara@127.0.0.1", "user", "add", "ida"]);
    assert!(added.status.success(), "{added:?}");
    let audit = till(&server.shop, &["report", "audit", "--csv"]);
    let line = audit.lines().find(|line| line.contains("saved person,ida")).unwrap_or_else(|| panic!("{audit}"));
    assert!(line.contains(",mara,") && line.contains("ssh 127.0.0.1"), "{line}");
}

#[test]
fn what_is_no_business_of_theirs_is_refused() {
    let Some(server) = Server::start() else { return };
    let stranger = server.ssh("stranger", &["admin@127.0.0.1", "report", "--list"]);
    assert!(!stranger.status.success() && String::from_utf8_lossy(&stranger.stderr).contains("denied"), "{stranger:?}");
    let cashier = server.ssh("mara", &["mara@127.0.0.1", "report", "sales-by-day"]);
    assert_eq!(cashier.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&cashier.stderr).contains("You may not see reports"), "{cashier:?}");
    let export = server.ssh("admin", &["admin@127.0.0.1", "export", "/tmp/nowhere"]);
    assert!(String::from_utf8_lossy(&export.stderr).contains("run this there"), "{export:?}");
    let shell = server.ssh("admin", &["admin@127.0.0.1", "sh", "-c", "id"]);
    assert!(!shell.status.success() && shell.stdout.is_empty(), "{shell:?}");
    let subsystem = server.ssh("admin", &["-s", "admin@127.0.0.1", "sftp"]);
    assert!(!subsystem.status.success() && subsystem.stdout.is_empty(), "{subsystem:?}");
    let forward = server.ssh("admin", &["-W", "127.0.0.1:22", "admin@127.0.0.1"]);
    assert!(!forward.status.success() && forward.stdout.is_empty(), "{forward:?}");
    let remote = server.ssh(
        "admin",
        &["-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:22", "admin@127.0.0.1", "report", "--list"],
    );
    assert!(!remote.status.success(), "{remote:?}");
    let audit = till(&server.shop, &["report", "audit", "--json"]);
    assert!(audit.contains("was refused") && audit.contains("see reports"), "{audit}");
    assert!(audit.contains("ssh 127.0.0.1"), "{audit}");
}

#[test]
fn key_and_pin_open_the_console_and_a_dropped_line_loses_nothing() {
    let Some(server) = Server::start() else { return };
    let mut console = server.console("mara");
    console.wait("PIN or passphrase");
    console.wait("Mara");
    console.send("0000\r");
    console.wait("do not belong together");
    console.send("4711\r");
    console.wait("Sale");
    console.scan("4006381333931", "Green tea");
    console.resize(120, 35);
    console.send("3*but");
    console.wait("3*but");
    console.drop_line();
    // The other way in: the socket on the machine itself.
    let mut again = Console::open(&server.shop, 90, 28);
    again.wait("PIN or passphrase");
    again.send("mara\r4711\r");
    again.wait("Green tea");
    again.wait("3*but");
    again.send("\r");
    again.wait("Butter bun");
    again.send("20=\r");
    again.wait("Receipt R");
    let receipt = again.receipt();
    again.leave();
    assert!(till(&server.shop, &["receipt", &receipt]).contains("Green tea"));
    till(&server.shop, &["check"]);
}

#[test]
fn keys_that_open_nothing_are_kept_unless_one_of_them_fits() {
    let Some(server) = Server::start() else { return };
    let stranger = server.folder.path().join("stranger");
    let both = ["-i", stranger.to_str().unwrap(), "admin@127.0.0.1", "report", "--list"];
    assert!(server.ssh("admin", &both).status.success());
    assert!(!till(&server.shop, &["report", "audit", "--csv"]).contains("unknown key"));
    for _ in 0..15 {
        server.ssh("stranger", &["root@127.0.0.1", "report", "--list"]);
    }
    let lines = |words: &str| {
        let audit = till(&server.shop, &["report", "audit", "--csv"]);
        audit.lines().filter(|line| line.contains(words)).map(str::to_owned).collect::<Vec<_>>()
    };
    let end = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while lines("tried more unknown keys").is_empty() && std::time::Instant::now() < end {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let (kept, more) = (lines("tried an unknown key"), lines("tried more unknown keys"));
    assert_eq!((kept.len(), more.len()), (12, 1), "{kept:#?} {more:#?}");
    assert!(kept[0].contains("SHA256:") && kept[0].contains("as root, ssh 127.0.0.1"), "{kept:#?}");
    assert!(!kept[0].contains("admin"), "nobody who works here did it: {kept:#?}");
}

#[test]
fn a_key_that_is_taken_away_ends_the_session_it_opened() {
    let Some(server) = Server::start() else { return };
    let mut console = server.console("mara");
    console.wait("PIN or passphrase");
    console.send("4711\r");
    console.wait("Sale");
    console.scan("4006381333931", "Green tea");
    let mut waiting = server.console("mara");
    waiting.wait("PIN or passphrase");
    till(&server.shop, &["user", "change", "mara", "--role", "cashier,manager"]);
    let words = server.words("mara", &["mara@127.0.0.1", "report", "sales-by-year", "--watch"]);
    let mut watching = Command::new("ssh").args(words).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(watching.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("sales-by-year"));
    let listed = till(&server.shop, &["user", "list"]);
    let mara = listed.split("mara  Mara").nth(1).unwrap();
    let key = mara.split_whitespace().find(|word| word.starts_with("SHA256:")).unwrap();
    till(&server.shop, &["user", "remove-key", "mara", key]);
    console.wait("Your key was taken away");
    waiting.wait("Your key was taken away");
    // What goes on and on ends too, of itself.
    lines.for_each(drop);
    watching.wait().unwrap();
    let again = server.ssh("mara", &["mara@127.0.0.1", "report", "--list"]);
    assert!(String::from_utf8_lossy(&again.stderr).contains("denied"), "{again:?}");
    // What she had in hand waits for her at the counter.
    let mut counter = Console::open(&server.shop, 90, 28);
    counter.wait("PIN or passphrase");
    counter.send("mara\r4711\r");
    counter.wait("Green tea");
    counter.leave();
}

#[test]
fn the_ordinary_sshd_is_a_front_door_too() {
    let Some(server) = Server::start() else { return };
    let Some(door) = Daemon::start(&server) else { return };
    let there = door.ssh(&server, "admin", &[&account(), "report low-stock --json"]);
    let said = String::from_utf8_lossy(&there.stderr).into_owned();
    assert_eq!(
        String::from_utf8_lossy(&there.stdout),
        till(&server.shop, &["report", "low-stock", "--json"]),
        "{said}"
    );
    let stranger = door.ssh(&server, "stranger", &[&account(), "report --list"]);
    assert!(!stranger.status.success() && String::from_utf8_lossy(&stranger.stderr).contains("denied"), "{stranger:?}");
    let shell = door.ssh(&server, "admin", &[&account(), "sh -c id"]);
    assert!(!shell.status.success() && shell.stdout.is_empty(), "{shell:?}");
    let subsystem = door.ssh(&server, "admin", &["-s", &account(), "sftp"]);
    assert!(!subsystem.status.success() && subsystem.stdout.is_empty(), "{subsystem:?}");
    let forward = door.ssh(&server, "admin", &["-W", "127.0.0.1:22", &account()]);
    assert!(!forward.status.success() && forward.stdout.is_empty(), "{forward:?}");
    let mut console = door.console(&server);
    console.wait("PIN or passphrase");
    console.send("mara\r0000\r");
    console.wait("do not belong together");
    console.send("4711\r");
    console.wait("Ctrl-P everything");
    console.scan("4006381333931", "Green tea");
    console.send("5=\r");
    console.wait("Receipt R");
    let receipt = console.receipt();
    console.leave();
    assert!(till(&server.shop, &["receipt", &receipt]).contains("Green tea"));
    assert!(beside(&server.shop, ".sock").exists(), "the shop is served on");
}

#[test]
fn what_was_begun_through_one_front_door_is_gone_on_with_through_the_other() {
    let Some(server) = Server::start() else { return };
    let Some(door) = Daemon::start(&server) else { return };
    let mut console = door.console(&server);
    console.wait("PIN or passphrase");
    console.send("mara\r4711\r");
    console.wait("Ctrl-P everything");
    console.resize(120, 35);
    console.scan("4006381333931", "Green tea");
    console.send("3*bn\u{1b}[D");
    console.wait_cursor("3*b");
    console.drop_line();
    // Through the built-in server, at the same character.
    let mut console = server.console("mara");
    console.wait("PIN or passphrase");
    console.send("4711\r");
    console.wait("3*bn");
    console.wait_cursor("3*b");
    console.send("u");
    console.wait("3*bun");
    console.send("\r");
    console.wait("4 pieces");
    console.resize(100, 30);
    console.send("BU");
    console.wait_cursor("BU");
    console.drop_line();
    // And back again.
    let mut console = door.console(&server);
    console.wait("PIN or passphrase");
    console.send("mara\r4711\r");
    console.wait("4 pieces");
    console.wait_cursor("BU");
    console.send("N\r");
    console.wait("5 pieces");
    console.send("9=\r");
    console.wait("Change 0.00");
    console.leave();
    till(&server.shop, &["check"]);
}
