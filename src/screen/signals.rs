//! Signals as something that can be waited for.

use std::io;

use rustix::process::Signal as Signo;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What a signal tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// To end; with the signal's number.
    End(u8),
    /// To end, because the terminal is gone; with the signal's number.
    HangUp(u8),
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
            go_on: signal(SignalKind::from_raw(Signo::CONT.as_raw()))?,
        })
    }

    /// Waits for the next one.
    pub async fn told(&mut self) -> Told {
        tokio::select! {
            Some(()) = self.interrupt.recv() => Told::End(number(Signo::INT)),
            Some(()) = self.terminate.recv() => Told::End(number(Signo::TERM)),
            Some(()) = self.hang_up.recv() => Told::HangUp(number(Signo::HUP)),
            Some(()) = self.quit.recv() => Told::End(number(Signo::QUIT)),
            Some(()) = self.go_on.recv() => Told::GoOn,
            else => std::future::pending().await,
        }
    }

    /// Waits for one that ends the program while another one has the terminal: Ctrl-C and Ctrl-\
    /// are that one's.
    pub async fn told_to_end(&mut self) -> u8 {
        loop {
            match self.told().await {
                Told::HangUp(signal) => return signal,
                Told::End(signal) if signal == number(Signo::TERM) => return signal,
                Told::End(_) | Told::GoOn => {}
            }
        }
    }
}

fn number(signal: Signo) -> u8 {
    u8::try_from(signal.as_raw()).unwrap_or_default()
}
