//! Code blocks of lessons, tasks and hints, and what their marks promise.
//!
//! A `console` block shows commands and what they print, and its info string says whether that is
//! tried: `console run`, `console run exit=1`, `console interactive`, `console skip="reason"`.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::phrase;

use super::fault::Told;
use super::place::Position;

/// The language whose blocks hold commands.
pub const CONSOLE: &str = "console";
const PROMPT: &str = "$ ";

/// A code block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The first word of the info string; empty for indented code and unmarked fences.
    pub language: String,
    /// What is promised of it.
    pub mark: Mark,
    /// What stands in it, without the fences; ends with a newline unless empty.
    pub text: String,
    /// Whether fences enclose it; else it is indented.
    pub fenced: bool,
    /// The commands of a `console` block; empty for others.
    pub commands: Vec<Command>,
    /// Where it starts in the Markdown: the opening fence.
    pub position: Position,
}

/// What is promised of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// Nothing: it is there to be read.
    Text,
    /// Its commands run as they stand, all with exit code 0, but the last with `exit`.
    Run {
        /// 0 to 255.
        exit: u8,
    },
    /// It needs a person at the keyboard.
    Interactive,
    /// It cannot be run here.
    Skip {
        /// Why.
        reason: String,
    },
}

/// A command with the lines that it is expected to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What follows the prompt `$ `; lines that end in a backslash are continued, and stay lines.
    pub text: String,
    /// The expected lines, in which `…` stands for anything.
    pub output: Vec<String>,
    /// The line of its prompt within the block's text, from 0. Its further lines and then those of
    /// its output follow without a gap.
    pub line: usize,
}

/// A block whose mark or commands cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{position:?}: {}", .fault.told().message)]
pub struct BlockError {
    /// Where the block starts in the Markdown.
    pub position: Position,
    /// What is wrong with it.
    pub fault: BlockFault,
}

/// What can be wrong with a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockFault {
    /// A `console` block without a mark.
    Unmarked,
    /// A word in the info string that is no mark.
    UnknownMark {
        /// The word.
        found: String,
    },
    /// A mark for commands on a block that is not `console`.
    NotConsole {
        /// The block's language.
        language: String,
    },
    /// A line before the first prompt.
    OutputFirst,
    /// A `console` block without a command.
    NoCommand,
    /// A command that ends in a backslash.
    Unfinished,
}

/// Every code block of a Markdown text, in order.
pub fn blocks(markdown: &str) -> Vec<Result<Block, BlockError>> {
    let mut blocks = Vec::new();
    let mut open: Option<Open> = None;
    for (event, range) in Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => Some(info.into_string()),
                    CodeBlockKind::Indented => None,
                };
                open = Some(Open { info, text: String::new(), start: range.start });
            }
            Event::Text(piece) => {
                if let Some(open) = &mut open {
                    open.text.push_str(&piece);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                if let Some(open) = open.take() {
                    let position = Position::of(markdown, open.start);
                    let block = Block::read(open, position);
                    blocks.push(block.map_err(|fault| BlockError { position, fault }));
                }
            }
            _ => {}
        }
    }
    blocks
}

/// A block whose end has not been reached.
struct Open {
    /// None for indented code.
    info: Option<String>,
    text: String,
    start: usize,
}

impl Block {
    fn read(Open { info, text, .. }: Open, position: Position) -> Result<Self, BlockFault> {
        let fenced = info.is_some();
        let info = info.unwrap_or_default();
        let info = info.trim();
        let (language, mark) = info.split_once(char::is_whitespace).unwrap_or((info, ""));
        let mark = Mark::read(mark.trim())?;
        let commands = if language == CONSOLE {
            if mark == Mark::Text {
                return Err(BlockFault::Unmarked);
            }
            commands(&text)?
        } else if matches!(mark, Mark::Run { .. } | Mark::Interactive) {
            return Err(BlockFault::NotConsole { language: language.to_owned() });
        } else {
            Vec::new()
        };
        Ok(Self { language: language.to_owned(), mark, text, fenced, commands, position })
    }

    /// Where the line `index` of its text stands in the Markdown, from 0.
    pub const fn line(&self, index: usize) -> Position {
        // Below the fence, if there is one.
        let line = self.position.line + index + if self.fenced { 1 } else { 0 };
        Position { line, column: self.position.column }
    }

    /// Whether it runs as it stands.
    pub const fn runs(&self) -> bool {
        matches!(self.mark, Mark::Run { .. })
    }

    /// Whether it is a drawing or other plain text, in which words are in the reader's language.
    pub fn is_plain(&self) -> bool {
        matches!(self.language.as_str(), "" | "text")
    }
}

