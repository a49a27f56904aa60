//! The cost of an explanation, and the redaction of its texts.

#![cfg(feature = "explain")]
#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use url_signer::Secret;
use url_signer::cloudinary::explain::{Cause, Explanation};
use url_signer::cloudinary::{Cloud, TokenSigner};

const SIGNATURE: &str = "Qx7ZkW2v";

fn cloud(retired_keys: usize) -> Cloud {
    let cloud = Cloud::new("demo", Secret::new("abcd").unwrap())
        .unwrap()
        .with_token_signer(TokenSigner::new(Secret::from_hex("00112233FF99").unwrap()));
    (0..retired_keys).fold(cloud, |cloud, number| {
        cloud.with_retired_key(Secret::new(format!("key {number}")).unwrap())
    })
}

/// Paths that have many possible changes.
fn hostile_paths() -> Vec<String> {
    let repeated = |text: &str, length: usize| text.repeat(length / text.len());
    let mut paths = Vec::new();
    for length in [200, 1_000, 3_900, 5_000, 50_000] {
        paths.push(repeated("a_1,b_2,c_3,e_4,f_5/", length) + "x");
        paths.push(repeated("a_1/", length) + "x.y.z");
        paths.push("a_1,".to_owned() + &repeated("b_1,", length) + "b_1/x");
        paths.push(repeated("%25", length));
        paths.push(repeated("%2525252F", length) + "/" + "x.jpg");
        paths.push(repeated("l_text:A%20b_1:c%252C%2Fd,", length) + "w_1/x%20y");
        paths.push(repeated("e%CC%81", length));
        paths.push(repeated("%E9", length));
        paths.push(repeated("e\u{301}+", length) + "/é/日.jpg");
        paths.push(repeated("v1/", length) + "x");
        paths.push(repeated("a//b/", length) + "x");
        paths.push(repeated("a.", length) + "x");
        paths.push(repeated("s--abcdefgh--/", length) + "x");
        paths.push(repeated(",", length) + "/x");
        paths.push(repeated("%3F/", length) + "x");
        paths.push(repeated("%3F%3D%26", length) + "x");
    }
    paths
}

#[test]
fn the_number_of_hashes_is_bounded() {
    let mut most = 0;
    for path in hostile_paths() {
        for types in ["image/upload", "image/fetch", "images"] {
            let url = format!("https://res.cloudinary.com/demo/{types}/s--{SIGNATURE}--/{path}");
            let explanation = cloud(0).explain(&url);
            assert!(!explanation.is_verified());
            most = most.max(explanation.hashes());
            let has_search = explanation.hashes() > 0;
            assert_eq!(has_search, explanation.causes() == [Cause::Unknown]);
        }
    }
    assert!(most <= Explanation::MAX_HASHES, "{most}");
    // The paths are long enough to reach the bounds.
    assert!(most > Explanation::MAX_HASHES / 4, "{most}");
}

#[test]
fn many_keys_compute_no_more_hashes() {
    let path = hostile_paths().swap_remove(0);
    let url = format!("https://res.cloudinary.com/demo/image/upload/s--{SIGNATURE}--/{path}");
    let explanation = cloud(100).explain(&url);
    assert!(explanation.hashes() <= Explanation::MAX_HASHES);
    assert!(explanation.hashes() > Explanation::MAX_HASHES / 2);
}

#[test]
fn hostile_tokens_are_bounded() {
    for value in [
        "%25".repeat(1_000),
        "acl=".repeat(900),
        "~acl=%2F".repeat(400),
        "~hmac=A%3D".repeat(400),
        "%2525253D".repeat(10_000),
        "&__cld_token__=".repeat(1_000),
    ] {
        let url = format!("https://res.cloudinary.com/demo/image/upload/a?__cld_token__={value}");
        let explanation = cloud(0).explain(&url);
        assert!(!explanation.is_verified());
        assert!(explanation.hashes() <= 1_024, "{}", explanation.hashes());
    }
}

