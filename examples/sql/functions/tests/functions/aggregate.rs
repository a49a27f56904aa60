//! `image_payloads` keeps the order across partitions and batches.

use std::collections::BTreeMap;
use std::sync::Arc;

use image_model::{Image, Timestamp};
use image_sync_sql::datafusion::arrow::array::{
    ArrayRef, AsArray, Int64Array, RecordBatch, StringArray,
};
use image_sync_sql::datafusion::arrow::datatypes::DataType;
use image_sync_sql::datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use image_sync_sql::datafusion::physical_plan::ExecutionPlan;
use image_sync_sql::datafusion::physical_plan::aggregates::{AggregateExec, AggregateMode};
use image_sync_sql::datafusion::prelude::SessionContext;
use image_sync_sql::sync_payload::{PayloadEncoder, WireStyle};
use image_sync_sql::url_signer::cloudinary::Asset;
use uuid::Uuid;

use crate::support::{add_partitions, error, images, query, session, text, texts};

const ROWS: u64 = 3_000;
const IMAGE: &str =
    "named_struct('id', id, 'created_at', created_at, 'asset_public_id', public_id)";

/// The rows in an order that mixes albums and positions.
fn rows() -> impl Iterator<Item = (u64, u64)> {
    // 7 and 3000 have no common divisor, so every position occurs once.
    (0..ROWS)
        .map(|row| row * 7 % ROWS)
        .map(|position| (position % 13, position))
}

fn id(position: u64) -> Uuid {
    // Not in the order of the positions.
    Uuid::from_u64_pair(position.wrapping_mul(0x9e37_79b9_7f4a_7c15), position)
}

fn time(position: u64) -> Timestamp {
    // Two images have equal times.
    Timestamp::from_unix_seconds(i64::try_from(position / 2).unwrap()).unwrap()
}

/// Four partitions of several batches.
fn add_images(session: &SessionContext) {
    let rows: Vec<_> = rows().collect();
    let batch = |rows: &[(u64, u64)]| {
        let column = |text: &dyn Fn(&(u64, u64)) -> String| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(rows.iter().map(text)))
        };
        let positions = rows
            .iter()
            .map(|(_, position)| i64::try_from(*position).unwrap());
        RecordBatch::try_from_iter([
            ("album", column(&|(album, _)| format!("album {album}"))),
            ("id", column(&|(_, position)| id(*position).to_string())),
            (
                "created_at",
                column(&|(_, position)| time(*position).to_string()),
            ),
            (
                "public_id",
                column(&|(_, position)| format!("photo {position}")),
            ),
            (
                "position",
                Arc::new(Int64Array::from_iter_values(positions)) as ArrayRef,
            ),
        ])
        .unwrap()
    };
    let partitions = rows
        .chunks(750)
        .map(|rows| rows.chunks(100).map(batch).collect());
    add_partitions(session, "images", partitions.collect());
}

/// The payloads by the library, ordered by a key.
fn expected<K: Ord>(key: impl Fn(u64) -> K) -> BTreeMap<String, String> {
    let mut albums: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (album, position) in rows() {
        albums
            .entry(format!("album {album}"))
            .or_default()
            .push(position);
    }
    let signer = images();
    let payload = |mut positions: Vec<u64>| {
        positions.sort_by_key(|position| key(*position));
        let mut payload = PayloadEncoder::new(WireStyle::Rails);
        for position in positions {
            let asset = Asset::new(&format!("photo {position}")).unwrap();
            payload.push_signed(&signer, &Image::new(id(position), time(position)), &asset);
        }
        String::from_utf8(payload.finish()).unwrap()
    };
    let albums = albums.into_iter();
    albums
        .map(|(album, positions)| (album, payload(positions)))
        .collect()
}

async fn payloads(session: &SessionContext, order: &str) -> BTreeMap<String, String> {
    let sql = format!("SELECT album, image_payloads({IMAGE} {order}) FROM images GROUP BY album");
    let result = query(session, &sql).await;
    let (albums, payloads) = (texts(&result, 0), texts(&result, 1));
    let albums = albums.into_iter().map(Option::unwrap);
    albums
        .zip(payloads.into_iter().map(Option::unwrap))
        .collect()
}

#[tokio::test]
async fn the_order_survives_partitions() {
    let session = session();
    add_images(&session);
    let plan = format!(
        "EXPLAIN SELECT album, image_payloads({IMAGE} ORDER BY position) FROM images GROUP BY album"
    );
    let plan = format!("{:?}", texts(&query(&session, &plan).await, 1));
    assert!(
        plan.contains("mode=Partial") && plan.contains("mode=FinalPartitioned"),
        "{plan}"
    );

    assert_eq!(
        payloads(&session, "ORDER BY position").await,
        expected(|position| position)
    );
    let descending = payloads(&session, "ORDER BY position DESC").await;
    assert_eq!(descending, expected(std::cmp::Reverse));
    let two_keys = payloads(&session, "ORDER BY created_at DESC, id").await;
    assert_eq!(
        two_keys,
        expected(|position| (std::cmp::Reverse(position / 2), id(position)))
    );
}

