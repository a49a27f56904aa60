//! Explanations of changed URLs.
//!
//! The signatures were created by Python's `hashlib`:
//!
//! ```sh
//! python3 -c 'import base64, hashlib, sys; print(base64.urlsafe_b64encode(
//!     hashlib.sha1((sys.argv[1] + "abcd").encode()).digest())[:8].decode())' TEXT
//! ```

#![cfg(feature = "explain")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use url_signer::Secret;
use url_signer::cloudinary::explain::{Cause, Change, ChangedUrl, Note, SignedForm};
use url_signer::cloudinary::{Cloud, PathEncoding, SignatureAlgorithm};

fn demo() -> Cloud {
    Cloud::new("demo", Secret::new("abcd").unwrap()).unwrap()
}

fn url(signature: &str, path: &str) -> String {
    format!("https://res.cloudinary.com/demo/image/upload/s--{signature}--/{path}")
}

fn changed(cloud: &Cloud, url: &str) -> ChangedUrl {
    let explanation = cloud.explain(url);
    assert!(cloud.verify(url).is_err(), "{url}");
    assert!(!explanation.is_verified(), "{url}");
    match explanation.likely_cause() {
        Some(Cause::Changed(changed)) => changed.clone(),
        _ => panic!("{url}\n{explanation}"),
    }
}

/// Explains URLs, given by the signature, the path, the beginning of the cause and the
/// signed text.
fn check(cases: &[(&str, &str, &str, &str)]) {
    for (signature, path, cause, signed) in cases {
        let changed = changed(&demo(), &url(signature, path));
        assert_eq!(changed.signed_text(), *signed);
        assert!(changed.to_string().starts_with(cause), "{path}: {changed}");
    }
}

#[test]
fn one_change_is_named() {
    check(&[
        (
            "Cig-tcNR",
            "folder/photo",
            "the extension was dropped: the signed text has the extension `jpg`",
            "folder/photo.jpg",
        ),
        (
            "fdT2AX8p",
            "photo",
            "the extension was dropped: the signed text has the extension `heic`",
            "photo.heic",
        ),
        (
            "z4C5FH8h",
            "v1.2/photo",
            "the extension was dropped: the signed text has the extension `png`",
            "v1.2/photo.png",
        ),
        (
            "EWkM_MT6",
            "photo.webp",
            "the signed text has the extension `jpg`",
            "photo.jpg",
        ),
        (
            "VRcgSnHS",
            "photo.webp",
            "the extension `webp` was added after signing",
            "photo",
        ),
        ("7PAoWh9e", "a%2520b", "percent-encoded twice", "a%20b"),
        (
            "7PAoWh9e",
            "a%252520b",
            "percent-encoded three times",
            "a%20b",
        ),
        (
            "CuYACiYO",
            "l_text:Arial_18:Hi%252C%20you/a%2520b",
            "percent-encoded twice",
            "l_text:Arial_18:Hi%252C%20you/a%20b",
        ),
        (
            "iNBV_51u",
            "c_fit%2Cw_300/photo",
            "the transformation was percent-encoded",
            "c_fit,w_300/photo",
        ),
        (
            "FvJ0CvNM",
            "l_text:Arial_18:a%20b%2Cw_9/photo",
            "the transformation was percent-encoded",
            "l_text:Arial_18:a%20b,w_9/photo",
        ),
        (
            "VRcgSnHS",
            "photo%3F_a%3DB",
            "a query was appended without a literal `?`",
            "photo",
        ),
        (
            "VRcgSnHS",
            "photo&_a=B",
            "a query was appended without a literal `?`",
            "photo",
        ),
        (
            "Z8rffgOr",
            "w_300/v7/photo",
            "the version was signed before the transformation",
            "v7/w_300/photo",
        ),
        (
            "U_Ou5KiX",
            "folder%2Fphoto",
            "a slash was percent-encoded",
            "folder/photo",
        ),
        (
            "7PAoWh9e",
            "%61%20b",
            "percent-encoded differently from the SDKs",
            "a%20b",
        ),
    ]);
}

