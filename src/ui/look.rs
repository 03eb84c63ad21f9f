//! What tones look like: the sixteen colours that every terminal has, so that the learner's own
//! theme decides, and nothing that colour alone tells.

use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};

use crate::app::model::Model;
use crate::app::rows::{Row, Tone};
use crate::markdown::Face;

/// The style of a tone.
pub fn style(model: &Model, tone: Tone) -> Style {
    let style = Style::new();
    let (colour, modifier) = match tone {
        Tone::Face(face) => of_face(face),
        Tone::Good => (Some(Color::Green), Modifier::empty()),
        Tone::Bad => (Some(Color::Red), Modifier::BOLD),
        Tone::Open => (Some(Color::Yellow), Modifier::empty()),
        Tone::Dim => (None, Modifier::DIM),
        Tone::Title => (None, Modifier::BOLD),
        Tone::Chosen => (Some(Color::Cyan), Modifier::BOLD),
    };
    let style = style.add_modifier(modifier);
    match colour {
        Some(colour) if model.colour => style.fg(colour),
        // Code within prose is told by its colour alone otherwise.
        Some(_) if tone == Tone::Face(Face::Code) => style.add_modifier(Modifier::UNDERLINED),
        _ => style,
    }
}

const fn of_face(face: Face) -> (Option<Color>, Modifier) {
    match face {
        Face::Text | Face::Printed => (None, Modifier::empty()),
        Face::Strong | Face::Command => (None, Modifier::BOLD),
        Face::Emphasis => (None, Modifier::ITALIC),
        Face::Code | Face::Marker => (Some(Color::Cyan), Modifier::empty()),
        Face::Heading => (Some(Color::Cyan), Modifier::BOLD),
        Face::Link => (None, Modifier::UNDERLINED),
        Face::Prompt | Face::Frame => (None, Modifier::DIM),
        Face::Trap => (Some(Color::Magenta), Modifier::BOLD),
    }
}

/// A row as the terminal gets it.
pub fn line<'a>(model: &Model, row: &'a Row) -> Line<'a> {
    let spans = row.pieces.iter();
    spans.map(|piece| Span::styled(piece.text.as_str(), style(model, piece.tone))).collect()
}
