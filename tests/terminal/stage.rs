//! The workbook in a terminal, and how its pages are known.

use crate::keys::RIGHT;
use crate::program::{Home, program};
use crate::pty::{ENTER, Pty, TO_LAB};

/// A size at which every pane is there.
pub const COMFORTABLE: (u16, u16) = (120, 40);

/// What stands on a page, and on no other, in one language.
#[derive(Clone, Copy)]
pub struct Signs {
    pub lang: &'static str,
    /// The end of the header.
    pub mark: &'static str,
    /// Of the course map: the title of the fifth day.
    pub map: &'static str,
    /// Of the lesson of day 1: its first heading.
    pub lesson: &'static str,
    /// Of the first lab: its name, and the title of its second check.
    pub lab: [&'static str; 2],
}

pub const EN: Signs = Signs {
    lang: "en",
    mark: "EN",
    map: "Transactions",
    lesson: "What does a broker keep?",
    lab: ["D01-4 Topic lifecycle", "created with 3, grown to 5"],
};

pub const ZH: Signs = Signs {
    lang: "zh",
    mark: "中文",
    map: "事务",
    lesson: "broker 里存的是什么？",
    lab: ["D01-4 Topic 生命周期", "创建时 3 个分区，后来扩到 5 个"],
};

impl Signs {
    #[track_caller]
    pub fn wait_for_map(&self, pty: &mut Pty) {
        pty.wait_until("the course map", |shown| self.is_header(shown) && shown.contains(self.map));
    }

    #[track_caller]
    pub fn wait_for_lesson(&self, pty: &mut Pty) {
        pty.wait_until("the lesson", |shown| {
            self.is_header(shown) && shown.contains(self.lesson) && !shown.contains(self.map)
        });
    }

    #[track_caller]
    pub fn wait_for_lab(&self, pty: &mut Pty) {
        pty.wait_until("the lab", |shown| {
            let has_all = self.lab.iter().all(|sign| shown.contains(sign));
            self.is_header(shown) && has_all && !shown.contains(self.map)
        });
    }

    /// Whether the first line is a header in this language.
    pub fn is_header(&self, shown: &str) -> bool {
        shown.lines().next().is_some_and(|line| line.ends_with(self.mark))
    }
}

/// The workbook of a home at its course map, in English.
#[track_caller]
pub fn at_map(home: &Home) -> Pty {
    in_language(home, &EN)
}

#[track_caller]
pub fn in_language(home: &Home, signs: &Signs) -> Pty {
    let command = home.command(program(), &["--lang", signs.lang]);
    let mut pty = Pty::open(&command, COMFORTABLE.0, COMFORTABLE.1);
    signs.wait_for_map(&mut pty);
    pty
}

#[track_caller]
pub fn at_lesson(home: &Home, signs: &Signs) -> Pty {
    let mut pty = in_language(home, signs);
    pty.send(RIGHT);
    pty.send(ENTER);
    signs.wait_for_lesson(&mut pty);
    pty
}

#[track_caller]
pub fn at_lab(home: &Home, signs: &Signs) -> Pty {
    let mut pty = in_language(home, signs);
    pty.send(TO_LAB);
    signs.wait_for_lab(&mut pty);
    pty
}

/// Presses a key that has to change what is shown, and waits until it has.
#[track_caller]
pub fn press(pty: &mut Pty, key: &str) -> String {
    let before = pty.text();
    pty.send(key);
    pty.wait_until(&format!("an effect of {key:?}"), |shown| shown != before);
    before
}

/// Numbers that are the same in every run (`SplitMix64`).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}
