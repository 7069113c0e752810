//! The frame around every screen: tabs and place above, keys below.

use super::{fill, part, put, put_right};
use crate::console::theme::{Look, Role};
use crate::unit::text;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Below this the console only says so.
const LEAST: (u16, u16) = (40, 12);
/// Columns before the first tab.
const BEFORE: u16 = 7;
/// Columns that place and clock would like to have.
const PLACE: u16 = 20;

/// Whether nothing can be shown in so little room, which is said then.
pub fn is_too_small(look: &Look<'_>, area: Rect, buffer: &mut Buffer) -> bool {
    let too_small = area.width < LEAST.0 || area.height < LEAST.1;
    if too_small {
        let words = format!("till needs {}x{} at least", LEAST.0, LEAST.1);
        put(buffer, area, 0, 0, &words, look.style(Role::Text));
    }
    too_small
}

/// The columns each tab takes in a bar so wide, start and end, for whoever draws and for clicks. Where not all have room
/// those before the open one give way, then those behind it.
pub fn tab_places(tabs: &[&str], open: usize, width: u16) -> Vec<Option<(u16, u16)>> {
    let each = |gap: u16| tabs.iter().map(move |tab| text::width(tab) as u16 + 2 + gap);
    let gap = u16::from(BEFORE + each(1).sum::<u16>() + PLACE <= width);
    let fits = |first: &usize| BEFORE + each(gap).take(open + 1).skip(*first).sum::<u16>() <= width;
    let first = (0..=open).find(fits).unwrap_or(open);
    let mut x = BEFORE;
    let place = |(at, taken): (usize, u16)| {
        let end = if at < first { x } else { x + taken };
        let place = (x, end.saturating_sub(gap));
        x = end;
        (at >= first && end <= width).then_some(place)
    };
    each(gap).enumerate().map(place).collect()
}

/// The bar at the top.
pub fn bar(buffer: &mut Buffer, area: Rect, look: &Look<'_>, tabs: &[&str], open: usize, place: &str, clock: &str) {
    let style = look.style(Role::Bar);
    let row = part(area, 0, 0, area.width, 1);
    fill(buffer, row, style);
    put(buffer, row, 1, 0, "till", style);
    let mut end = 0;
    for (at, (tab, place)) in tabs.iter().zip(tab_places(tabs, open, area.width)).enumerate() {
        let Some((x, to)) = place else { continue };
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
        let who = if text::width(who) <= room { who } else { who.split(' ').next().unwrap_or(who) };
        let without_store = place.split_once(" · ").map_or(place, |(_, rest)| rest);
        let fitting = [place, without_store].into_iter().find(|said| text::width(said) <= room);
        let said = fitting.unwrap_or(who);
        format!("{}  {clock} ", text::fit(said, room))
    } else if room > clock_width {
        format!("{clock} ")
    } else {
        String::new()
    };
    put_right(buffer, row, area.width, 0, &words, style);
}

/// The keys at the bottom: as many as fit, the most wanted first, and how to find the rest where there is a rest.
pub fn footer(buffer: &mut Buffer, area: Rect, look: &Look<'_>, keys: &[(String, &str)], rest: Option<(&str, &str)>) {
    let y = area.height.saturating_sub(1);
    let behind = rest.map_or(0, |(key, name)| (text::width(key) + text::width(name) + 2) as u16);
    let mut x = 1;
    let room = area.width.saturating_sub(behind + 1);
    for (key, name) in keys {
        let width = (text::width(key) + text::width(name) + 3) as u16;
        if x + width > room {
            break;
        }
        x = put(buffer, area, x, y, key, look.style(Role::Key));
        x = put(buffer, area, x + 1, y, name, look.style(Role::Muted)) + 2;
    }
    if let Some((key, name)) = rest.filter(|_| area.width > behind + 1) {
        let x = put(buffer, area, area.width - behind, y, key, look.style(Role::Key));
        put(buffer, area, x + 1, y, name, look.style(Role::Muted));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_tab_is_always_in_sight() {
        let tabs = ["Sale", "Orders", "Stock", "Customers", "Reports", "People", "Audit"];
        let wide = tab_places(&tabs, 0, 140);
        assert_eq!(wide[0], Some((7, 13)));
        assert_eq!(wide[6], Some((62, 69)));
        assert_eq!(tab_places(&tabs, 0, 80)[6], Some((56, 63)), "closer together where room is short");
        for open in 0..tabs.len() {
            let narrow = tab_places(&tabs, open, 40);
            assert!(narrow[open].is_some_and(|(_, end)| end <= 40), "{narrow:?}");
        }
        assert_eq!(tab_places(&tabs, 0, 40)[4], None);
    }
}
