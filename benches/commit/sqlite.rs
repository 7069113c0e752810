//! SQLite doing the equal work: WAL, `synchronous=FULL`, the same tables and indexes, the same chained journal, and the same
//! queue with one writer that takes all who wait into one transaction.
//!
//! It is spared what the shop does besides: deciding by rules, columns for reports, and details outside the chain.

use crate::load::{CUSTOMERS, Figures, PRODUCTS, REGISTERS, STORES, Sale, drive};
use rusqlite::{Connection, Transaction, params};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use till::engine::Seams;
use till::store::codec;
use till::unit::{CommandId, ReceiptNo, RegisterId};

/// Commands one transaction takes at most, as in the shop.
const BATCH: usize = 512;

const SCHEMA: &str = "
    CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price INTEGER NOT NULL, cost INTEGER NOT NULL);
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE stock (store INTEGER, product INTEGER, quantity INTEGER NOT NULL, PRIMARY KEY (store, product)) WITHOUT ROWID;
    CREATE TABLE registers (id INTEGER PRIMARY KEY, store INTEGER NOT NULL, last_receipt INTEGER NOT NULL);
    CREATE TABLE orders (no INTEGER PRIMARY KEY, store INTEGER NOT NULL, register INTEGER NOT NULL, cashier INTEGER NOT NULL,
        customer INTEGER, placed INTEGER NOT NULL, status INTEGER NOT NULL, receipt TEXT NOT NULL, method TEXT NOT NULL,
        total INTEGER NOT NULL);
    CREATE UNIQUE INDEX receipts ON orders (receipt);
    CREATE INDEX customer_orders ON orders (customer, placed) WHERE customer IS NOT NULL;
    CREATE INDEX days ON orders (placed);
    CREATE INDEX statuses ON orders (status, placed);
    CREATE TABLE order_lines (order_no INTEGER, line INTEGER, product INTEGER NOT NULL, quantity INTEGER NOT NULL,
        price INTEGER NOT NULL, cost INTEGER NOT NULL, tax INTEGER NOT NULL, PRIMARY KEY (order_no, line)) WITHOUT ROWID;
    CREATE INDEX product_lines ON order_lines (product, order_no);
    CREATE TABLE journal (seq INTEGER PRIMARY KEY, entry BLOB NOT NULL, hash BLOB NOT NULL);
    CREATE TABLE command_ids (id BLOB PRIMARY KEY, order_no INTEGER NOT NULL) WITHOUT ROWID;
";

struct Asked {
    id: CommandId,
    sale: Sale,
    reply: Sender<u64>,
}

/// Sells for `time` and brings the log into the tables.
pub fn measure(path: &Path, callers: usize, time: Duration) -> Figures {
    let mut connection = Connection::open(path).expect("a database");
    let mode: String = connection.query_row("PRAGMA journal_mode=WAL", [], |row| row.get(0)).expect("a mode");
    assert_eq!(mode, "wal");
    connection.execute_batch("PRAGMA synchronous=FULL; PRAGMA cache_size=-262144;").expect("settings");
    connection.execute_batch(SCHEMA).expect("tables");
    connection.set_prepared_statement_cache_capacity(32);
    furnish(&mut connection);
    let (jobs, inbox) = channel();
    let writer = std::thread::spawn(move || write(connection, &inbox));
    let seams = Seams::system();
    let sell = |sale: &Sale| {
        let (reply, answer) = channel();
        let sale = Sale { register: sale.register, customer: sale.customer, lines: sale.lines };
        jobs.send(Asked { id: seams.command_id(), sale, reply }).expect("a writer");
        answer.recv().expect("an answer");
    };
    let figures = drive(callers, time, sell, || ());
    drop(jobs);
    let commits = writer.join().expect("a writer");
    let size = std::fs::metadata(path).expect("the file").len();
    Figures { syncs: commits, written: None, size, ..figures }
}

