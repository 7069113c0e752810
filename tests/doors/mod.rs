//! The two front doors over SSH: the built-in server, and an `sshd` of the test's own that runs till for whoever comes, each
//! with a shop behind it and the stock client before it.
//!
//! Knows how to stand them up and how to knock, never what is to be seen inside.

use crate::pty::{Console, TILL, give_pin, shop, till};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// Says, past what the tests' own harness keeps to itself, that something was not tried here.
pub fn left_out(why: &str) {
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    let _ = writeln!(std::io::stderr(), "{name}: left out: {why}");
}

/// A program of OpenSSH, where it is installed.
pub fn program(name: &str) -> Option<PathBuf> {
    let folders = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/bin", "/sbin"];
    let found = folders.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.exists());
    if found.is_none() {
        left_out(&format!("there is no {name} on this machine"));
    }
    found
}

/// Makes a key of SSH and, beside it, what ends in `.pub`.
pub fn make_key(keygen: &Path, path: &Path) {
    let made = Command::new(keygen).args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(path).status();
    assert!(made.unwrap().success());
}

/// The built-in server, and a shop behind it.
pub struct Server {
    child: Child,
    port: u16,
    /// The shop file.
    pub shop: PathBuf,
    /// Where the shop, the keys and all else lie.
    pub folder: tempfile::TempDir,
}

impl Server {
    /// A shop with Ann, its administrator and manager, and Mara, a cashier with a PIN; each has a key.
    pub fn start() -> Option<Server> {
        program("ssh")?;
        let keygen = program("ssh-keygen")?;
        let folder = tempfile::tempdir().unwrap();
        let shop = shop(folder.path());
        till(&shop, &["user", "add", "mara", "--name", "Mara", "--role", "cashier"]);
        for key in ["admin", "mara", "stranger"] {
            make_key(&keygen, &folder.path().join(key));
        }
        for person in ["admin", "mara"] {
            let file = folder.path().join(format!("{person}.pub"));
            till(&shop, &["user", "add-key", person, file.to_str().unwrap()]);
        }
        give_pin(&shop, "mara", "4711");
        let mut child = Command::new(TILL)
            .args(["serve", "--ssh", "127.0.0.1:0", "--shop"])
            .arg(&shop)
            .stderr(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let port = first.split("127.0.0.1:").nth(1).and_then(|rest| rest.split(',').next());
        let port = port.and_then(|port| port.parse().ok()).unwrap_or_else(|| panic!("no port in {first:?}"));
        assert!(lines.next().unwrap().unwrap().contains("serving"));
        // Whatever it says later must be taken, or it would wait to say it.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Server { child, port, shop, folder })
    }

    /// The words of the stock client that shows this key and is silent about all but errors.
    pub fn words(&self, key: &str, more: &[&str]) -> Vec<String> {
        let key = self.folder.path().join(key);
        let known = format!("UserKnownHostsFile={}", self.folder.path().join("known").display());
        let port = self.port.to_string();
        let fixed = [
            "-F",
            "/dev/null",
            "-p",
            &port,
            "-i",
            key.to_str().unwrap(),
            "-o",
            "IdentitiesOnly=yes",
            "-o",
            "BatchMode=yes",
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "LogLevel=ERROR",
            "-o",
            &known,
        ];
        fixed.iter().chain(more).map(|word| (*word).to_owned()).collect()
    }

    /// What the stock client says that shows this key.
    pub fn ssh(&self, key: &str, more: &[&str]) -> Output {
        Command::new("ssh").args(self.words(key, more)).stdin(Stdio::null()).output().unwrap()
    }

    /// What somebody is told at their own terminal who shows these keys, the first with the client's usual words.
    pub fn told(&self, keys: &[&str], more: &[&str]) -> String {
        let (first, others) = keys.split_first().unwrap();
        let others = others.iter().map(|key| self.folder.path().join(key).to_str().unwrap().to_owned());
        let others = others.flat_map(|key| ["-i".to_owned(), key]);
        let words = self.words(first, &[]).into_iter().map(|word| match word.as_str() {
            "BatchMode=yes" => "BatchMode=no".to_owned(),
            "LogLevel=ERROR" => "LogLevel=INFO".to_owned(),
            _ => word,
        });
        let output = Command::new("ssh").args(words).args(others).args(more).stdin(Stdio::null()).output().unwrap();
        assert!(!output.status.success() && output.stdout.is_empty(), "{output:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    /// The port of the built-in server on this machine.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The console, by this key.
    pub fn console(&self, key: &str) -> Console {
        let words = self.words(key, &["-tt", "mara@127.0.0.1"]);
        let all: Vec<&str> = ["ssh"].into_iter().chain(words.iter().map(String::as_str)).collect();
        Console::run(&all, &self.shop, 90, 28)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An `sshd` of the test's own, that runs till for whoever comes with the administrator's key.
pub struct Daemon {
    child: Child,
    port: u16,
}

impl Daemon {
    /// One before the shop of a built-in server; `None` where none runs.
    pub fn start(server: &Server) -> Option<Daemon> {
        let (sshd, keygen) = (program("sshd")?, program("ssh-keygen")?);
        let folder = server.folder.path();
        let host = folder.join("host");
        make_key(&keygen, &host);
        let keys = folder.join("authorized");
        std::fs::copy(folder.join("admin.pub"), &keys).unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = folder.join("sshd_config");
        let text = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPasswordAuthentication no\n\
             KbdInteractiveAuthentication no\nUsePAM no\nStrictModes no\nPidFile none\nAllowTcpForwarding no\n\
             PermitRootLogin yes\nSetEnv TILL_SHOP={}\nForceCommand exec {TILL} $SSH_ORIGINAL_COMMAND\n",
            host.display(),
            keys.display(),
            server.shop.display(),
        );
        std::fs::write(&config, text).unwrap();
        // It drops its rights into a folder that only exists where the service is installed to run.
        let _ = std::fs::create_dir_all("/run/sshd");
        let mut child =
            Command::new(sshd).arg("-D").arg("-e").arg("-f").arg(&config).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let listening = lines.any(|line| line.contains("listening on"));
        // Whatever it says later must be taken, or it would wait to say it.
        std::thread::spawn(move || lines.for_each(drop));
        let daemon = Daemon { child, port };
        if !listening {
            left_out("sshd does not run here");
        }
        listening.then_some(daemon)
    }

    /// The words of a client that comes through this door.
    pub fn words(&self, server: &Server, key: &str, more: &[&str]) -> Vec<String> {
        let (own, port) = (server.port.to_string(), self.port.to_string());
        let words = server.words(key, &[]).into_iter();
        let words = words.map(|word| if word == own { port.clone() } else { word });
        words.chain(more.iter().map(|word| (*word).to_owned())).collect()
    }

    /// What the stock client says that comes through this door.
    pub fn ssh(&self, server: &Server, key: &str, more: &[&str]) -> Output {
        Command::new("ssh").args(self.words(server, key, more)).stdin(Stdio::null()).output().unwrap()
    }

    /// The console through this door.
    pub fn console(&self, server: &Server) -> Console {
        let words = self.words(server, "admin", &["-tt", &account()]);
        let all: Vec<&str> = ["ssh"].into_iter().chain(words.iter().map(String::as_str)).collect();
        Console::run(&all, &server.shop, 90, 28)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The account the tests run as, on this machine.
pub fn account() -> String {
    let user = std::env::var("USER").unwrap_or_else(|_| "root".to_owned());
    format!("{user}@127.0.0.1")
}
