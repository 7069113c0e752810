//! The socket beside a shop file, through which its server is found.
//!
//! The name of a socket may hold about a hundred bytes; a longer path is reached through its folder's descriptor.

use std::{
    fs::File,
    io,
    os::{
        fd::AsRawFd as _,
        unix::net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
};

/// The longest path every system takes for a socket.
const LONGEST: usize = 100;

/// Where the socket of a shop file is.
pub fn socket_of(shop: &Path) -> PathBuf {
    beside(shop, ".sock")
}

/// A file beside the shop, by what its name ends in.
pub(super) fn beside(shop: &Path, end: &str) -> PathBuf {
    let mut name = shop.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// Connects to the server of a shop; `None` where there is none, or a socket that nobody listens on any more.
///
/// # Errors
/// Everything else, such as no permission.
pub fn connect(shop: &Path) -> io::Result<Option<UnixStream>> {
    match short(&socket_of(shop), |path| UnixStream::connect(path)) {
        Ok(stream) => Ok(Some(stream)),
        Err(why) if matches!(why.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused) => Ok(None),
        Err(why) => Err(io::Error::new(why.kind(), format!("{}: {why}", socket_of(shop).display()))),
    }
}

/// Listens on the socket of a shop, in the place of one that was left behind. Only whoever holds the shop may.
pub(super) fn bind(socket: &Path) -> io::Result<UnixListener> {
    match std::fs::remove_file(socket) {
        Ok(()) => {}
        Err(why) if why.kind() == io::ErrorKind::NotFound => {}
        Err(why) => return Err(why),
    }
    short(socket, |path| UnixListener::bind(path))
}

fn short<T>(path: &Path, work: impl Fn(&Path) -> io::Result<T>) -> io::Result<T> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return work(path) };
    if path.as_os_str().len() <= LONGEST {
        return work(path);
    }
    let folder = File::open(folder)?;
    let through = Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name);
    work(&through).map_err(|why| match why.kind() {
        io::ErrorKind::NotFound if !Path::new("/proc/self/fd").exists() => io::Error::new(
            io::ErrorKind::InvalidInput,
            "the path of the shop file is too long for a socket beside it; keep the shop in a shorter place",
        ),
        _ => why,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};

    #[test]
    fn a_shop_far_down_is_reached_too() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("d".repeat(80)).join("e".repeat(80));
        std::fs::create_dir_all(&deep).unwrap();
        let shop = deep.join("shop.redb");
        assert!(connect(&shop).unwrap().is_none());
        let listener = bind(&socket_of(&shop)).unwrap();
        let mut client = connect(&shop).unwrap().unwrap();
        client.write_all(b"x").unwrap();
        let mut byte = [0];
        listener.accept().unwrap().0.read_exact(&mut byte).unwrap();
        assert_eq!(&byte, b"x");
        drop(listener);
        assert!(connect(&shop).unwrap().is_none(), "nobody listens any more");
        drop(bind(&socket_of(&shop)).unwrap());
    }
}
