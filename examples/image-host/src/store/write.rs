//! Writes to the database.

use anyhow::Result;
use sqlx::{AssertSqlSafe, Connection};
use uuid::Uuid;

use super::record::Columns;
use super::{Record, Store, StoreError, retry};

/// The number of images per statement. Databases limit the values of a statement.
const ROWS: usize = 200;

/// The number of values per image.
const COLUMNS: usize = 8;

impl Store {
    /// Writes images in one transaction. New images are appended; known images
    /// are replaced and keep their position.
    pub(crate) async fn write(&self, records: &[Record]) -> Result<()> {
        let columns: Vec<_> = records.iter().map(Record::columns).collect::<Result<_>>()?;
        retry(|| self.write_columns(&columns)).await?;
        Ok(())
    }

    async fn write_columns(&self, columns: &[Columns]) -> sqlx::Result<()> {
        let mut connection = self.pool.acquire().await?;
        let mut transaction = connection.begin().await?;
        let last: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(position), 0) FROM images")
            .fetch_one(&mut *transaction)
            .await?;
        for (rows, first) in columns.chunks(ROWS).zip((last + 1..).step_by(ROWS)) {
            let mut insert = sqlx::query(AssertSqlSafe(upsert(rows.len())));
            for (columns, position) in rows.iter().zip(first..) {
                insert = insert
                    .bind(&columns.id)
                    .bind(position)
                    .bind(&columns.album_id)
                    .bind(&columns.record)
                    .bind(&columns.asset_source)
                    .bind(&columns.asset_resource_type)
                    .bind(&columns.asset_delivery_type)
                    .bind(columns.asset_version);
            }
            insert.execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        connection.reusable = true;
        Ok(())
    }

    /// Grants a user access to the images of an album.
    pub(crate) async fn grant(&self, user: Uuid, album_id: &str) -> Result<(), StoreError> {
        let user = user.to_string();
        retry(|| async {
            let mut connection = self.pool.acquire().await?;
            let granted = sqlx::query(
                "INSERT INTO album_access (user_id, album_id) VALUES ($1, $2) \
                 ON CONFLICT (user_id, album_id) DO NOTHING",
            )
            .bind(&user)
            .bind(album_id)
            .execute(&mut **connection)
            .await;
            connection.finish(granted)
        })
        .await?;
        Ok(())
    }

    /// Returns the number of images.
    pub(crate) async fn count(&self) -> Result<u64, StoreError> {
        let count: i64 = retry(|| async {
            let mut connection = self.pool.acquire().await?;
            let query = sqlx::query_scalar("SELECT COUNT(*) FROM images");
            let count = query.fetch_one(&mut **connection).await;
            connection.finish(count)
        })
        .await?;
        Ok(count.unsigned_abs())
    }
}

/// Returns the statement that inserts or updates `rows` images.
fn upsert(rows: usize) -> String {
    let values: Vec<_> = (0..rows)
        .map(|row| {
            let value = |column| format!("${}", row * COLUMNS + column);
            let values: Vec<_> = (1..=COLUMNS).map(value).collect();
            format!("({})", values.join(", "))
        })
        .collect();
    format!(
        "INSERT INTO images (id, position, album_id, record, asset_source, asset_resource_type, \
         asset_delivery_type, asset_version) VALUES {} \
         ON CONFLICT (id) DO UPDATE SET album_id = excluded.album_id, record = excluded.record, \
         asset_source = excluded.asset_source, \
         asset_resource_type = excluded.asset_resource_type, \
         asset_delivery_type = excluded.asset_delivery_type, \
         asset_version = excluded.asset_version",
        values.join(", ")
    )
}