#[test]
fn changes_next_to_the_version_are_named() {
    check(&[
        (
            "U_Ou5KiX",
            "v1%2Ffolder%2Fphoto",
            "a slash was percent-encoded",
            "folder/photo",
        ),
        (
            "U_Ou5KiX",
            "v1//folder/photo",
            "a slash was doubled",
            "folder/photo",
        ),
        (
            "U_Ou5KiX",
            "v1/folder/photo%20%0A",
            "white space was added at the end",
            "folder/photo",
        ),
        (
            "U_Ou5KiX",
            "V1/FOLDER/PHOTO",
            "converted to upper case",
            "folder/photo",
        ),
        (
            "u_ou5kix",
            "v1/folder/photo",
            "the signature was converted to lower or upper case",
            "folder/photo",
        ),
        (
            "U_OU5KIX",
            "V1/FOLDER/PHOTO",
            "converted to upper case, and the signature was converted to lower or upper case",
            "folder/photo",
        ),
    ]);
}

#[test]
fn characters_outside_ascii_are_compared() {
    check(&[
        (
            "vuvhU5Na",
            "Beyonc%CC%A7e%CC%81",
            "the characters were decomposed (Unicode NFD): the signed text is composed (NFC)",
            "Beyon%C3%A7%C3%A9",
        ),
        (
            "UAULtR-_",
            "Beyon%C3%A7%C3%A9",
            "the characters were composed (Unicode NFC): the signed text is decomposed (NFD)",
            "Beyonc%CC%A7e%CC%81",
        ),
        (
            "sD5KK18R",
            "l_text:Arial_18:cafe%CC%81%252C/photo",
            "the characters were decomposed (Unicode NFD): the signed text is composed (NFC)",
            "l_text:Arial_18:caf%C3%A9%252C/photo",
        ),
        (
            "Df8xLWmu",
            "caf%E9/%80",
            "the characters are encoded in Latin-1 instead of UTF-8",
            "caf%C3%A9/%E2%82%AC",
        ),
        (
            "434l6C7g",
            "caf%C3%A9",
            "the characters of the signed text are encoded in Latin-1 instead of UTF-8",
            "caf%E9",
        ),
        (
            "hC9YlQ1y",
            "caf%C3%83%C2%A9%C3%A2%E2%82%AC%E2%84%A2s",
            "UTF-8 text was read as Latin-1 and encoded again",
            "caf%C3%A9%E2%80%99s",
        ),
        ("dnDmCZSJ", "café", "not percent-encoded", "caf%C3%A9"),
        (
            "dnDmCZSJ",
            "cafe\u{301}",
            "not percent-encoded, and the characters were decomposed (Unicode NFD): the signed text is composed (NFC)",
            "caf%C3%A9",
        ),
    ]);
}

#[test]
fn the_signed_form_of_an_sdk_is_named() {
    check(&[
        (
            "hN3eTHLo",
            "l_text:Open%20Sans_40:Hello%20world/sample",
            "the font of a text layer was signed percent-decoded, as the SDK for Node does",
            "l_text:Open Sans_40:Hello%20world/sample",
        ),
        (
            "q4aLC5oQ",
            "%e6%97%a5%e6%9c%ac",
            "the public id was signed percent-decoded, as the SDKs for PHP, Go and .NET do",
            "日本",
        ),
        (
            "DTgMURBa",
            "l_text:Arial_18:a%20b/c%20d",
            "the transformation was percent-encoded after signing",
            "l_text:Arial_18:a b/c%20d",
        ),
        (
            "lPtvpwrD",
            "l_text:Open%20Sans_40:a%252Cb/c%20d",
            "a part of the path was percent-encoded after signing",
            "l_text:Open Sans_40:a%252Cb/c d",
        ),
        (
            "e5wUeO4V",
            "a%2520b",
            "percent-encoded twice, and the public id",
            "a b",
        ),
    ]);
    // The signature over `l_text:Arial_18:Hello%252C%20world/a b` of the SDK for PHP.
    let raw = url("JMPBIRHg", "l_text:Arial_18:Hello%252C%20world/%61%20b");
    let raw = changed(&demo(), &raw);
    assert_eq!(raw.form(), SignedForm::Path(PathEncoding::Raw));
    let node = url("hN3eTHLo", "l_text:Open%20Sans_40:Hello%20world/sample");
    let node = changed(&demo(), &node);
    assert_eq!(node.form(), SignedForm::DecodedFont);
    assert!(node.changes().is_empty());
}

