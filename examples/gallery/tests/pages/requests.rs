//! The checks of requests, and the headers of responses.

use axum::http::StatusCode;
use gallery::{Gallery, GallerySettings};
use url_signer::Authority;

use crate::memory::{ID, Memory, PAGES, entry, gallery, settings};
use crate::page::{detail, get, get_with};

#[tokio::test]
async fn responses_restrict_the_browser() {
    let policy = "default-src 'none'; \
        img-src 'self' http://127.0.0.1:3000 http://127.0.0.1:3001; \
        connect-src 'self' http://127.0.0.1:3000 http://127.0.0.1:3001; \
        form-action 'self' http://127.0.0.1:3000 http://127.0.0.1:3001; \
        style-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    for (target, content_type) in [
        ("/", "text/html; charset=utf-8"),
        ("/gallery/images/x", "text/html; charset=utf-8"),
        ("/gallery/style.css", "text/css; charset=utf-8"),
        ("/gallery/script.js", "text/javascript; charset=utf-8"),
        ("/gallery/icon.svg", "image/svg+xml"),
    ] {
        let response = get(Memory::of(entry()), target).await;
        for (name, value) in [
            ("content-type", content_type),
            ("content-security-policy", policy),
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(response.header(name), value, "{target}");
        }
    }
}

#[tokio::test]
async fn other_host_names_are_rejected() {
    for host in [
        "evil.example",
        "evil.example:3000",
        "127.0.0.1",
        "127.0.0.1:3001",
        "127.0.0.1:3000.evil.example",
        "192.0.2.1:3000",
        "localhost",
        "localhost.evil.example:3000",
        "",
    ] {
        let page = get_with(Memory::of(entry()), "/", &[("host", host)]).await;
        assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        assert!(!page.body.contains("Super Image"), "{host}");
    }
    let page = get_with(Memory::of(entry()), "/", &[]).await;
    assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn other_names_of_the_computer_redirect() {
    for host in [
        "localhost:3000",
        "[::1]:3000",
        "[::ffff:127.0.0.1]:3000",
        "127.0.0.2:3000",
    ] {
        let page = get_with(Memory::of(entry()), "/?after=3", &[("host", host)]).await;
        assert_eq!(page.status, StatusCode::TEMPORARY_REDIRECT, "{host}");
        assert_eq!(page.header("location"), "http://127.0.0.1:3000/?after=3");
    }
}

#[tokio::test]
async fn requests_of_other_sites_are_rejected() {
    let requests: [(&[(&str, &str)], StatusCode); 6] = [
        (&[("sec-fetch-site", "cross-site")], StatusCode::FORBIDDEN),
        (
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "iframe"),
            ],
            StatusCode::FORBIDDEN,
        ),
        (
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "no-cors"),
                ("sec-fetch-dest", "document"),
            ],
            StatusCode::FORBIDDEN,
        ),
        (
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
            ],
            StatusCode::OK,
        ),
        (&[("sec-fetch-site", "same-site")], StatusCode::OK),
        (&[("sec-fetch-site", "none")], StatusCode::OK),
    ];
    for (headers, status) in requests {
        let headers = [&[("host", PAGES)], headers].concat();
        let page = get_with(Memory::of(entry()), "/", &headers).await;
        assert_eq!(page.status, status, "{headers:?}");
        assert_eq!(page.body.contains("Super Image"), status == StatusCode::OK);
    }
}

#[tokio::test]
async fn unknown_images_and_positions_are_errors() {
    for (target, status) in [
        ("/gallery/images/00000000-0000-4000-8000-000000000001", 404),
        ("/gallery/images/x", 404),
        ("/gallery/images/%FF", 400),
        ("/?after=x", 400),
        ("/?after=99999999999999999999", 400),
    ] {
        let page = get(Memory::of(entry()), target).await;
        assert_eq!(page.status, status, "{target}");
    }
}

#[tokio::test]
async fn an_error_of_the_images_is_not_shown() {
    for target in ["/", &format!("/gallery/images/{ID}")] {
        let images = Memory {
            is_broken: true,
            ..Memory::of(entry())
        };
        let page = get(images, target).await;
        assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(page.body.contains("The images cannot be read."));
        assert!(!page.body.contains("secret"));
    }

    let page = detail(entry()).await;
    let urls = page.attributes("src");
    let target = urls
        .iter()
        .find_map(|url| url.strip_prefix("http://127.0.0.1:3000"));
    let images = Memory {
        is_broken: true,
        ..Memory::of(entry())
    };
    let response = gallery(images).redirect_proxy_url(target.unwrap()).await;
    let status = response.unwrap().status();
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn only_signed_proxy_urls_redirect() {
    let page = detail(entry()).await;
    let proxy = "http://127.0.0.1:3000";
    let targets: Vec<_> = page
        .attributes("src")
        .iter()
        .filter_map(|url| Some(url.strip_prefix(proxy)?.to_owned()))
        .collect();
    assert_eq!(targets.len(), 3);
    let gallery = gallery(Memory::of(entry()));
    for (target, size) in targets
        .iter()
        .zip(["c_fill,h_100,w_100/", "c_fill,h_200,w_200/", ""])
    {
        let redirect = gallery.redirect_proxy_url(target).await.unwrap();
        assert_eq!(redirect.status(), StatusCode::FOUND);
        let location = redirect.headers()["location"].to_str().unwrap();
        let end = format!(
            "--/c_fit,h_1920,w_1920/{size}fl_attachment/dpr_auto,q_auto,f_auto/v123123/0b7e148bbd7c.jpg"
        );
        assert!(location.starts_with("http://127.0.0.1:3001/demo/image/authenticated/s--"));
        assert!(location.ends_with(&end), "{location}");
        for changed in [
            target.replace("127.0.0.1", "localhost"),
            target.replace("thumbnails/", "thumbnails/x"),
            target.replace("s=", "s=0"),
            target.replace(&ID.to_string(), "00000000-0000-4000-8000-000000000001"),
        ] {
            assert_ne!(&changed, target);
            assert!(
                gallery.redirect_proxy_url(&changed).await.is_none(),
                "{changed}"
            );
        }
    }
}

#[test]
fn ipv6_addresses_are_rejected() {
    let settings = GallerySettings {
        delivery: Authority::new("[::1]:3001").unwrap(),
        ..settings()
    };
    let error = Gallery::new(settings, Memory::default()).err().unwrap();
    assert_eq!(
        error.to_string(),
        "`[::1]:3001` cannot be a source of a content security policy; use an IPv4 address or a \
         host name"
    );
}
