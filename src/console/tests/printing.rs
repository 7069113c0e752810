//! Receipts on their way to a printer that takes them, or does not.

use super::*;
use std::io::Read;

fn prints(desk: &mut Desk) {
    desk.key(KeyCode::Char('r'), KeyModifiers::CONTROL);
}

/// Wakes the desk until it says that.
fn says(desk: &mut Desk, words: &str) {
    loop {
        desk.app.wake();
        let screen = desk.screen(120, 40);
        if screen.contains(words) {
            return;
        }
        assert!(desk.woken.recv_timeout(std::time::Duration::from_secs(20)).is_ok(), "{words} never came:\n{screen}");
    }
}

#[test]
fn a_printer_that_takes_nothing_holds_nobody_up() {
    let pipe = |folder: &Path| {
        let path = folder.join("printer");
        assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
        Some(path)
    };
    let mut desk = Desk::printing(vec![Role::Manager], pipe);
    desk.enter("TEA");
    desk.enter("3=");
    // One is on its way, and a few wait behind it.
    let mut receipts = 0;
    while !desk.screen(120, 40).contains("takes nothing") {
        receipts += 1;
        assert!(receipts < 20, "nobody said that the printer takes nothing");
        prints(&mut desk);
    }
    desk.enter("bun");
    assert!(desk.screen(120, 40).contains("Butter bun"));
    // Opened both ways, so that it has no end between two receipts.
    let mut paper =
        std::fs::OpenOptions::new().read(true).write(true).open(desk._folder.path().join("printer")).unwrap();
    says(&mut desk, "Printed.");
    let mut bytes = [0; 4096];
    assert!(paper.read(&mut bytes).unwrap() > 100);
}

#[test]
fn a_printer_that_is_not_there_is_named() {
    let mut desk = Desk::printing(vec![Role::Manager], |folder| Some(folder.join("nowhere/printer")));
    desk.enter("TEA");
    desk.enter("3=");
    prints(&mut desk);
    says(&mut desk, "does not take it");
}
