//! Removes what bears given labels, and nothing else.

use std::slice;

use super::docker::Docker;
use super::error::DockerError;
use super::turn::Turn;

/// Kills and removes every container, then every network and volume, that `filters` let through.
pub(super) async fn remove(
    docker: &Docker,
    filters: &[String],
    turn: &Turn,
) -> Result<(), DockerError> {
    let list = |words: &'static [&'static str]| async move {
        let words: Vec<&str> =
            words.iter().copied().chain(filters.iter().map(String::as_str)).collect();
        let listed = docker.ask(&words).await?;
        Ok::<Vec<String>, DockerError>(listed.lines().map(str::to_owned).collect())
    };
    let (containers, networks, volumes) = tokio::try_join!(
        list(&["ps", "--all", "--quiet", "--no-trunc"]),
        list(&["network", "ls", "--quiet", "--no-trunc"]),
        list(&["volume", "ls", "--quiet"]),
    )?;
    // With --volumes go the nameless ones that an image asks for.
    discard(docker, &["rm", "--force", "--volumes"], &containers, turn).await?;
    tokio::try_join!(
        discard(docker, &["network", "rm", "--force"], &networks, turn),
        discard(docker, &["volume", "rm", "--force"], &volumes, turn),
    )?;
    Ok(())
}

async fn discard(
    docker: &Docker,
    words: &[&str],
    names: &[String],
    turn: &Turn,
) -> Result<(), DockerError> {
    if names.is_empty() {
        return Ok(());
    }
    match discard_at_once(docker, words, names, turn).await {
        // One went away by itself in the meantime, a tool that ended for instance. What docker says
        // of the others may stand in other lines: each is asked for by itself.
        Err(DockerError::Refused { words: said }) if is_gone(&said) => {
            for name in names {
                match discard_at_once(docker, words, slice::from_ref(name), turn).await {
                    Err(DockerError::Refused { words: said }) if is_gone(&said) => {}
                    done => done?,
                }
            }
            Ok(())
        }
        done => done,
    }
}

async fn discard_at_once(
    docker: &Docker,
    words: &[&str],
    names: &[String],
    turn: &Turn,
) -> Result<(), DockerError> {
    let mut command = docker.command(words);
    command.args(names);
    docker.change(command, turn).await.map(drop)
}

fn is_gone(words: &str) -> bool {
    let words = words.to_ascii_lowercase();
    ["no such", "not found", "already in progress"].iter().any(|part| words.contains(part))
}
