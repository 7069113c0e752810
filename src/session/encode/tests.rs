use proptest::prelude::*;
use ratatui::style::{Color, Modifier, Style as Look};

use super::*;
use crate::session::client::{ColourDepth, Repertoire};
use ratatui::layout::Rect;

/// A terminal beside the frames that are drawn for it.
struct Screen {
    frames: Frames,
    emulator: vt100::Parser,
}

impl Screen {
    fn new(columns: u16, rows: u16) -> Self {
        Self::of(&Client::default(), columns, rows)
    }

    fn of(client: &Client, columns: u16, rows: u16) -> Self {
        Self { frames: Frames::new(client, columns, rows), emulator: vt100::Parser::new(rows, columns, 0) }
    }

    /// Draws, shows the bytes to the emulator and returns how many there were.
    fn draw(&mut self, paint: impl FnOnce(&mut Buffer) -> Option<Position>) -> usize {
        let bytes = self.frames.draw(paint);
        self.emulator.process(bytes);
        bytes.len()
    }

    /// What the emulator shows must be what the grid holds, cell by cell.
    fn check(&self, cursor: Option<Position>) -> Result<(), String> {
        let screen = self.emulator.screen();
        for y in 0..self.frames.rows {
            for (x, cell) in self.frames.shown.row(usize::from(y)).iter().enumerate() {
                let seen = screen.cell(y, u16::try_from(x).unwrap()).ok_or("no such cell")?;
                same(cell, seen).map_err(|fault| format!("row {y} column {x}: {fault}; {cell:?} against {seen:?}"))?;
            }
        }
        match cursor {
            None if !screen.hide_cursor() => Err("the cursor shows".to_owned()),
            Some(at) if screen.hide_cursor() || screen.cursor_position() != (at.y, at.x) => {
                Err(format!("the cursor is at {:?}", screen.cursor_position()))
            }
            _ => Ok(()),
        }
    }
}

fn same(cell: &Cell, seen: &vt100::Cell) -> Result<(), &'static str> {
    let contents = match seen.contents() {
        "" => " ",
        text => text,
    };
    let ink = |ink| match ink {
        colour::Ink::Default => vt100::Color::Default,
        colour::Ink::Number(number) => vt100::Color::Idx(number),
        colour::Ink::Rgb(red, green, blue) => vt100::Color::Rgb(red, green, blue),
    };
    let text = match &cell.glyph {
        grid::Glyph::Tail => return if seen.is_wide_continuation() { Ok(()) } else { Err("no right half") },
        grid::Glyph::Narrow(character) | grid::Glyph::Wide(character) => character.to_string(),
        grid::Glyph::Cluster(number, _) => cluster::text(*number).to_string(),
    };
    let has = |attribute| cell.pen.attributes.contains(attribute);
    let marked = |attribute, on: bool| has(attribute) == on;
    if text != contents || seen.is_wide() != (cell.width() == 2) {
        Err("text")
    } else if seen.bgcolor() != ink(cell.pen.bg) {
        Err("background")
    } else if !marked(Modifier::REVERSED, seen.inverse()) || !marked(Modifier::UNDERLINED, seen.underline()) {
        Err("marks")
    } else if cell.is_blank() {
        Ok(())
    } else if seen.fgcolor() != ink(cell.pen.fg) {
        Err("foreground")
    } else if !marked(Modifier::ITALIC, seen.italic()) || !marked(Modifier::BOLD, seen.bold()) && !has(Modifier::DIM) {
        Err("weight")
    } else {
        Ok(())
    }
}

/// A stroke of the brush: a text somewhere in some look, or a rectangle restyled or scrolled.
#[derive(Clone, Debug)]
enum Stroke {
    Text(u16, u16, String, Look),
    Shade(u16, u16, u16, u16, Look),
    Scroll(u16, u16, i32),
    Blank(u16, u16, u16),
}

fn look() -> impl Strategy<Value = Look> {
    let colours = prop::sample::select(vec![
        Color::Reset,
        Color::Reset,
        Color::Red,
        Color::White,
        Color::Indexed(200),
        Color::Rgb(1, 2, 3),
        Color::Rgb(250, 0, 9),
    ]);
    // The emulator knows bold or dim, not both at once.
    let attributes = prop::sample::select(vec![
        Modifier::empty(),
        Modifier::empty(),
        Modifier::BOLD,
        Modifier::ITALIC | Modifier::UNDERLINED,
        Modifier::REVERSED,
        Modifier::BOLD | Modifier::REVERSED,
        Modifier::UNDERLINED,
    ]);
    (colours.clone(), colours, attributes)
        .prop_map(|(fg, bg, modifier)| Look::new().fg(fg).bg(bg).add_modifier(modifier))
}

