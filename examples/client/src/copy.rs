//! The local copy, a SQLite database.

use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::error::{SyncError, database_error};
use crate::payload::{Element, each_image};

/// The time that the client waits for another client that writes to the copy.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// `record` contains the JSON of an image as received, including keys that this
/// version does not know.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS images (
    id TEXT NOT NULL PRIMARY KEY,
    album_id TEXT,
    filename TEXT,
    original_url TEXT NOT NULL,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS images_of_album ON images (album_id);
-- The changes by the last payload: `+`, `~`, `-`, or NULL for an unchanged image.
CREATE TEMP TABLE seen (id TEXT NOT NULL PRIMARY KEY, change TEXT) STRICT, WITHOUT ROWID;
";

/// The local copy of the images.
pub(crate) struct Copy {
    database: Connection,
}

/// The changes that a payload made to the copy.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// The number of images in the payload.
    pub(crate) images: i64,
    pub(crate) new: i64,
    pub(crate) changed: i64,
    pub(crate) gone: i64,
    /// The number of invalid images and the error of the first.
    invalid: u64,
    first_error: Option<String>,
}

impl Changes {
    /// Checks that all images were valid.
    ///
    /// # Errors
    ///
    /// - The payload has an invalid image.
    pub(crate) fn check(&self) -> Result<()> {
        ensure!(
            self.invalid == 0,
            "{} images of the payload are invalid, so no image was removed; the first error: {}",
            self.invalid,
            self.first_error.as_deref().unwrap_or_default()
        );
        Ok(())
    }
}

impl Copy {
    pub(crate) fn open(file: &Path) -> Result<Self> {
        Self::try_open(file)
            .map_err(|error| database_error(&error))
            .with_context(|| format!("cannot open {}", file.display()))
    }

    fn try_open(file: &Path) -> rusqlite::Result<Self> {
        let database = Connection::open(file)?;
        database.busy_timeout(BUSY_TIMEOUT)?;
        // Readers of the copy continue during an update.
        database.pragma_update(None, "journal_mode", "WAL")?;
        database.execute_batch(TABLES)?;
        Ok(Self { database })
    }

    /// Updates the copy to match a payload, in one transaction. An error leaves
    /// the copy unchanged.
    pub(crate) fn update(&mut self, payload: impl Read) -> Result<Changes, SyncError> {
        let transaction = self
            .database
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute("DELETE FROM seen", [])?;
        let mut changes = Changes::default();
        each_image(payload, |element| {
            changes.images += 1;
            match element {
                Ok(element) => write(&transaction, &element)?,
                Err(error) => {
                    changes.invalid += 1;
                    changes.first_error.get_or_insert(format!("{error:#}"));
                }
            }
            Ok(())
        })?;
        // An invalid image may be one that seems to be missing.
        if changes.invalid == 0 {
            transaction.execute(
                "INSERT INTO seen SELECT id, '-' FROM images WHERE id NOT IN (SELECT id FROM seen)",
                [],
            )?;
            transaction.execute(
                "DELETE FROM images WHERE id IN (SELECT id FROM seen WHERE change = '-')",
                [],
            )?;
        }
        for (kind, count) in [
            ("+", &mut changes.new),
            ("~", &mut changes.changed),
            ("-", &mut changes.gone),
        ] {
            let query = "SELECT count(*) FROM seen WHERE change = ?1";
            *count = transaction.query_row(query, [kind], |row| row.get(0))?;
        }
        transaction.commit()?;
        Ok(changes)
    }

    /// Calls `change` with the kind of each change by the last payload (`+`, `~` or
    /// `-`) and the id of the image.
    pub(crate) fn each_change(
        &self,
        mut change: impl FnMut(&str, &str) -> io::Result<()>,
    ) -> Result<(), SyncError> {
        let mut changes = self
            .database
            .prepare_cached("SELECT change, id FROM seen WHERE change IS NOT NULL ORDER BY id")?;
        let mut rows = changes.query([])?;
        while let Some(row) = rows.next()? {
            change(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?)?;
        }
        Ok(())
    }
}

/// Writes an image if it is new or has changed.
fn write(transaction: &Transaction<'_>, element: &Element<'_>) -> rusqlite::Result<()> {
    let Element { image, record } = element;
    let id = image.id.to_string();
    let known: Option<bool> = transaction
        .prepare_cached("SELECT record = ?2 FROM images WHERE id = ?1")?
        .query_row(params![id, record], |row| row.get(0))
        .optional()?;
    let change = match known {
        Some(true) => None,
        Some(false) => Some("~"),
        None => Some("+"),
    };
    if change.is_some() {
        transaction
            .prepare_cached(
                "INSERT INTO images (id, album_id, filename, original_url, record) \
                 VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET \
                 album_id = excluded.album_id, filename = excluded.filename, \
                 original_url = excluded.original_url, record = excluded.record",
            )?
            .execute(params![
                id,
                image.album_id,
                image.filename,
                image.original_url,
                record
            ])?;
    }
    // The first of several equal ids decides whether the image is new.
    transaction
        .prepare_cached(
            "INSERT INTO seen (id, change) VALUES (?1, ?2) \
             ON CONFLICT (id) DO UPDATE SET change = coalesce(change, excluded.change)",
        )?
        .execute(params![id, change])?;
    Ok(())
}
