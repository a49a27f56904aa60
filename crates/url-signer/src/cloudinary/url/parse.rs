use std::fmt;

use crate::ParseError;
use crate::cloudinary::account::hosts::is_shared;
use crate::cloudinary::asset::{Asset, AssetError};
use crate::cloudinary::path::components::PathComponents;
use crate::cloudinary::path::grammar::TypesLayout;
use crate::cloudinary::path::prefix::{PathPrefix, PathTypes, split_signature};
use crate::cloudinary::path::segments::{has_dot_segment, misleading_segment, split_segment};
use crate::cloudinary::path::types::{DeliveryType, ResourceType};

/// A delivery URL taken apart, borrowed from its text.
///
/// It is not verified: anybody may have written it.
/// [`Cloud::verify`](crate::cloudinary::Cloud::verify) tells what of it was signed.
///
/// A URL does not say where its transformation ends and its public id begins.
/// Here the transformation is the segments from the start that read as steps
/// (`a_90`, `c_fit,w_300`); a version may follow, `v` and digits; the rest,
/// and the last segment in any case, is the public id. So a folder `a_90`
/// without a version before it is taken for a step. Of the delivery type
/// `fetch`, the URL to fetch from begins at the first segment `http:` or
/// `https:`. Who knows the asset says so with [`interpret_as`](Self::interpret_as).
///
/// Nor does it always say whether a first segment is the account's name. Here
/// it is on `res.cloudinary.com`, and elsewhere where types or a signature
/// follow it. Who knows the account says so with
/// [`with_cloud_name`](Self::with_cloud_name).
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
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeliveryUrl<'a> {
    text: &'a str,
    is_secure: bool,
    host: &'a str,
    /// All of the path, without the `/` before it.
    whole_path: &'a str,
    cloud_name: Option<&'a str>,
    types: PathTypes<'a>,
    signature: Option<&'a str>,
    /// Transformation, version and source.
    path: &'a str,
    /// The same, with the signature before it.
    rest: &'a str,
    query: Option<&'a str>,
    components: PathComponents<'a>,
}

impl<'a> DeliveryUrl<'a> {
    /// Takes apart a URL of the form
    /// `https://<host>[/<cloud>][/<types>][/s--<signature>--][/<transformation>][/v<version>]/<source>[?<query>]`,
    /// in which the types are `<resource type>/<delivery type>`, `iu` for
    /// `image/upload`, or one of `images`, `private_images`,
    /// `authenticated_images`, `videos` and `files` where there is a suffix. A
    /// path without any is one of `image/upload`. A signature is 8 or 32
    /// characters of URL-safe base64; `s--…--` around anything else, or with
    /// nothing after it, is a name like any other.
    ///
    /// # Errors
    ///
    /// - White space, control characters, `\` or a fragment.
    /// - Another scheme than `http` and `https`, no host, or a user before it.
    /// - After cloud name, types and signature, what is missing, begins or ends with `/` (of a URL that
    ///   is fetched, only begins), or has a segment `.` or `..`.
    pub fn parse(text: &'a str) -> Result<Self, ParseError> {
        // Without a way out of the loop, so that it takes many bytes at once.
        let suspicious = text.bytes().fold(false, |found, byte| {
            found | !byte.is_ascii_graphic() | matches!(byte, b'\\' | b'#' | b'?')
        });
        let (url, query) = if suspicious {
            with_query(text)?
        } else {
            (text, None)
        };
        let (is_secure, rest) = [("https://", true), ("http://", false)]
            .into_iter()
            .find_map(|(scheme, is_secure)| Some((is_secure, url.strip_prefix(scheme)?)))
            .ok_or(problem("it begins with neither `https://` nor `http://`"))?;
        let (host, whole_path) = split_segment(rest)
            .filter(|(host, _)| !host.is_empty() && !host.contains('@'))
            .ok_or(problem("it has no host and path"))?;
        let front = PathPrefix::of(whole_path, is_shared(host));
        Self {
            text,
            is_secure,
            host,
            whole_path,
            cloud_name: front.cloud_name,
            types: front.types,
            signature: None,
            path: front.rest,
            rest: front.rest,
            query,
            components: PathComponents::default(),
        }
        .with_path()
    }

