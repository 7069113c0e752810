//! One file as bytes: read in order, counted and digested on the way, and asked afterwards where a line begins.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use crate::unit::Digest;

/// How much is read at once.
pub const CHUNK: usize = 256 * 1024;

/// Tells how far the reading of all files has come.
pub struct Meter<'a> {
    done: Cell<u64>,
    total: u64,
    tell: &'a dyn Fn(u64, u64),
}

impl<'a> Meter<'a> {
    /// `tell` hears how many of `total` bytes have been read.
    pub fn new(total: u64, tell: &'a dyn Fn(u64, u64)) -> Meter<'a> {
        Meter { done: Cell::new(0), total, tell }
    }

    fn add(&self, count: usize) {
        let done = self.done.get().saturating_add(count as u64);
        self.done.set(done);
        // A file that is read a second time must not run over the end.
        (self.tell)(done.min(self.total), self.total);
    }
}

/// Where the files are, and who hears how far their reading has come.
#[derive(Clone, Copy)]
pub struct Folder<'a> {
    /// The folder.
    pub dir: &'a Path,
    /// `None`: nobody.
    pub meter: Option<&'a Meter<'a>>,
}

/// A file that remembers the digest of what has been read of it.
pub struct Hashed<'a> {
    file: File,
    hasher: blake3::Hasher,
    meter: Option<&'a Meter<'a>>,
}

impl<'a> Hashed<'a> {
    /// Opens a file; `None` when there is none of that name.
    pub fn open(path: &Path, meter: Option<&'a Meter<'a>>) -> io::Result<Option<Hashed<'a>>> {
        match File::open(path) {
            Ok(file) => Ok(Some(Hashed { file, hasher: blake3::Hasher::new(), meter })),
            Err(why) if why.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(why) => Err(why),
        }
    }

    /// The digest of everything read so far.
    pub fn digest(&self) -> Digest {
        Digest(*self.hasher.finalize().as_bytes())
    }
}

impl Read for Hashed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.file.read(buffer)?;
        self.hasher.update(buffer.get(..count).unwrap_or_default());
        if let Some(meter) = self.meter {
            meter.add(count);
        }
        Ok(count)
    }
}

/// Whether the bytes from `offset` to the end of a file leave a quoted field open.
pub fn ends_in_quotes(path: &Path, offset: u64) -> io::Result<bool> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut reader = BufReader::with_capacity(CHUNK, file);
    let (mut quoted, mut field_begins, mut after_quote) = (false, true, false);
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(quoted && !after_quote);
        }
        for &byte in bytes {
            if quoted && !after_quote {
                after_quote = byte == b'"';
            } else if quoted && byte == b'"' {
                after_quote = false;
            } else {
                quoted = field_begins && byte == b'"';
                after_quote = false;
                field_begins = matches!(byte, b',' | b'\n' | b'\r');
            }
        }
        let count = bytes.len();
        reader.consume(count);
    }
}

/// The lines, from 1, on which the records at `offsets` (ascending) begin. A line ends with LF, CRLF or CR; line ends right
/// at an offset belong to the record before it.
pub fn lines_at(path: &Path, offsets: &[u64]) -> io::Result<Vec<u64>> {
    let mut reader = BufReader::with_capacity(CHUNK, File::open(path)?).bytes();
    let mut lines = Vec::with_capacity(offsets.len());
    let (mut at, mut line, mut after_cr) = (0u64, 1u64, false);
    let mut wanted = offsets.iter().peekable();
    while let Some(&&offset) = wanted.peek() {
        let byte = reader.next().transpose()?;
        let is_end = matches!(byte, Some(b'\n' | b'\r'));
        if at >= offset && !is_end {
            lines.push(line);
            wanted.next();
            while wanted.next_if(|next| **next <= at).is_some() {
                lines.push(line);
            }
            if wanted.peek().is_none() {
                break;
            }
        }
        match byte {
            Some(b'\n') if after_cr => {}
            Some(b'\n' | b'\r') => line += 1,
            Some(_) => {}
            None => break,
        }
        after_cr = byte == Some(b'\r');
        at += 1;
    }
    lines.resize(offsets.len(), line);
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file_of(bytes: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        file
    }

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        let file = file_of(b"a\nb\r\nc\rd\n\n\ne");
        assert_eq!(lines_at(file.path(), &[0, 2, 4, 5, 7, 9]).unwrap(), [1, 2, 3, 3, 4, 7]);
    }

    #[test]
    fn an_open_quote_at_the_end_is_seen() {
        for (bytes, open) in [
            (&b"a,\"b"[..], true),
            (b"a,\"b\"", false),
            (b"a,\"b\"\"", true),
            (b"a,b\"c", false),
            (b"\"a\",\"b\nc", true),
            (b"\"a\"\n\"b\"\n", false),
        ] {
            assert_eq!(ends_in_quotes(file_of(bytes).path(), 0).unwrap(), open, "{bytes:?}");
        }
    }
}
