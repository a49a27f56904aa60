use super::SdkError;
use crate::cloudinary::Transformation;
use serde_json::{Map, Value};
pub(super) fn is_option(option: &str) -> bool {
    matches!(option, "raw_transformation" | "responsive_width")
}
pub(super) fn of_options(all: &Map<String, Value>) -> Result<Transformation, SdkError> {
    Ok(Transformation::verbatim(
        all.get("raw_transformation")
            .and_then(Value::as_str)
            .unwrap_or_default(),
    )?)
}
