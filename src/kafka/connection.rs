//! One connection to one node: a request in, its response out, a deadline on each.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use kafka_protocol::messages::api_versions_response::ApiVersionsResponse;
use kafka_protocol::messages::{ApiKey, ApiVersionsRequest, RequestHeader, ResponseHeader};
use kafka_protocol::protocol::{
    Decodable, HeaderVersion, Message, StrBytes, encode_request_header_into_buffer,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::ask::AskError;
use super::shape::Question;
use super::shapes::RESPONSE_HEADER;
use super::varint::{DecodeError, Reader};

/// No response is larger: `fetch.max.bytes` of our requests is far below it, and a peer that is
/// not Kafka ("HTTP" read as a length is 1.2 GiB) must not make us allocate.
const MAX_RESPONSE_BYTES: u32 = 64 * 1024 * 1024;

/// Set aside for a response before it has come.
const BELIEVED_BYTES: u32 = 8 * 1024 * 1024;

/// How this program names itself in requests; brokers show it in their logs.
const CLIENT_ID: &str = "kafka-workbook";

/// `UNSUPPORTED_VERSION`: the broker answers an `ApiVersions` it does not know in version 0.
const UNSUPPORTED_VERSION: i16 = 35;

/// An open connection with the versions that the node supports.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    address: String,
    correlation: i32,
    versions: BTreeMap<i16, (i16, i16)>,
    /// Whether every response that was asked for has been read to its end.
    settled: bool,
}

impl Connection {
    /// Connects to `host:port` and asks which versions the node supports, all before `deadline`.
    pub async fn open(address: &str, deadline: Instant) -> Result<Self, AskError> {
        let stream = within(deadline, address, "connect", TcpStream::connect(address))
            .await?
            .map_err(|e| unreachable(address, &e))?;
        // Requests are small and each waits for its response: coalescing would only add latency.
        stream.set_nodelay(true).map_err(|e| unreachable(address, &e))?;
        let mut connection = Self {
            stream,
            address: address.to_owned(),
            correlation: 0,
            versions: BTreeMap::new(),
            settled: true,
        };
        connection.versions = connection.ask_versions(deadline).await?;
        Ok(connection)
    }

    /// The address that was dialled.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether another request may be sent: not after a failed or abandoned one, whose late response
    /// would be taken for the next, nor once the node has closed the connection or sent something
    /// unasked. A node that closes it right now is noticed only by asking.
    pub fn is_usable(&self) -> bool {
        let mut unasked = [0];
        let quiet = self.stream.try_read(&mut unasked);
        self.settled && quiet.is_err_and(|e| e.kind() == ErrorKind::WouldBlock)
    }

    /// Sends `request` in the newest version that both sides know, at most `newest`.
    ///
    /// After an error or a dropped future the connection may be of no more use: see
    /// [`Connection::is_usable`].
    pub async fn call_up_to<R: Question>(
        &mut self,
        request: R,
        newest: i16,
        deadline: Instant,
    ) -> Result<R::Response, AskError> {
        let version = self.version_for::<R>(newest)?;
        self.exchange(&request, version, deadline).await
    }

    /// Sends `request` in the newest version that both sides know.
    pub async fn call<R: Question>(
        &mut self,
        request: R,
        deadline: Instant,
    ) -> Result<R::Response, AskError> {
        self.call_up_to(request, i16::MAX, deadline).await
    }

    fn version_for<R: Question>(&self, newest: i16) -> Result<i16, AskError> {
        let ours = R::VERSIONS;
        let Some(&(min, max)) = self.versions.get(&R::KEY) else {
            let reason = "the node does not list it in ApiVersions";
            return Err(self.unsupported::<R>(reason.to_owned()));
        };
        let version = max.min(ours.max).min(newest);
        if version < min.max(ours.min) {
            let (ours_min, ours_max) = (ours.min, ours.max.min(newest));
            return Err(self.unsupported::<R>(format!(
                "here versions {ours_min} to {ours_max}, there {min} to {max}"
            )));
        }
        Ok(version)
    }

    async fn ask_versions(
        &mut self,
        deadline: Instant,
    ) -> Result<BTreeMap<i16, (i16, i16)>, AskError> {
        let request = ApiVersionsRequest::default()
            .with_client_software_name(StrBytes::from_static_str(CLIENT_ID))
            .with_client_software_version(StrBytes::from_static_str(env!("CARGO_PKG_VERSION")));
        let response: ApiVersionsResponse = self.exchange(&request, 3, deadline).await?;
        if response.error_code != 0 {
            return Err(AskError::Refused {
                address: self.address.clone(),
                question: question::<ApiVersionsRequest>(),
                code: response.error_code,
            });
        }
        Ok(response.api_keys.iter().map(|k| (k.api_key, (k.min_version, k.max_version))).collect())
    }

    async fn exchange<R: Question>(
        &mut self,
        request: &R,
        version: i16,
        deadline: Instant,
    ) -> Result<R::Response, AskError> {
        if !self.settled {
            return Err(self.disconnected::<R>("an earlier answer was not waited for"));
        }
        self.correlation = self.correlation.wrapping_add(1);
        let frame = self.frame(request, version)?;
        let address = self.address.clone();
        self.settled = false;
        let bytes = within(deadline, &address, question::<R>(), self.send_and_receive::<R>(&frame))
            .await??;
        let response = self.decode::<R>(bytes, version)?;
        self.settled = true;
        Ok(response)
    }

