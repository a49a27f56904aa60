use std::fmt;
use std::ops::Range;

use super::slashes::misleading_segment;
use super::transformation::is_version;
use super::{Asset, AssetError, DeliveryType, ResourceType};
use crate::ParseError;

/// The names of the provider's transformation parameters.
const PARAMETERS: &[&str] = &[
    "a", "ac", "af", "ar", "b", "bo", "br", "c", "co", "cs", "d", "dl", "dn", "dpr", "du", "e",
    "eo", "f", "fl", "fn", "fps", "g", "h", "if", "ki", "l", "o", "p", "pg", "q", "r", "so", "sp",
    "t", "u", "vc", "vs", "w", "x", "y", "z",
];

/// A delivery URL taken apart, borrowed from its text.
///
/// It is not verified: anybody may have written it.
/// [`Cloud::verify`](super::Cloud::verify) tells what of it was signed.
///
/// A URL does not say where its transformation ends and its public id begins.
/// Here the transformation is the segments from the start that read as steps
/// (`a_90`, `c_fit,w_300`); a version may follow, `v` and digits; the rest,
/// and the last segment in any case, is the public id. So a folder `a_90`
/// without a version before it is taken for a step.
///
/// ```
/// use url_signer::cloudinary::DeliveryUrl;
///
/// let text = "https://res.cloudinary.com/demo/image/authenticated/s--Wxz5KfuS--/c_fit,w_300/v12/a/b.jpg";
/// let url = DeliveryUrl::parse(text)?;
/// assert_eq!(url.cloud_name(), Some("demo"));
/// assert_eq!(url.signature(), Some("Wxz5KfuS"));
/// assert_eq!(url.transformation(), "c_fit,w_300");
/// assert_eq!(url.version(), Some("12"));
/// assert_eq!(url.source(), "a/b.jpg");
/// assert_eq!(url.to_string(), text);
/// # Ok::<(), url_signer::ParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeliveryUrl<'a> {
    text: &'a str,
    host: &'a str,
    cloud_name: Option<&'a str>,
    resource_type: ResourceType,
    delivery_type: DeliveryType,
    signature: Option<&'a str>,
    /// Transformation, version and source.
    path: &'a str,
    query: Option<&'a str>,
    split: Split<'a>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Split<'a> {
    transformation: &'a str,
    version: Option<&'a str>,
    source: &'a str,
}

impl<'a> DeliveryUrl<'a> {
    /// Takes apart a URL of the form
    /// `https://<host>[/<cloud>]/<resource type>/<delivery type>[/s--<signature>--][/<transformation>][/v<version>]/<source>[?<query>]`.
    ///
    /// # Errors
    ///
    /// - White space, control characters or a fragment.
    /// - Another scheme than `http` and `https`, or no host.
    /// - A resource type or delivery type that is missing or not known.
    /// - A segment `s--…--` whose signature is not 8 or 32 characters of
    ///   URL-safe base64.
    /// - After those, what is missing, begins or ends with `/`, or has a segment
    ///   `.` or `..`.
    pub fn parse(text: &'a str) -> Result<Self, ParseError> {
        let problem = |problem| ParseError::new("delivery url", problem);
        if text.contains(|char: char| char.is_whitespace() || char.is_control()) {
            return Err(problem("it has white space or a control character"));
        }
        if text.contains('#') {
            return Err(problem("it has a fragment"));
        }
        let (url, query) = match text.split_once('?') {
            Some((url, query)) => (url, Some(query)),
            None => (text, None),
        };
        let (host, path) = ["https://", "http://"]
            .into_iter()
            .find_map(|scheme| url.strip_prefix(scheme))
            .ok_or(problem("it begins with neither `https://` nor `http://`"))?
            .split_once('/')
            .filter(|(host, _)| !host.is_empty())
            .ok_or(problem("it has no host and path"))?;
        let (cloud_name, types) = split_cloud_name(path).ok_or(problem(
            "its path does not begin with a resource type that is known",
        ))?;
        let mut types = types.splitn(3, '/');
        let resource_type = types.next().unwrap_or_default().parse()?;
        let delivery_type = types
            .next()
            .unwrap_or_default()
            .parse()
            .map_err(|_| problem("its delivery type is not known"))?;
        let rest = types.next().unwrap_or_default();
        let (signature, path) = split_signature(rest)
            .ok_or(problem("its signature is not 8 or 32 url-safe characters"))?;
        if path.is_empty() {
            return Err(problem("it has no public id"));
        }
        if let Some(misleading) = misleading_segment(path) {
            return Err(problem(misleading));
        }
        Ok(Self {
            text,
            host,
            cloud_name,
            resource_type,
            delivery_type,
            signature,
            path,
            query,
            split: Split::guess(path),
        })
    }

