//! The keys: one table binds them, shows them at the bottom and lists them in the help.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::dialog::Dialog;
use super::model::{Model, Page};
use super::rows::Move;
use crate::course::{Cluster as Starts, TIERS};
use crate::phrase::Words;

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Move through text or a list.
    Go(Move),
    /// To the items of a day; to the next pane.
    Onward,
    /// Back to the days; to the page before.
    Back,
    /// Open what is chosen.
    Open,
    /// The next section, lab or field.
    Next,
    /// The section before.
    Previous,
    /// Start the lab.
    Start,
    /// Start the lab anew.
    Reset,
    /// End the attempt.
    Stop,
    /// Type an answer.
    Answer,
    /// The next hint.
    Hint,
    /// Open the shell.
    Shell,
    /// Bring the cluster up.
    Up,
    /// Call off what is under way.
    CallOff,
    /// Say yes, or store.
    Accept,
    /// Close the dialog.
    Close,
    /// Choose what can be chosen in a dialog.
    Choose(Move),
    /// The other language.
    Language,
    /// What of the progress cannot be read.
    Warnings,
    /// All keys.
    Help,
    /// Give the terminal back for a while.
    Suspend,
    /// End the program.
    Quit,
}

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// One with a code of its own.
    Code(KeyCode),
    /// A letter with Ctrl.
    Ctrl(char),
}

/// Keys for an action.
#[derive(Debug)]
pub struct Binding {
    /// Any of these.
    pub keys: &'static [Key],
    /// How they are named on the screen.
    pub shown: &'static str,
    /// What they do.
    pub action: Action,
    /// What they do, in a word or two.
    pub words: Words,
    /// Whether the line at the bottom has them; the help has all.
    pub at_bottom: bool,
}

/// What is bound at this moment, most particular first.
pub fn bindings(model: &Model) -> Vec<&'static Binding> {
    if model.is_cramped() {
        // Nothing else could be seen to happen.
        return WITHOUT_ROOM.iter().collect();
    }
    let own: &[&[Binding]] = match &model.dialog {
        Some(Dialog::Help(_)) => &[IN_HELP],
        Some(Dialog::Answer(_)) => &[IN_ANSWER],
        Some(Dialog::Hint(_)) => &[IN_HINT],
        Some(Dialog::Confirm(_)) => &[IN_CONFIRM],
        Some(Dialog::Trouble(_)) => &[IN_TROUBLE],
        None => return of_page(model),
    };
    own.iter().copied().flatten().collect()
}

/// What is bound on the page, whatever stands in front of it.
pub fn of_page(model: &Model) -> Vec<&'static Binding> {
    let work: &[Binding] = if model.work.is_some() { WHILE_WORKING } else { &[] };
    let page: &[&[Binding]] = match &model.page {
        Page::Home if model.warnings.is_empty() => &[ON_HOME],
        Page::Home => &[WITH_WARNINGS, ON_HOME],
        Page::Lesson(_) => &[ON_LESSON],
        Page::Lab(page) if model.progress.current(&page.id).is_none() => &[BEFORE_LAB, IN_PANES],
        Page::Lab(page) if is_learners(model, &page.id) => &[WITH_OWN_CLUSTER, ON_LAB, IN_PANES],
        Page::Lab(_) => &[ON_LAB, WITH_ITS_CLUSTER, IN_PANES],
    };
    work.iter().chain(page.iter().copied().flatten()).chain(EVERYWHERE).collect()
}

/// Whether a lab's cluster is the learner's to start.
fn is_learners(model: &Model, id: &str) -> bool {
    model.course.lab(id).is_some_and(|lab| lab.cluster == Starts::Learner)
}

/// What the line at the bottom shows: what does something at this moment.
pub fn at_bottom(model: &Model) -> Vec<&'static Binding> {
    let bindings = bindings(model).into_iter();
    bindings.filter(|binding| binding.at_bottom && does_something(model, binding.action)).collect()
}

fn does_something(model: &Model, action: Action) -> bool {
    match (&model.dialog, action) {
        (Some(Dialog::Hint(hint)), Action::Hint) => usize::from(hint.tier) < TIERS.len(),
        (Some(Dialog::Answer(answer)), Action::Next) => {
            model.course.lab(&answer.lab).is_some_and(|lab| lab.fields.len() > 1)
        }
        // Before all have passed, the next lab is not what is next.
        (None, Action::Next) => model.lab().is_none_or(|lab| {
            let open = model.progress.current(&lab.id).is_some();
            !open || model.report(&lab.id).is_some_and(|report| report.passed)
        }),
        (None, Action::Start | Action::Reset | Action::Stop | Action::Up) => model.work.is_none(),
        _ => true,
    }
}

/// What a key does now.
pub fn action(model: &Model, key: KeyEvent) -> Option<Action> {
    let pressed = Key::of(key)?;
    let bound = bindings(model).into_iter().find(|binding| binding.keys.contains(&pressed));
    let anywhere = || ANYWHERE.iter().find(|binding| binding.keys.contains(&pressed));
    bound.or_else(anywhere).map(|binding| binding.action)
}

