//! Delivery URLs:
//!
//! - Parsing and verifying never panic.
//! - A parsed URL prints the text that was parsed.
//! - The asset and the transformation of a parsed URL can be signed again.
//! - A signed URL that is edited, also with pieces of a second signed URL, is
//!   rejected or verifies as a text that was signed.
//!
//! ```text
//! cargo fuzz run -s none delivery_url -- -dict=fuzz/url.dict
//! ```

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use url::Url;
use url_signer::cloudinary::{
    Asset, AssetError, Cloud, DeliveryType, DeliveryUrl, PathEncoding, ResourceType,
    SignatureAlgorithm, Transformation, VerifiedUrl,
};
use url_signer::{Authority, Secret};
use url_signer_fuzz::{Edit, fully_decoded};

const WORDS: &[&str] = &[
    "/",
    "//",
    "v1/",
    "/v12/",
    "v0",
    "s--abcdefgh--/",
    "--/",
    "s--",
    "?",
    "?a=b",
    "#",
    "%",
    "%2F",
    "%2C",
    "%25",
    "%252C",
    "%252F",
    "%20",
    "%2E%2E/",
    "../",
    "./",
    ".",
    ",",
    "_",
    "a_90/",
    "w_1,",
    "$a_1/",
    "l_text:Arial_20:",
    "u_text:a_1:",
    "image/upload/",
    "image/",
    "video/",
    "raw/",
    "upload/",
    "private/",
    "authenticated/",
    "fetch/",
    "facebook/",
    "images/",
    "files/",
    "iu/",
    "demo/",
    "https://",
    "http://",
    "http:/",
    "res.cloudinary.com/",
    "demo-res.cloudinary.com/",
    "res-1.cloudinary.com/",
    "img.example.org/",
    "@",
    ":80",
    ".jpg",
    "/name.jpg",
    "é",
    " ",
];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    account: Account,
    choices: [Choices; 2],
    edits: [Edit; 4],
    edited: u8,
    /// Public id, transformation, suffix and extension of two URLs, one per line.
    /// Each line is also parsed as a URL.
    text: &'a str,
}

#[derive(Arbitrary, Debug)]
struct Account {
    switches: u8,
    distribution: u8,
    cname: u8,
}

#[derive(Arbitrary, Debug)]
struct Choices {
    types: u8,
    format: u8,
    switches: u8,
    version: u16,
}

fn is_set(switches: u8, bit: u8) -> bool {
    switches >> bit & 1 == 1
}

