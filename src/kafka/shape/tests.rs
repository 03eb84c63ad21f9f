use bytes::Bytes as ByteString;
use kafka_protocol::messages::{
    ApiVersionsRequest, ConsumerGroupDescribeRequest, ConsumerProtocolAssignment,
    CreateTopicsRequest, DescribeGroupsRequest, DescribeQuorumRequest, FetchRequest,
    FindCoordinatorRequest, ListGroupsRequest, ListOffsetsRequest, MetadataRequest,
    OffsetFetchRequest, ResponseHeader,
};
use kafka_protocol::protocol::{Decodable, Message, VersionRange};
use proptest::prelude::*;

use super::*;
use crate::kafka::shapes::{CONSUMER_ASSIGNMENT, RESPONSE_HEADER};
use crate::kafka::testing::unsigned_varlong;

/// A response as the checks below need it, whatever its type.
struct Api {
    name: &'static str,
    shape: Shape,
    versions: VersionRange,
    /// Decodes with `kafka-protocol`; tells how many bytes it left over.
    decode: fn(ByteString, i16) -> Result<usize, String>,
}

fn decode<M: Decodable>(mut bytes: ByteString, version: i16) -> Result<usize, String> {
    M::decode(&mut bytes, version).map_err(|e| e.to_string())?;
    Ok(bytes.len())
}

fn api<Q: Question>() -> Api {
    let versions = Q::Response::VERSIONS;
    Api {
        name: std::any::type_name::<Q>(),
        shape: Q::ANSWER,
        versions,
        decode: decode::<Q::Response>,
    }
}

fn apis() -> Vec<Api> {
    vec![
        api::<ApiVersionsRequest>(),
        api::<MetadataRequest>(),
        api::<DescribeQuorumRequest>(),
        api::<FetchRequest>(),
        api::<ListOffsetsRequest>(),
        api::<CreateTopicsRequest>(),
        api::<FindCoordinatorRequest>(),
        api::<ListGroupsRequest>(),
        api::<DescribeGroupsRequest>(),
        api::<ConsumerGroupDescribeRequest>(),
        api::<OffsetFetchRequest>(),
        Api {
            name: "ResponseHeader",
            shape: RESPONSE_HEADER,
            versions: ResponseHeader::VERSIONS,
            decode: decode::<ResponseHeader>,
        },
        Api {
            name: "ConsumerProtocolAssignment",
            shape: CONSUMER_ASSIGNMENT,
            versions: ConsumerProtocolAssignment::VERSIONS,
            decode: decode::<ConsumerProtocolAssignment>,
        },
    ]
}

/// Calls `each` for every version of every response.
fn in_every_version(mut each: impl FnMut(&Api, i16)) {
    for api in apis() {
        for version in api.versions.min..=api.versions.max {
            each(&api, version);
        }
    }
}

/// A message made from nothing but its shape, with every field and tag, and where lengths stand.
struct Sample {
    version: i16,
    flexible: bool,
    bytes: Vec<u8>,
    /// Begin and end of every length, and of what.
    lengths: Vec<(std::ops::Range<usize>, &'static str)>,
    elements: usize,
}

impl Sample {
    fn of(shape: Shape, version: i16, elements: usize) -> Self {
        let flexible = version >= shape.flexible;
        let mut message = Self { version, flexible, bytes: vec![], lengths: vec![], elements };
        message.structure(shape.fields);
        message
    }

    fn structure(&mut self, fields: &[Field]) {
        let here: Vec<&Field> = fields.iter().filter(|f| f.is_in(self.version)).collect();
        for field in here.iter().filter(|f| f.tag.is_none()) {
            self.value(&field.kind);
        }
        if !self.flexible {
            return;
        }
        let tagged: Vec<&&Field> = here.iter().filter(|f| f.tag.is_some()).collect();
        // One more that nobody knows.
        self.bytes.push(u8::try_from(tagged.len() + 1).unwrap());
        for field in tagged {
            self.bytes.extend(unsigned_varlong(field.tag.unwrap().into()));
            let mut inner = Self { bytes: vec![], lengths: vec![], ..*self };
            inner.value(&field.kind);
            self.length(inner.bytes.len(), "tag", 0);
            let at = self.bytes.len();
            let moved = inner.lengths.into_iter().map(|(r, of)| (r.start + at..r.end + at, of));
            self.lengths.extend(moved);
            self.bytes.extend(inner.bytes);
        }
        self.bytes.extend([100, 3, b'n', b'e', b'w']);
    }

    fn value(&mut self, kind: &Kind) {
        match kind {
            Kind::Fixed(size) => self.bytes.extend(vec![0; *size]),
            Kind::Text | Kind::Bytes => {
                self.length(3, if matches!(kind, Kind::Text) { "text" } else { "bytes" }, 1);
                self.bytes.extend(b"abc");
            }
            Kind::Array(element) => {
                self.length(self.elements, "array", 1);
                (0..self.elements).for_each(|_| self.value(element));
            }
            Kind::Struct(fields) => self.structure(fields),
        }
    }

    fn length(&mut self, length: usize, of: &'static str, more: u64) {
        let start = self.bytes.len();
        let length = u64::try_from(length).unwrap();
        self.bytes.extend(match (self.flexible, of) {
            (true, _) => unsigned_varlong(length + more),
            (false, "text") => u16::try_from(length).unwrap().to_be_bytes().to_vec(),
            (false, _) => u32::try_from(length).unwrap().to_be_bytes().to_vec(),
        });
        self.lengths.push((start..self.bytes.len(), of));
    }

