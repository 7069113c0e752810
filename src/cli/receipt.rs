//! `till receipt`: prints a receipt by its number or by its order's id, or a return's slip.

use super::place::Place;
use super::streams::Streams;
use super::{Done, Trouble};
use crate::domain::view::Kind;
use crate::engine::Snapshot;
use crate::exchange::receipt::{Printed as OnPaper, Printer, Receipt as Printed, Slip, escpos, json, slip_json, text};
use crate::unit::{OrderNo, ReturnNo};
use clap::{Args, ValueEnum};
use std::fmt::Display;
use std::io::Write;

/// Prints a receipt, or a return's slip.
#[derive(Debug, Args)]
pub(super) struct Receipt {
    /// A receipt number such as R1-000042, or an order's id; with --slip, a return's id.
    number: String,
    /// Print the slip of a return instead.
    #[arg(long)]
    slip: bool,
    /// How.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Columns of the paper, 16 at least.
    #[arg(long, default_value_t = 42, value_parser = columns)]
    columns: usize,
}

/// What a receipt needs at least: nothing on it is ever cut.
const LEAST: usize = 16;

fn columns(words: &str) -> Result<usize, String> {
    let columns: usize = words.parse().map_err(|_| "it is a number such as 42".to_owned())?;
    if columns < LEAST { Err(format!("a receipt needs {LEAST} columns at least")) } else { Ok(columns) }
}

/// The forms a receipt has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Plain text.
    Text,
    /// Bytes for a receipt printer.
    Escpos,
    /// One JSON object.
    Json,
}

impl Receipt {
    pub fn run(self, place: &Place, streams: &mut Streams) -> Done {
        place.with(streams, |shop, streams| {
            let snapshot = shop.snapshot()?;
            if self.slip {
                return self.print_slip(&snapshot, streams);
            }
            let by_receipt = snapshot.find(Kind::Receipt, &self.number)?;
            let number = match by_receipt {
                Some(number) => Some(number),
                None => snapshot.find(Kind::Order, &self.number)?,
            };
            let order = match number {
                Some(number) => snapshot.order(OrderNo(number))?,
                None => None,
            };
            let order =
                order.ok_or_else(|| Trouble::Failed(format!("there is no receipt or order {}", self.number)))?;
            let printed = Printed::in_shop(&snapshot, &order, false)?;
            let printed = printed.ok_or_else(|| Trouble::Failed(format!("order {} does not add up", self.number)))?;
            self.print(&printed, &json(&printed), streams)
        })
    }

    fn print_slip(&self, snapshot: &Snapshot, streams: &mut Streams) -> Done {
        let slip = match snapshot.find(Kind::Return, &self.number)? {
            Some(number) => Slip::in_shop(snapshot, ReturnNo(number), false)?,
            None => None,
        };
        let slip = slip.ok_or_else(|| Trouble::Failed(format!("there is no return {}", self.number)))?;
        self.print(&slip, &slip_json(&slip), streams)
    }

    fn print(&self, printed: &impl OnPaper, as_json: &impl Display, streams: &mut Streams) -> Done {
        let out = &mut streams.out;
        match self.format {
            Format::Text => out.write_all(text(printed, self.columns).as_bytes())?,
            Format::Escpos => out.write_all(&escpos(printed, &Printer::default()))?,
            Format::Json => writeln!(out, "{as_json}")?,
        }
        Ok(())
    }
}
