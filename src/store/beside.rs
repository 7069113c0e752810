//! Small files beside a shop file that are made once: whole, or not there at all, whatever happens meanwhile.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Makes a file for its owner's eyes only; whether it is this one that stands there now. One that came first stays.
///
/// # Errors
/// Of the system; there is nothing new at `path` then.
pub fn make(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    // Of a name that nobody else at work on the same has.
    let mut fresh = path.as_os_str().to_owned();
    fresh.push(format!(".{}", std::process::id()));
    let fresh = PathBuf::from(fresh);
    // One left over from a making that was cut short.
    let _ = std::fs::remove_file(&fresh);
    let written = File::options().write(true).create_new(true).mode(0o600).open(&fresh).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        give_name(&fresh, path)
    });
    let _ = std::fs::remove_file(&fresh);
    match written {
        Ok(()) => Ok(true),
        Err(why) if why.kind() == io::ErrorKind::AlreadyExists && path.exists() => Ok(false),
        Err(why) => Err(why),
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
        assert!(make(&folder.path().join("no folder/shop.redb.pepper"), b"third").is_err());
    }
}
