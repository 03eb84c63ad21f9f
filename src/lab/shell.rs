//! The learner's shell: the workspace as folder, the tools on PATH, issued values as variables.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::workspace;
use super::{OpenAttempt, Workbook, values};
use crate::course::{Lab, Lesson};
use crate::engine::cluster::Cluster;
use crate::phrase;
use crate::problem::Problem;

/// The variable that names the tools' folder to the shells' start-up files below.
const TOOLS_VARIABLE: &str = "KAFKA_WORKBOOK_TOOLS";

/// Runs after the learner's own file, which may set PATH anew.
const BASH_START: &str = r#"[ -f ~/.bashrc ] && . ~/.bashrc
PATH="$KAFKA_WORKBOOK_TOOLS:$PATH"
PS1="[${KAFKA_WORKBOOK_LAB:-$KAFKA_WORKBOOK_LESSON}] $PS1"
"#;

/// The same for zsh, which is sent to another folder for its files.
const ZSH_START: &str = r#"ZDOTDIR="${KAFKA_WORKBOOK_ZDOTDIR:-$HOME}"
[ -f "$ZDOTDIR/.zshrc" ] && . "$ZDOTDIR/.zshrc"
PATH="$KAFKA_WORKBOOK_TOOLS:$PATH"
PS1="[${KAFKA_WORKBOOK_LAB:-$KAFKA_WORKBOOK_LESSON}] $PS1"
"#;

/// The same for fish.
const FISH_START: &str = "set -gx PATH $KAFKA_WORKBOOK_TOOLS $PATH";

/// What a command of the learner's meets, beside the tools on its PATH.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Its working directory.
    pub folder: PathBuf,
    /// The addresses of the cluster, and what was issued.
    pub variables: BTreeMap<String, String>,
}

/// One command in the lab's surroundings.
pub fn command(workbook: &Workbook, lab: &Lab, words: &[OsString]) -> Result<Command, Problem> {
    let open = workbook.open_attempt(lab)?;
    let command = command_of(words)?;
    Ok(Surroundings::of_lab(workbook, lab, &open)?.around(workbook, command))
}

/// A command by its words.
pub(super) fn command_of(words: &[OsString]) -> Result<Command, Problem> {
    let (program, arguments) = words.split_first().ok_or_else(no_command)?;
    let mut command = Command::new(program);
    command.args(arguments);
    Ok(command)
}

/// The learner's own shell in the lab's surroundings.
pub fn interactive(workbook: &Workbook, lab: &Lab) -> Result<Command, Problem> {
    let open = workbook.open_attempt(lab)?;
    let surroundings = Surroundings::of_lab(workbook, lab, &open)?;
    interactive_in(workbook, &surroundings, &open.cluster()?.environment)
}

/// The learner's own shell in these surroundings; its start-up files lie in the environment's
/// folder.
pub(super) fn interactive_in(
    workbook: &Workbook,
    surroundings: &Surroundings,
    environment: &str,
) -> Result<Command, Problem> {
    let folder = workbook.paths.environment(environment).join("shell");
    let start = |name: &str, text: &str| {
        let path = folder.join(name);
        let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, text));
        written.map(|()| path.clone()).map_err(|e| Problem::file(&path, &e))
    };
    let shell = env::var_os("SHELL").filter(|s| !s.is_empty()).unwrap_or_else(|| "/bin/sh".into());
    let mut command = Command::new(&shell);
    match Path::new(&shell).file_name().and_then(|name| name.to_str()) {
        Some("bash") => {
            command.arg("--rcfile").arg(start("bashrc", BASH_START)?).arg("-i");
        }
        Some("zsh") => {
            start(".zshrc", ZSH_START)?;
            if let Some(own) = env::var_os("ZDOTDIR") {
                command.env("KAFKA_WORKBOOK_ZDOTDIR", own);
            }
            command.env("ZDOTDIR", &folder).arg("-i");
        }
        Some("fish") => {
            command.args(["-i", "-C", FISH_START]);
        }
        _ => {}
    }
    Ok(surroundings.around(workbook, command))
}

impl Surroundings {
    /// Those of an attempt at a lab.
    fn of_lab(workbook: &Workbook, lab: &Lab, open: &OpenAttempt) -> Result<Self, Problem> {
        let cluster: &Cluster = open.cluster()?;
        let folder = workspace::folder(workbook, lab)?;
        Ok(Self { folder, variables: values::variables(lab, open, cluster) })
    }

    /// Those of a lesson, in which nothing is issued: a folder of its own beside the labs'.
    pub fn of_lesson(
        workbook: &Workbook,
        lesson: &Lesson,
        cluster: &Cluster,
    ) -> Result<Self, Problem> {
        let folder = workbook.paths.workspace(&lesson.id());
        fs::create_dir_all(&folder).map_err(|e| Problem::file(&folder, &e))?;
        let mut variables = values::addresses(cluster);
        variables.insert("KAFKA_WORKBOOK_LESSON".to_owned(), lesson.id());
        Ok(Self { folder, variables })
    }

    /// The command in these surroundings.
    pub fn around(&self, workbook: &Workbook, mut command: Command) -> Command {
        let tools = workbook.paths.tools();
        command
            .env("PWD", &self.folder)
            .current_dir(&self.folder)
            .envs(&self.variables)
            .env("PATH", path_with(&tools))
            .env(TOOLS_VARIABLE, &tools)
            .env("KAFKA_WORKBOOK_HOME", workbook.paths.home())
            .env("KAFKA_WORKBOOK_CACHE", workbook.paths.cache());
        if let Some(folder) = &workbook.course_folder {
            command.env("KAFKA_WORKBOOK_COURSE", folder);
        }
        command
    }
}

/// PATH with `first` before all else; an entry that holds a colon cannot stand in a PATH and is
/// left out.
fn path_with(first: &Path) -> OsString {
    let rest = env::var_os("PATH").unwrap_or_default();
    let parts = std::iter::once(first.to_path_buf()).chain(env::split_paths(&rest));
    env::join_paths(parts).unwrap_or(rest)
}

fn no_command() -> Problem {
    Problem::usage(
        "no-command",
        phrase!("there is no command after `--`", "`--` 之后没有命令"),
        phrase!(
            "for instance: kafka-workbook lab shell ID -- kafka-topics.sh --version",
            "例如：kafka-workbook lab shell ID -- kafka-topics.sh --version"
        ),
    )
}
