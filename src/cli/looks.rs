//! How the console looks and who works in it, as words of the command line.

use clap::Args;
use std::path::PathBuf;

/// How the console looks and who works in it.
#[derive(Debug, Args)]
pub(super) struct Looks {
    /// A theme by name, or a theme file.
    #[arg(long, env = "TILL_THEME", value_name = "NAME|FILE")]
    pub theme: Option<String>,
    /// A keymap file that rebinds keys.
    #[arg(long, env = "TILL_KEYMAP", value_name = "FILE")]
    pub keymap: Option<PathBuf>,
    /// Where receipts are printed: a device such as /dev/usb/lp0, or a file that bytes are added to.
    #[arg(long, env = "TILL_PRINTER", value_name = "FILE")]
    pub printer: Option<PathBuf>,
    /// Work as this person.
    #[arg(long = "as", value_name = "NAME")]
    pub person: Option<String>,
    /// Work at this register, by its name or number.
    #[arg(long, env = "TILL_REGISTER", value_name = "NAME")]
    pub register: Option<String>,
}

impl Looks {
    /// The same as words of a command line, wherever they came from.
    pub fn words(&self) -> Vec<String> {
        let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let all = [
            ("--theme", self.theme.clone()),
            ("--keymap", path(&self.keymap)),
            ("--printer", path(&self.printer)),
            ("--as", self.person.clone()),
            ("--register", self.register.clone()),
        ];
        let said = all.into_iter().filter_map(|(option, value)| Some([option.to_owned(), value?]));
        said.flatten().collect()
    }
}
