//! Statements on the database of a host.

use std::path::PathBuf;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tokio::runtime::Runtime;

use crate::database::Database;

/// A lock on the table of images, which blocks all queries.
pub(crate) struct Lock {
    _runtime: Runtime,
    _connection: PgConnection,
}

impl Database {
    /// Connects to the PostgreSQL database.
    fn connect(&self) -> (Runtime, PgConnection) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        // The role of the tests may read and write everything.
        let url = self.url.as_ref().unwrap();
        let url = url.replace("://limited@", "://host@");
        let connection = runtime.block_on(PgConnection::connect(&url)).unwrap();
        (runtime, connection)
    }

    /// Returns the file of the database, or `None` for PostgreSQL.
    fn file(&self) -> Option<PathBuf> {
        let Some(url) = &self.url else {
            return Some(self.path("image-host.sqlite"));
        };
        let file = url.strip_prefix("sqlite://")?;
        Some(file.trim_end_matches("?mode=rwc").into())
    }

    /// Runs statements.
    pub(crate) fn execute(&self, statements: &str) {
        if let Some(file) = self.file() {
            let connection = rusqlite::Connection::open(file).unwrap();
            return connection.execute_batch(statements).unwrap();
        }
        let (runtime, mut connection) = self.connect();
        let statements = AssertSqlSafe(statements.to_owned());
        runtime.block_on(connection.execute(statements)).unwrap();
    }

    /// Locks the table of images until the result is dropped.
    pub(crate) fn lock(&self) -> Lock {
        let (runtime, mut connection) = self.connect();
        let lock = connection.execute("BEGIN; LOCK TABLE images IN ACCESS EXCLUSIVE MODE");
        runtime.block_on(lock).unwrap();
        Lock {
            _runtime: runtime,
            _connection: connection,
        }
    }

    /// Returns the number of PostgreSQL backends of the host.
    pub(crate) fn backends(&self) -> i64 {
        let (runtime, mut connection) = self.connect();
        let count = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() \
                     AND pid <> pg_backend_pid() AND query NOT LIKE 'BEGIN; LOCK%'";
        let query = sqlx::query_scalar(count);
        runtime.block_on(query.fetch_one(&mut connection)).unwrap()
    }

    /// Makes grants for an album fail.
    pub(crate) fn forbid_album(&self, album: &str) {
        self.execute(&if self.url.is_some() {
            format!("ALTER TABLE album_access ADD CHECK (album_id <> '{album}')")
        } else {
            format!(
                "CREATE TRIGGER forbidden BEFORE INSERT ON album_access \
                 WHEN NEW.album_id = '{album}' BEGIN SELECT RAISE(ABORT, 'forbidden'); END"
            )
        });
    }
}
