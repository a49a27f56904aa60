//! Names of options that only some of the SDKs know.

/// The sections of a configuration in the SDK for PHP, as in `url[secure]`.
const SECTIONS: &[&str] = &["api", "cloud", "tag", "url"];

/// Names in some SDKs, and the names in most SDKs.
const SYNONYMS: &[(&str, &str)] = &[
    ("asset_type", "resource_type"),
    ("delivery_type", "type"),
    ("suffix", "url_suffix"),
];

/// Returns the supported name of an option: without the section of PHP, in snake case
/// instead of the camel case of JavaScript and .NET, or a synonym.
pub(crate) fn supported_name(option: &str, is_known: impl Fn(&str) -> bool) -> Option<String> {
    let inner = SECTIONS.iter().find_map(|section| {
        option
            .strip_prefix(section)?
            .strip_prefix('[')?
            .strip_suffix(']')
    });
    let name = snake_case(inner.unwrap_or(option));
    let synonym = SYNONYMS.iter().find(|(other, _)| *other == name);
    let name = synonym.map_or(name, |(_, name)| (*name).to_owned());
    (name != option && is_known(&name)).then_some(name)
}

fn snake_case(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut follows_lower_case = false;
    for char in name.chars() {
        if char.is_ascii_uppercase() && follows_lower_case {
            text.push('_');
        }
        follows_lower_case = char.is_ascii_lowercase() || char.is_ascii_digit();
        text.push(char.to_ascii_lowercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_some_sdks_are_translated() {
        let is_known = |name: &str| ["secure", "private_cdn", "type", "url_suffix"].contains(&name);
        for (option, supported) in [
            ("url[secure]", Some("secure")),
            ("url[privateCdn]", Some("private_cdn")),
            ("privateCdn", Some("private_cdn")),
            ("PrivateCDN", Some("private_cdn")),
            ("deliveryType", Some("type")),
            ("suffix", Some("url_suffix")),
            ("Secure", Some("secure")),
            ("secure", None),
            ("foo[secure]", None),
            ("url[color]", None),
            ("sercure", None),
        ] {
            assert_eq!(supported_name(option, is_known).as_deref(), supported);
        }
    }
}
