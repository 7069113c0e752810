//! A progress bar on standard error, on a terminal only; a pipe never sees it.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::OnceLock;

/// A bar that appears with its first progress and goes when dropped.
pub(super) struct Bar {
    what: &'static str,
    whole: u64,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    pub fn new(what: &'static str, whole: u64) -> Bar {
        Bar { what, whole, bar: OnceLock::new() }
    }

    /// So much of the whole is done.
    pub fn to(&self, done: u64) {
        self.of(done, self.whole);
    }

    /// So much of a whole that was not known before is done.
    pub fn of(&self, done: u64, whole: u64) {
        let bar = self.bar.get_or_init(|| {
            let target = if std::io::stderr().is_terminal() {
                ProgressDrawTarget::stderr()
            } else {
                ProgressDrawTarget::hidden()
            };
            let bar = ProgressBar::with_draw_target(Some(whole), target);
            if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent:>3} %") {
                bar.set_style(style);
            }
            bar.with_message(self.what)
        });
        bar.set_length(whole.max(1));
        bar.set_position(done);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
