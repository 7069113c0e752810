//! The files of an export: written beside their names, given them only when all are complete and on the disk.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use crate::exchange::format::{TABLES, Table};

use super::WriteFault;

/// A folder that receives an export. What is unfinished when it is dropped is taken away again.
pub struct Folder {
    dir: PathBuf,
    finished: Vec<(PathBuf, PathBuf)>,
    open: Vec<PathBuf>,
}

impl Folder {
    /// Makes the folder if need be. Errors when it already holds a file of the normal form.
    pub fn create(dir: &Path) -> Result<Folder, WriteFault> {
        if dir.is_file() {
            return Err(WriteFault::Folder(format!("{} is a file; give a folder", dir.display())));
        }
        fs::create_dir_all(dir).map_err(|why| WriteFault::folder(dir, &why))?;
        for table in TABLES {
            let there = dir.join(table.file).symlink_metadata();
            match there {
                Ok(_) => {
                    let what = format!("{} already holds {}; choose an empty folder", dir.display(), table.file);
                    return Err(WriteFault::Folder(what));
                }
                Err(why) if why.kind() == io::ErrorKind::NotFound => {}
                Err(why) => return Err(WriteFault::folder(dir, &why)),
            }
        }
        Ok(Folder { dir: dir.to_path_buf(), finished: Vec::new(), open: Vec::new() })
    }

    /// Begins a file with those of its optional columns.
    pub fn begin(&mut self, table: &'static Table, optional: &[bool]) -> Result<CsvFile, WriteFault> {
        let partial = self.dir.join(format!(".{}.part", table.file));
        self.open.push(partial.clone());
        let file = File::create(&partial).map_err(|why| WriteFault::folder(&partial, &why))?;
        let csv = csv::Writer::from_writer(BufWriter::with_capacity(256 * 1024, file));
        let mut file = CsvFile { table, partial, csv };
        let shown = table.optional.iter().zip(optional).filter(|(_, shown)| **shown).map(|(name, _)| name);
        for name in table.required.iter().chain(shown) {
            file.text(name)?;
        }
        file.end_row()?;
        Ok(file)
    }

    /// Writes a file's last bytes to the disk; it gets its name with the others.
    pub fn finish(&mut self, file: CsvFile) -> Result<(), WriteFault> {
        let CsvFile { table, partial, csv } = file;
        let buffer = csv.into_inner().map_err(|why| WriteFault::folder(&partial, why.error()))?;
        let file = buffer.into_inner().map_err(|why| WriteFault::folder(&partial, why.error()))?;
        file.sync_all().map_err(|why| WriteFault::folder(&partial, &why))?;
        self.finished.push((partial, self.dir.join(table.file)));
        Ok(())
    }

    /// Gives all files their names.
    pub fn publish(mut self) -> Result<(), WriteFault> {
        for (partial, path) in &self.finished {
            fs::rename(partial, path).map_err(|why| WriteFault::folder(path, &why))?;
        }
        self.open.clear();
        let dir = File::open(&self.dir).and_then(|dir| dir.sync_all());
        dir.map_err(|why| WriteFault::folder(&self.dir, &why))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        for partial in &self.open {
            // One that was renamed or never made is not there, which is what is wanted.
            let _ = fs::remove_file(partial);
        }
    }
}

/// One file being written, field by field.
pub struct CsvFile {
    table: &'static Table,
    partial: PathBuf,
    csv: csv::Writer<BufWriter<File>>,
}

impl CsvFile {
    /// A field as it is.
    pub fn text(&mut self, text: impl AsRef<[u8]>) -> Result<(), WriteFault> {
        let Self { csv, partial, .. } = self;
        csv.write_field(text).map_err(|why| WriteFault::folder(partial, &io::Error::from(why)))
    }

    /// A field that may be unknown.
    pub fn known(&mut self, text: Option<impl AsRef<[u8]>>) -> Result<(), WriteFault> {
        match text {
            Some(text) => self.text(text),
            None => self.text(""),
        }
    }

    /// A column that is only there when `shown`.
    pub fn optional(&mut self, shown: bool, text: Option<impl AsRef<[u8]>>) -> Result<(), WriteFault> {
        if shown { self.known(text) } else { Ok(()) }
    }

    /// Ends a record.
    pub fn end_row(&mut self) -> Result<(), WriteFault> {
        let Self { csv, partial, .. } = self;
        csv.write_record(None::<&[u8]>).map_err(|why| WriteFault::folder(partial, &io::Error::from(why)))
    }
}
