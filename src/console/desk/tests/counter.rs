//! What is rung, paid and brought back at a desk: labels, coins, returns.

use super::*;

#[test]
fn the_price_on_a_label_is_not_changed_by_hand_nor_mixed_with_the_lists() {
    let world = world();
    let settings = world.shop.snapshot().unwrap().directory().settings.clone().unwrap();
    let patterns =
        ["21=IIIIIWWWWW.3", "22=IIIIIPPPPP.2"].map(|words| crate::unit::barcode::Pattern::parse(words).unwrap());
    ask_as_admin(&world, Command::ChangeSettings(Settings { patterns: patterns.to_vec(), ..settings }));
    let tea = world.shop.snapshot().unwrap().catalogue().product(ProductId(1)).cloned().unwrap();
    let (sku, name) = (Some(text("12345")), text("Cheese"));
    let cheese = Product { id: ProductId(0), ext: text(""), sku, name, ..Product::clone(&tea) };
    ask_as_admin(&world, Command::SaveProduct(cheese));
    let code = |digits: &str| {
        let odd = |at: usize| if at % 2 == 0 { 1 } else { 3 };
        let sum: u32 = digits.bytes().enumerate().map(|(at, byte)| u32::from(byte - b'0') * odd(at)).sum();
        format!("{digits}{}", (10 - sum % 10) % 10)
    };
    let mut mara = world.signed_in("mara", "3333");
    mara.types(&format!("{}\r@0.01\r", code("221234500100")));
    let screen = mara.screen();
    assert!(screen.contains("The price is the label's") && screen.contains("1.00"), "{screen}");
    // As much by the list is a line of its own.
    mara.types("12345@1.00\r");
    assert!(mara.screen().contains("2 pieces") && mara.screen().contains(" 2  Cheese"), "{}", mara.screen());
    // Three packs of a weight are three times the weight.
    mara.types(&format!("3*{}\r", code("211234500100")));
    assert!(mara.screen().contains("0.3"), "{}", mara.screen());
}

#[test]
fn a_label_with_the_price_of_a_weight_moves_the_weight_and_costs_what_it_says() {
    let world = world();
    let settings = world.shop.snapshot().unwrap().directory().settings.clone().unwrap();
    let patterns =
        ["22=IIIIIPPPPP.2", "23=IIIIIMMMMM.2"].map(|words| crate::unit::barcode::Pattern::parse(words).unwrap());
    ask_as_admin(&world, Command::ChangeSettings(Settings { patterns: patterns.to_vec(), ..settings }));
    let tea = world.shop.snapshot().unwrap().catalogue().product(ProductId(1)).cloned().unwrap();
    let (sku, name, price) = (Some(text("12345")), text("Gouda"), Some(Money(14_5000)));
    let gouda = Product { id: ProductId(0), ext: text(""), sku, name, price, ..Product::clone(&tea) };
    ask_as_admin(&world, Command::SaveProduct(gouda));
    let label = |digits: &str| format!("{digits}{}\r", crate::unit::barcode::check_digit(digits).unwrap());
    let mut mara = world.signed_in("mara", "3333");
    // Nothing weighs nothing.
    for pattern in ["22", "23"] {
        mara.types(&label(&format!("{pattern}1234500000")));
        assert!(mara.screen().contains("The label of Gouda says no price"), "{}", mara.screen());
    }
    // 5.97 and 5.98 at 14.50 a kilogram are both 0.412; the first is not what 0.412 × 14.50 comes to.
    for price in ["00597", "00598"] {
        mara.types(&label(&format!("2312345{price}")));
        mara.types("*2\r");
        assert!(mara.screen().contains("The weight is the label's"), "{}", mara.screen());
    }
    // Three packs, and a piece that costs what its own label says.
    mara.types(&format!("3*{}", label("231234500597")));
    mara.types(&label("221234500100"));
    mara.types("=d\r");
    let snapshot = world.shop.snapshot().unwrap();
    let order = snapshot.order(snapshot.last_order().unwrap()).unwrap().unwrap();
    let sold: Vec<_> = order.lines.iter().map(|line| (line.quantity.0, line.value().unwrap().0)).collect();
    assert_eq!(sold, [(412, 5_9700), (412, 5_9800), (1236, 17_9100), (1000, 1_0000)], "{}", mara.screen());
    assert_eq!(snapshot.stock(StoreId(1), ProductId(2)).0, -(412 * 5 + 1000));
}

