//! What a person may not do is not offered: every role before every action, on every screen.

use super::{Desk, ask, text};
use crate::console::app::Leave;
use crate::console::keymap::{Action, Context, TABLE};
use crate::console::rights;
use crate::domain::command::{Actor, Command};
use crate::domain::{Credentials, Request, Right, Role, Staff};
use crate::unit::{RegisterId, StaffId};
use crossterm::event::{KeyCode, KeyModifiers};

fn person(id: u16, name: &str, role: Role) -> Command {
    let roles = vec![role];
    Command::SaveStaff(Staff { id: StaffId(id), ext: text(name), name: text(name), roles, disabled: false })
}

fn as_chief(desk: &Desk, command: Command) {
    let actor = Actor { staff: StaffId(2), register: RegisterId(1) };
    desk.shop.execute(Request { id: desk.shop.new_id(), actor, command }).unwrap().unwrap();
}

/// Mara with this role alone; the only other person is an administrator, who approves nothing.
fn desk(role: Role) -> Desk {
    let mut desk = Desk::of(vec![Role::Manager, Role::Administrator]);
    ask(&desk.shop, person(0, "Chief", Role::Administrator));
    as_chief(&desk, person(1, "Mara", role));
    desk.app.wake();
    desk
}

/// Somebody whose word may be asked for.
fn supervisor(desk: &mut Desk) {
    as_chief(desk, person(0, "Sam", Role::Supervisor));
    as_chief(desk, Command::SaveCredentials(Credentials { pin: Some(text("x")), ..Credentials::none(StaffId(3)) }));
    desk.app.wake();
}

#[test]
fn every_role_is_offered_what_it_may_do_and_nothing_else() {
    let lent = [Right::RefundWithoutReceipt, Right::Cancel, Right::Stock];
    for role in Role::ALL {
        for sam in [false, true] {
            let mut desk = desk(role);
            if sam {
                supervisor(&mut desk);
            }
            for binding in TABLE {
                let leave = desk.app.leave(binding.context, binding.action);
                let expected = match rights::needed(binding.context, binding.action) {
                    Some(right) if role.allows(right) => Leave::Own,
                    // Of all these only a cashier sells, and lacks something that a supervisor lends.
                    Some(right) if sam && role == Role::Cashier && lent.contains(&right) => Leave::Lent,
                    Some(right) => Leave::None(right),
                    None => Leave::Own,
                };
                assert_eq!(leave, expected, "{} {:?} {}", role.word(), binding.context, binding.name);
            }
        }
    }
}

/// The palette's row of an action, found by its name.
fn row(desk: &mut Desk, name: &str) -> String {
    desk.key(KeyCode::Char('p'), KeyModifiers::CONTROL);
    desk.write(name);
    let screen = desk.screen(140, 45);
    desk.press(KeyCode::Esc);
    desk.press(KeyCode::Esc);
    screen.lines().find(|line| line.contains('▸') && line.contains(name)).unwrap_or(&screen).to_owned()
}

#[test]
fn palette_footer_and_key_agree_about_what_is_forbidden() {
    let mut desk = desk(Role::Cashier);
    desk.tab('3');
    let footer = |desk: &mut Desk| desk.screen(140, 45).lines().last().unwrap().to_owned();
    assert!(!footer(&mut desk).contains("receive") && !footer(&mut desk).contains("edit product"));
    assert!(row(&mut desk, "receive").contains("needs a supervisor"), "{}", row(&mut desk, "receive"));
    assert!(row(&mut desk, "edit product").contains("needs a manager"));
    assert!(row(&mut desk, "add person").contains("needs an administrator"), "{}", row(&mut desk, "add person"));
    desk.press(KeyCode::F(1));
    desk.write("edit product");
    assert!(desk.screen(140, 45).contains("needs a manager"), "the help says so too: {}", desk.screen(140, 45));
    desk.press(KeyCode::Esc);
    desk.press(KeyCode::Esc);
    desk.write("d");
    let screen = desk.screen(140, 45);
    assert!(screen.contains("You may not change products and stores."), "{screen}");
    let audit = crate::report::Request::named("audit").unwrap();
    let audit = crate::report::answer(&desk.shop.snapshot().unwrap(), &audit, crate::unit::Day(20_514)).unwrap().csv();
    assert!(audit.contains("was refused,change products and stores"), "{audit}");
    // Where a supervisor can be asked what they may allow stays, and says so.
    supervisor(&mut desk);
    assert!(footer(&mut desk).contains("receive") && !footer(&mut desk).contains("edit product"));
    assert!(row(&mut desk, "receive").contains("asks a supervisor"), "{}", row(&mut desk, "receive"));
    assert!(row(&mut desk, "edit product").contains("needs a manager"));
    desk.write("r5\r");
    assert!(desk.screen(140, 45).contains("Receive"), "{}", desk.screen(140, 45));
}

#[test]
fn ones_own_pin_is_ones_own_to_set() {
    let mut desk = desk(Role::Manager);
    desk.tab('6');
    assert_eq!(desk.app.leave(Context::People, Action::Pin), Leave::Own, "{}", desk.screen(100, 30));
    desk.press(KeyCode::Down);
    assert_ne!(desk.app.leave(Context::People, Action::Pin), Leave::Own);
}
