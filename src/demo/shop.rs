//! The demo shop as a whole: its plan, its records, and the door to its people and its trade. Never knows how any of it
//! is stored.

use super::calendar::Calendar;
use super::odds::{Odds, skewed};
use super::people::{self, Person, Phones};
use super::price::{Prices, money};
use super::seed::{METHODS, Seed};
use super::table::SeedFault;
use super::taste::Taste;
use super::trade::Trade;
use crate::domain::{Customer, CustomerDetails, Method, Product, Register, Role, Settings, Staff, Store};
use crate::unit::barcode::Pattern;
use crate::unit::{
    CashRounding, Currency, CustomerId, Day, Money, ProductId, Quantity, Rate, RegisterId, StaffId, StoreId, Text,
};
use fastrand::Rng;

/// What to grow. The same plan gives the same shop, to the byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Any number; another one gives another shop of the same kind.
    pub seed: u64,
    /// How many orders there shall be; 0 gives a shop that has not opened yet.
    pub orders: u64,
    /// The last day of trade, as the shop's own zone sees it.
    pub today: Day,
    /// Unix milliseconds; nothing happens at or after this moment.
    pub now_ms: i64,
}

impl Plan {
    /// How many orders `till demo` grows unless told otherwise.
    pub const ORDERS: u64 = 20_000;
}

/// Texts that many records share.
pub(super) struct Words {
    pub methods: Vec<Method>,
    pub counter: Text,
    pub web: Text,
    pub telephone: Text,
    pub reasons: Vec<Text>,
    pub opinions: Vec<Text>,
}

/// A shop grown from a [`Plan`]: records at hand, customers and trade made while they are read.
pub struct Growth {
    pub(super) plan: Plan,
    pub(super) seed: Seed,
    pub(super) calendar: Calendar,
    pub(super) taste: Taste,
    pub(super) prices: Prices,
    pub(super) people: Vec<Person>,
    pub(super) words: Words,
    /// Of the return reasons, by category.
    pub(super) reason_odds: Vec<Odds>,
    /// By branch.
    staff: Vec<Vec<StaffId>>,
}

/// Plans the days and the people of a shop; its trade is made as [`Growth::trade`] is read.
///
/// # Errors
/// A [`SeedFault`] only if the files of `seed/` were broken when the program was built.
pub fn grow(plan: &Plan) -> Result<Growth, SeedFault> {
    let seed = Seed::read()?;
    let mut rng = Rng::with_seed(plan.seed);
    let calendar = Calendar::new(&seed, &mut rng, plan.orders, plan.today, plan.now_ms);
    let taste = Taste::new(&seed);
    let prices = Prices::new(&seed, &mut rng, plan.today);
    let count = (plan.orders.saturating_mul(9) / 100).min(u64::from(u32::MAX - 1));
    let people = people::populate(&seed, &calendar, &taste, &mut rng, count);
    let reasons = &seed.return_reasons;
    let reason_odds = (0..seed.categories.len())
        .map(|at| Odds::new(reasons.iter().map(|reason| if reason.applies[at] { reason.weight } else { 0 })));
    let mut opinions: Vec<Text> = seed.opinions.iter().map(|opinion| Text::lossy(&opinion.category)).collect();
    opinions.dedup();
    let words = Words {
        methods: METHODS.iter().map(|name| Method::named(name)).collect(),
        counter: Text::lossy("counter"),
        web: Text::lossy("web"),
        telephone: Text::lossy("telephone"),
        reasons: reasons.iter().map(|reason| Text::lossy(&reason.reason)).collect(),
        opinions,
    };
    let staff_of = |branch| {
        let here = seed.staff.iter().zip(1..).filter(move |(colleague, _)| colleague.branch == branch);
        here.map(|(_, id)| StaffId(id)).collect()
    };
    let staff = (0..seed.branches.len()).map(staff_of).collect();
    let reason_odds = reason_odds.collect();
    Ok(Growth { plan: *plan, calendar, taste, prices, people, words, reason_odds, staff, seed })
}

impl Growth {
    /// The shop's settings: euros, prices with tax, the labels of its scales.
    pub fn settings(&self) -> Settings {
        Settings {
            name: Text::lossy("Three Corners"),
            currency: Currency::EUR,
            zone: self.seed.branches.first().map(|branch| branch.zone).unwrap_or_default(),
            tax_included: true,
            cash_rounding: CashRounding::Off,
            merge_lines: true,
            patterns: Pattern::parse("21=IIIIIWWWWW.3").into_iter().collect(),
            discount_limit_percent: 30,
            largest_note: money(20_000),
            receipt_header: Text::lossy("Three Corners · coffee, groceries and things for the house"),
            receipt_footer: Text::lossy("Thank you. Come again!"),
        }
    }

