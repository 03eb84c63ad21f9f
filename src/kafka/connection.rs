//! One connection to one node: a request in, its response out, a deadline on each.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use kafka_protocol::messages::api_versions_response::ApiVersionsResponse;
use kafka_protocol::messages::{ApiKey, ApiVersionsRequest, RequestHeader, ResponseHeader};
use kafka_protocol::protocol::{
    Decodable, HeaderVersion, Message, Request, StrBytes, encode_request_header_into_buffer,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::ask::AskError;

/// No response is larger: `fetch.max.bytes` of our requests is far below it, and a peer that is
/// not Kafka ("HTTP" read as a length is 1.2 GiB) must not make us allocate.
const MAX_RESPONSE_BYTES: u32 = 128 * 1024 * 1024;

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
}

impl Connection {
    /// Connects to `host:port` and asks which versions the node supports, all before `deadline`.
    pub async fn open(address: &str, deadline: Instant) -> Result<Self, AskError> {
        let stream = within(deadline, address, "connect", TcpStream::connect(address))
            .await?
            .map_err(|e| unreachable(address, &e))?;
        // Requests are small and each waits for its response: coalescing would only add latency.
        stream.set_nodelay(true).map_err(|e| unreachable(address, &e))?;
        let mut connection =
            Self { stream, address: address.to_owned(), correlation: 0, versions: BTreeMap::new() };
        connection.versions = connection.ask_versions(deadline).await?;
        Ok(connection)
    }

    /// The address that was dialled.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Sends `request` in the newest version that both sides know, at most `newest`.
    ///
    /// After an error other than [`AskError::Unsupported`] the connection must not be used again:
    /// a late response would be taken for the next one.
    pub async fn call_up_to<R: Request>(
        &mut self,
        request: R,
        newest: i16,
        deadline: Instant,
    ) -> Result<R::Response, AskError> {
        let version = self.version_for::<R>(newest)?;
        self.exchange(&request, version, deadline).await
    }

    /// Sends `request` in the newest version that both sides know.
    pub async fn call<R: Request>(
        &mut self,
        request: R,
        deadline: Instant,
    ) -> Result<R::Response, AskError> {
        self.call_up_to(request, i16::MAX, deadline).await
    }

    /// Whether the node supports the API at all, e.g. `DescribeQuorum` outside of `KRaft`.
    pub fn supports(&self, api: ApiKey) -> bool {
        self.versions.contains_key(&(api as i16))
    }

    fn version_for<R: Request>(&self, newest: i16) -> Result<i16, AskError> {
        let ours = R::VERSIONS;
        let unsupported = |reason: String| AskError::Unsupported {
            address: self.address.clone(),
            question: question::<R>(),
            reason,
        };
        let Some(&(min, max)) = self.versions.get(&R::KEY) else {
            return Err(unsupported("the node does not list it in ApiVersions".to_owned()));
        };
        let version = max.min(ours.max).min(newest);
        if version < min.max(ours.min) {
            let (ours_min, ours_max) = (ours.min, ours.max.min(newest));
            return Err(unsupported(format!(
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

    async fn exchange<R: Request>(
        &mut self,
        request: &R,
        version: i16,
        deadline: Instant,
    ) -> Result<R::Response, AskError> {
        self.correlation = self.correlation.wrapping_add(1);
        let frame = self.frame(request, version)?;
        let address = self.address.clone();
        let bytes = within(deadline, &address, question::<R>(), self.send_and_receive::<R>(&frame))
            .await??;
        self.decode::<R>(bytes, version)
    }

    fn frame<R: Request>(&self, request: &R, version: i16) -> Result<BytesMut, AskError> {
        let header = RequestHeader::default()
            .with_request_api_key(R::KEY)
            .with_request_api_version(version)
            .with_correlation_id(self.correlation)
            .with_client_id(Some(StrBytes::from_static_str(CLIENT_ID)));
        let mut frame = BytesMut::zeroed(4);
        encode_request_header_into_buffer(&mut frame, &header)
            .and_then(|()| request.encode(&mut frame, version))
            .map_err(|e| self.malformed::<R>(e.to_string()))?;
        let length = u32::try_from(frame.len() - 4)
            .map_err(|_| self.malformed::<R>("a request of more than 4 GiB".to_owned()))?;
        frame[..4].copy_from_slice(&length.to_be_bytes());
        Ok(frame)
    }

    async fn send_and_receive<R: Request>(&mut self, frame: &[u8]) -> Result<Bytes, AskError> {
        let broken = |address: &str, e: &std::io::Error| AskError::Disconnected {
            address: address.to_owned(),
            question: question::<R>(),
            reason: e.to_string(),
        };
        self.stream.write_all(frame).await.map_err(|e| broken(&self.address, &e))?;
        let length = self.stream.read_u32().await.map_err(|e| broken(&self.address, &e))?;
        if length > MAX_RESPONSE_BYTES {
            return Err(self.malformed::<R>(format!("a response of {length} bytes is announced")));
        }
        // Grown as bytes arrive: an announced length is not yet worth an allocation.
        let mut response = BytesMut::with_capacity(length.min(64 * 1024) as usize);
        let mut body = (&mut self.stream).take(u64::from(length));
        while response.len() < length as usize {
            if body.read_buf(&mut response).await.map_err(|e| broken(&self.address, &e))? == 0 {
                let e = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
                return Err(broken(&self.address, &e));
            }
        }
        Ok(response.freeze())
    }

    fn decode<R: Request>(&self, mut bytes: Bytes, version: i16) -> Result<R::Response, AskError> {
        let length = bytes.len();
        // The one response whose version may differ from what was asked (KIP-511).
        let version = if R::KEY == ApiKey::ApiVersions as i16
            && bytes.get(4..6) == Some(&UNSUPPORTED_VERSION.to_be_bytes()[..])
        {
            0
        } else {
            version
        };
        let header = ResponseHeader::decode(&mut bytes, R::Response::header_version(version))
            .map_err(|e| self.malformed::<R>(format!("header: {e}")))?;
        if header.correlation_id != self.correlation {
            let (expected, found) = (self.correlation, header.correlation_id);
            return Err(
                self.malformed::<R>(format!("correlation id {expected} expected, {found} found"))
            );
        }
        R::Response::decode(&mut bytes, version).map_err(|e| {
            self.malformed::<R>(format!("{e}, in {length} bytes of version {version}"))
        })
    }

    fn malformed<R: Request>(&self, reason: String) -> AskError {
        AskError::Malformed { address: self.address.clone(), question: question::<R>(), reason }
    }
}

/// The protocol's name of a request type: `MetadataRequest`.
fn question<R: Message>() -> &'static str {
    let name = std::any::type_name::<R>();
    name.rsplit("::").next().unwrap_or(name)
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
