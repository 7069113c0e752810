//! `till settings`: what the shop as a whole has decided, shown and changed; registers added.

use super::place::Place;
use super::streams::Streams;
use super::{Done, Trouble};
use crate::domain::command::Command;
use crate::domain::{Register, Role, Settings as Decided};
use crate::engine::Shop;
use crate::unit::barcode::Pattern;
use crate::unit::{CashRounding, Money, RegisterId, Text};
use clap::Args;
use std::sync::Arc;

/// Shows the settings; with options, changes them first.
#[derive(Debug, Args)]
pub(super) struct Settings {
    /// The shop's name, as printed on receipts.
    #[arg(long)]
    name: Option<String>,
    /// Whether prices at the counter include tax.
    #[arg(long, value_name = "yes|no")]
    tax_included: Option<String>,
    /// What a cash total is rounded to: off, 0.05, 0.10.
    #[arg(long, value_name = "off|STEP")]
    cash_rounding: Option<String>,
    /// Whether scanning the same product again adds to its line.
    #[arg(long, value_name = "yes|no")]
    merge_lines: Option<String>,
    /// How barcodes with a weight (W), a piece's price (P) or a weighed bag's price (M) inside are read, such as
    /// 21=IIIIIWWWWW.3; several with commas, empty for none.
    #[arg(long, value_name = "PATTERN,…")]
    patterns: Option<String>,
    /// The most a cashier may take off alone, in per cent.
    #[arg(long, value_name = "PERCENT")]
    discount_limit: Option<u8>,
    /// The largest banknote in use.
    #[arg(long, value_name = "AMOUNT")]
    largest_note: Option<String>,
    /// Printed above every receipt; \n begins a new line.
    #[arg(long)]
    receipt_header: Option<String>,
    /// Printed below every receipt; \n begins a new line.
    #[arg(long)]
    receipt_footer: Option<String>,
    /// Add a register of this name.
    #[arg(long, value_name = "NAME")]
    add_register: Option<String>,
    /// The store of the new register, by its id; without it, the first.
    #[arg(long, value_name = "ID", requires = "add_register")]
    in_store: Option<String>,
}

impl Settings {
    pub fn run(self, place: &Place, streams: &mut Streams) -> Done {
        place.with(streams, |shop, streams| {
            let before = current(shop)?;
            let after = self.changed(&before)?;
            if after != before {
                ask(place, shop, Role::Administrator, Command::ChangeSettings(after.clone()))?;
            }
            if let Some(name) = &self.add_register {
                self.add_register(place, shop, name)?;
            }
            show(shop, &after, streams)
        })
    }

    fn changed(&self, before: &Decided) -> Result<Decided, Trouble> {
        let mut after = before.clone();
        if let Some(name) = &self.name {
            after.name = Text::clean(name, 80).map_err(|why| Trouble::Usage(format!("--name: {why}")))?;
        }
        if let Some(word) = &self.tax_included {
            after.tax_included = yes("--tax-included", word)?;
        }
        if let Some(word) = &self.merge_lines {
            after.merge_lines = yes("--merge-lines", word)?;
        }
        if let Some(step) = &self.cash_rounding {
            after.cash_rounding = match step.as_str() {
                "off" => CashRounding::Off,
                step => CashRounding::Step(amount("--cash-rounding", step)?),
            };
            let smallest = after.currency.step();
            if matches!(after.cash_rounding, CashRounding::Step(step) if step.0 <= 0 || step.0 % smallest.0.max(1) != 0)
            {
                let smallest = smallest.plain(after.currency.exponent);
                return Err(Trouble::Usage(format!("--cash-rounding: give off, or a multiple of {smallest}")));
            }
        }
        if let Some(patterns) = &self.patterns {
            let each = patterns.split(',').map(str::trim).filter(|pattern| !pattern.is_empty());
            let read =
                |pattern: &str| Pattern::parse(pattern).map_err(|why| Trouble::Usage(format!("--patterns: {why}")));
            after.patterns = each.map(read).collect::<Result<_, _>>()?;
        }
        if let Some(limit) = self.discount_limit {
            after.discount_limit_percent = limit;
        }
        if let Some(note) = &self.largest_note {
            after.largest_note = amount("--largest-note", note)?;
        }
        if let Some(words) = &self.receipt_header {
            after.receipt_header = lines("--receipt-header", words)?;
        }
        if let Some(words) = &self.receipt_footer {
            after.receipt_footer = lines("--receipt-footer", words)?;
        }
        Ok(after)
    }

