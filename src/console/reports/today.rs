//! What the Today dashboard asks, and what follows from the answers. Every figure and every sentence is worked out from them.

use crate::console::screen::Now;
use crate::report::{Answer, Request, Value};
use crate::unit::{Day, Money, Stamp};

/// Weeks that make a usual day.
const WEEKS: i32 = 8;
/// Days a sparkline shows.
pub(super) const SPARK: usize = 14;
/// A category is worth a word when it is this far from usual, and this large.
const FAR: f64 = 0.25;
const LARGE: f64 = 0.04;

/// The answers of the dashboard, as they came.
#[derive(Debug, Default)]
pub(super) struct Today {
    answers: Vec<(&'static str, Answer)>,
    pub(super) day: Option<Day>,
    pub(super) at: Option<Stamp>,
    /// The part of this hour that has passed.
    hour: (usize, f64),
}

/// One figure with what it is held against.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    pub name: &'static str,
    /// As it is shown.
    pub words: String,
    /// The change against the same time a week and a year ago, as a fraction; `None` where there was nothing.
    pub week: Option<f64>,
    pub year: Option<f64>,
    /// Whether more of it is worse.
    pub more_is_worse: bool,
    /// The last days, today last.
    pub spark: Vec<f64>,
}

/// What a day's hours hold of sales, orders and returns.
#[derive(Debug, Clone, Default)]
struct Hours {
    sales: [f64; 24],
    orders: [f64; 24],
    returns: [f64; 24],
    /// Without an hour.
    rest: [f64; 3],
}

impl Hours {
    fn until(&self, of: fn(&Hours) -> &[f64; 24], (hour, part): (usize, f64)) -> f64 {
        let all = of(self);
        all.iter().take(hour).sum::<f64>() + all.get(hour).map_or(0.0, |last| last * part)
    }

    fn day(&self, of: fn(&Hours) -> &[f64; 24], rest: usize) -> f64 {
        of(self).iter().sum::<f64>() + self.rest.get(rest).copied().unwrap_or(0.0)
    }
}

/// A sentence, and whether it is good news, bad news or neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum News {
    Up(String),
    Down(String),
    Watch(String),
}

impl Today {
    /// The questions, for one store or all.
    pub(super) fn questions(now: &Now<'_>, store: Option<&str>) -> Vec<(&'static str, Request)> {
        let today = now.today;
        let tomorrow = today.add_days(1);
        let ask = |words: &str, from: Day, to: Day| {
            let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
            let mut request = Request::parse(&words).ok()?;
            request.from = Some(from);
            request.to = Some(to);
            request.as_of = Some(today);
            request.store = store.map(str::to_owned);
            Some(request)
        };
        let timeless = |words: &str| {
            let mut request = ask(words, today, tomorrow)?;
            (request.from, request.to) = (None, None);
            Some(request)
        };
        let since = today.add_days(-7 * WEEKS);
        let quarter = |to: Day| ask("repeat-customers", to.add_days(-90), to);
        let all = [
            ("hours", ask("sales --by day,hour --measures sales,orders,returns", since, tomorrow)),
            (
                "year",
                ask("sales --by day,hour --measures sales,orders,returns", today.add_days(-364), today.add_days(-363)),
            ),
            ("products", ask("top-products --top 8", today, tomorrow)),
            ("heat", ask("hour-heatmap", since, tomorrow)),
            ("categories", ask("sales --by category,day --measures sales", since, tomorrow)),
            ("repeat", quarter(tomorrow)),
            ("repeat before", quarter(tomorrow.add_days(-364))),
            ("back", ask("returned-products --sort returns --top 3", today.add_days(-6), tomorrow)),
            ("open", timeless("order-status")),
            ("low", timeless("low-stock")),
            ("runs out", timeless("days-of-stock --top 20")),
        ];
        all.into_iter().filter_map(|(name, request)| Some((name, request?))).collect()
    }

