//! Accounts by `CLOUDINARY_URL` and the variables beside it.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

use std::error::Error;

use url_signer::cloudinary::{
    Asset, Cloud, ResourceType, SignatureAlgorithm, TokenScope, Transformation,
};

fn base(text: &str) -> String {
    let cloud: Cloud = text.parse().unwrap();
    let asset = Asset::new("a").unwrap();
    let url = cloud.sign(&asset, Transformation::new()).to_string();
    url.split("/image/").next().unwrap().to_owned()
}

#[test]
fn host_options_are_read() {
    for (text, expected) in [
        ("cloudinary://k:s@demo", "https://res.cloudinary.com/demo"),
        ("cloudinary://k:s@demo/", "https://res.cloudinary.com/demo"),
        (
            "cloudinary://k:s@demo?secure=true&upload_prefix=https://api.example.org",
            "https://res.cloudinary.com/demo",
        ),
        (
            "cloudinary://k:s@demo/img.example.org/",
            "https://img.example.org",
        ),
        (
            "cloudinary://k:s@demo?secure=false",
            "http://res.cloudinary.com/demo",
        ),
        (
            "cloudinary://k:s@demo/img.example.org?secure=false",
            "http://demo-res.cloudinary.com",
        ),
        (
            "cloudinary://k:s@demo?secure=false&cname=img.example.org",
            "http://img.example.org/demo",
        ),
        // CRC-32 of `a` is 0xe8b7be43, which leaves 2 of 5.
        (
            "cloudinary://k:s@demo?cdn_subdomain=true",
            "https://res-3.cloudinary.com/demo",
        ),
        (
            "cloudinary://k:s@demo?cdn_subdomain=true&secure_cdn_subdomain=false",
            "https://res.cloudinary.com/demo",
        ),
        (
            "cloudinary://k:s@demo?private_cdn=true&secure_cdn_subdomain=true",
            "https://demo-res-3.cloudinary.com",
        ),
        (
            "cloudinary://k:s@demo?cdn_subdomain=true&secure=false&cname=c.org",
            "http://a3.c.org/demo",
        ),
        (
            "cloudinary://k:s@demo?cloud_name=other",
            "https://res.cloudinary.com/other",
        ),
        (
            "cloudinary://k:s@Demo_1",
            "https://res.cloudinary.com/Demo_1",
        ),
        (
            "cloudinary://k:s@demo?private_cdn=true",
            "https://demo-res.cloudinary.com",
        ),
        (
            "cloudinary://k:s@demo/img.example.org",
            "https://img.example.org",
        ),
        (
            "cloudinary://k:s@demo/img.example.org?private_cdn=false",
            "https://img.example.org/demo",
        ),
        (
            "cloudinary://k:s@demo?secure_distribution=img.example.org",
            "https://img.example.org/demo",
        ),
        (
            "cloudinary://k:s@demo/a.example.org?secure_distribution=b.example.org",
            "https://b.example.org",
        ),
        (
            "cloudinary://k:s@demo/res.cloudinary.com",
            "https://res.cloudinary.com/demo",
        ),
    ] {
        assert_eq!(base(text), expected);
    }
}

#[test]
fn signature_options_are_read() {
    for (options, algorithm, is_long) in [
        ("", SignatureAlgorithm::Sha1, false),
        (
            "?signature_algorithm=sha1&long_url_signature=false",
            SignatureAlgorithm::Sha1,
            false,
        ),
        (
            "?signature_algorithm=sha256",
            SignatureAlgorithm::Sha256,
            false,
        ),
        ("?long_url_signature=true", SignatureAlgorithm::Sha1, true),
        (
            "?long_url_signature=true&signature_algorithm=sha256",
            SignatureAlgorithm::Sha256,
            true,
        ),
    ] {
        let cloud: Cloud = format!("cloudinary://k:s@demo{options}").parse().unwrap();
        assert_eq!(cloud.signature_algorithm(), algorithm);
        assert_eq!(cloud.has_long_signatures(), is_long);
    }
}

