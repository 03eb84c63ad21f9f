//! The release archive: missing, wrong, damaged, hostile, or larger than the disk.

use std::fs;
use std::process::Command;

use proptest::prelude::*;

use super::server::{Answer, Server};
use super::{Bench, JARS, NOWHERE, PATIENT, Recorder, Sources, add, jar, release_archive, tgz};
use crate::engine::jvm::distribution::{DistributionError, Reason, checksum, unpack};
use crate::engine::report::Silent;

/// Serves `archive` with a checksum that fits.
fn serve(archive: Vec<u8>) -> Server {
    Server::of_archive(&archive.clone(), move |_, _| Answer::new(200, archive.clone()))
}

fn reason_for(archive: Vec<u8>) -> Reason {
    let (bench, server) = (Bench::new(), serve(archive));
    let reason = bench.archive_reason(&server.url(), PATIENT);
    assert_eq!(bench.cached_names(), ["4.3.1.lock"], "something was left behind");
    reason
}

fn archive_with(path: &str, content: &[u8]) -> Vec<u8> {
    tgz(|archive| {
        for name in JARS {
            add(archive, &format!("kafka_2.13-4.3.1/libs/{name}"), &jar(name));
        }
        add(archive, path, content);
    })
}

#[test]
fn a_wrong_checksum_names_both_sums_and_removes_the_part() {
    let (bench, archive) = (Bench::new(), release_archive());
    let server = Server::of_archive(b"another file", move |_, _| Answer::new(200, archive.clone()));
    let url = server.url();
    let error = bench.provide(&Sources { url: Some(&url), ..Sources::default() }).unwrap_err();
    fs::write(bench.path().join("another"), b"another file").unwrap();
    fs::write(bench.path().join("archive"), release_archive()).unwrap();
    let message = error.to_string();
    for file in ["another", "archive"] {
        let sum = checksum::of_file(&bench.path().join(file)).unwrap();
        assert!(message.contains(&sum), "{message}");
    }
    assert_eq!(bench.cached_names(), ["4.3.1.lock"]);
}

#[test]
fn without_a_checksum_the_archive_is_not_even_asked_for() {
    let bench = Bench::new();
    let server = Server::start(|asked, _| {
        if asked.is_checksum() {
            Answer::new(404, "no")
        } else {
            Answer::new(200, release_archive())
        }
    });
    let reason = bench.archive_reason(&server.url(), PATIENT);
    let url = format!("{}/4.3.1/kafka_2.13-4.3.1.tgz.sha512", server.url());
    assert_eq!(reason, Reason::Status { url, status: 404 });
    assert!(server.asked().is_empty());
}

#[test]
fn an_archive_that_is_not_there_is_named_with_its_address() {
    let bench = Bench::new();
    let server = Server::of_archive(b"x", |_, _| Answer::new(404, "no"));
    let reason = bench.archive_reason(&server.url(), PATIENT);
    let url = format!("{}/4.3.1/kafka_2.13-4.3.1.tgz", server.url());
    assert_eq!(reason, Reason::Status { url, status: 404 });
    assert!(!bench.part().exists());
}

#[test]
fn an_address_that_cannot_be_reached_or_read_is_named() {
    for url in [NOWHERE, "no address", "ftp://127.0.0.1/dist"] {
        let reason = Bench::new().archive_reason(url, PATIENT);
        let Reason::Unreachable { url: named, cause } = reason else { panic!("{reason:?}") };
        assert!(named.starts_with(url), "{named}");
        assert!(!cause.is_empty());
    }
}

#[test]
fn a_truncated_archive_is_refused_even_if_its_checksum_fits() {
    let archive = release_archive();
    let reason = reason_for(archive[..archive.len() / 2].to_vec());
    assert!(matches!(reason, Reason::ArchiveDamaged { .. }), "{reason:?}");
}

#[test]
fn an_entry_that_leads_elsewhere_is_refused() {
    for path in [
        "kafka_2.13-4.3.1/libs/../../../evil.jar",
        "../libs/evil.jar",
        "/tmp/libs/evil.jar",
        "/libs/evil.jar",
        "kafka_2.13-4.3.1/../x",
    ] {
        let reason = reason_for(archive_with(path, b"PK\x03\x04"));
        assert!(matches!(reason, Reason::UnsafeEntry { .. }), "{path}: {reason:?}");
    }
}