    /// Takes the answers.
    pub(super) fn take(&mut self, answers: Vec<(&'static str, Answer)>, now: &Now<'_>) {
        self.answers = answers;
        self.day = Some(now.today);
        self.at = Some(now.at);
        let (hour, minute, _) = now.at.time_of_day().unwrap_or_default();
        self.hour = (usize::from(hour), (f64::from(minute) + 1.0) / 60.0);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    pub(super) fn answer(&self, name: &str) -> Option<&Answer> {
        self.answers.iter().find(|(known, _)| *known == name).map(|(_, answer)| answer)
    }

    fn hours(&self, name: &str, day: Day) -> Hours {
        let mut hours = Hours::default();
        let Some(answer) = self.answer(name) else { return hours };
        let label = day.to_string();
        for row in answer.rows.iter().filter(|row| row.first().is_some_and(|value| value.plain(2) == label)) {
            let figure = |at: usize| row.get(at).and_then(Value::approximate).unwrap_or(0.0);
            match row.get(1).and_then(Value::approximate) {
                Some(hour) if (0.0..24.0).contains(&hour) => {
                    let hour = hour as usize;
                    hours.sales[hour] += figure(2);
                    hours.orders[hour] += figure(3);
                    hours.returns[hour] += figure(4);
                }
                _ => (0..3).for_each(|at| hours.rest[at] += figure(2 + at)),
            }
        }
        hours
    }

    /// The five figures at the top.
    pub(super) fn figures(&self, minor: u8) -> Vec<Figure> {
        let Some(day) = self.day else { return Vec::new() };
        let (now, week) = (self.hours("hours", day), self.hours("hours", day.add_days(-7)));
        let year = self.hours("year", day.add_days(-364));
        let recent: Vec<Hours> = (0..SPARK as i32).rev().map(|back| self.hours("hours", day.add_days(-back))).collect();
        let at = self.hour;
        let step = Money(10i64.pow(4 - u32::from(minor.min(4))));
        let amount = |value: f64| {
            let amount = Money((value * 10_000.0).round() as i64);
            amount.round_to(step).unwrap_or(amount).grouped(minor)
        };
        let change = |now: f64, before: f64| (before != 0.0).then(|| now / before - 1.0);
        let net = |hours: &Hours| hours.until(|h| &h.sales, at) - hours.until(|h| &h.returns, at);
        let whole = |hours: &Hours| hours.day(|h| &h.sales, 0) - hours.day(|h| &h.returns, 2);
        let orders = |hours: &Hours| hours.until(|h| &h.orders, at);
        let average = |hours: &Hours| {
            let orders = orders(hours);
            if orders > 0.0 { hours.until(|h| &h.sales, at) / orders } else { 0.0 }
        };
        let back = |hours: &Hours| {
            let sales = hours.until(|h| &h.sales, at);
            if sales > 0.0 { hours.until(|h| &h.returns, at) / sales } else { 0.0 }
        };
        let (all, sold) = (now.day(|h| &h.orders, 1), now.day(|h| &h.sales, 0));
        let returned = now.day(|h| &h.returns, 2);
        let share = |name: &str| self.answer(name)?.rows.first()?.get(2)?.approximate();
        let (repeat, before) = (share("repeat").unwrap_or(0.0), share("repeat before").filter(|share| *share > 0.0));
        let spark = |of: &dyn Fn(&Hours) -> f64| recent.iter().map(of).collect::<Vec<f64>>();
        let each = |hours: &Hours| {
            let orders = hours.day(|h| &h.orders, 1);
            if orders > 0.0 { hours.day(|h| &h.sales, 0) / orders } else { 0.0 }
        };
        let figure = |name, words, week, year, spark| Figure {
            name,
            words,
            week,
            year,
            more_is_worse: name == "Returns",
            spark,
        };
        vec![
            figure(
                "Net sales",
                amount(whole(&now)),
                change(net(&now), net(&week)),
                change(net(&now), net(&year)),
                spark(&whole),
            ),
            figure(
                "Orders",
                format!("{all:.0}"),
                change(orders(&now), orders(&week)),
                change(orders(&now), orders(&year)),
                spark(&|hours| hours.day(|h| &h.orders, 1)),
            ),
            figure(
                "Average order",
                if all > 0.0 { amount(sold / all) } else { "–".to_owned() },
                change(average(&now), average(&week)),
                change(average(&now), average(&year)),
                spark(&each),
            ),
            figure(
                "Returns",
                format!("{:.1} %", if sold > 0.0 { returned / sold * 100.0 } else { 0.0 }),
                change(back(&now), back(&week)),
                change(back(&now), back(&year)),
                spark(&|hours| hours.day(|h| &h.returns, 2)),
            ),
            figure(
                "Repeat customers",
                format!("{:.0} %", repeat * 100.0),
                None,
                before.map(|before| repeat / before - 1.0),
                Vec::new(),
            ),
        ]
    }

    /// Sales so far today and on a usual day like this, hour by hour, each from the first hour that anybody sold in.
    pub(super) fn through_the_day(&self) -> Option<(usize, Vec<f64>, Vec<f64>)> {
        let day = self.day?;
        let now = self.hours("hours", day);
        let days: Vec<Hours> = (1..=WEEKS).map(|week| self.hours("hours", day.add_days(-7 * week))).collect();
        let days: Vec<Hours> = days.into_iter().filter(|hours| hours.sales.iter().any(|sales| *sales > 0.0)).collect();
        let count = days.len().max(1) as f64;
        let usual: Vec<f64> =
            (0..24).map(|hour| days.iter().map(|hours| hours.sales[hour]).sum::<f64>() / count).collect();
        let sold = |hour: &usize| usual[*hour] > 0.0 || now.sales[*hour] > 0.0;
        let first = (0..24).find(sold)?;
        let last = (0..24).rfind(sold)?;
        let run = |values: &[f64]| {
            let mut sum = 0.0;
            let mut sums = vec![0.0];
            for value in values {
                sum += value;
                sums.push(sum);
            }
            sums
        };
        if self.hour.0 < first {
            return Some((first, Vec::new(), run(usual.get(first..=last)?)));
        }
        let until = self.hour.0.min(last);
        Some((first, run(now.sales.get(first..=until)?), run(usual.get(first..=last)?)))
    }

    /// What is worth a word, the most striking first.
    pub(super) fn news(&self) -> Vec<News> {
        let mut news = self.categories();
        news.extend(self.coming_back());
        news.extend(self.running_out());
        news.extend(self.waiting());
        news
    }

    /// Categories far from a usual day's sales at this hour.
    fn categories(&self) -> Vec<News> {
        let (Some(day), Some(answer)) = (self.day, self.answer("categories")) else { return Vec::new() };
        let labels: Vec<String> = (0..=WEEKS).map(|week| day.add_days(-7 * week).to_string()).collect();
        let Some((_, now, usual)) = self.through_the_day() else { return Vec::new() };
        if now.is_empty() {
            // Before the first hour nothing is far from usual.
            return Vec::new();
        }
        let (whole, so_far) = (usual.last().copied().unwrap_or(0.0), now.len().saturating_sub(1));
        let before = so_far.checked_sub(1).and_then(|at| usual.get(at)).copied().unwrap_or(0.0);
        let hour = usual.get(so_far).copied().unwrap_or(whole) - before;
        let part = if whole > 0.0 { (before + hour * self.hour.1) / whole } else { 0.0 };
        let mut sums: std::collections::BTreeMap<String, (f64, f64)> = std::collections::BTreeMap::new();
        for row in &answer.rows {
            let [category, on, sales, ..] = row.as_slice() else { continue };
            let Some(week) = labels.iter().position(|label| on.plain(2) == *label) else { continue };
            let sum = sums.entry(category.plain(2)).or_default();
            let sales = sales.approximate().unwrap_or(0.0);
            if week == 0 { sum.0 += sales } else { sum.1 += sales / f64::from(WEEKS) }
        }
        let least = whole * part * LARGE;
        let far = |(name, (now, usual)): (String, (f64, f64))| {
            let expected = usual * part;
            (expected > least && expected > 0.0).then(|| (now / expected - 1.0, name))
        };
        let mut found: Vec<(f64, String)> = sums.into_iter().filter_map(far).collect();
        found.retain(|(change, _)| change.abs() >= FAR);
        found.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        let weekday = weekday(day);
        let words = |(change, name): (f64, String)| {
            let words = format!("{name} {:+.0} % on a usual {weekday}", change * 100.0).replace('-', "−");
            if change > 0.0 { News::Up(words) } else { News::Down(words) }
        };
        found.into_iter().take(3).map(words).collect()
    }

    /// Products that came back more than once this week.
    fn coming_back(&self) -> Vec<News> {
        let Some(answer) = self.answer("back") else { return Vec::new() };
        let words = |row: &Vec<Value>| {
            let [_, name, reason, returns, ..] = row.as_slice() else { return None };
            let count = returns.approximate()?;
            let why = reason.plain(2);
            (count >= 2.0).then(|| News::Down(format!("{} came back {count:.0} times this week: {why}", name.plain(2))))
        };
        answer.rows.iter().filter_map(words).take(1).collect()
    }

    /// Products that will be gone within three days at their pace.
    fn running_out(&self) -> Vec<News> {
        let Some(answer) = self.answer("runs out") else { return Vec::new() };
        let days = |row: &&Vec<Value>| row.get(5).and_then(Value::approximate).is_some_and(|days| days < 3.0);
        let soon: Vec<&Vec<Value>> = answer.rows.iter().filter(days).collect();
        match soon.as_slice() {
            [] => Vec::new(),
            [one] => vec![News::Watch(format!("{} will run out within three days", one[1].plain(2)))],
            many => vec![News::Watch(format!("{} products will run out within three days", many.len()))],
        }
    }

    /// Orders under way and goods to be ordered.
    fn waiting(&self) -> Vec<News> {
        let mut news = Vec::new();
        let count = |word: &str| {
            let answer = self.answer("open")?;
            let row = answer.rows.iter().find(|row| row.first().is_some_and(|status| status.plain(2) == word))?;
            row.get(1)?.approximate()
        };
        let (pending, shipped) = (count("pending").unwrap_or(0.0), count("shipped").unwrap_or(0.0));
        let words = under_way(pending.round() as u64, shipped.round() as u64);
        news.extend(words.map(News::Watch));
        match self.answer("low").map_or(0, |answer| answer.rows.len()) {
            0 => {}
            1 => news.push(News::Watch("1 shelf is at or below its reorder level".to_owned())),
            low => news.push(News::Watch(format!("{low} shelves are at or below their reorder level"))),
        }
        news
    }
}

/// Orders that wait to be paid and that are on their way, in words; nothing where there are none.
fn under_way(pending: u64, shipped: u64) -> Option<String> {
    let waits = match pending {
        0 => None,
        1 => Some("1 order waits to be paid".to_owned()),
        many => Some(format!("{many} orders wait to be paid")),
    };
    let orders = match (shipped, &waits) {
        (_, Some(_)) => "",
        (1, None) => " order",
        (_, None) => " orders",
    };
    let goes = match shipped {
        0 => None,
        1 => Some(format!("1{orders} is on its way")),
        many => Some(format!("{many}{orders} are on their way")),
    };
    let said: Vec<String> = waits.into_iter().chain(goes).collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// A day's name.
pub(super) fn weekday(day: Day) -> &'static str {
    const NAMES: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    NAMES.get(usize::from(day.weekday())).copied().unwrap_or("day")
}

#[cfg(test)]
mod tests {
    use super::under_way;

    #[test]
    fn one_order_waits_and_several_wait() {
        assert_eq!(under_way(0, 0), None);
        assert_eq!(under_way(1, 0).as_deref(), Some("1 order waits to be paid"));
        assert_eq!(under_way(2, 1).as_deref(), Some("2 orders wait to be paid, 1 is on its way"));
        assert_eq!(under_way(0, 3).as_deref(), Some("3 orders are on their way"));
    }
}
