//! Lists of tests, and tests that are ignored if a program is missing.

use std::fs;
use std::path::Path;

use libtest_mimic::{Completion, Failed, Trial};

use crate::database::Engine;
use crate::postgres;

/// Lists the tests of a module: `both` are functions of an [`Engine`] that run on
/// SQLite and on PostgreSQL, `sqlite` and `postgresql` run on one of them, and
/// `long` on SQLite with `--ignored` only. A function that is not listed is unused,
/// which the compiler reports.
macro_rules! tests {
    ($($kind:ident: $test:ident,)*) => {
        /// Returns the tests of this module.
        pub(crate) fn tests() -> Vec<libtest_mimic::Trial> {
            let mut tests = Vec::new();
            $(
                let name = concat!(module_path!(), "::", stringify!($test));
                tests.extend($crate::harness::$kind(name, $test));
            )*
            tests
        }
    };
}

tests! {
    sqlite: no_test_bypasses_the_harness,
}

pub(crate) fn both(name: &str, test: fn(Engine)) -> [Trial; 2] {
    [
        trial(&format!("{name}::sqlite"), move || test(Engine::Sqlite)),
        if_postgresql(&format!("{name}::postgresql"), move || {
            test(Engine::Postgresql);
        }),
    ]
}

pub(crate) fn sqlite(name: &str, test: fn()) -> [Trial; 1] {
    [trial(name, test)]
}

pub(crate) fn postgresql(name: &str, test: fn()) -> [Trial; 1] {
    [if_postgresql(name, test)]
}

pub(crate) fn long(name: &str, test: fn()) -> [Trial; 1] {
    let trial = trial(name, test).with_kind("takes minutes");
    [trial.with_ignored_flag(true)]
}

fn trial(name: &str, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(short(name), move || {
        test();
        Ok(())
    })
}

fn if_postgresql(name: &str, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::ignorable_test(short(name), move || {
        if let Some(reason) = postgres::missing() {
            return Ok::<_, Failed>(Completion::ignored_with(reason));
        }
        test();
        Ok(Completion::Completed)
    })
}

/// Returns the path of a test without the name of this program.
fn short(name: &str) -> &str {
    name.strip_prefix("hosts::").unwrap_or(name)
}

/// The compiler drops functions with the attribute, because this harness does not
/// collect them.
fn no_test_bypasses_the_harness() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = fs::read_to_string(&path).unwrap();
            let attribute = source.lines().any(|line| line.trim() == "#[test]");
            assert!(!attribute, "{}: list the tests in `tests!`", path.display());
            files += 1;
        }
    }
    assert!(files > 15);
}
