//! What the tests share.

use std::path::PathBuf;

use kafka_workbook::progress::{Event, ProgressLog, Reading};
use tempfile::TempDir;

/// A log in a home of its own, which goes away with it.
pub struct Home {
    directory: TempDir,
}

impl Home {
    pub fn new() -> Self {
        Self { directory: TempDir::new().unwrap() }
    }

    pub fn path(&self) -> PathBuf {
        self.directory.path().join("progress.log")
    }

    pub fn log(&self) -> ProgressLog {
        ProgressLog::at(self.path())
    }

    pub fn bytes(&self) -> Vec<u8> {
        std::fs::read(self.path()).unwrap()
    }

    pub fn write(&self, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path(), bytes).unwrap();
    }
}

/// An answer, the simplest event that carries a value.
pub fn answer(value: &str) -> Event {
    Event::AnswerGiven {
        lab: "D01-4".into(),
        attempt: 1,
        field: "error".into(),
        value: value.into(),
    }
}

pub fn started(lab: &str, attempt: u32) -> Event {
    Event::AttemptStarted {
        lab: lab.into(),
        attempt,
        nonce: format!("nonce-{attempt}"),
        values: [("TOPIC".to_owned(), format!("orders-{attempt}"))].into(),
        engine: "jvm".into(),
        environment: "kraft-single".into(),
    }
}

pub fn events(reading: &Reading) -> Vec<Event> {
    reading.entries.iter().map(|entry| entry.event.clone()).collect()
}

/// A sound line of any version and payload, as another program would write it.
pub fn line(version: u32, payload: &str) -> String {
    let sum = crc32c::crc32c(format!("{version} {payload}").as_bytes());
    format!("{version} {sum:08x} {payload}\n")
}

/// xorshift64*: small, seeded, the same everywhere.
pub struct Random(u64);

impl Random {
    pub fn seeded(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % bound
    }
}
