//! Malformed folders, each with its one clear finding and nothing to import.

use crate::exchange::testing::Files;
use crate::exchange::{Empty, ReadFault};

/// A folder with nothing wrong in it.
const SOUND: &[(&str, &str)] = &[
    ("stores.csv", "id,name,location,timezone\nN,North,Riga,Europe/Riga\nS,South,,\n"),
    (
        "products.csv",
        "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\n\
         A,SA,4006381333931,Apple,Fruit,1.20,0.70,0.07,5\nB,,,Bag,,,,,\n",
    ),
    ("inventory.csv", "store_id,product_id,quantity\nN,A,12\n"),
    (
        "customers.csv",
        "id,name,email,phone,address,location,gender,birth_date,registered_on\nC1,Ines,,,,Riga,female,1990-02-28,\n",
    ),
    (
        "orders.csv",
        "id,store_id,customer_id,ordered_at,status,payment_method\n\
         O1,N,C1,2024-03-01T10:00:00,paid,card\nO2,S,,2024-03-02,pending,\n",
    ),
    (
        "order_lines.csv",
        "order_id,line_no,product_id,quantity,unit_price,discount,tax\nO1,1,A,2,1.20,,\nO1,2,B,1,0.20,,\nO2,1,A,1,,,\n",
    ),
    ("payments.csv", "order_id,line_no,method,amount,reference,paid_at\nO1,1,card,2.60,,\n"),
    ("returns.csv", "id,order_id,line_no,quantity,reason,returned_at,refund\nR1,O1,1,1,damaged,2024-03-05,1.20\n"),
    (
        "feedback.csv",
        "id,customer_id,order_id,rating,category,text,created_at,status\nF1,C1,O1,5,praise,Fine,2024-03-06,open\n",
    ),
];

const STORES: &str = "id,name,location,timezone\n";
const PRODUCTS: &str = "id,sku,barcode,name,category,price,cost,tax_rate,reorder_level\n";
const INVENTORY: &str = "store_id,product_id,quantity\n";
const CUSTOMERS: &str = "id,name,email,phone,address,location,gender,birth_date,registered_on\n";
const ORDERS: &str = "id,store_id,customer_id,ordered_at,status,payment_method\n";
const LINES: &str = "order_id,line_no,product_id,quantity,unit_price,discount,tax\n";
const PAYMENTS: &str = "order_id,line_no,method,amount,reference,paid_at\n";
const RETURNS: &str = "id,order_id,line_no,quantity,reason,returned_at,refund\n";
const FEEDBACK: &str = "id,customer_id,order_id,rating,category,text,created_at,status\n";

