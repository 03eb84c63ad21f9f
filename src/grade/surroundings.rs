//! What a cluster that the learner starts does not tell over its protocol.

use std::fmt;

use async_trait::async_trait;

use crate::phrase::Phrase;

/// Looks at what lies around a learner's cluster: its compose file, its containers, its network.
#[async_trait]
pub trait Surroundings: fmt::Debug + Send + Sync {
    /// The compose file that the learner works on, as it is now.
    async fn compose_file(&self) -> Review;

    /// What the health checks of the nodes say.
    async fn health(&self) -> Health;

    /// What a client on the nodes' own network is told.
    async fn inside(&self) -> Inside;
}

/// A compose file, looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Review {
    /// There is none at this path, or it cannot be opened.
    Missing {
        /// Where one was looked for, and why there is none.
        observed: Phrase,
    },
    /// It is no compose file that could be brought up.
    Unreadable {
        /// The reader's words, with line and column.
        observed: Phrase,
    },
    /// Its text does not tell how a node is set up: it starts one in a way of its own.
    NotTold {
        /// The file's name as a learner knows it.
        file: String,
    },
    /// It could be read.
    Read {
        /// The file's name as a learner knows it.
        file: String,
        /// What is wrong with it, in the order of the file.
        faults: Vec<FileFault>,
    },
}

/// Something in a compose file that is certain to go wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    /// The mistake that it is.
    pub id: String,
    /// The line, from 1.
    pub line: usize,
    /// What stands there.
    pub observed: Phrase,
    /// What comes of it.
    pub why: Phrase,
}

/// What health checks say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// The engine has no health checks.
    NotHere {
        /// What would be needed.
        need: Phrase,
    },
    /// No container of the learner's runs.
    NothingRuns,
    /// Node by node: its name, and the word of the container engine (`starting`, `healthy`,
    /// `unhealthy`), `None` where the node has no health check.
    Nodes(Vec<(String, Option<String>)>),
    /// It could not be asked.
    Unknown {
        /// Who did not answer.
        cause: Phrase,
    },
}

/// What a client on the nodes' own network is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inside {
    /// No listener is advertised under a name of that network.
    NoListener,
    /// A node was asked.
    Told {
        /// Where the client began: `kafka:29092`.
        asked: String,
        /// The addresses that it was sent to, each with why it leads nowhere, if it does.
        addresses: Vec<(String, Option<String>)>,
    },
    /// Nothing answered there.
    Refused {
        /// Where the client began.
        asked: String,
        /// What it was told instead.
        words: String,
    },
    /// It could not be asked.
    Unknown {
        /// Who did not answer.
        cause: Phrase,
    },
}
