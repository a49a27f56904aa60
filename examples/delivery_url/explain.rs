//! `explain`: each part of a URL, what is signed of it, and by which key.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use percent_encoding::percent_decode_str;
use url_signer::cloudinary::{DeliveryUrl, PathEncoding, SignatureAlgorithm, Token, VerifiedUrl};

use crate::account::Account;
use crate::parameters::meaning;
use crate::verdict::{Asked, TokenVerdict, Verdict, is_token, token_name};

pub(crate) fn run(
    asked: &Asked,
    account: &Account,
    now: i64,
    output: &mut impl Write,
) -> Result<ExitCode> {
    let url = match DeliveryUrl::parse(&asked.url) {
        Ok(url) => url,
        Err(error) => {
            writeln!(output, "{error}")?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let verdict = Verdict::of(account, &asked.url, &url, asked.ip, now);
    // What was verified says best how the URL is to be read.
    let read = verdict.signed.as_ref().map_or(&url, VerifiedUrl::url);
    let mut table = Table(output);
    table.address(read)?;
    table.query(&url, account, &verdict.token)?;
    match &verdict.signed {
        Some(verified) => table.signed(verified, account, &asked.url)?,
        None if url.signature().is_some() => table.not_signed(&url, account)?,
        None => {}
    }
    for reason in &verdict.reasons {
        table.row("likely", reason, "")?;
    }
    let says = if verdict.lets_in() {
        "verified"
    } else {
        "not verified"
    };
    table.row("verdict", says, "")?;
    Ok(ExitCode::SUCCESS)
}

struct Table<'a, W>(&'a mut W);

impl<W: Write> Table<'_, W> {
    /// What could change a terminal is shown escaped.
    fn row(&mut self, part: &str, text: &str, meaning: &str) -> io::Result<()> {
        let shown = |text: &str| -> String {
            let escaped = text.chars().map(|char| match char {
                char if char.is_control() => char.escape_default().to_string(),
                char => char.to_string(),
            });
            escaped.collect()
        };
        let row = format!("{part:<16} {:<40} {}", shown(text), shown(meaning));
        writeln!(self.0, "{}", row.trim_end())
    }

    fn address(&mut self, url: &DeliveryUrl<'_>) -> io::Result<()> {
        let (scheme, meaning) = if url.is_secure() {
            ("https", "encrypted on its way")
        } else {
            ("http", "not encrypted on its way")
        };
        self.row("scheme", scheme, meaning)?;
        self.row("host", url.host(), "not signed")?;
        match url.cloud_name() {
            Some(name) => self.row("account", name, "name of the account; not signed")?,
            None => self.row(
                "account",
                "-",
                "not in the path: the host is the account's own",
            )?,
        }
        let types = format!("{}/{}", url.resource_type(), url.delivery_type());
        let meaning = if url.has_types() {
            "kind of file, and who may fetch it; not signed"
        } else {
            "not in the path, which means these; not signed"
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
            Some(version) => self.row("version", version, "not signed, as a rule")?,
            None => self.row("version", "-", "none")?,
        }
        if let Some(suffix) = url.suffix() {
            self.row("suffix", suffix, "for readers; not signed")?;
        }
        let decoded = percent_decode_str(url.source()).decode_utf8_lossy();
        let parts = match url.suffix() {
            Some(_) => "public id, suffix and extension",
            None => "public id and extension",
        };
        let meaning = if decoded == url.source() {
            parts.to_owned()
        } else {
            format!("{parts}, escaped: `{decoded}`")
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
            self.row("token", name, "lets in who has it")?;
            if let Ok(token) = Token::parse(pair) {
                self.claims(&token)?;
            }
            let reason = match verdict {
                TokenVerdict::Missing | TokenVerdict::Right => "right, and valid now",
                TokenVerdict::NotTried => "not tried: the configuration has no `auth_token[key]`",
                TokenVerdict::Wrong(reason) => reason,
            };
            self.row("  verdict", reason, "")?;
        }
        Ok(())
    }

    fn claims(&mut self, token: &Token<'_>) -> io::Result<()> {
        self.row(
            "  ip",
            token.ip().unwrap_or("any"),
            "address that it is for",
        )?;
        let start = token
            .start()
            .map_or("any".to_owned(), |start| start.to_string());
        self.row("  start", &start, "Unix seconds from which it is valid")?;
        let expiration = token.expiration().to_string();
        self.row(
            "  expiry",
            &expiration,
            "Unix seconds from which it is valid no more",
        )?;
        match token.acl() {
            Some(acl) => acl
                .patterns()
                .try_for_each(|pattern| self.row("  acl", pattern, "paths that it is for")),
            None => self.row("  acl", "none", "it is for one path"),
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
            PathEncoding::Decoded => self.row("signed text", &fully_decoded(&signed), HASHED)?,
        }
        let form = match verified.signature_algorithm() {
            SignatureAlgorithm::Sha1 => "SHA-1, 8 characters",
            SignatureAlgorithm::Sha256 => "SHA-256, 8 characters",
            SignatureAlgorithm::Sha256Long => "SHA-256, 32 characters",
        };
        let of = match verified.path_encoding() {
            PathEncoding::Encoded => "of the escaped path",
            PathEncoding::Decoded => "of the decoded path",
        };
        for (name, cloud) in &account.keys {
            if cloud.verify(text).is_ok() {
                self.row("key", name, &format!("matches: {form}, {of}"))?;
            } else {
                self.row("key", name, "does not match")?;
            }
        }
        let mut folders = signed.rsplit('/').skip(1);
        if folders.any(is_version) {
            self.row(
                "note",
                "what looks like a version is signed: it is a folder, or signed as only the SDK for Ruby does",
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

const HASHED: &str = "is hashed, and the secret after it";

fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn meaning_of(parameter: &str) -> String {
    match parameter.split_once('_') {
        Some((name, _)) if name.starts_with('$') => "variable".to_owned(),
        Some((name, _)) => meaning(name).unwrap_or("not known here").to_owned(),
        None => "no name and value".to_owned(),
    }
}

fn fully_decoded(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..10 {
        text = percent_decode_str(&text).decode_utf8_lossy().into_owned();
    }
    text
}
