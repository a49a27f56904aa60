//! `explain`: the parts of a URL, the signed text and the key that signed it.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use percent_encoding::percent_decode_str;
use url_signer::cloudinary::{DeliveryUrl, PathEncoding, Token, VerifiedUrl};

use crate::account::Account;
use crate::diagnosis::signature_format;
use crate::parameters::meaning;
use crate::verdict::{Arguments, TokenVerdict, Verdict, is_token, token_name};

pub(crate) fn run(
    arguments: &Arguments,
    account: &Account,
    now: i64,
    output: &mut impl Write,
) -> Result<ExitCode> {
    let url = match DeliveryUrl::parse(&arguments.url) {
        Ok(url) => url,
        Err(error) => {
            writeln!(output, "{error}")?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let verdict = Verdict::of(account, &arguments.url, &url, arguments.ip, now);
    // A verified URL has the correct division into transformation and public id.
    let parsed = verdict
        .signed
        .as_ref()
        .map_or(&url, VerifiedUrl::unsigned_parts);
    let mut table = Table(output);
    table.address(parsed)?;
    table.query(&url, account, &verdict.token)?;
    match &verdict.signed {
        Some(verified) => table.signed(verified, account, &arguments.url)?,
        None if url.signature().is_some() => table.not_signed(&url, account)?,
        None => {}
    }
    for reason in &verdict.reasons {
        table.row("likely", reason, "")?;
    }
    let text = if verdict.is_authorized() {
        "verified"
    } else {
        "not verified"
    };
    table.row("verdict", text, "")?;
    Ok(ExitCode::SUCCESS)
}

struct Table<'a, W>(&'a mut W);

impl<W: Write> Table<'_, W> {
    /// Prints a row. Control characters are escaped, so that a URL cannot control
    /// the terminal.
    fn row(&mut self, part: &str, text: &str, meaning: &str) -> io::Result<()> {
        let printable = |text: &str| -> String {
            let escaped = text.chars().map(|char| match char {
                char if char.is_control() => char.escape_default().to_string(),
                char => char.to_string(),
            });
            escaped.collect()
        };
        let row = format!("{part:<16} {:<40} {}", printable(text), printable(meaning));
        writeln!(self.0, "{}", row.trim_end())
    }

    fn address(&mut self, url: &DeliveryUrl<'_>) -> io::Result<()> {
        let (scheme, meaning) = if url.is_secure() {
            ("https", "encrypted")
        } else {
            ("http", "not encrypted")
        };
        self.row("scheme", scheme, meaning)?;
        self.row("host", url.authority(), "not signed")?;
        match url.cloud_name() {
            Some(name) => self.row("account", name, "cloud name; not signed")?,
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
        self.row("types", &types, meaning)?;
        match url.signature() {
            Some(signature) if signature.len() == 8 => {
                self.row("signature", signature, "8 characters: SHA-1 or SHA-256")?;
            }
            Some(signature) => self.row("signature", signature, "32 characters: SHA-256")?,
            None => self.row("signature", "-", "none")?,
        }
        for step in url
            .transformation()
            .split('/')
            .filter(|step| !step.is_empty())
        {
            if !step.contains(',') {
                self.row("step", step, &meaning_of(step))?;
                continue;
            }
            self.row("step", step, "")?;
            for parameter in step.split(',').filter(|parameter| !parameter.is_empty()) {
                self.row("", &format!("  {parameter}"), &meaning_of(parameter))?;
            }
        }
        match url.version() {
            Some(version) => self.row("version", version, "usually not signed")?,
            None => self.row("version", "-", "none")?,
        }
        if let Some(suffix) = url.suffix() {
            self.row("suffix", suffix, "for search engines; not signed")?;
        }
        let decoded = percent_decode_str(url.source()).decode_utf8_lossy();
        let parts = match url.suffix() {
            Some(_) => "public id, suffix and extension",
            None => "public id and extension",
        };
        let meaning = if decoded == url.source() {
            parts.to_owned()
        } else {
            format!("{parts}, percent-decoded: `{decoded}`")
        };
        self.row("source", url.source(), &meaning)
    }

    fn query(
        &mut self,
        url: &DeliveryUrl<'_>,
        account: &Account,
        verdict: &TokenVerdict,
    ) -> io::Result<()> {
        let name = token_name(account);
        let query = url.query().unwrap_or_default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            if !is_token(pair, name) {
                self.row("query", pair, "not signed")?;
                continue;
            }
            self.row("token", name, "grants access to anyone who has it")?;
            if let Ok(token) = Token::parse(pair) {
                self.claims(&token)?;
            }
            let reason = match verdict {
                TokenVerdict::Missing | TokenVerdict::Valid => "valid",
                TokenVerdict::NotVerified => {
                    "not verified: the configuration has no `auth_token[key]`"
                }
                TokenVerdict::Invalid(reason) => reason,
            };
            self.row("  verdict", reason, "")?;
        }
        Ok(())
    }

    fn claims(&mut self, token: &Token<'_>) -> io::Result<()> {
        self.row(
            "  ip",
            token.ip().unwrap_or("any"),
            "address that may use the token",
        )?;
        let start = token
            .start()
            .map_or("any".to_owned(), |start| start.to_string());
        self.row("  start", &start, "start of validity, in Unix seconds")?;
        let expiration = token.expiration().to_string();
        self.row("  expiry", &expiration, "end of validity, in Unix seconds")?;
        match token.acl() {
            Some(acl) => acl.patterns().try_for_each(|pattern| {
                self.row("  acl", pattern, "paths that the token authorizes")
            }),
            None => self.row("  acl", "none", "the token authorizes one URL"),
        }
    }

    fn signed(
        &mut self,
        verified: &VerifiedUrl<'_>,
        account: &Account,
        text: &str,
    ) -> io::Result<()> {
        let signed = verified.signed_path();
        match verified.path_encoding() {
            PathEncoding::Encoded => self.row("signed text", &signed, HASHED)?,
            _ => self.row("signed text", &fully_decoded(&signed), HASHED)?,
        }
        let format = signature_format(verified);
        let of = match verified.path_encoding() {
            PathEncoding::Encoded => "of the encoded path",
            _ => "of the decoded path",
        };
        for (name, cloud) in &account.keys {
            if cloud.verify(text).is_ok() {
                self.row("key", name, &format!("matches: {format}, {of}"))?;
            } else {
                self.row("key", name, "does not match")?;
            }
        }
        let mut folders = signed.rsplit('/').skip(1);
        if folders.any(is_version) {
            self.row(
                "note",
                "the signed text contains `v` and a number: a folder, or a version that the Ruby SDK signed",
                "",
            )?;
        }
        Ok(())
    }

    fn not_signed(&mut self, url: &DeliveryUrl<'_>, account: &Account) -> io::Result<()> {
        let mut parts = vec![url.transformation(), url.source()];
        parts.retain(|part| !part.is_empty());
        self.row("signed text", &parts.join("/"), HASHED)?;
        account
            .keys
            .iter()
            .try_for_each(|(name, _)| self.row("key", name, "does not match"))
    }
}

const HASHED: &str = "hashed together with the API secret";

fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn meaning_of(parameter: &str) -> String {
    match parameter.split_once('_') {
        Some((name, _)) if name.starts_with('$') => "variable".to_owned(),
        Some((name, _)) => meaning(name).unwrap_or("unknown parameter").to_owned(),
        None => "not a parameter".to_owned(),
    }
}

fn fully_decoded(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..10 {
        text = percent_decode_str(&text).decode_utf8_lossy().into_owned();
    }
    text
}
