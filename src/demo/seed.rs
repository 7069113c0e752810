//! The files of `seed/`, read into plain tables. Never knows an order; `grow` makes those.

use super::branch::{Branch, branches};
use super::odds::Odds;
use super::table::{Row, SeedFault, table};

/// What a stranger's tastes and receipts stand under in [`Seed::segments`].
pub(super) const STRANGER: usize = 0;

const SEGMENTS: [&str; 6] = ["stranger", "student", "family", "office", "retired", "enthusiast"];
const DAYPARTS: [&str; 4] = ["morning", "noon", "afternoon", "evening"];
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
pub(super) const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The name in `payments.csv` of every way to pay.
pub(super) const METHODS: [&str; 4] = ["cash", "card", "transfer", "other"];

pub(super) struct Good {
    pub ext: String,
    pub sku: String,
    pub barcode: String,
    pub name: String,
    pub category: usize,
    /// Cents, tax included.
    pub price: i64,
    /// Cents.
    pub cost: i64,
    /// Millionths.
    pub tax_rate: i64,
    /// Thousandths.
    pub reorder: Option<i64>,
    pub by_weight: bool,
    /// Per cent of the usual, by month.
    pub season: [u64; 12],
    /// What follows it into the basket, and how often in a hundred.
    pub then: Vec<(usize, u32)>,
}

pub(super) struct Category {
    pub name: String,
    /// By segment.
    pub tastes: [u64; 6],
    pub dayparts: [u64; 4],
    /// How often in a hundred it is more than one piece.
    pub several: u32,
    pub season: [u64; 12],
    /// Its products, most loved first.
    pub goods: Vec<usize>,
}

pub(super) struct Weekday {
    pub weight: u64,
    /// By hour of the day.
    pub hours: [u64; 24],
}

pub(super) struct Segment {
    pub share: u64,
    pub ages: (i32, i32),
    pub visits_tenths: u32,
    pub lines_tenths: u32,
    pub stays_months: u32,
}

pub(super) struct Colleague {
    pub ext: String,
    pub name: String,
    pub branch: usize,
    pub roles: Vec<String>,
}

pub(super) struct Opinion {
    pub category: String,
    pub rating: Option<u8>,
    pub text: String,
}

pub(super) struct ReturnReason {
    pub reason: String,
    pub restock: bool,
    /// By category, whether it applies.
    pub applies: Vec<bool>,
    pub weight: u64,
}

/// How totals up to an amount are paid.
pub(super) struct PayBand {
    /// Cents; the last band has no end.
    pub until: Option<i64>,
    /// Over [`METHODS`].
    pub odds: Odds,
}

/// All of `seed/`.
pub(super) struct Seed {
    pub branches: Vec<Branch>,
    pub goods: Vec<Good>,
    pub categories: Vec<Category>,
    /// Monday first.
    pub week: Vec<Weekday>,
    /// The whole shop's months in per cent of the usual.
    pub season: [u64; 12],
    /// In the order of the tastes, strangers first.
    pub segments: Vec<Segment>,
    pub pay: Vec<PayBand>,
    pub staff: Vec<Colleague>,
    /// Gender and name.
    pub first_names: Vec<(String, String)>,
    pub family_names: Vec<String>,
    pub mail_domains: Vec<String>,
    pub mail_odds: Odds,
    pub opinions: Vec<Opinion>,
    pub return_reasons: Vec<ReturnReason>,
    pub customer_notes: Vec<String>,
    pub order_notes: Vec<String>,
}

