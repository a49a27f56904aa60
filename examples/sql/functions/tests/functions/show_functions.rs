//! `SHOW FUNCTIONS` explains the functions.

use image_sync_sql::datafusion::logical_expr::Volatility;
use image_sync_sql::{Signers, functions};

use crate::support::{query, session, session_with, texts};

const FUNCTIONS: &[(&str, &str, &str)] = &[
    ("api_signature", "api_signature(parameters)", "String"),
    (
        "delivery_url",
        "delivery_url(public_id [, transformation [, version [, extension [, type]]]])",
        "String",
    ),
    (
        "delivery_url_with_token",
        "delivery_url_with_token(public_id [, transformation [, version [, extension [, type]]]], expires_at)",
        "String",
    ),
    (
        "explain_delivery_url",
        "explain_delivery_url(url)",
        "String",
    ),
    ("image_payload", "image_payload(image)", "String"),
    (
        "image_payloads",
        "image_payloads(image [ORDER BY …])",
        "String",
    ),
    ("parse_delivery_url", "parse_delivery_url(url)", "Struct("),
    (
        "proxy_url",
        "proxy_url(image_id, name, filename, format)",
        "String",
    ),
    (
        "signing_key_fingerprint",
        "signing_key_fingerprint()",
        "String",
    ),
    ("thumbnail_path", "thumbnail_path(image_id, name)", "String"),
    (
        "try_delivery_url",
        "try_delivery_url(public_id [, transformation [, version [, extension [, type]]]])",
        "String",
    ),
    (
        "unsigned_delivery_url",
        "unsigned_delivery_url(public_id [, transformation [, version [, extension [, type]]]])",
        "String",
    ),
    ("verify_delivery_url", "verify_delivery_url(url)", "Boolean"),
];

#[tokio::test]
async fn every_function_is_explained() {
    // Also on a client without keys.
    for session in [session(), session_with(Signers::none())] {
        for (name, syntax, return_type) in FUNCTIONS {
            let sql = format!("SHOW FUNCTIONS LIKE '{name}'");
            let result = query(&session, &sql).await;
            let column = |column: &str| {
                let index = result.schema().index_of(column).unwrap();
                texts(&result, index)
            };
            assert!(result.num_rows() > 0, "{name}");
            for row in 0..result.num_rows() {
                assert_eq!(column("function_name")[row].as_deref(), Some(*name));
                assert_eq!(column("syntax_example")[row].as_deref(), Some(*syntax));
                let shown = column("return_type")[row].clone().unwrap();
                assert!(shown.starts_with(return_type), "{name}: {shown}");
                assert!(!column("description")[row].as_ref().unwrap().is_empty());
            }
        }
    }
}

#[tokio::test]
async fn parameters_have_names_and_types() {
    let result = query(&session(), "SHOW FUNCTIONS LIKE 'delivery_url'").await;
    let column = |column: &str| {
        let index = result.schema().index_of(column).unwrap();
        texts(&result, index)
    };
    // One row for each number of arguments.
    assert_eq!(result.num_rows(), 5);
    let parameters = column("parameters");
    let longest = parameters.iter().flatten().max_by_key(|names| names.len());
    assert_eq!(
        longest.map(String::as_str),
        Some("[public_id, transformation, version, extension, type]")
    );
    let types = column("parameter_types");
    let longest = types.iter().flatten().max_by_key(|types| types.len());
    assert_eq!(
        longest.map(String::as_str),
        Some("[String, String, Int64, String, String]")
    );
}

#[test]
fn no_other_functions_exist() {
    let functions = functions(&Signers::none());
    let mut names: Vec<_> = functions
        .scalar
        .iter()
        .map(|udf| udf.name().to_owned())
        .collect();
    names.extend(
        functions
            .aggregate
            .iter()
            .map(|udaf| udaf.name().to_owned()),
    );
    names.sort();
    let expected: Vec<_> = FUNCTIONS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, expected);
}

#[test]
fn functions_are_stable_and_have_examples() {
    for udf in functions(&Signers::none()).scalar {
        let volatility = match udf.name() {
            "signing_key_fingerprint" => Volatility::Volatile,
            _ => Volatility::Stable,
        };
        assert_eq!(udf.signature().volatility, volatility, "{}", udf.name());
        assert!(udf.documentation().unwrap().sql_example.is_some());
    }
    let payloads = functions(&Signers::none()).aggregate.remove(0);
    assert_eq!(payloads.signature().volatility, Volatility::Stable);
    assert!(payloads.documentation().unwrap().sql_example.is_some());
}
