//! Nodes as containers: what they do, and what is to be done to them.

use super::docker::Docker;
use super::error::DockerError;
use super::project::Project;
use crate::engine::cluster::{ClusterNode, NodeAction, NodeState, NodeStatus};

/// The container of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Container {
    /// The service's name.
    pub node: String,
    /// The container's name.
    pub name: String,
    /// What it does.
    pub state: NodeState,
}

const FORMAT: &str = "{{.Label \"com.docker.compose.service\"}}\t{{.Names}}\t{{.State}}";

/// The containers of a project's services; tools that run beside them are none.
pub(super) async fn list(
    docker: &Docker,
    project: &Project,
) -> Result<Vec<Container>, DockerError> {
    Ok(read(&docker.ask(&words(project)).await?))
}

fn words(project: &Project) -> Vec<String> {
    let ps = ["ps", "--all", "--format", FORMAT, "--filter", "label=com.docker.compose.service"];
    ps.map(str::to_owned).into_iter().chain(project.filters()).collect()
}

fn read(text: &str) -> Vec<Container> {
    let container = |line: &str| {
        let mut fields = line.split('\t').map(str::to_owned);
        let (node, name, state) = (fields.next()?, fields.next()?, fields.next()?);
        Some(Container { node, name, state: state_of(&state) })
    };
    text.lines().filter_map(container).collect()
}

/// States of the Docker Engine API: created, running, paused, restarting, removing, exited, dead.
fn state_of(word: &str) -> NodeState {
    match word {
        "running" => NodeState::Running,
        "paused" => NodeState::Paused,
        _ => NodeState::Stopped,
    }
}

/// A node's status, given the containers that there are.
pub(super) fn status_of(node: &ClusterNode, containers: &[Container]) -> NodeStatus {
    let container = containers.iter().find(|container| container.node == node.name);
    NodeStatus {
        node: node.clone(),
        state: container.map_or(NodeState::Stopped, |container| container.state),
        pid: None,
        container: container.map(|container| container.name.clone()),
    }
}

/// The `docker` commands that do an action to a container; `None` where the node is to be brought
/// up by Compose.
pub(super) fn steps(container: Option<&Container>, action: NodeAction) -> Option<Vec<[String; 2]>> {
    let state = container.map_or(NodeState::Stopped, |container| container.state);
    let verbs: &[&str] = match (action, state) {
        (NodeAction::Start, NodeState::Stopped) => return None,
        (NodeAction::Start | NodeAction::Resume, NodeState::Paused) => &["unpause"],
        (NodeAction::Pause, NodeState::Running) => &["pause"],
        (NodeAction::Stop, NodeState::Running) => &["stop"],
        (NodeAction::Stop, NodeState::Paused) => &["unpause", "stop"],
        (NodeAction::Kill, NodeState::Running | NodeState::Paused) => &["kill"],
        _ => &[],
    };
    let name = container.map(|container| container.name.clone()).unwrap_or_default();
    Some(verbs.iter().map(|verb| [(*verb).to_owned(), name.clone()]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(state: NodeState) -> Container {
        Container { node: "kafka".to_owned(), name: "p-kafka-1".to_owned(), state }
    }

    fn verbs(state: Option<NodeState>, action: NodeAction) -> Option<Vec<String>> {
        let container = state.map(container);
        let steps = steps(container.as_ref(), action)?;
        Some(steps.into_iter().map(|[verb, _]| verb).collect())
    }

    #[test]
    fn what_docker_lists_is_read_line_by_line() {
        let listed = read("kafka\tp-kafka-1\trunning\nui\tp-ui-1\texited\nbroken\n");
        let expected = [("kafka", NodeState::Running), ("ui", NodeState::Stopped)];
        assert!(listed.iter().map(|c| (c.node.as_str(), c.state)).eq(expected), "{listed:?}");
    }

    #[test]
    fn an_action_that_has_nothing_to_do_does_nothing() {
        for (state, action) in [
            (NodeState::Running, NodeAction::Start),
            (NodeState::Running, NodeAction::Resume),
            (NodeState::Stopped, NodeAction::Pause),
            (NodeState::Stopped, NodeAction::Stop),
            (NodeState::Stopped, NodeAction::Kill),
            (NodeState::Paused, NodeAction::Pause),
        ] {
            assert_eq!(verbs(Some(state), action), Some(vec![]), "{state:?} {action:?}");
        }
    }

    #[test]
    fn a_node_without_a_container_is_brought_up_by_compose() {
        assert_eq!(verbs(None, NodeAction::Start), None);
        assert_eq!(verbs(Some(NodeState::Stopped), NodeAction::Start), None);
        assert_eq!(verbs(None, NodeAction::Kill), Some(vec![]));
    }

    #[test]
    fn a_paused_node_is_thawed_before_it_is_asked_to_stop() {
        let expected = Some(vec!["unpause".to_owned(), "stop".to_owned()]);
        assert_eq!(verbs(Some(NodeState::Paused), NodeAction::Stop), expected);
    }
}
