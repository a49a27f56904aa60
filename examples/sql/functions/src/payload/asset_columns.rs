//! The assets of images, from the fields of a struct.

use std::cell::RefCell;
use std::str::FromStr;

use datafusion::arrow::array::StructArray;
use sync_payload::parse_original_url;
use url_signer::cloudinary::Asset;

use super::field::{ASSET_PUBLIC_ID, ORIGINAL_URL};
use super::values::{InvalidField, texts};
use crate::delivery::{Types, Version, Versions};
use crate::error::FunctionError;
use crate::texts::{Parsed, Texts};

/// The assets of images, by row.
pub(crate) enum AssetColumns<'a> {
    /// From the fields `asset_…`.
    Parts(Box<Parts<'a>>),
    /// From the URLs of a signed payload.
    OriginalUrls(Texts<'a>),
}

/// The fields `asset_…`.
pub(crate) struct Parts<'a> {
    public_ids: Texts<'a>,
    versions: Versions<'a>,
    extensions: Texts<'a>,
    types: Texts<'a>,
    parsed_types: RefCell<Parsed<'a, Types>>,
}

impl<'a> AssetColumns<'a> {
    pub(crate) fn new(structs: &'a StructArray) -> Result<Self, FunctionError> {
        if structs.column_by_name(ASSET_PUBLIC_ID).is_none() {
            return Ok(Self::OriginalUrls(texts(structs, ORIGINAL_URL)?));
        }
        Ok(Self::Parts(Box::new(Parts {
            public_ids: texts(structs, ASSET_PUBLIC_ID)?,
            versions: match structs.column_by_name("asset_version") {
                Some(column) => Versions::of_array(column)?,
                None => Versions::Texts(Texts::EMPTY),
            },
            extensions: texts(structs, "asset_extension")?,
            types: texts(structs, "asset_type")?,
            parsed_types: RefCell::new(Parsed::new()),
        })))
    }

    /// Returns `None` if the file is pending.
    pub(crate) fn get(&self, row: usize) -> Result<Option<Asset>, InvalidField> {
        match self {
            Self::OriginalUrls(urls) => {
                let field = ORIGINAL_URL;
                let url = urls.get(row).ok_or(InvalidField::new(field, "is NULL"))?;
                parse_original_url(url).map_err(InvalidField::of(field))
            }
            Self::Parts(parts) => parts.get(row),
        }
    }
}

impl Parts<'_> {
    fn get(&self, row: usize) -> Result<Option<Asset>, InvalidField> {
        let Some(public_id) = self.public_ids.get(row) else {
            return Ok(None);
        };
        let version = self.versions.get(row).unwrap_or(Version::Text(""));
        let version = version.parse();
        let version = version.map_err(InvalidField::of("asset_version"))?;
        let types = self.types.get(row).unwrap_or_default();
        let mut parsed = self.parsed_types.borrow_mut();
        let types = parsed
            .get(types, Types::from_str)
            .map_err(InvalidField::of("asset_type"))?;
        let extension = self.extensions.get(row).unwrap_or_default();
        let asset = types.asset(public_id, version, extension);
        asset.map(Some).map_err(InvalidField::of(ASSET_PUBLIC_ID))
    }
}
