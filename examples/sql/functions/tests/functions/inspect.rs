//! Verifying, parsing and explaining URLs.

use std::sync::Arc;

use image_sync_sql::datafusion::arrow::array::{Array, AsArray, StringArray};

use crate::support::{add_table, cloud, query, session, text};

/// A URL of the documentation of `DeliveryUrl::parse`, with the test account.
const URL: &str = "https://res.cloudinary.com/sadaasdasd/image/authenticated/s--Wxz5KfuS--/c_fit,w_300/v12/a/b.jpg?x=1";

#[tokio::test]
async fn parts_of_a_url_are_a_struct() {
    let session = session();
    let urls = StringArray::from(vec![
        Some(URL),
        None,
        Some("http://img.example.org/images/v5/photo/seo-name.png"),
    ]);
    add_table(&session, "t", vec![("url", Arc::new(urls))]);
    let result = query(&session, "SELECT parse_delivery_url(url) FROM t").await;
    let parts = result.column(0).as_struct();
    assert_eq!((parts.is_valid(0), parts.is_null(1)), (true, true));
    for (name, first, third) in [
        ("host", Some("res.cloudinary.com"), Some("img.example.org")),
        ("cloud_name", Some("sadaasdasd"), None),
        ("resource_type", Some("image"), Some("image")),
        ("delivery_type", Some("authenticated"), Some("upload")),
        ("signature", Some("Wxz5KfuS"), None),
        ("transformation", Some("c_fit,w_300"), Some("")),
        ("version", Some("12"), Some("5")),
        ("source", Some("a/b.jpg"), Some("photo/seo-name.png")),
        ("suffix", None, Some("seo-name")),
        ("query", Some("x=1"), None),
    ] {
        let column = parts.column_by_name(name).unwrap().as_string::<i32>();
        let part = |row| column.is_valid(row).then(|| column.value(row));
        assert_eq!((part(0), part(2)), (first, third), "{name}");
    }
    assert_eq!(parts.num_columns(), 10);
}

#[tokio::test]
async fn only_urls_of_the_account_verify() {
    let session = session();
    let signed = text(
        &session,
        "SELECT delivery_url('a', 'c_fit,w_300', '', 'jpg')",
    )
    .await;
    let signed = signed.unwrap();
    let changed = signed.replace("w_300", "w_301");
    let with_token = text(&session, "SELECT delivery_url_with_token('a', 5)").await;
    let unsigned = text(&session, "SELECT unsigned_delivery_url('a')").await;
    for (url, is_verified) in [
        (&*signed, true),
        (&changed, false),
        (&with_token.unwrap(), true),
        (&unsigned.unwrap(), false),
        (&signed.replace("sadaasdasd", "demo"), false),
        ("not a url", false),
        ("", false),
    ] {
        let result = query(&session, &format!("SELECT verify_delivery_url('{url}')")).await;
        assert_eq!(result.column(0).as_boolean().value(0), is_verified, "{url}");
    }
}

#[tokio::test]
async fn explanations_equal_the_library() {
    let session = session();
    for url in [
        URL,
        "https://res.cloudinary.com/demo/image/upload/a",
        "nonsense",
    ] {
        let explanation = text(&session, &format!("SELECT explain_delivery_url('{url}')")).await;
        assert_eq!(explanation, Some(cloud().explain(url).to_string()));
    }
}
