//! What holds for any image, name and asset.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::net::IpAddr;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use url::Url;
use url_signer::cloudinary::{
    Acl, Asset, Cloud, DeliveryUrl, SignatureForm, Token, TokenError, TokenRequest, TokenScope,
    TokenSigner, TokenTerms, Transformation,
};
use url_signer::{Secret, ThumbnailName, ThumbnailPath, ThumbnailSigner, slug};
use uuid::Uuid;

fn secret(key: &str) -> Secret {
    Secret::new(key).unwrap()
}

/// The string that a thumbnail path's signature is of.
fn signed(path: ThumbnailPath) -> String {
    path.to_string().rsplit_once('-').unwrap().0.to_owned()
}

fn id() -> impl Strategy<Value = Uuid> {
    // Few bits apart at times, so that near misses are tried as well.
    prop_oneof![any::<u128>(), (0_u32..128).prop_map(|bit| 1 << bit)].prop_map(Uuid::from_u128)
}

fn form() -> impl Strategy<Value = SignatureForm> {
    prop_oneof![
        Just(SignatureForm::Sha1),
        Just(SignatureForm::Sha256),
        Just(SignatureForm::Sha256Long),
    ]
}

/// Public ids of what is special in them, now and then with a version.
fn asset() -> impl Strategy<Value = Asset> {
    let pieces = vec![
        "a",
        "Z",
        "9",
        "_",
        "-",
        ".jpg",
        " ",
        "é",
        "日",
        "😀",
        "e\u{301}",
        "%",
        "%20",
        "%2F",
        "%C3%A9",
        "/",
        "/",
        "//",
        ":",
        "v1",
        "v12/",
        "s--abcdefgh--",
        "a_90",
        "w_1/",
        "&",
        "=",
        "?",
        "#",
        "+",
        ",",
        "\"",
        "\\",
        "~",
        "image",
        "upload/",
    ];
    let public_id = vec(select(pieces), 1..8).prop_map(|pieces| pieces.concat());
    let valid = public_id.prop_filter_map("a valid id", |id| Asset::new(&id).ok());
    (valid, any::<Option<u64>>()).prop_map(|(asset, version)| match version {
        Some(version) => asset.with_version(version),
        None => asset,
    })
}

/// Steps of what may stand in them.
fn steps() -> impl Strategy<Value = Transformation> {
    let steps = vec![
        "c_fit,w_300",
        "a_90",
        "$x_!a%20b!",
        "w_1,,h_2",
        "l_text:Arial_20:a%252Cb,co_rgb:fff",
        "if_a^b_pow_2",
        "e_gen_fill;prompt_(x)",
        "t_named",
        "unknown",
        "s--abcdefgh--",
        "zz_9",
    ];
    vec(select(steps), 0..4).prop_map(|steps| steps.join("/").parse().unwrap())
}

