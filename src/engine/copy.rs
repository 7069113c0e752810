//! Every row of a shop into a new file, table by table. Knows neither a backup nor a running shop.

use crate::store::file::commit;
use crate::store::record::{Source, insert};
use crate::store::table::*;
use crate::store::{Fault, ShopFile};
use redb::{Key, ReadTransaction, TableDefinition, Value};
use std::path::Path;

/// Rows copied in one transaction.
const BATCH: usize = 20_000;

/// Copies every row into a new shop file.
pub(super) fn copy_tables(from: &ReadTransaction, to: &Path) -> Result<(), Fault> {
    let file = ShopFile::create(to)?;
    macro_rules! copy {
        ($($table:ident),*) => {$( copy_table(from, &file, $table)?; )*};
    }
    with_all_tables!(copy);
    file.close()
}

fn copy_table<K: Key + 'static, V: Value + 'static>(
    from: &ReadTransaction,
    to: &ShopFile,
    table: TableDefinition<'static, K, V>,
) -> Result<(), Fault> {
    from.with(table, |rows| {
        let mut rows = rows.all()?;
        loop {
            let txn = to.write()?;
            let mut copied = 0;
            for row in rows.by_ref().take(BATCH) {
                let (key, value) =
                    row.map_err(|why| Fault::Io { what: "copying the shop".to_owned(), why: why.to_string() })?;
                insert(&txn, table, key.value(), value.value())?;
                copied += 1;
            }
            commit(txn)?;
            if copied < BATCH {
                return Ok(());
            }
        }
    })
}
