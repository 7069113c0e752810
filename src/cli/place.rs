//! Which shop file, and opening it: the one way every subcommand comes to a shop.

use super::Trouble;
use super::progress::Bar;
use crate::engine::{Seams, Shop};
use std::path::{Path, PathBuf};

/// Where the shop is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    given: Option<PathBuf>,
}

impl Place {
    pub fn of(given: Option<PathBuf>) -> Place {
        Place { given }
    }

    /// The path named, or the default one.
    pub fn path(&self) -> Result<PathBuf, Trouble> {
        if let Some(path) = &self.given {
            return Ok(path.clone());
        }
        let folders = directories::ProjectDirs::from("", "", "till").ok_or_else(|| {
            Trouble::Failed("there is no home folder to keep a shop in; name a file with --shop".to_owned())
        })?;
        Ok(folders.data_dir().join("shop.redb"))
    }

    /// Opens the shop; mending after an unclean end shows a bar.
    pub fn open(&self) -> Result<Shop, Trouble> {
        open(&self.path()?)
    }

    /// Does `work` on the shop and closes it cleanly afterwards, whatever came of it.
    pub fn with<T>(&self, work: impl FnOnce(&Shop) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let shop = self.open()?;
        let done = work(&shop);
        let closed = shop.close();
        let done = done?;
        closed?;
        Ok(done)
    }
}

/// Opens the shop at `path`.
pub(super) fn open(path: &Path) -> Result<Shop, Trouble> {
    let bar = Bar::new("mending after an unclean end", 1_000);
    let shop = Shop::open(path, Seams::system(), move |done| bar.to((done * 1_000.0) as u64))?;
    Ok(shop)
}
