use crossterm::event::{Event, KeyCode, KeyModifiers};
use ratatui::{buffer::Buffer, layout::Position, style::Style};

use super::*;

/// Shows what it was told, a line each.
#[derive(Debug, Default)]
struct Notes {
    lines: Vec<String>,
    wakes: usize,
    draws: usize,
    deadline: Option<Instant>,
    wants: Vec<Out>,
}

impl Program for Notes {
    fn resize(&mut self, columns: u16, rows: u16) {
        self.lines.push(format!("{columns}x{rows}"));
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Key(key) => match key.code {
                KeyCode::Char('q') if key.modifiers == KeyModifiers::CONTROL => self.wants.push(Out::Quit),
                KeyCode::Char(character) if key.modifiers == KeyModifiers::NONE => {
                    self.lines.push(character.to_string())
                }
                code => self.lines.push(format!("{code} {:?}", key.modifiers)),
            },
            other => self.lines.push(format!("{other:?}")),
        }
    }

    fn wake(&mut self) {
        self.wakes += 1;
    }

    fn draw(&mut self, buffer: &mut Buffer) -> Option<Position> {
        self.draws += 1;
        buffer.set_string(0, 0, self.lines.concat(), Style::new());
        buffer.set_string(0, 1, format!("wakes {}", self.wakes), Style::new());
        None
    }

    fn deadline(&self, _: Instant) -> Option<Instant> {
        self.deadline
    }

    fn take_output(&mut self) -> Vec<Out> {
        std::mem::take(&mut self.wants)
    }
}

fn session(client: Client) -> Session<Notes> {
    Session::new(Notes::default(), client, 60, 4)
}

/// A session that has drawn its first frame and waits for nothing.
fn settled() -> (Session<Notes>, Instant) {
    let now = Instant::now();
    let mut session = session(Client { keyboard: false, ..Client::default() });
    assert!(session.frame(now).is_some());
    session.program.lines.clear();
    (session, now)
}

const MS: Duration = Duration::from_millis(1);

#[test]
fn a_quiet_session_waits_for_nothing() {
    let (mut session, now) = settled();
    assert_eq!(session.deadline(now), None);
    session.tick(now + 3600 * 1000 * MS);
    assert_eq!(session.frame(now + 3600 * 1000 * MS), None);
    assert_eq!((session.program.draws, session.program.wakes), (1, 0));
}

#[test]
fn a_burst_of_keys_is_one_frame_and_comes_at_once() {
    let (mut session, now) = settled();
    session.input(b"4006381", now);
    session.input(b"333931\r\n", now);
    assert!(session.frame(now).is_some());
    assert_eq!(session.program.draws, 2);
    assert_eq!(session.program.lines.concat(), "4006381333931Enter KeyModifiers(0x0)");
    assert_eq!(session.frame(now), None);
}

#[test]
fn frames_without_a_key_keep_their_rhythm() {
    let (mut session, now) = settled();
    let mut frames = 0;
    for step in 0..1000 {
        let now = now + step * MS;
        session.wake();
        session.tick(now);
        frames += usize::from(session.frame(now).is_some());
    }
    assert!((29..=31).contains(&frames), "{frames} frames in a second");
    let at = session.deadline(now).expect("the last change is still to be shown");
    assert!(session.frame(at).is_some());
    assert_eq!(session.deadline(now), None);
    session.wake();
    session.input(b"x", at + MS);
    assert!(session.frame(at + MS).is_some(), "a key does not wait for the rhythm");
}

#[test]
fn a_lone_escape_is_settled_by_time() {
    let (mut session, now) = settled();
    session.input(b"\x1b", now);
    assert_eq!(session.frame(now), None);
    assert_eq!(session.deadline(now), Some(now + 25 * MS));
    session.tick(now + 24 * MS);
    assert!(session.program.lines.is_empty());
    session.tick(now + 25 * MS);
    assert_eq!(session.program.lines, ["Esc KeyModifiers(0x0)"]);
    assert!(session.frame(now + 25 * MS).is_some());
    assert_eq!(session.deadline(now), None);
    session.input(b"\x1b7", now);
    session.tick(now + 25 * MS);
    assert_eq!(session.program.lines[1], "7 KeyModifiers(ALT)");
}

