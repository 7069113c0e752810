//! The shop's nouns and rules. Pure: no clock, no randomness, no file, no terminal.
