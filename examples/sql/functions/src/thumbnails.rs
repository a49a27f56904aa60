//! `thumbnail_path` and `proxy_url`.

use std::io::Write;

use datafusion::arrow::array::ArrayRef;
use thiserror::Error;
use url_signer::{ProxyFileName, ThumbnailName, ThumbnailPath, ThumbnailSigner};
use uuid::Uuid;

use crate::arguments::Arguments;
use crate::error::{FunctionError, describe, quote};
use crate::signers::Signers;
use crate::text_column::TextColumn;

pub(crate) fn thumbnail_path(
    signers: &Signers,
    arguments: &Arguments<'_>,
) -> Result<ArrayRef, FunctionError> {
    let signer = signers.thumbnails()?;
    let (ids, names) = (arguments.texts(0)?, arguments.texts(1)?);
    let mut paths = TextColumn::new(arguments.rows());
    for row in 0..arguments.rows() {
        let (Some(id), Some(name)) = (ids.get(row), names.get(row)) else {
            paths.push_null();
            continue;
        };
        let path = path(signer, id, name).map_err(|error| error.in_row(row, id))?;
        paths.push(|out| {
            // Writing to a vector does not fail.
            let _ = write!(out, "{path}");
        });
    }
    Ok(paths.finish()?)
}

pub(crate) fn proxy_url(
    signers: &Signers,
    arguments: &Arguments<'_>,
) -> Result<ArrayRef, FunctionError> {
    let (thumbnails, proxy) = (signers.thumbnails()?, signers.proxy()?);
    let (ids, names) = (arguments.texts(0)?, arguments.texts(1)?);
    let (filenames, formats) = (arguments.texts(2)?, arguments.texts(3)?);
    let mut urls = TextColumn::new(arguments.rows());
    for row in 0..arguments.rows() {
        let (Some(id), Some(name), Some(filename), Some(format)) = (
            ids.get(row),
            names.get(row),
            filenames.get(row),
            formats.get(row),
        ) else {
            urls.push_null();
            continue;
        };
        let path = path(thumbnails, id, name).map_err(|error| error.in_row(row, id))?;
        let url = proxy.sign(ProxyFileName::new(filename, format), path);
        urls.push(|out| {
            let _ = write!(out, "{url}");
        });
    }
    Ok(urls.finish()?)
}

fn path(signer: &ThumbnailSigner, id: &str, name: &str) -> Result<ThumbnailPath, InvalidThumbnail> {
    let id = Uuid::try_parse(id).map_err(|_| InvalidThumbnail::Id)?;
    let name: ThumbnailName = name
        .parse()
        .map_err(|_| InvalidThumbnail::Name(name.to_owned()))?;
    Ok(signer.sign(id, name))
}

/// An invalid argument of a thumbnail.
#[derive(Debug, Error)]
enum InvalidThumbnail {
    #[error("the image id is not a UUID")]
    Id,
    #[error(
        "unknown thumbnail name{}: expected `mini`, `thumbnail`, `full` or `original`",
        quote(.0)
    )]
    Name(String),
}

impl InvalidThumbnail {
    fn in_row(&self, row: usize, id: &str) -> FunctionError {
        FunctionError::described_row(row, describe("image_id", id), self)
    }
}
