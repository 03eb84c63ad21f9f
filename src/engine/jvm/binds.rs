//! Whether the addresses and ports that nodes bind are free: a port that is taken makes a broker die
//! half a second after its start, which is better said before.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use super::layout::{Layout, NodeLayout};
use super::text;
use crate::engine::environment::Environment;
use crate::engine::ports::{self, is_free_at};
use crate::problem::Problem;

/// The host in a home's loopback network that no service has: they begin with 2.
const NOBODY: u8 = 1;

/// Sees that everything that `nodes` bind is free now.
pub fn check(nodes: &[NodeLayout]) -> Result<(), Problem> {
    let mut binds = nodes.iter().flat_map(|n| &n.binds);
    let taken = binds.find(|(address, port)| !is_free_at(*address, *port));
    taken.map_or(Ok(()), |(address, port)| Err(text::port_busy(&format!("{address}:{port}"))))
}

/// Sees that nobody holds a port on all addresses of this machine that the file names itself, so
/// that no other block of ports would help. Nodes of this home that run now do not count: they
/// hold it on addresses of their own in the loopback network 127.x.y.0/24.
pub fn check_fixed(
    environment: &Environment,
    layout: &Layout,
    [x, y]: [u8; 2],
) -> Result<(), Problem> {
    let chosen: BTreeSet<u16> = ports::variables_in(&environment.text).into_values().collect();
    let address = Ipv4Addr::new(127, x, y, NOBODY);
    let binds = layout.nodes.iter().flat_map(|node| {
        let own = node.binds.iter().filter(|(address, _)| *address == node.own_address);
        own.map(move |(_, port)| (node, *port))
    });
    let mut fixed = binds.filter(|(_, port)| !chosen.contains(port));
    let taken = fixed.find(|(_, port)| !is_free_at(address, *port));
    taken.map_or(Ok(()), |(node, port)| Err(text::fixed_port_busy(&node.name, port)))
}
