//! Where a course comes from: the binary itself, or a folder.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::fault::{CourseError, FileFault};
use super::place::Place;

static LESSONS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/lessons");
static LABS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/labs");
static COMPOSE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/compose");

/// The folders of a content root; nothing else in it is read.
const FOLDERS: [&str; 3] = ["lessons", "labs", "compose"];

/// Where a course is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The course in the binary.
    Embedded,
    /// A folder with `lessons/`, `labs/` and `compose/`.
    Dir(PathBuf),
}

/// The files of a course by their path below the content root, with `/` between folders.
#[derive(Debug, Default)]
pub(super) struct Files {
    root: PathBuf,
    files: BTreeMap<String, Cow<'static, [u8]>>,
}

impl Source {
    pub(super) fn files(&self) -> Result<Files, Vec<CourseError>> {
        match self {
            Self::Embedded => Ok(embedded()),
            Self::Dir(root) => read_folder(root),
        }
    }
}

impl Files {
    /// The file at `path`.
    pub(super) fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(AsRef::as_ref)
    }

    /// The files below the folder `prefix`, which ends in `/`, in the order of their names; each
    /// with its path below it.
    pub(super) fn below<'a>(
        &'a self,
        prefix: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.files
            .range(prefix.to_owned()..)
            .map_while(move |(path, bytes)| Some((path.strip_prefix(prefix)?, bytes.as_ref())))
    }

    /// How `path` is named to the author.
    pub(super) fn place(&self, path: &str) -> Place {
        Place::file(self.root.join(path))
    }

    #[cfg(test)]
    pub(super) fn of<'a>(files: impl IntoIterator<Item = (&'a str, Cow<'static, [u8]>)>) -> Self {
        let files = files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes)).collect();
        Self { root: PathBuf::new(), files }
    }
}

/// What editors, file managers and version control leave behind.
pub(super) fn is_litter(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, ".DS_Store" | ".gitkeep") || name.ends_with(['~', '#'])
}

/// A path below a folder, as the platform writes it.
pub(super) fn relative(path: &str) -> PathBuf {
    path.split('/').collect()
}

fn embedded() -> Files {
    let mut files = BTreeMap::new();
    for (name, dir) in FOLDERS.into_iter().zip([&LESSONS, &LABS, &COMPOSE]) {
        embed(name, dir, &mut files);
    }
    Files { root: PathBuf::new(), files }
}

fn embed(
    folder: &str,
    dir: &'static Dir<'static>,
    files: &mut BTreeMap<String, Cow<'static, [u8]>>,
) {
    for file in dir.files() {
        if let Some(path) = file.path().to_str() {
            files.insert(format!("{folder}/{path}"), Cow::Borrowed(file.contents()));
        }
    }
    for below in dir.dirs() {
        embed(folder, below, files);
    }
}

/// Reads the three folders whole. A folder that is not there is an empty one: what is missing in
/// it is told file by file.
fn read_folder(root: &Path) -> Result<Files, Vec<CourseError>> {
    let mut walk = Walk { files: BTreeMap::new(), errors: Vec::new() };
    match fs::read_dir(root) {
        Ok(_) => {
            for folder in FOLDERS {
                walk.folder(&root.join(folder), folder);
            }
        }
        Err(error) => walk.unreadable(root, &error),
    }
    if walk.errors.is_empty() {
        Ok(Files { root: root.to_owned(), files: walk.files })
    } else {
        Err(walk.errors)
    }
}

struct Walk {
    files: BTreeMap<String, Cow<'static, [u8]>>,
    errors: Vec<CourseError>,
}

impl Walk {
    fn folder(&mut self, folder: &Path, name: &str) {
        let entries = match fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => return self.unreadable(folder, &error),
        };
        for entry in entries {
            let path = entry.path();
            let below = format!("{name}/{}", entry.file_name().to_string_lossy());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.folder(&path, &below),
                Ok(kind) if kind.is_file() => self.file(&path, below),
                Ok(_) => self.errors.push(CourseError::new(Place::file(path), FileFault::Link)),
                Err(error) => self.unreadable(&path, &error),
            }
        }
    }

    fn file(&mut self, path: &Path, below: String) {
        match fs::read(path) {
            Ok(bytes) => {
                self.files.insert(below, Cow::Owned(bytes));
            }
            Err(error) => self.unreadable(path, &error),
        }
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        let fault = FileFault::Unreadable { cause: error.to_string() };
        self.errors.push(CourseError::new(Place::file(path), fault));
    }
}