    /// The bytes with another length at one of the places.
    fn with(&self, place: &std::ops::Range<usize>, length: &[u8]) -> Vec<u8> {
        [&self.bytes[..place.start], length, &self.bytes[place.end..]].concat()
    }
}

#[test]
fn shape_and_decoder_read_the_same_bytes_in_every_version() {
    in_every_version(|api, version| {
        for elements in 0..3 {
            let message = Sample::of(api.shape, version, elements);
            assert_eq!(api.shape.check(&message.bytes, version), Ok(()), "{} v{version}", api.name);
            let left = (api.decode)(message.bytes.into(), version);
            assert_eq!(left, Ok(0), "{} v{version}, {elements} elements", api.name);
        }
    });
}

/// Without the check, each of these makes the decoder ask for up to hundreds of GiB.
#[test]
fn no_absurd_length_gets_past_the_check() {
    let mut arrays = 0;
    in_every_version(|api, version| {
        let message = Sample::of(api.shape, version, 2);
        for (place, of) in &message.lengths {
            let absurd: &[&[u8]] = match (message.flexible, *of) {
                (true, _) => &[
                    &[0xff, 0xff, 0xff, 0xff, 0x0f],
                    &[0xff, 0xff, 0xff, 0xff, 0x7f],
                    &[0xff, 0xff, 0xff, 0xff, 0xff],
                    &[0xff, 0xff, 0xff, 0xff, 0x07],
                    &[0x80, 0x80, 0x80, 0x08],
                ],
                (false, "text") => &[&[0x7f, 0xff], &[0x80, 0x00], &[0xff, 0xfe]],
                (false, _) => &[
                    &[0x7f, 0xff, 0xff, 0xff],
                    &[0x80, 0, 0, 0],
                    &[0xff, 0xff, 0xff, 0xfe],
                    &[0x01, 0, 0, 0],
                ],
            };
            for length in absurd {
                let bytes = message.with(place, length);
                let checked = api.shape.check(&bytes, version);
                assert!(checked.is_err(), "{} v{version}: {of} at {place:?}", api.name);
            }
            arrays += usize::from(*of == "array");
        }
    });
    assert!(arrays > 300, "only {arrays} arrays were tried");
}

#[test]
fn a_message_that_ends_early_or_late_is_refused() {
    in_every_version(|api, version| {
        let message = Sample::of(api.shape, version, 1).bytes;
        for end in 0..message.len() {
            let checked = api.shape.check(&message[..end], version);
            assert!(checked.is_err(), "{} v{version} cut at {end}", api.name);
        }
        let late = [&message[..], &[0]].concat();
        assert!(api.shape.check(&late, version).is_err(), "{} v{version}", api.name);
    });
}

#[test]
fn a_tagged_field_is_as_long_as_it_says() {
    // The decoder would read the array in the tag past its size, out of step with the walk.
    let shape = ApiVersionsRequest::ANSWER;
    let before = [0, 0, 1, 0, 0, 0, 0];
    let feature = [2, 2, b'f', 0, 1, 0, 1, 0];
    let with_size = |size: u8| [&before[..], &[1, 0, size], &feature].concat();
    assert_eq!(shape.check(&with_size(8), 3), Ok(()));
    assert!(shape.check(&with_size(7), 3).is_err());
    assert!(shape.check(&with_size(9), 3).is_err());
}

#[test]
fn tags_out_of_order_or_without_number_are_refused() {
    let tags = |tags: &[u8]| RESPONSE_HEADER.check(&[&[0, 0, 0, 1], tags].concat(), 1);
    assert_eq!(tags(&[2, 5, 0, 6, 0]), Ok(()));
    assert!(tags(&[2, 6, 0, 5, 0]).is_err());
    assert!(tags(&[2, 5, 0, 5, 0]).is_err());
    let count = u32::try_from(MAX_UNKNOWN_TAGS).unwrap() + 1;
    let mut many = unsigned_varlong(count.into());
    (0..count).for_each(|tag| many.extend([unsigned_varlong(tag.into()), vec![0]].concat()));
    assert!(tags(&many).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Whatever passes the check is safe to decode; the decoder may refuse it, but not die of it.
    #[test]
    fn any_bytes_are_survived(
        api in any::<prop::sample::Index>(),
        version in 0..18_i16,
        bytes in proptest::collection::vec(prop_oneof![4 => 0..4_u8, 1 => any::<u8>()], 0..200),
    ) {
        let apis = apis();
        let api = api.get(&apis);
        let version = version.clamp(api.versions.min, api.versions.max);
        if api.shape.check(&bytes, version).is_ok() {
            let _ = (api.decode)(bytes.into(), version);
        }
    }

    /// Damage to a good message: any byte replaced.
    #[test]
    fn any_damage_is_survived(
        api in any::<prop::sample::Index>(),
        version in 0..18_i16,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let apis = apis();
        let api = api.get(&apis);
        let version = version.clamp(api.versions.min, api.versions.max);
        let mut bytes = Sample::of(api.shape, version, 2).bytes;
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if api.shape.check(&bytes, version).is_ok() {
            let _ = (api.decode)(bytes.into(), version);
        }
    }
}
