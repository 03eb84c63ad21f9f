//! `kind = "group-committed"`: a group has committed a topic to its end, as a member.
//!
//! That the records were *read* is in no journal. What is: the committed offset, and which member
//! held the partition when it was committed. Offsets that a tool has set, or a consumer that never
//! joined the group, were committed while nobody held it.

use super::groups::{GroupLog, Offsets, behind};
use super::records::TopicRecords;
use super::snapshot::Snapshot;
use super::spec::GroupCommittedSpec;
use super::text as common;
use super::verdict::{Finding, Verdict};
use crate::kafka::ask::AskError;
use crate::kafka::journal::TopicRef;
use crate::kafka::journal::groups::{HeldCommit, Holder};
use crate::phrase::Phrase;

/// Whether every partition's committed offset is past its last record, and was committed there
/// while a member held the partition.
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
        let another = another_group(spec, snapshot, &records).await?;
        return Ok(nothing_committed(spec, another.as_deref()));
    }
    let behind = behind(&spec.topic, &records, &offsets);
    if !behind.is_empty() {
        let observed = text::behind(spec, &behind);
        return Ok(failed(spec, observed, text::why_behind(), Some("committed-short")));
    }
    let log = snapshot.group_log(&spec.group).await?;
    let topic = snapshot.metadata().await?.topics.get(&spec.topic).map(|topic| topic.id);
    let topic = TopicRef { id: topic.unwrap_or_default(), name: spec.topic.as_str().into() };
    Ok(judge(spec, &topic, &records, &log))
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

