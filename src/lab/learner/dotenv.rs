//! The file `.env` beside a compose file, from which Compose takes variables.
//!
//! Of its grammar (Compose, "Set environment variables", syntax of environment files) the part that
//! values without line breaks need: `NAME=value`, `export`, quotes, comments.

use std::collections::BTreeMap;

/// The variables of a file; of a name that is there twice, the last. Lines that are none are passed
/// over.
pub(super) fn read(text: &str) -> BTreeMap<String, String> {
    text.lines().filter_map(pair).collect()
}

/// `text` with these variables in it: a line that sets one of them is replaced, all others stay.
pub(super) fn with(text: &str, heading: &str, variables: &BTreeMap<String, String>) -> String {
    let is_ours = |line: &&str| {
        let set = pair(line).is_some_and(|(name, _)| variables.contains_key(&name));
        set || *line == heading
    };
    let kept: Vec<&str> = text.lines().filter(|line| !is_ours(line)).collect();
    let ours = variables.iter().map(|(name, value)| format!("{name}={value}"));
    let lines: Vec<String> = [heading.to_owned()]
        .into_iter()
        .chain(ours)
        .chain(kept.into_iter().map(str::to_owned))
        .collect();
    lines.join("\n") + "\n"
}

fn pair(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let name = name.trim();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then(|| (name.to_owned(), value_of(value.trim()).to_owned()))
}

/// What is in quotes, or what comes before a comment.
fn value_of(text: &str) -> &str {
    for quote in ['"', '\''] {
        let inner = text.strip_prefix(quote).and_then(|rest| rest.split_once(quote));
        if let Some((inner, _)) = inner {
            return inner;
        }
    }
    text.split_once(" #").map_or(text, |(value, _)| value.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values_are_read_as_compose_reads_them() {
        let text =
            "# x\nA=1\nexport B = \"two words\" # why\nC='3 # 4'\nD=5 # six\nE=\n=7\nnothing\nA=8";
        let expected = [("A", "8"), ("B", "two words"), ("C", "3 # 4"), ("D", "5"), ("E", "")];
        assert_eq!(read(text), expected.map(|(n, v)| (n.to_owned(), v.to_owned())).into());
    }

    #[test]
    fn what_the_learner_has_written_stays() {
        let ours = BTreeMap::from([("PORT".to_owned(), "9092".to_owned())]);
        let first = with("MINE=1\n", "# ours", &ours);
        assert_eq!(first, "# ours\nPORT=9092\nMINE=1\n");
        let ours = BTreeMap::from([("PORT".to_owned(), "9192".to_owned())]);
        assert_eq!(with(&first, "# ours", &ours), "# ours\nPORT=9192\nMINE=1\n");
    }
}
