//! Which engine `auto` takes, and why not the others.

use std::collections::BTreeSet;

use crate::engine::choose::engine_of;
use crate::engine::cluster::EngineKind;
use crate::paths::Paths;
use crate::phrase::Phrase;
use crate::problem::Problem;

/// Whether an engine runs an environment: what it would have to fetch first, or what it lacks.
pub type Offer = Result<Option<Phrase>, Problem>;

/// An environment's name, and what containers and jvm make of it.
pub type Offers = (String, Offer, Offer);

/// An engine, and what `auto` makes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The engine.
    pub kind: EngineKind,
    /// Whether it runs every environment of the course.
    pub ready: bool,
    /// Whether `auto` takes it for an environment of the course.
    pub taken: bool,
    /// Why it is taken, or is not.
    pub why: Phrase,
}

/// The engines in the order in which `auto` asks them.
pub fn standings(paths: &Paths, offers: &[Offers]) -> Vec<Standing> {
    // The first that has what it needs is taken.
    let left = |(_, containers, jvm): &Offers| containers.is_err() && jvm.is_ok();
    let containers: Vec<_> = offers.iter().map(|(name, offer, _)| (name.as_str(), offer)).collect();
    let jvm: Vec<_> = offers.iter().map(|(name, _, offer)| (name.as_str(), offer)).collect();
    let for_containers: BTreeSet<&str> =
        containers.iter().filter(|(_, offer)| offer.is_ok()).map(|(name, _)| *name).collect();
    let for_jvm: BTreeSet<&str> =
        offers.iter().filter(|offer| left(offer)).map(|(name, ..)| name.as_str()).collect();
    let attach = engine_of(EngineKind::Attach, paths, None).err();
    let attach = attach.map_or_else(text::not_configured, |problem| problem.message);
    vec![
        Standing { kind: EngineKind::Attach, ready: false, taken: false, why: attach },
        standing(EngineKind::Containers, &containers, &for_containers),
        standing(EngineKind::Jvm, &jvm, &for_jvm),
    ]
}

fn standing(kind: EngineKind, offers: &[(&str, &Offer)], taken: &BTreeSet<&str>) -> Standing {
    let lacks: Vec<(&str, &Problem)> =
        offers.iter().filter_map(|(name, offer)| Some((*name, offer.as_ref().err()?))).collect();
    let to_fetch = offers.iter().find_map(|(_, offer)| offer.as_ref().ok()?.as_ref());
    let ready = lacks.is_empty() && !offers.is_empty();
    let why = match (lacks.first(), taken.is_empty()) {
        (Some((_, problem)), _) if lacks.len() == offers.len() => problem.message.clone(),
        (Some((name, problem)), _) => text::but(&listed(taken), name, &problem.message),
        (None, false) => text::taken(kind),
        (None, true) => text::comes_after(kind),
    };
    let why = match to_fetch {
        Some(fetch) => text::and(&why, fetch),
        None => why,
    };
    Standing { kind, ready, taken: !taken.is_empty(), why }
}

fn listed(names: &BTreeSet<&str>) -> String {
    let names: Vec<&str> = names.iter().copied().collect();
    if names.is_empty() { "-".to_owned() } else { names.join(", ") }
}

mod text {
    use super::{EngineKind, Phrase};
    use crate::phrase;

    pub fn taken(kind: EngineKind) -> Phrase {
        match kind {
            EngineKind::Containers => {
                phrase!("answers, and is asked before jvm", "有响应，并且排在 jvm 之前")
            }
            _ => phrase!(
                "has all that it needs, and no engine before it does",
                "所需的都齐了，而排在它前面的引擎用不了"
            ),
        }
    }

    pub fn comes_after(kind: EngineKind) -> Phrase {
        phrase!(
            "would do as well, and comes after containers; to have it: --engine {kind}",
            "也可以用，但排在 containers 之后；指定使用它：--engine {kind}"
        )
    }

    pub fn but(taken: &str, name: &str, problem: &Phrase) -> Phrase {
        let Phrase { en, zh } = problem;
        phrase!("taken for: {taken}; not for {name}: {en}", "用于：{taken}；{name} 不行：{zh}")
    }

    pub fn and(why: &Phrase, fetch: &Phrase) -> Phrase {
        Phrase::new(format!("{}; {}", why.en, fetch.en), format!("{}；{}", why.zh, fetch.zh))
    }

    pub fn not_configured() -> Phrase {
        phrase!("no cluster is named to attach to", "没有指定要连接的集群")
    }
}
