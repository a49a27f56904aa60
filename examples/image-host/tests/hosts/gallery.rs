//! The gallery and its local delivery network.

use std::io::Cursor;
use std::net::{TcpListener, TcpStream};

use image::{DynamicImage, ImageFormat, ImageReader};

use crate::database::Database;
use crate::host::{Host, IDS, RECORDED, query};
use crate::response::{Response, agent, masked, read};

tests! {
    sqlite: the_gallery_is_printed_first,
    sqlite: the_page_shows_the_recorded_images,
    sqlite: the_eleven_urls_deliver_pictures,
    sqlite: a_changed_url_delivers_no_picture,
    sqlite: the_recorded_exchange_is_unchanged,
    sqlite: proxy_urls_keep_their_settings,
    sqlite: next_links_reach_the_last_image,
    sqlite: without_demo_keys_there_is_no_gallery,
    sqlite: a_port_in_use_names_the_options,
    sqlite: an_unusable_folder_names_the_option,
    sqlite: subdomains_start_without_a_gallery,
    sqlite: originals_are_not_overwritten,
    sqlite: both_listeners_stop,
}

pub(crate) const ORIGINAL: &[u8] = include_bytes!("../../../data/pictures/0b7e148bbd7c.png");

/// The public id of the file of `IDS[0]`.
const PUBLIC_ID: &str = "0b7e148bbd7c";

pub(crate) fn demo() -> (Database, Host) {
    let database = Database::embedded().with_demo_token_key();
    let host = database.host(&[]);
    (database, host)
}

pub(crate) fn gallery(host: &Host) -> &str {
    host.printed[0].strip_prefix("gallery: ").unwrap()
}

pub(crate) fn get(url: &str) -> Response {
    read(agent().get(url).call().unwrap()).unwrap()
}

/// Requests a page of the gallery by its path.
pub(crate) fn page(host: &Host, path: &str) -> String {
    let response = get(&format!("{}{path}", gallery(host).trim_end_matches('/')));
    assert_eq!(response.status, 200, "{path}");
    response.text().to_owned()
}

/// Returns the URLs of the pictures on a page.
pub(crate) fn pictures(html: &str) -> Vec<String> {
    let sources = html.split("<img src=\"").skip(1);
    sources
        .map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"))
        .collect()
}

/// Requests a picture as a browser does, and follows one redirect.
pub(crate) fn picture(url: &str) -> Response {
    let accept = "image/avif,image/webp,image/apng,image/*,*/*;q=0.8";
    let get = |url: &str| read(agent().get(url).header("accept", accept).call().unwrap()).unwrap();
    let response = get(url);
    match response.status {
        302 => get(response.header("location")),
        _ => response,
    }
}

pub(crate) fn decoded(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory(bytes).unwrap()
}

/// Returns the mean of each channel.
fn means(image: &DynamicImage) -> [f64; 3] {
    let pixels = image.to_rgb8();
    let mut sums = [0.0; 3];
    for pixel in pixels.pixels() {
        for (sum, value) in sums.iter_mut().zip(pixel.0) {
            *sum += f64::from(value);
        }
    }
    let count = f64::from(pixels.width() * pixels.height());
    sums.map(|sum| sum / count)
}

fn the_gallery_is_printed_first() {
    let (_database, host) = demo();
    let address = host.url.strip_prefix("http://").unwrap();
    let starts = [
        &*format!("gallery: http://{address}/"),
        "export IMAGE_SYNC_TOKEN=",
        "cargo run --release -p client -- ",
        "curl -sg ",
        "listening on ",
    ];
    assert_eq!(host.printed.len(), starts.len());
    for (line, start) in host.printed.iter().zip(starts) {
        assert!(line.starts_with(start), "{line}");
    }
}

fn the_page_shows_the_recorded_images() {
    let (_database, host) = demo();
    let html = page(&host, "/");
    for id in IDS {
        assert!(
            html.contains(&format!("href=\"/gallery/images/{id}\"")),
            "{id}"
        );
    }
    let pictures = pictures(&html);
    assert_eq!(pictures.len(), 4);
    for url in pictures {
        let response = picture(&url);
        assert_eq!(response.status, 200, "{url}");
        let image = decoded(&response.body);
        assert_eq!((image.width(), image.height()), (100, 100), "{url}");
    }
}

