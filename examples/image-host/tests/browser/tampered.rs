//! Tests of a picture whose URL was changed.

use crate::browser::Browser;
use crate::grid::PICTURES;
use crate::host::Host;

tests! {
    a_tampered_picture_does_not_load,
    a_picture_of_another_signature_does_not_load,
}

fn a_tampered_picture_does_not_load() {
    // A larger picture is not signed.
    rejects("w_100", "w_400");
}

fn a_picture_of_another_signature_does_not_load() {
    rejects("/s--", "/s--A");
}

fn rejects(part: &str, replacement: &str) {
    let host = Host::start();
    let browser = Browser::start();
    browser.open(&host.gallery);
    browser.sizes(PICTURES);
    let tampered: String = browser.value_of(
        "const picture = document.querySelector(arguments[0]);
         let src = picture.src.replace(arguments[1], arguments[2]);
         // The number of characters of a signature does not change.
         if (arguments[1] === '/s--') src = src.replace(/(s--.{8})./, '$1');
         picture.src = src;
         return picture.src;",
        vec![PICTURES.into(), part.into(), replacement.into()],
    );
    assert!(tampered.contains(replacement), "{tampered}");
    browser.wait_until("return document.querySelector('main').innerText.includes('401')");
    let width: u64 = browser.value_of(
        "return document.querySelector(arguments[0]).naturalWidth",
        vec![PICTURES.into()],
    );
    assert_eq!(width, 0);
    // The other pictures remain.
    let rest = format!(
        "li:not(:first-child) {}",
        PICTURES.trim_start_matches("main ")
    );
    assert_eq!(browser.sizes(&rest), [(100, 100); 3]);
    let errors = browser.console_errors();
    assert!(!errors.is_empty());
    for error in errors {
        assert!(
            error.contains(&tampered) && error.contains("401"),
            "{error}"
        );
    }
}
