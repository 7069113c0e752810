//! Products whose codes are shared, moved or exchanged.

use crate::engine::verify::verify;
use crate::exchange::read;
use crate::exchange::testing::{Counter, Files};
use crate::unit::ProductId;

const HEAD: &str = "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\n";

fn update(counter: &Counter, rows: &str) {
    let files = Files::of(&[("products.csv", &format!("{HEAD}{rows}"))]);
    let bulk = read(files.path(), &counter.shop.snapshot().unwrap(), true, &|_, _| {}).unwrap();
    counter.shop.import(bulk, |_| {}).unwrap();
}

/// The numbers of the products a code means, and that the shop holds together.
fn meant(counter: &Counter, code: &str) -> Vec<u32> {
    let snapshot = counter.shop.snapshot().unwrap();
    verify(&snapshot, None, &|_, _| {}).unwrap();
    snapshot.catalogue().by_code(code).iter().map(|id| id.0).collect()
}

#[test]
fn products_that_share_a_sku_are_imported_changed_and_exported() {
    let counter = Counter::open();
    let rows = "P1,CUP,,Red cup,,1.00,,,\nP2,CUP,40170725,Blue cup,,2.00,,,\nP3,P1,,Plate,,3.00,,,\n";
    counter.import(Files::of(&[("products.csv", &format!("{HEAD}{rows}"))]).path());
    assert_eq!(meant(&counter, "CUP"), [1, 2]);
    assert_eq!(meant(&counter, "P1"), [3], "a SKU comes before an id");
    let out = counter.export();
    let again = Counter::open();
    again.import(&out.path);
    assert_eq!(again.export().all(), out.all());
    assert_eq!(meant(&again, "CUP"), [1, 2]);
    update(&counter, "P1,P1,,Red cup,,1.00,,,\nP4,CUP,,Gold cup,,9.00,,,\n");
    assert_eq!(meant(&counter, "CUP"), [2, 4]);
    assert_eq!(meant(&counter, "P1"), [1, 3]);
}

#[test]
fn barcodes_are_exchanged_whichever_row_comes_first() {
    for rows in ["P1,,96385074,One,,1,,,\nP2,,40170725,Two,,1,,,\n", "P2,,40170725,Two,,1,,,\nP1,,96385074,One,,1,,,\n"]
    {
        let counter = Counter::open();
        let before = format!("{HEAD}P1,,40170725,One,,1,,,\nP2,,96385074,Two,,1,,,\n");
        counter.import(Files::of(&[("products.csv", &before)]).path());
        update(&counter, rows);
        assert_eq!((meant(&counter, "96385074"), meant(&counter, "40170725")), (vec![1], vec![2]));
        let snapshot = counter.shop.snapshot().unwrap();
        let found =
            |code| snapshot.find(crate::domain::view::Kind::Barcode, code).unwrap().map(|id| ProductId(id as u32));
        assert_eq!((found("96385074"), found("40170725")), (Some(ProductId(1)), Some(ProductId(2))));
    }
}
