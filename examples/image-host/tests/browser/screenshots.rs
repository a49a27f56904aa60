//! Screenshots of the gallery for its README.

use std::env;
use std::fs;
use std::path::Path;

use libtest_mimic::Trial;

use crate::browser::Browser;
use crate::grid::PICTURES;
use crate::harness;
use crate::host::Host;

/// The variable that enables the screenshots.
const VARIABLE: &str = "UPDATE_SCREENSHOTS";

/// Returns the test that writes the screenshots. It is ignored unless the variable is set.
pub(crate) fn tests() -> Vec<Trial> {
    let trial = harness::trial(
        "screenshots::pages_are_photographed",
        pages_are_photographed,
    );
    let trial = trial.with_kind("set UPDATE_SCREENSHOTS=1");
    vec![trial.with_ignored_flag(env::var_os(VARIABLE).is_none())]
}

fn pages_are_photographed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../gallery/screenshots");
    fs::create_dir_all(&folder).unwrap();
    let host = Host::start();
    let image = &host.payload()[0];
    let image = host.image(image["id"].as_str().unwrap());
    let browser = Browser::start();
    for (name, url, width, height, scheme) in [
        ("grid", &host.gallery, 1_280, 800, "light"),
        ("image", &image, 1_280, 800, "light"),
        ("phone", &host.gallery, 390, 844, "light"),
        ("dark", &image, 1_280, 800, "dark"),
    ] {
        browser.prefer(scheme);
        browser.resize(width, height);
        browser.open(url);
        browser.sizes("figure img");
        browser.sizes(PICTURES);
        let () = browser.value("scrollTo(0, 0)");
        let file = folder.join(format!("{name}.png"));
        fs::write(file, browser.screenshot()).unwrap();
    }
}
