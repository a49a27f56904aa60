//! Signatures of thumbnail paths and proxy URLs equal those of Python's `hmac`.

#![allow(clippy::unwrap_used, reason = "tests")]

mod changes;

use serde::Deserialize;
use url::Url;
use url_signer::{
    Authority, KeyRing, ProxyFileName, ProxyRequest, ProxySigner, Secret, SignatureLength,
    ThumbnailName, ThumbnailRequest, ThumbnailSigner,
};
use uuid::Uuid;

use self::changes::changes;

#[derive(Deserialize)]
struct Case {
    thumbnail_key: String,
    proxy_key: String,
    id: String,
    name: String,
    path_width: usize,
    proxy_width: usize,
    proxy_host: String,
    app_host: String,
    path: String,
    url: String,
}

impl Case {
    fn id(&self) -> Uuid {
        Uuid::parse_str(&self.id).unwrap()
    }

    fn name(&self) -> ThumbnailName {
        self.name.parse().unwrap()
    }

    fn thumbnails(&self, keys: impl Into<KeyRing>) -> ThumbnailSigner {
        ThumbnailSigner::new(keys)
            .with_signature_length(SignatureLength::new(self.path_width).unwrap())
    }

    fn proxy(&self, keys: impl Into<KeyRing>) -> ProxySigner {
        let hosts = [&self.proxy_host, &self.app_host].map(|host| Authority::new(host).unwrap());
        let [proxy_host, app_host] = hosts;
        ProxySigner::new(proxy_host, app_host, keys)
            .with_signature_length(SignatureLength::new(self.proxy_width).unwrap())
    }
}

fn secret(key: &str) -> Secret {
    Secret::new(key).unwrap()
}

