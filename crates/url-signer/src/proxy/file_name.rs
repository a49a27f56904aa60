use std::fmt::{self, Write};
use std::ops::DerefMut;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

/// What may stand in a file name of a URL as it is: RFC 3986's unreserved.
const FILE_NAME: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The file name in a proxy URL: `super-image.png`.
///
/// Cheap to clone: the proxy URLs of one image share it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProxyFileName(Arc<str>);

impl ProxyFileName {
    /// The [`slug`](crate::slug) of a name, `image` where that is empty, and a format as
    /// its extension, `jpg` where that is empty. Of the format, what can't
    /// stand in a URL is escaped.
    ///
    /// ```
    /// use url_signer::ProxyFileName;
    ///
    /// assert_eq!(ProxyFileName::new("Été à la mer", "jpg").as_str(), "ete-a-la-mer.jpg");
    /// assert_eq!(ProxyFileName::new("日本語", "jp g").as_str(), "image.jp%20g");
    /// assert_eq!(ProxyFileName::new("", "").as_str(), "image.jpg");
    /// ```
    #[must_use]
    pub fn new(name: &str, format: &str) -> Self {
        let mut file_name = String::with_capacity(name.len() + format.len() + 1);
        // A `String` takes anything; the result is for other writers.
        let _ = Self::write(name, format, &mut file_name);
        Self(file_name.into())
    }

    /// Writes a file name.
    pub(crate) fn write(
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
        utf8_percent_encode(format, FILE_NAME).try_for_each(|piece| f.write_str(piece))
    }

    /// The file name as it stands in the URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A name as it stands in a URL: lower-case ASCII letters, digits, `_`, and
/// single `-` between.
///
/// As the documented host's framework makes it (`parameterize` of Active
/// Support 6.1): Latin letters lose their marks, everything else separates.
/// What has no Latin letter or digit comes out empty.
///
/// ```
/// use url_signer::slug;
///
/// assert_eq!(slug("This is an è à Amazing file"), "this-is-an-e-a-amazing-file");
/// assert_eq!(slug("Straße_42.jpg"), "strasse_42-jpg");
/// assert_eq!(slug("日本語"), "");
/// ```
#[must_use]
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    // A `String` takes anything; the result is for other writers.
    let _ = write_slug(name, &mut slug);
    slug
}

/// Writes the slug of a name.
pub(crate) fn write_slug(name: &str, f: &mut (impl Write + DerefMut<Target = str>)) -> fmt::Result {
    if name.is_ascii() {
        write_words(name.chars(), f)
    } else {
        // Composed first: some systems store `é` as `e` and an accent.
        write_words(name.nfc().flat_map(latin_form), f)
    }
}

/// Writes letters and digits, and one `-` for what is between them.
fn write_words(
    chars: impl Iterator<Item = char>,
    f: &mut (impl Write + DerefMut<Target = str>),
) -> fmt::Result {
    let start = f.len();
    let mut separated = false;
    for char in chars {
        if !stands(char) {
            separated = true;
            continue;
        }
        if separated && f.len() > start {
            f.write_char('-')?;
        }
        f.write_char(char.to_ascii_lowercase())?;
        separated = false;
    }
    Ok(())
}

const fn stands(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_'
}

/// The first character that [`LATIN_FORMS`] has a form for.
const FIRST: u32 = 0xc0;

/// The forms of U+00C0 to U+017E; empty where there is none.
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

/// The ASCII form of a character, by the table of the `i18n` gem; the character
/// itself where it has none, which is ASCII then, or separates.
fn latin_form(char: char) -> impl Iterator<Item = char> {
    let form = u32::from(char)
        .checked_sub(FIRST)
        .and_then(|index| LATIN_FORMS.get(index as usize))
        .map_or("", |form| *form);
    let itself = form.is_empty().then_some(char);
    itself.into_iter().chain(form.chars())
}
