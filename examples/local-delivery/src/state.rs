//! The state that all requests share.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;
use tokio::sync::{Mutex, Semaphore};
use url_signer::cloudinary::{Cloud, CloudError};

use crate::derived::{DerivedImages, DerivedLimits};
use crate::originals::Originals;
use crate::sending::Sending;
use crate::settings::Settings;

/// The maximum number of uploads at once. Uploads need no authorization until they are
/// received, and each one has a connection.
const MAX_UPLOADS: usize = 32;

/// An error starting a local delivery network.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The URLs of the account cannot have the authority.
    #[error(
        "the URLs of the account cannot point to `{authority}`; remove `cdn_subdomain` from its options"
    )]
    Cloud {
        /// The configured authority.
        authority: String,
        /// The cause.
        source: CloudError,
    },
    /// A folder cannot be opened.
    #[error("cannot open the folder `{}`", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

/// Counters since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// Originals that were decoded.
    pub decodes: u64,
    /// Images that were derived.
    pub derivations: u64,
    /// Images that were read from the folder of derived images.
    pub disk_hits: u64,
    /// The bytes of derived images and of decoded pixels in memory.
    pub bytes_in_memory: u64,
}

/// The shared state.
#[derive(Debug)]
pub(crate) struct State {
    /// The account, with URLs that point here.
    pub(crate) cloud: Cloud,
    pub(crate) settings: Settings,
    pub(crate) originals: Originals,
    pub(crate) derived: Arc<DerivedImages>,
    pub(crate) sending: Sending,
    /// One permit per KiB of uploads in memory.
    pub(crate) upload_memory: Arc<Semaphore>,
    /// One permit per upload, until its response is ready.
    pub(crate) upload_requests: Semaphore,
    /// The permit to explain in the log why a URL is rejected, which takes some time.
    pub(crate) explaining: Arc<Semaphore>,
    /// Held while an upload replaces a file, so that each version is greater than the last.
    pub(crate) saving: Mutex<()>,
}

impl State {
    pub(crate) fn new(settings: Settings) -> Result<Self, StartError> {
        let cloud = local_cloud(&settings).map_err(|source| StartError::Cloud {
            authority: settings.authority.to_string(),
            source,
        })?;
        let folder = |folder: &Path| {
            let folder = folder.to_owned();
            |source| StartError::Folder { folder, source }
        };
        let originals = Originals::open(&settings.originals, cloud.name())
            .map_err(folder(&settings.originals))?;
        let limits = DerivedLimits {
            memory: settings.memory_bytes,
            pixels: settings.pixel_bytes,
            disk: settings.cache_bytes,
            time: settings.derivation_time,
            queue: settings.queue_time,
        };
        let cache = settings.cache.as_deref();
        let derived =
            DerivedImages::new(limits, cache).map_err(folder(cache.unwrap_or(Path::new(""))))?;
        Ok(Self {
            cloud,
            originals,
            derived: Arc::new(derived),
            sending: Sending::new(settings.sending_bytes, settings.queue_time),
            upload_memory: Arc::new(Semaphore::new(settings.upload_memory_kib())),
            upload_requests: Semaphore::new(MAX_UPLOADS),
            explaining: Arc::new(Semaphore::new(1)),
            saving: Mutex::default(),
            settings,
        })
    }

    pub(crate) fn statistics(&self) -> Statistics {
        Statistics {
            decodes: self.derived.decodes(),
            derivations: self.derived.derivations(),
            disk_hits: self.derived.disk_hits(),
            bytes_in_memory: self.derived.bytes_in_memory(),
        }
    }

    /// Returns the URL of a request target. The host is always the configured one: a client
    /// chooses the header `Host`.
    pub(crate) fn url(&self, target: &str) -> String {
        format!("http://{}{target}", self.settings.authority)
    }
}

/// Returns the account with URLs that point to the local authority.
fn local_cloud(settings: &Settings) -> Result<Cloud, CloudError> {
    let authority = settings.authority.clone();
    let upload_prefix = format!("http://{authority}");
    settings
        .cloud
        .clone()
        .with_plain_http()?
        .with_cname(authority)?
        .with_upload_prefix(&upload_prefix)
}
