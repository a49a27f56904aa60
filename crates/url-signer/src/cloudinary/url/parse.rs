use std::fmt;

use crate::cloudinary::account::hosts::is_shared;
use crate::cloudinary::asset::{Asset, AssetError};
use crate::cloudinary::path::components::PathComponents;
use crate::cloudinary::path::grammar::{TypesLayout, is_version};
use crate::cloudinary::path::prefix::{PathPrefix, PathTypes, split_signature};
use crate::cloudinary::path::segments::{dot_segment, misleading_segment, split_segment};
use crate::cloudinary::path::types::{DeliveryType, ResourceType};
use crate::error::ParseError;

/// The parsed parts of a delivery URL, borrowed from its text.
///
/// The parts are not verified: anybody may have written the URL.
/// [`Cloud::verify`](crate::cloudinary::Cloud::verify) verifies it.
///
/// A URL does not tell where its transformation ends and its public id starts.
/// [`parse`](Self::parse) takes all leading segments that look like steps of a
/// transformation (`a_90`, `c_fit,w_300`) as the transformation, then an optional
/// version (`v` and digits), and the rest as the public id. The last segment always
/// belongs to the public id. In a URL without a version, `parse` therefore mistakes a
/// first folder `a_90` for a step. If you know the asset, call
/// [`interpret_as`](Self::interpret_as).
///
/// A URL does not always tell whether its first segment is a cloud name. On
/// `res.cloudinary.com`, `parse` always takes the first segment as the cloud name. On
/// other hosts, it does so only if the types (such as `image/upload`) or a signature
/// follow. If you know the account, call [`with_cloud_name`](Self::with_cloud_name).
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
    authority: &'a str,
    /// The path without its leading `/`.
    whole_path: &'a str,
    cloud_name: Option<&'a str>,
    types: PathTypes<'a>,
    /// The path after the types.
    after_types: &'a str,
    signature: Option<&'a str>,
    /// The path after the signature: transformation, version and source.
    path: &'a str,
    components: PathComponents<'a>,
    query: Option<&'a str>,
}

impl<'a> DeliveryUrl<'a> {
    /// Parses a delivery URL:
    /// `https://<host>[/<cloud>][/<types>][/s--<signature>--][/<transformation>][/v<version>]/<source>[?<query>]`.
    ///
    /// The *types* are `<resource type>/<delivery type>`, or `iu` for `image/upload`. In a
    /// URL with a suffix, they are one of `images`, `private_images`,
    /// `authenticated_images`, `videos` and `files`. A path without types is parsed as
    /// `image/upload`.
    ///
    /// A signature is 8 or 32 characters of URL-safe base64. A segment `s--…--` with any
    /// other content is part of the public id. The last segment of the path is part of the
    /// public id even if it has the form of a signature.
    ///
    /// # Errors
    ///
    /// - White space, control characters, `\` or a fragment.
    /// - A scheme other than `http` and `https`, a missing host, or user information.
    /// - A missing public id.
    /// - A transformation or a public id that starts with `/` or contains a dot segment.
    /// - A `/` at the end of the path, except with the delivery type `fetch`.
    pub fn parse(text: &'a str) -> Result<Self, ParseError> {
        // Without an early exit, the compiler vectorizes this loop.
        let needs_check = text.bytes().fold(false, |found, byte| {
            found | !byte.is_ascii_graphic() | matches!(byte, b'\\' | b'#' | b'?')
        });
        let (url, query) = if needs_check {
            split_query(text)?
        } else {
            (text, None)
        };
        let (is_secure, rest) = [("https://", true), ("http://", false)]
            .into_iter()
            .find_map(|(scheme, is_secure)| Some((is_secure, url.strip_prefix(scheme)?)))
            .ok_or(problem("expected `https://` or `http://`"))?;
        let (authority, whole_path) = split_segment(rest)
            .filter(|(authority, _)| !authority.is_empty() && !authority.contains('@'))
            .ok_or(problem("expected a host and a path after the scheme"))?;
        let prefix = PathPrefix::parse(whole_path, is_shared(authority));
        let (signature, path, components) = parse_after_types(prefix.rest, &prefix.types)?;
        Ok(Self {
            text,
            is_secure,
            authority,
            whole_path,
            cloud_name: prefix.cloud_name,
            types: prefix.types,
            after_types: prefix.rest,
            signature,
            path,
            components,
            query,
        })
    }

