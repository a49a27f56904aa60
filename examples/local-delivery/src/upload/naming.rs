//! The public ids of uploaded images.

use uuid::Uuid;

use super::form::Form;
use crate::render::OutputFormat;
use crate::response::Problem;

/// The characters that a public id cannot have in Cloudinary. `Asset` would decode `%`.
const FORBIDDEN: [char; 7] = ['?', '&', '#', '\\', '%', '<', '>'];

/// The number of characters in a random public id.
const RANDOM_CHARS: usize = 20;

/// The number of random characters after the name of a file.
const SUFFIX_CHARS: usize = 6;

/// The maximum number of bytes in the name of a file that becomes a public id.
const MAX_NAME_BYTES: usize = 150;

/// The name of a file without a name.
const UNNAMED: &str = "file";

/// The name of an uploaded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileName {
    /// The name without folders and extension.
    pub(super) stem: String,
    pub(super) extension: Option<String>,
}

impl FileName {
    /// Splits a name. A file without a name, such as a data URI or `.png`, is called `file`.
    pub(super) fn new(name: Option<&str>) -> Self {
        let name = name.unwrap_or_default();
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let (stem, extension) = match name.rsplit_once('.') {
            Some((stem, extension))
                if !stem.is_empty() || OutputFormat::from_extension(extension).is_some() =>
            {
                (stem, Some(extension.to_owned()))
            }
            _ => (name, None),
        };
        Self {
            stem: if stem.is_empty() { UNNAMED } else { stem }.to_owned(),
            extension,
        }
    }
}

/// Returns the public id of an upload: the requested one, one from the name of the file, or
/// a random one.
pub(super) fn public_id(form: &Form, file_name: &FileName) -> String {
    let name = if let Some(public_id) = form.get("public_id") {
        public_id.to_owned()
    } else if is_true(form.get("use_filename")) {
        let name = allowed(&file_name.stem);
        if form.get("unique_filename") == Some("false") {
            name
        } else {
            format!("{name}_{}", random(SUFFIX_CHARS))
        }
    } else {
        random(RANDOM_CHARS)
    };
    match form.get("folder") {
        Some(folder) => format!("{}/{name}", folder.trim_matches('/')),
        None => name,
    }
}

/// Rejects a public id with a character that it cannot have.
pub(super) fn check_public_id(public_id: &str) -> Result<(), Problem> {
    if public_id.contains(FORBIDDEN) {
        return Err(invalid_public_id(public_id));
    }
    Ok(())
}

pub(super) fn invalid_public_id(public_id: &str) -> Problem {
    Problem::bad_request(format!("public_id ({public_id}) is invalid"))
}

/// Returns whether the value of a parameter is true.
pub(super) fn is_true(value: Option<&str>) -> bool {
    matches!(value, Some("1" | "true"))
}

/// Replaces the characters that a public id cannot have.
fn allowed(stem: &str) -> String {
    let replaced = |character: char| match character {
        // `AssetKey` does not allow `:`.
        ':' => '_',
        character if FORBIDDEN.contains(&character) => '_',
        character if character.is_control() || character.is_whitespace() => '_',
        character => character,
    };
    let mut name = String::new();
    for character in stem.trim_start_matches('.').chars().map(replaced) {
        if name.len() + character.len_utf8() > MAX_NAME_BYTES {
            break;
        }
        name.push(character);
    }
    if name.is_empty() {
        return UNNAMED.to_owned();
    }
    name
}

/// Returns random characters `a`–`z` and `0`–`9`.
fn random(chars: usize) -> String {
    let alphabet = b"abcdefghijklmnopqrstuvwxyz0123456789";
    let mut bits = Uuid::new_v4().as_u128();
    let mut text = String::new();
    while text.len() < chars {
        // The version of the UUID is not random, so that not all digits are used.
        let digit = usize::try_from(bits % 36).unwrap_or_default();
        text.extend(alphabet.get(digit).map(|byte| char::from(*byte)));
        bits /= 36;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_split() {
        let split = |name| {
            let FileName { stem, extension } = FileName::new(name);
            (stem, extension)
        };
        for (name, stem, extension) in [
            (Some("sample.PNG"), "sample", Some("PNG")),
            (Some("a.b.jpg"), "a.b", Some("jpg")),
            (Some("C:\\photos\\a.jpg"), "a", Some("jpg")),
            (Some("../../etc/passwd"), "passwd", None),
            (Some(".htaccess"), ".htaccess", None),
            (Some(".png"), "file", Some("png")),
            (Some(""), "file", None),
            (None, "file", None),
        ] {
            let expected = (stem.to_owned(), extension.map(ToOwned::to_owned));
            assert_eq!(split(name), expected, "{name:?}");
        }
    }

    #[test]
    fn forbidden_characters_are_replaced() {
        assert_eq!(allowed("a?b&c#d\\e%f<g>h:i j"), "a_b_c_d_e_f_g_h_i_j");
        assert_eq!(allowed("..été"), "été");
        assert_eq!(allowed("..."), "file");
        assert!(allowed(&"é".repeat(500)).len() <= MAX_NAME_BYTES);
    }

    #[test]
    fn random_names_differ() {
        let name = random(RANDOM_CHARS);
        assert_eq!(name.len(), RANDOM_CHARS);
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_ne!(name, random(RANDOM_CHARS));
    }
}
