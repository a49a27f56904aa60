//! NULL in gives NULL out.

use std::sync::Arc;

use image_sync_sql::Signers;
use image_sync_sql::datafusion::arrow::array::{Int64Array, StringArray, UInt64Array};
use serde_json::Value;

use crate::support::{add_table, column, query, session, session_with, text, texts};

/// Calls of all functions with valid literals. `{}` is an argument.
const CALLS: &[(&str, &[&str])] = &[
    (
        "delivery_url",
        &["'a'", "'c_fit,w_1'", "1", "'jpg'", "'private'"],
    ),
    (
        "try_delivery_url",
        &["'a'", "'c_fit,w_1'", "1", "'jpg'", "'private'"],
    ),
    (
        "unsigned_delivery_url",
        &["'a'", "'c_fit,w_1'", "1", "'jpg'", "'upload'"],
    ),
    (
        "delivery_url_with_token",
        &[
            "'a'",
            "'c_fit,w_1'",
            "1",
            "'jpg'",
            "'private'",
            "1700000000",
        ],
    ),
    (
        "verify_delivery_url",
        &["'https://res.cloudinary.com/demo/image/upload/a'"],
    ),
    (
        "parse_delivery_url",
        &["'https://res.cloudinary.com/demo/image/upload/a'"],
    ),
    (
        "explain_delivery_url",
        &["'https://res.cloudinary.com/demo/image/upload/a'"],
    ),
    (
        "thumbnail_path",
        &["'14364f29-c30d-4bbb-992c-19e6031244f7'", "'mini'"],
    ),
    (
        "proxy_url",
        &[
            "'14364f29-c30d-4bbb-992c-19e6031244f7'",
            "'mini'",
            "'a'",
            "'png'",
        ],
    ),
    (
        "image_payload",
        &["named_struct('id', '14364f29-c30d-4bbb-992c-19e6031244f7',
            'created_at', '2019-04-08T19:38:56Z', 'asset_public_id', 'a')"],
    ),
    ("api_signature", &["MAP {'public_id': 'a'}"]),
];

#[tokio::test]
async fn a_null_argument_gives_null() {
    let session = session();
    add_table(
        &session,
        "t",
        vec![(
            "is_null",
            Arc::new(StringArray::from(vec![None, Some("no"), None])),
        )],
    );
    for (function, arguments) in CALLS {
        let all = arguments.join(", ");
        let result = query(&session, &format!("SELECT {function}({all})")).await;
        assert_eq!(column(&result, 0).null_count(), 0, "{function}");
        for position in 0..arguments.len() {
            let replaced = |with: &str| {
                let mut arguments = arguments.to_vec();
                arguments[position] = with;
                format!("{function}({})", arguments.join(", "))
            };
            let call = replaced("NULL");
            let result = query(&session, &format!("SELECT {call}")).await;
            assert!(column(&result, 0).is_null(0), "{call}");
            // In a column, next to a value.
            let argument = arguments[position];
            let call = replaced(&format!("CASE WHEN is_null = 'no' THEN {argument} END"));
            let result = query(&session, &format!("SELECT {call} FROM t")).await;
            let is_null = (0..3).map(|row| column(&result, 0).is_null(row));
            assert_eq!(is_null.collect::<Vec<_>>(), [true, false, true], "{call}");
        }
    }
}

#[tokio::test]
async fn a_null_next_to_an_invalid_value_is_null() {
    let session = session();
    for call in [
        "delivery_url('', NULL)",
        "delivery_url(NULL, ',')",
        "thumbnail_path('not a uuid', NULL)",
        "delivery_url_with_token('', NULL)",
    ] {
        assert_eq!(
            text(&session, &format!("SELECT {call}")).await,
            None,
            "{call}"
        );
    }
}

#[tokio::test]
async fn try_returns_null_for_invalid_values() {
    let session = session();
    let ids = StringArray::from(vec![Some("a"), Some(""), None, Some("a/../b"), Some("b")]);
    add_table(&session, "t", vec![("id", Arc::new(ids))]);
    let result = query(&session, "SELECT try_delivery_url(id), id FROM t").await;
    let urls = texts(&result, 0);
    let is_url = urls.iter().map(Option::is_some);
    assert_eq!(
        is_url.collect::<Vec<_>>(),
        [true, false, false, false, true]
    );
    let valid = query(
        &session,
        "SELECT delivery_url(id) FROM t WHERE id IN ('a', 'b')",
    )
    .await;
    let valid = texts(&valid, 0);
    assert_eq!([&urls[0], &urls[4]], [&valid[0], &valid[1]]);
    for call in [
        "try_delivery_url('a', 'w_1,,h_2')",
        "try_delivery_url('a', '', -1)",
        "try_delivery_url('a', '', '01')",
        "try_delivery_url('a', '', '', 'j/pg')",
        "try_delivery_url('a', '', '', '', 'Private')",
    ] {
        assert_eq!(
            text(&session, &format!("SELECT {call}")).await,
            None,
            "{call}"
        );
    }
}

