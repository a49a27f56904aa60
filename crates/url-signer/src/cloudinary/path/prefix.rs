//! The prefix of a path: the cloud name, the types and the signature.

use super::grammar::{TypesLayout, is_step, is_version};
use super::segments::split_segment;
use super::types::{ResourceType, SHORT_SEGMENT, is_delivery_type, suffixed_types};

/// The part of a path before the signature.
pub(crate) struct PathPrefix<'a> {
    pub(crate) cloud_name: Option<&'a str>,
    pub(crate) types: PathTypes<'a>,
    /// The part of the path after the types.
    pub(crate) rest: &'a str,
}

/// The types that a path states, and the layout in which it states them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PathTypes<'a> {
    pub(crate) resource_type: ResourceType,
    pub(crate) delivery_type: &'a str,
    pub(crate) layout: TypesLayout,
}

impl<'a> PathPrefix<'a> {
    /// Parses the prefix of a path. On a shared host, the first segment is the
    /// cloud name. On any other host, the segments after it decide.
    pub(crate) fn parse(path: &'a str, is_shared_host: bool) -> Self {
        let (first, rest) = split_segment(path).unwrap_or((path, ""));
        let (types_after_name, rest_after_name) = PathTypes::parse(rest);
        let with_name = Self {
            cloud_name: Some(first),
            types: types_after_name,
            rest: rest_after_name,
        };
        if is_shared_host {
            return with_name;
        }
        let (types, rest_after_types) = PathTypes::parse(path);
        let is_signed = |path| split_signature(path).0.is_some();
        // A cloud name may equal the name of a type.
        let has_name = types_after_name.layout != TypesLayout::Root
            || types.layout == TypesLayout::Root && is_signed(rest) && !is_version(first);
        if has_name && !is_signed(path) {
            return with_name;
        }
        Self {
            cloud_name: None,
            types,
            rest: rest_after_types,
        }
    }
}

impl<'a> PathTypes<'a> {
    /// Parses the types at the start of a path. Returns them and the rest.
    pub(crate) fn parse(path: &'a str) -> (Self, &'a str) {
        let root = Self {
            resource_type: ResourceType::Image,
            delivery_type: "upload",
            layout: TypesLayout::Root,
        };
        let (first, rest) = split_segment(path).unwrap_or((path, ""));
        if let Some(resource_type) = ResourceType::from_segment(first) {
            let (delivery_type, after) = split_segment(rest).unwrap_or((rest, ""));
            let types = Self {
                resource_type,
                delivery_type,
                layout: TypesLayout::Full,
            };
            let is_known = matches!(
                delivery_type,
                "upload" | "private" | "authenticated" | "fetch"
            );
            // The last segment of a path may also be the public id.
            let is_named = || {
                !after.is_empty()
                    && is_delivery_type(delivery_type)
                    && !is_step(delivery_type)
                    && !is_version(delivery_type)
            };
            if is_known || is_named() {
                return (types, after);
            }
            return (root, path);
        }
        if first == SHORT_SEGMENT {
            let types = Self {
                layout: TypesLayout::Short,
                ..root
            };
            return (types, rest);
        }
        match suffixed_types(first) {
            Some((resource_type, delivery_type)) => {
                let types = Self {
                    resource_type,
                    delivery_type,
                    layout: TypesLayout::Suffixed,
                };
                (types, rest)
            }
            None => (root, path),
        }
    }
}

/// Splits off `s--<signature>--/`. A signature may start or end with `-`, so its
/// length decides where it ends.
pub(crate) fn split_signature(path: &str) -> (Option<&str>, &str) {
    let is_url_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    [8, 32]
        .into_iter()
        .find_map(|length| {
            let (signature, rest) = path.strip_prefix("s--")?.split_at_checked(length)?;
            let rest = rest.strip_prefix("--/")?;
            let is_signature = signature.bytes().all(is_url_safe) && !rest.starts_with('/');
            is_signature.then_some((Some(signature), rest))
        })
        .unwrap_or((None, path))
}