    fn add_register(&self, place: &Place, shop: &Shop, name: &str) -> Done {
        let snapshot = shop.snapshot()?;
        let stores = &snapshot.directory().stores;
        let store = match &self.in_store {
            Some(id) => stores.iter().find(|store| *store.ext == **id),
            None => stores.first(),
        };
        let store = store.ok_or_else(|| Trouble::Failed("there is no such store".to_owned()))?.id;
        let name = Text::clean(name, 40).map_err(|why| Trouble::Usage(format!("--add-register: {why}")))?;
        ask(place, shop, Role::Manager, Command::SaveRegister(Register { id: RegisterId(0), store, name }))
    }
}

fn current(shop: &Shop) -> Result<Decided, Trouble> {
    let settings = shop.snapshot()?.directory().settings.clone();
    settings.ok_or_else(|| Trouble::Failed(crate::domain::Refusal::NotFounded.to_string()))
}

fn ask(place: &Place, shop: &Shop, role: Role, command: Command) -> Done {
    place.ask(shop, role, command)?;
    Ok(())
}

fn show(shop: &Shop, settings: &Decided, streams: &mut Streams) -> Done {
    let minor = settings.currency.exponent;
    let word = |yes: bool| if yes { "yes" } else { "no" };
    let patterns: Vec<String> = settings.patterns.iter().map(ToString::to_string).collect();
    let rounding = match settings.cash_rounding {
        CashRounding::Off => "off".to_owned(),
        CashRounding::Step(step) => step.plain(minor),
    };
    streams.tell(format_args!("name            {}", settings.name))?;
    streams.tell(format_args!("currency        {}", settings.currency.code))?;
    streams.tell(format_args!("timezone        {}", settings.zone.name()))?;
    streams.tell(format_args!("tax-included    {}", word(settings.tax_included)))?;
    streams.tell(format_args!("cash-rounding   {rounding}"))?;
    streams.tell(format_args!("merge-lines     {}", word(settings.merge_lines)))?;
    streams.tell(format_args!("patterns        {}", patterns.join(",")))?;
    streams.tell(format_args!("discount-limit  {} %", settings.discount_limit_percent))?;
    streams.tell(format_args!("largest-note    {}", settings.largest_note.plain(minor)))?;
    streams.tell(format_args!("receipt-header  {}", settings.receipt_header.replace('\n', "\\n")))?;
    streams.tell(format_args!("receipt-footer  {}", settings.receipt_footer.replace('\n', "\\n")))?;
    let directory = Arc::clone(shop.snapshot()?.directory());
    for register in &directory.registers {
        let store = directory.store(register.store).map(|store| store.name.to_string()).unwrap_or_default();
        streams.tell(format_args!("register        {} in {store}", register.name))?;
    }
    Ok(())
}

fn yes(option: &str, word: &str) -> Result<bool, Trouble> {
    match word {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Trouble::Usage(format!("{option}: {word} is neither yes nor no"))),
    }
}

fn amount(option: &str, text: &str) -> Result<Money, Trouble> {
    match Money::parse(text) {
        Ok(amount) if amount.0 > 0 => Ok(amount),
        Ok(_) => Err(Trouble::Usage(format!("{option}: must be more than zero"))),
        Err(why) => Err(Trouble::Usage(format!("{option}: {text} is no amount: {why}"))),
    }
}

fn lines(option: &str, words: &str) -> Result<Text, Trouble> {
    Text::paragraph(&words.replace("\\n", "\n"), 400).map_err(|why| Trouble::Usage(format!("{option}: {why}")))
}
