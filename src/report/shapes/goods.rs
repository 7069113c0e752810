//! How goods move: which bring most of the sales, which lie, how long the stock lasts, and the way from gross to margin.

use super::cube::{member_columns, member_values};
use crate::report::answer::{AnswerColumn, Body};
use crate::report::desk::Desk;
use crate::report::facts::Source;
use crate::report::question::{Base, Dim, Measure, Pace, Question, percent};
use crate::report::{Kind, ReportFault, Value};
use crate::unit::number::{div_half_away, ratio4};
use crate::unit::{Day, ProductId, Quantity};
use std::collections::HashMap;

/// Days over which the pace of selling is taken where no period is given.
const PACE_DAYS: i32 = 28;

/// A product's stock and pace.
struct Good {
    product: ProductId,
    stock: i128,
    sold: i128,
}

impl<S: Source> Desk<'_, S> {
    /// From gross to margin, a step a row.
    pub(super) fn bridge(&self) -> Result<Body, ReportFault> {
        const STEPS: [(&str, Measure, bool); 8] = [
            ("gross", Measure::Gross, false),
            ("discounts", Measure::Discounts, true),
            ("sales", Measure::Sales, false),
            ("returns", Measure::Returns, true),
            ("net sales", Measure::NetSales, false),
            ("tax", Measure::Tax, false),
            ("cost", Measure::Cost, true),
            ("margin", Measure::Margin, false),
        ];
        let measures: Vec<Measure> = STEPS.iter().map(|(_, measure, _)| *measure).collect();
        let groups = self.groups(&self.question(&measures, &[]))?;
        let gross = groups.totals.of(Base::Gross);
        let rows = STEPS.iter().map(|(step, measure, takes)| {
            let amount = match measure.value(&groups.totals) {
                Value::Money(amount) if *takes => -amount,
                Value::Money(amount) => amount,
                _ => 0,
            };
            vec![Value::text(*step), Value::Money(amount), percent(amount, gross)]
        });
        Ok(Body {
            columns: vec![
                AnswerColumn::new("step", Kind::Text),
                AnswerColumn::new("amount", Kind::Money),
                AnswerColumn::new("gross_pct", Kind::Percent),
            ],
            rows: rows.collect(),
            totals: Vec::new(),
        })
    }

    /// Products by their part of the sales: A make the first 80 per cent, B the next 15, C the rest.
    pub(super) fn abc(&self) -> Result<Body, ReportFault> {
        let measures = [Measure::Units, Measure::Sales, Measure::Margin];
        let question = Question { sort: Some(Measure::Sales), ..self.question(&measures, &[Dim::Product]) };
        let groups = self.groups(&question)?;
        let whole = groups.totals.of(Base::Sales);
        let mut before = 0;
        let mut rows = Vec::new();
        for row in &groups.rows {
            let sales = row.sums.of(Base::Sales);
            // The class of a product is that of where it begins.
            let class = match before * 100 {
                reached if reached < whole * 80 => "A",
                reached if reached < whole * 95 => "B",
                _ => "C",
            };
            before += sales;
            let share = |part: i128| ratio4(part, whole).map_or(Value::Null, |share| Value::Fixed4(share.0));
            let mut values = member_values(&[Dim::Product], &groups, &row.codes);
            values.push(Value::text(class));
            values.extend(measures.iter().map(|measure| measure.value(&row.sums)));
            values.push(share(sales));
            values.push(share(before));
            rows.push(values);
        }
        rows.truncate(self.request.top.unwrap_or(usize::MAX));
        let mut columns = member_columns(&[Dim::Product], false);
        columns.push(AnswerColumn::new("class", Kind::Text));
        columns.extend(measures.iter().map(|measure| AnswerColumn::new(measure.word(), measure.kind())));
        columns.push(AnswerColumn::new("share", Kind::Ratio));
        columns.push(AnswerColumn::new("cumulative_share", Kind::Ratio));
        let totals = measures.iter().map(|measure| (measure.word().to_owned(), measure.value(&groups.totals)));
        Ok(Body { columns, rows, totals: totals.collect() })
    }

    /// Stock against the pace of selling.
    pub(super) fn pace(&self, pace: Pace) -> Result<Body, ReportFault> {
        let to = self.request.to.unwrap_or_else(|| self.as_of.add_days(1));
        let from = self.request.from.unwrap_or_else(|| match self.request.months {
            Some(months) => to.add_months(-(months as i32)),
            None if pace == Pace::RunsOut => to.add_days(-PACE_DAYS),
            None => to.add_months(-3),
        });
        let days = i128::from(to.days_since(from).max(1));
        let mut goods = self.goods(from, to)?;
        goods.retain(|good| match pace {
            Pace::RunsOut => good.stock > 0 && good.sold > 0,
            Pace::Slow => good.stock > 0,
            Pace::Dead => good.stock > 0 && good.sold <= 0,
            Pace::SellThrough => good.sold > 0,
        });
        let value = |good: &Good| {
            let cost = self.source.catalogue().product(good.product)?.cost?;
            let stock = Quantity(i64::try_from(good.stock).ok()?);
            cost.times_quantity(stock).map(|value| i128::from(value.0))
        };
        // Ten-thousandths of a day; what does not sell lasts for ever.
        let left = |good: &Good| div_half_away(good.stock.max(0) * days * 10_000, good.sold.max(0));
        let through = |good: &Good| ratio4(good.sold, good.sold + good.stock.max(0)).map(|rate| rate.0);
        goods.sort_by_cached_key(|good| {
            let last = i128::MAX;
            let first = match pace {
                Pace::RunsOut => left(good).unwrap_or(last),
                Pace::Slow => -left(good).unwrap_or(last),
                Pace::Dead => 0,
                Pace::SellThrough => -through(good).unwrap_or(-1),
            };
            (first, -value(good).unwrap_or(0), good.product)
        });
        goods.truncate(self.request.top.unwrap_or(usize::MAX));
        let worth: i128 = goods.iter().filter_map(&value).sum();
        let mut rows = Vec::with_capacity(goods.len());
        for good in &goods {
            let Some(product) = self.source.catalogue().product(good.product) else { continue };
            let per_day = div_half_away(good.sold * 10, days);
            rows.push(vec![
                Value::text(&product.ext),
                Value::text(&product.name),
                Value::Quantity(good.stock),
                Value::Quantity(good.sold),
                per_day.map_or(Value::Null, Value::Fixed4),
                left(good).map_or(Value::Null, Value::Fixed4),
                through(good).map_or(Value::Null, Value::Fixed4),
                value(good).map_or(Value::Null, Value::Money),
            ]);
        }
        Ok(Body {
            columns: vec![
                AnswerColumn::new("id", Kind::Id),
                AnswerColumn::new("name", Kind::Text),
                AnswerColumn::new("quantity", Kind::Quantity),
                AnswerColumn::new("units_sold", Kind::Quantity),
                AnswerColumn::new("units_per_day", Kind::Ratio),
                AnswerColumn::new("days_left", Kind::Ratio),
                AnswerColumn::new("sell_through", Kind::Ratio),
                AnswerColumn::new("value", Kind::Money),
            ],
            totals: vec![
                ("products".to_owned(), Value::Count(rows.len() as i128)),
                ("value".to_owned(), Value::Money(worth)),
            ],
            rows,
        })
    }

    /// Every product with its stock in the stores asked for and what they sold of it from `from` up to `to`.
    fn goods(&self, from: Day, to: Day) -> Result<Vec<Good>, ReportFault> {
        let question = self.question(&[Measure::Units], &[Dim::Product]);
        let groups = self.groups(&Question { from: Some(from), to: Some(to), ..question })?;
        let mut sold: HashMap<u32, i128> = HashMap::new();
        for row in &groups.rows {
            if let [product] = row.codes[..] {
                sold.insert(product, row.sums.of(Base::Units));
            }
        }
        let shelves = self.shelves_now()?;
        let mut stock: HashMap<u32, i128> = HashMap::new();
        for (product, quantity) in shelves {
            *stock.entry(product.0).or_default() += i128::from(quantity.0);
        }
        let all = sold.keys().chain(stock.keys()).copied().collect::<std::collections::BTreeSet<u32>>();
        let good = |product: u32| Good {
            product: ProductId(product),
            stock: stock.get(&product).copied().unwrap_or(0),
            sold: sold.get(&product).copied().unwrap_or(0),
        };
        Ok(all.into_iter().map(good).collect())
    }
}
