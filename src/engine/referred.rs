//! Files of the host that a compose file refers to and that say how a node is set up: configs,
//! files of variables, and a `server.properties` that is mounted where the image looks for one.
//!
//! Reading a compose file is pure; this is where it meets the disk. A cluster goes by the content
//! that it was brought up with: [`keep`] writes it down beside the kept compose file, and [`fill`]
//! takes what is kept before what a learner has edited meanwhile.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::compose::kafka_env::MOUNTED_PROPERTIES;
use super::compose::{ComposeError, ComposeFile, Fault, Service, Source, Spanned, add_env_files};
use super::files::write_aside;
use crate::problem::Problem;

/// Reads what `file`, which lies in `folder`, refers to, and completes it by that.
///
/// # Errors
/// A [`ComposeError`] where a file is named that cannot be read, or is none of variables.
pub fn fill(
    file: &mut ComposeFile,
    folder: &Path,
    variables: &BTreeMap<String, String>,
) -> Result<(), ComposeError> {
    let reader = Reader { folder, name: Arc::clone(&file.file) };
    for config in &mut file.configs {
        let Some(path) = &config.file else { continue };
        config.content = Some(reader.text(&config.key, path)?);
    }
    let contents: BTreeMap<String, String> = file
        .configs
        .iter()
        .filter_map(|config| Some((config.key.clone(), config.content.clone()?)))
        .collect();
    for service in &mut file.services {
        let texts = reader.env_files(service)?;
        add_env_files(service, &texts, variables)?;
        service.mounted_properties = match of_config(service, &contents) {
            Some(content) => Some(content),
            None => reader.mounted(service)?,
        };
    }
    Ok(())
}

/// Writes the content of every file that was read below `folder`.
pub fn keep(file: &ComposeFile, from: &Path, folder: &Path) -> Result<(), Problem> {
    let reader = Reader { folder: from, name: Arc::clone(&file.file) };
    let write = |key: &str, content: &str| {
        let path = kept(folder, key);
        write_aside(&path, content.as_bytes()).map_err(|e| Problem::file(&path, &e))
    };
    for config in &file.configs {
        if let (Some(_), Some(content)) = (&config.file, &config.content) {
            write(&config.key, content)?;
        }
    }
    for service in &file.services {
        for (index, text) in reader.env_files(service)?.into_iter().enumerate() {
            if let Some(text) = text {
                write(&env_key(service, index), &text)?;
            }
        }
        if let Some(properties) = reader.mounted(service)? {
            write(&properties_key(service), &properties.value)?;
        }
    }
    Ok(())
}

/// The content of a config that is mounted where the image looks for its properties.
fn of_config(service: &Service, contents: &BTreeMap<String, String>) -> Option<Spanned<String>> {
    let mount = service.configs.iter().find(|mount| mount.target == MOUNTED_PROPERTIES)?;
    let value = contents.get(&mount.config)?.clone();
    Some(Spanned { value, position: mount.position })
}

struct Reader<'f> {
    folder: &'f Path,
    /// How errors call the compose file.
    name: Arc<str>,
}

impl Reader<'_> {
    /// The text of a file that has to be there.
    fn text(&self, key: &str, path: &Spanned<String>) -> Result<String, ComposeError> {
        self.read(key, Path::new(&path.value)).map_err(|e| self.fault(path, &e))
    }

    fn env_files(&self, service: &Service) -> Result<Vec<Option<String>>, ComposeError> {
        let files = service.env_files.iter().enumerate();
        files
            .map(|(index, file)| {
                match self.read(&env_key(service, index), Path::new(&file.path.value)) {
                    Ok(text) => Ok(Some(text)),
                    Err(e) if e.kind() == io::ErrorKind::NotFound && !file.required => Ok(None),
                    Err(e) => Err(self.fault(&file.path, &e)),
                }
            })
            .collect()
    }

    /// The `server.properties` that a path of the host puts where the image looks for it.
    fn mounted(&self, service: &Service) -> Result<Option<Spanned<String>>, ComposeError> {
        let places = service.volumes.iter().filter_map(|mount| {
            let Source::Bind(path) = &mount.source else { return None };
            let rest = Path::new(MOUNTED_PROPERTIES).strip_prefix(&mount.target).ok()?;
            Some((mount, path, rest))
        });
        // The innermost mount hides the others.
        let inner = places.max_by_key(|(mount, ..)| mount.target.trim_end_matches('/').len());
        let Some((mount, path, rest)) = inner else { return Ok(None) };
        let place: PathBuf = Path::new(path).components().chain(rest.components()).collect();
        match self.read(&properties_key(service), &place) {
            Ok(value) => Ok(Some(Spanned { value, position: mount.position })),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => {
                let path = Spanned { value: path.clone(), position: mount.position };
                Err(self.fault(&path, &e))
            }
        }
    }

    fn read(&self, key: &str, path: &Path) -> io::Result<String> {
        fs::read_to_string(kept(self.folder, key))
            .or_else(|_| fs::read_to_string(self.folder.join(path)))
    }

    fn fault(&self, path: &Spanned<String>, cause: &io::Error) -> ComposeError {
        ComposeError {
            file: Arc::clone(&self.name),
            position: path.position,
            fault: Box::new(Fault::UnreadableFile {
                path: path.value.clone(),
                cause: cause.to_string(),
            }),
        }
    }
}

