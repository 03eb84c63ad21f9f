//! What stands in the cluster, as rows: nodes, topics, groups.

use unicode_width::UnicodeWidthStr as _;

use super::model::Model;
use super::rows::{Row, Tone, prose};
use crate::engine::cluster::{NodeState, NodeStatus};
use crate::lab::overview::{GroupLine, Overview, TopicLine};
use crate::markdown::Face;
use crate::phrase;
use crate::phrase::{Lang, Phrase, Words};
use crate::printable;

const PLAIN: Tone = Tone::Face(Face::Text);

/// The list, for a pane of so many columns.
pub fn rows(model: &Model, width: usize) -> Vec<Row> {
    let lang = model.lang;
    let Some(overview) = &model.overview else {
        return prose(NOTHING_RUNS.get(lang), Tone::Dim, width);
    };
    let mut rows: Vec<Row> =
        overview.nodes.iter().map(|status| node(status, controller(overview), lang)).collect();
    match &overview.contents {
        Err(why) => rows.extend(prose(why.get(lang), Tone::Open, width)),
        Ok(contents) => {
            rows.push(Row::default());
            rows.extend(topics(&contents.topics, lang, width));
            rows.push(Row::default());
            rows.extend(groups(&contents.groups, lang, width));
        }
    }
    rows
}

/// The list in one row, where there is no room for more.
pub fn summary(model: &Model) -> Row {
    let lang = model.lang;
    match &model.overview {
        None => Row::of(NOTHING_RUNS.get(lang), Tone::Dim),
        Some(Overview { contents: Err(why), .. }) => Row::of(why.get(lang), Tone::Open),
        Some(Overview { contents: Ok(contents), nodes, .. }) => {
            let (nodes, topics, groups) =
                (nodes.len(), contents.topics.len(), contents.groups.len());
            let counts = phrase!(
                "{nodes} nodes · {topics} topics · {groups} groups",
                "{nodes} 个节点 · {topics} 个 topic · {groups} 个消费者组"
            );
            Row::of(counts.get(lang), PLAIN)
        }
    }
}

fn controller(overview: &Overview) -> Option<i32> {
    overview.contents.as_ref().ok()?.controller
}

fn node(status: &NodeStatus, controller: Option<i32>, lang: Lang) -> Row {
    let (sign, tone) = match status.state {
        NodeState::Running => ("●", Tone::Good),
        NodeState::Paused => ("‖", Tone::Open),
        NodeState::Stopped => ("○", Tone::Bad),
    };
    let state = status.state.phrase();
    let mut row = Row::of(format!("{sign} "), tone)
        .and(printable::name(&status.node.name), Tone::Title)
        .and(format!("  {}", state.get(lang)), tone);
    if let Some(address) = &status.node.address {
        row = row.and(format!("  {address}"), Tone::Dim);
    }
    if controller == Some(status.node.node_id) {
        row = row.and(format!("  {}", CONTROLLER.get(lang)), Tone::Dim);
    }
    row
}

fn topics(topics: &[TopicLine], lang: Lang, width: usize) -> Vec<Row> {
    list(TOPICS, topics, lang, width, |topic| {
        let partitions = topic.partitions.len();
        let headless = topic.partitions.iter().filter(|p| p.leader.is_none()).count();
        let sizes = topic.partitions.iter().map(|p| Some(p.end? - p.start?));
        let figures = match sizes.sum::<Option<i64>>() {
            // An offset may belong to a marker or to nothing: it is no number of records.
            Some(offsets) => phrase!(
                "{partitions} partitions, {offsets} offsets",
                "{partitions} 个分区，{offsets} 个位移"
            ),
            None => phrase!("{partitions} partitions", "{partitions} 个分区"),
        };
        let figures = match headless {
            0 => figures,
            n => {
                let Phrase { en, zh } = figures;
                phrase!("{en}, {n} without a leader", "{zh}，{n} 个没有 leader")
            }
        };
        (topic.name.as_str(), figures)
    })
}

fn groups(groups: &[GroupLine], lang: Lang, width: usize) -> Vec<Row> {
    list(GROUPS, groups, lang, width, |group| {
        let (state, members) = (printable::name(&group.state), group.members);
        let figures = match group.lag {
            Some(lag) => phrase!(
                "{state}, {members} members, lag {lag}",
                "{state}，{members} 个成员，积压 {lag}"
            ),
            None => phrase!("{state}, {members} members", "{state}，{members} 个成员"),
        };
        (group.id.as_str(), figures)
    })
}

/// A heading and a row a thing: its name, cut where it must be, and its figures.
fn list<T>(
    heading: Words,
    things: &[T],
    lang: Lang,
    width: usize,
    of: impl Fn(&T) -> (&str, Phrase),
) -> Vec<Row> {
    let heading = format!("{} {}", heading.get(lang), things.len());
    let rows = things.iter().map(|thing| {
        let (name, figures) = of(thing);
        let figures = figures.get(lang).to_owned();
        let room = width.saturating_sub(figures.width() + 4).max(8);
        let name = cut(&printable::name(name), room);
        Row::of(format!("  {name}"), PLAIN).and(format!("  {figures}"), Tone::Dim)
    });
    std::iter::once(Row::of(heading, Tone::Title)).chain(rows).collect()
}

/// At most so many columns of a name.
pub fn cut(name: &str, columns: usize) -> String {
    if name.width() <= columns {
        return name.to_owned();
    }
    let mut shown = String::new();
    for c in name.chars() {
        if format!("{shown}{c}…").width() > columns {
            break;
        }
        shown.push(c);
    }
    shown.push('…');
    shown
}

const NOTHING_RUNS: Words = Words::new("no cluster runs", "没有正在运行的集群");
const CONTROLLER: Words = Words::new("controller", "controller");
const TOPICS: Words = Words::new("Topics", "topic");
const GROUPS: Words = Words::new("Groups", "消费者组");
