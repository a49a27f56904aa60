//! The stores that files are in: the local file system, and S3-compatible object stores.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use datafusion::common::Result;
use datafusion::common::exec_datafusion_err;
use datafusion::execution::memory_pool::{FairSpillPool, MemoryPool};
use datafusion::execution::object_store::{DefaultObjectStoreRegistry, ObjectStoreRegistry};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use url::Url;

use crate::arguments::Bytes;

/// Returns an environment for queries that reads and writes the files of [`Stores`].
///
/// A query that needs more memory than `memory` writes temporary files to `folder`, or to
/// the folder of the operating system.
///
/// # Errors
///
/// The folder for temporary files cannot be created.
pub fn runtime(memory: Option<Bytes>, folder: Option<&Path>) -> Result<Arc<RuntimeEnv>> {
    let mut builder = RuntimeEnvBuilder::new().with_object_store_registry(Arc::new(Stores::new()));
    if let Some(Bytes(bytes)) = memory {
        let pool: Arc<dyn MemoryPool> = Arc::new(FairSpillPool::new(bytes));
        builder = builder.with_memory_pool(pool);
    }
    if let Some(folder) = folder {
        builder = builder.with_temp_file_path(folder);
    }
    builder.build_arc()
}

/// The local file system, and each bucket `s3://…` when a query first needs it.
///
/// The address and the credentials of S3 come from the environment of the process. They
/// are not settings of the session, because a client sends these to all executors.
#[derive(Debug, Default)]
pub struct Stores {
    known: DefaultObjectStoreRegistry,
}

impl Stores {
    /// Creates a registry that contains the local file system.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl ObjectStoreRegistry for Stores {
    fn register_store(
        &self,
        url: &Url,
        store: Arc<dyn ObjectStore>,
    ) -> Option<Arc<dyn ObjectStore>> {
        self.known.register_store(url, store)
    }

    fn deregister_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        self.known.deregister_store(url)
    }

    fn get_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        if let Ok(store) = self.known.get_store(url) {
            return Ok(store);
        }
        let store = match url.scheme() {
            "s3" => bucket(url)?,
            scheme => {
                let url = without_secrets(url.as_str());
                return Err(exec_datafusion_err!(
                    "{url}: URLs with the scheme `{scheme}` are not supported; use a path or s3://…"
                ));
            }
        };
        self.known.register_store(url, Arc::clone(&store));
        Ok(store)
    }
}

fn bucket(url: &Url) -> Result<Arc<dyn ObjectStore>> {
    let bucket = url.host_str().ok_or_else(|| {
        let url = without_secrets(url.as_str());
        exec_datafusion_err!("{url} has no bucket; use s3://bucket/path")
    })?;
    let store = AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .build()?;
    Ok(Arc::new(store))
}

/// Returns a path, or the scheme, the host and the path of a URL for an error message.
///
/// The other parts of a URL may be secrets, such as a password or a signature.
#[must_use]
pub fn without_secrets(path: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = path.split_once("://") else {
        return Cow::Borrowed(path);
    };
    // An invalid URL is printed in the same way.
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (_, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    Cow::Owned(format!("{scheme}://{host}{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_urls_are_not_printed() {
        let cases = [
            ("photos/a?b@c.csv", "photos/a?b@c.csv"),
            ("https://u:secret@h:1/a.csv?sig=x", "https://h:1/a.csv"),
            ("https://u:s@cret@h/a@b.csv#x", "https://h/a@b.csv"),
            ("https://h?sig=/x", "https://h"),
            ("https://u:secret@h:x/a.csv", "https://h:x/a.csv"),
            ("s3://bucket/a.csv", "s3://bucket/a.csv"),
            ("file:///a.csv", "file:///a.csv"),
        ];
        for (url, expected) in cases {
            assert_eq!(without_secrets(url), expected);
        }
    }

    #[test]
    fn other_schemes_are_rejected() {
        let error = Stores::new().get_store(&Url::parse("ftp://host/images.csv").unwrap());
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("ftp://host/images.csv: URLs with the scheme `ftp`"),
            "{error}"
        );
    }

    #[test]
    fn each_bucket_has_one_store() {
        let stores = Stores::new();
        let [first, again, other] = ["s3://a/1.csv", "s3://a/2.csv", "s3://b/1.csv"]
            .map(|url| stores.get_store(&Url::parse(url).unwrap()).unwrap());
        assert!(Arc::ptr_eq(&first, &again));
        assert!(!Arc::ptr_eq(&first, &other));
    }
}
