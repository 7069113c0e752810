//! Values: money, quantity, ids, time, text, barcodes. No business rule and no I/O.
