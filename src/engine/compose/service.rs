//! Reads one service of a compose file.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::environment::{environment, extra_hosts, labels};
use super::error::{Fault, Read};
use super::model::{Service, Spanned};
use super::scalars::{
    bytes, duration, list, mapping, not_supported, one_of, scalar, spanned, switch,
    text as text_of, unexpected, unexpected_text, words,
};
use super::yaml::{Content, Entry, Node};
use super::{configs, env_file, mounts, passed_over, ports};

const SERVICE: &[&str] = &[
    "image",
    "container_name",
    "hostname",
    "labels",
    "ports",
    "env_file",
    "environment",
    "volumes",
    "configs",
    "entrypoint",
    "command",
    "depends_on",
    "healthcheck",
    "networks",
    "restart",
    "stop_grace_period",
    "stop_signal",
    "tmpfs",
    "user",
    "extra_hosts",
    "init",
    "mem_limit",
    "expose",
    "logging",
    "ulimits",
    "deploy",
    "cpus",
    "mem_reservation",
    "pull_policy",
    "platform",
    "privileged",
    "tty",
    "stdin_open",
    "x-…",
];
const CONDITIONS: &[&str] =
    &["service_started", "service_healthy", "service_completed_successfully"];
const DEPENDENCY: &[&str] = &["condition", "restart", "required"];
const HEALTHCHECK: &[&str] =
    &["test", "interval", "timeout", "retries", "start_period", "start_interval", "disable"];
const TESTS: &[&str] = &["NONE", "CMD", "CMD-SHELL"];
const MEMBERSHIP: &[&str] = &["aliases"];

/// The service under `entry`.
pub(super) fn read(
    file: &Arc<str>,
    entry: &Entry,
    variables: &BTreeMap<String, String>,
) -> Read<Service> {
    let mut image = None;
    let mut service = empty(file, entry);
    for field in mapping(&entry.value)? {
        if field.key.value == "image" {
            image = Some(spanned(&field.value)?);
        } else {
            read_field(&mut service, field, variables)?;
        }
    }
    service.image = image.ok_or_else(|| Fault::Missing { key: "image" }.at(entry.key.position))?;
    Ok(service)
}

/// A service of which only the key is known.
fn empty(file: &Arc<str>, entry: &Entry) -> Service {
    let position = entry.key.position;
    Service {
        file: Arc::clone(file),
        name: entry.key.value.clone(),
        image: Spanned { value: String::new(), position },
        container_name: None,
        hostname: None,
        env_files: Vec::new(),
        environment: Vec::new(),
        mounted_properties: None,
        ports: Vec::new(),
        volumes: Vec::new(),
        configs: Vec::new(),
        entrypoint: None,
        command: None,
        depends_on: Vec::new(),
        healthcheck: false,
        health_test: None,
        stop_grace_period: None,
        stop_signal: None,
        restart: None,
        user: None,
        init: None,
        mem_limit: None,
        extra_hosts: Vec::new(),
        networks: Vec::new(),
        aliases: Vec::new(),
        labels: Vec::new(),
        position,
    }
}

fn read_field(
    service: &mut Service,
    field: &Entry,
    variables: &BTreeMap<String, String>,
) -> Read<()> {
    let value = &field.value;
    match field.key.value.as_str() {
        "container_name" => service.container_name = Some(text_of(value)?),
        "hostname" => service.hostname = Some(text_of(value)?),
        "labels" => service.labels = labels(value)?,
        "ports" => service.ports = ports::ports(value)?,
        "env_file" => service.env_files = env_file::env_files(value)?,
        "environment" => service.environment = environment(value, variables)?,
        "volumes" => service.volumes.extend(mounts::volumes(value)?),
        "tmpfs" => service.volumes.extend(mounts::tmpfs(value)?),
        "configs" => service.configs = configs::mounted(value)?,
        "entrypoint" => service.entrypoint = words(value)?,
        "command" => service.command = words(value)?,
        "depends_on" => service.depends_on = depends_on(value)?,
        "healthcheck" => {
            (service.healthcheck, service.health_test) = healthcheck(value)?;
        }
        "networks" => read_networks(service, value)?,
        "restart" => service.restart = Some(restart(value)?),
        "stop_grace_period" => service.stop_grace_period = Some(duration(value)?),
        "stop_signal" => service.stop_signal = Some(text_of(value)?),
        "user" => service.user = Some(text_of(value)?),
        "extra_hosts" => service.extra_hosts = extra_hosts(value)?,
        "init" => service.init = Some(switch(value)?),
        "mem_limit" => service.mem_limit = Some(bytes(value)?),
        _ => return passed_over::read(field).unwrap_or_else(|| Err(not_supported(field, SERVICE))),
    }
    Ok(())
}

