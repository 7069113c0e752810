//! A receipt or a return slip for the printer, and for the eye where there is none.

use super::screen::{Effect, Now};
use crate::exchange::receipt::{Printer, Receipt, Slip, escpos, text};
use crate::unit::{OrderNo, ReturnNo};

/// Columns of a receipt on paper.
const COLUMNS: usize = 42;

/// The receipt of an order, marked COPY when it was printed before.
///
/// # Errors
/// Why it cannot be had, in words for the person who asked.
pub fn receipt(now: &Now<'_>, no: OrderNo, copy: bool) -> Result<Effect, String> {
    let order = now.shop.order(no).map_err(|fault| fault.to_string())?;
    let order = order.ok_or_else(|| format!("There is no order {}.", no.0))?;
    let receipt = Receipt::in_shop(now.shop, &order, copy).map_err(|fault| fault.to_string())?;
    let receipt = receipt.ok_or_else(|| format!("Order {} does not add up.", order.id()))?;
    Ok(Effect::Print { escpos: escpos(&receipt, &Printer::default()), text: text(&receipt, COLUMNS) })
}

/// The slip of goods that came back, marked COPY when it was printed before.
///
/// # Errors
/// Why it cannot be had, in words for the person who asked.
pub fn slip(now: &Now<'_>, no: ReturnNo, copy: bool) -> Result<Effect, String> {
    let slip = Slip::in_shop(now.shop, no, copy).map_err(|fault| fault.to_string())?;
    let slip = slip.ok_or_else(|| format!("There is no return {}.", no.0))?;
    Ok(Effect::Print { escpos: escpos(&slip, &Printer::default()), text: text(&slip, COLUMNS) })
}
