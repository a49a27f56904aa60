//! What stands in a path before transformation, version and source: the
//! account's name, the types and the signature.

use crate::cloudinary::path::grammar::{TypesLayout, is_step, is_version};
use crate::cloudinary::path::segments::split_segment;
use crate::cloudinary::path::types::{
    ResourceType, SHORT_SEGMENT, is_delivery_type, suffixed_types,
};

/// The types at the front of a path, and the layout in which the path states them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PathTypes<'a> {
    pub(crate) resource_type: ResourceType,
    pub(crate) delivery_type: &'a str,
    pub(crate) layout: TypesLayout,
}

/// What stands before the signature.
pub(crate) struct PathPrefix<'a> {
    pub(crate) cloud_name: Option<&'a str>,
    pub(crate) types: PathTypes<'a>,
    pub(crate) rest: &'a str,
}

impl<'a> PathPrefix<'a> {
    pub(crate) fn of(path: &'a str, is_shared_host: bool) -> Self {
        let without_name = || {
            let (types, rest) = PathTypes::of(path);
            Self {
                cloud_name: None,
                types,
                rest,
            }
        };
        let (first, rest) = split_segment(path).unwrap_or((path, ""));
        let named = |types, rest| Self {
            cloud_name: Some(first),
            types,
            rest,
        };
        let (types, after) = PathTypes::of(rest);
        if is_shared_host {
            return named(types, after);
        }
        let is_signed = |path| split_signature(path).0.is_some();
        let found = without_name();
        // An account may have the name of a type: what follows decides.
        let is_named = types.layout != TypesLayout::Root
            || found.types.layout == TypesLayout::Root && is_signed(rest) && !is_version(first);
        if is_named && !is_signed(path) {
            return named(types, after);
        }
        found
    }
}

impl<'a> PathTypes<'a> {
    /// The types at the front of a path, and the rest of it.
    pub(crate) fn of(path: &'a str) -> (Self, &'a str) {
        let root = Self {
            resource_type: ResourceType::Image,
            delivery_type: "upload",
            layout: TypesLayout::Root,
        };
        let (first, rest) = split_segment(path).unwrap_or((path, ""));
        if let Some(resource_type) = ResourceType::from_segment(first) {
            let (second, after) = split_segment(rest).unwrap_or((rest, ""));
            let of_types = Self {
                resource_type,
                delivery_type: second,
                layout: TypesLayout::Full,
            };
            // Without more, the last segment could be the public id.
            let known = matches!(second, "upload" | "private" | "authenticated" | "fetch");
            let named = is_delivery_type(second) && !is_step(second) && !is_version(second);
            if known || (named && !after.is_empty()) {
                return (of_types, after);
            }
            return (root, path);
        }
        if first == SHORT_SEGMENT {
            let layout = TypesLayout::Short;
            return (Self { layout, ..root }, rest);
        }
        match suffixed_types(first) {
            Some((resource_type, delivery_type)) => {
                let layout = TypesLayout::Suffixed;
                let types = Self {
                    resource_type,
                    delivery_type,
                    layout,
                };
                (types, rest)
            }
            None => (root, path),
        }
    }
}

/// Splits off `s--<signature>--/`, by length: a signature may itself begin or
/// end with `-`.
pub(crate) fn split_signature(path: &str) -> (Option<&str>, &str) {
    let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    split_segment(path)
        .and_then(|(segment, rest)| {
            let signature = segment.strip_prefix("s--")?.strip_suffix("--")?;
            let fits = matches!(signature.len(), 8 | 32) && signature.bytes().all(url_safe);
            (fits && !rest.starts_with('/')).then_some((Some(signature), rest))
        })
        .unwrap_or((None, path))
}
