//! One session, driven by bytes and time alone, the same for every transport.
//!
//! It must never touch a descriptor, a clock or the environment: the transport brings bytes and the present moment, and
//! carries away bytes. It asks for a frame only when the one before has gone out.

use std::time::{Duration, Instant};

use super::{
    client::Client,
    decode::{Decoder, Input, Limits, Reply},
    encode::Frames,
    pace::Pace,
    program::{Out, Program},
    sequence,
};

/// Bytes of a frame that room is kept for.
const ROOM: usize = 4 << 10;

/// The least time between two frames that no key asked for.
const FRAME: Duration = Duration::from_micros(33_333);

/// Whether and when to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Redraw {
    No,
    /// Something outside changed: with the next frame of its rhythm.
    Soon,
    /// Somebody waits for it.
    Now,
}

/// Whether the terminal speaks the kitty keyboard protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keyboard {
    Unknown,
    /// It does, and is yet to be told to.
    Known,
    On,
}

/// A program and the terminal it runs on.
///
/// A transport sends [`Session::opening`], then again and again: [`Session::input`], [`Session::wake`] and
/// [`Session::resize`] as they happen, [`Session::tick`], [`Session::frame`] once the last frame has gone out, and then
/// sleeps until [`Session::deadline`]; and at last [`Session::closing`].
#[derive(Debug)]
pub struct Session<P> {
    program: P,
    client: Client,
    decoder: Decoder,
    frames: Frames,
    inputs: Vec<Input>,
    redraw: Redraw,
    /// When the decoder has waited long enough for more bytes.
    unfinished: Option<Instant>,
    /// When the last frame without a key was drawn.
    drawn: Option<Instant>,
    /// When the program was last woken for its own deadline.
    woken: Option<Instant>,
    pace: Pace,
    /// Bytes for the terminal that are not cells.
    aside: Vec<u8>,
    out: Vec<u8>,
    keyboard_asked: bool,
    keyboard: Keyboard,
    titled: bool,
    suspend: bool,
    over: bool,
}

impl<P: Program> Session<P> {
    /// A session of `program` on a terminal with these abilities and this size.
    pub fn new(mut program: P, client: Client, columns: u16, rows: u16) -> Self {
        let frames = Frames::new(&client, columns, rows);
        let (columns, rows) = frames.size();
        program.resize(columns, rows);
        Self {
            program,
            decoder: Decoder::new(Limits { escape: client.escape_delay, ..Limits::default() }),
            frames,
            inputs: Vec::new(),
            redraw: Redraw::Now,
            unfinished: None,
            drawn: None,
            woken: None,
            pace: Pace::new(client.paced),
            aside: Vec::new(),
            out: Vec::new(),
            keyboard_asked: false,
            keyboard: Keyboard::Unknown,
            titled: false,
            suspend: false,
            over: false,
            client,
        }
    }

    /// The bytes that take the terminal over, at the beginning and after [`Session::take_suspend`].
    pub fn opening(&mut self) -> Vec<u8> {
        let known = self.keyboard != Keyboard::Unknown;
        if known {
            self.keyboard = Keyboard::On;
        }
        self.keyboard_asked = self.client.keyboard && !known;
        sequence::opening(&self.client, known)
    }

    /// The bytes that give the terminal back.
    pub fn closing(&self) -> Vec<u8> {
        let mut bytes = if self.titled { sequence::RESTORE_TITLE.to_vec() } else { Vec::new() };
        bytes.extend(sequence::closing(&self.client));
        bytes
    }

    /// Bytes came from the terminal.
    pub fn input(&mut self, bytes: &[u8], now: Instant) {
        let mut inputs = std::mem::take(&mut self.inputs);
        self.decoder.feed(bytes, &mut inputs);
        self.unfinished = self.decoder.patience().map(|patience| now + patience);
        self.deliver(&mut inputs);
        self.inputs = inputs;
    }

    /// Bytes came while the terminal is about to be given back: answers to the session's own questions are taken, everything
    /// else is forgotten.
    pub fn settle(&mut self, bytes: &[u8]) {
        let mut inputs = std::mem::take(&mut self.inputs);
        self.decoder.feed(bytes, &mut inputs);
        inputs.retain(|input| matches!(input, Input::Reply(_)));
        self.deliver(&mut inputs);
        self.inputs = inputs;
    }

    /// Something outside changed.
    pub fn wake(&mut self) {
        if self.over {
            return;
        }
        self.program.wake();
        self.redraw = self.redraw.max(Redraw::Soon);
        self.collect();
    }

