//! The recorded responses of image-host, in a folder.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use bytes::Bytes;

/// The path of the endpoint.
pub const PATH: &str = "/api/v1/image_syncs";

/// The body of a response.
#[derive(Clone, Debug)]
pub struct Payload {
    /// The number of images.
    pub images: usize,
    /// The body.
    pub bytes: Bytes,
}

/// The bodies by the number of ids in the request, and the headers that they share.
#[derive(Clone, Debug, Default)]
pub struct Payloads {
    headers: Vec<(String, String)>,
    /// The payload of all images has the key 0.
    by_ids: HashMap<usize, Payload>,
}

impl Payloads {
    /// Creates an empty set of payloads.
    ///
    /// Ignores the headers that a server adds itself.
    #[must_use]
    pub fn new(headers: Vec<(String, String)>) -> Self {
        let by_server = ["connection", "content-length", "date", "transfer-encoding"];
        let headers = headers
            .into_iter()
            .filter(|(name, _)| !by_server.contains(&name.as_str()))
            .collect();
        Self {
            headers,
            by_ids: HashMap::new(),
        }
    }

    /// Returns the headers of all responses.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// Adds the payload of a request with this number of ids. 0 means all images.
    pub fn insert(&mut self, ids: usize, payload: Payload) {
        self.by_ids.insert(ids, payload);
    }

    /// Returns the payload of a request with this number of ids. 0 means all images.
    #[must_use]
    pub fn get(&self, ids: usize) -> Option<&Payload> {
        self.by_ids.get(&ids)
    }

    /// Returns the payload that the query of a request selects.
    #[must_use]
    pub fn for_query(&self, query: Option<&str>) -> Option<&Payload> {
        let separators = |query: &str| query.bytes().filter(|byte| *byte == b'&').count();
        self.get(query.map_or(0, |query| separators(query) + 1))
    }

    /// Writes the payloads to a folder.
    ///
    /// # Errors
    ///
    /// - A file cannot be written.
    pub fn save(&self, folder: &Path) -> Result<()> {
        let mut files = vec![(
            "headers.json".to_owned(),
            serde_json::to_vec(&self.headers)?.into(),
        )];
        for (ids, Payload { images, bytes }) in &self.by_ids {
            files.push((format!("{ids}-{images}.payload"), bytes.clone()));
        }
        for (name, bytes) in files {
            let path = folder.join(name);
            fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }

    /// Reads the payloads from a folder.
    ///
    /// # Errors
    ///
    /// - A file cannot be read.
    pub fn load(folder: &Path) -> Result<Self> {
        let load = || -> Result<Self> {
            let mut payloads = Self {
                headers: serde_json::from_slice(&fs::read(folder.join("headers.json"))?)?,
                by_ids: HashMap::new(),
            };
            for entry in fs::read_dir(folder)? {
                let path = entry?.path();
                let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                    continue;
                };
                let Some(numbers) = name.strip_suffix(".payload") else {
                    continue;
                };
                let numbers = numbers.split_once('-');
                let (ids, images) = numbers.context("expected IDS-IMAGES.payload")?;
                let payload = Payload {
                    images: images.parse()?,
                    bytes: fs::read(&path)?.into(),
                };
                payloads.insert(ids.parse()?, payload);
            }
            Ok(payloads)
        };
        load().with_context(|| format!("cannot load the payloads in {}", folder.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saved_payloads_are_selected_by_number_of_ids() {
        let folder = tempfile::tempdir().unwrap();
        let header = |name: &str| (name.to_owned(), "x".to_owned());
        let mut payloads = Payloads::new(vec![header("content-length"), header("x-token")]);
        for (ids, images, text) in [(0, 9, "all"), (2, 2, "two")] {
            let bytes = Bytes::from_static(text.as_bytes());
            payloads.insert(ids, Payload { images, bytes });
        }
        payloads.save(folder.path()).unwrap();
        let loaded = Payloads::load(folder.path()).unwrap();
        assert_eq!(loaded.headers(), [header("x-token")]);
        let selected = |query| loaded.for_query(query).map(|payload| &payload.bytes[..]);
        assert_eq!(selected(None), Some(&b"all"[..]));
        assert_eq!(selected(Some("ids[]=a&ids[]=b")), Some(&b"two"[..]));
        assert_eq!(selected(Some("ids[]=a")), None);
    }
}