fn furnish(connection: &mut Connection) {
    let txn = connection.transaction().expect("a transaction");
    for id in 1..=i64::from(PRODUCTS) {
        let row = params![id, format!("Product {id}"), id * 100 + 9_900, id * 50];
        txn.execute("INSERT INTO products VALUES (?, ?, ?, ?)", row).expect("a row");
        for store in 1..=STORES {
            txn.execute("INSERT INTO stock VALUES (?, ?, 0)", params![store, id]).expect("a row");
        }
    }
    for id in 1..=CUSTOMERS {
        txn.execute("INSERT INTO customers VALUES (?, ?)", params![id, format!("Person {id}")]).expect("a row");
    }
    for id in 1..=REGISTERS {
        txn.execute("INSERT INTO registers VALUES (?, ?, 0)", params![id, id % STORES + 1]).expect("a row");
    }
    txn.commit().expect("a commit");
}

/// The one writer; how many commits it made.
fn write(mut connection: Connection, jobs: &Receiver<Asked>) -> u64 {
    let (mut commits, mut seq, mut head) = (0, 0, [0; 32]);
    while let Ok(first) = jobs.recv() {
        let mut batch = vec![first];
        batch.extend(jobs.try_iter().take(BATCH - 1));
        let txn = connection.transaction().expect("a transaction");
        for asked in &batch {
            seq += 1;
            head = take(&txn, seq, asked, head);
        }
        txn.commit().expect("a commit");
        commits += 1;
        for asked in batch {
            // Every till waits for its answer.
            asked.reply.send(seq as u64).expect("a till");
        }
    }
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("a checkpoint");
    commits
}

/// One sale; the new head of the chain.
fn take(txn: &Transaction<'_>, no: i64, asked: &Asked, head: [u8; 32]) -> [u8; 32] {
    let sale = &asked.sale;
    let id = asked.id.0.to_be_bytes();
    let known = txn.prepare_cached("SELECT order_no FROM command_ids WHERE id = ?").expect("a statement").exists([&id]);
    assert!(!known.expect("a look"), "a new id");
    let given = "UPDATE registers SET last_receipt = last_receipt + 1 WHERE id = ? RETURNING store, last_receipt";
    let (store, number): (i64, i64) = txn
        .prepare_cached(given)
        .expect("a statement")
        .query_row([sale.register], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("a register");
    let receipt = ReceiptNo { register: RegisterId(sale.register), number: number as u64 }.to_string();
    let placed = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock").as_millis() as i64;
    let mut total = 0;
    let mut lines = Vec::with_capacity(3);
    for ((product, pieces), line) in sale.lines.iter().zip(1i64..) {
        let (price, cost): (i64, i64) = txn
            .prepare_cached("SELECT price, cost FROM products WHERE id = ?")
            .expect("a statement")
            .query_row([product], |row| Ok((row.get(0)?, row.get(1)?)))
            .expect("a product");
        let tax = price * pieces * 19 / 119;
        total += price * pieces;
        txn.prepare_cached("INSERT INTO order_lines VALUES (?, ?, ?, ?, ?, ?, ?)")
            .and_then(|mut row| row.execute(params![no, line, product, pieces * 1000, price, cost, tax]))
            .expect("a line");
        txn.prepare_cached("UPDATE stock SET quantity = quantity - ? WHERE store = ? AND product = ?")
            .and_then(|mut row| row.execute(params![pieces * 1000, store, product]))
            .expect("stock");
        lines.push((line, *product, pieces * 1000, price, cost, tax));
    }
    txn.prepare_cached("INSERT INTO orders VALUES (?, ?, ?, 1, ?, ?, 1, ?, 'cash', ?)")
        .and_then(|mut row| row.execute(params![no, store, sale.register, sale.customer, placed, receipt, total]))
        .expect("an order");
    let words = (no, store, sale.register, sale.customer, placed, &receipt, total, lines, id, head);
    let entry = codec::encode(1, &words).expect("plain words");
    let hash = *blake3::hash(&entry).as_bytes();
    txn.prepare_cached("INSERT INTO journal VALUES (?, ?, ?)")
        .and_then(|mut row| row.execute(params![no, entry, hash]))
        .expect("an entry");
    txn.prepare_cached("INSERT INTO command_ids VALUES (?, ?)")
        .and_then(|mut row| row.execute(params![id, no]))
        .expect("an id");
    hash
}
