//! The time limit of queries.

use std::time::Duration;

use tokio::time::timeout;

use crate::store::{DatabaseError, StoreError};

/// The time limit for the first result of a query.
const QUERY_TIMEOUT: Duration = Duration::from_secs(10);

/// Returns the result of a query, or an error if it takes too long.
pub(super) async fn in_time<T>(
    query: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    match timeout(QUERY_TIMEOUT, query).await {
        Ok(result) => result,
        Err(_) => Err(StoreError::Unavailable(DatabaseError::TimedOut)),
    }
}
