//! The fingerprint of the keys, and the setting that requires it.

use std::collections::HashSet;

use image_sync_sql::datafusion::common::config::ExtensionOptions;
use image_sync_sql::datafusion::execution::FunctionRegistry;
use image_sync_sql::datafusion::execution::session_state::SessionStateBuilder;
use image_sync_sql::datafusion::prelude::{SessionConfig, SessionContext};
use image_sync_sql::sync_payload::{ImageSigner, UrlPrefix};
use image_sync_sql::url_signer::cloudinary::{Asset, Cloud};
use image_sync_sql::url_signer::{Authority, ProxySigner, ThumbnailSigner};
use image_sync_sql::{ImageSyncOptions, Signers, functions, register};

use crate::support::{
    cloud, error, images, proxy, query, secret, session, session_with, signers, text, thumbnails,
};

fn with_cloud(url: &str) -> Signers {
    Signers::new(url.parse::<Cloud>().unwrap())
}

#[test]
fn every_key_and_setting_changes_the_fingerprint() {
    let other_proxy = |proxy: &str, app: &str, key: &str| {
        ProxySigner::new(
            Authority::new(proxy).unwrap(),
            Authority::new(app).unwrap(),
            secret(key),
        )
    };
    let base = || Signers::new(cloud()).with_thumbnails(thumbnails());
    let placeholder = Asset::authenticated("other").unwrap();
    let all = [
        with_cloud("cloudinary://key:abcd@demo"),
        with_cloud("cloudinary://key:abce@demo"),
        with_cloud("cloudinary://key:abcd@demo2"),
        with_cloud("cloudinary://:abcd@demo"),
        with_cloud("cloudinary://key:abcd@demo?signature_algorithm=sha256"),
        with_cloud("cloudinary://key:abcd@demo?long_url_signature=true"),
        with_cloud("cloudinary://key:abcd@demo?secure=false"),
        with_cloud("cloudinary://key:abcd@demo?private_cdn=true"),
        with_cloud("cloudinary://key:abcd@demo?force_version=false"),
        with_cloud("cloudinary://key:abcd@demo?shorten=true"),
        with_cloud("cloudinary://key:abcd@demo?signature_version=1"),
        with_cloud("cloudinary://key:abcd@demo?auth_token[key]=00"),
        with_cloud("cloudinary://key:abcd@demo?auth_token[key]=01"),
        with_cloud("cloudinary://key:abcd@demo?auth_token[key]=00&auth_token[acl]=/*"),
        Signers::new(cloud()),
        base(),
        Signers::new(cloud()).with_thumbnails(ThumbnailSigner::new(secret("other"))),
        base().with_proxy(proxy()),
        base().with_proxy(other_proxy("a.example", "localhost", "proxy key")),
        base().with_proxy(other_proxy(
            "sharinpix-proxy-dev.herokuapp.com",
            "b",
            "proxy key",
        )),
        base().with_proxy(other_proxy(
            "sharinpix-proxy-dev.herokuapp.com",
            "localhost",
            "other",
        )),
        signers(),
        signers().with_images(images().with_prefix(UrlPrefix::new("/other#").unwrap())),
        signers().with_images(images().with_placeholder(placeholder)),
        Signers::none().with_thumbnails(thumbnails()),
    ];
    let fingerprints = all.iter().map(|signers| signers.fingerprint().unwrap());
    let distinct: HashSet<_> = fingerprints.clone().collect();
    assert_eq!(distinct.len(), all.len());
    for fingerprint in fingerprints {
        assert_eq!(fingerprint.len(), 16);
        assert!(fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}

#[test]
fn equal_keys_have_equal_fingerprints() {
    assert_eq!(signers().fingerprint(), signers().fingerprint());
    let without_images = Signers::new(cloud())
        .with_proxy(proxy())
        .with_thumbnails(thumbnails());
    let explicit =
        without_images
            .clone()
            .with_images(ImageSigner::new(cloud(), proxy(), thumbnails()));
    assert_eq!(without_images.fingerprint(), explicit.fingerprint());
    assert_eq!(Signers::none().fingerprint(), None);
}

#[tokio::test]
async fn the_function_returns_the_fingerprint() {
    let sql = "SELECT signing_key_fingerprint()";
    let fingerprint = text(&session(), sql).await;
    assert_eq!(fingerprint.as_deref(), signers().fingerprint());
    // For each row, and even if another fingerprint is required.
    let session = session();
    session
        .sql("SET image_sync.key_fingerprint = '0123456789abcdef'")
        .await
        .unwrap();
    let result = query(
        &session,
        "SELECT signing_key_fingerprint() FROM (VALUES (1), (2))",
    )
    .await;
    assert_eq!(result.num_rows(), 2);
}

#[tokio::test]
async fn another_fingerprint_is_an_error() {
    let session = session();
    let sql = "SELECT delivery_url('a')";
    let url = text(&session, sql).await;
    let set = |value: &str| format!("SET image_sync.key_fingerprint = '{value}'");

    session.sql(&set("0123456789abcdef")).await.unwrap();
    let text_of_error = error(&session, sql).await;
    let expected = format!(
        "delivery_url: the keys of this process have the fingerprint {}, but \
         `image_sync.key_fingerprint` requires 0123456789abcdef; check the environment of the process",
        signers().fingerprint().unwrap(),
    );
    assert!(text_of_error.contains(&expected), "{text_of_error}");

    session
        .sql(&set(signers().fingerprint().unwrap()))
        .await
        .unwrap();
    assert_eq!(text(&session, sql).await, url);
}

#[tokio::test]
async fn invalid_fingerprints_do_not_disable_the_check() {
    let session = session();
    for value in [
        "",
        "x",
        "0123456789abcde",
        "0123456789abcdef0",
        "0123456789ABCDEF",
        "0123456789abcdeg",
    ] {
        let set = format!("SET image_sync.key_fingerprint = '{value}'");
        let reason = error(&session, &set).await;
        assert!(
            reason.contains("image_sync.key_fingerprint: invalid fingerprint: expected 16"),
            "{reason}"
        );
        let reason = error(&session, "SELECT delivery_url('a')").await;
        assert!(reason.contains("have the fingerprint"), "{value}: {reason}");
    }
}

#[test]
fn no_requirement_has_no_value() {
    let entries = ImageSyncOptions::default().entries();
    let values: Vec<_> = entries.into_iter().map(|entry| entry.value).collect();
    assert_eq!(values, [None]);
}

#[tokio::test]
async fn functions_without_keys_ignore_the_setting() {
    let session = session();
    session
        .sql("SET image_sync.key_fingerprint = '0123456789abcdef'")
        .await
        .unwrap();
    let sql =
        "SELECT parse_delivery_url('https://res.cloudinary.com/demo/image/upload/a')['source']";
    assert_eq!(text(&session, sql).await.as_deref(), Some("a"));
}

#[tokio::test]
async fn unknown_settings_are_errors() {
    let text = error(&session(), "SET image_sync.other = 'x'").await;
    assert!(
        text.contains("unknown setting `image_sync.other`"),
        "{text}"
    );
}

#[tokio::test]
async fn settings_are_listed_and_kept() {
    let options = ImageSyncOptions {
        key_fingerprint: Some("0123456789abcdef".to_owned()),
    };
    let config = SessionConfig::new()
        .with_information_schema(true)
        .with_option_extension(options.clone());
    let session = SessionContext::new_with_config(config);
    register(&session, signers()).unwrap();
    let sql = "SELECT value FROM information_schema.df_settings WHERE name = 'image_sync.key_fingerprint'";
    assert_eq!(
        text(&session, sql).await.as_deref(),
        Some("0123456789abcdef")
    );
    // A cluster sends the entries to its executors.
    let entries = session.state().config_options().entries();
    let sent = SessionConfig::new().with_option_extension(ImageSyncOptions::default());
    let mut sent = sent.options().as_ref().clone();
    for entry in entries {
        if let (true, Some(value)) = (entry.key.starts_with("image_sync."), entry.value) {
            sent.set(&entry.key, &value).unwrap();
        }
    }
    assert_eq!(sent.extensions.get::<ImageSyncOptions>(), Some(&options));
}

#[tokio::test]
async fn a_state_without_context_has_the_functions() {
    let mut state = SessionStateBuilder::new_with_default_features().build();
    functions(&Signers::none())
        .register_into(&mut state)
        .unwrap();
    assert_eq!(state.udf("delivery_url").unwrap().name(), "delivery_url");
    assert_eq!(
        state.udaf("image_payloads").unwrap().name(),
        "image_payloads"
    );
}

#[tokio::test]
async fn a_second_registration_replaces_the_keys() {
    let session = session_with(Signers::none());
    error(&session, "SELECT delivery_url('a')").await;
    register(&session, signers()).unwrap();
    assert!(text(&session, "SELECT delivery_url('a')").await.is_some());
}
