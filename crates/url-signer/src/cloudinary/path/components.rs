//! Where in a path transformation, version, source and suffix begin and end.

use std::iter;
use std::ops::Range;

use crate::cloudinary::path::grammar::{TypesLayout, is_step_bytes, is_suffix_char, is_version};
use crate::cloudinary::path::percent_encoding::is_remote;

/// One reading of a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct PathComponents<'a> {
    pub(crate) transformation: &'a str,
    pub(crate) version: Option<&'a str>,
    pub(crate) source: &'a str,
    pub(crate) suffix: Option<&'a str>,
    /// What stands before the source, less the version.
    before: &'a str,
}

impl<'a> PathComponents<'a> {
    /// Steps from the start, then a version, then the source.
    pub(crate) fn guess(path: &'a str, is_fetched: bool, layout: TypesLayout) -> Self {
        let version = version_segment(path);
        let remote = is_fetched.then(|| remote_start(path)).flatten();
        let split = if let Some(remote) = remote {
            let version = version.filter(|version| version.end + 1 == remote);
            let steps = version.as_ref().map_or(remote, |version| version.start);
            Self::at(path, steps, version)
        } else {
            let steps = steps_end(path, 1);
            Self::at(
                path,
                steps,
                version.filter(|version| version.start == steps),
            )
        };
        split
            .map(|split| match layout {
                // A public id and a suffix are two segments.
                TypesLayout::Suffixed => split
                    .with_suffix()
                    .or_else(|| Self::at(path, steps_end(path, 2), None)?.with_suffix())
                    .unwrap_or(split),
                _ => split,
            })
            .unwrap_or_default()
    }

    /// Steps up to there, then a version if it is given, then the source.
    fn at(path: &'a str, steps: usize, version: Option<Range<usize>>) -> Option<Self> {
        let before = path.get(..steps)?;
        let source = version.as_ref().map_or(steps, |version| version.end + 1);
        Some(Self {
            transformation: before.strip_suffix('/').unwrap_or(before),
            version: version.and_then(|version| path.get(version.start + 1..version.end)),
            source: path.get(source..)?,
            suffix: None,
            before,
        })
    }

    /// The reading in which the source is a given one, which has its extension
    /// after the suffix if there is one.
    pub(crate) fn of_source(path: &'a str, source: &str, suffixed: bool) -> Option<Self> {
        let mut length = source.len();
        if suffixed {
            let (_, last) = path.rsplit_once('/')?;
            length += "/".len() + last.split('.').next()?.len();
        }
        let start = path.len().checked_sub(length)?;
        let version = version_segment(path).filter(|version| version.end + 1 == start);
        let steps = version.as_ref().map_or(start, |version| version.start);
        let mut split = Self::at(path, steps, version)?;
        if !split.before.is_empty() && !split.before.ends_with('/') {
            return None;
        }
        // A transformation has no step that reads as a version.
        if split.transformation.split('/').any(is_version) {
            return None;
        }
        if suffixed {
            split = split.with_suffix()?;
        }
        let [public_id, extension] = split.unsuffixed();
        source
            .strip_prefix(public_id)
            .is_some_and(|rest| rest == extension)
            .then_some(split)
    }

    /// All candidates in which something else would have been signed.
    pub(crate) fn candidates(
        self,
        path: &'a str,
        layout: TypesLayout,
    ) -> impl Iterator<Item = ([&'a str; 3], Self)> + use<'a> {
        // Each only once it is asked for. A version is seldom signed.
        let versioned = move || {
            if self.version.is_some() {
                return Some(self);
            }
            let version = version_segment(path)?;
            Self::at(path, version.start, Some(version))
        };
        let whole = move || {
            if self.version.is_none() {
                Some(self)
            } else {
                Self::at(path, steps_end(path, 1), None)
            }
        };
        iter::once_with(versioned)
            .chain(iter::once_with(whole))
            .flatten()
            .flat_map(move |split| {
                // A public id and a suffix are two segments, steps or not.
                let suffixed = || {
                    split.with_suffix().or_else(|| {
                        let steps = steps_end(path, 2);
                        Self::at(path, steps, None)?
                            .with_suffix()
                            .filter(|_| split.version.is_none())
                    })
                };
                match layout {
                    TypesLayout::Full | TypesLayout::Short => [Some(split), None],
                    TypesLayout::Suffixed => [suffixed().or(Some(split)), None],
                    TypesLayout::Root => [Some(split), suffixed()],
                }
                .into_iter()
                .flatten()
                .map(|split| (split.signed(path), split))
            })
    }

    /// The last segment up to its first `.` taken for a suffix; `None` if the
    /// source has but one segment.
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

    /// The source without a suffix, in two pieces.
    pub(crate) fn unsuffixed(&self) -> [&'a str; 2] {
        self.suffix
            .and_then(|suffix| {
                let (public_id, last) = self.source.rsplit_once('/')?;
                Some([public_id, last.strip_prefix(suffix)?])
            })
            .unwrap_or([self.source, ""])
    }

    /// What is signed in this reading of a path: all of it, in one piece, or
    /// what is left of it.
    fn signed(&self, path: &'a str) -> [&'a str; 3] {
        if self.version.is_none() && self.suffix.is_none() {
            return ["", path, ""];
        }
        let [public_id, extension] = self.unsuffixed();
        [self.before, public_id, extension]
    }
}

/// Where the URL to fetch from begins.
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

/// Where the steps from the start of a path end, the `/` after them included.
/// So many last segments are never steps.
fn steps_end(path: &str, others: usize) -> usize {
    let mut segments = path.as_bytes().rsplitn(others + 1, is_slash);
    let candidates = segments.nth(others).unwrap_or_default();
    candidates
        .split(is_slash)
        .take_while(|segment| is_step_bytes(segment))
        .map(|step| step.len() + 1)
        .sum()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what splits take")]
const fn is_slash(byte: &u8) -> bool {
    *byte == b'/'
}

/// The first segment of `v` and digits that has another one after it, and is
/// no part of a URL to fetch from.
fn version_segment(path: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for segment in path.as_bytes().split(is_slash) {
        let end = start + segment.len();
        // Few segments begin so, and only those are looked at closer.
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
