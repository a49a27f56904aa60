//! Invalid input and its error texts.

#![allow(clippy::unwrap_used, reason = "tests")]

use url_signer::cloudinary::{
    Asset, AssetError, Cloud, DeliveryType, DeliveryUrl, ResourceType, Transformation,
};
use url_signer::{
    Authority, ProxyRequest, ProxySigner, Secret, SignatureLength, ThumbnailName, ThumbnailRequest,
    ThumbnailSigner,
};
use uuid::Uuid;

const ID: &str = "14364f29-c30d-4bbb-992c-19e6031244f7";

#[test]
fn invalid_delivery_urls_are_rejected() {
    for (url, text) in [
        ("", "expected `https://` or `http://`"),
        (
            "ftp://res.cloudinary.com/demo/image/upload/a",
            "expected `https://` or `http://`",
        ),
        (
            "https://res.cloudinary.com",
            "expected a host and a path after the scheme",
        ),
        (
            "https:///demo/image/upload/a",
            "expected a host and a path after the scheme",
        ),
        ("https://res.cloudinary.com/", "missing public id"),
        ("https://res.cloudinary.com/demo", "missing public id"),
        ("https://img.example.org/", "missing public id"),
        (
            "https://res.cloudinary.com/demo/image/upload",
            "missing public id",
        ),
        (
            "https://res.cloudinary.com/demo/image/upload/a/",
            "unexpected `/` at the end",
        ),
        (
            "https://res.cloudinary.com/demo/image/upload/a/../b",
            "unexpected dot segment (`.` or `..`)",
        ),
        (
            "https://res.cloudinary.com/demo/image/upload/a#x",
            "unexpected fragment",
        ),
        (
            "https://evil.example\\.res.cloudinary.com/demo/image/upload/a",
            "unexpected white space, control character or `\\`",
        ),
        (
            "https://me:pw@res.cloudinary.com/demo/image/upload/a",
            "expected a host and a path after the scheme",
        ),
        (
            "https://res.cloudinary.com/demo/image/upload/a b",
            "unexpected white space, control character or `\\`",
        ),
    ] {
        let error = DeliveryUrl::parse(url).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("invalid delivery url: {text}"),
            "{url}"
        );
    }
}

#[test]
fn a_query_and_a_cloud_named_image_are_parsed() {
    for (text, cloud_name, source, query) in [
        ("https://h/image/upload/a?_a=B", None, "a", Some("_a=B")),
        ("https://h/image/image/upload/a", Some("image"), "a", None),
        (
            "https://h/image/upload/image/upload/a",
            None,
            "image/upload/a",
            None,
        ),
        (
            "http://h/c/raw/private/w_1/a_b?",
            Some("c"),
            "a_b",
            Some(""),
        ),
    ] {
        let url = DeliveryUrl::parse(text).unwrap();
        assert_eq!(url.cloud_name(), cloud_name, "{text}");
        assert_eq!(url.source(), source, "{text}");
        assert_eq!(url.query(), query, "{text}");
        assert_eq!(url.to_string(), text);
    }
}

