//! Parameters of API requests: names, empty values, unsigned parameters, Debug.

#![allow(clippy::unwrap_used, reason = "tests")]

use url_signer::cloudinary::Cloud;
use url_signer::cloudinary::api::{ApiParameters, ParameterValue};
use url_signer::url::form_urlencoded;

fn cloud() -> Cloud {
    "cloudinary://key:s3cr3t@demo".parse().unwrap()
}

fn signature(parameters: &ApiParameters) -> String {
    let signed = cloud().api().unwrap().sign(parameters.clone());
    signed.signature().to_owned()
}

fn pairs(parameters: &ApiParameters) -> Vec<(String, String)> {
    let signed = cloud().api().unwrap().sign(parameters.clone());
    let pairs = signed.pairs();
    pairs
        .map(|(name, value)| (name.into(), value.into()))
        .collect()
}

#[test]
fn unsigned_parameters_are_sent() {
    let signed = ApiParameters::new().with("public_id", "a").unwrap();
    let mut all = signed.clone();
    for name in ["file", "cloud_name", "resource_type"] {
        all.insert(name, "x").unwrap();
    }
    assert_eq!(signature(&all), signature(&signed));
    let names: Vec<_> = pairs(&all).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "public_id",
            "file",
            "cloud_name",
            "resource_type",
            "signature",
            "api_key"
        ]
    );
}

#[test]
fn given_signature_and_key_are_replaced() {
    let plain = ApiParameters::new().with("public_id", "a").unwrap();
    let given = ApiParameters::from_pairs([
        ("signature", "forged"),
        ("public_id", "a"),
        ("api_key", "other"),
    ]);
    assert_eq!(pairs(&given.unwrap()), pairs(&plain));
    let last = pairs(&plain).pop().unwrap();
    assert_eq!(last, ("api_key".to_owned(), "key".to_owned()));
}

#[test]
fn empty_values_are_removed() {
    let plain = ApiParameters::new().with("public_id", "a").unwrap();
    for empty in ["".into(), [].into(), [""].into()] {
        let empty: ParameterValue = empty;
        let parameters = plain.clone().with("tags", empty).unwrap();
        assert_eq!(pairs(&parameters), pairs(&plain));
    }
    for value in [false.into(), 0.into(), " ".into(), ["", ""].into()] {
        let value: ParameterValue = value;
        let parameters = plain.clone().with("tags", value).unwrap();
        assert_ne!(signature(&parameters), signature(&plain));
        assert_ne!(pairs(&parameters).len(), pairs(&plain).len());
    }
}

#[test]
fn ambiguous_names_are_rejected() {
    for (name, text) in [
        ("", "invalid parameter name: empty"),
        ("=", "invalid parameter name: `=` is not allowed"),
        ("public_id=a", "invalid parameter name: `=` is not allowed"),
    ] {
        let error = ApiParameters::new().with(name, "b").unwrap_err();
        assert_eq!(error.to_string(), text);
        assert!(ApiParameters::from_pairs([(name, "b")]).is_err());
    }
}

#[test]
fn last_value_of_a_name_is_used() {
    let parameters = ApiParameters::from_pairs([("a", "1"), ("b", "2"), ("a", "3")]).unwrap();
    let names_and_values: Vec<_> = pairs(&parameters).into_iter().take(2).collect();
    let expected = [("a", "3"), ("b", "2")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(names_and_values, expected);
}

#[test]
fn query_is_encoded_like_a_form() {
    let text = "a b&c=d+e~-._*'()!%26/:?#[]é\u{1f37a}\n";
    let parameters = ApiParameters::new()
        .with("public_id", text)
        .unwrap()
        .with("tags[]", ["x", "y z"])
        .unwrap();
    let signed = cloud().api().unwrap().sign(parameters);
    // `urllib.parse.urlencode` of Python 3.11.
    let expected = "public_id=a+b%26c%3Dd%2Be~-._%2A%27%28%29%21%2526%2F%3A%3F%23%5B%5D\
                    %C3%A9%F0%9F%8D%BA%0A&tags%5B%5D=x&tags%5B%5D=y+z&signature=";
    assert!(signed.to_string().starts_with(expected), "{signed}");
    let decoded: Vec<_> = form_urlencoded::parse(signed.to_string().as_bytes())
        .into_owned()
        .collect();
    let pairs = signed
        .pairs()
        .map(|(name, value)| (name.into(), value.into()));
    assert_eq!(decoded, pairs.collect::<Vec<(String, String)>>());
}

#[test]
fn values_are_converted_from_plain_types() {
    let texts = ["a".to_owned(), "b c".to_owned()];
    let conversions: [(ParameterValue, &str); 12] = [
        ("a".into(), "a"),
        ("a".to_owned().into(), "a"),
        ((&"a".to_owned()).into(), "a"),
        (true.into(), "true"),
        (false.into(), "false"),
        (i32::MIN.into(), "-2147483648"),
        (u32::MAX.into(), "4294967295"),
        (i64::MAX.into(), "9223372036854775807"),
        (texts.to_vec().into(), "a,b c"),
        (texts.as_slice().into(), "a,b c"),
        (vec!["a", "b"].into(), "a,b"),
        (["a", "b"].as_slice().into(), "a,b"),
    ];
    for (value, text) in conversions {
        assert_eq!(value.to_string(), text);
    }
}

#[test]
fn debug_shows_only_names() {
    let parameters = ApiParameters::new()
        .with("notification_url", "https://example.org/?token=t0k3n")
        .unwrap();
    let signed = cloud().api().unwrap().sign(parameters.clone());
    assert_eq!(
        format!("{parameters:?}"),
        r#"ApiParameters {"notification_url"}"#
    );
    assert_eq!(
        format!("{signed:?}"),
        r#"SignedParameters {"notification_url", "signature", "api_key"}"#
    );
    let cloud = cloud();
    for debug in [
        format!("{parameters:#?} {signed:#?}"),
        format!("{:?}", cloud.api().unwrap()),
        format!("{:?}", ParameterValue::from("t0k3n")),
    ] {
        assert!(!debug.contains("t0k3n"), "{debug}");
        assert!(!debug.contains("s3cr3t"), "{debug}");
        assert!(!debug.contains(signed.signature()), "{debug}");
    }
}
