//! The program.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use crate::pictures::{decode, jpeg};

const PROGRAM: &str = env!("CARGO_BIN_EXE_local-delivery");

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program(folder: &std::path::Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .arg("--originals")
        .arg(folder)
        .env_remove("CLOUDINARY_URL")
        .env_remove("CLOUDINARY_CLOUD_NAME")
        .env_remove("CLOUDINARY_API_SECRET");
    command
}

#[test]
fn the_printed_example_shows_a_picture() {
    for (path, url) in [
        ("holiday photo (1).JPG", Some("cloudinary://key:abcd@demo")),
        ("albums/7/photo.jpg", None),
        ("demo/image/authenticated/a.jpg", None),
        ("100%/25%.jpg", None),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, jpeg(1_200, 900)).unwrap();
        let mut command = program(folder.path());
        if let Some(url) = url {
            command.env("CLOUDINARY_URL", url);
        }
        let mut child = command
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let _running = Running(child);
        let mut lines = output.lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.strip_prefix("listening on ").unwrap();
        let second = lines.next().unwrap().unwrap();
        let example = second.strip_prefix("example: ").unwrap();
        assert!(example.starts_with(address), "{example}");
        let mut response = ureq::get(example)
            .header("accept", "image/webp")
            .call()
            .unwrap();
        let bytes = response.body_mut().read_to_vec().unwrap();
        let picture = decode(&bytes, image::ImageFormat::WebP);
        assert_eq!((picture.width(), picture.height()), (600, 400), "{path}");
    }
}

#[test]
fn the_log_explains_rejected_urls() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("photo.jpg"), jpeg(40, 30)).unwrap();
    let mut child = program(folder.path())
        .args(["--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let log = BufReader::new(child.stderr.take().unwrap());
    let _running = Running(child);
    let example = output.lines().nth(1).unwrap().unwrap();
    let changed = example
        .strip_prefix("example: ")
        .unwrap()
        .replace("w_600", "w_600,x_1");
    let status = ureq::get(&changed).call().unwrap_err();
    assert!(matches!(status, ureq::Error::StatusCode(401)), "{status}");
    let explained = "rejected a URL: the parameter `x_1` was added after signing";
    let mut lines = log.lines().map_while(Result::ok);
    let line = lines.find(|line| line.contains("rejected a URL"));
    assert!(line.as_deref().unwrap().contains(explained), "{line:?}");
}

#[test]
fn the_demo_secret_stays_on_loopback() {
    let folder = tempfile::tempdir().unwrap();
    for (url, listen) in [
        (None, "0.0.0.0:0"),
        (Some("cloudinary://demo:demo-secret@demo"), "0.0.0.0:0"),
        (None, "[::]:0"),
    ] {
        let mut command = program(folder.path());
        if let Some(url) = url {
            command.env("CLOUDINARY_URL", url);
        }
        let output = command.args(["--listen", listen]).output().unwrap();
        assert!(!output.status.success());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains("is not a loopback address"), "{error}");
        assert!(error.contains("set CLOUDINARY_URL"), "{error}");
    }
}

#[test]
fn errors_name_the_option() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("other.txt");
    std::fs::write(&other, "a,b").unwrap();
    let other = other.to_str().unwrap();
    let cache = folder.path().to_str().unwrap();
    for (arguments, expected) in [
        (["--named", other], "cannot read"),
        (["--named", "/nonexistent"], "cannot read /nonexistent"),
        (["--cache", cache], "cannot open the folder"),
        (["--authority", "a b"], "invalid --authority"),
        (["--webhook-host", "a/b"], "invalid --webhook-host"),
    ] {
        let mut command = program(&folder.path().join("originals"));
        let output = command
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{arguments:?}");
        assert!(error.contains(expected), "{arguments:?}: {error}");
    }
}