#[test]
fn types_and_cloud_names_are_parsed() {
    for (text, cloud_name, types, source) in [
        (
            "https://res.cloudinary.com/c/image/fax/a?_a=B",
            Some("c"),
            Some(("image", "fax")),
            "a",
        ),
        (
            "https://res.cloudinary.com/c/video/youtube/v1/b/a",
            Some("c"),
            Some(("video", "youtube")),
            "b/a",
        ),
        ("https://res-3.cloudinary.com/c/a", Some("c"), None, "a"),
        ("https://res-6.cloudinary.com/c/a", None, None, "c/a"),
        ("https://c-res.cloudinary.com/b/a", None, None, "b/a"),
        ("https://h/iu/a", None, Some(("image", "upload")), "a"),
        (
            "https://h/c/iu/a",
            Some("c"),
            Some(("image", "upload")),
            "a",
        ),
        (
            "https://h/private_images/b/a.jpg",
            None,
            Some(("image", "private")),
            "b/a.jpg",
        ),
        (
            "https://h/c/files/v1/b/a.jpg",
            Some("c"),
            Some(("raw", "upload")),
            "b/a.jpg",
        ),
        ("https://h/c/s--abcdefgh--/a", Some("c"), None, "a"),
        ("https://h/s--abcdefgh--/a", None, None, "a"),
        (
            "https://h/v1/s--abcdefgh--/a",
            None,
            None,
            "s--abcdefgh--/a",
        ),
        // Types that Cloudinary does not deliver.
        ("https://h/image/a.jpg", None, None, "image/a.jpg"),
        ("https://h/image/v1/a.jpg", None, None, "image/v1/a.jpg"),
        ("https://h/image/w_1/a.jpg", None, None, "image/w_1/a.jpg"),
        ("https://h/image/Fax/a.jpg", None, None, "image/Fax/a.jpg"),
        ("https://h/a.jpg", None, None, "a.jpg"),
    ] {
        let url = DeliveryUrl::parse(text).unwrap();
        assert_eq!(url.cloud_name(), cloud_name, "{text}");
        assert_eq!(url.has_types(), types.is_some(), "{text}");
        assert_eq!(
            (url.resource_type().as_str(), url.delivery_type()),
            types.unwrap_or(("image", "upload")),
            "{text}"
        );
        assert_eq!(url.source(), source, "{text}");
        assert_eq!(url.to_string(), text);
    }
    // A signature has 8 or 32 characters.
    for signature in ["", "abc", "abcdefg!", "abcdefghi"] {
        let text = format!("https://res.cloudinary.com/c/image/upload/s--{signature}--/a");
        let url = DeliveryUrl::parse(&text).unwrap();
        assert_eq!(url.signature(), None);
        assert_eq!(url.source(), format!("s--{signature}--/a"));
    }
    // A signature may start or end with hyphens.
    for signature in ["--abcd--", "-SjmNDAA", "H1Hr2-2-"] {
        let text = format!("https://res.cloudinary.com/c/image/upload/s--{signature}--/a");
        assert_eq!(
            DeliveryUrl::parse(&text).unwrap().signature(),
            Some(signature)
        );
    }
}

#[test]
fn a_known_account_or_asset_decides_the_parts() {
    let url = DeliveryUrl::parse("https://img.example.org/demo/images/b/c.jpg").unwrap();
    assert_eq!(url.cloud_name(), Some("demo"));
    assert_eq!(url.suffix(), Some("c"));
    let other = url.with_cloud_name("other").unwrap();
    assert_eq!(other.cloud_name(), None);
    assert!(!other.has_types());
    assert_eq!(other.source(), "demo/images/b/c.jpg");
    assert_eq!(other.suffix(), None);
    let again = other.with_cloud_name("demo").unwrap();
    assert_eq!(again, url);
    let rest = url.with_cloud_name("demo").unwrap();
    assert_eq!(rest.source(), "b/c.jpg");
    let bare = DeliveryUrl::parse("https://img.example.org/demo").unwrap();
    assert_eq!((bare.cloud_name(), bare.source()), (None, "demo"));

    // A segment like a signature is a folder if the asset has that folder.
    let text = "https://res.cloudinary.com/demo/image/upload/s--abcdefgh--/a";
    let url = DeliveryUrl::parse(text).unwrap();
    assert_eq!(url.signature(), Some("abcdefgh"));
    let asset = Asset::new("s--abcdefgh--/a").unwrap();
    let known = url.interpret_as(&asset).unwrap();
    assert_eq!(known.signature(), None);
    assert_eq!(known.source(), "s--abcdefgh--/a");

    // Both types must equal those of the asset.
    let photo = Asset::new("a").unwrap();
    assert!(url.interpret_as(&photo).is_some());
    assert!(
        url.interpret_as(&photo.clone().with_resource_type(ResourceType::Raw))
            .is_none()
    );
    let private = photo
        .clone()
        .with_delivery_type(DeliveryType::Private)
        .unwrap();
    assert!(url.interpret_as(&private).is_none());
    assert!(url.interpret_as(&Asset::new("b").unwrap()).is_none());
    assert!(
        url.interpret_as(&Asset::new("abcdefgh--/a").unwrap())
            .is_none()
    );
}

