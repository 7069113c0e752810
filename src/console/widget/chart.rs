//! Charts in cells: bars of eighth blocks, columns with values above, lines, heat maps, sparklines.
//!
//! Values are plain numbers already scaled for showing; money and counts come as words beside them.

use super::{part, put, put_right};
use crate::console::theme::{Look, Role};
use crate::unit::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

const EIGHTHS: [&str; 9] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];
const LEVELS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// A bar: its label, its value, the value in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// Said before it.
    pub label: String,
    /// Its length against the longest.
    pub value: f64,
    /// Said behind it.
    pub words: String,
}

/// Horizontal bars, one a row, labels to the left and values to the right.
pub fn bars(bars: &[Bar], look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    let most = bars.iter().map(|bar| bar.value).fold(0.0, f64::max);
    let label =
        bars.iter().map(|bar| text::width(&bar.label)).max().unwrap_or(0).min(usize::from(area.width) / 3) as u16;
    let words =
        bars.iter().map(|bar| text::width(&bar.words)).max().unwrap_or(0).min(usize::from(area.width) / 3) as u16;
    let room = area.width.saturating_sub(label + words + 3);
    // With room to spare every bar stands apart from the next.
    let apart = if usize::from(area.height) >= bars.len() * 2 { 2 } else { 1 };
    for (y, bar) in (0..area.height).step_by(apart).zip(bars) {
        put(buffer, part(area, 0, y, label, 1), 0, 0, &bar.label, look.style(Role::Text));
        let share = if most > 0.0 { (bar.value / most).clamp(0.0, 1.0) } else { 0.0 };
        put(buffer, area, label + 1, y, &blocks(share, room, look.ascii), look.style(Role::Chart1));
        put_right(buffer, area, area.width, y, &bar.words, look.style(Role::Muted));
    }
}

fn blocks(share: f64, room: u16, ascii: bool) -> String {
    let eighths = (share * f64::from(room) * 8.0).round() as usize;
    if ascii {
        return "#".repeat(eighths.div_ceil(8));
    }
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// A line of block heights, the newest value last.
pub fn spark(values: &[f64], columns: usize, ascii: bool) -> String {
    let shown = &values[values.len().saturating_sub(columns)..];
    let most = shown.iter().copied().fold(0.0, f64::max);
    let levels: &[&str] = if ascii { &[" ", ".", ":", "-", "=", "+", "*", "#", "#"] } else { &LEVELS };
    shown
        .iter()
        .map(|value| {
            let level = if most > 0.0 { (value.max(0.0) / most * 7.0).round() as usize + 1 } else { 0 };
            levels[level.min(8)]
        })
        .collect()
}

/// Round numbers between 0 and at least `most`, for an axis of about `wanted` marks.
pub fn ticks(most: f64, wanted: usize) -> Vec<f64> {
    if most.is_nan() || most <= 0.0 || wanted == 0 {
        return vec![0.0];
    }
    let rough = most / wanted as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|nice| nice * power).find(|step| *step >= rough);
    let step = step.unwrap_or(rough);
    let marks = (most / step).ceil() as usize;
    (0..=marks).map(|mark| mark as f64 * step).collect()
}

/// A number short enough for an axis: 950, 1.5k, 12k, 3M.
pub fn short(value: f64) -> String {
    let scaled = |value: f64, unit: &str| {
        let text = if (value * 10.0).round() % 10.0 == 0.0 { format!("{value:.0}") } else { format!("{value:.1}") };
        format!("{text}{unit}")
    };
    match value.abs() {
        v if v >= 1e9 => scaled(value / 1e9, "G"),
        v if v >= 1e6 => scaled(value / 1e6, "M"),
        v if v >= 1e3 => scaled(value / 1e3, "k"),
        _ => scaled(value, ""),
    }
}

