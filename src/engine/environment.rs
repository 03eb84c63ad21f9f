//! An environment to be brought up: a compose file and the values of its variables.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::cluster::Cluster;
use super::compose::{self, ComposeError, ComposeFile};
use super::files::write_aside;
use super::referred;
use crate::phrase;
use crate::problem::Problem;

/// Variable of the file that takes the cluster id.
pub const CLUSTER_ID: &str = "KAFKA_CLUSTER_ID";

/// Variable of the file that takes the id of its only broker.
pub const BROKER_ID: &str = "KAFKA_BROKER_ID";

/// The file's name in the environment's folder.
pub const KEPT: &str = "compose.yaml";

/// A cluster layout with everything filled in that its file leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// The file name in `compose/` without its ending.
    pub name: String,
    /// How errors name the file: `compose/kraft-single.yaml`.
    pub file_name: String,
    /// The file's text.
    pub text: String,
    /// Where the file lies: paths of the host in it begin here.
    pub folder: PathBuf,
    /// Values of the variables in the text.
    pub variables: BTreeMap<String, String>,
}

impl Environment {
    /// Keeps the file in the environment's folder: a node that is started again, or a tool that is
    /// run, goes by the file that the cluster was brought up with.
    pub fn keep(&self, folder: &Path) -> Result<(), Problem> {
        referred::keep(&self.read()?, &self.folder, folder)?;
        let path = folder.join(KEPT);
        write_aside(&path, self.text.as_bytes()).map_err(|e| Problem::file(&path, &e))
    }

    /// The environment that `cluster` was brought up with, from its folder.
    pub fn kept(folder: &Path, cluster: &Cluster) -> Result<Self, Problem> {
        let path = folder.join(KEPT);
        let text = fs::read_to_string(&path).map_err(|e| Problem::file(&path, &e))?;
        Ok(Self {
            name: cluster.environment.clone(),
            file_name: path.display().to_string(),
            text,
            folder: folder.to_owned(),
            variables: cluster.variables.clone(),
        })
    }

    /// The file, read with its variables filled in, and with what it takes from paths of the host.
    pub fn read(&self) -> Result<ComposeFile, ComposeError> {
        let mut file = compose::parse(&self.file_name, &self.text, &self.variables)?;
        referred::fill(&mut file, &self.folder, &self.variables)?;
        Ok(file)
    }
}

/// Variables with a default that a compose file refers to: `${KAFKA_PORT:-9092}`, as name and
/// default. A look at its text, so that ports can be chosen before it is read.
pub fn variables_in(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split("${").skip(1).filter_map(|piece| piece.split_once('}')?.0.split_once(":-"))
}

/// Images that this machine names for the variables of a compose file: `KAFKA_IMAGE`.
pub fn images_named_for(text: &str) -> BTreeMap<String, String> {
    variables_in(text)
        .filter(|(name, _)| name.ends_with("_IMAGE"))
        .filter_map(|(name, _)| Some((name.to_owned(), std::env::var(name).ok()?)))
        .filter(|(_, image)| !image.is_empty())
        .collect()
}

/// Names of all variables that a compose file refers to, in braces or bare, with a default or
/// without, also within another one's default. `$${NAME}` and `$$NAME` are no references.
pub fn names_in(text: &str) -> Vec<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let name = |piece: &str| piece.chars().take_while(|c| is_name(*c)).collect::<String>();
    let text = text.replace("$$", "");
    let pieces = text.split('$').skip(1).map(|piece| piece.strip_prefix('{').unwrap_or(piece));
    pieces.map(name).filter(|name| !name.is_empty()).collect()
}

/// A cluster id: 16 random bytes in URL-safe base64 without padding, as `kafka-storage random-uuid`
/// makes them, never beginning with a dash that a command line would take for an option.
pub fn random_cluster_id() -> Result<String, Problem> {
    loop {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes).map_err(|e| no_randomness(&e))?;
        let id = URL_SAFE_NO_PAD.encode(bytes);
        if !id.starts_with('-') {
            return Ok(id);
        }
    }
}

/// A broker id that nobody guesses: 101 to 999.
pub fn random_broker_id() -> Result<u32, Problem> {
    let mut bytes = [0_u8; 4];
    getrandom::fill(&mut bytes).map_err(|e| no_randomness(&e))?;
    Ok(101 + u32::from_ne_bytes(bytes) % 899)
}

/// The operating system gives no random bytes.
pub fn no_randomness(e: &getrandom::Error) -> Problem {
    Problem::new(
        "no-randomness",
        phrase!("the operating system gives no random bytes: {e}", "操作系统没有提供随机数：{e}"),
        phrase!("see that /dev/urandom can be read", "确认 /dev/urandom 可读"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_config_that_is_a_file_stays_as_it_was_when_the_cluster_was_brought_up() {
        let folder = tempfile::tempdir().unwrap();
        let (here, kept) = (folder.path().join("here"), folder.path().join("kept"));
        fs::create_dir(&here).unwrap();
        fs::create_dir(&kept).unwrap();
        let mut environment = Environment {
            name: "e".to_owned(),
            file_name: "e.yaml".to_owned(),
            text: "services: {s: {image: i}}\nconfigs: {c: {file: c.cfg}}\n".to_owned(),
            folder: here.clone(),
            variables: BTreeMap::new(),
        };
        let error = environment.read().unwrap_err();
        assert!(error.to_string().starts_with("e.yaml:2:21: `c.cfg` cannot be read"), "{error}");
        fs::write(here.join("c.cfg"), "one").unwrap();
        environment.keep(&kept).unwrap();
        fs::write(here.join("c.cfg"), "two").unwrap();
        let content = |e: &Environment| e.read().unwrap().configs[0].content.clone().unwrap();
        assert_eq!(content(&environment), "two");
        environment.folder = kept;
        assert_eq!(content(&environment), "one");
    }

    #[test]
    fn a_broker_id_has_three_digits_and_is_hardly_ever_drawn_twice() {
        let ids: Vec<u32> = (0..50).map(|_| random_broker_id().unwrap()).collect();
        assert!(ids.iter().all(|id| (101..=999).contains(id)), "{ids:?}");
        assert!(ids.iter().any(|id| *id != ids[0]));
    }

    #[test]
    fn every_name_is_found_whatever_stands_behind_it() {
        let text = "a: ${A:-1}\nb: ${B-2} ${C:+${D:-${E?none}}} $${F} $$${G} $H:$I $$J ${} ${";
        assert_eq!(names_in(text), ["A", "B", "C", "D", "E", "G", "H", "I"]);
    }
}
