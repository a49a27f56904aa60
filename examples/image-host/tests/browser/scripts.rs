//! Tests of the pages in a browser that runs no scripts.

use std::fs;

use crate::browser::Browser;
use crate::grid::{PICTURES, walk};
use crate::host::{Files, Host, RECORDED_IMAGES, id};
use crate::image::edited;
use crate::original;

tests! {
    the_pages_work_without_scripts,
    an_image_is_shown_without_scripts,
    a_form_uploads_without_scripts,
}

fn the_pages_work_without_scripts() {
    let added: Vec<_> = (0..30).map(id).collect();
    let host = Files::new().with_images(&added, &[]).host();
    let browser = Browser::without_scripts();
    browser.open(&host.gallery);
    let seen = walk(&browser, || browser.click("a[rel=next]"));
    assert_eq!(seen.len(), added.len() + RECORDED_IMAGES);
}

fn an_image_is_shown_without_scripts() {
    let host = edited();
    let browser = Browser::without_scripts();
    browser.open(&host.gallery);
    browser.click(&format!("a[href$='{}']", id(1)));
    browser.wait_for_page(&id(1));
    assert_eq!(browser.sizes("figure img").len(), 11);
    // A button that only a script can handle would do nothing.
    let buttons: u64 = browser.value("return document.querySelectorAll('button').length");
    assert_eq!(buttons, 0);
}

fn a_form_uploads_without_scripts() {
    let host = Host::start();
    let file = host.path("no script.png");
    fs::write(&file, original::png(320, 200)).unwrap();
    let browser = Browser::without_scripts();
    browser.open(&host.gallery);
    browser.type_into("input[type=file]", file.to_str().unwrap());
    browser.click("form button[type=submit]");
    browser.wait_until(&format!(
        "return document.querySelectorAll(\"{PICTURES}\").length === {}",
        RECORDED_IMAGES + 1
    ));
    // The browser is back in the gallery.
    assert!(
        browser.url().starts_with(&host.gallery),
        "{}",
        browser.url()
    );
    assert_eq!(browser.sizes(PICTURES), [(100, 100); RECORDED_IMAGES + 1]);
}
