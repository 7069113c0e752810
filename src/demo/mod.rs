//! Grows the demo shop out of seed/.