#[test]
fn a_label_with_the_price_of_a_weight_is_no_price_that_changed() {
    let world = world();
    let settings = world.shop.snapshot().unwrap().directory().settings.clone().unwrap();
    let patterns = vec![crate::unit::barcode::Pattern::parse("23=IIIIIMMMMM.2").unwrap()];
    ask_as_admin(&world, Command::ChangeSettings(Settings { patterns, ..settings }));
    let tea = world.shop.snapshot().unwrap().catalogue().product(ProductId(1)).cloned().unwrap();
    let (sku, name, price) = (Some(text("12345")), text("Gouda"), Some(Money(14_5000)));
    ask_as_admin(
        &world,
        Command::SaveProduct(Product { id: ProductId(0), ext: text(""), sku, name, price, ..Product::clone(&tea) }),
    );
    let mut mara = world.signed_in("mara", "3333");
    let label = "231234500597";
    mara.types(&format!("{label}{}\r", crate::unit::barcode::check_digit(label).unwrap()));
    let rung = mara.screen();
    assert!(rung.contains("5.97") && !rung.contains("Alt-P") && !rung.contains("now 14.50"), "{rung}");
}

#[test]
fn goods_without_a_receipt_come_back_with_a_supervisors_word() {
    let world = world();
    let mut mara = world.signed_in("mara", "3333");
    mara.types("TEA\r=\r");
    mara.key(KeyCode::Char('2'), KeyModifiers::ALT);
    mara.types("w");
    assert!(mara.screen().contains("Return without a receipt"), "{}", mara.screen());
    mara.types("NOTHING\r\r2.5\rdented\r\r\r");
    assert!(mara.screen().contains("Nothing is known by NOTHING"), "{}", mara.screen());
    for _ in 0..5 {
        mara.key(KeyCode::BackTab, KeyModifiers::NONE);
    }
    mara.key(KeyCode::Char('u'), KeyModifiers::CONTROL);
    mara.types("TEA\r\r\r\r\r\r");
    let screen = mara.screen();
    assert!(screen.contains("A supervisor is needed"), "{screen}");
    let small = mara.screen_at(80, 24);
    assert_eq!(small.matches("Tab next").count(), 2, "in the dialog and in the footer: {small}");
    assert!(!small.contains("pay back") && !small.contains("Without") && !small.contains("Reason"), "{small}");
    mara.types("sam\r2222\r");
    let screen = mara.screen();
    assert!(screen.contains("Pay back 2.50 by cash. Ctrl-R prints the slip."), "{screen}");
    mara.key(KeyCode::Char('r'), KeyModifiers::CONTROL);
    let screen = mara.screen();
    assert!(screen.contains("without a receipt") && screen.contains("PAID BACK EUR"), "{screen}");
    let snapshot = world.shop.snapshot().unwrap();
    let back = snapshot.return_no(crate::unit::ReturnNo(1)).unwrap().unwrap();
    assert_eq!((back.refund, back.net, back.order), (Money(2_5000), Money(2_5000), None));
    assert!(world.acts().contains("Approved"), "{}", world.acts());
}

