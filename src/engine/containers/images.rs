//! The images that an environment needs.

use std::collections::BTreeSet;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};

use super::docker::Docker;
use super::error::DockerError;
use super::text;
use crate::engine::cancelled;
use crate::engine::compose::ComposeFile;
use crate::engine::report::{Report, Step, Unit, called_off};
use crate::problem::Problem;

/// Sees that every image of a file is here, and fetches what is not.
pub(super) async fn provide(
    docker: &Docker,
    file: &ComposeFile,
    report: &dyn Report,
) -> Result<(), Problem> {
    for image in missing(docker, file).await? {
        fetch(docker, &image, report).await?;
    }
    Ok(())
}

/// The images of a file that are not here.
pub(super) async fn missing(
    docker: &Docker,
    file: &ComposeFile,
) -> Result<Vec<String>, DockerError> {
    let images: BTreeSet<&str> = file.services.iter().map(|s| s.image.value.as_str()).collect();
    let mut missing = Vec::new();
    for image in images {
        if !is_here(docker, image).await? {
            missing.push(image.to_owned());
        }
    }
    Ok(missing)
}

async fn is_here(docker: &Docker, image: &str) -> Result<bool, DockerError> {
    match docker.ask(&["image", "inspect", "--format", "{{.Id}}", "--", image]).await {
        Ok(_) => Ok(true),
        Err(DockerError::Refused { .. }) => Ok(false),
        Err(e) => Err(e),
    }
}

async fn fetch(docker: &Docker, image: &str, report: &dyn Report) -> Result<(), Problem> {
    let mut command = Command::from(docker.command(&["pull", "--", image]));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.kill_on_drop(true).process_group(0);
    let child = command.spawn().map_err(DockerError::not_run)?;
    tokio::select! {
        done = follow(child, image, report) => done,
        () = called_off(report) => Err(cancelled()),
    }
}

async fn follow(mut child: Child, image: &str, report: &dyn Report) -> Result<(), Problem> {
    report.step(&Step::new(text::fetching(image)));
    // Both at once: docker would wait for whoever does not read the other.
    let (output, errors) = (child.stdout.take(), child.stderr.take());
    let ((), words) = tokio::join!(count_layers(output, image, report), words_in(errors));
    let status = child.wait().await.map_err(DockerError::not_run)?;
    if status.success() {
        return Ok(());
    }
    Err(match DockerError::said(&words) {
        e if e.is_out_of_reach() && words.contains("daemon") => e,
        e => DockerError::NoImage { image: image.to_owned(), words: e.into_words() },
    }
    .into())
}

async fn count_layers(output: Option<ChildStdout>, image: &str, report: &dyn Report) {
    let Some(output) = output else { return };
    let mut layers = Layers::default();
    let mut lines = BufReader::new(output).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        if layers.take(&String::from_utf8_lossy(&line)) {
            let step = Step::new(text::fetching(image));
            report.step(&step.amount(layers.done, Some(layers.all), Unit::Files));
        }
    }
}

async fn words_in(errors: Option<ChildStderr>) -> String {
    let mut words = Vec::new();
    if let Some(mut errors) = errors {
        // What could be read says more than nothing.
        let _ = errors.read_to_end(&mut words).await;
    }
    String::from_utf8_lossy(&words).into_owned()
}

/// How many layers of an image are there, from the lines of `docker pull`.
#[derive(Debug, Default, PartialEq, Eq)]
struct Layers {
    done: u64,
    all: u64,
}

impl Layers {
    /// Whether the line says anything new.
    fn take(&mut self, line: &str) -> bool {
        if line.ends_with(": Pulling fs layer") || line.ends_with(": Already exists") {
            self.all += 1;
        }
        let done = line.ends_with(": Pull complete") || line.ends_with(": Already exists");
        self.done += u64::from(done);
        done
    }
}

/// The version of Kafka in an image, by its tag: `4.3.1` of `apache/kafka:4.3.1`; the image's whole
/// name where it has no tag.
pub(super) fn version_of(image: &str) -> String {
    let name = image.split('@').next().unwrap_or(image);
    let tag = name.rsplit_once(':').map(|(_, tag)| tag).filter(|tag| !tag.contains('/'));
    tag.unwrap_or(image).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_tag_and_a_registrys_port_is_none() {
        assert_eq!(version_of("apache/kafka:4.3.1"), "4.3.1");
        assert_eq!(version_of("registry:5000/kafka:3.9.2@sha256:00"), "3.9.2");
        assert_eq!(version_of("registry:5000/kafka"), "registry:5000/kafka");
    }

    #[test]
    fn layers_are_counted_as_docker_names_them() {
        let mut layers = Layers::default();
        for line in [
            "4.3.1: Pulling from apache/kafka",
            "aa: Pulling fs layer",
            "bb: Already exists",
            "aa: Verifying Checksum",
            "aa: Pull complete",
        ] {
            layers.take(line);
        }
        assert_eq!(layers, Layers { done: 2, all: 2 });
    }
}