    /// The terminal has another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.frames.resize(columns, rows);
        let (columns, rows) = self.frames.size();
        self.program.resize(columns, rows);
        self.redraw = Redraw::Now;
        self.collect();
    }

    /// Something else wrote on the terminal: everything is drawn anew.
    pub fn invalidate(&mut self) {
        self.frames.invalidate();
        self.redraw = Redraw::Now;
    }

    /// Does what the time has come for. Bytes that are already there must be brought first.
    pub fn tick(&mut self, now: Instant) {
        if self.unfinished.is_some_and(|until| until <= now) {
            self.unfinished = None;
            let mut inputs = std::mem::take(&mut self.inputs);
            self.decoder.timeout(&mut inputs);
            self.deliver(&mut inputs);
            self.inputs = inputs;
        }
        if self.program_deadline(now).is_some_and(|until| until <= now) {
            self.woken = Some(now);
            self.wake();
        }
        self.pace.tick(now);
    }

    /// The next bytes for the terminal, if there are any to send now. To be called once those before have gone out.
    pub fn frame(&mut self, now: Instant) -> Option<&[u8]> {
        self.out.clear();
        self.out.shrink_to(ROOM);
        if self.keyboard == Keyboard::Known && !self.over {
            self.keyboard = Keyboard::On;
            self.out.extend_from_slice(sequence::DISTINCT_KEYS);
        }
        self.out.append(&mut self.aside);
        if self.frame_at().is_some_and(|at| at.is_none_or(|at| at <= now)) {
            if self.redraw == Redraw::Soon {
                self.drawn = Some(now);
            }
            self.redraw = Redraw::No;
            let program = &mut self.program;
            self.out.extend_from_slice(self.frames.draw(|buffer| program.draw(buffer)));
            if self.pace.sent(self.out.len(), now) {
                self.out.extend_from_slice(sequence::ASK_STATUS);
            }
            self.collect();
        }
        (!self.out.is_empty()).then_some(&self.out)
    }

    /// When to call [`Session::tick`] and [`Session::frame`] even if nothing happens; `None`: only when something does.
    pub fn deadline(&self, now: Instant) -> Option<Instant> {
        let frame = self.frame_at().flatten();
        [self.unfinished, self.program_deadline(now), frame].into_iter().flatten().min()
    }

    /// Whether the program has ended. What [`Session::frame`] still gives is to be sent.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// Whether the program wants to go to the background, asked once.
    pub fn take_suspend(&mut self) -> bool {
        std::mem::take(&mut self.suspend)
    }

    /// Whether an answer of the terminal is still on its way; it should not reach whoever reads the terminal next.
    pub fn awaits_reply(&self) -> bool {
        self.keyboard_asked || self.pace.waits()
    }

    /// Sounds the bell with the next frame.
    pub fn bell(&mut self) {
        if self.aside.last() != Some(&0x07) {
            self.aside.push(0x07);
        }
    }

    fn deliver(&mut self, inputs: &mut Vec<Input>) {
        for input in inputs.drain(..) {
            match input {
                Input::Reply(reply) => self.reply(&reply),
                Input::Event(_) if self.over => {}
                Input::Event(event) => {
                    self.program.event(event);
                    self.redraw = Redraw::Now;
                    self.collect();
                }
            }
        }
    }

    fn reply(&mut self, reply: &Reply) {
        match reply {
            Reply::Status(_) => self.pace.answered(),
            Reply::Keyboard(_) if self.keyboard_asked => {
                self.keyboard_asked = false;
                self.keyboard = Keyboard::Known;
            }
            // Every terminal answers this second question: one that has not answered the first by now will not.
            Reply::Attributes(..) => self.keyboard_asked = false,
            _ => {}
        }
    }

    /// Takes what the program wants besides cells.
    fn collect(&mut self) {
        for out in self.program.take_output() {
            match out {
                Out::Bell => self.bell(),
                Out::Clipboard(text) => sequence::clipboard(&mut self.aside, &text),
                Out::Title(title) => {
                    if !std::mem::replace(&mut self.titled, true) {
                        self.aside.extend_from_slice(sequence::KEEP_TITLE);
                    }
                    sequence::title(&mut self.aside, &title);
                }
                Out::Redraw => self.invalidate(),
                Out::Suspend => self.suspend = true,
                Out::Quit => self.over = true,
            }
        }
    }

    /// `None` when no frame is wanted, else from when on one may be drawn, `Some(None)` meaning at once.
    fn frame_at(&self) -> Option<Option<Instant>> {
        let rhythm = match self.redraw {
            _ if self.over => return None,
            Redraw::No => return None,
            Redraw::Soon => self.drawn.map(|drawn| drawn + FRAME),
            Redraw::Now => None,
        };
        Some(rhythm.max(self.pace.held_until()))
    }

    /// When the program wants to be woken, but not again and again for a moment that is past.
    fn program_deadline(&self, now: Instant) -> Option<Instant> {
        let wanted = self.program.deadline(now).filter(|_| !self.over)?;
        Some(self.woken.map_or(wanted, |woken| wanted.max(woken + FRAME)))
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
