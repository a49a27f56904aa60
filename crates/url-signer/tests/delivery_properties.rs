//! Properties of every delivery URL that can be built.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "tests"
)]

mod changes;
mod plain_rules;

use percent_encoding::percent_decode_str;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use url::Url;
use url_signer::cloudinary::{
    Asset, AssetError, Cloud, Delivery, DeliveryError, DeliveryType, DeliveryUrl, PathEncoding,
    SignatureAlgorithm, Transformation, TransformationError,
};
use url_signer::{Authority, Secret};

use self::changes::changes;
use self::plain_rules::Plain;

fn public_id() -> impl Strategy<Value = String> {
    let pieces = vec![
        "a",
        "Z",
        "9",
        "_",
        "-",
        ".jpg",
        " ",
        "é",
        "日",
        "😀",
        "e\u{301}",
        "%",
        "%20",
        "%2C",
        "%2F",
        "%25",
        "%C3%A9",
        "%61",
        "%FF",
        "/",
        "/",
        "//",
        ":",
        "v1",
        "v12/",
        "s--abcdefgh--",
        "a_90",
        "w_1/",
        "&",
        "=",
        "?",
        "#",
        "+",
        ",",
        "\"",
        "\\",
        "~",
        "image",
        "upload/",
        "demo/",
        "iu/",
        "http:/",
    ];
    vec(select(pieces), 1..8).prop_map(|pieces| pieces.concat())
}

/// Parses a transformation. Returns `None` if it has an empty parameter.
fn steps(text: &str) -> Option<Transformation> {
    let has_empty_parameter = text
        .split('/')
        .any(|step| !step.is_empty() && step.split(',').any(str::is_empty));
    match text.parse() {
        Ok(transformation) if !has_empty_parameter => Some(transformation),
        Err(TransformationError::EmptyParameter { position }) if has_empty_parameter => {
            let before = &text[..position];
            assert!(before.ends_with(',') || text[position..].starts_with(','));
            None
        }
        other => panic!("{text}: {other:?}"),
    }
}

/// Transformations of allowed characters, some with empty parameters.
fn transformation() -> impl Strategy<Value = String> {
    let steps = vec![
        "c_fit,w_300",
        "a_90",
        "$x_!a%20b!",
        "w_1,,h_2",
        "l_banana,",
        ",a_1",
        "l_text:Arial_20:a%252Cb%252Fc,co_rgb:fff",
        "u_text:Arial_20:100%20%25",
        "if_a^b_pow_2",
        "e_gen_fill;prompt_(x)",
        "l_fetch:aHR0cDovL2E",
        "t_named",
        "unknown",
        "s--abcdefgh--",
        "zz_9",
        "/a_1",
    ];
    vec(select(steps), 0..4).prop_map(|steps| steps.join("/").trim_start_matches('/').to_owned())
}

fn hosts() -> impl Strategy<Value = Plain> {
    let distributions = vec![
        "img.example.org",
        "my-res.cloudinary.com",
        "demo-res.cloudinary.com",
        "res.cloudinary.com",
    ];
    (
        any::<[bool; 3]>(),
        option::of(select(distributions)),
        option::of(select(vec!["c.example.org", "c-res.cloudinary.com"])),
        option::of(any::<bool>()),
    )
        .prop_map(
            |([secure, private_cdn, cdn_subdomain], secure_distribution, cname, secure_cdn)| {
                Plain {
                    public_id: String::new(),
                    transformation: String::new(),
                    resource_type: "image",
                    delivery_type: "upload",
                    version: None,
                    format: None,
                    url_suffix: None,
                    use_root_path: false,
                    shorten: false,
                    force_version: true,
                    secure,
                    private_cdn,
                    secure_distribution,
                    cname,
                    cdn_subdomain,
                    secure_cdn_subdomain: secure_cdn,
                    sign_url: false,
                    sign_version: false,
                    sha256: false,
                    long: false,
                    form: PathEncoding::Encoded,
                }
            },
        )
}

