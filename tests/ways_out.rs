//! Ways in and out of a served shop that nobody plans: a hung-up line, a server that dies under its clients or is of another
//! version, and who is let in through the socket at all. Real processes, real terminals.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod pty;

use pty::{Console, Serving, TILL, beside, give_pin, kill_server, report, shop, till};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Says, past what the tests' own harness keeps to itself, that something was not tried here.
fn left_out(why: &str) {
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    let _ = writeln!(std::io::stderr(), "{name}: left out: {why}");
}

#[test]
fn a_line_that_is_hung_up_leaves_the_terminal_and_the_basket_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    for (at, signal) in ["HUP", "TERM", "INT", "QUIT"].into_iter().enumerate() {
        let mut console = Console::open(&shop, 90, 28);
        console.wait("Ctrl-P everything");
        if at > 0 {
            console.wait("Butter bun");
        }
        console.scan("BUN", &format!("{} piece", at + 1));
        console.signal(signal);
        console.ends("");
    }
    let mut again = Console::open(&shop, 80, 24);
    again.wait("4 pieces");
    again.send("6=\r");
    again.wait("Change 0.00");
    again.leave();
    till(&shop, &["check"]);
}

#[test]
fn a_server_that_is_killed_is_told_to_everyone_and_the_next_knows_all_that_was_confirmed() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    for name in ["2", "3"] {
        till(&shop, &["settings", "--add-register", name]);
    }
    let at = |register: &str| {
        let words = [TILL, "--shop", shop.to_str().unwrap(), "--register", register];
        let mut console = Console::run(&words, &shop, 90, 28);
        console.wait("Ctrl-P everything");
        console
    };
    let mut all: Vec<Console> = Vec::new();
    let mut receipts = Vec::new();
    for register in ["1", "2", "3"] {
        let mut console = at(register);
        console.scan("TEA", "Green tea");
        console.send("3=\r");
        console.wait("Receipt R");
        receipts.push(console.receipt());
        all.push(console);
    }
    kill_server(&shop);
    for console in all {
        assert_eq!(console.ends("server has ended"), 1);
    }
    // What a dead server left lying about hinders nobody.
    assert!(beside(&shop, ".sock").exists());
    let mut again = at("2");
    again.scan("BUN", "Butter bun");
    again.send("2=\r");
    again.wait("Change 0.50");
    again.leave();
    for receipt in receipts {
        assert!(till(&shop, &["receipt", &receipt]).contains("Green tea"), "{receipt} was shown");
    }
    assert_eq!(report(&shop, &["order-status"])["rows"][0]["orders"], 4);
    till(&shop, &["check"]);
}

/// What stands at the shop's socket instead of a server of this version: whoever comes is answered with these bytes.
fn stand_in(shop: &Path, answer: Vec<u8>) {
    let door = UnixListener::bind(beside(shop, ".sock")).unwrap();
    std::thread::spawn(move || {
        for mut caller in door.incoming().map_while(Result::ok) {
            let mut greeting = [0; 6];
            caller.read_exact(&mut greeting).unwrap();
            assert_eq!(greeting[..5], *b"till\0");
            // Whoever is not there to hear it has left.
            let _ = caller.write_all(&answer);
        }
    });
}

#[test]
fn a_server_of_another_version_is_no_riddle() {
    for (answer, said) in [
        ([&[11, 14, 0, 0, 0, 1, 0][..], b"another till"].concat(), "till: another till"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), "till: "),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let shop = shop(folder.path());
        stand_in(&shop, answer);
        let output = run(&shop, &["report", "low-stock"]);
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), words.lines().count()), (Some(1), 1), "{words}");
        assert!(words.starts_with(said) && output.stdout.is_empty(), "{words}");
        assert_eq!(Console::open(&shop, 80, 24).ends(said), 1);
    }
}