/// Where the content of a file of the host is kept. A config's key has no `:`.
fn kept(folder: &Path, key: &str) -> PathBuf {
    folder.join("kept-configs").join(key)
}

fn env_key(service: &Service, index: usize) -> String {
    format!("{}:env:{index}", service.name)
}

fn properties_key(service: &Service) -> String {
    format!("{}:server.properties", service.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::compose;
    use crate::engine::compose::server_properties;

    const TEXT: &str = "\
services:
  kafka:
    image: i
    env_file: [one.env, {path: none.env, required: false}]
    environment: {KAFKA_B: own}
    volumes: ['./conf:/mnt/shared/config']
";

    fn read(folder: &Path, text: &str) -> Result<ComposeFile, ComposeError> {
        let mut file = compose::parse("f.yaml", text, &BTreeMap::new())?;
        fill(&mut file, folder, &BTreeMap::new())?;
        Ok(file)
    }

    fn settings(file: &ComposeFile) -> Vec<String> {
        let properties = server_properties(&file.services[0]).unwrap();
        properties.iter().map(|(name, value)| format!("{name}={value}")).collect()
    }

    #[test]
    fn variables_go_before_their_files_and_both_before_the_mounted_properties() {
        let folder = tempfile::tempdir().unwrap();
        let (here, kept) = (folder.path().join("here"), folder.path().join("kept"));
        fs::create_dir_all(here.join("conf")).unwrap();
        fs::create_dir(&kept).unwrap();
        let error = read(&here, TEXT).unwrap_err().to_string();
        assert!(error.starts_with("f.yaml:4:16: `one.env` cannot be read"), "{error}");
        fs::write(here.join("one.env"), "KAFKA_A=file\nKAFKA_B=file\n").unwrap();
        assert_eq!(settings(&read(&here, TEXT).unwrap()), ["b=own", "a=file"]);
        fs::write(here.join("conf/server.properties"), "c=mounted\na=mounted\n").unwrap();
        let file = read(&here, TEXT).unwrap();
        assert_eq!(settings(&file), ["c=mounted", "a=file", "b=own"]);
        keep(&file, &here, &kept).unwrap();
        fs::remove_dir_all(&here).unwrap();
        assert_eq!(read(&kept, TEXT).unwrap(), file);
    }

    #[test]
    fn a_config_may_be_the_properties() {
        let folder = tempfile::tempdir().unwrap();
        let text = "services: {s: {image: i, configs: [{source: c, \
                    target: /mnt/shared/config/server.properties}]}}\n\
                    configs: {c: {content: 'node.id=7'}}\n";
        let file = read(folder.path(), text).unwrap();
        assert_eq!(settings(&file), ["node.id=7"]);
    }

    #[test]
    fn the_innermost_mount_holds_and_one_without_the_file_is_none() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("outer/config")).unwrap();
        fs::write(folder.path().join("outer/config/server.properties"), "a=outer").unwrap();
        fs::write(folder.path().join("inner"), "a=inner").unwrap();
        let text = |volumes: &str| format!("services: {{s: {{image: i, volumes: [{volumes}]}}}}");
        for (volumes, expected) in [
            ("'./outer:/mnt/shared'", vec!["a=outer"]),
            ("'./outer/config:/mnt/shared/config/'", vec!["a=outer"]),
            (
                "'./inner:/mnt/shared/config/server.properties', './outer:/mnt/shared'",
                vec!["a=inner"],
            ),
            ("'./missing:/mnt/shared/config'", vec![]),
            ("'./outer:/mnt/other'", vec![]),
        ] {
            let file = read(folder.path(), &text(volumes)).unwrap();
            assert_eq!(settings(&file), expected, "{volumes}");
        }
    }
}