fn nothing_committed(spec: &GroupCommittedSpec, another: Option<&str>) -> Verdict {
    match another {
        Some(another) => {
            failed(spec, text::another(spec, another), text::why_another(), Some("another-group"))
        }
        None => failed(spec, text::nothing(spec), text::why_nothing(), None),
    }
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
    let ends = records.0.iter().filter_map(|(index, found)| Some((*index, found.last_offset?)));
    let (mut unheld, mut unknown) = (Vec::new(), false);
    for (partition, last) in ends {
        let at_end = commits.get(&partition).into_iter().flatten();
        let at_end: Vec<&HeldCommit<'_>> =
            at_end.filter(|held| held.commit.value.offset > last).collect();
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

    pub fn unheld(spec: &GroupCommittedSpec, partitions: &[i32]) -> Phrase {
        let (group, partitions) = (&spec.group, listed(partitions));
        phrase!(
            "the offsets are at the end, but no member of {group} held partition {partitions} when they were committed",
            "位移已在末尾，但提交时 {group} 中没有成员持有分区 {partitions}"
        )
    }

    pub fn why_unheld() -> Phrase {
        phrase!(
            "a tool has set them, or a consumer that never joined the group",
            "它们是工具设置的，或由从未加入该组的消费者提交"
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
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::grade::testing::topic_records;
    use crate::kafka::journal::Moment;
    use crate::kafka::journal::groups::{
        Assignment, ClassicMember, Embedded, GroupJournal, GroupMetadata, GroupRecord, Member,
        NamedPartitions, OffsetCommit, Value,
    };

    const TOPIC_ID: Uuid = Uuid::from_u128(7);

    /// Something that the groups' log records.
    enum Step {
        /// A generation is complete; each member has these partitions.
        Generation(&'static [&'static [i32]]),
        /// An offset was committed for a partition.
        Commit(i32, i64),
        /// The offset of a partition was removed.
        Removal(i32),
    }
    use Step::{Commit, Generation, Removal};

    fn journal(steps: &[Step], from: i64) -> GroupJournal {
        let mut journal = GroupJournal::new();
        for (offset, step) in (from..).zip(steps) {
            journal.apply(Moment { offset, timestamp_ms: offset }, record(step));
        }
        journal
    }

    fn record(step: &Step) -> GroupRecord {
        let (group, topic) = ("g".to_owned(), "t".to_owned());
        match *step {
            Generation(members) => {
                let members = members.iter().map(|partitions| member(partitions)).collect();
                GroupRecord::GroupMetadata { group, value: Value::Set(generation(members)) }
            }
            Commit(partition, offset) => {
                let value = Value::Set(committed(offset));
                GroupRecord::OffsetCommit { group, topic, partition, value }
            }
            Removal(partition) => {
                GroupRecord::OffsetCommit { group, topic, partition, value: Value::Removed }
            }
        }
    }

    fn generation(members: Vec<ClassicMember>) -> GroupMetadata {
        GroupMetadata {
            protocol_type: "consumer".to_owned(),
            generation: 1,
            protocol: None,
            leader: None,
            state_timestamp_ms: None,
            members,
        }
    }

    fn member(partitions: &[i32]) -> ClassicMember {
        let partitions =
            vec![NamedPartitions { topic: "t".to_owned(), partitions: partitions.to_vec() }];
        ClassicMember {
            member: Member {
                member_id: "m".to_owned(),
                instance_id: None,
                client_id: "c".to_owned(),
                client_host: "/h".to_owned(),
            },
            rebalance_timeout_ms: None,
            session_timeout_ms: 0,
            subscription: Embedded::Foreign,
            assignment: Embedded::Read(Assignment { partitions }),
        }
    }

    fn committed(offset: i64) -> OffsetCommit {
        OffsetCommit {
            offset,
            leader_epoch: None,
            metadata: String::new(),
            commit_timestamp_ms: 0,
            expire_timestamp_ms: None,
            topic_id: None,
        }
    }

    /// The verdict on two partitions of two records each.
    fn verdict_from(steps: &[Step], from: i64) -> (&'static str, Option<String>) {
        let spec = GroupCommittedSpec { topic: "t".to_owned(), group: "g".to_owned() };
        let topic = TopicRef { id: TOPIC_ID, name: "t".into() };
        let records = topic_records(&[&["a", "a"], &["b", "b"]]);
        let log = GroupLog { journal: journal(steps, from), undecided: false };
        let verdict = judge(&spec, &topic, &records, &log);
        (verdict.word(), verdict.mistake().map(str::to_owned))
    }

    fn verdict(steps: &[Step]) -> (&'static str, Option<String>) {
        verdict_from(steps, 0)
    }

    fn no_member() -> (&'static str, Option<String>) {
        ("failed", Some("no-member".to_owned()))
    }

    #[test]
    fn ends_committed_by_who_held_the_partitions_pass_by_one_member_or_by_two() {
        let one = [Generation(&[&[0, 1]]), Commit(0, 2), Commit(1, 2), Generation(&[])];
        assert_eq!(verdict(&one), ("passed", None));
        let two = [Generation(&[&[0], &[1]]), Commit(0, 2), Commit(1, 2)];
        assert_eq!(verdict(&two), ("passed", None));
        let past = [Generation(&[&[0, 1]]), Commit(0, 3), Commit(1, 7)];
        assert_eq!(verdict(&past), ("passed", None));
    }

    #[test]
    fn what_a_tool_sets_is_told_from_what_a_member_commits() {
        assert_eq!(verdict(&[Commit(0, 2), Commit(1, 2)]), no_member());
        let after = [Generation(&[&[0, 1]]), Generation(&[]), Commit(0, 2), Commit(1, 2)];
        assert_eq!(verdict(&after), no_member());
        let half = [Generation(&[&[0, 1]]), Commit(0, 2), Generation(&[]), Commit(1, 2)];
        assert_eq!(verdict(&half), no_member());
        let short = [
            Generation(&[&[0, 1]]),
            Commit(0, 2),
            Commit(1, 1),
            Generation(&[]),
            Commit(0, 2),
            Commit(1, 2),
        ];
        assert_eq!(verdict(&short), no_member());
    }

    #[test]
    fn a_tool_that_moves_offsets_afterwards_takes_nothing_back() {
        let steps =
            [Generation(&[&[0, 1]]), Commit(0, 2), Commit(1, 2), Generation(&[]), Commit(0, 2)];
        assert_eq!(verdict(&steps), ("passed", None));
    }

    #[test]
    fn commits_for_an_earlier_topic_of_the_name_do_not_count() {
        let steps = [
            Generation(&[&[0, 1]]),
            Commit(0, 2),
            Commit(1, 2),
            Generation(&[]),
            Removal(0),
            Removal(1),
            Commit(0, 2),
            Commit(1, 2),
        ];
        assert_eq!(verdict(&steps), no_member());
    }

    #[test]
    fn a_log_with_a_gap_proves_no_absence_but_what_it_shows() {
        assert_eq!(verdict_from(&[Commit(0, 2), Commit(1, 2)], 5), ("unknown", None));
        let shown = [Generation(&[&[0, 1]]), Commit(0, 2), Commit(1, 2)];
        assert_eq!(verdict_from(&shown, 5), ("passed", None));
    }

    #[test]
    fn what_an_open_transaction_hides_is_not_taken_for_absent() {
        let spec = GroupCommittedSpec { topic: "t".to_owned(), group: "g".to_owned() };
        let topic = TopicRef { id: TOPIC_ID, name: "t".into() };
        let records = topic_records(&[&["a"]]);
        let log = GroupLog { journal: journal(&[Commit(0, 1)], 0), undecided: true };
        assert_eq!(judge(&spec, &topic, &records, &log).word(), "unknown");
    }
}
