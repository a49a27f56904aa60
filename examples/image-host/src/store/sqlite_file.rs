//! The file of an SQLite database.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use percent_encoding::percent_decode_str;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::error::DatabaseError;

/// The settings of a connection. Readers continue while a transaction writes.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL";

/// The time for which a statement waits for a lock.
const LOCK_WAIT: Duration = Duration::from_secs(5);

/// The time limit for opening a file. Other programs may be creating it.
const FILE_WAIT: Duration = Duration::from_secs(30);

/// The time until an attempt to open a file is repeated.
const PAUSE: Duration = Duration::from_millis(50);

/// The path of a database, and whether the file is created or only read.
#[derive(Debug)]
pub(super) struct SqliteFile {
    path: PathBuf,
    flags: OpenFlags,
}

impl SqliteFile {
    /// A file that is created if it is missing.
    pub(super) fn at(path: &Path) -> Self {
        Self {
            // A relative path must not be the special name `:memory:`.
            path: Path::new(".").join(path),
            flags: OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        }
    }

    /// Parses the part of a URL after the scheme: `//`, a path, and a mode. The path is
    /// percent-encoded. By default, a missing file is an error.
    pub(super) fn parse(url: &str) -> Result<Self> {
        let url = url.strip_prefix("//").unwrap_or(url);
        let (path, query) = url.split_once('?').unwrap_or((url, "mode=rw"));
        let path = percent_decode_str(path).decode_utf8();
        let path = path.context("the path is not valid UTF-8")?;
        let mut file = Self::at(Path::new(&*path));
        file.flags = match query {
            "mode=rwc" => file.flags,
            "mode=rw" => OpenFlags::SQLITE_OPEN_READ_WRITE,
            "mode=ro" => OpenFlags::SQLITE_OPEN_READ_ONLY,
            // Not shown: it may contain a key.
            _ => bail!("unexpected query; expected ?mode=rwc, ?mode=rw or ?mode=ro"),
        };
        Ok(file)
    }

    /// Opens a connection. Waits while other programs create the database, unless the
    /// workers are closed.
    pub(super) fn open(&self, closed: &AtomicBool) -> Result<Connection, DatabaseError> {
        // A connection is used by one thread at a time.
        let flags = self.flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(LOCK_WAIT)?;
        // Otherwise, SQLite prepares the query of a page again for each position.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        let deadline = Instant::now() + FILE_WAIT;
        loop {
            // SQLite does not wait when the journal mode of a new file is changed by two
            // programs at once.
            match connection
                .execute_batch(SETTINGS)
                .map_err(DatabaseError::from)
            {
                Err(error)
                    if error.is_write_conflict()
                        && Instant::now() < deadline
                        && !closed.load(Ordering::Relaxed) =>
                {
                    sleep(PAUSE);
                }
                result => return result.map(|()| connection),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_a_path_and_a_mode() {
        let create = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        for (url, path, flags) in [
            (
                "//a.sqlite",
                "./a.sqlite",
                OpenFlags::SQLITE_OPEN_READ_WRITE,
            ),
            (
                "a.sqlite?mode=ro",
                "./a.sqlite",
                OpenFlags::SQLITE_OPEN_READ_ONLY,
            ),
            ("///b/a%20b?mode=rwc", "/b/a b", create),
            (
                "/b/%C3%84%3F?mode=rw",
                "/b/Ä?",
                OpenFlags::SQLITE_OPEN_READ_WRITE,
            ),
            (
                "::memory:",
                "./::memory:",
                OpenFlags::SQLITE_OPEN_READ_WRITE,
            ),
        ] {
            let file = SqliteFile::parse(url).unwrap();
            assert_eq!((file.path, file.flags), (path.into(), flags), "{url}");
        }
        for url in ["a?mode=memory", "a?", "a?mode=rw&cache=shared", "%ff"] {
            assert!(SqliteFile::parse(url).is_err(), "{url}");
        }
    }
}
