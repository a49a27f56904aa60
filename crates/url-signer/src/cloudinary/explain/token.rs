//! The diagnosis of an access token.

use percent_encoding::percent_decode_str;

use super::token_change::{TokenChange, TokenProblem, TokenVerdict};
use crate::cloudinary::account::cloud::Cloud;
use crate::cloudinary::account::token_settings::TokenDefaults;
use crate::cloudinary::path::canonical::decode_fully;
use crate::cloudinary::token::encoding::Encoded;
use crate::cloudinary::token::{Token, TokenContext, TokenError, TokenSigner};
use crate::cloudinary::url::parse::DeliveryUrl;

/// The maximum length of a token whose changes are undone, in bytes.
const MAX_TOKEN: usize = 4_000;

/// The maximum number of token texts that are tried.
const MAX_TEXTS: usize = 64;

/// The maximum number of combined changes.
const MAX_CHANGES: usize = 3;

/// The maximum number of hash computations of the search, for all keys together.
pub(super) const MAX_HASHES: usize = 1_024;

/// A token and the request that it may authorize.
pub(super) struct TokenDiagnosis<'a> {
    signer: Option<&'a TokenSigner>,
    url: DeliveryUrl<'a>,
    /// `None` ignores the time and the address of the client.
    context: Option<&'a TokenContext>,
    hashes: usize,
}

/// Returns the name of the query parameter with the token.
pub(super) fn token_name(cloud: &Cloud) -> &str {
    cloud
        .token_defaults()
        .map_or(TokenSigner::DEFAULT_NAME, |tokens| tokens.signer().name())
}

/// Returns whether a query parameter has the name of the token, also if it is percent-encoded.
pub(super) fn is_token(pair: &str, name: &str) -> bool {
    let is_named = |text: &[u8]| {
        text.strip_prefix(name.as_bytes())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"="))
    };
    is_named(pair.as_bytes()) || is_named(&decode_fully(pair))
}

impl<'a> TokenDiagnosis<'a> {
    pub(super) fn new(
        cloud: &'a Cloud,
        url: DeliveryUrl<'a>,
        context: Option<&'a TokenContext>,
    ) -> Self {
        Self {
            signer: cloud.token_defaults().map(TokenDefaults::signer),
            url,
            context,
            hashes: 0,
        }
    }

    /// Returns the number of hash computations of the search.
    pub(super) const fn hashes(&self) -> usize {
        self.hashes
    }

    pub(super) fn verdict(&mut self, name: &str) -> TokenVerdict {
        let query = self.url.query().unwrap_or_default();
        let mut tokens = query.split('&').filter(|pair| is_token(pair, name));
        let Some(token) = tokens.next() else {
            return TokenVerdict::Missing;
        };
        if tokens.next().is_some() {
            return TokenVerdict::Invalid(TokenProblem::Repeated);
        }
        let problem = match (self.verify(token, self.url.path()), self.signer) {
            (Ok(()), Some(_)) => return TokenVerdict::Valid,
            (Ok(()), None) => return TokenVerdict::NotVerified,
            (Err(problem), _) => problem,
        };
        let may_be_changed = matches!(
            problem,
            TokenProblem::NotParsed(_) | TokenProblem::Rejected(TokenError::Signature)
        );
        let changed = may_be_changed.then(|| self.search(token)).flatten();
        TokenVerdict::Invalid(changed.unwrap_or(problem))
    }

    /// Verifies a token for a path. Without a key, parses it.
    fn verify(&mut self, text: &str, path: &str) -> Result<(), TokenProblem> {
        let token = Token::parse(text).map_err(TokenProblem::NotParsed)?;
        let Some(signer) = self.signer else {
            return Ok(());
        };
        let context = self.context.copied().unwrap_or_else(|| {
            let mut context = TokenContext::new(token.expiration().saturating_sub(1));
            context.ip = token.ip().and_then(|ip| ip.parse().ok());
            context
        });
        self.hashes += signer.key_count();
        match signer.verify(text, path, &context) {
            Ok(_) => Ok(()),
            Err(error) => Err(TokenProblem::Rejected(error)),
        }
    }

    /// Undoes up to three changes, breadth first.
    fn search(&mut self, token: &str) -> Option<TokenProblem> {
        if token.len() > MAX_TOKEN {
            return None;
        }
        self.hashes = 0;
        let keys = self.signer.map_or(0, TokenSigner::key_count);
        let paths = self.paths();
        let mut texts = vec![(token.to_owned(), Vec::new())];
        let mut next = 0;
        // The first text that is a token, if none has a valid signature.
        let mut parsed = None;
        let is_parsed = Token::parse(token).is_ok();
        while let Some((text, changes)) = texts.get(next).cloned() {
            next += 1;
            for (change, path) in &paths {
                if self.hashes + keys > MAX_HASHES {
                    return parsed;
                }
                let mut changes = changes.clone();
                changes.extend(*change);
                let rejected = match self.verify(&text, path) {
                    Ok(()) => None,
                    Err(TokenProblem::Rejected(error)) if error != TokenError::Signature => {
                        Some(error)
                    }
                    Err(_) => continue,
                };
                if !changes.is_empty() {
                    return Some(TokenProblem::Changed { changes, rejected });
                }
            }
            if let Some(change) = self.wrongly_signed(&text) {
                let changes = [&*changes, &[change]].concat();
                let rejected = None;
                return Some(TokenProblem::Changed { changes, rejected });
            }
            if parsed.is_none() && !is_parsed && Token::parse(&text).is_ok() {
                let (changes, rejected) = (changes.clone(), Some(TokenError::Signature));
                parsed = Some(TokenProblem::Changed { changes, rejected });
            }
            if changes.len() == MAX_CHANGES {
                continue;
            }
            for (change, before) in undone(&text) {
                if texts.len() < MAX_TEXTS && texts.iter().all(|(known, _)| *known != before) {
                    let changes = [&*changes, &[change]].concat();
                    texts.push((before, changes));
                }
            }
        }
        parsed
    }

