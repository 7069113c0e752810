//! Mouse reports: the SGR form, and the older forms of terminals that do not know it.

use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use super::Input;

const RELEASED: u32 = 3;
const MOTION: u32 = 32;
const WHEEL: u32 = 64;
const EXTRA: u32 = 128;

/// `CSI < buttons ; column ; row M` (or `m` when a button was let go), counted from 1.
pub(super) fn sgr(buttons: u32, column: u32, row: u32, released: bool) -> Option<Input> {
    report(buttons, released, column, row)
}

/// `CSI M` and three bytes, each with 32 added; a release does not say of which button.
pub(super) fn old(buttons: u8, column: u8, row: u8) -> Option<Input> {
    let plain = |byte: u8| u32::from(byte.saturating_sub(32));
    report(plain(buttons), false, plain(column), plain(row))
}

/// `CSI buttons ; column ; row M`, the buttons with 32 added.
pub(super) fn urxvt(buttons: u32, column: u32, row: u32) -> Option<Input> {
    report(buttons.checked_sub(32)?, false, column, row)
}

fn report(buttons: u32, released: bool, column: u32, row: u32) -> Option<Input> {
    let kind = kind(buttons, released)?;
    let place = |counted: u32| u16::try_from(counted.saturating_sub(1)).ok();
    let mut modifiers = KeyModifiers::NONE;
    modifiers.set(KeyModifiers::SHIFT, buttons & 4 != 0);
    modifiers.set(KeyModifiers::ALT, buttons & 8 != 0);
    modifiers.set(KeyModifiers::CONTROL, buttons & 16 != 0);
    Some(Input::Event(Event::Mouse(MouseEvent { kind, column: place(column)?, row: place(row)?, modifiers })))
}

fn kind(buttons: u32, released: bool) -> Option<MouseEventKind> {
    let number = buttons & 3;
    if buttons >= 2 * EXTRA || buttons & EXTRA != 0 {
        return None;
    }
    if buttons & WHEEL != 0 {
        // A wheel is never let go, though some terminals say so.
        return match number {
            _ if released => None,
            0 => Some(MouseEventKind::ScrollUp),
            1 => Some(MouseEventKind::ScrollDown),
            2 => Some(MouseEventKind::ScrollLeft),
            _ => Some(MouseEventKind::ScrollRight),
        };
    }
    let button = match number {
        1 => MouseButton::Middle,
        2 => MouseButton::Right,
        _ => MouseButton::Left,
    };
    Some(match (number, buttons & MOTION != 0) {
        (RELEASED, true) => MouseEventKind::Moved,
        (_, true) => MouseEventKind::Drag(button),
        (RELEASED, false) => MouseEventKind::Up(button),
        (_, false) if released => MouseEventKind::Up(button),
        (_, false) => MouseEventKind::Down(button),
    })
}
