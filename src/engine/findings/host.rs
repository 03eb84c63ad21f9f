//! Where a host that a file names leads.

use std::net::IpAddr;

use super::scene::Scene;
use crate::engine::compose::Service;

/// Where a host leads, as far as the file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    /// Every address: `0.0.0.0`, `::`.
    Any,
    /// Whoever asks: `localhost`.
    Loopback,
    /// The service itself.
    Own,
    /// Another service that runs Kafka.
    OtherNode,
    /// Nobody: no service and no machine has the name.
    Nobody,
    /// Something that the file does not tell: an address, a name with dots, another machine.
    Elsewhere,
}

/// Names that a container engine gives the machine.
const OF_THE_ENGINE: &str = ".docker.internal";

impl Host {
    /// Where `host` leads when a listener of `service` has it.
    pub fn of(scene: &Scene<'_>, service: &Service, host: &str) -> Self {
        let host = host.to_ascii_lowercase();
        if let Ok(address) = host.split('%').next().unwrap_or_default().parse::<IpAddr>() {
            return Self::of_address(address.to_canonical());
        }
        if host == "localhost" || host.ends_with(".localhost") {
            return Self::Loopback;
        }
        if names(service).any(|name| name.eq_ignore_ascii_case(&host)) {
            return Self::Own;
        }
        if scene.nodes.iter().any(|n| names(n.service).any(|name| name.eq_ignore_ascii_case(&host)))
        {
            return Self::OtherNode;
        }
        if scene.may_be_known(&host) { Self::Elsewhere } else { Self::Nobody }
    }

    fn of_address(address: IpAddr) -> Self {
        if address.is_unspecified() {
            Self::Any
        } else if address.is_loopback() {
            Self::Loopback
        } else {
            Self::Elsewhere
        }
    }
}

impl Scene<'_> {
    /// Whether something that the file does not tell may have a name that no node of it has.
    fn may_be_known(&self, host: &str) -> bool {
        let is = |name: &str| name.eq_ignore_ascii_case(host);
        let services = &self.file.services;
        let extra = |service: &Service| service.extra_hosts.iter().any(|(name, _)| is(name));
        host.is_empty()
            || host.contains('.')
            || host.ends_with(OF_THE_ENGINE)
            || self.is_of_this_machine(host)
            || services.iter().any(|service| names(service).any(is) || extra(service))
    }

    /// Whether this machine has the name, or may have it.
    pub fn is_of_this_machine(&self, host: &str) -> bool {
        let names = self.asked.machine_names;
        names.is_empty() || names.iter().any(|name| name.eq_ignore_ascii_case(host))
    }
}

/// Names by which other services reach one: Docker's resolver knows the host name too.
pub(super) fn names(service: &Service) -> impl Iterator<Item = &str> {
    let others = service.hostname.iter().chain(&service.container_name).chain(&service.aliases);
    std::iter::once(&service.name).chain(others).map(String::as_str)
}
