//! Collects the text of a paragraph, a heading or a table cell.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use super::block::{BREAK, Prose};
use super::columns::{is_wide, prose};
use super::{Face, Span};

/// Text whose end has not been reached.
#[derive(Default)]
pub struct Collector {
    spans: Prose,
    /// From the outside in.
    faces: Vec<Face>,
    /// The open links: their addresses, and the spans before them.
    links: Vec<(String, usize)>,
    /// A line of the source has ended.
    soft_break: bool,
}

impl Collector {
    /// Takes what belongs to a text. What begins or ends a block means nothing to it.
    pub fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Emphasis) => self.faces.push(Face::Emphasis),
            Event::Start(Tag::Strong) => self.faces.push(Face::Strong),
            Event::Start(Tag::Link { dest_url, .. }) => self.open_link(&dest_url),
            Event::End(TagEnd::Emphasis | TagEnd::Strong) => drop(self.faces.pop()),
            Event::End(TagEnd::Link) => self.close_link(),
            Event::Code(code) => self.push(&code, Face::Code),
            Event::SoftBreak => self.soft_break = true,
            Event::HardBreak => self.break_line(),
            Event::Html(html) => self.lines(&html),
            Event::Text(text) | Event::InlineHtml(text) => self.text(&text),
            _ => {}
        }
    }

    /// What has been collected; the next text begins.
    pub fn finish(&mut self) -> Prose {
        std::mem::take(self).spans
    }

    fn text(&mut self, text: &CowStr<'_>) {
        self.push(text, self.faces.last().copied().unwrap_or(Face::Text));
    }

    fn lines(&mut self, html: &str) {
        for line in html.lines() {
            self.push(line, Face::Text);
            self.break_line();
        }
    }

    fn open_link(&mut self, address: &str) {
        self.faces.push(Face::Link);
        self.links.push((address.to_owned(), self.spans.len()));
    }

    /// Nobody can click here: an address that its words do not say stands behind them.
    fn close_link(&mut self) {
        self.faces.pop();
        let Some((address, before)) = self.links.pop() else { return };
        let words: String = self.spans.iter().skip(before).map(|span| span.text.as_str()).collect();
        if address.contains("://") && words != address {
            self.push(&format!(" ({address})"), Face::Text);
        }
    }

    fn break_line(&mut self) {
        self.soft_break = false;
        self.spans.push(Span::new(BREAK, Face::Text));
    }

    fn push(&mut self, text: &str, face: Face) {
        // A tag may reach over lines.
        let text = prose(&text.replace('\n', " "));
        if text.is_empty() {
            return;
        }
        if std::mem::take(&mut self.soft_break) && !self.is_between_wide(&text) {
            self.join(" ", self.spans.last().map_or(face, |span| span.face));
        }
        self.join(&text, face);
    }

    /// Chinese has no blanks where a line of the source ends.
    fn is_between_wide(&self, next: &str) -> bool {
        let last = self.spans.last().and_then(|span| span.text.chars().next_back());
        last.is_some_and(is_wide) && next.chars().next().is_some_and(is_wide)
    }

    /// Two codes side by side stay two.
    fn join(&mut self, text: &str, face: Face) {
        match self.spans.last_mut() {
            Some(last) if last.face == face && face != Face::Code && last.text != BREAK => {
                last.text.push_str(text);
            }
            Some(last) if last.face == Face::Code && text == " " => {
                self.spans.push(Span::new(text, Face::Text));
            }
            _ => self.spans.push(Span::new(text, face)),
        }
    }
}
