//! How far long work is: counted where the work is done, drawn as a bar on standard error where somebody looks.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::borrow::Cow;
use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};

/// How far one piece of work is.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Step {
    /// What is being done.
    pub what: Cow<'static, str>,
    /// So much of it.
    pub done: u64,
    /// Of so much; 0: the work is over and its bar goes.
    pub whole: u64,
}

/// Told how far long work is.
pub(super) type Watch = Arc<dyn Fn(Step) + Send + Sync>;

/// Shows no progress.
pub(super) fn silent() -> Watch {
    Arc::new(|_| {})
}

/// One piece of long work. Its bar appears with its first progress and goes when this is dropped.
pub(super) struct Bar {
    what: &'static str,
    whole: u64,
    watch: Watch,
}

impl Bar {
    pub fn new(watch: &Watch, what: &'static str, whole: u64) -> Bar {
        Bar { what, whole, watch: Arc::clone(watch) }
    }

    /// So much of the whole is done.
    pub fn to(&self, done: u64) {
        self.of(done, self.whole);
    }

    /// So much of a whole that was not known before is done.
    pub fn of(&self, done: u64, whole: u64) {
        (self.watch)(Step { what: Cow::Borrowed(self.what), done, whole: whole.max(1) });
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        (self.watch)(Step { what: Cow::Borrowed(self.what), done: 0, whole: 0 });
    }
}

/// Draws bars on the process's own standard error, on a terminal only; a pipe never sees them.
pub(super) fn bar() -> Watch {
    if !std::io::stderr().is_terminal() {
        return Arc::new(|_| {});
    }
    let shown: Mutex<Option<ProgressBar>> = Mutex::new(None);
    Arc::new(move |step| {
        let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
        if step.whole == 0 {
            if let Some(bar) = shown.take() {
                bar.finish_and_clear();
            }
            return;
        }
        let bar = shown.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(Some(step.whole), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent:>3} %") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_message(step.what);
        bar.set_length(step.whole);
        bar.set_position(step.done);
    })
}
