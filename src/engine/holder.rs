//! Who holds a port of this machine, as far as `/proc` lets this user see it (Linux; proc(5)).

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::jvm::layout::Program;
use crate::printable;

/// `TCP_LISTEN` in the tables below.
const LISTENS: &str = "0A";

/// The tables of connections, of both families.
const TABLES: [&str; 2] = ["/proc/net/tcp", "/proc/net/tcp6"];

/// A process that holds a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its process id.
    pub pid: u32,
    /// Its program's name, without what a terminal would act on.
    pub program: String,
}

/// The processes that hold `ports`, on whatever address. Those of other users are left out, and so
/// is what this system does not tell.
pub fn holders(ports: &BTreeSet<u16>) -> BTreeMap<u16, Holder> {
    if ports.is_empty() {
        return BTreeMap::new();
    }
    let tables: Vec<String> =
        TABLES.iter().filter_map(|table| fs::read_to_string(table).ok()).collect();
    let lines = || tables.iter().flat_map(|table| table.lines()).filter_map(Socket::read);
    let wanted = |port: u16| {
        let at = || lines().filter(|socket| socket.port == port && socket.inode > 0);
        // Whoever only calls from a port keeps it from others too.
        let found = at().find(|socket| socket.listens).or_else(|| at().next())?;
        Some((found.inode, port))
    };
    owners(&ports.iter().filter_map(|port| wanted(*port)).collect())
}

/// A line of a table.
#[derive(Debug, PartialEq, Eq)]
struct Socket {
    port: u16,
    listens: bool,
    inode: u64,
}

impl Socket {
    /// `0: 0100007F:2384 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 12345 …`
    fn read(line: &str) -> Option<Self> {
        let mut fields = line.split_ascii_whitespace().skip(1);
        let (_, port) = fields.next()?.rsplit_once(':')?;
        let listens = fields.nth(1)? == LISTENS;
        let inode = fields.nth(5)?.parse().ok()?;
        Some(Self { port: u16::from_str_radix(port, 16).ok()?, listens, inode })
    }
}

/// Who has these sockets open, by their inodes.
fn owners(sockets: &BTreeMap<u64, u16>) -> BTreeMap<u16, Holder> {
    let mut found = BTreeMap::new();
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    for process in processes {
        let Some(pid) = process.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        let files = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
        let links = files.filter_map(|file| fs::read_link(file.path()).ok());
        let ports = links.filter_map(|link| sockets.get(&inode_of(&link)?).copied());
        for port in ports.collect::<BTreeSet<u16>>() {
            found.entry(port).or_insert_with(|| Holder { pid, program: program_of(pid) });
        }
        if found.len() == sockets.len() {
            break;
        }
    }
    found
}

/// 12345 of `socket:[12345]`.
fn inode_of(link: &Path) -> Option<u64> {
    link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
}

/// The file name of the program that a process was started with; its own short name where it has no
/// command line. A JVM that runs Kafka is told by the configuration that it runs with.
fn program_of(pid: u32) -> String {
    let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let line = String::from_utf8_lossy(&line);
    let words: Vec<&str> = line.split_terminator('\0').collect();
    let short = || fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    match words.as_slice() {
        [_, .., class, file] if Program::has_class(class) => {
            format!("Kafka, {}", printable::line(file))
        }
        [program, ..] => {
            let name = Path::new(program).file_name();
            printable::name(&name.map(|name| name.to_string_lossy()).unwrap_or_default())
        }
        [] => printable::name(short().trim()),
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv6Addr, TcpListener, TcpStream};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_port_is_traced_to_the_process_that_listens_on_it() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        // Whoever calls has a socket of its own.
        let caller = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let calling = caller.local_addr().unwrap().port();
        let found = holders(&BTreeSet::from([port, calling]));
        let me = std::process::id();
        assert_eq!((found[&port].pid, found[&calling].pid), (me, me), "{found:?}");
        assert!(!found[&port].program.is_empty());
        drop((listener, caller));
        assert!(!holders(&BTreeSet::from([port])).contains_key(&port));
    }

    #[test]
    fn a_port_of_the_other_family_is_traced_too() {
        let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else { return };
        let port = listener.local_addr().unwrap().port();
        assert_eq!(holders(&BTreeSet::from([port]))[&port].pid, std::process::id());
    }

    proptest! {
        #[test]
        fn whatever_a_table_holds_is_read_without_panic(line in ".{0,200}") {
            let _ = Socket::read(&line);
        }
    }
}