#[tokio::test]
async fn without_order_every_image_occurs_once() {
    let session = session();
    add_images(&session);
    let payloads = payloads(&session, "").await;
    let expected = expected(|position| position);
    assert_eq!(payloads.len(), 13);
    for (album, payload) in payloads {
        let sorted = |payload: &str| {
            let mut images: Vec<Image> = image_model::from_str(payload).unwrap();
            images.sort_by_key(|image| image.id);
            images
        };
        assert_eq!(sorted(&payload), sorted(&expected[&album]));
    }
}

#[tokio::test]
async fn one_list_of_all_images_is_ordered() {
    let session = session();
    add_images(&session);
    let sql = format!("SELECT image_payloads({IMAGE} ORDER BY position) FROM images");
    let payload = text(&session, &sql).await.unwrap();
    let images: Vec<Image> = image_model::from_str(&payload).unwrap();
    let ids: Vec<_> = images.iter().map(|image| image.id).collect();
    assert_eq!(ids, (0..ROWS).map(id).collect::<Vec<_>>());
}

#[tokio::test]
async fn groups_without_images_are_empty_lists() {
    let session = session();
    add_images(&session);
    let sql = format!("SELECT image_payloads({IMAGE}) FROM images WHERE position < 0");
    assert_eq!(text(&session, &sql).await.as_deref(), Some("[]"));
    let sql = format!("SELECT image_payloads({IMAGE}) FILTER (WHERE position < 0) FROM images");
    assert_eq!(text(&session, &sql).await.as_deref(), Some("[]"));
    // NULL structs are left out.
    let sql = format!(
        "SELECT image_payloads(CASE WHEN position = 5 THEN {IMAGE} END ORDER BY position) FROM images"
    );
    let one = text(&session, &sql).await.unwrap();
    let sql = format!("SELECT image_payloads({IMAGE}) FROM images WHERE position = 5");
    assert_eq!(text(&session, &sql).await.unwrap(), one);
    let sql = "SELECT image_payloads(NULL) FROM images";
    assert_eq!(text(&session, sql).await.as_deref(), Some("[]"));
}

#[tokio::test]
async fn distinct_leaves_out_equal_images() {
    let session = session();
    add_images(&session);
    let twice = "(SELECT * FROM images WHERE position = 5 UNION ALL
        SELECT * FROM images WHERE position = 5)";
    let sql = format!("SELECT image_payloads({IMAGE}) FROM images WHERE position = 5");
    let once = text(&session, &sql).await;
    let sql = format!("SELECT image_payloads(DISTINCT {IMAGE}) FROM {twice}");
    assert_eq!(text(&session, &sql).await, once);
    let sql = format!("SELECT image_payloads({IMAGE}) FROM {twice}");
    assert_ne!(text(&session, &sql).await, once);

    for call in [
        format!("image_payloads(DISTINCT {IMAGE} ORDER BY id)"),
        format!("image_payloads(DISTINCT {IMAGE}) FILTER (WHERE position > 5)"),
        format!("image_payloads(DISTINCT {IMAGE}), array_agg(id)"),
    ] {
        let text = error(&session, &format!("SELECT {call} FROM images")).await;
        let expected = "image_payloads: DISTINCT is supported only without ORDER BY, FILTER and \
            other aggregates; use a subquery with SELECT DISTINCT";
        assert!(text.contains(expected), "{call}: {text}");
    }
    let sql =
        format!("SELECT image_payloads({IMAGE} ORDER BY id) FROM (SELECT DISTINCT * FROM {twice})");
    assert_eq!(text(&session, &sql).await, once);
}

#[tokio::test]
async fn errors_name_the_image() {
    let session = session();
    add_images(&session);
    let sql = "SELECT album, image_payloads(named_struct('id', id, 'created_at', created_at,
        'asset_public_id', CASE WHEN position = 9 THEN '' ELSE public_id END)) FROM images GROUP BY album";
    let text = error(&session, sql).await;
    let expected = format!(
        "image_payloads: invalid image (id '{}'): field `asset_public_id`: public id is empty",
        id(9)
    );
    assert!(text.contains(&expected), "{text}");
}

#[tokio::test]
async fn the_result_is_never_null() {
    let session = session();
    add_images(&session);
    let sql = format!("SELECT image_payloads({IMAGE}) AS p FROM images");
    let plan = session.sql(&sql).await.unwrap();
    let field = plan.schema().field(0);
    assert_eq!(
        (field.data_type(), field.is_nullable()),
        (&DataType::LargeUtf8, false)
    );
    assert_eq!(
        query(&session, &sql)
            .await
            .column(0)
            .as_string::<i64>()
            .iter()
            .flatten()
            .count(),
        1
    );
}

/// Offsets of 32 bits would limit the images of a partition to 2 GiB.
#[tokio::test]
async fn the_state_has_offsets_of_64_bits() {
    let session = session();
    add_images(&session);
    let sql = format!("SELECT image_payloads({IMAGE} ORDER BY position) FROM images");
    let plan = session.sql(&sql).await.unwrap();
    let plan = plan.create_physical_plan().await.unwrap();
    let mut states = Vec::new();
    plan.apply(|node| {
        if let Some(aggregate) = node.downcast_ref::<AggregateExec>()
            && *aggregate.mode() == AggregateMode::Partial
        {
            states.extend(aggregate.schema().fields().iter().cloned());
        }
        Ok(TreeNodeRecursion::Continue)
    })
    .unwrap();
    let list = DataType::new_list(DataType::LargeUtf8, true);
    assert_eq!(states.first().map(|state| state.data_type()), Some(&list));
}
