//! The likely changes to a URL that does not verify. The diagnosis undoes common
//! changes and verifies the result.

use percent_encoding::percent_decode_str;
use url_signer::cloudinary::{Cloud, DeliveryUrl, SignatureAlgorithm, Transformation, VerifiedUrl};

/// The maximum number of parameters whose orders are all tried.
const MAX_PARAMETERS: usize = 5;

/// The maximum number of variants.
const MAX_VARIANTS: usize = 2_000;

/// The maximum length of a path whose variants are tried.
const MAX_PATH: usize = 4_000;

/// Returns the changes that explain why the URL does not verify, the likeliest
/// first. The list is never empty.
pub(crate) fn diagnose(cloud: &Cloud, text: &str, url: &DeliveryUrl<'_>) -> Vec<String> {
    let Some(parts) = Parts::of(text, url) else {
        return vec![unsigned(text, url)];
    };
    if parts.path.len() > MAX_PATH {
        return vec!["the URL is too long for a diagnosis".to_owned()];
    }
    let any_algorithm = cloud
        .clone()
        .with_accepted_algorithm(SignatureAlgorithm::Sha1)
        .with_accepted_algorithm(SignatureAlgorithm::Sha256);
    let expected_base = parts.expected_base(cloud);
    let mut found = Vec::new();
    for (change, path) in variants(url, &parts) {
        for base in [&parts.base, &expected_base] {
            let tried = format!("{base}{path}");
            let Ok(verified) = any_algorithm.verify(&tried) else {
                continue;
            };
            let mut reasons: Vec<_> = change.iter().cloned().collect();
            if cloud.verify(&tried).is_err() {
                reasons.push(wrong_digest(&verified));
            }
            if base != &parts.base {
                let name = cloud.name();
                reasons.push(format!(
                    "wrong host or account: the URL does not belong to `{name}`"
                ));
            }
            let signed = format!(
                "the signed text is `{}`",
                verified.signed_path().escape_debug()
            );
            // One explanation per signed text is enough.
            if !found
                .iter()
                .any(|reason: &String| reason.ends_with(&signed))
            {
                found.push(format!("{}; {signed}", reasons.join(", and ")));
            }
            break;
        }
    }
    if found.is_empty() {
        found.push("signed with another secret, or changed in an unknown way".to_owned());
    }
    found
}

fn wrong_digest(verified: &VerifiedUrl<'_>) -> String {
    format!(
        "wrong digest: the URL was signed with {}, but the account is configured differently",
        signature_format(verified)
    )
}

/// Describes the algorithm and the length of a signature.
pub(crate) fn signature_format(verified: &VerifiedUrl<'_>) -> String {
    let algorithm = match verified.signature_algorithm() {
        SignatureAlgorithm::Sha1 => "SHA-1",
        SignatureAlgorithm::Sha256 => "SHA-256",
        other => other.as_str(),
    };
    let length = verified.unsigned_parts().signature().map_or(0, str::len);
    format!("{algorithm} and {length} characters")
}

fn unsigned(text: &str, url: &DeliveryUrl<'_>) -> String {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let segment = path
        .split('/')
        .find(|segment| segment.starts_with("s--") && segment.len() > "s----".len());
    let Some(segment) = segment else {
        return "the URL has no signature".to_owned();
    };
    let signature = segment
        .strip_prefix("s--")
        .and_then(|rest| rest.strip_suffix("--"));
    let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_valid = signature.is_some_and(|signature| {
        matches!(signature.len(), 8 | 32) && signature.bytes().all(url_safe)
    });
    let segment = segment.escape_debug();
    if is_valid {
        let types = format!("{}/{}", url.resource_type(), url.delivery_type());
        format!(
            "the signature `{segment}` is in the wrong place: it must follow the types, such as `{types}`"
        )
    } else {
        format!(
            "`{segment}` is not a valid signature: expected 8 or 32 letters, digits, `-` and `_` between `s--` and `--`"
        )
    }
}

