//! Accepted forms.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Method;
use image::ImageFormat;
use image_model::Infos;
use serde_json::{Map, Value, json};
use url_signer::url::form_urlencoded;

use crate::form::{multipart, now, post, recorded, sign, upload};
use crate::pictures::{decode, encode, jpeg, picture, png};
use crate::server::{Response, Server, cloud};

fn json_of(response: &Response) -> Map<String, Value> {
    assert_eq!(response.status, 200, "{}", response.error());
    let content_type = response.header("content-type");
    assert_eq!(content_type, "application/json; charset=utf-8");
    serde_json::from_slice(&response.body).unwrap()
}

#[test]
fn the_response_has_the_recorded_keys() {
    let server = Server::start();
    let bytes = png(100, 67);
    let response = upload(&server, &recorded(&server, None), "sample.PNG", &bytes);
    let description = json_of(&response);

    // The recorded webhook has the keys of a response, and more.
    let recorded = include_str!("../../../image-host/tests/data/upload_notification.json");
    let recorded: Map<String, Value> = serde_json::from_str(recorded).unwrap();
    let left_out = [
        "notification_type",
        "timestamp",
        "request_id",
        "access_control",
        "coordinates",
        "predominant",
        "eager",
        "moderation",
        "context",
        "notification_context",
        "signature_key",
    ];
    let expected: Vec<_> = recorded
        .keys()
        .filter(|key| !left_out.contains(&&***key))
        .collect();
    assert_eq!(description.keys().collect::<Vec<_>>(), expected);
    for (key, value) in &description {
        let same_type = std::mem::discriminant(value) == std::mem::discriminant(&recorded[key]);
        assert!(same_type, "{key}: {value}");
    }
    for (key, value) in [
        ("width", json!(100)),
        ("height", json!(67)),
        ("format", json!("png")),
        ("resource_type", json!("image")),
        ("tags", json!(["00100000123BB175"])),
        ("bytes", json!(bytes.len())),
        ("type", json!("authenticated")),
        ("original_filename", json!("sample")),
        ("original_extension", json!("PNG")),
        ("api_key", json!("key")),
        ("faces", json!([])),
    ] {
        assert_eq!(description[key], value, "{key}");
    }
    let public_id = description["public_id"].as_str().unwrap();
    let version = description["version"].as_u64().unwrap();
    let signature = description["signature"].as_str().unwrap();
    let verified = cloud().verify_response(public_id, version, signature);
    assert!(verified.is_ok());
}

#[test]
fn the_response_decodes_as_infos() {
    let server = Server::start();
    let response = upload(
        &server,
        &recorded(&server, None),
        "sample.png",
        &png(100, 67),
    );
    let keys = [
        "bytes",
        "created_at",
        "etag",
        "format",
        "height",
        "resource_type",
        "tags",
        "type",
        "width",
        "original_filename",
    ];
    let mut infos = json_of(&response);
    infos.retain(|key, _| keys.contains(&&**key));
    assert_eq!(infos.len(), keys.len());
    let infos = Infos::try_from(infos).unwrap();
    assert_eq!(infos.format(), Some("png"));
    assert_eq!(infos.original_filename(), Some("sample"));
}

#[test]
fn an_uploaded_image_is_delivered() {
    let server = Server::start();
    let bytes = jpeg(100, 67);
    let description = json_of(&upload(&server, &recorded(&server, None), "a.jpg", &bytes));
    let url = description["secure_url"].as_str().unwrap();
    let delivered = server.get(url);
    assert_eq!(delivered.body, bytes);
    let etag = format!("\"{}\"", description["etag"].as_str().unwrap());
    assert_eq!(delivered.header("etag"), etag);
    let public_id = description["public_id"].as_str().unwrap();
    let asset = url_signer::cloudinary::Asset::authenticated(public_id).unwrap();
    let url = server.sign(&asset, "c_scale,w_50/fl_attachment");
    let delivered = server.get(&url);
    assert_eq!(decode(&delivered.body, ImageFormat::Jpeg).width(), 50);
    // The name of the uploaded file.
    let disposition = delivered.header("content-disposition");
    assert_eq!(disposition, "attachment; filename=\"a.jpg\"");
}

