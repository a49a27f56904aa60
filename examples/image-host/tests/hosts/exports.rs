//! Exports and imports.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::database::{Database, Engine};
use crate::host::{RECORDED, masked};

tests! {
    both: the_shards_of_an_export_partition_its_images,
    both: an_export_of_the_recorded_images_can_be_imported,
    both: an_import_with_an_invalid_image_changes_nothing,
    both: the_next_export_removes_files_of_a_killed_export,
    both: a_closed_output_is_no_failure,
}

fn exported(database: &Database, shard: &str) -> Vec<String> {
    let name = format!("export-{}", shard.replace('/', "-of-"));
    let printed = database.stdout(&["export", "--shard", shard, "--output", &name], "");
    let bytes = fs::read(database.path(&name)).unwrap();
    let digest = Sha256::digest(&bytes);
    let digest: Vec<_> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let lines: Vec<_> = String::from_utf8(bytes)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    let expected = format!("{} images, sha256 {}\n", lines.len(), digest.concat());
    assert_eq!(printed, expected);
    lines
}

fn the_shards_of_an_export_partition_its_images(engine: Engine) {
    engine.with(|database| {
        drop(database.host(&["--images", "300"]));
        let whole = exported(&database, "1/1");
        assert_eq!(whole.len(), 304);
        let all: BTreeSet<_> = whole.iter().cloned().collect();
        assert_eq!(all.len(), 304);
        for of in [2, 4] {
            let parts: Vec<_> = (1..=of)
                .flat_map(|number| exported(&database, &format!("{number}/{of}")))
                .collect();
            assert_eq!(parts.len(), 304);
            assert_eq!(parts.into_iter().collect::<BTreeSet<_>>(), all);
        }
    });
}

fn an_export_of_the_recorded_images_can_be_imported(engine: Engine) {
    engine.with(|database| {
        // A new embedded database is filled with the recorded images.
        let export = ["export", "--format", "payload", "--output", "all.json"];
        assert!(database.stdout(&export, "").starts_with("4 images, "));
        let payload = fs::read_to_string(database.path("all.json")).unwrap();
        assert_eq!(masked(&payload), masked(RECORDED));
        database.stdout(&["import", "all.json"], "");
        database.stdout(&export, "");
        assert_eq!(
            fs::read_to_string(database.path("all.json")).unwrap(),
            payload
        );
    });
}

fn an_import_with_an_invalid_image_changes_nothing(engine: Engine) {
    engine.with(|database| {
        let last = "https://res.cloudinary.com/sadaasdasd/image/authenticated/s--Vi44ffZg--";
        let payload = RECORDED
            .replace("Super Image", "changed")
            .replace(last, "ftp:");
        assert!(payload.contains("changed") && payload.contains("ftp:"));
        let output = database.output(&["import", "-"], &payload);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success());
        assert!(
            error.starts_with("error: images[3].original_url: "),
            "{error}"
        );
        let host = database.host(&[]);
        assert_eq!(masked(host.images("").text()), masked(RECORDED));
    });
}

/// Returns the names of hidden files next to an export.
fn hidden(database: &Database) -> Vec<String> {
    let files = fs::read_dir(database.path(".")).unwrap();
    files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.'))
        .collect()
}

fn the_next_export_removes_files_of_a_killed_export(engine: Engine) {
    engine.with(|database| {
        drop(database.host(&["--images", "20000"]));
        let export = ["export", "--output", "all"];
        let mut killed = database.command(&export).spawn().unwrap();
        while hidden(&database).is_empty() {
            assert!(killed.try_wait().unwrap().is_none());
            thread::sleep(Duration::from_millis(1));
        }
        // The file of a running export is kept.
        database.stdout(&["export", "--output", "all"], "");
        assert!(database.path("all").exists());
        fs::remove_file(database.path("all")).unwrap();
        let finished = killed.wait().unwrap();
        assert!(finished.success());

        fs::write(database.path(".all.abcdef.tmp"), "killed").unwrap();
        let mut killed = database.command(&export).spawn().unwrap();
        while !hidden(&database)
            .iter()
            .any(|name| name != ".all.abcdef.tmp")
        {
            assert!(killed.try_wait().unwrap().is_none());
            thread::sleep(Duration::from_millis(1));
        }
        killed.kill().unwrap();
        killed.wait().unwrap();
        assert!(!hidden(&database).is_empty());
        let first = database.stdout(&export, "");
        assert!(first.starts_with("20004 images, "));
        assert!(hidden(&database).is_empty());
        assert_eq!(database.stdout(&export, ""), first);
    });
}

fn a_closed_output_is_no_failure(engine: Engine) {
    engine.with(|database| {
        let export = ["export", "--output", "all"];
        for arguments in [&["import", "-"][..], &["check"], &export] {
            let (reader, closed) = std::io::pipe().unwrap();
            drop(reader);
            let mut process = database
                .command(arguments)
                .stdin(Stdio::piped())
                .stdout(closed)
                .spawn()
                .unwrap();
            let mut input = process.stdin.take().unwrap();
            // A program that reads no input may have ended.
            let _ = input.write_all(RECORDED.as_bytes());
            drop(input);
            assert!(process.wait().unwrap().success(), "{arguments:?}");
        }
        assert!(database.path("all").exists());
    });
}
