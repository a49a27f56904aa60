//! Signed URLs that were changed in ways that an attacker would try.

#![allow(clippy::unwrap_used, reason = "tests")]

use url_signer::Secret;
use url_signer::cloudinary::{Asset, Cloud, DeliveryType, PathEncoding, Transformation};

fn cloud() -> Cloud {
    Cloud::new("demo", Secret::new("abcd").unwrap()).unwrap()
}

fn decoding() -> Cloud {
    cloud().with_path_encoding(PathEncoding::Decoded)
}

fn raw() -> Cloud {
    cloud().with_path_encoding(PathEncoding::Raw)
}

/// Signs the path, and checks that no respelling of the URL verifies.
fn none_verifies(cloud: &Cloud, steps: &str, public_id: &str, changes: &[(&str, &str)]) {
    let asset = Asset::new(public_id).unwrap();
    let transformation: Transformation = steps.parse().unwrap();
    let url = cloud.sign(&asset, &transformation).to_string();
    let verified = cloud.verify(&url).unwrap();
    assert!(verified.delivers(&asset, &transformation), "{url}");
    for (from, to) in changes {
        let other = url.replacen(from, to, 1);
        assert_ne!(other, url);
        assert!(cloud.verify(&other).is_err(), "{other}");
    }
}

#[test]
fn a_decoded_signature_verifies_one_path() {
    for cloud in [decoding(), raw()] {
        none_verifies(
            &cloud,
            "",
            "a\\..\\b",
            &[("%5C..%5C", "\\..\\"), ("%5C", "\\"), ("%5C", "%255C")],
        );
        none_verifies(&cloud, "", "é b", &[("%C3%A9", "é"), ("%20", "%2520")]);
        none_verifies(&cloud, "", "a,b c", &[("%2C", ","), ("a", "%61")]);
        none_verifies(&cloud, "", "f/x,y z/p", &[("%2C", ","), ("f/", "f%2F")]);
        none_verifies(
            &cloud,
            "e_gen_fill;prompt_a%20b,w_1",
            "x y",
            &[(",w_1", "%2Cw_1"), ("a%20b", "a%2520b"), ("_", "%5F")],
        );
    }
}

#[test]
fn a_raw_signature_verifies_one_path() {
    // The steps are not decoded, and the source is decoded once.
    none_verifies(
        &raw(),
        "l_text:Arial_18:Hello%252C%20world",
        "a b",
        &[
            ("%252C", "%2C"),
            ("%252C", ","),
            ("Hello%252C%20world", "Hello%25252C%2520world"),
            ("a%20b", "a%2520b"),
            ("a%20b", "a+b"),
            ("a%20b", "a%20b%20"),
            ("/a%20b", "%2Fa%20b"),
        ],
    );
    none_verifies(
        &raw(),
        "l_text:Arial_18:a%2Cw_9",
        "f/é",
        &[("%2C", ","), ("%2C", "%252C"), ("%C3%A9", "%25C3%25A9")],
    );
    // The text of a layer is not a part of the public id, and the reverse.
    none_verifies(
        &raw(),
        "l_text:Arial_18:a%252Fb",
        "c/é",
        &[("%252F", "/"), ("/v1/c/", "%252Fc/"), ("/v1/c/", "%2Fc/")],
    );
    none_verifies(
        &raw(),
        "",
        "100%/é",
        &[("100%25", "100%"), ("100%25", "100%2525")],
    );
}

#[test]
fn ambiguous_paths_are_signed_encoded() {
    for cloud in [
        decoding(),
        raw(),
        cloud().with_path_encoding(PathEncoding::DotNet),
    ] {
        for public_id in ["100%2541", "é%2520b", "a%2520b", "w_100,h_5/photo é"] {
            let asset = Asset::new(public_id).unwrap();
            signed_encoded(&cloud, &asset, "");
        }
        let remote = Asset::fetch("https://example.org/a%20b.jpg").unwrap();
        signed_encoded(&cloud, &remote, "");
    }
    let asset = Asset::new("é b").unwrap();
    for steps in ["e_a:100%", "e_a:100%/w_1", "e_a:%2"] {
        signed_encoded(&raw(), &asset, steps);
    }
}

