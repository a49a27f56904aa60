//! A stored file, as the provider's webhook describes it.

use std::error::Error;

use image_model::{Count, Crop, Image, Infos, Object, Rotation, Timestamp, Unsigned};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use thiserror::Error;
use url_signer::cloudinary::{Asset, DeliveryType, ResourceType};
use uuid::{Builder, Uuid};

/// The keys that `infos` takes from the body, in the recorded order.
const INFOS: [&str; 11] = [
    "bytes",
    "created_at",
    "etag",
    "format",
    "height",
    "resource_type",
    "tags",
    "type",
    "width",
    "original_filename",
    "location",
];

/// The keys that `infos.location` takes from the body.
const LOCATION: [&str; 3] = ["accuracy", "latitude", "longitude"];

/// The extension of delivered files, as recorded, also for other formats.
const EXTENSION: &str = "jpg";

/// A file that was stored at the provider.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    image_id: Uuid,
    version: i64,
    /// `None` for a raw file, of which the provider creates no images.
    asset: Option<Asset>,
    infos: Infos,
    exifs: Object,
    color: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
}

/// An invalid value in the body of a webhook.
#[derive(Debug, Error)]
#[error("invalid `{key}`")]
pub(crate) struct InvalidValue {
    key: String,
    source: Box<dyn Error + Send + Sync>,
}

impl InvalidValue {
    fn new(key: &str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            key: key.to_owned(),
            source: source.into(),
        }
    }
}

impl Upload {
    /// Reads the body of a webhook with the `notification_type` `upload`.
    ///
    /// # Errors
    ///
    /// - A missing `public_id`, `version`, `resource_type` or `type`.
    /// - A `public_id` with `%`, which the provider does not allow.
    /// - A known key with a value of another type, or out of range.
    pub(crate) fn parse(body: &Object) -> Result<Self, InvalidValue> {
        let public_id = text(body, "public_id")?;
        let resource_type: ResourceType = text(body, "resource_type")?
            .parse()
            .map_err(|error| InvalidValue::new("resource_type", error))?;
        let delivery_type: DeliveryType = text(body, "type")?
            .parse()
            .map_err(|error| InvalidValue::new("type", error))?;
        let stored = [
            DeliveryType::Upload,
            DeliveryType::Private,
            DeliveryType::Authenticated,
        ];
        if !stored.contains(&delivery_type) {
            let expected = "expected `upload`, `private` or `authenticated`";
            return Err(InvalidValue::new("type", expected));
        }
        // `Asset` would decode it.
        if public_id.contains('%') {
            return Err(InvalidValue::new("public_id", "unexpected `%`"));
        }
        let version = count(body, "version")?;
        let image_id = image_id(resource_type, &delivery_type, public_id);
        let asset = Asset::new(public_id)
            .and_then(|asset| asset.with_delivery_type(delivery_type))
            .and_then(|asset| asset.with_extension(EXTENSION))
            .map_err(|error| InvalidValue::new("public_id", error))?
            .with_resource_type(resource_type)
            .with_version(version);
        let infos = infos(body)?;
        Ok(Self {
            image_id,
            version: i64::try_from(version).map_err(|error| InvalidValue::new("version", error))?,
            asset: (resource_type != ResourceType::Raw).then_some(asset),
            width: pixels("width", infos.width())?,
            height: pixels("height", infos.height())?,
            infos,
            exifs: exifs(body)?,
            color: color(body)?,
        })
    }

    /// Returns the id of the image, which depends on the resource type, the delivery
    /// type and the public id: deliveries of one webhook, at any time and to any host,
    /// are about one image.
    pub(crate) const fn image_id(&self) -> Uuid {
        self.image_id
    }

    /// Returns the version of the file. A greater version is newer.
    pub(crate) const fn version(&self) -> i64 {
        self.version
    }

    pub(crate) const fn asset(&self) -> Option<&Asset> {
        self.asset.as_ref()
    }

    /// Returns a new image.
    pub(crate) fn image(&self, album_id: &str, now: Timestamp) -> Image<Unsigned> {
        let mut image = Image {
            album_id: Some(album_id.to_owned()),
            page: Some(1),
            ..Image::new(self.image_id, now)
        };
        self.update(&mut image, now);
        image
    }

