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
    /// White space at the start or the end, such as the line end of a file. It may be
    /// escaped, such as `\n` or `%20`.
    #[error("it starts or ends with white space")]
    WhiteSpace,
    /// A quotation mark at the start or the end. A shell removes the quotation marks of
    /// an env file, other programs do not.
    #[error("it starts or ends with a quotation mark")]
    Quoted,
    /// A placeholder of an instruction, such as `<your_api_secret>`, or the text of a
    /// missing value, such as `undefined`.
    #[error("it is a placeholder")]
    Placeholder,
    /// The name of the secret before the secret, such as `API_SECRET=`, or a URL with the
    /// secret, such as `cloudinary://`.
    #[error("it starts with a name or with the scheme of a URL; use only the secret")]
    Named,
    /// Exactly 15 digits, which are the form of Cloudinary's API keys.
    #[error("it is an API key; use the API secret")]
    ApiKey,
    /// A `,` or `;` at the end, from a line of a configuration file.
    #[error("it ends with `,` or `;`")]
    Separator,
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
        let is_space = |space| text.starts_with(space) || text.ends_with(space);
        if text.trim().len() != text.len() || ESCAPED_SPACES.iter().any(is_space) {
            return Some(SecretWarning::WhiteSpace);
        }
        if text.contains(is_invisible) {
            return Some(SecretWarning::Invisible);
        }
        let is_quote = |quote| text.starts_with(quote) || text.ends_with(quote);
        if text.starts_with(is_quotation_mark)
            || text.ends_with(is_quotation_mark)
            || ESCAPED_QUOTES.iter().any(is_quote)
        {
            return Some(SecretWarning::Quoted);
        }
        if is_placeholder(text) {
            return Some(SecretWarning::Placeholder);
        }
        if is_named(text) {
            return Some(SecretWarning::Named);
        }
        if text.len() == 15 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(SecretWarning::ApiKey);
        }
        if text.contains(is_mask) || text.contains("...") {
            return Some(SecretWarning::Masked);
        }
        text.ends_with([',', ';'])
            .then_some(SecretWarning::Separator)
    }
}

/// White space, escaped in a string or a URL.
const ESCAPED_SPACES: &[&str] = &[
    "\\n", "\\r", "\\t", "%20", "%09", "%0A", "%0a", "%0D", "%0d",
];

/// Quotation marks, escaped in a URL or in HTML.
const ESCAPED_QUOTES: &[&str] = &["%22", "%27", "&quot;", "&#34;", "&#39;", "&apos;"];

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

/// Returns whether a text is in brackets, refers to a variable, is a name for a secret, or
/// is a word for a missing value.
fn is_placeholder(text: &str) -> bool {
    let in_brackets = [
        ("{", "}"),
        ("[", "]"),
        ("${", "}"),
        ("$(", ")"),
        ("#{", "}"),
        ("%", "%"),
    ]
    .iter()
    .any(|(start, end)| text.len() > start.len() && text.starts_with(start) && text.ends_with(end));
    let is_variable = ["$CLOUDINARY", "$API", "process.env", "os.environ", "ENV["]
        .iter()
        .any(|start| text.starts_with(start));
    let name = plain_name(text);
    let owner = ["insert", "enter", "paste", "put", "add", "replacewith"]
        .iter()
        .find_map(|verb| name.strip_prefix(verb))
        .unwrap_or(&name);
    let has_owner = ["your", "my", "cloudinary", "yourcloudinary", "mycloudinary"]
        .iter()
        .filter_map(|start| owner.strip_prefix(start))
        .any(is_secret_name);
    let is_known = matches!(
        name.as_str(),
        "secrethere"
            | "changeme"
            | "replaceme"
            | "fillmein"
            | "todo"
            | "tbd"
            | "undefined"
            | "null"
            | "none"
            | "nil"
            | "redacted"
            | "hidden"
    );
    let is_repeated_x = name.len() > 2 && name.bytes().all(|byte| byte == b'x');
    in_brackets
        || text.starts_with('<')
        || text.ends_with('>')
        || is_variable
        || has_owner
        || is_secret_name(owner) && owner != "secret"
        || is_known
        || is_repeated_x
}

/// Returns the letters and digits of a text, in lower case.
fn plain_name(text: &str) -> Zeroizing<String> {
    // Allocated once: growing would leave copies behind.
    let mut name = Zeroizing::new(String::with_capacity(text.len()));
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    name.extend(letters.map(|letter| letter.to_ascii_lowercase()));
    name
}

/// Returns whether a plain name is a name for a secret, such as `apisecret`.
fn is_secret_name(name: &str) -> bool {
    let name = ["goeshere", "here"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(name);
    matches!(
        name,
        "secret" | "apisecret" | "secretkey" | "apisecretkey" | "apikeysecret"
    )
}

/// Returns whether a text is a secret after its name and `=` or `:`, or a URL.
fn is_named(text: &str) -> bool {
    let is_name = |text: &str| {
        text.split([' ', '_', '-', '.'])
            .map(plain_name)
            .any(|word| {
                [
                    "secret",
                    "apikey",
                    "apisecret",
                    "cloudinary",
                    "key",
                    "token",
                ]
                .contains(&word.as_str())
            })
    };
    text.contains("://")
        || text
            .split_once(['=', ':'])
            .is_some_and(|(name, secret)| !secret.is_empty() && is_name(name))
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
        use SecretWarning::{
            ApiKey, Invisible, Masked, Named, Placeholder, Quoted, Separator, WhiteSpace,
        };
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
            ("wvU2SZ\\n", WhiteSpace),
            ("wvU2SZ%20", WhiteSpace),
            ("%0AwvU2SZ", WhiteSpace),
            ("%22wvU2SZ%22", Quoted),
            ("&quot;wvU2SZ&quot;", Quoted),
            ("undefined", Placeholder),
            ("null", Placeholder),
            ("None", Placeholder),
            ("REPLACE-ME", Placeholder),
            ("todo", Placeholder),
            ("[REDACTED]", Placeholder),
            ("(hidden)", Placeholder),
            ("<wvU2SZ", Placeholder),
            ("your_api_secret_here", Placeholder),
            ("insert_api_secret", Placeholder),
            ("enter your secret", Placeholder),
            ("api-secret-goes-here", Placeholder),
            ("CLOUDINARY_SECRET", Placeholder),
            ("process.env.API_SECRET", Placeholder),
            ("$(cat secret)", Placeholder),
            ("CLOUDINARY_API_SECRET=wvU2SZ", Named),
            ("export API_SECRET=wvU2SZ", Named),
            ("api_secret: wvU2SZ", Named),
            ("apiSecret:wvU2SZ", Named),
            ("cloudinary://123:wvU2SZ@demo", Named),
            ("CLOUDINARY_URL=cloudinary://123:wvU2SZ@demo", Named),
            ("123456789012345", ApiKey),
            ("wvU2...", Masked),
            ("wvU2SZ,", Separator),
            ("wvU2SZ;", Separator),
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
            "12345678901234",
            "1234567890123456",
            "wvU2SZ==",
            "c2VjcmV0LWtleQ==",
            "wvU2=SZ:x",
            "a,b;c",
            "nullable",
            "proxy key",
            "thumbnail key",
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
