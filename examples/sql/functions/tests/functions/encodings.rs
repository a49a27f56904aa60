//! Text columns of every encoding have equal results.

use std::sync::Arc;

use image_sync_sql::datafusion::arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, Int8Array, Int32Array, StringArray,
};
use image_sync_sql::datafusion::arrow::compute::{cast, concat};
use image_sync_sql::datafusion::arrow::datatypes::{DataType, Int32Type};
use image_sync_sql::url_signer::cloudinary::{Asset, Transformation};

use crate::support::{add_table, cloud, query, session, text, texts};

const TEXTS: &[Option<&str>] = &[
    Some("short"),
    // Longer than the 12 bytes that a view stores inline.
    Some("albums/7/a long public id with spaces"),
    None,
    Some("été"),
    Some("short"),
    Some(""),
];

/// The public ids `TEXTS` without the invalid empty one, in an encoding.
fn encoded(encoding: &DataType) -> ArrayRef {
    let texts: StringArray = TEXTS.iter().take(5).collect();
    cast(&texts, encoding).unwrap()
}

fn encodings() -> Vec<DataType> {
    let dictionary = |key, value| DataType::Dictionary(Box::new(key), Box::new(value));
    vec![
        DataType::Utf8,
        DataType::LargeUtf8,
        DataType::Utf8View,
        dictionary(DataType::Int8, DataType::Utf8),
        dictionary(DataType::UInt16, DataType::LargeUtf8),
        dictionary(DataType::Int32, DataType::Utf8View),
        dictionary(DataType::Int64, DataType::Utf8),
    ]
}

fn expected(public_ids: &[Option<&str>]) -> Vec<Option<String>> {
    let cloud = cloud();
    let card: Transformation = "c_fit,w_300".parse().unwrap();
    let url = |public_id: &str| {
        cloud
            .sign(&Asset::new(public_id).unwrap(), &card)
            .to_string()
    };
    public_ids.iter().map(|id| id.map(url)).collect()
}

#[tokio::test]
async fn every_encoding_has_equal_results() {
    for encoding in encodings() {
        for (start, length) in [(0, 5), (1, 3), (2, 3), (4, 1), (2, 1)] {
            let session = session();
            let column = encoded(&encoding).slice(start, length);
            let transformation = StringArray::from(vec!["c_fit,w_300"; length]);
            let columns: Vec<(&str, ArrayRef)> = vec![
                ("id", column),
                ("plain", Arc::new(transformation.clone())),
                ("encoded", cast(&transformation, &encoding).unwrap()),
            ];
            add_table(&session, "t", columns);
            let expected = expected(&TEXTS[start..start + length]);
            // With a literal, with another column, and with both columns encoded.
            for transformation in ["'c_fit,w_300'", "plain", "encoded"] {
                let sql = format!("SELECT delivery_url(id, {transformation}) FROM t");
                let result = query(&session, &sql).await;
                assert_eq!(*result.column(0).data_type(), DataType::Utf8);
                assert_eq!(texts(&result, 0), expected, "{encoding} {transformation}");
            }
        }
    }
}

#[tokio::test]
async fn results_of_other_types_expand_dictionaries() {
    let session = session();
    let url = text(&session, "SELECT delivery_url('a')").await.unwrap();
    let urls = [
        Some(&*url),
        Some("https://example.org/x"),
        None,
        Some(&*url),
    ];
    let urls: DictionaryArray<Int32Type> = urls.into_iter().collect();
    add_table(&session, "t", vec![("url", Arc::new(urls))]);
    let sql = "SELECT verify_delivery_url(url), parse_delivery_url(url)['source'] FROM t";
    let result = query(&session, sql).await;
    let verified: Vec<_> = result.column(0).as_boolean().iter().collect();
    assert_eq!(verified, [Some(true), Some(false), None, Some(true)]);
    let sources = texts(&result, 1);
    let sources: Vec<_> = sources.iter().map(Option::as_deref).collect();
    assert_eq!(sources, [Some("a"), Some("x"), None, Some("a")]);
}

