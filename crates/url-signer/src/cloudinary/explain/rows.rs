//! The text of an explanation: one row for each part.

use std::fmt;

use percent_encoding::percent_decode_str;

use super::cause::describe;
use super::explanation::Explanation;
use super::parameters::meaning;
use super::redact::{printable, redact, redact_parameter};
use super::token::is_token;
use super::token_change::TokenVerdict;
use crate::cloudinary::account::signature_algorithm::SignatureFormat;
use crate::cloudinary::path::encoding::PathEncoding;
use crate::cloudinary::token::Token;
use crate::cloudinary::transformation::{Parameter, Steps};
use crate::cloudinary::url::parse::DeliveryUrl;
use crate::cloudinary::url::verified::VerifiedUrl;

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = Rows(f);
        if let Ok(url) = &self.parts {
            rows.address(url)?;
            rows.transformation(url)?;
            rows.source(url)?;
            rows.query(url, &self.token_name, &self.token)?;
            match &self.verified {
                Some(verified) => rows.signed(verified)?,
                None if url.signature().is_some() => rows.not_signed(url)?,
                None => {}
            }
            if url.signature().is_some() {
                rows.keys(&self.keys, self.verified.as_ref())?;
            }
        }
        for note in &self.notes {
            rows.row("note", &note.to_string(), "")?;
        }
        for cause in &self.causes {
            rows.row("likely", &cause.to_string(), "")?;
        }
        let verdict = if self.is_verified() {
            "verified"
        } else {
            "not verified"
        };
        rows.row("verdict", verdict, "")
    }
}

const HASHED: &str = "hashed together with the API secret";

struct Rows<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl Rows<'_, '_> {
    /// Writes a row that contains no signature and no token.
    fn row(&mut self, part: &str, text: &str, meaning: &str) -> fmt::Result {
        let row = format!("{part:<16} {:<40} {}", printable(text), printable(meaning));
        writeln!(self.0, "{}", row.trim_end())
    }

    /// Writes a row with a text of the URL.
    fn redacted(&mut self, part: &str, text: &str, meaning: &str) -> fmt::Result {
        self.row(part, &redact(text), meaning)
    }

    fn address(&mut self, url: &DeliveryUrl<'_>) -> fmt::Result {
        let (scheme, meaning) = if url.is_secure() {
            ("https", "encrypted")
        } else {
            ("http", "not encrypted")
        };
        self.row("scheme", scheme, meaning)?;
        self.redacted("host", url.authority(), "not signed")?;
        match url.cloud_name() {
            Some(name) => self.redacted("account", name, "cloud name; not signed")?,
            None => self.row(
                "account",
                "-",
                "not in the path: the host belongs to the account",
            )?,
        }
        let types = format!("{}/{}", url.resource_type(), url.delivery_type());
        let meaning = if url.has_types() {
            "resource type and delivery type; not signed"
        } else {
            "implied by the path; not signed"
        };
        self.redacted("types", &types, meaning)?;
        match url.signature() {
            Some(signature) if signature.len() == 8 => {
                self.row("signature", "s--..--", "8 characters: SHA-1 or SHA-256")
            }
            Some(_) => self.row("signature", "s--..--", "32 characters: SHA-256"),
            None => self.row("signature", "-", "none"),
        }
    }

    fn transformation(&mut self, url: &DeliveryUrl<'_>) -> fmt::Result {
        for step in Steps::new(url.transformation()).filter(|step| !step.as_str().is_empty()) {
            let mut parameters = step.parameters();
            if let (Some(only), None) = (parameters.next(), parameters.next()) {
                self.redacted("step", step.as_str(), meaning_of(only))?;
                continue;
            }
            self.redacted("step", step.as_str(), "")?;
            let is_empty = |parameter: &Parameter<'_>| parameter.as_str().is_empty();
            for parameter in step.parameters().filter(|parameter| !is_empty(parameter)) {
                self.redacted("", &format!("  {parameter}"), meaning_of(parameter))?;
            }
        }
        Ok(())
    }

