//! Rows that are not images, and payloads that cannot be imported.

use crate::concurrency::payload;
use crate::host::{Database, IDS, RECORDED, STRANGER, on_both, query};

fn import_error(database: &Database, payload: &str) -> String {
    let output = database.output(&["import", "-"], payload);
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn an_unreadable_row_is_500_and_is_named() {
    let updates = [
        "UPDATE images SET record = '{' WHERE id = '$'",
        "UPDATE images SET record = '[]' WHERE id = '$'",
        "UPDATE images SET asset_source = '/' WHERE id = '$'",
        "UPDATE images SET asset_delivery_type = NULL WHERE id = '$'",
        "UPDATE images SET asset_version = -1 WHERE id = '$'",
    ];
    for update in updates {
        on_both(|database| {
            let host = database.host(&[]);
            assert_eq!(database.stdout(&["check"], ""), "4 images can be read\n");
            database.execute(&update.replace('$', IDS[2]));
            for query in [String::new(), query(IDS)] {
                let response = host.images(&query);
                assert_eq!((response.status, response.text()), (500, ""), "{update}");
            }
            assert_eq!(host.images(&query([IDS[0]])).status, 200);
            let output = database.output(&["check"], "");
            assert_eq!(output.status.code(), Some(1));
            let invalid = format!("invalid record of image {}: ", IDS[2]);
            let list = String::from_utf8(output.stdout).unwrap();
            assert!(list.starts_with(&invalid), "{list}");
            assert_eq!(list.lines().count(), 1, "{list}");
            let error = String::from_utf8(output.stderr).unwrap();
            assert_eq!(error, "error: 1 of 4 images cannot be read\n");
            let log = host.stop();
            assert_eq!(log.matches(&invalid).count(), 2, "{log}");
        });
    }
}

#[test]
fn an_unreadable_row_aborts_a_started_payload() {
    on_both(|database| {
        let host = database.host(&["--images", "1000"]);
        let id: String = {
            let all = host.images("");
            let images = image_model::from_slice::<String>(&all.body).unwrap();
            images[900].id.to_string()
        };
        database.execute(&format!("UPDATE images SET record = '' WHERE id = '{id}'"));
        assert!(host.try_images("").is_err());
        assert!(
            host.stop()
                .contains(&format!("invalid record of image {id}"))
        );
    });
}

#[test]
fn repeated_ids_and_nul_are_rejected_by_position() {
    on_both(|database| {
        let both: Vec<serde_json::Value> = [payload(0, 5), payload(3, 1)]
            .iter()
            .flat_map(|text| serde_json::from_str::<Vec<serde_json::Value>>(text).unwrap())
            .collect();
        let error = import_error(&database, &serde_json::to_string(&both).unwrap());
        assert_eq!(
            error,
            "error: images[5] has the same id as images[3]: 00000000-0000-4000-9000-000000000003\n"
        );
        let error = import_error(&database, &payload(0, 3).replace("album-2", "a\\u0000b"));
        assert_eq!(
            error,
            "error: images[2]: unexpected NUL at byte 1 of album_id\n"
        );
        // Other text is stored escaped.
        let nul = payload(0, 1).replace("Super Image", "Super\\u0000Image");
        assert!(nul.contains("\\u0000"));
        database.stdout(&["import", "-", "--user", STRANGER], &nul);
        let host = database.host(&[]);
        let token = database.stdout(&["token", "--user", STRANGER], "");
        let images = host.images_with("", token.trim_end());
        assert!(images.text().contains("Super\\u0000Image"));
    });
}

#[test]
fn fetched_images_can_be_imported() {
    on_both(|database| {
        let fetched = "https://res.cloudinary.com/sadaasdasd/image/fetch/s--abcdefgh--/\
                       https://example.org/a%2520b.jpg%3Fx%3D1";
        let mut images: serde_json::Value = serde_json::from_str(RECORDED).unwrap();
        images[0]["original_url"] = fetched.into();
        database.stdout(&["import", "-"], &images.to_string());
        assert_eq!(database.stdout(&["check"], ""), "4 images can be read\n");
        let host = database.host(&[]);
        let text = host.images(&query([IDS[0]]));
        let url = "/https://example.org/a%2520b.jpg%3Fx%3D1";
        assert!(text.text().contains(url), "{}", text.text());
        // The export of a fetched image can be imported again.
        let export = ["export", "--format", "payload", "--output", "all.json"];
        database.stdout(&export, "");
        database.stdout(&["import", "all.json"], "");
    });
}
