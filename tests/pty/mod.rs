//! Drives the real program on a real pseudo-terminal: keys in, the screen as text out.
//!
//! Waits for what is on the screen, never for time to pass; a wait that is not fulfilled fails with a picture of the screen.

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::termios::LocalModes;
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// The program under test.
pub const TILL: &str = env!("CARGO_BIN_EXE_till");

/// How long anything may take to appear.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running console.
pub struct Console {
    child: Box<dyn Child + Send + Sync>,
    input: Box<dyn Write + Send>,
    output: Receiver<Vec<u8>>,
    screen: vt100::Parser,
    shop: std::path::PathBuf,
    master: Box<dyn MasterPty + Send>,
}

impl Console {
    /// Opens the console on a shop, on a terminal of that size.
    pub fn open(shop: &Path, columns: u16, rows: u16) -> Console {
        Console::run(&[TILL, "--shop", shop.to_str().unwrap()], shop, columns, rows)
    }

    /// Runs any command that shows the console of a shop.
    pub fn run(words: &[&str], shop: &Path, columns: u16, rows: u16) -> Console {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(words[0]);
        command.args(&words[1..]);
        command.cwd(shop.parent().unwrap());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env_remove("NO_COLOR");
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 8_192];
            while let Ok(read @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..read].to_vec()).is_err() {
                    break;
                }
            }
        });
        let input = pair.master.take_writer().unwrap();
        let screen = vt100::Parser::new(rows, columns, 0);
        Console { child, input, output, screen, shop: shop.to_owned(), master: pair.master }
    }

    /// Sends bytes as a terminal would.
    pub fn send(&mut self, bytes: &str) {
        self.input.write_all(bytes.as_bytes()).unwrap();
        self.input.flush().unwrap();
    }

    /// The window has another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.master.resize(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
        self.screen.screen_mut().set_size(rows, columns);
    }

    /// Kills the terminal's own program without a word, as a dropped line does; the shop's server goes on.
    pub fn drop_line(mut self) {
        self.signal("KILL");
        self.child.wait().unwrap();
    }

    /// Sends a signal to the terminal's own program.
    pub fn signal(&self, name: &str) {
        signal(name, &self.child.process_id().unwrap().to_string());
    }

    /// Waits until a program has the whole screen again.
    pub fn taken(&mut self) {
        self.look(vt100::Screen::alternate_screen, "the whole screen");
    }

    /// Whether a program has the whole screen, as the console does.
    pub fn is_taken(&self) -> bool {
        self.screen.screen().alternate_screen()
    }

    /// Signs in where somebody is asked who they are.
    pub fn sign_in(&mut self, name: &str, pin: &str) {
        self.wait("PIN or passphrase");
        self.send(&format!("{name}\r{pin}\r"));
        self.gone("PIN or passphrase");
        self.wait("Ctrl-P everything");
    }

    /// Waits until the cursor stands behind these words on its row.
    pub fn wait_cursor(&mut self, words: &str) {
        let behind = |screen: &vt100::Screen| {
            let (row, column) = screen.cursor_position();
            screen.contents_between(row, 0, row, column).ends_with(words)
        };
        self.look(behind, words);
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Waits until `words` stand on the screen.
    pub fn wait(&mut self, words: &str) {
        self.until(|text| text.contains(words), words);
    }

    /// Waits until `words` no longer stand on the screen.
    pub fn gone(&mut self, words: &str) {
        self.until(|text| !text.contains(words), words);
    }

    fn until(&mut self, fulfilled: impl Fn(&str) -> bool, words: &str) {
        self.look(|screen| fulfilled(&screen.contents()), words);
    }

    fn look(&mut self, fulfilled: impl Fn(&vt100::Screen) -> bool, words: &str) {
        let end = Instant::now() + PATIENCE;
        while !fulfilled(self.screen.screen()) {
            let left = end.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => self.screen.process(&bytes),
                Err(_) => panic!("waited for {words:?}; the screen was:\n{}", self.text()),
            }
        }
    }

    /// Rings what a scanner sends: the code and Enter in one write; waits until `shown` stands in the basket.
    pub fn scan(&mut self, code: &str, shown: &str) {
        self.send(&format!("{code}\r"));
        self.wait(shown);
    }

    /// The number of the receipt on the screen.
    pub fn receipt(&self) -> String {
        let text = self.text();
        let after = text.split("Receipt ").nth(1).unwrap_or_else(|| panic!("no receipt on the screen:\n{text}"));
        after.split_whitespace().next().unwrap().to_owned()
    }

    /// Kills the shop's server without a word; the console says so, gives the terminal back and ends.
    pub fn kill(self) {
        kill_server(&self.shop);
        assert_eq!(self.ends("server has ended"), 1);
    }

    /// Waits for the console to end by itself with these words; the terminal is as it was before. Its exit status.
    pub fn ends(mut self, words: &str) -> u32 {
        while self.output.recv_timeout(PATIENCE).map(|bytes| self.screen.process(&bytes)).is_ok() {}
        let status = self.child.wait().unwrap();
        assert!(self.text().contains(words), "{}", self.text());
        assert!(!self.screen.screen().alternate_screen() && !self.screen.screen().hide_cursor());
        assert_eq!(self.screen.screen().mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert!(!self.screen.screen().bracketed_paste());
        let terminal = self.master.tty_name().unwrap();
        let terminal = std::fs::File::options().read(true).custom_flags(no_own_terminal()).open(terminal).unwrap();
        let modes = rustix::termios::tcgetattr(&terminal).unwrap().local_modes;
        let typed_in_lines = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
        assert!(modes.contains(typed_in_lines), "the shell's terminal is {modes:?}");
        status.exit_code()
    }

    /// Leaves as a person does.
    pub fn leave(mut self) {
        self.send("\u{11}");
        // The terminal's last bytes must be taken, or the program waits to write them.
        while self.output.recv_timeout(PATIENCE).is_ok() {}
        let status = self.child.wait().unwrap();
        assert!(status.success(), "the console ended with {status:?}");
    }
}

