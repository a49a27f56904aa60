//! The check of all images.

use anyhow::{Result, ensure};
use futures_util::StreamExt;

use crate::output::print;
use crate::report::report;
use crate::store::{Store, StoreError};

/// Prints the images that cannot be read, one per line.
///
/// # Errors
///
/// - An image that cannot be read.
pub(crate) async fn check(store: &Store) -> Result<()> {
    let (mut images, mut invalid) = (0_u64, 0_u64);
    let mut records = store.shard(0, 1).await?;
    while let Some(record) = records.next().await {
        images += 1;
        match record.and_then(|record| record.decode()) {
            Ok(_) => {}
            Err(error @ StoreError::InvalidRecord { .. }) => {
                invalid += 1;
                print(report(&error))?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    ensure!(invalid == 0, "{invalid} of {images} images cannot be read");
    print(format_args!("{images} images can be read"))
}
