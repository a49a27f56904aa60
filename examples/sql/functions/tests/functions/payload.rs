//! `image_payload` and `image_payloads` give the recorded payload.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use image_model::{Image, Unsigned};
use image_sync_sql::datafusion::arrow::array::{
    ArrayRef, AsArray, StringArray, TimestampMicrosecondArray,
};
use image_sync_sql::datafusion::prelude::{JsonReadOptions, SessionContext};
use image_sync_sql::sync_payload::{PayloadEncoder, WireStyle, parse_original_url};
use image_sync_sql::url_signer::cloudinary::Asset;
use regex::Regex;
use serde_json::Value;

use crate::support::{add_table, images, query, repository_path, session, text, texts};

fn recorded() -> String {
    // Its origin is in the README next to it.
    let path = repository_path("examples/data/response_body.wire.json");
    std::fs::read_to_string(path).unwrap()
}

/// The payload, signed by the library with the keys of the tests.
fn signed_by_library() -> String {
    let recorded = recorded();
    let unsigned = image_model::from_str::<Unsigned>(&recorded).unwrap();
    let urls = image_model::from_str::<String>(&recorded).unwrap();
    let signer = images();
    let mut payload = PayloadEncoder::new(WireStyle::Rails);
    for (image, signed) in unsigned.iter().zip(urls) {
        let asset = parse_original_url(&signed.original_url).unwrap();
        payload.push_signed(&signer, image, &asset);
    }
    String::from_utf8(payload.finish()).unwrap()
}

