//! What is learnt from facts.
