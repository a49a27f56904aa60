//! Tests of the page of an image.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::host::{Files, Host, ORIGINAL, id};
use crate::original::{COLORS, quadrant};
use crate::rendition::{self, Step};

tests! {
    the_eleven_pictures_are_cropped_and_rotated,
    the_crop_is_drawn_on_the_original,
    the_page_shows_its_payload,
    a_copy_button_copies_its_url,
}

/// The rectangle is not in the middle, so that a mirrored or shifted one has other colors.
const CROP: (f64, f64, f64, f64) = (100.0, 50.0, 400.0, 250.0);

/// Starts a host with an image that is cropped and rotated.
pub(crate) fn edited() -> Host {
    let (x, y, width, height) = CROP;
    let change = [
        ("rotation", json!(90)),
        ("crop_x", json!(x)),
        ("crop_y", json!(y)),
        ("crop_w", json!(width)),
        ("crop_h", json!(height)),
        ("width", json!(250)),
        ("height", json!(400)),
    ];
    Files::new().with_images(&[id(1)], &change).host()
}

#[allow(clippy::float_cmp, reason = "whole numbers")]
fn the_eleven_pictures_are_cropped_and_rotated() {
    let host = edited();
    let browser = Browser::start();
    browser.open(&host.image(&id(1)));
    let (x, y, width, height) = CROP;
    let expected = rendition::pictures(Step::Crop {
        x,
        y,
        width,
        height,
    });
    let names: Vec<String> =
        browser.value("return [...document.querySelectorAll('figure img')].map(img => img.alt)");
    let expected_names: Vec<_> = expected
        .iter()
        .map(|(key, _)| format!("Quadrants, {key}"))
        .collect();
    assert_eq!(names, expected_names);

    let sizes = browser.sizes("figure img");
    for (number, (key, steps)) in expected.iter().enumerate() {
        let (width, height) = rendition::size(ORIGINAL, steps);
        assert_eq!(f64::from(sizes[number].0), width, "{key}");
        assert_eq!(f64::from(sizes[number].1), height, "{key}");
        let expected = |x, y| {
            let (x, y) = rendition::source(ORIGINAL, steps, (x, y));
            COLORS[quadrant(ORIGINAL, x, y)]
        };
        let mut compared = 0;
        for ((x, y), color) in colors(&browser, number) {
            let (x, y) = (x * width, y * height);
            // Resampling and compression mix the colors of pixels at an edge.
            let corners = [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)];
            let around = corners.map(|(dx, dy)| expected(x + 5.0 * dx, y + 5.0 * dy));
            if around.iter().any(|color| *color != around[0]) {
                continue;
            }
            compared += 1;
            let near = around[0]
                .iter()
                .zip(color)
                .all(|(a, b)| a.abs_diff(b) <= 16);
            assert!(near, "{key} at {x}, {y}: {color:?}, not {:?}", around[0]);
        }
        assert!(compared > 300, "{key}: {compared} of 400 points");
    }
}

/// Reads a picture at 20 × 20 points, as parts of its size.
fn colors(browser: &Browser, number: usize) -> Vec<((f64, f64), [u8; 3])> {
    // A second request, because a canvas does not reveal a picture of another host that
    // was requested without CORS.
    browser.resolved(
        "const { src } = document.querySelectorAll('figure img')[arguments[0]];
         const response = await fetch(src);
         const bitmap = await createImageBitmap(await response.blob());
         const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
         const context = canvas.getContext('2d');
         context.drawImage(bitmap, 0, 0);
         const points = [];
         for (let row = 0; row < 20; row++) {
             for (let column = 0; column < 20; column++) {
                 const [x, y] = [(column + 0.5) / 20, (row + 0.5) / 20];
                 const { data } = context.getImageData(
                     Math.floor(x * bitmap.width), Math.floor(y * bitmap.height), 1, 1);
                 points.push([[x, y], [...data.slice(0, 3)]]);
             }
         }
         return points;",
        vec![json!(number)],
    )
}

fn the_crop_is_drawn_on_the_original() {
    let host = edited();
    let browser = Browser::start();
    browser.open(&host.image(&id(1)));
    browser.sizes("main div:has(> svg rect) img");
    // As it appears on the screen, in parts of the size of the picture.
    let drawn: [f64; 4] = browser.value(
        "const rectangle = document.querySelector('main svg rect');
         const part = rectangle.getBBox();
         const matrix = rectangle.getScreenCTM();
         const start = new DOMPoint(part.x, part.y).matrixTransform(matrix);
         const end = new DOMPoint(part.x + part.width, part.y + part.height)
             .matrixTransform(matrix);
         const picture = rectangle.closest('div').querySelector('img').getBoundingClientRect();
         return [
             (start.x - picture.x) / picture.width, (start.y - picture.y) / picture.height,
             (end.x - start.x) / picture.width, (end.y - start.y) / picture.height,
         ];",
    );
    let (x, y, width, height) = CROP;
    let (whole_width, whole_height) = (f64::from(ORIGINAL.0), f64::from(ORIGINAL.1));
    let expected = [
        x / whole_width,
        y / whole_height,
        width / whole_width,
        height / whole_height,
    ];
    for (drawn, expected) in drawn.iter().zip(expected) {
        assert!((drawn - expected).abs() < 0.01, "{drawn}, not {expected}");
    }
}

fn the_page_shows_its_payload() {
    let host = edited();
    let browser = Browser::start();
    browser.open(&host.image(&id(1)));
    let shown: String = browser.value("return document.querySelector('pre').textContent");
    let shown: Vec<Value> = serde_json::from_str(&shown).unwrap();
    let mut payload = host.payload();
    payload.retain(|image| image["id"] == id(1));
    assert_eq!(payload.len(), 1);
    assert_eq!(shown, payload);
}

fn a_copy_button_copies_its_url() {
    let host = edited();
    let browser = Browser::start();
    browser.open(&host.image(&id(1)));
    browser.allow_clipboard();
    browser.click("figure button");
    let url: String = browser.value("return document.querySelector('figure img').src");
    browser.wait_for_clipboard(&url);
}