    /// Parses the path again, for an account with a known cloud name. If the first
    /// segment equals `cloud_name`, it is the cloud name. Otherwise, the path has no
    /// cloud name.
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
    /// - A path that [`parse`](Self::parse) rejects after the cloud name.
    pub fn with_cloud_name(self, cloud_name: &str) -> Result<Self, ParseError> {
        let (cloud_name, rest) = match split_segment(self.whole_path) {
            Some((first, rest)) if first == cloud_name => (Some(first), rest),
            _ => (None, self.whole_path),
        };
        let (types, after_types) = PathTypes::parse(rest);
        let (signature, path, components) = parse_after_types(after_types, &types)?;
        Ok(Self {
            cloud_name,
            types,
            after_types,
            signature,
            path,
            components,
            ..self
        })
    }

    /// Parses the path again, as a delivery of a known asset with any version. Returns
    /// `None` if the URL does not deliver the asset.
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
        let may_be_suffixed: &[bool] = match self.types.layout {
            TypesLayout::Full | TypesLayout::Short => &[false],
            TypesLayout::Suffixed => &[true],
            TypesLayout::Root => &[false, true],
        };
        let interpret = |url: Self| {
            let components = may_be_suffixed.iter().find_map(|is_suffixed| {
                PathComponents::with_source(url.path, asset.source(), *is_suffixed)
            })?;
            Some(Self { components, ..url })
        };
        // A segment like a signature may be a folder of the asset.
        interpret(self).or_else(|| {
            interpret(Self {
                signature: None,
                path: self.after_types,
                ..self
            })
        })
    }

    /// Returns whether the scheme is `https`.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Returns the host and, if present, the port.
    #[must_use]
    pub const fn authority(&self) -> &'a str {
        self.authority
    }

    /// Returns the path, from the `/` after the host to the query. The scope of an
    /// access token without an acl is this path.
    #[must_use]
    pub fn path(&self) -> &'a str {
        let end = self.query.map_or(0, |query| query.len() + 1);
        let url = self.text.len() - end;
        self.text
            .get(url - self.whole_path.len() - 1..url)
            .unwrap_or_default()
    }

    /// Returns the cloud name, if the path contains it.
    #[must_use]
    pub const fn cloud_name(&self) -> Option<&'a str> {
        self.cloud_name
    }

    /// Returns the resource type. It is not signed.
    #[must_use]
    pub const fn resource_type(&self) -> ResourceType {
        self.types.resource_type
    }

    /// Returns the delivery type. It is not signed.
    #[must_use]
    pub const fn delivery_type(&self) -> &'a str {
        self.types.delivery_type
    }

    /// Returns whether the path contains a resource type and a delivery type.
    ///
    /// A path without types is parsed as `image/upload`. If this method returns `false`,
    /// the URL may be an arbitrary URL that does not belong to Cloudinary.
    #[must_use]
    pub const fn has_types(&self) -> bool {
        !matches!(self.types.layout, TypesLayout::Root)
    }

    /// Returns the characters between `s--` and `--`, if the URL has a signature.
    #[must_use]
    pub const fn signature(&self) -> Option<&'a str> {
        self.signature
    }

    /// Returns the transformation. It is empty if there is none.
    #[must_use]
    pub const fn transformation(&self) -> &'a str {
        self.components.transformation
    }

    /// Returns the digits of the version, if the URL has one.
    ///
    /// The version is signed only in URLs that are created with
    /// [`Delivery::with_signed_version`](crate::cloudinary::Delivery::with_signed_version)
    /// or the option `sign_version`.
    #[must_use]
    pub const fn version(&self) -> Option<&'a str> {
        self.components.version
    }

    /// Returns the source: the percent-encoded public id and the extension. In a URL with
    /// a suffix, the source is `<public id>/<suffix>[.<extension>]`.
    #[must_use]
    pub const fn source(&self) -> &'a str {
        self.components.source
    }

    /// Returns the suffix, if the URL has one. The suffix is not signed.
    ///
    /// [`parse`](Self::parse) recognizes a suffix only after the types of a URL with a
    /// suffix, such as `images`. [`interpret_as`](Self::interpret_as) also recognizes a
    /// suffix in a path without types.
    #[must_use]
    pub const fn suffix(&self) -> Option<&'a str> {
        self.components.suffix
    }

    /// Returns the text after `?`, if there is one. It is not signed.
    #[must_use]
    pub const fn query(&self) -> Option<&'a str> {
        self.query
    }

    /// Returns the asset that the URL delivers, for example to sign another URL.
    ///
    /// A URL does not tell where the public id ends and the extension starts, so the
    /// extension is part of the returned asset's public id.
    ///
    /// Cloudinary reserves `v` and digits for versions. If [`version`](Self::version) is
    /// `None`, a first folder of this form is the version of the asset, such as the signed
    /// version in the parts of a [`VerifiedUrl`](crate::cloudinary::VerifiedUrl). Other
    /// folders of this form are accepted: the URL may be of an old asset.
    ///
    /// # Errors
    ///
    /// - A source that [`Asset::new`] or [`Asset::fetch`] rejects, except for a folder of
    ///   `v` and digits that is not the first one or follows a version.
    /// - A version with leading zeros or more than 64 bits.
    pub fn to_asset(&self) -> Result<Asset, AssetError> {
        let [public_id, extension] = self.components.source_without_suffix();
        // Parsing has validated the type.
        let delivery_type = self.delivery_type().parse().unwrap_or(DeliveryType::Upload);
        let source = [public_id, extension].concat();
        // A signed version is part of the source. No folder has such a name.
        let (version, source) = match self.version() {
            Some(version) => (Some(version), &*source),
            None => split_version(&source),
        };
        let asset =
            Asset::from_source(source, delivery_type)?.with_resource_type(self.resource_type());
        let Some(digits) = version else {
            // Percent-encoded in the URL, so it is not its version, but it would be the
            // version in the URL of the asset.
            return match split_version(asset.source()) {
                (Some(digits), _) => Err(AssetError::VersionFolder {
                    folder: format!("v{digits}"),
                    position: 0,
                }),
                (None, _) => Ok(asset),
            };
        };
        match digits.parse::<u64>() {
            Ok(version) if digits == "0" || !digits.starts_with('0') => {
                Ok(asset.with_version(version))
            }
            _ => Err(AssetError::Version(digits.to_owned())),
        }
    }

    /// Returns all texts that may have been signed, in pieces, each with the components
    /// of the path in that interpretation: with and without the first segment that looks
    /// like a version, and with and without the segment that may be a suffix.
    pub(crate) fn candidates(
        &self,
    ) -> impl Iterator<Item = ([&'a str; 3], PathComponents<'a>)> + use<'a> {
        self.components.candidates(self.path, self.types.layout)
    }

    /// Returns the URL in the interpretation of a [candidate](Self::candidates).
    pub(super) const fn with_components(self, components: PathComponents<'a>) -> Self {
        Self { components, ..self }
    }
}

