//! The local copy, a SQLite database.

use std::io::{self, Read};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::error::{SyncError, database_error, is_busy};
use crate::limits::Limits;
use crate::payload::{Element, Payload, each_image};
use crate::progress::{Deadline, Progress};

/// The time that the client waits for another client that writes to the copy.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The delay before opening a locked copy again.
const OPEN_DELAY: Duration = Duration::from_millis(50);

/// The columns of the table `images`.
const COLUMNS: [&str; 5] = ["id", "album_id", "filename", "original_url", "record"];

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
-- The images of the last payload.
CREATE TEMP TABLE staged (
    id TEXT NOT NULL PRIMARY KEY,
    album_id TEXT,
    filename TEXT,
    original_url TEXT NOT NULL,
    record TEXT NOT NULL
) STRICT;
-- The changes by the last payload: `+`, `~` or `-`.
CREATE TEMP TABLE changes (id TEXT NOT NULL PRIMARY KEY, change TEXT NOT NULL)
    STRICT, WITHOUT ROWID;
";

const FIND_CHANGES: &str = "
DELETE FROM temp.changes;
INSERT INTO temp.changes
    SELECT staged.id, iif(images.id IS NULL, '+', '~')
    FROM temp.staged LEFT JOIN main.images USING (id)
    WHERE images.record IS NOT staged.record;
";

const FIND_REMOVED: &str = "
INSERT INTO temp.changes
    SELECT id, '-' FROM main.images
    WHERE NOT EXISTS (SELECT 1 FROM temp.staged WHERE staged.id = images.id);
";

const APPLY_CHANGES: &str = "
INSERT INTO main.images (id, album_id, filename, original_url, record)
    SELECT id, album_id, filename, original_url, record FROM temp.staged
    WHERE id IN (SELECT id FROM temp.changes WHERE change <> '-')
    ON CONFLICT (id) DO UPDATE SET
        album_id = excluded.album_id, filename = excluded.filename,
        original_url = excluded.original_url, record = excluded.record;
DELETE FROM main.images WHERE id IN (SELECT id FROM temp.changes WHERE change = '-');
";

/// The local copy of the images.
pub(crate) struct Copy {
    database: Connection,
}

/// The changes that a payload made to the copy.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// The number of images in the payload. Images with one id count once.
    pub(crate) images: i64,
    pub(crate) new: i64,
    pub(crate) changed: i64,
    pub(crate) gone: i64,
    /// The number of images in the copy before.
    before: i64,
    /// The number of invalid images and the error of the first.
    invalid: i64,
    first_error: Option<String>,
}

impl Changes {
    /// Returns whether the copy was empty before, and is not empty now.
    pub(crate) const fn is_first_sync(&self) -> bool {
        self.before == 0 && self.new > 0
    }

    /// Checks that all images were valid.
    ///
    /// # Errors
    ///
    /// - The payload has an invalid image.
    pub(crate) fn check(&self) -> Result<(), SyncError> {
        if self.invalid == 0 {
            return Ok(());
        }
        // The host may repair the image.
        Err(SyncError::Rejected(anyhow!(
            "{} images of the payload are invalid, so no image was removed; the first error: {}",
            self.invalid,
            self.first_error.as_deref().unwrap_or_default()
        )))
    }

    /// Checks that the payload does not remove too much of the copy.
    ///
    /// # Errors
    ///
    /// - The payload lacks a larger share of the images than allowed.
    fn check_removed(&self, limits: &Limits) -> Result<(), SyncError> {
        let (total, percent) = (self.before, limits.max_removed);
        if i128::from(self.gone) * 100 <= i128::from(total) * i128::from(percent) {
            return Ok(());
        }
        Err(SyncError::Rejected(anyhow!(
            "the payload would remove {} of {total} images, more than {percent} % of the copy: \
             to remove them, use `--max-removed 100`",
            self.gone
        )))
    }
}

impl Copy {
    /// Opens the copy, or creates it if the file does not exist.
    ///
    /// # Errors
    ///
    /// - A file that SQLite cannot open.
    /// - A database with another table `images`, which stays unchanged.
    pub(crate) fn open(file: &Path) -> Result<Self> {
        let started = Instant::now();
        let opened = loop {
            match Self::try_open(file) {
                // SQLite does not wait for another client that creates the file.
                Err(error) if is_busy(&error) && started.elapsed() < BUSY_TIMEOUT => {
                    sleep(OPEN_DELAY);
                }
                opened => break opened,
            }
        };
        let opened = opened.map_err(database_error).and_then(|copy| {
            copy.context(
                "its table `images` has other columns than a copy of this version; \
                 choose another file with `--database`",
            )
        });
        opened.with_context(|| format!("cannot open {}", file.display()))
    }