/// Replaces every signature in a text with `***`.
fn masked(text: &str) -> String {
    [
        (r"/s--[A-Za-z0-9_-]{8}--/", "/s--***--/"),
        (r"\?s=[0-9a-f]{7}\b", "?s=***"),
        (r"-[0-9a-f]{11}\.jpg", "-***.jpg"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (signature, mask)| {
        let signature = Regex::new(signature).unwrap();
        signature.replace_all(&text, mask).into_owned()
    })
}

/// Adds the recorded images as the table `images`, with a text column for each key. Values
/// that are not texts are JSON.
fn add_recorded(session: &SessionContext) {
    let images: Vec<Value> = serde_json::from_str(&recorded()).unwrap();
    let mut columns: BTreeMap<&str, Vec<Option<String>>> = BTreeMap::new();
    for image in &images {
        for (key, value) in image.as_object().unwrap() {
            let text = match value {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            };
            columns.entry(key).or_default().push(text);
        }
    }
    let column = |(name, texts)| (name, Arc::new(StringArray::from(texts)) as ArrayRef);
    let mut columns: Vec<_> = columns.into_iter().map(column).collect();
    let positions = (0..images.len()).map(|position| position.to_string());
    let positions = StringArray::from_iter_values(positions);
    columns.push(("position", Arc::new(positions)));
    add_table(session, "images", columns);
}

/// The struct of all recorded columns, with types as in a database.
fn recorded_struct() -> String {
    let mut fields = String::new();
    let mut add = |names: &[&str], sql: &dyn Fn(&str) -> String| {
        for name in names {
            let separator = if fields.is_empty() { "" } else { ", " };
            write!(fields, "{separator}'{name}', {}", sql(name)).unwrap();
        }
    };
    let texts = [
        "id",
        "public_id",
        "infos",
        "exifs",
        "metadatas",
        "created_at",
        "updated_at",
        "taken_at",
        "original_url",
        "external_urls",
        "filename",
        "format",
        "title",
        "description",
        "group_id",
        "color",
        "processing_error",
        "album_id",
        "user_sfid",
        "thumbnails",
    ];
    add(&texts, &|name| name.to_owned());
    let integers = [
        "width",
        "height",
        "rotation",
        "original_width",
        "original_height",
        "page",
        "size",
    ];
    add(&integers, &|name| format!("CAST({name} AS BIGINT)"));
    add(&["crop_x", "crop_y", "crop_w", "crop_h"], &|name| {
        format!("CAST({name} AS DOUBLE)")
    });
    add(&["processed"], &|name| format!("CAST({name} AS BOOLEAN)"));
    format!("named_struct({fields})")
}

/// The recorded lists are equal in all images, except that some are NULL.
fn with_lists(fields: &str) -> String {
    let images: Vec<Value> = serde_json::from_str(&recorded()).unwrap();
    let mut lists = String::new();
    for key in ["gps", "gps_ip", "gps_exifs", "gps_html", "tag_names"] {
        write!(lists, ", '{key}', CASE position").unwrap();
        for (position, image) in images.iter().enumerate() {
            let list = image[key].to_string().replace('"', "'");
            write!(lists, " WHEN '{position}' THEN {list}").unwrap();
        }
        lists.push_str(" END");
    }
    format!("{}{lists})", fields.strip_suffix(')').unwrap())
}

#[tokio::test]
async fn the_recorded_payload_is_signed_again() {
    let session = session();
    add_recorded(&session);
    let image = with_lists(&recorded_struct());
    let sql = format!("SELECT image_payloads({image} ORDER BY position) FROM images");
    let payload = text(&session, &sql).await.unwrap();
    assert_eq!(payload.len(), 11_775);
    assert_eq!(masked(&payload), masked(&recorded()));
    assert_eq!(payload, signed_by_library());

    let sql = format!("SELECT image_payload({image}) FROM images ORDER BY position");
    let rows = texts(&query(&session, &sql).await, 0);
    let rows: Vec<_> = rows.into_iter().map(Option::unwrap).collect();
    assert_eq!(format!("[{}]", rows.join(",")), payload);
}

#[tokio::test]
async fn ndjson_files_are_signed_again() {
    let images: Vec<Value> = serde_json::from_str(&recorded()).unwrap();
    let lines: Vec<_> = images.iter().map(ToString::to_string).collect();
    let file = tempfile::Builder::new().suffix(".json").tempfile().unwrap();
    std::fs::write(&file, lines.join("\n")).unwrap();
    let session = session();
    let path = file.path().to_str().unwrap();
    let options = JsonReadOptions::default();
    session
        .register_json("images", path, options)
        .await
        .unwrap();
    let table = session.table("images").await.unwrap();
    let fields: Vec<_> = table
        .schema()
        .fields()
        .iter()
        .map(|field| format!("'{0}', {0}", field.name()))
        .collect();
    let sql = format!(
        "SELECT image_payloads(named_struct({}) ORDER BY id) FROM images",
        fields.join(", ")
    );
    let payload = text(&session, &sql).await.unwrap();
    let images: Vec<Image> = image_model::from_str(&payload).unwrap();
    let mut expected: Vec<Image> = image_model::from_str(&signed_by_library()).unwrap();
    expected.sort_by_key(|image| image.id);
    assert_eq!(images, expected);
}

const IMAGE: &str = "'id', '14364f29-c30d-4bbb-992c-19e6031244f7'";

async fn image(session: &SessionContext, fields: &str) -> Value {
    let sql = format!("SELECT image_payload(named_struct({IMAGE}, {fields}))");
    serde_json::from_str(&text(session, &sql).await.unwrap()).unwrap()
}

#[tokio::test]
async fn omitted_fields_have_defaults() {
    let session = session();
    let fields = "'created_at', '2019-04-08T19:38:56.021+02:00', 'asset_public_id', 'a'";
    let image = image(&session, fields).await;
    let id: uuid::Uuid = "14364f29-c30d-4bbb-992c-19e6031244f7".parse().unwrap();
    let created_at = "2019-04-08T19:38:56.021+02:00".parse().unwrap();
    let asset = Asset::new("a").unwrap();
    let mut expected = PayloadEncoder::new(WireStyle::Rails);
    expected.push_signed(&images(), &Image::new(id, created_at), &asset);
    let expected: Value = serde_json::from_slice(&expected.finish()).unwrap();
    assert_eq!(image, expected[0]);
}

#[tokio::test]
async fn assets_have_versions_extensions_and_types() {
    let session = session();
    let fields = "'created_at', '2019-04-08T19:38:56Z', 'asset_public_id', '0b7e148bbd7c',
        'asset_version', 123123, 'asset_extension', 'jpg', 'asset_type', 'authenticated'";
    let signed = text(
        &session,
        "SELECT delivery_url('0b7e148bbd7c', 'fl_attachment', 123123, 'jpg', 'authenticated')",
    )
    .await;
    let image = image(&session, fields).await;
    assert_eq!(image["original_url"].as_str(), signed.as_deref());
}

#[tokio::test]
async fn a_null_asset_is_pending() {
    let session = session();
    let fields = "'created_at', '2019-04-08T19:38:56Z', 'asset_public_id', NULL";
    let pending = image(&session, fields).await;
    let url = pending["original_url"].as_str().unwrap();
    assert!(
        url.starts_with("https://sharinpix-proxy-dev.herokuapp.com/image.jpg?s="),
        "{url}"
    );
    // Signing the pending image again keeps it pending.
    let fields = format!("'created_at', '2019-04-08T19:38:56Z', 'original_url', '{url}'");
    assert_eq!(image(&session, &fields).await, pending);
}

#[tokio::test]
async fn timestamps_are_written_in_utc() {
    let session = session();
    let times: Vec<_> = ["Second", "Millisecond", "Microsecond", "Nanosecond"]
        .iter()
        .map(|unit| {
            format!(
                "arrow_cast('2019-04-08T19:38:56+02:00', 'Timestamp({unit}, Some(\"+02:00\"))')"
            )
        })
        .collect();
    for time in times {
        let fields = format!("'created_at', {time}, 'asset_public_id', 'a'");
        let image = image(&session, &fields).await;
        assert_eq!(image["created_at"], "2019-04-08T17:38:56.000+00:00");
    }
    // Before 1970, milliseconds are rounded down, as in the texts of RFC 3339.
    let times = TimestampMicrosecondArray::from(vec![-1]);
    add_table(&session, "t", vec![("t", Arc::new(times))]);
    let sql = format!(
        "SELECT image_payload(named_struct({IMAGE}, 'created_at', t, 'asset_public_id', 'a')) FROM t"
    );
    let image: Value = serde_json::from_str(&text(&session, &sql).await.unwrap()).unwrap();
    assert_eq!(image["created_at"], "1969-12-31T23:59:59.999+00:00");
}

#[tokio::test]
async fn objects_are_texts_structs_or_maps() {
    let session = session();
    let base = "'created_at', '2019-04-08T19:38:56Z', 'asset_public_id', 'a'";
    for (sql, json) in [
        (
            r#"'{"b":1.50,"a":null,"c":[1,{}]}'"#,
            r#"{"b":1.5,"a":null,"c":[1,{}]}"#,
        ),
        (
            "named_struct('b', 1, 'a', NULL, 'c', ['x', NULL])",
            r#"{"b":1,"c":["x",null]}"#,
        ),
        (
            "named_struct('b', true, 'c', named_struct('d', 1.5))",
            r#"{"b":true,"c":{"d":1.5}}"#,
        ),
        (
            "MAP {'b': 'x', 'a': NULL, 'c': 'y'}",
            r#"{"b":"x","c":"y"}"#,
        ),
        ("NULL", "{}"),
    ] {
        for field in ["exifs", "metadatas"] {
            let image = image(&session, &format!("{base}, '{field}', {sql}")).await;
            assert_eq!(image[field].to_string(), json);
        }
    }
}

#[tokio::test]
async fn sizes_keep_their_notation() {
    let session = session();
    let base = "'created_at', '2019-04-08T19:38:56Z', 'asset_public_id', 'a'";
    let number = image(&session, &format!("{base}, 'size', 10668")).await;
    assert_eq!(number["size"], Value::from(10_668));
    let digits = image(&session, &format!("{base}, 'size', '10668'")).await;
    assert_eq!(digits["size"], Value::from("10668"));
}

#[tokio::test]
async fn sliced_structs_keep_their_rows() {
    let session = session();
    let ids = StringArray::from_iter_values((0..5).map(|id| format!("{id:032x}")));
    let names = StringArray::from_iter_values((0..5).map(|id| format!("name {id}")));
    let whole: Vec<(&str, ArrayRef)> = vec![("id", Arc::new(ids)), ("title", Arc::new(names))];
    let sliced = whole
        .iter()
        .map(|(name, column)| (*name, column.slice(2, 2)));
    add_table(&session, "t", sliced.collect());
    let sql = "SELECT image_payload(named_struct('id', id, 'title', title,
        'created_at', '2019-04-08T19:38:56Z', 'asset_public_id', title)) FROM t";
    let result = query(&session, sql).await;
    let result = result.slice(1, 1);
    let image: Value = serde_json::from_str(result.column(0).as_string::<i32>().value(0)).unwrap();
    assert_eq!(image["title"], "name 3");
    assert!(
        image["original_url"]
            .as_str()
            .unwrap()
            .ends_with("/name%203")
    );
}