impl fmt::Display for DeliveryUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

/// Omits the query, because it may contain an access token that every reader of a log
/// could use.
impl fmt::Debug for DeliveryUrl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (url, query) = with_query_hidden(self.text);
        write!(f, "DeliveryUrl({url}{query})")
    }
}

/// Splits the part of a path after the types into the signature, if there is one, and the
/// path after it, with its components.
fn parse_after_types<'a>(
    after_types: &'a str,
    types: &PathTypes<'_>,
) -> Result<(Option<&'a str>, &'a str, PathComponents<'a>), ParseError> {
    let (signature, path) = split_signature(after_types);
    if path.is_empty() {
        return Err(problem("missing public id"));
    }
    let is_fetched = types.delivery_type == "fetch";
    let components = PathComponents::guess(path, is_fetched, types.layout);
    let misleading = if is_fetched && path.ends_with('/') && !path.starts_with('/') {
        dot_segment(path)
    } else {
        misleading_segment(path)
    };
    match misleading {
        Some(misleading) => Err(problem(misleading)),
        None => Ok((signature, path, components)),
    }
}

/// Splits off a first folder that is a version. Returns its digits and the rest.
fn split_version(source: &str) -> (Option<&str>, &str) {
    split_segment(source)
        .filter(|(folder, _)| is_version(folder))
        .and_then(|(folder, rest)| Some((Some(folder.strip_prefix('v')?), rest)))
        .unwrap_or((None, source))
}

/// Splits a URL into its text before the query and a placeholder for the query.
pub(crate) fn with_query_hidden(url: &str) -> (&str, &'static str) {
    match url.split_once('?') {
        Some((url, _)) => (url, "?.."),
        None => (url, ""),
    }
}

/// Splits off the query, and rejects characters that are invalid in a URL.
fn split_query(text: &str) -> Result<(&str, Option<&str>), ParseError> {
    // Clients read a backslash as a slash.
    let is_invalid = |char: char| char.is_whitespace() || char.is_control() || char == '\\';
    if text.contains(is_invalid) {
        return Err(problem("unexpected white space, control character or `\\`"));
    }
    if text.contains('#') {
        return Err(problem("unexpected fragment"));
    }
    Ok(match text.split_once('?') {
        Some((url, query)) => (url, Some(query)),
        None => (text, None),
    })
}

const fn problem(problem: &'static str) -> ParseError {
    ParseError::new("delivery url", problem)
}
