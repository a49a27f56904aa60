//! URLs with a signature, an access token, or both.

#![allow(clippy::unwrap_used, reason = "tests")]

use url_signer::Secret;
use url_signer::cloudinary::{
    Acl, Asset, Cloud, TokenClaims, TokenContext, TokenError, TokenScope, TokenSigner,
    Transformation,
};

const NOW: i64 = 1_700_000_000;

fn tokens(key: &str) -> TokenSigner {
    TokenSigner::new(Secret::from_hex(key).unwrap())
}

fn cloud() -> Cloud {
    Cloud::new("demo", Secret::new("abcd").unwrap())
        .unwrap()
        .with_token_signer(tokens("00112233FF99"))
}

fn claims() -> TokenClaims {
    TokenClaims::expires_at(NOW + 300)
}

#[test]
fn verify_at_requires_signature_and_token() {
    let cloud = cloud();
    let photo = Asset::authenticated("folder/photo").unwrap();
    let none = &Transformation::NONE;
    let now = TokenContext::new(NOW);
    let signed = cloud.sign(&photo, none);
    let both = signed.clone().authorize(&tokens("00112233FF99"), &claims());
    let verified = both.to_string();
    let verified = cloud.verify_at(&verified, &now).unwrap();
    assert!(verified.delivers(&photo, none));

    let token_only = cloud.delivery(&photo, none);
    let token_only = token_only.authorize(&tokens("00112233FF99"), &claims());
    let foreign = signed.clone().authorize(&tokens("0011"), &claims());
    let (url, token) = both
        .to_string()
        .split_once('?')
        .map(|(url, token)| (url.to_owned(), token.to_owned()))
        .unwrap();
    for text in [
        signed.to_string(),
        token_only.to_string(),
        foreign.to_string(),
        both.to_string().replace("photo", "phot0"),
        both.to_string()
            .replace("res.cloudinary.com", "res.cloudinary.example"),
        both.to_string().replace("exp=1", "exp=2"),
        format!("{url}?{token}&{token}"),
        format!("{url}?x{token}"),
        format!("{url}?"),
    ] {
        let error = cloud.verify_at(&text, &now).unwrap_err();
        assert_eq!(error, TokenError::Signature, "{text}");
    }
    // Other query parameters are not signed.
    for text in [format!("{url}?_a=1&{token}"), format!("{url}?{token}&_a=1")] {
        assert!(cloud.verify_at(&text, &now).is_ok(), "{text}");
    }
    let late = TokenContext::new(NOW + 300);
    assert_eq!(
        cloud.verify_at(&both.to_string(), &late).unwrap_err(),
        TokenError::Expired {
            expiration: NOW + 300
        }
    );
    // Without a valid signature, an expired token has no reason of its own.
    assert_eq!(
        cloud.verify_at(&token_only.to_string(), &late).unwrap_err(),
        TokenError::Signature
    );
}

#[test]
fn verify_token_needs_no_signature() {
    let cloud = cloud();
    let photo = Asset::authenticated("folder/photo").unwrap();
    let now = TokenContext::new(NOW);
    let delivery = cloud.delivery(&photo, Transformation::NONE);
    let url = delivery
        .clone()
        .authorize(&tokens("00112233FF99"), &claims())
        .to_string();
    let token = cloud.verify_token(&url, &now).unwrap();
    assert_eq!(token.token().expiration(), NOW + 300);
    for other in [
        url.replace("/photo", "/other"),
        url.replace("res.cloudinary.com", "evil.example"),
        url.replace("/demo/", "/other/"),
        delivery.to_string(),
    ] {
        let error = cloud.verify_token(&other, &now).unwrap_err();
        assert_eq!(error, TokenError::Signature, "{other}");
    }

    let acl = Acl::new("/demo/image/authenticated/v1/folder/*").unwrap();
    let token = tokens("00112233FF99").sign(&claims(), TokenScope::Acl(&acl));
    let url = delivery.with_token(token).to_string();
    assert!(cloud.verify_token(&url, &now).is_ok());
    assert!(
        cloud
            .verify_token(&url.replace("photo", "other"), &now)
            .is_ok()
    );
    assert_eq!(
        cloud
            .verify_token(&url.replace("/folder/", "/album/"), &now)
            .unwrap_err(),
        TokenError::OutsideAcl
    );
}

#[test]
fn a_cloud_without_token_keys_verifies_no_token() {
    let without = Cloud::new("demo", Secret::new("abcd").unwrap()).unwrap();
    let photo = Asset::authenticated("photo").unwrap();
    let url = without.sign(&photo, Transformation::NONE);
    let url = url
        .authorize(&tokens("00112233FF99"), &claims())
        .to_string();
    let now = TokenContext::new(NOW);
    assert!(cloud().verify_at(&url, &now).is_ok());
    assert_eq!(
        without.verify_at(&url, &now).unwrap_err(),
        TokenError::MissingSigner
    );
    assert_eq!(
        without.verify_token(&url, &now).unwrap_err(),
        TokenError::MissingSigner
    );
    let configured: Cloud = "cloudinary://key:abcd@demo?auth_token[key]=00112233FF99"
        .parse()
        .unwrap();
    assert!(configured.verify_at(&url, &now).is_ok());
}
