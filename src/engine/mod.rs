//! The running shop: the single writer, the unsealed tail, clock and id sources.
