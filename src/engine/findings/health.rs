//! Health checks that ask where nobody answers.

use super::Finding;
use super::host::Host;
use super::node::Node;
use super::scene::Scene;
use super::settings::shown;
use crate::engine::compose::Spanned;
use crate::phrase::Phrase;

/// Options of Kafka's tools that name the first address to ask.
const BOOTSTRAP: [&str; 3] = ["--bootstrap-server", "--bootstrap-controller", "--broker-list"];

/// The tool whose check fails where the addresses that it is told do not answer; others, such as
/// kafka-broker-api-versions, end with 0 all the same.
const GOES_ON: &str = "kafka-topics";

/// An address that a check asks.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    host: String,
    port: u16,
    /// Whether it asks for the brokers' addresses, and goes on to those.
    goes_on: bool,
}

pub(super) fn findings(scene: &Scene<'_>, node: &Node<'_>) -> Option<Finding> {
    let test = node.service.health_test.as_ref()?;
    let why =
        targets(&test.value.join(" ")).iter().find_map(|target| why(scene, node, test, target))?;
    let observed = Phrase::same(format!("healthcheck: {}", shown(&test.value.join(" "))));
    Some(Finding { id: "healthcheck-address", position: test.position, observed, why })
}

fn why(
    scene: &Scene<'_>,
    node: &Node<'_>,
    test: &Spanned<Vec<String>>,
    target: &Target,
) -> Option<Phrase> {
    let leads = |host: &str| Host::of(scene, node.service, host);
    let from = leads(&target.host);
    let listeners = node.listeners.as_ref()?;
    if !matches!(from, Host::Loopback | Host::Own) || listeners.iter().any(|l| l.port == 0) {
        return None;
    }
    let address = shown(&format!("{}:{}", target.host, target.port));
    let Some(listener) = listeners.iter().find(|l| l.port == target.port) else {
        return (!is_spoken_of(node, test, target.port)).then(|| text::nobody_listens(&address));
    };
    let entry = shown(&listener.to_string());
    match (from, leads(&listener.host)) {
        (Host::Loopback, Host::Own) | (Host::Own, Host::Loopback) => {
            return Some(text::other_address(&address, &entry));
        }
        _ => {}
    }
    let told = node.advertised_by(&listener.name).filter(|_| target.goes_on)?;
    let nobody =
        leads(&told.host) == Host::Loopback && !listeners.iter().any(|l| l.port == told.port);
    nobody.then(|| text::sent_on(&address, &shown(&told.to_string())))
}

/// Whether another setting names the port: something else in the container may listen there.
fn is_spoken_of(node: &Node<'_>, test: &Spanned<Vec<String>>, port: u16) -> bool {
    let port = port.to_string();
    let elsewhere = |name: &str| !name.ends_with("LISTENERS") && !name.ends_with("VOTERS");
    let mut values = node.service.environment.iter().filter(|(name, _)| elsewhere(name));
    values.any(|(_, value)| value.value.contains(&port) && value.position != test.position)
}

/// The addresses that a command asks, of the tools that are known here.
fn targets(command: &str) -> Vec<Target> {
    let blank = |c: char| c.is_whitespace() || "'\";|&()<>`".contains(c);
    let words: Vec<&str> = command.split(blank).filter(|word| !word.is_empty()).collect();
    let mut targets = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let after = &words[index + 1..];
        let (option, value) = word.split_once('=').unwrap_or((word, after.first().unwrap_or(&"")));
        if BOOTSTRAP.contains(&option) {
            let goes_on = command.contains(GOES_ON);
            targets.extend(value.split(',').filter_map(|a| address(a.rsplit_once(':')?, goes_on)));
        } else if let Some(path) = word.strip_prefix("/dev/tcp/") {
            targets.extend(path.split_once('/').and_then(|pair| address(pair, false)));
        } else if ["nc", "ncat", "netcat"].contains(&word.rsplit('/').next().unwrap_or(word)) {
            let named: Vec<&str> = after.iter().copied().filter(|w| !w.starts_with('-')).collect();
            targets.extend(named.windows(2).find_map(|pair| address((pair[0], pair[1]), false)));
        }
    }
    targets
}

fn address((host, port): (&str, &str), goes_on: bool) -> Option<Target> {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_name = host.chars().any(|c| !c.is_ascii_digit()) && !host.contains('$');
    let port = port.parse().ok()?;
    is_name.then(|| Target { host: host.to_owned(), port, goes_on })
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn nobody_listens(address: &str) -> Phrase {
        phrase!(
            "the check asks {address}, and no listener has that port: the container never gets healthy",
            "检查问的是 {address}，而没有监听器用这个端口：容器始终不会变成 healthy"
        )
    }

    pub fn other_address(address: &str, listener: &str) -> Phrase {
        phrase!(
            "the check asks {address}, and the listener is bound to another address, {listener}: the connection is refused and the container never gets healthy",
            "检查问的是 {address}，而监听器绑定在另一个地址 {listener}：连接被拒绝，容器始终不会变成 healthy"
        )
    }

    pub fn sent_on(address: &str, told: &str) -> Phrase {
        phrase!(
            "the check asks {address} and is sent on to {told}, where inside the container nothing listens: it never gets healthy",
            "检查问的是 {address}，随后被引到 {told}，而容器里那里没有监听：容器始终不会变成 healthy"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_that_a_check_asks_are_found_in_its_words() {
        let rows = [
            ("kafka-topics.sh --bootstrap-server localhost:9092 --list", "localhost:9092 on"),
            ("kafka-topics.sh --bootstrap-server=a:1,b:2 --list", "a:1 on, b:2 on"),
            ("bash -c '</dev/tcp/127.0.0.1/9092'", "127.0.0.1:9092"),
            ("bash -c \"exec 3<>/dev/tcp/kafka/29092 && exit\"", "kafka:29092"),
            ("nc -z -w 2 localhost 9092 || exit 1", "localhost:9092"),
            ("kafka-broker-api-versions.sh --bootstrap-server a:1", "a:1"),
            ("kafka-metadata-quorum.sh --bootstrap-controller [::1]:9093 describe", "::1:9093"),
            ("nc -z $HOSTNAME 9092", ""),
            ("--bootstrap-server", ""),
            ("curl -f http://localhost:8080", ""),
            ("", ""),
        ];
        for (command, expected) in rows {
            let shown =
                |t: &Target| format!("{}:{}{}", t.host, t.port, if t.goes_on { " on" } else { "" });
            let found: Vec<String> = targets(command).iter().map(shown).collect();
            assert_eq!(found.join(", "), expected, "{command}");
        }
    }
}
