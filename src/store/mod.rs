//! redb and nothing but redb: tables, keys, codec, journal, records, segments.