#[test]
fn a_link_or_a_second_file_of_one_name_is_refused() {
    let link = tgz(|archive| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        archive.append_link(&mut header, "k/libs/kafka-clients-4.3.1.jar", "/etc/passwd").unwrap();
    });
    let reason = reason_for(link);
    assert!(matches!(reason, Reason::UnsafeEntry { .. }), "{reason:?}");
    let twice = archive_with("kafka_2.13-4.3.1/libs/kafka_2.13-4.3.1.jar", b"PK\x03\x04");
    let reason = reason_for(twice);
    assert!(matches!(reason, Reason::UnsafeEntry { .. }), "{reason:?}");
}

#[test]
fn an_archive_without_a_needed_jar_or_with_a_false_one_is_refused() {
    let lacking = tgz(|archive| {
        for name in JARS.iter().filter(|name| !name.starts_with("log4j")) {
            add(archive, &format!("k/libs/{name}"), &jar(name));
        }
    });
    let name = "log4j-slf4j-impl-*.jar".to_owned();
    assert_eq!(reason_for(lacking), Reason::JarMissing { name });
    for content in [&b""[..], b"PK", b"<html>not found</html>"] {
        let name = "false.jar".to_owned();
        let reason = reason_for(archive_with("k/libs/false.jar", content));
        assert_eq!(reason, Reason::NotAJar { name });
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_during_the_download_names_the_place_and_the_need_and_leaves_nothing() {
    let (bench, server) = (Bench::new(), serve(release_archive()));
    fs::create_dir_all(bench.cache().join("kafka")).unwrap();
    std::os::unix::fs::symlink("/dev/full", bench.part()).unwrap();
    let url = server.url();
    let error = bench.provide(&Sources { url: Some(&url), ..Sources::default() }).unwrap_err();
    let DistributionError::DiskFull { directory, needed } = &error else { panic!("{error:?}") };
    assert_eq!(*directory, bench.cache().join("kafka"));
    assert!(*needed > release_archive().len() as u64);
    assert!(error.to_string().contains(&directory.display().to_string()), "{error}");
    assert!(error.to_string().contains(" MiB"), "{error}");
    assert_eq!(bench.cached_names(), ["4.3.1.lock"]);
}

/// A file system of its own, unmounted when dropped.
#[cfg(target_os = "linux")]
struct Mounted(std::path::PathBuf);

#[cfg(target_os = "linux")]
impl Drop for Mounted {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.0).status());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_while_unpacking_leaves_nothing() {
    let (bench, archive) = (Bench::new(), release_archive());
    fs::create_dir(bench.cache()).unwrap();
    // Room for the archive, not for the jars beside it.
    let size = format!("size={}", archive.len() * 3 / 2);
    let mount = ["-t", "tmpfs", "-o", &size, "tmpfs"];
    let mounted = Command::new("mount").args(mount).arg(bench.cache()).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        println!("SKIPPED: a small file system can only be mounted by root");
        return;
    }
    let _mounted = Mounted(bench.cache());
    let server = serve(archive);
    let url = server.url();
    let (sources, recorder) = (Sources { url: Some(&url), ..Sources::default() }, Recorder::new());
    let error = bench.provide_with(&sources, PATIENT, &recorder).unwrap_err();
    assert!(recorder.steps().last().unwrap().what.en.starts_with("unpacking"));
    let DistributionError::DiskFull { directory, .. } = error else { panic!("{error:?}") };
    assert_eq!(directory, bench.cache().join("kafka"));
    assert_eq!(bench.cached_names(), ["4.3.1.lock"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_tar_with_changed_bytes_is_an_error_or_stays_in_its_folder(
        changes in prop::collection::vec((0_usize..3000, any::<u8>()), 1..8),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (libs, file) = (folder.path().join("libs"), folder.path().join("a.tgz"));
        fs::create_dir(&libs).unwrap();
        let mut tar = tar::Builder::new(Vec::new());
        for name in ["a.jar", "b.jar"] {
            let mut header = tar::Header::new_gnu();
            header.set_size(4);
            tar.append_data(&mut header, format!("k/libs/{name}"), &b"PK\x03\x04"[..]).unwrap();
        }
        let mut tar = tar.into_inner().unwrap();
        for (at, byte) in changes {
            let at = at % tar.len();
            tar[at] = byte;
        }
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut gzip, &tar).unwrap();
        fs::write(&file, gzip.finish().unwrap()).unwrap();
        let _outcome = unpack::unpack(&file, &libs, 0, &Silent);
        prop_assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn any_bytes_are_unpacked_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.tgz");
        fs::write(&file, bytes).unwrap();
        prop_assert!(unpack::unpack(&file, folder.path(), 0, &Silent).is_err());
    }
}
