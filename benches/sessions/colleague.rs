//! A colleague who sells once a second, which is what every other screen has to show.

use crate::attached::{Attached, typed};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// The number and the name of what is sold, which no shelf can run out of.
const GOODS: (&str, &str) = ("1101", "Flat white");
/// Between two sales.
const PACE: Duration = Duration::from_secs(1);

/// Somebody at another register.
pub struct Colleague {
    terminal: Attached,
}

impl Colleague {
    /// Comes in, looks at the list of orders, goes to their register and sells once: what the server needs for the first
    /// who does any of it is there then.
    pub fn enter(shop: &Path) -> Colleague {
        let mut terminal = Attached::enter(shop, Attached::client(), &["--as", "oisin", "--register", "2"]);
        terminal.go_to_orders();
        terminal.send(b"\x1b1");
        terminal.wait("the Sale screen", |screen| typed(screen).is_some_and(|text| text.contains("Scan or type")));
        let mut colleague = Colleague { terminal };
        colleague.sell();
        colleague
    }

    /// Sells at `first` and every second after, until whoever holds the other end lets go of it.
    pub fn sell_on(mut self, first: Instant, over: &Receiver<()>) -> Self {
        let mut next = first;
        while over.recv_timeout(next.saturating_duration_since(Instant::now())) == Err(RecvTimeoutError::Timeout) {
            self.sell();
            next += PACE;
        }
        self
    }

    fn sell(&mut self) {
        let (code, name) = GOODS;
        let before = receipt(self.terminal.screen());
        self.terminal.send(format!("{code}\r").as_bytes());
        self.terminal.wait(name, |screen| screen.contents().contains(name));
        self.terminal.send(b"20=\r");
        self.terminal.wait("a receipt", |screen| receipt(screen).is_some_and(|no| Some(no) != before));
    }
}

/// The number of the receipt on the screen.
fn receipt(screen: &vt100::Screen) -> Option<String> {
    let text = screen.contents();
    text.split("Receipt ").nth(1)?.split_whitespace().next().map(str::to_owned)
}
