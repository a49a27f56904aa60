//! Signatures and access tokens.

use url_signer::Secret;
use url_signer::cloudinary::{
    Asset, Cloud, DeliveryType, TokenClaims, TokenSigner, Transformation,
};

use crate::pictures::jpeg;
use crate::server::{Server, cloud};

const ALL: [DeliveryType; 3] = [
    DeliveryType::Upload,
    DeliveryType::Private,
    DeliveryType::Authenticated,
];

/// A far future time, so that the tests do not depend on the clock.
const FUTURE: i64 = 32_503_680_000;

#[test]
fn every_changed_character_is_rejected() {
    let server = Server::start();
    for delivery_type in ALL {
        server.save(delivery_type, "a/photo", &jpeg(40, 30));
    }
    let authority = format!("http://{}", server.address);
    for delivery_type in ALL {
        let asset = Asset::new("a/photo").unwrap();
        let asset = asset.with_delivery_type(delivery_type).unwrap();
        let asset = asset.with_extension("jpg").unwrap().with_version(17);
        let url = server.sign(&asset, "c_fit,w_20/fl_attachment");
        assert_eq!(server.get(&url).status, 200, "{url}");
        let target = url.strip_prefix(&authority).unwrap();
        // The version is not signed: the first digit may be any but `0`.
        let version = target.find("/v17/").unwrap() + 2..target.find("/v17/").unwrap() + 4;
        for position in 0..target.len() {
            if version.contains(&position) {
                continue;
            }
            for replacement in [b'x', b'/', b'-', b'A', b'0'] {
                let mut changed = target.as_bytes().to_vec();
                if changed[position] == replacement {
                    continue;
                }
                changed[position] = replacement;
                let status = server.raw_status(&changed);
                let changed = String::from_utf8(changed).unwrap();
                assert!(matches!(status, 400 | 401 | 404), "{status} {changed}");
            }
            // A character is removed.
            let mut changed = target.as_bytes().to_vec();
            changed.remove(position);
            let status = server.raw_status(&changed);
            let changed = String::from_utf8(changed).unwrap();
            assert!(matches!(status, 400 | 401 | 404), "{status} {changed}");
        }
    }
}

#[test]
fn files_of_other_types_are_not_delivered() {
    let server = Server::start();
    server.save(DeliveryType::Authenticated, "photo", &jpeg(40, 30));
    let asset = Asset::authenticated("photo").unwrap();
    let url = server.sign(&asset, "c_fit,w_20");
    assert_eq!(server.get(&url).status, 200);
    for other in ["upload", "private"] {
        let changed = url.replace("/authenticated/", &format!("/{other}/"));
        assert_eq!(server.get(&changed).status, 404, "{changed}");
    }
    let folder = "/demo/image/upload/demo/image/authenticated/photo.jpg";
    assert_eq!(server.get(&server.url(folder)).status, 404);
    let versioned = "/demo/image/upload/v1/demo/image/authenticated/photo.jpg";
    assert_eq!(server.get(&server.url(versioned)).status, 404);
}

#[test]
fn folders_of_other_clouds_are_not_public() {
    let server = Server::start();
    for path in [
        "other/image/authenticated/photo.jpg",
        "album/photo.jpg",
        "flat.JPG",
    ] {
        let path = server.original(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, jpeg(40, 30)).unwrap();
    }
    for (target, status) in [
        (
            "/demo/image/upload/v1/other/image/authenticated/photo.jpg",
            404,
        ),
        ("/demo/image/upload/v1/album/photo.jpg", 200),
        ("/demo/image/upload/flat.jpg", 200),
    ] {
        assert_eq!(server.get(&server.url(target)).status, status, "{target}");
    }
    let asset = Asset::authenticated("flat").unwrap();
    assert_eq!(server.get(&server.sign(&asset, "")).status, 404);
}

#[test]
fn moved_versions_are_rejected() {
    let server = Server::start();
    for public_id in ["photo", "albums/7/photo"] {
        server.save(DeliveryType::Upload, public_id, &jpeg(40, 30));
    }
    let asset = Asset::new("albums/7/photo").unwrap();
    let url = server.sign(&asset, "c_fit,w_20");
    assert_eq!(server.get(&url).status, 200, "{url}");
    let moved = url.replace("/v1/albums/7/", "/albums/7/v1/");
    assert_ne!(moved, url);
    assert!(matches!(server.get(&moved).status.as_u16(), 401 | 404));
}

