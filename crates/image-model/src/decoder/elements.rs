//! Finds the elements of a payload that arrives in pieces.

use std::borrow::Cow;
use std::mem;
use std::ops::Range;

use crate::decode_error::DecodeErrorKind;
use crate::decoder::is_space;
use crate::decoder::position::Position;
use crate::decoder::scanner::{Scanned, Scanner};

/// The list of a payload, split into its elements.
#[derive(Debug)]
pub(crate) struct Elements {
    max_bytes: usize,
    scanner: Scanner,
    state: State,
    /// The bytes of the payload that are still needed.
    buffer: Vec<u8>,
    /// The index in `buffer` of the first byte that was not consumed.
    start: usize,
    /// The position of `start` in the payload.
    position: Position,
    /// The number of bytes after `start` that were scanned as part of an element.
    scanned: usize,
    /// The element that `next` found, in `buffer`.
    found: Found,
    /// The number of elements before the current or next one.
    index: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At the first byte.
    Start,
    /// Before `[`.
    List,
    /// Before the first element or `]`.
    FirstElement,
    /// Before an element, after a comma.
    NextElement,
    /// In an element.
    Element,
    /// In an element that was rejected.
    Skip,
    /// Before `,` or `]`.
    Separator,
    /// After `]`.
    End,
    /// After an error that ends the payload.
    Failed,
}

/// An element and its position in the payload.
#[derive(Clone, Debug)]
struct Found {
    range: Range<usize>,
    /// The element is a number or a word, so the next byte delimits it.
    is_scalar: bool,
    position: Position,
}

impl Found {
    const NONE: Self = Self {
        range: 0..0,
        is_scalar: false,
        position: Position::START,
    };
}

/// The next part of a payload.
#[derive(Debug)]
pub(crate) enum Part {
    /// A complete element.
    Element,
    /// An element that exceeds a limit. The elements after it can be found.
    Rejected(Fault),
    /// An error after which no further element can be found.
    Failed(Fault),
}

/// An error in the structure of a payload.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) kind: DecodeErrorKind,
    /// The index of the element that contains the error.
    pub(crate) index: Option<u64>,
    pub(crate) message: Cow<'static, str>,
    /// The position of the error, if it is useful.
    pub(crate) position: Option<Position>,
    /// The error is at the last byte of [`Elements::partial`].
    pub(crate) is_partial: bool,
}

impl Fault {
    /// Creates an error that does not need the bytes of an incomplete element.
    fn new(
        kind: DecodeErrorKind,
        index: Option<u64>,
        message: impl Into<Cow<'static, str>>,
        position: Option<Position>,
    ) -> Self {
        Self {
            kind,
            index,
            message: message.into(),
            position,
            is_partial: false,
        }
    }
}

impl Elements {
    pub(crate) const fn new(max_bytes: usize, max_depth: usize) -> Self {
        Self {
            max_bytes,
            scanner: Scanner::new(max_depth),
            state: State::Start,
            buffer: Vec::new(),
            start: 0,
            position: Position::START,
            scanned: 0,
            found: Found::NONE,
            index: 0,
        }
    }

    pub(crate) const fn set_max_bytes(&mut self, max_bytes: usize) {
        self.max_bytes = max_bytes;
    }

    pub(crate) const fn set_max_depth(&mut self, max_depth: usize) {
        self.scanner.set_max_depth(max_depth);
    }