fn stroke() -> impl Strategy<Value = Stroke> {
    let piece = prop::sample::select(vec![
        "a",
        "Z",
        "7",
        " ",
        "   ",
        "          ",
        "é",
        "e\u{301}",
        "漢",
        "か\u{3099}",
        "─",
        "▌",
    ]);
    let text = prop::collection::vec(piece, 1..20).prop_map(|pieces| pieces.concat());
    prop_oneof![
        4 => (0..40_u16, 0..12_u16, text, look()).prop_map(|(x, y, text, look)| Stroke::Text(x, y, text, look)),
        1 => (0..40_u16, 0..12_u16, 1..40_u16, 1..4_u16, look()).prop_map(|(x, y, w, h, look)| Stroke::Shade(x, y, w, h, look)),
        2 => (0..12_u16, 0..12_u16, -4..=4_i32).prop_map(|(a, b, rows)| Stroke::Scroll(a.min(b), a.max(b), rows)),
        1 => (0..40_u16, 0..12_u16, 1..40_u16).prop_map(|(x, y, w)| Stroke::Blank(x, y, w)),
    ]
}

fn apply(canvas: &mut Buffer, stroke: &Stroke) {
    let area = *canvas.area();
    match stroke {
        Stroke::Text(x, y, text, look) if *x < area.width && *y < area.height => {
            canvas.set_string(*x, *y, text, *look);
        }
        Stroke::Text(..) => {}
        Stroke::Shade(x, y, w, h, look) => canvas.set_style(Rect::new(*x, *y, *w, *h).intersection(area), *look),
        Stroke::Scroll(top, bottom, rows) => {
            let before = canvas.clone();
            for y in *top..(*bottom).min(area.height) {
                let source = i32::from(y) + rows;
                for x in 0..area.width {
                    let moved = u16::try_from(source).ok().filter(|source| (*top..*bottom).contains(source));
                    let cell = moved.and_then(|source| before.cell((x, source))).cloned().unwrap_or_default();
                    canvas[(x, y)] = cell;
                }
            }
        }
        Stroke::Blank(x, y, w) => {
            for x in *x..x.saturating_add(*w).min(area.width) {
                if let Some(cell) = canvas.cell_mut((x, *y)) {
                    cell.reset();
                }
            }
        }
    }
}

/// What makes the terminal another than the one that is known.
#[derive(Clone, Debug)]
enum Mishap {
    Overwritten,
    Resized(u16, u16),
}

fn mishap() -> impl Strategy<Value = Option<Mishap>> {
    let size = (2..40_u16, 2..12_u16).prop_map(|(columns, rows)| Some(Mishap::Resized(columns, rows)));
    prop_oneof![18 => Just(None), 1 => Just(Some(Mishap::Overwritten)), 1 => size]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_terminal_shows_what_was_drawn(
        // The emulator itself fails at one row.
        size in (2..40_u16, 2..12_u16),
        erases_in_colour in any::<bool>(),
        frames in prop::collection::vec(
            (prop::collection::vec(stroke(), 0..6), prop::option::of((0..40_u16, 0..12_u16)), mishap()),
            1..8,
        ),
    ) {
        let mut screen = Screen::of(&Client { erases_in_colour, ..Client::default() }, size.0, size.1);
        let mut canvas = Buffer::empty(Rect::new(0, 0, size.0, size.1));
        let mut size = size;
        for (strokes, cursor, mishap) in &frames {
            if let Some(Mishap::Resized(columns, rows)) = mishap {
                size = (*columns, *rows);
                canvas = Buffer::empty(Rect::new(0, 0, size.0, size.1));
                screen.emulator.screen_mut().set_size(size.1, size.0);
                screen.frames.resize(size.0, size.1);
            }
            strokes.iter().for_each(|stroke| apply(&mut canvas, stroke));
            if matches!(mishap, Some(Mishap::Overwritten)) {
                screen.emulator.process(b"\x1b[3;1H\x1b[41mgarbage\x1b[?25h");
                screen.frames.invalidate();
            }
            let cursor = cursor.map(|(x, y)| Position::new(x.min(size.0 - 1), y.min(size.1 - 1)));
            screen.draw(|buffer| { buffer.clone_from(&canvas); cursor });
            screen.check(cursor).map_err(TestCaseError::fail)?;
            prop_assert_eq!(screen.draw(|buffer| { buffer.clone_from(&canvas); cursor }), 0, "no change is no byte");
        }
    }
}

