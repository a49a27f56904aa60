//! Tests of the running host on both databases.
//!
//! The tests on PostgreSQL are ignored if its programs are missing. The test harness
//! of the standard library decides at compile time which tests to ignore, so another
//! harness runs these tests: `tests!` lists the tests of a module.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::expect_used,
    clippy::zombie_processes,
    reason = "tests"
)]

#[macro_use]
mod harness;

mod arguments;
mod compression;
mod concurrency;
mod database;
mod databases;
mod disconnects;
mod errors;
mod exchange;
mod exports;
#[cfg(feature = "gallery")]
mod gallery;
#[cfg(feature = "gallery")]
mod gallery_upload;
mod host;
mod hostile;
mod keys;
mod limits;
mod openapi;
mod outages;
mod pipes;
mod postgres;
mod rejected;
mod response;
mod statements;
mod thumbnails;
mod unreadable;
mod upload_forms;
mod webhook;

use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    let tests: Vec<_> = [
        arguments::tests(),
        compression::tests(),
        concurrency::tests(),
        databases::tests(),
        disconnects::tests(),
        errors::tests(),
        exchange::tests(),
        exports::tests(),
        #[cfg(feature = "gallery")]
        gallery::tests(),
        #[cfg(feature = "gallery")]
        gallery_upload::tests(),
        harness::tests(),
        hostile::tests(),
        keys::tests(),
        limits::tests(),
        openapi::tests(),
        outages::tests(),
        pipes::tests(),
        rejected::tests(),
        thumbnails::tests(),
        unreadable::tests(),
        upload_forms::tests(),
        webhook::tests(),
        webhook::rejections::tests(),
        webhook::versions::tests(),
    ]
    .into_iter()
    .flatten()
    .collect();
    libtest_mimic::run(&Arguments::from_args(), tests).exit_code()
}
