//! `kind = "group-committed"`: a group has committed a topic to its end, as a member.
//!
//! That the records were *read* is in no journal. What is: the committed offset, and which member
//! held the partition when it was committed. Offsets that a tool has set, or a consumer that never
//! joined the group, were committed while nobody held it.

use super::groups::{GroupLog, Offsets, behind, beyond};
use super::records::TopicRecords;
use super::snapshot::Snapshot;
use super::spec::GroupCommittedSpec;
use super::text as common;
use super::verdict::{Finding, Verdict};
use crate::kafka::ask::AskError;
use crate::kafka::groups::GroupType;
use crate::kafka::journal::TopicRef;
use crate::kafka::journal::groups::{Change, Event, HeldCommit, Holder};
use crate::phrase::Phrase;

/// Whether every partition's committed offset is past its last record (markers of transactions may
/// lie between it and the end), and was committed there while a member held the partition.
pub async fn check(spec: &GroupCommittedSpec, snapshot: &Snapshot<'_>) -> Verdict {
    ask(spec, snapshot).await.unwrap_or_else(|e| Verdict::Unknown { cause: e.cause() })
}

async fn ask(spec: &GroupCommittedSpec, snapshot: &Snapshot<'_>) -> Result<Verdict, AskError> {
    let Some(records) = snapshot.records(&spec.topic).await? else {
        return Ok(failed(spec, common::no_topic(&spec.topic), common::why_no_topic(), None));
    };
    if records.count() == 0 {
        return Ok(failed(spec, common::no_records(&spec.topic), common::why_no_records(), None));
    }
    let offsets = snapshot.group_offsets(&spec.group).await?;
    if !offsets.keys().any(|(topic, _)| *topic == spec.topic) {
        if let Some(another) = another_group(spec, snapshot, &records).await? {
            let observed = text::another(spec, &another);
            return Ok(failed(spec, observed, text::why_another(), Some("another-group")));
        }
        let log = snapshot.group_log(&spec.group).await?;
        let why = if had_members(spec, &log) { text::why_unstored() } else { text::why_nothing() };
        return Ok(failed(spec, text::nothing(spec), why, None));
    }
    let behind = behind(&spec.topic, &records, &offsets);
    if !behind.is_empty() {
        let observed = text::behind(spec, &behind);
        return Ok(failed(spec, observed, text::why_behind(), Some("committed-short")));
    }
    let beyond = beyond(&spec.topic, &records, &offsets);
    if !beyond.is_empty() {
        return Ok(failed(spec, text::beyond(spec, &beyond), text::why_beyond(), None));
    }
    let log = snapshot.group_log(&spec.group).await?;
    let topic = snapshot.metadata().await?.topics.get(&spec.topic).map(|topic| topic.id);
    let topic = TopicRef { id: topic.unwrap_or_default(), name: spec.topic.as_str().into() };
    let verdict = judge(spec, &topic, &records, &log);
    if verdict.passed() || is_readable(spec, snapshot).await? {
        return Ok(verdict);
    }
    Ok(Verdict::Unknown { cause: text::cannot_tell(spec) })
}

/// Whether the members of the group are of a kind whose records are read here: Kafka Streams'
/// own groups (KIP-1071) have others.
async fn is_readable(spec: &GroupCommittedSpec, snapshot: &Snapshot<'_>) -> Result<bool, AskError> {
    let read = [GroupType::Classic, GroupType::Consumer];
    let groups = snapshot.groups().await?;
    let group = groups.iter().find(|group| group.id == spec.group);
    Ok(group.is_none_or(|group| read.contains(&group.group_type)))
}

/// A group that has committed all that this one has not.
async fn another_group(
    spec: &GroupCommittedSpec,
    snapshot: &Snapshot<'_>,
    records: &TopicRecords,
) -> Result<Option<String>, AskError> {
    for group in snapshot.groups().await?.iter().filter(|group| group.id != spec.group) {
        let offsets: &Offsets = &*snapshot.group_offsets(&group.id).await?;
        if behind(&spec.topic, records, offsets).is_empty() {
            return Ok(Some(group.id.clone()));
        }
    }
    Ok(None)
}

/// Whether the group ever had a member.
fn had_members(spec: &GroupCommittedSpec, log: &GroupLog) -> bool {
    let joined = |event: &Event| match &event.change {
        Change::Generation(generation) => !generation.members.is_empty(),
        change => matches!(change, Change::Joined { .. }),
    };
    log.journal.group(&spec.group).is_some_and(|group| group.events().iter().any(joined))
}

/// Judges how offsets that are at the end came to be there.
fn judge(
    spec: &GroupCommittedSpec,
    topic: &TopicRef,
    records: &TopicRecords,
    log: &GroupLog,
) -> Verdict {
    let commits = log.journal.group(&spec.group).map(|group| group.standing_commits(topic));
    let commits = commits.unwrap_or_default();
    let ends = records.0.iter().filter_map(|(index, found)| {
        Some((*index, (found.last_offset?.saturating_add(1))..=found.end))
    });
    let (mut unheld, mut unknown) = (Vec::new(), false);
    for (partition, end) in ends {
        let at_end = commits.get(&partition).into_iter().flatten();
        let at_end: Vec<&HeldCommit<'_>> =
            at_end.filter(|held| end.contains(&held.commit.value.offset)).collect();
        if !at_end.iter().any(|held| is_held(&held.holder)) {
            unheld.push(partition);
            unknown |= at_end.iter().any(|held| held.holder == Holder::Unknown);
        }
    }
    if unheld.is_empty() {
        return Verdict::Passed { observed: text::committed(spec) };
    }
    if unknown || !log.is_whole() {
        return Verdict::Unknown { cause: text::cannot_tell(spec) };
    }
    failed(spec, text::unheld(spec, &unheld), text::why_unheld(), Some("no-member"))
}

