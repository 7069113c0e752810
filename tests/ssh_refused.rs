//! What whoever is not let in over SSH is told, in both ways in and by the stock client: plain words that say what happened and
//! what to do, and that never tell a name that somebody has from one that nobody has.

#![cfg(feature = "ssh")]

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod pty;

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod doors;

use doors::{Daemon, Server, make_key, program};
use pty::{Console, beside, give_pin, till};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// What stands below the fields of the sign-in screen.
fn said(console: &Console) -> String {
    let text = console.text();
    let below = text.split("PIN or passphrase").nth(1).unwrap_or_else(|| panic!("nobody is asked for a PIN:\n{text}"));
    below.split_whitespace().filter(|word| word.is_ascii()).collect::<Vec<_>>().join(" ")
}

const LOCKED_OUT: &str =
    "Too many wrong tries: this name is locked out for 15 minutes. Wait, or ask an administrator for a new PIN.";

#[test]
fn whoever_is_locked_out_is_told_so_through_either_door_and_in_the_same_words_whatever_the_name() {
    let Some(server) = Server::start() else { return };
    // Mara guessed seven times, and so did somebody by a name that nobody has: as the waiting between would leave it.
    let seven = r#"{"wrong":7,"until_ms":0}"#;
    std::fs::write(beside(&server.shop, ".tries"), format!(r#"{{"person 2":{seven},"name nora":{seven}}}"#)).unwrap();
    let door = Daemon::start(&server);
    let nora = door.as_ref().map(|door| {
        let mut nora = door.console(&server);
        nora.wait("PIN or passphrase");
        nora.send("nora\r4711\r");
        nora.wait("Too many wrong tries");
        let told = said(&nora);
        nora.drop_line();
        told
    });
    let mut mara = server.console("mara");
    mara.wait("PIN or passphrase");
    mara.send("0000\r");
    mara.wait("Too many wrong tries");
    assert!(said(&mara).starts_with(LOCKED_OUT), "{}", mara.text());
    // Not even the right one is taken, and whoever comes again is told before they try.
    mara.send("4711\r");
    mara.drop_line();
    let mut again = server.console("mara");
    again.wait("Too many wrong tries");
    assert!(said(&again).starts_with(LOCKED_OUT), "{}", again.text());
    again.drop_line();
    if let Some(door) = &door {
        let mut mara = door.console(&server);
        mara.wait("PIN or passphrase");
        mara.send("mara\r4711\r");
        mara.wait("Too many wrong tries");
        assert_eq!(Some(said(&mara)), nora, "a name that nobody has is not told apart");
        mara.drop_line();
    }
    // Nobody else is: Ann comes in, sees it, and gives a new PIN.
    let admin = server.ssh("admin", &["admin@127.0.0.1", "report", "audit", "--csv"]);
    let audit = String::from_utf8_lossy(&admin.stdout).into_owned();
    assert!(audit.lines().any(|line| line.contains("mara") && line.contains("was locked out")), "{audit}");
    give_pin(&server.shop, "mara", "5812");
    let mut free = server.console("mara");
    free.wait("PIN or passphrase");
    assert!(!free.text().contains("Too many"), "{}", free.text());
    free.send("5812\r");
    free.wait("Ctrl-P everything");
    free.leave();
}

#[test]
fn wrong_pins_make_one_person_wait_and_nobody_else() {
    let Some(server) = Server::start() else { return };
    let mut console = server.console("mara");
    console.wait("PIN or passphrase");
    for _ in 0..2 {
        console.send("0000\r");
        console.wait("do not belong together");
        console.send("\u{1b}");
        console.gone("do not belong together");
    }
    console.send("0000\r");
    console.wait("do not belong together");
    console.send("0000\r");
    console.wait("Too many wrong tries");
    console.drop_line();
    let admin = server.ssh("admin", &["admin@127.0.0.1", "report", "audit", "--json"]);
    assert!(String::from_utf8_lossy(&admin.stdout).contains("failed to sign in"), "{admin:?}");
}

#[test]
fn whoever_no_key_lets_in_is_told_what_to_do_whatever_name_they_give() {
    let Some(server) = Server::start() else { return };
    // A key that was taken away is as unknown as one that nobody ever had.
    let listed = till(&server.shop, &["user", "list"]);
    let mara = listed.split("mara  Mara").nth(1).unwrap();
    let key = mara.split_whitespace().find(|word| word.starts_with("SHA256:")).unwrap();
    till(&server.shop, &["user", "remove-key", "mara", key]);
    let mut all = Vec::new();
    for (shown, name) in [("stranger", "mara"), ("stranger", "nora"), ("mara", "mara")] {
        let told = server.told(&[shown], &["--", &format!("{name}@127.0.0.1"), "report", "--list"]);
        assert!(told.contains("Nobody who works in this shop is known by the key that was shown: SHA256:"), "{told}");
        assert!(told.contains("till user add-key NAME KEY.pub"), "{told}");
        assert_eq!(told.contains(key), shown == "mara", "{told}");
        let lines = told.lines().filter(|line| !line.starts_with("Warning: Permanently added"));
        let words = lines.flat_map(str::split_whitespace).filter(|word| !word.starts_with("SHA256:"));
        let words = words.collect::<Vec<_>>().join(" ");
        all.push(words.replace(&format!("{name}@"), "somebody@"));
    }
    assert!(all.iter().all(|words| *words == all[0]), "{all:#?}");
    let none = server.told(&["no-such-file"], &["--", "mara@127.0.0.1", "report", "--list"]);
    assert!(none.contains("till lets people in by SSH keys, and none was shown"), "{none}");
}

#[test]
fn whoever_shows_too_many_keys_is_told_how_to_show_one() {
    let Some(server) = Server::start() else { return };
    let Some(keygen) = program("ssh-keygen") else { return };
    let names: Vec<String> = (0..8).map(|at| format!("other-{at}")).collect();
    names.iter().for_each(|name| make_key(&keygen, &server.folder.path().join(name)));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let told = server.told(&names, &["--", "mara@127.0.0.1", "report", "--list"]);
    assert!(told.contains("too many keys were shown") && told.contains("-o IdentitiesOnly=yes -i KEY"), "{told}");
    // So is a program that shows them.
    let others = names[1..].iter().map(|name| server.folder.path().join(name).to_str().unwrap().to_owned());
    let others: Vec<String> = others.flat_map(|key| ["-i".to_owned(), key]).collect();
    let mut words: Vec<&str> = others.iter().map(String::as_str).collect();
    words.extend(["--", "mara@127.0.0.1", "report", "--list"]);
    let told = server.ssh(names[0], &words);
    assert!(String::from_utf8_lossy(&told.stderr).contains("too many keys were shown"), "{told:?}");
}

#[test]
fn one_connection_too_many_is_told_so_and_the_next_is_let_in_when_there_is_room() {
    let Some(server) = Server::start() else { return };
    let report = ["admin@127.0.0.1", "report", "--list"];
    let silent: Vec<TcpStream> = (0..8).map(|_| TcpStream::connect(("127.0.0.1", server.port())).unwrap()).collect();
    let told = server.ssh("admin", &report);
    let words = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(
        !told.status.success() && words.contains("too many connections that have not signed in are open"),
        "{words}"
    );
    drop(silent);
    let end = Instant::now() + Duration::from_secs(20);
    while !server.ssh("admin", &report).status.success() {
        assert!(Instant::now() < end, "there is room again");
    }
}
