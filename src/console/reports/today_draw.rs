//! The Today dashboard in cells: figures, the day against a usual one, top products, the week's heat, what changed.

use super::figure::shown;
use super::picture;
use super::today::{Figure, News, Today, weekday};
use crate::console::screen::Look;
use crate::console::theme::Role;
use crate::console::widget::chart::{self, Bar, Series};
use crate::console::widget::{part, put, put_right, rule, upright};
use crate::unit::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Draws the dashboard; `store` is what it is cut to.
pub(super) fn draw(
    today: &Today,
    store: &str,
    minor: u8,
    live: &str,
    look: &Look<'_>,
    area: Rect,
    buffer: &mut Buffer,
) {
    head(today, store, live, look, part(area, 0, 0, area.width, 1), buffer);
    if today.is_empty() {
        put(buffer, area, 2, 2, "adding up …", look.style(Role::Muted));
        return;
    }
    figures(&today.figures(minor), look, part(area, 0, 1, area.width, 3), buffer);
    let border = look.style(Role::Border);
    rule(buffer, area, 4, border, look.ascii);
    let rest = area.height.saturating_sub(5);
    let lower = (rest * 2 / 5).clamp(5, 16).min(rest);
    let upper = rest - lower;
    let split = area.width * 3 / 5;
    if upper >= 5 {
        let middle = part(area, 0, 5, area.width, upper.saturating_sub(1));
        through_the_day(today, look, part(middle, 0, 0, split, middle.height), buffer);
        upright(buffer, middle, split, border, look.ascii);
        products(today, minor, look, part(middle, split + 2, 0, middle.width, middle.height), buffer);
        rule(buffer, area, 5 + upper - 1, border, look.ascii);
    }
    let bottom = part(area, 0, 5 + upper, area.width, lower);
    let week = if bottom.width >= 110 { split } else { (bottom.width / 2).min(40) };
    heat(today, look, part(bottom, 0, 0, week, bottom.height), buffer);
    upright(buffer, bottom, week, border, look.ascii);
    news(&today.news(), look, part(bottom, week + 2, 0, bottom.width, bottom.height), buffer);
}

fn head(today: &Today, store: &str, live: &str, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    let at = today.at.and_then(|at| at.time_of_day());
    let clock = at.map(|(hour, minute, second)| format!("{hour:02}:{minute:02}:{second:02}")).unwrap_or_default();
    let live = format!("{live}  {clock}");
    let behind = text::width(&live) as u16 + 2;
    put_right(buffer, area, area.width.saturating_sub(1), 0, &live, look.style(Role::Positive));
    let area = part(area, 0, 0, area.width.saturating_sub(behind), 1);
    let x = put(buffer, area, 1, 0, "Today", look.style(Role::Accent));
    let day = today.day.map(|day| format!("{} {day}", weekday(day))).unwrap_or_default();
    let x = put(buffer, area, x + 3, 0, &day, look.style(Role::Muted));
    let more = if look.ascii { "v" } else { "▾" };
    put(buffer, area, x + 3, 0, &format!("{store} {more}"), look.style(Role::Muted));
}

fn figures(figures: &[Figure], look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    let wide = area.width / figures.len().max(1) as u16;
    for (at, figure) in figures.iter().enumerate() {
        let own = part(area, at as u16 * wide, 0, wide.saturating_sub(1), 3);
        put(buffer, own, 1, 0, figure.name, look.style(Role::Muted));
        let x = put(buffer, own, 1, 1, &figure.words, look.style(Role::Heading));
        let room = own.width.saturating_sub(x + 1);
        let (change, since) = match (figure.week, figure.year) {
            (Some(change), _) => (Some(change), "week"),
            (None, change) => (change, "year"),
        };
        if let Some(change) = change {
            let words = arrow(change, look);
            let role = match (change > 0.0) != figure.more_is_worse {
                _ if change.abs() < 0.005 => Role::Muted,
                true => Role::Positive,
                false => Role::Negative,
            };
            let fits = text::width(&words) as u16 <= room;
            if fits {
                let x = put(buffer, own, x + 1, 1, &words, look.style(role));
                put(buffer, own, x + 1, 1, &format!("on last {since}"), look.style(Role::Muted));
            }
        }
        let spark = chart::spark(&figure.spark, usize::from(own.width.saturating_sub(2)).min(14), look.ascii);
        let x = put(buffer, own, 1, 2, &spark, look.style(Role::Chart1));
        if let (Some(_), Some(change)) = (figure.week, figure.year) {
            let words = format!("{} on last year", arrow(change, look));
            if text::width(&words) as u16 + x + 2 <= own.width {
                put(buffer, own, x + 2, 2, &words, look.style(Role::Muted));
            }
        }
    }
}