    /// Returns how the text of a token was signed, if it was not signed as the SDKs do.
    fn wrongly_signed(&mut self, token: &str) -> Option<TokenChange> {
        let signer = self.signer?;
        let (_, value) = token.split_once('=')?;
        let (claims, signature) = value.rsplit_once("~hmac=")?;
        let keys = signer.key_count();
        for (change, text) in wrongly_encoded(claims, self.url.path()) {
            if self.hashes + keys > MAX_HASHES {
                return None;
            }
            self.hashes += keys;
            if signer.signs(&text, signature) {
                return Some(change);
            }
        }
        None
    }

    /// The paths for which the token may have been signed.
    fn paths(&self) -> Vec<(Option<TokenChange>, String)> {
        let path = self.url.path();
        let mut paths = vec![(None, path.to_owned())];
        let mut add = |change, other: String| {
            if other != path {
                paths.push((Some(change), other));
            }
        };
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        add(TokenChange::PathDecoded, decoded.into_owned());
        if let Some(signature) = self.url.signature() {
            let other = path.replacen(&format!("/s--{signature}--"), "", 1);
            add(TokenChange::PathWithoutSignature, other);
        }
        if let Some(name) = self.url.cloud_name() {
            let other = path.replacen(&format!("/{name}"), "", 1);
            add(TokenChange::PathWithoutCloudName, other);
        }
        paths
    }
}

/// Returns the tokens that may have been changed into this one.
fn undone(token: &str) -> Vec<(TokenChange, String)> {
    let mut undone = Vec::new();
    let mut add = |change, before: String| {
        if before != token {
            undone.push((change, before));
        }
    };
    // A token contains `=` and `~`, which are encoded in a token that was encoded again.
    let upper = token.to_ascii_uppercase();
    let is_encoded_again = ["%25", "%3D", "%7E"].iter().any(|it| upper.contains(it));
    if is_encoded_again && let Ok(decoded) = percent_decode_str(token).decode_utf8() {
        add(TokenChange::EncodedAgain, decoded.into_owned());
    }
    add(TokenChange::UpperCaseEncoding, lower_case_encoding(token));
    if let Some((before, acl, after)) = split_acl(token)
        && let Ok(decoded) = percent_decode_str(acl).decode_utf8()
    {
        let change = if acl.contains('%') {
            TokenChange::AclEncodedDifferently
        } else {
            TokenChange::AclNotEncoded
        };
        add(change, format!("{before}{}{after}", Encoded(&decoded)));
    }
    if let Some((signed, digits)) = token.rsplit_once("hmac=") {
        let before = format!("{signed}hmac={}", digits.to_ascii_lowercase());
        add(TokenChange::UpperCaseSignature, before);
    }
    undone
}

/// Returns the texts that other implementations may sign instead of the SDKs' text.
fn wrongly_encoded(claims: &str, path: &str) -> Vec<(TokenChange, String)> {
    use TokenChange::{SignedDifferently, SignedInUpperCase, SignedWithoutEncoding};
    let upper = |text: &str| upper_case_encoding(&Encoded(text).to_string());
    let Some((before, acl, after)) = split_acl(claims) else {
        return vec![
            (SignedInUpperCase, format!("{claims}~url={}", upper(path))),
            (SignedWithoutEncoding, format!("{claims}~url={path}")),
        ];
    };
    let acl = percent_decode_str(acl).decode_utf8_lossy();
    vec![
        (SignedInUpperCase, format!("{before}{}{after}", upper(&acl))),
        (SignedWithoutEncoding, format!("{before}{acl}{after}")),
        (SignedDifferently, claims.to_owned()),
    ]
}

/// Splits a text before and after the value of its `acl`.
fn split_acl(text: &str) -> Option<(&str, &str, &str)> {
    let start = text.match_indices("acl=").find_map(|(at, name)| {
        // The acl may be the first part, after the name of the token.
        let before = text.get(..at)?;
        let is_part = before.is_empty() || before.ends_with(['~', '=']);
        is_part.then_some(at + name.len())
    })?;
    let (before, rest) = text.split_at_checked(start)?;
    let (acl, after) = rest.split_at_checked(rest.find('~').unwrap_or(rest.len()))?;
    Some((before, acl, after))
}

/// Converts the digits of percent-encoding to lower case.
fn lower_case_encoding(text: &str) -> String {
    map_digits(text, str::to_ascii_lowercase)
}

/// Converts the digits of percent-encoding to upper case.
pub(super) fn upper_case_encoding(text: &str) -> String {
    map_digits(text, str::to_ascii_uppercase)
}

fn map_digits(text: &str, map: impl Fn(&str) -> String) -> String {
    let mut pieces = text.split('%');
    let mut mapped = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        mapped.push('%');
        match piece.split_at_checked(2) {
            Some((digits, rest)) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                mapped.push_str(&map(digits));
                mapped.push_str(rest);
            }
            _ => mapped.push_str(piece),
        }
    }
    mapped
}
