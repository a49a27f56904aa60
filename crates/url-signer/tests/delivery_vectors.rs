//! Delivery URLs of the typed API equal those of the official SDKs.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests"
)]

use std::collections::HashMap;

use serde_json::Value;
use url::Url;
use url_signer::cloudinary::{
    Acl, Asset, AssetError, Cloud, Delivery, DeliveryUrl, PathEncoding, SignatureAlgorithm,
    TokenClaims, TokenContext, TokenScope, TokenSigner, Transformation, TransformationError,
};
use url_signer::{Authority, Secret};

/// A case: an asset, its options, and the expected URL.
struct Case {
    cloud: Cloud,
    asset: Asset,
    transformation: Transformation,
    options: HashMap<String, Value>,
    url: String,
}

impl Case {
    /// Reads a case. `url` is the key of the expected URL.
    fn new(case: &Value, url: &str) -> Option<Self> {
        let options: HashMap<_, _> = case["options"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(option, value)| (option.clone(), value.clone()))
            .collect();
        let public_id = case["public_id"].as_str().unwrap();
        // The typed API rejects a fetched asset that is not a URL; the SDKs accept it.
        if text(&options, "type") == Some("fetch") && !public_id.starts_with("http") {
            return None;
        }
        let transformation = case["transformation"].as_str().unwrap();
        if is_rejected(case) {
            return None;
        }
        Some(Self {
            cloud: cloud(&options),
            asset: asset(public_id, &options),
            transformation: transformation.parse().unwrap(),
            url: case[url].as_str().unwrap().to_owned(),
            options,
        })
    }

    fn delivery(&self) -> Delivery<'_> {
        let mut delivery = self.cloud.delivery(&self.asset, &self.transformation);
        if let Some(suffix) = text(&self.options, "url_suffix") {
            delivery = delivery.with_suffix(suffix).unwrap();
        }
        if is_set(&self.options, "use_root_path") {
            delivery = delivery.with_root_path().unwrap();
        }
        if is_set(&self.options, "shorten") {
            delivery = delivery.with_short_types();
        }
        if self.options.get("force_version") == Some(&Value::Bool(false)) {
            delivery = delivery.with_automatic_version(false);
        }
        delivery
    }

    /// The URL as text, and converted into a `Url`.
    fn printed(&self) -> [String; 2] {
        let delivery = self.delivery();
        if !is_set(&self.options, "sign_url") {
            return [delivery.to_string(), Url::from(delivery).into()];
        }
        let signed = match self.options.get("auth_token") {
            Some(token) => self.authorized(token),
            None => delivery.sign(),
        };
        [signed.to_string(), Url::from(signed).into()]
    }

    fn authorized(&self, token: &Value) -> url_signer::cloudinary::SignedUrl<'_> {
        let signer = token_signer(token);
        let claims = token_claims(token);
        match acl(token) {
            Some(acl) => self
                .delivery()
                .with_token(signer.sign(&claims, TokenScope::Acl(&acl))),
            None => self.delivery().authorize(&signer, &claims),
        }
    }

    fn is_signed(&self) -> bool {
        self.url.contains("/s--")
    }
}

/// Returns whether the typed API rejects a case that the SDKs accept, because Cloudinary
/// rejects or misreads the URL. Checks that the error names the reason.
fn is_rejected(case: &Value) -> bool {
    let has_version_folder = has_version_folder(case);
    has_empty_parameter(case["transformation"].as_str().unwrap()) || has_version_folder
}

/// Returns whether a folder of the public id is `v` and digits. A suffix without a version
/// makes the public id a folder.
fn has_version_folder(case: &Value) -> bool {
    let public_id = case["public_id"].as_str().unwrap();
    let options = &case["options"];
    if options["type"] == "fetch" {
        return false;
    }
    let text = public_id.replace("%2F", "/").replace('\t', "%09");
    let is_version = |folder: &str| {
        let digits = folder.strip_prefix('v').unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let in_folder = text.rsplit('/').skip(1).any(is_version);
    match Asset::new(&text) {
        Ok(asset) if options["url_suffix"].is_string() && is_version(&text) => {
            let cloud = Cloud::new("demo", Secret::new("abcd").unwrap()).unwrap();
            let delivery = cloud.delivery(&asset, Transformation::NONE);
            assert!(delivery.with_suffix("a").is_err());
            let with_version = asset.clone().with_version(1);
            let delivery = cloud.delivery(&with_version, Transformation::NONE);
            assert!(delivery.with_suffix("a").is_ok());
            return options.get("version").is_none();
        }
        Ok(_) => assert!(!in_folder, "{public_id}"),
        Err(AssetError::VersionFolder { folder, position }) => {
            assert!(is_version(&folder) && text[position..].starts_with(&*folder));
        }
        Err(error) => panic!("{public_id}: {error}"),
    }
    in_folder
}

fn has_empty_parameter(transformation: &str) -> bool {
    let has_empty_parameter = transformation
        .split('/')
        .any(|step| !step.is_empty() && step.split(',').any(str::is_empty));
    match transformation.parse::<Transformation>() {
        Ok(_) => assert!(!has_empty_parameter, "{transformation}"),
        Err(error) => assert!(
            has_empty_parameter && matches!(error, TransformationError::EmptyParameter { .. }),
            "{error}"
        ),
    }
    has_empty_parameter
}

fn is_set(options: &HashMap<String, Value>, option: &str) -> bool {
    options.get(option) == Some(&Value::Bool(true))
}

fn text<'a>(options: &'a HashMap<String, Value>, option: &str) -> Option<&'a str> {
    options.get(option).and_then(Value::as_str)
}