impl Key {
    fn of(key: KeyEvent) -> Option<Self> {
        let with = key.modifiers;
        match key.code {
            KeyCode::Char(c) if with == KeyModifiers::CONTROL => Some(Self::Ctrl(c)),
            // Shift is in the letter already.
            code if with.difference(KeyModifiers::SHIFT).is_empty() => Some(Self::Code(code)),
            _ => None,
        }
    }
}

const fn bottom(
    keys: &'static [Key],
    shown: &'static str,
    action: Action,
    words: Words,
) -> Binding {
    Binding { keys, shown, action, words, at_bottom: true }
}

const fn quiet(keys: &'static [Key], shown: &'static str, action: Action, words: Words) -> Binding {
    Binding { keys, shown, action, words, at_bottom: false }
}

const fn letter(c: char) -> Key {
    Key::Code(KeyCode::Char(c))
}

const ENTER: Key = Key::Code(KeyCode::Enter);
const ESC: Key = Key::Code(KeyCode::Esc);
const TAB: Key = Key::Code(KeyCode::Tab);
const LEFT: Key = Key::Code(KeyCode::Left);
const RIGHT: Key = Key::Code(KeyCode::Right);
const UP: &[Key] = &[Key::Code(KeyCode::Up), letter('k')];
const DOWN: &[Key] = &[Key::Code(KeyCode::Down), letter('j')];
const PAGE_UP: &[Key] = &[Key::Code(KeyCode::PageUp), letter('b')];
const PAGE_DOWN: &[Key] = &[Key::Code(KeyCode::PageDown), letter(' ')];
const TOP: &[Key] = &[Key::Code(KeyCode::Home), letter('g')];
const BOTTOM: &[Key] = &[Key::Code(KeyCode::End), letter('G')];

const ON_HOME: &[Binding] = &[
    bottom(&[ENTER], "Enter", Action::Open, Words::new("open", "打开")),
    bottom(UP, "↑ k", Action::Go(Move::Up), Words::new("up", "上移")),
    bottom(DOWN, "↓ j", Action::Go(Move::Down), Words::new("down", "下移")),
    quiet(&[RIGHT, TAB], "→ Tab", Action::Onward, Words::new("to the day's items", "进入当天内容")),
    quiet(&[LEFT, ESC], "← Esc", Action::Back, Words::new("to the days", "回到天数列表")),
    quiet(TOP, "g Home", Action::Go(Move::Top), Words::new("first", "第一项")),
    quiet(BOTTOM, "G End", Action::Go(Move::Bottom), Words::new("last", "最后一项")),
];

const WITH_WARNINGS: &[Binding] =
    &[bottom(&[letter('w')], "w", Action::Warnings, Words::new("warning", "警告"))];

const ON_LESSON: &[Binding] = &[
    bottom(PAGE_DOWN, "Space", Action::Go(Move::PageDown), Words::new("page down", "下翻一页")),
    quiet(PAGE_UP, "b PgUp", Action::Go(Move::PageUp), Words::new("page up", "上翻一页")),
    quiet(UP, "↑ k", Action::Go(Move::Up), Words::new("line up", "上移一行")),
    quiet(DOWN, "↓ j", Action::Go(Move::Down), Words::new("line down", "下移一行")),
    quiet(TOP, "g Home", Action::Go(Move::Top), Words::new("beginning", "开头")),
    quiet(BOTTOM, "G End", Action::Go(Move::Bottom), Words::new("end", "结尾")),
    bottom(&[letter('n')], "n", Action::Next, Words::new("next section", "下一节")),
    bottom(&[letter('p')], "p", Action::Previous, Words::new("previous section", "上一节")),
    bottom(&[letter('u')], "u", Action::Up, Words::new("start the cluster", "启动集群")),
    bottom(&[letter('s')], "s", Action::Shell, Words::new("shell", "shell")),
    bottom(&[ESC, LEFT], "Esc", Action::Back, Words::new("back", "返回")),
];

const BEFORE_LAB: &[Binding] = &[
    bottom(&[ENTER, letter('r')], "Enter", Action::Start, Words::new("start", "开始")),
    bottom(&[TAB], "Tab", Action::Onward, Words::new("pane", "窗格")),
    bottom(&[letter('n')], "n", Action::Next, Words::new("next lab", "下一个实验")),
    bottom(&[ESC, LEFT], "Esc", Action::Back, Words::new("back", "返回")),
];

const ON_LAB: &[Binding] = &[
    bottom(&[letter('s')], "s", Action::Shell, Words::new("shell", "shell")),
    bottom(&[letter('a')], "a", Action::Answer, Words::new("answer", "作答")),
    bottom(&[letter('h')], "h", Action::Hint, Words::new("hint", "提示")),
    bottom(&[TAB], "Tab", Action::Onward, Words::new("pane", "窗格")),
    bottom(&[letter('r')], "r", Action::Reset, Words::new("reset", "重来")),
    bottom(&[letter('x')], "x", Action::Stop, Words::new("stop", "停止")),
    bottom(&[letter('n')], "n", Action::Next, Words::new("next", "下一个")),
    bottom(&[ESC, LEFT], "Esc", Action::Back, Words::new("back", "返回")),
];

