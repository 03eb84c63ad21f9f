//! Signals that call work off.

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Waits for Ctrl-C, SIGTERM or the end of the terminal, which are heeded from the call on.
pub fn call_off() -> impl Future<Output = ()> {
    let kinds = [
        SignalKind::interrupt(),
        SignalKind::quit(),
        SignalKind::terminate(),
        SignalKind::hangup(),
    ];
    // Where none can be waited for, they do what they do by themselves.
    let signals: Vec<Signal> = kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect();
    async move {
        let mut waiting: FuturesUnordered<_> =
            signals.into_iter().map(async |mut signal: Signal| signal.recv().await).collect();
        if waiting.next().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}
