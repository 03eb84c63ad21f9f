//! Rules about code blocks: marked, alike in both languages, and no wider than a terminal.

use pulldown_cmark::{Event, Options, Parser, Tag};
use textwrap::core::display_width;

use super::super::blocks::{Block, CONSOLE, blocks};
use super::super::fault::{CourseError, TextFault};
use super::super::place::Place;
use super::super::placeholder;
use super::super::sections::Spot;

/// What an 80-column terminal leaves for a drawing inside its frame.
const WIDEST: usize = 76;

/// Faults in the blocks and headings of one section, given as both languages have it.
pub(super) fn compare(en: (&Spot, &str), zh: (&Spot, &str)) -> Vec<CourseError> {
    let mut errors = Vec::new();
    let ours = sound_blocks(en, &mut errors);
    let theirs = sound_blocks(zh, &mut errors);
    if ours.len() == theirs.len() {
        errors.extend(ours.iter().zip(&theirs).filter_map(|(ours, theirs)| {
            let here = zh.0.place(theirs.position);
            differ(ours, theirs, &en.0.place(ours.position), here)
        }));
    } else {
        let fault = TextFault::BlockCountDiffers { here: theirs.len(), there: ours.len() };
        errors.push(CourseError::new(zh.0.heading.clone(), fault));
    }
    if headings(en.1) != headings(zh.1) {
        errors.push(CourseError::new(zh.0.heading.clone(), TextFault::HeadingsDiffer));
    }
    errors
}

/// The blocks of a text that can be understood; what is wrong with any is added to `errors`.
fn sound_blocks((spot, text): (&Spot, &str), errors: &mut Vec<CourseError>) -> Vec<Block> {
    let mut sound = Vec::new();
    for block in blocks(text) {
        match block {
            Ok(block) => {
                errors.extend(of_block(&block, spot));
                sound.push(block);
            }
            Err(error) => {
                errors.push(CourseError::new(spot.place(error.position), error.fault));
            }
        }
    }
    sound
}

fn of_block(block: &Block, spot: &Spot) -> Vec<CourseError> {
    let mut errors = Vec::new();
    let place = |line: usize| spot.place(block.line(line));
    for (index, line) in block.text.lines().enumerate() {
        let columns = display_width(line);
        if block.is_plain() && columns > WIDEST {
            let fault = TextFault::TooWide { columns, most: WIDEST };
            errors.push(CourseError::new(place(index), fault));
        }
        if block.language == CONSOLE {
            errors.extend(placeholder::unknown(line).map(|found| {
                let fault = TextFault::UnknownPlaceholder { name: found.name.to_owned() };
                CourseError::new(place(index), fault)
            }));
        }
    }
    errors
}

/// Words in a drawing are in the reader's language; all else is the same, byte by byte.
fn differ(ours: &Block, theirs: &Block, there: &Place, here: Place) -> Option<CourseError> {
    let same_text = if ours.is_plain() {
        ours.text.lines().count() == theirs.text.lines().count()
    } else {
        ours.text == theirs.text
    };
    let same = same_text && ours.language == theirs.language && ours.mark == theirs.mark;
    let fault = || TextFault::BlockDiffers { other: there.to_string() };
    (!same).then(|| CourseError::new(here, fault()))
}

/// The levels of the headings below a section's own.
fn headings(text: &str) -> Vec<usize> {
    let level = |event| match event {
        Event::Start(Tag::Heading { level, .. }) => Some(level as usize),
        _ => None,
    };
    Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(level).collect()
}
