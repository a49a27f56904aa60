//! Access tokens that are rejected, with their errors.

#![allow(clippy::unwrap_used, reason = "tests")]

use url_signer::Secret;
use url_signer::cloudinary::{
    Acl, Token, TokenClaims, TokenContext, TokenError, TokenScope, TokenSigner,
};

/// The signatures in this file were created by Python's `hmac` with this key.
fn signer() -> TokenSigner {
    TokenSigner::new(Secret::from_hex("00112233FF99").unwrap())
}

const REORDERED: &str = "__cld_token__=acl=%2fimage%2f*~exp=600~st=100~ip=2001:DB8::1\
    ~hmac=217cc7f7b6228b6b5d99918dc0fd77405ab6f80b81ec098af23a66d6ece7d573";

#[test]
fn invalid_tokens_are_rejected_by_their_first_part() {
    let hmac = "0123456789abcdef".repeat(4);
    for (parts, text) in [
        ("", "it does not begin with a name and `=`"),
        ("exp", "it does not begin with a name and `=`"),
        ("=exp=5", "it does not begin with a name and `=`"),
        (" t=exp=5", "it does not begin with a name and `=`"),
        ("t%=exp=5", "it does not begin with a name and `=`"),
        ("t;=exp=5", "it does not begin with a name and `=`"),
        ("é=exp=5", "it does not begin with a name and `=`"),
        ("t=", "it has an unknown part"),
        ("t=exp=5~", "it has an unknown part"),
        ("t=~exp=5", "it has an unknown part"),
        ("t=exp=5~url=%2fa", "it has an unknown part"),
        ("t=exp=5~data=a", "it has an unknown part"),
        ("t=EXP=5", "it has an unknown part"),
        ("t=exp=5~ st=1", "it has an unknown part"),
        ("t=exp=5~hmac=00", "it has an unknown part"),
        ("t=exp=5~exp=5", "it has a duplicate part"),
        ("t=ip=~ip=~exp=5", "it has a duplicate part"),
        ("t=st=1~st=2~exp=5", "it has a duplicate part"),
        ("t=exp=5~acl=a~acl=b", "it has a duplicate part"),
        ("t=st=5", "it has no `exp`"),
        ("t=acl=a", "it has no `exp`"),
        ("t=exp", "a time is not an integer"),
        ("t=exp=", "a time is not an integer"),
        ("t=exp=+5", "a time is not an integer"),
        ("t=exp=05", "a time is not an integer"),
        ("t=exp=-0", "a time is not an integer"),
        ("t=exp=-05", "a time is not an integer"),
        ("t=exp=5.0", "a time is not an integer"),
        ("t=exp=5 ", "a time is not an integer"),
        ("t=exp=٥", "a time is not an integer"),
        ("t=exp=9223372036854775808", "a time is not an integer"),
        ("t=st=x~exp=5", "a time is not an integer"),
        ("t=ip=a b~exp=5", "its `ip` is not visible ASCII"),
        ("t=ip=é~exp=5", "its `ip` is not visible ASCII"),
        ("t=ip=\n~exp=5", "its `ip` is not visible ASCII"),
        ("t=exp=5~acl", "its `acl` is invalid"),
        ("t=exp=5~acl=", "its `acl` is invalid"),
        ("t=exp=5~acl=a!!b", "its `acl` is invalid"),
        ("t=exp=5~acl=a!", "its `acl` is invalid"),
        ("t=exp=5~acl=/a", "its `acl` is invalid"),
        ("t=exp=5~acl=%2F", "its `acl` is invalid"),
        ("t=exp=5~acl=%61", "its `acl` is invalid"),
        ("t=exp=5~acl=%2", "its `acl` is invalid"),
        ("t=exp=5~acl=a=b", "its `acl` is invalid"),
        ("t=exp=5~acl=a\n", "its `acl` is invalid"),
    ] {
        let token = format!("{parts}~hmac={hmac}");
        let error = Token::parse(&token).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("invalid token: {text}"),
            "{token:?}"
        );
    }
    let valid = format!("t=ip=~st=-9223372036854775808~exp=0~acl=é,%2f*~hmac={hmac}");
    assert_eq!(Token::parse(&valid).unwrap().start(), Some(i64::MIN));
}

