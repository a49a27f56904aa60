//! Generated images for tests and benchmarks.

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use datafusion::arrow::array::{ArrayRef, Int32Array, Int64Array, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::file::properties::WriterProperties;

const BATCH: u64 = 8192;

/// The images of one Parquet file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedFile {
    /// The numbers of the images. The number of an image determines its other columns.
    pub rows: Range<u64>,
    /// The rows of a row group.
    pub row_group: usize,
}

/// Writes a Parquet file.
///
/// # Errors
///
/// The file cannot be written.
pub fn write(path: &Path, file: &GeneratedFile) -> Result<()> {
    let context = || format!("cannot write {}", path.display());
    let output = File::create(path).with_context(context)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(file.row_group))
        .build();
    let mut writer = ArrowWriter::try_new(output, schema(), Some(properties))?;
    let mut start = file.rows.start;
    while start < file.rows.end {
        let end = file.rows.end.min(start + BATCH);
        writer.write(&batch(start..end)?).with_context(context)?;
        start = end;
    }
    writer.close().with_context(context)?;
    Ok(())
}

fn schema() -> SchemaRef {
    let fields = [
        ("number", DataType::Int64),
        ("public_id", DataType::Utf8),
        ("version", DataType::Int64),
        ("extension", DataType::Utf8),
        ("album_id", DataType::Utf8),
        ("width", DataType::Int32),
        ("height", DataType::Int32),
    ];
    let fields = fields.map(|(name, data_type)| Field::new(name, data_type, false));
    Arc::new(Schema::new(fields.to_vec()))
}

fn batch(rows: Range<u64>) -> Result<RecordBatch> {
    let images: Vec<Image> = rows.map(Image::new).collect();
    let texts = |text: fn(&Image) -> &str| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(images.iter().map(text)))
    };
    let longs = |long: fn(&Image) -> i64| -> ArrayRef {
        Arc::new(Int64Array::from_iter_values(images.iter().map(long)))
    };
    let ints = |int: fn(&Image) -> i32| -> ArrayRef {
        Arc::new(Int32Array::from_iter_values(images.iter().map(int)))
    };
    let columns = vec![
        longs(|image| image.number),
        texts(|image| &image.public_id),
        longs(|image| image.version),
        texts(|image| image.extension),
        texts(|image| &image.album_id),
        ints(|image| image.width),
        ints(|image| image.height),
    ];
    Ok(RecordBatch::try_new(schema(), columns)?)
}

struct Image {
    number: i64,
    public_id: String,
    version: i64,
    extension: &'static str,
    album_id: String,
    width: i32,
    height: i32,
}

impl Image {
    #[expect(clippy::cast_possible_wrap, reason = "the values are small")]
    fn new(number: u64) -> Self {
        let hash = split_mix(number);
        let album = hash % 10_000;
        let name = split_mix(hash);
        // Some names need percent-encoding.
        let public_id = if number.is_multiple_of(97) {
            format!("albums/{album:04}/Été {number} (1)")
        } else {
            format!("albums/{album:04}/{name:016x}")
        };
        let extension = match hash >> 32 & 7 {
            0 => "png",
            1 => "webp",
            _ => "jpg",
        };
        Self {
            number: number as i64,
            public_id,
            version: 1_500_000_000 + (hash >> 20 & 0xfff_ffff) as i64,
            extension,
            album_id: format!("{album:04}"),
            width: 640 + (hash >> 8 & 0xfff) as i32,
            height: 480 + (hash >> 24 & 0xfff) as i32,
        }
    }
}

/// The finalizer of the generator `SplitMix64` (Steele, Lea and Flood, 2014).
fn split_mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_reference() {
        // The first outputs of SplitMix64 with the seed 0, as in the tests of
        // `java.util.SplittableRandom` and of `rand_xoshiro`.
        let expected = [
            0xe220_a839_7b1d_cdaf,
            0x6e78_9e6a_a1b9_65f4,
            0x06c4_5d18_8009_454f,
        ];
        assert_eq!([0, 1, 2].map(split_mix), expected);
    }

    #[test]
    fn the_parts_of_several_files_are_the_rows_of_one() {
        let whole = batch(0..1_000).unwrap();
        assert_eq!(batch(0..400).unwrap(), whole.slice(0, 400));
        assert_eq!(batch(400..1_000).unwrap(), whole.slice(400, 600));
    }
}
