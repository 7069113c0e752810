//! Small files beside a shop file that are made once: whole, or not there at all, whatever happens meanwhile.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Files of one name that are being made at a time, or were left over.
const MOST_MAKING: u32 = 100;

/// Makes a file for its owner's eyes only; whether it is this one that stands there now. One that came first stays.
///
/// # Errors
/// Of the system; there is nothing new at `path` then.
pub fn make(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let (mut file, fresh) = fresh(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| give_name(&fresh, path));
    // Named for good, or of no use; where there are no links it has gone to its name already.
    let _ = std::fs::remove_file(&fresh);
    match written {
        Ok(()) => Ok(true),
        Err(why) if why.kind() == io::ErrorKind::AlreadyExists && path.exists() => Ok(false),
        Err(why) => Err(why),
    }
}

/// A new file under a name of its own, whoever else is making the same, and whoever was cut short at it.
fn fresh(path: &Path) -> io::Result<(File, PathBuf)> {
    let mut number = 0;
    loop {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".making-{number}"));
        match File::options().write(true).create_new(true).mode(0o600).open(&name) {
            Err(why) if why.kind() == io::ErrorKind::AlreadyExists && number < MOST_MAKING => number += 1,
            file => return Ok((file?, PathBuf::from(name))),
        }
    }
}

/// Gives a file its name for good, without taking the place of another.
///
/// # Errors
/// `AlreadyExists`, and what the system says.
pub(super) fn give_name(file: &Path, path: &Path) -> io::Result<()> {
    std::fs::hard_link(file, path).or_else(|why| match why.kind() {
        io::ErrorKind::AlreadyExists => Err(why),
        _ if path.exists() => Err(io::ErrorKind::AlreadyExists.into()),
        // A file system without hard links.
        _ => std::fs::rename(file, path),
    })?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_first_stays_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("shop.redb.pepper");
        assert!(make(&path, b"first").unwrap());
        assert!(!make(&path, b"second").unwrap());
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        // Somebody was cut short.
        std::fs::write(folder.path().join("shop.redb.hostkey.making-0"), b"ha").unwrap();
        let key = folder.path().join("shop.redb.hostkey");
        assert!(make(&key, b"whole").unwrap());
        assert_eq!(std::fs::read(&key).unwrap(), b"whole");
        assert!(make(&folder.path().join("no folder/shop.redb.pepper"), b"third").is_err());
    }
}