    /// Returns `None` if the file has another table `images`.
    fn try_open(file: &Path) -> rusqlite::Result<Option<Self>> {
        // With `./`, names such as `:memory:` and `file:a` are names of files as well.
        let database = Connection::open(Path::new(".").join(file))?;
        database.busy_timeout(BUSY_TIMEOUT)?;
        if has_other_table(&database)? {
            return Ok(None);
        }
        // Readers of the copy continue during an update.
        database.pragma_update(None, "journal_mode", "WAL")?;
        // A staged payload may be larger than the memory.
        database.pragma_update(None, "temp_store", "FILE")?;
        database.execute_batch(TABLES)?;
        Ok(Some(Self { database }))
    }

    /// Updates the copy to match a payload, in one transaction. An error leaves
    /// the copy unchanged.
    ///
    /// The payload is staged in temporary tables and compared with the copy first.
    /// Other clients can write to the copy meanwhile.
    pub(crate) fn update(
        &mut self,
        payload: Payload<impl Read>,
        limits: &Limits,
        deadline: Deadline,
    ) -> Result<Changes, SyncError> {
        let mut changes = self.stage(payload, &Progress::new(limits, deadline))?;
        let version = data_version(&self.database)?;
        find_changes(&self.database, &mut changes, limits)?;
        let transaction = self
            .database
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another client has changed the copy since the comparison.
        if data_version(&transaction)? != version {
            find_changes(&transaction, &mut changes, limits)?;
        }
        transaction.execute_batch(APPLY_CHANGES)?;
        transaction.commit()?;
        self.database.execute("DELETE FROM temp.staged", [])?;
        Ok(changes)
    }

    /// Writes the images of a payload to the table `staged`.
    fn stage(
        &mut self,
        payload: Payload<impl Read>,
        progress: &Progress<'_>,
    ) -> Result<Changes, SyncError> {
        // This transaction writes only temporary tables, so it does not lock the copy.
        let transaction = self
            .database
            .transaction_with_behavior(TransactionBehavior::Deferred)?;
        transaction.execute("DELETE FROM temp.staged", [])?;
        let mut changes = Changes::default();
        each_image(payload, progress, |element| {
            match element {
                Ok(element) => stage(&transaction, &element)?,
                Err(error) => {
                    changes.invalid += 1;
                    let first = || format!("{error:#}");
                    let first_error = changes.first_error.get_or_insert_with(first);
                    progress.invalid(first_error)?;
                }
            }
            Ok(())
        })?;
        let staged: i64 =
            transaction.query_row("SELECT count(*) FROM temp.staged", [], |row| row.get(0))?;
        changes.images = staged + changes.invalid;
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
            .prepare_cached("SELECT change, id FROM temp.changes ORDER BY id")?;
        let mut rows = changes.query([])?;
        while let Some(row) = rows.next()? {
            change(&row.get::<_, String>(0)?, &row.get::<_, String>(1)?)?;
        }
        Ok(())
    }
}

/// Returns whether a database has a table `images` without the columns of a copy.
fn has_other_table(database: &Connection) -> rusqlite::Result<bool> {
    let mut columns = database.prepare("SELECT name FROM pragma_table_info('images')")?;
    let columns: Vec<String> = columns
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let has = |column: &&str| columns.iter().any(|name| name == column);
    Ok(!columns.is_empty() && !COLUMNS.iter().all(has))
}

/// Stages an image. The last of several images with one id remains.
fn stage(transaction: &Transaction<'_>, element: &Element<'_>) -> rusqlite::Result<()> {
    let Element { image, record } = element;
    transaction
        .prepare_cached(
            "INSERT OR REPLACE INTO temp.staged (id, album_id, filename, original_url, record) \
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            image.id.to_string(),
            image.album_id,
            image.filename,
            image.original_url,
            record
        ])?;
    Ok(())
}

/// Compares the staged images with the copy.
fn find_changes(
    database: &Connection,
    changes: &mut Changes,
    limits: &Limits,
) -> Result<(), SyncError> {
    database.execute_batch(FIND_CHANGES)?;
    // An invalid image may be one that seems to be missing.
    if changes.invalid == 0 {
        database.execute_batch(FIND_REMOVED)?;
    }
    for (kind, count) in [
        ("+", &mut changes.new),
        ("~", &mut changes.changed),
        ("-", &mut changes.gone),
    ] {
        let query = "SELECT count(*) FROM temp.changes WHERE change = ?1";
        *count = database.query_row(query, [kind], |row| row.get(0))?;
    }
    let count = "SELECT count(*) FROM main.images";
    changes.before = database.query_row(count, [], |row| row.get(0))?;
    changes.check_removed(limits)
}

/// Returns a number that differs after another client has changed the copy.
fn data_version(database: &Connection) -> rusqlite::Result<i64> {
    database.pragma_query_value(None, "data_version", |row| row.get(0))
}
