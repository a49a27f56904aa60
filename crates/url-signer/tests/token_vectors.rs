//! Access tokens signed by the official SDKs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod changes;

use std::net::IpAddr;

use serde_json::Value;
use url_signer::cloudinary::{
    Acl, SignedToken, Token, TokenClaims, TokenContext, TokenError, TokenScope, TokenSigner,
};
use url_signer::{KeyRing, Secret};

use self::changes::changes;

enum Scope {
    Acl(Acl),
    Url(String),
}

/// A case: the signed input, and the expected token.
struct Case {
    key: String,
    name: Option<String>,
    start: Option<i64>,
    ip: Option<String>,
    claims: TokenClaims,
    scope: Scope,
    token: String,
}

impl Case {
    /// Reads a case. Fails with the name of a required input that is missing.
    fn new(input: &Value, url: Option<&str>, token: &str) -> Result<Self, &'static str> {
        let number = |name: &str| match &input[name] {
            Value::Null => None,
            Value::String(text) => Some(text.parse().unwrap()),
            number => Some(number.as_i64().unwrap()),
        };
        let text = |name: &str| input[name].as_str().map(str::to_owned);
        let start = number("start_time");
        let mut claims = match (number("expiration"), number("duration")) {
            (Some(expiration), _) => TokenClaims::expires_at(expiration),
            (None, Some(seconds)) => {
                let from = start.or(number("now")).unwrap();
                TokenClaims::expires_in(seconds.try_into().unwrap(), from).unwrap()
            }
            (None, None) => return Err("expiration"),
        };
        if let Some(start) = start {
            claims = claims.not_before(start).unwrap();
        }
        if let Some(ip) = text("ip") {
            claims = claims.with_ip(&ip).unwrap();
        }
        let scope = match (&input["acl"], input["url"].as_str().or(url)) {
            (Value::String(pattern), _) => Scope::Acl(Acl::new(pattern.as_str()).unwrap()),
            (Value::Array(patterns), _) => {
                let patterns = patterns.iter().map(|pattern| pattern.as_str().unwrap());
                Scope::Acl(Acl::any_of(patterns).unwrap())
            }
            (_, Some(url)) => Scope::Url(url.to_owned()),
            (_, None) => return Err("scope"),
        };
        Ok(Self {
            key: text("key").ok_or("key")?,
            name: text("token_name"),
            start,
            ip: text("ip"),
            claims,
            scope,
            token: token.to_owned(),
        })
    }

    fn key(&self) -> Secret {
        Secret::from_hex(&self.key).unwrap()
    }

    fn signer(&self, keys: impl Into<KeyRing>) -> TokenSigner {
        let signer = TokenSigner::new(keys);
        match &self.name {
            Some(name) => signer.with_name(name).unwrap(),
            None => signer,
        }
    }

    fn sign(&self) -> SignedToken {
        let scope = match &self.scope {
            Scope::Acl(acl) => TokenScope::Acl(acl),
            Scope::Url(url) => TokenScope::Path(url),
        };
        self.signer(self.key()).sign(&self.claims, scope)
    }

    /// A path that the token grants access to.
    fn path(&self) -> String {
        match &self.scope {
            Scope::Acl(acl) => acl.patterns().last().unwrap().replace('*', "any/thing"),
            Scope::Url(url) => url.clone(),
        }
    }

    /// A context in which the token is valid, at its last second.
    fn context(&self) -> TokenContext {
        let mut context = TokenContext::new(self.claims.expiration() - 1);
        context.ip = self.ip.as_ref().map(|ip| ip.parse().unwrap());
        context
    }

    #[track_caller]
    fn assert_rejected(&self, path: &str, context: &TokenContext, error: TokenError) {
        let rejected = self.signer(self.key()).verify(&self.token, path, context);
        assert_eq!(rejected.unwrap_err(), error, "{}", self.token);
    }
}

fn lines(jsonl: &str) -> impl Iterator<Item = Value> {
    jsonl
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
}

/// The tokens of both files, except one with an empty address, which the
/// constructors reject.
fn cases() -> Vec<Case> {
    let cases: Vec<_> = lines(include_str!("data/auth_token.jsonl"))
        .chain(lines(include_str!("data/auth_token_more.jsonl")))
        .filter(|case| case["input"]["ip"] != "")
        .map(|case| Case::new(&case["input"], None, case["token"].as_str().unwrap()).unwrap())
        .collect();
    assert_eq!(cases.len(), 244 + 507);
    cases
}

/// The tokens that are valid for at least one second.
fn valid_at_times() -> Vec<Case> {
    let mut cases = cases();
    cases.retain(|case| case.claims.expiration() > i64::MIN);
    assert_eq!(cases.len(), 750);
    cases
}

#[test]
fn signed_tokens_equal_the_sdks() {
    for case in cases() {
        let token = case.sign();
        assert_eq!(token.as_str(), case.token);
        assert_eq!(token.to_string(), case.token);
        assert_eq!(
            (token.name(), token.value()),
            case.token.split_once('=').unwrap()
        );
    }
}

