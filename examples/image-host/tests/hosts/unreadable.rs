//! Rows that are not images, and payloads that cannot be imported.

use crate::concurrency::payload;
use crate::database::{Database, Engine};
use crate::host::{IDS, RECORDED, STRANGER, query};

tests! {
    both: an_unreadable_row_is_500_and_is_named,
    both: an_unreadable_row_aborts_a_started_payload,
    both: repeated_ids_and_nul_are_rejected_by_position,
    both: fetched_images_can_be_imported,
    both: a_row_has_the_id_of_its_record,
    both: images_with_any_position_are_sent,
    sqlite: values_of_other_types_in_sqlite_are_named,
    sqlite: a_position_that_is_no_integer_is_named,
    sqlite: a_database_in_utf_16_is_rejected,
}

fn import_error(database: &Database, payload: &str) -> String {
    let output = database.output(&["import", "-"], payload);
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

fn an_unreadable_row_is_500_and_is_named(engine: Engine) {
    let updates = [
        "UPDATE images SET record = '{' WHERE id = '$'",
        "UPDATE images SET record = '[]' WHERE id = '$'",
        "UPDATE images SET asset_source = '/' WHERE id = '$'",
        "UPDATE images SET asset_delivery_type = NULL WHERE id = '$'",
        "UPDATE images SET asset_version = -1 WHERE id = '$'",
    ];
    for update in updates {
        engine.with(|database| {
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

fn an_unreadable_row_aborts_a_started_payload(engine: Engine) {
    engine.with(|database| {
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

fn repeated_ids_and_nul_are_rejected_by_position(engine: Engine) {
    engine.with(|database| {
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

fn fetched_images_can_be_imported(engine: Engine) {
    engine.with(|database| {
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

/// SQLite stores values of any type, and text that is not valid UTF-8.
fn values_of_other_types_in_sqlite_are_named() {
    let values = ["CAST(x'7bff' AS TEXT)", "x'7bff'", "'a' || char(0)", "1.5"];
    let columns = [
        "record",
        "asset_source",
        "asset_resource_type",
        "asset_delivery_type",
        "asset_version",
    ];
    for column in columns {
        for value in values {
            // The source of an asset may be any valid text.
            if column != "asset_source" || value.contains("ff") {
                assert_unreadable(&format!("{column} = {value}"));
            }
        }
    }
}

/// Asserts that an update of a row in an embedded database is found.
fn assert_unreadable(update: &str) {
    let database = Database::embedded();
    let host = database.host(&["--images", "500"]);
    database.execute(&format!(
        "UPDATE images SET {update} WHERE id = '{}'; \
         UPDATE images SET record = '' WHERE position = 450",
        IDS[2]
    ));
    for query in [String::new(), query(IDS)] {
        let response = host.images(&query);
        assert_eq!((response.status, response.text()), (500, ""), "{update}");
    }
    assert_eq!(host.images(&query([IDS[0]])).status, 200, "{update}");
    let invalid = format!("invalid record of image {}: ", IDS[2]);
    let output = database.output(&["check"], "");
    let list = String::from_utf8(output.stdout).unwrap();
    assert!(list.starts_with(&invalid), "{update}: {list}");
    // The check goes on after the row.
    assert_eq!(list.lines().count(), 2, "{update}: {list}");
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error, "error: 2 of 504 images cannot be read\n", "{update}");
    let log = host.stop();
    assert_eq!(log.matches(&invalid).count(), 2, "{update}: {log}");
}

fn a_row_has_the_id_of_its_record(engine: Engine) {
    for id in [
        "'not-a-uuid'",
        "upper(id)",
        "'00000000-0000-4000-8000-00000000000f'",
    ] {
        engine.with(|database| {
            database.stdout(&["check"], "");
            let update = format!("UPDATE images SET id = {id} WHERE id = '{}'", IDS[2]);
            database.execute(&update);
            let output = database.output(&["check"], "");
            let list = String::from_utf8(output.stdout).unwrap();
            let expected = format!("column `id` is not the id of the record, {}\n", IDS[2]);
            assert!(list.ends_with(&expected), "{id}: {list}");
            assert_eq!(database.host(&[]).images("").status, 500);
        });
    }
    // Control characters and bytes of an id are not printed.
    for (id, shown) in [("'a' || char(10, 27)", r"a\n\x1b"), ("x'ff'", r"\xff")] {
        let database = Database::embedded();
        database.stdout(&["check"], "");
        database.execute(&format!("UPDATE images SET id = {id} WHERE position = 3"));
        let output = database.output(&["check"], "");
        let list = String::from_utf8(output.stdout).unwrap();
        let expected = format!("invalid record of image {shown}: column `id`");
        assert!(list.starts_with(&expected), "{list}");
        assert_eq!(list.lines().count(), 1, "{list}");
    }
}

fn images_with_any_position_are_sent(engine: Engine) {
    for position in ["0", "-5", "-9223372036854775808", "9223372036854775807"] {
        engine.with(|database| {
            database.stdout(&["check"], "");
            database.execute(&format!(
                "UPDATE images SET position = {position} WHERE id = '{}'",
                IDS[2]
            ));
            let host = database.host(&[]);
            let images = image_model::from_slice::<String>(&host.images("").body).unwrap();
            assert_eq!(images.len(), 4, "{position}");
            assert_eq!(database.stdout(&["check"], ""), "4 images can be read\n");
            let parts = ["1/3", "2/3", "3/3"].map(|shard| {
                let export = ["export", "--output", "part", "--shard", shard];
                database.stdout(&export, "");
                let part = std::fs::read_to_string(database.path("part")).unwrap();
                part.lines().count()
            });
            assert_eq!(parts.iter().sum::<usize>(), 4, "{position}: {parts:?}");
        });
    }
    engine.with(|database| {
        database.stdout(&["check"], "");
        database.execute("UPDATE images SET position = 9223372036854775807 WHERE position = 3");
        let error = import_error(&database, &payload(0, 1));
        let expected = "no positions are left after 9223372036854775807\n";
        assert!(error.ends_with(expected), "{error}");
    });
}

fn a_position_that_is_no_integer_is_named() {
    for position in ["'abc'", "CAST(x'ff' AS TEXT)", "x'ff'", "1.5"] {
        let database = Database::embedded();
        let host = database.host(&[]);
        database.execute(&format!(
            "UPDATE images SET position = {position} WHERE id = '{}'",
            IDS[2]
        ));
        for query in [String::new(), query(IDS)] {
            assert_eq!(host.images(&query).status, 500, "{position}");
        }
        let invalid = format!("invalid record of image {}: column `position`", IDS[2]);
        let output = database.output(&["check"], "");
        let list = String::from_utf8(output.stdout).unwrap();
        assert!(list.starts_with(&invalid), "{position}: {list}");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(host.stop().matches(&invalid).count(), 2);
    }
}

fn a_database_in_utf_16_is_rejected() {
    let database = Database::embedded();
    let file = database.path("utf16.sqlite");
    let file = format!("sqlite://{}?mode=rwc", file.display());
    let database = database.at(file);
    database.execute("PRAGMA encoding = 'UTF-16le'; CREATE TABLE a (b TEXT)");
    let output = database.output(&["migrate"], "");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("the database has the encoding UTF-16le; expected UTF-8"),
        "{error}"
    );
}