/// The parts of a signed URL.
struct Parts {
    /// The text up to and including the signature and the following `/`.
    base: String,
    /// The types and the signature in the base.
    types: String,
    path: String,
    /// The query with its `?`.
    query: String,
}

impl Parts {
    fn of(text: &str, url: &DeliveryUrl<'_>) -> Option<Self> {
        let mark = format!("/s--{}--/", url.signature()?);
        let (before, rest) = text.split_once(&mark)?;
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, format!("?{query}")),
            None => (rest, String::new()),
        };
        let (_, after_host) = before.split_once("://")?;
        let types = after_host.split_once('/').map_or("", |(_, types)| types);
        let types = match url.cloud_name().map(|name| types.strip_prefix(name)) {
            Some(Some(types)) => types.trim_start_matches('/'),
            _ => types,
        };
        Some(Self {
            base: format!("{before}{mark}"),
            types: format!("{types}{mark}"),
            path: path.to_owned(),
            query,
        })
    }

    /// Returns the base of a URL that belongs to the account.
    fn expected_base(&self, cloud: &Cloud) -> String {
        let (name, types) = (cloud.name(), self.types.trim_start_matches('/'));
        format!("https://res.cloudinary.com/{name}/{types}")
    }
}

/// Returns the paths that may have been signed, each with the later change.
fn variants(url: &DeliveryUrl<'_>, parts: &Parts) -> Vec<(Option<String>, String)> {
    let path = &parts.path;
    let mut variants = vec![(None, path.clone())];
    let mut add = |change: &str, before: String| {
        let is_new = before != *path && !before.is_empty();
        if is_new && variants.len() < MAX_VARIANTS {
            variants.push((Some(change.to_owned()), before));
        }
    };
    let (steps, version, source) = (url.transformation(), url.version(), url.source());
    let with_version = |steps: &str, source: &str| {
        let version = version.map(|version| format!("v{version}"));
        joined(&[steps, version.as_deref().unwrap_or_default(), source])
    };

    let once = path.replace("%25", "%");
    add("percent-encoded twice", once.clone());
    add(
        "percent-encoded twice",
        with_version(steps, &source.replace("%25", "%")),
    );
    add("percent-encoded three times", once.replace("%25", "%"));
    add("not percent-encoded", with_version(steps, &encoded(source)));
    add(
        "a slash was percent-encoded",
        path.replace("%2F", "/").replace("%2f", "/"),
    );
    add(
        "percent-encoded differently from the SDKs",
        with_version(steps, &encoded(&decoded(source))),
    );
    add(
        "the transformation was percent-encoded",
        with_version(&decoded(steps), source),
    );
    add(
        "the text of a layer was percent-decoded",
        with_version(
            &steps.replace("%2C", "%252C").replace("%2F", "%252F"),
            source,
        ),
    );
    add("a space was written as `+`", path.replace('+', "%20"));
    add("a slash was doubled", collapsed(path));
    if url.delivery_type() == "fetch" {
        let fetched = format!("{path}{}", parts.query);
        add(
            "the text after `?` was not percent-encoded",
            encoded(&fetched),
        );
    }
    if let (Some(suffix), Some((before, last))) = (url.suffix(), source.rsplit_once('/')) {
        let extension = last.strip_prefix(suffix).unwrap_or_default();
        add(
            "the suffix was signed",
            with_version(steps, &format!("{before}{extension}/x")),
        );
    } else if let Some((before, last)) = source.rsplit_once('/') {
        let extension = last.find('.').and_then(|dot| last.get(dot..));
        let before = format!("{before}{}", extension.unwrap_or_default());
        add(
            "a suffix was added, but the types do not allow one",
            with_version(steps, &before),
        );
    }
    if let Ok(transformation) = Transformation::verbatim(steps) {
        let sorted = transformation.sorted().to_string();
        add(
            "the parameters were reordered",
            with_version(&sorted, source),
        );
    }
    extensions(source, &mut |change, source| {
        add(change, with_version(steps, source));
    });
    if !steps.is_empty() {
        add(
            "the transformation was added after signing",
            with_version("", source),
        );
        for (change, other) in fewer(steps) {
            add(&change, with_version(&other, source));
        }
        for other in orders(steps) {
            add(
                "the parameters were reordered",
                with_version(&other, source),
            );
        }
    }
    for other in ["v1", "v0"] {
        add(
            "a version was part of the signed text and was removed",
            joined(&[steps, other, source]),
        );
    }
    if let Some(version) = version {
        let before = format!("v{version}/{steps}/{source}");
        add("the version was signed before the transformation", before);
    }
    add("converted to upper case", path.to_ascii_lowercase());
    variants
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<_> = parts
        .iter()
        .filter(|part| !part.is_empty())
        .copied()
        .collect();
    parts.join("/")
}

