//! Secrets that were probably copied or configured incorrectly.

use thiserror::Error;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// A warning about a secret that is probably not the intended one: the reason. It never
/// contains the secret.
///
/// [`Secret::warning`] returns this type.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SecretWarning {
    /// White space at the start or the end, such as the line end of a file.
    #[error("it starts or ends with white space")]
    WhiteSpace,
    /// A quotation mark at the start or the end. A shell removes the quotation marks of
    /// an env file, other programs do not.
    #[error("it starts or ends with a quotation mark")]
    Quoted,
    /// A placeholder of an instruction, such as `<your_api_secret>`.
    #[error("it is a placeholder")]
    Placeholder,
    /// Asterisks or dots, which a console shows instead of the secret.
    #[error("it contains characters that mask a secret, such as `*`")]
    Masked,
    /// A control character, or a character without a width, such as U+200B.
    #[error("it contains an invisible character")]
    Invisible,
}

impl Secret {
    /// Returns a warning if the secret is probably not the intended one.
    ///
    /// Such a secret still signs and verifies. A program
    /// can warn about it at its start, before the first signature is rejected.
    ///
    /// Only UTF-8 text is examined. Do not call this method for keys of random bytes.
    ///
    /// ```
    /// use url_signer::{SecretWarning, Secret};
    ///
    /// let quoted = Secret::new("\"wvU2SZwEOKPO\"")?;
    /// assert_eq!(quoted.warning(), Some(SecretWarning::Quoted));
    /// assert_eq!(Secret::new("wvU2SZwEOKPO")?.warning(), None);
    /// # Ok::<(), url_signer::SecretError>(())
    /// ```
    #[must_use]
    pub fn warning(&self) -> Option<SecretWarning> {
        let text = str::from_utf8(self.as_bytes()).ok()?;
        if text.trim().len() != text.len() {
            return Some(SecretWarning::WhiteSpace);
        }
        if text.contains(is_invisible) {
            return Some(SecretWarning::Invisible);
        }
        if text.starts_with(is_quotation_mark) || text.ends_with(is_quotation_mark) {
            return Some(SecretWarning::Quoted);
        }
        if is_placeholder(text) {
            return Some(SecretWarning::Placeholder);
        }
        text.contains(is_mask).then_some(SecretWarning::Masked)
    }
}

const fn is_quotation_mark(char: char) -> bool {
    matches!(
        char,
        '"' | '\'' | '`' | '´' | '«' | '»' | '\u{2018}'..='\u{201f}'
    )
}

/// Bullets, and the ellipsis of a shortened text.
const fn is_mask(char: char) -> bool {
    matches!(
        char,
        '*' | '•' | '●' | '⬤' | '∙' | '·' | '＊' | '∗' | '…' | '█'
    )
}

/// Returns whether a text is in brackets, refers to a variable, or is a name for a secret.
fn is_placeholder(text: &str) -> bool {
    let in_brackets = [("<", ">"), ("{", "}"), ("[", "]"), ("${", "}"), ("%", "%")]
        .iter()
        .any(|(start, end)| {
            text.len() > start.len() && text.starts_with(start) && text.ends_with(end)
        });
    let is_variable = text.starts_with("$CLOUDINARY") || text.starts_with("$API");
    // Allocated once: growing would leave copies behind.
    let mut name = Zeroizing::new(String::with_capacity(text.len()));
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    name.extend(letters.map(|letter| letter.to_ascii_lowercase()));
    let name = name.as_str();
    let is_name = ["", "your", "my", "cloudinary", "yourcloudinary"]
        .iter()
        .filter_map(|owner| name.strip_prefix(owner))
        .any(|name| {
            matches!(
                name,
                "apisecret" | "secretkey" | "apisecretkey" | "secrethere"
            )
        });
    let is_repeated_x = name.len() > 2 && name.bytes().all(|byte| byte == b'x');
    in_brackets
        || is_variable
        || is_name
        || is_repeated_x
        || name == "yoursecret"
        || name == "changeme"
}

/// Returns whether a character is not visible: controls, formats, and spaces other than U+0020.
fn is_invisible(char: char) -> bool {
    char.is_control()
        || (char.is_whitespace() && char != ' ')
        || matches!(
            char,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn implausible_secrets_have_a_reason() {
        use SecretWarning::{Invisible, Masked, Placeholder, Quoted, WhiteSpace};
        for (secret, reason) in [
            ("\"wvU2SZ\"", Quoted),
            ("'wvU2SZ'", Quoted),
            ("`wvU2SZ`", Quoted),
            ("\u{201c}wvU2SZ\u{201d}", Quoted),
            ("\"wvU2SZ", Quoted),
            (" wvU2SZ", WhiteSpace),
            ("wvU2SZ ", WhiteSpace),
            ("wvU2SZ\n", WhiteSpace),
            ("wvU2SZ\r\n", WhiteSpace),
            ("\twvU2SZ", WhiteSpace),
            ("wvU2SZ\u{a0}", WhiteSpace),
            ("   ", WhiteSpace),
            ("<your_api_secret>", Placeholder),
            ("<API_SECRET>", Placeholder),
            ("your_api_secret", Placeholder),
            ("YOUR-API-SECRET", Placeholder),
            ("my_api_secret", Placeholder),
            ("API_SECRET", Placeholder),
            ("{{api_secret}}", Placeholder),
            ("${CLOUDINARY_API_SECRET}", Placeholder),
            ("$CLOUDINARY_API_SECRET", Placeholder),
            ("%API_SECRET%", Placeholder),
            ("[secret]", Placeholder),
            ("xxxxxxxxxx", Placeholder),
            ("**********", Masked),
            ("wvU2****", Masked),
            ("••••••••", Masked),
            ("wvU2SZ…", Masked),
            ("wvU2\u{200b}SZ", Invisible),
            ("\u{feff}wvU2SZ", Invisible),
            ("wvU2\0SZ", Invisible),
            ("wvU2\nSZ", Invisible),
            ("wvU2\u{ad}SZ", Invisible),
            ("wvU2SZ\u{202c}", Invisible),
        ] {
            let found = Secret::new(secret).unwrap().warning();
            assert_eq!(found, Some(reason), "{secret:?}");
        }
    }

    #[test]
    fn other_secrets_have_no_reason() {
        for secret in [
            "abcd",
            "wvU2SZwEOKPOwvU2SZwEOKPO_-x",
            "a b",
            "a\"b",
            "s",
            "x",
            "secret",
            "é",
            "a<b>c",
            "$x",
            "100%",
        ] {
            let secret = Secret::new(secret).unwrap();
            assert_eq!(secret.warning(), None);
        }
        assert_eq!(Secret::new(*b"\xff ").unwrap().warning(), None);
    }

    #[test]
    fn reasons_do_not_show_the_secret() {
        let secret = Secret::new("<hush-hush>\n").unwrap();
        let reason = secret.warning().unwrap();
        assert!(!format!("{reason} {reason:?}").contains("hush"));
    }
}