#[test]
fn data_uris_are_accepted() {
    let server = Server::start();
    let bytes = png(30, 20);
    let uri = format!("data:image/png;base64,{}", STANDARD.encode(&bytes));
    let fields = sign(&cloud(), now(), |form| form.public_id("in-multipart"));
    let body = multipart(&fields, Some((None, uri.as_bytes())));
    json_of(&post(&server, "/v1_1/demo/auto/upload", &body, &[]));

    let fields = sign(&cloud(), now(), |form| form.public_id("urlencoded"));
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("file", &uri).extend_pairs(&fields);
    let response = server.send_body(
        &Method::POST,
        &server.url("/v1_1/demo/image/upload"),
        &[("content-type", "application/x-www-form-urlencoded")],
        form.finish().as_bytes(),
    );
    json_of(&response);
    for public_id in ["in-multipart", "urlencoded"] {
        let url = server.url(&format!("/demo/image/upload/{public_id}.png"));
        assert_eq!(server.get(&url).body, bytes, "{public_id}");
    }
}

#[test]
fn public_ids_follow_the_parameters() {
    let server = Server::start();
    let public_id = |name: &str, parameters: &[(&str, &str)]| {
        let fields = sign(&cloud(), now(), |form| {
            parameters.iter().fold(form, |form, (name, value)| {
                form.parameter(name, *value).unwrap()
            })
        });
        let description = json_of(&upload(&server, &fields, name, &png(30, 20)));
        description["public_id"].as_str().unwrap().to_owned()
    };
    let random = public_id("a.png", &[]);
    assert_eq!(random.len(), 20);
    assert_ne!(random, public_id("a.png", &[]));
    assert_eq!(public_id("a.png", &[("public_id", "x/y")]), "x/y");
    assert_eq!(
        public_id("a.png", &[("public_id", "y"), ("folder", "x")]),
        "x/y"
    );
    let named = public_id("my photo.png", &[("use_filename", "true")]);
    assert!(
        named.starts_with("my_photo_") && named.len() == 15,
        "{named}"
    );
    let parameters = [("use_filename", "true"), ("unique_filename", "false")];
    assert_eq!(public_id("my photo.png", &parameters), "my_photo");
    // Names without a name.
    for name in [".png", "....png", "a/.png"] {
        assert_eq!(public_id(name, &parameters), "file", "{name}");
    }
}

#[test]
fn every_accepted_public_id_is_delivered() {
    let server = Server::start();
    let component = "x".repeat(200);
    // 1,024 bytes.
    let total = format!("{0}/{0}/{0}/{0}/{0}/{1}", component, "x".repeat(19));
    for public_id in [&component, &total] {
        let fields = sign(&cloud(), now(), |form| form.public_id(public_id));
        let description = json_of(&upload(&server, &fields, "a.png", &png(30, 20)));
        let url = description["url"].as_str().unwrap();
        assert_eq!(url.rsplit_once('.').unwrap().1, "png", "{url}");
        let longer = server.url(&format!("/demo/image/upload/v1/{public_id}.webp"));
        for url in [url.to_owned(), longer] {
            let delivered = server.get(&url);
            assert_eq!(delivered.status, 200, "{} {url}", delivered.error());
        }
    }
}

#[test]
fn an_upload_keeps_extensions_that_differ_in_case() {
    let server = Server::start();
    let other = server.original("demo/image/upload/photo.PNG");
    std::fs::create_dir_all(other.parent().unwrap()).unwrap();
    std::fs::write(&other, png(40, 30)).unwrap();
    let fields = sign(&cloud(), now(), |form| form.public_id("photo"));
    json_of(&upload(&server, &fields, "a.png", &png(30, 20)));
    // Where names of files have no case, this is the new file.
    assert!(other.exists());
    let url = server.url("/demo/image/upload/photo.png");
    assert_eq!(server.get(&url).body, png(30, 20));
}

#[test]
fn a_repeated_upload_has_a_greater_version() {
    let server = Server::start();
    let fields = sign(&cloud(), now(), |form| form.public_id("photo"));
    let first = json_of(&upload(&server, &fields, "a.png", &png(30, 20)));
    let second = json_of(&upload(&server, &fields, "b.jpg", &jpeg(40, 20)));
    assert!(second["version"].as_u64() > first["version"].as_u64());
    assert_eq!(second["asset_id"], first["asset_id"]);
    let delivered = server.get(&server.url("/demo/image/upload/photo.jpg"));
    assert_eq!(delivered.body, jpeg(40, 20));
    // The first format is gone.
    assert!(!server.original("demo/image/upload/photo.png").exists());

    let fields = sign(&cloud(), now(), |form| {
        form.public_id("photo")
            .parameter("overwrite", "false")
            .unwrap()
    });
    let third = json_of(&upload(&server, &fields, "c.png", &png(50, 20)));
    assert_eq!(third["existing"], json!(true));
    assert_eq!(third["version"], second["version"]);
    let delivered = server.get(&server.url("/demo/image/upload/photo.jpg"));
    assert_eq!(delivered.body, jpeg(40, 20));
}