impl Seed {
    /// Reads the files as they were when the program was built.
    pub fn read() -> Result<Seed, SeedFault> {
        let branches = branches()?;
        let branch_ids: Vec<&str> = branches.iter().map(|branch| branch.ext.as_str()).collect();
        let mut categories = table!("tastes.csv")?.collect(category)?;
        let mut goods = goods(&mut categories)?;
        let season = seasons(&mut categories, &mut goods)?;
        pairs(&mut goods)?;
        let staff = table!("staff.csv")?.collect(|row| {
            Ok(Colleague {
                ext: row.text("id")?.to_owned(),
                name: row.text("name")?.to_owned(),
                branch: row.among("store_id", &branch_ids)?,
                roles: row.text("roles")?.split(' ').map(str::to_owned).collect(),
            })
        })?;
        let mail = table!("mail-domains.csv")?;
        let notes = table!("notes.csv")?;
        let notes_of = |kind: &str| -> Result<Vec<String>, SeedFault> {
            let all = notes.collect(|row| Ok((row.text("kind")?.to_owned(), row.text("text")?.to_owned())))?;
            Ok(all.into_iter().filter(|(of, _)| of == kind).map(|(_, text)| text).collect())
        };
        Ok(Seed {
            week: week()?,
            season,
            segments: segments()?,
            pay: pay_bands()?,
            staff,
            first_names: table!("first-names.csv")?
                .collect(|row| Ok((row.text("gender")?.to_owned(), row.text("name")?.to_owned())))?,
            family_names: table!("family-names.csv")?.collect(|row| Ok(row.text("name")?.to_owned()))?,
            mail_domains: mail.collect(|row| Ok(row.text("domain")?.to_owned()))?,
            mail_odds: Odds::new(mail.collect(|row| row.value("weight"))?),
            opinions: table!("feedback.csv")?.collect(opinion)?,
            return_reasons: return_reasons(&categories)?,
            customer_notes: notes_of("customer")?,
            order_notes: notes_of("order")?,
            branches,
            goods,
            categories,
        })
    }
}

fn numbers<const N: usize>(row: Row<'_>, columns: &[&str; N]) -> Result<[u64; N], SeedFault> {
    let mut values = [0; N];
    for (value, column) in values.iter_mut().zip(columns) {
        *value = row.value(column)?;
    }
    Ok(values)
}

fn category(row: Row<'_>) -> Result<Category, SeedFault> {
    Ok(Category {
        name: row.text("category")?.to_owned(),
        tastes: numbers(row, &SEGMENTS)?,
        dayparts: numbers(row, &DAYPARTS)?,
        several: row.value("several")?,
        season: [100; 12],
        goods: Vec::new(),
    })
}

fn goods(categories: &mut [Category]) -> Result<Vec<Good>, SeedFault> {
    let names: Vec<String> = categories.iter().map(|category| category.name.clone()).collect();
    let goods = table!("products.csv")?.collect(|row| {
        let needed =
            |column, places| row.decimal(column, places)?.ok_or_else(|| row.fault(format!("{column} is empty")));
        let name = row.text("name")?;
        Ok(Good {
            ext: row.text("id")?.to_owned(),
            sku: row.text("sku")?.to_owned(),
            barcode: row.text("barcode")?.to_owned(),
            by_weight: sold_by_weight(name),
            name: name.to_owned(),
            category: row.among("category", &names)?,
            price: needed("price", 2)?,
            cost: needed("cost", 2)?,
            tax_rate: needed("tax_rate", 6)?,
            reorder: row.decimal("reorder_level", 3)?,
            season: [100; 12],
            then: Vec::new(),
        })
    })?;
    for (at, good) in goods.iter().enumerate() {
        categories[good.category].goods.push(at);
    }
    Ok(goods)
}

/// Whether a product of that name is weighed: the normal form has no column for it, so the name says so.
pub(super) fn sold_by_weight(name: &str) -> bool {
    name.ends_with("(per kg)")
}

fn seasons(categories: &mut [Category], goods: &mut [Good]) -> Result<[u64; 12], SeedFault> {
    let mut shop = [100; 12];
    for row in table!("seasons.csv")?.rows() {
        let what = row.text("what")?;
        let months = numbers(row, &MONTHS)?;
        if what == "shop" {
            shop = months;
        } else if let Some(category) = categories.iter_mut().find(|category| category.name == what) {
            category.season = months;
        } else if let Some(good) = goods.iter_mut().find(|good| good.ext == what) {
            good.season = months;
        } else {
            return Err(row.fault(format!("what: {what} is neither a category nor the id of a product")));
        }
    }
    Ok(shop)
}

