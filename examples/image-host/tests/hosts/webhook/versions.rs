//! Repeated, concurrent and newer webhooks.

use std::thread;

use serde_json::{Value, json};

use super::{ID, deliver, images, notification, webhook};
use crate::concurrency::payload;
use crate::database::{Database, Engine};
use crate::host::{Host, USER};

tests! {
    both: only_a_newer_version_changes_the_image,
    both: an_image_of_another_album_is_not_changed,
    both: edits_survive_a_newer_version_of_equal_size,
    sqlite: a_record_that_is_a_blob_is_updated,
    both: deliveries_at_once_result_in_one_image_each,
    both: exported_uploads_are_known_after_an_import,
}

fn send(host: &Host, path: &str, version: u64, width: u64) {
    let mut body = notification();
    body["version"] = version.into();
    body["width"] = width.into();
    assert_eq!(deliver(host, path, &body.to_string()).status, 201);
}

fn only_a_newer_version_changes_the_image(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let path = webhook(&host);
        send(&host, &path, 20, 1_000);
        let first = host.images("").body;
        for version in [20, 19, 0] {
            send(&host, &path, version, 2_000);
            assert_eq!(host.images("").body, first, "{version}");
        }
        let before = images(&host).pop().unwrap();
        send(&host, &path, 21, 3_000);
        let after = images(&host).pop().unwrap();
        assert_eq!(images(&host).len(), 5);
        assert_eq!((after.id, after.created_at), (before.id, before.created_at));
        assert!(after.updated_at > before.updated_at);
        let widths = (after.width, after.original_width, after.infos.width());
        assert_eq!(widths, (Some(3_000), Some(3_000), Some(3_000)));
        assert!(
            after.original_url.contains("/v21/"),
            "{}",
            after.original_url
        );

        // Another delivery type is another file.
        let mut body = notification();
        body["type"] = "private".into();
        assert_eq!(deliver(&host, &path, &body.to_string()).status, 201);
        assert_eq!(images(&host).len(), 6);
        let log = host.stop();
        for (effect, count) in [("created", 2), ("updated", 1), ("unchanged", 3)] {
            let effect = format!(" {effect} image ").replace(' ', "");
            let log = log.replace(' ', "");
            assert_eq!(log.matches(&format!("\"{effect}")).count(), count, "{log}");
        }
    });
}

/// An upload to one album never changes an image of another album, for example if an
/// account names files by their file names.
fn an_image_of_another_album_is_not_changed(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        send(&host, &webhook(&host), 20, 1_000);
        database.stdout(&["import", "-", "--user", USER], &payload(0, 1));
        let form = host.upload_form("?album_id=album-0", &host.token);
        let form: Value = serde_json::from_slice(&form.body).unwrap();
        let url = form["params"]["notification_url"].as_str().unwrap();
        let path = url.strip_prefix(&host.url).unwrap();

        let before = host.images("").body;
        for (version, status) in [(19, 201), (20, 201), (21, 403), (u32::MAX, 403)] {
            let mut body = notification();
            body["version"] = version.into();
            body["width"] = 3_000.into();
            let response = deliver(&host, path, &body.to_string());
            assert_eq!(response.status, status, "{version}");
            assert_eq!(host.images("").body, before, "{version}");
        }
    });
}

/// Users edit an image. A new version of the file keeps what does not depend on it.
fn edits_survive_a_newer_version_of_equal_size(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let path = webhook(&host);
        send(&host, &path, 20, 1_000);
        let mut payload: Value =
            serde_json::from_slice(&host.images(&format!("?ids[]={ID}")).body).unwrap();
        let edits = json!({
            "title": "Beach", "tag_names": ["a"], "metadatas": {"b": 1}, "rotation": 90,
            "crop_w": 10.0, "crop_h": 11.0, "width": 11, "height": 10,
        });
        let edits = edits.as_object().unwrap();
        payload[0].as_object_mut().unwrap().extend(edits.clone());
        database.stdout(&["import", "-"], &payload.to_string());

        for (version, width) in [(20, 2_000), (21, 1_000), (22, 2_000)] {
            send(&host, &path, version, width);
            let image = images(&host).pop().unwrap();
            let image = serde_json::to_value(image).unwrap();
            for (key, value) in edits {
                let of_file = match &**key {
                    "rotation" => Some(json!(0)),
                    "crop_w" | "crop_h" => Some(json!(0.0)),
                    "width" => Some(json!(2_000)),
                    "height" => Some(json!(672)),
                    _ => None,
                };
                let expected = of_file.filter(|_| version == 22);
                assert_eq!(
                    image[key],
                    expected.unwrap_or(value.clone()),
                    "{version} {key}"
                );
            }
        }
    });
}

fn a_record_that_is_a_blob_is_updated() {
    let database = Database::embedded();
    let host = database.host(&[]);
    let path = webhook(&host);
    send(&host, &path, 20, 1_000);
    database.execute("UPDATE images SET record = CAST(record AS BLOB)");
    send(&host, &path, 21, 2_000);
    assert_eq!(images(&host).pop().unwrap().width, Some(2_000));
}

fn deliveries_at_once_result_in_one_image_each(engine: Engine) {
    engine.with(|database| {
        let (one, two) = (database.host(&[]), database.host(&[]));
        let path = webhook(&one);
        thread::scope(|scope| {
            for number in 0..8 {
                let (host, path) = (if number % 2 == 0 { &one } else { &two }, &path);
                scope.spawn(move || {
                    let mut body = notification();
                    for other in 0..5 {
                        body["version"] = (20 + number).into();
                        body["public_id"] = format!("file-{other}").into();
                        let response = deliver(host, path, &body.to_string());
                        assert_eq!(response.status, 201);
                    }
                });
            }
        });
        let images = images(&one);
        assert_eq!(images.len(), 9);
        for image in &images[4..] {
            assert!(
                image.original_url.contains("/v27/"),
                "{}",
                image.original_url
            );
        }
    });
}

fn exported_uploads_are_known_after_an_import(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        let path = webhook(&host);
        send(&host, &path, 20, 1_000);
        let export = ["export", "--format", "payload", "--output", "all.json"];
        assert!(database.stdout(&export, "").starts_with("5 images, "));
        database.execute("DELETE FROM images");
        database.stdout(&["import", "all.json"], "");
        let before = host.images("").body;
        send(&host, &path, 20, 2_000);
        assert_eq!(host.images("").body, before);
        send(&host, &path, 21, 2_000);
        assert_eq!(images(&host).len(), 5);
    });
}
