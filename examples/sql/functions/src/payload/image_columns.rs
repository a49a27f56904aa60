//! Images, from the fields of a struct.

use datafusion::arrow::array::StructArray;
use image_model::{Count, Image, Infos, Rotation, Unsigned};
use serde_json::Value;
use url_signer::cloudinary::Asset;
use uuid::Uuid;

use super::asset_columns::AssetColumns;
use super::values::{Booleans, Floats, InvalidField, Lists, Objects, Times, integers, texts};
use crate::arguments::Integers;
use crate::delivery::{Version, Versions};
use crate::error::FunctionError;
use crate::texts::Texts;

/// The columns of a struct, one for each field of an image.
pub(crate) struct ImageColumns<'a> {
    id: Texts<'a>,
    public_id: Texts<'a>,
    infos: Objects<'a>,
    exifs: Objects<'a>,
    gps: Lists,
    gps_ip: Lists,
    gps_exifs: Lists,
    gps_html: Lists,
    created_at: Times<'a>,
    updated_at: Times<'a>,
    taken_at: Times<'a>,
    width: Integers,
    height: Integers,
    rotation: Integers,
    crop_x: Floats,
    crop_y: Floats,
    crop_w: Floats,
    crop_h: Floats,
    metadatas: Objects<'a>,
    original_width: Integers,
    original_height: Integers,
    filename: Texts<'a>,
    format: Texts<'a>,
    title: Texts<'a>,
    description: Texts<'a>,
    page: Integers,
    group_id: Texts<'a>,
    color: Texts<'a>,
    size: Versions<'a>,
    processed: Booleans,
    processing_error: Texts<'a>,
    album_id: Texts<'a>,
    tag_names: Lists,
    user_sfid: Texts<'a>,
    asset: AssetColumns<'a>,
}

impl<'a> ImageColumns<'a> {
    pub(crate) fn new(structs: &'a StructArray) -> Result<Self, FunctionError> {
        Ok(Self {
            id: texts(structs, "id")?,
            public_id: texts(structs, "public_id")?,
            infos: Objects::new(structs, "infos")?,
            exifs: Objects::new(structs, "exifs")?,
            gps: Lists::of_floats(structs, "gps")?,
            gps_ip: Lists::of_floats(structs, "gps_ip")?,
            gps_exifs: Lists::of_floats(structs, "gps_exifs")?,
            gps_html: Lists::of_floats(structs, "gps_html")?,
            created_at: Times::new(structs, "created_at")?,
            updated_at: Times::new(structs, "updated_at")?,
            taken_at: Times::new(structs, "taken_at")?,
            width: integers(structs, "width")?,
            height: integers(structs, "height")?,
            rotation: integers(structs, "rotation")?,
            crop_x: Floats::new(structs, "crop_x")?,
            crop_y: Floats::new(structs, "crop_y")?,
            crop_w: Floats::new(structs, "crop_w")?,
            crop_h: Floats::new(structs, "crop_h")?,
            metadatas: Objects::new(structs, "metadatas")?,
            original_width: integers(structs, "original_width")?,
            original_height: integers(structs, "original_height")?,
            filename: texts(structs, "filename")?,
            format: texts(structs, "format")?,
            title: texts(structs, "title")?,
            description: texts(structs, "description")?,
            page: integers(structs, "page")?,
            group_id: texts(structs, "group_id")?,
            color: texts(structs, "color")?,
            size: match structs.column_by_name("size") {
                Some(column) => Versions::of_array(column)?,
                None => Versions::Integers(Integers::Constant(None)),
            },
            processed: Booleans::new(structs, "processed")?,
            processing_error: texts(structs, "processing_error")?,
            album_id: texts(structs, "album_id")?,
            tag_names: Lists::of_texts(structs, "tag_names")?,
            user_sfid: texts(structs, "user_sfid")?,
            asset: AssetColumns::new(structs)?,
        })
    }

    pub(crate) fn id(&self, row: usize) -> Option<&str> {
        self.id.get(row)
    }

    /// Returns the asset of an image, or `None` if its file is pending.
    pub(crate) fn asset(&self, row: usize) -> Result<Option<Asset>, InvalidField> {
        self.asset.get(row)
    }

