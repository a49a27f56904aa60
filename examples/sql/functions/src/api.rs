//! `api_signature`.

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::common::exec_datafusion_err;
use url_signer::cloudinary::api::ApiParameters;

use crate::arguments::Arguments;
use crate::error::FunctionError;
use crate::signers::Signers;
use crate::text_column::TextColumn;
use crate::texts::Texts;

pub(crate) fn api_signature(
    signers: &Signers,
    arguments: &Arguments<'_>,
) -> Result<ArrayRef, FunctionError> {
    let api = signers.api()?;
    let mut signatures = TextColumn::new(arguments.rows());
    let column = arguments.column(0)?;
    let maps = column
        .as_ref()
        .and_then(|column| column.as_map_opt())
        .ok_or_else(|| exec_datafusion_err!("api_signature: expected a map"))?;
    let (names, values) = (
        Texts::of_array(maps.keys())?,
        Texts::of_array(maps.values())?,
    );
    for (row, bounds) in maps.value_offsets().array_windows().enumerate() {
        if maps.is_null(row) {
            signatures.push_null();
            continue;
        }
        let [start, end] = bounds.map(|bound| usize::try_from(bound).unwrap_or_default());
        // A NULL is no value, so it is not signed.
        let pairs = (start..end).filter_map(|entry| Some((names.get(entry)?, values.get(entry)?)));
        let parameters =
            ApiParameters::from_pairs(pairs).map_err(|error| FunctionError::row(row, &error))?;
        signatures.push(|out| {
            out.extend_from_slice(api.sign(parameters).signature().as_bytes());
        });
    }
    Ok(signatures.finish()?)
}
