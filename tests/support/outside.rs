//! A shop as it is seen from outside: a file in a folder of its own, the program run on it, and the server that may own it.
//!
//! Knows no floor of the program.

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A shop that goes away with the test.
pub struct Shop {
    place: tempfile::TempDir,
}

impl Shop {
    /// A new one with nothing in it.
    pub fn empty() -> Shop {
        let shop = Shop { place: tempfile::tempdir().expect("a folder") };
        shop.works(&["init"]);
        shop
    }

    /// A new one with these files loaded; they lie in its folder `files`.
    pub fn of(files: &[(&str, &str)]) -> Shop {
        let shop = Shop::empty();
        files.iter().for_each(|(name, text)| shop.write(&format!("files/{name}"), text));
        shop.load("files");
        shop
    }

    /// What has that name beside the shop file.
    pub fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// Writes a file beside the shop file, or in a folder there.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Loads a folder that lies beside the shop file.
    pub fn load(&self, folder: &str) {
        self.works(&["import", folder]);
    }

    /// The program with these words, on the file of that name.
    pub fn command_on(&self, file: &str, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_till"));
        command.arg("--shop").arg(self.path(file)).args(words).current_dir(self.place.path()).stdin(Stdio::null());
        command
    }

    /// The same on the shop.
    pub fn command(&self, words: &[&str]) -> Command {
        self.command_on("shop.redb", words)
    }

    /// What comes of it.
    pub fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("till runs")
    }

    /// What it writes; it must succeed.
    pub fn works(&self, words: &[&str]) -> String {
        let done = self.run(words);
        assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).expect("UTF-8")
    }

    /// How it ends, and what it says on standard error.
    pub fn says(&self, words: &[&str]) -> (i32, String) {
        let done = self.run(words);
        (done.status.code().expect("no signal"), String::from_utf8(done.stderr).expect("UTF-8"))
    }

    fn has_socket(&self) -> bool {
        let entries = fs::read_dir(self.place.path()).expect("a folder").flatten();
        entries.into_iter().any(|entry| entry.file_type().is_ok_and(|kind| kind.is_socket()))
    }
}

/// A server of a shop, ended with the test.
pub struct Server(pub Child);

impl Server {
    /// Comes back once callers may come.
    pub fn of(shop: &Shop) -> Server {
        let mut command = shop.command(&["serve"]);
        let mut server = Server(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a server"));
        let until = Instant::now() + Duration::from_secs(30);
        while !shop.has_socket() {
            assert!(server.0.try_wait().expect("a process").is_none(), "the server has ended");
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