/// Every input for which the SDKs create a valid URL.
fn plain() -> impl Strategy<Value = Plain> {
    let types = (
        select(vec!["image", "video", "raw"]),
        select(vec![
            "upload",
            "private",
            "authenticated",
            "facebook",
            "fetch",
        ]),
    );
    let source = (
        public_id(),
        option::of(any::<u64>()),
        option::of(select(vec!["jpg", "tar.gz"])),
        option::of("[-a-z0-9_]{1,6}"),
    );
    let signed = (transformation(), select(FORMS.to_vec()));
    (hosts(), types, source, signed, any::<[bool; 6]>()).prop_filter_map(
        "a url that is not broken",
        |(hosts, (resource_type, delivery_type), source, (transformation, form), switches)| {
            let (public_id, version, format, url_suffix) = source;
            let [
                sign_version,
                sha256,
                long,
                use_root_path,
                shorten,
                force_version,
            ] = switches;
            let fetched = delivery_type == "fetch";
            let is_public = (resource_type, delivery_type) == ("image", "upload");
            let suffixed = delivery_type == "upload"
                || resource_type == "image" && !matches!(delivery_type, "fetch" | "facebook");
            let plain = Plain {
                public_id: if fetched {
                    format!("https://{public_id}")
                } else {
                    public_id
                },
                transformation,
                resource_type,
                delivery_type,
                version,
                format: format.filter(|_| !fetched).map(ToOwned::to_owned),
                url_suffix: url_suffix.filter(|_| suffixed),
                use_root_path: use_root_path && is_public,
                shorten,
                force_version,
                sign_version,
                sha256,
                long,
                form,
                ..hosts
            };
            if !matches!(
                parse_asset(&plain),
                Ok(_) | Err(AssetError::VersionFolder { .. })
            ) {
                return None;
            }
            // A percent-encoded slash next to another one could follow a segment
            // that looks like types.
            let source = plain.source().1.replace("://", "");
            (fetched || !source.contains("//")).then_some(plain)
        },
    )
}

fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Returns the asset. Returns `None` if a folder of its public id is `v` and digits.
fn asset(plain: &Plain) -> Option<Asset> {
    let source = plain.source().1;
    let has_version_folder =
        plain.delivery_type != "fetch" && source.rsplit('/').skip(1).any(is_version);
    match parse_asset(plain) {
        Ok(asset) if !has_version_folder => Some(asset),
        Err(AssetError::VersionFolder { folder, .. }) if has_version_folder => {
            assert!(is_version(&folder));
            None
        }
        other => panic!("{plain:?}: {other:?}"),
    }
}

fn parse_asset(plain: &Plain) -> Result<Asset, AssetError> {
    let delivery_type: DeliveryType = plain.delivery_type.parse().unwrap();
    let mut asset = if delivery_type == DeliveryType::Fetch {
        Asset::fetch(&plain.public_id)?
    } else {
        Asset::new(&plain.public_id)?
            .with_delivery_type(delivery_type)
            .unwrap()
    };
    asset = asset.with_resource_type(plain.resource_type.parse().unwrap());
    if let Some(format) = &plain.format {
        asset = asset.with_extension(format).unwrap();
    }
    if let Some(version) = plain.version {
        asset = asset.with_version(version);
    }
    Ok(asset)
}

/// Returns whether the suffix turns the public id into a folder that is parsed as a version.
fn is_version_before_suffix(plain: &Plain) -> bool {
    let without_format = Plain {
        format: None,
        ..plain.clone()
    };
    plain.url_suffix.is_some() && plain.version.is_none() && is_version(&without_format.source().1)
}

fn cloud(plain: &Plain, secret: &str) -> Cloud {
    let mut cloud = Cloud::new("demo", Secret::new(secret).unwrap()).unwrap();
    if !plain.secure {
        cloud = cloud.with_plain_http().unwrap();
    }
    if plain.private_cdn {
        cloud = cloud.with_private_cdn().unwrap();
    }
    if let Some(host) = plain.secure_distribution {
        let host = Authority::new(host).unwrap();
        cloud = cloud.with_secure_distribution(host).unwrap();
    }
    if let Some(host) = plain.cname {
        cloud = cloud.with_cname(Authority::new(host).unwrap()).unwrap();
    }
    if plain.cdn_subdomain {
        cloud = cloud.with_cdn_subdomains().unwrap();
    }
    if let Some(subdomains) = plain.secure_cdn_subdomain {
        cloud = cloud.with_secure_cdn_subdomains(subdomains).unwrap();
    }
    with_signatures(cloud, plain).with_path_encoding(plain.form)
}

const ALGORITHMS: [SignatureAlgorithm; 2] = [SignatureAlgorithm::Sha1, SignatureAlgorithm::Sha256];

fn with_signatures(cloud: Cloud, plain: &Plain) -> Cloud {
    let cloud = cloud.with_signature_algorithm(if plain.sha256 {
        SignatureAlgorithm::Sha256
    } else {
        SignatureAlgorithm::Sha1
    });
    if plain.long {
        cloud.with_long_signatures()
    } else {
        cloud
    }
}

