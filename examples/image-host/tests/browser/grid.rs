//! Tests of the grid.

use std::collections::BTreeSet;

use crate::browser::Browser;
use crate::host::{Files, Host, RECORDED_IMAGES, id};

tests! {
    every_picture_of_the_grid_loads,
    next_links_lead_through_all_images,
}

/// The pictures of the grid.
pub(crate) const PICTURES: &str = "main a[href^='/gallery/images/'] img";

fn every_picture_of_the_grid_loads() {
    let host = Host::start();
    let browser = Browser::start();
    browser.open(&host.gallery);
    // `thumbnails.mini` has the step `c_fill,h_100,w_100`.
    assert_eq!(browser.sizes(PICTURES), [(100, 100); RECORDED_IMAGES]);
}

/// Images with one number per page would hide an error at the end of a page.
fn next_links_lead_through_all_images() {
    let added: Vec<_> = (0..60).map(id).collect();
    let host = Files::new().with_images(&added, &[]).host();
    let browser = Browser::start();
    browser.open(&host.gallery);
    let seen = walk(&browser, || browser.click("a[rel=next]"));
    assert_eq!(seen.len(), added.len() + RECORDED_IMAGES);
    for id in &added {
        assert!(seen.contains(&format!("/gallery/images/{id}")), "{id}");
    }
}

/// Follows the next links to the last page. Returns the paths of the images.
pub(crate) fn walk(browser: &Browser, next: impl Fn()) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    loop {
        let sizes = browser.sizes(PICTURES);
        assert!(!sizes.is_empty());
        assert!(sizes.iter().all(|size| *size == (100, 100)), "{sizes:?}");
        let paths: Vec<String> = browser.value(
            "return [...document.querySelectorAll('main a[href^=\"/gallery/images/\"]')]
                 .map(link => link.getAttribute('href'))",
        );
        assert_eq!(paths.len(), sizes.len());
        for path in paths {
            assert!(seen.insert(path), "an image is on two pages: {seen:?}");
        }
        if !browser.value::<bool>("return !!document.querySelector('a[rel=next]')") {
            return seen;
        }
        let address = browser.url();
        next();
        browser.wait_for_page_other_than(&address);
    }
}