#[test]
fn the_text_of_a_verified_url_is_shown() {
    for (signature, text, key) in [
        (
            "VIufmhQl",
            "l_text:Arial_18:Hello%252C%20world/a%20b",
            "SHA-1 and 8 characters, of the encoded path",
        ),
        (
            "vq3Hp2hL",
            "l_text:Arial_18:Hello, world/a b",
            "SHA-1 and 8 characters, of the decoded path",
        ),
        (
            "JMPBIRHg",
            "l_text:Arial_18:Hello%252C%20world/a b",
            "SHA-1 and 8 characters, of the path with the decoded public id",
        ),
    ] {
        for version in ["", "v1/"] {
            let path = format!("l_text:Arial_18:Hello%252C%20world/{version}a%20b");
            let url = url(signature, &path);
            let explanation = demo().explain(&url);
            assert!(explanation.is_verified(), "{explanation}");
            assert_eq!(explanation.keys(), [true]);
            let rows = explanation.to_string();
            assert!(rows.contains(&format!(" {text} ")), "{rows}");
            assert!(rows.contains(key), "{rows}");
        }
    }
}

#[test]
fn up_to_three_changes_are_combined() {
    check(&[
        ("OlcZq5O3", "e_sepia/folder/a%2520b", "", "folder/a%20b.jpg"),
        (
            "7uEakN71",
            "c_fit,w_9/e_sepia/folder/a%2520b.jpg",
            "",
            "folder/a%20b",
        ),
        (
            "asRjqr0I",
            "c_fit,w_9/e_sepia/f_auto/photo",
            "",
            "c_fit,w_9/photo.png",
        ),
        ("VRcgSnHS", "a_90/e_sepia/f_auto/photo.jpg", "", "photo"),
        (
            "8_ZcCP4C",
            "l_text:Open%20Sans_40:Hi/e_sepia/f_auto/photo.jpg",
            "",
            "l_text:Open Sans_40:Hi/photo",
        ),
        ("VVTc2bmv", "cafe%25CC%2581", "", "caf%C3%A9.jpg"),
    ]);
    let three = url("OlcZq5O3", "e_sepia/folder/a%2520b");
    assert_eq!(
        changed(&demo(), &three).changes(),
        [
            Change::EncodedTwice,
            Change::TransformationAdded,
            Change::ExtensionDropped("jpg".to_owned()),
        ],
    );
    let steps = url("asRjqr0I", "c_fit,w_9/e_sepia/f_auto/photo");
    let steps = changed(&demo(), &steps).to_string();
    for part in [
        "`e_sepia` was added",
        "`f_auto` was added",
        "the extension `png`",
    ] {
        assert!(steps.contains(part), "{steps}");
    }
}

#[test]
fn settings_of_the_account_are_compared() {
    // SHA-256 of `sampleabcd`, and SHA-1 of the same text.
    let sha256 = changed(&demo(), &url("J3bQPfNN", "sample"));
    assert_eq!(sha256.signature_algorithm(), SignatureAlgorithm::Sha256);
    assert!(!sha256.is_algorithm_accepted());
    let foreign = url("y-tjJGJv", "sample").replace("/demo/", "/other/");
    let foreign = changed(&demo(), &foreign);
    assert!(foreign.is_wrong_account() && foreign.changes().is_empty());
    let rotated = Cloud::new("demo", Secret::new("new").unwrap())
        .unwrap()
        .with_retired_key(Secret::new("abcd").unwrap());
    assert_eq!(changed(&rotated, &url("y-tjJGJv", "sample.jpg")).key(), 1);
    let explanation = url("y-tjJGJv", "sample");
    let explanation = rotated.explain(&explanation);
    assert!(explanation.is_verified());
    assert_eq!(explanation.keys(), [false, true]);
}

