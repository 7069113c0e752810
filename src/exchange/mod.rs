//! Other people's formats: CSV in and out, receipts.
