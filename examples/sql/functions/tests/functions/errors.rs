//! Errors name the function, the row and the reason.

use std::sync::Arc;

use image_sync_sql::Signers;
use image_sync_sql::datafusion::arrow::array::StringArray;
use image_sync_sql::url_signer::cloudinary::Cloud;

use crate::support::{add_table, error, session, session_with};

const IMAGE: &str =
    "'id', '14364f29-c30d-4bbb-992c-19e6031244f7', 'created_at', '2019-04-08T19:38:56Z'";

#[tokio::test]
async fn invalid_values_name_row_and_reason() {
    let session = session();
    let ids = StringArray::from(vec!["a", "b", "a//", "c"]);
    add_table(&session, "t", vec![("id", Arc::new(ids))]);
    let text = error(&session, "SELECT delivery_url(id) FROM t").await;
    assert_eq!(
        text,
        "Execution error: delivery_url: row 3 of the batch (public_id 'a//'): \
         invalid public id: unexpected `/` at the end",
    );
}

#[tokio::test]
async fn every_invalid_argument_has_a_reason() {
    let session = session();
    for (call, reason) in [
        ("delivery_url('')", "public id is empty"),
        (
            "delivery_url('v1/a')",
            "folder `v1` at byte 0 of the public id is reserved for versions",
        ),
        ("delivery_url('a', 'w_1,,h_2')", "empty parameter"),
        ("delivery_url('a', '', -1)", "version -1 is negative"),
        ("delivery_url('a', '', '01')", "invalid version '01'"),
        ("delivery_url('a', '', '+1')", "invalid version '+1'"),
        (
            "delivery_url('a', '', '', '.jpg')",
            "invalid extension '.jpg': expected letters",
        ),
        (
            "delivery_url('a', '', '', '', 'Private')",
            "invalid delivery type",
        ),
        (
            "delivery_url('a', '', '', '', 'photo/private')",
            "invalid resource type",
        ),
        ("delivery_url('a', '', '', '', 'fetch')", "requires a URL"),
        ("unsigned_delivery_url('')", "public id is empty"),
        ("delivery_url_with_token('', 1)", "public id is empty"),
        (
            "parse_delivery_url('ftp://a/b')",
            "expected `https://` or `http://`",
        ),
        (
            "thumbnail_path('7', 'mini')",
            "(image_id '7'): the image id is not a UUID",
        ),
        (
            "thumbnail_path('14364f29-c30d-4bbb-992c-19e6031244f7', 'large')",
            "unknown thumbnail name 'large': expected `mini`",
        ),
        (
            "proxy_url('7', 'mini', 'a', 'png')",
            "the image id is not a UUID",
        ),
        ("api_signature(MAP {'a=b': 'c'})", "`=` is not allowed"),
    ] {
        let text = error(&session, &format!("SELECT {call}")).await;
        let function = call.split('(').next().unwrap();
        let start = format!("Execution error: {function}: row 1 of the batch");
        assert!(text.contains(&start) && text.contains(reason), "{text}");
    }
}

#[tokio::test]
async fn invalid_images_name_the_field() {
    let session = session();
    for (fields, reason) in [
        (
            "'asset_public_id', ''",
            "field `asset_public_id`: public id is empty",
        ),
        (
            "'asset_public_id', 'a', 'asset_version', 'x'",
            "field `asset_version`: invalid version 'x'",
        ),
        (
            "'asset_public_id', 'a', 'asset_type', 'X'",
            "field `asset_type`: invalid delivery type",
        ),
        (
            "'asset_public_id', 'a', 'width', -1",
            "field `width`: is not within 0 to 4294967295",
        ),
        (
            "'asset_public_id', 'a', 'rotation', 400",
            "field `rotation`: rotation 400",
        ),
        (
            "'asset_public_id', 'a', 'crop_x', -0.5",
            "field `crop_x`: -0.5 is not",
        ),
        (
            "'asset_public_id', 'a', 'gps', [91.0, 0.0]",
            "field `gps`: latitude 91",
        ),
        (
            "'asset_public_id', 'a', 'gps', [1.0]",
            "field `gps`: expected a latitude and a longitude",
        ),
        (
            "'asset_public_id', 'a', 'infos', '[]'",
            "field `infos`: expected a JSON object",
        ),
        (
            "'asset_public_id', 'a', 'infos', '{'",
            "field `infos`: invalid JSON object: EOF",
        ),
        (
            "'asset_public_id', 'a', 'infos', '{\"bytes\":\"x\"}'",
            "field `infos`:",
        ),
        (
            "'asset_public_id', 'a', 'updated_at', 'yesterday'",
            "field `updated_at`: invalid RFC 3339",
        ),
        (
            "'asset_public_id', 'a', 'group_id', 'x'",
            "field `group_id`: is not a UUID",
        ),
        ("'asset_public_id', 'a', 'size', '1 MB'", "field `size`:"),
        (
            "'asset_public_id', 'a', 'tag_names', ['a', NULL]",
            "field `tag_names`: an item is NULL",
        ),
        (
            "'original_url', 'https://example.org'",
            "field `original_url`:",
        ),
        (
            "'original_url', arrow_cast(NULL, 'Utf8')",
            "field `original_url`: is NULL",
        ),
    ] {
        let sql = format!("SELECT image_payload(named_struct({IMAGE}, {fields}))");
        let text = error(&session, &sql).await;
        let start =
            "image_payload: row 1 of the batch (id '14364f29-c30d-4bbb-992c-19e6031244f7'): ";
        assert!(text.contains(&format!("{start}{reason}")), "{text}");
        let sql = format!("SELECT image_payloads(named_struct({IMAGE}, {fields}))");
        let text = error(&session, &sql).await;
        let start = "image_payloads: invalid image (id '14364f29-c30d-4bbb-992c-19e6031244f7'): ";
        assert!(text.contains(&format!("{start}{reason}")), "{text}");
    }
}