#[test]
fn a_fetched_url_starts_at_its_scheme() {
    for (path, transformation, version, source) in [
        ("http://a/b.jpg", "", None, "http://a/b.jpg"),
        ("f_jpg/https://a/", "f_jpg", None, "https://a/"),
        (
            "new_1/v7/https://a/v8/b",
            "new_1",
            Some("7"),
            "https://a/v8/b",
        ),
        ("v7/w_1/https://a", "v7/w_1", None, "https://a"),
        ("w_1/plain", "w_1", None, "plain"),
    ] {
        let text = format!("https://res.cloudinary.com/c/image/fetch/{path}");
        let url = DeliveryUrl::parse(&text).unwrap();
        let parts = (url.transformation(), url.version(), url.source());
        assert_eq!(parts, (transformation, version, source));
        let asset = url.to_asset();
        if source == "plain" {
            assert!(asset.is_err());
        } else {
            assert_eq!(asset.unwrap().source(), source);
        }
    }
}

#[test]
fn steps_are_recognized_by_their_parameters() {
    for (path, transformation, version, source) in [
        ("my_folder/photo.jpg", "", None, "my_folder/photo.jpg"),
        ("a_/photo.jpg", "", None, "a_/photo.jpg"),
        ("a_90/photo.jpg", "a_90", None, "photo.jpg"),
        ("a_90/w_1", "a_90", None, "w_1"),
        ("a_90,my_1/photo.jpg", "", None, "a_90,my_1/photo.jpg"),
        (",/photo.jpg", "", None, ",/photo.jpg"),
        (
            "w_1,,h_2/$x_1/v12/a/v3/b",
            "w_1,,h_2/$x_1",
            Some("12"),
            "a/v3/b",
        ),
        ("v12", "", None, "v12"),
        ("a/v12/b", "", None, "a/v12/b"),
        ("v/b", "", None, "v/b"),
        ("v1x/b", "", None, "v1x/b"),
    ] {
        let text = format!("https://h/c/image/upload/{path}");
        let url = DeliveryUrl::parse(&text).unwrap();
        let parts = (url.transformation(), url.version(), url.source());
        assert_eq!(parts, (transformation, version, source));
    }
}

#[test]
fn to_asset_returns_the_delivered_asset() {
    let asset = |path: &str| {
        let text = format!("https://h/c/video/private/{path}");
        DeliveryUrl::parse(&text).unwrap().to_asset()
    };
    let same = asset("w_1/v0/a//b%20c.jpg").unwrap();
    assert_eq!(same.source(), "a//b%20c.jpg");
    assert_eq!(same.version(), Some(0));
    assert_eq!(same.resource_type().as_str(), "video");
    assert_eq!(same.delivery_type().as_str(), "private");
    assert_eq!(asset("v120/a").unwrap().version(), Some(120));
    for (path, text) in [
        (
            "v007/a",
            "invalid version 007: it has leading zeros or more than 64 bits",
        ),
        (
            "v00/a",
            "invalid version 00: it has leading zeros or more than 64 bits",
        ),
        (
            "v18446744073709551616/a",
            "invalid version 18446744073709551616: it has leading zeros or more than 64 bits",
        ),
        (
            "http:/a",
            "public id is a URL; only the delivery type `fetch` allows one",
        ),
    ] {
        assert_eq!(asset(path).unwrap_err().to_string(), text);
    }
}

#[test]
fn a_signed_first_folder_like_a_version_is_one() {
    let cloud = Cloud::new("demo", Secret::new("abcd").unwrap()).unwrap();
    let steps = Transformation::new().angle(90);
    let photo = Asset::new("photo.jpg").unwrap().with_version(12);
    let delivery = cloud.delivery(&photo, &steps).with_signed_version(true);
    let url = delivery.sign().to_string();
    let verified = cloud.verify(&url).unwrap();
    assert_eq!(verified.signed_path(), "a_90/v12/photo.jpg");
    assert_eq!(verified.unsigned_parts().version(), None);
    assert_eq!(verified.unsigned_parts().transformation(), "a_90");
    assert_eq!(verified.unsigned_parts().source(), "v12/photo.jpg");
    assert_eq!(verified.unsigned_parts().to_string(), url);
    // Cloudinary allows no folder `v12`, so the URL delivers version 12 of `photo.jpg`.
    assert_eq!(verified.unsigned_parts().to_asset(), Ok(photo.clone()));
    assert!(verified.delivers(&photo, &steps));

    // An old asset in such a folder needs a version before the folder.
    let text = "https://res.cloudinary.com/demo/image/upload/v5/v12/photo.jpg";
    let old = DeliveryUrl::parse(text).unwrap().to_asset().unwrap();
    assert_eq!((old.source(), old.version()), ("v12/photo.jpg", Some(5)));
    assert!(!verified.delivers(&old, &steps));
    let url = cloud.sign(&old, &steps).to_string();
    assert!(url.ends_with("/a_90/v5/v12/photo.jpg"), "{url}");
    let verified = cloud.verify(&url).unwrap();
    assert!(verified.delivers(&old, &steps));
    assert!(!verified.delivers(&photo, &steps));
    let parsed = DeliveryUrl::parse(&url).unwrap();
    assert_eq!(parsed.to_asset().as_ref(), Ok(&old));
    assert!(parsed.interpret_as(&old).is_some());
}