/// Where the workbook starts the cluster.
const WITH_ITS_CLUSTER: &[Binding] =
    &[quiet(&[letter('u')], "u", Action::Up, Words::new("bring the cluster back", "恢复集群"))];

/// Where the learner does.
const WITH_OWN_CLUSTER: &[Binding] =
    &[bottom(&[letter('u')], "u", Action::Up, Words::new("start your file", "启动你的文件"))];

const IN_PANES: &[Binding] = &[
    quiet(UP, "↑ k", Action::Go(Move::Up), Words::new("up in the pane", "窗格内上移")),
    quiet(DOWN, "↓ j", Action::Go(Move::Down), Words::new("down in the pane", "窗格内下移")),
    quiet(PAGE_UP, "b PgUp", Action::Go(Move::PageUp), Words::new("page up", "上翻一页")),
    quiet(PAGE_DOWN, "Space", Action::Go(Move::PageDown), Words::new("page down", "下翻一页")),
    quiet(TOP, "g Home", Action::Go(Move::Top), Words::new("beginning", "开头")),
    quiet(BOTTOM, "G End", Action::Go(Move::Bottom), Words::new("end", "结尾")),
];

const WHILE_WORKING: &[Binding] =
    &[bottom(&[letter('c')], "c", Action::CallOff, Words::new("cancel", "取消"))];

const EVERYWHERE: &[Binding] = &[
    bottom(&[letter('l')], "l", Action::Language, Words::new("中文", "English")),
    bottom(&[letter('?')], "?", Action::Help, Words::new("keys", "快捷键")),
    bottom(&[letter('q')], "q", Action::Quit, Words::new("quit", "退出")),
    quiet(&[Key::Ctrl('z')], "Ctrl-Z", Action::Suspend, Words::new("suspend", "挂起")),
];

const WITHOUT_ROOM: &[Binding] =
    &[quiet(&[letter('q')], "q", Action::Quit, Words::new("quit", "退出"))];

/// These hold in dialogs too.
const ANYWHERE: &[Binding] = &[
    quiet(&[Key::Ctrl('c')], "Ctrl-C", Action::Quit, Words::new("quit", "退出")),
    quiet(&[Key::Ctrl('z')], "Ctrl-Z", Action::Suspend, Words::new("suspend", "挂起")),
];

const IN_HELP: &[Binding] = &[
    bottom(UP, "↑", Action::Go(Move::Up), Words::new("up", "上移")),
    bottom(DOWN, "↓", Action::Go(Move::Down), Words::new("down", "下移")),
    bottom(&[ESC, letter('?'), ENTER, letter('q')], "Esc", Action::Close, CLOSE),
    bottom(&[letter('l')], "l", Action::Language, Words::new("中文", "English")),
];

const IN_ANSWER: &[Binding] = &[
    bottom(&[ENTER], "Enter", Action::Accept, Words::new("store", "保存")),
    quiet(&[Key::Code(KeyCode::Up)], "↑", Action::Choose(Move::Up), Words::new("choose", "选择")),
    quiet(
        &[Key::Code(KeyCode::Down)],
        "↓",
        Action::Choose(Move::Down),
        Words::new("choose", "选择"),
    ),
    bottom(&[TAB], "Tab", Action::Next, Words::new("next field", "下一栏")),
    bottom(&[ESC], "Esc", Action::Close, Words::new("cancel", "取消")),
];

const IN_HINT: &[Binding] = &[
    bottom(&[letter('h')], "h", Action::Hint, Words::new("next hint", "下一条提示")),
    bottom(UP, "↑", Action::Go(Move::Up), Words::new("up", "上移")),
    bottom(DOWN, "↓", Action::Go(Move::Down), Words::new("down", "下移")),
    quiet(PAGE_UP, "PgUp", Action::Go(Move::PageUp), Words::new("page up", "上翻一页")),
    quiet(PAGE_DOWN, "Space", Action::Go(Move::PageDown), Words::new("page down", "下翻一页")),
    bottom(&[letter('s')], "s", Action::Shell, Words::new("shell", "shell")),
    bottom(&[letter('l')], "l", Action::Language, Words::new("中文", "English")),
    bottom(&[ESC, ENTER, letter('q')], "Esc", Action::Close, CLOSE),
];

const IN_CONFIRM: &[Binding] = &[
    bottom(&[letter('y')], "y", Action::Accept, Words::new("do it", "确定")),
    bottom(&[ESC, letter('n')], "Esc", Action::Close, Words::new("cancel", "取消")),
    quiet(&[letter('l')], "l", Action::Language, Words::new("中文", "English")),
];

const IN_TROUBLE: &[Binding] = &[
    quiet(UP, "↑", Action::Go(Move::Up), Words::new("up", "上移")),
    quiet(DOWN, "↓", Action::Go(Move::Down), Words::new("down", "下移")),
    bottom(&[ESC, ENTER, letter('q')], "Esc", Action::Close, CLOSE),
    bottom(&[letter('l')], "l", Action::Language, Words::new("中文", "English")),
];

const CLOSE: Words = Words::new("close", "关闭");
