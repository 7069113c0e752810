//! `till serve` owns the shop and serves every session; `till stop` ends that.

use super::hall::Hall;
use super::place::{self, Place};
use super::progress::{self, Step, Watch};
use super::reception::Reception;
use super::serving::{SOON_READ, lay_by};
use super::start::READY;
use super::{Done, Trouble};
use crate::session::{Listening, NotOurs, connect};
use clap::Args;
use rustix::fs::Mode;
use signal_hook::consts::signal::{SIGHUP, SIGINT, SIGTERM};
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Owns the shop.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// Let the members of this group in, besides the owner of the shop file.
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    /// Let people in over SSH too, at this address, such as 0.0.0.0:2222; see `till user add-key`.
    #[cfg(feature = "ssh")]
    #[arg(long, value_name = "ADDR:PORT")]
    ssh: Option<String>,
    /// Leave with the last client, and speak to the one that started it.
    #[arg(long, hide = true)]
    until_idle: bool,
}

impl Serve {
    pub fn run(self, place: &Place) -> Done {
        let path = place.path()?;
        let group = self.group.as_deref().map(group).transpose()?;
        rustix::process::umask(Mode::from_raw_mode(0o077));
        if self.until_idle {
            return self.detached(&path);
        }
        let watch = progress::bar();
        let mut door = claim(&path)?;
        let shop = place::open(&path, &watch)?;
        let (hall, wakeups) = Hall::new(shop, &path)?;
        door.open(group).map_err(|why| Trouble::Failed(format!("the socket beside the shop file: {why}")))?;
        on_signals(&hall, &[SIGTERM, SIGINT, SIGHUP])?;
        let reception = Reception::new(&hall);
        #[cfg(feature = "ssh")]
        let _ssh = self.ssh.as_deref().map(|address| ssh(&hall, &reception, address)).transpose()?;
        super::say(&format!("till: serving {}", path.display()));
        finish(&hall, reception.serve(&mut door, &wakeups, false))
    }

    /// Started by a client: speaks to it over standard output until callers may come, and leaves with the last of them.
    fn detached(&self, path: &Path) -> Done {
        // The client's terminal is not this process's any more. It fails only where that is so already.
        let _ = rustix::process::setsid();
        let watch: Watch = Arc::new(|step: Step| {
            // The client may have lost its patience.
            let _ = serde_json::to_writer(std::io::stdout(), &step);
            let _ = writeln!(std::io::stdout());
        });
        let begun = claim(path).and_then(|mut door| {
            let shop = place::open(path, &watch)?;
            door.open(None).map_err(|why| Trouble::Failed(format!("the socket beside the shop file: {why}")))?;
            let (hall, wakeups) = Hall::new(shop, path)?;
            on_signals(&hall, &[SIGTERM, SIGINT])?;
            Ok((door, hall, wakeups))
        });
        let (mut door, hall, wakeups) = match begun {
            Ok(begun) => begun,
            Err(trouble) => {
                let (_, words) = super::told(Err(trouble));
                writeln!(std::io::stdout(), "{words}")?;
                return Err(Trouble::Failed(words));
            }
        };
        writeln!(std::io::stdout(), "{READY}")?;
        leave_streams();
        finish(&hall, Reception::new(&hall).serve(&mut door, &wakeups, true))
    }
}

/// Opens the door for SSH and says how to recognise it.
#[cfg(feature = "ssh")]
fn ssh(hall: &Hall, reception: &Reception, address: &str) -> Result<crate::session::SshServer, Trouble> {
    let mut host_key = hall.path.as_os_str().to_owned();
    host_key.push(".hostkey");
    let mut seed = [0; 32];
    hall.shop().seams().entropy.fill(&mut seed);
    let started = crate::session::SshServer::start(address, Path::new(&host_key), seed, Arc::new(reception.clone()));
    let server = started.map_err(|why| Trouble::Failed(format!("--ssh {address}: {why}")))?;
    super::say(&format!("till: SSH at {}, host key {}", server.address(), server.fingerprint()));
    Ok(server)
}

fn finish(hall: &Hall, served: Done) -> Done {
    let fault = hall.shop().fault();
    if fault.is_none() {
        // What cannot be laid by is worked out again by whoever asks for it.
        let _ = lay_by(&hall.shop(), SOON_READ);
    }
    let closed = hall.shop().close();
    served?;
    match fault {
        Some(fault) => Err(fault.into()),
        None => Ok(closed?),
    }
}

/// Takes the shop for this process.
pub(super) fn claim(path: &Path) -> Result<Listening, Trouble> {
    if !path.exists() {
        // Says what opening it would say, without leaving a file beside what is not there.
        return Err(place::open(path, &progress::bar()).err().unwrap_or_else(|| Trouble::Failed("no shop".to_owned())));
    }
    Listening::claim(path).map_err(|why| match why {
        NotOurs::Served(process) => Trouble::Failed(format!(
            "{} is served by process {process} already; `till` attaches to it, `till stop` ends it",
            path.display()
        )),
        NotOurs::Fault(why) => Trouble::Failed(format!("{}: {why}", path.display())),
    })
}

/// Lets go of the client's standard streams, so that nobody waits for their end.
fn leave_streams() {
    if let Ok(nowhere) = std::fs::File::options().read(true).write(true).open("/dev/null") {
        // What cannot be let go of is closed with the process.
        let _ = rustix::stdio::dup2_stdin(&nowhere);
        let _ = rustix::stdio::dup2_stdout(&nowhere);
    }
    let _ = std::env::set_current_dir("/");
}

/// Ends the hall cleanly on these signals.
fn on_signals(hall: &Arc<Hall>, signals: &[i32]) -> Done {
    let mut pending = signal_hook::iterator::Signals::new(signals)?;
    let hall = Arc::clone(hall);
    std::thread::Builder::new().name("till-signals".to_owned()).spawn(move || {
        if pending.forever().next().is_some() {
            hall.end("The shop's server has been stopped.");
        }
    })?;
    Ok(())
}

fn group(name: &str) -> Result<u32, Trouble> {
    let groups = std::fs::read_to_string("/etc/group").unwrap_or_default();
    let fields = |line: &str| line.split(':').map(str::to_owned).collect::<Vec<_>>();
    let listed = groups.lines().map(fields).find(|fields| fields.first().is_some_and(|first| first == name));
    let number = listed.and_then(|fields| fields.get(2)?.parse().ok()).or_else(|| name.parse().ok());
    number.ok_or_else(|| Trouble::Usage(format!("--group: there is no group {name}")))
}

/// Ends the shop's server.
#[derive(Debug, Args)]
pub(super) struct Stop {}

impl Stop {
    pub fn run(self, place: &Place) -> Done {
        let path = place.path()?;
        match connect(&path)? {
            None => Err(Trouble::Failed(format!("no server has {}", path.display()))),
            // A server that is leaving does what is wanted of it.
            Some(stream) => super::relayed(stream, &["stop".to_owned()])?.unwrap_or(Ok(())),
        }
    }
}