/// An axis of round numbers at the left of an area, up to `most` at least: what its top stands for, and the room beside it.
fn axis(most: f64, area: Rect, look: &Look<'_>, buffer: &mut Buffer) -> (f64, Rect) {
    let marks = ticks(most, (usize::from(area.height) / 3).max(1));
    let top = marks.last().copied().unwrap_or(1.0).max(f64::MIN_POSITIVE);
    let wide = marks.iter().map(|mark| short(*mark).len()).max().unwrap_or(1) as u16 + 1;
    for mark in &marks {
        let y = area.height - 1 - ((mark / top) * f64::from(area.height - 1)).round() as u16;
        put_right(buffer, area, wide, y, &short(*mark), look.style(Role::Muted));
        put(buffer, area, wide, y, if look.ascii { "+" } else { "┤" }, look.style(Role::Border));
    }
    (top, part(area, wide + 1, 0, area.width, area.height))
}

/// Upright columns over time or groups, with an axis of round numbers and as many labels below as fit.
pub fn columns(values: &[f64], labels: &[String], look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    if values.is_empty() || area.height < 3 || area.width < 12 {
        return;
    }
    let most = values.iter().copied().fold(0.0, f64::max);
    let rows = area.height - 2;
    let (top, plot) = axis(most, part(area, 0, 0, area.width, rows), look, buffer);
    let shown = &values[values.len().saturating_sub(usize::from(plot.width))..];
    let skipped = values.len() - shown.len();
    let wide = (plot.width / shown.len().max(1) as u16).clamp(1, 8);
    let bar = if wide > 2 { wide - 1 } else { wide };
    for (at, value) in shown.iter().enumerate() {
        let eighths = ((value.max(0.0) / top) * f64::from(rows) * 8.0).round() as u16;
        let x = at as u16 * wide;
        for row in 0..rows {
            let level = eighths.saturating_sub((rows - 1 - row) * 8).min(8);
            if level > 0 {
                let block = if look.ascii { "#" } else { LEVELS[usize::from(level)] };
                put(buffer, plot, x, row, &block.repeat(usize::from(bar)), look.style(Role::Chart1));
            }
        }
    }
    let foot = part(area, plot.x - area.x, rows, area.width, 1);
    let mut free = 0;
    for (at, label) in labels.iter().skip(skipped).enumerate() {
        let x = at as u16 * wide;
        let width = text::width(label) as u16;
        if x >= free && x + width <= foot.width {
            put(buffer, foot, x, 0, label, look.style(Role::Muted));
            free = x + width + 2;
        }
    }
}

/// A line of a chart: what stands at its end, and its values from the left.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Said at the line's end.
    pub label: String,
    /// Its values; fewer than there are labels end before the right edge.
    pub values: Vec<f64>,
    /// Its colour.
    pub role: Role,
}

/// Lines over the same labels, with an axis of round numbers and each line's label at its end.
pub fn lines(series: &[Series], labels: &[String], look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    if labels.is_empty() || area.height < 3 || area.width < 16 {
        return;
    }
    let most = series.iter().flat_map(|line| &line.values).copied().fold(0.0, f64::max);
    let rows = area.height - 1;
    let (top, plot) = axis(most, part(area, 0, 0, area.width, rows), look, buffer);
    let (wide, high) = (usize::from(plot.width), usize::from(plot.height));
    for line in series {
        let mut dots = text::Dots::new(wide, high);
        dots.curve_of(&line.values, labels.len(), top);
        for (y, signs) in dots.lines(look.ascii).iter().enumerate() {
            for (x, sign) in signs.char_indices().map(|(_, sign)| sign).enumerate().filter(|(_, sign)| *sign != ' ') {
                let sign = sign.encode_utf8(&mut [0; 4]).to_owned();
                put(buffer, plot, x as u16, y as u16, &sign, look.style(line.role));
            }
        }
    }
    // Labels come last, so that no line runs through them.
    let mut taken: Vec<u16> = Vec::new();
    for line in series.iter().rev() {
        let Some(last) = line.values.last() else { continue };
        let share = (line.values.len() - 1) as f64 / (labels.len().max(2) - 1) as f64;
        let y =
            plot.height.saturating_sub(1) - ((last / top).clamp(0.0, 1.0) * f64::from(plot.height - 1)).round() as u16;
        let own = text::width(&line.label) as u16;
        let x = ((share * f64::from(plot.width)) as u16 + 1).min(plot.width.saturating_sub(own));
        let free = |y: &u16| !taken.contains(y);
        let y = [y, y.saturating_sub(1), (y + 1).min(plot.height - 1)].into_iter().find(free).unwrap_or(y);
        taken.push(y);
        put(buffer, plot, x, y, &line.label, look.style(line.role));
    }
    let foot = part(area, plot.x - area.x, rows, area.width, 1);
    let mut free = 0;
    for (at, label) in labels.iter().enumerate() {
        let share = at as f64 / (labels.len().max(2) - 1) as f64;
        let own = text::width(label) as u16;
        let x = ((share * f64::from(foot.width.saturating_sub(1))) as u16).min(foot.width.saturating_sub(own));
        if x >= free {
            put(buffer, foot, x, 0, label, look.style(Role::Muted));
            free = x + own + 2;
        }
    }
}

