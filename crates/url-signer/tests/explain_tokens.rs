//! Explanations of access tokens.
//!
//! The signatures were created by Python's `hmac`:
//!
//! ```sh
//! python3 -c 'import hashlib, hmac, sys; print(hmac.new(
//!     bytes.fromhex("00112233FF99"), sys.argv[1].encode(), hashlib.sha256).hexdigest())' TEXT
//! ```

#![cfg(feature = "explain")]
#![allow(clippy::unwrap_used, reason = "tests")]

use url_signer::Secret;
use url_signer::cloudinary::explain::{
    Cause, Explanation, TokenChange, TokenProblem, TokenVerdict,
};
use url_signer::cloudinary::{Cloud, TokenContext, TokenError, TokenSigner};

/// The signature of `exp=600~acl=%2fimage%2f*`.
const ACL: &str = "50440712e890e800e2ed1e2c2a5324f17377818b62e14d28b4dfc53d02f051cc";

/// The signature of `exp=600~url=%2fdemo%2fimage%2fupload%2fa%20b`.
const DECODED_PATH: &str = "f0f0b5f9c3792c08a4fcda78cf0fce77766aedaf603aa292569891cd80971054";

/// The signature of `exp=600~url=%2fdemo%2fimage%2fupload%2fa`.
const UNSIGNED_PATH: &str = "d0116304f0cd932578f267cf2959e5028a6a3a9ea4e712b6fb524a471b112cf7";

fn cloud() -> Cloud {
    Cloud::new("demo", Secret::new("abcd").unwrap())
        .unwrap()
        .with_token_signer(TokenSigner::new(Secret::from_hex("00112233FF99").unwrap()))
}

fn changes(explanation: &Explanation<'_>) -> Vec<TokenChange> {
    match explanation.token() {
        TokenVerdict::Invalid(TokenProblem::Changed { changes, .. }) => changes.clone(),
        _ => Vec::new(),
    }
}

#[test]
fn changes_to_a_token_are_named() {
    use TokenChange::{
        AclEncodedDifferently, AclNotEncoded, EncodedAgain, UpperCaseEncoding, UpperCaseSignature,
    };
    let upper = ACL.to_uppercase();
    for (token, expected) in [
        (format!("exp=600~acl=%2fimage%2f*~hmac={ACL}"), vec![]),
        (
            format!("exp=600~acl=%2Fimage%2F*~hmac={ACL}"),
            vec![UpperCaseEncoding],
        ),
        (
            format!("exp=600~acl=/image/*~hmac={ACL}"),
            vec![AclNotEncoded],
        ),
        (
            format!("exp=600~acl=%2fimage/*~hmac={ACL}"),
            vec![AclEncodedDifferently],
        ),
        (
            format!("exp=600~acl=%2fimage%2f*~hmac={upper}"),
            vec![UpperCaseSignature],
        ),
        (
            format!("exp%3D600~acl%3D%252fimage%252f*~hmac%3D{ACL}"),
            vec![EncodedAgain],
        ),
        (
            format!("exp%253D600%257Eacl%253D%25252fimage%25252f*%257Ehmac%253D{ACL}"),
            vec![EncodedAgain, EncodedAgain],
        ),
        (
            format!("exp%3D600%7Eacl%3D%252Fimage%252F*%7Ehmac%3D{ACL}"),
            vec![EncodedAgain, UpperCaseEncoding],
        ),
        (
            format!("exp%3D600~acl%3D%2Fimage%2F*~hmac%3D{upper}"),
            vec![EncodedAgain, AclNotEncoded, UpperCaseSignature],
        ),
    ] {
        let url = format!("https://demo-res.cloudinary.com/image/upload/a?__cld_token__={token}");
        let explanation = cloud().explain(&url);
        assert_eq!(changes(&explanation), expected, "{url}\n{explanation}");
        assert_eq!(explanation.is_verified(), expected.is_empty(), "{url}");
        let printed = format!("{explanation}{explanation:?}").to_lowercase();
        assert!(!printed.contains(ACL), "{printed}");
    }
    // The name of the token was encoded together with the token.
    let url = format!(
        "https://demo-res.cloudinary.com/image/upload/a\
         ?__cld_token__%3Dexp%3D600~acl%3D%252fimage%252f*~hmac%3D{ACL}"
    );
    assert_eq!(changes(&cloud().explain(&url)), [EncodedAgain]);
}

