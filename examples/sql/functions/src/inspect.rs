//! `verify_delivery_url`, `parse_delivery_url`, `explain_delivery_url` and
//! `signing_key_fingerprint`.

use std::io::Write;
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanArray, NullBufferBuilder, StringArray, StructArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Fields};
use url_signer::cloudinary::DeliveryUrl;

use crate::arguments::Arguments;
use crate::error::FunctionError;
use crate::signers::{MissingKey, Signers};
use crate::text_column::TextColumn;

pub(crate) fn verify_delivery_url(
    signers: &Signers,
    arguments: &Arguments<'_>,
) -> Result<ArrayRef, FunctionError> {
    let (cloud, urls) = (signers.cloud()?, arguments.texts(0)?);
    let verified: BooleanArray = (0..arguments.rows())
        .map(|row| urls.get(row).map(|url| cloud.verify(url).is_ok()))
        .collect();
    Ok(Arc::new(verified))
}

pub(crate) fn explain_delivery_url(
    signers: &Signers,
    arguments: &Arguments<'_>,
) -> Result<ArrayRef, FunctionError> {
    let (cloud, urls) = (signers.cloud()?, arguments.texts(0)?);
    let mut explanations = TextColumn::new(arguments.rows());
    for row in 0..arguments.rows() {
        match urls.get(row) {
            Some(url) => explanations.push(|out| {
                // Writing to a vector does not fail.
                let _ = write!(out, "{}", cloud.explain(url));
            }),
            None => explanations.push_null(),
        }
    }
    Ok(explanations.finish()?)
}

pub(crate) fn signing_key_fingerprint(
    signers: &Signers,
    arguments: &Arguments<'_>,
) -> Result<ArrayRef, FunctionError> {
    let fingerprint = signers.fingerprint().ok_or(MissingKey::All)?;
    let rows = std::iter::repeat_n(fingerprint, arguments.rows());
    Ok(Arc::new(StringArray::from_iter_values(rows)))
}

/// Returns a part of a URL.
type Part = for<'a> fn(&DeliveryUrl<'a>) -> Option<&'a str>;

/// The parts of a parsed URL. Missing parts are NULL.
const PARTS: &[(&str, Part)] = &[
    ("host", |url| Some(url.authority())),
    ("cloud_name", |url| url.cloud_name()),
    ("resource_type", |url| Some(url.resource_type().as_str())),
    ("delivery_type", |url| Some(url.delivery_type())),
    ("signature", |url| url.signature()),
    ("transformation", |url| Some(url.transformation())),
    ("version", |url| url.version()),
    ("source", |url| Some(url.source())),
    ("suffix", |url| url.suffix()),
    ("query", |url| url.query()),
];

pub(crate) fn parts_type() -> DataType {
    DataType::Struct(parts_fields())
}

fn parts_fields() -> Fields {
    let field = |(name, _): &(&str, Part)| Field::new(*name, DataType::Utf8, true);
    PARTS.iter().map(field).collect()
}

pub(crate) fn parse_delivery_url(
    _: &Signers,
    arguments: &Arguments<'_>,
) -> Result<ArrayRef, FunctionError> {
    let (urls, rows) = (arguments.texts(0)?, arguments.rows());
    let mut columns: Vec<_> = PARTS.iter().map(|_| TextColumn::new(rows)).collect();
    let mut nulls = NullBufferBuilder::new(rows);
    for row in 0..rows {
        let url = match urls.get(row).map(DeliveryUrl::parse).transpose() {
            Ok(url) => url,
            Err(error) => return Err(FunctionError::row(row, &error)),
        };
        nulls.append(url.is_some());
        for (column, (_, part)) in columns.iter_mut().zip(PARTS) {
            match url.as_ref().and_then(part) {
                Some(part) => column.push(|out| {
                    out.extend_from_slice(part.as_bytes());
                }),
                None => column.push_null(),
            }
        }
    }
    let columns = columns.into_iter().map(TextColumn::finish);
    let columns = columns.collect::<Result<Vec<_>, _>>()?;
    let parts = StructArray::try_new(parts_fields(), columns, nulls.finish())?;
    Ok(Arc::new(parts))
}
