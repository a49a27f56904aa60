//! Plans, settings, `Debug` and errors contain no key.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use image_sync_sql::datafusion::physical_plan::displayable;
use image_sync_sql::datafusion::prelude::{CsvReadOptions, SessionContext};
use image_sync_sql::url_signer::cloudinary::{Cloud, TokenSigner};
use image_sync_sql::url_signer::url::form_urlencoded;
use image_sync_sql::url_signer::{Authority, ProxySigner, Secret, ThumbnailSigner};
use image_sync_sql::{Signers, functions};

use datafusion_proto::bytes::{logical_plan_to_bytes, physical_plan_to_bytes};
use tempfile::NamedTempFile;

use crate::support::{query, session_with};

const API_SECRET: &str = "api/secret+with 40% reserved chars?";
const THUMBNAIL_KEY: &str = "thumbnail&key=with/reserved";
const PROXY_KEY: &str = "proxy key: ünïcode";
const TOKEN_KEY: &[u8] = b"token\x00key\xff";

fn secret(bytes: &[u8]) -> Secret {
    Secret::new(bytes).unwrap()
}

fn signers() -> Signers {
    let cloud = Cloud::new("demo", secret(API_SECRET.as_bytes())).unwrap();
    let cloud = cloud
        .with_api_key("key")
        .unwrap()
        .with_token_signer(TokenSigner::new(secret(TOKEN_KEY)));
    let host = |host| Authority::new(host).unwrap();
    Signers::new(cloud)
        .with_thumbnails(ThumbnailSigner::new(secret(THUMBNAIL_KEY.as_bytes())))
        .with_proxy(ProxySigner::new(
            host("proxy.example.org"),
            host("app.example.org"),
            secret(PROXY_KEY.as_bytes()),
        ))
}

/// All forms of a key that a text could contain.
fn forms(key: &[u8]) -> Vec<Vec<u8>> {
    let hex = key.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    let percent_encoded = key.iter().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() {
            text.push(char::from(*byte));
        } else {
            write!(text, "%{byte:02X}").unwrap();
        }
        text
    });
    let mut forms = vec![
        key.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        percent_encoded.to_lowercase().into_bytes(),
        percent_encoded.into_bytes(),
        form_urlencoded::byte_serialize(key)
            .collect::<String>()
            .into_bytes(),
        format!("{key:?}").into_bytes(),
        key.escape_ascii().to_string().into_bytes(),
        String::from_utf8_lossy(key)
            .escape_debug()
            .to_string()
            .into_bytes(),
    ];
    for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
        forms.push(engine.encode(key).into_bytes());
    }
    forms
}

fn keys() -> [&'static [u8]; 4] {
    [
        API_SECRET.as_bytes(),
        THUMBNAIL_KEY.as_bytes(),
        PROXY_KEY.as_bytes(),
        TOKEN_KEY,
    ]
}

/// Returns the form of a key that bytes contain.
fn leak(bytes: &[u8]) -> Option<String> {
    keys()
        .into_iter()
        .flat_map(forms)
        .find(|form| bytes.windows(form.len()).any(|window| window == form))
        .map(|form| String::from_utf8_lossy(&form).into_owned())
}

#[track_caller]
fn assert_no_leak(what: &str, bytes: impl AsRef<[u8]>) {
    assert!(!bytes.as_ref().is_empty(), "{what} is empty");
    assert_eq!(leak(bytes.as_ref()), None, "{what}");
}

const CALLS: &[&str] = &[
    "delivery_url(id, 'c_fit,w_300', 1, 'jpg', 'private')",
    "delivery_url('literal')",
    "try_delivery_url(id)",
    "unsigned_delivery_url(id)",
    "delivery_url_with_token(id, 1700000000)",
    "verify_delivery_url(id)",
    "explain_delivery_url(id)",
    "thumbnail_path(uuid, 'mini')",
    "proxy_url(uuid, 'mini', id, 'png')",
    "image_payload(named_struct('id', uuid, 'created_at', '2019-04-08T19:38:56Z', 'asset_public_id', id))",
    "signing_key_fingerprint()",
];

/// A query with all functions, of a table in a file. Tables in memory have no serialization.
async fn session_with_table(signers: Signers) -> (SessionContext, NamedTempFile) {
    let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    let rows =
        "id,uuid\na,14364f29-c30d-4bbb-992c-19e6031244f7\nb,89d5c88f-bb34-4d95-babc-0f17d44e52db\n";
    std::fs::write(&file, rows).unwrap();
    let session = session_with(signers);
    let options = CsvReadOptions::new();
    let path = file.path().to_str().unwrap();
    session.register_csv("t", path, options).await.unwrap();
    (session, file)
}