/// A list with a heading, a selection and a text field with the cursor, in true colours.
fn list(buffer: &mut Buffer, first: usize, selected: usize, field: &str) -> Option<Position> {
    let area = *buffer.area();
    let text = Look::new().fg(Color::Rgb(205, 214, 244));
    let dim = Look::new().fg(Color::Rgb(127, 132, 156));
    buffer.set_string(1, 0, "till   Sale   Orders   Stock", text.add_modifier(Modifier::BOLD));
    buffer.set_style(Rect::new(1, 1, 40, 1), text);
    buffer.set_string(1, 1, field, text);
    for y in 2..area.height - 1 {
        let number = first + usize::from(y);
        let line = format!(" {number:>5}  Oat milk {} l, organic", number * 7919 % 97);
        buffer.set_string(0, y, line, text);
        buffer.set_string(
            46,
            y,
            format!("{:>6}   {:>8}.{:02}   ", number * 31 % 40, number * 13 % 900, number % 100),
            text,
        );
        if number == selected {
            let bar = Look::new().fg(Color::Rgb(30, 30, 46)).bg(Color::Rgb(137, 180, 250));
            buffer.set_style(Rect::new(0, y, area.width.min(80), 1), bar);
        }
    }
    buffer.set_string(1, area.height - 1, "F2 search  F3 customer  F9 pay", dim);
    Some(Position::new(1 + u16::try_from(field.len()).unwrap(), 1))
}

#[test]
fn typing_a_character_takes_one_byte_and_no_change_none() {
    for (columns, rows) in [(80, 24), (200, 50)] {
        let mut screen = Screen::new(columns, rows);
        screen.draw(|buffer| list(buffer, 0, 5, ""));
        assert_eq!(screen.draw(|buffer| list(buffer, 0, 5, "")), 0);
        assert_eq!(screen.draw(|buffer| list(buffer, 0, 5, "o")), 1);
        assert_eq!(screen.draw(|buffer| list(buffer, 0, 5, "oa")), 1);
        assert!(screen.draw(|buffer| list(buffer, 0, 5, "o")) <= 4, "rubbing out");
        assert_eq!(screen.check(Some(Position::new(2, 1))), Ok(()));
    }
}

#[test]
fn a_moved_selection_takes_few_bytes() {
    for (columns, rows, budget) in [(80, 24, 170), (200, 50, 300)] {
        let mut screen = Screen::new(columns, rows);
        screen.draw(|buffer| list(buffer, 0, 5, "oat"));
        for selected in [6, 7, 8, 9, 8, 7] {
            let bytes = screen.draw(|buffer| list(buffer, 0, selected, "oat"));
            assert!(bytes <= budget, "{bytes} bytes at {columns}x{rows}");
            assert_eq!(screen.check(Some(Position::new(4, 1))), Ok(()));
        }
    }
}

#[test]
fn scrolling_a_list_by_a_row_takes_few_bytes() {
    for (columns, rows) in [(80, 24), (200, 50)] {
        let mut screen = Screen::new(columns, rows);
        let last = usize::from(rows) - 2;
        screen.draw(|buffer| list(buffer, 0, last, "oat"));
        for first in [1, 2, 3, 2, 1, 0] {
            let bytes = screen.draw(|buffer| list(buffer, first, last + first, "oat"));
            assert!(bytes <= 250, "{bytes} bytes at {columns}x{rows}");
            assert_eq!(screen.check(Some(Position::new(4, 1))), Ok(()));
        }
    }
}

#[test]
fn each_colour_is_taken_up_once() {
    let mut screen = Screen::new(60, 12);
    let field = Look::new().fg(Color::Rgb(9, 9, 9)).bg(Color::Rgb(40, 40, 40));
    let draw = |words: &'static str| {
        move |buffer: &mut Buffer| {
            for y in 1..9 {
                buffer.set_string(0, y, words, Look::new().fg(Color::Rgb(1, 2, 3)));
                buffer.set_string(30, y, words, Look::new().fg(Color::Rgb(200, 100, 50)));
            }
            buffer.set_style(Rect::new(0, 0, 60, 1), field);
            buffer.set_string(0, 0, words, field);
            Some(Position::new(4, 0))
        }
    };
    screen.draw(draw("oats"));
    let bytes = String::from_utf8(screen.frames.draw(draw("nuts")).to_vec()).unwrap();
    assert_eq!((bytes.matches("38;2;1;2;3").count(), bytes.matches("38;2;200;100;50").count()), (1, 1), "{bytes:?}");
    screen.emulator.process(bytes.as_bytes());
    assert_eq!(screen.check(Some(Position::new(4, 0))), Ok(()));
}

#[test]
fn a_large_frame_is_synchronised_and_a_small_one_is_not() {
    let mut frames = Frames::new(&Client::default(), 80, 24);
    let first = frames.draw(|buffer| list(buffer, 0, 5, "")).to_vec();
    assert!(first.starts_with(BEGIN) && first.ends_with(END));
    let second = frames.draw(|buffer| list(buffer, 0, 5, "x")).to_vec();
    assert_eq!(second, b"x");
}

