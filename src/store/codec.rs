//! How values become bytes: a format version, bincode, and a CRC32C, since redb checks no checksum on read.
//!
//! The only file that knows bincode.

use super::fault::{Fault, io};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

/// What is wrong with stored bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodecFault {
    /// Shorter than a version and a checksum.
    Short,
    /// The checksum does not match.
    Checksum,
    /// Written in a format this program does not know.
    Format {
        /// The format named in the bytes.
        found: u8,
    },
    /// The checksum matches but the value does not fit the type.
    Shape,
    /// The storage did not give the bytes.
    Unread,
}

impl fmt::Display for CodecFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CodecFault::Short => write!(f, "too short"),
            CodecFault::Checksum => write!(f, "wrong checksum"),
            CodecFault::Format { found } => write!(f, "unknown format {found}"),
            CodecFault::Shape => write!(f, "unreadable"),
            CodecFault::Unread => write!(f, "the disk did not give it"),
        }
    }
}

impl std::error::Error for CodecFault {}

/// Bytes in memory that one value may claim when it is read.
const LARGEST: usize = 1 << 30;

/// `value` without version and checksum, for hashing. What is stored goes through [`encode`], which says what cannot be.
pub fn plain<T: Serialize>(value: &T) -> Vec<u8> {
    bincode::serde::encode_to_vec(value, bincode::config::standard()).unwrap_or_default()
}

/// `value` as stored: format, bincode, CRC32C (little endian) over both.
///
/// # Errors
/// `Io` for a value that has no bytes. Our own plain data always has; an empty record with a good checksum would be worse
/// than an end.
pub fn encode<T: Serialize>(format: u8, value: &T) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::with_capacity(128);
    bytes.push(format);
    bincode::serde::encode_into_std_write(value, &mut bytes, bincode::config::standard())
        .map_err(|why| io("making bytes of a record", why))?;
    Ok(seal(bytes))
}

/// Appends the checksum of `bytes`.
pub fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = crc32c::crc32c(&bytes);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

/// What [`seal`] was given, once the checksum has been found right.
///
/// # Errors
/// `Short` and `Checksum`.
pub fn open(bytes: &[u8]) -> Result<&[u8], CodecFault> {
    let (body, sum) = bytes.split_last_chunk::<4>().ok_or(CodecFault::Short)?;
    if body.is_empty() {
        return Err(CodecFault::Short);
    }
    if crc32c::crc32c(body) != u32::from_le_bytes(*sum) {
        return Err(CodecFault::Checksum);
    }
    Ok(body)
}

/// The value in stored bytes of the given format.
///
/// # Errors
/// Every kind of [`CodecFault`].
pub fn decode<T: DeserializeOwned>(format: u8, bytes: &[u8]) -> Result<T, CodecFault> {
    let body = open(bytes)?;
    let (found, value) = body.split_first().ok_or(CodecFault::Short)?;
    if *found != format {
        return Err(CodecFault::Format { found: *found });
    }
    // A value from another table's page has a right checksum too; what it takes for a length must not take the memory.
    match bincode::serde::decode_from_slice(value, bincode::config::standard().with_limit::<LARGEST>()) {
        Ok((decoded, used)) if used == value.len() => Ok(decoded),
        _ => Err(CodecFault::Shape),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_damaged_byte_is_found() {
        let bytes = encode(1, &("till", 42u64, vec![1i64, -2, 3])).unwrap();
        assert_eq!(decode::<(String, u64, Vec<i64>)>(1, &bytes), Ok(("till".to_owned(), 42, vec![1, -2, 3])));
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut damaged = bytes.clone();
                damaged[at] ^= 1 << bit;
                assert!(decode::<(String, u64, Vec<i64>)>(1, &damaged).is_err());
            }
            assert!(decode::<(String, u64, Vec<i64>)>(1, &bytes[..at]).is_err());
        }
    }

    #[test]
    fn bytes_of_another_type_claim_no_memory() {
        let bytes = encode(1, &(u64::MAX / 3, 7u64)).unwrap();
        assert_eq!(decode::<(String, u64)>(1, &bytes), Err(CodecFault::Shape));
        assert_eq!(decode::<Vec<u64>>(1, &bytes), Err(CodecFault::Shape));
    }

    #[test]
    fn a_value_without_bytes_is_a_fault_and_no_empty_record() {
        struct Nothing;
        impl Serialize for Nothing {
            fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
                Err(serde::ser::Error::custom("as told"))
            }
        }
        assert!(encode(1, &("before", Nothing)).unwrap_err().to_string().contains("as told"));
    }

    #[test]
    fn another_format_is_refused_by_number() {
        let bytes = encode(7, &1u8).unwrap();
        assert_eq!(decode::<u8>(1, &bytes), Err(CodecFault::Format { found: 7 }));
    }
}
