//! A running host with its gallery.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::original;

const RECORDED: &str = include_str!("../../../data/response_body.wire.json");

/// The number of recorded images, which every new host has.
pub(crate) const RECORDED_IMAGES: usize = 4;

/// The user whose images the gallery shows.
const USER: &str = "40b7f36a-1e4b-4987-931f-88910a37c451";

/// The size of the original of the images that tests add.
pub(crate) const ORIGINAL: (u32, u32) = (640, 480);

/// The files of a host: its database and its originals.
pub(crate) struct Files(TempDir);

impl Files {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Adds images that share an original, with the values that `change` sets.
    pub(crate) fn with_images(self, ids: &[String], change: &[(&str, Value)]) -> Self {
        let folder = "image-host-originals/sadaasdasd/image/authenticated";
        let folder = self.0.path().join(folder);
        fs::create_dir_all(&folder).unwrap();
        let (width, height) = ORIGINAL;
        fs::write(folder.join("quadrants.png"), original::png(width, height)).unwrap();

        let recorded: Vec<Value> = serde_json::from_str(RECORDED).unwrap();
        let images: Vec<_> = ids
            .iter()
            .map(|id| {
                let mut image = recorded[0].clone();
                for (key, value) in [
                    ("id", json!(id)),
                    ("public_id", json!(id)),
                    ("filename", json!("Quadrants")),
                    ("width", json!(width)),
                    ("height", json!(height)),
                    ("original_width", json!(width)),
                    ("original_height", json!(height)),
                    (
                        "original_url",
                        json!(
                            "https://res.cloudinary.com/sadaasdasd/image/authenticated/\
                             s--AAAAAAAA--/fl_attachment/v7/quadrants.jpg"
                        ),
                    ),
                ] {
                    image[key] = value;
                }
                for (key, value) in change {
                    image[*key] = value.clone();
                }
                image
            })
            .collect();
        let payload = self.0.path().join("payload.json");
        fs::write(&payload, serde_json::to_vec(&images).unwrap()).unwrap();
        let output = command(self.0.path())
            .args(["import", "payload.json", "--user", USER])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        self
    }

    /// Starts a host on free ports.
    pub(crate) fn host(self) -> Host {
        let log = File::create(self.0.path().join("log")).unwrap();
        let mut process = command(self.0.path())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(["--delivery-listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut host = Host {
            gallery: String::new(),
            token: String::new(),
            url: String::new(),
            process,
            files: self.0,
        };
        while host.url.is_empty() {
            let mut line = String::new();
            let length = output.read_line(&mut line).unwrap();
            assert!(length > 0, "the host did not start");
            let line = line.trim_end();
            if let Some(gallery) = line.strip_prefix("gallery: ") {
                gallery.clone_into(&mut host.gallery);
            } else if let Some(token) = line.strip_prefix("export IMAGE_SYNC_TOKEN=") {
                token.clone_into(&mut host.token);
            } else if let Some(url) = line.strip_prefix("listening on ") {
                url.clone_into(&mut host.url);
            }
        }
        assert_eq!(host.gallery, format!("{}/", host.url));
        host
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_image-host"));
    // Without variables, the host has its demo keys.
    command.current_dir(folder).env_clear();
    command
}

/// A running host. Stops when it is dropped, also during a panic.
pub(crate) struct Host {
    /// The address of the first page of the gallery.
    pub(crate) gallery: String,
    /// The token that the host prints.
    pub(crate) token: String,
    /// The address of the host, without a path.
    pub(crate) url: String,
    process: Child,
    files: TempDir,
}

impl Host {
    /// Starts a host with the recorded images.
    pub(crate) fn start() -> Self {
        Files::new().host()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    /// Returns the address of the page of an image.
    pub(crate) fn image(&self, id: &str) -> String {
        format!("{}gallery/images/{id}", self.gallery)
    }

    /// Returns the images of the payload.
    pub(crate) fn payload(&self) -> Vec<Value> {
        let url = format!("{}/api/v1/image_syncs", self.url);
        let authorization = format!("Token token=\"{}\"", self.token);
        let request = ureq::get(url).header("authorization", authorization);
        let payload = request.call().unwrap().body_mut().read_to_string();
        serde_json::from_str(&payload.unwrap()).unwrap()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        if thread::panicking() {
            // The reason of a failure may be in the log.
            let log = fs::read_to_string(self.path("log")).unwrap_or_default();
            let start = log.len().saturating_sub(4_000);
            eprintln!("log of the host:\n{}", log.get(start..).unwrap_or(&log));
        }
    }
}

/// Returns an id for each number.
pub(crate) fn id(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}
