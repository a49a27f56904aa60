//! The verdict on a URL: its signature and its token.

use std::net::IpAddr;

use clap::Args;
use url_signer::cloudinary::{DeliveryUrl, Token, TokenContext, TokenSigner, VerifiedUrl};

use crate::account::Account;
use crate::diagnosis::diagnose;

/// A URL and the address of the client that requests it.
#[derive(Args)]
pub(crate) struct Arguments {
    /// URL, including its query
    pub(crate) url: String,

    /// IP address of the client, for tokens that are limited to an address
    #[arg(long)]
    pub(crate) ip: Option<IpAddr>,
}

/// The result of verifying a URL.
pub(crate) struct Verdict<'a> {
    pub(crate) signed: Option<VerifiedUrl<'a>>,
    pub(crate) token: TokenVerdict,
    /// The reasons why the URL grants no access, the likeliest first. Empty if the
    /// URL grants access.
    pub(crate) reasons: Vec<String>,
}

pub(crate) enum TokenVerdict {
    Missing,
    Valid,
    /// No key is configured.
    NotVerified,
    Invalid(String),
}

impl<'a> Verdict<'a> {
    pub(crate) fn of(
        account: &Account,
        text: &'a str,
        url: &DeliveryUrl<'a>,
        ip: Option<IpAddr>,
        now: i64,
    ) -> Self {
        let signed = account.cloud.verify(text).ok();
        let token = token_verdict(account, url, ip, now);
        let mut reasons = Vec::new();
        match (&signed, &token) {
            (Some(_), _) => {}
            (None, TokenVerdict::Valid | TokenVerdict::Invalid(_)) if url.signature().is_none() => {
                if !account.cloud.owns(url) {
                    let name = account.cloud.name();
                    reasons.push(format!("the URL does not belong to the account `{name}`"));
                }
            }
            (None, TokenVerdict::NotVerified) if url.signature().is_none() => reasons.push(
                "the URL has no signature, and the configuration has no `auth_token[key]` for its token"
                    .to_owned(),
            ),
            (None, _) => reasons = diagnose(&account.cloud, text, url),
        }
        if let TokenVerdict::Invalid(reason) = &token {
            reasons.push(format!("access token: {reason}"));
        }
        Self {
            signed,
            token,
            reasons,
        }
    }

    pub(crate) fn is_authorized(&self) -> bool {
        self.reasons.is_empty()
    }
}

/// Returns the name of the query parameter with the token.
pub(crate) fn token_name(account: &Account) -> &str {
    account
        .cloud
        .token_defaults()
        .map_or(TokenSigner::DEFAULT_NAME, |tokens| tokens.signer().name())
}

/// Whether a query parameter has the name of the token.
pub(crate) fn is_token(pair: &str, name: &str) -> bool {
    pair.strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
}

fn token_verdict(
    account: &Account,
    url: &DeliveryUrl<'_>,
    ip: Option<IpAddr>,
    now: i64,
) -> TokenVerdict {
    let name = token_name(account);
    let query = url.query().unwrap_or_default();
    let mut tokens = query.split('&').filter(|pair| is_token(pair, name));
    let Some(token) = tokens.next() else {
        return TokenVerdict::Missing;
    };
    if tokens.next().is_some() {
        return TokenVerdict::Invalid("the URL has more than one token".to_owned());
    }
    if let Err(error) = Token::parse(token) {
        return TokenVerdict::Invalid(error.to_string());
    }
    let Some(defaults) = account.cloud.token_defaults() else {
        return TokenVerdict::NotVerified;
    };
    let mut context = TokenContext::new(now);
    context.ip = ip;
    let verified = defaults.signer().verify(token, url.path(), &context);
    match verified {
        Ok(_) => TokenVerdict::Valid,
        Err(error) => TokenVerdict::Invalid(error.to_string()),
    }
}