#[test]
fn tokens_of_delivery_urls_equal_the_sdks() {
    let mut count = 0;
    for case in lines(include_str!("data/delivery.jsonl")) {
        let input = &case["options"]["auth_token"];
        let Some((url, token)) = case["url"].as_str().unwrap().split_once('?') else {
            continue;
        };
        if input.is_null() {
            continue;
        }
        let (_, host_and_path) = url.split_once("://").unwrap();
        let path = host_and_path.find('/').unwrap();
        let (_, path) = host_and_path.split_at(path);
        let case = Case::new(input, Some(path), token).unwrap();
        assert_eq!(case.sign().as_str(), token);
        if let Scope::Url(_) = case.scope {
            let verified = case.signer(case.key()).verify(token, path, &case.context());
            assert_eq!(verified.unwrap().token().to_string(), token);
        }
        count += 1;
    }
    assert_eq!(count, 70);
}

#[test]
fn tokens_parse_into_their_claims() {
    for case in cases() {
        let token = Token::parse(&case.token).unwrap();
        assert_eq!(token.to_string(), case.token);
        assert_eq!(
            token.name(),
            case.name.as_deref().unwrap_or("__cld_token__")
        );
        assert_eq!(token.ip(), case.ip.as_deref());
        assert_eq!(token.start(), case.start);
        assert_eq!(token.expiration(), case.claims.expiration());
        match &case.scope {
            Scope::Acl(acl) => assert_eq!(token.acl(), Some(acl)),
            Scope::Url(_) => assert_eq!(token.acl(), None),
        }
    }
}

#[test]
fn tokens_are_valid_from_start_to_expiration() {
    let other = || Secret::new("other").unwrap();
    for case in valid_at_times() {
        let path = case.path();
        let last = case.context();
        let mut first = last;
        first.now = case.start.unwrap_or(i64::MIN);
        for ring in [
            KeyRing::new(case.key()),
            KeyRing::new(other()).with_retired(case.key()),
        ] {
            let signer = case.signer(ring);
            for context in [first, last] {
                let verified = signer.verify(&case.token, &path, &context).unwrap();
                assert_eq!(verified.token(), &Token::parse(&case.token).unwrap());
            }
        }
        let another = case.signer(other()).verify(&case.token, &path, &last);
        assert_eq!(another.unwrap_err(), TokenError::Signature);
        let renamed = case.signer(case.key()).with_name("other").unwrap();
        assert_eq!(
            renamed.verify(&case.token, &path, &last).unwrap_err(),
            TokenError::Signature
        );
    }
}

#[test]
fn tokens_are_rejected_early_and_late() {
    for case in valid_at_times() {
        let path = case.path();
        let at = |now| {
            let mut context = case.context();
            context.now = now;
            context
        };
        let expiration = case.claims.expiration();
        for now in [expiration, expiration.saturating_add(1), i64::MAX] {
            let error = TokenError::Expired { expiration };
            case.assert_rejected(&path, &at(now), error);
        }
        if let Some(start) = case.start.filter(|start| *start > i64::MIN) {
            for now in [start - 1, i64::MIN] {
                let error = TokenError::NotYetValid { start };
                case.assert_rejected(&path, &at(now), error);
            }
        }
    }
}

#[test]
fn tokens_are_rejected_for_another_address() {
    let mut count = 0;
    for case in valid_at_times().iter().filter(|case| case.ip.is_some()) {
        let path = case.path();
        let mut context = case.context();
        for ip in [None, "203.0.113.9".parse().ok(), "2001:db8::9".parse().ok()] {
            context.ip = ip;
            case.assert_rejected(&path, &context, TokenError::WrongIp);
        }
        count += 1;
    }
    assert!(count > 150, "{count}");
}

#[test]
fn tokens_are_rejected_for_another_path() {
    for case in valid_at_times() {
        let path = case.path();
        let outside = match case.scope {
            Scope::Acl(_) => TokenError::OutsideAcl,
            Scope::Url(_) => TokenError::Signature,
        };
        for other in [
            "",
            "outside",
            &format!("x{path}"),
            &path.replace('/', "%2f"),
        ] {
            if other != path {
                case.assert_rejected(other, &case.context(), outside);
            }
        }
        if let Scope::Url(url) = &case.scope {
            for changed in changes(url, 0).filter(|_| url.len() < 50) {
                case.assert_rejected(&changed, &case.context(), TokenError::Signature);
            }
        }
    }
}

#[test]
fn changed_tokens_do_not_verify() {
    let mut count = 0;
    for case in valid_at_times()
        .iter()
        .filter(|case| case.token.len() < 300)
    {
        let signer = case.signer(case.key());
        let path = case.path();
        let context = case.context();
        for changed in changes(&case.token, 0) {
            // No other reason is reported for an unsigned token.
            let rejected = signer.verify(&changed, &path, &context);
            assert_eq!(rejected.unwrap_err(), TokenError::Signature, "{changed}");
            count += 1;
        }
    }
    assert!(count > 200_000, "{count}");
}

#[test]
fn equivalent_addresses_are_equal() {
    for case in cases() {
        let Some(ip) = &case.ip else { continue };
        let path = case.path();
        let address: IpAddr = ip.parse().unwrap();
        let mapped = match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V6(address.to_ipv6_mapped()),
            address @ IpAddr::V6(_) => address,
        };
        for ip in [address, address.to_canonical(), mapped] {
            let context = case.context().with_ip(ip);
            let verified = case.signer(case.key()).verify(&case.token, &path, &context);
            assert!(verified.is_ok());
        }
    }
}

#[test]
fn inputs_that_the_sdks_require_are_required() {
    let missing: Vec<_> = lines(include_str!("data/errors.jsonl"))
        .filter(|case| case["category"] == "token")
        .map(|case| Case::new(&case["input"]["input"], None, "").err().unwrap())
        .collect();
    assert_eq!(missing, ["expiration", "scope", "key"]);
}
