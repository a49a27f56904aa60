//! Exports, whole and in parts.

use std::collections::BTreeSet;
use std::fs;

use sha2::{Digest, Sha256};

use crate::host::{Database, RECORDED, masked, on_both};

fn exported(database: &Database, shard: &str) -> Vec<String> {
    let name = format!("export-{}", shard.replace('/', "-of-"));
    let said = database.said(&["export", "--shard", shard, "--output", &name], "");
    let bytes = fs::read(database.path(&name)).unwrap();
    let digest = Sha256::digest(&bytes);
    let digest: Vec<_> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let lines: Vec<_> = String::from_utf8(bytes)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect();
    let expected = format!("{} images, sha256 {}\n", lines.len(), digest.concat());
    assert_eq!(said, expected);
    lines
}

#[test]
fn the_parts_of_an_export_are_the_whole() {
    on_both(|database| {
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

#[test]
fn an_export_of_the_recorded_images_is_the_recorded_payload_and_goes_in_again() {
    on_both(|database| {
        // The embedded database is filled when it is first used.
        let export = ["export", "--format", "payload", "--output", "all.json"];
        assert!(database.said(&export, "").starts_with("4 images, "));
        let payload = fs::read_to_string(database.path("all.json")).unwrap();
        assert_eq!(masked(&payload), masked(RECORDED));
        database.said(&["import", "all.json"], "");
        database.said(&export, "");
        assert_eq!(
            fs::read_to_string(database.path("all.json")).unwrap(),
            payload
        );
    });
}

#[test]
fn a_payload_with_an_image_that_cannot_be_taken_changes_nothing() {
    on_both(|database| {
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

#[test]
fn an_export_that_is_killed_leaves_no_file_and_runs_again() {
    on_both(|database| {
        drop(database.host(&["--images", "20000"]));
        let export = ["export", "--output", "all"];
        let mut killed = database.command(&export).spawn().unwrap();
        killed.kill().unwrap();
        killed.wait().unwrap();
        assert!(!database.path("all").exists());
        let first = database.said(&export, "");
        assert!(first.starts_with("20004 images, "));
        assert_eq!(database.said(&export, ""), first);
    });
}
