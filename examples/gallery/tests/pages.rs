//! The HTML of all pages, without a browser.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use gallery::{Entry, Gallery, GallerySettings, Images, ImagesError, Page};
use image_model::{Crop, Gps, Image, Rotation, Timestamp};
use serde_json::{Value, json};
use sync_payload::{ImageSigner, UrlPrefix};
use tower::ServiceExt;
use url_signer::cloudinary::api::UploadForm;
use url_signer::cloudinary::{Asset, Cloud};
use url_signer::{Authority, ProxySigner, Secret, ThumbnailSigner};
use uuid::Uuid;

const PAGES: &str = "127.0.0.1:3000";
const DELIVERY: &str = "127.0.0.1:3001";
const ID: Uuid = Uuid::from_u128(0x14364f29_c30d_4bbb_992c_19e6031244f7);

/// Images in memory.
#[derive(Default)]
struct Memory {
    entries: Vec<Entry>,
    next: Option<i64>,
    has_forms: bool,
    is_broken: bool,
}

impl Memory {
    fn of(entry: Entry) -> Self {
        Self {
            entries: vec![entry],
            ..Self::default()
        }
    }

    fn check(&self) -> Result<(), ImagesError> {
        if self.is_broken {
            return Err(ImagesError::new("a secret reason"));
        }
        Ok(())
    }
}

impl Images for Memory {
    async fn page(&self, after: Option<i64>) -> Result<Page, ImagesError> {
        self.check()?;
        let first = self.entries.iter().filter(|_| after.is_none());
        Ok(Page {
            entries: first.cloned().collect(),
            next: self.next.filter(|_| after.is_none()),
        })
    }

    async fn image(&self, id: Uuid) -> Result<Option<Entry>, ImagesError> {
        self.check()?;
        let found = self.entries.iter().find(|entry| entry.image.id == id);
        Ok(found.cloned())
    }

    async fn upload_form(&self, callback: &str) -> Result<Option<UploadForm>, ImagesError> {
        if !self.has_forms {
            return Ok(None);
        }
        let cloud = local_cloud();
        let form = cloud.api().unwrap().upload_form(1_700_000_000);
        let form = form.parameter("callback", callback).unwrap();
        Ok(Some(form.sign()))
    }
}

fn cloud() -> Cloud {
    "cloudinary://key:abcd@demo".parse().unwrap()
}

fn local_cloud() -> Cloud {
    let cloud = cloud().with_plain_http().unwrap();
    let cloud = cloud.with_cname(Authority::new(DELIVERY).unwrap()).unwrap();
    cloud
        .with_upload_prefix(&format!("http://{DELIVERY}"))
        .unwrap()
}

fn gallery(images: Memory) -> Arc<Gallery<Memory>> {
    Gallery::new(settings(), images).unwrap()
}

fn settings() -> GallerySettings {
    let secret = || Secret::new("a key of the tests").unwrap();
    let [pages, delivery] = [PAGES, DELIVERY].map(|host| Authority::new(host).unwrap());
    let thumbnails = ThumbnailSigner::new(secret());
    let proxy = ProxySigner::new(pages.clone(), pages.clone(), secret()).with_plain_http();
    let recorded = ProxySigner::new(
        Authority::new("proxy.example").unwrap(),
        Authority::new("localhost").unwrap(),
        secret(),
    );
    let prefix = UrlPrefix::new("/assets/blank.jpg#").unwrap();
    GallerySettings {
        cloud_name: "demo".to_owned(),
        signer: ImageSigner::new(local_cloud(), proxy.clone(), thumbnails.clone()),
        json_signer: ImageSigner::new(cloud(), recorded, thumbnails.clone()).with_prefix(prefix),
        proxy,
        thumbnails,
        authority: pages,
        delivery,
        note: Some("A remark.".to_owned()),
    }
}

