//! Uploads with the form of the gallery.

use std::io::Cursor;

use image::ImageFormat;

use crate::gallery::{ORIGINAL, decoded, demo, gallery, get, page, picture, pictures};
use crate::response::{Response, agent, read};

tests! {
    sqlite: an_upload_becomes_an_image,
}

/// Sends the form of a page as a browser without JavaScript.
fn submit(html: &str, file: &[u8]) -> Response {
    let (_, form) = html.split_once("<form ").unwrap();
    let (form, _) = form.split_once("</form>").unwrap();
    let attribute = |text: &str, name: &str| {
        let (_, value) = text.split_once(&format!("{name}=\"")).unwrap();
        value.split('"').next().unwrap().replace("&amp;", "&")
    };
    let boundary = "a-boundary-of-the-tests";
    let mut body = Vec::new();
    for input in form
        .split("<input ")
        .filter(|input| input.starts_with("type=\"hidden\""))
    {
        let (name, value) = (attribute(input, "name"), attribute(input, "value"));
        let part = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend(part.bytes());
    }
    let part = format!(
        "--{boundary}\r\ncontent-disposition: form-data; name=\"file\"; \
         filename=\"A house <1>.png\"\r\ncontent-type: image/png\r\n\r\n"
    );
    body.extend(part.bytes());
    body.extend(file);
    body.extend(format!("\r\n--{boundary}--\r\n").bytes());
    let request = agent()
        .post(attribute(form, "action"))
        .header(
            "content-type",
            format!("multipart/form-data; boundary={boundary}"),
        )
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document");
    read(request.send(&body).unwrap()).unwrap()
}

fn an_upload_becomes_an_image() {
    let (_database, host) = demo();
    let mut file = Cursor::new(Vec::new());
    let small = decoded(ORIGINAL).crop_imm(0, 0, 640, 427);
    small.write_to(&mut file, ImageFormat::Png).unwrap();
    let response = submit(&page(&host, "/"), file.get_ref());
    assert_eq!(response.status, 303, "{}", response.text());
    let callback = response.header("location");
    assert!(callback.starts_with(gallery(&host)), "{callback}");
    let html = get(callback).text().to_owned();
    assert!(html.contains("The upload is complete."));

    // The webhook has added the image to the payload.
    let images = image_model::from_slice::<String>(&host.images("").body).unwrap();
    assert_eq!(images.len(), 5);
    let image = &images[4];
    assert_eq!(image.filename.as_deref(), Some("A house <1>"));
    assert_eq!(
        (image.original_width, image.original_height),
        (Some(640), Some(427))
    );
    assert_eq!(image.infos.tags().collect::<Vec<_>>(), ["00100000123BB175"]);
    assert!(image.processed);
    assert!(
        image
            .thumbnails
            .mini
            .starts_with("/assets/blank.jpg#https://res.cloudinary.com/")
    );

    // It is the first one on the page, and its file is delivered.
    let first = html.split("href=\"/gallery/images/").nth(1).unwrap();
    assert!(first.starts_with(&image.id.to_string()));
    assert!(html.contains("A house &lt;1&gt;"));
    let html = page(&host, &format!("/gallery/images/{}", image.id));
    let pictures = pictures(&html);
    // 427 · 300 / 640 = 200.16, 427 · 2000 / 640 = 1334.4, 427 · 1920 / 640 = 1281
    let sizes = [
        (640, 427),
        (300, 200),
        (2000, 1334),
        (100, 100),
        (200, 200),
        (1920, 1281),
        (640, 427),
        (1920, 1281),
        (1920, 1281),
        (200, 200),
        (100, 100),
        (1920, 1281),
    ];
    assert_eq!(pictures.len(), sizes.len());
    for (url, size) in pictures.iter().zip(sizes) {
        let response = picture(url);
        assert_eq!(response.status, 200, "{url}");
        let image = decoded(&response.body);
        assert_eq!((image.width(), image.height()), size, "{url}");
    }

    // A changed form is rejected.
    let form = page(&host, "/").replace("00100000123BB175", "other");
    assert_eq!(submit(&form, file.get_ref()).status, 401);
    assert_eq!(
        image_model::from_slice::<String>(&host.images("").body)
            .unwrap()
            .len(),
        5
    );
}
