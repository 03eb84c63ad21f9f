//! Open connections between two questions.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::connection::Connection;

/// More idle connections to one address are closed: a round asks a node a few things at once.
const MAX_IDLE: usize = 8;

/// Idle connections by address. None of them waits for an answer: whoever asks takes the connection
/// out, and a question that is given up takes it down with it.
#[derive(Debug, Default)]
pub struct Pool(Mutex<HashMap<String, Vec<Connection>>>);

impl Pool {
    /// A connection that can be used, as far as that can be told without asking.
    pub fn take(&self, address: &str) -> Option<Connection> {
        let mut idle = self.lock();
        let connections = idle.get_mut(address)?;
        while let Some(connection) = connections.pop() {
            if connection.is_usable() {
                return Some(connection);
            }
        }
        None
    }

    /// Keeps a connection for the next question, if it is fit for one.
    pub fn keep(&self, connection: Connection) {
        let mut idle = self.lock();
        let connections = idle.entry(connection.address().to_owned()).or_default();
        if connection.is_usable() && connections.len() < MAX_IDLE {
            connections.push(connection);
        }
    }

    /// Closes the idle connections to a node that went silent or away: they lead to what it was.
    pub fn forget(&self, address: &str) {
        self.lock().remove(address);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Vec<Connection>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