const FORMS: [PathEncoding; 4] = [
    PathEncoding::Encoded,
    PathEncoding::Decoded,
    PathEncoding::Raw,
    PathEncoding::DotNet,
];

/// Returns the inputs in the form in which they are signed: an ambiguous path is signed
/// encoded.
fn with_signed_form(plain: Plain, asset: Option<&Asset>) -> Plain {
    let is_ambiguous =
        asset.is_none_or(|asset| is_ambiguous(asset) || could_be_text(&plain, asset));
    let is_raw = matches!(plain.form, PathEncoding::Raw | PathEncoding::DotNet);
    if is_ambiguous || is_raw && hides_source(&plain, asset) {
        return Plain {
            form: PathEncoding::Encoded,
            ..plain
        };
    }
    plain
}

/// Returns whether an unknown step or a folder with a comma could be text of a layer.
fn could_be_text(plain: &Plain, asset: &Asset) -> bool {
    let text_layers = ["l_text:", "u_text:"];
    let has_text = text_layers
        .iter()
        .any(|layer| plain.transformation.contains(layer));
    let folders = asset.source().rsplit_once('/');
    let has_comma = folders.is_some_and(|(folders, _)| folders.contains("%2C"));
    has_text && (has_comma || plain.transformation.split('/').any(is_unknown_step))
}

fn is_unknown_step(step: &str) -> bool {
    let names = ["unknown", "s--", "zz_"];
    names.iter().any(|name| step.starts_with(name))
}

/// Returns whether the URL does not show which segments with `%` belong to the source.
fn hides_source(plain: &Plain, asset: Option<&Asset>) -> bool {
    let unsigned = Plain {
        sign_url: false,
        ..plain.clone()
    };
    let has_version = unsigned.url().split('/').any(is_version);
    let has_signed_version = has_version && plain.sign_version;
    if !has_signed_version && (has_version || plain.delivery_type == "fetch") {
        return false;
    }
    let source = asset.map(Asset::source).unwrap_or_default();
    let folders = source.rsplit_once('/').map_or("", |(folders, _)| folders);
    // Otherwise, the last `/` shows it, or the whole path may be decoded.
    if !folders.contains('%') || !plain.transformation.contains('%') {
        return false;
    }
    let steps: Vec<_> = plain.transformation.split('/').collect();
    if let Some(end) = steps.iter().position(|step| is_unknown_step(step)) {
        let is_encoded = |char: char| !char.is_ascii_alphanumeric() && !"_.-:".contains(char);
        return steps.iter().skip(end).any(|step| step.contains(is_encoded));
    }
    let reads_as_step = |folder: &str| {
        let mut parameters = folder.split(',').filter(|parameter| !parameter.is_empty());
        !folder.is_empty()
            && parameters.all(|parameter| {
                let name = parameter
                    .split_once('_')
                    .filter(|(_, value)| !value.is_empty());
                name.is_some_and(|(name, _)| matches!(name, "a" | "w"))
            })
    };
    let mut steps = folders
        .split('/')
        .take_while(|folder| reads_as_step(folder));
    steps.any(|step| step.contains('%'))
}

/// Configuration options that determine the layout of URLs.
const LAYOUTS: [&str; 6] = [
    "sign_version=true",
    "force_version=false",
    "use_root_path=true",
    "shorten=true",
    "private_cdn=true",
    "cdn_subdomain=true",
];

/// Returns the delivery. Returns `None` if the suffix is rejected.
fn delivery<'a>(
    plain: &'a Plain,
    cloud: &'a Cloud,
    transformation: &'a Transformation,
    asset: &'a Asset,
) -> Option<Delivery<'a>> {
    let mut delivery = cloud.delivery(asset, transformation);
    if let Some(suffix) = &plain.url_suffix {
        delivery = match delivery.with_suffix(suffix) {
            Ok(delivery) if !is_version_before_suffix(plain) => delivery,
            Err(DeliveryError::VersionBeforeSuffix(_)) if is_version_before_suffix(plain) => {
                return None;
            }
            other => panic!("{other:?}"),
        };
    }
    if plain.use_root_path {
        delivery = delivery.with_root_path().unwrap();
    }
    if plain.shorten {
        delivery = delivery.with_short_types();
    }
    let delivery = delivery
        .with_automatic_version(plain.force_version)
        .with_signed_version(plain.sign_version);
    Some(delivery)
}

