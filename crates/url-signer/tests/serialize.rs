//! With the feature `serde`, what is signed is written as the text it prints.

#![cfg(feature = "serde")]
#![allow(clippy::unwrap_used, reason = "tests")]

use serde::Serialize;
use url_signer::cloudinary::{Asset, Cloud, TokenClaims, TokenScope, TokenSigner, Transformation};
use url_signer::{Authority, ProxyFileName, ProxySigner, Secret, ThumbnailName, ThumbnailSigner};
use uuid::Uuid;

fn assert_written_as_printed(signed: &(impl Serialize + ToString)) {
    let json = serde_json::to_value(signed).unwrap();
    assert_eq!(json, serde_json::Value::String(signed.to_string()));
}

#[test]
fn urls_and_paths_are_written_as_they_are_printed() {
    let secret = || Secret::new("key").unwrap();
    let host = || Authority::new("localhost").unwrap();
    let cloud = Cloud::new("demo", secret()).unwrap();
    let asset = Asset::new("a").unwrap();
    assert_written_as_printed(&cloud.sign(&asset, Transformation::new()));
    let token =
        TokenSigner::new(secret()).sign(&TokenClaims::expires_at(600), TokenScope::Url("/a"));
    assert_written_as_printed(&token);
    let path = ThumbnailSigner::new(secret()).sign(Uuid::nil(), ThumbnailName::Full);
    assert_written_as_printed(&path);
    let proxy = ProxySigner::new(host(), host(), secret());
    assert_written_as_printed(&proxy.sign(ProxyFileName::new("a", "b"), path));
}
