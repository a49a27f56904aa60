//! The folder of originals: lookup, listing and saving.

mod listing;

use std::ffi::OsString;
use std::io::{self, Read, Seek, Write};
use std::path::Path;
use std::time::SystemTime;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, MetadataExt};
use serde_json::{Map, Value};
use thiserror::Error;
use url_signer::cloudinary::{DeliveryType, ResourceType};
use uuid::Uuid;

use crate::asset_key::AssetKey;
use crate::render::OutputFormat;
use crate::replace_file::replace_file;

/// The extensions of stored files, in the order in which they are tried.
const EXTENSIONS: [&str; 8] = ["jpg", "jpeg", "png", "webp", "JPG", "JPEG", "PNG", "WEBP"];

/// The names of folders of resource types.
const RESOURCE_TYPES: [&str; 3] = ["image", "raw", "video"];

/// The number of bytes that determine the format of a file.
const SIGNATURE_BYTES: u64 = 16;

/// The maximum number of bytes in a description that is read.
const DESCRIPTION_BYTES: u64 = 1024 * 1024;

/// The folder of originals. No method reads or writes a file outside the folder, not even
/// through a symbolic link.
///
/// A file is stored as `<cloud>/<resource type>/<delivery type>/<public id>.<extension>`,
/// with an optional description in `<…>.<extension>.json`. A file that is not in the folder
/// of a cloud is a public image: `a/photo.jpg` is the image `a/photo` of the type `upload`.
#[derive(Debug)]
pub struct Originals {
    folder: Dir,
    cloud: String,
}

/// An error saving an original.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SaveError {
    /// The bytes are not an image in a supported format.
    #[error("the file is not a JPEG, PNG or WebP image")]
    Format,
    /// The file exists, and the caller does not overwrite it.
    #[error("`{0}` exists")]
    Exists(AssetKey),
    /// A file and a folder would have the same name: of `a` in the format PNG, and of
    /// `a.png/b`.
    #[error(
        "cannot save `{0}`: a file and a folder would have the same name; choose another public id"
    )]
    FolderName(AssetKey),
    /// The file cannot be written.
    #[error("cannot save `{key}` in the folder of originals")]
    Write {
        /// The file.
        key: AssetKey,
        /// The cause.
        source: io::Error,
    },
}

/// An original that was found.
#[derive(Debug)]
pub(crate) struct Original {
    pub(crate) path: String,
    file: File,
    pub(crate) length: u64,
    pub(crate) modified: SystemTime,
    inode: u64,
    /// The format of the content, whatever the extension is. `None` if it is not an image.
    pub(crate) format: Option<OutputFormat>,
}

impl Original {
    /// Returns a text that changes when the file changes.
    pub(crate) fn identity(&self) -> String {
        let since = self.modified.duration_since(SystemTime::UNIX_EPOCH);
        let nanoseconds = since.unwrap_or_default().as_nanos();
        let Self {
            path,
            length,
            inode,
            ..
        } = self;
        format!("{path}:{length}:{nanoseconds}:{inode}")
    }

    /// Reads the file. Returns its length if it is longer than `limit` bytes.
    pub(crate) fn read(self, limit: usize) -> io::Result<Result<Vec<u8>, usize>> {
        let length = usize::try_from(self.length).unwrap_or(usize::MAX);
        if length > limit {
            return Ok(Err(length));
        }
        let mut bytes = Vec::with_capacity(length);
        // The file may have grown.
        let longest = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        let read = self.file.take(longest).read_to_end(&mut bytes)?;
        Ok(if read > limit { Err(read) } else { Ok(bytes) })
    }
}

impl Originals {
    /// Opens a folder, and creates it if it does not exist.
    pub(crate) fn open(folder: &Path, cloud: &str) -> io::Result<Self> {
        Dir::create_ambient_dir_all(folder, ambient_authority())?;
        Ok(Self {
            folder: Dir::open_ambient_dir(folder, ambient_authority())?,
            cloud: cloud.to_owned(),
        })
    }

    /// Saves an image, and replaces a file with the same key.
    ///
    /// # Errors
    ///
    /// - [`SaveError::Format`] for bytes that do not start like a JPEG, PNG or WebP image.
    /// - [`SaveError::FolderName`] for a public id that needs a folder with the name of a file,
    ///   or a file with the name of a folder.
    /// - [`SaveError::Write`] if the file cannot be written.
    pub fn save(&self, key: &AssetKey, bytes: &[u8]) -> Result<(), SaveError> {
        self.save_described(key, bytes, None, true)
    }

    /// Returns whether there is a file with this key.
    ///
    /// # Errors
    ///
    /// - The folder cannot be read.
    pub fn contains(&self, key: &AssetKey) -> io::Result<bool> {
        Ok(self.find(key)?.is_some())
    }

