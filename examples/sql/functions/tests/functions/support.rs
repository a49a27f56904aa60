//! Shared by the tests: keys, sessions and queries.

use std::path::PathBuf;
use std::sync::Arc;

use image_sync_sql::sync_payload::{ImageSigner, UrlPrefix};
use image_sync_sql::url_signer::cloudinary::{Cloud, TokenSigner};
use image_sync_sql::url_signer::{Authority, ProxySigner, Secret, ThumbnailSigner};
use image_sync_sql::{Signers, datafusion, register};

use datafusion::arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use datafusion::arrow::compute::{cast, concat_batches};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::DataFusionError;
use datafusion::datasource::MemTable;
use datafusion::prelude::{SessionConfig, SessionContext};
use serde_json::Value;

pub(crate) fn secret(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

/// The account of the recorded payload, with a test key.
pub(crate) fn cloud() -> Cloud {
    let cloud: Cloud = "cloudinary://key:abcd@sadaasdasd".parse().unwrap();
    cloud.with_token_signer(TokenSigner::new(Secret::from_hex("00112233FF99").unwrap()))
}

pub(crate) fn thumbnails() -> ThumbnailSigner {
    ThumbnailSigner::new(secret("thumbnail key"))
}

pub(crate) fn proxy() -> ProxySigner {
    ProxySigner::new(
        Authority::new("sharinpix-proxy-dev.herokuapp.com").unwrap(),
        Authority::new("localhost").unwrap(),
        secret("proxy key"),
    )
}

/// The settings of the recorded payload, with test keys.
pub(crate) fn images() -> ImageSigner {
    ImageSigner::new(cloud(), proxy(), thumbnails())
        .with_prefix(UrlPrefix::new("/assets/blank.jpg#").unwrap())
}

/// All keys.
pub(crate) fn signers() -> Signers {
    Signers::new(cloud())
        .with_thumbnails(thumbnails())
        .with_proxy(proxy())
        .with_images(images())
}

pub(crate) fn session_with(signers: Signers) -> SessionContext {
    let config = SessionConfig::new()
        .with_information_schema(true)
        .with_target_partitions(4);
    let session = SessionContext::new_with_config(config);
    register(&session, signers).unwrap();
    session
}

pub(crate) fn session() -> SessionContext {
    session_with(signers())
}

/// Registers a table with one batch.
pub(crate) fn add_table(session: &SessionContext, name: &str, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns
            .into_iter()
            .map(|(name, column)| (name, column, true)),
    )
    .unwrap();
    add_partitions(session, name, vec![vec![batch]]);
}

/// Registers a table with batches in partitions.
pub(crate) fn add_partitions(
    session: &SessionContext,
    name: &str,
    partitions: Vec<Vec<RecordBatch>>,
) {
    let schema = partitions[0][0].schema();
    let table = MemTable::try_new(schema, partitions).unwrap();
    session.register_table(name, Arc::new(table)).unwrap();
}

pub(crate) async fn try_query(
    session: &SessionContext,
    sql: &str,
) -> Result<RecordBatch, DataFusionError> {
    let batches = session.sql(sql).await?.collect().await?;
    let first = batches.first().map(RecordBatch::schema);
    Ok(concat_batches(&first.unwrap(), &batches)?)
}

/// Runs a query that returns at least one batch.
pub(crate) async fn query(session: &SessionContext, sql: &str) -> RecordBatch {
    let result = try_query(session, sql).await;
    result.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

/// The texts of the columns of a result.
pub(crate) fn texts(batch: &RecordBatch, column: usize) -> Vec<Option<String>> {
    let column = cast(batch.column(column), &DataType::Utf8).unwrap();
    let texts = column.as_string::<i32>().iter();
    texts.map(|text| text.map(str::to_owned)).collect()
}

/// The text in the only row and column of a result.
pub(crate) async fn text(session: &SessionContext, sql: &str) -> Option<String> {
    let batch = query(session, sql).await;
    assert_eq!((batch.num_rows(), batch.num_columns()), (1, 1), "{sql}");
    texts(&batch, 0).remove(0)
}

/// The text of the error of a query.
pub(crate) async fn error(session: &SessionContext, sql: &str) -> String {
    match try_query(session, sql).await {
        Ok(batch) => panic!("{sql}: {batch:?}"),
        Err(error) => error.strip_backtrace(),
    }
}

/// The column of a result, which has no text in place of an array.
pub(crate) fn column(batch: &RecordBatch, index: usize) -> &dyn Array {
    batch.column(index).as_ref()
}

/// A path in the repository.
pub(crate) fn repository_path(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../..")
        .join(path)
}

/// The lines of a file with vectors in the tests of `url-signer`. `README.md` next to them
/// names their origin.
pub(crate) fn vectors(file: &str) -> Vec<Value> {
    let path = repository_path("crates/url-signer/tests/data").join(file);
    let lines = std::fs::read_to_string(path).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