    fn frame<R: Question>(&self, request: &R, version: i16) -> Result<BytesMut, AskError> {
        let header = RequestHeader::default()
            .with_request_api_key(R::KEY)
            .with_request_api_version(version)
            .with_correlation_id(self.correlation)
            .with_client_id(Some(StrBytes::from_static_str(CLIENT_ID)));
        let mut frame = BytesMut::zeroed(4);
        // A field that the negotiated version does not have cannot be encoded.
        encode_request_header_into_buffer(&mut frame, &header)
            .and_then(|()| request.encode(&mut frame, version))
            .map_err(|e| self.unsupported::<R>(format!("version {version}: {e}")))?;
        let length = u32::try_from(frame.len() - 4)
            .map_err(|_| self.unsupported::<R>("a request of more than 4 GiB".to_owned()))?;
        frame[..4].copy_from_slice(&length.to_be_bytes());
        Ok(frame)
    }

    async fn send_and_receive<R: Question>(&mut self, frame: &[u8]) -> Result<Bytes, AskError> {
        if let Err(e) = self.stream.write_all(frame).await {
            return Err(self.disconnected::<R>(e));
        }
        let length = match self.stream.read_u32().await {
            Ok(length) => length,
            Err(e) => return Err(self.disconnected::<R>(e)),
        };
        if length > MAX_RESPONSE_BYTES {
            return Err(self.malformed::<R>(format!("a response of {length} bytes is announced")));
        }
        // Beyond what a fetch asks for, grown as bytes arrive: an announced length is not yet worth
        // an allocation.
        let mut response = BytesMut::with_capacity(length.min(BELIEVED_BYTES) as usize);
        let mut body = (&mut self.stream).take(u64::from(length));
        while response.len() < length as usize {
            match body.read_buf(&mut response).await {
                Ok(0) => return Err(self.disconnected::<R>(ErrorKind::UnexpectedEof)),
                Ok(_) => {}
                Err(e) => return Err(self.disconnected::<R>(e)),
            }
        }
        Ok(response.freeze())
    }

    fn decode<R: Question>(&self, mut bytes: Bytes, version: i16) -> Result<R::Response, AskError> {
        let length = bytes.len();
        // The one response whose version may differ from what was asked (KIP-511).
        let refused = bytes.get(4..6) == Some(&UNSUPPORTED_VERSION.to_be_bytes()[..]);
        let of_versions = R::KEY == ApiKey::ApiVersions as i16;
        let version = if of_versions && refused { 0 } else { version };
        let unreadable = |e: &dyn std::fmt::Display| {
            self.malformed::<R>(format!("{e}, in {length} bytes of version {version}"))
        };
        // The decoder believes every length: they are looked at first.
        let header_version = R::Response::header_version(version);
        check_shape::<R>(&bytes, header_version, version).map_err(|e| unreadable(&e))?;
        let header =
            ResponseHeader::decode(&mut bytes, header_version).map_err(|e| unreadable(&e))?;
        if header.correlation_id != self.correlation {
            let (expected, found) = (self.correlation, header.correlation_id);
            return Err(
                self.malformed::<R>(format!("correlation id {expected} expected, {found} found"))
            );
        }
        R::Response::decode(&mut bytes, version).map_err(|e| unreadable(&e))
    }

    fn disconnected<R: Message>(&self, reason: impl std::fmt::Display) -> AskError {
        let (address, question) = (self.address.clone(), question::<R>());
        AskError::Disconnected { address, question, reason: reason.to_string() }
    }

    fn unsupported<R: Message>(&self, reason: String) -> AskError {
        AskError::Unsupported { address: self.address.clone(), question: question::<R>(), reason }
    }

    fn malformed<R: Message>(&self, reason: String) -> AskError {
        AskError::Malformed { address: self.address.clone(), question: question::<R>(), reason }
    }
}

/// The protocol's name of a request type: `MetadataRequest`.
fn question<R: Message>() -> &'static str {
    let name = std::any::type_name::<R>();
    name.rsplit("::").next().unwrap_or(name)
}

/// Whether header and body are there in full and nothing else.
fn check_shape<R: Question>(
    bytes: &[u8],
    header_version: i16,
    version: i16,
) -> Result<(), DecodeError> {
    let mut reader = Reader::new(bytes);
    RESPONSE_HEADER.pass(&mut reader, header_version)?;
    R::ANSWER.pass(&mut reader, version)?;
    reader.finish()
}

fn unreachable(address: &str, e: &std::io::Error) -> AskError {
    AskError::Unreachable { address: address.to_owned(), reason: e.to_string() }
}

async fn within<T>(
    deadline: Instant,
    address: &str,
    question: &'static str,
    work: impl Future<Output = T>,
) -> Result<T, AskError> {
    let begun = Instant::now();
    tokio::time::timeout_at(deadline, work).await.map_err(|_| AskError::TimedOut {
        address: address.to_owned(),
        question,
        after: begun.elapsed().max(Duration::from_millis(1)),
    })
}