fn cloud(options: &HashMap<String, Value>) -> Cloud {
    let secret = Secret::new(text(options, "api_secret").unwrap()).unwrap();
    let mut cloud = Cloud::new(text(options, "cloud_name").unwrap(), secret).unwrap();
    if let Some(algorithm) = text(options, "signature_algorithm") {
        cloud = cloud.with_signature_algorithm(algorithm.parse().unwrap());
    }
    if is_set(options, "long_url_signature") {
        cloud = cloud.with_long_signatures();
    }
    if !is_set(options, "secure") {
        cloud = cloud.with_plain_http().unwrap();
    }
    if is_set(options, "private_cdn") {
        cloud = cloud.with_private_cdn().unwrap();
    }
    if let Some(host) = text(options, "secure_distribution") {
        cloud = cloud
            .with_secure_distribution(Authority::new(host).unwrap())
            .unwrap();
    }
    if let Some(host) = text(options, "cname") {
        cloud = cloud.with_cname(Authority::new(host).unwrap()).unwrap();
    }
    if is_set(options, "cdn_subdomain") {
        cloud = cloud.with_cdn_subdomains().unwrap();
    }
    if let Some(Value::Bool(subdomains)) = options.get("secure_cdn_subdomain") {
        cloud = cloud.with_secure_cdn_subdomains(*subdomains).unwrap();
    }
    cloud
}

fn asset(public_id: &str, options: &HashMap<String, Value>) -> Asset {
    if text(options, "type") == Some("fetch") {
        return with_version(Asset::fetch(public_id).unwrap(), options);
    }
    // A raw control character in a public id is rejected; a percent-encoded one is
    // accepted. The SDKs create the same URL for both.
    let mut asset = Asset::new(&public_id.replace('\t', "%09"))
        .unwrap()
        .with_resource_type(
            text(options, "resource_type")
                .unwrap_or("image")
                .parse()
                .unwrap(),
        )
        .with_delivery_type(text(options, "type").unwrap_or("upload").parse().unwrap())
        .unwrap();
    if let Some(format) = text(options, "format") {
        asset = asset.with_extension(format).unwrap();
    }
    with_version(asset, options)
}

fn with_version(asset: Asset, options: &HashMap<String, Value>) -> Asset {
    match options.get("version") {
        Some(Value::Number(version)) => asset.with_version(version.as_u64().unwrap()),
        Some(Value::String(version)) => asset.with_version(version.parse().unwrap()),
        _ => asset,
    }
}

fn token_signer(token: &Value) -> TokenSigner {
    TokenSigner::new(Secret::from_hex(token["key"].as_str().unwrap()).unwrap())
}

fn token_claims(token: &Value) -> TokenClaims {
    let start = token["start_time"].as_i64().unwrap();
    let claims = match token["expiration"].as_i64() {
        Some(expiration) => TokenClaims::expires_at(expiration),
        None => TokenClaims::expires_in(token["duration"].as_u64().unwrap(), start).unwrap(),
    };
    let claims = claims.not_before(start).unwrap();
    match token["ip"].as_str() {
        Some(ip) => claims.with_ip(ip).unwrap(),
        None => claims,
    }
}

fn acl(token: &Value) -> Option<Acl> {
    match token.get("acl")? {
        Value::String(pattern) => Some(Acl::new(pattern).unwrap()),
        Value::Array(patterns) => {
            Some(Acl::any_of(patterns.iter().map(|pattern| pattern.as_str().unwrap())).unwrap())
        }
        other => panic!("acl {other}"),
    }
}

fn cases(jsonl: &str, url: &str, expected: usize) -> Vec<Case> {
    let cases: Vec<_> = jsonl
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter_map(|case| Case::new(&case, url))
        .collect();
    assert_eq!(cases.len(), expected);
    cases
}

const PERCENT_SIGNED: &str = include_str!("data/delivery_percent_signed.jsonl");