fn the_eleven_urls_deliver_pictures() {
    let (_database, host) = demo();
    let html = page(&host, &format!("/gallery/images/{}", IDS[0]));
    let original = decoded(ORIGINAL);
    // The original is a square: each size is that of the last step with a size.
    let sizes = [
        960, 300, 2000, 100, 200, 1920, 960, 1920, 1920, 200, 100, 1920,
    ];
    let pictures = pictures(&html);
    // The last picture is the original below the crop.
    assert_eq!(pictures.len(), sizes.len());
    for (url, size) in pictures.iter().zip(sizes) {
        let response = picture(url);
        assert_eq!(response.status, 200, "{url}");
        let reader = ImageReader::new(Cursor::new(&response.body));
        let format = reader.with_guessed_format().unwrap().format();
        let expected = if url.contains("f_auto") || is_proxy(&host, url) {
            ImageFormat::WebP
        } else {
            ImageFormat::Jpeg
        };
        assert_eq!(format, Some(expected), "{url}");
        assert_eq!(
            response.header("content-type"),
            expected.to_mime_type(),
            "{url}"
        );
        let image = decoded(&response.body);
        assert_eq!((image.width(), image.height()), (size, size), "{url}");
        for (mean, expected) in means(&image).iter().zip(means(&original)) {
            assert!(
                (mean - expected).abs() < 3.0,
                "{url}: {mean}, not {expected}"
            );
        }
    }
    let proxies = pictures.iter().filter(|url| is_proxy(&host, url)).count();
    assert_eq!(proxies, 3);
}

fn is_proxy(host: &Host, url: &str) -> bool {
    url.starts_with(gallery(host))
}

fn a_changed_url_delivers_no_picture() {
    let (_database, host) = demo();
    let html = page(&host, "/");
    let urls = pictures(&html);
    let url = urls.iter().find(|url| url.contains(PUBLIC_ID)).unwrap();
    let origin = gallery(&host).trim_end_matches('/');
    for (from, to) in [
        ("h_100", "h_999"),
        (PUBLIC_ID, "a0edf094f09d"),
        ("/s--", "/s--A"),
    ] {
        let changed = agent().get(url.replace(from, to)).header("origin", origin);
        let response = read(changed.call().unwrap()).unwrap();
        let reason = (response.status, response.header("x-cld-error"));
        assert_eq!(reason, (401, "Invalid signature"), "{from}");
        // The script of the page reads the reason.
        assert_eq!(response.header("access-control-allow-origin"), origin);
        assert!(
            response
                .header("access-control-expose-headers")
                .contains("X-Cld-Error")
        );
    }
    // The file is stored as authenticated, and the delivery type is not signed.
    assert_eq!(
        picture(&url.replace("/authenticated/", "/upload/")).status,
        404
    );
}

fn the_recorded_exchange_is_unchanged() {
    let (_database, host) = demo();
    page(&host, "/");
    let response = host.images(&query(IDS));
    assert_eq!(response.body.len(), 11_775);
    let recorded = masked(RECORDED);
    // The cloud of the tests is that of the recording.
    assert_eq!(masked(response.text()), recorded);
}

fn proxy_urls_keep_their_settings() {
    let (_database, host) = demo();
    let images = image_model::from_slice::<String>(&host.images(&query([IDS[0]])).body).unwrap();
    let recorded = &images[0].external_urls.mini;
    let target = recorded
        .strip_prefix("https://sharinpix-proxy-dev.herokuapp.com")
        .unwrap();
    let response = get(&format!("{}{target}", host.url));
    assert_eq!(response.status, 302);
    assert!(
        response
            .header("location")
            .starts_with("https://res.cloudinary.com/sadaasdasd/")
    );

    let html = page(&host, &format!("/gallery/images/{}", IDS[0]));
    let proxy = pictures(&html)
        .into_iter()
        .find(|url| is_proxy(&host, url))
        .unwrap();
    let response = get(&proxy);
    assert_eq!(response.status, 302);
    assert!(response.header("location").starts_with("http://127.0.0.1:"));
    let head = read(agent().head(&proxy).call().unwrap()).unwrap();
    assert_eq!(head.status, 302);
    assert_eq!(head.header("location"), response.header("location"));
    let changed = get(&proxy.replace("?s=", "?s=0"));
    assert_eq!((changed.status, changed.text()), (400, "Invalid url"));
}