fn key(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fn cloud(account: &Account) -> Cloud {
    let mut cloud = Cloud::new("demo", key("key"))
        .unwrap()
        .with_accepted_algorithm(SignatureAlgorithm::Sha1)
        .with_accepted_algorithm(SignatureAlgorithm::Sha256);
    let host = |hosts: &[&str], index: u8| {
        let name = hosts.get(usize::from(index % 4))?;
        Some(Authority::new(name).unwrap())
    };
    let distributions = [
        "img.example.org",
        "my-res.cloudinary.com",
        "res.cloudinary.com",
    ];
    let cnames = ["c.example.org", "c-res.cloudinary.com"];
    if let Some(host) = host(&distributions, account.distribution) {
        cloud = cloud.with_secure_distribution(host).unwrap();
    }
    if let Some(host) = host(&cnames, account.cname) {
        cloud = cloud.with_cname(host).unwrap();
    }
    if is_set(account.switches, 0) {
        cloud = cloud.with_plain_http().unwrap();
    }
    if is_set(account.switches, 1) {
        cloud = cloud.with_private_cdn().unwrap();
    }
    if is_set(account.switches, 2) {
        cloud = cloud.with_cdn_subdomains().unwrap();
    }
    if is_set(account.switches, 3) {
        cloud = cloud
            .with_secure_cdn_subdomains(is_set(account.switches, 4))
            .unwrap();
    }
    cloud
}

/// A signed URL and its parts.
struct Signed {
    transformation: Transformation,
    asset: Asset,
    /// The version, if it is signed.
    version: Option<String>,
    /// The form in which the path is signed.
    form: PathEncoding,
    /// True if the decoded path has more than one encoding.
    ambiguous: bool,
    url: String,
}

impl Signed {
    /// Returns `None` if the parts are invalid.
    fn new(cloud: &Cloud, choices: &Choices, text: [&str; 4]) -> Option<Self> {
        let [public_id, transformation, suffix, extension] = text;
        let mut asset = if public_id.starts_with("http") {
            Asset::fetch(public_id).ok()?
        } else {
            let types = ["upload", "private", "authenticated", "facebook"];
            let delivery_type: DeliveryType =
                types[usize::from(choices.types % 4)].parse().unwrap();
            let asset = Asset::new(public_id);
            check_folders(public_id, &asset);
            asset.ok()?.with_delivery_type(delivery_type).unwrap()
        };
        asset = asset.clone().with_extension(extension).unwrap_or(asset);
        asset = asset.with_resource_type(match choices.types / 4 % 4 {
            0 | 1 => ResourceType::Image,
            2 => ResourceType::Video,
            _ => ResourceType::Raw,
        });
        if choices.version > 0 {
            asset = asset.with_version(choices.version.into());
        }
        let transformation = Transformation::verbatim(transformation).unwrap_or_default();
        let cloud = match choices.format % 3 {
            0 => cloud
                .clone()
                .with_signature_algorithm(SignatureAlgorithm::Sha1),
            1 => cloud
                .clone()
                .with_signature_algorithm(SignatureAlgorithm::Sha256),
            _ => cloud.clone().with_long_signatures(),
        };
        let form = match (is_set(choices.switches, 0), is_set(choices.switches, 5)) {
            (false, false) => PathEncoding::Encoded,
            (true, false) => PathEncoding::Decoded,
            (false, true) => PathEncoding::Raw,
            (true, true) => PathEncoding::DotNet,
        };
        let cloud = cloud.with_path_encoding(form);
        let automatic = !is_set(choices.switches, 1);
        let mut delivery = cloud
            .delivery(&asset, &transformation)
            .with_automatic_version(automatic)
            .with_signed_version(is_set(choices.switches, 2));
        if is_set(choices.switches, 3) {
            delivery = delivery.with_short_types();
        }
        if is_set(choices.switches, 4) {
            delivery = delivery.clone().with_root_path().unwrap_or(delivery);
        }
        delivery = delivery.clone().with_suffix(suffix).unwrap_or(delivery);
        let signed = delivery.sign();
        let url = signed.to_string();
        assert_eq!(Url::from(signed).as_str(), url);
        let version = is_set(choices.switches, 2).then(|| version(&asset, automatic));
        let mut signed = Self {
            transformation,
            asset,
            version: version.flatten(),
            form,
            ambiguous: false,
            url,
        };
        signed.ambiguous = signed.check(&cloud);
        Some(signed)
    }

    /// Returns the signed text, as written in the URL.
    fn text(&self) -> String {
        let version = self.version.as_deref().unwrap_or_default();
        let source = self.asset.source();
        if self.transformation.is_empty() {
            format!("{version}{source}")
        } else {
            format!("{}/{version}{source}", self.transformation)
        }
    }

    /// Returns whether a verified URL has this signed text, and delivers this asset if the
    /// types are equal.
    fn matches(&self, verified: &VerifiedUrl) -> bool {
        let same_types = verified.unsigned_parts().resource_type() == self.asset.resource_type()
            && verified.unsigned_parts().delivery_type() == self.asset.delivery_type().as_str();
        let delivers = verified.delivers(&self.asset, &self.transformation);
        let text = self.text();
        if verified.signed_path() == text {
            // With a moved version, the URL is parsed as another asset.
            return same_types || !delivers;
        }
        let (signed, decoded) = (verified.signed_path(), fully_decoded(&text));
        if fully_decoded(&signed) != decoded {
            return false;
        }
        // A decoded text has an equal signature if the URL contains it, or some of
        // its folders, without encoding.
        let last = |text: &str| text.rsplit('/').next().map(ToOwned::to_owned);
        let written_alike =
            self.ambiguous || signed.as_bytes() == decoded || last(&signed) == last(&text);
        // A part that is not a step may be the text of a layer with literal commas.
        let may_differ = self.form != PathEncoding::Encoded || !is_of_steps(&self.transformation);
        may_differ && written_alike && !delivers
    }

    /// Checks that the URL verifies. Returns `true` if its decoded path is
    /// ambiguous, in which case it may not verify.
    fn check(&self, cloud: &Cloud) -> bool {
        let other = Cloud::new("demo", key("kez")).unwrap();
        assert!(other.verify(&self.url).is_err());
        let verified = cloud.verify(&self.url);
        let Ok(verified) = &verified else {
            assert!(
                self.form == PathEncoding::Decoded && self.text().contains('%'),
                "{}",
                self.url
            );
            return true;
        };
        assert!(self.matches(verified), "{}", self.url);
        false
    }
}

/// Checks that a public id is rejected if a folder is `v` and digits.
fn check_folders(public_id: &str, asset: &Result<Asset, AssetError>) {
    let is_version = |folder: &str| {
        let digits = folder.strip_prefix('v').unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    match asset {
        Ok(asset) => {
            let mut folders = asset.source().rsplit('/').skip(1);
            assert!(!folders.any(is_version), "{public_id}");
        }
        Err(AssetError::VersionFolder { folder, position }) => {
            assert!(is_version(folder), "{public_id}");
            assert!(public_id.is_char_boundary(*position), "{public_id}");
        }
        Err(_) => {}
    }
}

/// Returns whether a transformation consists of known parameters.
fn is_of_steps(transformation: &Transformation) -> bool {
    let url = format!("https://res.cloudinary.com/demo/image/upload/{transformation}/a");
    DeliveryUrl::parse(&url).is_ok_and(|url| url.transformation() == transformation.as_str())
}

/// Returns the version in the URL of an asset.
fn version(asset: &Asset, automatic: bool) -> Option<String> {
    let source = asset.source();
    let digit = source
        .strip_prefix('v')
        .map(|rest| rest.starts_with(|char: char| char.is_ascii_digit()));
    let fetched = *asset.delivery_type() == DeliveryType::Fetch;
    let needed = source.contains('/') && digit != Some(true) && !fetched;
    match asset.version() {
        Some(version) => Some(format!("v{version}/")),
        None => (automatic && needed).then(|| "v1/".to_owned()),
    }
}

/// Checks a text that may be a URL.
fn check_text(cloud: &Cloud, text: &str) {
    let Ok(parsed) = DeliveryUrl::parse(text) else {
        assert!(cloud.verify(text).is_err());
        return;
    };
    let scheme = if parsed.is_secure() { "https" } else { "http" };
    let query = parsed
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let printed = format!("{scheme}://{}{}{query}", parsed.authority(), parsed.path());
    assert_eq!([parsed.to_string(), printed], [text, text]);
    for name in [parsed.cloud_name().unwrap_or_default(), "demo", ""] {
        if let Ok(parsed) = parsed.with_cloud_name(name) {
            assert_eq!(parsed.to_string(), text);
            assert!(parsed.cloud_name().is_none_or(|found| found == name));
            sign_again(cloud, &parsed);
        }
    }
    sign_again(cloud, &parsed);
}

/// Signs the asset and the transformation of a parsed URL.
fn sign_again(cloud: &Cloud, parsed: &DeliveryUrl) {
    let (Ok(asset), Ok(transformation)) = (
        parsed.to_asset(),
        Transformation::verbatim(parsed.transformation()),
    ) else {
        return;
    };
    let url = cloud.sign(&asset, &transformation).to_string();
    let verified = cloud.verify(&url).unwrap();
    assert!(verified.delivers(&asset, &transformation), "{url}");
    assert!(
        verified.unsigned_parts().interpret_as(&asset).is_some(),
        "{url}"
    );
    // The URL can be interpreted as its asset if it is normalized and its types
    // need no suffix.
    let same =
        [parsed.source(), parsed.transformation()] == [asset.source(), transformation.as_str()];
    let suffixed = ["images/", "files/", "videos/"]
        .iter()
        .any(|types| parsed.path().contains(types));
    if same && !suffixed {
        let read = parsed.interpret_as(&asset);
        let read = read.unwrap_or_else(|| panic!("{parsed} is not of {asset:?}"));
        assert_eq!(
            [read.source(), read.transformation()],
            [parsed.source(), parsed.transformation()]
        );
    }
}

fuzz_target!(|input: Input| {
    let cloud = cloud(&input.account);
    for line in input.text.lines() {
        check_text(&cloud, line);
    }
    let mut lines = input.text.split('\n');
    let mut next = || [(); 4].map(|()| lines.next().unwrap_or_default());
    let [one, other] = [next(), next()];
    let [of_one, of_other] = &input.choices;
    let Some(one) = Signed::new(&cloud, of_one, one) else {
        return;
    };
    let signed = [Some(one), Signed::new(&cloud, of_other, other)];
    let signed: Vec<_> = signed.into_iter().flatten().collect();
    let (url, other) = (&signed[0].url, &signed[signed.len() - 1].url);
    check_text(&cloud, url);

    let edits = input.edits.iter().take(1 + usize::from(input.edited) % 4);
    let edited = edits.fold(url.clone(), |url, edit| edit.apply(&url, other, WORDS));
    check_text(&cloud, &edited);
    if let Ok(verified) = cloud.verify(&edited) {
        assert_eq!(verified.unsigned_parts().to_string(), edited);
        assert!(
            signed.iter().any(|signed| signed.matches(&verified)),
            "{edited}"
        );
    }
});
