//! A consistent, verified copy of a shop while it is selling, and the way back.

use super::copy::copy_tables;
use super::seams::Seams;
use super::shop::Shop;
use super::verify::{Proof, verify};
use crate::store::lease::Lease;
use crate::store::{Fault, ShopFile, migrate};
use std::path::{Path, PathBuf};

/// Copies the shop as it is now to `to`, proves the copy, and only then gives it its name.
///
/// # Errors
/// `Exists`, `Io`; `Damaged` when the copy could not be proved. Nothing stands at `to` then.
pub fn backup(shop: &Shop, to: &Path, progress: &dyn Fn(u64, u64)) -> Result<Proof, Fault> {
    if to.exists() {
        return Err(Fault::Exists { path: to.display().to_string() });
    }
    let fresh = beside(to, ".part");
    discard(&fresh);
    let made = copy(shop, &fresh).and_then(|()| prove(&fresh, progress, &|_, _| {}));
    match made {
        Ok(proof) => {
            rename(&fresh, to)?;
            Ok(proof)
        }
        Err(fault) => {
            discard(&fresh);
            Err(fault)
        }
    }
}

/// Puts the backup `from` in the place of the shop at `to`: proves it first, hands the shop in it to `sign`, which writes down
/// who restored it, so that it never stands there without that; has `make_way` called, which closes the shop where this
/// process has it open, and keeps what was there as `NAME.before-restore`.
///
/// # Errors
/// `Missing`, `Damaged`, `InUse`, `Io`; the shop is as it was.
pub fn restore(
    from: &Path,
    to: &Path,
    progress: &dyn Fn(u64, u64),
    sign: &dyn Fn(&Shop, &Proof),
    make_way: &mut dyn FnMut() -> Result<(), Fault>,
) -> Result<Proof, Fault> {
    if !from.is_file() {
        return Err(Fault::Io {
            what: format!("restoring {}", from.display()),
            why: "there is no such file".to_owned(),
        });
    }
    if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|why| io("making the shop's folder", &why))?;
    }
    let fresh = beside(to, ".restore");
    discard(&fresh);
    std::fs::copy(from, &fresh).map_err(|why| io("copying the backup", &why))?;
    // Nobody knows the copy that is proved by its name.
    let named = |fault| match fault {
        Fault::NotAShop { .. } => Fault::NotAShop { path: from.display().to_string() },
        fault => fault,
    };
    let proved = prove(&fresh, progress, sign).map_err(named).and_then(|proof| {
        make_way()?;
        if to.exists() {
            // Nobody may be selling into the file that goes.
            ShopFile::open(to, |_| {}).or_else(unless_in_use)?.close()?;
            let kept = beside(to, ".before-restore");
            rename(to, &kept)?;
            if let Err(fault) = rename(&fresh, to) {
                // Rather the old shop than none.
                let _ = std::fs::rename(&kept, to);
                return Err(fault);
            }
        } else {
            rename(&fresh, to)?;
        }
        Ok(proof)
    });
    if proved.is_err() {
        discard(&fresh);
    }
    forget_older(&fresh);
    proved
}

/// Removes a copy that was not proved, with what stood beside it.
fn discard(copy: &Path) {
    for path in [copy.to_owned(), Lease::path_of(copy), beside(copy, ".check")] {
        // What cannot be removed is overwritten the next time.
        let _ = std::fs::remove_file(path);
    }
}

/// Removes what bringing a restored copy to this program's schema kept of it: that is in the backup.
fn forget_older(copy: &Path) {
    for schema in 1..migrate::SCHEMA {
        let _ = std::fs::remove_file(migrate::copy_of(copy, schema));
    }
}

/// A file so damaged that it does not open may be replaced; one that somebody has open may not.
fn unless_in_use(fault: Fault) -> Result<ShopFile, Fault> {
    match fault {
        Fault::InUse { .. } => Err(fault),
        _ => ShopFile::on(redb::backends::InMemoryBackend::new(), true),
    }
}

/// Proves the copy at `path`, and hands the shop in it to `sign` where it is sound.
fn prove(path: &Path, progress: &dyn Fn(u64, u64), sign: &dyn Fn(&Shop, &Proof)) -> Result<Proof, Fault> {
    let shop = Shop::open(path, Seams::system(), |_| {})?;
    let proof = shop.snapshot().and_then(|snapshot| verify(&snapshot, Some(&beside(path, ".check")), progress));
    if let Ok(proof) = &proof {
        sign(&shop, proof);
    }
    let closed = shop.close();
    let proof = proof?;
    closed?;
    Ok(proof)
}

fn copy(shop: &Shop, to: &Path) -> Result<(), Fault> {
    let snapshot = shop.snapshot()?;
    copy_tables(snapshot.txn(), to)
}

fn rename(from: &Path, to: &Path) -> Result<(), Fault> {
    std::fs::rename(from, to).map_err(|why| io(&format!("naming {}", to.display()), &why))?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|why| io("naming the copy for good", &why))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn io(what: &str, why: &dyn std::fmt::Display) -> Fault {
    Fault::Io { what: what.to_owned(), why: why.to_string() }
}
