//! The signed part of a path, and the texts that may have been hashed for it.

use std::borrow::Cow;

use crate::cloudinary::path::canonical::{is_canonical, is_canonical_path, is_raw_canonical};
use crate::cloudinary::path::components::PathComponents;
use crate::cloudinary::path::encoding::PathEncoding;
use crate::cloudinary::path::percent_encoding::is_remote;

/// The path of a URL without the parts that are not signed.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignedPath<'a> {
    pieces: [&'a str; 3],
    components: PathComponents<'a>,
}

impl<'a> SignedPath<'a> {
    /// Creates a signed path from a [candidate](PathComponents::candidates).
    pub(super) const fn new(pieces: [&'a str; 3], components: PathComponents<'a>) -> Self {
        Self { pieces, components }
    }

    pub(super) fn pieces(&self) -> [&'a [u8]; 3] {
        self.pieces.map(str::as_bytes)
    }

    /// The path as it is written in the URL.
    pub(super) fn as_written(&self) -> Cow<'a, str> {
        match self.pieces {
            ["", whole, ""] => Cow::Borrowed(whole),
            pieces => Cow::Owned(pieces.concat()),
        }
    }

    /// The texts that differ from the path as it is written, and that no other path has in
    /// any form.
    pub(super) fn decoded_texts(&self) -> Vec<(SignedForm, Vec<u8>)> {
        let mut texts: Vec<(SignedForm, Vec<u8>)> = Vec::new();
        if !self.pieces.iter().any(|piece| piece.contains('%')) {
            return texts;
        }
        let path = self.as_written();
        for form in self.decoded_forms(&path).into_iter().flatten() {
            let text = form.text(&path);
            if text != path.as_bytes() && texts.iter().all(|(_, other)| *other != text) {
                texts.push((form, text));
            }
        }
        texts
    }

    fn decoded_forms(&self, path: &str) -> [Option<SignedForm>; 3] {
        let source = self.components.source_without_suffix().concat();
        // The source ends the path. A signed version is part of it.
        let source_start = path.len().saturating_sub(source.len());
        let has_version = self.components.version.is_some();
        let is_decoded = if has_version {
            // The version marks the end of the steps.
            is_canonical(self.components.transformation, &source)
        } else {
            is_canonical_path(path)
        };
        // A public id with folders usually has a version. Without one, the steps may also end
        // at the last `/`.
        let last_start = path.rfind('/').map(|slash| slash + 1);
        let last_start = last_start.filter(|_| !has_version && !is_remote(&source));
        let raw = |source_start| {
            let (before, source) = path.split_at_checked(source_start)?;
            let steps = before.strip_suffix('/').unwrap_or(before);
            is_raw_canonical(steps, source).then_some(SignedForm {
                path_encoding: PathEncoding::Raw,
                source_start,
            })
        };
        let decoded = SignedForm {
            path_encoding: PathEncoding::Decoded,
            source_start,
        };
        [
            is_decoded.then_some(decoded),
            raw(source_start),
            last_start.and_then(raw),
        ]
    }
}

/// The form in which a path is signed, and the byte of the path at which its source starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignedForm {
    pub(super) path_encoding: PathEncoding,
    source_start: usize,
}

impl SignedForm {
    pub(super) const ENCODED: Self = Self {
        path_encoding: PathEncoding::Encoded,
        source_start: 0,
    };

    /// The text that is hashed for a path.
    pub(super) fn text(self, path: &str) -> Vec<u8> {
        let split = path.split_at_checked(self.source_start);
        let (before, source) = split.unwrap_or(("", path));
        let source = self.path_encoding.apply_to_source(source);
        [self.path_encoding.apply_to_steps(before), source].concat()
    }
}