    /// Host, and port if there is one.
    #[must_use]
    pub const fn host(&self) -> &'a str {
        self.host
    }

    /// Name of the account, if the path has it.
    #[must_use]
    pub const fn cloud_name(&self) -> Option<&'a str> {
        self.cloud_name
    }

    /// The kind of file. No part of what is signed.
    #[must_use]
    pub const fn resource_type(&self) -> ResourceType {
        self.resource_type
    }

    /// Who may fetch it. No part of what is signed.
    #[must_use]
    pub const fn delivery_type(&self) -> DeliveryType {
        self.delivery_type
    }

    /// The characters between `s--` and `--`, if the URL has them.
    #[must_use]
    pub const fn signature(&self) -> Option<&'a str> {
        self.signature
    }

    /// The transformation's steps; empty if there are none.
    #[must_use]
    pub const fn transformation(&self) -> &'a str {
        self.split.transformation
    }

    /// The digits of the version, if the URL has one. No part of what is signed.
    #[must_use]
    pub const fn version(&self) -> Option<&'a str> {
        self.split.version
    }

    /// Escaped public id and extension.
    #[must_use]
    pub const fn source(&self) -> &'a str {
        self.split.source
    }

    /// What follows a `?`, if there is one. No part of what is signed.
    #[must_use]
    pub const fn query(&self) -> Option<&'a str> {
        self.query
    }

    /// The asset that it delivers, to be signed anew.
    ///
    /// A URL does not say where the public id ends and the extension begins,
    /// so the extension is part of this asset's public id.
    ///
    /// # Errors
    ///
    /// - A source that [`Asset::new`] refuses.
    /// - A version with leading zeros, or beyond 64 bits.
    pub fn asset(&self) -> Result<Asset, AssetError> {
        let asset = Asset::from_collapsed(self.source())?
            .with_resource_type(self.resource_type)
            .with_delivery_type(self.delivery_type);
        let Some(digits) = self.version() else {
            return Ok(asset);
        };
        match digits.parse::<u64>() {
            Ok(version) if digits == "0" || !digits.starts_with('0') => {
                Ok(asset.with_version(version))
            }
            _ => Err(AssetError::Version(digits.to_owned())),
        }
    }

    /// What may have been signed: all of the path, and all but its first
    /// segment that could be a version. Each comes in two pieces, and with
    /// the URL read that way.
    pub(super) fn readings(self) -> impl Iterator<Item = ([&'a str; 2], Self)> + use<'a> {
        let Self { path, .. } = self;
        let whole = ([path, ""], Split::without_version(path));
        let versioned = version_segment(path).and_then(|range| {
            let (before, after) = (path.get(..range.start)?, path.get(range.end + 1..)?);
            Some(([before, after], Split::at_version(path, &range)?))
        });
        [Some(whole), versioned]
            .into_iter()
            .flatten()
            .map(move |(signed, split)| (signed, Self { split, ..self }))
    }
}

impl fmt::Display for DeliveryUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// Splits off the cloud's name, if the path has one before its types. `None`
/// if neither its first nor its second segment is a resource type.
fn split_cloud_name(path: &str) -> Option<(Option<&str>, &str)> {
    let is_resource_type = |segment: &str| segment.parse::<ResourceType>().is_ok();
    let mut segments = path.splitn(3, '/');
    let first = segments.next()?;
    // A cloud may have the name of a resource type: the second decides.
    if segments.next().is_some_and(is_resource_type) {
        return Some((Some(first), path.get(first.len() + 1..)?));
    }
    is_resource_type(first).then_some((None, path))
}

/// Splits off `s--<signature>--/`, by length: a signature may itself begin or
/// end with `-`. `None` if there is one that is no signature.
fn split_signature(path: &str) -> Option<(Option<&str>, &str)> {
    let (segment, rest) = path.split_once('/').unwrap_or((path, ""));
    let Some(inner) = segment.strip_prefix("s--") else {
        return Some((None, path));
    };
    let Some(signature) = inner.strip_suffix("--") else {
        return Some((None, path));
    };
    let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let fits = matches!(signature.len(), 8 | 32) && signature.bytes().all(url_safe);
    fits.then_some((Some(signature), rest))
}

impl<'a> Split<'a> {
    /// Steps from the start, then a version, then the source.
    fn guess(path: &'a str) -> Self {
        let steps = steps_end(path);
        version_segment(path)
            .filter(|version| version.start == steps)
            .and_then(|version| Self::at_version(path, &version))
            .unwrap_or_else(|| Self::without_version(path))
    }

    fn without_version(path: &'a str) -> Self {
        let (steps, source) = path.split_at_checked(steps_end(path)).unwrap_or(("", path));
        Self {
            transformation: steps.strip_suffix('/').unwrap_or(steps),
            version: None,
            source,
        }
    }

    fn at_version(path: &'a str, version: &Range<usize>) -> Option<Self> {
        let before = path.get(..version.start)?;
        Some(Self {
            transformation: before.strip_suffix('/').unwrap_or(before),
            version: path.get(version.start + 1..version.end),
            source: path.get(version.end + 1..)?,
        })
    }
}

/// Where the steps from the start of a path end, the `/` after them included.
fn steps_end(path: &str) -> usize {
    let mut end = 0;
    for segment in path.split('/') {
        let after = end + segment.len() + 1;
        // The last segment is never a step.
        if after > path.len() || !is_step(segment) {
            break;
        }
        end = after;
    }
    end
}

/// The first segment of `v` and digits that has another one after it.
fn version_segment(path: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for segment in path.split('/') {
        let end = start + segment.len();
        if is_version(segment) && end < path.len() {
            return Some(start..end);
        }
        start = end + 1;
    }
    None
}

/// Whether a segment reads as a step: parameters with values, joined with `,`.
fn is_step(segment: &str) -> bool {
    let is_parameter = |parameter: &str| {
        parameter.is_empty()
            || parameter.split_once('_').is_some_and(|(name, value)| {
                !value.is_empty() && (name.starts_with('$') || PARAMETERS.contains(&name))
            })
    };
    let mut parameters = segment.split(',');
    parameters.any(|parameter| !parameter.is_empty()) && segment.split(',').all(is_parameter)
}