#[test]
fn tokens_end_with_a_whole_signature() {
    let hmac = "0123456789abcdef".repeat(4);
    for token in [
        "t=exp=5".to_owned(),
        "t=exp=5~hmac=".to_owned(),
        format!("t=hmac={hmac}"),
        format!("t=hmac={hmac}~exp=5"),
        format!("t=exp=5~hmac={hmac}~acl=a"),
        format!("t=exp=5~hmac={hmac}~"),
        format!("t=exp=5~hmac={hmac}\n"),
        format!("t=exp=5~hmac={hmac}0"),
        format!("t=exp=5~hmac={}", hmac.replacen('0', "", 1)),
        format!("t=exp=5~hmac={}", hmac.to_uppercase()),
        format!("t=exp=5~HMAC={hmac}"),
        format!("t=exp=5~hmac={}", hmac.replace('a', "g")),
    ] {
        assert_eq!(
            Token::parse(&token).unwrap_err().to_string(),
            "invalid token: it does not end with `~hmac=` and 64 lower-case hex digits",
            "{token:?}"
        );
    }
}

#[test]
fn invalid_claims_and_names_are_rejected() {
    let claims = || TokenClaims::expires_at(600);
    let max = u64::MAX;
    for (rejected, text) in [
        (
            TokenClaims::expires_in(1, i64::MAX),
            "token expiration 1 seconds after 9223372036854775807 is out of range".to_owned(),
        ),
        (
            TokenClaims::expires_in(max, 0),
            format!("token expiration {max} seconds after 0 is out of range"),
        ),
        (
            claims().not_before(600),
            "token start 600 is not before the expiration 600".to_owned(),
        ),
        (
            claims().not_before(i64::MAX),
            "token start 9223372036854775807 is not before the expiration 600".to_owned(),
        ),
        (
            claims().with_ip(""),
            "invalid token IP address ``".to_owned(),
        ),
        (
            claims().with_ip("1.2.3.4~exp=9"),
            "invalid token IP address `1.2.3.4~exp=9`".to_owned(),
        ),
        (
            claims().with_ip("1.2.3.4\n"),
            "invalid token IP address `1.2.3.4\\n`".to_owned(),
        ),
        (
            claims().with_ip("1.2.3.256"),
            "invalid token IP address `1.2.3.256`".to_owned(),
        ),
        (
            claims().with_ip("[::1]"),
            "invalid token IP address `[::1]`".to_owned(),
        ),
    ] {
        assert_eq!(rejected.unwrap_err().to_string(), text);
    }
    assert_eq!(
        TokenClaims::expires_in(5, -5).unwrap(),
        TokenClaims::expires_at(0)
    );
    assert!(claims().not_before(599).is_ok());
    for (name, text) in [
        ("", "token name is empty"),
        ("a=b", "unexpected '=' in token name `a=b`"),
        ("a b", "unexpected ' ' in token name `a b`"),
        ("a;", "unexpected ';' in token name `a;`"),
        ("a&b", "unexpected '&' in token name `a&b`"),
        ("a~", "unexpected '~' in token name `a~`"),
        ("a\n", "unexpected '\\n' in token name `a\\n`"),
        ("é", "unexpected 'é' in token name `é`"),
    ] {
        assert_eq!(signer().with_name(name).unwrap_err().to_string(), text);
    }
}

#[test]
fn the_first_reason_in_order_is_reported() {
    let right_ip = "2001:db8::1".parse().unwrap();
    let valid = TokenContext::new(100).with_ip(right_ip);
    let verified = signer().verify(REORDERED, "/image/a.jpg", &valid).unwrap();
    assert_eq!(verified.token().ip(), Some("2001:DB8::1"));
    assert_eq!(verified.token().to_string(), REORDERED);

    let wrong_ip = "2001:db8::2".parse().unwrap();
    let at = |now| TokenContext::new(now).with_ip(wrong_ip);
    for (context, error, text) in [
        (
            at(99),
            TokenError::NotYetValid { start: 100 },
            "token is not valid before 100",
        ),
        (
            at(600),
            TokenError::Expired { expiration: 600 },
            "token expired at 600",
        ),
        (
            at(100),
            TokenError::WrongIp,
            "token is not valid for the IP address of the client",
        ),
        (
            valid,
            TokenError::OutsideAcl,
            "acl of the token does not allow the path",
        ),
    ] {
        let path = "/video/a.mp4";
        let rejected = signer().verify(REORDERED, path, &context).unwrap_err();
        assert_eq!(rejected, error);
        assert_eq!(rejected.to_string(), text);
        for unsigned in [&REORDERED.replace("exp=600", "exp=601"), "", "t=exp=5"] {
            let rejected = signer().verify(unsigned, path, &context).unwrap_err();
            assert_eq!(rejected, TokenError::Signature);
            assert_eq!(rejected.to_string(), "invalid signature");
        }
    }
}

