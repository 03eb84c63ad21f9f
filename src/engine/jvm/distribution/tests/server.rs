//! A server that does to each request what a test says.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// A request, and how many bytes of a body it was answered with.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    pub path: String,
    pub range: Option<String>,
    pub if_range: Option<String>,
    pub sent: usize,
}

impl Asked {
    pub(super) fn is_checksum(&self) -> bool {
        self.path.ends_with(".sha512")
    }
}

/// What a request is answered with.
pub(super) struct Answer {
    status: u16,
    headers: Vec<String>,
    body: Vec<u8>,
    hang: bool,
}

impl Answer {
    pub(super) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let length = format!("Content-Length: {}", body.len());
        Self { status, headers: vec![length], body, hang: false }
    }

    /// The rest of `file` from byte `from`.
    pub(super) fn rest(file: &[u8], from: usize) -> Self {
        let (last, size) = (file.len() - 1, file.len());
        Self::new(206, &file[from..]).header(&format!("Content-Range: bytes {from}-{last}/{size}"))
    }

    pub(super) fn header(mut self, line: &str) -> Self {
        self.headers.push(line.to_owned());
        self
    }

    /// Only the first `length` bytes of the body announced, then the connection is closed.
    pub(super) fn cut(mut self, length: usize) -> Self {
        self.body.truncate(length);
        self
    }

    /// The connection stays open, without a further byte.
    pub(super) fn hang(mut self) -> Self {
        self.hang = true;
        self
    }
}

/// Ends when dropped.
pub(super) struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// `answer` is given each request and the number of archive requests before it.
    pub(super) fn start(mut answer: impl FnMut(&Asked, usize) -> Answer + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let over = Arc::new(AtomicBool::new(false));
        let (log, ended) = (Arc::clone(&asked), Arc::clone(&over));
        let thread = thread::spawn(move || {
            let mut open = Vec::new();
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let stream = stream.unwrap();
                let mut request = read(&stream);
                let before = count(&log.lock().unwrap());
                let answer = answer(&request, before);
                request.sent = answer.body.len();
                log.lock().unwrap().push(request);
                write(&stream, &answer);
                if answer.hang {
                    open.push(stream);
                }
            }
        });
        Self { address, asked, over, thread: Some(thread) }
    }

    /// Serves `archive` with its checksum; `answer` says how the archive is served, by the number of
    /// requests for it before.
    pub(super) fn of_archive(
        archive: &[u8],
        mut answer: impl FnMut(&Asked, usize) -> Answer + Send + 'static,
    ) -> Self {
        let checksum = super::sha512_file(archive);
        Self::start(move |asked, before| {
            if asked.is_checksum() {
                Answer::new(200, checksum.clone())
            } else {
                answer(asked, before)
            }
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/dist/kafka", self.address)
    }

    /// The requests for the archive itself.
    pub(super) fn asked(&self) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|asked| !asked.is_checksum()).cloned().collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || thread::panicking(), "the server thread panicked");
        }
    }
}

fn count(asked: &[Asked]) -> usize {
    asked.iter().filter(|asked| !asked.is_checksum()).count()
}

fn read(stream: &TcpStream) -> Asked {
    let mut asked = Asked::default();
    for (number, line) in BufReader::new(stream).lines().enumerate() {
        let line = line.unwrap();
        if line.is_empty() {
            break;
        }
        if number == 0 {
            asked.path = line.split(' ').nth(1).unwrap().to_owned();
        }
        match line.split_once(": ").map(|(name, value)| (name.to_ascii_lowercase(), value)) {
            Some((name, value)) if name == "range" => asked.range = Some(value.to_owned()),
            Some((name, value)) if name == "if-range" => asked.if_range = Some(value.to_owned()),
            _ => {}
        }
    }
    asked
}

/// The client may have had enough: a failure to write is none of the test's.
fn write(mut stream: &TcpStream, answer: &Answer) {
    let headers = answer.headers.join("\r\n");
    let head = format!("HTTP/1.1 {} Test\r\nConnection: close\r\n{headers}\r\n\r\n", answer.status);
    drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&answer.body)));
}
