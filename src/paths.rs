//! Where the program keeps things.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use sha2::{Digest, Sha256};

use crate::phrase;
use crate::phrase::Phrase;
use crate::printable;
use crate::problem::Problem;

/// The learner's state (progress, attempts, workspaces, running clusters) and the shared cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    home: PathBuf,
    cache: PathBuf,
}

impl Paths {
    /// `KAFKA_WORKBOOK_HOME` and `KAFKA_WORKBOOK_CACHE`, else the platform's directories.
    pub fn from_env() -> Result<Self, Problem> {
        let base = etcetera::choose_base_strategy().ok();
        let home = env::var_os("KAFKA_WORKBOOK_HOME").filter(|v| !v.is_empty()).map(PathBuf::from);
        let cache =
            env::var_os("KAFKA_WORKBOOK_CACHE").filter(|v| !v.is_empty()).map(PathBuf::from);
        let home = home.or_else(|| base.as_ref().map(|b| b.data_dir().join("kafka-workbook")));
        let cache = cache.or_else(|| base.as_ref().map(|b| b.cache_dir().join("kafka-workbook")));
        match (home, cache) {
            (Some(home), Some(cache)) => {
                let paths = Self::at(home, cache);
                paths.usable()
            }
            _ => Err(no_home()),
        }
    }

    /// A class path is separated by colons, a list of log directories by commas: neither may stand
    /// in a path that becomes part of one.
    fn usable(self) -> Result<Self, Problem> {
        let awkward = |path: &&PathBuf| path.to_str().is_none_or(|p| p.contains([':', ',', '\n']));
        let found =
            [&self.home, &self.cache].into_iter().find(awkward).map(|path| awkward_path(path));
        found.map_or(Ok(self), Err)
    }

    /// Given directories; for tests and for the gate, which runs in a home of its own.
    pub fn at(home: impl Into<PathBuf>, cache: impl Into<PathBuf>) -> Self {
        Self { home: one_spelling(home.into()), cache: one_spelling(cache.into()) }
    }

    /// The learner's state.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// What tells this home from others on this machine: 8 hexadecimal digits of the SHA-256 of
    /// its path.
    pub fn home_id(&self) -> String {
        let digest = Sha256::digest(self.home.as_os_str().as_encoded_bytes());
        digest.iter().take(4).fold(String::new(), |id, byte| format!("{id}{byte:02x}"))
    }

    /// What can be fetched or made again, shared between homes.
    pub fn cache(&self) -> &Path {
        &self.cache
    }

    /// The append-only progress log.
    pub fn progress_log(&self) -> PathBuf {
        self.home.join("progress.log")
    }

    /// The language that was chosen last, by its tag.
    pub fn language(&self) -> PathBuf {
        self.home.join("language")
    }

    /// Held by whoever changes the running environment of this home.
    pub fn environment_lock(&self) -> PathBuf {
        self.home.join("environment.lock")
    }

    /// Held by whoever changes the containers of this home, its children included.
    pub fn containers_lock(&self) -> PathBuf {
        self.home.join("containers.lock")
    }

    /// State, configuration, data and logs of one environment.
    pub fn environment(&self, name: &str) -> PathBuf {
        self.home.join("env").join(name)
    }

    /// What the nodes of the last start that failed have printed.
    pub fn failed_start(&self) -> PathBuf {
        self.home.join("failed-start")
    }

    /// The folder of all environments.
    pub fn environments(&self) -> PathBuf {
        self.home.join("env")
    }

    /// The learner's files of all labs.
    pub fn workspaces(&self) -> PathBuf {
        self.home.join("workspaces")
    }

    /// The learner's files of one lab; they stay when the lab is reset.
    pub fn workspace(&self, lab: &str) -> PathBuf {
        self.workspaces().join(lab)
    }

    /// Names of the CLI tools, as links to this program; first on the lab shell's PATH.
    pub fn tools(&self) -> PathBuf {
        self.home.join("bin")
    }
}

/// A path has many spellings (`home/`, `../home`, a link), and the home's id is made of one of
/// them: absolute, links resolved as far as the folders are there.
fn one_spelling(path: PathBuf) -> PathBuf {
    let path = std::path::absolute(&path).unwrap_or(path);
    let there = path.ancestors().find_map(|ancestor| {
        let rest = path.strip_prefix(ancestor).ok()?;
        Some((fs::canonicalize(ancestor).ok()?, rest))
    });
    there.map_or_else(|| path.clone(), |(there, rest)| there.join(rest).components().collect())
}

fn awkward_path(path: &Path) -> Problem {
    let path = printable::line(&path.to_string_lossy());
    Problem::usage(
        "awkward-path",
        phrase!(
            "{path} has a colon, a comma, a line break or bytes that are no text, which Java's lists of paths cannot hold",
            "{path} 含有冒号、逗号、换行或非文本字节，Java 的路径列表放不下"
        ),
        phrase!(
            "choose other folders with KAFKA_WORKBOOK_HOME and KAFKA_WORKBOOK_CACHE",
            "用 KAFKA_WORKBOOK_HOME 和 KAFKA_WORKBOOK_CACHE 换成别的目录"
        ),
    )
}

fn no_home() -> Problem {
    Problem::new(
        "no-home",
        phrase!("this machine names no home directory", "找不到这台机器的主目录"),
        Phrase::new(
            "set KAFKA_WORKBOOK_HOME and KAFKA_WORKBOOK_CACHE",
            "请设置 KAFKA_WORKBOOK_HOME 和 KAFKA_WORKBOOK_CACHE",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_is_the_same_home_however_its_path_is_spelled() {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path();
        let id = |path: PathBuf| Paths::at(path, "/cache").home_id();
        let before = id(base.join("home"));
        fs::create_dir_all(base.join("home")).unwrap();
        std::os::unix::fs::symlink(base.join("home"), base.join("link")).unwrap();
        for spelling in ["home", "home/", "./home", "home/../home", "link", "link/"] {
            assert_eq!(id(base.join(spelling)), before, "{spelling}");
        }
        assert_ne!(id(base.join("other")), before);
    }
}
