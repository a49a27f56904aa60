//! The parsers of URLs agree with plain implementations, which split all texts
//! without shortcuts.

#![allow(clippy::indexing_slicing, clippy::string_slice, reason = "tests")]

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use url_signer::ProxyRequest;
use url_signer::cloudinary::DeliveryUrl;

/// The names of transformation parameters.
const PARAMETERS: &str = "a ac af ar b bo br c co cs d dl dn dpr du e eo f fl fn fps g h if ki l o \
    p pg q r so sp t u vc vs w x y z";

/// The parts of a URL after its types.
#[derive(Debug, Default, PartialEq, Eq)]
struct Parts {
    signature: Option<String>,
    transformation: String,
    version: Option<String>,
    source: String,
    suffix: Option<String>,
}

fn is_step(segment: &str) -> bool {
    let parameters: Vec<&str> = segment.split(',').filter(|text| !text.is_empty()).collect();
    !parameters.is_empty()
        && parameters.iter().all(|parameter| {
            let (name, value) = parameter.split_once('_').unwrap_or_default();
            let is_known = PARAMETERS.split(' ').any(|known| known == name);
            (is_known || name.starts_with('$')) && !value.is_empty()
        })
}

fn is_version(segment: &str) -> bool {
    let digits = segment.strip_prefix('v').unwrap_or_default();
    !digits.is_empty() && digits.chars().all(|char| char.is_ascii_digit())
}

fn is_signature(segment: &str) -> bool {
    let inner = segment.strip_prefix("s--").unwrap_or_default();
    let signature = inner.strip_suffix("--").unwrap_or_default();
    matches!(signature.chars().count(), 8 | 32)
        && signature
            .chars()
            .all(|char| char.is_ascii_alphanumeric() || char == '-' || char == '_')
}

fn has_dot_segment(path: &str) -> bool {
    path.split('/').any(|segment| {
        let decoded = segment.replace("%2e", ".").replace("%2E", ".");
        decoded == "." || decoded == ".."
    })
}

/// Returns the suffix of a source: its last segment, up to the first `.`.
fn suffix(source: &str) -> Option<String> {
    let (_, last) = source.rsplit_once('/')?;
    let suffix = last.split('.').next()?;
    let is_allowed = |char: char| char.is_ascii_graphic() && !"\"#%<>?[\\]^`{|}".contains(char);
    (!suffix.is_empty() && suffix.chars().all(is_allowed)).then(|| suffix.to_owned())
}

/// Parses the part of a URL after `<cloud>/<types>/`.
fn plain_parts(after_types: &str, types: &str) -> Result<Parts, &'static str> {
    let mut segments: Vec<&str> = after_types.split('/').collect();
    let mut parts = Parts::default();
    if segments.len() > 1
        && is_signature(segments[0])
        && (!segments[1].is_empty() || segments.len() == 2)
    {
        let signature = segments.remove(0);
        parts.signature = Some(signature[3..signature.len() - 2].to_owned());
    }
    let path = segments.join("/");
    let is_fetched = types == "image/fetch";
    if path.is_empty() {
        return Err("missing public id");
    }
    if path.starts_with('/') {
        return Err("unexpected `/` at the start");
    }
    if path.ends_with('/') && !is_fetched {
        return Err("unexpected `/` at the end");
    }
    if has_dot_segment(&path) {
        return Err("unexpected dot segment (`.` or `..`)");
    }
    let leading_steps = |reserved: usize| {
        let candidates = &segments[..segments.len().saturating_sub(reserved)];
        let steps = candidates.iter().take_while(|segment| is_step(segment));
        steps.count()
    };
    let remote = (0..segments.len()).find(|index| {
        let rest = segments[*index..].join("/");
        rest.starts_with("http:/") || rest.starts_with("https:/")
    });
    let (steps, source) = match remote {
        Some(remote) if is_fetched => {
            let version = segments[..remote].iter().position(|text| is_version(text));
            match version {
                Some(version) if version + 1 == remote => (version, remote),
                _ => (remote, remote),
            }
        }
        _ => {
            let steps = leading_steps(1);
            let has_version = is_version(segments[steps]) && steps + 1 < segments.len();
            (steps, steps + usize::from(has_version))
        }
    };
    parts.transformation = segments[..steps].join("/");
    parts.version = (source > steps).then(|| segments[steps][1..].to_owned());
    parts.source = segments[source..].join("/");
    if types == "images" {
        parts.suffix = suffix(&parts.source);
        let steps = leading_steps(2);
        let source = segments[steps..].join("/");
        if parts.suffix.is_none() && suffix(&source).is_some() {
            parts.suffix = suffix(&source);
            parts.transformation = segments[..steps].join("/");
            parts.version = None;
            parts.source = source;
        }
    }
    Ok(parts)
}