/// The texts of an error and its sources.
fn chain(error: &dyn Error) -> String {
    let mut texts = vec![error.to_string()];
    let mut source = error.source();
    while let Some(error) = source {
        texts.push(error.to_string());
        source = error.source();
    }
    texts.join(": ")
}

#[test]
fn configuration_errors_show_no_secret() {
    for (text, error) in [
        ("", "cloudinary url does not start with `cloudinary://`"),
        ("demo", "cloudinary url does not start with `cloudinary://`"),
        (
            "https://k:hush@demo",
            "cloudinary url does not start with `cloudinary://`",
        ),
        (
            "hush:k@demo",
            "cloudinary url does not start with `cloudinary://`",
        ),
        ("cloudinary://demo", "configuration has no API secret"),
        ("cloudinary://k:hush", "configuration has no API secret"),
        ("cloudinary://hush@demo", "configuration has no API secret"),
        ("cloudinary://k:@demo", "configuration has no API secret"),
        (
            "cloudinary://k:p@s/hush@demo",
            "cloudinary url has more than one `@`; pass a secret with `@` in `CLOUDINARY_API_SECRET` or to `Cloud::with_keys`",
        ),
        ("cloudinary://k:hush@", "cloud name is empty"),
        (
            "cloudinary://k:hush@demo:80",
            "unexpected ':' in the cloud name",
        ),
        (
            "cloudinary://k:hush@demo#x",
            "unexpected fragment in cloudinary url",
        ),
        (
            "cloudinary://k:hush@de%2Fmo",
            "unexpected '%' in the cloud name",
        ),
        (
            "cloudinary://k:hush@d~mo",
            "unexpected '~' in the cloud name",
        ),
        (
            "cloudinary://k:hush@demo/a/b",
            "invalid secure distribution in cloudinary url: expected a host like `img.example.org`",
        ),
        (
            "cloudinary://k:hush@demo?secure_distribution=https://x.org",
            "invalid option `secure_distribution`: invalid authority `https://x.org`: unexpected scheme",
        ),
        (
            "cloudinary://k:hush@demo?private_cdn=yes",
            "invalid option `private_cdn`: expected `true` or `false`",
        ),
        (
            "cloudinary://k:hush@demo?signature_algorithm=md5",
            "invalid option `signature_algorithm`: expected `sha1` or `sha256`",
        ),
        (
            "cloudinary://k:hush@demo?cname=a/b",
            "invalid option `cname`: invalid authority `a/b`: unexpected path",
        ),
        (
            "cloudinary://k:hush@demo?secure=false&cdn_subdomain=true&cname=127.0.0.1",
            "invalid authority `a1.127.0.0.1`: invalid IPv4 address",
        ),
        (
            "cloudinary://k:hush@demo?auth_token[key]=hush",
            "invalid option `auth_token[key]`: character 1 of the secret is not a hexadecimal digit",
        ),
        (
            "cloudinary://k:hush@demo?auth_token[key]=00&auth_token[duration]=soon",
            "invalid option `auth_token[duration]`: expected a whole number of 64 bits",
        ),
        (
            "cloudinary://k:hush@demo?auth_token[key]=00&auth_token[token_name]=a%20b",
            "unexpected ' ' in token name `a b`",
        ),
        (
            "cloudinary://k:hush@demo?auth_token[key]=00&auth_token[acl]=!",
            "acl pattern 1 is empty",
        ),
    ] {
        let refused = text.parse::<Cloud>().unwrap_err();
        assert_eq!(chain(&refused), error, "{text}");
        assert!(!format!("{refused:?}").contains("hush"));
    }
}