fn arrow(change: f64, look: &Look<'_>) -> String {
    let sign = match (change >= 0.0, look.ascii) {
        (true, false) => "▲",
        (false, false) => "▼",
        (true, true) => "+",
        (false, true) => "-",
    };
    format!("{sign} {:.0} %", (change.abs() * 100.0).min(999.0))
}

fn through_the_day(today: &Today, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    put(buffer, area, 1, 0, "Sales through the day", look.style(Role::Heading));
    let body = part(area, 1, 1, area.width.saturating_sub(2), area.height.saturating_sub(1));
    let Some((first, now, usual)) = today.through_the_day() else {
        put(buffer, body, 1, 0, "Nothing was sold yet.", look.style(Role::Muted));
        return;
    };
    let labels: Vec<String> = (0..usual.len()).map(|at| format!("{}", first + at)).collect();
    let said = |name: &str, values: &[f64]| format!("{name} {:.0}", values.last().copied().unwrap_or(0.0));
    let is_known = usual.last().is_some_and(|usual| *usual > 0.0);
    let usual = is_known.then(|| Series { label: said("usual", &usual), values: usual, role: Role::Muted });
    let today = Series { label: said("today", &now), values: now, role: Role::Chart1 };
    let series: Vec<Series> = usual.into_iter().chain([today]).collect();
    chart::lines(&series, &labels, look, body, buffer);
}

fn products(today: &Today, minor: u8, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    put(buffer, area, 0, 0, "Top products", look.style(Role::Heading));
    let body = part(area, 0, 1, area.width.saturating_sub(1), area.height.saturating_sub(1));
    let Some(answer) = today.answer("products").filter(|answer| !answer.rows.is_empty()) else {
        put(buffer, body, 0, 0, "Nothing was sold yet.", look.style(Role::Muted));
        return;
    };
    let bar = |row: &Vec<crate::report::Value>| Bar {
        label: row.get(1).map(|name| name.plain(minor)).unwrap_or_default(),
        value: row.get(3).and_then(|sales| sales.approximate()).unwrap_or(0.0),
        words: row.get(3).map(|sales| shown(sales, minor)).unwrap_or_default(),
    };
    let bars: Vec<Bar> = answer.rows.iter().map(bar).take(usize::from(body.height)).collect();
    chart::bars(&bars, look, body, buffer);
}

fn heat(today: &Today, look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    let Some(answer) = today.answer("heat") else { return };
    put(buffer, area, 1, 0, "The last eight weeks", look.style(Role::Heading));
    picture::draw(answer, look, part(area, 1, 1, area.width.saturating_sub(2), area.height.saturating_sub(1)), buffer);
}

fn news(news: &[News], look: &Look<'_>, area: Rect, buffer: &mut Buffer) {
    put(buffer, area, 0, 0, "What changed", look.style(Role::Heading));
    if news.is_empty() {
        put(buffer, area, 0, 1, "A day like any other so far.", look.style(Role::Muted));
    }
    for (y, said) in (1..area.height).zip(news) {
        let (sign, plain, words, role) = match said {
            News::Up(words) => ("▲", "+", words, Role::Positive),
            News::Down(words) => ("▼", "-", words, Role::Negative),
            News::Watch(words) => ("!", "!", words, Role::Warning),
        };
        put(buffer, area, 0, y, if look.ascii { plain } else { sign }, look.style(role));
        put(buffer, area, 2, y, words, look.style(Role::Text));
    }
}
