use std::fmt;
use std::str::FromStr;

use super::error::TokenClaimsError;
use crate::cloudinary::path::segments::is_dot_segment;

/// The scope of a token: the paths that an acl allows, or one URL.
///
/// A token contains its acl. It does not contain its URL, although the signature covers
/// the URL. A verifier therefore takes the path of the URL from the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenScope<'a> {
    /// All paths that a pattern of the acl matches.
    Acl(&'a Acl),
    /// One URL, given by the percent-encoded path of a delivery URL, such as
    /// `/demo/image/authenticated/v1/a%20b.jpg`. The path is signed as given.
    Path(&'a str),
}

/// An access control list: patterns of the paths that a token grants access to.
///
/// In a pattern, `*` matches any number of characters, including `/`. Every other character
/// matches itself. `!` separates patterns, so no pattern contains it.
///
/// ```
/// use url_signer::cloudinary::Acl;
///
/// let acl = Acl::any_of(["/demo/image/*", "/demo/video/*/clip.mp4"])?;
/// assert!(acl.allows("/demo/image/upload/v1/sample.jpg"));
/// assert!(!acl.allows("/demo/video/upload/v1/other.mp4"));
/// assert_eq!(acl, Acl::new("/demo/image/*!/demo/video/*/clip.mp4")?);
/// # Ok::<(), url_signer::cloudinary::TokenClaimsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Acl {
    /// The patterns, separated by `!` and not encoded. Other modules of
    /// `cloudinary` may store patterns that the constructors reject.
    pub(crate) joined: String,
}

impl Acl {
    /// Creates an acl from one pattern, or several patterns separated by `!`.
    ///
    /// # Errors
    ///
    /// - An empty pattern.
    /// - A control character.
    pub fn new(pattern: impl Into<String>) -> Result<Self, TokenClaimsError> {
        let joined = pattern.into();
        for (pattern, position) in joined.split('!').zip(1..) {
            if pattern.is_empty() {
                return Err(TokenClaimsError::EmptyPattern(position));
            }
            if let Some(char) = pattern.chars().find(|char| char.is_control()) {
                return Err(TokenClaimsError::Pattern(position, char));
            }
        }
        Ok(Self { joined })
    }

    /// Creates an acl from several patterns. A path is allowed if any pattern
    /// matches it.
    ///
    /// # Errors
    ///
    /// - No patterns.
    /// - A pattern that is invalid for [`new`](Self::new).
    pub fn any_of<P: AsRef<str>>(
        patterns: impl IntoIterator<Item = P>,
    ) -> Result<Self, TokenClaimsError> {
        let mut patterns = patterns.into_iter();
        let first = patterns.next().ok_or(TokenClaimsError::NoPattern)?;
        let mut joined = first.as_ref().to_owned();
        for pattern in patterns {
            joined.push('!');
            joined.push_str(pattern.as_ref());
        }
        Self::new(joined)
    }

    /// Returns the patterns as they were given to the constructor.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.joined.split('!')
    }

    /// Returns whether a pattern matches a path. The path is not percent-decoded.
    ///
    /// A path with a dot segment is never allowed, because clients and servers resolve
    /// it to another path. This includes percent-encoded dot segments.
    #[must_use]
    pub fn allows(&self, path: &str) -> bool {
        // Some servers and clients treat these as `/` as well.
        let with_slashes = path
            .replace('\\', "/")
            .replace("%2F", "/")
            .replace("%2f", "/")
            .replace("%5C", "/")
            .replace("%5c", "/");
        !with_slashes
            .split('/')
            .any(|segment| is_dot_segment(segment.as_bytes()))
            && self.patterns().any(|pattern| matches(pattern, path))
    }
}

impl FromStr for Acl {
    type Err = TokenClaimsError;

    /// Equivalent to [`Acl::new`].
    fn from_str(pattern: &str) -> Result<Self, TokenClaimsError> {
        Self::new(pattern)
    }
}

/// Writes the patterns, separated by `!` and without percent-encoding.
impl fmt::Display for Acl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.joined.fmt(f)
    }
}

