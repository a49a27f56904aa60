//! The headers and the formats of responses.

use http::{Method, StatusCode};
use image::ImageFormat;
use local_delivery::named::NamedTransformations;
use url_signer::cloudinary::DeliveryType;

use crate::pictures::{decode, encode, jpeg, picture, png, transparent_png};
use crate::server::{Server, cloud};

#[test]
fn stored_bytes_are_sent_unchanged() {
    let server = Server::start();
    let bytes = jpeg(40, 30);
    server.save(DeliveryType::Upload, "a/photo", &bytes);
    let response = server.get(&server.url("/demo/image/upload/v17/a/photo.jpg"));
    assert_eq!(response.status, 200);
    assert_eq!(response.body, bytes);
    for (name, value) in [
        ("content-type", "image/jpeg"),
        (
            "cache-control",
            "public, no-transform, immutable, max-age=2592000",
        ),
        ("accept-ranges", "bytes"),
        ("x-content-type-options", "nosniff"),
        ("vary", "Origin"),
        // Without an `Origin`.
        ("access-control-allow-origin", ""),
        ("content-disposition", ""),
    ] {
        assert_eq!(response.header(name), value, "{name}");
    }
    assert_eq!(response.header("content-length"), bytes.len().to_string());
    assert_eq!(server.delivery.statistics().decodes, 0);
}

#[test]
fn the_tag_is_the_md5_digest() {
    let server = Server::start();
    // The digest of these bytes is from `md5sum`.
    let bytes = b"\xFF\xD8\xFF\xE0 no picture, but it starts like one";
    let folder = server.original("demo/image/upload");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("x.jpg"), bytes).unwrap();
    let response = server.get(&server.url("/demo/image/upload/x.jpg"));
    assert_eq!(
        response.header("etag"),
        "\"848b9f11fb9750f6df15bb83a60a4cf9\""
    );
}

#[test]
fn the_extension_selects_the_format() {
    let server = Server::start();
    server.save(DeliveryType::Upload, "photo", &png(40, 30));
    for (extension, format, media_type) in [
        ("jpg", ImageFormat::Jpeg, "image/jpeg"),
        ("jpeg", ImageFormat::Jpeg, "image/jpeg"),
        ("png", ImageFormat::Png, "image/png"),
        ("webp", ImageFormat::WebP, "image/webp"),
    ] {
        for transformation in ["", "c_scale,w_20/"] {
            let target = format!("/demo/image/upload/{transformation}photo.{extension}");
            let response = server.get(&server.url(&target));
            assert_eq!(response.status, 200, "{target}");
            assert_eq!(response.header("content-type"), media_type, "{target}");
            let picture = decode(&response.body, format);
            let width = if transformation.is_empty() { 40 } else { 20 };
            assert_eq!(picture.width(), width, "{target}");
        }
    }
    let response = server.get(&server.url("/demo/image/upload/photo"));
    assert_eq!(response.header("content-type"), "image/png");
}

#[test]
fn accept_selects_the_automatic_format() {
    let server = Server::start();
    server.save(DeliveryType::Upload, "opaque", &png(40, 30));
    server.save(
        DeliveryType::Upload,
        "transparent",
        &transparent_png(40, 30),
    );
    let browser = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8";
    for (accept, opaque, transparent) in [
        (browser, "image/webp", "image/webp"),
        ("image/webp;q=0.1", "image/webp", "image/webp"),
        ("image/webp;q=0", "image/jpeg", "image/png"),
        ("image/*", "image/jpeg", "image/png"),
        ("*/*", "image/jpeg", "image/png"),
        ("image/png", "image/jpeg", "image/png"),
    ] {
        for (name, media_type) in [("opaque", opaque), ("transparent", transparent)] {
            let target = format!("/demo/image/upload/c_scale,w_20/f_auto/{name}.jpg");
            let response = server.get_with(&server.url(&target), &[("accept", accept)]);
            assert_eq!(response.status, 200, "{target}");
            assert_eq!(
                response.header("content-type"),
                media_type,
                "{name} {accept}"
            );
            let vary = response.headers.get_all("vary");
            assert_eq!(vary.iter().collect::<Vec<_>>(), ["Accept", "Origin"]);
        }
    }
}

#[test]
fn an_unchanged_format_is_not_encoded_again() {
    let server = Server::start();
    let stored = jpeg(40, 30);
    server.save(DeliveryType::Upload, "jpeg", &stored);
    let stored_webp = encode(&picture(40, 30), ImageFormat::WebP);
    server.save(DeliveryType::Upload, "webp", &stored_webp);
    for (name, accept, unchanged) in [
        ("jpeg", "*/*", Some(&stored)),
        ("webp", "image/webp,*/*", Some(&stored_webp)),
        ("jpeg", "image/webp,*/*", None),
        ("webp", "*/*", None),
    ] {
        let url = server.url(&format!("/demo/image/upload/f_auto/{name}"));
        let response = server.get_with(&url, &[("accept", accept)]);
        assert_eq!(response.status, 200, "{name} {accept}");
        let vary = response.headers.get_all("vary");
        assert_eq!(vary.iter().collect::<Vec<_>>(), ["Accept", "Origin"]);
        let media_type = response.header("content-type");
        let expected = if accept.contains("webp") {
            "image/webp"
        } else {
            "image/jpeg"
        };
        assert_eq!(media_type, expected, "{name} {accept}");
        match unchanged {
            Some(stored) => assert!(response.body == *stored, "{name} {accept}"),
            None => assert!(response.body != stored && response.body != stored_webp),
        }
    }
    // A transformation is applied, even if the format is the same.
    let url = server.url("/demo/image/upload/c_scale,w_20/f_auto/jpeg");
    let response = server.get(&url);
    assert_eq!(decode(&response.body, ImageFormat::Jpeg).width(), 20);
}

