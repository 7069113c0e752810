//! How a terminal reaches the console: bytes to events, frames to bytes.