impl Mark {
    fn read(mark: &str) -> Result<Self, BlockFault> {
        let words: Vec<&str> = mark.split_whitespace().collect();
        let reason = mark.strip_prefix("skip=\"").and_then(|rest| rest.strip_suffix('"'));
        match (words.as_slice(), reason) {
            ([], _) => Ok(Self::Text),
            (["run"], _) => Ok(Self::Run { exit: 0 }),
            (["interactive"], _) => Ok(Self::Interactive),
            (["run", exit], _) => exit
                .strip_prefix("exit=")
                .and_then(|exit| exit.parse().ok())
                .map(|exit| Self::Run { exit })
                .ok_or_else(|| BlockFault::UnknownMark { found: (*exit).to_owned() }),
            (_, Some(reason)) if !reason.trim().is_empty() => {
                Ok(Self::Skip { reason: reason.to_owned() })
            }
            _ => Err(BlockFault::UnknownMark { found: mark.to_owned() }),
        }
    }
}

fn commands(text: &str) -> Result<Vec<Command>, BlockFault> {
    let mut commands: Vec<Command> = Vec::new();
    let mut continued = false;
    for (number, line) in text.lines().enumerate() {
        let command = line.strip_prefix(PROMPT).filter(|_| !continued);
        match (command, commands.last_mut()) {
            (Some(command), _) => {
                commands.push(Command {
                    text: command.to_owned(),
                    output: Vec::new(),
                    line: number,
                });
                continued = is_continued(command);
            }
            (None, Some(last)) if continued => {
                last.text.push('\n');
                last.text.push_str(line);
                continued = is_continued(line);
            }
            (None, Some(last)) => last.output.push(line.to_owned()),
            (None, None) if line.trim().is_empty() => {}
            (None, None) => return Err(BlockFault::OutputFirst),
        }
    }
    if continued {
        return Err(BlockFault::Unfinished);
    }
    if commands.is_empty() {
        return Err(BlockFault::NoCommand);
    }
    Ok(commands)
}

impl Command {
    /// The line within the block's text on which the line `index` of its output stands, from 0.
    pub fn output_line(&self, index: usize) -> usize {
        self.line + self.text.split('\n').count() + index
    }
}

/// An odd number of backslashes at the end: an even one is backslashes, quoted.
fn is_continued(line: &str) -> bool {
    line.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// A shell script of blocks, in their order, that ends with exit code 0 if every command has
/// ended with the code that its block promises. Blocks that do not run are left out. No more is set
/// than `errexit`: the commands meet the shell that a learner types them into.
pub fn script(blocks: &[Block]) -> String {
    let mut script = String::from("#!/usr/bin/env bash\nset -e\n");
    for block in blocks {
        let Mark::Run { exit } = block.mark else { continue };
        for (index, command) in block.commands.iter().enumerate() {
            let text = &command.text;
            if exit != 0 && index + 1 == block.commands.len() {
                // `if` keeps errexit from ending the script at the failure that is promised.
                script.extend(["if ", text, "\nthen code=0\nelse code=$?\nfi\n"]);
                script.extend(["[ \"$code\" -eq ", &exit.to_string(), " ]\n"]);
            } else {
                script.extend([text, "\n"]);
            }
        }
    }
    script
}

impl BlockFault {
    pub(super) fn told(&self) -> Told {
        match self {
            Self::Unmarked => Told::new(
                "block-unmarked",
                phrase!("a console block without a mark", "console 代码块没有标记"),
                marks(),
            ),
            Self::UnknownMark { found } => Told::new(
                "block-mark",
                phrase!("\"{found}\" is no mark", "「{found}」不是标记"),
                marks(),
            ),
            Self::NotConsole { language } => Told::new(
                "block-not-console",
                phrase!(
                    "only console blocks are run, this one is \"{language}\"",
                    "只有 console 代码块会运行，这里是「{language}」"
                ),
                phrase!(
                    "name it console, with commands after \"$ \"",
                    "请改为 console，命令写在「$ 」之后"
                ),
            ),
            Self::OutputFirst => Told::new(
                "block-output-first",
                phrase!("a line before the first command", "第一条命令之前还有别的行"),
                phrase!("begin commands with \"$ \"", "命令以「$ 」开头"),
            ),
            Self::NoCommand => Told::new(
                "block-no-command",
                phrase!("a console block without a command", "console 代码块里没有命令"),
                phrase!("begin commands with \"$ \"", "命令以「$ 」开头"),
            ),
            Self::Unfinished => Told::new(
                "block-unfinished",
                phrase!("the last command ends in a backslash", "最后一条命令以反斜杠结尾"),
                phrase!("finish it or remove the backslash", "请写完命令，或去掉反斜杠"),
            ),
        }
    }
}

fn marks() -> crate::phrase::Phrase {
    phrase!(
        "marks are: run, run exit=1, interactive, skip=\"reason\"",
        "可用的标记：run、run exit=1、interactive、skip=\"原因\""
    )
}
