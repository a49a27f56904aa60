//! The settings of a local delivery network.

use std::path::PathBuf;
use std::time::Duration;

use url_signer::Authority;
use url_signer::cloudinary::Cloud;

use crate::named::NamedTransformations;
use crate::render::Limits;

/// The number of uploads of the maximum size that fit into memory at once.
const LARGE_UPLOADS: usize = 3;

/// The settings of a [`LocalDelivery`](crate::LocalDelivery).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The account, whose secret verifies URLs and upload forms.
    pub cloud: Cloud,
    /// The host and port in the URLs, such as `127.0.0.1:3001`. Requests for other hosts are
    /// rejected, except for names and addresses of this machine.
    pub authority: Authority,
    /// The folder of originals.
    pub originals: PathBuf,
    /// The folder of derived images. `None` keeps them in memory only.
    pub cache: Option<PathBuf>,
    /// Rejects unsigned URLs with a transformation.
    pub strict: bool,
    /// Requires an access token in URLs of `private` and `authenticated` images.
    pub require_token: bool,
    /// The time for which clients may reuse a response.
    pub max_age: Duration,
    /// The named transformations.
    pub named: NamedTransformations,
    /// The limits of originals and transformations.
    pub limits: Limits,
    /// The time limit of one derivation.
    pub derivation_time: Duration,
    /// The time that a request waits while other images are derived or sent.
    pub queue_time: Duration,
    /// The bytes of derived images in memory.
    pub memory_bytes: u64,
    /// The bytes of bodies that wait for slow clients. Bodies of at most 1 MiB have a quarter
    /// of it in addition.
    pub sending_bytes: usize,
    /// The bytes of decoded originals in memory.
    pub pixel_bytes: u64,
    /// The bytes of derived images in the folder.
    pub cache_bytes: u64,
    /// The hosts other than loopback addresses to which webhooks are sent and callbacks
    /// redirect.
    pub webhook_hosts: Vec<Authority>,
}

impl Settings {
    /// The default time for which clients may reuse a response: 30 days.
    pub const DEFAULT_MAX_AGE: Duration = Duration::from_hours(30 * 24);

    /// The default size of the folder of derived images: 256 MB.
    pub const DEFAULT_CACHE_BYTES: u64 = 256_000_000;

    /// Creates settings with default values: no folder of derived images, unsigned URLs of
    /// public images are accepted, and clients reuse responses for 30 days.
    #[must_use]
    pub fn new(cloud: Cloud, authority: Authority, originals: impl Into<PathBuf>) -> Self {
        Self {
            cloud,
            authority,
            originals: originals.into(),
            cache: None,
            strict: false,
            require_token: false,
            max_age: Self::DEFAULT_MAX_AGE,
            named: NamedTransformations::default(),
            limits: Limits::default(),
            derivation_time: Duration::from_secs(10),
            queue_time: Duration::from_secs(30),
            memory_bytes: 64 << 20,
            sending_bytes: 512 << 20,
            pixel_bytes: 128 << 20,
            cache_bytes: Self::DEFAULT_CACHE_BYTES,
            webhook_hosts: Vec::new(),
        }
    }

    /// Returns the memory for uploads that are received, in KiB.
    pub(crate) const fn upload_memory_kib(&self) -> usize {
        self.limits.source_bytes.div_ceil(1_024) * LARGE_UPLOADS
    }
}