    fn source(&mut self, url: &DeliveryUrl<'_>) -> fmt::Result {
        match url.version() {
            Some(version) => self.row("version", version, "usually not signed")?,
            None => self.row("version", "-", "none")?,
        }
        if let Some(suffix) = url.suffix() {
            self.redacted("suffix", suffix, "for search engines; not signed")?;
        }
        let decoded = percent_decode_str(url.source()).decode_utf8_lossy();
        let parts = match url.suffix() {
            Some(_) => "public id, suffix and extension",
            None => "public id and extension",
        };
        let meaning = if decoded == url.source() {
            parts.to_owned()
        } else {
            format!("{parts}, percent-decoded: `{}`", redact(&decoded))
        };
        self.redacted("source", url.source(), &meaning)
    }

    fn query(&mut self, url: &DeliveryUrl<'_>, name: &str, verdict: &TokenVerdict) -> fmt::Result {
        let query = url.query().unwrap_or_default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            if !is_token(pair, name) {
                self.row("query", &redact_parameter(pair), "not signed")?;
                continue;
            }
            self.row("token", name, "grants access to anyone who has it")?;
            if let Ok(token) = Token::parse(pair) {
                self.claims(&token)?;
            }
            let reason = match verdict {
                TokenVerdict::Missing | TokenVerdict::Valid => "valid".to_owned(),
                TokenVerdict::NotVerified => {
                    "not verified: the configuration has no `auth_token[key]`".to_owned()
                }
                TokenVerdict::Invalid(problem) => problem.to_string(),
            };
            self.row("  verdict", &reason, "")?;
        }
        Ok(())
    }

    fn claims(&mut self, token: &Token<'_>) -> fmt::Result {
        let ip = token.ip().unwrap_or("any");
        self.redacted("  ip", ip, "address that may use the token")?;
        let start = token
            .start()
            .map_or("any".to_owned(), |start| start.to_string());
        self.row("  start", &start, "start of validity, in Unix seconds")?;
        let expiration = token.expiration().to_string();
        self.row("  expiry", &expiration, "end of validity, in Unix seconds")?;
        match token.acl() {
            Some(acl) => acl.patterns().try_for_each(|pattern| {
                self.redacted("  acl", pattern, "paths that the token authorizes")
            }),
            None => self.row("  acl", "none", "the token authorizes one URL"),
        }
    }

    fn signed(&mut self, verified: &VerifiedUrl<'_>) -> fmt::Result {
        let text = verified.signed_text();
        self.redacted("signed text", &String::from_utf8_lossy(&text), HASHED)
    }

    fn not_signed(&mut self, url: &DeliveryUrl<'_>) -> fmt::Result {
        let mut parts = vec![url.transformation(), url.source()];
        parts.retain(|part| !part.is_empty());
        self.redacted("signed text", &parts.join("/"), HASHED)
    }

    fn keys(&mut self, keys: &[bool], verified: Option<&VerifiedUrl<'_>>) -> fmt::Result {
        for (position, is_match) in keys.iter().enumerate() {
            let name = match position {
                0 => "the signing secret".to_owned(),
                _ => format!("retired secret {position}"),
            };
            let meaning = match verified.filter(|_| *is_match) {
                Some(verified) => matching(verified),
                None => "does not match".to_owned(),
            };
            self.row("key", &name, &meaning)?;
        }
        Ok(())
    }
}

fn matching(verified: &VerifiedUrl<'_>) -> String {
    let signature = verified.unsigned_parts().signature().unwrap_or_default();
    let is_long = signature.len() == SignatureFormat::LongSha256.characters();
    let format = SignatureFormat::new(verified.signature_algorithm(), is_long);
    let of = match verified.path_encoding() {
        PathEncoding::Encoded => "of the encoded path",
        PathEncoding::Decoded => "of the decoded path",
        PathEncoding::Raw | PathEncoding::DotNet => "of the path with the decoded public id",
    };
    format!("matches: {}, {of}", describe(format))
}

fn meaning_of(parameter: Parameter<'_>) -> &'static str {
    match parameter.name() {
        _ if !parameter.as_str().contains('_') => "not a parameter",
        name if name.starts_with('$') => "variable",
        name => meaning(name).unwrap_or("unknown parameter"),
    }
}
