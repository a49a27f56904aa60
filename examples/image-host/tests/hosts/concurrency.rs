//! Programs that use one database at the same time.

use std::fs;
use std::process::Stdio;
use std::thread;

use serde_json::{Value, json};

use crate::database::{Database, Engine};
use crate::host::{RECORDED, STRANGER, USER};

tests! {
    both: four_imports_at_once_succeed,
    both: four_migrations_at_once_succeed,
    both: four_hosts_can_start_on_a_new_file,
    both: a_failed_grant_cancels_the_import,
}

/// Runs a command four times at once and checks that each run succeeds.
fn four_at_once(database: &Database, command: impl Fn(usize) -> Vec<String>) {
    let children: Vec<_> = (0..4)
        .map(|number| {
            let arguments = command(number);
            let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
            let mut command = database.command(&arguments);
            command.stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
    }
}

/// Returns a payload of distinct images, each in its own album.
pub(crate) fn payload(first: usize, images: usize) -> String {
    let recorded: Value = serde_json::from_str(RECORDED).unwrap();
    let images: Vec<_> = (first..first + images)
        .map(|number| {
            let mut image = recorded[0].clone();
            image["id"] = json!(format!("00000000-0000-4000-9000-{number:012}"));
            image["album_id"] = json!(format!("album-{number}"));
            image
        })
        .collect();
    Value::from(images).to_string()
}

fn four_imports_at_once_succeed(engine: Engine) {
    engine.with(|database| {
        for number in 0..4 {
            let name = format!("{number}.json");
            fs::write(database.path(&name), payload(1_000 * number, 1_000)).unwrap();
        }
        four_at_once(&database, |number| {
            let file = format!("{number}.json");
            ["import", &file, "--user", STRANGER]
                .map(str::to_owned)
                .into()
        });
        let host = database.host(&[]);
        let token = database.stdout(&["token", "--user", STRANGER], "");
        let images = host.images_with("", token.trim_end());
        let images = image_model::from_slice::<String>(&images.body).unwrap();
        assert_eq!(images.len(), 4_000);
        // The images of one import are consecutive.
        let ids: Vec<_> = images.iter().map(|image| image.id).collect();
        for import in ids.chunks(1_000) {
            assert!(import.is_sorted());
        }
    });
}

fn four_migrations_at_once_succeed(engine: Engine) {
    engine.with_empty(|database| {
        four_at_once(&database, |_| vec!["migrate".to_owned()]);
        database.stdout(&["import", "-", "--user", USER], RECORDED);
    });
}

fn four_hosts_can_start_on_a_new_file(engine: Engine) {
    engine.with(|database| {
        let hosts: Vec<_> = thread::scope(|scope| {
            let start = |_| scope.spawn(|| database.host(&["--images", "2000"]));
            let starting: Vec<_> = (0..4).map(start).collect();
            let hosts = starting.into_iter();
            hosts.map(|host| host.join().unwrap()).collect()
        });
        for host in &hosts {
            let images = host.images("");
            let images = image_model::from_slice::<String>(&images.body).unwrap();
            assert_eq!(images.len(), 2_004);
        }
    });
}

fn a_failed_grant_cancels_the_import(engine: Engine) {
    engine.with(|database| {
        drop(database.host(&[]));
        database.forbid_album("album-700");
        let payload = payload(0, 1_000);
        let output = database.output(&["import", "-", "--user", USER], &payload);
        assert!(!output.status.success());
        let host = database.host(&[]);
        let images = host.images("");
        let images = image_model::from_slice::<String>(&images.body).unwrap();
        assert_eq!(images.len(), 4);
        let exported = database.stdout(&["export", "--output", "all"], "");
        assert!(exported.starts_with("4 images, "), "{exported}");
    });
}
