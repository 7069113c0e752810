//! What a report costs: asked for the first time, asked again, and asked again after one more sale, which is what a live
//! screen does all day; slices also as if they had never been asked, of a shop whose columns others have asked for.
//!
//! `cargo bench --bench report` asks a demo shop of 20,000 orders (`TILL_BENCH_ORDERS` for another number), or a copy of the
//! shop file that `TILL_BENCH_SHOP` names. First times are asked of a shop just opened, one opening for each question: with
//! the sums that were laid by when it was loaded, and, once something was sold elsewhere, out of the facts alone. At the
//! end: what a sale costs beside all of it, and the most memory that was taken; with `TILL_BENCH_BESIDE` nothing else.

mod beside;

use std::path::{Path, PathBuf};
use std::process::Command as Program;
use std::time::{Duration, Instant};
use till::domain::basket::{Basket, BasketLine};
use till::domain::command::{Actor, Command};
use till::domain::{Method, Request as Ask, Tender};
use till::engine::{Seams, Shop};
use till::report::{Answer, Answers, Request};
use till::unit::{CustomerId, Day, Quantity};

/// What is asked: the named reports, and ten slices of three dimensions and two filters that nothing is prepared for.
const QUESTIONS: &[&str] = &[
    "sales-by-day",
    "sales-by-month",
    "sales-by-store",
    "sales-by-category",
    "sales-by-location",
    "sales-by-gender",
    "sales-by-age",
    "customers",
    "customers-by-gender",
    "customers-by-age",
    "top-customers",
    "repeat-customers",
    "average-order",
    "top-products --where age-group=18-25 --sort units",
    "inactive-customers --top 5",
    "growth",
    "order-status",
    "order-history --customer {customer}",
    "order-frequency --customer {customer}",
    "spend-per-customer",
    "low-stock",
    "returns-by-reason",
    "complaints-by-month",
    "hour-heatmap",
    "top-products --from {month} --to {today} --top 10 --sort sales",
    "segments",
    "sales --by month,category,store --where gender=female --where age-group=18-25 --measures sales",
    "sales --by year,location,age-group --where category={category} --where gender=male --measures sales,units",
    "sales --by weekday,hour,store --where age-group=26-35 --where gender=female --measures orders",
    "sales --by quarter,store,gender --where category={category} --where weekday=6 --measures sales",
    "sales --by month,gender,age-group --where store={store} --where category={category} --measures units",
    "sales --by category,age-group,gender --where store={store} --where year={year} --measures sales",
    "sales --by week,store,status --where gender=unknown --where age-group=unknown --measures orders",
    "sales --by category,weekday,store --where age-group=36-45 --where gender=female --measures sales",
    "sales --by hour,category,gender --where store={store} --where weekday=5 --measures units",
    "sales --by month,location,category --where gender=female --where store={store} --measures net-sales",
];

/// Askings of which the middle one counts.
const TIMES: usize = 7;

fn main() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let path = folder.path().join("shop.redb");
    bring(&path);
    let shop = open(&path);
    let snapshot = shop.snapshot().expect("a snapshot");
    let (first_day, last) = snapshot.segment_days().expect("days").expect("a shop with trade");
    let today = last.add_days(1);
    println!("trade from {first_day} to {last}; times in milliseconds");
    println!(
        "{:>10} {:>10} {:>10} {:>10} {:>10} {:>8}  question",
        "laid by", "first", "slice", "again", "live", "rows"
    );
    let words = filled(&shop, today);
    drop(snapshot);
    shop.close().expect("closing");
    let mut logs = [0f64; 4];
    let only = std::env::var_os("TILL_BENCH_BESIDE").is_some();
    let asked: Vec<&String> = words.iter().filter(|_| !only).collect();
    let laid: Vec<Duration> = asked.iter().map(|words| first_time(&path, words, today)).collect();
    for (words, laid) in asked.into_iter().zip(laid) {
        // What was laid by stands for a moment that has passed.
        let shop = open(&path);
        sell(&shop);
        shop.close().expect("closing");
        let shop = open(&path);
        let answers = Answers::new();
        let request = Request::parse(&shlex::split(words).expect("words")).expect(words);
        let (first, answer) = ask(&shop, &answers, &request, today);
        let slice = sliced(&shop, &answers, words, first_day, today);
        let again = middle(|| ask(&shop, &answers, &request, today).0);
        let live = middle(|| {
            sell(&shop);
            ask(&shop, &answers, &request, today).0
        });
        for (log, time) in logs.iter_mut().zip([laid, first, again, live]) {
            *log += time.as_secs_f64().max(1e-6).ln();
        }
        let [laid, first, again, live] = [laid, first, again, live].map(ms);
        let slice = slice.map_or_else(String::new, ms);
        println!("{laid:>10} {first:>10} {slice:>10} {again:>10} {live:>10} {:>8}  {words}", answer.rows.len());
        shop.close().expect("closing");
    }
    if std::env::args().any(|word| word == "--bench") {
        let shop = open(&path);
        beside::measure(&shop, &words, today, sell);
        shop.close().expect("closing");
    }
    let mean = |log: f64| format!("{:.2}", (log / words.len() as f64).exp() * 1e3);
    let [laid, first, again, live] = logs.map(mean);
    println!("{laid:>10} {first:>10} {:>10} {again:>10} {live:>10} {:>8}  geometric mean", "", "");
}

