//! Access tokens:
//!
//! - Parsing and verifying never panic.
//! - A parsed token prints the text that was parsed.
//! - A signed token verifies for the path and address that it authorizes.
//! - A verified token is one of the signed tokens, byte for byte.
//!
//! ```text
//! cargo fuzz run -s none token
//! ```

#![no_main]

use std::net::IpAddr;

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use url_signer::Secret;
use url_signer::cloudinary::{
    Acl, SignedToken, Token, TokenClaims, TokenContext, TokenError, TokenScope, TokenSigner,
};
use url_signer_fuzz::Edit;

const WORDS: &[&str] = &[
    "~",
    "=",
    "~exp=1",
    "exp=9223372036854775807~",
    "~st=-1",
    "st=0~",
    "~acl=%2f*",
    "~acl=*",
    "!",
    "*",
    "%2f",
    "%2F",
    "%7e",
    "~",
    "~hmac=",
    "~url=",
    "ip=1.2.3.4~",
    "ip=~",
    "__cld_token__=",
    "a=",
    "0",
    "-",
    "+",
    "é",
    "%c3%a9",
    " ",
    "..",
    "/",
    "%2e%2e",
];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    choices: [Choices; 2],
    now: i64,
    edits: [Edit; 3],
    edited: u8,
    /// One line each: the scope of the first token, the scope of the second token,
    /// and a requested path. Each line is also parsed as a token.
    text: &'a str,
}

#[derive(Arbitrary, Debug)]
struct Choices {
    switches: u8,
    start: i64,
    expiration: i64,
    ip: [u8; 4],
}

struct Signed<'a> {
    token: SignedToken,
    claims: TokenClaims,
    start: Option<i64>,
    ip: Option<IpAddr>,
    acl: Option<Acl>,
    text: &'a str,
}

impl<'a> Signed<'a> {
    fn new(signer: &TokenSigner, choices: &Choices, text: &'a str) -> Self {
        let is_set = |bit: u8| choices.switches >> bit & 1 == 1;
        let mut claims = TokenClaims::expires_at(choices.expiration);
        let mut start = None;
        if is_set(0)
            && let Ok(starting) = claims.clone().not_before(choices.start)
        {
            (claims, start) = (starting, Some(choices.start));
        }
        let [first, .., last] = choices.ip;
        let ip: Option<IpAddr> = is_set(1).then(|| match is_set(2) {
            true => choices.ip.into(),
            false => [first.into(), 0, 0, 0, 0, 0, 0, last.into()].into(),
        });
        if let Some(ip) = ip {
            claims = claims.with_ip(&ip.to_string()).unwrap();
        }
        let acl = Acl::new(text).ok().filter(|_| is_set(3));
        let token = signer.sign(
            &claims,
            acl.as_ref().map_or(TokenScope::Path(text), TokenScope::Acl),
        );
        Self {
            token,
            claims,
            start,
            ip,
            acl,
            text,
        }
    }

    /// Checks the parts of the token and the requests that it authorizes.
    fn check(&self, signer: &TokenSigner, now: i64, path: &str) {
        let text = self.token.as_str();
        assert_eq!(
            format!("{}={}", self.token.name(), self.token.value()),
            text
        );
        let parsed = Token::parse(text).unwrap();
        assert_eq!(
            (parsed.to_string(), parsed.name()),
            (text.to_owned(), signer.name())
        );
        assert_eq!(
            (parsed.start(), parsed.expiration()),
            (self.start, self.claims.expiration())
        );
        assert_eq!(parsed.ip().map(|ip| ip.parse().unwrap()), self.ip);
        assert_eq!(parsed.acl(), self.acl.as_ref());
        let signature = text.rsplit_once('=').unwrap().1;
        assert!(!format!("{parsed:?}{:?}", self.token).contains(signature));

        // A token without an ACL authorizes one URL.
        let path = if self.acl.is_some() { path } else { self.text };
        let mut context = TokenContext::new(now);
        context.ip = self.ip;
        let verified = signer.verify(text, path, &context);
        let expected = if let Some(start) = self.start.filter(|start| now < *start) {
            Err(TokenError::NotYetValid { start })
        } else if now >= self.claims.expiration() {
            Err(TokenError::Expired {
                expiration: self.claims.expiration(),
            })
        } else if self.acl.as_ref().is_some_and(|acl| !acl.allows(path)) {
            Err(TokenError::OutsideAcl)
        } else {
            Ok(&parsed)
        };
        assert_eq!(
            verified
                .as_ref()
                .map(|verified| verified.token())
                .map_err(|error| *error),
            expected
        );
        let other = TokenSigner::new(Secret::new("kez").unwrap());
        assert_eq!(
            other.verify(text, path, &context).unwrap_err(),
            TokenError::Signature
        );
    }
}

fuzz_target!(|input: Input| {
    let signer = TokenSigner::new(Secret::new("key").unwrap());
    let mut lines = input.text.split('\n');
    let [one, other, requested] = [(); 3].map(|()| lines.next().unwrap_or_default());
    for line in input.text.split('\n') {
        if let Ok(token) = Token::parse(line) {
            assert_eq!(token.to_string(), line);
        }
    }
    let [of_one, of_other] = &input.choices;
    let signed = [
        Signed::new(&signer, of_one, one),
        Signed::new(&signer, of_other, other),
    ];
    for signed in &signed {
        signed.check(&signer, input.now, requested);
    }

    let [text, other] = [signed[0].token.as_str(), signed[1].token.as_str()];
    let edits = input.edits.iter().take(1 + usize::from(input.edited) % 3);
    let edited = edits.fold(text.to_owned(), |token, edit| {
        edit.apply(&token, other, WORDS)
    });
    if let Ok(token) = Token::parse(&edited) {
        assert_eq!(token.to_string(), edited);
    }
    for path in [one, other, requested] {
        for ip in [None, signed[0].ip, signed[1].ip] {
            let mut context = TokenContext::new(input.now);
            context.ip = ip;
            let verified = signer.verify(&edited, path, &context);
            // Any other result requires a valid HMAC.
            if verified != Err(TokenError::Signature) {
                let found = signed.iter().find(|signed| {
                    signed.token.as_str() == edited && (signed.acl.is_some() || signed.text == path)
                });
                let found = found.unwrap_or_else(|| panic!("{edited} authorizes {path}"));
                if verified.is_ok() {
                    assert!(found.ip.is_none() || found.ip == ip);
                    assert!(found.acl.as_ref().is_none_or(|acl| acl.allows(path)));
                }
            }
        }
    }
});