    /// Appends bytes of the payload.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.found = Found::NONE;
        if self.state == State::Failed {
            return;
        }
        // Moves at most as many bytes as were consumed since the last move.
        if self.start >= self.buffer.len() - self.start {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns the next part, or `None` if more bytes are needed or the payload ended.
    pub(crate) fn next(&mut self) -> Option<Part> {
        self.found = Found::NONE;
        loop {
            match self.state {
                State::Start => {
                    if self.has_byte_order_mark()? {
                        let message = "JSON must not start with a byte order mark";
                        let kind = DecodeErrorKind::ByteOrderMark;
                        return Some(self.fail(Fault::new(kind, None, message, None)));
                    }
                    self.state = State::List;
                }
                State::Element => return self.element(),
                State::Skip => {
                    if let Err(fault) = self.skip()? {
                        return Some(self.fail(fault));
                    }
                }
                State::Failed => return None,
                State::List
                | State::FirstElement
                | State::NextElement
                | State::Separator
                | State::End => {
                    let byte = self.next_token()?;
                    if let Some(fault) = self.token(byte) {
                        return Some(self.fail(fault));
                    }
                }
            }
        }
    }

    /// Returns the element that `next` found.
    pub(crate) fn found(&self) -> &[u8] {
        self.buffer
            .get(self.found.range.clone())
            .unwrap_or_default()
    }

    /// Returns the element that `next` found, with its delimiter if the parser needs it
    /// to read the element as it reads the payload, and the position of the element.
    pub(crate) fn delimited(&self) -> (&[u8], Position) {
        let Range { start, end } = self.found.range;
        let end = end + usize::from(self.found.is_scalar);
        let bytes = self.buffer.get(start..end).unwrap_or_default();
        (bytes, self.found.position)
    }

    /// Returns the index of the element that `next` found.
    pub(crate) const fn found_index(&self) -> u64 {
        // The index is incremented at the comma.
        self.index
    }

    /// Returns the beginning of an incomplete element and its position.
    pub(crate) fn partial(&self) -> (&[u8], Position) {
        let end = self.start + self.scanned;
        let bytes = self.buffer.get(self.start..end).unwrap_or_default();
        (bytes, self.position)
    }

    /// Returns the index of the current or next element, or `None` outside of the list.
    pub(crate) const fn next_index(&self) -> Option<u64> {
        match self.state {
            State::FirstElement | State::NextElement | State::Element | State::Skip => {
                Some(self.index)
            }
            State::Separator => Some(self.index + 1),
            State::Start | State::List | State::End | State::Failed => None,
        }
    }

    /// Returns the error of a payload that ends here, or `None` if it is complete.
    pub(crate) fn truncated(&self) -> Option<Fault> {
        let position = Some(self.position.after(self.unread()));
        let (index, message, is_partial) = match self.state {
            // The first bytes of a byte order mark.
            State::Start if !self.unread().is_empty() => return Some(self.not_a_list(0xff)),
            State::Start | State::List | State::NextElement => {
                (None, "EOF while parsing a value", false)
            }
            State::FirstElement | State::Separator => (None, "EOF while parsing a list", false),
            State::Element => (Some(self.index), "EOF while parsing a list", true),
            State::Skip => (Some(self.index), "EOF while parsing a list", false),
            State::End | State::Failed => return None,
        };
        Some(Fault {
            is_partial,
            ..Fault::new(DecodeErrorKind::Truncated, index, message, position)
        })
    }

    fn unread(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Consumes a number of bytes.
    fn consume(&mut self, count: usize) {
        let consumed = self.unread().get(..count).unwrap_or_default();
        self.position = self.position.after(consumed);
        self.start += count;
        self.scanned = 0;
    }

    fn fail(&mut self, fault: Fault) -> Part {
        self.state = State::Failed;
        Part::Failed(fault)
    }

    /// Returns whether the payload starts with a byte order mark, or `None` if more bytes
    /// are needed.
    fn has_byte_order_mark(&self) -> Option<bool> {
        match *self.unread() {
            [] | [0xef | 0xfe | 0xff] | [0xef, 0xbb] => None,
            [0xfe, 0xff, ..] | [0xff, 0xfe, ..] | [0xef, 0xbb, 0xbf, ..] => Some(true),
            _ => Some(false),
        }
    }

    /// Consumes white space and returns the next byte, without consuming it.
    fn next_token(&mut self) -> Option<u8> {
        let spaces = self.unread().iter().take_while(|byte| is_space(**byte));
        let spaces = spaces.count();
        if spaces > 0 {
            self.consume(spaces);
        }
        self.unread().first().copied()
    }

    /// Consumes a byte between elements, or starts an element with it.
    fn token(&mut self, byte: u8) -> Option<Fault> {
        self.state = match (self.state, byte) {
            (State::List, b'[') => State::FirstElement,
            (State::List, _) => return Some(self.not_a_list(byte)),
            (State::FirstElement | State::Separator, b']') => State::End,
            (State::NextElement, b']') => return Some(self.syntax(None, "trailing comma")),
            (State::FirstElement | State::NextElement, b',' | b'}') => {
                return Some(self.syntax(Some(self.index), "expected value"));
            }
            (State::FirstElement | State::NextElement, first) => {
                self.scanner.start(first);
                self.state = State::Element;
                return None;
            }
            (State::Separator, b',') => {
                self.index += 1;
                State::NextElement
            }
            (State::Separator, _) => return Some(self.syntax(None, "expected `,` or `]`")),
            (_, _) => {
                return Some(Fault {
                    kind: DecodeErrorKind::TrailingData,
                    ..self.syntax(None, "trailing characters")
                });
            }
        };
        self.start += 1;
        self.position = self.position.next();
        None
    }

    fn syntax(&self, index: Option<u64>, message: &'static str) -> Fault {
        // `serde_json` counts the unexpected byte.
        let position = Some(self.position.next());
        Fault::new(DecodeErrorKind::Syntax, index, message, position)
    }

    fn not_a_list(&self, first: u8) -> Fault {
        let (message, position) = match first {
            b'{' => ("invalid type: map, expected a sequence", self.position),
            _ => ("expected an array of images", self.position.next()),
        };
        Fault::new(DecodeErrorKind::NotAList, None, message, Some(position))
    }

    /// Scans the current element up to its end or to a limit.
    fn element(&mut self) -> Option<Part> {
        let available = self.unread().len() - self.scanned;
        let allowed = self.max_bytes - self.scanned.min(self.max_bytes);
        // The end of a number or word is found at the delimiter after it.
        let is_scalar = self.scanner.is_scalar();
        let length = available.min(allowed.saturating_add(usize::from(is_scalar)));
        let from = self.start + self.scanned;
        let piece = self.buffer.get(from..from + length).unwrap_or_default();
        match self.scanner.scan(piece) {
            Scanned::End(length) => {
                let length = self.scanned + length;
                let found = Found {
                    range: self.start..self.start + length,
                    is_scalar,
                    position: self.position,
                };
                self.consume(length);
                self.found = found;
                self.state = State::Separator;
                Some(Part::Element)
            }
            Scanned::All if length > allowed || length < available => {
                self.scanned += length.min(allowed);
                let message = format!("an image is longer than {} bytes", self.max_bytes);
                Some(self.reject(DecodeErrorKind::TooLong, message))
            }
            Scanned::All => {
                self.scanned += length;
                None
            }
            Scanned::TooDeep(length) => {
                self.scanned += length;
                let max_depth = self.scanner.max_depth();
                let message = format!("an image is nested deeper than {max_depth} levels");
                Some(self.reject(DecodeErrorKind::TooDeep, message))
            }
            Scanned::Mismatch(length) => {
                self.scanned += length;
                let fault = self.mismatch(self.partial_end());
                Some(self.fail(Fault {
                    is_partial: true,
                    ..fault
                }))
            }
        }
    }

    /// Rejects the current element and consumes the bytes that were scanned.
    fn reject(&mut self, kind: DecodeErrorKind, message: String) -> Part {
        self.state = State::Skip;
        self.consume(self.scanned);
        Part::Rejected(Fault::new(kind, Some(self.index), message, None))
    }

    /// Consumes the bytes of a rejected element. Returns `None` if more bytes are needed.
    fn skip(&mut self) -> Option<Result<(), Fault>> {
        let piece = self.buffer.get(self.start..).unwrap_or_default();
        match self.scanner.scan(piece) {
            Scanned::All => {
                self.consume(piece.len());
                None
            }
            Scanned::TooDeep(length) => {
                self.consume(length);
                Some(Ok(()))
            }
            Scanned::End(length) => {
                self.consume(length);
                self.state = State::Separator;
                Some(Ok(()))
            }
            Scanned::Mismatch(length) => {
                self.consume(length);
                Some(Err(self.mismatch(self.position)))
            }
        }
    }

    fn partial_end(&self) -> Position {
        let (bytes, position) = self.partial();
        position.after(bytes)
    }

    fn mismatch(&self, position: Position) -> Fault {
        let (kind, message) = (DecodeErrorKind::Syntax, "mismatched bracket");
        Fault::new(kind, Some(self.index), message, Some(position))
    }

    /// Releases the memory of a payload that failed.
    pub(crate) fn release(&mut self) {
        mem::take(&mut self.buffer);
        self.start = 0;
        self.scanned = 0;
    }
}