#[test]
fn texts_contain_no_signature_and_no_token() {
    let token = "exp=5~hmac=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    let secret = "0123456789abcdef";
    for url in [
        "https://res.cloudinary.com/demo/image/upload/s--Qx7ZkW2v--/a",
        "https://res.cloudinary.com/demo/image/upload/s--Qx7ZkW2v--/s--Qx7ZkW2v--/a",
        "https://res.cloudinary.com/demo/image/upload/s--Qx7ZkW2v-/a",
        "https://res.cloudinary.com/demo/image/upload/s-Qx7ZkW2v--/a",
        "https://res.cloudinary.com/demo/image/upload/s-Qx7ZkW2v-/w_1/a",
        "https://res.cloudinary.com/demo/image/upload/s\u{2014}Qx7ZkW2v\u{2014}/a",
        "https://res.cloudinary.com/demo/image/upload/s%E2%80%93Qx7ZkW2v%E2%80%93/a",
        "https://res.cloudinary.com/demo/image/fetch/s--abcdefgh--/https://a/b%3Fx%3D1/2%26key%3DTOKEN",
        "https://res.cloudinary.com/demo/image/fetch/s--abcdefgh--/https://a/b%253Fkey%253D0123456789abcdef",
        "https://res.cloudinary.com/demo/image/fetch/s--abcdefgh--/https://me:0123456789abcdef%40a/b",
        "https://res.cloudinary.com/demo/image/upload/s--abcdefgh--/a%3Fkey%3D0123456789abcdef/w_1,h_2/b.jpg",
        "https://res.cloudinary.com/demo/image/upload/s--Qx7ZkW2v/a",
        "https://res.cloudinary.com/demo/image/upload/s--Qx7ZkW2v--",
        "https://res.cloudinary.com/demo/image/upload/w_1/s--Qx7ZkW2v--/a",
        "https://res.cloudinary.com/demo/image/upload/s%2D%2DQx7ZkW2v%2D%2D/a",
        "https://res.cloudinary.com/demo/image/upload/s%252D-Qx7ZkW2v--/a",
        "https://res.cloudinary.com/demo/s--Qx7ZkW2v--/image/upload/a",
        "https://res.cloudinary.com/s--Qx7ZkW2v--/a",
        "https://img.example.org/x/s--Qx7ZkW2v--/a",
        "https://res.cloudinary.com/demo/image/fetch/https://res.cloudinary.com/x/image/upload/s--Qx7ZkW2v--/a",
        "https://res.cloudinary.com/demo/image/fetch/https%3A%2F%2Fa%2Fs--Qx7ZkW2v--%2Fa",
        "https://res.cloudinary.com/demo/image/upload/a?x=s--Qx7ZkW2v--",
        "https://res.cloudinary.com/demo/image/upload/a?s--Qx7ZkW2v--",
        "https://res.cloudinary.com/demo/image/upload/a?__cld_token__=TOKEN",
        "https://res.cloudinary.com/demo/image/upload/a?other=TOKEN",
        "https://res.cloudinary.com/demo/image/upload/a?TOKEN",
        "https://res.cloudinary.com/demo/image/upload/a?__cld_token__=TOKEN&__cld_token__=TOKEN",
        "https://res.cloudinary.com/demo/image/upload/a&__cld_token__=TOKEN",
        "https://res.cloudinary.com/demo/image/upload/s--Qx7ZkW2v--/a%3F__cld_token__=TOKEN",
        "https://res.cloudinary.com/demo/image/upload/a%3F__cld_token__%3DTOKEN/b.jpg",
        "ftp://res.cloudinary.com/demo/image/upload/s--Qx7ZkW2v--/a?__cld_token__=TOKEN",
        "https://res.cloudinary.com/demo/image/upload/s--Qx7ZkW2v--/a#__cld_token__=TOKEN",
    ] {
        for encoded in [token.to_owned(), token.replace('=', "%3D")] {
            let url = url.replace("TOKEN", &encoded);
            let explanation = cloud(0).explain(&url);
            let printed = format!("{explanation}{explanation:?}");
            assert!(!printed.contains(SIGNATURE), "{url}\n{printed}");
            assert!(!printed.contains(secret), "{url}\n{printed}");
        }
    }
}

#[test]
fn an_explanation_cannot_forge_lines() {
    for text in [
        "%0Averdict%1B[2J",
        "%0Dkey",
        "%E2%80%AE",
        "%C2%85",
        "%E2%80%A8",
    ] {
        let url = format!("https://res.cloudinary.com/demo/image/upload/s--{SIGNATURE}--/{text}");
        let explanation = cloud(0).explain(&url).to_string();
        let is_forged = |char: char| {
            char != '\n' && char.is_control() || matches!(char, '\u{202e}' | '\u{2028}')
        };
        assert!(!explanation.contains(is_forged), "{explanation:?}");
        assert!(
            explanation
                .lines()
                .all(|line| !line.starts_with("verdict\\"))
        );
        assert_eq!(explanation.matches("\nverdict").count(), 1);
    }
}

/// Pieces of URLs that the diagnosis looks for.
const PIECES: &[&str] = &[
    "a",
    "b.jpg",
    "/",
    "//",
    "%",
    "%25",
    "%2520",
    "%2F",
    "%E9",
    "%CC%81",
    "e",
    "é",
    "\u{301}",
    "+",
    "v1/",
    "w_1",
    ",",
    "e_sepia/",
    "l_text:",
    "A%20b_1:",
    "c%252C",
    "s--",
    "--",
    "s--Qx7ZkW2v--/",
    "?",
    "&",
    "=",
    "~",
    "__cld_token__",
    "acl=",
    "exp=5",
    "hmac=",
    "%3D",
    "%7E",
    "https:/",
    "%",
    "image/",
    "upload/",
    "images/",
    "fetch/",
    ".",
    "..",
    "_",
    "$",
    "!",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_url_is_explained_within_the_limits(
        start in prop::sample::select(vec![
            "https://res.cloudinary.com/demo/image/upload/s--Qx7ZkW2v--/",
            "https://res.cloudinary.com/demo/image/fetch/s--Qx7ZkW2v--/",
            "https://res.cloudinary.com/demo/images/s--Qx7ZkW2v--/",
            "https://res.cloudinary.com/demo/image/upload/a?__cld_token__=",
            "https://demo-res.cloudinary.com/",
            "",
        ]),
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40),
    ) {
        let url = format!("{start}{}", pieces.concat());
        let cloud = cloud(1);
        let explanation = cloud.explain(&url);
        prop_assert!(explanation.hashes() <= Explanation::MAX_HASHES);
        prop_assert!(!explanation.is_verified());
        prop_assert_eq!(explanation.is_verified(), explanation.likely_cause().is_none());
        let printed = format!("{explanation}{explanation:?}");
        prop_assert!(!printed.contains(SIGNATURE), "{}", printed);
    }
}
