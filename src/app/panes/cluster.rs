//! What stands in the cluster, as rows: nodes, topics, groups.

use unicode_width::UnicodeWidthStr as _;

use crate::app::model::Model;
use crate::app::rows::{Row, Tone, cut, prose};
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
    let mut rows: Vec<Row> = overview
        .nodes
        .iter()
        .map(|status| node(status, controller(overview), lang, width))
        .collect();
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
            let counts = [
                counted(nodes.len(), ["node", "nodes"], "个节点"),
                counted(contents.topics.len(), ["topic", "topics"], "个 topic"),
                counted(contents.groups.len(), ["group", "groups"], "个消费者组"),
            ];
            let counts: Vec<&str> = counts.iter().map(|count| count.get(lang)).collect();
            Row::of(counts.join(" · "), PLAIN)
        }
    }
}

fn controller(overview: &Overview) -> Option<i32> {
    overview.contents.as_ref().ok()?.controller
}

fn node(status: &NodeStatus, controller: Option<i32>, lang: Lang, width: usize) -> Row {
    let (sign, tone) = match status.state {
        NodeState::Running => ("●", Tone::Good),
        NodeState::Paused => ("‖", Tone::Open),
        NodeState::Stopped => ("○", Tone::Bad),
    };
    let state = status.state.phrase();
    let name = cut(&printable::name(&status.node.name), width.saturating_sub(2));
    let leads = controller.is_some() && controller == status.node.node_id;
    let facts = [
        Some((state.get(lang), tone)),
        leads.then_some((CONTROLLER, Tone::Dim)),
        status.node.dialled_at().map(|address| (address, Tone::Dim)),
    ];
    let mut row = Row::of(format!("{sign} "), tone).and(name, Tone::Title);
    for (fact, tone) in facts.into_iter().flatten() {
        if row.width() + 2 + fact.width() <= width {
            row = row.and(format!("  {fact}"), tone);
        }
    }
    row
}

fn topics(topics: &[TopicLine], lang: Lang, width: usize) -> Vec<Row> {
    list(TOPICS, topics, lang, width, |topic| {
        let partitions = topic.partitions.len();
        let headless = topic.partitions.iter().filter(|p| p.leader.is_none()).count();
        let sizes = topic.partitions.iter().map(|p| Some(p.end? - p.start?));
        let partitions = counted(partitions, ["partition", "partitions"], "个分区");
        let Phrase { en, zh } = &partitions;
        let figures = match sizes.sum::<Option<i64>>() {
            // An offset may belong to a marker or to nothing: there are no more records than that.
            Some(0) => phrase!("{en}, no records", "{zh}，没有消息"),
            Some(offsets) => {
                phrase!("{en}, up to {offsets} records", "{zh}，最多 {offsets} 条消息")
            }
            None => partitions,
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
        let members = group.members.map(|n| counted(n, ["member", "members"], "个成员"));
        let behind = group.lag.map(|n| phrase!("lag {n}", "积压 {n}"));
        let state = Phrase::same(printable::name(&group.state));
        let known: Vec<Phrase> = [Some(state), members, behind].into_iter().flatten().collect();
        let joined = |lang, comma: &str| {
            known.iter().map(|words| words.get(lang)).collect::<Vec<_>>().join(comma)
        };
        (group.id.as_str(), Phrase::new(joined(Lang::En, ", "), joined(Lang::Zh, "，")))
    })
}

/// A heading and each thing: its name and its figures, beside each other where there is room.
fn list<T>(
    heading: Words,
    things: &[T],
    lang: Lang,
    width: usize,
    of: impl Fn(&T) -> (&str, Phrase),
) -> Vec<Row> {
    let heading = format!("{} {}", heading.get(lang), things.len());
    let rows = things.iter().flat_map(|thing| {
        let (name, figures) = of(thing);
        let (name, figures) = (printable::name(name), figures.get(lang).to_owned());
        let gap = width.checked_sub(2 + name.width() + figures.width()).filter(|gap| *gap >= 2);
        if let Some(gap) = gap.map(|gap| " ".repeat(gap)) {
            return vec![
                Row::of(format!("  {name}"), PLAIN).and(format!("{gap}{figures}"), Tone::Dim),
            ];
        }
        let figures = prose(&figures, Tone::Dim, width.saturating_sub(4));
        let name = Row::of(cut(&name, width.saturating_sub(2)), PLAIN).indented(2);
        std::iter::once(name).chain(figures.into_iter().map(|row| row.indented(4))).collect()
    });
    std::iter::once(Row::of(heading, Tone::Title)).chain(rows).collect()
}

/// A number of things; English has two words for them.
fn counted(n: usize, [one, many]: [&str; 2], zh: &str) -> Phrase {
    let word = if n == 1 { one } else { many };
    phrase!("{n} {word}", "{n} {zh}")
}

const NOTHING_RUNS: Words = Words::new("no cluster is running", "没有正在运行的集群");
const CONTROLLER: &str = "controller";
const TOPICS: Words = Words::new("Topics", "topic");
const GROUPS: Words = Words::new("Groups", "消费者组");
