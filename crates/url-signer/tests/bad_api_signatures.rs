//! Webhooks, notifications, responses and search URLs that do not verify.

#![allow(clippy::unwrap_used, reason = "tests")]

use sha1::Sha1;
use sha2::{Digest, Sha256};
use url_signer::Secret;
use url_signer::cloudinary::api::WebhookError;
use url_signer::cloudinary::{Cloud, SignatureAlgorithm};

const NOW: i64 = 1_700_000_000;
const BODY: &[u8] = br#"{"public_id":"a"}"#;

fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fn cloud() -> Cloud {
    Cloud::new("demo", secret("abcd")).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles
        .map(|nibble| char::from_digit(nibble.into(), 16).unwrap())
        .collect()
}

fn sha1(message: &[&[u8]]) -> String {
    hex(&Sha1::digest(message.concat()))
}

fn sha256(message: &[&[u8]]) -> String {
    hex(&Sha256::digest(message.concat()))
}

/// Verifies a webhook with a valid signature.
fn verify_signed(timestamp: &str, now: i64) -> Result<&'static [u8], WebhookError> {
    let signature = sha1(&[BODY, timestamp.as_bytes(), b"abcd"]);
    cloud().verify_webhook(timestamp, &signature, BODY, now)
}

#[test]
fn the_window_includes_its_ends() {
    for (age, expected) in [
        (7200, None),
        (7201, Some(WebhookError::Expired { timestamp: NOW })),
        (0, None),
        (-300, None),
        (-301, Some(WebhookError::InFuture { timestamp: NOW })),
    ] {
        assert_eq!(verify_signed("1700000000", NOW + age).err(), expected);
        // A fraction is ignored.
        assert_eq!(verify_signed("1700000000.9", NOW + age).err(), expected);
    }
    let expired = |timestamp| Err(WebhookError::Expired { timestamp });
    let in_future = |timestamp| Err(WebhookError::InFuture { timestamp });
    assert_eq!(verify_signed("0", i64::MAX), expired(0));
    assert_eq!(verify_signed("0", i64::MIN), in_future(0));
    let max = i64::MAX.to_string();
    assert_eq!(verify_signed(&max, NOW), in_future(i64::MAX));
    assert_eq!(verify_signed(&max, i64::MAX), Ok(BODY));
}

#[test]
fn the_window_can_be_set() {
    let signature = sha1(&[BODY, b"1700000000", b"abcd"]);
    let verify = |seconds, now| {
        cloud()
            .verify_webhook_within(seconds, "1700000000", &signature, BODY, now)
            .is_ok()
    };
    assert!(verify(60, NOW + 60));
    assert!(!verify(60, NOW + 61));
    assert!(verify(0, NOW));
    assert!(!verify(0, NOW + 1));
    assert!(verify(u64::MAX, i64::MAX));
    assert!(!verify(u64::MAX, NOW - 301));
}

#[test]
fn malformed_timestamps_are_rejected() {
    for timestamp in [
        "",
        "now",
        "-1",
        "+1700000000",
        " 1700000000",
        "1700000000 ",
        "01700000000",
        "1.7e9",
        "1700000000.",
        "99999999999999999999",
    ] {
        assert_eq!(verify_signed(timestamp, NOW), Err(WebhookError::Timestamp));
        // Without a valid signature, nothing is said about the timestamp.
        let unsigned = cloud().verify_webhook(timestamp, "", BODY, NOW);
        assert_eq!(unsigned, Err(WebhookError::Signature));
    }
}

#[test]
fn reasons_require_a_valid_signature() {
    for timestamp in ["1", "1700000000", "9999999999"] {
        for signature in ["", "0", &sha1(&[b"a"]), &sha256(&[b"a"])] {
            let verified = cloud().verify_webhook(timestamp, signature, BODY, NOW);
            assert_eq!(verified, Err(WebhookError::Signature));
        }
    }
}

#[test]
fn other_algorithms_must_be_accepted() {
    let message: [&[u8]; 3] = [BODY, b"1700000000", b"abcd"];
    let [sha1, sha256] = [sha1(&message), sha256(&message)];
    let is_valid = |cloud: &Cloud, signature: &str| {
        let verified = cloud.verify_webhook("1700000000", signature, BODY, NOW);
        verified.is_ok()
    };
    let of = |cloud: Cloud| (is_valid(&cloud, &sha1), is_valid(&cloud, &sha256));
    assert_eq!(of(cloud()), (true, false));
    let with_sha256 = cloud().with_signature_algorithm(SignatureAlgorithm::Sha256);
    assert_eq!(of(with_sha256.clone()), (false, true));
    let both = with_sha256.with_accepted_algorithm(SignatureAlgorithm::Sha1);
    assert_eq!(of(both), (true, true));
    // The length of URL signatures has no effect.
    assert_eq!(of(cloud().with_long_signatures()), (true, false));
}

