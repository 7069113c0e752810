//! The seam between a terminal and what runs in it. It must never name anything of the console.

use std::time::Instant;

use crossterm::event::Event;
use ratatui::{buffer::Buffer, layout::Position};

/// What a session runs: plain state that takes events and paints cells.
///
/// No method may block: reading, deciding and waiting happen elsewhere and arrive through [`Program::wake`].
pub trait Program {
    /// The terminal now has this many columns and rows. Either may be 0.
    fn resize(&mut self, columns: u16, rows: u16);

    /// A key, a mouse report, a paste or a change of focus.
    ///
    /// Keys are presses only. A letter carries its case in the `char` and never the SHIFT modifier; the terminal's own
    /// replies never come here.
    fn event(&mut self, event: Event);

    /// Something outside changed (an answer is ready, facts were published), or [`Program::deadline`] has passed.
    fn wake(&mut self);

    /// Paints the whole screen into an empty buffer and says where the cursor stands, if it is to be seen.
    fn draw(&mut self, buffer: &mut Buffer) -> Option<Position>;

    /// When [`Program::wake`] is wanted without a cause: the next minute of a clock, the end of a message. `None`: never.
    /// What is due already is due at `now`, not a moment later, or it would be waited for again and again.
    fn deadline(&self, now: Instant) -> Option<Instant>;

    /// Hands over, and forgets, what is wanted of the terminal besides cells.
    fn take_output(&mut self) -> Vec<Out>;
}

/// What a program wants of its terminal besides cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Out {
    /// Sound the bell.
    Bell,
    /// Put this text on the clipboard of whoever sits at the terminal (OSC 52).
    Clipboard(String),
    /// Name the window. Control characters are left out.
    Title(String),
    /// Draw everything anew, because something else wrote on the screen.
    Redraw,
    /// Go to the background for a while, leaving the terminal to the shell.
    Suspend,
    /// End the session.
    Quit,
}

impl<P: Program + ?Sized> Program for &mut P {
    fn resize(&mut self, columns: u16, rows: u16) {
        (**self).resize(columns, rows);
    }

    fn event(&mut self, event: Event) {
        (**self).event(event);
    }

    fn wake(&mut self) {
        (**self).wake();
    }

    fn draw(&mut self, buffer: &mut Buffer) -> Option<Position> {
        (**self).draw(buffer)
    }

    fn deadline(&self, now: Instant) -> Option<Instant> {
        (**self).deadline(now)
    }

    fn take_output(&mut self) -> Vec<Out> {
        (**self).take_output()
    }
}