    /// The branches, numbered from 1.
    pub fn stores(&self) -> Vec<Store> {
        let numbered = self.seed.branches.iter().zip(1..);
        let store = |(branch, id): (&super::branch::Branch, u16)| Store {
            id: StoreId(id),
            ext: Text::lossy(&branch.ext),
            name: Text::lossy(&branch.name),
            location: Some(Text::lossy(&branch.location)),
            zone: Some(branch.zone),
        };
        numbered.map(store).collect()
    }

    /// The registers, numbered from 1 through all branches.
    pub fn registers(&self) -> Vec<Register> {
        let mut registers = Vec::new();
        for (branch, store) in self.seed.branches.iter().zip(1..) {
            for no in 1..=branch.registers {
                let id = RegisterId(registers.len() as u16 + 1);
                registers.push(Register { id, store: StoreId(store), name: Text::lossy(&format!("Register {no}")) });
            }
        }
        registers
    }

    /// The people behind the counter, numbered from 1.
    pub fn staff(&self) -> Vec<Staff> {
        let numbered = self.seed.staff.iter().zip(1..);
        let member = |(colleague, id): (&super::seed::Colleague, u16)| Staff {
            id: StaffId(id),
            ext: Text::lossy(&colleague.ext),
            name: Text::lossy(&colleague.name),
            roles: colleague.roles.iter().map(|role| role_of(role)).collect(),
            disabled: false,
        };
        numbered.map(member).collect()
    }

    /// The goods, numbered from 1, at today's prices.
    pub fn products(&self) -> Vec<Product> {
        let numbered = self.seed.goods.iter().zip(1..);
        let product = |(good, id): (&super::seed::Good, u32)| Product {
            id: ProductId(id),
            ext: Text::lossy(&good.ext),
            sku: Some(Text::lossy(&good.sku)),
            barcodes: vec![Text::lossy(&good.barcode)],
            name: Text::lossy(&good.name),
            category: Some(Text::lossy(&self.seed.categories[good.category].name)),
            price: Some(money(good.price)),
            cost: Some(money(good.cost)),
            tax_rate: Some(Rate(good.tax_rate)),
            reorder_level: good.reorder.map(Quantity),
        };
        numbered.map(product).collect()
    }

    /// What lies on the shelves now, after all the trade; goods without a reorder level are not counted.
    pub fn stock(&self) -> Vec<(StoreId, ProductId, Quantity)> {
        let mut rng = Rng::with_seed(self.plan.seed ^ 0x5710_c4ed);
        let mut stock = Vec::new();
        for store in (1..).take(self.seed.branches.len()) {
            for (good, product) in self.seed.goods.iter().zip(1..) {
                let Some(level) = good.reorder else { continue };
                // One in twenty has run low.
                let quantity = match rng.u32(..100) {
                    0..5 => level * rng.i64(0..100) / 100,
                    _ => level + level * i64::from(10 + skewed(&mut rng, 900)) / 100,
                };
                let quantity = if good.by_weight { quantity } else { quantity / 1000 * 1000 };
                stock.push((StoreId(store), ProductId(product), Quantity(quantity)));
            }
        }
        stock
    }

    /// How many customers there are.
    pub fn customer_count(&self) -> u64 {
        self.people.len() as u64
    }

    /// The customers in the order they came, numbered from 1, made one by one.
    pub fn customers(&self) -> impl Iterator<Item = (Customer, CustomerDetails)> + '_ {
        let mut rng = Rng::with_seed(self.plan.seed ^ 0x0de7_a115);
        let mut phones = Phones::default();
        self.people.iter().zip(1..).map(move |(person, id): (_, u32)| {
            let details = people::details(&self.seed, person, &mut rng, &mut phones, self.plan.today);
            let customer = Customer {
                id: CustomerId(id),
                ext: Text::lossy(&id.to_string()),
                registered_on: Some(person.joined),
                store_credit: Money::ZERO,
                version: 1,
            };
            (customer, details)
        })
    }

    /// All that happened, in the order it happened: see [`super::Event`].
    pub fn trade(&self) -> Trade<'_> {
        Trade::new(self)
    }

    /// Somebody behind the counter of that branch.
    pub(super) fn cashier(&self, rng: &mut Rng, branch: usize) -> Option<StaffId> {
        let here = self.staff.get(branch)?;
        here.get(rng.usize(..here.len().max(1))).copied()
    }
}

fn role_of(word: &str) -> Role {
    match word {
        "manager" => Role::Manager,
        "supervisor" => Role::Supervisor,
        "accountant" => Role::Accountant,
        "administrator" => Role::Administrator,
        _ => Role::Cashier,
    }
}
