use std::borrow::Cow;
use std::fmt;

use crate::cloudinary::path::types::DeliveryType;

/// The value of an API parameter: a text, an integer, a boolean or a list of texts.
///
/// ```
/// use url_signer::cloudinary::api::ParameterValue;
///
/// assert_eq!(ParameterValue::from("sample").to_string(), "sample");
/// assert_eq!(ParameterValue::from(1_700_000_000).to_string(), "1700000000");
/// assert_eq!(ParameterValue::from(true).to_string(), "true");
/// assert_eq!(ParameterValue::from(["a", "b"]).to_string(), "a,b");
/// ```
///
/// Debug hides the value, which may contain a credential.
#[derive(Clone, PartialEq, Eq)]
pub struct ParameterValue(pub(super) Repr);

#[derive(Clone, PartialEq, Eq)]
pub(super) enum Repr {
    Text(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<String>),
}

impl ParameterValue {
    /// Returns whether the signed text of the value is empty. Such a parameter is
    /// neither signed nor sent.
    pub(super) fn is_empty(&self) -> bool {
        match &self.0 {
            Repr::Text(text) => text.is_empty(),
            Repr::List(items) => match items.as_slice() {
                [] => true,
                [item] => item.is_empty(),
                _ => false,
            },
            Repr::Integer(_) | Repr::Boolean(_) => false,
        }
    }

    /// The text that is signed.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Text(text) => Cow::Borrowed(text),
            Repr::Integer(integer) => Cow::Owned(integer.to_string()),
            Repr::Boolean(true) => Cow::Borrowed("true"),
            Repr::Boolean(false) => Cow::Borrowed("false"),
            Repr::List(items) => Cow::Owned(items.join(",")),
        }
    }
}

/// Formats the text that is signed.
impl fmt::Display for ParameterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl fmt::Debug for ParameterValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ParameterValue(..)")
    }
}

impl From<&str> for ParameterValue {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&String> for ParameterValue {
    fn from(text: &String) -> Self {
        text.clone().into()
    }
}

impl From<String> for ParameterValue {
    fn from(text: String) -> Self {
        Self(Repr::Text(text))
    }
}

impl From<DeliveryType> for ParameterValue {
    fn from(delivery_type: DeliveryType) -> Self {
        delivery_type.as_str().into()
    }
}

impl From<bool> for ParameterValue {
    fn from(boolean: bool) -> Self {
        Self(Repr::Boolean(boolean))
    }
}

impl From<i32> for ParameterValue {
    fn from(integer: i32) -> Self {
        i64::from(integer).into()
    }
}

impl From<u32> for ParameterValue {
    fn from(integer: u32) -> Self {
        i64::from(integer).into()
    }
}

impl From<i64> for ParameterValue {
    fn from(integer: i64) -> Self {
        Self(Repr::Integer(integer))
    }
}

impl From<Vec<String>> for ParameterValue {
    fn from(items: Vec<String>) -> Self {
        Self(Repr::List(items))
    }
}

impl From<Vec<&str>> for ParameterValue {
    fn from(items: Vec<&str>) -> Self {
        items.into_iter().collect()
    }
}

impl From<&[String]> for ParameterValue {
    fn from(items: &[String]) -> Self {
        items.iter().collect()
    }
}

impl From<&[&str]> for ParameterValue {
    fn from(items: &[&str]) -> Self {
        items.iter().copied().collect()
    }
}

impl<const N: usize> From<[&str; N]> for ParameterValue {
    fn from(items: [&str; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Into<String>> FromIterator<T> for ParameterValue {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(Repr::List(items.into_iter().map(Into::into).collect()))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for ParameterValue {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Text(text) => serializer.serialize_str(text),
            Repr::Integer(integer) => serializer.serialize_i64(*integer),
            Repr::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Repr::List(items) => items.serialize(serializer),
        }
    }
}
