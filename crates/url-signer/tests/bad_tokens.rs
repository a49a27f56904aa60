//! What of access tokens is refused, and what is said of it.

#![allow(clippy::unwrap_used, reason = "tests")]

use url_signer::Secret;
use url_signer::cloudinary::{
    Acl, Token, TokenClaims, TokenContext, TokenError, TokenScope, TokenSigner,
};

/// The signatures below are by Python's `hmac`, with this key.
fn signer() -> TokenSigner {
    TokenSigner::new(Secret::from_hex("00112233FF99").unwrap())
}

const REORDERED: &str = "__cld_token__=acl=%2fimage%2f*~exp=600~st=100~ip=2001:DB8::1\
    ~hmac=217cc7f7b6228b6b5d99918dc0fd77405ab6f80b81ec098af23a66d6ece7d573";

#[test]
fn a_text_that_is_no_token_is_refused_by_its_first_wrong_part() {
    let hmac = "0123456789abcdef".repeat(4);
    for (parts, text) in [
        ("", "it does not begin with a name and `=`"),
        ("exp", "it does not begin with a name and `=`"),
        ("=exp=5", "it does not begin with a name and `=`"),
        (" t=exp=5", "it does not begin with a name and `=`"),
        ("t%=exp=5", "it does not begin with a name and `=`"),
        ("t;=exp=5", "it does not begin with a name and `=`"),
        ("é=exp=5", "it does not begin with a name and `=`"),
        ("t=", "it has a part that is not known"),
        ("t=exp=5~", "it has a part that is not known"),
        ("t=~exp=5", "it has a part that is not known"),
        ("t=exp=5~url=%2fa", "it has a part that is not known"),
        ("t=exp=5~data=a", "it has a part that is not known"),
        ("t=EXP=5", "it has a part that is not known"),
        ("t=exp=5~ st=1", "it has a part that is not known"),
        ("t=exp=5~hmac=00", "it has a part that is not known"),
        ("t=exp=5~exp=5", "it has a part twice"),
        ("t=ip=~ip=~exp=5", "it has a part twice"),
        ("t=st=1~st=2~exp=5", "it has a part twice"),
        ("t=exp=5~acl=a~acl=b", "it has a part twice"),
        ("t=st=5", "it has no `exp`"),
        ("t=acl=a", "it has no `exp`"),
        ("t=exp", "a time is not a whole number"),
        ("t=exp=", "a time is not a whole number"),
        ("t=exp=+5", "a time is not a whole number"),
        ("t=exp=05", "a time is not a whole number"),
        ("t=exp=-0", "a time is not a whole number"),
        ("t=exp=-05", "a time is not a whole number"),
        ("t=exp=5.0", "a time is not a whole number"),
        ("t=exp=5 ", "a time is not a whole number"),
        ("t=exp=٥", "a time is not a whole number"),
        ("t=exp=9223372036854775808", "a time is not a whole number"),
        ("t=st=x~exp=5", "a time is not a whole number"),
        ("t=ip=a b~exp=5", "its `ip` is no visible ascii"),
        ("t=ip=é~exp=5", "its `ip` is no visible ascii"),
        ("t=ip=\n~exp=5", "its `ip` is no visible ascii"),
        ("t=exp=5~acl", "its `acl` is no escaped patterns"),
        ("t=exp=5~acl=", "its `acl` is no escaped patterns"),
        ("t=exp=5~acl=a!!b", "its `acl` is no escaped patterns"),
        ("t=exp=5~acl=a!", "its `acl` is no escaped patterns"),
        ("t=exp=5~acl=/a", "its `acl` is no escaped patterns"),
        ("t=exp=5~acl=%2F", "its `acl` is no escaped patterns"),
        ("t=exp=5~acl=%61", "its `acl` is no escaped patterns"),
        ("t=exp=5~acl=%2", "its `acl` is no escaped patterns"),
        ("t=exp=5~acl=a=b", "its `acl` is no escaped patterns"),
        ("t=exp=5~acl=a\n", "its `acl` is no escaped patterns"),
    ] {
        let token = format!("{parts}~hmac={hmac}");
        let error = Token::parse(&token).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("not a token: {text}"),
            "{token:?}"
        );
    }
    let fits = format!("t=ip=~st=-9223372036854775808~exp=0~acl=é,%2f*~hmac={hmac}");
    assert_eq!(Token::parse(&fits).unwrap().start(), Some(i64::MIN));
}