fn next_links_reach_the_last_image() {
    let database = Database::embedded().with_demo_token_key();
    let host = database.host(&["--images", "60"]);
    let mut path = "/".to_owned();
    let mut links = Vec::new();
    for count in [24, 24, 16] {
        let html = page(&host, &path);
        let ids = html.split("href=\"/gallery/images/").skip(1);
        let before = links.len();
        links.extend(ids.map(|rest| rest.split('"').next().unwrap().to_owned()));
        assert_eq!(links.len() - before, count);
        path = match html.split_once("rel=\"next\" href=\"") {
            Some((_, rest)) => rest.split('"').next().unwrap().to_owned(),
            None => String::new(),
        };
    }
    assert_eq!(path, "", "there are 64 images");
    // The newest image is the first one.
    let newest: Vec<_> = IDS.into_iter().rev().collect();
    assert_eq!(links[60..], newest);
    links.sort_unstable();
    links.dedup();
    assert_eq!(links.len(), 64);
}

fn without_demo_keys_there_is_no_gallery() {
    let database = Database::embedded();
    let configured = database.host(&[]);
    let refused = Database::embedded().with_demo_token_key();
    let refused = refused.host(&["--no-gallery"]);
    for host in [&configured, &refused] {
        assert!(
            host.printed
                .iter()
                .all(|line| !line.starts_with("gallery: "))
        );
        for path in ["/", "/gallery/style.css", "/gallery/form"] {
            assert_eq!(get(&format!("{}{path}", host.url)).status, 404, "{path}");
        }
    }
    assert!(!database.path("image-host-originals").exists());
}

fn a_port_in_use_names_the_options() {
    let database = Database::embedded().with_demo_token_key();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let arguments = ["--listen", "127.0.0.1:0", "--delivery-listen", &address];
    let output = database.output(&arguments, "");
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    let expected = format!(
        "error: cannot listen on {address} for the gallery; use `--delivery-listen` with \
         another address, or `--no-gallery`: "
    );
    assert!(stderr.contains(&expected), "{stderr}");
    let arguments = ["--listen", "127.0.0.1:0", "--delivery-listen", "0.0.0.0:0"];
    let output = database.output(&arguments, "");
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.ends_with("0.0.0.0:0 is not a loopback address\n"),
        "{stderr}"
    );
}

fn an_unusable_folder_names_the_option() {
    for folder in ["image-host-originals", "image-host-cache"] {
        let database = Database::embedded().with_demo_token_key();
        std::fs::write(database.path(folder), "a file").unwrap();
        let arguments = ["--listen", "127.0.0.1:0"];
        let output = database.output(&arguments, "");
        assert_eq!(output.status.code(), Some(1), "{folder}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        let expected =
            "error: cannot start the gallery; `--no-gallery` starts the host without it: ";
        assert!(stderr.contains(expected), "{stderr}");
        assert!(stderr.contains(folder), "{stderr}");
        drop(database.host(&["--no-gallery"]));
    }
}

fn subdomains_start_without_a_gallery() {
    let database = Database::embedded().with_demo_token_key();
    let url = "cloudinary://key:abcd@sadaasdasd?cdn_subdomain=true";
    let host = database.host_with(&[], &[("CLOUDINARY_URL", url)]);
    assert!(!host.printed[0].starts_with("gallery: "));
    assert_eq!(get(&format!("{}/", host.url)).status, 404);
    let log = host.stop();
    assert!(log.contains("warning: there is no gallery: "), "{log}");
}

fn originals_are_not_overwritten() {
    let (database, host) = demo();
    let folder = database.path("image-host-originals/sadaasdasd/image/authenticated");
    let file = folder.join(format!("{PUBLIC_ID}.png"));
    assert_eq!(std::fs::read(&file).unwrap(), ORIGINAL);
    host.stop();
    let mut edited = Cursor::new(Vec::new());
    let small = decoded(ORIGINAL).crop_imm(0, 0, 30, 20);
    small.write_to(&mut edited, ImageFormat::Png).unwrap();
    std::fs::write(&file, edited.get_ref()).unwrap();
    let host = database.host(&[]);
    let html = page(&host, &format!("/gallery/images/{}", IDS[0]));
    let image = decoded(&picture(&pictures(&html)[0]).body);
    assert_eq!((image.width(), image.height()), (30, 20));
}

fn both_listeners_stop() {
    let (_database, host) = demo();
    let html = page(&host, "/");
    let addresses = [gallery(&host), &pictures(&html)[0]].map(|url| {
        let rest = url.strip_prefix("http://").unwrap();
        rest.split('/').next().unwrap().to_owned()
    });
    for address in &addresses {
        assert!(TcpStream::connect(address).is_ok(), "{address}");
    }
    host.stop();
    for address in &addresses {
        assert!(TcpStream::connect(address).is_err(), "{address}");
    }
}
