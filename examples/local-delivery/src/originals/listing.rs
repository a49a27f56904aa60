//! The search for any picture in the folder of originals.

use cap_std::fs::Dir;
use url_signer::cloudinary::DeliveryType;

use super::{Originals, stem};
use crate::asset_key::{AssetKey, STORED_TYPES};

/// The maximum number of entries that are read.
const MAX_ENTRIES: usize = 10_000;

/// The maximum depth of folders.
const MAX_DEPTH: usize = 8;

impl Originals {
    /// Returns a picture, if the folder has one: of the cloud, else outside of the folders
    /// of clouds. Of several pictures, the first one in the order of names.
    #[must_use]
    pub fn any(&self) -> Option<AssetKey> {
        let mut left = MAX_ENTRIES;
        for delivery_type in STORED_TYPES {
            let path = format!("{}/image/{delivery_type}", self.cloud);
            if let Ok(folder) = self.folder.open_dir(path)
                && let Some(public_id) = first(&folder, "", 0, &mut left, &|_| true)
                && let Ok(key) = AssetKey::image(delivery_type, public_id)
            {
                return Some(key);
            }
        }
        let is_outside = |path: &str| self.is_outside_of_clouds(path);
        let public_id = first(&self.folder, "", 0, &mut left, &is_outside)?;
        AssetKey::image(DeliveryType::Upload, public_id).ok()
    }
}

/// Returns the path of the first picture, without its extension.
fn first(
    folder: &Dir,
    path: &str,
    depth: usize,
    left: &mut usize,
    is_searched: &dyn Fn(&str) -> bool,
) -> Option<String> {
    let mut names: Vec<_> = folder
        .entries()
        .ok()?
        .flatten()
        .take(*left)
        .filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."))
        .collect();
    *left = left.saturating_sub(names.len());
    names.sort_by_key(cap_std::fs::DirEntry::file_name);
    let mut folders = Vec::new();
    for entry in names {
        let kind = entry.file_type().ok()?;
        if kind.is_dir() {
            folders.push(entry);
        } else if kind.is_file()
            && let Some(stem) = stem(entry.file_name())
        {
            return Some(join(path, &stem));
        }
    }
    if depth == MAX_DEPTH {
        return None;
    }
    folders.iter().find_map(|entry| {
        let path = join(path, entry.file_name().to_str()?);
        if !is_searched(&path) {
            return None;
        }
        first(&entry.open_dir().ok()?, &path, depth + 1, left, is_searched)
    })
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}/{name}")
    }
}