fn signed_encoded(signer: &Cloud, asset: &Asset, steps: &str) {
    let steps: Transformation = steps.parse().unwrap();
    let url = signer.sign(asset, &steps).to_string();
    assert_eq!(url, cloud().sign(asset, &steps).to_string());
    let verified = signer.verify(&url).unwrap();
    assert_eq!(verified.path_encoding(), PathEncoding::Encoded);
    for (from, to) in [
        ("%2541", "A"),
        ("%2520", "%20"),
        ("%2C", ","),
        ("100%", "100%25"),
    ] {
        let changed = url.replacen(from, to, 1);
        assert!(changed == url || cloud().verify(&changed).is_err());
    }
}

/// The text that the SDKs for PHP and .NET sign for these paths is also the text of another
/// path. The signatures are those of the SDKs.
#[test]
fn ambiguous_texts_of_the_sdks_are_rejected() {
    for (signature, delivery_type, path) in [
        // PHP and Go, for the URL `https://example.org/a%20b.jpg`, which is also the text.
        ("H784hPMN", "fetch", "https://example.org/a%2520b.jpg"),
        // .NET, for the public id `testFolder/%20TestImage.jpg`: `testFolder/ TestImage.jpg`.
        (
            "8xAbqJri",
            "authenticated",
            "c_scale,h_200,w_300/v1/testFolder/%2520TestImage.jpg",
        ),
    ] {
        let types = format!("image/{delivery_type}");
        let url = format!("https://res.cloudinary.com/demo/{types}/s--{signature}--/{path}");
        assert!(cloud().verify(&url).is_err(), "{url}");
        // The other path.
        let url = url.replace("%25", "%");
        assert!(cloud().verify(&url).is_ok(), "{url}");
    }
}

#[test]
fn the_end_of_a_step_is_not_text_of_a_layer() {
    let asset = Asset::new("folder/photo").unwrap();
    let transformation = Transformation::verbatim("l_text:Arial_20:a,w_5").unwrap();
    for cloud in [cloud(), decoding(), raw()] {
        let url = cloud.sign(&asset, &transformation).to_string();
        assert!(cloud.verify(&url).is_ok());
        for (plain, escaped) in [
            (",w_5", "%252Cw_5"),
            ("/v1/folder/", "%252Ffolder/"),
            (",w_5/v1/folder/", ",w_5%252Ffolder/"),
        ] {
            let other = url.replace(plain, escaped);
            assert!(cloud.verify(&other).is_err(), "{other}");
        }
    }
    // The reverse: the text of a layer does not end a step.
    let escaped = |text: &str| {
        text.replace('/', "%252F")
            .replace(',', "%252C")
            .replace(' ', "%20")
    };
    let signed = |text: &str| {
        let steps = format!("l_text:Arial_20:{}", escaped(text));
        let steps = Transformation::verbatim(&steps).unwrap();
        let url = decoding().sign(&asset, steps).to_string();
        assert!(decoding().verify(&url).is_ok());
        url
    };
    for text in ["a/b c", "x,e_pixelate:99", "a/b, c", "Hi World, /bye"] {
        let url = signed(text);
        let other = url.replace("%252F", "/").replace("%252C", ",");
        assert!(decoding().verify(&other).is_err(), "{other}");
    }
    for text in ["a/b, c", "/,", "a/b,w_1", "w_1/b,c/d"] {
        let url = signed(text);
        for slash in ["/v1/", "/"] {
            let other = url.replacen("%252F", slash, 1);
            let other = other.replace("%252F", "/").replace("%252C", "%2C");
            assert!(decoding().verify(&other).is_err(), "{other}");
            let other = other.replacen("--/", "--/v1/", 1);
            assert!(decoding().verify(&other).is_err(), "{other}");
        }
    }
}