/// The arguments of these calls are swapped.
#[tokio::test]
async fn errors_do_not_quote_urls() {
    let session = session();
    let url =
        "https://res.cloudinary.com/demo/image/private/w_1/a.jpg?__cld_token__=exp=1~hmac=5ec3e7";
    let id = "14364f29-c30d-4bbb-992c-19e6031244f7";
    let json = format!("\"{url}\"");
    let image = |field: &str, value: &str| {
        format!(
            "image_payload(named_struct({IMAGE}, 'asset_public_id', 'a', '{field}', '{value}'))"
        )
    };
    for (call, reason) in [
        (format!("delivery_url('{url}')"), "public id is a URL"),
        (
            format!("delivery_url('a', '{url}')"),
            "unexpected '?' at byte",
        ),
        (
            format!("delivery_url('a', 'https:/{}')", "demo/5ec3e7"),
            "invalid step: it is parsed as the beginning of a URL",
        ),
        (
            format!("delivery_url('a', '', '{url}')"),
            "invalid version: expected digits",
        ),
        (
            format!("delivery_url('a', '', '', '{url}')"),
            "invalid extension: expected letters",
        ),
        (
            format!("delivery_url('a', '', '', '', '{url}')"),
            "invalid resource type",
        ),
        (
            format!("unsigned_delivery_url('a', '', '{url}')"),
            "invalid version: expected digits",
        ),
        (
            format!("thumbnail_path('{url}', 'mini')"),
            "the image id is not a UUID",
        ),
        (
            format!("thumbnail_path('{id}', '{url}')"),
            "unknown thumbnail name: expected `mini`",
        ),
        (
            format!("parse_delivery_url('x{url}')"),
            "expected `https://` or `http://`",
        ),
        (
            image("asset_version", url),
            "field `asset_version`: invalid version: expected digits",
        ),
        (
            image("asset_extension", url),
            "invalid extension: expected letters",
        ),
        (image("asset_type", url), "field `asset_type`: invalid"),
        (image("size", url), "field `size`: expected a non-negative"),
        (image("updated_at", url), "field `updated_at`: invalid RFC"),
        (image("group_id", url), "field `group_id`: is not a UUID"),
        (image("infos", url), "field `infos`: invalid JSON object"),
        (
            image("infos", &json),
            "field `infos`: expected a JSON object",
        ),
    ] {
        let text = error(&session, &format!("SELECT {call}")).await;
        assert!(text.contains(reason), "{call}: {text}");
        for part in ["5ec3e7", "__cld_token__", "cloudinary.com"] {
            assert!(!text.contains(part), "{call}: {text}");
        }
    }
}

#[tokio::test]
async fn long_values_are_truncated_in_errors() {
    let session = session();
    let long = ".".repeat(100);
    let quoted = format!(" '{}…'", ".".repeat(80));
    for call in [
        format!("delivery_url('a', '', '{long}')"),
        format!("delivery_url('a', '', '', '{long}')"),
        format!("thumbnail_path('14364f29-c30d-4bbb-992c-19e6031244f7', '{long}')"),
    ] {
        let text = error(&session, &format!("SELECT {call}")).await;
        assert!(text.contains(&quoted) && !text.contains(&long), "{text}");
    }
}