#[test]
fn a_token_without_a_whole_signature_at_its_end_is_refused() {
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
            "not a token: it does not end with `~hmac=` and 64 lower-case hex digits",
            "{token:?}"
        );
    }
}

#[test]
fn terms_and_names_that_can_t_be_are_refused() {
    let claims = || TokenClaims::expires_at(600);
    let max = u64::MAX;
    for (refused, text) in [
        (
            TokenClaims::expires_in(1, i64::MAX),
            "token expiry, 1 seconds from 9223372036854775807, is out of range".to_owned(),
        ),
        (
            TokenClaims::expires_in(max, 0),
            format!("token expiry, {max} seconds from 0, is out of range"),
        ),
        (
            claims().not_before(600),
            "token start 600 is not before its expiry 600".to_owned(),
        ),
        (
            claims().not_before(i64::MAX),
            "token start 9223372036854775807 is not before its expiry 600".to_owned(),
        ),
        (
            claims().with_ip(""),
            "token ip `` is no ip address".to_owned(),
        ),
        (
            claims().with_ip("1.2.3.4~exp=9"),
            "token ip `1.2.3.4~exp=9` is no ip address".to_owned(),
        ),
        (
            claims().with_ip("1.2.3.4\n"),
            "token ip `1.2.3.4\\n` is no ip address".to_owned(),
        ),
        (
            claims().with_ip("1.2.3.256"),
            "token ip `1.2.3.256` is no ip address".to_owned(),
        ),
        (
            claims().with_ip("[::1]"),
            "token ip `[::1]` is no ip address".to_owned(),
        ),
    ] {
        assert_eq!(refused.unwrap_err().to_string(), text);
    }
    assert_eq!(
        TokenClaims::expires_in(5, -5).unwrap(),
        TokenClaims::expires_at(0)
    );
    assert!(claims().not_before(599).is_ok());
    for (name, text) in [
        ("", "token name is empty"),
        ("a=b", "token name `a=b` has '='"),
        ("a b", "token name `a b` has ' '"),
        ("a;", "token name `a;` has ';'"),
        ("a&b", "token name `a&b` has '&'"),
        ("a~", "token name `a~` has '~'"),
        ("a\n", "token name `a\\n` has '\\n'"),
        ("é", "token name `é` has 'é'"),
    ] {
        assert_eq!(signer().with_name(name).unwrap_err().to_string(), text);
    }
}

#[test]
fn of_several_reasons_the_first_in_order_is_told() {
    let fits = TokenContext {
        path: "/image/a.jpg",
        ip: "2001:db8::1".parse().ok(),
        now: 100,
    };
    let verified = signer().verify(REORDERED, &fits).unwrap();
    assert_eq!(verified.token().ip(), Some("2001:DB8::1"));
    assert_eq!(verified.token().to_string(), REORDERED);

    let (ip, path) = ("2001:db8::2".parse().ok(), "/video/a.mp4");
    let outside = TokenContext { path, ..fits };
    let elsewhere = TokenContext { ip, ..outside };
    let expiration = 600;
    let late = TokenContext {
        now: expiration,
        ..elsewhere
    };
    let early = TokenContext {
        now: 99,
        ..elsewhere
    };
    for (request, error, text) in [
        (
            early,
            TokenError::NotYetValid { start: 100 },
            "token is not valid before 100",
        ),
        (
            late,
            TokenError::Expired { expiration },
            "token expired at 600",
        ),
        (
            elsewhere,
            TokenError::WrongIp,
            "token is for another ip address",
        ),
        (
            outside,
            TokenError::OutsideAcl,
            "path is outside the acl of the token",
        ),
    ] {
        let refused = signer().verify(REORDERED, &request).unwrap_err();
        assert_eq!(refused, error);
        assert_eq!(refused.to_string(), text);
        for unsigned in [&REORDERED.replace("exp=600", "exp=601"), "", "t=exp=5"] {
            let refused = signer().verify(unsigned, &request).unwrap_err();
            assert_eq!(refused, TokenError::Signature);
            assert_eq!(refused.to_string(), "token does not verify");
        }
    }
}

