//! What the tests of the store and of the engine share: a disk that fails, a clock that is set by hand, a shop that is asked
//! for anything at all, and what must be true of it at every moment.

pub mod clock;
pub mod deed;
pub mod disk;
pub mod truth;
pub mod words;
pub mod world;
