use std::fmt::{self, Write};
use std::ops::DerefMut;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

use crate::format;

/// Every byte that is not unreserved (RFC 3986) is percent-encoded.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The file name in a proxy URL: `super-image.png`.
///
/// Cloning is cheap, because clones share the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProxyFileName(Arc<str>);

impl ProxyFileName {
    /// Creates a file name, `<slug>.<format>`, from a name and a format.
    ///
    /// The *slug* is the name in lower-case ASCII letters, digits and `_`, with single
    /// `-` between words. Accented Latin letters become ASCII letters. All other
    /// characters separate words. These are the rules of `parameterize` in Active
    /// Support 6.1 (Ruby on Rails). An empty slug becomes `image`.
    ///
    /// The format is the extension, without the dot. It is percent-encoded. An empty
    /// format becomes `jpg`.
    ///
    /// ```
    /// use url_signer::ProxyFileName;
    ///
    /// assert_eq!(ProxyFileName::new("Été à la mer", "jpg").as_str(), "ete-a-la-mer.jpg");
    /// assert_eq!(ProxyFileName::new("Straße_42.jpg", "png").as_str(), "strasse_42-jpg.png");
    /// assert_eq!(ProxyFileName::new("日本語", "jp g").as_str(), "image.jp%20g");
    /// assert_eq!(ProxyFileName::new("", "").as_str(), "image.jpg");
    /// ```
    #[must_use]
    pub fn new(name: &str, format: &str) -> Self {
        Self(format::to_string(|f| Self::write(name, format, f)).into())
    }

    /// Writes the file name that [`new`](Self::new) creates.
    pub(super) fn write(
        name: &str,
        format: &str,
        f: &mut (impl Write + DerefMut<Target = str>),
    ) -> fmt::Result {
        let start = f.len();
        write_slug(name, f)?;
        if f.len() == start {
            f.write_str("image")?;
        }
        f.write_char('.')?;
        let format = if format.is_empty() { "jpg" } else { format };
        if format.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return f.write_str(format);
        }
        utf8_percent_encode(format, RESERVED).try_for_each(|piece| f.write_str(piece))
    }

    /// Returns the file name as it is written in the URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for ProxyFileName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for ProxyFileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Writes the slug of a name.
fn write_slug(name: &str, f: &mut (impl Write + DerefMut<Target = str>)) -> fmt::Result {
    if name.is_ascii() {
        write_words(name.chars(), f)
    } else {
        // Composed first: some systems store `é` as `e` and a combining accent.
        write_words(name.nfc().flat_map(latin_form), f)
    }
}

/// Writes words in lower case, joined with `-`.
fn write_words(
    chars: impl Iterator<Item = char>,
    f: &mut (impl Write + DerefMut<Target = str>),
) -> fmt::Result {
    let start = f.len();
    let mut is_separated = false;
    for char in chars {
        if !is_word_char(char) {
            is_separated = true;
            continue;
        }
        if is_separated && f.len() > start {
            f.write_char('-')?;
        }
        f.write_char(char.to_ascii_lowercase())?;
        is_separated = false;
    }
    Ok(())
}

const fn is_word_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

/// The first character of [`LATIN_FORMS`].
const FIRST: u32 = 0xc0;

/// The ASCII forms of U+00C0 to U+017E. Empty for `÷`, which separates words.
#[rustfmt::skip]
const LATIN_FORMS: [&str; 191] = [
    "A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I", "I",
    "D", "N", "O", "O", "O", "O", "O", "x", "O", "U", "U", "U", "U", "Y", "Th", "ss",
    "a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
    "d", "n", "o", "o", "o", "o", "o", "", "o", "u", "u", "u", "u", "y", "th", "y",
    "A", "a", "A", "a", "A", "a", "C", "c", "C", "c", "C", "c", "C", "c", "D", "d",
    "D", "d", "E", "e", "E", "e", "E", "e", "E", "e", "E", "e", "G", "g", "G", "g",
    "G", "g", "G", "g", "H", "h", "H", "h", "I", "i", "I", "i", "I", "i", "I", "i",
    "I", "i", "IJ", "ij", "J", "j", "K", "k", "k", "L", "l", "L", "l", "L", "l", "L",
    "l", "L", "l", "N", "n", "N", "n", "N", "n", "'n", "NG", "ng", "O", "o", "O", "o",
    "O", "o", "OE", "oe", "R", "r", "R", "r", "R", "r", "S", "s", "S", "s", "S", "s",
    "S", "s", "T", "t", "T", "t", "T", "t", "U", "u", "U", "u", "U", "u", "U", "u",
    "U", "u", "U", "u", "W", "w", "Y", "y", "Y", "Z", "z", "Z", "z", "Z", "z",
];

/// The ASCII form of a character, from the table of the `i18n` gem. A character
/// without a form stays: it is either ASCII, or it separates words.
fn latin_form(char: char) -> impl Iterator<Item = char> {
    let form = u32::from(char)
        .checked_sub(FIRST)
        .and_then(|index| LATIN_FORMS.get(index as usize))
        .map_or("", |form| *form);
    let itself = form.is_empty().then_some(char);
    itself.into_iter().chain(form.chars())
}
