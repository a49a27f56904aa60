//! The components of a path: transformation, version, source and suffix.
//!
//! A path does not always tell where its transformation ends. Parsing guesses;
//! verification tries all candidates.

use std::iter;
use std::ops::Range;

use super::grammar::{TypesLayout, after_step, is_suffix_char, is_version};
use super::percent_encoding::is_remote;
use super::segments::split_segment;

/// One way to split a path into its components.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct PathComponents<'a> {
    pub(crate) transformation: &'a str,
    pub(crate) version: Option<&'a str>,
    pub(crate) source: &'a str,
    pub(crate) suffix: Option<&'a str>,
    /// The text before the source, without the version.
    before: &'a str,
}

impl<'a> PathComponents<'a> {
    /// Takes all leading steps as the transformation, then an optional version,
    /// then the source.
    pub(crate) fn guess(path: &'a str, is_fetched: bool, layout: TypesLayout) -> Self {
        let remote = is_fetched.then(|| remote_start(path)).flatten();
        let components = if let Some(remote) = remote {
            let version = version_segment(path).filter(|version| version.end + 1 == remote);
            let steps_end = version.as_ref().map_or(remote, |version| version.start);
            Self::split_at(path, steps_end, version)
        } else {
            let steps_end = steps_end(path, 1);
            Self::split_at(path, steps_end, version_at(path, steps_end))
        };
        components
            .map(|components| match layout {
                // A public id and a suffix are two segments.
                TypesLayout::Suffixed => components
                    .with_suffix()
                    .or_else(|| Self::split_at(path, steps_end(path, 2), None)?.with_suffix())
                    .unwrap_or(components),
                _ => components,
            })
            .unwrap_or_default()
    }

    /// Splits a path after its steps and an optional version.
    fn split_at(path: &'a str, steps_end: usize, version: Option<Range<usize>>) -> Option<Self> {
        let before = path.get(..steps_end)?;
        let source = version
            .as_ref()
            .map_or(steps_end, |version| version.end + 1);
        Some(Self {
            transformation: before.strip_suffix('/').unwrap_or(before),
            version: version.and_then(|version| path.get(version.start + 1..version.end)),
            source: path.get(source..)?,
            suffix: None,
            before,
        })
    }

    /// Splits a path so that its source is the given one. In a URL with a suffix,
    /// the extension follows the suffix.
    pub(crate) fn with_source(path: &'a str, source: &str, is_suffixed: bool) -> Option<Self> {
        let mut length = source.len();
        if is_suffixed {
            let (_, last) = path.rsplit_once('/')?;
            length += "/".len() + last.split('.').next()?.len();
        }
        let start = path.len().checked_sub(length)?;
        let version = version_segment(path).filter(|version| version.end + 1 == start);
        let steps_end = version.as_ref().map_or(start, |version| version.start);
        let mut components = Self::split_at(path, steps_end, version)?;
        if !components.before.is_empty() && !components.before.ends_with('/') {
            return None;
        }
        // A transformation contains no step that looks like a version.
        if components.transformation.split('/').any(is_version) {
            return None;
        }
        if is_suffixed {
            components = components.with_suffix()?;
        }
        let [public_id, extension] = components.source_without_suffix();
        source
            .strip_prefix(public_id)
            .is_some_and(|rest| rest == extension)
            .then_some(components)
    }

    /// Returns all splits with different signed texts, each with its signed text in
    /// pieces.
    pub(crate) fn candidates(
        self,
        path: &'a str,
        layout: TypesLayout,
    ) -> impl Iterator<Item = ([&'a str; 3], Self)> + use<'a> {
        // Computed on demand: the first candidate is nearly always the right one.
        let version_unsigned = move || {
            if self.version.is_some() {
                return Some(self);
            }
            let version = version_segment(path)?;
            Self::split_at(path, version.start, Some(version))
        };
        let version_signed = move || {
            if self.version.is_none() {
                Some(self)
            } else {
                Self::split_at(path, steps_end(path, 1), None)
            }
        };
        iter::once_with(version_unsigned)
            .chain(iter::once_with(version_signed))
            .flatten()
            .flat_map(move |components| {
                // A public id and a suffix are two segments, even if they look
                // like steps.
                let suffixed = || {
                    components.with_suffix().or_else(|| {
                        let steps_end = steps_end(path, 2);
                        Self::split_at(path, steps_end, None)?
                            .with_suffix()
                            .filter(|_| components.version.is_none())
                    })
                };
                match layout {
                    TypesLayout::Full | TypesLayout::Short => [Some(components), None],
                    TypesLayout::Suffixed => [suffixed().or(Some(components)), None],
                    TypesLayout::Root => [Some(components), suffixed()],
                }
                .into_iter()
                .flatten()
                .map(|components| (components.signed_path(path), components))
            })
    }

    /// Takes the last segment, up to its first `.`, as the suffix. Returns `None`
    /// if the source has only one segment.
    fn with_suffix(self) -> Option<Self> {
        let (_, last) = self.source.rsplit_once('/')?;
        let suffix = last.split('.').next()?;
        if suffix.is_empty() || !suffix.chars().all(is_suffix_char) {
            return None;
        }
        Some(Self {
            suffix: Some(suffix),
            ..self
        })
    }

    /// Returns the source without the suffix, in two pieces.
    pub(crate) fn source_without_suffix(&self) -> [&'a str; 2] {
        self.suffix
            .and_then(|suffix| {
                let (public_id, last) = self.source.rsplit_once('/')?;
                Some([public_id, last.strip_prefix(suffix)?])
            })
            .unwrap_or([self.source, ""])
    }

    /// Returns the signed text: the whole path, or the pieces around the version
    /// and the suffix.
    fn signed_path(&self, path: &'a str) -> [&'a str; 3] {
        if self.version.is_none() && self.suffix.is_none() {
            return ["", path, ""];
        }
        let [public_id, extension] = self.source_without_suffix();
        [self.before, public_id, extension]
    }
}

/// Returns the start of the URL to fetch from.
fn remote_start(path: &str) -> Option<usize> {
    let mut start = 0;
    for segment in path.split('/') {
        let rest = path.get(start..)?;
        if is_remote(rest) {
            return Some(start);
        }
        start += segment.len() + 1;
    }
    None
}

/// Returns the end of the leading steps, including the `/` after them. The last
/// `reserved` segments, one or two, are never steps.
fn steps_end(path: &str, reserved: usize) -> usize {
    let mut rest = path.as_bytes();
    while let Some([b'/', after @ ..]) = after_step(rest) {
        if reserved > 1 && !after.contains(&b'/') {
            break;
        }
        rest = after;
    }
    path.len() - rest.len()
}

/// Returns the segment at a position if it is a version and another segment follows it.
fn version_at(path: &str, start: usize) -> Option<Range<usize>> {
    let (version, _) = split_segment(path.get(start..)?)?;
    is_version(version).then(|| start..start + version.len())
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that `split` requires"
)]
const fn is_slash(byte: &u8) -> bool {
    *byte == b'/'
}

/// Returns the first segment of `v` and digits that is followed by another segment
/// and is not part of a URL to fetch from.
fn version_segment(path: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for segment in path.as_bytes().split(is_slash) {
        let end = start + segment.len();
        // Few segments start with these letters: only those get an exact check.
        match segment {
            [b'v', ..] if path.get(start..end).is_some_and(is_version) && end < path.len() => {
                return Some(start..end);
            }
            [b'h', ..] if path.get(start..).is_some_and(is_remote) => return None,
            _ => start = end + 1,
        }
    }
    None
}
