//! Parses the command line and hands over; nothing else happens here.

fn main() {}