/// Returns the parts of a URL, or the error.
fn parts(url: &str) -> Result<Parts, String> {
    let url = DeliveryUrl::parse(url).map_err(|error| error.to_string())?;
    Ok(Parts {
        signature: url.signature().map(str::to_owned),
        transformation: url.transformation().to_owned(),
        version: url.version().map(str::to_owned),
        source: url.source().to_owned(),
        suffix: url.suffix().map(str::to_owned),
    })
}

/// Segments and parts of segments.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "c_fit,w_300", "a_90", "w_1,,h_2", ",x_1,", "$x_1", "$_", "$x", "$_1", "$x_", "dpr_2.0", "dpr",
    "fps_1-2", "ac_none", "q_", "_x", "zz_1", "if_w_gt_1", "l_text:Arial_50:a%252Fb", "e_a:é",
    "w__", "i_1", "v1", "v", "v12x", "v1_2", "V1", "v１", "é", "日本.jpg", "%2e", ".", "..", "%2E.",
    "a%20b", "a.b", "..a", "http:", "https:", "http:/", "s--AbCdEf12--", "s--Ab-_Ef1---",
    "s--short--", "s--AbCd%2F12--", "s--ÄbCdE12--", "s--0123456789012345678901234567-_aZ--", "a+b",
    "a~b!.jpg", "",
];

/// The part of a URL after its types: joined pieces.
fn after_types() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        select(PIECES).prop_map(str::to_owned),
        "[avwx$_,.%0-9é-]{0,4}"
    ];
    let separator = select(vec!["/", "/", "/", "/", "//", ",", ""]);
    let piece = (piece, separator).prop_map(|(piece, separator)| piece + separator);
    prop_oneof![
        9 => vec(piece.clone(), 0..9),
        1 => vec(piece, 50..300),
    ]
    .prop_map(|pieces| pieces.concat())
    .prop_flat_map(|text| {
        // Otherwise, nearly all texts end in a separator.
        let trimmed = text.trim_end_matches(['/', ',']).to_owned();
        prop_oneof![1 => Just(text), 4 => Just(trimmed)]
    })
}

/// Returns whether a URL may contain a character.
fn is_allowed(char: char) -> bool {
    !(char.is_whitespace() || char.is_control() || matches!(char, '#' | '\\'))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn delivery_urls_are_split_as_by_plain_rules(
        after_types in after_types(),
        types in select(vec!["image/authenticated", "image/fetch", "images", "iu"]),
    ) {
        let url = format!("https://res.cloudinary.com/demo/{types}/{after_types}");
        let expected = plain_parts(&after_types, types)
            .map_err(|problem| format!("invalid delivery url: {problem}"));
        prop_assert_eq!(parts(&url), expected);
    }

    #[test]
    fn unexpected_characters_are_found_anywhere(
        before in "[a-z0-9_.%é]{0,200}",
        char in any::<char>(),
        after in "[a-z0-9_.%é]{0,200}",
    ) {
        let name = format!("a{before}{char}{after}b");
        let delivery = format!("https://res.cloudinary.com/demo/image/upload/{name}");
        prop_assert_eq!(DeliveryUrl::parse(&delivery).is_ok(), is_allowed(char), "{}", delivery);
        let query = format!("https://res.cloudinary.com/demo/image/upload/a?{name}");
        prop_assert_eq!(DeliveryUrl::parse(&query).is_ok(), is_allowed(char), "{}", query);
        let proxy = format!("/a.png?s=0123abc&url=localhost/{name}");
        prop_assert_eq!(ProxyRequest::parse(&proxy).is_ok(), is_allowed(char), "{}", proxy);
    }
}

#[test]
fn each_character_is_allowed_or_not() {
    for char in '\0'..=char::MAX {
        let proxy = format!("/a.png?s=0123abc&url=localhost/a{char}b");
        assert_eq!(
            ProxyRequest::parse(&proxy).is_ok(),
            is_allowed(char),
            "{proxy:?}"
        );
        let delivery = format!("https://res.cloudinary.com/demo/image/upload/a?{char}b");
        assert_eq!(
            DeliveryUrl::parse(&delivery).is_ok(),
            is_allowed(char),
            "{delivery:?}"
        );
    }
}
