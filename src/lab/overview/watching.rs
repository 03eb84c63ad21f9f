//! When it is looked: at the home, at what a cluster holds, at its nodes.

use std::pin::pin;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::Workbook;
use super::board::{Board, Told};
use super::look::{Looker, Seen, Signs};
use crate::engine::cluster::EngineKind;
use crate::engine::store;
use crate::kafka::ask::AskError;

/// Between two looks at what is written down of this home's cluster.
const STORE: Duration = Duration::from_millis(500);

/// Between two looks at what a cluster holds.
const CONTENTS: Duration = Duration::from_secs(1);

/// How long the first look may take before the onlooker is told that it takes long.
const FIRST: Duration = Duration::from_millis(250);

/// Between two looks at nodes that give no reason for one.
const NODES: Duration = Duration::from_secs(15);

/// Between two looks at nodes that do: `docker` is a process each time.
const NODES_IN_CONTAINERS: Duration = Duration::from_secs(3);

/// The same where a look is a file or two.
const NODES_NEARBY: Duration = Duration::from_millis(500);

/// Looks at the clusters of a home, one after the other; never returns.
pub(super) async fn home(workbook: &Workbook, told: &Told<'_>) {
    loop {
        match store::started(&workbook.paths) {
            None => {
                told.tell(None);
                sleep(STORE).await;
            }
            Some(cluster) => {
                let board = Board::of(cluster, &workbook.paths, told);
                let reason = Notify::new();
                tokio::select! {
                    () = end(&board) => {}
                    () = contents(&board, &reason) => {}
                    () = nodes(workbook, &board, &reason) => {}
                }
                // Another one may have come in its place, and take long to answer.
                told.tell(None);
            }
        }
    }
}

/// Returns when the cluster is gone, or another one in its place.
async fn end(board: &Board<'_>) {
    while board.stands() {
        sleep(STORE).await;
    }
}

/// Looks at what the cluster holds, and gives a `reason` to look at its nodes where it shows one.
async fn contents(board: &Board<'_>, reason: &Notify) {
    let mut looker = Looker::at(&board.cluster);
    let mut signs: Option<Signs> = None;
    loop {
        let seen =
            if signs.is_some() { looker.look().await } else { first(&mut looker, board).await };
        board.contents(&seen);
        let now = Signs::of(&seen, &board.cluster);
        if !now.all_is_well() || signs.as_ref().is_some_and(|before| *before != now) {
            reason.notify_one();
        }
        signs = Some(now);
        sleep(CONTENTS).await;
    }
}

/// The first look, of which it is told when it takes long.
async fn first(looker: &mut Looker, board: &Board<'_>) -> Result<Seen, AskError> {
    let mut look = pin!(looker.look());
    if let Ok(seen) = timeout(FIRST, &mut look).await {
        return seen;
    }
    board.nothing_yet();
    look.await
}

/// Looks at the nodes when there is a reason, or once in a while.
async fn nodes(workbook: &Workbook, board: &Board<'_>, reason: &Notify) {
    let gap = match board.cluster.engine {
        EngineKind::Containers => NODES_IN_CONTAINERS,
        EngineKind::Jvm | EngineKind::Attach => NODES_NEARBY,
    };
    loop {
        let status = async { workbook.engine_of(&board.cluster)?.status(&board.cluster).await };
        board.nodes(status.await.unwrap_or_default());
        sleep(gap).await;
        // The time being up is as good as a reason.
        let _ = timeout(NODES.saturating_sub(gap), reason.notified()).await;
    }
}
