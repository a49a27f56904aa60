//! Databases of earlier and later hosts, and the files of SQLite.

use std::fs;

use image_model::{Image, Urls};

use crate::concurrency::payload;
use crate::database::{Database, Engine};
use crate::host::{IDS, RECORDED, USER, masked, query};

tests! {
    both: images_of_earlier_hosts_are_sent,
    sqlite: a_file_with_the_table_of_sqlx_is_used,
    sqlite: a_newer_file_is_rejected,
    sqlite: the_tables_of_a_file_decide,
    both: a_table_of_another_program_is_reported,
    postgresql: names_of_other_programs_are_reported,
    sqlite: a_database_at_rest_is_one_file,
}

/// The table in which `sqlx` kept the applied migrations, with the first one.
const MIGRATIONS: &str = "CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
VALUES (1, 'images and albums', TRUE, x'00', 1000000);";

const TABLES: &str = include_str!("../../migrations/0001_images_and_albums.sql");

fn recorded() -> Vec<Image<String>> {
    image_model::from_slice(RECORDED.as_bytes()).unwrap()
}

/// Returns an image as earlier hosts stored it, with `null` for each URL, as an SQL string.
fn record(image: Image<String>) -> String {
    let image = image.with_urls(Urls::<Option<String>>::default());
    let json = serde_json::to_string(&image).unwrap();
    format!("'{}'", json.replace('\'', "''"))
}

/// Returns statements that insert the recorded images as earlier hosts did.
fn insert_recorded() -> String {
    let rows = recorded().into_iter().zip(1..).map(|(image, position)| {
        let (id, album) = (image.id, image.album_id.clone().unwrap());
        let url = image.original_url.clone();
        let (_, asset) = url.split_once("/fl_attachment/v").unwrap();
        let (version, source) = asset.split_once('/').unwrap();
        let record = record(image);
        format!(
            "INSERT INTO images VALUES ('{id}', {position}, '{album}', {record}, '{source}', \
             'image', 'authenticated', {version}); \
             INSERT OR IGNORE INTO album_access VALUES ('{USER}', '{album}');"
        )
    });
    rows.collect()
}

fn images_of_earlier_hosts_are_sent(engine: Engine) {
    engine.with(|database| {
        let host = database.host(&[]);
        for image in recorded() {
            let (id, record) = (image.id, record(image));
            database.execute(&format!(
                "UPDATE images SET record = {record} WHERE id = '{id}'"
            ));
        }
        for query in [String::new(), query(IDS)] {
            assert_eq!(masked(host.images(&query).text()), masked(RECORDED));
        }
        assert_eq!(database.stdout(&["check"], ""), "4 images can be read\n");
    });
}

fn a_file_with_the_table_of_sqlx_is_used() {
    let database = Database::embedded();
    database.execute(&format!(
        "PRAGMA journal_mode = WAL; {MIGRATIONS} {TABLES} {}",
        insert_recorded()
    ));
    assert_eq!(database.stdout(&["check"], ""), "4 images can be read\n");
    database.stdout(&["migrate"], "");
    let host = database.host(&[]);
    assert_eq!(masked(host.images("").text()), masked(RECORDED));
    database.stdout(&["import", "-", "--user", USER], &payload(0, 3));
    let images = image_model::from_slice::<String>(&host.images("").body).unwrap();
    assert_eq!(images.len(), 7);
}

fn a_newer_file_is_rejected() {
    for command in ["migrate", "check"] {
        let database = Database::embedded();
        database.execute("PRAGMA user_version = 1000");
        let url = format!("sqlite://{}", database.path("image-host.sqlite").display());
        for environment in [&[][..], &[("DATABASE_URL", &*url)]] {
            let output = database.output_with(&[command], environment, "");
            assert_eq!(output.status.code(), Some(1));
            let error = String::from_utf8(output.stderr).unwrap();
            let expected = "the tables have version 1000; this program supports version 1\n";
            assert!(error.ends_with(expected), "{error}");
        }
    }
}

/// The version alone does not make a file current, nor does a table of another program.
fn the_tables_of_a_file_decide() {
    let database = Database::embedded();
    database.execute("PRAGMA user_version = 1");
    assert_eq!(database.stdout(&["check"], ""), "4 images can be read\n");

    let database = Database::embedded();
    database.execute("CREATE TABLE images (id TEXT, path TEXT)");
    let output = database.output(&["check"], "");
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("no such column: record"), "{error}");
}

/// Asserts that the tables cannot be created until a statement removes the cause.
fn assert_not_migrated(engine: Engine, create: &str, error: &str, remove: &str) {
    engine.with_empty(|database| {
        database.execute(create);
        let output = database.output(&["migrate"], "");
        assert_eq!(output.status.code(), Some(1), "{create}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(error), "{create}: {stderr}");
        // The failed migration has not created a part of the tables.
        database.execute(remove);
        database.stdout(&["migrate"], "");
        database.stdout(&["import", "-", "--user", USER], RECORDED);
    });
}

fn a_table_of_another_program_is_reported(engine: Engine) {
    assert_not_migrated(
        engine,
        "CREATE TABLE album_access (id TEXT)",
        match engine {
            Engine::Sqlite => "table album_access already exists",
            Engine::Postgresql => "relation \"album_access\" already exists",
        },
        "DROP TABLE album_access",
    );
}

fn names_of_other_programs_are_reported() {
    for (create, error, remove) in [
        (
            "CREATE TABLE images (id TEXT)",
            "relation \"images\" already exists",
            "DROP TABLE images",
        ),
        (
            "CREATE TYPE images AS ENUM ('image')",
            "type \"images\" already exists",
            "DROP TYPE images",
        ),
    ] {
        assert_not_migrated(Engine::Postgresql, create, error, remove);
    }
}

/// A copy of the file is a backup. While a host runs, a part of the images is in other files.
fn a_database_at_rest_is_one_file() {
    let database = Database::embedded();
    let files = || {
        let files = fs::read_dir(database.path(".")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.collect::<Vec<_>>()
    };
    for arguments in [&["check"][..], &["import", "-"], &["migrate"]] {
        database.stdout(arguments, &payload(0, 500));
        assert_eq!(files(), ["image-host.sqlite"], "{arguments:?}");
    }
    let host = database.host(&["--images", "1000"]);
    assert_eq!(host.images("").status, 200);
    assert!(files().len() > 1);
    host.stop();
    assert_eq!(files(), ["image-host.sqlite"]);
}
