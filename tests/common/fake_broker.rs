//! A node that answers over TCP from a [`World`], and can be told to go wrong.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use kafka_protocol::messages::{ApiKey, FetchRequest, RequestHeader};
use kafka_protocol::protocol::{Decodable, decode_request_header_from_buffer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::sleep;
use uuid::Uuid;

use super::answers::Answer;
use super::world::{World, id_of};

type Change<T> = Arc<dyn Fn(&mut T) + Send + Sync>;

/// What goes wrong when an API is called.
#[derive(Clone)]
pub enum Fault {
    /// No answer; the connection stays open.
    Silence,
    /// Half of the answer, then nothing.
    HalfThenSilence,
    /// Half of the answer, then the end.
    HalfThenClose,
    /// The connection is closed in place of an answer.
    Close,
    /// The connection is reset in place of an answer.
    Reset,
    /// The answer, and once more the same.
    Twice,
    /// The answer to another request.
    WrongCorrelation,
    /// These bytes in place of a length and an answer.
    Bytes(Vec<u8>),
    /// One byte in a while.
    Drip(Duration),
    /// The answer, changed before it is written.
    Answer(Change<Answer>),
    /// Header and body, changed after they were written; the length in front fits.
    Body(Change<Vec<u8>>),
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fault")
    }
}

impl Fault {
    /// Changes the answer before it is written.
    pub fn answer(change: impl Fn(&mut Answer) + Send + Sync + 'static) -> Self {
        Self::Answer(Arc::new(change))
    }

    /// Changes header and body after they were written.
    pub fn body(change: impl Fn(&mut Vec<u8>) + Send + Sync + 'static) -> Self {
        Self::Body(Arc::new(change))
    }
}

#[derive(Debug)]
struct State {
    world: World,
    faults: BTreeMap<i16, Fault>,
    /// What goes wrong when a topic is fetched.
    fetch_faults: BTreeMap<Uuid, Fault>,
    asked: BTreeMap<i16, usize>,
    accepted: usize,
    open: usize,
}

/// A running node; dropped or stopped it closes its connections and refuses new ones.
#[derive(Debug)]
pub struct FakeBroker {
    address: String,
    state: Arc<Mutex<State>>,
    serving: JoinHandle<()>,
}

impl FakeBroker {
    /// A node at a free port of 127.0.0.1.
    pub async fn start(world: World) -> Self {
        Self::start_at("127.0.0.1:0", world).await
    }

    /// A node at an address that another one has left.
    pub async fn start_at(address: &str, world: World) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let state = State {
            world,
            faults: BTreeMap::new(),
            fetch_faults: BTreeMap::new(),
            asked: BTreeMap::new(),
            accepted: 0,
            open: 0,
        };
        let state = Arc::new(Mutex::new(state));
        let serving = tokio::spawn(serve(listener, address.clone(), Arc::clone(&state)));
        Self { address, state, serving }
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Goes wrong from now on when `api` is called.
    pub fn fail(&self, api: ApiKey, fault: Fault) -> &Self {
        self.state().faults.insert(api as i16, fault);
        self
    }

    /// Goes wrong from now on when `topic` is fetched.
    pub fn fail_fetch(&self, topic: &str, fault: Fault) -> &Self {
        self.state().fetch_faults.insert(id_of(topic), fault);
        self
    }

    /// Goes wrong no more.
    pub fn heal(&self) {
        self.state().faults.clear();
        self.state().fetch_faults.clear();
    }

    /// Changes what the node knows.
    pub fn change(&self, change: impl FnOnce(&mut World)) {
        change(&mut self.state().world);
    }

    /// How often `api` was called.
    pub fn asked(&self, api: ApiKey) -> usize {
        self.state().asked.get(&(api as i16)).copied().unwrap_or_default()
    }

    /// How many connections were made to it.
    pub fn accepted(&self) -> usize {
        self.state().accepted
    }

    /// How many connections are open, as far as the node has noticed.
    pub fn open(&self) -> usize {
        self.state().open
    }