fn cases() -> Vec<Case> {
    let cases: Vec<Case> = include_str!("data/hmac.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(cases.len(), 252);
    cases
}

#[test]
fn signatures_equal_python() {
    for case in cases() {
        let path = case
            .thumbnails(secret(&case.thumbnail_key))
            .sign(case.id(), case.name());
        assert_eq!(path.to_string(), case.path);
        let proxy = case.proxy(secret(&case.proxy_key));
        let url = proxy.sign(ProxyFileName::new("Super Image", "png"), path);
        assert_eq!(url.to_string(), case.url);
        assert_eq!(Url::from(url).as_str(), case.url);
    }
}

#[test]
fn requests_are_parsed() {
    for case in cases() {
        let request = ThumbnailRequest::parse(&case.path).unwrap();
        assert_eq!((request.image_id, request.name), (case.id(), case.name()));
        assert_eq!(request.signature.len(), case.path_width);

        let request = ProxyRequest::parse(&case.url).unwrap();
        assert_eq!(request.proxy_host, Some(case.proxy_host.as_str()));
        assert_eq!(request.file_name, "super-image.png");
        assert_eq!(request.signature.len(), case.proxy_width);
        assert_eq!(request.url, format!("{}{}", case.app_host, case.path));
    }
}

#[test]
fn retired_keys_and_request_targets_verify() {
    for case in cases() {
        for ring in [
            KeyRing::new(secret(&case.thumbnail_key)),
            KeyRing::new(secret("new"))
                .with_retired(secret("older"))
                .with_retired(secret(&case.thumbnail_key)),
        ] {
            let thumbnail = case.thumbnails(ring).verify(&case.path).unwrap();
            assert_eq!(
                (thumbnail.image_id, thumbnail.name),
                (case.id(), case.name())
            );
        }
        for ring in [
            KeyRing::new(secret(&case.proxy_key)),
            KeyRing::new(secret("new")).with_retired(secret(&case.proxy_key)),
        ] {
            let proxy = case.proxy(ring);
            let target = case
                .url
                .strip_prefix(&format!("https://{}", case.proxy_host))
                .unwrap();
            for url in [case.url.as_str(), target] {
                let request = proxy.verify(url).unwrap();
                assert_eq!(request.path(), case.path);
                assert_eq!(request.url(), format!("{}{}", case.app_host, case.path));
            }
        }
    }
}

#[test]
fn the_file_name_is_not_signed() {
    let case = cases().remove(0);
    let path = case
        .thumbnails(secret(&case.thumbnail_key))
        .sign(case.id(), case.name());
    let proxy = case.proxy(secret(&case.proxy_key));
    for (name, format) in [
        ("", ""),
        ("...", ".."),
        ("a/b?c&url=d", "/?&#"),
        ("日本", "é"),
        ("~", "~"),
    ] {
        let url = proxy
            .sign(ProxyFileName::new(name, format), path)
            .to_string();
        assert_eq!(proxy.verify(&url).unwrap().path(), case.path, "{url}");
    }
}

#[test]
fn plain_http_changes_only_the_scheme() {
    for case in cases() {
        let path = case
            .thumbnails(secret(&case.thumbnail_key))
            .sign(case.id(), case.name());
        let https = case.proxy(secret(&case.proxy_key));
        let http = https.clone().with_plain_http();
        let url = http.sign(ProxyFileName::new("Super Image", "png"), path);
        let expected = case.url.replacen("https://", "http://", 1);
        assert_eq!(url.to_string(), expected);
        assert_eq!(Url::from(url).as_str(), expected);

        let target = expected
            .strip_prefix(&format!("http://{}", case.proxy_host))
            .unwrap();
        for url in [&*expected, target] {
            assert_eq!(http.verify(url).unwrap().path(), case.path);
        }
        assert!(http.verify(&case.url).is_err());
        assert!(https.verify(&expected).is_err());
    }
}

#[test]
fn plain_http_is_for_any_loopback_host() {
    let thumbnails = ThumbnailSigner::new(secret("thumbnail key"));
    let (id, name) = (Uuid::nil(), ThumbnailName::Mini);
    let path = thumbnails.sign(id, name);
    for (host, base_url) in [
        ("127.0.0.1:3000", "http://127.0.0.1:3000/"),
        ("[::1]:3000", "http://[::1]:3000/"),
        ("localhost", "http://localhost/"),
        // The default port of `http`.
        ("127.0.0.1:80", "http://127.0.0.1/"),
    ] {
        let host = Authority::new(host).unwrap();
        let proxy = ProxySigner::new(host.clone(), host, secret("proxy key")).with_plain_http();
        let url = proxy.sign(ProxyFileName::new("a", "png"), path);
        let text = url.to_string();
        assert!(text.starts_with(&format!("{base_url}a.png?s=")), "{text}");
        assert_eq!(proxy.verify(&text).unwrap().path(), path.to_string());
        let mut written = Vec::new();
        proxy
            .image_thumbnails(&thumbnails, id, "a", "png", &[name])
            .write(name, "&", &mut written);
        assert_eq!(String::from_utf8(written).unwrap(), text);
        assert_eq!(Url::from(url).as_str(), text);
    }
}

#[test]
fn another_key_or_length_does_not_verify() {
    for case in cases() {
        assert!(case.thumbnails(secret("other")).verify(&case.path).is_err());
        assert!(case.proxy(secret("other")).verify(&case.url).is_err());
        for width in [7, 8, 11, 12, 63, 64] {
            let hex = SignatureLength::new(width).unwrap();
            let thumbnails =
                ThumbnailSigner::new(secret(&case.thumbnail_key)).with_signature_length(hex);
            assert_eq!(
                thumbnails.verify(&case.path).is_ok(),
                width == case.path_width
            );
            let proxy = case
                .proxy(secret(&case.proxy_key))
                .with_signature_length(hex);
            assert_eq!(proxy.verify(&case.url).is_ok(), width == case.proxy_width);
        }
    }
}

#[test]
fn another_app_host_does_not_verify() {
    for case in cases() {
        for host in [
            "localhos",
            "localhost.evil.example",
            "127.0.0.1",
            "localhost:3000",
        ] {
            let other = ProxySigner::new(
                Authority::new(&case.proxy_host).unwrap(),
                Authority::new(host).unwrap(),
                secret(&case.proxy_key),
            )
            .with_signature_length(SignatureLength::new(case.proxy_width).unwrap());
            assert!(other.verify(&case.url).is_err());
        }
    }
}

#[test]
fn changed_characters_do_not_verify() {
    for case in cases().iter().step_by(5) {
        let thumbnails = case.thumbnails(secret(&case.thumbnail_key));
        for changed in changes(&case.path, 0) {
            assert!(thumbnails.verify(&changed).is_err(), "{changed}");
        }
        let proxy = case.proxy(secret(&case.proxy_key));
        let signed = case.url.find("?s=").unwrap();
        for changed in changes(&case.url, signed) {
            assert!(proxy.verify(&changed).is_err(), "{changed}");
        }
    }
}
