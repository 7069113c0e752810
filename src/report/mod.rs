//! Questions and their answers. Knows no screen.
