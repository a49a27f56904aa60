//! Results of generated rows equal those of the libraries.

use std::sync::Arc;

use image_sync_sql::datafusion::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use image_sync_sql::url_signer::ThumbnailName;
use image_sync_sql::url_signer::cloudinary::{Asset, ResourceType, TokenClaims, Transformation};

use crate::support::{add_partitions, cloud, proxy, query, session, texts, thumbnails};
use image_sync_sql::url_signer::{ProxyFileName, cloudinary::TokenScope};

const ROWS: u64 = 20_000;
const TRANSFORMATIONS: &[&str] = &[
    "",
    "c_fit,w_300",
    "c_fill,h_100,w_100/f_auto",
    "l_text:Arial_20:a%20b",
];
const NAMES: &[&str] = &["mini", "thumbnail", "full", "original"];

/// A number that looks random, by the function `mix` of `SplitMix64`.
fn mix(seed: u64) -> u64 {
    let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[derive(Clone)]
struct Row {
    public_id: String,
    transformation: &'static str,
    version: i64,
    extension: &'static str,
    types: &'static str,
    image_id: String,
    name: &'static str,
    filename: String,
    format: &'static str,
}

fn pick<T: Copy>(values: &[T], random: u64) -> T {
    values[usize::try_from(random % values.len() as u64).unwrap()]
}

fn rows() -> Vec<Row> {
    let row = |seed: u64| {
        let random = |field: u64| mix(seed.wrapping_mul(31).wrapping_add(field));
        let folder = pick(&["", "albums/7/", "été/", "a b/"], random(0));
        Row {
            public_id: format!("{folder}photo {}%", random(1)),
            transformation: pick(TRANSFORMATIONS, random(2)),
            version: i64::try_from(random(3) >> 32).unwrap(),
            extension: pick(&["", "jpg", "png"], random(4)),
            types: pick(&["", "private", "authenticated", "video/upload"], random(5)),
            image_id: format!(
                "{:032x}",
                u128::from(random(6)) << 64 | u128::from(random(7))
            ),
            name: pick(NAMES, random(8)),
            filename: format!("Été {}", random(9) % 100),
            format: pick(&["", "jpg", "heic"], random(10)),
        }
    };
    (0..ROWS).map(row).collect()
}

fn batch(rows: &[Row]) -> RecordBatch {
    fn column(rows: &[Row], field: impl Fn(&Row) -> &str) -> ArrayRef {
        Arc::new(StringArray::from_iter_values(rows.iter().map(field)))
    }
    let versions = Int64Array::from_iter_values(rows.iter().map(|row| row.version));
    let versions: ArrayRef = Arc::new(versions);
    RecordBatch::try_from_iter([
        ("public_id", column(rows, |row| &row.public_id)),
        ("transformation", column(rows, |row| row.transformation)),
        ("version", versions),
        ("extension", column(rows, |row| row.extension)),
        ("type", column(rows, |row| row.types)),
        ("image_id", column(rows, |row| &row.image_id)),
        ("name", column(rows, |row| row.name)),
        ("filename", column(rows, |row| &row.filename)),
        ("format", column(rows, |row| row.format)),
    ])
    .unwrap()
}

fn asset(row: &Row) -> Asset {
    let asset = match row.types {
        "private" => Asset::private(&row.public_id),
        "authenticated" => Asset::authenticated(&row.public_id),
        _ => Asset::new(&row.public_id),
    };
    let mut asset = asset
        .unwrap()
        .with_version(u64::try_from(row.version).unwrap());
    if row.types == "video/upload" {
        asset = asset.with_resource_type(ResourceType::Video);
    }
    if row.extension.is_empty() {
        asset
    } else {
        asset.with_extension(row.extension).unwrap()
    }
}

#[tokio::test]
async fn generated_rows_equal_the_libraries() {
    let session = session();
    let rows = rows();
    // In two partitions, with batches that are no multiple of the batch size.
    let (first, second) = rows.split_at(9_001);
    let partitions = vec![
        vec![batch(first)],
        second.chunks(4_000).map(batch).collect(),
    ];
    add_partitions(&session, "images", partitions);
    let columns = "public_id, transformation, version, extension, type";
    let sql = format!(
        "SELECT public_id, delivery_url({columns}), unsigned_delivery_url({columns}),
            delivery_url_with_token({columns}, 1700000000), thumbnail_path(image_id, name),
            proxy_url(image_id, name, filename, format),
            delivery_url(public_id, 'c_fit,w_300')
         FROM images"
    );
    let result = query(&session, &sql).await;
    let columns: Vec<_> = (0..7).map(|column| texts(&result, column)).collect();
    // The partitions are read in any order.
    let row_of: std::collections::HashMap<_, _> = rows
        .iter()
        .map(|row| (row.public_id.clone(), row))
        .collect();
    assert_eq!((result.num_rows(), row_of.len()), (20_000, 20_000));

    let (cloud, thumbnails, proxy) = (cloud(), thumbnails(), proxy());
    let tokens = cloud.token_defaults().unwrap().signer();
    let claims = TokenClaims::expires_at(1_700_000_000);
    let card: Transformation = "c_fit,w_300".parse().unwrap();
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    for _ in 0..result.num_rows() {
        let results = columns.iter_mut().map(|column| column.next().flatten());
        let results: Vec<_> = results.map(Option::unwrap).collect();
        let result = |column: usize| &*results[column];
        let row = row_of[result(0)];
        let asset = asset(row);
        let steps: Transformation = row.transformation.parse().unwrap();
        let signed = cloud.sign(&asset, &steps);
        assert_eq!(result(1), signed.to_string());
        assert_eq!(result(2), cloud.delivery(&asset, &steps).to_string());
        let token = tokens.sign(&claims, TokenScope::Path(&signed.path()));
        assert_eq!(result(3), signed.with_token(token).to_string());
        let name: ThumbnailName = row.name.parse().unwrap();
        let path = thumbnails.sign(row.image_id.parse().unwrap(), name);
        assert_eq!(result(4), path.to_string());
        let file_name = ProxyFileName::new(&row.filename, row.format);
        assert_eq!(result(5), proxy.sign(file_name, path).to_string());
        let asset = Asset::new(&row.public_id).unwrap();
        assert_eq!(result(6), cloud.sign(&asset, &card).to_string());
    }
}
