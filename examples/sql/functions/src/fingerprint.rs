//! The fingerprint of the keys and settings.

use std::fmt::Write;

use image_model::{Image, Timestamp};
use sha2::{Digest, Sha256};
use sync_payload::{PayloadEncoder, WireStyle};
use url_signer::cloudinary::api::ApiParameters;
use url_signer::cloudinary::{Asset, Cloud, TokenClaims, Transformation};
use url_signer::{ProxyFileName, ThumbnailName};
use uuid::Uuid;

use crate::signers::Keys;

/// The bytes of the digest in a fingerprint.
const BYTES: usize = 8;

/// The samples are of an asset with this name. Version 2 of API signatures encodes the `&`.
const LABEL: &str = "image-sync-sql & fingerprint";

/// Returns the fingerprint, or `None` without keys.
///
/// Secrets are not readable, so the fingerprint is a digest of what they sign. It also
/// covers the settings that affect the results, such as the host.
pub(crate) fn fingerprint(keys: &Keys) -> Option<String> {
    let cloud = keys.cloud.as_ref();
    let samples = [
        cloud.and_then(delivery_urls),
        cloud.and_then(token),
        cloud.and_then(api_signature),
        keys.thumbnails.as_ref().map(|signer| {
            let path = signer.sign(Uuid::nil(), ThumbnailName::Full);
            path.to_string()
        }),
        keys.proxy_url(),
        keys.payload(),
    ];
    if samples.iter().all(Option::is_none) {
        return None;
    }
    let mut digest = Sha256::new();
    digest.update(LABEL);
    for sample in samples {
        // A separator that no sample contains.
        digest.update([0]);
        digest.update(sample.unwrap_or_default());
    }
    let mut digits = String::with_capacity(2 * BYTES);
    for byte in digest.finalize().iter().take(BYTES) {
        // Writing to a string does not fail.
        let _ = write!(digits, "{byte:02x}");
    }
    Some(digits)
}

/// A URL with the settings of the account, and one with a long signature, so that few
/// accounts have equal samples.
fn delivery_urls(cloud: &Cloud) -> Option<String> {
    let asset = Asset::authenticated(&format!("folder/{LABEL}")).ok()?;
    let long = cloud.clone().with_long_signatures();
    let [url, long] = [cloud, &long].map(|cloud| cloud.sign(&asset, Transformation::NONE));
    let public = Asset::new(LABEL).ok()?;
    let public = cloud.sign(&public, Transformation::NONE);
    Some(format!("{url} {long} {public}"))
}

fn token(cloud: &Cloud) -> Option<String> {
    let tokens = cloud.token_defaults()?;
    let scope = tokens.scope("/fingerprint");
    let token = tokens.signer().sign(&TokenClaims::expires_at(0), scope);
    Some(token.as_str().to_owned())
}

fn api_signature(cloud: &Cloud) -> Option<String> {
    let parameters = ApiParameters::new().with("public_id", LABEL).ok()?;
    let signed = cloud.api().ok()?.sign(parameters);
    Some(signed.signature().to_owned())
}

impl Keys {
    fn proxy_url(&self) -> Option<String> {
        // The path of a proxy URL has a signature. Without a thumbnail key, the proxy key
        // has no effect.
        let path = self.thumbnails.as_ref()?;
        let path = path.sign(Uuid::nil(), ThumbnailName::Full);
        let file_name = ProxyFileName::new("", "");
        Some(self.proxy.as_ref()?.sign(file_name, path).to_string())
    }

    /// A payload covers the renditions, the prefix and the placeholder.
    fn payload(&self) -> Option<String> {
        let signer = self.images.as_ref()?;
        let image = Image::new(Uuid::nil(), Timestamp::from_unix_seconds(0).ok()?);
        let asset = Asset::authenticated(LABEL).ok()?;
        let mut payload = PayloadEncoder::new(WireStyle::Rails);
        payload.push_signed(signer, &image, &asset);
        payload.push_signed(signer, &image, None);
        String::from_utf8(payload.finish()).ok()
    }
}