    /// The same URL with what follows cloud name and types taken apart.
    fn with_path(self) -> Result<Self, ParseError> {
        let (signature, path) = split_signature(self.rest);
        if path.is_empty() {
            return Err(problem("it has no public id"));
        }
        let is_fetched = self.types.delivery_type == "fetch";
        let components = PathComponents::guess(path, is_fetched, self.types.layout);
        let misleading = if is_fetched && path.ends_with('/') && !path.starts_with('/') {
            has_dot_segment(path)
        } else {
            misleading_segment(path)
        };
        if let Some(misleading) = misleading {
            return Err(problem(misleading));
        }
        Ok(Self {
            signature,
            path,
            components,
            ..self
        })
    }

    /// The URL read as one of this account: its first segment is the
    /// account's name if it is this one, and otherwise there is none.
    ///
    /// ```
    /// use url_signer::cloudinary::DeliveryUrl;
    ///
    /// let url = DeliveryUrl::parse("https://img.example.org/demo/photo.jpg")?;
    /// assert_eq!(url.source(), "demo/photo.jpg");
    /// let url = url.with_cloud_name("demo")?;
    /// assert_eq!(url.source(), "photo.jpg");
    /// # Ok::<(), url_signer::ParseError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - What [`parse`](Self::parse) refuses of the path that is left.
    pub fn with_cloud_name(self, cloud_name: &str) -> Result<Self, ParseError> {
        let (cloud_name, rest) = match split_segment(self.whole_path) {
            Some((first, rest)) if first == cloud_name => (Some(first), rest),
            _ => (None, self.whole_path),
        };
        let (types, rest) = PathTypes::of(rest);
        Self {
            cloud_name,
            types,
            rest,
            ..self
        }
        .with_path()
    }

