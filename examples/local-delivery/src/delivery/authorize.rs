//! Authorization of delivery URLs.

use url_signer::cloudinary::{Asset, DeliveryUrl, TokenContext, Transformation};

use crate::asset_readings::AssetReadings;
use crate::response::Problem;
use crate::state::State;

/// The asset and the transformation of an authorized URL.
#[derive(Debug)]
pub(super) struct Authorized {
    pub(super) readings: AssetReadings,
    pub(super) transformation: Transformation,
    /// True if everybody may have the URL.
    pub(super) is_public: bool,
    pub(super) has_version: bool,
}

/// Authorizes a URL, at a time in Unix seconds.
///
/// The signature does not cover the delivery type: anybody can replace `authenticated` with
/// `upload`. The keys of the result have the type of the URL, and files of different types are
/// different files.
pub(super) fn authorize(state: &State, url: &str, now: i64) -> Result<Authorized, Problem> {
    let cloud = &state.cloud;
    let parsed = DeliveryUrl::parse(url).map_err(|_| Problem::bad_request("Invalid URL"))?;
    // The path alone may not tell whether it has a cloud name.
    let readings = [Ok(parsed), parsed.with_cloud_name(cloud.name())];
    let parsed = readings
        .into_iter()
        .flatten()
        .find(|reading| cloud.owns(reading))
        .ok_or_else(|| Problem::not_found(parsed.source()))?;
    let is_protected = matches!(parsed.delivery_type(), "private" | "authenticated");
    let has_token = has_token(state, &parsed);
    if has_token || (is_protected && state.settings.require_token) {
        cloud
            .verify_token(url, &TokenContext::new(now))
            .map_err(|_| Problem::unauthorized("deny or ACL failure"))?;
    }

    let is_signed = parsed.signature().is_some();
    // The official SDKs do not sign a URL that has a token.
    let needs_signature = match parsed.delivery_type() {
        "authenticated" => !has_token,
        "private" => true,
        _ => state.settings.strict && !parsed.transformation().is_empty(),
    };
    let parts = if is_signed {
        let verified = cloud
            .verify(url)
            .map_err(|_| Problem::unauthorized("Invalid signature"))?;
        let parts = *verified.unsigned_parts();
        let (asset, transformation) = delivered(&parts)?;
        // The version, which is not signed, may have been moved: then folders of the signed
        // public id are before the version, where they look like steps.
        if parts.transformation() != parsed.transformation()
            || !verified.delivers(&asset, &transformation)
        {
            return Err(Problem::not_found(parts.source()));
        }
        parts
    } else if needs_signature {
        return Err(Problem::unauthorized(if is_protected {
            "Invalid signature"
        } else {
            "Unsigned transformation is not allowed"
        }));
    } else {
        parsed
    };
    let (asset, transformation) = delivered(&parts)?;
    let readings =
        AssetReadings::from_asset(&asset).map_err(|_| Problem::not_found(asset.source()))?;
    Ok(Authorized {
        readings,
        transformation,
        is_public: !is_protected && !has_token,
        has_version: parts.version().is_some(),
    })
}

/// Returns whether the query has a token of the cloud, valid or not.
fn has_token(state: &State, url: &DeliveryUrl<'_>) -> bool {
    let Some(tokens) = state.cloud.token_defaults() else {
        return false;
    };
    let name = tokens.signer().name();
    let parameters = url.query().unwrap_or_default().split('&');
    parameters
        .filter_map(|parameter| parameter.split_once('='))
        .any(|(parameter, _)| parameter == name)
}

fn delivered(parts: &DeliveryUrl<'_>) -> Result<(Asset, Transformation), Problem> {
    let asset = parts
        .to_asset()
        .map_err(|_| Problem::not_found(parts.source()))?;
    let transformation = Transformation::verbatim(parts.transformation())
        .map_err(|error| Problem::bad_request(format!("Invalid transformation: {error}")))?;
    Ok((asset, transformation))
}
