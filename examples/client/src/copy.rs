//! The local copy, a SQLite database.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use crate::failure::Failure;
use crate::payload::{Element, each_image};

/// For how long another client may be waited for that writes to the same copy.
const OTHER: Duration = Duration::from_secs(5);

/// A record is the bytes that came: what a later version has to say of an
/// image is not lost.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS images (
    id TEXT NOT NULL PRIMARY KEY,
    album_id TEXT,
    filename TEXT,
    original_url TEXT NOT NULL,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS images_of_album ON images (album_id);
-- What the last payload did: `+`, `~` or `-`, NULL where nothing.
CREATE TEMP TABLE seen (id TEXT NOT NULL PRIMARY KEY, sign TEXT) STRICT, WITHOUT ROWID;
";

/// The images as the host last had them.
pub(crate) struct Copy {
    database: Connection,
}

/// What a payload changed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// How many there are in the payload.
    pub(crate) images: i64,
    pub(crate) new: i64,
    pub(crate) changed: i64,
    pub(crate) gone: i64,
    /// What was no image, and the first of them.
    unreadable: u64,
    first_unreadable: Option<String>,
}

impl Changes {
    /// # Errors
    ///
    /// - An element of the payload was no image.
    pub(crate) fn check(&self) -> Result<()> {
        ensure!(
            self.unreadable == 0,
            "{} of the payload's elements cannot be read, so no image was removed; the first: {}",
            self.unreadable,
            self.first_unreadable.as_deref().unwrap_or_default()
        );
        Ok(())
    }
}

impl Copy {
    pub(crate) fn open(file: &Path) -> rusqlite::Result<Self> {
        let database = Connection::open(file)?;
        database.busy_timeout(OTHER)?;
        // Who reads the copy goes on while it is written.
        database.pragma_update(None, "journal_mode", "WAL")?;
        database.execute_batch(TABLES)?;
        Ok(Self { database })
    }

    /// Makes the copy equal to a payload, in one transaction: whatever ends it
    /// before its end leaves the copy as it was.
    pub(crate) fn take_over(&mut self, payload: impl Read) -> Result<Changes, Failure> {
        let transaction = self
            .database
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute("DELETE FROM seen", [])?;
        let mut changes = Changes::default();
        each_image(payload, |element| {
            changes.images += 1;
            match element {
                Ok(element) => note(&transaction, &element)?,
                Err(error) => {
                    changes.unreadable += 1;
                    changes.first_unreadable.get_or_insert(format!("{error:#}"));
                }
            }
            Ok(())
        })?;
        // What can't be read may be what seems to be gone.
        if changes.unreadable == 0 {
            transaction.execute(
                "INSERT INTO seen SELECT id, '-' FROM images WHERE id NOT IN (SELECT id FROM seen)",
                [],
            )?;
            transaction.execute(
                "DELETE FROM images WHERE id IN (SELECT id FROM seen WHERE sign = '-')",
                [],
            )?;
        }
        for (sign, count) in [
            ("+", &mut changes.new),
            ("~", &mut changes.changed),
            ("-", &mut changes.gone),
        ] {
            let counted = "SELECT count(*) FROM seen WHERE sign = ?1";
            *count = transaction.query_row(counted, [sign], |row| row.get(0))?;
        }
        transaction.commit()?;
        Ok(changes)
    }

    /// Gives sign and id of what the last payload changed.
    pub(crate) fn each_change(
        &self,
        mut change: impl FnMut(&str, &str) -> Result<()>,
    ) -> Result<()> {
        let mut signed = self
            .database
            .prepare_cached("SELECT sign, id FROM seen WHERE sign IS NOT NULL ORDER BY id")?;
        let mut rows = signed.query([])?;
        while let Some(row) = rows.next()? {
            change(row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?)?;
        }
        Ok(())
    }
}

/// Writes an image that is new or not as it was.
fn note(transaction: &Transaction<'_>, element: &Element<'_>) -> rusqlite::Result<()> {
    let Element { image, record } = element;
    let id = image.id.to_string();
    let known: Option<bool> = transaction
        .prepare_cached("SELECT record = ?2 FROM images WHERE id = ?1")?
        .query_row(params![id, record], |row| row.get(0))
        .optional()?;
    let sign = match known {
        Some(true) => None,
        Some(false) => Some("~"),
        None => Some("+"),
    };
    if sign.is_some() {
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
    // An image that comes twice is still new.
    transaction
        .prepare_cached(
            "INSERT INTO seen (id, sign) VALUES (?1, ?2) \
             ON CONFLICT (id) DO UPDATE SET sign = coalesce(sign, excluded.sign)",
        )?
        .execute(params![id, sign])?;
    Ok(())
}
