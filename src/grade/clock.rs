//! Times of journal records, as the learner's clock shows them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `14:02:11` in the zone of this machine; `-` for a time that no calendar has.
pub fn time(timestamp_ms: i64) -> String {
    Timestamp::from_millisecond(timestamp_ms).map_or_else(
        |_| "-".to_owned(),
        |at| at.to_zoned(TimeZone::system()).strftime("%H:%M:%S").to_string(),
    )
}