    /// Closes every connection and the listener; returns the address.
    pub async fn stop(mut self) -> String {
        self.serving.abort();
        let _ = (&mut self.serving).await;
        self.address.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Drop for FakeBroker {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, address: String, state: Arc<Mutex<State>>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        state.lock().unwrap().accepted += 1;
        state.lock().unwrap().open += 1;
        let (address, state) = (address.clone(), Arc::clone(&state));
        connections.spawn(async move {
            let _ = talk(stream, &address, &state).await;
            state.lock().unwrap().open -= 1;
        });
    }
}

async fn talk(mut stream: TcpStream, address: &str, state: &Mutex<State>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    loop {
        let length = stream.read_u32().await?;
        let mut request = vec![0; length as usize];
        stream.read_exact(&mut request).await?;
        let mut request = Bytes::from(request);
        let header = decode_request_header_from_buffer(&mut request).unwrap();
        let (answer, fault) = answer(&header, request, address, &mut state.lock().unwrap());
        if !send(&mut stream, &header, answer, fault).await? {
            return Ok(());
        }
    }
}

fn answer(
    header: &RequestHeader,
    request: Bytes,
    address: &str,
    state: &mut State,
) -> (Answer, Option<Fault>) {
    *state.asked.entry(header.request_api_key).or_default() += 1;
    let fetched = topic_fetched(header, request.clone());
    let mut answer = Answer::to(header, request, &state.world, address);
    let of_topic = fetched.and_then(|topic| state.fetch_faults.get(&topic));
    let fault = of_topic.or_else(|| state.faults.get(&header.request_api_key)).cloned();
    if let Some(Fault::Answer(change)) = &fault {
        change(&mut answer);
    }
    (answer, fault)
}

fn topic_fetched(header: &RequestHeader, mut request: Bytes) -> Option<Uuid> {
    let is_fetch = header.request_api_key == ApiKey::Fetch as i16;
    let request = is_fetch
        .then(|| FetchRequest::decode(&mut request, header.request_api_version).unwrap())?;
    Some(request.topics.first()?.topic_id)
}

/// Sends an answer as the fault wants it; false at the end of the connection.
async fn send(
    stream: &mut TcpStream,
    header: &RequestHeader,
    answer: Answer,
    fault: Option<Fault>,
) -> std::io::Result<bool> {
    let (correlation, version) = (header.correlation_id, header.request_api_version);
    let bytes = framed(answer.bytes(correlation, version));
    let half = &bytes[..bytes.len() / 2];
    match fault {
        None | Some(Fault::Answer(_)) => stream.write_all(&bytes).await?,
        Some(Fault::Silence) => return silence(stream).await,
        Some(Fault::HalfThenSilence) => {
            stream.write_all(half).await?;
            return silence(stream).await;
        }
        Some(Fault::HalfThenClose) => {
            stream.write_all(half).await?;
            return Ok(false);
        }
        Some(Fault::Close) => return Ok(false),
        Some(Fault::Reset) => {
            stream.set_zero_linger()?;
            return Ok(false);
        }
        Some(Fault::Twice) => stream.write_all(&bytes.repeat(2)).await?,
        Some(Fault::WrongCorrelation) => {
            stream.write_all(&framed(answer.bytes(correlation + 1, version))).await?;
        }
        Some(Fault::Bytes(bytes)) => {
            stream.write_all(&bytes).await?;
            return silence(stream).await;
        }
        Some(Fault::Drip(interval)) => {
            for byte in bytes.chunks(1) {
                stream.write_all(byte).await?;
                sleep(interval).await;
            }
        }
        Some(Fault::Body(change)) => {
            let mut body = bytes[4..].to_vec();
            change(&mut body);
            stream.write_all(&framed(body)).await?;
        }
    }
    Ok(true)
}

/// Answers nothing until the other side has gone.
async fn silence(stream: &mut TcpStream) -> std::io::Result<bool> {
    let mut ignored = [0; 1024];
    while stream.read(&mut ignored).await? > 0 {}
    Ok(false)
}

fn framed(body: Vec<u8>) -> Vec<u8> {
    let mut frame = Vec::new();
    frame.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
    frame.extend(body);
    frame
}
