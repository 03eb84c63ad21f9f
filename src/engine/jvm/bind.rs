//! Where a listener of a compose file binds on this machine, such that who can reach it there can
//! reach it here, and nobody else.
//!
//! In a container a listener on `0.0.0.0` is reached by its neighbours at the service's name, and by
//! the host at 127.0.0.1 where its port is published. One socket cannot be at both places here, so it
//! is where its clients are: a published listener at 127.0.0.1, unless the nodes themselves depend on
//! it; all others at the service's own address. Are all of a service's listeners published, its own
//! address is 127.0.0.1. A listener on the container's loopback is reached by nobody outside it.

use std::net::{Ipv4Addr, SocketAddrV4};

use crate::engine::compose::Listener;
use crate::engine::kafka_service::KafkaService;

/// Between a service's own address and that of its loopback, in the last byte.
const TO_LOOPBACK: u8 = 127;

/// The addresses of one service.
#[derive(Debug)]
pub struct Places<'a> {
    kafka: &'a KafkaService<'a>,
    /// What its names resolve to.
    pub own: Ipv4Addr,
    /// What stands for the loopback inside its container.
    loopback: Ipv4Addr,
}

impl<'a> Places<'a> {
    /// The addresses of a service to which `own` is free; the last byte of it is below 128.
    pub fn of(kafka: &'a KafkaService<'a>, own: Ipv4Addr) -> Self {
        let [a, b, c, last] = own.octets();
        let loopback = Ipv4Addr::new(a, b, c, last.saturating_add(TO_LOOPBACK));
        let as_published = |l: &Listener| published(kafka, l) == Some(l.port);
        let mut open = kafka.listeners.iter().filter(|l| !is_loopback(&l.host)).peekable();
        let own =
            if open.peek().is_some() && open.all(as_published) { Ipv4Addr::LOCALHOST } else { own };
        Self { kafka, own, loopback }
    }

    /// The listener as it binds here.
    pub fn bound(&self, listener: &Listener) -> Listener {
        let place = self.place(listener);
        Listener { host: place.ip().to_string(), port: place.port(), ..listener.clone() }
    }

    /// Where a neighbour gets that dials the listener's port at one of the service's names.
    pub fn inside(&self, listener: &Listener) -> Option<SocketAddrV4> {
        (!is_loopback(&listener.host)).then(|| self.place(listener))
    }

    fn place(&self, listener: &Listener) -> SocketAddrV4 {
        if is_loopback(&listener.host) {
            return SocketAddrV4::new(self.loopback, listener.port);
        }
        match published(self.kafka, listener) {
            Some(port) if self.is_for_the_host(listener) => {
                SocketAddrV4::new(Ipv4Addr::LOCALHOST, port)
            }
            _ => SocketAddrV4::new(self.own, listener.port),
        }
    }

    fn is_for_the_host(&self, listener: &Listener) -> bool {
        self.kafka.is_external(listener) || !self.kafka.is_between_nodes(listener)
    }
}

fn published(kafka: &KafkaService<'_>, listener: &Listener) -> Option<u16> {
    kafka.service.published(listener.port)?.host_port
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::engine::compose;

    /// The listeners of the course's file, changed, as they bind here.
    fn bound(changes: &[(&str, &str)]) -> Vec<String> {
        let mut text = include_str!("../../../compose/kraft-single.yaml").to_owned();
        for (from, to) in changes {
            assert!(text.contains(from), "{from}");
            text = text.replace(from, to);
        }
        let file = compose::parse("test.yaml", &text, &BTreeMap::new()).unwrap();
        let kafka = KafkaService::read(&file.services[0]).unwrap();
        let places = Places::of(&kafka, Ipv4Addr::new(127, 9, 9, 2));
        kafka.listeners.iter().map(|l| places.bound(l).to_string()).collect()
    }

    const PORT: &str = "${KAFKA_PORT:-9092}:${KAFKA_PORT:-9092}";

    #[test]
    fn a_port_published_under_another_number_is_bound_where_the_host_dials_it() {
        let changes = [
            (PORT, "19092:9092"),
            ("EXTERNAL://localhost:${KAFKA_PORT:-9092}", "EXTERNAL://localhost:19092"),
        ];
        assert_eq!(bound(&changes)[1], "EXTERNAL://127.0.0.1:19092");
    }

    #[test]
    fn what_listens_on_the_containers_loopback_is_out_of_everybodys_reach() {
        let changes = [("EXTERNAL://0.0.0.0", "EXTERNAL://localhost")];
        assert_eq!(bound(&changes)[1], "EXTERNAL://127.9.9.129:9092");
    }

    #[test]
    fn a_published_listener_that_sends_the_host_astray_still_answers_it() {
        let changes = [("EXTERNAL://localhost:", "EXTERNAL://kafka:")];
        assert_eq!(bound(&changes)[1], "EXTERNAL://127.0.0.1:9092");
    }

    #[test]
    fn a_service_of_which_all_is_published_is_this_machine() {
        let changes = [
            ("INTERNAL://0.0.0.0:29092,", ""),
            ("INTERNAL://kafka:29092,", ""),
            ("NAME: INTERNAL", "NAME: EXTERNAL"),
        ];
        assert_eq!(bound(&changes), ["EXTERNAL://127.0.0.1:9092", "CONTROLLER://127.0.0.1:9093"]);
    }
}
