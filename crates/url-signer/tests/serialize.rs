//! The feature `serde`: signed values serialize as text.

#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, reason = "tests")]

use serde::Serialize;
use url_signer::cloudinary::{Asset, Cloud, TokenClaims, TokenScope, TokenSigner, Transformation};
use url_signer::{Authority, ProxyFileName, ProxySigner, Secret, ThumbnailName, ThumbnailSigner};
use uuid::Uuid;

fn assert_serializes_as_text(signed: &(impl Serialize + ToString)) {
    let json = serde_json::to_value(signed).unwrap();
    assert_eq!(json, serde_json::Value::String(signed.to_string()));
}

#[test]
fn signed_values_serialize_as_text() {
    let secret = || Secret::new("key").unwrap();
    let host = || Authority::new("localhost").unwrap();
    let cloud = Cloud::new("demo", secret()).unwrap();
    let asset = Asset::new("a").unwrap();
    assert_serializes_as_text(&cloud.sign(&asset, Transformation::new()));
    let token =
        TokenSigner::new(secret()).sign(&TokenClaims::expires_at(600), TokenScope::Path("/a"));
    assert_serializes_as_text(&token);
    let path = ThumbnailSigner::new(secret()).sign(Uuid::nil(), ThumbnailName::Full);
    assert_serializes_as_text(&path);
    let proxy = ProxySigner::new(host(), host(), secret());
    assert_serializes_as_text(&proxy.sign(ProxyFileName::new("a", "b"), path));
}
