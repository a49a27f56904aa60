//! The two parts of a path that are signed.

/// The maximum length of a path that is explained, in bytes.
pub(super) const MAX_PATH: usize = 4_000;

/// The maximum length of a text that is hashed. Percent-encoding is three times as long.
pub(super) const MAX_TEXT: usize = 3 * MAX_PATH;

/// A transformation and a source that may have been signed. A signed version is part of
/// the source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct SignedParts {
    pub(super) steps: String,
    /// The percent-encoded public id and the extension, without a suffix.
    pub(super) source: String,
}

impl SignedParts {
    pub(super) fn new(steps: impl Into<String>, source: impl Into<String>) -> Self {
        Self {
            steps: steps.into(),
            source: source.into(),
        }
    }

    /// Applies a function to both parts.
    pub(super) fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self::new(change(&self.steps), change(&self.source))
    }

    pub(super) fn with_steps(&self, steps: impl Into<String>) -> Self {
        Self::new(steps, &*self.source)
    }

    pub(super) fn with_source(&self, source: impl Into<String>) -> Self {
        Self::new(&*self.steps, source)
    }

    pub(super) const fn len(&self) -> usize {
        self.steps.len() + "/".len() + self.source.len()
    }

    pub(super) fn has_percent(&self) -> bool {
        self.steps.contains('%') || self.source.contains('%')
    }

    /// The source without its extension, and the extension.
    pub(super) fn split_extension(&self) -> (&str, Option<&str>) {
        match self.source.rsplit_once('.') {
            Some((stem, extension)) if !extension.contains('/') => (stem, Some(extension)),
            _ => (&self.source, None),
        }
    }
}

/// Joins two texts with `/`, or returns the one that is not empty.
pub(super) fn join(first: &[u8], second: &[u8]) -> Vec<u8> {
    let separator: &[u8] = if first.is_empty() || second.is_empty() {
        b""
    } else {
        b"/"
    };
    [first, separator, second].concat()
}
