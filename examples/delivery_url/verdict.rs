//! Whether a URL lets in who has it: by its signature, its token, or both.

use std::net::IpAddr;

use clap::Args;
use url_signer::cloudinary::{DeliveryUrl, Token, TokenContext, TokenSigner, VerifiedUrl};

use crate::account::Account;
use crate::diagnosis::diagnose;

/// A URL, and what is known of who asks for it.
#[derive(Args)]
pub(crate) struct Asked {
    /// The URL with its query, if it has one
    pub(crate) url: String,

    /// Address that the request comes from, for tokens that are for one
    #[arg(long)]
    pub(crate) ip: Option<IpAddr>,
}

/// What is found of one URL.
pub(crate) struct Verdict<'a> {
    pub(crate) signed: Option<VerifiedUrl<'a>>,
    pub(crate) token: TokenVerdict,
    /// Why it does not let in, the likeliest reason first; none if it does.
    pub(crate) reasons: Vec<String>,
}

pub(crate) enum TokenVerdict {
    Missing,
    Right,
    /// There is one, and no key for it.
    NotTried,
    Wrong(String),
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
            (None, TokenVerdict::Right | TokenVerdict::Wrong(_)) if url.signature().is_none() => {
                if !account.cloud.owns(url) {
                    let name = account.cloud.name();
                    reasons.push(format!("it does not lead to the account `{name}`"));
                }
            }
            (None, TokenVerdict::NotTried) if url.signature().is_none() => reasons.push(
                "it has no signature, and the configuration has no `auth_token[key]` for its token"
                    .to_owned(),
            ),
            (None, _) => reasons = diagnose(&account.cloud, text, url),
        }
        if let TokenVerdict::Wrong(reason) = &token {
            reasons.push(format!("access token: {reason}"));
        }
        Self {
            signed,
            token,
            reasons,
        }
    }

    pub(crate) fn lets_in(&self) -> bool {
        self.reasons.is_empty()
    }
}

/// Name of the tokens that count.
pub(crate) fn token_name(account: &Account) -> &str {
    account
        .cloud
        .token_defaults()
        .map_or(TokenSigner::DEFAULT_NAME, |tokens| tokens.signer().name())
}

/// Whether a part of a query is a token by its name.
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
        return TokenVerdict::Wrong("there is more than one".to_owned());
    }
    if let Err(error) = Token::parse(token) {
        return TokenVerdict::Wrong(error.to_string());
    }
    let Some(defaults) = account.cloud.token_defaults() else {
        return TokenVerdict::NotTried;
    };
    let mut context = TokenContext::new(now);
    context.ip = ip;
    let verified = defaults.signer().verify(token, url.path(), &context);
    match verified {
        Ok(_) => TokenVerdict::Right,
        Err(error) => TokenVerdict::Wrong(error.to_string()),
    }
}
