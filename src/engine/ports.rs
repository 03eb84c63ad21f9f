//! Which ports an environment takes.
//!
//! The compose files are the table: `${KAFKA_PORT:-9092}` says that `KAFKA_PORT` lies 0 above the
//! base, `${KAFKA_CONTROLLER_PORT:-9093}` that it lies 1 above. The base is 9092 or
//! `KAFKA_WORKBOOK_PORT_BASE`; where one port of the block is taken, the next block is tried.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};

use thiserror::Error;

use super::environment;
use crate::phrase;
use crate::problem::{Explain, Problem};

/// The base that the files' defaults are written for.
pub const FILE_BASE: u16 = 9092;

/// Distance between two blocks; the largest environment takes fewer ports than this.
const BLOCK: u16 = 100;

/// Blocks that are tried.
const BLOCKS: u16 = 50;

/// The code of every problem that is about a port which another program holds.
pub const BUSY: &str = "port-busy";

/// No block of ports could be had.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PortError {
    /// Every block had a port that is taken.
    #[error("in every block from {base} on a port is taken")]
    NoneFree {
        /// The first block's base.
        base: u16,
        /// The port that was taken in the first block.
        taken: u16,
    },
    /// `KAFKA_WORKBOOK_PORT_BASE` is not a usable port.
    #[error("KAFKA_WORKBOOK_PORT_BASE is `{0}`")]
    BadBase(String),
}

/// The base from `KAFKA_WORKBOOK_PORT_BASE`, given its value; 9092 where it is not set.
pub fn base_from(value: Option<&str>) -> Result<u16, PortError> {
    let Some(value) = value.filter(|v| !v.is_empty()) else {
        return Ok(FILE_BASE);
    };
    let base = value.parse().ok().filter(|base| (1024..=60_000).contains(base));
    base.ok_or_else(|| PortError::BadBase(value.to_owned()))
}

/// Whether a variable of a compose file is a port.
pub fn is_variable(name: &str) -> bool {
    name.ends_with("_PORT")
}

/// The ports among the values of an environment's variables.
pub fn among(variables: &BTreeMap<String, String>) -> BTreeSet<u16> {
    let ports = variables.iter().filter(|(name, _)| is_variable(name));
    ports.filter_map(|(_, value)| value.parse().ok()).collect()
}

/// Port variables of a compose file with their defaults.
pub fn variables_in(text: &str) -> BTreeMap<String, u16> {
    environment::variables_in(text)
        .filter(|(name, _)| is_variable(name))
        .filter_map(|(name, default)| Some((name.to_owned(), default.parse().ok()?)))
        .collect()
}

/// Values for the port variables from the first block of which `is_free` likes every port.
pub fn choose(
    variables: &BTreeMap<String, u16>,
    base: u16,
    is_free: impl Fn(u16) -> bool,
) -> Result<BTreeMap<String, u16>, PortError> {
    let mut first_taken = None;
    for block in 0..BLOCKS {
        let Some(block_base) = block.checked_mul(BLOCK).and_then(|up| base.checked_add(up)) else {
            break;
        };
        let ports: Option<BTreeMap<String, u16>> = variables
            .iter()
            .map(|(name, default)| {
                let port = block_base.checked_add(default.checked_sub(FILE_BASE)?)?;
                Some((name.clone(), port))
            })
            .collect();
        let Some(ports) = ports else { break };
        match ports.values().find(|port| !is_free(**port)) {
            None => return Ok(ports),
            Some(port) => first_taken = first_taken.or(Some(*port)),
        }
    }
    Err(PortError::NoneFree { base, taken: first_taken.unwrap_or(base) })
}

/// The base of the block that `chosen` lies in, given the file's defaults.
pub fn base_of(defaults: &BTreeMap<String, u16>, chosen: &BTreeMap<String, u16>) -> Option<u16> {
    let (name, default) = defaults.first_key_value()?;
    chosen.get(name)?.checked_sub(default.checked_sub(FILE_BASE)?)
}

/// Whether nothing on this machine listens on a port of `localhost`, a name that to some clients
/// means the IPv6 address first.
pub fn is_free(port: u16) -> bool {
    let other = TcpListener::bind((Ipv6Addr::LOCALHOST, port));
    // A machine without IPv6 refuses for another reason.
    let other_is_taken = other.is_err_and(|e| e.kind() == ErrorKind::AddrInUse);
    is_free_at(Ipv4Addr::LOCALHOST, port) && !other_is_taken
}

/// Whether nothing listens on a port of one loopback address.
pub fn is_free_at(address: Ipv4Addr, port: u16) -> bool {
    TcpListener::bind((address, port)).is_ok()
}

impl Explain for PortError {
    fn problem(&self) -> Problem {
        match self {
            Self::NoneFree { base, taken } => Problem::new(
                BUSY,
                phrase!(
                    "no free block of ports from {base} on: another program holds {taken}",
                    "从 {base} 起找不到空闲的端口段：{taken} 被其他程序占用"
                ),
                phrase!(
                    "choose another start with KAFKA_WORKBOOK_PORT_BASE, or see who holds it: ss -ltnp",
                    "用 KAFKA_WORKBOOK_PORT_BASE 换一个起点，或查看占用者：ss -ltnp"
                ),
            ),
            Self::BadBase(value) => Problem::usage(
                "port-base",
                phrase!(
                    "KAFKA_WORKBOOK_PORT_BASE is `{value}`: a number from 1024 to 60000 is expected",
                    "KAFKA_WORKBOOK_PORT_BASE 是 `{value}`：应为 1024 到 60000 之间的数字"
                ),
                phrase!("unset it to begin at 9092", "取消这个变量，就从 9092 开始"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "- \"127.0.0.1:${KAFKA_PORT:-9092}:${KAFKA_PORT:-9092}\"\n${KAFKA_CONTROLLER_PORT:-9093} ${X:-1}";

    #[test]
    fn the_files_defaults_are_the_table_of_offsets() {
        let ports = choose(&variables_in(FILE), 20_000, |_| true).unwrap();
        let expected = [("KAFKA_CONTROLLER_PORT", 20_001), ("KAFKA_PORT", 20_000)];
        assert_eq!(ports, expected.map(|(n, p)| (n.to_owned(), p)).into());
    }

    #[test]
    fn one_taken_port_moves_the_whole_block() {
        let ports = choose(&variables_in(FILE), 9092, |port| port != 9093).unwrap();
        assert_eq!(ports["KAFKA_PORT"], 9192);
        assert_eq!(ports["KAFKA_CONTROLLER_PORT"], 9193);
    }

    #[test]
    fn the_error_names_the_port_that_was_taken_first() {
        let error = choose(&variables_in(FILE), 9092, |port| port % 100 != 93).unwrap_err();
        assert_eq!(error, PortError::NoneFree { base: 9092, taken: 9093 });
    }

    #[test]
    fn a_base_that_is_no_port_is_refused() {
        assert_eq!(base_from(Some("80")), Err(PortError::BadBase("80".to_owned())));
        assert_eq!(base_from(Some("")), Ok(9092));
    }
}