/// A list of services, or a mapping of them with conditions.
fn depends_on(node: &Node) -> Read<Vec<Spanned<String>>> {
    let Content::Mapping(entries) = &node.content else {
        return list(node)?.iter().map(spanned).collect();
    };
    for entry in entries {
        for field in mapping(&entry.value)? {
            match field.key.value.as_str() {
                "condition" => drop(one_of(&field.value, CONDITIONS)?),
                "restart" | "required" => drop(switch(&field.value)?),
                _ => return Err(not_supported(field, DEPENDENCY)),
            }
        }
    }
    Ok(entries.iter().map(|entry| entry.key.clone()).collect())
}

/// Whether the check is in force, and what it runs; other fields are read for their form alone.
fn healthcheck(node: &Node) -> Read<(bool, Option<Spanned<Vec<String>>>)> {
    let mut enabled = true;
    let mut test = None;
    for field in mapping(node)? {
        let value = &field.value;
        match field.key.value.as_str() {
            "test" => test = Some(health_test(value)?),
            "interval" | "timeout" | "start_period" | "start_interval" => drop(duration(value)?),
            "retries" => {
                scalar(value)?.parse::<u32>().map_err(|_| unexpected(value, text::count()))?;
            }
            "disable" => enabled = !switch(value)?,
            _ => return Err(not_supported(field, HEALTHCHECK)),
        }
    }
    let switched_off =
        test.as_ref().is_some_and(|test| test.value.first().is_some_and(|w| w == "NONE"));
    Ok((enabled && !switched_off, test.filter(|_| enabled && !switched_off)))
}

/// A line for the shell, or a list that begins with how its words are run.
fn health_test(node: &Node) -> Read<Spanned<Vec<String>>> {
    let value = match &node.content {
        Content::Sequence(items) => {
            let words: Vec<String> =
                items.iter().map(|item| scalar(item).map(str::to_owned)).collect::<Read<_>>()?;
            if !words.first().is_some_and(|word| TESTS.contains(&word.as_str())) {
                return Err(unexpected_text(node.position, &words.join(" "), text::test()));
            }
            words
        }
        _ => vec!["CMD-SHELL".to_owned(), scalar(node)?.to_owned()],
    };
    Ok(Spanned { value, position: node.position })
}

/// A list of networks, or a mapping of them with aliases.
fn read_networks(service: &mut Service, node: &Node) -> Read<()> {
    let Content::Mapping(entries) = &node.content else {
        service.networks = list(node)?.iter().map(spanned).collect::<Read<_>>()?;
        return Ok(());
    };
    for entry in entries {
        service.networks.push(entry.key.clone());
        for field in mapping(&entry.value)? {
            if field.key.value != "aliases" {
                return Err(not_supported(field, MEMBERSHIP));
            }
            for alias in list(&field.value)? {
                service.aliases.push(text_of(alias)?);
            }
        }
    }
    Ok(())
}

fn restart(node: &Node) -> Read<String> {
    const POLICIES: &[&str] = &["no", "always", "on-failure", "unless-stopped"];
    let written = scalar(node)?;
    let times = written.strip_prefix("on-failure:").map(str::parse::<u32>);
    if let Some(Ok(_)) = times {
        return Ok(written.to_owned());
    }
    one_of(node, POLICIES).map(str::to_owned)
}

mod text {
    use crate::phrase;
    use crate::phrase::Phrase;

    pub(super) fn test() -> Phrase {
        phrase!(
            "a line for the shell, or a list that begins with `CMD`, `CMD-SHELL` or `NONE`",
            "一行 shell 命令，或以 `CMD`、`CMD-SHELL`、`NONE` 开头的列表"
        )
    }

    pub(super) fn count() -> Phrase {
        phrase!("a number", "数字")
    }
}
