//! The queries of the two databases.
//!
//! The databases share the text of most queries. SQLite numbers parameters such as `$1` in
//! the order in which they first occur, so each text contains `$1` before `$2`.

use std::sync::Arc;

use uuid::Uuid;

/// The text of a query for each database.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sql {
    pub(super) sqlite: &'static str,
    pub(super) postgres: &'static str,
}

/// The value of a parameter.
#[derive(Debug)]
pub(super) enum Argument {
    Integer(Option<i64>),
    Text(Option<String>),
    Id(Uuid),
    /// An array of ids in PostgreSQL, a JSON array in SQLite.
    Ids(Vec<Uuid>),
}

/// A query and the values of its parameters. Clones share the values.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub(super) sql: Sql,
    pub(super) arguments: Arc<[Argument]>,
}

impl Sql {
    /// A text that both databases understand.
    pub(super) const fn shared(sql: &'static str) -> Self {
        Self {
            sqlite: sql,
            postgres: sql,
        }
    }

    pub(super) fn with(self, arguments: impl Into<Arc<[Argument]>>) -> Query {
        Query {
            sql: self,
            arguments: arguments.into(),
        }
    }
}

/// The columns of an image. [`Record::from_row`](super::Record::from_row) reads them.
macro_rules! select {
    ($($clauses:expr),+) => {
        concat!(
            "SELECT record, asset_source, asset_resource_type, asset_delivery_type, \
             asset_version, images.id, position FROM ",
            $($clauses),+
        )
    };
}

/// The condition that the user `$2` may see an image.
macro_rules! visible {
    () => {
        "EXISTS (SELECT 1 FROM album_access \
         WHERE user_id = $2 AND album_access.album_id = images.album_id)"
    };
}

/// The listed images that a user may see, in any order: the ids, the user.
///
/// `ORDER BY` would copy the records. In SQLite, `CROSS JOIN` looks up each id. `IN (…)`
/// would build a table of the ids first, which takes twice as long for a few ids.
pub(super) const LISTED: Sql = Sql {
    sqlite: select!(
        "json_each($1) AS list CROSS JOIN images ON images.id = list.value WHERE ",
        visible!()
    ),
    postgres: select!("images WHERE id = ANY($1) AND ", visible!()),
};

/// The next images that a user may see: the first position, the user, a number.
pub(super) const ALL: Sql = Sql::shared(select!(
    "images WHERE position >= $1 AND ",
    visible!(),
    " ORDER BY position LIMIT $3"
));

/// The newest images that a user may see before a position: the position, the user, a number.
#[cfg(feature = "gallery")]
pub(super) const NEWEST: Sql = Sql::shared(select!(
    "images WHERE position < $1 AND ",
    visible!(),
    " ORDER BY position DESC LIMIT $3"
));

/// The next images of a shard: the first position, the number of shards, the shard, a number.
pub(super) const SHARD: Sql = Sql::shared(select!(
    // The remainder of a negative position is negative.
    "images WHERE position >= $1 AND (position % $2 + $2) % $2 = $3 ORDER BY position LIMIT $4"
));

/// The image with an id.
pub(super) const ONE: Sql = Sql::shared(select!("images WHERE id = $1"));

/// Fails if the table is missing, or is that of another program.
pub(super) const ANY: Sql = Sql::shared("SELECT record, position FROM images LIMIT 1");

/// The number of images.
pub(super) const COUNT: Sql = Sql::shared("SELECT COUNT(*) FROM images");

/// The albums that a user may see, but not more than two: the user.
pub(super) const TWO_ALBUMS: Sql =
    Sql::shared("SELECT album_id FROM album_access WHERE user_id = $1 ORDER BY album_id LIMIT 2");

/// A row if a user may see an album: the user, the album.
pub(super) const ACCESS: Sql =
    Sql::shared("SELECT 1 FROM album_access WHERE user_id = $1 AND album_id = $2");

/// Appends an image, and returns a row if no image has the id.
pub(super) const INSERT: Sql = Sql::shared(
    "INSERT INTO images (id, position, album_id, record, asset_source, asset_resource_type, \
     asset_delivery_type, asset_version) \
     VALUES ($1, (SELECT COALESCE(MAX(position), 0) + 1 FROM images), $2, $3, $4, $5, $6, $7) \
     ON CONFLICT (id) DO NOTHING RETURNING id",
);

/// Updates an image, and returns a row unless the image has changed since it was read. In
/// SQLite, the text may be stored as a blob, which equals no text.
pub(super) const UPDATE: Sql = Sql::shared(
    "UPDATE images SET record = $1, asset_source = $2, asset_resource_type = $3, \
     asset_delivery_type = $4, asset_version = $5 \
     WHERE id = $6 AND CAST(record AS TEXT) = $7 AND (asset_version IS NULL OR asset_version < $5) \
     RETURNING id",
);

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn sqlite_numbers_parameters_as_postgresql() {
        let connection = Connection::open_in_memory().unwrap();
        let tables = include_str!("../../migrations/0001_images_and_albums.sql");
        connection.execute_batch(tables).unwrap();
        for (sql, parameters) in [
            (LISTED, 2),
            (ALL, 3),
            #[cfg(feature = "gallery")]
            (NEWEST, 3),
            (SHARD, 4),
            (ONE, 1),
            (ANY, 0),
            (COUNT, 0),
            (TWO_ALBUMS, 1),
            (ACCESS, 2),
            (INSERT, 7),
            (UPDATE, 7),
        ] {
            let statement = connection.prepare(sql.sqlite).unwrap();
            assert_eq!(statement.parameter_count(), parameters, "{sql:?}");
            for number in 1..=parameters {
                let name = format!("${number}");
                assert_eq!(statement.parameter_name(number), Some(&*name), "{sql:?}");
            }
        }
    }
}
