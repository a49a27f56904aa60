//! Notes on a URL that do not concern its signature.

use std::fmt;

use percent_encoding::percent_decode_str;

use super::changes::composed;
use super::redact::redact;
use crate::cloudinary::path::grammar::{is_step, is_version};
use crate::cloudinary::path::percent_encoding::is_remote;
use crate::cloudinary::transformation::empty_parameter::empty_parameter;
use crate::cloudinary::url::parse::DeliveryUrl;

/// A peculiarity of a URL. It does not affect the verification, but Cloudinary may deliver
/// another asset than the author of the URL expects, or none.
///
/// `Display` writes one line without signatures and tokens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Note {
    /// The public id is percent-encoded twice, or contains a percent sign.
    EncodedTwice {
        /// The part that is encoded twice, such as `%2520`.
        encoded: String,
        /// This part, percent-decoded.
        decoded: String,
    },
    /// The public id is not UTF-8 after it is percent-decoded.
    NotUtf8,
    /// The public id contains decomposed characters (Unicode NFD). The field is the public
    /// id with composed characters (NFC).
    Decomposed(String),
    /// A segment that looks like a transformation step is a part of the public id.
    StepInPublicId {
        /// The segment that looks like a step.
        step: String,
        /// The segment before it, if it is a part of the public id too.
        before: Option<String>,
    },
    /// A segment of `v` and digits is a part of the public id.
    VersionInPublicId(String),
    /// The transformation has an empty parameter, at this byte.
    EmptyParameter(usize),
}

impl Note {
    /// Returns at most one note of each kind.
    pub(super) fn of(url: &DeliveryUrl<'_>) -> Vec<Self> {
        let source = url.source();
        let mut notes = Vec::new();
        notes.extend(first_empty(url.transformation()).map(Self::EmptyParameter));
        if is_remote(source) {
            return notes;
        }
        notes.extend(step(url));
        let mut folders = source.rsplit('/').skip(1);
        if let Some(version) = folders.find(|folder| is_version(folder)) {
            notes.push(Self::VersionInPublicId(version.to_owned()));
        }
        notes.extend(encoded_twice(source));
        if percent_decode_str(source).decode_utf8().is_err() {
            notes.push(Self::NotUtf8);
        }
        if let Some(composed) = composed(source) {
            notes.push(Self::Decomposed(redact(&composed)));
        }
        notes
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EncodedTwice { encoded, decoded } if decoded == "%" => write!(
                f,
                "the public id contains `{encoded}`, a percent sign, which Cloudinary does not allow: it may be percent-encoded twice"
            ),
            Self::EncodedTwice { encoded, decoded } => write!(
                f,
                "the public id may be percent-encoded twice: `{encoded}` decodes to `{decoded}`"
            ),
            Self::NotUtf8 => f.write_str(
                "the public id is not UTF-8: it may be encoded in Latin-1 (Windows-1252)",
            ),
            Self::Decomposed(composed) => write!(
                f,
                "the public id has decomposed characters (Unicode NFD); composed (NFC), it is `{}`",
                composed.escape_debug()
            ),
            Self::StepInPublicId {
                step,
                before: Some(before),
            } => write!(
                f,
                "the public id contains `{}`, which looks like a transformation step: `{}` before it is not a step",
                step.escape_debug(),
                before.escape_debug()
            ),
            Self::StepInPublicId { step, before: None } => write!(
                f,
                "the public id contains `{}`, which looks like a transformation step: steps precede the version and the public id",
                step.escape_debug()
            ),
            Self::VersionInPublicId(version) => write!(
                f,
                "the public id contains `{version}`: a version in the wrong place, a version that was signed, or a folder"
            ),
            Self::EmptyParameter(at) => write!(
                f,
                "the transformation has an empty parameter at byte {at}, which Cloudinary rejects"
            ),
        }
    }
}

/// Returns the byte position of the first empty parameter or step.
fn first_empty(transformation: &str) -> Option<usize> {
    let step = transformation.find("//").map(|at| at + 1);
    step.into_iter()
        .chain(empty_parameter(transformation))
        .min()
}

/// Returns a note on the first segment of the public id that looks like a step.
fn step(url: &DeliveryUrl<'_>) -> Option<Note> {
    let mut before = None;
    let mut segments = url.source().split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        // A file name may look like a step, such as `a_1.jpg`.
        let may_be_name = is_last && !segment.contains(',');
        if is_step(segment) && !may_be_name {
            return Some(Note::StepInPublicId {
                step: redact(segment),
                before: before.map(redact),
            });
        }
        before = Some(segment);
    }
    None
}

fn encoded_twice(source: &str) -> Option<Note> {
    let (_, rest) = source.split_once("%25")?;
    let note = |encoded: String, decoded: String| Note::EncodedTwice { encoded, decoded };
    let digits = |text: &str| {
        let (digits, _) = text.split_at_checked(2)?;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hex.then(|| digits.to_owned())
    };
    // The first `%25` may be a percent sign, and a later one not.
    let twice = source.split("%25").skip(1).find_map(digits);
    Some(match twice.or_else(|| digits(rest)) {
        Some(digits) => note(format!("%25{digits}"), format!("%{digits}")),
        None => note("%25".to_owned(), "%".to_owned()),
    })
}
