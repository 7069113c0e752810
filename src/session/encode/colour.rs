//! Colours as a terminal of some depth shows them.

use ratatui::style::Color;

use crate::session::client::ColourDepth;

/// A colour that the terminal has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ink {
    /// The terminal's own.
    #[default]
    Default,
    /// By number: 0–15 named, 16–231 the cube, 232–255 greys.
    Number(u8),
    /// 24 bits.
    Rgb(u8, u8, u8),
}

/// Foreground and background at `depth`. Two colours that differ stay apart, so that no text vanishes into its ground.
pub(super) fn pair(foreground: Color, background: Color, depth: ColourDepth) -> (Ink, Ink) {
    let (fg, bg) = (ink(foreground, depth), ink(background, depth));
    if fg != bg || fg == Ink::Default || foreground == background {
        return (fg, bg);
    }
    let (red, green, blue) = rgb(background);
    let bright = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue) > 128_000;
    let contrast = match (bright, bg) {
        (true, Ink::Number(0)) | (false, Ink::Number(15)) => 7,
        (true, _) => 0,
        (false, _) => 15,
    };
    (Ink::Number(contrast), bg)
}

fn ink(colour: Color, depth: ColourDepth) -> Ink {
    if depth == ColourDepth::Mono || colour == Color::Reset {
        return Ink::Default;
    }
    match (named(colour), colour, depth) {
        (Some(number), ..) => Ink::Number(number),
        (None, Color::Rgb(red, green, blue), ColourDepth::True) => {
            exact((red, green, blue)).map_or(Ink::Rgb(red, green, blue), Ink::Number)
        }
        (None, Color::Indexed(number), ColourDepth::True | ColourDepth::Ansi256) => Ink::Number(number),
        (None, _, ColourDepth::Ansi256) => Ink::Number(nearest_of_256(rgb(colour))),
        _ => Ink::Number(nearest_of_16(rgb(colour))),
    }
}

/// The number of one of the sixteen.
fn named(colour: Color) -> Option<u8> {
    Some(match colour {
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        Color::Indexed(number) if number < 16 => number,
        _ => return None,
    })
}

type Rgb = (u8, u8, u8);

/// How terminals commonly show the sixteen.
const SIXTEEN: [Rgb; 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

/// The steps of one side of the cube.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

fn rgb(colour: Color) -> Rgb {
    match (named(colour), colour) {
        (Some(number), _) => SIXTEEN[usize::from(number)],
        (None, Color::Rgb(red, green, blue)) => (red, green, blue),
        (None, Color::Indexed(number)) => of_256(number),
        _ => (0, 0, 0),
    }
}

fn of_256(number: u8) -> Rgb {
    match number {
        0..=15 => SIXTEEN[usize::from(number)],
        16..=231 => {
            let place = usize::from(number - 16);
            (STEPS[place / 36], STEPS[place / 6 % 6], STEPS[place % 6])
        }
        232.. => {
            let grey = 8 + (number - 232) * 10;
            (grey, grey, grey)
        }
    }
}

/// Squared distance, weighted as the eye does: it tells greens apart best and blues worst.
fn distance(a: Rgb, b: Rgb) -> i32 {
    let squared = |x: u8, y: u8| (i32::from(x) - i32::from(y)).pow(2);
    let mean_red = (i32::from(a.0) + i32::from(b.0)) / 2;
    let (red, green, blue) = (squared(a.0, b.0), squared(a.1, b.1), squared(a.2, b.2));
    (((512 + mean_red) * red) >> 8) + 4 * green + (((767 - mean_red) * blue) >> 8)
}

/// The number of a colour that every terminal of 256 has: half as many bytes say it. The first of the cube are left alone,
/// some people's terminals have other colours there.
fn exact(wanted: Rgb) -> Option<u8> {
    Some(nearest_of_256(wanted)).filter(|number| *number >= 22 && of_256(*number) == wanted)
}

fn nearest_of_256(wanted: Rgb) -> u8 {
    let step = |value: u8| match value {
        0..48 => 0,
        48..115 => 1,
        _ => (value - 35) / 40,
    };
    let cube = 16 + 36 * step(wanted.0) + 6 * step(wanted.1) + step(wanted.2);
    let mean = (u16::from(wanted.0) + u16::from(wanted.1) + u16::from(wanted.2)) / 3;
    let grey = 232 + u8::try_from(mean.saturating_sub(3) / 10).unwrap_or(23).min(23);
    if distance(of_256(grey), wanted) < distance(of_256(cube), wanted) { grey } else { cube }
}

fn nearest_of_16(wanted: Rgb) -> u8 {
    let nearest = (0_u8..16).min_by_key(|&number| distance(SIXTEEN[usize::from(number)], wanted));
    nearest.unwrap_or(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_brought_to_the_terminals_depth() {
        let cases = [
            (Color::Rgb(30, 30, 46), ColourDepth::True, Ink::Rgb(30, 30, 46)),
            (Color::Rgb(255, 175, 95), ColourDepth::True, Ink::Number(215)),
            (Color::Rgb(238, 238, 238), ColourDepth::True, Ink::Number(255)),
            (Color::Rgb(0, 0, 95), ColourDepth::True, Ink::Rgb(0, 0, 95)),
            (Color::Rgb(255, 0, 0), ColourDepth::Ansi256, Ink::Number(196)),
            (Color::Rgb(18, 18, 18), ColourDepth::Ansi256, Ink::Number(233)),
            (Color::Rgb(128, 128, 128), ColourDepth::Ansi256, Ink::Number(244)),
            (Color::Rgb(250, 10, 10), ColourDepth::Ansi16, Ink::Number(9)),
            (Color::Indexed(196), ColourDepth::Ansi16, Ink::Number(9)),
            (Color::Indexed(3), ColourDepth::Ansi16, Ink::Number(3)),
            (Color::Green, ColourDepth::True, Ink::Number(2)),
            (Color::Reset, ColourDepth::True, Ink::Default),
            (Color::Rgb(255, 0, 0), ColourDepth::Mono, Ink::Default),
        ];
        for (colour, depth, expected) in cases {
            assert_eq!(ink(colour, depth), expected, "{colour:?} at {depth:?}");
        }
    }

    #[test]
    fn the_nearest_of_256_is_never_worse_than_any_cube_corner() {
        for red in (0..=255).step_by(15) {
            for green in (0..=255).step_by(15) {
                for blue in (0..=255).step_by(15) {
                    let wanted = (red, green, blue);
                    let chosen = distance(of_256(nearest_of_256(wanted)), wanted);
                    let best = (16..=255).map(|number| distance(of_256(number), wanted)).min().unwrap();
                    assert!(chosen <= best + best / 2 + 900, "{wanted:?}: {chosen} against {best}");
                }
            }
        }
    }

    #[test]
    fn text_never_vanishes_into_its_ground() {
        for depth in [ColourDepth::Ansi16, ColourDepth::Ansi256] {
            for (fg, bg) in
                [((20, 20, 30), (0, 0, 0)), ((250, 250, 250), (255, 255, 255)), ((100, 101, 100), (101, 101, 102))]
            {
                let (fg, bg) = pair(Color::Rgb(fg.0, fg.1, fg.2), Color::Rgb(bg.0, bg.1, bg.2), depth);
                assert_ne!(fg, bg);
            }
        }
    }
}
