//! What the learner reads about getting Kafka.

use std::io;
use std::path::Path;

use super::error::{Reason, Skipped};
use super::{Source, release};
use crate::phrase;
use crate::phrase::Phrase;

pub(super) fn waiting(version: &str) -> Phrase {
    phrase!(
        "waiting for another kafka-workbook that is getting Kafka {version}",
        "另一个 kafka-workbook 正在获取 Kafka {version}，等它完成"
    )
}

pub(super) fn with_maven(version: &str) -> Phrase {
    phrase!("getting Kafka {version} with Maven", "用 Maven 获取 Kafka {version}")
}

pub(super) fn asking_for_checksum(version: &str) -> Phrase {
    phrase!("asking for the checksum of Kafka {version}", "获取 Kafka {version} 的校验和")
}

pub(super) fn downloading(version: &str) -> Phrase {
    phrase!("downloading Kafka {version}", "下载 Kafka {version}")
}

pub(super) fn checking(version: &str) -> Phrase {
    phrase!("checking the SHA-512 of Kafka {version}", "校验 Kafka {version} 的 SHA-512")
}

pub(super) fn unpacking(version: &str) -> Phrase {
    phrase!("unpacking Kafka {version}", "解包 Kafka {version}")
}

pub(super) fn unknown_version(version: &str) -> Phrase {
    let known = release::versions().join(", ");
    phrase!(
        "Kafka {version} cannot be provided; known versions: {known}",
        "无法提供 Kafka {version}；已知版本：{known}"
    )
}

pub(super) fn unknown_version_hint() -> Phrase {
    phrase!(
        "use a known version in the compose file, or run it with containers",
        "在 compose 文件里改用已知版本，或者用容器引擎运行"
    )
}

pub(super) fn cancelled() -> Phrase {
    phrase!("cancelled", "已取消")
}

pub(super) fn cancelled_hint() -> Phrase {
    phrase!(
        "start it again when you like: what was downloaded is kept",
        "随时可以重新开始：已下载的部分会保留"
    )
}

pub(super) fn disk_full(directory: &Path, needed: u64) -> Phrase {
    let directory = directory.display();
    let needed = mib(needed);
    phrase!(
        "no space left in {directory}: Kafka needs about {needed} MiB there; what was written has been removed",
        "{directory} 所在磁盘空间不足：Kafka 在那里大约需要 {needed} MiB；已写入的部分已删除"
    )
}

pub(super) fn disk_hint() -> Phrase {
    phrase!(
        "free some space, or set KAFKA_WORKBOOK_CACHE to a directory that has room",
        "腾出一些空间，或者把 KAFKA_WORKBOOK_CACHE 设为空间足够的目录"
    )
}

pub(super) fn cache_unusable(path: &Path, cause: &io::Error) -> Phrase {
    let path = path.display();
    phrase!("cannot use {path}: {cause}", "无法使用 {path}：{cause}")
}

pub(super) fn cache_hint() -> Phrase {
    phrase!(
        "set KAFKA_WORKBOOK_CACHE to a directory that you may write to",
        "把 KAFKA_WORKBOOK_CACHE 设为你有写权限的目录"
    )
}

pub(super) fn no_source(version: &str, tried: &[Skipped]) -> Phrase {
    let mut text = phrase!(
        "Kafka {version} could not be found or downloaded. Tried, in this order:",
        "无法获取 Kafka {version}。依次尝试过："
    );
    for skipped in tried {
        let line = skipped.phrase();
        text.en.push_str("\n  ");
        text.en.push_str(&line.en);
        text.zh.push_str("\n  ");
        text.zh.push_str(&line.zh);
    }
    text
}

pub(super) fn no_source_hint(version: &str, tried: &[Skipped]) -> Phrase {
    let resumable = tried
        .iter()
        .any(|skipped| matches!(skipped.reason, Reason::Silent { .. } | Reason::BrokenOff { .. }));
    let any = phrase!(
        "install Maven (`mvn`, with Java 17 or later), or set KAFKA_HOME to an unpacked Kafka {version}, or set KAFKA_WORKBOOK_ARCHIVE_URL to a mirror that you can reach",
        "安装 Maven（`mvn`，需要 Java 17 或更高版本），或者把 KAFKA_HOME 设为解包后的 Kafka {version}，或者把 KAFKA_WORKBOOK_ARCHIVE_URL 设为能访问的镜像地址"
    );
    if resumable {
        let Phrase { en, zh } = any;
        return phrase!(
            "run it again: the download resumes where it stopped; or {en}",
            "再运行一次，下载会从断点继续；或者{zh}"
        );
    }
    any
}

