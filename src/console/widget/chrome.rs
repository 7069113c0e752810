//! The frame around every screen: tabs and place above, keys below.

use super::{fill, part, put, put_right};
use crate::console::theme::{Look, Role};
use crate::unit::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// The columns each tab takes in the bar, for clicks: start and end.
pub fn tab_places(tabs: &[&str]) -> Vec<(u16, u16)> {
    let mut x = 7;
    tabs.iter()
        .map(|tab| {
            let start = x;
            x += text::width(tab) as u16 + 3;
            (start, x - 1)
        })
        .collect()
}

/// The bar at the top.
pub fn bar(buffer: &mut Buffer, area: Rect, look: &Look<'_>, tabs: &[&str], open: usize, place: &str, clock: &str) {
    let style = look.style(Role::Bar);
    let row = part(area, 0, 0, area.width, 1);
    fill(buffer, row, style);
    put(buffer, row, 1, 0, "till", style);
    let mut end = 0;
    for (at, (tab, (x, to))) in tabs.iter().zip(tab_places(tabs)).enumerate() {
        let style = if at == open { look.style(Role::Tab) } else { style };
        put(buffer, row, x, 0, &format!(" {tab} "), style);
        end = to;
    }
    let room = usize::from(area.width.saturating_sub(end + 2));
    let clock_width = text::width(clock);
    let words = if room > clock_width + 6 {
        let room = room - clock_width - 3;
        // Where not all of it fits, who works here is said rather than where.
        let who = place.rsplit(" · ").next().unwrap_or(place);
        let said = if text::width(place) <= room { place } else { who };
        format!("{}  {clock} ", text::fit(said, room))
    } else if room > clock_width {
        format!("{clock} ")
    } else {
        String::new()
    };
    put_right(buffer, row, area.width, 0, &words, style);
}

/// The keys at the bottom: as many as fit, the most wanted first, and how to find the rest.
pub fn footer(buffer: &mut Buffer, area: Rect, look: &Look<'_>, keys: &[(String, &str)]) {
    let y = area.height.saturating_sub(1);
    let rest = "Ctrl-P everything";
    let mut x = 1;
    let room = area.width.saturating_sub(rest.len() as u16 + 2);
    for (key, name) in keys {
        let width = (text::width(key) + text::width(name) + 3) as u16;
        if x + width > room {
            break;
        }
        x = put(buffer, area, x, y, key, look.style(Role::Key));
        x = put(buffer, area, x + 1, y, name, look.style(Role::Muted)) + 2;
    }
    if area.width as usize > rest.len() + 2 {
        let start = area.width - rest.len() as u16 - 1;
        put(buffer, area, start, y, "Ctrl-P", look.style(Role::Key));
        put(buffer, area, start + 7, y, "everything", look.style(Role::Muted));
    }
}
