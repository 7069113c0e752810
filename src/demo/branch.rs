//! The branches of the demo: where they are, when they are open, who lives around them. Never knows what they sell.

use super::odds::Odds;
use super::seed::WEEKDAYS;
use super::table::{Row, SeedFault, table};
use crate::unit::Zone;

pub(super) struct Branch {
    pub ext: String,
    pub name: String,
    pub location: String,
    pub zone: Zone,
    pub share: u64,
    pub open_after_days: i32,
    pub registers: u32,
    /// Opening and closing second of the day by weekday, Monday first.
    pub hours: [Option<(i32, i32)>; 7],
    pub streets: Vec<String>,
    pub towns: Vec<(String, String)>,
    pub town_odds: Odds,
    pub phones: Vec<String>,
}

/// Reads everything that `seed/` says about branches.
pub(super) fn branches() -> Result<Vec<Branch>, SeedFault> {
    let mut branches = table!("stores.csv")?.collect(|row| {
        Ok(Branch {
            ext: row.text("id")?.to_owned(),
            name: row.text("name")?.to_owned(),
            location: row.text("location")?.to_owned(),
            zone: Zone::by_name(row.text("timezone")?).ok_or_else(|| row.fault("timezone is no IANA zone"))?,
            share: 0,
            open_after_days: 0,
            registers: 0,
            hours: [None; 7],
            streets: Vec::new(),
            towns: Vec::new(),
            town_odds: Odds::default(),
            phones: Vec::new(),
        })
    })?;
    let ids: Vec<String> = branches.iter().map(|branch| branch.ext.clone()).collect();
    for row in table!("branches.csv")?.rows() {
        let branch = &mut branches[row.among("store_id", &ids)?];
        branch.share = row.value("share")?;
        branch.open_after_days = row.value("open_after_days")?;
        branch.registers = row.value("registers")?;
    }
    for row in table!("hours.csv")?.rows() {
        let branch = &mut branches[row.among("store_id", &ids)?];
        for weekday in row.each_among("weekdays", ' ', &WEEKDAYS)? {
            branch.hours[weekday] = Some((second_of_day(row, "opens")?, second_of_day(row, "closes")?));
        }
    }
    for row in table!("streets.csv")?.rows() {
        branches[row.among("store_id", &ids)?].streets.push(row.text("street")?.to_owned());
    }
    for row in table!("phones.csv")?.rows() {
        branches[row.among("store_id", &ids)?].phones.push(row.text("pattern")?.to_owned());
    }
    let towns = table!("towns.csv")?;
    for (at, branch) in branches.iter_mut().enumerate() {
        let mut weights = Vec::new();
        for row in towns.rows().filter(|row| row.among("store_id", &ids) == Ok(at)) {
            branch.towns.push((row.text("town")?.to_owned(), row.text("postcode")?.to_owned()));
            weights.push(row.value("weight")?);
        }
        branch.town_odds = Odds::new(weights);
    }
    Ok(branches)
}

fn second_of_day(row: Row<'_>, column: &str) -> Result<i32, SeedFault> {
    let text = row.text(column)?;
    let parts = text.split_once(':').map(|(hour, minute)| (hour.parse::<i32>(), minute.parse::<i32>()));
    match parts {
        Some((Ok(hour @ 0..=24), Ok(minute @ 0..=59))) => Ok(hour * 3600 + minute * 60),
        _ => Err(row.fault(format!("{column}: {text} is not a time of day"))),
    }
}