#[test]
fn a_start_after_the_expiration_grants_no_access() {
    let token = "__cld_token__=acl=%2fimage%2f*~exp=600~st=600\
        ~hmac=84c22a3b82f82a09d4495e004c21882f46a315bdfb68ab71b87883b08b7b81ad";
    for (now, error) in [
        (599, TokenError::NotYetValid { start: 600 }),
        (600, TokenError::Expired { expiration: 600 }),
    ] {
        let rejected = signer().verify(token, "/image/a", &TokenContext::new(now));
        assert_eq!(rejected.unwrap_err(), error);
    }
}

#[test]
fn an_invalid_ip_grants_no_access() {
    let token = "__cld_token__=ip=10.0.0.01~exp=600~acl=%2f*\
        ~hmac=b7b367e5219cf14534ebc0ef3633a4316a7e98cca63b96a2ccd7a436fcfc254e";
    for ip in [None, "10.0.0.1".parse().ok()] {
        let mut context = TokenContext::new(5);
        context.ip = ip;
        let rejected = signer().verify(token, "/a", &context);
        assert_eq!(rejected.unwrap_err(), TokenError::WrongIp);
    }
}

/// A token with the URL as a part has the signature of a token for this URL.
#[test]
fn unknown_signed_parts_do_not_verify() {
    for token in [
        "exp=600~url=%2fa~hmac=5e399028e64f5135e86df6763e1cb02e0355ce715095d3be6b2ce2e3a6d56242",
        "exp=600~acl=%2f*~data=x~hmac=9a5f6faffa945edb12e015880e461efbe880dca677ebf5a8b8d60050927f57ab",
        "exp=600~acl=/image/*~hmac=b57d544e63e1ab84ba4c698a0b4528316bfa013f45df43029c0ea0c34465851f",
    ] {
        let token = format!("__cld_token__={token}");
        let rejected = signer().verify(&token, "/a", &TokenContext::new(5));
        assert_eq!(rejected.unwrap_err(), TokenError::Signature);
    }
    // The first signature above is valid for the URL.
    let token = signer().sign(&TokenClaims::expires_at(600), TokenScope::Path("/a"));
    assert!(
        token
            .as_str()
            .ends_with("5e399028e64f5135e86df6763e1cb02e0355ce715095d3be6b2ce2e3a6d56242")
    );
}

#[test]
fn debug_shows_no_signature_and_no_key() {
    let hush = || Secret::new("hush-hush").unwrap();
    let signer = TokenSigner::new(hush());
    let acl = Acl::new("/image/*").unwrap();
    let token = signer.sign(&TokenClaims::expires_at(600), TokenScope::Acl(&acl));
    let shown = "__cld_token__=exp=600~acl=%2fimage%2f*~hmac=..";
    assert_eq!(format!("{token:?}"), format!("SignedToken({shown})"));

    let parsed = Token::parse(token.as_str()).unwrap();
    assert_eq!(format!("{parsed:?}"), format!("Token({shown})"));
    let context = TokenContext::new(5);
    let verified = signer.verify(token.as_str(), "/image/a", &context).unwrap();
    assert_eq!(
        format!("{verified:?}"),
        format!("VerifiedToken(Token({shown}))")
    );

    let debug = format!("{signer:?}");
    assert!(debug.contains("__cld_token__"), "{debug}");
    assert!(!debug.contains("hush"), "{debug}");
    assert!(!debug.contains(&format!("{:?}", b"hush-hush")), "{debug}");
}