#[test]
fn a_url_without_a_signature_is_explained() {
    let cloud = demo();
    for (path, cause) in [
        ("image/upload/a", Cause::MissingSignature),
        ("image/upload/s--abc--/a", Cause::MalformedSignature),
        ("image/upload/s-abcdefgh--/a", Cause::MalformedSignature),
        ("image/upload/s--abcdefgh-/a", Cause::MalformedSignature),
        ("image/upload/-abcdefgh--/a", Cause::MalformedSignature),
        (
            "image/upload/s\u{2014}abcdefgh\u{2014}/a",
            Cause::MalformedSignature,
        ),
        (
            "image/upload/s%E2%80%93abcdefgh%E2%80%93/a",
            Cause::MalformedSignature,
        ),
        ("image/upload/s-photo/s-photo12", Cause::MissingSignature),
        (
            "image/upload/w_1/s--abcdefgh--/a",
            Cause::MisplacedSignature {
                resource_type: "image".parse().unwrap(),
                delivery_type: "upload".to_owned(),
            },
        ),
        ("image/upload/s--abcdefgh--/a", Cause::Unknown),
    ] {
        let url = format!("https://res.cloudinary.com/demo/{path}");
        assert_eq!(cloud.explain(&url).causes(), [cause], "{url}");
    }
    let explanation = cloud.explain("ftp://a/b");
    assert!(explanation.parts().is_none());
    assert!(matches!(explanation.causes(), [Cause::NotParsed(_)]));
    assert_eq!(
        explanation.to_string(),
        "likely           invalid delivery url: expected `https://` or `http://`\n\
         verdict          not verified\n"
    );
}

#[test]
fn notes_name_the_peculiarities_of_a_url() {
    let step = |step: &str, before: Option<&str>| Note::StepInPublicId {
        step: step.to_owned(),
        before: before.map(str::to_owned),
    };
    let twice = |encoded: &str, decoded: &str| Note::EncodedTwice {
        encoded: encoded.to_owned(),
        decoded: decoded.to_owned(),
    };
    for (path, notes) in [
        ("c_fit,w_300/v1/a/b_1.jpg", vec![]),
        ("a_90/w_1.jpg", vec![]),
        ("a%20b", vec![]),
        ("a%2520b", vec![twice("%2520", "%20")]),
        ("100%25%20a%2Fb%252F", vec![twice("%252F", "%2F")]),
        ("100%25", vec![twice("%25", "%")]),
        (
            "l_fetch:https://example.com/logo.png/c_scale,h_400,w_400/flowers",
            vec![step("c_scale,h_400,w_400", Some("logo.png"))],
        ),
        (
            "l_fetch:aHR0/cDov/c_scale,h_400,w_400/flowers",
            vec![step("c_scale,h_400,w_400", Some("cDov"))],
        ),
        ("v12/c_fit,w_300/a", vec![step("c_fit,w_300", None)]),
        (
            "a/c_fit,w_300/v12/b",
            vec![
                step("c_fit,w_300", Some("a")),
                Note::VersionInPublicId("v12".to_owned()),
            ],
        ),
        ("a/c_fit,w_300", vec![step("c_fit,w_300", Some("a"))]),
        ("caf%E9", vec![Note::NotUtf8]),
        (
            "Beyonc%CC%A7e%CC%81",
            vec![Note::Decomposed("Beyon%C3%A7%C3%A9".to_owned())],
        ),
        ("w_1,,h_2/a", vec![Note::EmptyParameter(4)]),
        ("w_1%2C,h_2/a", vec![Note::EmptyParameter(6)]),
        ("e_sepia/w_1,/a", vec![Note::EmptyParameter(12)]),
    ] {
        let url = format!("https://res.cloudinary.com/demo/image/upload/{path}");
        let explanation = demo().explain(&url).notes().to_vec();
        assert_eq!(explanation, notes, "{url}");
    }
    let fetched = "https://res.cloudinary.com/demo/image/fetch/https://a/b%2520c/w_1/v1/d";
    assert!(demo().explain(fetched).notes().is_empty());
}