    /// Changes what depends on the file. The rest belongs to the users of the host.
    pub(crate) fn update(&self, image: &mut Image<Unsigned>, now: Timestamp) {
        // The edits of a file of another size are not those of this file.
        let size = (self.width, self.height);
        if size != (image.original_width, image.original_height) {
            (image.original_width, image.original_height) = size;
            (image.width, image.height) = size;
            image.set_crop(Crop::FULL);
            image.rotation = Rotation::ZERO;
        }
        if let Some(gps) = self.infos.location().and_then(image_model::Location::gps) {
            image.gps = Some(gps);
            image.gps_html = Some(gps);
        }
        image.updated_at = now;
        image.infos = self.infos.clone();
        image.exifs.clone_from(&self.exifs);
        image.filename = self.infos.original_filename().map(str::to_owned);
        image.format = self.infos.format().map(str::to_owned);
        image.color.clone_from(&self.color);
        image.size = self.infos.bytes().map(Count::from);
        image.processed = true;
        image.processing_error = None;
    }
}

/// Returns a UUID of version 8 (RFC 9562) with the first bits of a SHA-256 digest.
fn image_id(resource_type: ResourceType, delivery_type: &DeliveryType, public_id: &str) -> Uuid {
    let (resource_type, delivery_type) = (resource_type.as_str(), delivery_type.as_str());
    let name = format!("{resource_type}/{delivery_type}/{public_id}");
    let digest: [u8; 32] = Sha256::digest(name).into();
    let (bits, _) = digest.split_first_chunk().unwrap_or((&[0; 16], &[]));
    Builder::from_custom_bytes(*bits).into_uuid()
}

/// Returns the recorded keys of the body. The others, such as `signature`, `api_key` and
/// `secure_url`, are left out.
fn infos(body: &Object) -> Result<Infos, InvalidValue> {
    let mut infos = taken(body, &INFOS);
    if let Some(Value::Object(location)) = infos.get_mut("location") {
        *location = taken(location, &LOCATION);
    }
    Infos::try_from(infos).map_err(|error| {
        let path = error.path();
        InvalidValue {
            key: path.strip_prefix("infos.").unwrap_or(path).to_owned(),
            source: match error.source() {
                Some(source) => source.to_string().into(),
                None => error.into(),
            },
        }
    })
}

fn taken(object: &Object, keys: &[&str]) -> Object {
    let value = |key: &&str| Some(((*key).to_owned(), object.get(*key)?.clone()));
    keys.iter().filter_map(value).collect()
}

fn text<'a>(body: &'a Object, key: &str) -> Result<&'a str, InvalidValue> {
    let text = body.get(key).and_then(Value::as_str);
    text.ok_or_else(|| InvalidValue::new(key, "expected a string"))
}

fn count(body: &Object, key: &str) -> Result<u64, InvalidValue> {
    let value = body.get(key).unwrap_or(&Value::Null);
    let count = Count::deserialize(value).map_err(|error| InvalidValue::new(key, error))?;
    Ok(count.get())
}

fn pixels(key: &str, pixels: Option<u64>) -> Result<Option<u32>, InvalidValue> {
    let pixels = pixels.map(u32::try_from).transpose();
    pixels.map_err(|error| InvalidValue::new(key, error))
}

/// Returns the metadata that the camera wrote into the file.
fn exifs(body: &Object) -> Result<Object, InvalidValue> {
    match body.get("image_metadata") {
        None | Some(Value::Null) => Ok(Object::new()),
        Some(Value::Object(metadata)) => Ok(metadata.clone()),
        Some(_) => Err(InvalidValue::new("image_metadata", "expected an object")),
    }
}

/// Returns the first color, which is the most frequent one.
fn color(body: &Object) -> Result<Option<String>, InvalidValue> {
    let colors = match body.get("colors") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(colors)) => colors,
        Some(_) => return Err(InvalidValue::new("colors", "expected a list")),
    };
    let Some(color) = colors.first() else {
        return Ok(None);
    };
    match color.get(0).and_then(Value::as_str) {
        Some(color) => Ok(Some(color.to_owned())),
        None => Err(InvalidValue::new(
            "colors[0]",
            "expected a color and a share",
        )),
    }
}