    /// Saves an image and its description.
    pub(crate) fn save_described(
        &self,
        key: &AssetKey,
        bytes: &[u8],
        description: Option<&Map<String, Value>>,
        overwrites: bool,
    ) -> Result<(), SaveError> {
        let format = OutputFormat::of_content(bytes).ok_or(SaveError::Format)?;
        let extension = format.extension();
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AlreadyExists
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::IsADirectory => SaveError::FolderName(key.clone()),
            _ => SaveError::Write {
                key: key.clone(),
                source,
            },
        };
        if !overwrites && self.contains(key).map_err(failed)? {
            return Err(SaveError::Exists(key.clone()));
        }
        let write = || {
            let path = self.path(key);
            if let Some((folder, _)) = path.rsplit_once('/') {
                self.folder.create_dir_all(folder)?;
            }
            let file = format!("{path}.{extension}");
            if self.folder.is_dir(&file) {
                return Err(io::ErrorKind::IsADirectory.into());
            }
            if let Some(description) = description {
                let text = serde_json::to_vec(description)?;
                self.replace(&format!("{file}.json"), &text)?;
            }
            self.replace(&file, bytes)?;
            // A file in another format would be found first.
            for other in EXTENSIONS {
                // Where names of files have no case, `x.PNG` is `x.png`.
                if !other.eq_ignore_ascii_case(extension) {
                    remove(&self.folder, &format!("{path}.{other}"))?;
                    remove(&self.folder, &format!("{path}.{other}.json"))?;
                }
            }
            Ok(())
        };
        write().map_err(failed)
    }

    /// Finds a file. Only the extension of the file is not part of the key.
    pub(crate) fn find(&self, key: &AssetKey) -> io::Result<Option<Original>> {
        if let Some(found) = self.find_path(&self.path(key))? {
            return Ok(Some(found));
        }
        let is_public_image = key.resource_type() == ResourceType::Image
            && *key.delivery_type() == DeliveryType::Upload;
        if is_public_image && self.is_outside_of_clouds(key.public_id()) {
            return self.find_path(key.public_id());
        }
        Ok(None)
    }

    /// Returns the description of the original with a path.
    pub(crate) fn description(&self, path: &str) -> Option<Map<String, Value>> {
        let path = format!("{path}.json");
        let metadata = self.folder.metadata(&path).ok()?;
        if !metadata.is_file() || metadata.len() > DESCRIPTION_BYTES {
            return None;
        }
        serde_json::from_slice(&self.folder.read(&path).ok()?).ok()
    }

    /// Returns the path of a key, without an extension.
    fn path(&self, key: &AssetKey) -> String {
        format!("{}/{key}", self.cloud)
    }

    /// Returns whether a path is not in the folder of a cloud. The case of letters does not
    /// count, because there are file systems where it does not.
    fn is_outside_of_clouds(&self, path: &str) -> bool {
        let is_resource_type = |name: &str| {
            let mut types = RESOURCE_TYPES.iter();
            types.any(|known| known.eq_ignore_ascii_case(name))
        };
        let mut components = path.split('/');
        let first = components.next().unwrap_or_default();
        !first.eq_ignore_ascii_case(&self.cloud) && !components.next().is_some_and(is_resource_type)
    }

    fn find_path(&self, path: &str) -> io::Result<Option<Original>> {
        for extension in EXTENSIONS {
            let path = format!("{path}.{extension}");
            // Opening a named pipe would block.
            if !exists(self.folder.metadata(&path)).is_some_and(|found| found.is_file()) {
                continue;
            }
            let Some(mut file) = exists(self.folder.open(&path)) else {
                continue;
            };
            let metadata = file.metadata()?;
            if metadata.is_file() {
                let format = format(&mut file)?;
                return Ok(Some(Original {
                    path,
                    file,
                    length: metadata.len(),
                    modified: metadata.modified()?.into_std(),
                    inode: metadata.ino(),
                    format,
                }));
            }
        }
        Ok(None)
    }

    /// Writes a file, and syncs it to the disk.
    fn replace(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let temporary = format!("{folder}/.upload-{}", Uuid::new_v4().simple());
        replace_file(&self.folder, path, &temporary, |file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
    }
}

/// Returns `None` for a file that does not exist, is outside of the folder, or cannot be
/// opened.
fn exists<T>(result: io::Result<T>) -> Option<T> {
    let expected = [
        io::ErrorKind::NotFound,
        io::ErrorKind::NotADirectory,
        io::ErrorKind::PermissionDenied,
        io::ErrorKind::InvalidFilename,
    ];
    match result {
        Ok(found) => Some(found),
        Err(error) => {
            if !expected.contains(&error.kind()) {
                tracing::warn!(%error, "cannot open a file in the folder of originals");
            }
            None
        }
    }
}

/// Returns the format of a file, from its first bytes.
fn format(file: &mut File) -> io::Result<Option<OutputFormat>> {
    let mut start = Vec::new();
    Read::by_ref(file)
        .take(SIGNATURE_BYTES)
        .read_to_end(&mut start)?;
    file.rewind()?;
    Ok(OutputFormat::of_content(&start))
}

/// Removes a file, if there is one.
fn remove(folder: &Dir, path: &str) -> io::Result<()> {
    if folder.is_dir(path) {
        return Ok(());
    }
    match folder.remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Returns the name of a file without the extension of an image, if it has one and may be
/// part of a public id.
fn stem(name: OsString) -> Option<String> {
    let name = name.into_string().ok()?;
    let (stem, extension) = name.rsplit_once('.')?;
    let is_named = AssetKey::image(DeliveryType::Upload, stem).is_ok();
    (is_named && EXTENSIONS.contains(&extension)).then(|| stem.to_owned())
}