#[test]
fn misplaced_secrets_are_not_shown() {
    for text in [
        "cloudinary://key:pre@hush$er",
        "cloudinary://key:abcd@key:hush",
        "cloudinary://key:abcd@x/hush y",
    ] {
        let error = text.parse::<Cloud>().unwrap_err();
        assert!(!format!("{} {error:?}", chain(&error)).contains("hush"));
    }
    for text in [
        "cloudinary://key:abcd@demo?auth_token%5Bkey%5D%3Dhush",
        "cloudinary://key:abcd@demo?api_secret:hush",
        "cloudinary://key:abcd@demo?api_secrethush",
        "cloudinary://key:abcd@demo?api_secret+hush",
        "cloudinary://key:abcd@demo?api_secret;hush=1",
        "cloudinary://key:abcd@demo?auth_token[key]hush",
        "cloudinary://key:abcd@demo?auth_token[key]~hush&secure=true",
        "cloudinary://key:abcd@demo?auth_token[key]%C3%A9hush",
        "cloudinary://key:abcd@demo?7hush",
        "cloudinary://key:abcd@demo?Xhush",
    ] {
        let cloud: Cloud = text.parse().unwrap();
        assert_eq!(cloud.warnings().len(), 1);
        assert!(!format!("{cloud:?}").contains("hush"), "{text}");
    }
}

#[test]
fn path_options_are_read() {
    let url = |options: &str, public_id: &str| {
        let cloud: Cloud = format!("cloudinary://k:s@demo?{options}").parse().unwrap();
        let asset = Asset::new(public_id).unwrap();
        let url = cloud.delivery(&asset, Transformation::new());
        url.to_string().split_once("/demo/").unwrap().1.to_owned()
    };
    for (options, public_id, expected) in [
        ("shorten=true", "a", "iu/a"),
        ("shorten=false", "a", "image/upload/a"),
        ("use_root_path=true", "a", "a"),
        ("use_root_path=true&shorten=true", "a", "a"),
        ("force_version=false", "a/b", "image/upload/a/b"),
        ("force_version=true", "a/b", "image/upload/v1/a/b"),
    ] {
        assert_eq!(url(options, public_id), expected, "{options}");
    }
    // Other types are neither shortened nor omitted.
    let cloud: Cloud = "cloudinary://k:s@demo?shorten=true&use_root_path=true"
        .parse()
        .unwrap();
    let asset = Asset::new("a")
        .unwrap()
        .with_resource_type(ResourceType::Video);
    assert_eq!(
        cloud.delivery(&asset, Transformation::new()).to_string(),
        "https://res.cloudinary.com/demo/video/upload/a"
    );
}

#[test]
fn unknown_options_cause_warnings() {
    let cloud: Cloud =
        "cloudinary://k:s@demo?sercure=false&upload_preset=x&auth_token[kye]=00&foo%5Bbar%5D=1"
            .parse()
            .unwrap();
    let warnings: Vec<_> = cloud.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "unknown option `sercure` is ignored",
            "unknown option `auth_token[kye]` is ignored",
            "unknown option `foo[bar]` is ignored",
        ]
    );
    assert_eq!(cloud.authority().as_str(), "res.cloudinary.com");
}

#[test]
fn token_options_are_read() {
    let cloud: Cloud = "cloudinary://k:s@demo?auth_token[key]=00112233FF99&\
                        auth_token%5Bstart_time%5D=11111111&auth_token[duration]=300&\
                        auth_token[ip]=1.2.3.4&auth_token[acl]=/image/*"
        .parse()
        .unwrap();
    assert!(cloud.warnings().is_empty());
    let tokens = cloud.token_defaults().unwrap();
    let claims = tokens.claims(0).unwrap();
    assert_eq!(claims.to_string(), "ip=1.2.3.4~st=11111111~exp=11111411");
    assert!(tokens.acl().unwrap().allows("/image/a"));
    assert_eq!(tokens.scope("/x"), TokenScope::Acl(tokens.acl().unwrap()));

    let cloud: Cloud = "cloudinary://k:s@demo?auth_token[key]=00&auth_token[duration]=300"
        .parse()
        .unwrap();
    let tokens = cloud.token_defaults().unwrap();
    assert_eq!(tokens.claims(1_000).unwrap().to_string(), "exp=1300");
    assert_eq!(tokens.scope("/x"), TokenScope::Path("/x"));
    let cloud: Cloud = "cloudinary://k:s@demo?auth_token[key]=00".parse().unwrap();
    assert_eq!(cloud.token_defaults().unwrap().claims(1_000), None);
    let cloud: Cloud = "cloudinary://k:s@demo".parse().unwrap();
    assert!(cloud.token_defaults().is_none());
}