fn extensions(source: &str, add: &mut impl FnMut(&str, &str)) {
    let (stem, extension) = match source.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => (stem, Some(extension)),
        _ => (source, None),
    };
    if let Some(extension) = extension {
        let extension = extension.escape_debug();
        add(
            &format!("the extension `{extension}` was added after signing"),
            stem,
        );
    }
    for known in ["jpg", "jpeg", "png", "webp", "avif", "gif", "pdf", "mp4"] {
        let change = format!("the signed text has the extension `{known}`");
        if extension != Some(known) {
            add(&change, &format!("{stem}.{known}"));
        }
        if extension.is_some() {
            add(&change, &format!("{source}.{known}"));
        }
    }
}

/// Returns the transformation without one of its steps or parameters, each with
/// the name of the removed part.
fn fewer(steps: &str) -> Vec<(String, String)> {
    let steps: Vec<&str> = steps.split('/').collect();
    let mut fewer = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let mut others = steps.clone();
        others.remove(index);
        fewer.push((
            format!("the step `{step}` was added after signing"),
            others.join("/"),
        ));
        let parameters: Vec<&str> = step.split(',').collect();
        for (place, parameter) in parameters
            .iter()
            .enumerate()
            .filter(|_| parameters.len() > 1)
        {
            let mut others = parameters.clone();
            others.remove(place);
            let mut steps: Vec<String> = steps.iter().map(ToString::to_string).collect();
            if let Some(step) = steps.get_mut(index) {
                *step = others.join(",");
            }
            fewer.push((
                format!("the parameter `{parameter}` was added after signing"),
                steps.join("/"),
            ));
        }
        if fewer.len() > MAX_VARIANTS {
            break;
        }
    }
    fewer
}

/// Returns the transformation with the parameters of one step in other orders.
fn orders(steps: &str) -> Vec<String> {
    let steps: Vec<&str> = steps.split('/').collect();
    let mut orders = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let parameters: Vec<&str> = step.split(',').collect();
        if !(2..=MAX_PARAMETERS).contains(&parameters.len()) || orders.len() > MAX_VARIANTS {
            continue;
        }
        for order in permutations(&parameters) {
            let mut steps = steps.clone();
            let order = order.join(",");
            if let Some(step) = steps.get_mut(index) {
                *step = &order;
            }
            orders.push(steps.join("/"));
        }
    }
    orders
}

fn permutations<'a>(items: &[&'a str]) -> Vec<Vec<&'a str>> {
    let Some((first, rest)) = items.split_first() else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for order in permutations(rest) {
        for at in 0..=order.len() {
            let mut order = order.clone();
            order.insert(at, *first);
            all.push(order);
        }
    }
    all
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// Percent-encodes a public id. Existing `%XX` sequences are kept.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'/' | b':' | b'%' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Collapses runs of `/` to one, except after `:`.
fn collapsed(path: &str) -> String {
    let mut collapsed = String::new();
    for char in path.chars() {
        let doubled = collapsed.ends_with('/') && !collapsed.ends_with(":/");
        if char != '/' || !doubled {
            collapsed.push(char);
        }
    }
    collapsed
}
