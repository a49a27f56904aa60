//! `image_payload` and `image_payloads`.

pub(crate) mod aggregate;
mod asset_columns;
pub(crate) mod field;
mod image_columns;
mod json;
mod values;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, OffsetSizeTrait, StructArray};
use datafusion::common::exec_datafusion_err;
use sync_payload::{ImageSigner, PayloadEncoder, WireStyle};

use self::image_columns::ImageColumns;
use crate::arguments::Arguments;
use crate::error::{FunctionError, describe};
use crate::signers::Signers;
use crate::text_column::GenericTextColumn;

pub(crate) fn image_payload(
    signers: &Signers,
    arguments: &Arguments<'_>,
) -> Result<ArrayRef, FunctionError> {
    let signer = signers.images()?;
    let column = arguments.column(0)?;
    let structs = column
        .as_ref()
        .and_then(|column| column.as_struct_opt())
        .ok_or_else(|| exec_datafusion_err!("image_payload: expected a struct"))?;
    sign_images::<i32>(signer, structs)
}

/// Signs each struct, and writes the JSON of the image. A NULL stays NULL.
fn sign_images<O: OffsetSizeTrait>(
    signer: &ImageSigner,
    structs: &StructArray,
) -> Result<ArrayRef, FunctionError> {
    let columns = ImageColumns::new(structs)?;
    let mut payload = PayloadEncoder::new(WireStyle::Rails);
    let mut images = GenericTextColumn::<O>::new(structs.len());
    for row in 0..structs.len() {
        if structs.is_null(row) {
            images.push_null();
            continue;
        }
        let record = columns
            .image(row)
            .and_then(|image| Ok((image, columns.asset(row)?)));
        let (image, asset) = record.map_err(|error| {
            let id = columns.id(row).unwrap_or_default();
            FunctionError::described_row(row, describe("id", id), &error)
        })?;
        payload.push_signed(signer, &image, &asset);
        images.push(|out| {
            // Without the `[` or `,` before the image.
            out.extend_from_slice(payload.as_bytes().get(1..).unwrap_or_default());
        });
        payload.clear();
    }
    Ok(images.finish()?)
}
