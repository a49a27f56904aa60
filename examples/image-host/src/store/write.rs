//! Imports: many images in one transaction.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use image_model::{Image, Unsigned};
use rusqlite::params;
use sqlx::{Connection, PgConnection};
use url_signer::cloudinary::Asset;
use uuid::Uuid;

use super::database::Database;
use super::error::{DatabaseError, retry_write};
use super::queries::Sql;
use super::record::Columns;
use super::{Store, StoreError};

/// The number of rows per statement in PostgreSQL.
const ROWS: usize = 200;

const LAST_POSITION: &str = "SELECT COALESCE(MAX(position), 0) FROM images";

macro_rules! upsert {
    ($values:literal) => {
        concat!(
            "INSERT INTO images (id, position, album_id, record, asset_source, \
             asset_resource_type, asset_delivery_type, asset_version) ",
            $values,
            " ON CONFLICT (id) DO UPDATE SET album_id = excluded.album_id, \
             record = excluded.record, asset_source = excluded.asset_source, \
             asset_resource_type = excluded.asset_resource_type, \
             asset_delivery_type = excluded.asset_delivery_type, \
             asset_version = excluded.asset_version"
        )
    };
}

/// Inserts or updates one image in SQLite, and many in PostgreSQL: an array per column.
const UPSERT: Sql = Sql {
    sqlite: upsert!("VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"),
    postgres: upsert!(
        "SELECT * FROM UNNEST($1::TEXT[], $2::BIGINT[], $3::TEXT[], $4::TEXT[], $5::TEXT[], \
         $6::TEXT[], $7::TEXT[], $8::BIGINT[])"
    ),
};

macro_rules! grant {
    ($values:literal) => {
        concat!(
            "INSERT INTO album_access (user_id, album_id) ",
            $values,
            " ON CONFLICT (user_id, album_id) DO NOTHING"
        )
    };
}

/// Grants a user access to an album.
const GRANT: Sql = Sql {
    sqlite: grant!("VALUES ($1, $2)"),
    postgres: grant!("SELECT * FROM UNNEST($1::TEXT[], $2::TEXT[])"),
};

/// A function that receives the number of written rows.
type Progress = dyn Fn(usize) + Send + Sync;

/// Images to write, and the users who may see their albums.
#[derive(Default)]
pub(crate) struct Batch {
    images: Vec<Columns>,
    /// Pairs of a user and an album.
    grants: Vec<(String, String)>,
}

impl Batch {
    /// Adds an image. Its id must be new to the batch.
    ///
    /// # Errors
    ///
    /// - An image that the databases cannot store.
    pub(crate) fn push(&mut self, image: &Image<Unsigned>, asset: Option<&Asset>) -> Result<()> {
        self.images.push(Columns::new(image, asset)?);
        Ok(())
    }

    /// Grants users access to the albums of the images. Returns the number of albums.
    pub(crate) fn grant(&mut self, users: &BTreeSet<Uuid>) -> usize {
        let albums = self.images.iter();
        let albums = albums.filter_map(|columns| columns.album_id.as_deref());
        let albums: BTreeSet<_> = albums.collect();
        for user in users {
            let grant = |album: &&str| (user.to_string(), (*album).to_owned());
            self.grants.extend(albums.iter().map(grant));
        }
        albums.len()
    }

    /// The number of images.
    pub(crate) fn images(&self) -> usize {
        self.images.len()
    }

    /// The number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.images.len() + self.grants.len()
    }

    /// Returns the position of the first image after the last position of the table.
    fn first_position(&self, last: i64) -> Result<i64, DatabaseError> {
        let images = i64::try_from(self.images.len()).unwrap_or(i64::MAX);
        match last.checked_add(images) {
            Some(end) if end < i64::MAX => Ok(last + 1),
            _ => Err(DatabaseError::NoPosition(last)),
        }
    }

    pub(super) fn write_sqlite(
        &self,
        connection: &rusqlite::Connection,
        progress: &Progress,
    ) -> Result<(), DatabaseError> {
        let last = connection.query_row(LAST_POSITION, [], |row| row.get(0))?;
        let first = self.first_position(last)?;
        let mut upsert = connection.prepare(UPSERT.sqlite)?;
        for ((written, columns), position) in self.images.iter().enumerate().zip(first..) {
            progress(written);
            upsert.execute(params![
                columns.id,
                position,
                columns.album_id,
                columns.record,
                columns.asset_source,
                columns.asset_resource_type,
                columns.asset_delivery_type,
                columns.asset_version,
            ])?;
        }
        let mut grant = connection.prepare(GRANT.sqlite)?;
        for ((user, album), written) in self.grants.iter().zip(self.images.len()..) {
            progress(written);
            grant.execute([user, album])?;
        }
        Ok(())
    }

    async fn write_postgres(
        &self,
        connection: &mut PgConnection,
        progress: &Progress,
    ) -> Result<(), DatabaseError> {
        let last = sqlx::query_scalar(LAST_POSITION);
        let first = self.first_position(last.fetch_one(&mut *connection).await?)?;
        let mut written = 0;
        for (rows, first) in self.images.chunks(ROWS).zip((first..).step_by(ROWS)) {
            progress(written);
            let column = |value: fn(&Columns) -> Option<&str>| rows.iter().map(value).collect();
            let positions = rows.iter().zip(first..).map(|(_, position)| position);
            let upsert = sqlx::query(UPSERT.postgres)
                .bind::<Vec<_>>(column(|row| Some(&row.id)))
                .bind::<Vec<i64>>(positions.collect())
                .bind::<Vec<_>>(column(|row| row.album_id.as_deref()))
                .bind::<Vec<_>>(column(|row| Some(&row.record)))
                .bind::<Vec<_>>(column(|row| row.asset_source.as_deref()))
                .bind::<Vec<_>>(column(|row| row.asset_resource_type.as_deref()))
                .bind::<Vec<_>>(column(|row| row.asset_delivery_type.as_deref()))
                .bind::<Vec<_>>(rows.iter().map(|row| row.asset_version).collect());
            upsert.execute(&mut *connection).await?;
            written += rows.len();
        }
        for rows in self.grants.chunks(ROWS) {
            progress(written);
            let (users, albums): (Vec<_>, Vec<_>) =
                rows.iter().map(|(user, album)| (&**user, &**album)).unzip();
            let grant = sqlx::query(GRANT.postgres).bind(users).bind(albums);
            grant.execute(&mut *connection).await?;
            written += rows.len();
        }
        Ok(())
    }
}

impl Store {
    /// Writes a batch in one transaction. New images are appended; known images
    /// are replaced and keep their position. Waits for other writers.
    ///
    /// Reports the number of written rows to `progress`, from any thread.
    pub(crate) async fn write(
        &self,
        batch: Batch,
        progress: impl Fn(usize) + Send + Sync + 'static,
    ) -> Result<(), StoreError> {
        let (batch, progress) = (Arc::new(batch), Arc::new(progress));
        retry_write(async || match &self.database {
            Database::Sqlite(sqlite) => {
                let (batch, progress) = (Arc::clone(&batch), Arc::clone(&progress));
                let write = move |connection: &_| batch.write_sqlite(connection, &*progress);
                sqlite.transaction(write).await
            }
            Database::Postgres(postgres) => {
                let mut connection = postgres.writer().await?;
                let mut transaction = connection.begin().await?;
                batch.write_postgres(&mut transaction, &*progress).await?;
                Ok(transaction.commit().await?)
            }
        })
        .await
    }
}