/// The sound folder, with text added to one file or a file replaced.
enum Twist {
    /// After the header and the sound rows.
    Add(&'static str, Vec<u8>),
    /// Instead of the whole file.
    Whole(&'static str, Vec<u8>),
}

fn add(file: &'static str, rows: &str) -> Twist {
    Twist::Add(file, rows.as_bytes().to_vec())
}

fn whole(file: &'static str, header: &str, rows: &str) -> Twist {
    Twist::Whole(file, format!("{header}{rows}").into_bytes())
}

/// A refund by several methods.
fn rounded(by: &str) -> Twist {
    let header = "id,order_id,line_no,quantity,reason,returned_at,refund,rounding\n";
    whole("returns.csv", header, &format!("R1,O1,1,1,,,1.20,{by}\n"))
}

fn parted(refund: &str, method: &str, split: &str) -> Twist {
    let header = "id,order_id,line_no,quantity,reason,returned_at,refund,method,split\n";
    whole("returns.csv", header, &format!("R1,O1,1,1,,,{refund},{method},\"{split}\"\n"))
}

fn findings(twist: Twist) -> Vec<String> {
    let files = Files::of(SOUND);
    match twist {
        Twist::Add(file, rows) => {
            let mut bytes = std::fs::read(files.path().join(file)).unwrap();
            bytes.extend(rows);
            files.put(file, bytes);
        }
        Twist::Whole(file, bytes) => files.put(file, bytes),
    }
    match files.read(&Empty::default()) {
        Err(ReadFault::Findings(findings)) => findings.iter().map(ToString::to_string).collect(),
        Err(other) => vec![other.to_string()],
        Ok(_) => Vec::new(),
    }
}

#[test]
fn the_sound_folder_is_sound() {
    let files = Files::of(SOUND);
    let bulk = files.read(&Empty::default()).unwrap();
    assert_eq!((bulk.counts.orders, bulk.counts.lines, bulk.counts.payments), (2, 3, 1));
    assert_eq!(bulk.orders.map(Result::unwrap).count(), 2);
}

fn check(table: Vec<(Twist, &str)>) {
    for (twist, expected) in table {
        assert_eq!(findings(twist), [expected]);
    }
}

#[test]
fn headers() {
    check(vec![
        (
            whole("orders.csv", "", ""),
            "orders.csv:1: row: the file has no header; its first line must name the columns \
            id,store_id,customer_id,ordered_at,status,payment_method,receipt,register,cashier,channel,tax_included,note",
        ),
        (
            whole("stores.csv", "id,name,location\n", "N,North,Riga\nS,South,\n"),
            "stores.csv:1: timezone: the column is missing",
        ),
        (
            whole("stores.csv", "id,name,location,timezone,colour\n", "N,North,Riga,,red\nS,,,,\n"),
            "stores.csv:1: colour: unknown column; stores.csv has id,name,location,timezone",
        ),
        (
            whole("stores.csv", "id,name,location,timezone,name\n", "N,North,Riga,,x\nS,,,,\n"),
            "stores.csv:1: name: the column is there twice",
        ),
        (
            whole("inventory.csv", "store_id,product_id,quantity,\n", "N,A,1,\n"),
            "inventory.csv:1: (no name): unknown column; inventory.csv has store_id,product_id,quantity",
        ),
        (
            Twist::Whole("inventory.csv", b"store_id,product_id,quantity,\xff\nN,A,1,\n".to_vec()),
            "inventory.csv:1: row: the file is not UTF-8; save it as UTF-8",
        ),
        (
            whole("inventory.csv", "", " store_id,product_id,quantity\nN,A,1\n"),
            "inventory.csv:1: store_id: the header says \" store_id\"; write store_id",
        ),
        (
            whole("inventory.csv", "", "store_id,Product_ID,quantity\nN,A,1\n"),
            "inventory.csv:1: product_id: the header says \"Product_ID\"; write product_id",
        ),
        (
            whole("inventory.csv", "", "store_id;product_id;quantity\nN;A;1\n"),
            "inventory.csv:1: row: the columns are separated by ';'; separate them with commas",
        ),
        (
            whole("inventory.csv", "", "store_id\tproduct_id\tquantity\nN\tA\t1\n"),
            "inventory.csv:1: row: the columns are separated by tabs; separate them with commas",
        ),
        (
            Twist::Whole("inventory.csv", b"\xff\xfes\0t\0o\0r\0e\0\n\0".to_vec()),
            "inventory.csv:1: row: the file is not UTF-8; save it as UTF-8",
        ),
        (
            whole("payments.csv", "order_id,line_no,method,reference,paid_at\n", "O1,1,card,,\n"),
            "payments.csv:1: amount: the column is missing",
        ),
        (
            whole("returns.csv", "ID,order_id,line_no,quantity,reason,returned_at,refund,id\n", "1,,,1,,,,1\n"),
            "returns.csv:1: ID: unknown column; returns.csv has \
             id,order_id,line_no,quantity,reason,returned_at,refund,store_id,product_id,restock,method,split,rounding",
        ),
    ]);
}

#[test]
fn records() {
    check(vec![
        (add("orders.csv", "O3,N,,,paid\n"), "orders.csv:4: row: the record has 5 fields where the header has 6"),
        (
            add("orders.csv", "O3,N,,,paid,card,x\n"),
            "orders.csv:4: row: the record has 7 fields where the header has 6",
        ),
        (add("inventory.csv", "N\n"), "inventory.csv:3: row: the record has 1 field where the header has 3"),
        (
            add("feedback.csv", "F2,,,,,\"cut off,,\n"),
            "feedback.csv:3: row: the file ends within quotes; it seems to be cut off",
        ),
        (
            add("customers.csv", "C2,,,,,,,,\"2024-01-01"),
            "customers.csv:3: row: the file ends within quotes; it seems to be cut off",
        ),
        (
            add("order_lines.csv", "O2,2,A,1,1.2"),
            "order_lines.csv:5: row: the record has 5 fields where the header has 7",
        ),
        (
            Twist::Add("customers.csv", b"C2,Andr\xe9,,,,,,,\n".to_vec()),
            "customers.csv:3: name: \"Andr\u{fffd}\" is not UTF-8; save the file in that encoding",
        ),
        (
            Twist::Add("orders.csv", b"O\xff,N,,,paid,\n".to_vec()),
            "orders.csv:4: id: \"O\u{fffd}\" is not UTF-8; save the file in that encoding",
        ),
        // The line is the one on which the record begins, whatever ends lines and however many a record has.
        (
            whole(
                "customers.csv",
                &CUSTOMERS.replace('\n', "\r\n"),
                "C1,\"a\r\nb\",,,,,,,\r\n\r\nC2,,,,,,,1990-13-01,\r\n",
            ),
            "customers.csv:5: birth_date: \"1990-13-01\": there is no such day in the calendar",
        ),
        (
            whole("customers.csv", &format!("\u{feff}{CUSTOMERS}"), "C1,,,,,,,,\nC1,,,,,,,,\n"),
            "customers.csv:3: id: customer \"C1\" is there twice",
        ),
    ]);
}

#[test]
fn ids() {
    let long = "x".repeat(101);
    check(vec![
        (add("stores.csv", "N,Again,,\n"), "stores.csv:4: id: store \"N\" is there twice"),
        (add("stores.csv", ",Nameless,,\n"), "stores.csv:4: id: is empty; write an id"),
        (add("products.csv", "A,,,Twice,,,,,\n"), "products.csv:4: id: product \"A\" is there twice"),
        (
            add("products.csv", " A,,,Blank,,,,,\n"),
            "products.csv:4: id: \" A\" has a blank before or behind it; take it away",
        ),
        (
            add("products.csv", "A\u{202e}B,,,Bidi,,,,,\n"),
            "products.csv:4: id: \"A\\u{202e}B\" holds the character U+202E, which cannot be shown; take it out",
        ),
        (
            add("products.csv", "\u{301}x,,,Mark,,,,,\n"),
            "products.csv:4: id: \"\u{301}x\" has an accent on nothing, or more than 4 on one character",
        ),
        (
            add("products.csv", "\"a\nb\",,,Lines,,,,,\n"),
            "products.csv:4: id: \"a\\nb\" holds the character U+000A, which cannot be shown; take it out",
        ),
        (
            add("products.csv", &format!("{long},,,Long,,,,,\n")),
            "products.csv:4: id: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\" is too long for an id; at most 100 characters",
        ),
        (add("orders.csv", "O1,N,,,paid,\n"), "orders.csv:4: id: order \"O1\" is there twice"),
        (add("orders.csv", ",N,,,paid,\n"), "orders.csv:4: id: is empty; write an id"),
        (add("returns.csv", "R1,,,1,,,\n"), "returns.csv:3: id: return \"R1\" is there twice"),
        (add("feedback.csv", "F1,,,,,,,\n"), "feedback.csv:3: id: feedback \"F1\" is there twice"),
        (
            add("order_lines.csv", "O2,1,A,1,1,,\n"),
            "order_lines.csv:5: line_no: number 1 of order \"O2\" is there twice",
        ),
        // Also where the lines are not in the order of the orders.
        (
            whole("order_lines.csv", LINES, "O2,1,A,1,1,,\nO1,1,A,1,1,,\nO2,1,A,2,1,,\n"),
            "order_lines.csv:4: line_no: number 1 of order \"O2\" is there twice",
        ),
        (add("payments.csv", "O1,1,cash,1,,\n"), "payments.csv:3: line_no: number 1 of order \"O1\" is there twice"),
        (add("inventory.csv", "N,A,1\n"), "inventory.csv:3: product_id: in this store, product \"A\" is there twice"),
    ]);
}

#[test]
fn references_to_nothing() {
    check(vec![
        (add("inventory.csv", "X,A,1\n"), "inventory.csv:3: store_id: there is no store \"X\""),
        (add("inventory.csv", "N,a,1\n"), "inventory.csv:3: product_id: there is no product \"a\""),
        (add("inventory.csv", ",A,1\n"), "inventory.csv:3: store_id: is empty; write which of the 2 stores it was"),
        (add("inventory.csv", "N,,1\n"), "inventory.csv:3: product_id: is empty; write which product it is"),
        (add("orders.csv", "O3,X,,,paid,\n"), "orders.csv:4: store_id: there is no store \"X\""),
        (add("orders.csv", "O3,,,,paid,\n"), "orders.csv:4: store_id: is empty; write which of the 2 stores it was"),
        (add("orders.csv", "O3,N,c1,,paid,\n"), "orders.csv:4: customer_id: there is no customer \"c1\""),
        (add("order_lines.csv", "O9,1,A,1,1,,\n"), "order_lines.csv:5: order_id: there is no order \"O9\""),
        (add("order_lines.csv", ",1,A,1,1,,\n"), "order_lines.csv:5: order_id: is empty; write the id of an order"),
        (add("order_lines.csv", "O2,2,Z,1,1,,\n"), "order_lines.csv:5: product_id: there is no product \"Z\""),
        (add("order_lines.csv", "O2,2,,1,1,,\n"), "order_lines.csv:5: product_id: is empty; write which product it is"),
        (add("payments.csv", "O9,1,cash,1,,\n"), "payments.csv:3: order_id: there is no order \"O9\""),
        (add("returns.csv", "R2,O9,,1,,,\n"), "returns.csv:3: order_id: there is no order \"O9\""),
        (
            add("returns.csv", "R2,O1,7,1,,,\n"),
            "returns.csv:3: line_no: there is no such line in that order: number \"7\"",
        ),
        (
            add("returns.csv", "R2,,1,1,,,\n"),
            "returns.csv:3: order_id: is empty, but a line is given; write the order it belongs to",
        ),
        (add("feedback.csv", "F2,C9,,,,,,\n"), "feedback.csv:3: customer_id: there is no customer \"C9\""),
        (add("feedback.csv", "F2,,O9,,,,,\n"), "feedback.csv:3: order_id: there is no order \"O9\""),
        (add("stores.csv", "X,,,Mars/Base\n"), "stores.csv:4: timezone: there is no time zone \"Mars/Base\""),
        (
            whole(
                "returns.csv",
                "id,order_id,line_no,quantity,reason,returned_at,refund,product_id\n",
                "R1,O1,1,1,,,,B\n",
            ),
            "returns.csv:2: product_id: is not what that line of the order sold",
        ),
        (
            parted("1.20", "card", "0.70 card,0.40 cash"),
            "returns.csv:2: split: its amounts are not together the refund",
        ),
        (
            parted("1.20", "cash", "0.70 card,0.50 cash"),
            "returns.csv:2: method: is not the method that paid most of the split",
        ),
        (parted("1.20", "card", "1.70 card,-0.50 cash"), "returns.csv:2: split: no method pays back less than nothing"),
        (rounded("-1.01"), "returns.csv:2: rounding: \"-1.01\" is more than coins can make; at most 1 either way"),
        (rounded("900"), "returns.csv:2: rounding: \"900\" is more than coins can make; at most 1 either way"),
        (
            parted("1.20", "", "card"),
            "returns.csv:2: split: \"card\": write each amount and its method, such as 4.99 card,3.20 cash",
        ),
    ]);
}

#[test]
fn numbers() {
    let large = "order_lines.csv:5: unit_price: the line's value is too large to be counted";
    check(vec![
        (
            add("products.csv", "P,,,,,1.23456,,,\n"),
            "products.csv:4: price: \"1.23456\": too many decimals; at most 4 are kept",
        ),
        (
            add("products.csv", "P,,,,,\"1,50\",,,\n"),
            "products.csv:4: price: \"1,50\": not a number; write digits and a decimal point, like 12.50",
        ),
        (
            add("products.csv", "P,,,,,,1e308,,\n"),
            "products.csv:4: cost: \"1e308\": not a number; write digits and a decimal point, like 12.50",
        ),
        (
            add("products.csv", "P,,,,,,,-0.2,\n"),
            "products.csv:4: tax_rate: \"-0.2\": the number must not be below zero",
        ),
        (
            add("products.csv", "P,,,,,,,20,\n"),
            "products.csv:4: tax_rate: \"20\": a rate is a fraction; write 0.20 for 20 %",
        ),
        (
            add("products.csv", "P,,,,,,,,1.2345\n"),
            "products.csv:4: reorder_level: \"1.2345\": too many decimals; at most 3 are kept",
        ),
        (
            add("products.csv", "P,,,,,99999999999999999999,,,\n"),
            "products.csv:4: price: \"99999999999999999999\": the number is too large",
        ),
        (
            add("inventory.csv", "S,A,many\n"),
            "inventory.csv:3: quantity: \"many\": not a number; write digits and a decimal point, like 12.50",
        ),
        (add("inventory.csv", "S,A,\n"), "inventory.csv:3: quantity: is empty; write how many there are"),
        (add("order_lines.csv", "O2,2,A,-1,1,,\n"), "order_lines.csv:5: quantity: \"-1\" must be above zero"),
        (add("order_lines.csv", "O2,2,A,0,1,,\n"), "order_lines.csv:5: quantity: \"0\" must be above zero"),
        (add("order_lines.csv", "O2,2,A,-0,1,,\n"), "order_lines.csv:5: quantity: \"-0\" must be above zero"),
        (add("order_lines.csv", "O2,2,A,,1,,\n"), "order_lines.csv:5: quantity: is empty; write how many or how much"),
        (
            add("order_lines.csv", "O2,x,A,1,1,,\n"),
            "order_lines.csv:5: line_no: \"x\" is no line number; write a whole number",
        ),
        (add("order_lines.csv", "O2,,A,1,1,,\n"), "order_lines.csv:5: line_no: is empty; write the number of the line"),
        (
            add("order_lines.csv", "O2,2,B,1,,,\n"),
            "order_lines.csv:5: unit_price: is empty, and the product has no price on record",
        ),
        (
            add("order_lines.csv", "O2,2,A,1,1,ten,\n"),
            "order_lines.csv:5: discount: \"ten\": not a number; write digits and a decimal point, like 12.50",
        ),
        (
            add("order_lines.csv", "O2,2,A,1,1,,1 \n"),
            "order_lines.csv:5: tax: \"1 \": not a number; write digits and a decimal point, like 12.50",
        ),
        (add("order_lines.csv", "O2,2,A,9000000000,900000000000,,\n"), large),
        (add("order_lines.csv", "O2,2,A,9000000000000,100000,,\n"), large),
        (
            add("order_lines.csv", "O2,2,A,1,900000000000000,,\nO2,3,A,1,900000000000000,,\n"),
            "order_lines.csv:6: unit_price: the order's total is too large to be counted",
        ),
        (add("payments.csv", "O1,2,cash,,,\n"), "payments.csv:3: amount: is empty; write how much was paid"),
        (add("payments.csv", "O1,2,,1,,\n"), "payments.csv:3: method: is empty; write how it was paid"),
        // Nothing is left of it once it is cleaned; the payment must not go with it.
        (add("payments.csv", "O1,2,\0,1,,\n"), "payments.csv:3: method: is empty; write how it was paid"),
        (
            add("products.csv", "P,,,,,,,1.05,\n"),
            "products.csv:4: tax_rate: \"1.05\": a rate is a fraction; write 0.0105 for 1.05 %",
        ),
        (add("returns.csv", "R2,,,0,,,\n"), "returns.csv:3: quantity: \"0\" must be above zero"),
        (add("returns.csv", "R2,,,,,,\n"), "returns.csv:3: quantity: is empty; write how many or how much"),
        (
            add("returns.csv", "R2,,,1,,,1.00001\n"),
            "returns.csv:3: refund: \"1.00001\": too many decimals; at most 4 are kept",
        ),
        (add("feedback.csv", "F2,,,6,,,,\n"), "feedback.csv:3: rating: \"6\" is not a whole number from 1 to 5"),
        (add("feedback.csv", "F2,,,4.5,,,,\n"), "feedback.csv:3: rating: \"4.5\" is not a whole number from 1 to 5"),
    ]);
}

#[test]
fn dates_and_words() {
    let status = "is not one of pending, paid, shipped, delivered, cancelled";
    let long = "y".repeat(501);
    check(vec![
        (
            add("orders.csv", "O3,N,,2024-02-30,paid,\n"),
            "orders.csv:4: ordered_at: \"2024-02-30\": there is no such day in the calendar",
        ),
        (
            add("orders.csv", "O3,N,,01.03.2024,paid,\n"),
            "orders.csv:4: ordered_at: \"01.03.2024\": not a date; write 2024-03-01, or 2024-03-01T10:00:00 with or without +01:00",
        ),
        (
            add("orders.csv", "O3,N,,2024-03-01T25:00,paid,\n"),
            "orders.csv:4: ordered_at: \"2024-03-01T25:00\": there is no such time of day; it runs from 00:00:00 to 23:59:59",
        ),
        (
            add("orders.csv", "O3,N,,2024-03-01T10:00+99:00,paid,\n"),
            "orders.csv:4: ordered_at: \"2024-03-01T10:00+99:00\": there is no such offset from UTC; write Z or +01:00",
        ),
        (
            add("orders.csv", "O3,N,,0000-01-01,paid,\n"),
            "orders.csv:4: ordered_at: \"0000-01-01\": the year must be from 1 to 9999",
        ),
        (add("orders.csv", "O3,N,,,paied,\n"), &format!("orders.csv:4: status: \"paied\" {status}")),
        (add("orders.csv", "O3,N,,,PAID,\n"), &format!("orders.csv:4: status: \"PAID\" {status}")),
        (
            add("orders.csv", "O3,N,,,,\n"),
            "orders.csv:4: status: is empty; write pending, paid, shipped, delivered, cancelled",
        ),
        (
            add("customers.csv", "C2,,,,,,,2023-02-29,\n"),
            "customers.csv:3: birth_date: \"2023-02-29\": there is no such day in the calendar",
        ),
        (
            add("customers.csv", "C2,,,,,,,,yesterday\n"),
            "customers.csv:3: registered_on: \"yesterday\": not a date; write 2024-03-01, or 2024-03-01T10:00:00 with or without +01:00",
        ),
        (
            add("customers.csv", &format!("C2,{long},,,,,,,\n")),
            "customers.csv:3: name: \"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…\": the text is too long; at most 500 characters are kept",
        ),
        (
            add("payments.csv", "O1,2,cash,1,,noon\n"),
            "payments.csv:3: paid_at: \"noon\": not a date; write 2024-03-01, or 2024-03-01T10:00:00 with or without +01:00",
        ),
        (
            add("returns.csv", "R2,,,1,,2024-3-1,\n"),
            "returns.csv:3: returned_at: \"2024-3-1\": not a date; write 2024-03-01, or 2024-03-01T10:00:00 with or without +01:00",
        ),
        (add("feedback.csv", "F2,,,,,,,closed\n"), "feedback.csv:3: status: \"closed\" is not one of open, resolved"),
        (
            whole(
                "orders.csv",
                &ORDERS.replace("method\n", "method,tax_included\n"),
                "O1,N,,,paid,,maybe\nO2,S,,,paid,,\n",
            ),
            "orders.csv:2: tax_included: \"maybe\" is neither true nor false",
        ),
        (
            whole("orders.csv", &ORDERS.replace("method\n", "method,receipt\n"), "O1,N,,,paid,,7\nO2,S,,,paid,,7\n"),
            "orders.csv:3: receipt: receipt \"7\" is there twice",
        ),
        (
            whole(
                "orders.csv",
                &ORDERS.replace("method\n", "method,receipt\n"),
                "O1,N,,,paid,,R1-9999999999999999\nO2,S,,,paid,,7\n",
            ),
            "orders.csv:2: receipt: the number is too large; a register counts to 999999999999999",
        ),
    ]);
}

#[test]
fn codes() {
    let long = "9".repeat(10_000);
    check(vec![
        (
            add("products.csv", "P,,4006381333931,,,,,,\n"),
            "products.csv:4: barcode: the barcode \"4006381333931\" belongs to another product too",
        ),
        // A UPC-A is the EAN-13 with a zero before it.
        (
            add("products.csv", "P,,036000291452,,,,,,\nQ,,12 0036000291452,,,,,,\n"),
            "products.csv:5: barcode: the barcode \"0036000291452\" belongs to another product too",
        ),
        (
            add("products.csv", &format!("P,,{long},,,,,,\n")),
            "products.csv:4: barcode: \"999999999999999999999999999999999999999…\": the text is too long; at most 500 characters are kept",
        ),
    ]);
}

#[test]
fn one_fault_is_not_told_again_by_those_who_refer_to_it() {
    let found = findings(whole("products.csv", PRODUCTS, "A,,,,,x,,,\nB,,,,,y,,,\n"));
    assert_eq!(found.len(), 2, "{found:?}");
    let found = findings(whole("orders.csv", ORDERS, "O1,N,,,what,\nO2,S,,,paid\n"));
    assert_eq!(found.len(), 2, "{found:?}");
    let found = findings(whole("stores.csv", "id,name\n", "N,North\n"));
    assert!(found.iter().all(|finding| finding.starts_with("stores.csv:1:")), "{found:?}");
}

#[test]
fn twenty_are_named_in_the_order_of_files_and_lines() {
    let mut rows = String::from(STORES);
    for n in 0..5 {
        rows.push_str(&format!("{n},,,Nowhere\n"));
    }
    let files = Files::of(SOUND);
    files.put("stores.csv", rows);
    files.put("feedback.csv", format!("{FEEDBACK}{}", "F,,,9,,,,\n".repeat(50)));
    files.put("inventory.csv", INVENTORY);
    files.put("orders.csv", ORDERS);
    files.put("order_lines.csv", LINES);
    files.put("payments.csv", PAYMENTS);
    files.put("returns.csv", RETURNS);
    let fault = files.read(&Empty::default()).err().unwrap();
    let text = fault.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 21, "{text}");
    assert_eq!(lines[0], "the import found 20 faults, and there may be more; nothing was changed");
    assert!(lines[1].starts_with("stores.csv:2: timezone:"), "{text}");
    assert!(lines[6].starts_with("feedback.csv:2: rating:"), "{text}");
}

#[test]
fn folders_that_hold_nothing() {
    let empty = Files::of(&[("notes.txt", "x")]);
    let fault = empty.read(&Empty::default()).err().unwrap();
    assert!(matches!(&fault, ReadFault::Folder(what) if what.contains("holds nothing to import")), "{fault}");
    let nearly = Files::of(&[("stores.csv", STORES), ("Orders.csv", ORDERS)]);
    let fault = nearly.read(&Empty::default()).err().unwrap();
    assert!(fault.to_string().ends_with("Orders.csv: the name is wrong; call it orders.csv"), "{fault}");
    let missing = empty.path().join("missing");
    let fault = crate::exchange::read(&missing, &Empty::default(), false, &|_, _| {}).err().unwrap();
    assert!(matches!(&fault, ReadFault::Folder(what) if what.contains("cannot be read")), "{fault}");
}
