//! Ends nodes, and waits until nothing of them is left: no process and no port.

use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;
use tokio::time::Instant;

use super::launch;
use super::layout::{CLIENT_PORT_ADDRESS, Program, node_folder};
use super::process::ProcessId;
use super::text;
use crate::engine::compose::parse_listeners;
use crate::engine::compose::properties::Properties;
use crate::engine::ports::is_free_at;
use crate::engine::zookeeper_service::CLIENT_PORT;
use crate::problem::Problem;

/// How long a killed process may take to disappear.
const KILL_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the ports of a process that is gone may stay taken: seen once in some sixty kills on a
/// busy machine, where the kernel closes the sockets behind the process.
const PORTS_TIMEOUT: Duration = Duration::from_secs(3);

/// How often ports are tried.
const INTERVAL: Duration = Duration::from_millis(5);

/// Kills what runs of the environment below `folder`, also what a start that was cut off has left.
pub(super) async fn kill_all(folder: &Path) -> Result<(), Problem> {
    for node in fs::read_dir(folder.join("nodes")).into_iter().flatten().flatten() {
        let name = node.file_name().to_string_lossy().into_owned();
        let processes = match ProcessId::load(&launch::process_file(folder, &name)) {
            Some(process) => vec![process],
            None => ProcessId::find(&launch::marker(folder, &name)),
        };
        for process in &processes {
            kill(process, folder, &name).await?;
        }
    }
    Ok(())
}

/// Kills nodes below `environments` of which nothing is written down any more, because somebody has
/// removed their folder; says whether there were any.
pub(super) async fn kill_strays(environments: &Path) -> Result<bool, Problem> {
    let mut strays = nodes_below(environments);
    strays.retain(|process| !Path::new(process.marker()).exists());
    for process in &strays {
        let folder = process.marker().trim_end_matches(launch::MARKER_END);
        let name = folder.rsplit('/').next().unwrap_or(folder);
        process.signal(Signal::KILL).map_err(|e| text::not_signalled(name, &e))?;
        if !process.gone(KILL_TIMEOUT).await {
            return Err(text::will_not_end(name, process.pid));
        }
    }
    Ok(!strays.is_empty())
}

/// Nodes that run with a configuration below `folder`, whatever is written down of them.
pub(super) fn nodes_below(folder: &Path) -> Vec<ProcessId> {
    let begin = format!("{}/", folder.display());
    // Whoever looks at the file in an editor is no node.
    ProcessId::find_by(|arguments| match arguments {
        [.., class, file, ""] if Program::has_class(class) => {
            let is_ours = file.starts_with(&begin) && file.ends_with(launch::MARKER_END);
            is_ours.then_some(*file)
        }
        _ => None,
    })
}

/// Kills a node.
pub(super) async fn kill(process: &ProcessId, folder: &Path, node: &str) -> Result<(), Problem> {
    process.signal(Signal::KILL).map_err(|e| text::not_signalled(node, &e))?;
    if !process.gone(KILL_TIMEOUT).await {
        return Err(text::will_not_end(node, process.pid));
    }
    ports_free(folder, node).await;
    Ok(())
}

/// Ends a node cleanly, and kills it where it takes longer than `grace`.
pub(super) async fn stop(
    process: &ProcessId,
    folder: &Path,
    node: &str,
    grace: Duration,
) -> Result<(), Problem> {
    // A paused process would take the signal only when it goes on.
    process.signal(Signal::CONT).map_err(|e| text::not_signalled(node, &e))?;
    process.signal(Signal::TERM).map_err(|e| text::not_signalled(node, &e))?;
    if !process.gone(grace).await {
        return kill(process, folder, node).await;
    }
    ports_free(folder, node).await;
    Ok(())
}

/// Waits until a node that has ended holds no port any more. A port that stays taken is somebody
/// else's by then: the next start says so.
async fn ports_free(folder: &Path, node: &str) {
    let binds = binds_of(folder, node);
    become_free(&binds).await;
}

/// Waits until nobody holds these ports any more, or until somebody else is known to.
pub(super) async fn become_free(binds: &[(Ipv4Addr, u16)]) {
    let deadline = Instant::now() + PORTS_TIMEOUT;
    while !binds.iter().all(|(address, port)| is_free_at(*address, *port))
        && Instant::now() < deadline
    {
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Addresses and ports that a node's written configuration binds.
fn binds_of(folder: &Path, node: &str) -> Vec<(Ipv4Addr, u16)> {
    let file = node_folder(folder, node).join("server.properties");
    let text = fs::read_to_string(file).unwrap_or_default();
    let properties = Properties::parse(&text).unwrap_or_default();
    let listeners = properties.get("listeners").and_then(|l| parse_listeners(l).ok());
    let listeners = listeners.iter().flatten();
    let address = properties.get(CLIENT_PORT_ADDRESS).and_then(|a| a.parse().ok());
    let port = properties.get(CLIENT_PORT).and_then(|p| p.trim().parse().ok());
    listeners
        .filter_map(|l| Some((l.host.parse().ok()?, l.port)))
        .chain(address.zip(port))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn the_ports_to_wait_for_are_those_of_the_written_configuration() {
        let folder = tempfile::tempdir().unwrap();
        let at = node_folder(folder.path(), "kafka");
        fs::create_dir_all(&at).unwrap();
        assert_eq!(binds_of(folder.path(), "kafka"), []);
        let text = "listeners=A\\://127.7.0.2\\:29092,B\\://127.0.0.1\\:9092\n";
        fs::write(at.join("server.properties"), text).unwrap();
        let expected = [(Ipv4Addr::new(127, 7, 0, 2), 29092), (Ipv4Addr::LOCALHOST, 9092)];
        assert_eq!(binds_of(folder.path(), "kafka"), expected);
        fs::write(at.join("server.properties"), "clientPort=9095\nclientPortAddress=127.7.0.3\n")
            .unwrap();
        assert_eq!(binds_of(folder.path(), "kafka"), [(Ipv4Addr::new(127, 7, 0, 3), 9095)]);
    }

    #[tokio::test]
    async fn a_port_that_is_let_go_of_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let at = node_folder(folder.path(), "kafka");
        fs::create_dir_all(&at).unwrap();
        let held = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = held.local_addr().unwrap().port();
        fs::write(at.join("server.properties"), format!("listeners=A://127.0.0.1:{port}\n"))
            .unwrap();
        let waiting = tokio::spawn({
            let folder = folder.path().to_owned();
            async move { ports_free(&folder, "kafka").await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(held);
        waiting.await.unwrap();
        assert!(is_free_at(Ipv4Addr::LOCALHOST, port));
    }
}