/// A heat map: rows and columns of shares from 0 to 1, told apart without colour too.
pub fn heat(rows: &[(String, Vec<f64>)], heads: &[String], look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    const SHADES: [&str; 5] = ["·", "░", "▒", "▓", "█"];
    const PLAIN: [&str; 5] = [".", ":", "+", "%", "#"];
    const ROLES: [Role; 5] = [Role::Heat0, Role::Heat1, Role::Heat2, Role::Heat3, Role::Heat4];
    let label = rows.iter().map(|(label, _)| text::width(label)).max().unwrap_or(0) as u16 + 1;
    let count = heads.len().max(1) as u16;
    let wide = (area.width.saturating_sub(label) / count).clamp(1, 12);
    // Short heads that would run into each other are left out in between; long ones are cut.
    let longest = heads.iter().map(|head| text::width(head)).max().unwrap_or(0) as u16;
    let every = if longest < 3 { longest / wide + 1 } else { 1 };
    for (at, head) in heads.iter().enumerate().step_by(usize::from(every)) {
        let place = part(area, label + at as u16 * wide, 0, wide * every, 1);
        put(buffer, place, 0, 0, head, look.style(Role::Muted));
    }
    for (y, (name, values)) in (1..area.height).zip(rows) {
        put(buffer, area, 0, y, name, look.style(Role::Muted));
        for (at, value) in values.iter().enumerate() {
            let level = if *value <= 0.0 { 0 } else { ((value * 4.0).ceil() as usize).clamp(1, 4) };
            let shade = if look.ascii { PLAIN[level] } else { SHADES[level] };
            let cell = part(area, label + at as u16 * wide, y, wide.saturating_sub(1).max(1), 1);
            let cell_words = shade.repeat(usize::from(cell.width));
            put(buffer, cell, 0, 0, &cell_words, look.style(ROLES[level]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_cover_the_most() {
        assert_eq!(ticks(4_812.0, 3), vec![0.0, 2_000.0, 4_000.0, 6_000.0]);
        assert_eq!(ticks(0.9, 2), vec![0.0, 0.5, 1.0]);
        assert_eq!(ticks(0.0, 5), vec![0.0]);
        assert_eq!(ticks(f64::NAN, 5), vec![0.0]);
    }

    #[test]
    fn axis_numbers_are_short() {
        assert_eq!(
            [short(0.0), short(950.0), short(1_500.0), short(12_000.0), short(3e6)],
            ["0", "950", "1.5k", "12k", "3M"]
        );
    }

    #[test]
    fn bars_are_cut_to_eighths() {
        assert_eq!(blocks(1.0, 4, false), "████");
        assert_eq!(blocks(0.5, 1, false), "▌");
        assert_eq!(blocks(0.0, 4, false), "");
        assert_eq!(spark(&[0.0, 1.0, 2.0], 3, false), "▁▅█");
    }
}