pub(super) fn skipped(skipped: &Skipped) -> Phrase {
    let source = source(skipped.source);
    let reason = reason(&skipped.reason);
    Phrase::new(format!("{}: {}", source.en, reason.en), format!("{}：{}", source.zh, reason.zh))
}

fn source(source: Source) -> Phrase {
    match source {
        Source::KafkaHome => Phrase::same("KAFKA_HOME"),
        Source::Cache => Phrase::new("cache", "缓存"),
        Source::Maven => Phrase::same("Maven"),
        Source::Archive => Phrase::new("release archive", "发布包"),
    }
}

fn reason(reason: &Reason) -> Phrase {
    match reason {
        Reason::NotSet => phrase!("not set", "未设置"),
        Reason::WrongHome { expected, found } => wrong_home(expected, found),
        Reason::NotCached => phrase!("holds nothing of this version", "没有这个版本"),
        Reason::EntryDamaged { file } => {
            let file = file.display();
            phrase!("{file} is not as it was written", "{file} 与写入时不一致")
        }
        Reason::NoMaven => phrase!("no `mvn` on PATH", "PATH 中没有 `mvn`"),
        Reason::MavenNotStarted { program, cause } => {
            let program = program.display();
            phrase!("{program} did not start: {cause}", "{program} 无法启动：{cause}")
        }
        Reason::MavenFailed { status, lines } => maven_failed(status, lines),
        Reason::JarMissing { name } => phrase!("it brought no {name}", "其中没有 {name}"),
        Reason::NotAJar { name } => {
            phrase!("{name} is empty or not a jar", "{name} 是空文件或不是 jar")
        }
        Reason::Unreachable { url, cause } => {
            phrase!("{url} cannot be reached: {cause}", "无法访问 {url}：{cause}")
        }
        Reason::Status { url, status } => {
            phrase!("{url} answered with HTTP {status}", "{url} 返回 HTTP {status}")
        }
        Reason::BrokenOff { url, cause, kept, total } => kept_so_far(
            phrase!("{url} broke off ({cause})", "{url} 连接中断（{cause}）"),
            *kept,
            *total,
        ),
        Reason::Silent { url, seconds, kept, total } => kept_so_far(
            phrase!("{url} sent nothing for {seconds} s", "{url} 在 {seconds} 秒内没有发来数据"),
            *kept,
            *total,
        ),
        Reason::ChecksumUnreadable { url } => {
            phrase!("{url} holds no SHA-512", "{url} 中没有 SHA-512")
        }
        Reason::ChecksumMismatch { url, expected, found } => phrase!(
            "{url} is not what its checksum says and was removed\n    expected SHA-512 {expected}\n    found    SHA-512 {found}",
            "{url} 与校验和不符，已删除\n    应为 SHA-512 {expected}\n    实为 SHA-512 {found}"
        ),
        Reason::UnsafeEntry { name } => phrase!(
            "the archive holds an entry that could write elsewhere, {name}, and was removed",
            "发布包中有可能写到别处的条目 {name}，已删除该包"
        ),
        Reason::ArchiveDamaged { cause } => phrase!(
            "the archive cannot be unpacked ({cause}) and was removed",
            "发布包无法解包（{cause}），已删除"
        ),
    }
}

fn wrong_home(expected: &Path, found: &[String]) -> Phrase {
    let expected = expected.display();
    if found.is_empty() {
        return phrase!("{expected} is not there", "没有 {expected}");
    }
    let found = found.join(", ");
    phrase!("{expected} is not there, but {found} is", "没有 {expected}，只有 {found}")
}

fn maven_failed(status: &str, lines: &[String]) -> Phrase {
    let lines = lines.join("\n    ");
    phrase!("`mvn` ended with {status}\n    {lines}", "`mvn` 失败（{status}）\n    {lines}")
}

fn kept_so_far(trouble: Phrase, kept: u64, total: Option<u64>) -> Phrase {
    if kept == 0 {
        return trouble;
    }
    let Phrase { en, zh } = trouble;
    let of = total.map(|total| format!(" / {}", tenths(total))).unwrap_or_default();
    let kept = tenths(kept);
    phrase!(
        "{en}; {kept}{of} MiB are kept, the next try resumes there",
        "{zh}；已保留 {kept}{of} MiB，下次从这里继续"
    )
}

/// MiB with one decimal.
fn tenths(bytes: u64) -> String {
    let tenths = bytes.saturating_mul(10) / (1024 * 1024);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Rounded up: less would not do.
const fn mib(bytes: u64) -> u64 {
    bytes.div_ceil(1024 * 1024)
}
