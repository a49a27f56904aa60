use super::TokenClaimsError;
use crate::cloudinary::path::segments::is_dot_segment;

/// What a token is for: all paths that an acl allows, or one URL.
///
/// An acl is sent with the token. A URL is signed, not sent: whoever verifies
/// has the request's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenScope<'a> {
    /// All paths that a pattern matches.
    Acl(&'a Acl),
    /// One URL: the path of a delivery URL, escaped as it is there, such as
    /// `/demo/image/authenticated/v1/a%20b.jpg`. It is signed as it stands.
    Url(&'a str),
}

/// Patterns of the paths that a token is for.
///
/// In a pattern, `*` is any run of characters, `/` among them; all others are
/// themselves. `!` can't be in one: it separates patterns, in a token as here.
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
    /// The patterns with `!` between them, not escaped. Elsewhere in
    /// `cloudinary`, this may be what the constructors refuse.
    pub(crate) joined: String,
}

impl Acl {
    /// One pattern, or several with `!` between them.
    ///
    /// # Errors
    ///
    /// - A pattern without a character.
    /// - Control characters.
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

    /// Several patterns, of which one has to match.
    ///
    /// # Errors
    ///
    /// - No patterns.
    /// - What [`new`](Self::new) refuses.
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

    /// The patterns, not escaped.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.joined.split('!')
    }

    /// Whether a pattern matches a path, which is taken as it stands: nothing
    /// is decode.
    ///
    /// A path with a segment `.` or `..`, escaped or not, is never allowed,
    /// since it leads elsewhere than it seems to.
    #[must_use]
    pub fn allows(&self, path: &str) -> bool {
        // What some server or client takes for `/` parts segments, too.
        let path_of_slashes = path
            .replace('\\', "/")
            .replace("%2F", "/")
            .replace("%2f", "/")
            .replace("%5C", "/")
            .replace("%5c", "/");
        !path_of_slashes
            .split('/')
            .any(|segment| is_dot_segment(segment.as_bytes()))
            && self.patterns().any(|pattern| matches(pattern, path))
    }
}

/// Takes the first place for each piece between stars, and the last piece from
/// the end. That is right whenever anything is, so nothing is tried twice.
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

    /// By trying all that a star could be.
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
    fn a_star_is_any_run_of_characters() {
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
    fn many_stars_take_no_longer_than_few() {
        let path = "a".repeat(100_000);
        let acl = Acl::new("a*".repeat(50_000) + "b").unwrap();
        assert!(!acl.allows(&path));
        let acl = Acl::new("*a".repeat(50_000)).unwrap();
        assert!(acl.allows(&path));
    }

    #[test]
    fn what_is_special_elsewhere_is_itself() {
        for pattern in ["/a?c", "/[a]", "/{a,b}", "/a.c", "/\\*", "/a%2fb", "/é"] {
            let acl = Acl::new(pattern).unwrap();
            assert!(acl.allows(pattern), "{pattern}");
            assert!(!acl.allows("/abc") && !acl.allows("/a") && !acl.allows("/a/b"));
        }
    }

    #[test]
    fn a_path_that_leads_elsewhere_is_not_allowed() {
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
    fn patterns_that_let_nobody_in_are_refused_by_position() {
        let none: [&str; 0] = [];
        for (acl, text) in [
            (Acl::any_of(none), "acl has no pattern"),
            (Acl::any_of([""]), "acl pattern 1 is empty"),
            (Acl::any_of(["/a", "", "/b"]), "acl pattern 2 is empty"),
            (Acl::any_of(["/a", "/b\n"]), "acl pattern 2 has '\\n'"),
            (Acl::new(""), "acl pattern 1 is empty"),
            (Acl::new("/a!"), "acl pattern 2 is empty"),
            (Acl::new("!/a"), "acl pattern 1 is empty"),
            (Acl::new("/a\0"), "acl pattern 1 has '\\0'"),
            (Acl::new("/\u{85}"), "acl pattern 1 has '\\u{85}'"),
        ] {
            assert_eq!(acl.unwrap_err().to_string(), text);
        }
    }
}
