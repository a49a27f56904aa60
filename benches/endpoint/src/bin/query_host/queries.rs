//! The queries of image-host, with the text of
//! `examples/image-host/src/store/queries.rs`.

use anyhow::Result;
use futures_util::TryStreamExt;
use sqlx::{PgConnection, Row};

/// The number of rows that are read at once, as in image-host.
const PAGE: i64 = 100;

macro_rules! select {
    ($clauses:literal) => {
        concat!(
            "SELECT record, asset_source, asset_resource_type, asset_delivery_type, \
             asset_version, images.id, position FROM images WHERE ",
            $clauses
        )
    };
}

const LISTED: &str = select!(
    "id = ANY($1) AND EXISTS (SELECT 1 FROM album_access \
     WHERE user_id = $2 AND album_access.album_id = images.album_id)"
);

const ALL: &str = select!(
    "position >= $1 AND EXISTS (SELECT 1 FROM album_access \
     WHERE user_id = $2 AND album_access.album_id = images.album_id) \
     ORDER BY position LIMIT $3"
);

/// Rows that were read and discarded.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) rows: usize,
    /// The position of the last row. `None` if there is none.
    pub(crate) last: Option<i64>,
}

/// Reads the listed images that the user may see. Returns the number of rows.
pub(crate) async fn listed(
    connection: &mut PgConnection,
    user: &str,
    ids: &[&str],
) -> Result<usize> {
    let mut stream = sqlx::query(LISTED).bind(ids).bind(user).fetch(connection);
    let mut rows = 0;
    while stream.try_next().await?.is_some() {
        rows += 1;
    }
    Ok(rows)
}

/// Reads the next images that the user may see, from a position.
pub(crate) async fn page(connection: &mut PgConnection, user: &str, first: i64) -> Result<Page> {
    let query = sqlx::query(ALL).bind(first).bind(user).bind(PAGE);
    let mut stream = query.fetch(connection);
    let mut page = Page::default();
    while let Some(row) = stream.try_next().await? {
        page.rows += 1;
        page.last = Some(row.try_get("position")?);
    }
    Ok(page)
}
