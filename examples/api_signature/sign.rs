//! `sign_parameters`.

use anyhow::{Result, bail};
use serde_json::Value;
use url_signer::cloudinary::Cloud;
use url_signer::cloudinary::api::{ApiParameters, ParameterValue};

use crate::fields::Fields;
use crate::number;

pub(crate) fn signature(cloud: &Cloud, fields: &Fields<'_>) -> Result<String> {
    let mut parameters = ApiParameters::new();
    for (name, value) in fields.object("parameters")? {
        if let Some(value) = self::value(name, value)? {
            parameters.insert(name, value)?;
        }
    }
    let signed = cloud.api()?.sign_all(parameters);
    Ok(signed.signature().to_owned())
}

/// Returns a parameter, or `None` for `null`.
pub(crate) fn value(name: &str, value: &Value) -> Result<Option<ParameterValue>> {
    Ok(Some(match value {
        Value::Null => return Ok(None),
        Value::Bool(boolean) => (*boolean).into(),
        Value::Array(items) => {
            let items: Result<Vec<_>> = items.iter().map(|item| text(name, item)).collect();
            items?.into()
        }
        Value::String(_) | Value::Number(_) | Value::Object(_) => text(name, value)?.into(),
    }))
}

/// Returns the text of a value or of an item in a list.
fn text(name: &str, value: &Value) -> Result<String> {
    Ok(match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number::text(number),
        Value::Bool(boolean) => boolean.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => bail!(
            "invalid `{}`: expected a text, a number, a boolean or a list of these",
            name.escape_debug()
        ),
    })
}