#[test]
fn attachments_have_a_name() {
    let server = Server::start();
    server.save(DeliveryType::Upload, "a/photo", &jpeg(40, 30));
    // The public id ends like the name of a file.
    server.save(DeliveryType::Upload, "a/scan.jpg", &jpeg(40, 30));
    let scan = server.url("/demo/image/upload/fl_attachment/v1/a/scan.jpg.jpg");
    let response = server.get(&scan);
    assert_eq!(response.status, 200);
    assert_eq!(
        response.header("content-disposition"),
        r#"attachment; filename="scan.jpg""#
    );
    for (transformation, disposition) in [
        ("fl_attachment", r#"attachment; filename="photo.jpg""#),
        ("fl_attachment:", r#"attachment; filename="photo.jpg""#),
        ("fl_attachment:%20", r#"attachment; filename="photo.jpg""#),
        (
            "fl_attachment:My%20photo",
            r#"attachment; filename="My photo.jpg""#,
        ),
        (
            "c_fit,w_20/fl_attachment:small",
            r#"attachment; filename="small.jpg""#,
        ),
        ("c_fit,w_20", ""),
    ] {
        let url = server.url(&format!(
            "/demo/image/upload/{transformation}/v1/a/photo.jpg"
        ));
        let response = server.get(&url);
        assert_eq!(response.status, 200, "{transformation}");
        assert_eq!(response.header("content-disposition"), disposition);
    }
}

#[test]
fn cache_control_depends_on_the_url() {
    let server = Server::start();
    for delivery_type in [DeliveryType::Upload, DeliveryType::Authenticated] {
        server.save(delivery_type, "photo", &jpeg(40, 30));
    }
    let asset = url_signer::cloudinary::Asset::authenticated("photo").unwrap();
    for (url, value) in [
        (
            server.url("/demo/image/upload/photo.jpg"),
            "public, no-transform, max-age=2592000",
        ),
        (
            server.url("/demo/image/upload/v3/photo.jpg"),
            "public, no-transform, immutable, max-age=2592000",
        ),
        (
            server.url("/demo/image/upload/fl_immutable_cache/photo.jpg"),
            "public, no-transform, immutable, max-age=2592000",
        ),
        (
            server.url("/demo/image/upload/c_fit,w_10/fl_lossy.immutable_cache/photo.jpg"),
            "public, no-transform, immutable, max-age=2592000",
        ),
        (
            server.url("/demo/image/upload/fl_attachment:immutable_cache/photo.jpg"),
            "public, no-transform, max-age=2592000",
        ),
        (
            server.sign(&asset, ""),
            "private, no-transform, max-age=2592000",
        ),
        (
            server.sign(&asset.clone().with_version(5), "c_fit,w_10"),
            "private, no-transform, immutable, max-age=2592000",
        ),
    ] {
        let response = server.get(&url);
        assert_eq!(response.status, 200, "{url}");
        assert_eq!(response.header("cache-control"), value, "{url}");
    }
    let server = Server::with(cloud(), |settings| {
        settings.max_age = std::time::Duration::ZERO;
    });
    server.save(DeliveryType::Upload, "photo", &jpeg(40, 30));
    let response = server.get(&server.url("/demo/image/upload/v3/photo.jpg"));
    assert_eq!(
        response.header("cache-control"),
        "public, no-transform, no-cache"
    );
}

#[test]
fn errors_name_their_reason() {
    let server = Server::start();
    server.save(DeliveryType::Upload, "photo", &jpeg(40, 30));
    let folder = server.original("demo/image/upload");
    std::fs::write(folder.join("text.jpg"), "not a picture").unwrap();
    for (target, status, reason) in [
        (
            "/demo/image/upload/w_abc/photo.jpg",
            400,
            "Invalid width in transformation: abc",
        ),
        (
            "/demo/image/upload/t_missing/photo.jpg",
            400,
            "Unknown transformation missing",
        ),
        (
            "/demo/image/upload/c_fit,g_auto,w_10/photo.jpg",
            400,
            "Use auto gravity only with crop, fill, lfill, fill_pad or thumb",
        ),
        (
            "/demo/image/upload/c_fit,w_10/text.jpg",
            400,
            "Invalid image file",
        ),
        ("/demo/image/upload/text.jpg", 400, "Invalid image file"),
        (
            "/demo/image/upload/other.jpg",
            404,
            "Resource not found - other.jpg",
        ),
        ("/demo/image/private/photo.jpg", 401, "Invalid signature"),
        (
            "/demo/image/authenticated/photo.jpg",
            401,
            "Invalid signature",
        ),
        (
            "/demo/image/upload/s--AAAAAAAA--/photo.jpg",
            401,
            "Invalid signature",
        ),
        (
            "/other/image/upload/photo.jpg",
            404,
            "Resource not found - photo.jpg",
        ),
        (
            "/demo/video/upload/photo.jpg",
            404,
            "Resource not found - photo.jpg",
        ),
        ("/", 400, "Invalid URL"),
        ("/demo/image/upload/", 400, "Invalid URL"),
    ] {
        let origin = "http://127.0.0.1:3000";
        let response = server.get_with(&server.url(target), &[("origin", origin)]);
        assert_eq!(response.status, status, "{target}");
        assert_eq!(response.error(), reason, "{target}");
        assert!(response.body.is_empty(), "{target}");
        assert_eq!(response.header("content-length"), "0", "{target}");
        assert_eq!(response.header("cache-control"), "no-store", "{target}");
        assert_eq!(response.header("access-control-allow-origin"), origin);
        assert!(
            response
                .header("access-control-expose-headers")
                .contains("X-Cld-Error")
        );
    }
}

#[test]
fn unsupported_steps_are_named() {
    let named = NamedTransformations::parse("small = c_scale,w_10").unwrap();
    let server = Server::with(cloud(), |settings| settings.named = named);
    server.save(DeliveryType::Upload, "photo", &png(40, 30));
    for (transformation, width, unsupported) in [
        ("e_art:zorro,w_20", 20, "e_art:zorro"),
        ("c_scale,w_20/l_logo,w_5/fl_layer_apply", 20, "l_logo"),
        ("t_small", 10, ""),
        ("c_scale,w_20", 20, ""),
    ] {
        let url = server.url(&format!("/demo/image/upload/{transformation}/photo.png"));
        let response = server.get(&url);
        assert_eq!(
            response.status,
            200,
            "{transformation}: {}",
            response.error()
        );
        let picture = decode(&response.body, ImageFormat::Png);
        assert_eq!(picture.width(), width, "{transformation}");
        let header = response.header("x-local-unsupported");
        assert!(header.contains(unsupported), "{transformation}: {header}");
        assert_eq!(
            header.is_empty(),
            unsupported.is_empty(),
            "{transformation}"
        );
    }
}

#[test]
fn methods_other_than_get_are_rejected() {
    let server = Server::start();
    server.save(DeliveryType::Upload, "photo", &jpeg(40, 30));
    let url = server.url("/demo/image/upload/c_scale,w_20/photo.jpg");
    let get = server.get(&url);
    let head = server.send(&Method::HEAD, &url, &[]);
    assert_eq!(head.status, 200);
    assert!(head.body.is_empty());
    for name in [
        "content-length",
        "content-type",
        "etag",
        "last-modified",
        "cache-control",
    ] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::POST] {
        let response = server.send_body(&method, &url, &[], b"x");
        assert_eq!(response.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(response.header("allow"), "GET, HEAD, OPTIONS");
    }
    let response = server.send(
        &Method::OPTIONS,
        &url,
        &[("origin", "http://127.0.0.1:3000")],
    );
    assert_eq!(response.status, StatusCode::NO_CONTENT);
    assert_eq!(
        response.header("access-control-allow-methods"),
        "GET, HEAD, OPTIONS"
    );
}

#[test]
fn a_derivation_has_a_time_limit() {
    let server = Server::with(cloud(), |settings| {
        settings.derivation_time = std::time::Duration::ZERO;
    });
    server.save(DeliveryType::Upload, "photo", &png(40, 30));
    let response = server.get(&server.url("/demo/image/upload/c_scale,w_20/photo.png"));
    assert_eq!(response.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.header("retry-after"), "1");
    assert_eq!(response.error(), "The transformation took too long");
    // The stored bytes are not derived.
    let response = server.get(&server.url("/demo/image/upload/photo.png"));
    assert_eq!(response.status, 200);
}

#[test]
fn pixel_ratio_hints_scale_the_size() {
    let server = Server::start();
    server.save(DeliveryType::Upload, "photo", &png(400, 300));
    let url = server.url("/demo/image/upload/c_scale,dpr_auto,w_20/photo.png");
    for (headers, width) in [
        (&[] as &[(&str, &str)], 20),
        (&[("sec-ch-dpr", "2.0")], 40),
        (&[("dpr", "3")], 60),
        (&[("dpr", "nonsense")], 20),
    ] {
        let response = server.get_with(&url, headers);
        let picture = decode(&response.body, ImageFormat::Png);
        assert_eq!(picture.width(), width, "{headers:?}");
        assert!(response.header("vary").contains("Sec-CH-DPR"));
    }
}
