//! Derived images in a folder.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use moka::notification::RemovalCause;
use moka::sync::Cache;
use thiserror::Error;
use uuid::Uuid;

use super::picture::Picture;
use crate::digest::sha256;
use crate::render::OutputFormat;
use crate::replace_file::replace_file;

/// The marker of folders whose content can be created again
/// (<https://bford.info/cachedir/>).
const TAG: &str = "CACHEDIR.TAG";
const TAG_TEXT: &[u8] = b"Signature: 8a477f597d28d172789f06886806bc55\n\
    # Derived images of local-delivery. This folder can be deleted.\n";

/// The maximum number of files.
const MAX_FILES: u64 = 10_000;

/// The extension of files with images. A digest of 32 digits follows the image.
const EXTENSION: &str = "derived";
const DIGEST_LENGTH: usize = 32;

/// A folder that is not empty, and is not one of derived images.
#[derive(Debug, Error)]
#[error("the folder has other files; choose an empty folder")]
struct NotACache;

/// A folder of derived images, within a limit of size.
#[derive(Debug)]
pub(super) struct DiskCache {
    folder: Arc<Dir>,
    /// The sizes of the files. Removing an entry removes the file.
    files: Cache<String, u64>,
}

impl DiskCache {
    /// Opens a folder, and creates it if it does not exist.
    pub(super) fn open(folder: &Path, limit: u64) -> io::Result<Self> {
        Dir::create_ambient_dir_all(folder, ambient_authority())?;
        let folder = Arc::new(Dir::open_ambient_dir(folder, ambient_authority())?);
        if !folder.is_file(TAG) {
            if folder.entries()?.next().is_some() {
                return Err(io::Error::new(io::ErrorKind::DirectoryNotEmpty, NotACache));
            }
            folder.write(TAG, TAG_TEXT)?;
        }
        let smallest = limit / MAX_FILES;
        let removed = Arc::clone(&folder);
        let files = Cache::builder()
            .max_capacity(limit)
            .weigher(move |_: &String, size: &u64| {
                u32::try_from(*(size.max(&smallest))).unwrap_or(u32::MAX)
            })
            .eviction_listener(move |name: Arc<String>, _, cause| {
                if cause != RemovalCause::Replaced {
                    let _ = removed.remove_file(&*name);
                }
            })
            .build();
        for entry in folder.entries()? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            if is_temporary(&name) {
                let _ = folder.remove_file(&name);
            } else if is_derived(&name) {
                files.insert(name, entry.metadata()?.len());
            }
        }
        Ok(Self { folder, files })
    }

    /// Returns an image, if the folder has it.
    pub(super) fn get(&self, key: &str) -> Option<Picture> {
        let name = name(key);
        self.files.get(&name)?;
        let picture = self.read(&name);
        if picture.is_none() {
            self.files.invalidate(&name);
        }
        picture
    }

    /// Returns `None` for a file that is missing or damaged.
    fn read(&self, name: &str) -> Option<Picture> {
        let mut bytes = self.folder.read(name).ok()?;
        let digest = bytes.split_off(bytes.len().checked_sub(DIGEST_LENGTH)?);
        let format = OutputFormat::of_content(&bytes)?;
        let picture = Picture::new(bytes, format);
        (picture.digest.as_bytes() == digest).then_some(picture)
    }

    /// Adds an image. A failure is logged: the image can be derived again.
    pub(super) fn insert(&self, key: &str, picture: &Picture) {
        let name = name(key);
        match self.write(&name, picture) {
            Ok(()) => {
                let size = picture.bytes.len() + DIGEST_LENGTH;
                self.files
                    .insert(name, u64::try_from(size).unwrap_or(u64::MAX));
            }
            Err(error) => tracing::warn!(%error, "cannot store a derived image"),
        }
    }

    fn write(&self, name: &str, picture: &Picture) -> io::Result<()> {
        let temporary = format!(".{}.{EXTENSION}", Uuid::new_v4().simple());
        replace_file(&self.folder, name, &temporary, |file| {
            file.write_all(&picture.bytes)?;
            file.write_all(picture.digest.as_bytes())
        })
    }
}

/// Returns the name of a file: the SHA-256 digest of the key.
fn name(key: &str) -> String {
    format!("{}.{EXTENSION}", sha256(key.as_bytes()))
}

/// Returns whether a file has a name of this folder.
fn is_derived(name: &str) -> bool {
    name.split_once('.').is_some_and(|(digest, extension)| {
        extension == EXTENSION && digest.len() == 64 && is_hexadecimal(digest)
    })
}

/// Returns whether a file was being written when the program ended.
fn is_temporary(name: &str) -> bool {
    let name = name.strip_prefix('.').and_then(|name| name.split_once('.'));
    name.is_some_and(|(id, extension)| {
        extension == EXTENSION && id.len() == 32 && is_hexadecimal(id)
    })
}

fn is_hexadecimal(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(byte: u8, length: usize) -> Picture {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, byte];
        bytes.resize(length, byte);
        Picture::new(bytes, OutputFormat::Jpeg)
    }

    #[test]
    fn images_survive_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let cache = DiskCache::open(folder.path(), 1_000_000).unwrap();
        cache.insert("a", &picture(1, 100));
        drop(cache);
        let cache = DiskCache::open(folder.path(), 1_000_000).unwrap();
        assert_eq!(cache.get("a").unwrap().bytes, picture(1, 100).bytes);
        assert!(cache.get("b").is_none());
    }

    #[test]
    fn damaged_files_are_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let cache = DiskCache::open(folder.path(), 1_000_000).unwrap();
        cache.insert("a", &picture(1, 100));
        let path = folder.path().join(name("a"));
        for damaged in [
            Vec::new(),
            vec![0; 100],
            std::fs::read(&path).unwrap()[1..].to_vec(),
        ] {
            std::fs::write(&path, damaged).unwrap();
            cache.files.insert(name("a"), 100);
            assert!(cache.get("a").is_none());
        }
    }

    #[test]
    fn the_size_is_limited() {
        let folder = tempfile::tempdir().unwrap();
        let cache = DiskCache::open(folder.path(), 10_000).unwrap();
        for number in 0..50 {
            cache.insert(&number.to_string(), &picture(number, 1_000));
            cache.files.run_pending_tasks();
        }
        let files = std::fs::read_dir(folder.path()).unwrap().flatten();
        let sizes = files
            .filter(|file| file.file_name() != TAG)
            .map(|file| file.metadata().unwrap().len());
        let size: u64 = sizes.sum();
        assert!((1_000..=10_000).contains(&size), "{size}");
    }

    #[test]
    fn folders_with_other_files_are_rejected() {
        let folder = tempfile::tempdir().unwrap();
        let precious = folder.path().join("precious.txt");
        std::fs::write(&precious, "x").unwrap();
        assert!(DiskCache::open(folder.path(), 1_000).is_err());
        assert_eq!(std::fs::read(precious).unwrap(), b"x");
    }
}
