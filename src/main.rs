//! Parses the command line and hands over; nothing else happens here.

use std::process::ExitCode;

fn main() -> ExitCode {
    till::cli::run()
}
