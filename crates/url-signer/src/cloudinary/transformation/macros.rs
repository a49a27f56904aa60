//! What the types of values have in common.

/// Conversions of numbers and expressions into types that are mostly keywords.
macro_rules! numeric {
    ($name:ident: $($from:ty)*) => {$(
        impl From<$from> for $name {
            fn from(value: $from) -> Self {
                Self::from($crate::cloudinary::transformation::Value::from(value))
            }
        }
    )*};
    ($name:ident) => {
        $crate::cloudinary::transformation::macros::numeric! {
            $name:
            u32
            i32
            f64
            $crate::cloudinary::transformation::Number
            $crate::cloudinary::transformation::Expression
            $crate::cloudinary::transformation::Operand
        }
    };
}

/// An enum of known values, and of any other one.
macro_rules! keywords {
    (
        $(#[$attribute:meta])*
        $name:ident { $($variant:ident = $text:literal, $doc:literal;)+ }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`: ", $doc, ".")] $variant,)+
            /// A value that is not listed here.
            Other($crate::cloudinary::transformation::Value),
        }

        impl $name {
            /// The value as it stands in a URL.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Other(value) => value.as_str(),
                }
            }
        }

        impl From<$name> for $crate::cloudinary::transformation::Value {
            fn from(keyword: $name) -> Self {
                match keyword {
                    $($name::$variant => Self::from_static($text),)+
                    $name::Other(value) => value,
                }
            }
        }

        /// A known value is the same however it was made.
        impl From<$crate::cloudinary::transformation::Value> for $name {
            fn from(value: $crate::cloudinary::transformation::Value) -> Self {
                match value.as_str() {
                    $($text => Self::$variant,)+
                    _ => Self::Other(value),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::cloudinary::TransformationError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::cloudinary::transformation::Value::verbatim(text).map(Self::from)
            }
        }

        $crate::cloudinary::transformation::macros::printed! { $name }
    };
}

/// What is printed as its value.
macro_rules! printed {
    ($name:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.as_str().fmt(f)
            }
        }
    };
}

/// A type around a value, which can be made of any one.
macro_rules! newtype {
    ($(#[$attribute:meta])* $name:ident) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name($crate::cloudinary::transformation::Value);

        impl $name {
            /// The value as it stands in a URL.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl From<$name> for $crate::cloudinary::transformation::Value {
            fn from(typed: $name) -> Self {
                typed.0
            }
        }

        impl From<$crate::cloudinary::transformation::Value> for $name {
            fn from(value: $crate::cloudinary::transformation::Value) -> Self {
                Self(value)
            }
        }

        $crate::cloudinary::transformation::macros::printed! { $name }
    };
}

pub(super) use {keywords, newtype, numeric, printed};
