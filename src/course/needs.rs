//! The order among checks: which has to pass before which.

use std::collections::BTreeSet;

use crate::grade::spec::CheckSpec;

/// A ring of checks that wait for each other, the first repeated at the end; none if there is none.
///
/// Needs that name no check are left out of account.
pub(super) fn ring(checks: &[&CheckSpec]) -> Option<Vec<String>> {
    let mut open = checks.to_vec();
    loop {
        let waiting: Vec<&CheckSpec> =
            open.iter().copied().filter(|check| open_need(&open, check).is_some()).collect();
        if waiting.len() == open.len() {
            break;
        }
        open = waiting;
    }
    // Every check left waits for another that is left: whoever walks on comes round.
    let mut path = vec![*open.first()?];
    loop {
        let next = open_need(&open, path.last()?)?;
        if let Some(start) = path.iter().position(|seen| seen.id == next.id) {
            return Some(path[start..].iter().chain([&next]).map(|c| c.id.clone()).collect());
        }
        path.push(next);
    }
}

/// The first need of `check` that is among `open`.
fn open_need<'a>(open: &[&'a CheckSpec], check: &CheckSpec) -> Option<&'a CheckSpec> {
    let find = |need: &String| open.iter().copied().find(|other| other.id == *need);
    check.needs.iter().find_map(find)
}

/// Every check that has to pass before `id`, directly or not; `id` itself is not among them.
pub(super) fn before<'a>(checks: &'a [CheckSpec], id: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![id];
    while let Some(next) = open.pop() {
        for check in checks.iter().filter(|check| check.id == next) {
            for need in &check.needs {
                if found.insert(need.as_str()) {
                    open.push(need);
                }
            }
        }
    }
    found
}

/// The checks such that each comes after those it needs, otherwise in the given order.
pub(super) fn in_order(checks: &[CheckSpec]) -> Vec<&CheckSpec> {
    let mut open: Vec<&CheckSpec> = checks.iter().collect();
    let mut ordered: Vec<&CheckSpec> = Vec::with_capacity(open.len());
    while !open.is_empty() {
        let waits = |check: &CheckSpec| {
            check.needs.iter().any(|need| open.iter().any(|other| other.id == *need))
        };
        // Without a ring some check waits for none; with one, the given order is as good as any.
        let next = open.iter().position(|check| !waits(check)).unwrap_or(0);
        ordered.push(open.remove(next));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grade::spec::{CheckKind, TopicDeletedSpec};

    fn check(id: &str, needs: &[&str]) -> CheckSpec {
        CheckSpec {
            id: id.to_owned(),
            points: 1,
            needs: needs.iter().map(|&need| need.to_owned()).collect(),
            kind: CheckKind::TopicDeleted(TopicDeletedSpec { topic: "t".to_owned() }),
        }
    }

    #[test]
    fn a_ring_is_told_from_its_first_check_to_itself() {
        let checks =
            [check("a", &["b"]), check("b", &["c"]), check("c", &["d"]), check("d", &["b"])];
        let checks: Vec<&CheckSpec> = checks.iter().collect();
        assert_eq!(ring(&checks).unwrap(), ["b", "c", "d", "b"]);
    }

    #[test]
    fn a_diamond_is_no_ring_and_is_ordered_by_its_needs() {
        let checks =
            [check("d", &["b", "c"]), check("c", &["a"]), check("b", &["a"]), check("a", &[])];
        assert_eq!(ring(&checks.iter().collect::<Vec<_>>()), None);
        let order: Vec<&str> = in_order(&checks).iter().map(|check| check.id.as_str()).collect();
        assert_eq!(order, ["a", "c", "b", "d"]);
        assert_eq!(before(&checks, "d"), BTreeSet::from(["a", "b", "c"]));
        assert!(before(&checks, "a").is_empty());
    }

    #[test]
    fn a_ring_does_not_keep_the_other_questions_from_ending() {
        let checks = [check("a", &["b"]), check("b", &["a"])];
        assert_eq!(in_order(&checks).len(), 2);
        assert_eq!(before(&checks, "a"), BTreeSet::from(["a", "b"]));
    }
}