#[test]
fn a_fetched_url_contains_no_version() {
    let asset = Asset::fetch("https://example.org/a.jpg").unwrap();
    let url = cloud().sign(&asset, Transformation::new()).to_string();
    assert!(
        cloud()
            .verify(&url.replace("--/https", "--/v1/https"))
            .is_ok()
    );
    for (from, to) in [
        ("/a.jpg", "/v1/a.jpg"),
        ("//example", "//v1/example"),
        ("://", ":/v1//"),
    ] {
        assert!(cloud().verify(&url.replace(from, to)).is_err(), "{to}");
    }
}

#[test]
fn a_respelled_url_does_not_deliver_the_asset() {
    let none = Transformation::new();
    let secret = Asset::new("a_90/secret.jpg").unwrap();
    let url = cloud().sign(&secret, &none).to_string();
    assert!(cloud().verify(&url).unwrap().delivers(&secret, &none));
    for (from, to) in [("/v1/a_90/", "/a_90/"), ("/v1/a_90/", "/a_90/v1/")] {
        let changed = url.replace(from, to);
        // The signed text is unchanged, but now means `secret.jpg` rotated by 90 degrees.
        let verified = cloud().verify(&changed).unwrap();
        assert_eq!(verified.unsigned_parts().source(), "secret.jpg");
        assert!(!verified.delivers(&secret, &none));
    }
}

#[test]
fn a_signed_version_must_match_the_asset() {
    let none = Transformation::new();
    let photo = Asset::new("photo").unwrap();
    let twelfth = photo.clone().with_version(12);
    let cloud = cloud();
    let delivery = cloud.delivery(&twelfth, &none).with_signed_version(true);
    let url = delivery.sign().to_string();
    let verified = cloud.verify(&url).unwrap();
    assert_eq!(verified.signed_path(), "v12/photo");
    assert!(verified.delivers(&twelfth, &none));
    assert!(!verified.delivers(&photo, &none));
    assert!(!verified.delivers(&photo.clone().with_version(2), &none));
    assert!(!verified.delivers(&Asset::new("hoto").unwrap().with_version(12), &none));
    assert!(!verified.delivers(&Asset::new("to").unwrap(), &none));
    assert!(cloud.verify(&url.replace("v12", "v13")).is_err());
    // The automatic version is signed too.
    let folder = Asset::new("a_90/photo").unwrap();
    let delivery = cloud.delivery(&folder, &none).with_signed_version(true);
    let url = delivery.sign().to_string();
    assert!(cloud.verify(&url).unwrap().delivers(&folder, &none));
}

#[test]
fn an_invalid_suffix_does_not_verify() {
    let asset = Asset::new("doc").unwrap().with_extension("pdf").unwrap();
    let cloud = cloud();
    let url = cloud.delivery(&asset, Transformation::new());
    let url = url.with_suffix("nice").unwrap().sign().to_string();
    assert!(cloud.verify(&url.replace("nice", "Other-1")).is_ok());
    for suffix in ["x%2Fy", "%00", "x\\y", "\"><script>", "é", ""] {
        let changed = url.replace("nice", suffix);
        assert!(cloud.verify(&changed).is_err(), "{changed}");
    }
}

#[test]
fn urls_of_other_hosts_do_not_verify() {
    let asset = Asset::new("a")
        .unwrap()
        .with_delivery_type(DeliveryType::Private)
        .unwrap();
    let url = cloud().sign(&asset, Transformation::new()).to_string();
    for (from, to) in [
        ("res.cloudinary.com", "evil.example"),
        ("res.cloudinary.com", "evil.example\\.res.cloudinary.com"),
        ("res.cloudinary.com", "me@res.cloudinary.com"),
        ("res.cloudinary.com", "other-res.cloudinary.com"),
        ("/demo/", "/other/"),
        ("/demo/", "/demo/demo/"),
    ] {
        assert!(cloud().verify(&url.replace(from, to)).is_err(), "{to}");
    }
}
