//! Groups as they are now, and the offsets that they have committed, by the group APIs.
//!
//! A group's coordinator answers for it: the leader of its partition of `__consumer_offsets`. Looking
//! changes nothing: a broker that is asked for a coordinator *creates* that topic where there is
//! none, so Metadata is asked first, and without the topic there are no groups. Group ids, client
//! ids and metadata are whatever their writers put there: they have to be made printable before
//! they are shown.

mod coordinator;
mod description;
mod listing;
mod offsets;
mod survey;

pub use coordinator::OFFSETS_TOPIC;
pub use description::{Assignment, GroupDescription, Member, describe_group};
pub use listing::{GroupListing, GroupType, list_groups};
pub use offsets::{CommittedOffset, committed_offsets};
pub use survey::{SurveyedGroup, survey};

use super::ask::AskError;

/// `GROUP_ID_NOT_FOUND`: an observation, not a failure to look.
const GROUP_ID_NOT_FOUND: i16 = 69;

/// An error where the node answered with an error code.
fn accepted(address: &str, question: &'static str, code: i16) -> Result<(), AskError> {
    match code {
        0 => Ok(()),
        code => Err(AskError::Refused { address: address.to_owned(), question, code }),
    }
}

/// The answer about the one group that was asked about.
fn answered<T>(address: &str, question: &'static str, answer: Option<T>) -> Result<T, AskError> {
    answer.ok_or_else(|| AskError::Malformed {
        address: address.to_owned(),
        question,
        reason: "the answer leaves out the group that was asked for".to_owned(),
    })
}