fn entry() -> Entry {
    let created_at: Timestamp = "2019-04-08T19:38:56.021+02:00".parse().unwrap();
    let mut image = Image {
        filename: Some("Super Image".to_owned()),
        format: Some("png".to_owned()),
        width: Some(48),
        height: Some(48),
        original_width: Some(48),
        original_height: Some(48),
        ..Image::new(ID, created_at)
    };
    image.tag_names = vec!["test_1".to_owned(), "test_2".to_owned()];
    let asset = Asset::authenticated("0b7e148bbd7c").unwrap();
    let asset = asset.with_version(123_123).with_extension("jpg").unwrap();
    Entry {
        image,
        asset: Some(asset),
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// Returns the values of an attribute.
    fn attributes(&self, name: &str) -> Vec<String> {
        let start = format!(" {name}=\"");
        let values = self.body.split(&start).skip(1);
        values
            .map(|value| unescaped(value.split('"').next().unwrap()))
            .collect()
    }

    /// Returns the tags with a name, each from `<` to `>`.
    fn tags(&self, name: &str) -> Vec<&str> {
        let start = format!("<{name}");
        let found = self.body.split(&start).skip(1);
        found
            .filter(|rest| rest.starts_with([' ', '>']))
            .map(|rest| rest.split('>').next().unwrap())
            .collect()
    }
}

fn unescaped(html: &str) -> String {
    let text = html
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    text.replace("&amp;", "&")
}

async fn get_with(images: Memory, target: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::get(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = gallery(images).router().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

async fn get(images: Memory, target: &str) -> Answer {
    get_with(images, target, &[("host", PAGES)]).await
}

async fn detail(entry: Entry) -> Answer {
    let target = format!("/gallery/images/{}", entry.image.id);
    get(Memory::of(entry), &target).await
}

#[tokio::test]
async fn the_grid_links_to_each_image() {
    let page = get(Memory::of(entry()), "/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(
        page.attributes("href")
            .contains(&format!("/gallery/images/{ID}"))
    );
    let pictures = page.attributes("src");
    let mini = pictures.iter().find(|url| url.contains("/image/")).unwrap();
    assert!(
        mini.starts_with("http://127.0.0.1:3001/demo/image/authenticated/s--"),
        "{mini}"
    );
    assert!(
        mini.ends_with(
            "--/c_fit,h_1920,w_1920/c_fill,h_100,w_100/fl_attachment/dpr_auto,q_auto,f_auto\
             /v123123/0b7e148bbd7c.jpg"
        ),
        "{mini}"
    );
    assert_eq!(page.attributes("alt"), ["Super Image"]);
}

#[tokio::test]
async fn the_next_link_names_the_last_position() {
    let images = || Memory {
        next: Some(-7),
        ..Memory::of(entry())
    };
    let first = get(images(), "/").await;
    assert!(first.body.contains(r#"rel="next" href="/?after=-7""#));
    let last = get(images(), "/?after=-7").await;
    assert!(last.tags("a").iter().all(|link| !link.contains("rel=")));
    assert!(last.body.contains("First page"));
    assert!(last.body.contains("There are no images."));
    // The form is on the first page only.
    assert!(last.tags("form").is_empty());
}

#[tokio::test]
async fn hostile_texts_are_escaped() {
    let hostile = r#""'><script>alert(1)</script><img src=x onerror=alert(1)>&amp;"#;
    let mut entry = entry();
    let image = &mut entry.image;
    image.title = Some(hostile.to_owned());
    image.filename = Some(hostile.to_owned());
    image.description = Some(hostile.to_owned());
    image.format = Some(hostile.to_owned());
    image.color = Some(format!("#{hostile}"));
    image.album_id = Some(hostile.to_owned());
    image.user_sfid = Some(hostile.to_owned());
    image.processing_error = Some(hostile.to_owned());
    image.public_id = hostile.to_owned();
    image.tag_names = vec![hostile.to_owned()];
    let object = json!({ hostile: hostile, "list": [{ "key": hostile }] });
    image.metadatas = object.as_object().unwrap().clone();
    image.exifs = image.metadatas.clone();
    image.infos = image_model::Infos::try_from(image.exifs.clone()).unwrap();
    for page in [
        get(Memory::of(entry.clone()), "/").await,
        detail(entry).await,
    ] {
        assert_eq!(page.status, StatusCode::OK);
        // The only script is that of the gallery, and no text became a tag.
        assert_eq!(page.tags("script"), [r#" src="/gallery/script.js" defer"#]);
        for tag in page.tags("img") {
            assert!(tag.starts_with(r#" src="http://127.0.0.1:300"#), "{tag}");
        }
        assert!(
            page.attributes("alt")
                .iter()
                .all(|alt| alt.starts_with(hostile))
        );
        assert!(page.body.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    }
}

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
async fn every_page_names_both_settings() {
    for target in ["/", &format!("/gallery/images/{ID}"), "/gallery/images/x"] {
        let page = get(Memory::of(entry()), target).await;
        for text in [
            "<code>demo</code>",
            "<th scope=\"row\">Delivery URLs</th><td data-column=\"On this page\">\
             <code>http://127.0.0.1:3001</code></td>\
             <td data-column=\"In the JSON and the API\"><code>https://res.cloudinary.com</code></td>",
            "<th scope=\"row\">Prefix</th><td data-column=\"On this page\">none</td>\
             <td data-column=\"In the JSON and the API\"><code>/assets/blank.jpg#</code></td>",
            "<th scope=\"row\">Proxy URLs</th><td data-column=\"On this page\">\
             <code>http://127.0.0.1:3000</code></td>\
             <td data-column=\"In the JSON and the API\"><code>https://proxy.example</code></td>",
            "A remark.",
        ] {
            assert!(page.body.contains(text), "{target}: {text}");
        }
        assert_eq!(page.tags("h1").len(), 1, "{target}");
        assert_eq!(page.tags("main").len(), 1, "{target}");
        assert!(
            page.tags("img").iter().all(|tag| tag.contains(" alt=\"")),
            "{target}"
        );
        // Ids are unique, and the labels refer to them.
        let mut ids = page.attributes("id");
        for label in page.attributes("aria-labelledby") {
            assert!(ids.contains(&label), "{label}");
        }
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "{target}");
    }
}

#[tokio::test]
async fn a_pending_file_is_named() {
    let pending = Entry {
        asset: None,
        ..entry()
    };
    let page = get(Memory::of(pending.clone()), "/").await;
    assert!(page.body.contains("Upload pending"));
    let page = detail(pending).await;
    assert!(page.body.contains("pending: not uploaded yet"));
    let pictures = page.attributes("src");
    assert!(
        pictures
            .iter()
            .any(|url| url.ends_with("/raw_placeholder.jpg"))
    );
    // The original of a pending file is a proxy URL.
    let (_, original) = page.body.split_once("<h3>original_url</h3>").unwrap();
    assert!(original.contains("Proxy URL"));
}

#[tokio::test]
async fn an_image_without_a_name_is_named_by_its_id() {
    let mut entry = entry();
    entry.image.title = Some(" ".to_owned());
    entry.image.filename = None;
    let page = detail(entry).await;
    assert!(page.body.contains(&format!("<h1>Image {ID}</h1>")));
}

#[tokio::test]
async fn the_form_sends_its_file_last() {
    let images = Memory {
        has_forms: true,
        ..Memory::of(entry())
    };
    let page = get(images, "/").await;
    let form = page.tags("form")[0];
    assert!(
        form.contains(r#"action="http://127.0.0.1:3001/v1_1/demo/auto/upload""#),
        "{form}"
    );
    assert!(form.contains(r#"enctype="multipart/form-data""#), "{form}");
    let inputs = page.tags("input");
    let (file, hidden) = inputs.split_last().unwrap();
    assert!(file.contains(r#"type="file" name="file""#), "{file}");
    assert!(page.body.contains(r#"<label class="drop" for="file">"#));
    let names: Vec<_> = hidden
        .iter()
        .map(|input| {
            input
                .split("name=\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
        })
        .collect();
    assert_eq!(names, ["callback", "timestamp", "signature", "api_key"]);
    assert!(
        hidden[0].contains(r#"value="http://127.0.0.1:3000/?uploaded=true""#),
        "{}",
        hidden[0]
    );
}

#[tokio::test]
async fn the_script_gets_a_new_form() {
    let images = Memory {
        has_forms: true,
        ..Memory::default()
    };
    let form = get(images, "/gallery/form").await;
    assert_eq!(form.header("content-type"), "application/json");
    let form: Value = serde_json::from_str(&form.body).unwrap();
    assert_eq!(form["url"], "http://127.0.0.1:3001/v1_1/demo/auto/upload");
    assert_eq!(form["fields"][1], json!(["timestamp", "1700000000"]));
    let missing = get(Memory::default(), "/gallery/form").await;
    assert_eq!(missing.status, StatusCode::NOT_IMPLEMENTED);
    let page = get(Memory::default(), "/").await;
    assert!(page.body.contains("Uploads are not configured"));
}

#[tokio::test]
async fn an_upload_is_confirmed() {
    let uploaded = "/?uploaded=true&public_id=a&version=1&signature=b";
    let page = get(Memory::of(entry()), uploaded).await;
    assert!(page.body.contains("The upload is complete."));
    let page = get(Memory::of(entry()), "/").await;
    assert!(!page.body.contains("The upload is complete."));
}

#[tokio::test]
async fn responses_restrict_the_browser() {
    let policy = "default-src 'none'; \
        img-src 'self' http://127.0.0.1:3000 http://127.0.0.1:3001; \
        connect-src 'self' http://127.0.0.1:3000 http://127.0.0.1:3001; \
        form-action 'self' http://127.0.0.1:3000 http://127.0.0.1:3001; \
        style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    for (target, content_type) in [
        ("/", "text/html; charset=utf-8"),
        ("/gallery/images/x", "text/html; charset=utf-8"),
        ("/gallery/style.css", "text/css; charset=utf-8"),
        ("/gallery/script.js", "text/javascript; charset=utf-8"),
        ("/gallery/icon.svg", "image/svg+xml"),
    ] {
        let response = get(Memory::of(entry()), target).await;
        for (name, value) in [
            ("content-type", content_type),
            ("content-security-policy", policy),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(response.header(name), value, "{target}");
        }
    }
}

#[tokio::test]
async fn pages_have_no_inline_scripts_or_styles() {
    for target in ["/", &format!("/gallery/images/{ID}")] {
        let page = get(Memory::of(entry()), target).await;
        assert!(page.attributes("style").is_empty(), "{target}");
        assert!(page.tags("style").is_empty(), "{target}");
        for tag in page.body.split('<') {
            let tag = tag.split('>').next().unwrap();
            assert!(!tag.contains(" on"), "{target}: an event handler: {tag}");
        }
        // No request to another host.
        for url in [page.attributes("src"), page.attributes("action")].concat() {
            let is_local = url.starts_with('/')
                || url.starts_with("http://127.0.0.1:3000/")
                || url.starts_with("http://127.0.0.1:3001/");
            assert!(is_local, "{url}");
        }
    }
}

#[tokio::test]
async fn other_host_names_are_rejected() {
    for host in [
        "evil.example",
        "evil.example:3000",
        "127.0.0.1",
        "127.0.0.1:3001",
        "127.0.0.1:3000.evil.example",
        "192.0.2.1:3000",
        "localhost",
        "localhost.evil.example:3000",
        "",
    ] {
        let page = get_with(Memory::of(entry()), "/", &[("host", host)]).await;
        assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        assert!(!page.body.contains("Super Image"), "{host}");
    }
    let page = get_with(Memory::of(entry()), "/", &[]).await;
    assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn other_names_of_the_computer_redirect() {
    for host in ["localhost:3000", "[::1]:3000", "127.0.0.2:3000"] {
        let page = get_with(Memory::of(entry()), "/?after=3", &[("host", host)]).await;
        assert_eq!(page.status, StatusCode::TEMPORARY_REDIRECT, "{host}");
        assert_eq!(page.header("location"), "http://127.0.0.1:3000/?after=3");
    }
}

#[tokio::test]
async fn requests_of_other_sites_are_rejected() {
    let requests: [(&[(&str, &str)], StatusCode); 6] = [
        (&[("sec-fetch-site", "cross-site")], StatusCode::FORBIDDEN),
        (
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "iframe"),
            ],
            StatusCode::FORBIDDEN,
        ),
        (
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "no-cors"),
                ("sec-fetch-dest", "document"),
            ],
            StatusCode::FORBIDDEN,
        ),
        (
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
            ],
            StatusCode::OK,
        ),
        (&[("sec-fetch-site", "same-site")], StatusCode::OK),
        (&[("sec-fetch-site", "none")], StatusCode::OK),
    ];
    for (headers, status) in requests {
        let headers = [&[("host", PAGES)], headers].concat();
        let page = get_with(Memory::of(entry()), "/", &headers).await;
        assert_eq!(page.status, status, "{headers:?}");
        assert_eq!(page.body.contains("Super Image"), status == StatusCode::OK);
    }
}

#[tokio::test]
async fn unknown_images_and_positions_are_errors() {
    for (target, status) in [
        ("/gallery/images/00000000-0000-4000-8000-000000000001", 404),
        ("/gallery/images/x", 404),
        ("/gallery/images/%FF", 400),
        ("/?after=x", 400),
        ("/?after=99999999999999999999", 400),
    ] {
        let page = get(Memory::of(entry()), target).await;
        assert_eq!(page.status, status, "{target}");
    }
}

#[tokio::test]
async fn an_error_of_the_images_is_not_shown() {
    for target in ["/", &format!("/gallery/images/{ID}")] {
        let images = Memory {
            is_broken: true,
            ..Memory::of(entry())
        };
        let page = get(images, target).await;
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(page.body.contains("cannot be read at the moment"));
        assert!(!page.body.contains("secret"));
    }
}

#[tokio::test]
async fn only_signed_proxy_urls_redirect() {
    let page = detail(entry()).await;
    let proxy = "http://127.0.0.1:3000";
    let targets: Vec<_> = page
        .attributes("src")
        .iter()
        .filter_map(|url| Some(url.strip_prefix(proxy)?.to_owned()))
        .collect();
    assert_eq!(targets.len(), 3);
    let gallery = gallery(Memory::of(entry()));
    for (target, size) in targets
        .iter()
        .zip(["c_fill,h_100,w_100/", "c_fill,h_200,w_200/", ""])
    {
        let redirect = gallery.redirect_proxy_url(target).await.unwrap();
        assert_eq!(redirect.status(), StatusCode::FOUND);
        let location = redirect.headers()["location"].to_str().unwrap();
        let end = format!(
            "--/c_fit,h_1920,w_1920/{size}fl_attachment/dpr_auto,q_auto,f_auto/v123123/0b7e148bbd7c.jpg"
        );
        assert!(location.starts_with("http://127.0.0.1:3001/demo/image/authenticated/s--"));
        assert!(location.ends_with(&end), "{location}");
        for changed in [
            target.replace("127.0.0.1", "localhost"),
            target.replace("thumbnails/", "thumbnails/x"),
            target.replace("s=", "s=0"),
            target.replace(&ID.to_string(), "00000000-0000-4000-8000-000000000001"),
        ] {
            assert_ne!(&changed, target);
            assert!(
                gallery.redirect_proxy_url(&changed).await.is_none(),
                "{changed}"
            );
        }
    }
}

#[test]
fn ipv6_addresses_are_rejected() {
    let settings = GallerySettings {
        delivery: Authority::new("[::1]:3001").unwrap(),
        ..settings()
    };
    let error = Gallery::new(settings, Memory::default()).err().unwrap();
    assert_eq!(
        error.to_string(),
        "`[::1]:3001` cannot be a source of a content security policy; use an IPv4 address or a \
         host name"
    );
}
