//! Against servers that misbehave: every question ends within its patience, as an error.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;

const PATIENCE: Duration = Duration::from_millis(300);

/// Longer than any question may take, however busy the machine.
const LIMIT: Duration = Duration::from_secs(5);

/// The number of a ping, which a session may begin with.
const PING: [u8; 4] = (-2_i32).to_be_bytes();

/// How a session begins: protocol 0, its timeout in ms, its id, its password.
fn welcome() -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(0_i32.to_be_bytes());
    body.extend(6000_i32.to_be_bytes());
    body.extend(7_i64.to_be_bytes());
    body.extend(16_i32.to_be_bytes());
    body.extend([1; 16]);
    body.push(0);
    framed(&body)
}

fn framed(body: &[u8]) -> Vec<u8> {
    let length = i32::try_from(body.len()).unwrap();
    [&length.to_be_bytes(), body].concat()
}

/// The answer to a question, whose number the server puts in: a zxid, an error, and what follows.
fn answer(error: i32, rest: &[u8]) -> Vec<u8> {
    framed(&[&[0; 4][..], &5_i64.to_be_bytes(), &error.to_be_bytes(), rest].concat())
}

/// Data and the Stat behind them.
fn data(bytes: &[u8]) -> Vec<u8> {
    let length = i32::try_from(bytes.len()).unwrap();
    let mut rest = [&length.to_be_bytes(), bytes].concat();
    for number in [11_i64, 12, 1000, 2000] {
        rest.extend(number.to_be_bytes());
    }
    for number in [3_i32, 0, 0] {
        rest.extend(number.to_be_bytes());
    }
    rest.extend(0_i64.to_be_bytes());
    rest.extend(length.to_be_bytes());
    rest.extend(0_i32.to_be_bytes());
    rest.extend(13_i64.to_be_bytes());
    rest
}

/// Reads a question; its first four bytes are its number.
async fn question(stream: &mut TcpStream) -> Vec<u8> {
    let length = stream.read_i32().await.unwrap();
    let mut body = vec![0; usize::try_from(length).unwrap()];
    stream.read_exact(&mut body).await.unwrap();
    body
}

/// A server that welcomes and then answers the first question with these bytes; whether it closes
/// the connection after them.
async fn server(first: Option<Vec<u8>>, then: Option<Vec<u8>>, closes: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (first, then) = (first.clone(), then.clone());
            tokio::spawn(async move {
                if let Some(first) = first {
                    question(&mut stream).await;
                    stream.write_all(&first).await.unwrap();
                    if let Some(mut then) = then {
                        let mut asked = question(&mut stream).await;
                        while asked[..4] == PING {
                            stream
                                .write_all(&framed(&[&PING[..], &[0; 12]].concat()))
                                .await
                                .unwrap();
                            asked = question(&mut stream).await;
                        }
                        let number = then.iter_mut().skip(4).zip(&asked[..4]);
                        number.for_each(|(place, byte)| *place = *byte);
                        stream.write_all(&then).await.unwrap();
                    }
                    if closes {
                        return;
                    }
                }
                let mut rest = Vec::new();
                let _ = stream.read_to_end(&mut rest).await;
            });
        }
    });
    address
}

async fn asked(server: String) -> Result<Option<Znode>, AskError> {
    let zookeeper = ZooKeeper::new(vec![server], PATIENCE);
    tokio::time::timeout(LIMIT, zookeeper.read("/a")).await.expect("within the limit")
}

#[tokio::test]
async fn a_server_that_is_silent_at_any_moment_is_a_timeout() {
    for (first, then) in [(None, None), (Some(welcome()), None)] {
        let error = asked(server(first, then, false).await).await.unwrap_err();
        assert!(matches!(error, AskError::TimedOut { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn half_an_answer_is_no_answer() {
    let whole = answer(0, &data(b"x"));
    for length in [1, 4, 10, whole.len() - 1] {
        let half = whole[..length].to_vec();
        let error = asked(server(Some(welcome()), Some(half.clone()), false).await).await;
        assert!(matches!(error, Err(AskError::TimedOut { .. })), "{length}: {error:?}");
        let error = asked(server(Some(welcome()), Some(half), true).await).await.unwrap_err();
        assert_eq!(error.code(), None, "{length}: {error:?}");
    }
}

#[tokio::test]
async fn a_port_that_nobody_listens_at_is_refused_at_once() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = asked(free.to_string()).await.unwrap_err();
    assert!(matches!(error, AskError::Unreachable { .. }), "{error:?}");
}

#[tokio::test]
async fn who_closes_at_once_or_speaks_another_language_is_told_from_silence() {
    for (first, closes) in
        [(Vec::new(), true), (b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), true)]
    {
        let error = asked(server(Some(first), None, closes).await).await.unwrap_err();
        assert!(!matches!(error, AskError::Unreachable { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn an_answer_without_a_stat_is_an_error_and_no_panic() {
    for rest in [&[][..], &[0, 0, 0, 9], &[0xff; 60]] {
        let told = answer(0, rest);
        let error = asked(server(Some(welcome()), Some(told), false).await).await.unwrap_err();
        assert!(matches!(error, AskError::NotZooKeeper { .. }), "{rest:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_znode_that_is_not_there_is_an_observation() {
    let none = answer(-101, &[]);
    assert_eq!(asked(server(Some(welcome()), Some(none), false).await).await, Ok(None));
}

#[tokio::test]
async fn any_bytes_are_data_and_only_json_has_numbers() {
    for (bytes, number) in [
        (b"{\"brokerid\":417}".to_vec(), Some(417)),
        (b"{\"brokerid\":\"\x1b[31m\"}".to_vec(), None),
        (vec![0xff, 0x1b, 0x00], None),
        (Vec::new(), None),
        (b"417".to_vec(), None),
    ] {
        let told = answer(0, &data(&bytes));
        let znode = asked(server(Some(welcome()), Some(told), false).await).await.unwrap().unwrap();
        assert_eq!((&znode.data, znode.number("brokerid")), (&bytes, number));
        assert_eq!((znode.stat.czxid, znode.stat.mzxid, znode.stat.version), (11, 12, 3));
        assert_eq!((znode.stat.ctime_ms, znode.stat.mtime_ms), (1000, 2000));
    }
}
