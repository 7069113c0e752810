//! Leaving to the shell for a while and coming back: by the palette, by a signal, by a stop that nobody can refuse; and what
//! happens where there is no shell to leave to.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod pty;

use pty::{Console, TILL, report, shop, signal, till};
use std::path::Path;

/// The console as a job of a shell that says when it has the terminal, reads a line and brings the job back.
fn under_a_shell(shop: &Path) -> Console {
    till(shop, &["settings", "--add-register", "2"]);
    let job = format!("echo $$ >job; exec {TILL} --shop {} --register 1", shop.display());
    let script = format!(
        "set -m; sh -c '{job}'; while jobs %1 >/dev/null 2>&1; do echo the shell has it; read line; fg >/dev/null; done; \
         echo all over"
    );
    let mut console = Console::run(&["bash", "-c", &script], shop, 100, 30);
    console.wait("Scan or type a code");
    console.scan("TEA", "Green tea");
    console.send("2*bu");
    console.wait("2*bu");
    console
}

/// Somebody sells at another register; nobody waits for the one who has left to the shell.
fn sell_elsewhere(shop: &Path) {
    let words = [TILL, "--shop", shop.to_str().unwrap(), "--register", "2"];
    let mut other = Console::run(&words, shop, 80, 24);
    other.wait("Scan or type a code");
    other.scan("BUN", "Butter bun");
    other.send("2=\r");
    other.wait("Change 0.50");
    other.leave();
}

/// What is typed now is the shell's; after its line the console is there again, at the same character, in the size of now.
fn come_back(console: &mut Console) {
    console.resize(120, 40);
    console.send("hello\n");
    console.taken();
    console.wait_cursor("2*bu");
    console.wait("Customers");
    console.wait("North · 1 · admin");
    let text = console.text();
    assert!(text.contains("Green tea") && !text.contains("hello"), "{text}");
    // A frame for the new size, with its footer in the last row.
    assert!(text.lines().nth(39).is_some_and(|line| line.contains("Ctrl-P everything")), "{text}");
    console.send("n");
    console.wait_cursor("2*bun");
    console.send("\u{15}2*bu");
    console.wait_cursor("2*bu");
    console.resize(100, 30);
    console.wait("Ctrl-P everything");
}

#[test]
fn the_shell_is_left_to_and_come_back_from() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut console = under_a_shell(&shop);
    // From the palette, then by its key, then by the signal that a person sends from elsewhere.
    for way in 0..3 {
        match way {
            0 => {
                console.send("\u{10}");
                console.wait("Everything");
                console.send("leave to the shell\r");
            }
            1 => console.send("\u{1c}"),
            _ => signal("TSTP", &job(&shop)),
        }
        console.wait("the shell has it");
        assert!(!console.is_taken(), "{}", console.text());
        sell_elsewhere(&shop);
        come_back(&mut console);
    }
    console.send("\u{11}");
    console.wait("all over");
    // Nothing of the console came out on the shell's own screen.
    let left = console.text();
    assert!(!console.is_taken() && !left.contains("everything") && !left.contains("Green tea"), "{left}");
    assert_eq!(report(&shop, &["order-status"])["rows"][0]["orders"], 3);
    till(&shop, &["check"]);
}

#[test]
fn a_stop_that_nobody_can_refuse_is_come_back_from_too() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut console = under_a_shell(&shop);
    signal("STOP", &job(&shop));
    console.wait("the shell has it");
    sell_elsewhere(&shop);
    come_back(&mut console);
    console.send("\u{11}");
    console.wait("all over");
}

#[test]
fn where_there_is_no_shell_nobody_leaves_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let shop = shop(folder.path());
    let mut console = Console::open(&shop, 100, 30);
    console.wait("Scan or type a code");
    console.send("\u{1c}");
    console.scan("TEA", "Green tea");
    assert!(console.is_taken());
    console.leave();
}

/// The console's own process below its shell.
fn job(shop: &Path) -> String {
    std::fs::read_to_string(shop.with_file_name("job")).unwrap().trim().to_owned()
}
