//! `Deserialize` for the types of a configuration.
//!
//! The errors never contain a secret, also if it is in the wrong place. Only those of
//! [`Authority`] contain the value, without the part before an `@`. The format may add
//! it: `toml`, for example, prints the line of an error.
//!
//! All types use `deserialize_any`: with `deserialize_str`, some formats reject a
//! number themselves, and show it.

use std::error::Error;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, SeqAccess, Visitor};
use zeroize::Zeroizing;

use crate::authority::Authority;
use crate::cloudinary::{Cloud, CloudError, SignatureAlgorithm};
use crate::digest::signature_length::SignatureLength;
use crate::error::ParseError;
use crate::secret::{KeyRing, Secret};

type FromSecrets<T> = fn(Vec<Secret>) -> Result<T, String>;

/// Reads a text, or a list of secrets, and never shows an unexpected value.
struct TextVisitor<T> {
    expected: &'static str,
    from_text: fn(&str) -> Result<T, String>,
    from_list: Option<FromSecrets<T>>,
}

impl<'de, T> Visitor<'de> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        (self.from_text)(text).map_err(E::custom)
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<T, E> {
        self.visit_str(&Zeroizing::new(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
        let Some(from_list) = self.from_list else {
            return Err(unexpected(&self));
        };
        let mut secrets = Vec::new();
        while let Some(secret) = seq.next_element()? {
            secrets.push(secret);
        }
        from_list(secrets).map_err(de::Error::custom)
    }

    // The default implementations show the value.

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<T, E> {
        Err(unexpected(&self))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<T, E> {
        Err(unexpected(&self))
    }

    fn visit_i128<E: de::Error>(self, _: i128) -> Result<T, E> {
        Err(unexpected(&self))
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<T, E> {
        Err(unexpected(&self))
    }

    fn visit_u128<E: de::Error>(self, _: u128) -> Result<T, E> {
        Err(unexpected(&self))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<T, E> {
        Err(unexpected(&self))
    }

    fn visit_char<E: de::Error>(self, char: char) -> Result<T, E> {
        self.visit_str(char.encode_utf8(&mut [0; 4]))
    }

    fn visit_bytes<E: de::Error>(self, _: &[u8]) -> Result<T, E> {
        Err(unexpected(&self))
    }
}

fn unexpected<E: de::Error>(expected: &dyn de::Expected) -> E {
    E::custom(format_args!("invalid type, expected {expected}"))
}

/// The texts of an error and its sources. A deserializer keeps only one text.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

#[cfg_attr(docsrs, doc(cfg(feature = "serde")))]
impl<'de> Deserialize<'de> for Secret {
    /// Deserializes from a string.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor {
            expected: "a secret as text",
            from_text: |text| Self::new(text).map_err(|error| chain(&error)),
            from_list: None,
        })
    }
}

#[cfg_attr(docsrs, doc(cfg(feature = "serde")))]
impl<'de> Deserialize<'de> for KeyRing {
    /// Deserializes from a string, or from a list of strings: the signing key, and
    /// then the retired keys.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor {
            expected: "a secret as text, or a list of the signing key and retired keys",
            from_text: |text| {
                let secret = Secret::new(text).map_err(|error| chain(&error))?;
                Ok(Self::new(secret))
            },
            from_list: Some(|secrets| {
                let mut secrets = secrets.into_iter();
                let signing = secrets.next().ok_or("list of keys is empty")?;
                Ok(secrets.fold(Self::new(signing), Self::with_retired))
            }),
        })
    }
}

#[cfg_attr(docsrs, doc(cfg(feature = "serde")))]
impl<'de> Deserialize<'de> for Authority {
    /// Deserializes from a string.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor {
            expected: "a host with an optional port",
            from_text: |text| Self::new(text).map_err(|error| chain(&error)),
            from_list: None,
        })
    }
}

#[cfg_attr(docsrs, doc(cfg(feature = "serde")))]
impl<'de> Deserialize<'de> for Cloud {
    /// Deserializes from a string, `cloudinary://<key>:<secret>@<cloud>…`, or from a
    /// list: this string, and then retired API secrets.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor {
            expected: "`cloudinary://…`, or a list of it and retired API secrets",
            from_text: parse_cloud,
            from_list: Some(|secrets| {
                let mut secrets = secrets.into_iter();
                let first = secrets.next().ok_or("list is empty")?;
                let text = str::from_utf8(first.as_bytes()).map_err(|error| chain(&error))?;
                Ok(secrets.fold(parse_cloud(text)?, Self::with_retired_key))
            }),
        })
    }
}

fn parse_cloud(text: &str) -> Result<Cloud, String> {
    text.parse().map_err(|error: CloudError| chain(&error))
}

#[cfg_attr(docsrs, doc(cfg(feature = "serde")))]
impl<'de> Deserialize<'de> for SignatureAlgorithm {
    /// Deserializes from `sha1` or `sha256`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor {
            expected: "`sha1` or `sha256`",
            from_text: |text| text.parse().map_err(|error: ParseError| chain(&error)),
            from_list: None,
        })
    }
}

#[cfg_attr(docsrs, doc(cfg(feature = "serde")))]
impl<'de> Deserialize<'de> for SignatureLength {
    /// Deserializes from a number.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LengthVisitor)
    }
}

struct LengthVisitor;

impl Visitor<'_> for LengthVisitor {
    type Value = SignatureLength;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number of hexadecimal digits")
    }

    fn visit_u64<E: de::Error>(self, digits: u64) -> Result<SignatureLength, E> {
        let digits = usize::try_from(digits).unwrap_or(usize::MAX);
        SignatureLength::new(digits).map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, digits: i64) -> Result<SignatureLength, E> {
        let digits = u64::try_from(digits).map_err(|_| unexpected::<E>(&self))?;
        self.visit_u64(digits)
    }

    // A text in the wrong place may be a secret.

    fn visit_str<E: de::Error>(self, _: &str) -> Result<SignatureLength, E> {
        Err(unexpected(&self))
    }

    fn visit_bytes<E: de::Error>(self, _: &[u8]) -> Result<SignatureLength, E> {
        Err(unexpected(&self))
    }
}
