//! What the command line says when the words are wrong, and what it says beside an answer: the same with a server and without.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

struct Shop {
    place: tempfile::TempDir,
}

impl Shop {
    /// Two stores that both have a register 2.
    fn new() -> Shop {
        let shop = Shop { place: tempfile::tempdir().unwrap() };
        shop.write("files/stores.csv", "id,name,location,timezone\nN,North,,UTC\nS,South,,UTC\n");
        shop.write(
            "files/products.csv",
            "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\np,,,P,,1.00,,,\n",
        );
        shop.write(
            "files/orders.csv",
            "id,store_id,customer_id,ordered_at,status,payment_method,register\n\
             1,S,,2024-01-01,paid,,till A\n2,N,,2024-01-02,paid,,2\n3,S,,2024-01-03,paid,,2\n4,N,,2024-01-04,paid,,1\n",
        );
        shop.write(
            "files/order_lines.csv",
            "order_id,line_no,product_id,quantity,unit_price,discount,tax\n1,1,p,1,10,,\n2,1,p,1,20,,\n3,1,p,1,40,,\n\
             4,1,p,1,80,,\n",
        );
        shop.works(&["init"]);
        shop.works(&["import", shop.path("files").to_str().unwrap()]);
        shop
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn of(&self, file: &str, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_till"));
        command.arg("--shop").arg(self.path(file)).args(words).current_dir(self.place.path()).stdin(Stdio::null());
        command
    }

    fn run(&self, words: &[&str]) -> Output {
        self.of("shop.redb", words).output().unwrap()
    }

    fn works(&self, words: &[&str]) -> String {
        let done = self.run(words);
        assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    fn says(&self, words: &[&str]) -> (i32, String) {
        let done = self.run(words);
        (done.status.code().unwrap(), String::from_utf8(done.stderr).unwrap())
    }

    /// The rows of an answer, fields joined by blanks.
    fn rows(&self, words: &[&str]) -> Vec<String> {
        let told = self.works(&[&["report"], words, &["--csv"]].concat());
        told.lines().skip(1).map(|line| line.replace(',', " ")).collect()
    }
}

/// A server of a shop, ended with the test.
struct Server(Child);

impl Server {
    fn of(shop: &Shop) -> Server {
        let server =
            Server(shop.of("shop.redb", &["serve"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let until = Instant::now() + Duration::from_secs(30);
        while !socket(shop.place.path()) {
            assert!(Instant::now() < until, "the server does not come up");
            std::thread::sleep(Duration::from_millis(10));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn socket(folder: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    let entries = fs::read_dir(folder).unwrap().flatten();
    entries.into_iter().any(|entry| entry.file_type().is_ok_and(|kind| kind.is_socket()))
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    let shop = Shop::new();
    shop.write("junk", "no shop at all");
    let all: &[(&[&str], i32, &str)] = &[
        (&["report"], 2, "which report?"),
        (&["import"], 2, "<DIR>; usage: till import"),
        (&["import", "--foo", "x"], 2, "unexpected argument '--foo'"),
        (&["receipt", "1", "--format", "pdf"], 2, "[possible values: text, escpos, json]"),
        (&["frobnicate"], 2, "unrecognized subcommand"),
        (&["user", "add"], 2, "usage: till user add"),
        (&["report", "low-stock", "--sort", "sales"], 2, "no figure sales"),
        (&["export", "junk"], 1, "junk is a file; give a folder"),
        (&["restore", "junk"], 1, "/junk is not a till shop file"),
        (&["restore", "nothing"], 1, "/nothing: there is no such file"),
    ];
    let check = |with: &str| {
        for (words, status, part) in all {
            let (ended, said) = shop.says(words);
            assert_eq!(ended, *status, "{words:?} {with}: {said}");
            assert!(said.starts_with("till: ") && said.trim_end().lines().count() == 1, "one line {with}: {said}");
            assert!(said.contains(part), "{said} should say {part} {with}");
        }
    };
    check("without a server");
    let nowhere = shop.of("none.redb", &["report", "--json"]).output().unwrap();
    assert_eq!(nowhere.status.code(), Some(2), "no shop is needed to see that no report is named");
    let _server = Server::of(&shop);
    check("with one");
}

#[test]
fn how_a_csv_was_answered_stands_on_standard_error() {
    let shop = Shop::new();
    let words = ["report", "sales-by-category", "--csv", "--explain"];
    let check = |how: &str| {
        let done = shop.run(&words);
        assert!(done.status.success());
        assert_eq!(String::from_utf8(done.stdout).unwrap(), shop.works(&words[..3]));
        let said = String::from_utf8(done.stderr).unwrap();
        assert!(said.starts_with(how) && said.lines().count() == 1 && said.contains("rows read"), "{said}");
    };
    check("rollup: ");
    let _server = Server::of(&shop);
    shop.works(&words[..3]);
    check("kept rollup: ");
}

#[test]
fn findings_stand_on_lines_of_their_own() {
    let shop = Shop::new();
    shop.write("more/stores.csv", "id,name,location,timezone\nX,,,Mars/Base\nY,,,Mars/Base\n");
    let (status, said) = shop.says(&["import", "more"]);
    assert_eq!(status, 1);
    assert_eq!(
        said.lines().collect::<Vec<_>>(),
        [
            "till: the import found 2 faults; nothing was changed",
            "stores.csv:2: timezone: there is no time zone \"Mars/Base\"",
            "stores.csv:3: timezone: there is no time zone \"Mars/Base\"",
        ]
    );
}

#[test]
fn registers_are_called_what_the_files_call_them() {
    let shop = Shop::new();
    let by_register = ["sales-by-register", "--measures", "sales"];
    let expected = ["1 1 80.00", "N/2 2 20.00", "S/2 2 40.00", "till A till A 10.00"];
    assert_eq!(shop.rows(&by_register), expected);
    let of = |value: &str| shop.rows(&["sales", "--by", "store", "--measures", "sales", "--where", value]);
    assert_eq!(of("register=2"), ["N North 20.00", "S South 40.00"], "all of that text, never a number");
    assert_eq!(of("register=S/2"), ["S South 40.00"]);
    assert_eq!(of("register=N/1"), ["N North 80.00"]);
    assert_eq!(of("register=till A"), ["S South 10.00"]);
    assert_eq!(of("register=3"), [] as [&str; 0]);
    // A view that was kept asks for the same in a copy whose orders come in another order.
    let out = shop.path("out");
    shop.works(&["export", out.to_str().unwrap()]);
    let orders = fs::read_to_string(out.join("orders.csv")).unwrap();
    let (head, rows) = orders.split_once('\n').unwrap();
    let turned: Vec<&str> = rows.lines().rev().collect();
    fs::write(out.join("orders.csv"), format!("{head}\n{}\n", turned.join("\n"))).unwrap();
    let copy = Shop { place: tempfile::tempdir().unwrap() };
    copy.works(&["init"]);
    copy.works(&["import", out.to_str().unwrap()]);
    assert_eq!(copy.rows(&by_register), expected);
    copy.works(&[
        "report",
        "save",
        "south",
        "sales",
        "--by",
        "store",
        "--measures",
        "sales",
        "--where",
        "register=S/2",
    ]);
    assert_eq!(copy.rows(&["south"]), ["S South 40.00"]);
}

#[test]
fn no_two_registers_of_a_store_are_called_alike() {
    let shop = Shop::new();
    let twin = shop.run(&["settings", "--add-register", "2", "--in-store", "S"]);
    let said = String::from_utf8_lossy(&twin.stderr).into_owned();
    assert_eq!((twin.status.code(), said.lines().count()), (Some(1), 1), "{said}");
    assert!(said.contains("register 2 belongs to South already"), "{said}");
    shop.works(&["settings", "--add-register", "3", "--in-store", "S"]);
    assert!(!shop.works(&["settings"]).contains("2 in South, 2 in South"));
}
