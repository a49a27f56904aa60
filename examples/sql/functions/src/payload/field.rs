//! The fields of the struct that `image_payload` reads.

use datafusion::arrow::datatypes::{DataType, Field, Fields};

use crate::parameter::is_text;

/// The types that a field accepts. Every field may also be NULL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FieldKind {
    Text,
    /// A text in RFC 3339, or a timestamp.
    Time,
    Integer,
    /// An integer, or a text of digits.
    Digits,
    Float,
    Boolean,
    /// A JSON object in a text, a struct or a map.
    Object,
    /// A list of a latitude and a longitude.
    Point,
    TextList,
    /// A URL of a signed payload: it is signed again.
    Ignored,
}

pub(crate) const ASSET_PUBLIC_ID: &str = "asset_public_id";
pub(crate) const ORIGINAL_URL: &str = "original_url";

/// The keys of an image in a payload, and the fields of its asset.
const FIELDS: &[(&str, FieldKind)] = &[
    ("id", FieldKind::Text),
    ("public_id", FieldKind::Text),
    ("infos", FieldKind::Object),
    ("exifs", FieldKind::Object),
    ("gps", FieldKind::Point),
    ("gps_ip", FieldKind::Point),
    ("gps_exifs", FieldKind::Point),
    ("gps_html", FieldKind::Point),
    ("created_at", FieldKind::Time),
    ("updated_at", FieldKind::Time),
    ("taken_at", FieldKind::Time),
    ("width", FieldKind::Integer),
    ("height", FieldKind::Integer),
    ("rotation", FieldKind::Integer),
    ("crop_x", FieldKind::Float),
    ("crop_y", FieldKind::Float),
    ("crop_w", FieldKind::Float),
    ("crop_h", FieldKind::Float),
    ("metadatas", FieldKind::Object),
    (ORIGINAL_URL, FieldKind::Text),
    ("original_width", FieldKind::Integer),
    ("original_height", FieldKind::Integer),
    ("external_urls", FieldKind::Ignored),
    ("filename", FieldKind::Text),
    ("format", FieldKind::Text),
    ("title", FieldKind::Text),
    ("description", FieldKind::Text),
    ("page", FieldKind::Integer),
    ("group_id", FieldKind::Text),
    ("color", FieldKind::Text),
    ("size", FieldKind::Digits),
    ("processed", FieldKind::Boolean),
    ("processing_error", FieldKind::Text),
    ("album_id", FieldKind::Text),
    ("tag_names", FieldKind::TextList),
    ("user_sfid", FieldKind::Text),
    ("thumbnails", FieldKind::Ignored),
    (ASSET_PUBLIC_ID, FieldKind::Text),
    ("asset_version", FieldKind::Digits),
    ("asset_extension", FieldKind::Text),
    ("asset_type", FieldKind::Text),
];

/// The fields that `SHOW FUNCTIONS` shows.
pub(crate) fn example_fields() -> Fields {
    ["id", "created_at", ASSET_PUBLIC_ID]
        .into_iter()
        .map(|name| Field::new(name, DataType::Utf8, true))
        .collect()
}

/// Checks the names and the types of fields.
pub(crate) fn check_fields(fields: &Fields) -> Result<(), String> {
    for field in fields {
        let name = field.name();
        let Some((_, kind)) = FIELDS.iter().find(|(known, _)| known == name) else {
            return Err(unknown_field(name));
        };
        if fields.iter().filter(|other| other.name() == name).count() > 1 {
            return Err(format!("the field `{name}` occurs twice"));
        }
        let given = field.data_type();
        if !given.is_null() && !kind.accepts(given) {
            let expected = kind.expected();
            return Err(format!("field `{name}`: expected {expected}, not {given}"));
        }
    }
    let has = |name: &str| fields.iter().any(|field| field.name() == name);
    for required in ["id", "created_at"] {
        if !has(required) {
            return Err(format!("the struct has no field `{required}`"));
        }
    }
    match (has(ASSET_PUBLIC_ID), has(ORIGINAL_URL)) {
        (false, false) => Err(format!(
            "the struct has no field for the asset: add `{ASSET_PUBLIC_ID}` or `{ORIGINAL_URL}`"
        )),
        (true, true) => Err(format!(
            "the struct has two fields for the asset: remove `{ASSET_PUBLIC_ID}` or `{ORIGINAL_URL}`"
        )),
        _ => Ok(()),
    }
}

fn unknown_field(name: &str) -> String {
    let known: Vec<_> = FIELDS.iter().map(|(known, _)| *known).collect();
    format!(
        "unknown field `{name}`; the fields are {}",
        known.join(", ")
    )
}

impl FieldKind {
    fn accepts(self, given: &DataType) -> bool {
        match self {
            Self::Text => is_text(given),
            Self::Time => is_text(given) || matches!(given, DataType::Timestamp(..)),
            Self::Integer => given.is_integer(),
            Self::Digits => given.is_integer() || is_text(given),
            Self::Float => given.is_numeric(),
            Self::Boolean => *given == DataType::Boolean,
            Self::Object => {
                is_text(given) || matches!(given, DataType::Struct(_) | DataType::Map(..))
            }
            Self::Point => item(given).is_some_and(|item| item.is_null() || item.is_numeric()),
            Self::TextList => item(given).is_some_and(|item| item.is_null() || is_text(item)),
            Self::Ignored => true,
        }
    }

    const fn expected(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Time => "an RFC 3339 text or a timestamp",
            Self::Integer => "an integer",
            Self::Digits => "an integer or a text of digits",
            Self::Float => "a number",
            Self::Boolean => "a boolean",
            Self::Object => "a JSON text, a struct or a map",
            Self::Point => "a list of a latitude and a longitude",
            Self::TextList => "a list of texts",
            Self::Ignored => "any type",
        }
    }
}

/// The type of the items of a list.
fn item(list: &DataType) -> Option<&DataType> {
    match list {
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            Some(item.data_type())
        }
        _ => None,
    }
}
