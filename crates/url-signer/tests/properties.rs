//! Properties of every thumbnail path, file name and token.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::net::IpAddr;

use proptest::collection::vec;
use proptest::prelude::*;
use url_signer::cloudinary::{
    Acl, Cloud, DeliveryUrl, Token, TokenClaims, TokenContext, TokenError, TokenScope, TokenSigner,
    Transformation,
};
use url_signer::{ProxyFileName, Secret, ThumbnailName, ThumbnailPath, ThumbnailSigner};
use uuid::Uuid;

fn secret(key: &str) -> Secret {
    Secret::new(key).unwrap()
}

/// The signed text of a thumbnail path.
fn signed(path: ThumbnailPath) -> String {
    path.to_string().rsplit_once('-').unwrap().0.to_owned()
}

fn id() -> impl Strategy<Value = Uuid> {
    // Some ids differ in few bits.
    prop_oneof![any::<u128>(), (0_u32..128).prop_map(|bit| 1 << bit)].prop_map(Uuid::from_u128)
}

/// Claims, with their start and their address.
fn claims() -> impl Strategy<Value = (TokenClaims, Option<i64>, Option<IpAddr>)> {
    let start = proptest::option::of(-10_i64..i64::MAX);
    (start, 1..u64::MAX, any::<Option<IpAddr>>()).prop_map(|(start, seconds, ip)| {
        let from = start.unwrap_or_default();
        let mut claims =
            TokenClaims::expires_in(seconds, from).unwrap_or(TokenClaims::expires_at(i64::MAX));
        if let Some(start) = start {
            claims = claims.not_before(start).unwrap();
        }
        if let Some(ip) = ip {
            claims = claims.with_ip(&ip.to_string()).unwrap();
        }
        (claims, start, ip)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn signed_paths_are_unique(one in id(), other in id()) {
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
    fn parsers_do_not_panic(text in "(https?://|/|s--|--|images/|[-a-z0-9./?&=#:é]){0,40}") {
        if let Ok(parsed) = DeliveryUrl::parse(&text) {
            prop_assert_eq!(parsed.to_string(), text.as_str());
            let _ = parsed.to_asset();
        }
        let _ = url_signer::ProxyRequest::parse(&text);
        let _ = url_signer::ThumbnailRequest::parse(&text);
        let _ = text.parse::<Cloud>();
        let _ = Transformation::verbatim(&text);
        let _ = url_signer::Authority::new(&text);
    }

    #[test]
    fn parsed_tokens_round_trip(
        text in "(t=|~?(ip|st|exp|acl|url|hmac)=|[-+0-9]{1,3}|%2f|%|[*!~/é ]){0,9}(~hmac=[0-9a-f]{64})?",
    ) {
        if let Ok(token) = Token::parse(&text) {
            prop_assert_eq!(token.to_string(), text);
        }
    }

    #[test]
    fn signed_tokens_round_trip_and_verify(
        (claims, start, ip) in claims(),
        patterns in vec("(\\PC{0,9}[*/]){1,3}", 0..4),
        url in any::<String>(),
        between in "\\PC{0,9}",
    ) {
        let signer = TokenSigner::new(secret("key"));
        let acl = Acl::any_of(patterns.iter().map(|pattern| pattern.replace('!', ""))).ok();
        let token = signer.sign(&claims, match &acl {
            Some(acl) => TokenScope::Acl(acl),
            None => TokenScope::Path(&url),
        });
        let parsed = Token::parse(token.as_str()).unwrap();
        prop_assert_eq!(parsed.to_string(), token.as_str());
        prop_assert_eq!((parsed.start(), parsed.expiration()), (start, claims.expiration()));
        let written = ip.map(|ip| ip.to_string());
        prop_assert_eq!(parsed.ip(), written.as_deref());
        prop_assert_eq!(parsed.acl(), acl.as_ref());

        let path = match &acl {
            Some(acl) => acl.patterns().last().unwrap().replace('*', &between),
            None => url,
        };
        let mut context = TokenContext::new(claims.expiration() - 1);
        context.ip = ip;
        let verified = signer.verify(token.as_str(), &path, &context);
        if acl.is_some_and(|acl| !acl.allows(&path)) {
            // The text between may be a dot segment.
            prop_assert!(path.contains('.'));
            prop_assert_eq!(verified.unwrap_err(), TokenError::OutsideAcl);
        } else {
            let verified = verified.unwrap();
            prop_assert_eq!(verified.token(), &parsed);
        }
        let other = TokenSigner::new(secret("kez"));
        prop_assert_eq!(other.verify(token.as_str(), &path, &context).unwrap_err(), TokenError::Signature);
    }

    #[test]
    fn slugs_have_their_own_alphabet_and_are_stable(name in any::<String>()) {
        let slug = |name: &str| {
            let file_name = ProxyFileName::new(name, "png");
            file_name.as_str().strip_suffix(".png").unwrap().to_owned()
        };
        let once = slug(&name);
        prop_assert!(once.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')));
        prop_assert!(!once.starts_with('-') && !once.ends_with('-') && !once.contains("--"));
        prop_assert_eq!(slug(&once), once);
    }
}