/// Whether somebody in the group had the partition, be it about to give it up.
const fn is_held(holder: &Holder<'_>) -> bool {
    matches!(holder, Holder::Member(_) | Holder::Revoking(_) | Holder::Several(_))
}

fn failed(
    spec: &GroupCommittedSpec,
    observed: Phrase,
    why: Phrase,
    mistake: Option<&str>,
) -> Verdict {
    let (expected, mistake) = (text::expected(spec), mistake.map(str::to_owned));
    Verdict::Failed(Finding { expected, observed, why, mistake })
}

mod text {
    use crate::grade::spec::GroupCommittedSpec;
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::printable;

    pub fn expected(spec: &GroupCommittedSpec) -> Phrase {
        let GroupCommittedSpec { topic, group } = spec;
        phrase!(
            "{group} has committed {topic} to the end of every partition, each while a member held it",
            "{group} 已把 {topic} 的每个分区提交到末尾，提交时该分区由组内成员持有"
        )
    }

    pub fn committed(spec: &GroupCommittedSpec) -> Phrase {
        let GroupCommittedSpec { topic, group } = spec;
        phrase!(
            "{group} has committed {topic} to its end; members held the partitions",
            "{group} 已把 {topic} 提交到末尾，各分区当时由成员持有"
        )
    }

    pub fn nothing(spec: &GroupCommittedSpec) -> Phrase {
        let GroupCommittedSpec { topic, group } = spec;
        phrase!("{group} has committed no offset in {topic}", "{group} 还没有提交过 {topic} 的位移")
    }

    pub fn why_nothing() -> Phrase {
        phrase!("no consumer of this group has committed yet", "这个组还没有消费者提交过位移")
    }

    pub fn why_unstored() -> Phrase {
        phrase!(
            "the group has had members, and none has committed: a consumer commits what it has stored, every 5 s and when it is closed",
            "这个组有过成员，但都没有提交：消费者每 5 秒以及关闭时，提交它已经记下的位移"
        )
    }

    pub fn another(spec: &GroupCommittedSpec, another: &str) -> Phrase {
        let GroupCommittedSpec { topic, group } = spec;
        let another = printable::name(another);
        phrase!(
            "{group} has committed no offset in {topic}; the group {another} has committed it to the end",
            "{group} 没有提交过 {topic} 的位移；消费者组 {another} 已提交到末尾"
        )
    }

    pub fn why_another() -> Phrase {
        phrase!(
            "offsets belong to a group: what another one has committed does not count",
            "位移属于消费者组：别的组提交的不算"
        )
    }

    pub fn behind(spec: &GroupCommittedSpec, partitions: &[i32]) -> Phrase {
        let (group, partitions) = (&spec.group, listed(partitions));
        phrase!(
            "{group} is not committed to the end in partition {partitions}",
            "{group} 在分区 {partitions} 没有提交到末尾"
        )
    }

    pub fn why_behind() -> Phrase {
        phrase!(
            "the committed offset is the next record to read, and there are records from there on",
            "提交的位移是下一条要读的消息，而从那里起还有消息"
        )
    }

    pub fn beyond(spec: &GroupCommittedSpec, partitions: &[i32]) -> Phrase {
        let (group, partitions) = (&spec.group, listed(partitions));
        phrase!(
            "{group} has committed past the end of partition {partitions}",
            "{group} 在分区 {partitions} 提交的位移超出了日志末尾"
        )
    }

    pub fn why_beyond() -> Phrase {
        phrase!("nobody can have read there", "那里还没有消息可读")
    }

    pub fn unheld(spec: &GroupCommittedSpec, partitions: &[i32]) -> Phrase {
        let (group, partitions) = (&spec.group, listed(partitions));
        phrase!(
            "the offsets are at the end, but no member of {group} held partition {partitions} when they were committed",
            "位移已在末尾，但提交时 {group} 中没有成员持有分区 {partitions}"
        )
    }

    pub fn why_unheld() -> Phrase {
        phrase!(
            "a tool has set them, or a consumer to which the group had not given these partitions",
            "它们是工具设置的，或由没有分到这些分区的消费者提交"
        )
    }

    pub fn cannot_tell(spec: &GroupCommittedSpec) -> Phrase {
        let group = &spec.group;
        phrase!(
            "who held the partitions cannot be read from the log of {group}: parts of it are gone, unreadable, or behind an open transaction",
            "无法从 {group} 的日志看出当时由谁持有分区：部分内容已缺失、无法读取，或有事务尚未结束"
        )
    }

    fn listed(partitions: &[i32]) -> String {
        let partitions: Vec<String> = partitions.iter().map(ToString::to_string).collect();
        partitions.join(", ")
    }
}

#[cfg(test)]
mod tests;
