//! Bytes between a channel of SSH and the one who serves it: frames on one side, channel data on the other.

use russh::{Channel, ChannelMsg, ChannelReadHalf, ChannelWriteHalf, server::Msg};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::unix,
};

use super::wire::{Frame, Frames, GREETING, Hello};

/// Ctrl-C.
const INTERRUPT: u8 = 0x03;
/// Ctrl-D.
const END_OF_INPUT: u8 = 0x04;

/// Bytes of a client's input that wait for the one who serves it.
const MOST_WAITING: usize = 16 << 20;

/// What Enter sends, as the end of a line.
fn line_end(byte: u8) -> u8 {
    if byte == b'\r' { b'\n' } else { byte }
}

/// Lines that each begin at the margin of a raw terminal.
fn with_returns(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 16);
    for byte in bytes {
        if *byte == b'\n' {
            out.push(b'\r');
        }
        out.push(*byte);
    }
    out
}

/// A number of columns or rows as the console counts them.
pub(super) fn cells(count: u32) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// Carries bytes between a channel and the one who serves it until either ends. `cooked` where a subcommand stands before a
/// terminal, which sends what keys send and ends no line by itself.
pub(super) async fn carry(channel: Channel<Msg>, stream: tokio::net::UnixStream, hello: Hello, cooked: bool) {
    let is_console = hello.screen.is_some();
    let (from_client, to_client) = channel.split();
    let (from_server, mut to_server) = stream.into_split();
    let mut greeting = GREETING.to_vec();
    Frame::Hello(serde_json::to_vec(&hello).unwrap_or_default()).put(&mut greeting);
    if to_server.write_all(&greeting).await.is_ok() {
        let ended = tokio::select! {
            ended = inward(from_client, to_server, cooked) => ended,
            () = outward(from_server, &to_client, (is_console, cooked)) => Inward::Left,
        };
        if ended == Inward::TooMuch {
            let words = "till: more was sent than is kept until it is read; send it in smaller pieces\n";
            let _ = to_client.extended_data_bytes(1, words).await;
            let _ = to_client.exit_status(1).await;
        }
    }
    // A client that is gone needs no farewell.
    let _ = to_client.eof().await;
    let _ = to_client.close().await;
}

/// How the way to the one who serves came to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inward {
    /// The client has left.
    Left,
    /// It sent more than is kept for one who does not read.
    TooMuch,
}

/// Takes from the channel whatever comes: a connection whose one channel is not read carries nothing on the others either,
/// and not even the answers that whoever serves waits to get rid of before reading on.
async fn inward(mut from: ChannelReadHalf, mut to: unix::OwnedWriteHalf, cooked: bool) -> Inward {
    let (mut waiting, mut sent) = (Vec::new(), 0);
    loop {
        let rest: &[u8] = waiting.get(sent..).unwrap_or_default();
        tokio::select! {
            message = from.wait() => match message.and_then(|message| frame(message, cooked)) {
                Some(Some(frame)) if waiting.len() - sent < MOST_WAITING => frame.put(&mut waiting),
                Some(Some(_)) => return Inward::TooMuch,
                Some(None) => {}
                None => return Inward::Left,
            },
            written = to.write(rest), if !rest.is_empty() => match written {
                Ok(count) => sent += count,
                // The last words are on their way; the other direction ends with them.
                Err(_) => return std::future::pending().await,
            },
        }
        if sent == waiting.len() {
            waiting = Vec::new();
            sent = 0;
        } else if sent > waiting.len() / 2 {
            waiting.drain(..sent);
            sent = 0;
        }
    }
}

/// What a message of the channel is to the one who serves, if anything; `None` where the client leaves.
fn frame(message: ChannelMsg, cooked: bool) -> Option<Option<Frame>> {
    Some(Some(match message {
        ChannelMsg::Data { data } if cooked && data.contains(&INTERRUPT) => return None,
        ChannelMsg::Data { data } if cooked && data.contains(&END_OF_INPUT) => Frame::End,
        ChannelMsg::Data { data } if cooked => Frame::Input(data.iter().map(|byte| line_end(*byte)).collect()),
        ChannelMsg::Data { data } => Frame::Input(data.to_vec()),
        ChannelMsg::WindowChange { col_width, row_height, .. } => Frame::Resize(cells(col_width), cells(row_height)),
        ChannelMsg::Eof => Frame::End,
        ChannelMsg::Close => return None,
        _ => return Some(None),
    }))
}

async fn outward(mut from: unix::OwnedReadHalf, to: &ChannelWriteHalf<Msg>, (is_console, cooked): (bool, bool)) {
    let (mut frames, mut bytes, mut closing) = (Frames::default(), vec![0; 16 << 10], Vec::new());
    loop {
        let frame = match frames.next() {
            Ok(Some(frame)) => frame,
            Ok(None) => {
                match from.read(&mut bytes).await {
                    Ok(count) if count > 0 => frames.feed(bytes.get(..count).unwrap_or_default()),
                    _ => return,
                }
                continue;
            }
            Err(_) => return,
        };
        let sent = match frame {
            Frame::Output(bytes) if cooked => to.data_bytes(with_returns(&bytes)).await,
            Frame::Output(bytes) => to.data_bytes(bytes).await,
            Frame::Closing(bytes) => {
                closing = bytes;
                Ok(())
            }
            Frame::Exit(status, _, words) => {
                if is_console {
                    let _ = to.data_bytes(std::mem::take(&mut closing)).await;
                }
                if !words.is_empty() {
                    let words = words.replace('\n', "\r\n");
                    let end = if is_console || cooked { "\r\n" } else { "\n" };
                    let _ = to.extended_data_bytes(1, format!("{words}{end}")).await;
                }
                let _ = to.exit_status(u32::from(status)).await;
                return;
            }
            _ => Ok(()),
        };
        if sent.is_err() {
            return;
        }
    }
}
