//! What registers are called: by the text that an export writes for them, which is the same in every copy of the shop.
//!
//! It knows nothing of facts, and never shows the number a register happens to have in this shop.

use crate::domain::Register;
use crate::engine::Directory;
use crate::unit::RegisterId;

/// The id of a register: its text, behind its store's id where another register could be meant by the text alone.
pub(crate) fn id(directory: &Directory, register: &Register) -> String {
    let meant = |other: &Register| other.name == register.name || is_qualified(directory, other, &register.name);
    let shared = directory.registers.iter().any(|other| other.id != register.id && meant(other));
    match directory.store(register.store) {
        Some(store) if shared => format!("{}/{}", store.ext, register.name),
        _ => register.name.to_string(),
    }
}

/// The registers that a text means: the one of that id, else all of that text, else the one of that text in a store.
pub(crate) fn called(directory: &Directory, text: &str) -> Vec<RegisterId> {
    // Only what the text fits at all is worth finding the id of.
    let mut fitting = Vec::new();
    for register in &directory.registers {
        let (bare, qualified) = (*register.name == *text, is_qualified(directory, register, text));
        if bare || qualified {
            fitting.push((register, bare));
        }
    }
    let of = |found: &mut dyn Iterator<Item = &(&Register, bool)>| -> Vec<RegisterId> {
        found.map(|(register, _)| register.id).collect()
    };
    let by_id = of(&mut fitting.iter().filter(|(register, _)| id(directory, register) == text));
    let by_text = of(&mut fitting.iter().filter(|(_, bare)| *bare));
    match (by_id.is_empty(), by_text.is_empty()) {
        (false, _) => by_id,
        (true, false) => by_text,
        (true, true) => of(&mut fitting.iter()),
    }
}

/// Whether a text is a register's behind its store's id.
fn is_qualified(directory: &Directory, register: &Register, text: &str) -> bool {
    let store = text.strip_suffix(register.name.as_str()).and_then(|rest| rest.strip_suffix('/'));
    store.is_some_and(|ext| directory.store(register.store).is_some_and(|store| *store.ext == *ext))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Store;
    use crate::unit::{StoreId, Text};

    /// Stores `N`, `S` and `S/N`, and registers in them by store and text, numbered from 1.
    fn shop(registers: &[(u16, &str)]) -> Directory {
        let store = |(id, ext): (u16, &str)| Store {
            id: StoreId(id),
            ext: Text::lossy(ext),
            name: Text::lossy(ext),
            location: None,
            zone: None,
        };
        let register = |((store, name), id): (&(u16, &str), u16)| Register {
            id: RegisterId(id),
            store: StoreId(*store),
            name: Text::lossy(name),
        };
        Directory {
            stores: [(1, "N"), (2, "S"), (3, "S/N")].map(store).to_vec(),
            registers: registers.iter().zip(1..).map(register).collect(),
            ..Directory::default()
        }
    }

    fn ids(directory: &Directory) -> Vec<String> {
        directory.registers.iter().map(|register| id(directory, register)).collect()
    }

    fn meant(directory: &Directory, text: &str) -> Vec<u16> {
        called(directory, text).iter().map(|id| id.0).collect()
    }

    #[test]
    fn a_register_is_called_what_the_file_says() {
        let shop = shop(&[(1, "2"), (2, "till A"), (1, "1")]);
        assert_eq!(ids(&shop), ["2", "till A", "1"]);
        assert_eq!(meant(&shop, "2"), [1], "the text, never the number");
        assert_eq!(meant(&shop, "S/till A"), [2], "with its store it is the same one");
        assert_eq!(meant(&shop, "3"), [] as [u16; 0]);
        assert_eq!(meant(&shop, "N/till A"), [] as [u16; 0]);
    }

    #[test]
    fn what_stands_in_several_stores_is_told_apart_by_the_store() {
        let shop = shop(&[(1, "2"), (2, "2"), (2, "1")]);
        assert_eq!(ids(&shop), ["N/2", "S/2", "1"]);
        assert_eq!(meant(&shop, "2"), [1, 2], "the bare text means all of that text");
        assert_eq!(meant(&shop, "S/2"), [2]);
        assert_eq!(meant(&shop, "S/N/2"), [] as [u16; 0]);
    }

    #[test]
    fn a_text_that_looks_like_another_in_a_store_is_told_apart_too() {
        let shop = shop(&[(1, "2"), (2, "2"), (2, "N/2")]);
        assert_eq!(ids(&shop), ["N/2", "S/2", "S/N/2"]);
        assert_eq!(meant(&shop, "N/2"), [1]);
        assert_eq!(meant(&shop, "S/N/2"), [3]);
    }
}
