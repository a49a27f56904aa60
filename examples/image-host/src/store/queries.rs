//! The queries of the two databases. They differ only where the databases do.

/// The queries that select images. Each returns the same columns.
#[derive(Debug)]
pub(super) struct Queries {
    /// The listed images that a user may see: `$1` is the user, `$2` the ids.
    pub(super) listed: &'static str,
    /// The next images that a user may see: the user, a position, a number.
    pub(super) all: &'static str,
    /// The next images of a shard: the number of shards, the shard, a position, a
    /// number.
    pub(super) shard: &'static str,
    /// The image with an id.
    pub(super) one: &'static str,
}

/// The columns of a record.
///
/// SQLite stores text that is not valid UTF-8, and values of other types than the
/// column. `sqlx` fails to read all rows of a query if one has such text. As bytes,
/// each row can be read and checked.
macro_rules! columns {
    (postgres) => {
        "record, asset_source, asset_resource_type, asset_delivery_type, asset_version, id, position"
    };
    (sqlite) => {
        "CAST(record AS BLOB), CAST(asset_source AS BLOB), CAST(asset_resource_type AS BLOB), \
         CAST(asset_delivery_type AS BLOB), \
         iif(typeof(asset_version) = 'text', CAST(asset_version AS BLOB), asset_version), \
         CAST(id AS BLOB), iif(typeof(position) = 'text', CAST(position AS BLOB), position)"
    };
}

/// The condition that a user may see an image.
macro_rules! visible {
    () => {
        "EXISTS (SELECT 1 FROM album_access \
         WHERE user_id = $1 AND album_access.album_id = images.album_id)"
    };
}

macro_rules! queries {
    ($database:ident, $listed:literal) => {
        Queries {
            // `+ 0` makes the database look up the ids instead of scanning the
            // index of positions.
            listed: concat!(
                "SELECT ",
                columns!($database),
                " FROM images WHERE id ",
                $listed,
                " AND ",
                visible!(),
                " ORDER BY position + 0"
            ),
            all: concat!(
                "SELECT ",
                columns!($database),
                " FROM images WHERE position > $2 AND ",
                visible!(),
                " ORDER BY position LIMIT $3"
            ),
            // The remainder of a negative position is negative.
            shard: concat!(
                "SELECT ",
                columns!($database),
                " FROM images WHERE position > $3 AND (position % $1 + $1) % $1 = $2 ",
                "ORDER BY position LIMIT $4"
            ),
            one: concat!("SELECT ", columns!($database), " FROM images WHERE id = $1"),
        }
    };
}

pub(super) const SQLITE: Queries = queries!(
    sqlite,
    "IN (SELECT value FROM json_each('[\"' || replace($2, ',', '\",\"') || '\"]'))"
);

pub(super) const POSTGRES: Queries = queries!(postgres, "= ANY(string_to_array($2, ','))");
