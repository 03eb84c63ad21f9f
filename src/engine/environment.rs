//! An environment to be brought up: a compose file and the values of its variables.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::phrase;
use crate::problem::Problem;

/// Variable of the file that takes the cluster id.
pub const CLUSTER_ID: &str = "KAFKA_CLUSTER_ID";

/// A cluster layout with everything filled in that its file leaves open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// The file name in `compose/` without its ending.
    pub name: String,
    /// How errors name the file: `compose/kraft-single.yaml`.
    pub file_name: String,
    /// The file's text.
    pub text: String,
    /// Values of the variables in the text.
    pub variables: BTreeMap<String, String>,
}

/// A cluster id: 16 random bytes in URL-safe base64 without padding, as `kafka-storage random-uuid`
/// makes them, never beginning with a dash that a command line would take for an option.
pub fn random_cluster_id() -> Result<String, Problem> {
    loop {
        let mut bytes = [0_u8; 16];
        getrandom::fill(&mut bytes).map_err(|e| no_randomness(&e))?;
        let id = URL_SAFE_NO_PAD.encode(bytes);
        if !id.starts_with('-') {
            return Ok(id);
        }
    }
}

/// The operating system gives no random bytes.
pub fn no_randomness(e: &getrandom::Error) -> Problem {
    Problem::new(
        "no-randomness",
        phrase!("the operating system gives no random bytes: {e}", "操作系统没有提供随机数：{e}"),
        phrase!("see that /dev/urandom can be read", "确认 /dev/urandom 可读"),
    )
}
