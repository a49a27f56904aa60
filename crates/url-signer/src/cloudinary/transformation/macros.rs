//! Definitions shared by the types that wrap a `Value`.

/// Defines a type that wraps a value.
///
/// [`value_impls`] adds the accessor and the conversions. It is separate so that
/// the constructors come first in the documentation.
macro_rules! value_type {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name($crate::cloudinary::transformation::value::Value);
    };
}

/// Implements the accessor and the conversions of a type that wraps a value.
macro_rules! value_impls {
    ($name:ident) => {
        impl $name {
            /// Returns the value as written in a URL.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.as_str().fmt(f)
            }
        }

        impl From<$name> for $crate::cloudinary::transformation::value::Value {
            fn from(typed: $name) -> Self {
                typed.0
            }
        }

        impl From<$crate::cloudinary::transformation::value::Value> for $name {
            fn from(value: $crate::cloudinary::transformation::value::Value) -> Self {
                Self(value)
            }
        }
    };
}

/// Adds named constants to a type that wraps a value.
macro_rules! constants {
    ($name:ident { $($constant:ident = $text:literal, $doc:literal;)+ }) => {
        impl $name {
            $(
                #[doc = concat!($doc, ": `", $text, "`.")]
                pub const $constant: Self = Self(
                    $crate::cloudinary::transformation::value::Value::from_static($text),
                );
            )+
        }
    };
}

/// Defines an open set: a type with a constant for each known value, which
/// holds any other value as well.
///
/// The text alone decides about equality, so a parsed value equals its constant.
macro_rules! open_set {
    (
        $(#[$attribute:meta])*
        $name:ident { $($constants:tt)+ }
    ) => {
        $crate::cloudinary::transformation::macros::value_type! {
            $(#[$attribute])*
            $name
        }

        $crate::cloudinary::transformation::macros::constants! { $name { $($constants)+ } }

        $crate::cloudinary::transformation::macros::value_impls! { $name }

        impl std::str::FromStr for $name {
            type Err = $crate::cloudinary::transformation::error::TransformationError;

            /// Parses a known or any other value with
            #[doc = "[`Value::verbatim`](crate::cloudinary::transformation::Value::verbatim)."]
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::cloudinary::transformation::value::Value::verbatim(text).map(Self)
            }
        }
    };
}

/// Implements conversions from numbers and expressions.
macro_rules! from_numbers {
    ($name:ident: $($from:ty)*) => {$(
        impl From<$from> for $name {
            fn from(value: $from) -> Self {
                Self::from($crate::cloudinary::transformation::value::Value::from(value))
            }
        }
    )*};
    ($name:ident) => {
        $crate::cloudinary::transformation::macros::from_numbers! {
            $name:
            u32
            i32
            $crate::cloudinary::transformation::number::Number
            $crate::cloudinary::transformation::expression::Expression
            $crate::cloudinary::transformation::expression::Operand
        }
    };
}

pub(super) use {constants, from_numbers, open_set, value_impls, value_type};