#[tokio::test]
async fn an_empty_text_leaves_out_an_argument() {
    let session = session();
    let plain = text(&session, "SELECT delivery_url('a')").await;
    let call = "SELECT delivery_url('a', '', '', '', '')";
    assert_eq!(text(&session, call).await, plain);
    let call = "SELECT delivery_url(public_id => 'a', transformation => '')";
    assert_eq!(text(&session, call).await, plain);
    let token = text(&session, "SELECT delivery_url_with_token('a', 5)").await;
    let call = "SELECT delivery_url_with_token('a', '', '', '', '', 5)";
    assert_eq!(text(&session, call).await, token);
}

#[tokio::test]
async fn versions_are_integers_or_texts() {
    let session = session();
    let versions = Int64Array::from(vec![Some(7), None, Some(0)]);
    add_table(&session, "t", vec![("v", Arc::new(versions))]);
    let sql =
        "SELECT delivery_url('a', '', v) AS a, delivery_url('a', '', CAST(v AS VARCHAR)) AS b,
            delivery_url('a', '', CAST(v AS INT)) AS c,
            delivery_url('a', '', coalesce(CAST(v AS VARCHAR), '')) AS d
        FROM t";
    let result = query(&session, sql).await;
    let urls = texts(&result, 0);
    assert!(urls[0].as_ref().unwrap().ends_with("/v7/a"));
    assert_eq!(urls[1], None);
    assert!(urls[2].as_ref().unwrap().ends_with("/v0/a"));
    assert_eq!(texts(&result, 1), urls);
    assert_eq!(texts(&result, 2), urls);
    let without_nulls = texts(&result, 3);
    assert_eq!(
        without_nulls[1],
        text(&session, "SELECT delivery_url('a')").await
    );
}

#[tokio::test]
async fn expirations_are_seconds_or_timestamps() {
    let session = session();
    let seconds = text(&session, "SELECT delivery_url_with_token('a', 1700000000)").await;
    assert!(
        seconds
            .as_ref()
            .unwrap()
            .contains("?__cld_token__=exp=1700000000~")
    );
    for unit in ["Second", "Millisecond", "Microsecond", "Nanosecond"] {
        let sql = format!(
            "SELECT delivery_url_with_token('a',
                arrow_cast(TIMESTAMP '2023-11-14T22:13:20Z', 'Timestamp({unit}, None)'))"
        );
        assert_eq!(text(&session, &sql).await, seconds, "{unit}");
    }
}

#[tokio::test]
async fn parsing_needs_no_keys() {
    let session = session_with(Signers::none());
    let sql =
        "SELECT parse_delivery_url('https://res.cloudinary.com/demo/image/upload/a')['source']";
    assert_eq!(text(&session, sql).await.as_deref(), Some("a"));
}

/// The largest version does not fit into a signed integer.
#[tokio::test]
async fn versions_have_all_64_bits() {
    let session = session();
    let versions = UInt64Array::from(vec![Some(u64::MAX), None, Some(1)]);
    add_table(&session, "t", vec![("version", Arc::new(versions))]);
    for function in ["delivery_url", "try_delivery_url", "unsigned_delivery_url"] {
        let sql = format!("SELECT {function}('a', '', version) FROM t");
        let urls = texts(&query(&session, &sql).await, 0);
        let largest = urls[0].as_deref().unwrap();
        assert!(largest.ends_with("/v18446744073709551615/a"), "{largest}");
        assert_eq!(urls[1], None);
        assert!(urls[2].as_deref().unwrap().ends_with("/v1/a"));
        let sql = format!("SELECT {function}('a', '', 18446744073709551615)");
        assert_eq!(text(&session, &sql).await.as_deref(), Some(largest));
    }
    let image = "named_struct('id', '14364f29-c30d-4bbb-992c-19e6031244f7', 'created_at',
        '2019-04-08T19:38:56Z', 'asset_public_id', 'a', 'asset_version', version, 'size', version)";
    let sql = format!("SELECT image_payload({image}) FROM t");
    let images = texts(&query(&session, &sql).await, 0);
    let image: Value = serde_json::from_str(images[0].as_deref().unwrap()).unwrap();
    assert_eq!(image["size"], u64::MAX);
    let url = image["original_url"].as_str().unwrap();
    assert!(url.ends_with("/v18446744073709551615/a"), "{url}");
}