#[test]
fn separate_variables_precede_the_url() {
    let base = |vars: &[(&str, &str)]| {
        let cloud = Cloud::from_vars(vars.iter().copied()).unwrap();
        let warnings: Vec<_> = cloud.warnings().iter().map(ToString::to_string).collect();
        (
            cloud.name().to_owned(),
            cloud.authority().to_string(),
            warnings,
        )
    };
    let demo = "cloudinary://k:s@demo?private_cdn=true";
    assert_eq!(
        base(&[("CLOUDINARY_URL", demo), ("CLOUDINARY_CLOUD_NAME", "")]),
        (
            "demo".to_owned(),
            "demo-res.cloudinary.com".to_owned(),
            vec![]
        )
    );
    assert_eq!(
        base(&[
            ("CLOUDINARY_URL", demo),
            ("CLOUDINARY_API_KEY", "k"),
            ("CLOUDINARY_API_SECRET", "s"),
            ("CLOUDINARY_CLOUD_NAME", "other"),
            ("CLOUDINARY_SECURE_DISTRIBUTION", "img.example.org"),
            ("CLOUDINARY_COLOR", "red"),
            ("HOME", "/"),
        ]),
        (
            "other".to_owned(),
            "img.example.org".to_owned(),
            vec![
                "`CLOUDINARY_URL` is ignored, because `CLOUDINARY_CLOUD_NAME` is set".to_owned(),
                "unknown option `color` is ignored".to_owned(),
            ]
        )
    );
    for (vars, text) in [
        (
            &[][..],
            "neither `CLOUDINARY_URL` nor `CLOUDINARY_CLOUD_NAME` is set",
        ),
        (
            &[("CLOUDINARY_URL", "")],
            "neither `CLOUDINARY_URL` nor `CLOUDINARY_CLOUD_NAME` is set",
        ),
        (
            &[("CLOUDINARY_CLOUD_NAME", "demo")],
            "configuration has no API secret",
        ),
    ] {
        let refused = Cloud::from_vars(vars.iter().copied()).unwrap_err();
        assert_eq!(refused.to_string(), text);
    }
}

#[test]
fn implausible_secrets_cause_a_warning() {
    for (secret, reason) in [
        ("\"hush-hush\"", "it starts or ends with a quotation mark"),
        ("'hush-hush'", "it starts or ends with a quotation mark"),
        (" hush-hush", "it starts or ends with white space"),
        ("hush-hush\n", "it starts or ends with white space"),
        ("<your_api_secret>", "it is a placeholder"),
        (
            "hush****",
            "it contains characters that mask a secret, such as `*`",
        ),
        ("hush\u{200b}hush", "it contains an invisible character"),
    ] {
        let expected = format!("`api_secret` is probably not the intended secret: {reason}");
        let url = format!("cloudinary://key:{secret}@demo");
        let vars = [
            ("CLOUDINARY_CLOUD_NAME", "demo"),
            ("CLOUDINARY_API_SECRET", secret),
        ];
        for cloud in [
            url.parse::<Cloud>().unwrap(),
            Cloud::from_vars([("CLOUDINARY_URL", &url)]).unwrap(),
            Cloud::from_vars(vars).unwrap(),
        ] {
            let [warning] = cloud.warnings() else {
                panic!("{:?}", cloud.warnings());
            };
            assert_eq!(warning.to_string(), expected);
            assert!(!format!("{warning:?} {cloud:?}").contains("hush"));
            // The secret still signs.
            let asset = Asset::new("a").unwrap();
            let signed = cloud.sign(&asset, Transformation::NONE).to_string();
            assert!(cloud.verify(&signed).is_ok());
        }
    }
    let cloud: Cloud = "cloudinary://key:wvU2SZwEOKPO_-x@demo".parse().unwrap();
    assert_eq!(cloud.warnings(), []);
}
