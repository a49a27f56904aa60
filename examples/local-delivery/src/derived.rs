//! Derived images: each is created once, and kept in memory and on disk.

mod disk;
mod picture;

use std::future::Future;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use moka::future::Cache;
use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, spawn_blocking};
use tokio::time::timeout;

use self::disk::DiskCache;
use crate::render::{
    Choice, FileIdentity, Limits, Memo, OutputFormat, Plan, RenderError, Rendered, dimensions,
    render,
};

pub(crate) use self::picture::Picture;

/// The pixels that all running derivations may use, in MiB.
const PIXEL_MIB: usize = 1_024;

/// The size of a decoded pixel, and of its copy in a result.
const BYTES_PER_PIXEL: u64 = 8;

/// An error deriving an image. Requests that wait for the same image share it.
#[derive(Clone, Debug, Error)]
pub(crate) enum DeriveError {
    /// Other derivations take too long.
    #[error("other images take too long")]
    Busy,
    /// The image cannot be derived.
    #[error("cannot derive the image")]
    Render(#[source] RenderError),
    /// The original cannot be read.
    #[error("cannot read the original")]
    Read(#[source] Arc<io::Error>),
    /// The derivation panicked.
    #[error("the derivation panicked")]
    Panicked(#[source] Arc<JoinError>),
}

impl From<io::Error> for DeriveError {
    fn from(error: io::Error) -> Self {
        Self::Read(Arc::new(error))
    }
}

impl From<JoinError> for DeriveError {
    fn from(error: JoinError) -> Self {
        Self::Panicked(Arc::new(error))
    }
}

/// The limits of derivations and of their results.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DerivedLimits {
    /// The bytes of derived images in memory.
    pub(crate) memory: u64,
    /// The bytes of decoded originals and intermediate images in memory.
    pub(crate) pixels: u64,
    /// The bytes of derived images on disk.
    pub(crate) disk: u64,
    /// The time of one derivation.
    pub(crate) time: Duration,
    /// The time that a derivation waits for others.
    pub(crate) queue: Duration,
}

/// The derived images.
#[derive(Debug)]
pub(crate) struct DerivedImages {
    memory: Cache<String, Picture>,
    disk: Option<DiskCache>,
    memo: Memo,
    /// One permit per core.
    slots: Arc<Semaphore>,
    /// One permit per MiB of pixels.
    pixels: Arc<Semaphore>,
    limits: DerivedLimits,
    derivations: AtomicU64,
    disk_hits: AtomicU64,
}

/// A request for a derived image.
#[derive(Debug)]
pub(crate) struct Derivation {
    pub(crate) identity: FileIdentity,
    pub(crate) plan: Plan,
    pub(crate) choice: Choice,
    pub(crate) limits: Limits,
}

impl Derivation {
    /// Returns a text that is equal for equal results.
    fn key(&self) -> String {
        let choice = match self.choice {
            Choice::Fixed(format) => format.extension(),
            Choice::Auto { accepts_webp: true } => "auto-webp",
            Choice::Auto {
                accepts_webp: false,
            } => "auto",
        };
        let (identity, plan) = (self.identity.as_str(), self.plan.key());
        format!("{choice}\n{plan}\n{identity}")
    }
}

impl DerivedImages {
    pub(crate) fn new(limits: DerivedLimits, folder: Option<&Path>) -> io::Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let memory = Cache::builder()
            .max_capacity(limits.memory)
            .weigher(|key: &String, picture: &Picture| {
                u32::try_from(key.len() + picture.bytes.len()).unwrap_or(u32::MAX)
            })
            .build();
        Ok(Self {
            memory,
            disk: folder
                .map(|folder| DiskCache::open(folder, limits.disk))
                .transpose()?,
            memo: Memo::new(limits.pixels),
            slots: Arc::new(Semaphore::new(cores)),
            pixels: Arc::new(Semaphore::new(PIXEL_MIB)),
            limits,
            derivations: AtomicU64::new(0),
            disk_hits: AtomicU64::new(0),
        })
    }

    pub(crate) fn decodes(&self) -> u64 {
        self.memo.decodes()
    }

    pub(crate) fn derivations(&self) -> u64 {
        self.derivations.load(Ordering::Relaxed)
    }

    pub(crate) fn disk_hits(&self) -> u64 {
        self.disk_hits.load(Ordering::Relaxed)
    }

    pub(crate) fn bytes_in_memory(&self) -> u64 {
        self.memory.weighted_size() + self.memo.bytes()
    }

    /// Returns the stored bytes of an original, if they are in memory.
    pub(crate) async fn stored_in_memory(&self, identity: &FileIdentity) -> Option<Picture> {
        self.memory.get(&stored_key(identity)).await
    }

    /// Returns the stored bytes of an original, which `read` reads.
    pub(crate) async fn stored(
        self: &Arc<Self>,
        identity: &FileIdentity,
        read: impl FnOnce() -> Result<Vec<u8>, DeriveError> + Send + 'static,
    ) -> Result<Picture, DeriveError> {
        let create = async {
            let picture = spawn_blocking(move || {
                let bytes = read()?;
                let format = OutputFormat::of_content(&bytes);
                let format = format.ok_or(DeriveError::Render(RenderError::NotAnImage))?;
                Ok::<_, DeriveError>(Picture::new(bytes, format))
            });
            picture.await?
        };
        self.get_or_create(stored_key(identity), create).await
    }

    /// Returns a derived image. `read` reads the original, if it is needed.
    pub(crate) async fn get(
        self: &Arc<Self>,
        derivation: Derivation,
        read: impl FnOnce() -> Result<Vec<u8>, DeriveError> + Send + 'static,
    ) -> Result<Picture, DeriveError> {
        let key = derivation.key();
        if let Some(picture) = self.memory.get(&key).await {
            return Ok(picture);
        }
        let create = Arc::clone(self).create(key.clone(), derivation, read);
        self.get_or_create(key, create).await
    }

    /// Returns an image from memory, or creates it once for all requests that wait for it.
    async fn get_or_create(
        self: &Arc<Self>,
        key: String,
        create: impl Future<Output = Result<Picture, DeriveError>> + Send + 'static,
    ) -> Result<Picture, DeriveError> {
        let derived = Arc::clone(self);
        // A task of its own goes on if the client of this request disconnects: another
        // request would otherwise start the work again.
        let task = tokio::spawn(async move { derived.memory.try_get_with(key, create).await });
        task.await?.map_err(|error| DeriveError::clone(&error))
    }

    async fn create(
        self: Arc<Self>,
        key: String,
        derivation: Derivation,
        read: impl FnOnce() -> Result<Vec<u8>, DeriveError> + Send + 'static,
    ) -> Result<Picture, DeriveError> {
        let (derived, disk_key) = (Arc::clone(&self), key.clone());
        let stored = spawn_blocking(move || derived.disk.as_ref()?.get(&disk_key));
        if let Some(picture) = stored.await? {
            self.disk_hits.fetch_add(1, Ordering::Relaxed);
            return Ok(picture);
        }
        let slot = self.acquire(&self.slots, 1).await?;
        let source = spawn_blocking(move || {
            let bytes = read()?;
            let mib = pixel_mib(&bytes);
            Ok::<_, DeriveError>((bytes, mib))
        });
        let (source, mib) = source.await??;
        let pixels = self.acquire(&self.pixels, mib).await?;
        let task = spawn_blocking(move || {
            let _permits = (slot, pixels);
            let rendered = self.render(&source, &derivation)?;
            self.derivations.fetch_add(1, Ordering::Relaxed);
            let picture = Picture::new(rendered.bytes, rendered.format);
            if let Some(disk) = &self.disk {
                disk.insert(&key, &picture);
            }
            Ok(picture)
        });
        task.await?
    }

    /// Runs a function that decodes a file, within the limits of derivations. The argument
    /// of the function is its deadline.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        file: &[u8],
        decode: impl FnOnce(Instant) -> T + Send + 'static,
    ) -> Result<T, DeriveError> {
        let slot = self.acquire(&self.slots, 1).await?;
        let pixels = self.acquire(&self.pixels, pixel_mib(file)).await?;
        let time = self.limits.time;
        let task = spawn_blocking(move || {
            let _permits = (slot, pixels);
            decode(Instant::now() + time)
        });
        Ok(task.await?)
    }

