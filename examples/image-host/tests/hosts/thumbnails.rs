//! Thumbnails, and the URLs of the proxy.

use crate::host::{Host, IDS, RECORDED, USER, masked, on_both, query};

fn first(host: &Host) -> image_model::Image {
    let answer = host.images(&query([IDS[0]]));
    image_model::from_slice(&answer.body).unwrap().remove(0)
}

/// The path and query of a proxy URL, and the path that it fetches.
fn of_proxy(url: &str) -> (&str, &str) {
    let target = url
        .strip_prefix("https://sharinpix-proxy-dev.herokuapp.com")
        .unwrap();
    let (_, path) = target.split_once("&url=localhost").unwrap();
    (target, path)
}

#[test]
fn a_thumbnail_is_found_where_the_payload_says_and_nowhere_if_changed() {
    on_both(|database| {
        let host = database.host(&[]);
        let image = first(&host);
        let urls = &image.external_urls;
        let thumbnails = &image.thumbnails;
        for (proxy, delivery) in [
            (&urls.mini, &thumbnails.mini),
            (&urls.large, &thumbnails.large),
            (&urls.full, &thumbnails.full),
        ] {
            let (target, path) = of_proxy(proxy);
            for target in [target, path] {
                let answer = host.get(target, &[]);
                assert_eq!((answer.status, answer.text()), (302, ""));
                let location = answer.header("location");
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
                    let answer = host.get(&changed, &[]);
                    assert_eq!((answer.status, answer.text()), (400, "Invalid url"));
                }
            }
            let elsewhere = target.replace("url=localhost", "url=evil.example");
            assert_eq!(host.get(&elsewhere, &[]).status, 400);
        }
    });
}

#[test]
fn a_thumbnail_of_an_image_that_is_not_there_is_not_found() {
    on_both(|with_images| {
        // Signed with the same keys, by a host that has one more image.
        let unknown = "99999999-9999-4999-8999-999999999999";
        on_both(|other| {
            let payload = RECORDED.replace(IDS[0], unknown);
            other.said(&["import", "-", "--user", USER], &payload);
            let signed = other.host(&[]).images(&query([unknown]));
            let image = image_model::from_slice::<String>(&signed.body)
                .unwrap()
                .remove(0);
            let (target, path) = of_proxy(&image.external_urls.mini);
            let host = with_images.host(&[]);
            for target in [target, path] {
                let answer = host.get(target, &[]);
                assert_eq!((answer.status, answer.text()), (404, ""));
            }
        });
    });
}

#[test]
fn no_file_name_begins_a_header_of_its_own() {
    on_both(|database| {
        let named = r#""filename":"a\r\nSet-Cookie: b\"\u0000/../c""#;
        let payload = RECORDED.replace(r#""filename":"Super Image""#, named);
        assert_ne!(payload, RECORDED);
        database.said(&["import", "-", "--user", USER], &payload);
        let host = database.host(&[]);
        let image = first(&host);
        assert_eq!(
            image.filename.as_deref(),
            Some("a\r\nSet-Cookie: b\"\0/../c")
        );
        let (target, _) = of_proxy(&image.external_urls.mini);
        assert_eq!(
            masked(target).split_once("&url").unwrap().0,
            "/a-set-cookie-b-c.png?s=***"
        );
        let answer = host.get(target, &[]);
        assert_eq!(answer.status, 302);
        assert!(answer.headers.iter().all(|(name, _)| name != "set-cookie"));
    });
}
