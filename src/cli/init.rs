//! `till init`: makes a new, empty shop, asking for what was not said, on a terminal only.

use super::place::Place;
use super::streams::Streams;
use super::{Done, Trouble};
use crate::domain::command::{Actor, Command};
use crate::domain::{Register, Request, Role, Settings, Staff, Store};
use crate::engine::{Seams, Shop};
use crate::unit::{CashRounding, Currency, RegisterId, StaffId, StoreId, Text, Zone};
use clap::Args;
use std::io::Write;

/// What a new shop begins with.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The shop's name.
    #[arg(long)]
    name: Option<String>,
    /// Three-letter currency code.
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// IANA zone of the stores, such as Europe/Berlin.
    #[arg(long, value_name = "ZONE")]
    timezone: Option<String>,
    /// The first store's name.
    #[arg(long)]
    store: Option<String>,
    /// The first register's name.
    #[arg(long)]
    register: Option<String>,
    /// The name of the first person: administrator and manager.
    #[arg(long)]
    admin: Option<String>,
    /// Prices do not include tax; it comes on top.
    #[arg(long)]
    tax_on_top: bool,
}

impl Init {
    pub fn run(self, place: &Place, streams: &mut Streams) -> Done {
        let path = place.path()?;
        if path.exists() {
            return Err(crate::store::Fault::Exists { path: path.display().to_string() }.into());
        }
        let founding = self.founding(streams)?;
        let admin = founding.admin.clone();
        let shop = Shop::create(&path, Seams::system())?;
        let founded = found(&shop, founding, place.from());
        shop.close()?;
        if founded.is_err() {
            // A file without a shop in it would only be in the way.
            let _ = std::fs::remove_file(&path);
        }
        founded?;
        streams.tell(format_args!("made a shop at {}", path.display()))?;
        if streams.out_is_terminal {
            streams.tell(format_args!("{admin} is its administrator and manager. For the others:"))?;
            streams.tell("  till user add NAME --role cashier")?;
            streams.tell("  till user pin NAME      as soon as one has a PIN, everyone is asked for theirs")?;
        }
        Ok(())
    }

    fn founding(&self, streams: &mut Streams) -> Result<Founding, Trouble> {
        let mut answer = |given: &Option<String>, question: &str, default: &str| match given {
            Some(given) => Ok(given.clone()),
            None if streams.asks => ask(streams, question, default),
            None => Ok(default.to_owned()),
        };
        let name = answer(&self.name, "Name of the shop", "Shop")?;
        let currency = answer(&self.currency, "Currency", "EUR")?;
        let zone = answer(&self.timezone, "Time zone", "UTC")?;
        let store = answer(&self.store, "First store", "Main")?;
        let register = answer(&self.register, "First register", "1")?;
        let admin = answer(&self.admin, "Your name", "admin")?;
        let currency = Currency::by_code(&currency.to_uppercase()).ok_or_else(|| {
            Trouble::Usage(format!("--currency: there is no currency {currency}; use a code such as EUR"))
        })?;
        let zone = Zone::by_name(&zone).ok_or_else(|| {
            Trouble::Usage(format!("--timezone: there is no zone {zone}; use a name such as Europe/Berlin"))
        })?;
        Ok(Founding {
            settings: settings(line("--name", &name)?, currency, zone, !self.tax_on_top),
            store: line("--store", &store)?,
            register: line("--register", &register)?,
            admin: line("--admin", &admin)?,
        })
    }
}

/// A shop's beginnings.
struct Founding {
    settings: Settings,
    store: Text,
    register: Text,
    admin: Text,
}

/// The largest note of a currency, as near as its smallest coin tells, and never less: 50,000 won, 500 euros, 50 dinars.
fn largest_note(currency: &Currency) -> crate::unit::Money {
    crate::unit::Money::from_minor(50_000, currency)
}

/// The settings a shop begins with.
pub(super) fn settings(name: Text, currency: Currency, zone: Zone, tax_included: bool) -> Settings {
    Settings {
        name,
        currency,
        zone,
        tax_included,
        cash_rounding: CashRounding::Off,
        merge_lines: true,
        patterns: Vec::new(),
        discount_limit_percent: 20,
        largest_note: largest_note(&currency),
        receipt_header: Text::lossy(""),
        receipt_footer: Text::lossy("Thank you."),
    }
}

fn found(shop: &Shop, founding: Founding, from: Text) -> Done {
    let store = Store { id: StoreId(1), ext: Text::lossy("1"), name: founding.store, location: None, zone: None };
    let register = Register { id: RegisterId(1), store: StoreId(1), name: founding.register };
    let staff = Staff {
        id: StaffId(1),
        ext: founding.admin.clone(),
        name: founding.admin,
        roles: vec![Role::Administrator, Role::Manager],
        disabled: false,
    };
    found_with(shop, from, (founding.settings, store, register, staff))
}

/// Founds the shop in a new file, and keeps from where.
pub(super) fn found_with(
    shop: &Shop,
    from: Text,
    (settings, store, register, staff): (Settings, Store, Register, Staff),
) -> Done {
    let actor = Actor { staff: staff.id, register: register.id };
    let found = Command::Found { settings, store, register, staff };
    // Nobody works here yet: whoever owns the file asks.
    let command = Command::From { from, by_actor: false, command: Box::new(found) };
    shop.execute(Request { id: shop.new_id(), actor, command })??;
    Ok(())
}

fn line(option: &str, words: &str) -> Result<Text, Trouble> {
    match Text::clean(words, 80) {
        Ok(text) if !text.is_empty() => Ok(text),
        Ok(_) => Err(Trouble::Usage(format!("{option} must not be empty"))),
        Err(why) => Err(Trouble::Usage(format!("{option}: {why}"))),
    }
}

fn ask(streams: &mut Streams, question: &str, default: &str) -> Result<String, Trouble> {
    write!(streams.out, "{question} [{default}]: ")?;
    streams.out.flush()?;
    let answer = streams.line()?.unwrap_or_default();
    let answer = answer.trim();
    Ok(if answer.is_empty() { default.to_owned() } else { answer.to_owned() })
}
