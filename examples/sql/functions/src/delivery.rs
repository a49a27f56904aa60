//! `delivery_url` and its variants.

use std::io::Write;
use std::str::FromStr;

use datafusion::arrow::array::ArrayRef;
use datafusion::arrow::datatypes::{DataType, UInt64Type};
use datafusion::logical_expr::ColumnarValue;
use thiserror::Error;
use url_signer::ParseError;
use url_signer::cloudinary::{
    Asset, AssetError, Cloud, CompiledTransformation, DeliveryType, ResourceType, SignedToken,
    TokenClaims, TokenDefaults, Transformation, TransformationError,
};

use crate::arguments::{Arguments, Integers};
use crate::error::{FunctionError, describe, quote};
use crate::signers::Signers;
use crate::text_column::TextColumn;
use crate::texts::{Parsed, Texts};

pub(crate) fn delivery_url(
    signers: &Signers,
    arguments: &Arguments<'_>,
) -> Result<ArrayRef, FunctionError> {
    signed(signers, arguments, false)
}

pub(crate) fn try_delivery_url(
    signers: &Signers,
    arguments: &Arguments<'_>,
) -> Result<ArrayRef, FunctionError> {
    signed(signers, arguments, true)
}

fn signed(
    signers: &Signers,
    arguments: &Arguments<'_>,
    invalid_is_null: bool,
) -> Result<ArrayRef, FunctionError> {
    let cloud = signers.cloud()?;
    let deliveries = Deliveries::new(cloud, arguments)?;
    deliveries.column(invalid_is_null, |delivery, out| {
        let signer = cloud.asset_signer(&delivery.asset);
        signer.write_compiled(delivery.compiled, out);
    })
}

pub(crate) fn unsigned_delivery_url(
    signers: &Signers,
    arguments: &Arguments<'_>,
) -> Result<ArrayRef, FunctionError> {
    let cloud = signers.cloud()?;
    let deliveries = Deliveries::new(cloud, arguments)?;
    deliveries.column(false, |delivery, out| {
        let transformation = delivery.compiled.transformation();
        // Writing to a vector does not fail.
        let _ = write!(out, "{}", cloud.delivery(&delivery.asset, transformation));
    })
}

pub(crate) fn delivery_url_with_token(
    signers: &Signers,
    arguments: &Arguments<'_>,
) -> Result<ArrayRef, FunctionError> {
    let (cloud, tokens) = (signers.cloud()?, signers.tokens()?);
    let Some((expires_at, arguments)) = arguments.split_last() else {
        return Ok(TextColumn::new(0).finish()?);
    };
    let deliveries = Deliveries {
        expirations: Integers::of_times(expires_at)?,
        ..Deliveries::new(cloud, &arguments)?
    };
    deliveries.column(false, |delivery, out| {
        let signed = cloud.sign_compiled(&delivery.asset, delivery.compiled);
        let token = token(tokens, delivery.expires_at, &signed.path());
        let _ = write!(out, "{}", signed.with_token(token));
    })
}

fn token(tokens: &TokenDefaults, expires_at: i64, path: &str) -> SignedToken {
    let claims = TokenClaims::expires_at(expires_at);
    tokens.signer().sign(&claims, tokens.scope(path))
}

/// The arguments that describe deliveries, for one batch.
struct Deliveries<'a> {
    cloud: &'a Cloud,
    rows: usize,
    public_ids: Texts<'a>,
    transformations: Texts<'a>,
    versions: Versions<'a>,
    extensions: Texts<'a>,
    types: Texts<'a>,
    /// Only for URLs with a token.
    expirations: Integers,
}

/// The arguments of one row.
#[derive(Clone, Copy)]
struct Row<'a> {
    public_id: &'a str,
    transformation: &'a str,
    version: Version<'a>,
    extension: &'a str,
    types: &'a str,
    expires_at: i64,
}

/// A delivery with valid arguments.
struct ValidDelivery<'a> {
    asset: Asset,
    compiled: &'a CompiledTransformation,
    expires_at: i64,
}

