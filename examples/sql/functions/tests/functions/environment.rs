//! Keys from the environment. Each case is a process of its own.

use std::env;
use std::process::Command;

use image_sync_sql::Signers;

use crate::support::{cloud, images, proxy, thumbnails};

const CHILD: &str = "environment::prints_the_signers";

/// The program that the other tests run: prints the fingerprint and the warnings, or the error.
#[test]
#[ignore = "the other tests run it with their environment"]
fn prints_the_signers() {
    let result = match Signers::from_env() {
        Ok(signers) => format!("{signers:?} {:?}", signers.warnings()),
        Err(error) => {
            let mut text = format!("error: {error}");
            let mut source = std::error::Error::source(&error);
            while let Some(error) = source {
                text = format!("{text}: {error}");
                source = error.source();
            }
            text
        }
    };
    #[expect(clippy::print_stdout, reason = "the output of the program")]
    {
        println!("result: {result}");
    }
}

/// Runs [`prints_the_signers`], and returns its result.
fn signers_of(variables: &[(&str, &str)]) -> String {
    let output = Command::new(env::current_exe().unwrap())
        .args([CHILD, "--exact", "--ignored", "--nocapture"])
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let result = output.split_once("result: ").expect(&output).1;
    result.lines().next().unwrap().to_owned()
}

const URL: (&str, &str) = (
    "CLOUDINARY_URL",
    "cloudinary://key:abcd@sadaasdasd?auth_token[key]=00112233FF99",
);
const THUMBNAIL_KEY: (&str, &str) = ("THUMBNAIL_KEY", "thumbnail key");
const PROXY_KEY: (&str, &str) = ("PROXY_KEY", "proxy key");
const PROXY_HOST: (&str, &str) = ("PROXY_HOST", "sharinpix-proxy-dev.herokuapp.com");
const APP_HOST: (&str, &str) = ("APP_HOST", "localhost");
const URL_PREFIX: (&str, &str) = ("URL_PREFIX", "/assets/blank.jpg#");

#[test]
fn variables_equal_explicit_keys() {
    let only_cloud = Signers::new(cloud());
    let without_prefix = only_cloud
        .clone()
        .with_thumbnails(thumbnails())
        .with_proxy(proxy());
    let all = without_prefix.clone().with_images(images());
    let thumbnail = Signers::none().with_thumbnails(thumbnails());
    let parts = [
        ("CLOUDINARY_CLOUD_NAME", "demo"),
        ("CLOUDINARY_API_SECRET", "abcd"),
    ];
    for (variables, signers) in [
        (vec![URL], only_cloud),
        (
            vec![URL, THUMBNAIL_KEY, PROXY_KEY, PROXY_HOST, APP_HOST],
            without_prefix,
        ),
        (
            vec![
                URL,
                THUMBNAIL_KEY,
                PROXY_KEY,
                PROXY_HOST,
                APP_HOST,
                URL_PREFIX,
            ],
            all,
        ),
        (vec![THUMBNAIL_KEY], thumbnail),
        (
            parts.to_vec(),
            Signers::new("cloudinary://:abcd@demo".parse().unwrap()),
        ),
    ] {
        let result = signers_of(&variables);
        assert!(result.starts_with(&format!("{signers:?}")), "{result}");
    }
}

#[test]
fn warnings_name_the_variable() {
    let result = signers_of(&[URL, ("THUMBNAIL_KEY", "short")]);
    assert!(
        result.contains("THUMBNAIL_KEY is short; use at least 32 random bytes"),
        "{result}"
    );
    let url = (
        "CLOUDINARY_URL",
        "cloudinary://key:abcd@demo?privat_cdn=true",
    );
    let result = signers_of(&[url]);
    assert!(result.contains("privat_cdn"), "{result}");
}

#[test]
fn invalid_variables_are_errors_without_keys() {
    for (variables, error) in [
        (
            vec![],
            "error: no keys are set; set CLOUDINARY_URL, or THUMBNAIL_KEY and PROXY_KEY",
        ),
        (
            vec![("CLOUDINARY_URL", "http://key:abcd@demo")],
            "error: invalid CLOUDINARY_URL or CLOUDINARY_… variable: ",
        ),
        (
            vec![URL, PROXY_KEY, APP_HOST],
            "error: PROXY_HOST is not set; PROXY_KEY needs PROXY_HOST and APP_HOST",
        ),
        (
            vec![URL, PROXY_KEY, PROXY_HOST],
            "error: APP_HOST is not set; PROXY_KEY needs PROXY_HOST and APP_HOST",
        ),
        (
            vec![PROXY_KEY, PROXY_HOST, ("APP_HOST", "https://localhost")],
            "error: invalid APP_HOST: ",
        ),
        (
            vec![("THUMBNAIL_KEY", "abcd-key\n")],
            "error: environment variable `THUMBNAIL_KEY` ends with a newline",
        ),
        (
            vec![
                URL,
                THUMBNAIL_KEY,
                PROXY_KEY,
                PROXY_HOST,
                APP_HOST,
                ("URL_PREFIX", "a b"),
            ],
            "error: invalid URL_PREFIX: unexpected ' ' at byte 1 of the prefix",
        ),
    ] {
        let result = signers_of(&variables);
        assert!(result.starts_with(error), "{result}");
        assert!(!result.contains("abcd"), "{result}");
    }
}