#[test]
fn the_cursor_is_shown_hidden_and_moved_only_when_it_changes() {
    let mut frames = Frames::new(&Client::default(), 10, 2);
    assert_eq!(frames.draw(|_| None), b"\x1b[r\x1b[m\x1b[H\x1b[2J\x1b[?25l");
    assert_eq!(frames.draw(|_| None), b"");
    assert_eq!(frames.draw(|_| Some(Position::new(3, 1))), b"\n\x1b[3C\x1b[?25h");
    assert_eq!(frames.draw(|_| Some(Position::new(2, 1))), b"\x08");
    assert_eq!(frames.draw(|_| Some(Position::new(2, 1))), b"");
    assert_eq!(frames.draw(|_| None), b"\x1b[?25l");
}

#[test]
fn a_row_that_empties_is_erased_and_a_gap_is_written_over() {
    let mut frames = Frames::new(&Client::default(), 40, 2);
    let text = |text: &'static str| {
        move |buffer: &mut Buffer| {
            buffer.set_string(0, 0, text, Look::new());
            None
        }
    };
    frames.draw(text("Espresso beans 1 kg          18.90"));
    assert_eq!(frames.draw(text("Espresso")), b"\x1b[25D\x1b[K");
    assert_eq!(frames.draw(text("EspReSso")), b"\x1b[6DReS");
}

#[test]
fn sizes_without_cells_and_beyond_bounds_are_harmless() {
    for (columns, rows) in [(0, 0), (0, 5), (5, 0), (1, 1), (2, 1), (1, 2), (u16::MAX, 1), (1, u16::MAX)] {
        let mut frames = Frames::new(&Client::default(), columns, rows);
        frames.draw(|buffer| {
            buffer.set_string(0, 0, "漢字 text", Look::new());
            Some(Position::new(u16::MAX, u16::MAX))
        });
        frames.resize(3, 3);
        frames.draw(|_| None);
        frames.resize(columns, rows);
        frames.draw(|_| None);
    }
}

#[test]
fn a_terminal_without_colour_or_unicode_gets_neither() {
    let client = Client { depth: ColourDepth::Mono, repertoire: Repertoire::Ascii, ..Client::default() };
    let mut frames = Frames::new(&client, 20, 2);
    let bytes = frames.draw(|buffer| {
        buffer.set_string(0, 0, "│ Käse 漢 │", Look::new().fg(Color::Red).bg(Color::Blue).bold());
        None
    });
    assert_eq!(bytes, b"\x1b[r\x1b[m\x1b[H\x1b[2J\x1b[1m| Kase ?  |\x1b[?25l");
}

#[test]
fn emoji_never_shift_what_stands_beside_them() {
    let mut frames = Frames::new(&Client::default(), 20, 1);
    let bytes = frames.draw(|buffer| {
        buffer.set_string(0, 0, "👩\u{200d}👧❤\u{fe0f}x", Look::new());
        None
    });
    let bytes = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(bytes.contains("👩") && !bytes.contains('\u{200d}') && !bytes.contains('\u{fe0f}'), "{bytes:?}");
    assert!(bytes.contains("\x1b[2C❤") || bytes.contains("\x1b[;3H❤"), "placed anew after it: {bytes:?}");
}

#[test]
fn a_buffer_of_another_size_or_with_control_characters_is_harmless() {
    let mut screen = Screen::new(8, 2);
    screen.draw(|buffer| {
        *buffer = Buffer::empty(Rect::new(0, 0, 4, 1));
        buffer[(0, 0)].set_symbol("\x1b");
        buffer[(1, 0)].set_symbol("a\x07");
        buffer[(2, 0)].set_symbol("");
        None
    });
    assert_eq!(screen.check(None), Ok(()));
    assert_eq!(screen.emulator.screen().contents().trim_end(), " a");
    screen.draw(|buffer| {
        buffer.set_string(0, 1, "whole", Look::new());
        None
    });
    assert!(screen.emulator.screen().contents().contains("whole"));
}

#[test]
fn what_steers_text_is_no_glyph_and_carries_none() {
    let symbols =
        ["\u{2028}", "\u{202e}", "a\u{e0041}", "b\u{200d}", "e\u{301}\u{301}\u{301}\u{301}\u{301}", "o\u{301}"];
    let mut frames = Frames::new(&Client::default(), 12, 1);
    let bytes = frames.draw(|buffer| {
        for (x, symbol) in (0..).zip(symbols) {
            buffer[(x, 0)].set_symbol(symbol);
        }
        None
    });
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert!(text.contains("abeo\u{301}"), "{text:?}");
    assert!(text.chars().all(|letter| letter == '\u{1b}' || crate::unit::text::is_shown(letter)), "{text:?}");
}
