use crossterm::event::{KeyEvent, KeyEventKind, MouseButton, MouseEventKind};
use proptest::prelude::*;

use super::*;

fn decode(bytes: &[u8]) -> Vec<Input> {
    let mut decoder = Decoder::new(Limits::default());
    let mut out = Vec::new();
    decoder.feed(bytes, &mut out);
    if decoder.patience().is_some() {
        decoder.timeout(&mut out);
    }
    assert_eq!(decoder.patience(), None, "a timeout settles everything");
    out
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Input {
    press(code, modifiers)
}

fn plain(code: KeyCode) -> Input {
    press(code, KeyModifiers::NONE)
}

fn typed(text: &str) -> Vec<Input> {
    text.chars().map(|character| plain(KeyCode::Char(character))).collect()
}

fn pasted(text: &str) -> Vec<Input> {
    vec![Input::Event(Event::Paste(text.to_owned()))]
}

const CTRL: KeyModifiers = KeyModifiers::CONTROL;
const ALT: KeyModifiers = KeyModifiers::ALT;
const SHIFT: KeyModifiers = KeyModifiers::SHIFT;

#[test]
fn every_spelling_of_a_key() {
    let cases: &[(&str, KeyCode, KeyModifiers)] = &[
        ("a", KeyCode::Char('a'), KeyModifiers::NONE),
        ("A", KeyCode::Char('A'), KeyModifiers::NONE),
        ("ü", KeyCode::Char('ü'), KeyModifiers::NONE),
        ("\r", KeyCode::Enter, KeyModifiers::NONE),
        ("\n", KeyCode::Enter, KeyModifiers::NONE),
        ("\t", KeyCode::Tab, KeyModifiers::NONE),
        ("\x7f", KeyCode::Backspace, KeyModifiers::NONE),
        ("\x08", KeyCode::Backspace, KeyModifiers::NONE),
        ("\x10", KeyCode::Char('p'), CTRL),
        ("\x1a", KeyCode::Char('z'), CTRL),
        ("\0", KeyCode::Char(' '), CTRL),
        ("\x1d", KeyCode::Char(']'), CTRL),
        ("\x1b", KeyCode::Esc, KeyModifiers::NONE),
        ("\x1b1", KeyCode::Char('1'), ALT),
        ("\x1bx", KeyCode::Char('x'), ALT),
        ("\x1bü", KeyCode::Char('ü'), ALT),
        ("\x1b[", KeyCode::Char('['), ALT),
        ("\x1bO", KeyCode::Char('O'), ALT),
        ("\x1bP", KeyCode::Char('P'), ALT),
        ("\x1b\r", KeyCode::Enter, ALT),
        ("\x1b\x7f", KeyCode::Backspace, ALT),
        ("\x1b\x01", KeyCode::Char('a'), CTRL.union(ALT)),
        ("\x1b[A", KeyCode::Up, KeyModifiers::NONE),
        ("\x1bOB", KeyCode::Down, KeyModifiers::NONE),
        ("\x1b[1;5C", KeyCode::Right, CTRL),
        ("\x1b[1;2D", KeyCode::Left, SHIFT),
        ("\x1b[H", KeyCode::Home, KeyModifiers::NONE),
        ("\x1bOF", KeyCode::End, KeyModifiers::NONE),
        ("\x1b[1~", KeyCode::Home, KeyModifiers::NONE),
        ("\x1b[8~", KeyCode::End, KeyModifiers::NONE),
        ("\x1b[3;5~", KeyCode::Delete, CTRL),
        ("\x1b[5~", KeyCode::PageUp, KeyModifiers::NONE),
        ("\x1b[Z", KeyCode::BackTab, KeyModifiers::NONE),
        ("\x1bOP", KeyCode::F(1), KeyModifiers::NONE),
        ("\x1bOR", KeyCode::F(3), KeyModifiers::NONE),
        ("\x1b[1;2P", KeyCode::F(1), SHIFT),
        ("\x1b[11~", KeyCode::F(1), KeyModifiers::NONE),
        ("\x1b[15~", KeyCode::F(5), KeyModifiers::NONE),
        ("\x1b[17;3~", KeyCode::F(6), ALT),
        ("\x1b[24~", KeyCode::F(12), KeyModifiers::NONE),
        ("\x1b[34~", KeyCode::F(20), KeyModifiers::NONE),
        ("\x1b[[A", KeyCode::F(1), KeyModifiers::NONE),
        ("\x1b[[E", KeyCode::F(5), KeyModifiers::NONE),
        ("\x1b[a", KeyCode::Up, SHIFT),
        ("\x1bOd", KeyCode::Left, CTRL),
        ("\x1b[3$", KeyCode::Delete, SHIFT),
        ("\x1b[5^", KeyCode::PageUp, CTRL),
        ("\x1b[6@", KeyCode::PageDown, CTRL.union(SHIFT)),
        ("\x1bOM", KeyCode::Enter, KeyModifiers::NONE),
        ("\x1bOq", KeyCode::Char('1'), KeyModifiers::NONE),
        ("\x1bOj", KeyCode::Char('*'), KeyModifiers::NONE),
        ("\x1b[27u", KeyCode::Esc, KeyModifiers::NONE),
        ("\x1b[112;5u", KeyCode::Char('p'), CTRL),
        ("\x1b[112;6u", KeyCode::Char('P'), CTRL),
        ("\x1b[49:33;2u", KeyCode::Char('!'), KeyModifiers::NONE),
        ("\x1b[49;6u", KeyCode::Char('1'), CTRL.union(SHIFT)),
        ("\x1b[49;3u", KeyCode::Char('1'), ALT),
        ("\x1b[97;1:2u", KeyCode::Char('a'), KeyModifiers::NONE),
        ("\x1b[9;2u", KeyCode::BackTab, KeyModifiers::NONE),
        ("\x1b[13;5u", KeyCode::Enter, CTRL),
        ("\x1b[57400u", KeyCode::Char('1'), KeyModifiers::NONE),
        ("\x1b[57414u", KeyCode::Enter, KeyModifiers::NONE),
        ("\x1b[57376u", KeyCode::F(13), KeyModifiers::NONE),
        ("\x1b[27;5;112~", KeyCode::Char('p'), CTRL),
        ("\x1b[27;6;80~", KeyCode::Char('P'), CTRL),
        ("\x1b[27;5;13~", KeyCode::Enter, CTRL),
    ];
    for (bytes, code, modifiers) in cases {
        assert_eq!(decode(bytes.as_bytes()), [key(*code, *modifiers)], "{bytes:?}");
    }
}

#[test]
fn keys_let_go_and_modifiers_alone_are_nothing() {
    for bytes in ["\x1b[97;1:3u", "\x1b[1;1:3A", "\x1b[3;1:3~", "\x1b[57441;2u", "\x1b[57358u"] {
        assert_eq!(decode(bytes.as_bytes()), [], "{bytes:?}");
    }
}

#[test]
fn a_scan_right_after_escape_loses_no_digit() {
    let mut expected = vec![plain(KeyCode::Esc)];
    expected.extend(typed("4006381333931"));
    expected.push(plain(KeyCode::Enter));
    assert_eq!(decode(b"\x1b4006381333931\r\n"), expected);
    let mut letters = vec![plain(KeyCode::Esc)];
    letters.extend(typed("AB1"));
    assert_eq!(decode(b"\x1bAB1"), letters);
    assert_eq!(decode(b"\x1b1\r"), [plain(KeyCode::Esc), plain(KeyCode::Char('1')), plain(KeyCode::Enter)]);
}

#[test]
fn alt_and_a_digit_stays_alt_when_another_key_or_a_reply_follows() {
    let alt = |character| key(KeyCode::Char(character), ALT);
    assert_eq!(decode(b"\x1b1\x1b2"), [alt('1'), alt('2')]);
    assert_eq!(decode(b"\x1b1\x1b[0n"), [alt('1'), Input::Reply(Reply::Status(0))]);
    assert_eq!(decode(b"\x1b\x1b[A"), [plain(KeyCode::Esc), plain(KeyCode::Up)]);
    assert_eq!(decode(b"\x1b\x1b"), [plain(KeyCode::Esc), plain(KeyCode::Esc)]);
}

#[test]
fn only_a_lone_escape_is_pending_for_the_escape_delay() {
    let limits = Limits::default();
    let mut decoder = Decoder::new(limits);
    let mut out = Vec::new();
    let mut state = |bytes: &[u8]| {
        decoder.feed(bytes, &mut out);
        (decoder.pending_escape(), decoder.patience())
    };
    assert_eq!(state(b"a"), (false, None));
    assert_eq!(state(b"\x1b"), (true, Some(limits.escape)));
    assert_eq!(state(b"["), (false, Some(limits.escape * 4)));
    assert_eq!(state(b"1"), (false, Some(limits.sequence)));
    assert_eq!(state(b"~"), (false, None));
    assert_eq!(state(b"\x1b1"), (true, Some(limits.escape)));
    assert_eq!(state(b"2"), (false, None));
    assert_eq!(state(b"\x1b[200~abc"), (false, Some(limits.silence)));
    assert_eq!(state(b"\x1b[201~"), (false, None));
}

#[test]
fn replies_are_kept_apart() {
    let cases: &[(&str, Reply)] = &[
        ("\x1b[0n", Reply::Status(0)),
        ("\x1b[12;40R", Reply::Cursor { row: 12, column: 40 }),
        ("\x1b[1;5R", Reply::Cursor { row: 1, column: 5 }),
        ("\x1b[?1;2R", Reply::Cursor { row: 1, column: 2 }),
        ("\x1b[?62;22c", Reply::Attributes(b'?', vec![62, 22])),
        ("\x1b[>41;354;0c", Reply::Attributes(b'>', vec![41, 354, 0])),
        ("\x1b[?2026;2$y", Reply::Mode { private: true, number: 2026, state: 2 }),
        ("\x1b[4;2$y", Reply::Mode { private: false, number: 4, state: 2 }),
        ("\x1b[?1u", Reply::Keyboard(1)),
        ("\x1b[8;24;80t", Reply::Window(vec![8, 24, 80])),
        ("\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\", Reply::Colour(11, "rgb:1e1e/1e1e/2e2e".to_owned())),
        ("\x1b]10;rgb:0/0/0\x07", Reply::Colour(10, "rgb:0/0/0".to_owned())),
        ("\x1bP>|foot(1.16)\x1b\\", Reply::Version("foot(1.16)".to_owned())),
    ];
    for (bytes, reply) in cases {
        assert_eq!(decode(bytes.as_bytes()), [Input::Reply(reply.clone())], "{bytes:?}");
    }
}

#[test]
fn the_unknown_and_the_broken_never_become_text() {
    let silent: &[&[u8]] = &[
        b"\x1b[?9999z",
        b"\x1b[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18x",
        b"\x1b[12\r",
        b"\x1b[1?2A",
        b"\x1b[99999999999999999999~",
        b"\x1bO\x01",
        b"\x1b[[Z",
        b"\x1b[201~",
        b"\x1b[<0;1M",
        b"\x1b[<999;1;1M",
        b"\x1b]52;c;c2VjcmV0\x07",
        b"\x1bP1$r0m\x1b\\",
        b"\x1b_Gi=1;OK\x1b\\",
        b"\x1bPunfinished",
        b"\x1b]0;title\x18",
        b"\x1b[M\x01",
        b"\xc2\x9b",
    ];
    for bytes in silent {
        assert_eq!(decode(bytes), [], "{bytes:?}");
    }
    let mut long = b"\x1b[".to_vec();
    long.extend([b'1'; 5000]);
    long.extend(b"Ax");
    assert_eq!(decode(&long), typed("x"));
    assert_eq!(decode(b"\x1b[12\x1b[A"), [plain(KeyCode::Up)]);
    assert_eq!(decode(b"\x1b]0;x\x1b[A"), [plain(KeyCode::Up)]);
}

#[test]
fn broken_characters_are_shown_as_such() {
    assert_eq!(decode(b"4\xe9 5"), typed("4\u{fffd} 5"));
    assert_eq!(decode(b"\xe2\x82"), typed("\u{fffd}"));
    assert_eq!(decode(b"\xe2\x82a"), typed("\u{fffd}a"));
    assert_eq!(decode(b"\xc0\xaf"), typed("\u{fffd}\u{fffd}"));
    assert_eq!(decode("€漢😀".as_bytes()), typed("€漢😀"));
}

#[test]
fn a_line_feed_after_a_return_does_nothing() {
    let enter = || plain(KeyCode::Enter);
    assert_eq!(decode(b"\r\n"), [enter()]);
    assert_eq!(decode(b"\r\n\n"), [enter(), enter()]);
    assert_eq!(decode(b"\n\n"), [enter(), enter()]);
    assert_eq!(decode(b"\ra\n"), [enter(), plain(KeyCode::Char('a')), enter()]);
}

#[test]
fn a_paste_is_one_clean_event() {
    assert_eq!(decode(b"\x1b[200~a\tb\r\nc\rd\x1b[31m\x07\x7f\xc2\x85\x1b[201~"), pasted("a\tb\nc\nd[31m"));
    assert_eq!(decode(b"\x1b[200~\x1b[20\x1b[201~"), pasted("[20"));
    assert_eq!(decode(b"\x1b[200~\x1b[201~x").len(), 2);
    assert_eq!(decode(b"\x1b[200~l\xe9on\x1b[201~"), pasted("l\u{fffd}on"));
    assert_eq!(decode(b"\x1b[200~unfinished"), pasted("unfinished"));
}

#[test]
fn a_giant_paste_is_cut_and_the_rest_swallowed() {
    let mut bytes = b"\x1b[200~".to_vec();
    bytes.extend("€".repeat(500_000).bytes());
    bytes.extend(b"\x1b[201~x");
    let inputs = decode(&bytes);
    let [Input::Event(Event::Paste(text)), rest] = &inputs[..] else { panic!("{} inputs", inputs.len()) };
    assert_eq!(text.len(), 65535);
    assert!(text.chars().all(|character| character == '€'));
    assert_eq!(*rest, plain(KeyCode::Char('x')));
}

#[test]
fn mouse_reports_in_every_form() {
    let cases: &[(&[u8], MouseEventKind, u16, u16, KeyModifiers)] = &[
        (b"\x1b[<0;1;1M", MouseEventKind::Down(MouseButton::Left), 0, 0, KeyModifiers::NONE),
        (b"\x1b[<2;300;50m", MouseEventKind::Up(MouseButton::Right), 299, 49, KeyModifiers::NONE),
        (b"\x1b[<32;5;6M", MouseEventKind::Drag(MouseButton::Left), 4, 5, KeyModifiers::NONE),
        (b"\x1b[<35;5;6M", MouseEventKind::Moved, 4, 5, KeyModifiers::NONE),
        (b"\x1b[<80;5;6M", MouseEventKind::ScrollUp, 4, 5, CTRL),
        (b"\x1b[<65;5;6M", MouseEventKind::ScrollDown, 4, 5, KeyModifiers::NONE),
        (b"\x1b[M !!", MouseEventKind::Down(MouseButton::Left), 0, 0, KeyModifiers::NONE),
        (b"\x1b[M#\"\xff", MouseEventKind::Up(MouseButton::Left), 1, 222, KeyModifiers::NONE),
        (b"\x1b[34;7;8M", MouseEventKind::Down(MouseButton::Right), 6, 7, KeyModifiers::NONE),
    ];
    for (bytes, kind, column, row, modifiers) in cases {
        let [Input::Event(Event::Mouse(mouse))] = &decode(bytes)[..] else { panic!("{bytes:?}") };
        assert_eq!((mouse.kind, mouse.column, mouse.row, mouse.modifiers), (*kind, *column, *row, *modifiers));
    }
    assert_eq!(decode(b"\x1b[I\x1b[O"), [Input::Event(Event::FocusGained), Input::Event(Event::FocusLost)]);
}

/// Bytes as terminals send them, torn, mixed and noisy.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        &b"\x1b"[..],
        b"[",
        b"O",
        b"P",
        b"]",
        b";",
        b":",
        b"<",
        b"?",
        b"$",
        b"~",
        b"u",
        b"M",
        b"R",
        b"1",
        b"27",
        b"200~",
        b"\x1b[200~",
        b"\x1b[201~",
        b"\x1b[<0;3;4M",
        b"\x1b[?1;2c",
        b"\x1b]11;rgb:0/0/0",
        b"\x1b\\",
        b"\x07",
        b"\r",
        b"\n",
        b"\xe2\x82",
        b"\xac",
        b"\xff",
        b"\xf0\x9f",
        b"4006381333931\r\n",
    ])
    .prop_map(<[u8]>::to_vec);
    let noise = prop::collection::vec(any::<u8>(), 1..4);
    prop::collection::vec(prop_oneof![4 => pieces, 1 => noise], 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_split_gives_the_same_inputs(bytes in soup(), cuts in prop::collection::vec(0..200_usize, 0..8)) {
        let whole = decode(&bytes);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let mut decoder = Decoder::new(Limits::default());
        let mut out = Vec::new();
        for pair in cuts.windows(2) {
            decoder.feed(&bytes[pair[0]..pair[1]], &mut out);
        }
        decoder.timeout(&mut out);
        prop_assert_eq!(out, whole);
    }

    #[test]
    fn no_input_carries_a_control_character_or_a_release(bytes in soup()) {
        for input in decode(&bytes) {
            match input {
                Input::Event(Event::Key(KeyEvent { code, kind, .. })) => {
                    prop_assert_eq!(kind, KeyEventKind::Press);
                    if let KeyCode::Char(character) = code {
                        prop_assert!(!character.is_control());
                    }
                }
                Input::Event(Event::Paste(text)) => {
                    prop_assert!(!text.contains(|c: char| c.is_control() && c != '\n' && c != '\t'));
                }
                _ => {}
            }
        }
    }

    #[test]
    fn a_well_formed_sequence_never_leaks_into_the_text_around_it(
        prefix in prop::option::of(prop::sample::select(b"<=>?".to_vec())),
        values in "[0-9:;]{0,30}",
        intermediate in prop::option::of(prop::sample::select(b" !#%&'()*+,-./".to_vec())),
        last in 0x40_u8..0x7f,
    ) {
        // Two forms are followed by bytes of their own.
        prop_assume!(!(prefix.is_none() && intermediate.is_none() && values.is_empty() && (last == b'[' || last == b'M')));
        prop_assume!(!(values == "200" && last == b'~'));
        let mut bytes = b"\x1b[".to_vec();
        bytes.extend(prefix);
        bytes.extend(values.bytes());
        bytes.extend(intermediate);
        bytes.push(last);
        let alone = decode(&bytes);
        prop_assert!(alone.len() <= 1, "{:?}", alone);
        bytes.extend(b"ok");
        let followed = decode(&bytes);
        prop_assert_eq!(&followed[alone.len()..], &typed("ok")[..]);
        let text = alone.iter().any(|input| matches!(
            input,
            Input::Event(Event::Key(KeyEvent { code: KeyCode::Char(_), .. }))
        ));
        prop_assert!(!text || last == b'u' || last == b'~', "only sequences that name a character give one");
    }

    #[test]
    fn an_unfinished_sequence_takes_no_more_memory_than_it_may(begin in soup(), filler in any::<u8>()) {
        let limits = Limits { paste: 1000, string: 200, ..Limits::default() };
        let mut decoder = Decoder::new(limits);
        let mut out = Vec::new();
        decoder.feed(&begin, &mut out);
        decoder.feed(&[filler; 20_000], &mut out);
        prop_assert!(decoder.buffer.capacity() <= 512, "{}", decoder.buffer.capacity());
        if let State::Pasting(paste) = &decoder.state {
            prop_assert!(paste.held() <= 2048, "{}", paste.held());
        }
    }
}
