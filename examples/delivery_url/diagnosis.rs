//! What was likely done to a URL that does not verify, found by trying.

use percent_encoding::percent_decode_str;
use url_signer::cloudinary::{Cloud, DeliveryUrl, SignatureAlgorithm, Transformation, VerifiedUrl};

/// Steps with more parameters are not tried in all orders.
const MOST_PARAMETERS: usize = 5;

/// More variants, and longer paths, are not tried.
const MOST_VARIANTS: usize = 2_000;
const LONGEST_PATH: usize = 4_000;

/// What would verify if it were undone, the likeliest first; never nothing.
pub(crate) fn diagnose(cloud: &Cloud, text: &str, url: &DeliveryUrl<'_>) -> Vec<String> {
    let Some(parts) = Parts::of(text, url) else {
        return vec![unsigned(text, url)];
    };
    if parts.path.len() > LONGEST_PATH {
        return vec!["it is too long to try what was done to it".to_owned()];
    }
    let any_form = cloud
        .clone()
        .with_accepted_algorithm(SignatureAlgorithm::Sha1)
        .with_accepted_algorithm(SignatureAlgorithm::Sha256);
    let own_front = parts.own_front(cloud);
    let mut found = Vec::new();
    for (what, path) in variants(url, &parts) {
        for front in [&parts.front, &own_front] {
            let tried = format!("{front}{path}");
            let Ok(verified) = any_form.verify(&tried) else {
                continue;
            };
            let mut reasons: Vec<_> = what.iter().cloned().collect();
            if cloud.verify(&tried).is_err() {
                reasons.push(wrong_digest(&verified));
            }
            if front != &parts.front {
                let name = cloud.name();
                reasons.push(format!(
                    "wrong host or account: it does not lead to `{name}`"
                ));
            }
            let signed = format!(
                "what was signed is `{}`",
                verified.signed_path().escape_debug()
            );
            // Another way to say the same is of no use.
            if !found.iter().any(|said: &String| said.ends_with(&signed)) {
                found.push(format!("{}; {signed}", reasons.join(", and ")));
            }
            break;
        }
    }
    if found.is_empty() {
        found.push("signed by another secret, or changed in a way that was not tried".to_owned());
    }
    found
}

fn wrong_digest(verified: &VerifiedUrl<'_>) -> String {
    let form = match verified.signature_algorithm() {
        SignatureAlgorithm::Sha1 => "SHA-1 and 8 characters",
        SignatureAlgorithm::Sha256 => "SHA-256 and 8 characters",
        SignatureAlgorithm::Sha256Long => "SHA-256 and 32 characters",
    };
    format!("wrong digest: it was signed with {form}, for which this account is not configured")
}

fn unsigned(text: &str, url: &DeliveryUrl<'_>) -> String {
    let path = text.split(['?', '#']).next().unwrap_or_default();
    let segment = path
        .split('/')
        .find(|segment| segment.starts_with("s--") && segment.len() > "s----".len());
    let Some(segment) = segment else {
        return "it has no signature".to_owned();
    };
    let signature = segment
        .strip_prefix("s--")
        .and_then(|rest| rest.strip_suffix("--"));
    let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_one = signature.is_some_and(|signature| {
        matches!(signature.len(), 8 | 32) && signature.bytes().all(url_safe)
    });
    let segment = segment.escape_debug();
    if is_one {
        let types = format!("{}/{}", url.resource_type(), url.delivery_type());
        format!(
            "the signature `{segment}` is not where it has to be: right after the types, such as `{types}`"
        )
    } else {
        format!(
            "`{segment}` is no signature: that is 8 or 32 letters, digits, `-` and `_` between `s--` and `--`"
        )
    }
}

/// A signed URL in pieces.
struct Parts {
    /// All up to the signature, and the `/` after it.
    front: String,
    /// The types in the front, and the signature.
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
            front: format!("{before}{mark}"),
            types: format!("{types}{mark}"),
            path: path.to_owned(),
            query,
        })
    }

    /// The front of a URL that does lead to the account.
    fn own_front(&self, cloud: &Cloud) -> String {
        let (name, types) = (cloud.name(), self.types.trim_start_matches('/'));
        format!("https://res.cloudinary.com/{name}/{types}")
    }
}

