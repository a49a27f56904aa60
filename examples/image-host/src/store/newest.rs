//! The newest images, for the gallery.

use uuid::Uuid;

use super::queries::{Argument, NEWEST};
use super::{Record, Store, StoreError, integer, positioned};

impl Store {
    /// Returns the newest images before a position that the user may see, with their
    /// positions.
    pub(crate) async fn newest(
        &self,
        user: Uuid,
        before: i64,
        limit: u32,
    ) -> Result<Vec<(i64, Record)>, StoreError> {
        let query = NEWEST.with([integer(before), Argument::Id(user), integer(limit.into())]);
        let images = self.database.fetch(query, positioned).await?;
        images.into_iter().collect()
    }
}
