use crate::cloudinary::explain::change::Change;
use crate::cloudinary::explain::signed_parts::{MAX_TEXT, SignedParts};

/// A change, and the parts before it.
pub(in crate::cloudinary::explain) type Undone = (Change, SignedParts);

/// A bounded list of changes to the same parts.
pub(super) struct Collector<'a> {
    pub(super) parts: &'a SignedParts,
    pub(super) undone: Vec<Undone>,
    limit: usize,
}

impl<'a> Collector<'a> {
    pub(super) const fn new(parts: &'a SignedParts, limit: usize) -> Self {
        Self {
            parts,
            undone: Vec::new(),
            limit,
        }
    }

    pub(super) const fn is_full(&self) -> bool {
        self.undone.len() >= self.limit
    }

    pub(super) fn add(&mut self, change: Change, before: SignedParts) {
        let is_text = !before.source.is_empty() && before.len() <= MAX_TEXT;
        if is_text && !self.is_full() && before != *self.parts {
            self.undone.push((change, before));
        }
    }
}
