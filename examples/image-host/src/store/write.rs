use anyhow::Result;
use sqlx::{AssertSqlSafe, Connection};
use uuid::Uuid;

use super::record::Columns;
use super::{Record, Store, StoreError, retried};

/// Images that are written at once; databases limit the values of a statement.
const ROWS: usize = 200;

/// Values of an image.
const COLUMNS: usize = 8;

impl Store {
    /// Writes images, all or none: new ones after those that are there, the
    /// others where they are.
    pub(crate) async fn write(&self, records: &[Record]) -> Result<()> {
        let columns: Vec<_> = records.iter().map(Record::columns).collect::<Result<_>>()?;
        retried(|| self.write_columns(&columns)).await?;
        Ok(())
    }

    async fn write_columns(&self, columns: &[Columns]) -> sqlx::Result<()> {
        let mut lent = self.pool.lend().await?;
        let mut transaction = lent.begin().await?;
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
        lent.sound = true;
        Ok(())
    }

    /// Lets a user see the images of an album.
    pub(crate) async fn grant(&self, user: Uuid, album_id: &str) -> Result<(), StoreError> {
        let user = user.to_string();
        retried(|| async {
            let mut lent = self.pool.lend().await?;
            let granted = sqlx::query(
                "INSERT INTO album_access (user_id, album_id) VALUES ($1, $2) \
                 ON CONFLICT (user_id, album_id) DO NOTHING",
            )
            .bind(&user)
            .bind(album_id)
            .execute(&mut **lent)
            .await;
            lent.ended(granted)
        })
        .await?;
        Ok(())
    }

    /// How many images there are.
    pub(crate) async fn count(&self) -> Result<u64, StoreError> {
        let count: i64 = retried(|| async {
            let mut lent = self.pool.lend().await?;
            let query = sqlx::query_scalar("SELECT COUNT(*) FROM images");
            let count = query.fetch_one(&mut **lent).await;
            lent.ended(count)
        })
        .await?;
        Ok(count.unsigned_abs())
    }
}

/// The statement that writes so many images.
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