/// Matches a pattern in linear time, without backtracking: each piece between
/// stars takes its first occurrence, and the last piece is matched at the end. If
/// any assignment of the stars matches, this assignment matches.
fn matches(pattern: &str, path: &str) -> bool {
    let Some((first, pattern)) = pattern.split_once('*') else {
        return pattern == path;
    };
    let (middle, last) = pattern.rsplit_once('*').unwrap_or(("", pattern));
    let between = path
        .strip_prefix(first)
        .and_then(|path| path.strip_suffix(last));
    let after_middle = between.and_then(|between| {
        middle
            .split('*')
            .try_fold(between, |rest, piece| Some(rest.split_once(piece)?.1))
    });
    after_middle.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tries every length of every star.
    fn matches_by_trial(pattern: &[char], path: &[char]) -> bool {
        match (pattern, path) {
            ([], []) => true,
            (['*', pattern @ ..], _) => {
                (0..=path.len()).any(|taken| matches_by_trial(pattern, &path[taken..]))
            }
            ([char, pattern @ ..], [first, path @ ..]) if char == first => {
                matches_by_trial(pattern, path)
            }
            _ => false,
        }
    }

    fn texts(alphabet: [char; 3], longest: u32) -> Vec<Vec<char>> {
        (0..=longest)
            .flat_map(|length| {
                (0..3_usize.pow(length)).map(move |number| {
                    (0..length)
                        .map(|place| alphabet[number / 3_usize.pow(place) % 3])
                        .collect()
                })
            })
            .collect()
    }

    #[test]
    fn a_star_matches_any_characters() {
        let paths = texts(['a', 'b', '/'], 5);
        for pattern in texts(['a', 'b', '*'], 5) {
            let text: String = pattern.iter().collect();
            for path in &paths {
                assert_eq!(
                    matches(&text, &path.iter().collect::<String>()),
                    matches_by_trial(&pattern, path),
                    "{text} {path:?}"
                );
            }
        }
    }

    #[test]
    fn many_stars_are_matched_in_linear_time() {
        let path = "a".repeat(100_000);
        let acl = Acl::new("a*".repeat(50_000) + "b").unwrap();
        assert!(!acl.allows(&path));
        let acl = Acl::new("*a".repeat(50_000)).unwrap();
        assert!(acl.allows(&path));
    }

    #[test]
    fn other_glob_characters_are_literal() {
        for pattern in ["/a?c", "/[a]", "/{a,b}", "/a.c", "/\\*", "/a%2fb", "/é"] {
            let acl = Acl::new(pattern).unwrap();
            assert!(acl.allows(pattern), "{pattern}");
            assert!(!acl.allows("/abc") && !acl.allows("/a") && !acl.allows("/a/b"));
        }
    }

    #[test]
    fn paths_with_dot_segments_are_not_allowed() {
        let acl = Acl::new("/demo/image/*").unwrap();
        for path in [
            "/demo/image/../video/a",
            "/demo/image/%2e%2E/video/a",
            "/demo/image/.%2e/a",
            "/demo/image/./a",
            "/demo/image/..",
        ] {
            assert!(!acl.allows(path), "{path}");
        }
        assert!(acl.allows("/demo/image/...") && acl.allows("/demo/image/a..b/.c"));
    }

    #[test]
    fn invalid_patterns_are_rejected_by_position() {
        let none: [&str; 0] = [];
        for (acl, text) in [
            (Acl::any_of(none), "acl has no pattern"),
            (Acl::any_of([""]), "acl pattern 1 is empty"),
            (Acl::any_of(["/a", "", "/b"]), "acl pattern 2 is empty"),
            (
                Acl::any_of(["/a", "/b\n"]),
                "unexpected '\\n' in acl pattern 2",
            ),
            (Acl::new(""), "acl pattern 1 is empty"),
            (Acl::new("/a!"), "acl pattern 2 is empty"),
            (Acl::new("!/a"), "acl pattern 1 is empty"),
            (Acl::new("/a\0"), "unexpected '\\0' in acl pattern 1"),
            (Acl::new("/\u{85}"), "unexpected '\\u{85}' in acl pattern 1"),
        ] {
            assert_eq!(acl.unwrap_err().to_string(), text);
        }
    }
}