#[test]
fn a_form_without_scripts_is_redirected() {
    let server = Server::start();
    let callback = "http://127.0.0.1:3000/?after=upload";
    let fields = sign(&cloud(), now(), |form| {
        form.parameter("callback", callback).unwrap()
    });
    let body = multipart(&fields, Some((Some("a.png"), &png(30, 20))));
    let send = |headers: &[(&str, &str)]| post(&server, "/v1_1/demo/image/upload", &body, headers);
    for headers in [&[] as &[(&str, &str)], &[("sec-fetch-mode", "navigate")]] {
        let response = send(headers);
        assert_eq!(response.status, 303, "{headers:?}");
        let location = response.header("location");
        assert!(location.starts_with(callback), "{location}");
        assert!(location.contains("&public_id=") && location.contains("&version="));
    }
    for headers in [
        ("x-requested-with", "XMLHttpRequest"),
        ("sec-fetch-mode", "cors"),
    ] {
        json_of(&send(&[headers]));
    }
}

#[test]
fn scripts_of_local_pages_may_upload() {
    let server = Server::start();
    let url = server.url("/v1_1/demo/auto/upload");
    let headers = [
        ("origin", "http://127.0.0.1:3000"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "x-requested-with"),
    ];
    let response = server.send(&Method::OPTIONS, &url, &headers);
    assert_eq!(response.status, 204);
    let origin = response.header("access-control-allow-origin");
    assert_eq!(origin, "http://127.0.0.1:3000");
    assert_eq!(
        response.header("access-control-allow-methods"),
        "POST, OPTIONS"
    );
    assert_eq!(response.header("access-control-allow-headers"), "*");
    let response = server.get(&url);
    assert_eq!(response.status, 405);
    assert_eq!(response.header("allow"), "POST, OPTIONS");
    assert_eq!(
        serde_json::from_slice::<Value>(&response.body).unwrap(),
        json!({ "error": { "message": "Method not allowed" } })
    );
}

#[test]
fn facts_describe_the_upright_image() {
    let server = Server::start();
    let bytes = with_exif(&jpeg(40, 30));
    let response = upload(&server, &recorded(&server, None), "a.jpg", &bytes);
    let description = json_of(&response);
    assert_eq!(description["width"], json!(30));
    assert_eq!(description["height"], json!(40));
    let metadata = json!({
        "Make": "Camera", "Orientation": "Rotate 90 CW", "Colorspace": "RGB",
    });
    assert_eq!(description["image_metadata"], metadata);
    assert_eq!(description["phash"].as_str().unwrap().len(), 16);
}

/// Adds an EXIF segment with the orientation 6 and the maker `Camera`
/// (EXIF 2.3, section 4.6).
fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let mut tiff = b"MM\0\x2A\0\0\0\x08\0\x02".to_vec();
    // Make, ASCII, 7 bytes at offset 38.
    tiff.extend(b"\x01\x0F\0\x02\0\0\0\x07\0\0\0\x26");
    // Orientation, SHORT, 1 value.
    tiff.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
    tiff.extend(b"\0\0\0\0Camera\0");
    let length = u16::try_from(2 + 6 + tiff.len()).unwrap();
    let segment = [b"\xFF\xE1", &length.to_be_bytes()[..], b"Exif\0\0", &tiff].concat();
    [&jpeg[..2], &segment, &jpeg[2..]].concat()
}

#[test]
fn colors_are_those_of_the_picture() {
    let server = Server::start();
    let mut pixels = picture(40, 30).into_rgb8();
    for (x, _, pixel) in pixels.enumerate_pixels_mut() {
        pixel.0 = if x < 30 {
            [0x15, 0x2E, 0x02]
        } else {
            [0xFF; 3]
        };
    }
    let bytes = encode(&pixels.into(), ImageFormat::Png);
    let response = upload(&server, &recorded(&server, None), "a.png", &bytes);
    let colors = json!([["#152E02", 75.0], ["#FFFFFF", 25.0]]);
    assert_eq!(json_of(&response)["colors"], colors);
}
