//! What stands in a path before transformation, version and source: the
//! account's name, the types and the signature.

use super::ResourceType;
use super::hosts::is_shared;
use super::slashes::split_segment;
use super::split::is_step;
use super::transformation::is_version;
use super::types::{SHORT, is_delivery_type, suffixed_types};

/// The types at the front of a path, and how they stand there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Types<'a> {
    pub(super) resource_type: ResourceType,
    pub(super) delivery_type: &'a str,
    pub(super) form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// `image/upload`
    Full,
    /// `iu`
    Short,
    /// `images`: there is a suffix.
    Suffixed,
    /// None: there may be a suffix.
    Root,
}

/// What stands before the signature.
pub(super) struct Front<'a> {
    pub(super) cloud_name: Option<&'a str>,
    pub(super) types: Types<'a>,
    pub(super) rest: &'a str,
}

impl<'a> Front<'a> {
    pub(super) fn of(host: &str, path: &'a str) -> Self {
        let without_name = || {
            let (types, rest) = Types::of(path);
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
        let (types, after) = Types::of(rest);
        if is_shared(host) {
            return named(types, after);
        }
        let is_signed = |path| split_signature(path).0.is_some();
        let found = without_name();
        // An account may have the name of a type: what follows decides.
        let is_named = types.form != Form::Root
            || found.types.form == Form::Root && is_signed(rest) && !is_version(first);
        if is_named && !is_signed(path) {
            return named(types, after);
        }
        found
    }
}

impl<'a> Types<'a> {
    /// The types at the front of a path, and the rest of it.
    pub(super) fn of(path: &'a str) -> (Self, &'a str) {
        let root = Self {
            resource_type: ResourceType::Image,
            delivery_type: "upload",
            form: Form::Root,
        };
        let (first, rest) = split_segment(path).unwrap_or((path, ""));
        if let Some(resource_type) = ResourceType::from_segment(first) {
            let (second, after) = split_segment(rest).unwrap_or((rest, ""));
            let of_types = Self {
                resource_type,
                delivery_type: second,
                form: Form::Full,
            };
            // Without more, the last segment could be the public id.
            let known = matches!(second, "upload" | "private" | "authenticated" | "fetch");
            let named = is_delivery_type(second) && !is_step(second) && !is_version(second);
            if known || (named && !after.is_empty()) {
                return (of_types, after);
            }
            return (root, path);
        }
        if first == SHORT {
            let form = Form::Short;
            return (Self { form, ..root }, rest);
        }
        match suffixed_types(first) {
            Some((resource_type, delivery_type)) => {
                let form = Form::Suffixed;
                let types = Self {
                    resource_type,
                    delivery_type,
                    form,
                };
                (types, rest)
            }
            None => (root, path),
        }
    }
}

/// Splits off `s--<signature>--/`, by length: a signature may itself begin or
/// end with `-`.
pub(super) fn split_signature(path: &str) -> (Option<&str>, &str) {
    let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    split_segment(path)
        .and_then(|(segment, rest)| {
            let signature = segment.strip_prefix("s--")?.strip_suffix("--")?;
            let fits = matches!(signature.len(), 8 | 32) && signature.bytes().all(url_safe);
            (fits && !rest.starts_with('/')).then_some((Some(signature), rest))
        })
        .unwrap_or((None, path))
}