#[test]
fn a_start_that_is_no_earlier_than_the_expiry_lets_nobody_in() {
    let token = "__cld_token__=acl=%2fimage%2f*~exp=600~st=600\
        ~hmac=84c22a3b82f82a09d4495e004c21882f46a315bdfb68ab71b87883b08b7b81ad";
    for (now, error) in [
        (599, TokenError::NotYetValid { start: 600 }),
        (600, TokenError::Expired { expiration: 600 }),
    ] {
        let request = TokenContext {
            path: "/image/a",
            ip: None,
            now,
        };
        assert_eq!(signer().verify(token, &request).unwrap_err(), error);
    }
}

#[test]
fn an_ip_that_is_no_address_lets_nobody_in() {
    let token = "__cld_token__=ip=10.0.0.01~exp=600~acl=%2f*\
        ~hmac=b7b367e5219cf14534ebc0ef3633a4316a7e98cca63b96a2ccd7a436fcfc254e";
    for ip in [None, "10.0.0.1".parse().ok()] {
        let request = TokenContext {
            path: "/a",
            ip,
            now: 5,
        };
        assert_eq!(
            signer().verify(token, &request).unwrap_err(),
            TokenError::WrongIp
        );
    }
}

/// Sent as a part, the URL of a token makes a text that has the same signature.
#[test]
fn what_is_signed_without_being_known_is_not_verified() {
    for token in [
        "exp=600~url=%2fa~hmac=5e399028e64f5135e86df6763e1cb02e0355ce715095d3be6b2ce2e3a6d56242",
        "exp=600~acl=%2f*~data=x~hmac=9a5f6faffa945edb12e015880e461efbe880dca677ebf5a8b8d60050927f57ab",
        "exp=600~acl=/image/*~hmac=b57d544e63e1ab84ba4c698a0b4528316bfa013f45df43029c0ea0c34465851f",
    ] {
        let request = TokenContext {
            path: "/a",
            ip: None,
            now: 5,
        };
        let token = format!("__cld_token__={token}");
        let refused = signer().verify(&token, &request).unwrap_err();
        assert_eq!(refused, TokenError::Signature);
    }
    // It is that signature.
    let token = signer().sign(&TokenClaims::expires_at(600), TokenScope::Url("/a"));
    assert!(
        token
            .as_str()
            .ends_with("5e399028e64f5135e86df6763e1cb02e0355ce715095d3be6b2ce2e3a6d56242")
    );
}

#[test]
fn no_debug_shows_a_signature_or_a_key() {
    let hush = || Secret::new("hush-hush").unwrap();
    let signer = TokenSigner::new(hush());
    let acl = Acl::new("/image/*").unwrap();
    let token = signer.sign(&TokenClaims::expires_at(600), TokenScope::Acl(&acl));
    let shown = "__cld_token__=exp=600~acl=%2fimage%2f*~hmac=..";
    assert_eq!(format!("{token:?}"), format!("SignedToken({shown})"));

    let parsed = Token::parse(token.as_str()).unwrap();
    assert_eq!(format!("{parsed:?}"), format!("Token({shown})"));
    let request = TokenContext {
        path: "/image/a",
        ip: None,
        now: 5,
    };
    let verified = signer.verify(token.as_str(), &request).unwrap();
    assert_eq!(
        format!("{verified:?}"),
        format!("VerifiedToken(Token({shown}))")
    );

    let debug = format!("{signer:?}");
    assert!(debug.contains("__cld_token__"), "{debug}");
    assert!(!debug.contains("hush"), "{debug}");
    assert!(!debug.contains(&format!("{:?}", b"hush-hush")), "{debug}");
}
