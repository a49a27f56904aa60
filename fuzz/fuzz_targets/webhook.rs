//! Webhooks and polled notifications:
//!
//! - Verifying never panics.
//! - A signed webhook is valid within the window only.
//! - If an edited webhook is valid, its body and its timestamp are those that were signed.
//!
//! ```text
//! cargo fuzz run -s none webhook
//! ```

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use sha1::{Digest, Sha1};
use url_signer::Secret;
use url_signer::cloudinary::Cloud;
use url_signer::cloudinary::api::WebhookError;
use url_signer_fuzz::Edit;

const NOW: i64 = 1_700_000_000;

const WORDS: &[&str] = &[
    "\n",
    "0",
    "1",
    "1700000000",
    "01700000000",
    "9223372036854775807",
    "9223372036854775808",
    ".",
    ".5",
    "-",
    "+",
    " ",
    "{",
    "}",
    "\"",
    "e30",
    "=",
    "_",
    "é",
    "abcd",
];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    age: i64,
    valid_for: u64,
    edits: [Edit; 3],
    edited: u8,
    /// One line each: a body, and a timestamp or a payload in base64.
    text: &'a str,
}

fn signature(body: &str, timestamp: &str) -> String {
    let digest = Sha1::digest(format!("{body}{timestamp}abcd"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fuzz_target!(|input: Input| {
    let cloud = Cloud::new("demo", Secret::new("abcd").unwrap()).unwrap();
    let (body, other) = input.text.split_once('\n').unwrap_or((input.text, ""));

    // Any timestamp, with a valid and an invalid signature.
    let signed = signature(body, other);
    let verified =
        cloud.verify_webhook_within(input.valid_for, other, &signed, body.as_bytes(), input.age);
    assert_ne!(verified, Err(WebhookError::Signature));
    let invalid = cloud.verify_webhook(other, other, body.as_bytes(), input.age);
    assert_eq!(invalid, Err(WebhookError::Signature));
    let _ = cloud.verify_notification(body, &signed, other, input.age);

    let timestamp = NOW.to_string();
    let signature = signature(body, &timestamp);
    let age = input.age;
    let now = NOW.saturating_add(age);
    let verified = cloud.verify_webhook(&timestamp, &signature, body.as_bytes(), now);
    let expected = match age {
        -300..=7200 => Ok(body.as_bytes()),
        7201.. => Err(WebhookError::Expired { timestamp: NOW }),
        _ => Err(WebhookError::InFuture { timestamp: NOW }),
    };
    assert_eq!(verified, expected);

    let text = format!("{body}\n{timestamp}");
    let edits = input.edits.iter().take(1 + usize::from(input.edited) % 3);
    let edited = edits.fold(text, |text, edit| edit.apply(&text, other, WORDS));
    if let Some((edited_body, edited_timestamp)) = edited.rsplit_once('\n') {
        let verified =
            cloud.verify_webhook(edited_timestamp, &signature, edited_body.as_bytes(), NOW);
        if verified.is_ok() {
            assert_eq!((edited_body, edited_timestamp), (body, &*timestamp));
        }
    }
});
