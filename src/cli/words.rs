//! The words of the command line, read; what is wrong with them is said in one line, like every other error.

use super::Arguments;
use clap::Parser;
use clap::error::{Error, ErrorKind};
use std::ffi::OsString;

/// Reads a command line, the program's name first.
///
/// # Errors
/// What is wrong with it, or the help that was asked for: see [`Error::use_stderr`].
pub(super) fn read<T: Into<OsString> + Clone>(words: impl IntoIterator<Item = T>) -> Result<Arguments, Error> {
    Arguments::try_parse_from(words)
}

/// What is wrong, what there is instead and how it is used, in one line.
pub(super) fn in_one_line(why: &Error) -> String {
    let text = why.to_string();
    let mut said: Vec<String> = Vec::new();
    if why.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        said.push("a word is missing".to_owned());
    }
    for paragraph in text.split("\n\n") {
        let line = paragraph.split_whitespace().collect::<Vec<&str>>().join(" ");
        if let Some(wrong) = line.strip_prefix("error: ") {
            said.push(wrong.to_owned());
        } else if let Some(tip) = line.strip_prefix("tip: ") {
            said.push(tip.to_owned());
        } else if let Some(usage) = line.strip_prefix("Usage: ") {
            said.push(format!("usage: {usage}"));
        }
    }
    said.push("--help says more".to_owned());
    said.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(words: &str) -> String {
        in_one_line(&read(std::iter::once("till").chain(words.split_whitespace())).expect_err("wrong words"))
    }

    #[test]
    fn what_is_wrong_is_one_line() {
        for (words, parts) in [
            ("import", &["required arguments were not provided: <DIR>", "usage: till import <DIR>"][..]),
            ("import --foo x", &["unexpected argument '--foo' found", "usage: till import"]),
            ("backupp x", &["unrecognized subcommand 'backupp'", "'backup'", "usage: till"]),
            ("receipt 1 --format pdf", &["invalid value 'pdf'", "[possible values: text, escpos, json]"]),
            ("init --currency", &["a value is required for '--currency <CODE>'"]),
            ("user", &["usage: till user", "--help says more"]),
        ] {
            let line = said(words);
            assert_eq!(line.lines().count(), 1, "{words}: {line}");
            for part in parts {
                assert!(line.contains(part), "{words}: {line} should say {part}");
            }
        }
    }

    #[test]
    fn help_that_was_asked_for_is_no_error() {
        for words in [&["till", "--help"][..], &["till", "import", "--help"], &["till", "--version"]] {
            assert!(!read(words.iter().copied()).expect_err("no arguments").use_stderr(), "{words:?}");
        }
    }
}