impl<'a> Deliveries<'a> {
    fn new(cloud: &'a Cloud, arguments: &Arguments<'a>) -> Result<Self, FunctionError> {
        Ok(Self {
            cloud,
            rows: arguments.rows(),
            public_ids: arguments.texts(0)?,
            transformations: arguments.texts(1)?,
            versions: Versions::new(arguments.get(2))?,
            extensions: arguments.texts(3)?,
            types: arguments.texts(4)?,
            expirations: Integers::Constant(Some(0)),
        })
    }

    /// Returns `None` if an argument is NULL.
    fn row(&self, row: usize) -> Option<Row<'a>> {
        Some(Row {
            public_id: self.public_ids.get(row)?,
            transformation: self.transformations.get(row)?,
            version: self.versions.get(row)?,
            extension: self.extensions.get(row)?,
            types: self.types.get(row)?,
            expires_at: self.expirations.get(row)?,
        })
    }

    /// Writes a URL for each row.
    fn column(
        &self,
        invalid_is_null: bool,
        write: impl Fn(&ValidDelivery<'_>, &mut Vec<u8>),
    ) -> Result<ArrayRef, FunctionError> {
        let mut urls = TextColumn::new(self.rows);
        let mut transformations = Parsed::new();
        let mut types = Parsed::new();
        for index in 0..self.rows {
            let Some(row) = self.row(index) else {
                urls.push_null();
                continue;
            };
            match self.delivery(&row, &mut transformations, &mut types) {
                Ok(delivery) => urls.push(|out| write(&delivery, out)),
                Err(_) if invalid_is_null => urls.push_null(),
                Err(error) => {
                    let public_id = describe("public_id", row.public_id);
                    return Err(FunctionError::described_row(index, public_id, &error));
                }
            }
        }
        Ok(urls.finish()?)
    }

    fn delivery<'b>(
        &self,
        row: &Row<'a>,
        transformations: &'b mut Parsed<'a, CompiledTransformation>,
        types: &mut Parsed<'a, Types>,
    ) -> Result<ValidDelivery<'b>, InvalidDelivery> {
        let types = types.get(row.types, Types::from_str)?;
        let asset = types.asset(row.public_id, row.version.parse()?, row.extension)?;
        let compiled = transformations.get(row.transformation, |text| {
            let steps: Transformation = text.parse()?;
            Ok::<_, TransformationError>(self.cloud.compile(steps))
        })?;
        Ok(ValidDelivery {
            asset,
            compiled,
            expires_at: row.expires_at,
        })
    }
}

/// The versions of assets, by row.
pub(crate) enum Versions<'a> {
    Integers(Integers),
    Unsigned(Integers<UInt64Type>),
    Texts(Texts<'a>),
}

/// An optional version.
#[derive(Clone, Copy)]
pub(crate) enum Version<'a> {
    Integer(i64),
    Unsigned(u64),
    Text(&'a str),
}

impl<'a> Versions<'a> {
    fn new(argument: Option<&'a ColumnarValue>) -> Result<Self, FunctionError> {
        let Some(argument) = argument else {
            return Ok(Self::Texts(Texts::EMPTY));
        };
        Ok(match argument.data_type() {
            DataType::UInt64 => Self::Unsigned(Integers::new(argument)?),
            given if given.is_integer() => Self::Integers(Integers::new(argument)?),
            _ => Self::Texts(Texts::new(argument)?),
        })
    }

    pub(crate) fn of_array(array: &'a ArrayRef) -> Result<Self, FunctionError> {
        Ok(match array.data_type() {
            DataType::UInt64 => Self::Unsigned(Integers::of_array(array)?),
            given if given.is_integer() => Self::Integers(Integers::of_array(array)?),
            _ => Self::Texts(Texts::of_array(array)?),
        })
    }

