//! The texts of all error types of the libraries: a printed chain contains each
//! message once.

#![allow(clippy::unreachable, clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::io;
use std::path::Path;

use image_model::{Crop, Image, Infos};
use regex::Regex;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::json;
use sync_payload::request::{RequestLimits, SyncRequest};
use sync_payload::{StoredImage, UrlPrefix, WireStyle, parse_original_url, to_vec, to_writer};
use url_signer::cloudinary::sdk::Sdk;
use url_signer::cloudinary::{
    Acl, Asset, Cloud, TokenClaims, TokenContext, TokenSigner, Transformation,
};
use url_signer::{Authority, Secret, SignatureLength, ThumbnailRequest, ThumbnailSigner};

type BoxError = Box<dyn Error>;

/// An error, boxed.
fn error<T, E: Into<BoxError>>(result: Result<T, E>) -> BoxError {
    match result {
        Ok(_) => unreachable!("the input is invalid"),
        Err(error) => error.into(),
    }
}

fn cloud(options: &str) -> BoxError {
    error(format!("cloudinary://key:secret@demo{options}").parse::<Cloud>())
}

fn sdk(options: &serde_json::Value) -> BoxError {
    let sdk: Sdk = "cloudinary://key:secret@demo".parse().unwrap();
    error(sdk.url("photo", options.as_object().unwrap()))
}

struct FailingUrl;

impl Serialize for FailingUrl {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("no URL"))
    }
}

struct FailingWriter;

impl io::Write for FailingWriter {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::other("disk full"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// At least one error of each type, with a source if the type can have one.
fn errors() -> Vec<(&'static str, BoxError)> {
    let recorded = include_str!("../../crates/image-model/tests/data/response_body.wire.json");
    let image: Image = image_model::from_str(recorded).unwrap().remove(0);
    let secret = || Secret::new("secret").unwrap();
    let private = Asset::private("photo").unwrap();
    let demo = Cloud::new("demo", secret()).unwrap();
    let infos = json!({ "bytes": true }).as_object().unwrap().clone();
    let authorization = [b"Basic dXNlcg==".as_slice()];
    let request = SyncRequest::parse(None, authorization, &RequestLimits::default());
    let fetched = "https://res.cloudinary.com/demo/image/fetch/v007/https://example.org/a.jpg";
    vec![
        (
            "DecodeError",
            error(image_model::from_str::<String>(r#"[{"id":5}]"#)),
        ),
        ("DecodeError", error(Infos::try_from(infos))),
        ("ValueError", error(Crop::new(0.0, 0.0, 0.0, 1.0))),
        ("AuthorityError", error(Authority::new("exa mple.org"))),
        ("SecretError", error(Secret::from_hex("0x"))),
        ("SignatureLengthError", error(SignatureLength::new(6))),
        ("ParseError", error(ThumbnailRequest::parse("/photo.jpg"))),
        (
            "VerifyError",
            error(ThumbnailSigner::new(secret()).verify("/photo.jpg")),
        ),
        ("MissingApiKey", error(demo.api())),
        ("WebhookError", error(demo.verify_webhook("0", "", b"", 0))),
        ("AssetError", error(Asset::new("a/../b"))),
        (
            "DeliveryError",
            error(
                demo.delivery(&private, Transformation::NONE)
                    .with_root_path(),
            ),
        ),
        ("CloudError", cloud("/a/b")),
        ("CloudError", cloud("?cname=a/b")),
        ("CloudError", cloud("?auth_token[key]=xx")),
        ("CloudError", cloud("?auth_token[key]=00&auth_token[ip]=x")),
        (
            "CloudError",
            cloud("?secure=false&cdn_subdomain=true&cname=127.0.0.1"),
        ),
        ("TokenClaimsError", error(Acl::new("!"))),
        (
            "TokenClaimsError",
            error(TokenClaims::expires_in(1, i64::MAX)),
        ),
        (
            "TokenError",
            error(TokenSigner::new(secret()).verify("x", "/", &TokenContext::new(0))),
        ),
        (
            "TransformationError",
            error(Transformation::verbatim("w_1/../x")),
        ),
        (
            "TransformationError",
            error(Transformation::verbatim("w_1,,h_2")),
        ),
        ("SdkError", sdk(&json!({ "width": "1,h_2" }))),
        ("SdkError", sdk(&json!({ "overlay": "sub/icon" }))),
        ("SdkError", sdk(&json!({ "format": "a/b" }))),
        ("SdkError", sdk(&json!({ "cname": "a/b" }))),
        ("SdkError", sdk(&json!({ "raw_transformation": "w\t1" }))),
        (
            "SdkError",
            sdk(&json!({ "type": "private", "use_root_path": true })),
        ),
        ("RequestError", error(request)),
        ("UrlPrefixError", error(UrlPrefix::new("a b"))),
        ("WireStyleError", error("xml".parse::<WireStyle>())),
        ("OriginalUrlError", error(parse_original_url("photo"))),
        ("OriginalUrlError", error(parse_original_url(fetched))),
        (
            "EncodeError",
            error(to_vec(
                [image.clone().map_urls(|_| FailingUrl)],
                WireStyle::Rails,
            )),
        ),
        ("StoredImageError", error(StoredImage::parse("{}"))),
        (
            "EncodeError",
            error(to_writer(FailingWriter, [image], WireStyle::Rails)),
        ),
    ]
}

/// The names of all public types in the libraries that derive `Error`, except
/// warnings, which are not returned as errors.
fn error_types(folder: &Path) -> BTreeSet<String> {
    let declaration = Regex::new(
        r"(?m)^#\[derive\([^)]*\bError\b[^)]*\)\]\n(?:#\[.*\]\n)*pub (?:enum|struct) (\w+)",
    )
    .unwrap();
    let mut types = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            types.extend(error_types(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            let names = declaration
                .captures_iter(&source)
                .map(|captures| captures[1].to_owned());
            types.extend(names.filter(|name| !name.ends_with("Warning")));
        }
    }
    types
}

#[test]
fn every_error_type_is_tested() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let declared = ["image-model", "url-signer", "sync-payload"]
        .iter()
        .flat_map(|library| error_types(&crates.join(library).join("src")))
        .collect::<BTreeSet<_>>();
    let tested = errors()
        .into_iter()
        .map(|(name, _)| name.to_owned())
        .collect::<BTreeSet<_>>();
    assert_eq!(tested, declared);
}

#[test]
fn no_message_contains_its_source() {
    let mut with_source = BTreeSet::new();
    for (name, error) in errors() {
        let mut error: &dyn Error = &*error;
        while let Some(source) = error.source() {
            let (text, cause) = (error.to_string(), source.to_string());
            assert!(!text.contains(&cause), "{name}: {text} contains {cause}");
            with_source.insert(name);
            error = source;
        }
    }
    let expected = [
        "CloudError",
        "DecodeError",
        "EncodeError",
        "OriginalUrlError",
        "SdkError",
        "StoredImageError",
    ];
    assert_eq!(with_source, BTreeSet::from(expected));
}
