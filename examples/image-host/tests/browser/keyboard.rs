//! Tests without a mouse.

use std::fs;

use thirtyfour::Key;

use crate::browser::Browser;
use crate::grid::{PICTURES, walk};
use crate::host::{Files, Host, RECORDED_IMAGES, id};
use crate::original;

tests! {
    the_skip_link_is_first_and_leads_to_the_content,
    tab_and_enter_lead_through_the_gallery,
    the_keyboard_uploads_a_file,
}

/// Presses the tab key until the focus is on an element that matches a selector. Checks
/// that each focused element is visible and marked.
fn tab_to(browser: &Browser, selector: &str) {
    for _ in 0..200 {
        browser.press(Key::Tab);
        let focused: (bool, String) = browser.value_of(
            "const focused = document.activeElement;
             if (focused === document.body) return [false, ''];
             const style = getComputedStyle(focused);
             const { top, left, bottom, right } = focused.getBoundingClientRect();
             const problems = [];
             if (!focused.matches(':focus-visible')) problems.push('not :focus-visible');
             if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 1)
                 problems.push('no outline');
             if (bottom <= 0 || right <= 0 || top >= innerHeight || left >= innerWidth)
                 problems.push('outside of the window');
             if (right - left < 2 || bottom - top < 2) problems.push('no size');
             const problem = problems.length && problems + ': ' + focused.outerHTML.slice(0, 200);
             return [focused.matches(arguments[0]), problem || ''];",
            vec![selector.into()],
        );
        assert_eq!(focused.1, "");
        if focused.0 {
            return;
        }
    }
    panic!("the tab key does not reach {selector}");
}

fn the_skip_link_is_first_and_leads_to_the_content() {
    let host = Host::start();
    let browser = Browser::start();
    browser.open(&host.gallery);
    browser.press(Key::Tab);
    let href: String = browser.value("return document.activeElement.getAttribute('href')");
    assert!(href.starts_with('#'), "{href}");
    browser.press(Key::Enter);
    browser.wait_until("return document.activeElement.closest('main') !== null");
    // The next element is in the content, not in the header.
    browser.press(Key::Tab);
    assert!(browser.value::<bool>("return document.activeElement.closest('main') !== null"));
}

fn tab_and_enter_lead_through_the_gallery() {
    let added: Vec<_> = (0..30).map(id).collect();
    let host = Files::new().with_images(&added, &[]).host();
    let browser = Browser::start();
    browser.open(&host.gallery);
    let next = || {
        tab_to(&browser, "a[rel=next]");
        browser.press(Key::Enter);
    };
    let seen = walk(&browser, next);
    assert_eq!(seen.len(), added.len() + RECORDED_IMAGES);

    browser.open(&host.gallery);
    browser.allow_clipboard();
    tab_to(&browser, "a[href^='/gallery/images/']");
    let path: String = browser.value("return document.activeElement.getAttribute('href')");
    browser.press(Key::Enter);
    browser.wait_for_page(&path);
    tab_to(&browser, "figure button");
    browser.press(Key::Enter);
    let url: String = browser.value("return document.querySelector('figure img').src");
    browser.wait_for_clipboard(&url);
    tab_to(&browser, "figure summary");
    browser.press(Key::Enter);
    browser.wait_until("return document.activeElement.closest('details').open");
}

fn the_keyboard_uploads_a_file() {
    let host = Host::start();
    let file = host.path("keys.png");
    fs::write(&file, original::png(64, 64)).unwrap();
    let browser = Browser::start();
    browser.open(&host.gallery);
    tab_to(&browser, "input[type=file]");
    // The dialog that chooses a file belongs to the system.
    browser.type_into("input[type=file]", file.to_str().unwrap());
    tab_to(&browser, "form button[type=submit]");
    browser.press(Key::Enter);
    browser.wait_until(&format!(
        "return document.querySelectorAll(\"{PICTURES}\").length === {}",
        RECORDED_IMAGES + 1
    ));
}
