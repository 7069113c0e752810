//! A morning in a shop where people prove who they are: two cashiers, a supervisor's word, a dropped line, a manager who
//! watches. Real processes at real terminals; what happened is asked of the reports afterwards.

#[allow(dead_code, reason = "each test takes what it needs of it")]
mod pty;

use pty::{Console, TILL, give_pin, report, shop, till};
use std::path::{Path, PathBuf};

/// A shop with two registers and four people, each with a PIN.
fn staffed(folder: &Path) -> PathBuf {
    let shop = shop(folder);
    till(&shop, &["settings", "--add-register", "2"]);
    let people = [("mara", "cashier"), ("ben", "cashier"), ("sam", "supervisor"), ("noor", "manager")];
    for ((id, role), pin) in people.into_iter().zip(["1111", "2222", "3333", "4444"]) {
        let name = format!("{}{}", id[..1].to_uppercase(), &id[1..]);
        till(&shop, &["user", "add", id, "--name", &name, "--role", role]);
        give_pin(&shop, id, pin);
    }
    shop
}

/// A terminal, at a register where that is said, with somebody signed in.
fn at_work(shop: &Path, register: Option<&str>, name: &str, pin: &str) -> Console {
    let mut words = vec![TILL, "--shop", shop.to_str().unwrap()];
    words.extend(register.iter().flat_map(|register| ["--register", register]));
    let mut console = Console::run(&words, shop, 120, 30);
    console.sign_in(name, pin);
    console
}

/// The acts of the morning, newest first: who, what, about what, with which detail.
fn acts(shop: &Path) -> Vec<[String; 4]> {
    let audit = report(shop, &["audit"]);
    let word = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = audit["rows"].as_array().unwrap().iter();
    rows.map(|row| ["who", "act", "subject", "detail"].map(|name| word(row, name))).collect()
}

/// Two cashiers sell, and the manager's list says who is at work.
fn open_the_doors(mara: &mut Console, ben: &mut Console, noor: &mut Console) {
    mara.scan("TEA", "Green tea");
    mara.send("3=\r");
    mara.wait("Change 0.00");
    ben.scan("BUN", "Butter bun");
    ben.send("2=\r");
    ben.wait("Change 0.50");
    noor.send("\u{1b}6");
    noor.wait("4 at work now");
    noor.send("j");
    noor.wait("▸ mara");
}

/// Half a price off: allowed by one key from the supervisor's own session, then by PIN at the till.
fn ask_for_a_word_twice(ben: &mut Console, sam: &mut Console, noor: &mut Console) {
    ben.scan("TEA", "Green tea");
    ben.scan("-50%", "-50 %");
    ben.send("2=\r");
    ben.wait("A supervisor is needed");
    let asked =
        "Ben asks to give so much off (1.50 off 3.00 for 1 Green tea, register 2). Ctrl-G allows it, Esc does not.";
    sam.wait(asked);
    // Whoever watches may allow it too, and hears of it.
    noor.wait("Ben asks to give so much off");
    sam.send("\u{7}");
    ben.wait("Change 0.50");
    sam.wait("Allowed.");
    // Nobody is asked for what is done with.
    noor.gone("Ben asks to give so much off");
    noor.wait("Watching Mara");
    ben.scan("BUN", "Butter bun");
    ben.scan("-1.00", "1.00");
    ben.send("5=\r");
    ben.wait("A supervisor is needed");
    ben.send("sam\r2222\r");
    ben.wait("do not belong together");
    ben.send("\u{15}3333\r");
    ben.wait("Change 4.50");
    sam.gone("Ben asks");
}

#[test]
fn a_morning_with_two_cashiers_a_supervisors_word_and_a_dropped_line() {
    let folder = tempfile::tempdir().unwrap();
    let shop = staffed(folder.path());
    let mut mara = at_work(&shop, Some("1"), "mara", "1111");
    let mut ben = at_work(&shop, Some("2"), "ben", "2222");
    let mut sam = at_work(&shop, None, "sam", "3333");
    let mut noor = at_work(&shop, None, "noor", "4444");
    open_the_doors(&mut mara, &mut ben, &mut noor);
    noor.send("w");
    noor.wait("Watching Mara");
    mara.scan("TEA", "1 piece");
    noor.wait("1 piece");
    ask_for_a_word_twice(&mut ben, &mut sam, &mut noor);
    // In the middle of a word, at its second letter, the line drops; the manager sees her go.
    mara.send("2*bn");
    mara.wait("2*bn");
    noor.wait("2*bn");
    mara.send("\u{1b}[D");
    mara.wait_cursor("2*b");
    mara.drop_line();
    noor.wait("They have just left");
    noor.gone("Watching");
    let mut mara = at_work(&shop, None, "mara", "1111");
    mara.wait("2*bn");
    mara.wait_cursor("2*b");
    noor.send("w");
    noor.wait("Watching Mara");
    noor.wait("2*bn");
    // A key of the one who watches ends the watching and comes nowhere else.
    noor.send("z");
    noor.gone("Watching");
    mara.send("u");
    mara.wait("2*bun");
    mara.wait("▸ Butter bun");
    mara.send("\r");
    mara.wait("3 pieces");
    mara.send("6=\r");
    mara.wait("Change 0.00");
    assert!(!mara.text().contains('z'));
    for console in [mara, ben, sam, noor] {
        console.leave();
    }
    told_afterwards(&shop);
}

/// What the reports say of the morning: both names on what was allowed, every coming and going, every cent.
fn told_afterwards(shop: &Path) {
    assert!(till(shop, &["check"]).contains("the shop is sound"));
    let acts = acts(shop);
    let count = |who: &str, act: &str, words: &str| {
        let fits = |[by, what, subject, detail]: &&[String; 4]| {
            (&**by, &**what) == (who, act) && format!("{subject} {detail}").contains(words)
        };
        acts.iter().filter(fits).count()
    };
    assert_eq!(count("ben", "placed order", "approved by sam: give so much off"), 2, "{acts:?}");
    assert_eq!((count("ben", "placed order", ""), count("mara", "placed order", "")), (3, 2));
    assert_eq!((count("mara", "signed in", ""), count("mara", "signed out", "")), (2, 2));
    assert_eq!((count("noor", "watched", "mara"), count("sam", "failed to sign in", "")), (2, 1));
    let day = report(shop, &["sales-by-day"]);
    assert_eq!(day["rows"].as_array().unwrap().len(), 1);
    let totals = &day["totals"];
    assert_eq!(
        (&totals["orders"], &totals["gross"], &totals["discounts"]),
        (&5.into(), &"15.00".into(), &"2.50".into())
    );
    assert_eq!((&totals["sales"], &totals["tax"]), (&"10.92".into(), &"1.58".into()));
    let cashiers = report(shop, &["sales-by-cashier"]);
    let orders: Vec<_> = cashiers["rows"].as_array().unwrap().iter().map(|row| (&row["id"], &row["orders"])).collect();
    assert_eq!(orders, [(&"ben".into(), &3.into()), (&"mara".into(), &2.into())]);
}
