//! Several programs that host one attempt, and grade it each by itself.

use std::collections::BTreeMap;

use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::progress::Event;

use crate::hosting::append;
use crate::own::{OWN, Own, words};

pub fn what_several_hosts_see_is_written_down_once(engine: EngineKind) {
    let own = Own::started(engine, &[]);
    let hosts = [own.host("watch"), own.host("watch"), own.host("watch")];
    let all_say = |wanted: [&str; 3]| {
        for host in &hosts {
            while host.verdicts() != wanted {}
        }
    };
    all_say(["failed"; 3]);
    append(&own, &[0, 0, 0, 0, 1, 1]);
    all_say(["passed", "failed", "failed"]);
    own.answer("4,2");
    all_say(["passed", "failed", "passed"]);
    own.answer("2,4");
    all_say(["passed", "failed", "failed"]);
    // Who asks once has every word written down, and the same again is no news.
    let check = || words(&own.json(&["lab", "check", OWN], 1));
    assert_eq!(check(), ["passed", "failed", "failed"]);
    let before = own.events();
    assert_eq!(check(), ["passed", "failed", "failed"]);
    assert_eq!(own.events().len(), before.len());
    let (mut verdicts, mut score) = (BTreeMap::new(), None);
    for event in before {
        match event {
            Event::VerdictReached { check, verdict, .. } => {
                let last = verdicts.insert(check.clone(), verdict.clone());
                assert_ne!(last, Some(verdict), "{check} is written down twice");
            }
            Event::Scored { points, .. } => {
                assert_ne!(score.replace(points), Some(points), "a score is written down twice");
            }
            _ => {}
        }
    }
    assert_eq!(score, Some(2));
}