#[test]
fn a_deadline_wakes_the_program_once_and_a_stale_one_does_not_spin() {
    let (mut session, now) = settled();
    session.program.deadline = Some(now + 5 * MS);
    assert_eq!(session.deadline(now), Some(now + 5 * MS));
    session.tick(now + 4 * MS);
    assert_eq!(session.program.wakes, 0);
    let mut at = now;
    for _ in 0..30 {
        at = session.deadline(now).unwrap().max(at);
        session.tick(at);
        session.frame(at);
    }
    assert!(at >= now + 400 * MS, "thirty rounds took {:?}", at - now);
}

#[test]
fn what_is_not_cells_is_sent_too() {
    let (mut session, now) = settled();
    session.program.wants =
        vec![Out::Bell, Out::Bell, Out::Clipboard("till".to_owned()), Out::Title("Sale".to_owned()), Out::Suspend];
    session.wake();
    let bytes = session.frame(now).unwrap().to_vec();
    assert!(bytes.starts_with(b"\x07\x1b]52;c;dGlsbA==\x07\x1b[22;2t\x1b]2;Sale\x07"), "{bytes:?}");
    assert!(session.take_suspend());
    assert!(!session.take_suspend());
    assert!(session.closing().starts_with(sequence::RESTORE_TITLE));
}

#[test]
fn redrawing_draws_everything() {
    let (mut session, now) = settled();
    session.program.lines.push("0123456789".to_owned());
    session.program.wants = vec![Out::Redraw];
    session.wake();
    let bytes = session.frame(now).unwrap();
    assert!(bytes.windows(4).any(|bytes| bytes == b"\x1b[2J") && bytes.windows(10).any(|bytes| bytes == b"0123456789"));
}

#[test]
fn nothing_reaches_a_program_that_has_ended() {
    let (mut session, now) = settled();
    session.input(b"a\x11b", now);
    assert!(session.is_over());
    session.wake();
    session.tick(now + 1000 * MS);
    assert_eq!(session.program.lines, ["a"]);
    assert_eq!(session.program.wakes, 0);
    assert_eq!(session.deadline(now), None);
    assert_eq!(session.frame(now), None);
}

#[test]
fn distinct_keys_are_asked_for_and_switched_on_only_where_they_are_known() {
    let now = Instant::now();
    let mut speaks = session(Client::default());
    assert!(speaks.opening().ends_with(b"\x1b[?u\x1b[c") && speaks.awaits_reply());
    speaks.frame(now);
    speaks.input(b"\x1b[?0u\x1b[?62c", now);
    assert_eq!(speaks.frame(now), Some(sequence::DISTINCT_KEYS));
    assert!(!speaks.awaits_reply());
    assert!(speaks.opening().ends_with(sequence::DISTINCT_KEYS));
    let mut silent = session(Client::default());
    silent.frame(now);
    silent.input(b"\x1b[?6c", now);
    assert_eq!(silent.frame(now), None);
    assert!(!silent.awaits_reply());
}

/// Draws a screen that shares nothing with the one before.
fn another_screen(session: &mut Session<Notes>, round: u32, now: Instant) -> Option<Vec<u8>> {
    session.resize(300, 2 + u16::try_from(round % 2).unwrap());
    session.program.lines = vec!["till".repeat(70)];
    session.frame(now).map(<[u8]>::to_vec)
}

#[test]
fn a_paced_terminal_gets_no_third_frame_before_it_answered() {
    let now = Instant::now();
    let mut session = session(Client { paced: true, keyboard: false, ..Client::default() });
    for round in 0..2 {
        let bytes = another_screen(&mut session, round, now).expect("two may be on their way");
        assert!(bytes.ends_with(sequence::ASK_STATUS));
    }
    assert_eq!(another_screen(&mut session, 2, now), None);
    assert_eq!(another_screen(&mut session, 3, now), None);
    assert!(session.deadline(now).is_some(), "it does not wait for ever");
    session.input(b"\x1b[0n", now);
    assert!(session.frame(now).is_some(), "an answer lets the newest state out");
    session.input(b"\x1b[0n\x1b[0n", now);
    assert!(!session.awaits_reply());
}

#[test]
fn a_terminal_that_never_answers_is_not_asked_again() {
    let now = Instant::now();
    let mut session = session(Client { paced: true, keyboard: false, ..Client::default() });
    let mut questions = 0;
    for round in 0..100 {
        let now = now + round * 100 * MS;
        session.tick(now);
        let bytes = another_screen(&mut session, round, now);
        questions += usize::from(bytes.is_some_and(|bytes| bytes.ends_with(sequence::ASK_STATUS)));
    }
    assert_eq!(questions, 2);
    assert!(!session.awaits_reply());
}