fn sql() -> String {
    format!(
        "SELECT id, {} FROM t WHERE delivery_url(id) <> 'x'",
        CALLS.join(", ")
    )
}

const AGGREGATE: &str = "SELECT image_payloads(named_struct('id', uuid, 'created_at',
    '2019-04-08T19:38:56Z', 'asset_public_id', id) ORDER BY id) FROM t";

#[test]
fn the_scan_finds_every_form() {
    for key in keys() {
        for form in forms(key) {
            let text = [b"before ", &*form, b" after"].concat();
            assert!(leak(&text).is_some());
        }
    }
    assert_eq!(leak(b"no key"), None);
}

#[tokio::test]
async fn serialized_plans_contain_no_key() {
    let (session, _file) = session_with_table(signers()).await;
    for sql in [sql(), AGGREGATE.to_owned()] {
        let plan = session.sql(&sql).await.unwrap();
        let (state, plan) = plan.into_parts();
        assert_no_leak("logical plan", logical_plan_to_bytes(&plan).unwrap());
        assert_no_leak("logical plan, debug", format!("{plan:?}"));
        assert_no_leak(
            "logical plan, display",
            plan.display_indent_schema().to_string(),
        );
        let optimized = state.optimize(&plan).unwrap();
        assert_no_leak("optimized plan", logical_plan_to_bytes(&optimized).unwrap());
        let physical = state.create_physical_plan(&plan).await.unwrap();
        let bytes = physical_plan_to_bytes(physical.clone()).unwrap();
        assert_no_leak("physical plan", bytes);
        assert_no_leak("physical plan, debug", format!("{physical:?}"));
        let displayed = displayable(physical.as_ref()).indent(true).to_string();
        assert_no_leak("physical plan, display", displayed);
        let explained = query(&session, &format!("EXPLAIN VERBOSE {sql}")).await;
        assert_no_leak("explained plan", format!("{explained:?}"));
    }
}

#[tokio::test]
async fn results_and_settings_contain_no_key() {
    let (session, _file) = session_with_table(signers()).await;
    for sql in [&*sql(), AGGREGATE, "SHOW ALL", "SHOW FUNCTIONS"] {
        assert_no_leak(sql, format!("{:?}", query(&session, sql).await));
    }
    let debug = format!("{:?}", session.state().config_options().entries());
    assert_no_leak("settings", debug);
}

#[tokio::test]
async fn debug_contains_no_key() {
    let signers = signers();
    assert_no_leak("signers", format!("{signers:?} {signers:#?}"));
    assert_no_leak("functions", format!("{:?}", functions(&signers)));
    let (session, _file) = session_with_table(signers).await;
    assert_no_leak("state", format!("{:?}", session.state()));
}

#[tokio::test]
async fn errors_contain_no_key() {
    let (session, _file) = session_with_table(signers()).await;
    for call in [
        "delivery_url('')",
        "delivery_url('a', ',')",
        "delivery_url(['a'])",
        "delivery_url_with_token('', 1)",
        "parse_delivery_url('x')",
        "thumbnail_path('x', 'mini')",
        "proxy_url('x', 'mini', '', '')",
        "image_payload(named_struct('id', 'x', 'created_at', 'x', 'asset_public_id', 'x'))",
        "image_payloads(named_struct('id', 'x', 'created_at', 'x', 'asset_public_id', 'x'))",
        "api_signature(MAP {'': 'x'})",
    ] {
        let sql = format!("SELECT {call} FROM t");
        let error = crate::support::try_query(&session, &sql).await.unwrap_err();
        assert_no_leak(call, format!("{error} {error:?}"));
    }
    session
        .sql("SET image_sync.key_fingerprint = '0123456789abcdef'")
        .await
        .unwrap();
    let error = crate::support::error(&session, "SELECT delivery_url('a')").await;
    assert_no_leak("fingerprint", error);
}

#[tokio::test]
async fn a_plan_without_keys_keeps_the_calls() {
    let (session, _file) = session_with_table(Signers::none()).await;
    let plan = session
        .sql("SELECT delivery_url('literal') FROM t")
        .await
        .unwrap();
    let optimized = plan.into_optimized_plan().unwrap();
    let text = optimized.display_indent().to_string();
    assert!(text.contains("delivery_url(Utf8(\"literal\"))"), "{text}");
}