const RAW_SIGNED: &str = include_str!("data/delivery_raw_signed.jsonl");

const RAW_CASES: usize = 149;
const DOT_NET_CASES: usize = 155;

fn all_cases() -> Vec<Case> {
    let mut all = cases(include_str!("data/delivery.jsonl"), "url", 1372);
    let suffixed = include_str!("data/delivery_suffix_any_type.jsonl");
    all.extend(cases(suffixed, "url", 66));
    all.extend(cases(PERCENT_SIGNED, "url_signed_escaped", 199));
    for mut case in cases(PERCENT_SIGNED, "url_signed_decoded", 199) {
        case.cloud = case.cloud.with_path_encoding(PathEncoding::Decoded);
        all.push(case);
    }
    for (form, url, count) in [
        (PathEncoding::Raw, "url_signed_raw", RAW_CASES),
        (PathEncoding::DotNet, "url_signed_dotnet", DOT_NET_CASES),
    ] {
        // The SDK for PHP signs a percent-encoded public id as it is given.
        let decoded = RAW_SIGNED.lines().filter(|line| {
            let case: Value = serde_json::from_str(line).unwrap();
            case[url].is_string() && !case["public_id"].as_str().unwrap().contains('%')
        });
        let decoded: Vec<_> = decoded.collect();
        for mut case in cases(&decoded.join("\n"), url, count) {
            case.cloud = case.cloud.with_path_encoding(form);
            all.push(case);
        }
    }
    all
}

fn signed_cases() -> Vec<Case> {
    let signed: Vec<_> = all_cases().into_iter().filter(Case::is_signed).collect();
    assert_eq!(signed.len(), 825 + RAW_CASES + DOT_NET_CASES);
    signed
}

#[test]
fn urls_that_are_never_created_still_verify() {
    let (mut rejected, mut signed) = (0, 0);
    for line in include_str!("data/delivery.jsonl").lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if !is_rejected(&case) {
            continue;
        }
        rejected += 1;
        let options: HashMap<_, _> = serde_json::from_value(case["options"].clone()).unwrap();
        let url = case["url"].as_str().unwrap();
        let parsed = DeliveryUrl::parse(url).unwrap();
        assert_eq!(parsed.to_string(), url);
        assert!(parsed.to_asset().is_ok(), "{url}");
        if parsed.signature().is_some() {
            signed += 1;
            assert!(cloud(&options).verify(url).is_ok(), "{url}");
        }
    }
    assert_eq!((rejected, signed), (97, 46));
}

#[test]
fn urls_equal_the_sdks() {
    for case in all_cases() {
        assert_eq!(case.printed(), [&*case.url, &*case.url]);
    }
}

#[test]
fn sign_compiled_equals_sign_for_every_cloud() {
    let others = [
        (SignatureAlgorithm::Sha1, PathEncoding::Encoded),
        (SignatureAlgorithm::Sha1, PathEncoding::Decoded),
        (SignatureAlgorithm::Sha256, PathEncoding::Encoded),
        (SignatureAlgorithm::Sha256, PathEncoding::Decoded),
        (SignatureAlgorithm::Sha1, PathEncoding::Raw),
        (SignatureAlgorithm::Sha256, PathEncoding::DotNet),
    ];
    for case in signed_cases() {
        let Case {
            cloud,
            asset,
            transformation,
            ..
        } = &case;
        let signed = cloud.sign(asset, transformation).to_string();
        for (algorithm, path_encoding) in others {
            let other = cloud
                .clone()
                .with_signature_algorithm(algorithm)
                .with_path_encoding(path_encoding);
            let compiled = other.compile(transformation.clone());
            assert_eq!(cloud.sign_compiled(asset, &compiled).to_string(), signed);
        }
    }
}

#[test]
fn urls_round_trip() {
    for case in all_cases() {
        let parsed = DeliveryUrl::parse(&case.url).unwrap();
        assert_eq!(parsed.to_string(), case.url);
        assert_eq!(parsed.is_secure(), is_set(&case.options, "secure"));
        assert!(case.url.contains(&format!("//{}/", parsed.authority())));
        assert_eq!(parsed.path(), Url::parse(&case.url).unwrap().path());
        // Without the account, the cloud name may be a folder.
        let named = parsed.with_cloud_name("demo").unwrap();
        assert_eq!(named.resource_type(), case.asset.resource_type());
        assert_eq!(named.delivery_type(), case.asset.delivery_type().as_str());
        if !is_set(&case.options, "use_root_path") {
            assert_eq!(named, parsed);
        }

        let known = named.interpret_as(&case.asset).unwrap();
        assert_eq!(known.transformation(), case.transformation.as_str());
        assert_eq!(known.suffix(), text(&case.options, "url_suffix"));
        let version = case.asset.version().map(|version| version.to_string());
        if version.is_some() {
            assert_eq!(known.version(), version.as_deref());
        } else {
            assert!(matches!(known.version(), None | Some("1")));
        }
        if known.suffix().is_none() {
            assert_eq!(known.source(), case.asset.source());
        }
    }
}