/// Terms, with the start and the address among them.
fn terms() -> impl Strategy<Value = (TokenTerms, Option<i64>, Option<IpAddr>)> {
    let start = proptest::option::of(-10_i64..i64::MAX);
    (start, 1..u64::MAX, any::<Option<IpAddr>>()).prop_map(|(start, seconds, ip)| {
        let from = start.unwrap_or_default();
        let mut terms = TokenTerms::lasting(seconds, from).unwrap_or(TokenTerms::until(i64::MAX));
        if let Some(start) = start {
            terms = terms.starting(start).unwrap();
        }
        if let Some(ip) = ip {
            terms = terms.for_ip(&ip.to_string()).unwrap();
        }
        (terms, start, ip)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_two_images_or_thumbnail_names_share_a_signed_string(one in id(), other in id()) {
        let signer = ThumbnailSigner::new(secret("key"));
        let all: Vec<_> = [one, other]
            .into_iter()
            .flat_map(|id| ThumbnailName::ALL.map(|name| (id, name)))
            .collect();
        for (index, (id, name)) in all.iter().enumerate() {
            for (other_id, other_name) in all.iter().skip(index + 1) {
                let path = signer.sign(*id, *name);
                let other = signer.sign(*other_id, *other_name);
                let same = (id, name) == (other_id, other_name);
                prop_assert_eq!(signed(path) == signed(other), same);
                prop_assert_eq!(path.to_string() == other.to_string(), same);
            }
        }
    }

    #[test]
    fn any_delivery_url_prints_as_it_was_parsed_and_verifies(
        asset in asset(),
        steps in steps(),
        form in form(),
    ) {
        let cloud = Cloud::new("demo", secret("abcd")).unwrap().with_signature_form(form);
        let url = cloud.sign(&steps, &asset).to_string();
        prop_assert!(url.bytes().all(|byte| byte.is_ascii_graphic()));
        prop_assert_eq!(DeliveryUrl::parse(&url).unwrap().to_string(), url.as_str());
        let by_library = Url::from(cloud.sign(&steps, &asset));
        prop_assert_eq!(by_library.as_str(), url.as_str());

        let verified = cloud.verify(&url).unwrap();
        prop_assert_eq!(verified.url().to_string(), url.as_str());
        prop_assert!(verified.delivers(&steps, &asset));
        prop_assert!(!verified.delivers(&steps.clone().angle(1), &asset));
        prop_assert!(!verified.delivers(&steps, &asset.clone().with_extension("x").unwrap()));

        let other = Cloud::new("demo", secret("abce")).unwrap().with_signature_form(form);
        prop_assert!(other.verify(&url).is_err());
        prop_assert!(other.with_retired_key(secret("abcd")).verify(&url).is_ok());
    }

    #[test]
    fn wherever_the_version_is_moved_what_was_signed_is_the_same(
        asset in asset(),
        steps in steps(),
        at in any::<proptest::sample::Index>(),
    ) {
        let cloud = Cloud::new("demo", secret("abcd")).unwrap();
        let url = cloud.sign(&steps, &asset).to_string();
        let signed = cloud.verify(&url).unwrap().signed().into_owned();
        let (start, path) = url.split_once("--/").unwrap();
        let slashes: Vec<_> = path.match_indices('/').map(|(at, _)| at + 1).chain([0]).collect();
        let (before, after) = path.split_at(slashes[at.index(slashes.len())]);
        let moved = format!("{start}--/{before}v9/{after}");
        if let Ok(verified) = cloud.verify(&moved) {
            prop_assert_eq!(verified.signed(), signed);
            let right_before = verified.url().transformation() == steps.as_str();
            prop_assert!(right_before || !verified.delivers(&steps, &asset));
        }
    }

    #[test]
    fn parsers_take_any_text_without_a_panic(text in "(https?://|/|s--|--|images/|[-a-z0-9./?&=#:é]){0,40}") {
        if let Ok(parsed) = DeliveryUrl::parse(&text) {
            prop_assert_eq!(parsed.to_string(), text.as_str());
            let _ = parsed.asset();
        }
        let _ = url_signer::ProxyRequest::parse(&text);
        let _ = url_signer::ThumbnailRequest::parse(&text);
        let _ = text.parse::<Cloud>();
        let _ = Transformation::verbatim(&text);
        let _ = url_signer::Host::new(&text);
    }

    #[test]
    fn any_token_that_is_read_prints_as_it_was(
        text in "(t=|~?(ip|st|exp|acl|url|hmac)=|[-+0-9]{1,3}|%2f|%|[*!~/é ]){0,9}(~hmac=[0-9a-f]{64})?",
    ) {
        if let Ok(token) = Token::parse(&text) {
            prop_assert_eq!(token.to_string(), text);
        }
    }

    #[test]
    fn any_token_prints_as_it_was_parsed_and_verifies(
        (terms, start, ip) in terms(),
        patterns in vec("(\\PC{0,9}[*/]){1,3}", 0..4),
        url in any::<String>(),
        between in "\\PC{0,9}",
    ) {
        let signer = TokenSigner::new(secret("key"));
        let acl = Acl::any_of(patterns.iter().map(|pattern| pattern.replace('!', ""))).ok();
        let token = signer.sign(&terms, match &acl {
            Some(acl) => TokenScope::Acl(acl),
            None => TokenScope::Url(&url),
        });
        let parsed = Token::parse(token.as_str()).unwrap();
        prop_assert_eq!(parsed.to_string(), token.as_str());
        prop_assert_eq!((parsed.start(), parsed.expires()), (start, terms.expires()));
        let written = ip.map(|ip| ip.to_string());
        prop_assert_eq!(parsed.ip(), written.as_deref());
        prop_assert_eq!(parsed.acl(), acl.as_ref());

        let path = match &acl {
            Some(acl) => acl.patterns().last().unwrap().replace('*', &between),
            None => url,
        };
        let request = TokenRequest { path: &path, ip, now: terms.expires() - 1 };
        let verified = signer.verify(token.as_str(), &request);
        if acl.is_some_and(|acl| !acl.allows(&path)) {
            // The piece between may make a segment of dots.
            prop_assert!(path.contains('.'));
            prop_assert_eq!(verified.unwrap_err(), TokenError::OutsideAcl);
        } else {
            let verified = verified.unwrap();
            prop_assert_eq!(verified.token(), &parsed);
        }
        let other = TokenSigner::new(secret("kez"));
        prop_assert_eq!(other.verify(token.as_str(), &request).unwrap_err(), TokenError::Signature);
    }

    #[test]
    fn a_slug_is_of_its_own_alphabet_and_its_own_slug(name in any::<String>()) {
        let once = slug(&name);
        prop_assert!(once.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')));
        prop_assert!(!once.starts_with('-') && !once.ends_with('-') && !once.contains("--"));
        prop_assert_eq!(slug(&once), once);
    }
}