fn run(shop: &Path, words: &[&str]) -> Output {
    Command::new(TILL).arg("--shop").arg(shop).args(words).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn the_socket_is_the_owners_or_a_groups_and_the_kernel_says_who_comes() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let unknown = run(&shop, &["serve", "--group", "no such group"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there is no group"));
    let is_root = rustix::process::getuid().is_root();
    let group = if is_root { 54_321 } else { rustix::process::getgid().as_raw() };
    let socket = || std::fs::metadata(beside(&shop, ".sock")).unwrap();
    drop(Serving::start(&shop, &[]));
    assert_eq!(socket().mode() & 0o777, 0o600);
    let _serving = Serving::start(&shop, &["--group", &group.to_string()]);
    assert_eq!((socket().mode() & 0o777, socket().gid()), (0o660, group));
    assert_eq!(std::fs::metadata(&shop).unwrap().mode() & 0o777, 0o600, "the group gets no farther than the socket");
    if !is_root {
        return left_out("only root can come as somebody else");
    }
    // The account `nobody` of every system, as a person who works here.
    till(&shop, &["user", "add", "nobody", "--role", "accountant"]);
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let come = |user: u32, group: u32, words: &[&str]| {
        let mut command = Command::new(TILL);
        command.arg("--shop").arg(&shop).args(words).stdin(Stdio::null()).uid(user).gid(group).current_dir("/");
        command.output()
    };
    let Ok(accountant) = come(65_534, group, &["report", "low-stock", "--json"]) else {
        return left_out("the program lies where no other account may run it");
    };
    let said = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(accountant.status.success(), "{}", said(&accountant));
    assert_eq!(String::from_utf8(accountant.stdout).unwrap(), till(&shop, &["report", "low-stock", "--json"]));
    for (user, group, words, why) in [
        (65_534, group, ["user", "list"], "You may not change who works here"),
        (65_534, group, ["export", "/tmp/nowhere"], "run this there"),
        (65_534, group, ["restore", "/tmp/nowhere"], "only the owner of the shop file may restore it"),
        (54_322, group, ["report", "low-stock"], "you are nobody who works here"),
        (65_534, 65_534, ["report", "low-stock"], "denied"),
    ] {
        let refused = come(user, group, &words).unwrap();
        assert_eq!(refused.status.code(), Some(1), "{words:?}");
        assert!(said(&refused).contains(why), "{words:?}: {}", said(&refused));
    }
    assert!(run(&shop, &["stop"]).status.success());
    till(&shop, &["check"]);
}

/// Twenty people sell one after the other's heels, each at a register of their own.
fn twenty_sell(shop: &Path) {
    let registers: Vec<String> = (1..=20).map(|number| number.to_string()).collect();
    for register in &registers[1..] {
        till(shop, &["settings", "--add-register", register]);
    }
    std::thread::scope(|scope| {
        for register in &registers {
            scope.spawn(move || {
                let words = [TILL, "--shop", shop.to_str().unwrap(), "--register", register];
                let mut seller = Console::run(&words, shop, 80, 24);
                seller.wait("Ctrl-P everything");
                seller.scan("4006381333931", "Green tea");
                seller.send("5=\r");
                seller.wait("Receipt R");
                assert!(seller.receipt().starts_with(&format!("R{register}-")), "{}", seller.text());
                seller.leave();
            });
        }
    });
}

#[test]
fn one_who_reads_nothing_while_twenty_sell_holds_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut stuck = Console::open(&shop, 200, 60);
    stuck.wait("Ctrl-P everything");
    stuck.send("\u{1b}5");
    stuck.wait("Nothing was sold yet.");
    // Stopped, it takes nothing of all that the dashboard would show: its side of the server waits with one frame.
    stuck.signal("STOP");
    twenty_sell(&shop);
    let orders = report(&shop, &["order-status"]);
    assert_eq!(orders["rows"][0]["orders"], 20);
    // Reading again, it shows the day as it is now.
    stuck.signal("CONT");
    stuck.wait("\n 50.00  ");
    stuck.leave();
    till(&shop, &["check"]);
}

#[test]
fn a_name_that_nobody_has_is_asked_for_its_secret_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let called = |name: &str| {
        let mut words = vec![TILL, "--shop", shop.to_str().unwrap()];
        words.extend(["--as", name]);
        Console::run(&words, &shop, 80, 24)
    };
    // Where nobody has a secret a name is enough, and must be somebody's.
    assert_eq!(called("nora").ends("there is nobody nora; see: till user list"), 1);
    till(&shop, &["user", "add", "mara", "--role", "cashier"]);
    give_pin(&shop, "mara", "4711");
    let [mara, nora] = ["mara", "nora"].map(|name| {
        let mut console = called(name);
        console.wait("PIN or passphrase");
        console.send("0000\r");
        console.wait("do not belong together");
        let text = console.text().replace(name, "somebody");
        console.leave();
        text
    });
    assert_eq!(mara, nora);
}
