//! Two tables row by row: what is stored against what the journal makes of it.

use crate::store::Fault;
use crate::store::record::{Rows, Source};
use redb::{Key, TableDefinition, Value};

pub(super) fn wrong(table: &str, key: impl std::fmt::Display, why: &str) -> Fault {
    Fault::Damaged { table: table.to_owned(), key: key.to_string(), why: why.to_owned() }
}

pub(super) fn same<K: Key + 'static, V: Value + 'static>(
    stored: &impl Source,
    rebuilt: &impl Source,
    table: TableDefinition<'static, K, V>,
    name: &str,
) -> Result<(), Fault> {
    // A table that was lost as a whole reads as empty, and its rows would never be compared.
    let counts = (stored.with(table, |rows| rows.count())?, rebuilt.with(table, |rows| rows.count())?);
    if counts.0 != counts.1 {
        return Err(wrong(name, "", &format!("has {} rows where the journal says {}", counts.0, counts.1)));
    }
    stored.with(table, |stored| rebuilt.with(table, |rebuilt| same_rows(stored, rebuilt, name)))
}

fn same_rows<K: Key + 'static, V: Value + 'static>(
    stored: &dyn Rows<K, V>,
    rebuilt: &dyn Rows<K, V>,
    name: &str,
) -> Result<(), Fault> {
    let unread = |why: redb::StorageError| wrong(name, "", &why.to_string());
    let mut expected = rebuilt.all()?;
    for row in stored.all()? {
        let (key, value) = row.map_err(unread)?;
        let shown = format!("{:?}", key.value());
        let Some(row) = expected.next() else { return Err(wrong(name, shown, "is in no journal entry")) };
        let (right_key, right_value) = row.map_err(unread)?;
        if K::as_bytes(&key.value()).as_ref() != K::as_bytes(&right_key.value()).as_ref()
            || V::as_bytes(&value.value()).as_ref() != V::as_bytes(&right_value.value()).as_ref()
        {
            return Err(wrong(name, shown, "is not what the journal says"));
        }
    }
    match expected.next() {
        None => Ok(()),
        Some(row) => Err(wrong(name, format!("{:?}", row.map_err(unread)?.0.value()), "is missing")),
    }
}
