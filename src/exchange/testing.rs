//! Folders and shops for tests.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub use crate::domain::testing::FOUNDER;
use crate::domain::testing::{self, person};
use crate::domain::{Actor, Command, Outcome, Register, Request, Role, Settings, Store};
use crate::engine::{Bulk, Seams, Shop};
use crate::unit::{CashRounding, Money, RegisterId, StoreId, Zone};

use super::{Base, ReadFault, read};

/// A small shop with every kind of record and every optional column.
pub const FULL: &[(&str, &str)] = &[
    ("stores.csv", "id,name,location,timezone\nN,North Street,Riga,Europe/Riga\nS,South Street,Lisbon,Europe/Lisbon\n"),
    (
        "products.csv",
        "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\n\
         ESP,SKU-1,4006381333931 0036000291452,Espresso 1 kg,Coffee,18.90,11.20,0.20,5\n\
         000123,,,\"Gouda, \"\"old\"\"\",Cheese,14.5,9.1,0.07,1.5\n\
         7,,,Paper bag,,0.2,,,\n",
    ),
    ("inventory.csv", "store_id,product_id,quantity\nN,ESP,12\nS,ESP,-3\nN,000123,0\nS,000123,4.125\n"),
    (
        "customers.csv",
        "id,name,email,phone,address,location,gender,birth_date,registered_on,store_credit,notes\n\
         QUICK,Ines Keller,ines@example.org,+371 1234,\"Brīvības 1, Riga\",Riga,female,1990-02-28,2023-05-01,12.5,\"Likes\nespresso\"\n\
         2,,,,,,,,,,\n",
    ),
    (
        "orders.csv",
        "id,store_id,customer_id,ordered_at,status,payment_method,receipt,register,cashier,channel,tax_included,note\n\
         1001,N,QUICK,2024-03-31T03:30:00,paid,card,R2-000481,2,mara,counter,true,\"Ring twice,\nplease\"\n\
         CA-7,S,,2024-04-01 10:00,pending,,,,,web,false,\n\
         1000,S,2,2024-03-01,cancelled,voucher,,1,mara,,,\n\
         X,N,,,delivered,,,,,,,\n",
    ),
    (
        "order_lines.csv",
        "order_id,line_no,product_id,quantity,unit_price,discount,tax,cost,tax_rate,rounding\n\
         1001,1,ESP,2,18.90,3.78,5.67,11,0.2,-0.02\n\
         1001,2,000123,0.412,,,0.39,,,0.0037\n\
         CA-7,1,7,3,0.1975,,,,,\n\
         1000,1,ESP,1,,1.0001,3.58,,,\n",
    ),
    (
        "payments.csv",
        "order_id,line_no,method,amount,reference,paid_at\n\
         1001,1,card,30,slip 77,2024-03-31T04:31:00+03:00\n\
         1001,2,cash,9.95,,\n\
         1001,3,cash-rounding,0.0261,,\n",
    ),
    (
        "returns.csv",
        "id,order_id,line_no,quantity,reason,returned_at,refund,store_id,product_id,restock,method\n\
         1,1001,1,1,damaged,2024-04-02,17.01,S,,true,card\n\
         2,,,2,no receipt,2024-04-03T09:00:00,0.40,N,7,false,cash\n\
         3,CA-7,,1,,,0.1,,,,\n",
    ),
    (
        "feedback.csv",
        "id,customer_id,order_id,rating,category,text,created_at,status\n\
         F1,QUICK,1001,1,Complaint,\"Cold.\n\nVery \"\"cold\"\".\",2024-04-01T12:00:00Z,resolved\n\
         12,,,,,,,\n",
    ),
];

/// A folder that goes away with the test.
pub struct Files {
    dir: TempDir,
}

impl Files {
    pub fn of(files: &[(&str, &str)]) -> Files {
        let made = Files { dir: tempfile::tempdir().unwrap() };
        for (name, text) in files {
            made.put(name, text);
        }
        made
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.path().join(name), bytes).unwrap();
    }

    /// Reads them into `base`.
    pub fn read(&self, base: &dyn Base) -> Result<Bulk, ReadFault> {
        read(self.path(), base, false, &|_, _| {})
    }
}

/// A running shop that goes away with the test.
pub struct Counter {
    pub shop: Shop,
    _dir: TempDir,
}

impl Counter {
    /// A founded shop in Riga, with a store that nothing has used.
    pub fn open() -> Counter {
        let dir = tempfile::tempdir().unwrap();
        let shop = Shop::create(&dir.path().join("shop.redb"), Seams::seeded(1_711_965_600_000, 7)).unwrap();
        let counter = Counter { shop, _dir: dir };
        counter.ask(Command::Found {
            settings: settings(),
            store: Store { id: StoreId(0), ext: "Main".into(), name: "Main".into(), location: None, zone: None },
            register: Register { id: RegisterId(0), store: StoreId(0), name: "1".into() },
            staff: person("Admin", vec![Role::Administrator]),
        });
        counter
    }

    /// Asks as the founder, who is allowed everything.
    pub fn ask(&self, command: Command) -> Outcome {
        self.ask_as(FOUNDER, command)
    }

    pub fn ask_as(&self, actor: Actor, command: Command) -> Outcome {
        let request = Request { id: self.shop.new_id(), actor, command };
        self.shop.execute(request).unwrap().unwrap_or_else(|refusal| panic!("{refusal}"))
    }

    pub fn import(&self, dir: &Path) {
        let bulk = {
            let snapshot = self.shop.snapshot().unwrap();
            read(dir, &snapshot, false, &|_, _| {}).unwrap_or_else(|why| panic!("{why}"))
        };
        self.shop.import(bulk, |_| {}).unwrap();
    }

    /// The shop's export.
    pub fn export(&self) -> Exported {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out");
        super::write(&self.shop.snapshot().unwrap(), &path, &|_, _| {}).unwrap();
        Exported { path, _dir: dir }
    }
}

/// An exported folder.
pub struct Exported {
    pub path: PathBuf,
    _dir: TempDir,
}

impl Exported {
    pub fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.path.join(file)).unwrap()
    }

    /// Names and contents of all files.
    pub fn all(&self) -> Vec<(String, String)> {
        let entries = std::fs::read_dir(&self.path).unwrap();
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        files.into_iter().map(|name| (name.clone(), self.text(&name))).collect()
    }
}

fn settings() -> Settings {
    Settings {
        name: "Corner Shop".into(),
        zone: Zone::by_name("Europe/Riga").unwrap(),
        cash_rounding: CashRounding::Step(Money(500)),
        discount_limit_percent: 100,
        largest_note: Money(200_0000),
        ..testing::settings()
    }
}