    pub(crate) fn image(&self, row: usize) -> Result<Image<Unsigned>, InvalidField> {
        let id = uuid("id", &self.id, row)?.ok_or(InvalidField::new("id", "is NULL"))?;
        let created_at = self.created_at.get("created_at", row)?;
        let created_at = created_at.ok_or(InvalidField::new("created_at", "is NULL"))?;
        let mut image = Image {
            infos: Infos::try_from(self.infos.get("infos", row)?)
                .map_err(InvalidField::of("infos"))?,
            exifs: self.exifs.get("exifs", row)?,
            gps: self.gps.gps("gps", row)?,
            gps_ip: self.gps_ip.gps("gps_ip", row)?,
            gps_exifs: self.gps_exifs.gps("gps_exifs", row)?,
            gps_html: self.gps_html.gps("gps_html", row)?,
            taken_at: self.taken_at.get("taken_at", row)?,
            width: count("width", &self.width, row)?,
            height: count("height", &self.height, row)?,
            rotation: rotation(&self.rotation, row)?,
            crop_x: self.crop_x.pixels("crop_x", row)?,
            crop_y: self.crop_y.pixels("crop_y", row)?,
            crop_w: self.crop_w.pixels("crop_w", row)?,
            crop_h: self.crop_h.pixels("crop_h", row)?,
            metadatas: self.metadatas.get("metadatas", row)?,
            original_width: count("original_width", &self.original_width, row)?,
            original_height: count("original_height", &self.original_height, row)?,
            filename: text(&self.filename, row),
            format: text(&self.format, row),
            title: text(&self.title, row),
            description: text(&self.description, row),
            page: count("page", &self.page, row)?,
            group_id: uuid("group_id", &self.group_id, row)?,
            color: text(&self.color, row),
            size: size(&self.size, row)?,
            processed: self.processed.is_true(row),
            processing_error: text(&self.processing_error, row),
            album_id: text(&self.album_id, row),
            tag_names: self.tag_names.texts("tag_names", row)?,
            user_sfid: text(&self.user_sfid, row),
            ..Image::new(id, created_at)
        };
        if let Some(public_id) = text(&self.public_id, row) {
            image.public_id = public_id;
        }
        if let Some(updated_at) = self.updated_at.get("updated_at", row)? {
            image.updated_at = updated_at;
        }
        Ok(image)
    }
}

fn text(texts: &Texts<'_>, row: usize) -> Option<String> {
    texts.get(row).map(str::to_owned)
}

fn uuid(field: &'static str, texts: &Texts<'_>, row: usize) -> Result<Option<Uuid>, InvalidField> {
    let id = texts.get(row).map(Uuid::try_parse).transpose();
    id.map_err(|_| InvalidField::new(field, "is not a UUID"))
}

fn count(
    field: &'static str,
    integers: &Integers,
    row: usize,
) -> Result<Option<u32>, InvalidField> {
    let count = integers.get(row).map(u32::try_from).transpose();
    count.map_err(|_| InvalidField::new(field, "is not within 0 to 4294967295"))
}

/// A NULL is no rotation.
fn rotation(degrees: &Integers, row: usize) -> Result<Rotation, InvalidField> {
    let field = "rotation";
    let degrees = degrees.get(row).unwrap_or_default();
    let degrees = i32::try_from(degrees);
    let degrees = degrees.map_err(|_| InvalidField::new(field, "is too large"))?;
    Rotation::new(degrees).map_err(InvalidField::of(field))
}

/// A text of digits is kept as a text, because some hosts send it.
fn size(sizes: &Versions<'_>, row: usize) -> Result<Option<Count>, InvalidField> {
    let size = match sizes.get(row) {
        None => return Ok(None),
        Some(Version::Integer(size)) => Value::from(size),
        Some(Version::Unsigned(size)) => Value::from(size),
        Some(Version::Text(size)) => Value::from(size),
    };
    let size = serde_json::from_value(size);
    // The error quotes a text.
    size.map(Some).map_err(|_| {
        InvalidField::new(
            "size",
            "expected a non-negative integer of at most 20 digits",
        )
    })
}
