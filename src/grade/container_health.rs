//! `kind = "container-health"`: the container engine's health checks say that every node is well.

use super::snapshot::Snapshot;
use super::surroundings::Health;
use super::verdict::{Blocker, Finding, Verdict};
use crate::phrase::Phrase;

/// Docker's word for a node whose check has passed.
const HEALTHY: &str = "healthy";

/// Docker's word for a node whose check has not said anything yet.
const STARTING: &str = "starting";

/// Whether every node has a health check that passes.
pub async fn check(snapshot: &Snapshot<'_>) -> Verdict {
    match snapshot.health().await {
        Ok(health) => judge(&health),
        Err(cause) => Verdict::Unknown { cause },
    }
}

fn judge(health: &Health) -> Verdict {
    let nodes = match health {
        Health::NotHere { need } => {
            return Verdict::Blocked { by: vec![Blocker::Engine { need: need.clone() }] };
        }
        Health::Unknown { cause } => return Verdict::Unknown { cause: cause.clone() },
        Health::NothingRuns => return failed(text::nothing(), text::why_nothing(), None),
        Health::Nodes(nodes) if nodes.is_empty() => {
            return failed(text::nothing(), text::why_nothing(), None);
        }
        Health::Nodes(nodes) => nodes,
    };
    let observed = text::observed(nodes);
    let word = |node: &(String, Option<String>)| node.1.clone();
    if nodes.iter().all(|node| word(node).as_deref() == Some(HEALTHY)) {
        Verdict::Passed { observed }
    } else if nodes.iter().any(|node| word(node).is_none()) {
        failed(observed, text::why_none(), Some("no-health-check"))
    } else if nodes.iter().any(|node| word(node).as_deref() == Some(STARTING)) {
        Verdict::Unknown { cause: text::starting(&observed) }
    } else {
        failed(observed, text::why_unhealthy(), Some("unhealthy"))
    }
}

fn failed(observed: Phrase, why: Phrase, mistake: Option<&str>) -> Verdict {
    let (expected, mistake) = (text::expected(), mistake.map(str::to_owned));
    Verdict::Failed(Finding { expected, observed, why, mistake })
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::printable;

    pub fn expected() -> Phrase {
        phrase!("every container is healthy", "每个容器的健康状态都是 healthy")
    }

    pub fn nothing() -> Phrase {
        phrase!("no container of yours runs", "没有属于你的容器在运行")
    }

    pub fn why_nothing() -> Phrase {
        phrase!("what does not run has no health", "没有运行就没有健康状态")
    }

    pub fn observed(nodes: &[(String, Option<String>)]) -> Phrase {
        let words = |none: &str| {
            let word = |(name, health): &(String, Option<String>)| {
                let health = health.as_deref().map_or_else(|| none.to_owned(), printable::name);
                format!("{}: {health}", printable::name(name))
            };
            nodes.iter().map(word).collect::<Vec<_>>().join(", ")
        };
        Phrase::new(words("no health check"), words("没有健康检查"))
    }

    pub fn why_none() -> Phrase {
        phrase!(
            "without a healthcheck Docker knows only that a process runs",
            "没有 healthcheck，Docker 只知道进程在运行"
        )
    }

    pub fn starting(observed: &Phrase) -> Phrase {
        let Phrase { en, zh } = observed;
        Phrase::new(
            format!("the first health check is not through yet ({en})"),
            format!("第一次健康检查还没有完成（{zh}）"),
        )
    }

    pub fn why_unhealthy() -> Phrase {
        phrase!(
            "the command of the healthcheck fails in the container: docker inspect shows what it printed",
            "healthcheck 的命令在容器里执行失败：docker inspect 能看到它的输出"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrase::Phrase;

    fn nodes(words: &[Option<&str>]) -> Health {
        let node = |word: Option<&str>| ("kafka".to_owned(), word.map(str::to_owned));
        Health::Nodes(words.iter().copied().map(node).collect())
    }

    #[test]
    fn all_have_to_be_healthy_and_there_has_to_be_one() {
        assert!(judge(&nodes(&[Some("healthy")])).passed());
        for (words, mistake) in [
            (&[][..], None),
            (&[None], Some("no-health-check")),
            (&[Some("healthy"), Some("unhealthy")], Some("unhealthy")),
        ] {
            let verdict = judge(&nodes(words));
            assert!(!verdict.passed(), "{words:?}");
            assert_eq!(verdict.mistake(), mistake, "{words:?}");
        }
    }

    #[test]
    fn a_check_that_is_not_through_yet_has_not_failed() {
        let verdict = judge(&nodes(&[Some("healthy"), Some("starting")]));
        assert_eq!(verdict.word(), "unknown");
    }

    #[test]
    fn an_engine_without_health_checks_takes_no_points() {
        let verdict = judge(&Health::NotHere { need: Phrase::same("containers") });
        assert!(verdict.blocked_by_engine());
    }
}
