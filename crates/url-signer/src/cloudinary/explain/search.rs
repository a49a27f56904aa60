//! The bounded search for the text that a signature covers.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash};
use std::ops::ControlFlow;

use super::change::Change;
use super::changes::{combined, single};
use super::signed_form::SignedForm;
use super::signed_parts::SignedParts;
use crate::cloudinary::account::cloud::Cloud;
use crate::cloudinary::account::signature_algorithm::SignatureFormat;
use crate::cloudinary::url::parse::DeliveryUrl;
use crate::cloudinary::url::signature::SignatureMidstate;

/// The maximum number of hash computations, for all keys together.
pub(super) const MAX_HASHES: usize = 31_744;

/// The maximum number of combined changes.
const MAX_CHANGES: usize = 3;

/// The maximum number of parts that are considered. Most of them have a text that was
/// tried before.
const MAX_PARTS: usize = 60_000;

/// A breadth-first search: all paths with one change, then with two, then with three.
///
/// The search generates each level again instead of storing it, so its memory does not
/// depend on the number of paths.
pub(super) struct Search<'a> {
    cloud: &'a Cloud,
    url: DeliveryUrl<'a>,
    formats: Vec<SignatureFormat>,
    signature: &'a str,
    hasher: RandomState,
    texts: HashSet<u64>,
    visited: HashSet<u64>,
    parts: usize,
    hashes: usize,
}

/// A text that the signature covers.
pub(super) struct Found {
    pub(super) changes: Vec<Change>,
    pub(super) form: SignedForm,
    pub(super) text: Vec<u8>,
    pub(super) format: SignatureFormat,
    /// The position of the key in the key ring.
    pub(super) key: usize,
}

/// Ends the search, with or without a result.
type Flow = ControlFlow<Option<Found>>;

impl<'a> Search<'a> {
    pub(super) fn new(cloud: &'a Cloud, url: DeliveryUrl<'a>, signature: &'a str) -> Self {
        let mut formats = SignatureFormat::ALL.to_vec();
        formats.retain(|format| format.characters() == signature.len());
        // The configured format is the likeliest.
        formats.sort_by_key(|format| !cloud.accepts(*format));
        Self {
            cloud,
            url,
            formats,
            signature,
            hasher: RandomState::new(),
            texts: HashSet::new(),
            visited: HashSet::new(),
            parts: 0,
            hashes: 0,
        }
    }

    /// Returns the first text found, and the number of computed hashes.
    pub(super) fn run(mut self) -> (Option<Found>, usize) {
        let start: Vec<SignedParts> = self
            .url
            .candidates()
            .map(|(_, components)| {
                let source = components.source_without_suffix().concat();
                SignedParts::new(components.transformation, source)
            })
            .collect();
        for depth in 0..=MAX_CHANGES {
            self.visited.clear();
            for parts in &start {
                let flow = self.visit(parts, depth, depth, &mut Vec::new());
                if let ControlFlow::Break(found) = flow {
                    return (found, self.hashes);
                }
            }
        }
        (None, self.hashes)
    }

    /// Undoes `remaining` more changes, and then tries the texts.
    fn visit(
        &mut self,
        parts: &SignedParts,
        depth: usize,
        remaining: usize,
        changes: &mut Vec<Change>,
    ) -> Flow {
        self.parts += 1;
        if self.parts > MAX_PARTS {
            return ControlFlow::Break(None);
        }
        if !self
            .visited
            .insert(self.hasher.hash_one((parts, remaining)))
        {
            return ControlFlow::Continue(());
        }
        if remaining == 0 {
            return self.try_texts(parts, changes);
        }
        let undone = if depth == 1 {
            single(&self.url, parts)
        } else {
            combined(changes, parts)
        };
        for (change, before) in undone {
            changes.push(change);
            self.visit(&before, depth, remaining - 1, changes)?;
            changes.pop();
        }
        ControlFlow::Continue(())
    }

    fn try_texts(&mut self, parts: &SignedParts, changes: &[Change]) -> Flow {
        for (form, text) in SignedForm::texts(parts) {
            if !self.texts.insert(self.hash_one(&text)) {
                continue;
            }
            let Some((format, key, has_case)) = self.try_text(&text)? else {
                continue;
            };
            let mut changes = changes.to_vec();
            if !has_case {
                if changes.len() == MAX_CHANGES {
                    continue;
                }
                changes.push(Change::SignatureCase);
            }
            return ControlFlow::Break(Some(Found {
                changes,
                form,
                text,
                format,
                key,
            }));
        }
        ControlFlow::Continue(())
    }

    /// Returns the format and the key in which a text was signed, and whether the signature
    /// has the right case.
    fn try_text(
        &mut self,
        text: &[u8],
    ) -> ControlFlow<Option<Found>, Option<(SignatureFormat, usize, bool)>> {
        for format in &self.formats {
            let midstate = SignatureMidstate::new(format.algorithm(), &[text]);
            for (position, key) in self.cloud.keys.iter().enumerate() {
                if self.hashes >= MAX_HASHES {
                    return ControlFlow::Break(None);
                }
                self.hashes += 1;
                let signature = midstate.sign([key.as_bytes()], *format, || ());
                if signature.matches(self.signature).into() {
                    return ControlFlow::Continue(Some((*format, position, true)));
                }
                // Proxies that convert a URL to lower case also convert its signature.
                let expected = signature.to_string();
                if expected.eq_ignore_ascii_case(self.signature) {
                    return ControlFlow::Continue(Some((*format, position, false)));
                }
            }
        }
        ControlFlow::Continue(None)
    }

    fn hash_one(&self, value: impl Hash) -> u64 {
        self.hasher.hash_one(value)
    }
}
