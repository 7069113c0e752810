//! The terminal program as plain state.