#[test]
fn folders_like_versions_are_rejected() {
    for (public_id, folder, position) in [
        ("v1/foo", "v1", 0),
        ("a/v12/foo", "v12", 2),
        ("a//%7612%2Ffoo", "v12", 3),
        ("v007/a/v1/b", "v007", 0),
    ] {
        let expected = AssetError::VersionFolder {
            folder: folder.to_owned(),
            position,
        };
        for asset in [
            Asset::new(public_id),
            Asset::private(public_id),
            Asset::authenticated(public_id),
        ] {
            assert_eq!(asset.unwrap_err(), expected);
        }
    }
    for public_id in ["v1", "a/v1", "v/a", "v1x/a", "V1/a", "version1/a"] {
        assert!(Asset::new(public_id).is_ok(), "{public_id}");
    }
    assert!(Asset::fetch("https://example.org/v1/a").is_ok());

    // A suffix makes the public id a folder.
    let cloud = Cloud::new("demo", Secret::new("abcd").unwrap()).unwrap();
    let asset = Asset::new("v12").unwrap();
    let error = cloud
        .delivery(&asset, Transformation::NONE)
        .with_suffix("name")
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "public id `v12` before a URL suffix is parsed as a version; set the version of the asset"
    );
    let asset = asset.with_version(3);
    let delivery = cloud.delivery(&asset, Transformation::NONE);
    let url = delivery.with_suffix("name").unwrap().to_string();
    assert!(url.ends_with("/images/v3/v12/name"), "{url}");
}

#[test]
fn invalid_proxy_urls_are_rejected() {
    for (url, text) in [
        ("", "it starts with neither `https://<host>/` nor `/`"),
        (
            "http://p/a.png?s=1234567&url=localhost/x",
            "it starts with neither `https://<host>/` nor `/`",
        ),
        (
            "https:///a.png?s=1234567&url=localhost/x",
            "it starts with neither `https://<host>/` nor `/`",
        ),
        ("https://p/a.png", "missing query"),
        (
            "https://p/a?s=1234567&url=localhost/x",
            "the path is not of the form `/<slug>.<format>`",
        ),
        (
            "https://p/a b.png?s=1234567&url=localhost/x",
            "unexpected white space, control character, `#` or `\\`",
        ),
        (
            "https://p/a\0.png?s=1234567&url=localhost/x",
            "unexpected white space, control character, `#` or `\\`",
        ),
        (
            "https://p/a\\b.png?s=1234567&url=localhost/x",
            "unexpected white space, control character, `#` or `\\`",
        ),
        (
            "https://p/a.?s=1234567&url=localhost/x",
            "the path is not of the form `/<slug>.<format>`",
        ),
        (
            "https://p/.png?s=1234567&url=localhost/x",
            "the path is not of the form `/<slug>.<format>`",
        ),
        (
            "https://p/b/a.png?s=1234567&url=localhost/x",
            "the path is not of the form `/<slug>.<format>`",
        ),
        (
            "https://p/a.png?url=localhost/x&s=1234567",
            "the query is not of the form `s=…&url=…`",
        ),
        (
            "https://p/a.png?s=123456&url=localhost/x",
            "the signature is not 7 to 64 lower-case hexadecimal digits",
        ),
        (
            "https://p/a.png?s=ABCDEF0&url=localhost/x",
            "the signature is not 7 to 64 lower-case hexadecimal digits",
        ),
        (
            "https://p/a.png?s=1234567&url=localhost",
            "the value of `url` is not a host and a path",
        ),
        (
            "https://p/a.png?s=1234567&url=/x",
            "the value of `url` is not a host and a path",
        ),
        (
            "https://p/a.png?s=1234567&url=localhost/x#y",
            "unexpected white space, control character, `#` or `\\`",
        ),
        (
            "https://p/a.png?s=1234567&url=localhost/x\r\ny",
            "unexpected white space, control character, `#` or `\\`",
        ),
    ] {
        let error = ProxyRequest::parse(url).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("invalid proxy url: {text}"),
            "{url}"
        );
    }
}

