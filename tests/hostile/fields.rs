//! Which fields of a type hold free text, found by the type itself: a reader that makes up values hands every text a sample
//! and notes where it went. A field that is added tomorrow is found tomorrow.
//!
//! Knows serde's data model, and no record.

use serde::de::value::StrDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What is free text is content with the first; the rest are what texts of other kinds are written as.
const SAMPLES: [&str; 5] =
    ["free text", "EUR", "UTC", "21=IIIIIWWWWW.3", "0000000000000000000000000000000000000000000000000000000000000000"];
/// Readings in a row that find nothing new, after which all is found.
const IDLE: usize = 400;

/// What was learnt of a type so far.
#[derive(Default)]
struct Learnt {
    /// Which sample the text at a path is content with.
    samples: BTreeMap<String, usize>,
    /// Which variant comes next at a path.
    turns: BTreeMap<String, usize>,
    /// The text that was handed out last.
    last: String,
}

/// The paths of all free text in `T`, as JSON would name them: fields and variants, with dots between; what stands in a list
/// has the list's path.
pub fn free_texts<T: for<'de> Deserialize<'de>>() -> BTreeSet<String> {
    let mut learnt = Learnt::default();
    let mut idle = 0;
    while idle < IDLE {
        let known = (learnt.samples.len(), learnt.turns.len());
        if T::deserialize(Reader { learnt: &mut learnt, path: String::new() }).is_err() {
            let last = learnt.last.clone();
            let sample = learnt.samples.entry(last).or_default();
            *sample += 1;
            assert!(*sample < SAMPLES.len(), "no sample suits {}", learnt.last);
            idle = 0;
        } else if known == (learnt.samples.len(), learnt.turns.len()) {
            idle += 1;
        } else {
            idle = 0;
        }
    }
    learnt.samples.into_iter().filter(|(_, sample)| *sample == 0).map(|(path, _)| path).collect()
}

/// The paths in `value` of texts that hold `mark`, each with the letters behind it.
pub fn marked(value: &Value, mark: &str) -> BTreeSet<(String, String)> {
    fn walk(value: &Value, path: &str, mark: &str, found: &mut BTreeSet<(String, String)>) {
        match value {
            Value::String(text) => found.extend(marks(text, mark).map(|name| (path.to_owned(), name))),
            Value::Array(all) => all.iter().for_each(|one| walk(one, path, mark, found)),
            Value::Object(all) => all.iter().for_each(|(name, one)| walk(one, &joined(path, name), mark, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    walk(value, "", mark, &mut found);
    found
}

/// The letters behind each `mark` in a text.
pub fn marks<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = String> + 'a {
    text.split(mark).skip(1).map(|rest| rest.chars().take_while(char::is_ascii_lowercase).collect())
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// Makes up a value of whatever is asked for.
struct Reader<'a> {
    learnt: &'a mut Learnt,
    path: String,
}

impl Reader<'_> {
    fn inner(&mut self, name: &str) -> Reader<'_> {
        Reader { path: joined(&self.path, name), learnt: self.learnt }
    }

    fn same(&mut self) -> Reader<'_> {
        Reader { path: self.path.clone(), learnt: self.learnt }
    }
}

macro_rules! made_up {
    ($($method:ident $visit:ident $value:expr;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            visitor.$visit($value)
        })*
    };
}

impl<'de> de::Deserializer<'de> for Reader<'_> {
    type Error = Wrong;

    made_up! {
        deserialize_bool visit_bool true;
        deserialize_i8 visit_i8 1;
        deserialize_i16 visit_i16 1;
        deserialize_i32 visit_i32 1;
        deserialize_i64 visit_i64 1;
        deserialize_i128 visit_i128 1;
        deserialize_u8 visit_u8 1;
        deserialize_u16 visit_u16 1;
        deserialize_u32 visit_u32 1;
        deserialize_u64 visit_u64 1;
        deserialize_u128 visit_u128 1;
        deserialize_f32 visit_f32 1.0;
        deserialize_f64 visit_f64 1.0;
        deserialize_char visit_char 'x';
        deserialize_bytes visit_bytes &[0; 32];
        deserialize_byte_buf visit_bytes &[0; 32];
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Wrong> {
        Err(de::Error::custom("a type that does not say what it is"))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.learnt.last.clone_from(&self.path);
        visitor.visit_str(SAMPLES[*self.learnt.samples.entry(self.path).or_default()])
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_tuple(1, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_seq(List { reader: self, left: length })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Wrong> {
        Err(de::Error::custom("a map: say here how its texts are to be found"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_map(Fields { reader: self, names, at: 0 })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let turn = self.learnt.turns.entry(self.path.clone()).or_default();
        let name = names[*turn % names.len()];
        *turn += 1;
        visitor.visit_enum(Chosen { reader: self, name })
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Wrong> {
        Err(de::Error::custom("a name where none is"))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_unit()
    }
}

struct List<'a> {
    reader: Reader<'a>,
    left: usize,
}

impl<'de> SeqAccess<'de> for List<'_> {
    type Error = Wrong;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Wrong> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(self.reader.same()).map(Some)
    }
}

struct Fields<'a> {
    reader: Reader<'a>,
    names: &'static [&'static str],
    at: usize,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Wrong;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Wrong> {
        let Some(name) = self.names.get(self.at) else { return Ok(None) };
        let name: StrDeserializer<'_, Wrong> = (*name).into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Wrong> {
        self.at += 1;
        seed.deserialize(self.reader.inner(self.names[self.at - 1]))
    }
}

struct Chosen<'a> {
    reader: Reader<'a>,
    name: &'static str,
}

impl<'de, 'a> EnumAccess<'de> for Chosen<'a> {
    type Error = Wrong;
    type Variant = Reader<'a>;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Reader<'a>), Wrong> {
        let name: StrDeserializer<'_, Wrong> = self.name.into_deserializer();
        let Reader { learnt, path } = self.reader;
        Ok((seed.deserialize(name)?, Reader { learnt, path: joined(&path, self.name) }))
    }
}

impl<'de> VariantAccess<'de> for Reader<'_> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Wrong> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Wrong> {
        de::Deserializer::deserialize_tuple(self, length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, names: &'static [&'static str], visitor: V) -> Result<V::Value, Wrong> {
        de::Deserializer::deserialize_struct(self, "", names, visitor)
    }
}

/// Why a value could not be made up.
#[derive(Debug)]
pub struct Wrong(String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: fmt::Display>(why: T) -> Wrong {
        Wrong(why.to_string())
    }
}