/// A server in the foreground, ready for callers; killed when it is let go of.
pub struct Serving {
    child: std::process::Child,
}

impl Serving {
    /// Starts one, with these words of its own.
    pub fn start(shop: &Path, words: &[&str]) -> Serving {
        let mut command = Command::new(TILL);
        command.arg("serve").args(words).arg("--shop").arg(shop).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut said = [0; 13];
        child.stderr.as_mut().unwrap().read_exact(&mut said).unwrap();
        assert_eq!(String::from_utf8_lossy(&said), "till: serving");
        Serving { child }
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as `till stop` does.
    pub fn stop(mut self, shop: &Path) {
        till(shop, &["stop"]);
        assert!(self.child.wait().unwrap().success());
    }

    /// Ends it without a word.
    pub fn kill(self) {
        drop(self);
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Not to become the test's own terminal.
fn no_own_terminal() -> i32 {
    rustix::fs::OFlags::NOCTTY.bits() as i32
}

/// Kills the shop's server without a word.
pub fn kill_server(shop: &Path) {
    let process = std::fs::read_to_string(beside(shop, ".serving")).unwrap();
    signal("KILL", process.trim());
}

/// Sends a signal to a process.
pub fn signal(name: &str, process: &str) {
    assert!(Command::new("kill").args([&format!("-{name}"), process]).status().unwrap().success());
}

/// A file beside the shop, by what its name ends in.
pub fn beside(shop: &Path, end: &str) -> std::path::PathBuf {
    let mut name = shop.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Runs a subcommand on the shop; its standard output.
pub fn till(shop: &Path, words: &[&str]) -> String {
    let output = Command::new(TILL).arg("--shop").arg(shop).args(words).output().unwrap();
    assert!(output.status.success(), "till {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A report as JSON.
pub fn report(shop: &Path, words: &[&str]) -> serde_json::Value {
    let all: Vec<&str> = ["report"].iter().chain(words).chain(&["--json"]).copied().collect();
    serde_json::from_str(&till(shop, &all)).unwrap()
}

/// Gives a person a PIN, as `till user pin` reads it from a pipe.
pub fn give_pin(shop: &Path, person: &str, pin: &str) {
    let mut asked = Command::new(TILL)
        .args(["user", "pin", person, "--shop"])
        .arg(shop)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    asked.stdin.take().unwrap().write_all(format!("{pin}\n").as_bytes()).unwrap();
    assert!(asked.wait().unwrap().success());
}

/// A new small shop with goods and customers.
pub fn shop(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("shop.redb");
    till(&path, &["init", "--name", "Corner"]);
    let files = folder.join("files");
    std::fs::create_dir(&files).unwrap();
    let products = "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\n\
        1,TEA,4006381333931,Green tea,Drinks,3.00,1.20,0.20,5\n\
        2,BUN,,Butter bun,Bakery,1.50,0.60,0.07,5\n\
        3,GOU,,Gouda,Dairy,14.50,8.00,0.07,\n";
    std::fs::write(files.join("products.csv"), products).unwrap();
    std::fs::write(files.join("stores.csv"), "id,name,location,timezone\nS1,North,,\n").unwrap();
    let inventory = "store_id,product_id,quantity\nS1,1,50\nS1,2,50\nS1,3,20\n";
    std::fs::write(files.join("inventory.csv"), inventory).unwrap();
    let customers = "id,name,email,phone,address,location,gender,birth_date,registered_on\n\
        K1,Ines Keller,ines@example.org,555 0101 22,,Hamburg,female,1990-05-01,2024-01-01\n\
        K2,Otto Brandt,,555 0199 33,,Kiel,male,,2024-01-01\n";
    std::fs::write(files.join("customers.csv"), customers).unwrap();
    till(&path, &["import", files.to_str().unwrap()]);
    path
}