#[test]
fn invalid_thumbnail_paths_are_rejected() {
    let path = |rest: &str| format!("/images/{ID}/thumbnails/{rest}");
    for (path, text) in [
        (String::new(), "not of the form `/images/…/thumbnails/…`"),
        (
            path("mini-b7f270247ab.jpg").replacen('/', "", 1),
            "not of the form `/images/…/thumbnails/…`",
        ),
        (
            path("mini-b7f270247ab.jpg").to_uppercase(),
            "not of the form `/images/…/thumbnails/…`",
        ),
        (
            path("mini-b7f270247ab.jpg").replace(ID, "1"),
            "the image id is not a lower-case uuid with hyphens",
        ),
        (
            path("mini-b7f270247ab.jpg").replace(ID, &ID.to_uppercase()),
            "the image id is not a lower-case uuid with hyphens",
        ),
        (
            path("mini-b7f270247ab.jpg").replace(ID, &ID.replace('-', "")),
            "the image id is not a lower-case uuid with hyphens",
        ),
        (
            path("mini-b7f270247ab.png"),
            "the file name is not of the form `…-….jpg`",
        ),
        (
            path("mini.jpg"),
            "the file name is not of the form `…-….jpg`",
        ),
        (path("huge-b7f270247ab.jpg"), "unknown thumbnail name"),
        (
            path("mini-b7f270247aB.jpg"),
            "the signature is not 7 to 64 lower-case hexadecimal digits",
        ),
        (
            path("mini-b7f270247ab.jpg?x").replace(".jpg?x", ".jpg.jpg"),
            "the signature is not 7 to 64 lower-case hexadecimal digits",
        ),
    ] {
        let error = ThumbnailRequest::parse(&path).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("invalid thumbnail path: {text}"),
            "{path}"
        );
    }
}

#[test]
fn verify_errors_carry_no_reason() {
    let secret = || Secret::new("key").unwrap();
    let cloud = Cloud::new("demo", secret()).unwrap();
    let host = || Authority::new("localhost").unwrap();
    let proxy = ProxySigner::new(host(), host(), secret());
    let thumbnails = ThumbnailSigner::new(secret());
    for text in [
        "",
        "/",
        "https://res.cloudinary.com/demo/image/upload/s--abcdefgh--/a",
    ] {
        for error in [
            cloud.verify(text).unwrap_err(),
            proxy.verify(text).unwrap_err(),
            thumbnails.verify(text).unwrap_err(),
        ] {
            assert_eq!(error.to_string(), "invalid signature");
        }
    }
}

#[test]
fn unsigned_and_foreign_urls_do_not_verify() {
    let cloud = Cloud::new("demo", Secret::new("abcd").unwrap()).unwrap();
    let asset = Asset::new("sample").unwrap();
    let url = cloud.sign(&asset, Transformation::new()).to_string();
    assert!(cloud.verify(&url).is_ok());
    let signature = DeliveryUrl::parse(&url).unwrap().signature().unwrap();
    for other in [
        url.replace(&format!("s--{signature}--/"), ""),
        url.replace("/demo/", "/other/"),
        url.replace("res.cloudinary.com", "res.cloudinary.com.evil.example"),
        url.replace("https", "ftp"),
        url.replace("/sample", "/./sample"),
        url.replace("/sample", "//sample"),
        url.replace("/sample", "/%73ample"),
        url.replace("/sample", &format!("/s--{signature}--/sample")),
        format!("{url}/"),
    ] {
        assert!(cloud.verify(&other).is_err(), "{other}");
    }
    // The scheme, version, types and query are not signed.
    for same in [
        url.replace("https", "http"),
        url.replace("/sample", "/v5/sample"),
        url.replace("upload", "private"),
        format!("{url}?_a=1"),
    ] {
        assert!(cloud.verify(&same).is_ok(), "{same}");
    }
}