#[test]
fn the_form_of_returns_offers_the_methods_that_paid() {
    let world = world();
    let mut noor = world.signed_in("noor", "1111");
    // 6.00: the card takes four, and cash the rest.
    noor.types("2*TEA\r=d4\r");
    noor.types("c\r");
    noor.key(KeyCode::Char('2'), KeyModifiers::ALT);
    noor.types("r\r\rdented\r\r");
    // as paid, card, cash
    noor.key(KeyCode::Right, KeyModifiers::NONE);
    noor.key(KeyCode::Right, KeyModifiers::NONE);
    assert!(noor.screen().contains("cash"), "{}", noor.screen());
    noor.types("\r");
    let screen = noor.screen();
    assert!(screen.contains("Pay back 2.00 by cash, 4.00 by card"), "{screen}");
    noor.key(KeyCode::Char('r'), KeyModifiers::CONTROL);
    let screen = noor.screen();
    assert!(screen.contains("of receipt R1-000001") && !screen.contains("COPY"), "{screen}");
    noor.key(KeyCode::Esc, KeyModifiers::NONE);
    noor.key(KeyCode::Char('r'), KeyModifiers::CONTROL);
    assert!(noor.screen().contains("COPY"), "{}", noor.screen());
}

#[test]
fn a_note_is_kept_with_the_sale() {
    let world = world();
    let mut mara = world.signed_in("mara", "3333");
    mara.types("TEA\rgre");
    mara.key(KeyCode::Char('n'), KeyModifiers::ALT);
    mara.types("for the fair\r");
    let screen = mara.screen();
    assert!(screen.contains("note: for the fair") && screen.contains("gre"), "{screen}");
    for _ in 0..3 {
        mara.key(KeyCode::Backspace, KeyModifiers::NONE);
    }
    mara.types("=\r");
    let snapshot = world.shop.snapshot().unwrap();
    let order = snapshot.order(snapshot.last_order().unwrap()).unwrap().unwrap();
    let details = snapshot.order_details(&order).unwrap().unwrap();
    assert_eq!(details.note.as_deref(), Some("for the fair"));
}

#[test]
fn what_rounds_to_no_coin_is_paid_with_none_and_takes_nothing_back() {
    let world = world();
    let settings = world.shop.snapshot().unwrap().directory().settings.clone().unwrap();
    let rounding = CashRounding::Step(Money(500));
    ask_as_admin(&world, Command::ChangeSettings(Settings { cash_rounding: rounding, ..settings }));
    let mut noor = world.signed_in("noor", "1111");
    noor.types("TEA@0.02\r=\r");
    let screen = noor.screen();
    assert!(screen.contains("Receipt R1-000001") && screen.contains("Change 0.00"), "{screen}");
    assert!(screen.contains("paid 0.00"), "{screen}");
    // A card first, and the rest of two cents in no coin: the card's part stands.
    noor.types("TEA\r=d2.98\r");
    noor.types("c");
    assert!(noor.screen().contains("Enter takes 0.00 by cash"), "{}", noor.screen());
    noor.types("\r");
    let snapshot = world.shop.snapshot().unwrap();
    let order = snapshot.order(snapshot.last_order().unwrap()).unwrap().unwrap();
    let paid: Vec<(&str, i64)> = order.payments.iter().map(|row| (&*row.method.0, row.amount.0)).collect();
    assert_eq!(paid, [("card", 29_800), ("cash-rounding", 200)]);
    drop(snapshot);
    assert!(noor.screen().contains("paid 2.98"), "{}", noor.screen());
    noor.types("TEA@2.38\r2.40=\r");
    assert!(noor.screen().contains("Change 0.00") && noor.screen().contains("paid 2.40"), "{}", noor.screen());
    noor.types("10*TEA\r=d20\rc20\r");
    assert!(noor.screen().contains("Change 10.00") && noor.screen().contains("paid 30.00"), "{}", noor.screen());
    noor.types("500*TEA\r5000=\r");
    let screen = noor.screen();
    assert!(screen.contains("Change 3,500.00") && screen.contains("paid 1,500.00"), "one way of grouping: {screen}");
    noor.types("TEA\r2.995=\r");
    assert!(noor.screen().contains("The smallest amount of EUR is 0.05"), "{}", noor.screen());
}