fn pairs(goods: &mut [Good]) -> Result<(), SeedFault> {
    let ids: Vec<String> = goods.iter().map(|good| good.ext.clone()).collect();
    for row in table!("pairs.csv")?.rows() {
        let then = (row.among("then", &ids)?, row.value("percent")?);
        goods[row.among("bought", &ids)?].then.push(then);
    }
    Ok(())
}

fn week() -> Result<Vec<Weekday>, SeedFault> {
    let table = table!("rhythm.csv")?;
    let named = table.collect(|row| row.among("day", &WEEKDAYS))?;
    if !named.iter().copied().eq(0..WEEKDAYS.len()) {
        return Err(SeedFault {
            file: "rhythm.csv",
            line: 0,
            what: "the days must be mon to sun, in order".to_owned(),
        });
    }
    table.collect(|row| {
        let mut hours = [0; 24];
        for (hour, weight) in hours.iter_mut().enumerate().skip(6).take(15) {
            *weight = row.value(&format!("{hour:02}"))?;
        }
        Ok(Weekday { weight: row.value("weight")?, hours })
    })
}

fn segments() -> Result<Vec<Segment>, SeedFault> {
    let table = table!("segments.csv")?;
    let named = table.collect(|row| row.among("segment", &SEGMENTS))?;
    if !named.iter().copied().eq(0..SEGMENTS.len()) {
        let what = format!("the segments must be, in this order: {}", SEGMENTS.join(", "));
        return Err(SeedFault { file: "segments.csv", line: 0, what });
    }
    table.collect(|row| {
        Ok(Segment {
            share: row.value("share")?,
            ages: (row.value("age_from")?, row.value("age_to")?),
            visits_tenths: row.decimal("visits_a_month", 1)?.unwrap_or(0) as u32,
            lines_tenths: row.decimal("lines", 1)?.unwrap_or(10) as u32,
            stays_months: row.value("stays_months")?,
        })
    })
}

/// The bands rise, and the last has no end.
fn pay_bands() -> Result<Vec<PayBand>, SeedFault> {
    let bands = table!("payments.csv")?.collect(pay_band)?;
    let open_ended = bands.last().is_some_and(|band| band.until.is_none());
    if !open_ended || !bands.is_sorted_by_key(|band| band.until.unwrap_or(i64::MAX)) {
        let what = "the bands must rise and the last must have no end".to_owned();
        return Err(SeedFault { file: "payments.csv", line: 0, what });
    }
    Ok(bands)
}

fn pay_band(row: Row<'_>) -> Result<PayBand, SeedFault> {
    Ok(PayBand { until: row.decimal("until", 2)?, odds: Odds::new(numbers(row, &METHODS)?) })
}

fn opinion(row: Row<'_>) -> Result<Opinion, SeedFault> {
    let rating = match row.text("rating")? {
        "" => None,
        _ => Some(row.value("rating")?),
    };
    Ok(Opinion { category: row.text("category")?.to_owned(), rating, text: row.text("text")?.to_owned() })
}

fn return_reasons(categories: &[Category]) -> Result<Vec<ReturnReason>, SeedFault> {
    let names: Vec<&str> = categories.iter().map(|category| category.name.as_str()).collect();
    table!("return-reasons.csv")?.collect(|row| {
        let named = row.each_among("categories", '|', &names)?;
        Ok(ReturnReason {
            reason: row.text("reason")?.to_owned(),
            restock: row.text("restock")? == "yes",
            applies: (0..names.len()).map(|at| named.is_empty() || named.contains(&at)).collect(),
            weight: row.value("weight")?,
        })
    })
}
