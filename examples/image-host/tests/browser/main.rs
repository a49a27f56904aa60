//! Tests of the gallery in a real browser: Chromium, without a window.
//!
//! Each test starts the host with its gallery and a browser with an empty profile. A test
//! fails if the console of the browser contains an error or if a page requests something
//! from another host. The tests are ignored if Chromium or its driver is missing.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

#[macro_use]
mod harness;

mod accessibility;
mod browser;
mod client;
mod driver;
mod grid;
mod host;
mod image;
mod keyboard;
mod logs;
mod original;
mod rendition;
mod screenshots;
mod scripts;
mod tampered;
mod upload;

use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let tests: Vec<_> = [
        accessibility::tests(),
        grid::tests(),
        image::tests(),
        keyboard::tests(),
        logs::tests(),
        screenshots::tests(),
        scripts::tests(),
        tampered::tests(),
        upload::tests(),
    ]
    .into_iter()
    .flatten()
    .collect();
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}