#[test]
fn strict_mode_requires_a_signature() {
    let server = Server::with(cloud(), |settings| settings.strict = true);
    server.save(DeliveryType::Upload, "photo", &jpeg(40, 30));
    let unsigned = server.get(&server.url("/demo/image/upload/c_fit,w_20/photo.jpg"));
    assert_eq!(unsigned.status, 401);
    assert_eq!(unsigned.error(), "Unsigned transformation is not allowed");
    let original = server.get(&server.url("/demo/image/upload/photo.jpg"));
    assert_eq!(original.status, 200);
    let asset = Asset::new("photo").unwrap();
    assert_eq!(server.get(&server.sign(&asset, "c_fit,w_20")).status, 200);
}

fn with_tokens() -> (Cloud, TokenSigner) {
    let signer = TokenSigner::new(Secret::from_hex("00112233FF99").unwrap());
    (cloud().with_token_signer(signer.clone()), signer)
}

#[test]
fn tokens_authorize_until_they_expire() {
    let (cloud, signer) = with_tokens();
    let server = Server::with(cloud, |_| {});
    for delivery_type in ALL {
        server.save(delivery_type, "photo", &jpeg(40, 30));
    }
    let valid = TokenClaims::expires_at(FUTURE);
    let expired = TokenClaims::expires_at(1_000);
    for delivery_type in ALL {
        let asset = Asset::new("photo").unwrap();
        let asset = asset.with_delivery_type(delivery_type).unwrap();
        let url_of = || server.delivery.cloud().sign(&asset, Transformation::NONE);
        let url = url_of().authorize(&signer, &valid).to_string();
        let response = server.get(&url);
        assert_eq!(response.status, 200, "{url}: {}", response.error());
        assert!(response.header("cache-control").starts_with("private"));
        let url = url_of().authorize(&signer, &expired).to_string();
        let response = server.get(&url);
        assert_eq!(response.status, 401, "{url}");
        assert_eq!(response.error(), "deny or ACL failure");
    }
}

#[test]
fn tokens_replace_signatures_of_authenticated_images() {
    let (cloud, signer) = with_tokens();
    let server = Server::with(cloud, |_| {});
    for delivery_type in ALL {
        server.save(delivery_type, "photo", &jpeg(40, 30));
    }
    let claims = TokenClaims::expires_at(FUTURE);
    let with_token = |path: &str| {
        let token = signer.sign(&claims, url_signer::cloudinary::TokenScope::Path(path));
        server.get(&server.url(&format!("{path}?{}", token.as_str())))
    };
    assert_eq!(
        with_token("/demo/image/authenticated/photo.jpg").status,
        200
    );
    // A private image always needs a signature.
    assert_eq!(with_token("/demo/image/private/photo.jpg").status, 401);
    let path = "/demo/image/authenticated/photo.jpg";
    let token = signer.sign(&claims, url_signer::cloudinary::TokenScope::Path(path));
    let other = "/demo/image/authenticated/c_fit,w_10/photo.jpg";
    let url = server.url(&format!("{other}?{}", token.as_str()));
    assert_eq!(server.get(&url).status, 401);
}

#[test]
fn a_required_token_is_not_optional() {
    let (cloud, _) = with_tokens();
    let server = Server::with(cloud, |settings| settings.require_token = true);
    server.save(DeliveryType::Authenticated, "photo", &jpeg(40, 30));
    let url = server.sign(&Asset::authenticated("photo").unwrap(), "");
    assert_eq!(server.get(&url).status, 401);
}

#[test]
fn a_private_cdn_has_no_cloud_name_in_paths() {
    let cloud = cloud().with_private_cdn().unwrap();
    let server = Server::with(cloud, |_| {});
    server.save(DeliveryType::Authenticated, "photo", &jpeg(40, 30));
    let url = server.sign(&Asset::authenticated("photo").unwrap(), "c_fit,w_20");
    assert!(!url.contains("/demo/"), "{url}");
    assert_eq!(server.get(&url).status, 200, "{url}");
}

#[test]
fn the_host_header_is_not_part_of_the_url() {
    let server = Server::start();
    server.save(DeliveryType::Authenticated, "photo", &jpeg(40, 30));
    let url = server.sign(&Asset::authenticated("photo").unwrap(), "");
    let target = url
        .strip_prefix(&format!("http://{}", server.address))
        .unwrap();
    // `raw_status` sends another host.
    assert_eq!(server.raw_status(target.as_bytes()), 200);
}

#[test]
fn authorization_precedes_preconditions() {
    let server = Server::start();
    server.save(DeliveryType::Authenticated, "photo", &jpeg(40, 30));
    let url = server.url("/demo/image/authenticated/photo.jpg");
    for (name, value) in [
        ("if-none-match", "*"),
        ("if-match", "\"x\""),
        ("range", "bytes=0-0"),
    ] {
        let response = server.get_with(&url, &[(name, value)]);
        assert_eq!(response.status, 401, "{name}");
        assert_eq!(response.header("etag"), "", "{name}");
    }
}