    /// The URL read as one of this asset, in whatever version, or `None` if it
    /// is not one.
    ///
    /// ```
    /// use url_signer::cloudinary::{Asset, DeliveryUrl};
    ///
    /// let url = DeliveryUrl::parse("https://res.cloudinary.com/demo/image/upload/a_90/photo.jpg")?;
    /// assert_eq!(url.transformation(), "a_90");
    /// let url = url.interpret_as(&Asset::new("a_90/photo.jpg")?).ok_or("another asset")?;
    /// assert_eq!(url.transformation(), "");
    /// assert_eq!(url.source(), "a_90/photo.jpg");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn interpret_as(self, asset: &Asset) -> Option<Self> {
        if self.types.resource_type != asset.resource_type()
            || self.types.delivery_type != asset.delivery_type().as_str()
        {
            return None;
        }
        let forms: &[bool] = match self.types.layout {
            TypesLayout::Full | TypesLayout::Short => &[false],
            TypesLayout::Suffixed => &[true],
            TypesLayout::Root => &[false, true],
        };
        let read = |url: Self| {
            let split =
                |suffixed: &bool| PathComponents::of_source(url.path, asset.source(), *suffixed);
            let components = forms.iter().find_map(split)?;
            Some(Self { components, ..url })
        };
        // What looks like a signature may be a folder of this asset's.
        read(self).or_else(|| {
            read(Self {
                signature: None,
                path: self.rest,
                ..self
            })
        })
    }

    /// Whether its scheme is `https`.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Host, and port if there is one.
    #[must_use]
    pub const fn host(&self) -> &'a str {
        self.host
    }

    /// All between the host and the query, with the `/` before it. This is
    /// what a token is for.
    #[must_use]
    pub fn path(&self) -> &'a str {
        let end = self.query.map_or(0, |query| query.len() + 1);
        let url = self.text.len() - end;
        self.text
            .get(url - self.whole_path.len() - 1..url)
            .unwrap_or_default()
    }

    /// Name of the account, if the path has it.
    #[must_use]
    pub const fn cloud_name(&self) -> Option<&'a str> {
        self.cloud_name
    }

    /// The kind of file. No part of what is signed.
    #[must_use]
    pub const fn resource_type(&self) -> ResourceType {
        self.types.resource_type
    }

    /// Where the file comes from, and who may fetch it. No part of what is signed.
    #[must_use]
    pub const fn delivery_type(&self) -> &'a str {
        self.types.delivery_type
    }

    /// Whether the types of the file stand in the path. A path without them is
    /// read as one of `image/upload`, and so is that of any URL on any host.
    #[must_use]
    pub const fn has_types(&self) -> bool {
        !matches!(self.types.layout, TypesLayout::Root)
    }

    /// The characters between `s--` and `--`, if the URL has them.
    #[must_use]
    pub const fn signature(&self) -> Option<&'a str> {
        self.signature
    }

    /// The transformation's steps; empty if there are none.
    #[must_use]
    pub const fn transformation(&self) -> &'a str {
        self.components.transformation
    }

    /// The digits of the version, if the URL has one. No part of what is signed.
    #[must_use]
    pub const fn version(&self) -> Option<&'a str> {
        self.components.version
    }

    /// Escaped public id and extension, and between them the suffix if there is one.
    #[must_use]
    pub const fn source(&self) -> &'a str {
        self.components.source
    }

    /// The suffix, if the URL is known to have one: a URL without types does
    /// not say. No part of what is signed.
    #[must_use]
    pub const fn suffix(&self) -> Option<&'a str> {
        self.components.suffix
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
    /// - A source that [`Asset::new`] or [`Asset::fetch`] refuses.
    /// - A version with leading zeros, or beyond 64 bits.
    pub fn to_asset(&self) -> Result<Asset, AssetError> {
        let [public_id, extension] = self.components.unsuffixed();
        // What was parsed has a type that can be.
        let delivery_type = self.delivery_type().parse().unwrap_or(DeliveryType::Upload);
        let asset = Asset::from_url(&[public_id, extension].concat(), delivery_type)?
            .with_resource_type(self.resource_type());
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

    /// What may have been signed, in pieces, each with the URL read that way:
    /// the path with and without its first segment that could be a version,
    /// and with and without what could be a suffix.
    pub(crate) fn candidates(self) -> impl Iterator<Item = ([&'a str; 3], Self)> + use<'a> {
        self.components
            .candidates(self.path, self.types.layout)
            .map(move |(signed, components)| {
                let url = Self { components, ..self };
                (signed, url)
            })
    }
}

impl fmt::Display for DeliveryUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// Shows the URL up to the query: a token in it lets in whoever reads it.
impl fmt::Debug for DeliveryUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (url, query) = with_query_hidden(self.text);
        write!(f, "DeliveryUrl({url}{query})")
    }
}

/// A URL in two pieces, the second of which stands for a query.
pub(crate) fn with_query_hidden(url: &str) -> (&str, &'static str) {
    match url.split_once('?') {
        Some((url, _)) => (url, "?.."),
        None => (url, ""),
    }
}

/// A URL and its query, if nothing in it can't stand in a URL.
fn with_query(text: &str) -> Result<(&str, Option<&str>), ParseError> {
    // Clients take a backslash for a slash.
    let breaks = |char: char| char.is_whitespace() || char.is_control() || char == '\\';
    if text.contains(breaks) {
        return Err(problem("it has white space, a control character or `\\`"));
    }
    if text.contains('#') {
        return Err(problem("it has a fragment"));
    }
    Ok(match text.split_once('?') {
        Some((url, query)) => (url, Some(query)),
        None => (text, None),
    })
}

const fn problem(problem: &'static str) -> ParseError {
    ParseError::new("delivery url", problem)
}