#[tokio::test]
async fn unused_dictionary_values_may_be_invalid() {
    let session = session();
    // The empty text is an invalid public id, and no key refers to it.
    let values = StringArray::from(vec![Some("a"), Some(""), None, Some("b")]);
    let keys = Int8Array::from(vec![Some(3), None, Some(0), Some(2), Some(3)]);
    let ids = DictionaryArray::new(keys, Arc::new(values));
    add_table(&session, "t", vec![("id", Arc::new(ids))]);
    let result = query(&session, "SELECT delivery_url(id, 'c_fit,w_300') FROM t").await;
    let ids = [Some("b"), None, Some("a"), None, Some("b")];
    assert_eq!(texts(&result, 0), expected(&ids));
}

#[tokio::test]
async fn dictionaries_without_values_are_null() {
    let session = session();
    let values: ArrayRef = Arc::new(StringArray::from(Vec::<&str>::new()));
    let ids = DictionaryArray::new(Int32Array::from(vec![None, None]), values);
    add_table(&session, "t", vec![("id", Arc::new(ids))]);
    let sql = "SELECT delivery_url(id), delivery_url(id, id) FROM t";
    let result = query(&session, sql).await;
    assert_eq!(texts(&result, 0), [None, None]);
    assert_eq!(texts(&result, 1), [None, None]);
}

#[tokio::test]
async fn dictionaries_of_nulls_are_null() {
    let session = session();
    let values: ArrayRef = Arc::new(StringArray::from(vec!["a"]));
    let ids = DictionaryArray::new(Int32Array::from(vec![None, None]), values);
    add_table(&session, "t", vec![("id", Arc::new(ids))]);
    let result = query(&session, "SELECT delivery_url(id) FROM t").await;
    assert_eq!(texts(&result, 0), [None, None]);
}

#[tokio::test]
async fn errors_in_dictionaries_name_the_row() {
    let session = session();
    let parts = [
        encoded(&DataType::Utf8),
        Arc::new(StringArray::from(vec![""])) as ArrayRef,
    ];
    let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
    let ids = concat(&parts).unwrap();
    let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
    add_table(
        &session,
        "t",
        vec![("id", cast(&ids, &dictionary).unwrap())],
    );
    let error = crate::support::error(&session, "SELECT delivery_url(id) FROM t").await;
    assert!(
        error.contains("delivery_url: row 6 of the batch (public_id ''): public id is empty"),
        "{error}"
    );
}

#[tokio::test]
async fn literals_of_every_encoding_are_accepted() {
    let session = session();
    let plain = text(&session, "SELECT delivery_url('a', 'c_fit,w_300')").await;
    for encoding in ["Utf8View", "LargeUtf8", "Dictionary(Int32, Utf8)"] {
        let sql = format!(
            "SELECT delivery_url(arrow_cast('a', '{encoding}'), arrow_cast('c_fit,w_300', '{encoding}'))"
        );
        assert_eq!(text(&session, &sql).await, plain, "{encoding}");
    }
}

#[tokio::test]
async fn maps_and_structs_may_contain_views() {
    let session = session();
    let plain = text(&session, "SELECT api_signature(MAP {'public_id': 'a'})").await;
    let sql = "SELECT api_signature(MAP {'public_id': arrow_cast('a', 'Utf8View')})";
    assert_eq!(text(&session, sql).await, plain);
    let image = |id: &str| {
        format!(
            "SELECT image_payload(named_struct('id', {id},
                'created_at', '2019-04-08T19:38:56.021+02:00', 'asset_public_id', 'a'))"
        )
    };
    let id = "'14364f29-c30d-4bbb-992c-19e6031244f7'";
    let plain = text(&session, &image(id)).await;
    let view = format!("arrow_cast({id}, 'Dictionary(Int8, Utf8View)')");
    assert_eq!(text(&session, &image(&view)).await, plain);
}
