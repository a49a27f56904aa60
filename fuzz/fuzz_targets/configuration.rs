//! `CLOUDINARY_URL` and the other configuration variables:
//!
//! - Parsing never panics.
//! - Errors, warnings and `Debug` never contain the secret.
//! - A parsed account verifies the URLs that it signs.
//!
//! ```text
//! cargo fuzz run -s none configuration
//! ```

#![no_main]

use std::fmt::Debug;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use url::Url;
use url_signer::Secret;
use url_signer::cloudinary::{
    Asset, Cloud, CloudError, DeliveryType, DeliveryUrl, ResourceType, TokenContext, Transformation,
};

/// The secret, which is valid as a text and as hexadecimal digits.
const SECRET: &str = "5ec2e75ec2e75ec2e75ec2e7";

/// Texts before the secret.
const BEFORE: &[&str] = &[
    "cloudinary://key:",
    "cloudinary://",
    "",
    "cloudinary://key",
    "https://key:",
];

/// Texts after the secret.
const AFTER: &[&str] = &["@demo?", "@demo", "@", "/", "%40demo?", "x@demo?"];

const OPTIONS: &[&str] = &[
    "api_secret",
    "auth_token[key]",
    "auth_token%5Bkey%5D",
    "provisioning_api_secret",
];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    before: u8,
    after: u8,
    option: u8,
    is_damaged: bool,
    now: i64,
    /// One line each: text before the secret, text after the secret, and options.
    /// Each line is also a variable with its value.
    text: &'a str,
}

/// The secret and the `Debug` format of its bytes.
const SHOWN: &[&str] = &[SECRET, "53, 101, 99", "94, 194, 231"];

fn has_secret(text: &str) -> bool {
    SHOWN.iter().any(|shown| text.contains(shown))
}

fn shows_no_secret(shown: &impl Debug, printed: &str) {
    for shown in [
        format!("{shown:?}"),
        format!("{shown:#?}"),
        printed.to_owned(),
    ] {
        assert!(!has_secret(&shown), "{shown}");
    }
}

/// Returns whether a URL has a shared host but no cloud name, so that it belongs to no
/// account. A configuration can request such URLs.
fn has_no_account(url: &str, cloud: &Cloud) -> bool {
    let url = DeliveryUrl::parse(url).unwrap();
    let shard = url
        .authority()
        .strip_prefix("res")
        .and_then(|host| host.strip_suffix(".cloudinary.com"));
    shard.is_some_and(|shard| shard.is_empty() || shard.starts_with('-'))
        && !url.path().starts_with(&format!("/{}/", cloud.name()))
}

fn check(read: Result<Cloud, CloudError>, now: i64) {
    let cloud = match read {
        Ok(cloud) => cloud,
        Err(error) => return shows_no_secret(&error, &error.to_string()),
    };
    let warnings: Vec<_> = cloud.warnings().iter().map(ToString::to_string).collect();
    shows_no_secret(&cloud, &warnings.join("\n"));

    let asset = Asset::new("a/b c").unwrap();
    let assets = [
        asset.clone(),
        asset
            .clone()
            .with_resource_type(ResourceType::Video)
            .with_version(7),
        asset.with_delivery_type(DeliveryType::Private).unwrap(),
        Asset::fetch("https://example.org/a b").unwrap(),
    ];
    let transformation: Transformation = "a_90/c_fit,w_300".parse().unwrap();
    for asset in &assets {
        let signed = cloud.sign(asset, &transformation);
        let url = signed.to_string();
        shows_no_secret(&signed, &url);
        assert_eq!(Url::from(signed).as_str(), url);
        if has_no_account(&url, &cloud) {
            continue;
        }
        let verified = cloud.verify(&url).unwrap();
        let signed = verified.signed_path();
        let version = signed
            .strip_prefix("a_90/c_fit,w_300/")
            .and_then(|signed| signed.strip_suffix(asset.source()));
        // The version is signed only if the account is configured so.
        assert!(matches!(version, Some("" | "v1/" | "v7/")), "{url}");

        let Some(tokens) = cloud.token_defaults() else {
            continue;
        };
        let Some(claims) = tokens.claims(now) else {
            continue;
        };
        let delivery = cloud.delivery(asset, &transformation);
        let path = delivery.path();
        let token = tokens.signer().sign(&claims, tokens.scope(&path));
        shows_no_secret(&token, "");
        // As in the SDKs, configured claims may be contradictory.
        let context = TokenContext::new(now);
        let _ = tokens.signer().verify(token.as_str(), &path, &context);
        shows_no_secret(&delivery.with_token(token), "");
    }
}

fuzz_target!(|input: Input| {
    // A secret in the remaining text would be shown legitimately.
    if has_secret(input.text) {
        return;
    }
    let pick = |words: &[&'static str], index: u8| words[usize::from(index) % words.len()];
    let mut lines = input.text.split('\n');
    let [before, after, options] = [(); 3].map(|()| lines.next().unwrap_or_default());
    let (before_secret, after_secret) = (pick(BEFORE, input.before), pick(AFTER, input.after));
    let option = pick(OPTIONS, input.option);
    let suffix = if input.is_damaged { "x" } else { "" };

    // The secret as a password, then as an option.
    if !before.contains('@') {
        let url = format!("{before_secret}{before}{SECRET}{after_secret}{after}&{options}");
        check(url.parse(), input.now);
    }
    let url = format!(
        "cloudinary://key:{SECRET}{suffix}@demo{after}?{option}={SECRET}{suffix}&{options}"
    );
    // With these characters, the option would not be an option.
    if !after.contains(['?', '@', '#']) {
        check(url.parse(), input.now);
    }
    check(input.text.parse(), input.now);

    let secret = format!("{SECRET}{suffix}");
    let variables = input
        .text
        .lines()
        .map(|line| line.split_once('=').unwrap_or((line, "")));
    let ours = [
        ("CLOUDINARY_API_SECRET", &*secret),
        ("CLOUDINARY_AUTH_TOKEN[KEY]", &*secret),
    ];
    check(
        Cloud::from_vars(ours.into_iter().chain(variables)),
        input.now,
    );
    assert!(!format!("{:?}", Secret::new(SECRET)).contains(SECRET));
});
