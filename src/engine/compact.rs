//! Writing the whole shop into a new file, so that nothing of what was erased is left in the old one's free pages.
//!
//! Done when the shop is closed after somebody was forgotten, and once more at opening where that did not come to its end.
//! Backups made before are outside of it: they hold what they held.

use super::copy::copy_tables;
use super::view::customer_details;
use crate::domain::Customer;
use crate::store::attributes::{self, People};
use crate::store::file::commit;
use crate::store::record::{self, erased_pages};
use crate::store::{Fault, ShopFile, journal};
use std::path::{Path, PathBuf};

/// Whether pages of the file may still hold what was erased.
pub(super) fn is_due(file: &ShopFile) -> Result<bool, Fault> {
    erased_pages(&file.read()?)
}

/// Rewrites the closed shop file at `path` and puts the new one in its place, if it is the same shop to the last entry.
pub(super) fn rewrite(path: &Path) -> Result<(), Fault> {
    let fresh = beside(path);
    // One left over from a rewriting that was cut short.
    let _ = std::fs::remove_file(&fresh);
    let old = ShopFile::open(path, |_| {})?;
    let copied = copy_tables(&old.read()?, &fresh).and_then(|()| {
        let new = ShopFile::open(&fresh, |_| {})?;
        let same = journal::head(&old.read()?)? == journal::head(&new.read()?)?;
        fresh_attributes(&new)?;
        new.clear_erased()?;
        new.close()?;
        if same { Ok(()) } else { Err(damaged(path)) }
    });
    if let Err(fault) = copied {
        let _ = std::fs::remove_file(&fresh);
        old.close()?;
        return Err(fault);
    }
    old.close()?;
    let named = std::fs::rename(&fresh, path).and_then(|()| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::File::open(folder)?.sync_all()
    });
    named.map_err(|why| Fault::Io { what: format!("naming {}", path.display()), why: why.to_string() })
}

/// The columns of what customers are keep every place and gender ever known; these know only what is.
fn fresh_attributes(file: &ShopFile) -> Result<(), Fault> {
    let read = file.read()?;
    let mut people = People::default();
    for customer in record::all::<Customer>(&read)? {
        let known = customer_details(&read, &customer)?;
        people.set(&customer, known.as_ref());
    }
    let txn = file.write()?;
    attributes::put(&txn, &people)?;
    commit(txn)
}

fn damaged(path: &Path) -> Fault {
    Fault::Damaged {
        table: "journal".to_owned(),
        key: path.display().to_string(),
        why: "the rewritten file does not end with the same entry".to_owned(),
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".compact");
    PathBuf::from(name)
}
