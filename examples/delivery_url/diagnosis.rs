//! What was likely done to a URL that does not verify, found by trying.

use percent_encoding::percent_decode_str;
use url_signer::cloudinary::{Cloud, DeliveryUrl, SignatureForm, Transformation};

use crate::account::Account;

/// Steps with more parameters are not tried in all orders.
const MOST_PARAMETERS: usize = 6;

/// What would verify if it were undone, the likeliest first.
pub(crate) fn diagnose(account: &Account, text: &str) -> Vec<String> {
    let url = match DeliveryUrl::parse(text) {
        Ok(url) => url,
        Err(error) => return vec![error.to_string()],
    };
    let Some(signature) = url.signature() else {
        return vec![unsigned(text)];
    };
    let Some((front, path, query)) = parts(text, signature) else {
        return Vec::new();
    };
    let verifies = |front: &str, path: &str, cloud: &Cloud| {
        cloud.verify(&format!("{front}{path}{query}")).is_ok()
    };
    let mut found = Vec::new();
    for (name, form) in [
        ("SHA-1 and 8 characters", SignatureForm::Sha1),
        ("SHA-256 and 8 characters", SignatureForm::Sha256),
    ] {
        let cloud = account.cloud.clone().with_accepted_form(form);
        if verifies(&front, &path, &cloud) {
            found.push(format!("wrong digest: it was signed with {name}, and this account is configured for another form"));
        }
    }
    let own = own_front(&account.cloud, signature);
    if verifies(&own, &path, &account.cloud) {
        found.push(format!(
            "wrong host or account: the signature is right, but `{front}` does not lead to `{}`",
            account.cloud.name()
        ));
    }
    for (what, path) in variants(&url, &path) {
        if verifies(&front, &path, &account.cloud) && !found.contains(&what) {
            found.push(what);
        }
    }
    found
}

fn unsigned(text: &str) -> String {
    let segment = text
        .split(['/', '?'])
        .find(|segment| segment.starts_with("s--") && segment.len() > "s----".len());
    match segment {
        Some(segment) => format!(
            "`{segment}` is no signature: that is `s--`, 8 or 32 characters of letters, digits, `-` and `_`, and `--`, at the front of the path"
        ),
        None => "it has no signature".to_owned(),
    }
}

/// All up to the signature and the `/` after it, the path after that, and the
/// query with its `?`.
fn parts(text: &str, signature: &str) -> Option<(String, String, String)> {
    let mark = format!("/s--{signature}--/");
    let (front, rest) = text.split_once(&mark)?;
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (rest, String::new()),
    };
    Some((format!("{front}{mark}"), path.to_owned(), query))
}

/// The front of a URL that does lead to the account.
fn own_front(cloud: &Cloud, signature: &str) -> String {
    let name = cloud.name();
    format!("https://res.cloudinary.com/{name}/image/upload/s--{signature}--/")
}

/// What could have been signed, with what was done to it since.
fn variants(url: &DeliveryUrl<'_>, path: &str) -> Vec<(String, String)> {
    let mut variants = Vec::new();
    let mut add = |what: &str, before: String| {
        if before != path {
            variants.push((what.to_owned(), before));
        }
    };
    let transformation = url.transformation();
    let (version, source) = (url.version(), url.source());
    let with_version = |steps: &str, source: &str| {
        let version = version.map(|version| format!("v{version}"));
        let mut parts = vec![steps, version.as_deref().unwrap_or_default(), source];
        parts.retain(|part| !part.is_empty());
        parts.join("/")
    };

    add(
        "escaped twice: with one `%25` less for each escape it verifies",
        path.replace("%25", "%"),
    );
    add(
        "escaped twice: its public id verifies as it was before",
        with_version(transformation, &source.replace("%25", "%")),
    );
    add(
        "not escaped: its public id verifies with its special characters escaped",
        with_version(transformation, &escaped(source)),
    );
    add(
        "escaped where it need not be: it verifies with its public id decoded and escaped once",
        with_version(transformation, &escaped(&decoded(source))),
    );
    add(
        "a slash was escaped: it verifies with `/` for `%2F`",
        path.replace("%2F", "/").replace("%2f", "/"),
    );
    add(
        "a space was written as `+`: it verifies with `%20`",
        path.replace('+', "%20"),
    );
    add(
        "sorted differently: it verifies with its parameters in the order of the provider's SDKs",
        with_version(&sorted(transformation), source),
    );
    for other in orders(transformation) {
        add(
            &format!("sorted differently: it was signed with the transformation `{other}`"),
            with_version(&other, source),
        );
    }
    if !transformation.is_empty() {
        add(
            "signed without its transformation",
            with_version("", source),
        );
        for (index, step) in transformation.split('/').enumerate() {
            let others: Vec<_> = transformation
                .split('/')
                .enumerate()
                .filter(|(other, _)| *other != index)
                .map(|(_, step)| step)
                .collect();
            add(
                &format!("the step `{step}` was added after signing"),
                with_version(&others.join("/"), source),
            );
        }
    }
    for other in ["v1", "v0"] {
        let mut parts = vec![transformation, other, source];
        parts.retain(|part| !part.is_empty());
        add(
            &format!(
                "version inside: it was signed with `{other}` as part of the text, and has another version, or none, now"
            ),
            parts.join("/"),
        );
    }
    if let Some(version) = version {
        add(
            "version inside: it was signed with the version before the transformation",
            format!("v{version}/{transformation}/{source}"),
        );
    }
    extensions(source, &mut |what, source| {
        add(what, with_version(transformation, source));
    });
    add(
        "letters were changed: it verifies in lower case",
        path.to_ascii_lowercase(),
    );
    variants
}

fn extensions(source: &str, add: &mut impl FnMut(&str, &str)) {
    let (stem, extension) = match source.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => (stem, Some(extension)),
        _ => (source, None),
    };
    if let Some(extension) = extension {
        let what = format!("the extension `{extension}` was added after signing");
        add(&what, stem);
    }
    for known in ["jpg", "jpeg", "png", "webp", "avif", "gif", "pdf", "mp4"] {
        if extension != Some(known) {
            let what = format!("it was signed with the extension `{known}`");
            add(&what, &format!("{stem}.{known}"));
            if extension.is_some() {
                let what = format!("it was signed with a further extension, `{known}`");
                add(&what, &format!("{source}.{known}"));
            }
        }
    }
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

fn sorted(steps: &str) -> String {
    match Transformation::verbatim(steps) {
        Ok(transformation) => transformation.sorted().to_string(),
        Err(_) => steps.to_owned(),
    }
}

/// The steps with the parameters of one in any other order.
fn orders(steps: &str) -> Vec<String> {
    let steps: Vec<&str> = steps.split('/').collect();
    let mut orders = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let parameters: Vec<&str> = step.split(',').collect();
        if !(2..=MOST_PARAMETERS).contains(&parameters.len()) {
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
