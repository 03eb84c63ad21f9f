//! Every text of the course, at the widths of a half screen, a screen and a wide one.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::*;
use crate::course::{Course, Source, TIERS};
use crate::markdown::Document;
use crate::markdown::block::Block;
use crate::phrase::{Lang, Phrase};

const WIDTHS: [usize; 3] = [36, 76, 118];

/// Lessons, summaries, tasks, hints and mistakes, in both languages.
fn all_texts() -> Vec<String> {
    let course = Course::load(&Source::Embedded).unwrap();
    let mut phrases: Vec<&Phrase> = course.days.iter().map(|day| &day.summary).collect();
    phrases.extend(course.lessons().iter().flat_map(|l| &l.sections).map(|section| &section.body));
    for lab in course.labs() {
        phrases.push(&lab.texts.task);
        for check in &lab.checks {
            phrases.extend(TIERS.map(|tier| lab.texts.hint(&check.id, tier)));
        }
    }
    let texts: Vec<String> = phrases
        .iter()
        .flat_map(|phrase| Lang::ALL.map(|lang| phrase.get(lang).to_owned()))
        .collect();
    assert!(texts.iter().map(String::len).sum::<usize>() > 50_000, "these are all texts");
    texts
}

/// The characters of prose that are to be seen, apart from those of tables; and those of tables.
fn written(text: &str) -> (String, String) {
    let (mut prose, mut table) = (String::new(), String::new());
    let (mut in_table, mut in_code) = (false, false);
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Table(_)) => in_table = true,
            Event::End(TagEnd::Table) => in_table = false,
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(piece) | Event::Code(piece) if !in_code => {
                if in_table { &mut table } else { &mut prose }.push_str(&piece);
            }
            _ => {}
        }
    }
    (seen(&prose), seen(&table))
}

fn seen(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn prose_of(lines: &[Line]) -> String {
    let is_prose = |face| {
        !matches!(face, Face::Prompt | Face::Command | Face::Printed | Face::Frame | Face::Marker)
    };
    let spans = lines.iter().flat_map(|line| &line.spans).filter(|span| is_prose(span.face));
    seen(&spans.map(|span| span.text.as_str()).collect::<String>())
}

fn sorted(text: &str) -> Vec<char> {
    let mut characters: Vec<char> = text.chars().collect();
    characters.sort_unstable();
    characters
}

#[test]
fn every_word_of_the_course_is_there_at_every_width() {
    for text in all_texts() {
        let (prose, table) = written(&text);
        let (tables, rest): (Vec<Block>, Vec<Block>) =
            parse(&text).blocks.into_iter().partition(|block| matches!(block, Block::Table(_)));
        let (tables, rest) = (Document { blocks: tables }, Document { blocks: rest });
        for width in WIDTHS {
            let lines = rest.layout(width);
            assert_eq!(prose_of(&lines), prose, "{width} columns");
            // The lines of a row's cells stand side by side.
            let cells = prose_of(&tables.layout(width));
            assert_eq!(sorted(&cells), sorted(&table), "{width} columns");
        }
    }
}

#[test]
fn every_line_of_the_course_fits() {
    for text in all_texts() {
        for width in WIDTHS {
            let wide = parse(&text).layout(width).into_iter().find(|line| line.width() > width);
            assert_eq!(wide, None, "{width} columns");
        }
    }
}

#[test]
fn no_line_of_the_course_begins_with_a_mark_that_ends_something() {
    for text in all_texts() {
        let prose = parse(&text).blocks.into_iter();
        let prose = prose.filter(|block| !matches!(block, Block::Code(_) | Block::Table(_)));
        let document = Document { blocks: prose.collect() };
        for width in (16..=120).step_by(8) {
            for line in texts(&document.layout(width)) {
                let line = line.trim_start_matches(['▎', ' ']);
                assert!(
                    !line.starts_with(['，', '。', '、', '；', '：', '？', '）']),
                    "{width}: {line}"
                );
            }
        }
    }
}

#[test]
fn every_command_of_the_course_can_be_copied_from_the_command_line() {
    for text in all_texts() {
        let commands: Vec<&str> = text.lines().filter(|line| line.starts_with("$ ")).collect();
        let lines = plain(&text, 80);
        let copied: Vec<&str> = lines
            .iter()
            .map(|line| line.trim_start())
            .filter(|line| line.starts_with("$ "))
            .collect();
        assert_eq!(copied, commands);
    }
}

#[test]
fn every_drawing_of_the_course_is_whole_on_80_columns() {
    let is_drawing = |block: &Block| matches!(block, Block::Code(code) if !code.fenced);
    let blocks = all_texts().into_iter().flat_map(|text| parse(&text).blocks);
    let drawings: Vec<Block> = blocks.filter(is_drawing).collect();
    assert!(drawings.len() >= 10, "the lessons draw");
    for drawing in drawings {
        let lines = Document { blocks: vec![drawing] }.layout(78);
        assert_eq!(of_face(&lines, Face::Frame), [""; 0], "{:#?}", texts(&lines));
    }
}