#[test]
fn a_key_may_be_in_the_ring_twice() {
    let cloud = cloud().with_retired_key(secret("abcd"));
    let signature = sha1(&[BODY, b"1700000000", b"abcd"]);
    let verified = cloud.verify_webhook("1700000000", &signature, BODY, NOW);
    assert_eq!(verified, Ok(BODY));
}

#[test]
fn malformed_payloads_are_rejected() {
    let verify = |payload: &str| {
        let signature = sha1(&[b"{}?~", b"1700000000", b"abcd"]);
        cloud().verify_notification("1700000000", &signature, payload, NOW)
    };
    // `{}?~` in base64.
    assert_eq!(verify("e30_fg"), Ok(b"{}?~".to_vec()));
    assert_eq!(verify("e30_fg=="), Ok(b"{}?~".to_vec()));
    for payload in [
        "",
        "e30/fg==",
        "e30_fg===",
        "e30_fh",
        "e30_f",
        " e30_fg",
        "{}?~",
    ] {
        assert_eq!(verify(payload), Err(WebhookError::Signature), "{payload}");
    }
}

#[test]
fn responses_without_a_public_id_are_rejected() {
    let cloud = cloud();
    let signature = sha1(&[b"public_id=&version=1", b"abcd"]);
    assert!(cloud.verify_response("", 1, &signature).is_err());
    let signature = sha1(&[b"version=1", b"abcd"]);
    assert!(cloud.verify_response("", 1, &signature).is_err());
}

#[test]
fn malformed_search_urls_are_rejected() {
    const QUERY: &str = "eyJleHByZXNzaW9uIjoiYSJ9";
    let cloud = cloud();
    let is_valid = |url: &str| cloud.verify_search(url).is_ok();
    let signature = |ttl: &str, query: &str| sha256(&[ttl.as_bytes(), query.as_bytes(), b"abcd"]);
    let valid = signature("300", QUERY);
    let end = format!("{valid}/300/{QUERY}");
    let url = format!("https://res.cloudinary.com/demo/search/{end}");
    for url in [
        url.clone(),
        url.replace("https", "http"),
        url.replace("res.cloudinary.com", "res-5.cloudinary.com"),
        format!("https://demo-res.cloudinary.com/search/{end}"),
        format!("{url}/a-b_c.d~e+f="),
    ] {
        assert!(is_valid(&url), "{url}");
    }
    for url in [
        String::new(),
        "https://res.cloudinary.com/demo/search/".to_owned(),
        url.replace("https:", "ftp:"),
        url.replace("demo", "other"),
        url.replace("/demo", ""),
        url.replace("res.cloudinary.com", "img.example.org"),
        url.replace("res.cloudinary.com", "user@res.cloudinary.com"),
        url.replace("/search/", "/find/"),
        url.replace("/search/", "/image/search/"),
        url.replace("/search/", "//search/"),
        url.replace(&valid, &valid.to_ascii_uppercase()),
        url.replace(&valid, &sha1(&[b"300", QUERY.as_bytes(), b"abcd"])),
        url.replace("/300/", "/301/"),
        url.replace("/300/", "/0300/"),
        url.replace("/300/", "//"),
        // A digit moves from the time to live to the query.
        url.replace("/300/", "/30/0"),
        format!("{url}="),
        format!("{url}/"),
        format!("{url}/a/b"),
        format!("{url}/.."),
        format!("{url}/a%2Fb"),
        format!("{url}?a=b"),
        format!("{url}#a"),
        format!("{url}/a b"),
        format!("{url}\n"),
        format!("{url}/\n"),
        format!(" {url}"),
    ] {
        assert!(!is_valid(&url), "{url}");
    }
    // With a valid signature.
    for (ttl, query) in [
        ("0300", QUERY),
        ("+300", QUERY),
        ("", QUERY),
        ("18446744073709551616", QUERY),
        ("300", ""),
        ("300", "W10="),
        ("300", "IHt9"),
        ("300", "e30K"),
        ("300", "%7B%7D"),
        ("300", "e30=="),
        ("300", "eyI_Pj4-Pz8/In0="),
        ("30", "0e30"),
    ] {
        let url = format!(
            "https://res.cloudinary.com/demo/search/{}/{ttl}/{query}",
            signature(ttl, query)
        );
        assert!(!is_valid(&url), "{url}");
    }
}

#[test]
fn errors_name_the_timestamp() {
    for (error, text) in [
        (WebhookError::Signature, "invalid webhook signature"),
        (
            WebhookError::Timestamp,
            "invalid webhook timestamp: expected Unix seconds",
        ),
        (
            WebhookError::Expired { timestamp: 1 },
            "webhook of 1 has expired",
        ),
        (
            WebhookError::InFuture { timestamp: 2 },
            "webhook of 2 is from the future; check the clock of this host",
        ),
    ] {
        assert_eq!(error.to_string(), text);
    }
}
