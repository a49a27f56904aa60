//! Properties of verification, checked with a plain implementation of the signatures on
//! `sha1` and `sha2`.

#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use url_signer::Secret;
use url_signer::cloudinary::api::WebhookError;
use url_signer::cloudinary::{Cloud, SignatureAlgorithm};

const NOW: i64 = 1_700_000_000;

fn hex(bytes: &[u8]) -> String {
    let nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles
        .map(|nibble| char::from_digit(nibble.into(), 16).unwrap())
        .collect()
}

/// Signs a message as the documentation of Cloudinary describes it.
fn sign(algorithm: SignatureAlgorithm, message: &[&[u8]], secret: &str) -> String {
    let text = [message.concat(), secret.as_bytes().to_vec()].concat();
    match algorithm {
        SignatureAlgorithm::Sha1 => hex(&Sha1::digest(text)),
        _ => hex(&Sha256::digest(text)),
    }
}

fn cloud(algorithm: SignatureAlgorithm, secrets: &[&str]) -> Cloud {
    let mut secrets = secrets.iter().map(|secret| Secret::new(*secret).unwrap());
    let cloud = Cloud::new("demo", secrets.next().unwrap()).unwrap();
    secrets
        .fold(cloud, Cloud::with_retired_key)
        .with_signature_algorithm(algorithm)
}

fn algorithms() -> impl Strategy<Value = SignatureAlgorithm> {
    prop_oneof![
        Just(SignatureAlgorithm::Sha1),
        Just(SignatureAlgorithm::Sha256)
    ]
}

/// Changes one byte.
fn changed(bytes: &[u8], at: usize, difference: u8) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let at = at % bytes.len();
    let byte = bytes.get_mut(at).unwrap();
    *byte ^= difference;
    bytes
}

proptest! {
    #[test]
    fn signed_webhooks_verify(
        algorithm in algorithms(),
        body in proptest::collection::vec(any::<u8>(), 0..300),
        age in 0..=7_200_i64,
        secret in "[ -~]{1,70}",
        retired in "[ -~]{1,70}",
    ) {
        let timestamp = (NOW - age).to_string();
        let cloud = cloud(algorithm, &[&secret, &retired]);
        for key in [&secret, &retired] {
            let signature = sign(algorithm, &[&body, timestamp.as_bytes()], key);
            prop_assert_eq!(cloud.verify_webhook(&timestamp, &signature, &body, NOW), Ok(&*body));
        }
        let other = sign(algorithm, &[&body, timestamp.as_bytes()], &format!("{secret}{retired}"));
        let verified = cloud.verify_webhook(&timestamp, &other, &body, NOW);
        prop_assert_eq!(verified, Err(WebhookError::Signature));
    }

    #[test]
    fn changed_webhooks_are_rejected(
        algorithm in algorithms(),
        body in proptest::collection::vec(any::<u8>(), 1..300),
        at in any::<usize>(),
        difference in 1..=127_u8,
    ) {
        let timestamp = NOW.to_string();
        let cloud = cloud(algorithm, &["abcd"]);
        let signature = sign(algorithm, &[&body, timestamp.as_bytes()], "abcd");
        let verify = |timestamp: &str, signature: &str, body: &[u8]| {
            cloud.verify_webhook(timestamp, signature, body, NOW).err()
        };
        let text = |bytes: &[u8]| {
            let ascii = changed(bytes, at, difference);
            String::from_utf8(ascii).unwrap()
        };
        prop_assert_eq!(verify(&timestamp, &signature, &body), None);
        let invalid = Some(WebhookError::Signature);
        let other_body = changed(&body, at, difference);
        prop_assert_eq!(verify(&timestamp, &signature, &other_body), invalid);
        prop_assert_eq!(verify(&text(timestamp.as_bytes()), &signature, &body), invalid);
        prop_assert_eq!(verify(&timestamp, &text(signature.as_bytes()), &body), invalid);
        for signature in [
            signature.to_ascii_uppercase(),
            format!(" {signature}"),
            format!("{signature}\n"),
            format!("{signature}0"),
            signature.split_at(39).0.to_owned(),
        ] {
            prop_assert_eq!(verify(&timestamp, &signature, &body), invalid);
        }
    }

    #[test]
    fn digits_cannot_move_between_body_and_timestamp(
        digits in "[0-9]{0,12}",
        at in 0..=22_usize,
    ) {
        // The signed text stays the same, so the signature stays valid.
        let message = format!("{digits}{NOW}");
        let (body, timestamp) = message.split_at(at.min(message.len()));
        let signature = sign(SignatureAlgorithm::Sha1, &[message.as_bytes()], "abcd");
        let cloud = cloud(SignatureAlgorithm::Sha1, &["abcd"]);
        let verified = cloud.verify_webhook(timestamp, &signature, body.as_bytes(), NOW);
        prop_assert_eq!(verified.is_ok(), body == digits);
        prop_assert_ne!(verified, Err(WebhookError::Signature));
    }

    #[test]
    fn signed_responses_verify(
        algorithm in algorithms(),
        public_id in "[ -~é日]{1,80}",
        version in any::<u64>(),
        at in any::<usize>(),
        difference in 1..=127_u8,
    ) {
        let cloud = cloud(algorithm, &["new", "abcd"]);
        let text = format!("public_id={public_id}&version={version}");
        let signature = sign(algorithm, &[text.as_bytes()], "abcd");
        prop_assert!(cloud.verify_response(&public_id, version, &signature).is_ok());
        prop_assert!(cloud.verify_response(&public_id, version ^ 1, &signature).is_err());
        let other = format!("{public_id} ");
        prop_assert!(cloud.verify_response(&other, version, &signature).is_err());
        let signature = String::from_utf8(changed(signature.as_bytes(), at, difference)).unwrap();
        prop_assert!(cloud.verify_response(&public_id, version, &signature).is_err());
    }

    #[test]
    fn signed_search_urls_verify(
        json in r#"\{"[ -~é日]{0,80}"\}"#,
        ttl in any::<u64>(),
        cursor in proptest::option::of("[a-z0-9]{1,20}"),
        at in any::<usize>(),
        difference in 1..=127_u8,
    ) {
        // SHA-256, whatever the algorithm of the account.
        let cloud = cloud(SignatureAlgorithm::Sha1, &["new", "abcd"]);
        let text = base64(json.as_bytes());
        let signature = sign(SignatureAlgorithm::Sha256, &[ttl.to_string().as_bytes(), text.as_bytes()], "abcd");
        let end = cursor.as_ref().map(|cursor| format!("/{cursor}")).unwrap_or_default();
        let signed = format!("{signature}/{ttl}/{text}");
        let url = |signed: &str| format!("https://res.cloudinary.com/demo/search/{signed}{end}");
        let intact = url(&signed);
        let verified = cloud.verify_search(&intact).unwrap();
        prop_assert_eq!(verified.query(), json.as_bytes());
        prop_assert_eq!((verified.ttl(), verified.cursor()), (ttl, cursor.as_deref()));

        let other = String::from_utf8(changed(signed.as_bytes(), at, difference)).unwrap();
        prop_assert!(cloud.verify_search(&url(&other)).is_err(), "{}", other);
    }
}

/// Encodes URL-safe base64 with padding.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0_usize, |word, index| {
            word << 8 | usize::from(chunk.get(index).copied().unwrap_or_default())
        });
        for index in 0..4 {
            let digit = ALPHABET.get(word >> (18 - 6 * index) & 63).unwrap();
            let is_padding = index > chunk.len();
            text.push(if is_padding { '=' } else { char::from(*digit) });
        }
    }
    text
}
