//! Who a caller is, as far as the way in proves it, and from where, in the words that the audit keeps.

use crate::unit::StaffId;

/// Who a caller is, as far as the way in proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Proof {
    /// A user of this machine who may open the shop file itself.
    Owner(u32),
    /// A user of this machine who may only come in through the socket.
    User(u32),
    /// A person who works here, proved by the key of this fingerprint.
    #[cfg_attr(not(feature = "ssh"), allow(dead_code, reason = "only the built-in SSH server proves it"))]
    Person(StaffId, String),
}

impl Proof {
    /// Of whoever runs this process.
    pub fn own() -> Proof {
        Proof::Owner(rustix::process::getuid().as_raw())
    }

    /// Whether it may do what the shop file's owner may.
    pub fn is_owner(&self) -> bool {
        matches!(self, Proof::Owner(_))
    }

    /// Where a caller comes from who says that they come from there: the command line and whose account, or an address.
    pub fn origin(&self, from: &str) -> String {
        match self {
            Proof::Owner(user) | Proof::User(user) if from.is_empty() => command_line(*user),
            Proof::Owner(user) | Proof::User(user) => format!("{} from {from}", command_line(*user)),
            Proof::Person(..) => format!("ssh {from}"),
        }
    }
}

/// The address that the ordinary sshd says this process was called from; empty on the machine itself.
pub(super) fn ssh_address() -> String {
    let words = std::env::var("SSH_CONNECTION").unwrap_or_default();
    words.split(' ').next().unwrap_or_default().to_owned()
}

/// The name of a user of this machine.
pub(super) fn user_name(user: u32) -> Option<String> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let mut lines = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let line = lines.find(|fields| fields.get(2).is_some_and(|number| number.parse() == Ok(user)))?;
    line.first().map(|name| (*name).to_owned())
}

fn command_line(user: u32) -> String {
    match user_name(user) {
        Some(name) => format!("command line, user {name} ({user})"),
        None => format!("command line, user {user}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_the_account_and_the_address() {
        assert_eq!(Proof::Owner(0).origin(""), "command line, user root (0)");
        assert_eq!(Proof::User(4_000_000_000).origin("10.0.0.7"), "command line, user 4000000000 from 10.0.0.7");
        assert_eq!(Proof::Person(StaffId(2), String::new()).origin("10.0.0.7"), "ssh 10.0.0.7");
    }
}
