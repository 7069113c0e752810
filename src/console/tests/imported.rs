//! A large import in the audit: who asked for it stands in every one of its entries.

use super::audit::{CUSTOMERS, PRODUCTS, founded, import};
use crate::report::journal::{acts, in_full};
use crate::unit::{Seq, Zone};

#[test]
fn every_entry_of_an_import_says_who_asked_for_it() {
    let shop = founded();
    let first = shop.published();
    let rows = |row: &dyn Fn(usize) -> String| (0..1_700).map(row).collect::<String>();
    let orders = rows(&|at| format!("O{at},S1,2026-02-01,paid\n"));
    let lines = rows(&|at| format!("O{at},1,P1,1,1.50,0\n"));
    let returns = rows(&|at| format!("R{at},O{at},1,1,1.00,0.05,\"0.60 cash,0.40 card\"\n"));
    let feedback = rows(&|at| format!("F{at},5,open\n"));
    import(
        &shop,
        &[
            ("products.csv", PRODUCTS),
            ("customers.csv", CUSTOMERS),
            ("inventory.csv", "store_id,product_id,quantity\nS1,P1,4\n"),
            ("orders.csv", &format!("id,store_id,ordered_at,status\n{orders}")),
            ("order_lines.csv", &format!("order_id,line_no,product_id,quantity,unit_price,tax\n{lines}")),
            ("returns.csv", &format!("id,order_id,line_no,quantity,refund,rounding,split\n{returns}")),
            ("feedback.csv", &format!("id,rating,status\n{feedback}")),
        ],
    );
    let snapshot = shop.snapshot().unwrap();
    let entries = snapshot.entries(Seq(snapshot.seq().0 + 1), (snapshot.seq().0 - first.0) as usize).unwrap();
    assert!(entries.len() > 9 && entries.iter().all(|entry| entry.changes.len() <= 1_000));
    let (mut said, zone) = (Vec::new(), Zone::utc());
    acts(&snapshot, &zone, Seq(u64::MAX), usize::MAX, &mut |act| {
        said.push((act.seq, act.name, act.detail));
        true
    })
    .unwrap();
    said.retain(|(seq, ..)| *seq > first);
    assert_eq!(said.len(), entries.len());
    assert!(said.iter().all(|(_, name, detail)| name == "shop's owner" && detail.contains("by jo")), "{said:?}");
    for entry in &entries {
        let page = in_full(&snapshot, entry.seq).unwrap();
        assert!(page.iter().any(|line| line.starts_with("was asked for by the shop's owner")), "{page:?}");
    }
}
