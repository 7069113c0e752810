//! Coming to the server of a shop, and starting one where there is none.

use super::Trouble;
use super::progress::{Step, Watch};
use crate::session::connect;
use rustix::fs::{FlockOperation, flock};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};

/// The line by which a server that was started for a client says that callers may come.
pub(super) const READY: &str = "ready";

/// How often a server that left in the very moment it was called is tried again.
const TRIES: usize = 5;

/// A connection to the shop's server, started if need be. Of many who come at once one starts it.
pub(super) fn reach(path: &Path, watch: &Watch) -> Result<UnixStream, Trouble> {
    for _ in 0..TRIES {
        if let Some(stream) = connect(path)? {
            return Ok(stream);
        }
        if !path.exists() {
            super::place::open(path, watch)?.close()?;
        }
        let mut beside = path.as_os_str().to_owned();
        beside.push(".starting");
        let lock = File::options().write(true).create(true).truncate(false).mode(0o600).open(&beside);
        let lock = lock.map_err(|why| Trouble::Failed(format!("{}: {why}", path.display())))?;
        flock(&lock, FlockOperation::LockExclusive)?;
        if let Some(stream) = connect(path)? {
            return Ok(stream);
        }
        start(path, watch)?;
    }
    Err(Trouble::Failed(format!("{}: its server leaves as soon as it is started", path.display())))
}

/// Starts a server of its own standing and waits until callers may come.
fn start(path: &Path, watch: &Watch) -> Result<(), Trouble> {
    let path = std::path::absolute(path)?;
    let log = log(&path)?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("serve").arg("--until-idle").arg("--shop").arg(&path);
    // What one client wishes is not for all who come after it.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("TILL_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    let mut child = command.spawn()?;
    let mut words = String::new();
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).lines() {
            let line = line?;
            if line == READY {
                return Ok(());
            }
            match serde_json::from_str::<Step>(&line) {
                Ok(step) => watch(step),
                Err(_) => words = line,
            }
        }
    }
    // It has ended without being ready.
    child.wait()?;
    let words = words.strip_prefix("till: ").unwrap_or(&words);
    match words {
        "" => Err(Trouble::Failed(format!("{}: its server could not be started", path.display()))),
        words => Err(Trouble::Failed(words.to_owned())),
    }
}

/// Where a server that nobody watches writes what went wrong.
fn log(path: &Path) -> Result<File, Trouble> {
    let mut name = path.as_os_str().to_owned();
    name.push(".log");
    let file = File::options().append(true).create(true).mode(0o600).open(&name);
    file.map_err(|why| Trouble::Failed(format!("{}: {why}", Path::new(&name).display())))
}
