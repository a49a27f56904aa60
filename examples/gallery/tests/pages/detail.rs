//! The page of an image.

use image_model::{Crop, Gps, Rotation};
use serde_json::Value;

use crate::memory::{DELIVERY, ID, PAGES, entry};
use crate::page::{detail, unescaped};

#[tokio::test]
async fn the_eleven_urls_are_pictures() {
    let mut entry = entry();
    entry
        .image
        .set_crop(Crop::new(3.0, 2.0, 10.0, 11.0).unwrap());
    entry.image.rotation = Rotation::new(90).unwrap();
    let page = detail(entry).await;
    let frames: Vec<_> = page.body.split("<figure").skip(1).collect();
    assert_eq!(frames.len(), 11);
    // The table of the protocol: CROP is `c_crop,…`, ROTATE is `a_90`.
    let (crop, rotate) = ("c_crop,h_11,w_10,x_3,y_2", "a_90");
    let (attachment, auto) = ("fl_attachment", "dpr_auto,q_auto,f_auto");
    let fit = "c_fit,h_1920,w_1920";
    let full = [crop, fit, rotate, attachment, auto];
    let large = [crop, fit, rotate, "c_fill,h_200,w_200", attachment, auto];
    let mini = [crop, fit, rotate, "c_fill,h_100,w_100", attachment, auto];
    let expected: [(&str, bool, &[&str]); 11] = [
        ("original_url", false, &[attachment]),
        (
            "external_urls.fill100",
            false,
            &[crop, rotate, "c_fit,w_300"],
        ),
        (
            "external_urls.fit2000",
            false,
            &[crop, rotate, "c_fit,h_2000,w_2000"],
        ),
        ("external_urls.mini", true, &mini),
        ("external_urls.large", true, &large),
        ("external_urls.full", true, &full),
        ("thumbnails.original", false, &[attachment, auto]),
        (
            "thumbnails.full_no_sharinpix",
            false,
            &[fit, attachment, auto],
        ),
        ("thumbnails.full", false, &full),
        ("thumbnails.large", false, &large),
        ("thumbnails.mini", false, &mini),
    ];
    for (frame, (key, is_proxy, steps)) in frames.iter().zip(expected) {
        assert!(frame.contains(&format!("<h3>{key}</h3>")), "{frame}");
        assert!(
            frame.contains(&format!("alt=\"Super Image, {key}\"")),
            "{frame}"
        );
        let kind = if is_proxy {
            "Proxy URL"
        } else {
            "Delivery URL"
        };
        assert!(frame.contains(kind), "{frame}");
        let host = if is_proxy { PAGES } else { DELIVERY };
        assert!(
            frame.contains(&format!("<img src=\"http://{host}/")),
            "{frame}"
        );
        let (_, shown) = frame.split_once("Transformation: </span>").unwrap();
        let (shown, _) = shown.split_once("</p>").unwrap();
        let shown = shown.replace("<wbr>", "");
        let shown = shown.replace("<code>", "").replace("</code>", "");
        assert_eq!(shown, steps.join("/"), "{key}");
    }
}

#[tokio::test]
async fn each_picture_has_a_url_to_copy() {
    let page = detail(entry()).await;
    let copied = page.attributes("data-copy");
    assert_eq!(copied.len(), 12);
    let sources = page.attributes("src");
    for (number, id) in copied.iter().enumerate() {
        let element = format!("<code id=\"{id}\">");
        let (_, text) = page.body.split_once(&element).unwrap();
        let text = unescaped(text.split("</code>").next().unwrap());
        if id == "payload" {
            assert_eq!(number, 11);
        } else {
            assert!(sources.contains(&text), "{text}");
        }
    }
}

#[tokio::test]
async fn the_crop_is_drawn_on_the_original() {
    let mut entry = entry();
    entry
        .image
        .set_crop(Crop::new(3.0, 2.5, 10.0, 11.0).unwrap());
    let page = detail(entry).await;
    assert!(page.body.contains(r#"viewBox="0 0 48 48""#));
    assert!(
        page.body
            .contains(r#"<rect x="3" y="2.5" width="10" height="11""#)
    );
    assert!(
        page.body.contains(
            "shows 10 × 11 pixels of the stored file, 3 from the left and 2.5 from the top"
        )
    );
    let page = detail(self::entry()).await;
    assert!(
        page.body
            .contains("The image is not cropped and not rotated.")
    );
    assert!(!page.body.contains(r#"viewBox="0 0 48 48""#));
}

#[tokio::test]
async fn locations_name_their_source() {
    let mut entry = entry();
    entry.image.gps = Gps::new(-33.5, -70.25).ok();
    entry.image.gps_ip = Gps::new(48.5, 2.25).ok();
    let page = detail(entry).await;
    assert!(page.body.contains(
        "<dt>Best known</dt><dd><a href=\"geo:-33.5,-70.25\">33.50000° S, 70.25000° W</a></dd>"
    ));
    assert!(page.body.contains("<dt>IP address of the uploader</dt>"));
    assert!(!page.body.contains("<dt>Exif tags</dt>"));
}

#[tokio::test]
async fn the_json_has_the_settings_of_the_host() {
    let page = detail(entry()).await;
    let (_, json) = page.body.split_once("<code id=\"payload\">").unwrap();
    let json = unescaped(json.split("</code>").next().unwrap());
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0].as_object().unwrap().len(), 37);
    let mini = json[0]["thumbnails"]["mini"].as_str().unwrap();
    assert!(mini.starts_with("/assets/blank.jpg#https://res.cloudinary.com/demo/"));
    let proxy = json[0]["external_urls"]["mini"].as_str().unwrap();
    assert!(proxy.starts_with("https://proxy.example/super-image.png?s="));
}

#[tokio::test]
async fn an_image_without_a_name_is_named_by_its_id() {
    let mut entry = entry();
    entry.image.title = Some(" ".to_owned());
    entry.image.filename = None;
    let page = detail(entry).await;
    assert!(page.body.contains(&format!("<h1>Image {ID}</h1>")));
}