#[test]
fn the_path_of_a_token_is_compared() {
    for (path, hmac, expected) in [
        (
            "demo/image/upload/a%20b",
            DECODED_PATH,
            TokenChange::PathDecoded,
        ),
        (
            "demo/image/upload/s--abcdefgh--/a",
            UNSIGNED_PATH,
            TokenChange::PathWithoutSignature,
        ),
    ] {
        let url = format!("https://res.cloudinary.com/{path}?__cld_token__=exp=600~hmac={hmac}");
        let explanation = cloud().explain(&url);
        assert_eq!(changes(&explanation), [expected], "{explanation}");
    }
}

#[test]
fn the_time_is_compared_on_request() {
    let url = format!(
        "https://demo-res.cloudinary.com/image/upload/a?__cld_token__=exp=600~acl=%2fimage%2f*~hmac={ACL}"
    );
    assert!(cloud().explain(&url).is_verified());
    assert!(
        cloud()
            .explain_at(&url, &TokenContext::new(599))
            .is_verified()
    );
    let late = cloud().explain_at(&url, &TokenContext::new(600));
    let expired = TokenProblem::Rejected(TokenError::Expired { expiration: 600 });
    assert_eq!(late.causes(), [Cause::Token(expired)]);
    // A changed token may have expired as well.
    let encoded = url.replace("%2f", "%2F");
    let late = cloud().explain_at(&encoded, &TokenContext::new(600));
    assert_eq!(
        late.causes()[0].to_string(),
        "access token: the token was percent-encoded in upper case: `%2F` instead of `%2f`; \
         also, the token expired at 600"
    );
    let wrong = encoded.replace(ACL, &"0".repeat(64));
    assert_eq!(
        cloud().explain(&wrong).causes()[0].to_string(),
        "access token: the token was percent-encoded in upper case: `%2F` instead of `%2f`; \
         also, its signature is invalid for the key and the path"
    );
    // Without a key, only the form of the token is compared.
    let keyless = Cloud::new("demo", Secret::new("abcd").unwrap()).unwrap();
    assert_eq!(keyless.explain(&url).causes(), [Cause::MissingTokenKey]);
    assert_eq!(
        changes(&keyless.explain(&encoded)),
        [TokenChange::UpperCaseEncoding]
    );
}

/// The signatures were created with the texts in the comments.
#[test]
fn a_wrongly_signed_token_is_named() {
    use TokenChange::{EncodedAgain, SignedDifferently, SignedInUpperCase, SignedWithoutEncoding};
    // `exp=600~acl=%2Fimage%2F*`
    let upper = "dae0a445bfce46d96f07645175e275fb2fd2a7c41bb3923c84c553923c95f903";
    // `exp=600~acl=/image/*`
    let plain = "b57d544e63e1ab84ba4c698a0b4528316bfa013f45df43029c0ea0c34465851f";
    // `exp=600~acl=/image%2f*`
    let partly = "e7fe0fada3abe33054aa6491766b0bbad61bb2f922c9c869775e5b12c742f6fb";
    // `exp=600~url=%2Fimage%2Fupload%2Fa`
    let upper_path = "810e31e2493af1c26e4201aa4cf400e7965da288ce41afe8a782b35d1b3645ba";
    // `exp=600~url=/image/upload/a`
    let plain_path = "dfc23e842c69f01ff55f38301254e7dc331c725698127f139bba27de521792d7";
    for (token, expected) in [
        (
            format!("exp=600~acl=%2Fimage%2F*~hmac={upper}"),
            vec![SignedInUpperCase],
        ),
        (
            format!("exp=600~acl=%2fimage%2f*~hmac={upper}"),
            vec![SignedInUpperCase],
        ),
        (
            format!("exp=600~acl=/image/*~hmac={plain}"),
            vec![SignedWithoutEncoding],
        ),
        (
            format!("exp=600~acl=%2fimage%2f*~hmac={plain}"),
            vec![SignedWithoutEncoding],
        ),
        (
            format!("exp=600~acl=/image%2f*~hmac={partly}"),
            vec![SignedDifferently],
        ),
        (
            format!("exp%3D600~acl%3D%2Fimage%2F*~hmac%3D{plain}"),
            vec![EncodedAgain, SignedWithoutEncoding],
        ),
        (
            format!("exp=600~hmac={upper_path}"),
            vec![SignedInUpperCase],
        ),
        (
            format!("exp=600~hmac={plain_path}"),
            vec![SignedWithoutEncoding],
        ),
    ] {
        let url = format!("https://demo-res.cloudinary.com/image/upload/a?__cld_token__={token}");
        assert_eq!(changes(&cloud().explain(&url)), expected, "{url}");
    }
}
