//! `explain`: each part of a URL, what is signed of it, and by which key.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use percent_encoding::percent_decode_str;
use url_signer::cloudinary::{
    DeliveryUrl, SignatureForm, SignedText, Token, TokenError, TokenRequest, VerifiedUrl,
};

use crate::account::Account;
use crate::diagnosis::diagnose;
use crate::parameters::meaning;
use crate::verify::token_of;

#[derive(Args)]
pub(crate) struct Arguments {
    url: String,
}

impl Arguments {
    pub(crate) fn run(
        &self,
        account: &Account,
        now: i64,
        output: &mut impl Write,
    ) -> Result<ExitCode> {
        let url = match DeliveryUrl::parse(&self.url) {
            Ok(url) => url,
            Err(error) => {
                writeln!(output, "{error}")?;
                return Ok(ExitCode::FAILURE);
            }
        };
        let verified = account.cloud.verify(&self.url).ok();
        // What was verified says best how the URL is to be read.
        let mut table = Table(output);
        table.address(verified.as_ref().map_or(&url, VerifiedUrl::url))?;
        table.query(&url, account, now)?;
        match verified {
            Some(verified) => table.verified(&verified, account, &self.url)?,
            None => table.not_verified(&url, account, &self.url)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

struct Table<'a, W>(&'a mut W);

impl<W: Write> Table<'_, W> {
    fn row(&mut self, part: &str, text: &str, meaning: &str) -> io::Result<()> {
        writeln!(self.0, "{part:<16} {text:<40} {meaning}")
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
        let meaning = if decoded == url.source() {
            "public id and extension".to_owned()
        } else {
            format!("public id and extension, escaped: `{decoded}`")
        };
        self.row("source", url.source(), &meaning)
    }

    fn query(&mut self, url: &DeliveryUrl<'_>, account: &Account, now: i64) -> io::Result<()> {
        for pair in url
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty())
        {
            let Ok(token) = Token::parse(pair) else {
                self.row("query", pair, "not signed")?;
                continue;
            };
            self.row("token", token.name(), "lets in who has it")?;
            self.row("  ip", token.ip().unwrap_or("-"), "only from there")?;
            let start = token
                .start()
                .map_or("-".to_owned(), |start| start.to_string());
            self.row("  start", &start, "not before, in Unix seconds")?;
            let expires = token.expires().to_string();
            self.row("  expiry", &expires, "not from then on, in Unix seconds")?;
            match token.acl() {
                Some(acl) => {
                    for pattern in acl.patterns() {
                        self.row("  acl", pattern, "paths that it is for")?;
                    }
                }
                None => self.row("  acl", "-", "it is for this path alone")?,
            }
            let reason = match token_of(pair, account.cloud.token_defaults()) {
                None => {
                    "not tried: the configuration has no key for tokens of this name".to_owned()
                }
                Some((text, tokens)) => {
                    let ip = token.ip().and_then(|ip| ip.parse().ok());
                    let path = url.path();
                    match tokens
                        .signer()
                        .verify(text, &TokenRequest { path, ip, now })
                    {
                        Ok(_) => "right, and valid now".to_owned(),
                        Err(TokenError::Signature) => {
                            "wrong: another key, path or text than was signed".to_owned()
                        }
                        Err(error) => format!("right, but {error}"),
                    }
                }
            };
            self.row("  hmac", "", &reason)?;
        }
        Ok(())
    }

    fn verified(
        &mut self,
        verified: &VerifiedUrl<'_>,
        account: &Account,
        text: &str,
    ) -> io::Result<()> {
        let signed = verified.signed();
        match verified.signed_text() {
            SignedText::Escaped => self.row("signed text", &signed, "before the secret")?,
            SignedText::Decoded => {
                self.row(
                    "signed text",
                    &fully_decoded(&signed),
                    "before the secret; decoded",
                )?;
            }
        }
        let form = match verified.signature_form() {
            SignatureForm::Sha1 => "SHA-1, 8 characters",
            SignatureForm::Sha256 => "SHA-256, 8 characters",
            SignatureForm::Sha256Long => "SHA-256, 32 characters",
        };
        for (name, cloud) in &account.keys {
            let matches = if cloud.verify(text).is_ok() {
                form
            } else {
                "no"
            };
            self.row("matches", name, matches)?;
        }
        let has_version = signed.split('/').rev().skip(1).any(|segment| {
            segment.strip_prefix('v').is_some_and(|digits| {
                !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
            })
        });
        if has_version {
            self.row(
                "note",
                "",
                "what looks like a version is signed: it is a folder, or signed as only the SDK for Ruby does",
            )?;
        }
        self.row("verdict", "verified", "")
    }

    fn not_verified(
        &mut self,
        url: &DeliveryUrl<'_>,
        account: &Account,
        text: &str,
    ) -> io::Result<()> {
        if url.signature().is_some() {
            let mut parts = vec![url.transformation(), url.source()];
            parts.retain(|part| !part.is_empty());
            let signed = parts.join("/");
            self.row(
                "signed text",
                &signed,
                "before the secret, if it is as it looks",
            )?;
            for (name, _) in &account.keys {
                self.row("matches", name, "no")?;
            }
        }
        let likely = diagnose(account, text);
        if likely.is_empty() {
            self.row(
                "likely",
                "",
                "signed by another secret, or changed in a way that was not tried",
            )?;
        }
        for likely in likely {
            self.row("likely", "", &likely)?;
        }
        self.row("verdict", "not verified", "")
    }
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