/// The paths that could have been signed, with what was done to them since.
fn variants(url: &DeliveryUrl<'_>, parts: &Parts) -> Vec<(Option<String>, String)> {
    let path = &parts.path;
    let mut variants = vec![(None, path.clone())];
    let mut add = |what: &str, before: String| {
        let is_new = before != *path && !before.is_empty();
        if is_new && variants.len() < MOST_VARIANTS {
            variants.push((Some(what.to_owned()), before));
        }
    };
    let (steps, version, source) = (url.transformation(), url.version(), url.source());
    let with_version = |steps: &str, source: &str| {
        let version = version.map(|version| format!("v{version}"));
        joined(&[steps, version.as_deref().unwrap_or_default(), source])
    };

    let once = path.replace("%25", "%");
    add("escaped twice", once.clone());
    add(
        "escaped twice",
        with_version(steps, &source.replace("%25", "%")),
    );
    add("escaped three times", once.replace("%25", "%"));
    add("not escaped", with_version(steps, &escaped(source)));
    add(
        "a slash was escaped",
        path.replace("%2F", "/").replace("%2f", "/"),
    );
    add(
        "escaped in another way than the SDKs do",
        with_version(steps, &escaped(&decoded(source))),
    );
    add(
        "its steps were escaped",
        with_version(&decoded(steps), source),
    );
    add(
        "the text of a layer was decoded",
        with_version(
            &steps.replace("%2C", "%252C").replace("%2F", "%252F"),
            source,
        ),
    );
    add("a space was written as `+`", path.replace('+', "%20"));
    add("a slash was doubled", collapsed(path));
    if url.delivery_type() == "fetch" {
        let fetched = format!("{path}{}", parts.query);
        add("what begins with `?` was not escaped", escaped(&fetched));
    }
    if let (Some(suffix), Some((before, last))) = (url.suffix(), source.rsplit_once('/')) {
        let extension = last.strip_prefix(suffix).unwrap_or_default();
        add(
            "a suffix of its own was signed",
            with_version(steps, &format!("{before}{extension}/x")),
        );
    } else if let Some((before, last)) = source.rsplit_once('/') {
        let extension = last.find('.').and_then(|dot| last.get(dot..));
        let before = format!("{before}{}", extension.unwrap_or_default());
        add(
            "a suffix stands where none can be",
            with_version(steps, &before),
        );
    }
    if let Ok(transformation) = Transformation::verbatim(steps) {
        let sorted = transformation.sorted().to_string();
        add("sorted differently", with_version(&sorted, source));
    }
    extensions(source, &mut |what, source| {
        add(what, with_version(steps, source));
    });
    if !steps.is_empty() {
        add(
            "signed without its transformation",
            with_version("", source),
        );
        for (what, other) in fewer(steps) {
            add(&what, with_version(&other, source));
        }
        for other in orders(steps) {
            add("sorted differently", with_version(&other, source));
        }
    }
    for other in ["v1", "v0"] {
        add(
            "version inside: a version was signed that is not there now",
            joined(&[steps, other, source]),
        );
    }
    if let Some(version) = version {
        let before = format!("v{version}/{steps}/{source}");
        add(
            "version inside: it was signed with the version before its steps",
            before,
        );
    }
    add("written in capitals", path.to_ascii_lowercase());
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
        let what = format!("it was signed with the extension `{known}`");
        if extension != Some(known) {
            add(&what, &format!("{stem}.{known}"));
        }
        if extension.is_some() {
            add(&what, &format!("{source}.{known}"));
        }
    }
}

/// The steps without one of them, or without one of their parameters.
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
        if fewer.len() > MOST_VARIANTS {
            break;
        }
    }
    fewer
}

/// The steps with the parameters of one in any other order.
fn orders(steps: &str) -> Vec<String> {
    let steps: Vec<&str> = steps.split('/').collect();
    let mut orders = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let parameters: Vec<&str> = step.split(',').collect();
        if !(2..=MOST_PARAMETERS).contains(&parameters.len()) || orders.len() > MOST_VARIANTS {
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

/// What has to be escaped in a public id, escaped; escapes stay.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' | b'-' | b'/' | b':' | b'%' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Runs of `/` made one, but for those after a `:`.
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
