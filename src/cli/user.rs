//! `till user`: the people who work here.

use super::place::Place;
use super::streams::Streams;
use super::{Done, Trouble};
use crate::domain::command::{Actor, Command};
use crate::domain::{Request, Role, Staff};
use crate::engine::Shop;
use crate::unit::{RegisterId, StaffId, Text};
use clap::{Args, Subcommand};
use std::io::Write;

/// The people who work here.
#[derive(Debug, Args)]
pub(super) struct User {
    #[command(subcommand)]
    act: Act,
}

/// What to do with them.
#[derive(Debug, Subcommand)]
enum Act {
    /// Everyone, with their roles.
    List,
    /// Add a person.
    Add {
        /// The name they are known by, unique.
        id: String,
        /// Shown and printed; without it, the id.
        #[arg(long)]
        name: Option<String>,
        /// cashier, supervisor, manager, accountant, administrator; several with commas.
        #[arg(long, value_delimiter = ',', default_value = "cashier")]
        role: Vec<String>,
    },
    /// Change a person's name or roles.
    Change {
        /// Whom.
        id: String,
        /// The new name.
        #[arg(long)]
        name: Option<String>,
        /// The new roles, all of them.
        #[arg(long, value_delimiter = ',')]
        role: Vec<String>,
    },
    /// Let a person do nothing from now on; their history stays.
    Disable {
        /// Whom.
        id: String,
    },
    /// Let a disabled person work again.
    Enable {
        /// Whom.
        id: String,
    },
}

impl User {
    pub fn run(self, place: &Place, streams: &mut Streams) -> Done {
        place.with(streams, |shop, streams| match self.act {
            Act::List => list(shop, streams),
            Act::Add { id, name, role } => {
                let ext = text(&id)?;
                let name = name.as_deref().map(text).transpose()?.unwrap_or_else(|| ext.clone());
                save(shop, Staff { id: StaffId(0), ext, name, roles: roles(&role)?, disabled: false })
            }
            Act::Change { id, name, role } => {
                let mut person = find(shop, &id)?;
                if let Some(name) = name {
                    person.name = text(&name)?;
                }
                if !role.is_empty() {
                    person.roles = roles(&role)?;
                }
                save(shop, person)
            }
            Act::Disable { id } => {
                let person = find(shop, &id)?;
                save(shop, Staff { disabled: true, ..person })
            }
            Act::Enable { id } => {
                let person = find(shop, &id)?;
                save(shop, Staff { disabled: false, ..person })
            }
        })
    }
}

fn list(shop: &Shop, streams: &mut Streams) -> Done {
    let snapshot = shop.snapshot()?;
    for person in &snapshot.directory().staff {
        let roles: Vec<&str> = person.roles.iter().map(|role| role.word()).collect();
        let state = if person.disabled { "  disabled" } else { "" };
        writeln!(streams.out, "{}  {}  {}{state}", person.ext, person.name, roles.join(","))?;
    }
    Ok(())
}

fn find(shop: &Shop, id: &str) -> Result<Staff, Trouble> {
    let snapshot = shop.snapshot()?;
    let person = snapshot.directory().staff.iter().find(|person| &*person.ext == id).cloned();
    person.ok_or_else(|| Trouble::Failed(format!("there is nobody called {id}; see: till user list")))
}

/// Whoever may open the file may act for its first administrator.
fn save(shop: &Shop, person: Staff) -> Done {
    let snapshot = shop.snapshot()?;
    let directory = snapshot.directory();
    let by = directory.staff.iter().find(|person| !person.disabled && person.roles.contains(&Role::Administrator));
    let staff =
        by.map(|person| person.id).ok_or_else(|| Trouble::Failed("the shop has no administrator".to_owned()))?;
    let register = directory.registers.first().map_or(RegisterId(1), |register| register.id);
    let actor = Actor { staff, register };
    shop.execute(Request { id: shop.new_id(), actor, command: Command::SaveStaff(person) })??;
    Ok(())
}

fn roles(words: &[String]) -> Result<Vec<Role>, Trouble> {
    let role = |word: &String| {
        Role::by_word(word.trim()).ok_or_else(|| {
            let all: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
            Trouble::Usage(format!("there is no role {word}; choose from {}", all.join(", ")))
        })
    };
    words.iter().map(role).collect()
}

fn text(words: &str) -> Result<Text, Trouble> {
    Text::clean(words, 80).map_err(|why| Trouble::Usage(why.to_string()))
}