/// Returns whether another path decodes to the same text: the public id still contains
/// percent-encoding, or a decoded folder looks like a step.
fn is_ambiguous(asset: &Asset) -> bool {
    let double = asset.source().match_indices("%25").any(|(at, _)| {
        let after = &asset.source().as_bytes()[at + 3..];
        after.len() >= 2 && after[..2].iter().all(u8::is_ascii_hexdigit)
    });
    let step = asset.source().split('/').rev().skip(1).any(|folder| {
        let text = percent_decode_str(folder).decode_utf8_lossy();
        let is_step = text.split(',').all(|parameter| {
            parameter.is_empty()
                || ["a_", "w_"].iter().any(|name| {
                    parameter
                        .strip_prefix(name)
                        .is_some_and(|value| !value.is_empty())
                })
        });
        let stands = ["%2C", "%26", "%3D", "%2B", "%7E", "%25"];
        is_step && text.contains('_') && stands.iter().any(|escape| folder.contains(escape))
    });
    double || step
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn urls_equal_a_plain_implementation(plain in plain(), sign_url in any::<bool>()) {
        let plain = Plain { sign_url, ..plain };
        let Some(transformation) = steps(&plain.transformation) else { return Ok(()) };
        let Some(asset) = asset(&plain) else { return Ok(()) };
        let cloud = cloud(&plain, "abcd");
        let plain = with_signed_form(plain, Some(&asset));
        let Some(delivery) = delivery(&plain, &cloud, &transformation, &asset) else {
            return Ok(());
        };
        let printed = if sign_url {
            [delivery.clone().sign().to_string(), Url::from(delivery.sign()).into()]
        } else {
            [delivery.to_string(), Url::from(delivery).into()]
        };
        let expected = plain.url();
        prop_assert_eq!(printed, [&*expected, &*expected]);
    }

    #[test]
    fn asset_signer_equals_sign(
        plain in plain(),
        options in vec(select(LAYOUTS.to_vec()), 0..4),
        secret in "[!-~]{1,300}",
        folder in "([a-z]{200}/)?",
        transformations in vec(transformation(), 1..4),
    ) {
        let configuration = format!("cloudinary://key:abcd@demo?{}", options.join("&"));
        let cloud: Cloud = configuration.parse().unwrap();
        let cloud = with_signatures(cloud.with_keys(Secret::new(secret).unwrap()), &plain)
            .with_path_encoding(plain.form);
        let plain = Plain {
            public_id: match plain.delivery_type {
                "fetch" => plain.public_id,
                _ => folder + &plain.public_id,
            },
            ..plain
        };
        let Ok(asset) = parse_asset(&plain) else { return Ok(()) };
        let signer = cloud.asset_signer(&asset);
        for text in transformations {
            let Some(transformation) = steps(&text) else { continue };
            let url = cloud.sign(&asset, &transformation).to_string();
            let mut written = Vec::new();
            signer.write(&transformation, &mut written);
            prop_assert_eq!(str::from_utf8(&written).unwrap(), &url);
            // Also if it was compiled with other settings.
            for algorithm in ALGORITHMS {
                for path_encoding in FORMS {
                    let other = cloud.clone().with_signature_algorithm(algorithm).with_path_encoding(path_encoding);
                    let compiled = other.compile(transformation.clone());
                    written.clear();
                    signer.write_compiled(&compiled, &mut written);
                    prop_assert_eq!(str::from_utf8(&written).unwrap(), &url);
                    prop_assert_eq!(&cloud.sign_compiled(&asset, &compiled).to_string(), &url);
                }
            }
        }
    }

    #[test]
    fn urls_round_trip_and_deliver_their_asset(
        plain in plain(),
        sign_url in any::<bool>(),
        query in option::of("[-a-z0-9_=&%~!/?]{0,9}"),
    ) {
        let mut url = Plain { sign_url, ..plain.clone() }.url();
        if let Some(query) = &query {
            url = format!("{url}?{query}");
        }
        let parsed = DeliveryUrl::parse(&url).map_err(|error| TestCaseError::fail(format!("{error} {url}")))?;
        prop_assert_eq!(parsed.to_string(), url.as_str());
        prop_assert_eq!(parsed.query(), query.as_deref());
        prop_assert_eq!(parsed.is_secure(), plain.secure);

        // A URL of a folder that is parsed as a version is still parsed.
        let Some(asset) = asset(&plain) else { return Ok(()) };
        let known = parsed.interpret_as(&asset).or_else(|| {
            let in_path = if plain.private_cdn { "" } else { "demo" };
            parsed.with_cloud_name(in_path).ok()?.interpret_as(&asset)
        });
        if let Some(known) = known {
            let version = plain.version.map(|version| version.to_string());
            prop_assert!(known.version() == version.as_deref() || known.version() == Some("1") || version.is_none());
            prop_assert_eq!(known.to_string(), url.as_str());
            prop_assert_eq!(known.resource_type(), asset.resource_type());
        } else {
            // Without types, a folder can look like types.
            prop_assert!(plain.use_root_path, "{}", url);
        }
    }

    #[test]
    fn any_signed_url_verifies(plain in plain(), query in option::of("[-a-z0-9_=&%~!/?]{0,9}")) {
        let plain = Plain { sign_url: true, ..plain };
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        let asset = asset(&plain);
        let verifier = cloud(&plain, "abcd");
        let plain = with_signed_form(plain, asset.as_ref());
        let url = plain.url() + &query;
        let verified = verifier.verify(&url).map_err(|_| TestCaseError::fail(url.clone()))?;
        prop_assert_eq!(verified.unsigned_parts().to_string(), url.as_str());
        let other = cloud(&plain, "abce");
        prop_assert!(other.verify(&url).is_err());
        prop_assert!(other.with_retired_key(Secret::new("abcd").unwrap()).verify(&url).is_ok());

        let (Some(asset), Some(transformation)) = (asset, steps(&plain.transformation)) else {
            return Ok(());
        };
        // Without a version, a folder that looks like a step is parsed as one.
        let folder = asset.source().split_once('/').map(|(folder, _)| folder);
        let reads = plain.version.is_some() || plain.force_version || folder.is_none_or(|folder| !folder.contains('_'));
        let reads = reads && !is_version_before_suffix(&plain);
        prop_assert!(verified.delivers(&asset, &transformation) || plain.use_root_path || plain.sign_version || !reads);
        prop_assert!(!verified.delivers(&asset, &transformation.clone().angle(1)));
    }

    #[test]
    fn a_moved_version_keeps_the_signed_path(
        plain in plain(),
        at in any::<Index>(),
    ) {
        let plain = Plain { sign_url: true, url_suffix: None, ..plain };
        let Some(asset) = asset(&plain) else { return Ok(()) };
        let plain = with_signed_form(plain, Some(&asset));
        let cloud = cloud(&plain, "abcd");
        let Some(transformation) = steps(&plain.transformation) else { return Ok(()) };
        let url = plain.url();
        let signed = cloud.verify(&url).unwrap().signed_path().into_owned();
        let (start, path) = url.split_once("--/").unwrap();
        let slashes: Vec<_> = path.match_indices('/').map(|(at, _)| at + 1).chain([0]).collect();
        let (before, after) = path.split_at(slashes[at.index(slashes.len())]);
        let moved = format!("{start}--/{before}v9/{after}");
        if let Ok(verified) = cloud.verify(&moved) {
            prop_assert_eq!(verified.signed_path(), signed);
            let right_before = verified.unsigned_parts().transformation() == transformation.as_str();
            prop_assert!(right_before || !verified.delivers(&asset, &transformation));
        }
    }

    #[test]
    fn changed_urls_do_not_verify(plain in plain()) {
        // The version and the suffix are not signed.
        let plain = Plain {
            sign_url: true,
            sign_version: true,
            url_suffix: None,
            use_root_path: false,
            long: true,
            ..plain
        };
        let url = plain.url();
        let cloud = cloud(&plain, "abcd");
        let Ok(verified) = cloud.verify(&url) else {
            return Ok(());
        };
        let signed = verified.signed_path();
        let start = url.find("/s--").unwrap() + 1;
        let more = [
            url.replacen("--/", "--/../", 1),
            url.replacen("--/", "--//", 1),
            url.replacen("--/", "--/s--abcdefgh--/", 1),
            format!("{url}/"),
            format!("{url}%20"),
            url.replace('%', "%25"),
            url.replace(',', "%2C"),
            url.replace('_', "%5F"),
        ];
        let (before, path) = url.split_at(start);
        let escaped = path.match_indices('/').map(|(at, _)| {
            let (path, after) = path.split_at(at);
            format!("{before}{path}%2F{}", after.trim_start_matches('/'))
        });
        for changed in changes(&url, start).chain(more).chain(escaped).filter(|changed| *changed != url) {
            if let Ok(other) = cloud.verify(&changed) {
                // The version was moved, or a version was inserted.
                prop_assert_eq!(other.signed_path(), &*signed, "{}", changed);
                prop_assert!(other.unsigned_parts().version() != verified.unsigned_parts().version() || other.unsigned_parts().version().is_some());
            }
        }
    }
}
