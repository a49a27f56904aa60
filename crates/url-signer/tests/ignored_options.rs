//! Options of a configuration that are known but have no effect.

#![allow(clippy::unwrap_used, reason = "tests")]

use url_signer::cloudinary::Cloud;

fn warnings(cloud: &Cloud) -> Vec<String> {
    cloud.warnings().iter().map(ToString::to_string).collect()
}

fn of_options(options: &str) -> Vec<String> {
    warnings(&format!("cloudinary://k:s@demo?{options}").parse().unwrap())
}

#[test]
fn ignored_token_options_cause_warnings() {
    let key = "auth_token[key]=00";
    for (options, expected) in [
        (
            "auth_token[url]=/a",
            "option `auth_token[url]` is ignored: \
             a token authorizes the URL that it is added to, or the acl",
        ),
        (
            "auth_token[set_url_signature]=true",
            "option `auth_token[set_url_signature]` is ignored: \
             the caller decides whether a URL with a token has a signature",
        ),
        (
            "auth_token[set_url_signature]=false",
            "option `auth_token[set_url_signature]` is ignored: \
             the caller decides whether a URL with a token has a signature",
        ),
        (
            "auth_token[duration]=5&auth_token[expiration]=9",
            "option `auth_token[duration]` is ignored: `auth_token[expiration]` is set",
        ),
    ] {
        assert_eq!(of_options(&format!("{key}&{options}")), [expected]);
        // Without the key, all options of tokens are ignored.
        assert_eq!(
            of_options(options),
            ["`auth_token` is ignored without `auth_token[key]`"]
        );
    }
    let none: [&str; 0] = [];
    let used = "auth_token[duration]=5&auth_token[start_time]=1&auth_token[acl]=/*";
    assert_eq!(of_options(&format!("{key}&{used}")), none);
}

#[test]
fn variables_next_to_the_url_cause_warnings() {
    let url = ("CLOUDINARY_URL", "cloudinary://k:s@demo");
    for variable in [
        ("CLOUDINARY_API_SECRET", "hush"),
        ("CLOUDINARY_PRIVATE_CDN", "true"),
        ("CLOUDINARY_SECURE", "maybe"),
        ("CLOUDINARY_AUTH_TOKEN[KEY]", "00"),
    ] {
        let cloud = Cloud::from_vars([url, variable]).unwrap();
        let name = variable.0;
        assert_eq!(
            warnings(&cloud),
            [format!(
                "environment variable `{name}` is ignored, because `CLOUDINARY_CLOUD_NAME` is not set"
            )]
        );
    }
    // Empty variables, variables for other purposes and the retired secrets of a program.
    for variable in [
        ("CLOUDINARY_CLOUD_NAME", ""),
        ("CLOUDINARY_PRIVATE_CDN", ""),
        ("CLOUDINARY_API_KEY", "1234"),
        ("CLOUDINARY_UPLOAD_PREFIX", "https://api.example"),
        ("CLOUDINARY_RETIRED_SECRET", "hush"),
        ("PRIVATE_CDN", "true"),
    ] {
        let cloud = Cloud::from_vars([url, variable]).unwrap();
        assert!(cloud.warnings().is_empty(), "{variable:?}");
    }
}