#[test]
fn settings_out_of_range_are_rejected() {
    for length in [0, 6, 65] {
        assert_eq!(
            SignatureLength::new(length).unwrap_err().to_string(),
            format!("signature length {length} is outside 7 to 64 hexadecimal digits")
        );
    }
    for (name, text) in [
        ("", "cloud name is empty"),
        ("a/b", "unexpected '/' in the cloud name"),
        ("a\nb", "unexpected '\\n' in the cloud name"),
        ("..", "unexpected '.' in the cloud name"),
        ("a b", "unexpected ' ' in the cloud name"),
    ] {
        let secret = Secret::new("key").unwrap();
        assert_eq!(Cloud::new(name, secret).unwrap_err().to_string(), text);
    }
    assert_eq!(
        "tiny".parse::<ThumbnailName>().unwrap_err().to_string(),
        "invalid thumbnail name: unknown name"
    );
}

#[test]
fn debug_shows_signatures_of_urls() {
    let secret = || Secret::new("key").unwrap();
    let host = Authority::new("localhost:3000").unwrap();
    assert_eq!(format!("{host:?}"), r#"Authority("localhost:3000")"#);

    let cloud = Cloud::new("demo", secret()).unwrap();
    let asset = Asset::new("a").unwrap();
    let compiled = cloud.compile(Transformation::new().angle(90));
    assert_eq!(format!("{compiled:?}"), r#"CompiledTransformation("a_90")"#);
    let url = cloud.sign_compiled(&asset, &compiled);
    assert_eq!(format!("{url:?}"), format!("SignedUrl({url})"));
    let url = cloud.sign(&asset, Transformation::new().angle(90));
    assert!(url.to_string().ends_with("--/a_90/a"));

    let thumbnails = ThumbnailSigner::new(secret());
    assert!(format!("{thumbnails:?}").contains("length: 11"));
    let path = thumbnails.sign(Uuid::nil(), ThumbnailName::Mini);
    let signature = path.to_string();
    let signature = ThumbnailRequest::parse(&signature).unwrap().signature;
    assert!(format!("{path:?}").contains(signature));
    let proxy = ProxySigner::new(host.clone(), host, secret());
    let url = proxy.sign(url_signer::ProxyFileName::new("a", "b"), path);
    assert_eq!(format!("{url:?}"), format!("ProxyUrl({url})"));
}

#[test]
fn debug_hides_keys() {
    let hush = || Secret::new("hush-hush").unwrap();
    let host = || Authority::new("localhost").unwrap();
    let cloud = Cloud::new("demo", hush()).unwrap();
    let asset = Asset::new("a").unwrap();
    let compiled = cloud.compile(Transformation::new().angle(90));
    let thumbnails = ThumbnailSigner::new(hush());
    let proxy = ProxySigner::new(host(), host(), hush());
    let path = thumbnails.sign(Uuid::nil(), ThumbnailName::Mini);
    let url = proxy.sign(url_signer::ProxyFileName::new("a", "b"), path);
    let bytes = format!("{:?}", b"hush-hush");
    for debug in [
        format!("{cloud:?} {cloud:#?}"),
        format!("{compiled:?}"),
        format!("{:?}", cloud.sign(&asset, Transformation::new())),
        format!("{thumbnails:?} {path:?} {proxy:?} {url:?}"),
        format!(
            "{:?}",
            url_signer::KeyRing::new(hush()).with_retired(hush())
        ),
    ] {
        assert!(!debug.contains("hush"), "{debug}");
        assert!(!debug.contains(&bytes), "{debug}");
    }
}

#[test]
fn an_encoded_version_is_not_an_asset() {
    let text = "https://res.cloudinary.com/demo/image/upload/v59%35%2Fphoto/a";
    let error = DeliveryUrl::parse(text).unwrap().to_asset().unwrap_err();
    assert_eq!(
        error.to_string(),
        "folder `v595` at byte 0 of the public id is reserved for versions; set the version separately"
    );
}
