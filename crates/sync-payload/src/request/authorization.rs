use std::fmt;

use super::error::RequestError;

/// The token of a request, not verified.
///
/// Most hosts issue JWTs, but a token may be any text of visible ASCII characters. A
/// token grants access, so `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestToken<'a>(&'a str);

impl<'a> RequestToken<'a> {
    /// Returns the text of the token. The host verifies it.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.0
    }

    pub(super) fn parse(authorization: &'a [u8]) -> Result<Self, RequestError> {
        let parameters = [&b"Token"[..], b"Bearer"]
            .into_iter()
            .find_map(|scheme| authorization.strip_prefix(scheme))
            .filter(|rest| rest.first().copied().is_some_and(is_space))
            .ok_or(RequestError::UnsupportedScheme)?;
        let first = parameters
            .split(|byte| matches!(byte, b',' | b';' | b'\t'))
            .map(trimmed)
            .find(|parameter| !parameter.is_empty())
            .unwrap_or_default();
        let value = first.strip_prefix(b"token=").unwrap_or(first);
        let value = value.strip_prefix(b"\"").unwrap_or(value);
        let value = value.strip_suffix(b"\"").unwrap_or(value);
        if trimmed(value).is_empty() {
            return Err(RequestError::MissingToken);
        }
        let visible = str::from_utf8(value)
            .ok()
            .filter(|token| token.bytes().all(|byte| byte.is_ascii_graphic()));
        match visible {
            Some(token) => Ok(Self(token)),
            None => Err(RequestError::InvalidToken {
                at: value
                    .iter()
                    .take_while(|byte| byte.is_ascii_graphic())
                    .count(),
            }),
        }
    }
}

impl AsRef<str> for RequestToken<'_> {
    fn as_ref(&self) -> &str {
        self.0
    }
}

impl fmt::Debug for RequestToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestToken(..)")
    }
}

/// Returns whether Ruby's `\s` and `strip` treat a byte as white space.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\x0b' | b'\x0c' | b'\r')
}

fn trimmed(mut bytes: &[u8]) -> &[u8] {
    while let Some((_, rest)) = bytes.split_first().filter(|(first, _)| is_space(**first)) {
        bytes = rest;
    }
    while let Some((_, rest)) = bytes.split_last().filter(|(last, _)| is_space(**last)) {
        bytes = rest;
    }
    bytes
}
