//! `kind = "znode-path"`: a typed answer that names a znode.

use super::snapshot::Snapshot;
use super::spec::ZnodePathSpec;
use super::text as common;
use super::verdict::{Finding, Verdict};

/// What learners put around a path.
const QUOTES: [char; 4] = ['"', '\'', '`', ' '];

/// The commands of `zookeeper-shell` that take a path, which may be pasted with it.
const COMMANDS: [&str; 4] = ["get", "ls", "ls2", "stat"];

/// Whether the typed path is the one that is asked for.
pub fn check(spec: &ZnodePathSpec, snapshot: &Snapshot<'_>) -> Verdict {
    judge(spec, snapshot.answer(&spec.field))
}

fn judge(spec: &ZnodePathSpec, answer: Option<&str>) -> Verdict {
    let failed = |observed, why, mistake: Option<&str>| {
        let mistake = mistake.map(str::to_owned);
        Verdict::Failed(Finding { expected: text::expected(), observed, why, mistake })
    };
    let Some(answer) = answer else {
        return failed(common::nothing_typed(), common::why_nothing_typed(&spec.field), None);
    };
    let observed = common::typed(answer);
    let (wanted, typed) = (parts_of(&spec.path), parts_in(answer));
    match Relation::of(&typed, &wanted) {
        Relation::Same => Verdict::Passed { observed },
        Relation::Below => failed(observed, text::why_below(), Some("child-znode")),
        Relation::Above => failed(observed, text::why_above(), Some("parent-znode")),
        Relation::Beside => failed(observed, text::why_beside(), Some("similar-znode")),
        Relation::OtherCase => failed(observed, text::why_case(), None),
        Relation::None => failed(observed, text::why_other(), None),
    }
}

/// How a typed znode lies to the wanted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Same,
    /// A descendant: `/brokers/ids/417` of `/brokers/ids`.
    Below,
    /// An ancestor: `/brokers`.
    Above,
    /// In the same place, with a name that begins like it: `/controller_epoch` of `/controller`.
    Beside,
    OtherCase,
    None,
}

impl Relation {
    fn of(typed: &[String], wanted: &[String]) -> Self {
        let lower = |parts: &[String]| parts.join("/").to_ascii_lowercase();
        if typed == wanted {
            return Self::Same;
        }
        if lower(typed) == lower(wanted) {
            return Self::OtherCase;
        }
        match (typed.len(), wanted.len()) {
            (more, fewer) if more > fewer && typed.starts_with(wanted) => Self::Below,
            (fewer, more) if fewer < more && fewer > 0 && wanted.starts_with(typed) => Self::Above,
            (one, other) if one == other && is_beside(typed, wanted) => Self::Beside,
            _ => Self::None,
        }
    }
}

fn is_beside(typed: &[String], wanted: &[String]) -> bool {
    let (Some((typed, above)), Some((wanted, same))) = (typed.split_last(), wanted.split_last())
    else {
        return false;
    };
    above == same && (typed.starts_with(wanted.as_str()) || wanted.starts_with(typed.as_str()))
}

/// The parts of the path in an answer: quotes, a command of the shell and the server's address are
/// no part of it.
fn parts_in(answer: &str) -> Vec<String> {
    let answer = answer.trim_matches(QUOTES);
    let path = match answer.split_once(char::is_whitespace) {
        Some((command, path)) if COMMANDS.contains(&command) => without_options(path),
        _ => answer,
    };
    let path = match path.split_once('/') {
        Some((server, path)) if is_address(server) => path,
        _ => path,
    };
    parts_of(path)
}

/// `/controller` of `-s /controller`.
fn without_options(words: &str) -> &str {
    let mut words = words.trim_start();
    while let Some((option, rest)) = words.split_once(char::is_whitespace)
        && option.starts_with('-')
    {
        words = rest.trim_start();
    }
    words.trim_matches(QUOTES)
}

/// `localhost:9095`
fn is_address(text: &str) -> bool {
    let port = text.rsplit_once(':').map(|(_, port)| port);
    port.is_some_and(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
}

fn parts_of(path: &str) -> Vec<String> {
    path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn expected() -> Phrase {
        phrase!("the path of the znode that is asked for", "所问的 znode 的路径")
    }

    pub fn why_below() -> Phrase {
        phrase!("that znode lies below the one that is asked for", "这个 znode 在所问的 znode 下面")
    }

    pub fn why_above() -> Phrase {
        phrase!("the znode that is asked for lies below that one", "所问的 znode 在这个 znode 下面")
    }

    pub fn why_beside() -> Phrase {
        phrase!(
            "that is another znode, with a name that begins alike",
            "这是另一个 znode，只是名字开头一样"
        )
    }

    pub fn why_case() -> Phrase {
        phrase!("in a znode's path case counts", "znode 的路径区分大小写")
    }

    pub fn why_other() -> Phrase {
        phrase!("another znode holds what is asked for", "所问的内容在另一个 znode 里")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str, answer: &str) -> (&'static str, Option<String>) {
        let spec = ZnodePathSpec { field: "f".to_owned(), path: path.to_owned() };
        let verdict = judge(&spec, Some(answer));
        (verdict.word(), verdict.mistake().map(str::to_owned))
    }

    #[test]
    fn a_path_passes_in_any_reasonable_spelling() {
        for answer in [
            "/brokers/ids",
            "/brokers/ids/",
            "brokers/ids",
            "//brokers//ids",
            "\"/brokers/ids\"",
            "`/brokers/ids`",
            "ls /brokers/ids",
            "get '/brokers/ids/'",
            "localhost:9095/brokers/ids",
        ] {
            assert_eq!(said("/brokers/ids", answer), ("passed", None), "{answer}");
        }
    }

    #[test]
    fn a_near_miss_is_named_by_where_it_lies() {
        for (path, answer, mistake) in [
            ("/brokers/ids", "/brokers/ids/417", Some("child-znode")),
            ("/brokers/ids", "/brokers", Some("parent-znode")),
            ("/controller", "/controller_epoch", Some("similar-znode")),
            ("/controller", "/Controller", None),
            ("/controller", "/", None),
            ("/controller", "/brokers/ids", None),
            ("/controller", "/controller /controller_epoch", None),
            ("/brokers/ids", "/brokers/topics", None),
            ("/brokers/ids", "417", None),
        ] {
            let expected = ("failed", mistake.map(str::to_owned));
            assert_eq!(said(path, answer), expected, "{answer} for {path}");
        }
    }

    #[test]
    fn no_answer_names_the_field() {
        let spec = ZnodePathSpec { field: "my-field".to_owned(), path: "/a".to_owned() };
        let Verdict::Failed(finding) = judge(&spec, None) else { panic!("failed") };
        assert!(finding.why.en.contains("my-field") && finding.mistake.is_none());
    }
}