    /// Derives an image on this thread.
    fn render(&self, source: &[u8], derivation: &Derivation) -> Result<Rendered, DeriveError> {
        let Derivation {
            identity,
            plan,
            choice,
            limits,
        } = derivation;
        let deadline = Instant::now() + self.limits.time;
        render(
            source, identity, plan, *choice, &self.memo, deadline, limits,
        )
        .map_err(DeriveError::Render)
    }

    async fn acquire(
        &self,
        semaphore: &Arc<Semaphore>,
        permits: u32,
    ) -> Result<OwnedSemaphorePermit, DeriveError> {
        let acquired = Arc::clone(semaphore).acquire_many_owned(permits);
        match timeout(self.limits.queue, acquired).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(DeriveError::Busy),
        }
    }
}

/// Returns the key of the stored bytes of an original.
fn stored_key(identity: &FileIdentity) -> String {
    format!("stored\n\n{}", identity.as_str())
}

/// Returns the size of the pixels of a file, from its header. A file without a valid header
/// is not decoded.
fn pixel_mib(file: &[u8]) -> u32 {
    let (width, height) = dimensions(file).unwrap_or((1, 1));
    let bytes = u64::from(width) * u64::from(height) * BYTES_PER_PIXEL;
    let mib = usize::try_from(bytes.div_ceil(1 << 20)).unwrap_or(usize::MAX);
    // A larger image is rejected before it is decoded.
    u32::try_from(mib.clamp(1, PIXEL_MIB)).unwrap_or(1)
}
