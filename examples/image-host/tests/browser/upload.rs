//! Tests of uploads: form, webhook, payload, copy of a client, and picture.

use std::fs;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::client;
use crate::grid::PICTURES;
use crate::host::{Host, RECORDED_IMAGES};
use crate::original;

tests! {
    an_uploaded_file_arrives_everywhere,
    a_dropped_file_is_uploaded,
    files_dropped_during_an_upload_wait,
    an_invalid_picture_is_rejected,
}

const SIZE: (u32, u32) = (320, 200);

fn an_uploaded_file_arrives_everywhere() {
    let host = Host::start();
    let file = host.path("quay at noon.png");
    fs::write(&file, original::png(SIZE.0, SIZE.1)).unwrap();
    let browser = Browser::start();
    browser.open(&host.gallery);
    browser.type_into("input[type=file]", file.to_str().unwrap());
    browser.click("form button[type=submit]");
    wait_for_images(&browser, RECORDED_IMAGES + 1);
    arrived_everywhere(&host, &browser, "quay at noon");
}

fn a_dropped_file_is_uploaded() {
    let host = Host::start();
    let browser = Browser::start();
    browser.open(&host.gallery);
    drop_files(&browser, &["dropped file.png"]);
    wait_for_images(&browser, RECORDED_IMAGES + 1);
    arrived_everywhere(&host, &browser, "dropped file");
}

fn files_dropped_during_an_upload_wait() {
    let host = Host::start();
    let browser = Browser::start();
    browser.open(&host.gallery);
    drop_files(&browser, &["a.png", "b.png", "c.png"]);
    wait_for_images(&browser, RECORDED_IMAGES + 3);
    let payload = host.payload();
    for name in ["a", "b", "c"] {
        assert!(payload.iter().any(|image| image["filename"] == name));
    }
}

/// Drops files one after the other, without a pause.
fn drop_files(browser: &Browser, names: &[&str]) {
    let bytes = original::png(SIZE.0, SIZE.1);
    let () = browser.value_of(
        "const target = document.querySelector('label[for=file]');
         for (const name of arguments[1]) {
             const file = new File([new Uint8Array(arguments[0])], name, { type: 'image/png' });
             const dataTransfer = new DataTransfer();
             dataTransfer.items.add(file);
             for (const type of ['dragenter', 'dragover', 'drop']) {
                 target.dispatchEvent(
                     new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
             }
         }",
        vec![json!(bytes), json!(names)],
    );
}

fn an_invalid_picture_is_rejected() {
    let host = Host::start();
    let file = host.path("text.png");
    fs::write(&file, "no picture").unwrap();
    let browser = Browser::start();
    browser.open(&host.gallery);
    browser.type_into("input[type=file]", file.to_str().unwrap());
    browser.click("form button[type=submit]");
    browser.wait_until(
        "return [...document.querySelectorAll('[role=status]')]
             .some(status => status.innerText.includes('Invalid image file'))",
    );
    assert_eq!(host.payload().len(), RECORDED_IMAGES);
    let errors = browser.console_errors();
    assert!(!errors.is_empty());
    for error in errors {
        assert!(
            error.contains("/upload") && error.contains("400"),
            "{error}"
        );
    }
}

/// Waits until the grid has a number of pictures, whether or not the page is loaded again.
fn wait_for_images(browser: &Browser, number: usize) {
    let script = "return document.readyState === 'complete'
        && document.querySelectorAll(arguments[0]).length === arguments[1]";
    browser.wait_until_with(script, &[json!(PICTURES), json!(number)]);
}

/// Checks the grid, the page of the new image, the payload and the copy of a client.
fn arrived_everywhere(host: &Host, browser: &Browser, name: &str) {
    assert_eq!(browser.sizes(PICTURES), [(100, 100); RECORDED_IMAGES + 1]);
    // The newest image is the first one.
    let alt: String = browser.value_of(
        "return document.querySelector(arguments[0]).alt",
        vec![json!(PICTURES)],
    );
    assert_eq!(alt, name);

    let payload = host.payload();
    assert_eq!(payload.len(), RECORDED_IMAGES + 1);
    let found = |image: &&Value| image["filename"] == name;
    let image = payload.iter().find(found).unwrap();
    assert_eq!(image["width"], SIZE.0);
    assert_eq!(image["height"], SIZE.1);
    assert_eq!(image["format"], "png");
    assert_eq!(image["infos"]["original_filename"], name);
    let size = original::png(SIZE.0, SIZE.1).len();
    assert_eq!(image["infos"]["bytes"], size);

    let copy = client::copy(host);
    assert_eq!(copy.len(), RECORDED_IMAGES + 1);
    assert_eq!(copy.iter().find(found).unwrap(), image);

    browser.open(&host.image(image["id"].as_str().unwrap()));
    let sizes = browser.sizes("figure img");
    // `original_url` and `thumbnails.mini`.
    assert_eq!(sizes.first(), Some(&(320, 200)));
    assert_eq!(sizes.last(), Some(&(100, 100)));
}
