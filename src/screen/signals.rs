//! Signals as something that can be waited for.

use std::io;

use rustix::process::Signal as Number;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// To end; with the signal's number.
    End(u8),
    /// To go on after a stop: the terminal may be in any state.
    GoOn,
}

/// The signals that are heeded from now on.
#[derive(Debug)]
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
    quit: Signal,
    go_on: Signal,
}

impl Signals {
    /// Heeds them.
    pub fn heeded() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
            go_on: signal(SignalKind::from_raw(Number::CONT.as_raw()))?,
        })
    }

    /// Waits for the next one.
    pub async fn told(&mut self) -> Told {
        let end = |number: Number| Told::End(u8::try_from(number.as_raw()).unwrap_or_default());
        tokio::select! {
            Some(()) = self.interrupt.recv() => end(Number::INT),
            Some(()) = self.terminate.recv() => end(Number::TERM),
            Some(()) = self.hang_up.recv() => end(Number::HUP),
            Some(()) = self.quit.recv() => end(Number::QUIT),
            Some(()) = self.go_on.recv() => Told::GoOn,
            else => std::future::pending().await,
        }
    }

    /// Waits for one that ends the program while another one has the terminal: Ctrl-C and Ctrl-\
    /// are that one's.
    pub async fn told_to_end(&mut self) -> u8 {
        loop {
            if let Told::End(number) = self.told().await
                && number != u8::try_from(Number::INT.as_raw()).unwrap_or_default()
                && number != u8::try_from(Number::QUIT.as_raw()).unwrap_or_default()
            {
                return number;
            }
        }
    }
}