/// How long a question takes of a shop just opened.
fn first_time(path: &Path, words: &str, today: Day) -> Duration {
    let shop = open(path);
    let request = Request::parse(&shlex::split(words).expect("words")).expect(words);
    let (time, _) = ask(&shop, &Answers::new(), &request, today);
    shop.close().expect("closing");
    time
}

/// How long a slice takes that nothing is kept for: each time of a period that begins on another day before all trade.
fn sliced(shop: &Shop, answers: &Answers, words: &str, first: Day, today: Day) -> Option<Duration> {
    let mut before = first;
    let mut time = || {
        before = before.add_days(-1);
        let words = format!("{words} --from {before}");
        let request = Request::parse(&shlex::split(&words).expect("words")).expect(&words);
        ask(shop, answers, &request, today).0
    };
    words.starts_with("sales --by").then(|| {
        time();
        middle(time)
    })
}

/// A shop to ask: a copy of one's own, or a demo shop.
fn bring(path: &Path) {
    // As a test it only shows that it runs.
    let usual = if std::env::args().any(|word| word == "--bench") { "20000" } else { "300" };
    if let Some(own) = std::env::var_os("TILL_BENCH_SHOP").map(PathBuf::from) {
        std::fs::copy(&own, path).expect("a copy of the shop");
        return;
    }
    let orders = std::env::var("TILL_BENCH_ORDERS").unwrap_or_else(|_| usual.to_owned());
    let made = Program::new(env!("CARGO_BIN_EXE_till"))
        .args(["demo", "--only-make", "--orders", &orders, "--keep"])
        .arg(path.parent().expect("a folder"))
        .output()
        .expect("till");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn open(path: &Path) -> Shop {
    Shop::open(path, Seams::system(), |_| {}).expect("a shop")
}

/// The questions with members that the shop has.
fn filled(shop: &Shop, today: Day) -> Vec<String> {
    let snapshot = shop.snapshot().expect("a snapshot");
    let category = snapshot.catalogue().all().find_map(|product| product.category.clone()).unwrap_or_default();
    let store = snapshot.directory().stores.first().map(|store| store.ext.clone()).unwrap_or_default();
    let customer = snapshot.customer(CustomerId(1)).expect("a customer").map(|(customer, _)| customer.ext);
    let quoted = |text: &str| shlex::try_quote(text).expect("no zero byte").into_owned();
    let put = |words: &&str| {
        words
            .replace("category={category}", &quoted(&format!("category={category}")))
            .replace("{store}", &store)
            .replace("{customer}", &quoted(&customer.clone().unwrap_or_default()))
            .replace("{month}", &today.add_days(-30).to_string())
            .replace("{today}", &today.to_string())
            .replace("{year}", &today.to_string()[..4])
    };
    QUESTIONS.iter().map(put).collect()
}

fn ask(shop: &Shop, answers: &Answers, request: &Request, today: Day) -> (Duration, Answer) {
    let begun = Instant::now();
    let snapshot = shop.snapshot().expect("a snapshot");
    let answer = answers.answer(&snapshot, request, today, None).expect("an answer");
    (begun.elapsed(), answer)
}

/// One more sale at the counter, of whatever has a price.
fn sell(shop: &Shop) {
    let snapshot = shop.snapshot().expect("a snapshot");
    let directory = snapshot.directory();
    let (register, staff) = (directory.registers[0].id, directory.staff[0].id);
    let product = snapshot.catalogue().all().find(|product| product.price.is_some()).expect("a product").clone();
    let line = BasketLine::of(&product, Quantity::ONE, None).expect("a line");
    let settings = directory.settings.clone().expect("settings");
    let basket = Basket { lines: vec![line], customer: Some(CustomerId(1)), ..Basket::default() };
    let total = basket.price(settings.tax_included, settings.currency.step()).expect("a price").total;
    let tenders = vec![Tender { method: Method::named(Method::CARD), amount: total, reference: None }];
    let command = Command::PlaceOrder { basket, tenders, channel: None };
    let request = Ask { id: shop.new_id(), actor: Actor { staff, register }, command };
    shop.execute(request).expect("a shop that runs").expect("a sound sale");
}

fn middle(mut time: impl FnMut() -> Duration) -> Duration {
    let mut times: Vec<Duration> = (0..TIMES).map(|_| time()).collect();
    times.sort_unstable();
    times[TIMES / 2]
}

fn ms(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1e3)
}
