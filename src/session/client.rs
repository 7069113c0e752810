//! What the terminal at the other end can show. It comes from the client's environment, never from the server's.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How many colours a terminal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ColourDepth {
    /// None: attributes only.
    Mono,
    /// The sixteen named colours.
    #[default]
    Ansi16,
    /// The sixteen, a 6×6×6 cube and 24 greys.
    Ansi256,
    /// 24 bits.
    True,
}

/// Which characters a terminal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Repertoire {
    /// All of Unicode.
    #[default]
    Full,
    /// What the font of a Linux console holds: Latin letters, plain lines and blocks, no braille.
    Console,
    /// Printable ASCII.
    Ascii,
}

/// A terminal's abilities and habits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Colours it shows.
    pub depth: ColourDepth,
    /// Characters it shows.
    pub repertoire: Repertoire,
    /// Whether erased cells take the background colour that is set.
    pub erases_in_colour: bool,
    /// How long a lone Esc waits for the rest of a sequence.
    pub escape_delay: Duration,
    /// Whether to ask for the kitty keyboard protocol.
    pub keyboard: bool,
    /// Whether to ask for mouse reports.
    pub mouse: bool,
    /// Whether frames wait for the terminal to say that it has shown the ones before.
    pub paced: bool,
    /// A terminal that cannot move its cursor.
    pub dumb: bool,
}

/// A local terminal that shows everything.
impl Default for Client {
    fn default() -> Self {
        Self {
            depth: ColourDepth::True,
            repertoire: Repertoire::Full,
            erases_in_colour: true,
            escape_delay: Duration::from_millis(25),
            keyboard: true,
            mouse: true,
            paced: false,
            dumb: false,
        }
    }
}

impl Client {
    /// Says in plain words that a terminal cannot show the console, if it cannot.
    ///
    /// # Errors
    /// `Unsupported` for one that cannot move its cursor.
    pub fn need_cursor(&self) -> std::io::Result<()> {
        if !self.dumb {
            return Ok(());
        }
        let message = "the console needs a terminal that can move its cursor, and TERM=dumb says this one cannot; set \
                       TERM to what the terminal is, or use a subcommand such as `till report`";
        Err(std::io::Error::new(std::io::ErrorKind::Unsupported, message))
    }

    /// Reads the abilities from the client's environment.
    pub fn from_env(variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_default();
        let hardware = term == "linux" || term.starts_with("vt1") || term.starts_with("vt2") || term.starts_with("vt3");
        let remote = set("SSH_CONNECTION").is_some() || set("SSH_TTY").is_some();
        let depth = match set("NO_COLOR") {
            Some(_) => ColourDepth::Mono,
            None => depth(&term, set("COLORTERM").as_deref()),
        };
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
        Self {
            depth,
            repertoire: repertoire(&term, locale.as_deref()),
            erases_in_colour: erases_in_colour(&term),
            escape_delay: Duration::from_millis(if remote { 60 } else { 25 }),
            keyboard: !hardware,
            mouse: !hardware,
            paced: remote,
            dumb: term == "dumb",
        }
    }
}

fn depth(term: &str, colorterm: Option<&str>) -> ColourDepth {
    const TRUE: [&str; 7] = ["xterm-kitty", "alacritty", "foot", "ghostty", "xterm-ghostty", "wezterm", "contour"];
    if matches!(colorterm, Some("truecolor" | "24bit")) || TRUE.contains(&term) || term.ends_with("-direct") {
        ColourDepth::True
    } else if term.contains("256color") {
        ColourDepth::Ansi256
    } else if term == "dumb" || term.ends_with("-mono") || term.ends_with("-m") || term.starts_with("vt") {
        ColourDepth::Mono
    } else {
        ColourDepth::Ansi16
    }
}

/// Those that are known to; others fill erased cells with the ground they start with.
fn erases_in_colour(term: &str) -> bool {
    const KNOWN: [&str; 9] = ["xterm", "alacritty", "foot", "ghostty", "wezterm", "kitty", "tmux", "rxvt", "linux"];
    KNOWN.iter().any(|known| term.starts_with(known))
}

/// An unset locale says nothing about a modern terminal, one that names another encoding does.
fn repertoire(term: &str, locale: Option<&str>) -> Repertoire {
    let utf8 = locale.is_none_or(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("utf-8") || name.contains("utf8")
    });
    if !utf8 || term.starts_with("vt") || term == "dumb" {
        Repertoire::Ascii
    } else if term == "linux" {
        Repertoire::Console
    } else {
        Repertoire::Full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(pairs: &[(&str, &str)]) -> Client {
        Client::from_env(&|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn colour_depth_follows_the_environment() {
        let cases: [(&[(&str, &str)], ColourDepth); 9] = [
            (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], ColourDepth::True),
            (&[("TERM", "xterm-kitty")], ColourDepth::True),
            (&[("TERM", "xterm-direct")], ColourDepth::True),
            (&[("TERM", "screen-256color")], ColourDepth::Ansi256),
            (&[("TERM", "xterm")], ColourDepth::Ansi16),
            (&[("TERM", "linux")], ColourDepth::Ansi16),
            (&[("TERM", "vt220")], ColourDepth::Mono),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("NO_COLOR", "1")], ColourDepth::Mono),
            (&[("TERM", "xterm-256color"), ("NO_COLOR", "")], ColourDepth::Ansi256),
        ];
        for (pairs, depth) in cases {
            assert_eq!(client(pairs).depth, depth, "{pairs:?}");
        }
    }

    #[test]
    fn characters_follow_locale_and_terminal() {
        let cases: [(&[(&str, &str)], Repertoire); 7] = [
            (&[("LANG", "de_DE.UTF-8")], Repertoire::Full),
            (&[("LANG", "C.utf8"), ("TERM", "xterm")], Repertoire::Full),
            (&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")], Repertoire::Ascii),
            (&[("LC_CTYPE", "en_US.ISO-8859-1")], Repertoire::Ascii),
            (&[("LANG", "de_DE.UTF-8"), ("TERM", "linux")], Repertoire::Console),
            (&[("LANG", "de_DE.UTF-8"), ("TERM", "vt100")], Repertoire::Ascii),
            (&[("TERM", "xterm")], Repertoire::Full),
        ];
        for (pairs, repertoire) in cases {
            assert_eq!(client(pairs).repertoire, repertoire, "{pairs:?}");
        }
    }

    #[test]
    fn a_remote_client_waits_longer_for_escape_and_is_paced() {
        let remote = client(&[("TERM", "xterm"), ("SSH_CONNECTION", "1.2.3.4 5 6.7.8.9 22")]);
        assert_eq!((remote.escape_delay, remote.paced), (Duration::from_millis(60), true));
        let local = client(&[("TERM", "xterm")]);
        assert_eq!((local.escape_delay, local.paced), (Duration::from_millis(25), false));
        assert!(client(&[("TERM", "dumb")]).dumb);
    }
}
