//! Thumbnail paths and proxy URLs.

use crate::database::Engine;
use crate::host::{Host, IDS, RECORDED, USER, masked, query};

tests! {
    both: signed_thumbnails_redirect_and_changed_ones_fail,
    both: a_thumbnail_of_an_unknown_image_is_404,
    both: file_names_cannot_inject_headers,
}

fn first(host: &Host) -> image_model::Image {
    let response = host.images(&query([IDS[0]]));
    image_model::from_slice(&response.body).unwrap().remove(0)
}

/// Returns the request target of a proxy URL and the thumbnail path in it.
fn targets(url: &str) -> (&str, &str) {
    let target = url
        .strip_prefix("https://sharinpix-proxy-dev.herokuapp.com")
        .unwrap();
    let (_, path) = target.split_once("&url=localhost").unwrap();
    (target, path)
}

fn signed_thumbnails_redirect_and_changed_ones_fail(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let image = first(&host);
        let urls = &image.external_urls;
        let thumbnails = &image.thumbnails;
        for (proxy, delivery) in [
            (&urls.mini, &thumbnails.mini),
            (&urls.large, &thumbnails.large),
            (&urls.full, &thumbnails.full),
        ] {
            let (target, path) = targets(proxy);
            for target in [target, path] {
                let response = host.get(target, &[]);
                assert_eq!((response.status, response.text()), (302, ""));
                let location = response.header("location");
                assert_eq!(&format!("/assets/blank.jpg#{location}"), delivery);
            }
            for (from, to) in [
                ("mini", "full"),
                ("full", "mini"),
                ("thumbnail-", "mini-"),
                (IDS[0], IDS[1]),
            ] {
                for changed in [target.replace(from, to), path.replace(from, to)] {
                    if changed == target || changed == path {
                        continue;
                    }
                    let response = host.get(&changed, &[]);
                    assert_eq!((response.status, response.text()), (400, "Invalid url"));
                }
            }
            let elsewhere = target.replace("url=localhost", "url=evil.example");
            assert_eq!(host.get(&elsewhere, &[]).status, 400);
        }
    });
}

fn a_thumbnail_of_an_unknown_image_is_404(engine: Engine) {
    engine.with(|with_images| {
        // Another host with the same keys has one more image.
        let unknown = "99999999-9999-4999-8999-999999999999";
        engine.with(|other| {
            let payload = RECORDED.replace(IDS[0], unknown);
            other.stdout(&["import", "-", "--user", USER], &payload);
            let signed = other.host(&[]).images(&query([unknown]));
            let image = image_model::from_slice::<String>(&signed.body)
                .unwrap()
                .remove(0);
            let (target, path) = targets(&image.external_urls.mini);
            let host = with_images.host(&[]);
            for target in [target, path] {
                let response = host.get(target, &[]);
                assert_eq!((response.status, response.text()), (404, ""));
            }
        });
    });
}

fn file_names_cannot_inject_headers(engine: Engine) {
    engine.with(|database| {
        let named = r#""filename":"a\r\nSet-Cookie: b\"\u0000/../c""#;
        let payload = RECORDED.replace(r#""filename":"Super Image""#, named);
        assert_ne!(payload, RECORDED);
        database.stdout(&["import", "-", "--user", USER], &payload);
        let host = database.host(&[]);
        let image = first(&host);
        assert_eq!(
            image.filename.as_deref(),
            Some("a\r\nSet-Cookie: b\"\0/../c")
        );
        let (target, _) = targets(&image.external_urls.mini);
        assert_eq!(
            masked(target).split_once("&url").unwrap().0,
            "/a-set-cookie-b-c.png?s=***"
        );
        let response = host.get(target, &[]);
        assert_eq!(response.status, 302);
        assert!(
            response
                .headers
                .iter()
                .all(|(name, _)| name != "set-cookie")
        );
    });
}