#[test]
fn parts_are_parsed_without_the_asset() {
    for case in all_cases() {
        let parsed = DeliveryUrl::parse(&case.url)
            .unwrap()
            .with_cloud_name("demo")
            .unwrap();
        // A URL without types may have a suffix.
        let suffixed = case.options.contains_key("url_suffix");
        if suffixed && is_set(&case.options, "use_root_path") {
            continue;
        }
        assert_eq!(parsed.transformation(), case.transformation.as_str());
        assert_eq!(parsed, parsed.interpret_as(&case.asset).unwrap());
        let asset = parsed.to_asset().unwrap();
        assert_eq!(asset.source(), case.asset.source());
        assert_eq!(asset.delivery_type(), case.asset.delivery_type());
    }
}

#[test]
fn signatures_verify_with_retired_keys() {
    for case in signed_cases() {
        let verified = case
            .cloud
            .verify(&case.url)
            .map_err(|e| format!("{e} {}", case.url))
            .unwrap();
        assert!(verified.delivers(&case.asset, &case.transformation));

        let mut rotated = cloud(&case.options);
        let other = text(&case.options, "cloud_name").unwrap();
        assert_eq!(other, rotated.name());
        let mut options = case.options.clone();
        options.insert("api_secret".to_owned(), "new".into());
        rotated = cloud(&options);
        for key in ["older", "oldest", "abcd"] {
            assert!(rotated.verify(&case.url).is_err());
            rotated = rotated.with_retired_key(Secret::new(key).unwrap());
        }
        assert!(rotated.verify(&case.url).is_ok());
    }
}

#[test]
fn signatures_verify_for_every_path_encoding() {
    for case in signed_cases() {
        for path_encoding in [
            PathEncoding::Encoded,
            PathEncoding::Decoded,
            PathEncoding::Raw,
            PathEncoding::DotNet,
        ] {
            let algorithm = case.cloud.signature_algorithm();
            for other in [SignatureAlgorithm::Sha1, SignatureAlgorithm::Sha256] {
                let cloud = case
                    .cloud
                    .clone()
                    .with_path_encoding(path_encoding)
                    .with_signature_algorithm(other);
                let accepted = other == algorithm || case.cloud.has_long_signatures();
                assert_eq!(cloud.verify(&case.url).is_ok(), accepted);
                assert!(
                    cloud
                        .with_accepted_algorithm(algorithm)
                        .verify(&case.url)
                        .is_ok()
                );
            }
        }
    }
}

#[test]
fn tokens_in_urls_verify() {
    let mut count = 0;
    for case in all_cases() {
        let Some(token) = case.options.get("auth_token") else {
            continue;
        };
        count += 1;
        let parsed = DeliveryUrl::parse(&case.url).unwrap();
        let start = token["start_time"].as_i64().unwrap();
        let mut context = TokenContext::new(start);
        context.ip = token["ip"].as_str().map(|ip| ip.parse().unwrap());
        let signer = token_signer(token);
        let query = parsed.query().unwrap();
        if acl(token).is_none_or(|acl| acl.allows(parsed.path())) {
            signer.verify(query, parsed.path(), &context).unwrap();
        }
        assert!(signer.verify(query, "/other", &context).is_err());
    }
    assert_eq!(count, 68);
}

#[test]
fn changed_characters_do_not_verify() {
    for case in signed_cases().iter().step_by(7) {
        let signed = case.url.find("/s--").unwrap() + 1;
        let path_end = case.url.find('?').unwrap_or(case.url.len());
        let parsed = DeliveryUrl::parse(&case.url).unwrap();
        let known = parsed.with_cloud_name("demo").unwrap();
        let known = known.interpret_as(&case.asset).unwrap();
        let place = |part: &str| {
            let start = part.as_ptr() as usize - case.url.as_ptr() as usize;
            start..start + part.len()
        };
        let unsigned: Vec<_> = [known.version(), known.suffix()]
            .into_iter()
            .flatten()
            .map(place)
            .collect();
        for at in signed..path_end {
            let mut bytes = case.url.clone().into_bytes();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            let changed = String::from_utf8(bytes).unwrap();
            let is_unsigned = unsigned.iter().any(|part| {
                // The `v` of a signed version counts too: without it, there is no version.
                part.contains(&at)
            });
            assert!(
                is_unsigned || case.cloud.verify(&changed).is_err(),
                "{changed}"
            );
        }
    }
}
