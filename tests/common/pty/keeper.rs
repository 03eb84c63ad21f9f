//! Who starts the program in the terminal, as a shell does, and stays when it has ended.
//!
//! When the first process of a terminal's session ends, the kernel puts the terminal in order
//! whatever a program has left behind. So that process must not be the program.

use std::io::{BufRead, BufReader, Lines, Write};
use std::os::fd::OwnedFd;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;

use process_wrap::std::{ChildWrapper, CommandWrap, ProcessSession};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::seen::Seen;

/// What the keeper writes to the terminal after all that the program wrote; no terminal shows it.
pub const ENDED: &str = "\x1b]0;ended\x07";

/// Tells the program's pid, starts it when told to, later tells its exit code and waits for the
/// end of its input. A session's first process that opens a terminal is controlled by it; traps
/// are not for its children.
const SCRIPT: &str = r#"trap : INT QUIT
exec 3>&1 4<&0 0<>"$0" 1>&0 2>/dev/null
/bin/sh -c 'echo $$ >&3; read -r go <&4; exec "$@" 2>&0 3>&- 4<&-' sh "$@"
code=$?
printf '\033]0;ended\007'
echo $code >&3
read -r end <&4
"#;

/// The process between the test and its program.
pub struct Keeper {
    /// The program in the terminal.
    pub program: Pid,
    /// Readable when the program is gone, whoever was told its exit code.
    pub end: OwnedFd,
    process: Box<dyn ChildWrapper>,
    input: Option<ChildStdin>,
    listener: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts a command in the terminal of this path.
    pub fn run(command: &Command, tty: &str, seen: &Arc<Seen>) -> Self {
        let mut keeper = Command::new("/bin/sh");
        keeper.args(["-c", SCRIPT, tty]).arg(command.get_program()).args(command.get_args());
        keeper.env_clear().env("TERM", "xterm-256color");
        keeper.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        keeper.current_dir(command.get_current_dir().unwrap_or("/".as_ref()));
        keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = CommandWrap::from(keeper).wrap(ProcessSession).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout().take().unwrap()).lines();
        let program = lines.next().unwrap().unwrap().parse().unwrap();
        let program = Pid::from_raw(program).unwrap();
        let end = pidfd_open(program, PidfdFlags::empty()).unwrap();
        let mut input = process.stdin().take();
        input.as_mut().unwrap().write_all(b"go\n").unwrap();
        let listener = Some(listen(lines, seen));
        Self { program, end, process, input, listener }
    }
}

/// Notes the exit code when it comes.
fn listen(mut lines: Lines<BufReader<ChildStdout>>, seen: &Arc<Seen>) -> JoinHandle<()> {
    let seen = Arc::clone(seen);
    std::thread::spawn(move || {
        // A keeper that was hung up on tells nothing.
        if let Some(Ok(code)) = lines.next() {
            seen.change(|state| state.ended = Some(code.parse().unwrap()));
        }
    })
}

impl Drop for Keeper {
    /// By now the program is killed, or the terminal closed.
    fn drop(&mut self) {
        self.input = None;
        let ended = self.process.wait();
        if let Some(listener) = self.listener.take() {
            let _ = listener.join();
        }
        if !std::thread::panicking() {
            ended.unwrap();
        }
    }
}
