//! Lists of tests that are ignored if the browser is missing.

use libtest_mimic::{Completion, Failed, Trial};

use crate::driver;

/// Lists the tests of a module. A function that is not listed is unused, which the
/// compiler reports.
macro_rules! tests {
    ($($test:ident,)*) => {
        /// Returns the tests of this module.
        pub(crate) fn tests() -> Vec<libtest_mimic::Trial> {
            vec![$(
                $crate::harness::trial(concat!(module_path!(), "::", stringify!($test)), $test),
            )*]
        }
    };
}

pub(crate) fn trial(name: &str, test: fn()) -> Trial {
    // Without the name of this program.
    let name = name.strip_prefix("browser::").unwrap_or(name);
    Trial::ignorable_test(name, move || {
        if let Some(reason) = driver::missing() {
            return Ok::<_, Failed>(Completion::ignored_with(reason));
        }
        test();
        Ok(Completion::Completed)
    })
}