#[tokio::test]
async fn invalid_types_are_errors_of_the_plan() {
    let session = session();
    for (call, reason) in [
        ("delivery_url()", "delivery_url"),
        (
            "delivery_url('a', '', '', '', '', '')",
            "delivery_url: expected 1 to 5 arguments, not 6",
        ),
        (
            "delivery_url_with_token('a')",
            "expected 2 to 6 arguments, not 1",
        ),
        (
            "delivery_url(['a'])",
            "delivery_url: public_id: expected a text, not List",
        ),
        (
            "delivery_url('a', '', 1.5)",
            "delivery_url: version: expected an integer or a text of digits",
        ),
        (
            "delivery_url_with_token('a', 'b')",
            "expires_at: expected Unix seconds or a timestamp",
        ),
        (
            "api_signature('a')",
            "api_signature: parameters: expected a map of texts",
        ),
        (
            "api_signature(MAP {'a': 1})",
            "api_signature: parameters: expected a map of texts",
        ),
        (
            "image_payload('a')",
            "image_payload: image: expected a struct",
        ),
        (
            "image_payload(named_struct('id', 'a'))",
            "the struct has no field `created_at`",
        ),
        (
            "image_payloads(named_struct('id', 'a'))",
            "the struct has no field `created_at`",
        ),
    ] {
        let text = error(&session, &format!("SELECT {call}")).await;
        assert!(text.contains(reason), "{call}: {text}");
    }
    for (fields, reason) in [
        (
            "'asset_public_id', 'a', 'widht', 1",
            "unknown field `widht`; the fields are id, public_id,",
        ),
        (
            "'asset_public_id', 'a', 'width', '1'",
            "field `width`: expected an integer, not",
        ),
        (
            "'asset_public_id', 'a', 'original_url', 'b'",
            "the struct has two fields for the asset",
        ),
        ("'title', 'a'", "the struct has no field for the asset"),
    ] {
        let sql = format!("SELECT image_payload(named_struct({IMAGE}, {fields}))");
        let text = error(&session, &sql).await;
        assert!(text.contains(reason), "{text}");
    }
}

#[tokio::test]
async fn a_missing_key_names_its_variable() {
    let none = session_with(Signers::none());
    let uuid = "'14364f29-c30d-4bbb-992c-19e6031244f7'";
    let image = format!("named_struct({IMAGE}, 'asset_public_id', 'a')");
    let image_payload = format!("image_payload({image})");
    let image_payloads = format!("image_payloads({image})");
    let thumbnail_path = format!("thumbnail_path({uuid}, 'mini')");
    let proxy_url = format!("proxy_url({uuid}, 'mini', 'a', 'png')");
    for (call, variable) in [
        ("delivery_url('a')", "CLOUDINARY_URL"),
        ("try_delivery_url('a')", "CLOUDINARY_URL"),
        ("unsigned_delivery_url('a')", "CLOUDINARY_URL"),
        ("delivery_url_with_token('a', 1)", "CLOUDINARY_URL"),
        ("verify_delivery_url('a')", "CLOUDINARY_URL"),
        ("explain_delivery_url('a')", "CLOUDINARY_URL"),
        ("api_signature(MAP {'a': 'b'})", "CLOUDINARY_URL"),
        ("signing_key_fingerprint()", "CLOUDINARY_URL"),
        (&thumbnail_path, "THUMBNAIL_KEY"),
        (&proxy_url, "THUMBNAIL_KEY"),
        (&image_payload, "CLOUDINARY_URL"),
        (&image_payloads, "CLOUDINARY_URL"),
    ] {
        // The plan succeeds.
        none.sql(&format!("SELECT {call}")).await.unwrap();
        let text = error(&none, &format!("SELECT {call}")).await;
        let function = call.split('(').next().unwrap();
        assert!(
            text.contains(&format!("{function}: this process has no")),
            "{text}"
        );
        assert!(text.contains(variable), "{text}");
    }
    let cloud: Cloud = "cloudinary://:abcd@demo".parse().unwrap();
    let only_cloud = session_with(Signers::new(cloud));
    for (call, reason) in [
        (
            "delivery_url_with_token('a', 1)",
            "this process has no token key; add `auth_token[key]=…`",
        ),
        (
            "api_signature(MAP {'a': 'b'})",
            "this process has no API key",
        ),
        (&*image_payload, "this process has no thumbnail key"),
    ] {
        let text = error(&only_cloud, &format!("SELECT {call}")).await;
        assert!(text.contains(reason), "{text}");
    }
}