    pub(crate) fn get(&self, row: usize) -> Option<Version<'a>> {
        match self {
            Self::Integers(integers) => integers.get(row).map(Version::Integer),
            Self::Unsigned(integers) => integers.get(row).map(Version::Unsigned),
            Self::Texts(texts) => texts.get(row).map(Version::Text),
        }
    }
}

impl Version<'_> {
    /// An empty text is no version.
    pub(crate) fn parse(self) -> Result<Option<u64>, InvalidDelivery> {
        match self {
            Self::Integer(integer) => match u64::try_from(integer) {
                Ok(version) => Ok(Some(version)),
                Err(_) => Err(InvalidDelivery::NegativeVersion(integer)),
            },
            Self::Unsigned(version) => Ok(Some(version)),
            Self::Text("") => Ok(None),
            Self::Text(text) => {
                let is_decimal = text.bytes().all(|byte| byte.is_ascii_digit())
                    && (text == "0" || !text.starts_with('0'));
                match text.parse() {
                    Ok(version) if is_decimal => Ok(Some(version)),
                    _ => Err(InvalidDelivery::Version(text.to_owned())),
                }
            }
        }
    }
}

/// The argument `type`: a delivery type, with an optional resource type before it.
#[derive(Clone, Debug)]
pub(crate) struct Types {
    resource_type: ResourceType,
    delivery_type: DeliveryType,
}

impl Types {
    const DEFAULT: Self = Self {
        resource_type: ResourceType::Image,
        delivery_type: DeliveryType::Upload,
    };

    /// Creates an asset of these types. An empty extension is no extension.
    pub(crate) fn asset(
        &self,
        public_id: &str,
        version: Option<u64>,
        extension: &str,
    ) -> Result<Asset, InvalidDelivery> {
        let mut asset = match &self.delivery_type {
            DeliveryType::Upload => Asset::new(public_id)?,
            DeliveryType::Fetch => Asset::fetch(public_id)?,
            other => Asset::new(public_id)?.with_delivery_type(other.clone())?,
        };
        if self.resource_type != ResourceType::Image {
            asset = asset.with_resource_type(self.resource_type);
        }
        if let Some(version) = version {
            asset = asset.with_version(version);
        }
        if !extension.is_empty() {
            asset = asset.with_extension(extension)?;
        }
        Ok(asset)
    }
}

impl FromStr for Types {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        if text.is_empty() {
            return Ok(Self::DEFAULT);
        }
        let (resource_type, delivery_type) = text.split_once('/').unwrap_or(("image", text));
        Ok(Self {
            resource_type: resource_type.parse()?,
            delivery_type: delivery_type.parse()?,
        })
    }
}

/// An invalid argument of a delivery URL.
#[derive(Debug, Error)]
pub(crate) enum InvalidDelivery {
    #[error(transparent)]
    Asset(AssetError),
    #[error(transparent)]
    Transformation(TransformationError),
    #[error(transparent)]
    Types(#[from] ParseError),
    #[error("version {0} is negative")]
    NegativeVersion(i64),
    #[error("invalid version{}: expected digits without leading zeros, of at most 64 bits", quote(.0))]
    Version(String),
    /// In place of the error of the library, which quotes the text.
    #[error("invalid extension{}: expected letters, digits, `_` and `-`, and `.` after the first character", quote(.0))]
    Extension(String),
    /// In place of the error of the library, which quotes a part of the text.
    #[error("invalid {part}{}: {reason}", quote(text))]
    TransformationPart {
        part: &'static str,
        text: String,
        reason: &'static str,
    },
}

impl From<AssetError> for InvalidDelivery {
    fn from(error: AssetError) -> Self {
        match error {
            AssetError::Extension(text) => Self::Extension(text),
            other => Self::Asset(other),
        }
    }
}

impl From<TransformationError> for InvalidDelivery {
    fn from(error: TransformationError) -> Self {
        match error {
            TransformationError::InvalidPart { part, text, reason } => {
                Self::TransformationPart { part, text, reason }
            }
            other => Self::Transformation(other),
        }
    }
}
