//! JSON of structs and maps.

use datafusion::arrow::array::{Array, ArrayRef, AsArray};
use datafusion::arrow::datatypes::{DataType, Float64Type, Int64Type, UInt64Type};
use datafusion::arrow::error::ArrowError;
use image_model::Object;
use serde_json::{Number, Value};
use thiserror::Error;

use crate::arguments::strict_cast;
use crate::parameter::is_text;
use crate::texts::Texts;

/// A value that is no JSON object.
#[derive(Debug, Error)]
pub(crate) enum InvalidObject {
    #[error("invalid JSON object")]
    Json(#[source] serde_json::Error),
    #[error("expected a JSON object")]
    Other,
    #[error("a value of the type {0} has no JSON; convert the field to a JSON text")]
    Type(DataType),
    #[error("{0} is not a JSON number")]
    Number(f64),
    #[error(transparent)]
    Arrow(#[from] ArrowError),
}

impl From<serde_json::Error> for InvalidObject {
    fn from(error: serde_json::Error) -> Self {
        // The error of another JSON value quotes it.
        if error.is_data() {
            return Self::Other;
        }
        Self::Json(error)
    }
}

/// Returns the object of a struct or a map. NULL values are left out.
pub(crate) fn object(column: &ArrayRef, row: usize) -> Result<Object, InvalidObject> {
    if column.is_null(row) {
        return Ok(Object::new());
    }
    match column.data_type() {
        DataType::Struct(fields) => {
            let mut object = Object::new();
            for (field, column) in fields.iter().zip(column.as_struct().columns()) {
                if let Some(value) = value(column, row)? {
                    object.insert(field.name().clone(), value);
                }
            }
            Ok(object)
        }
        DataType::Map(..) => {
            let entries = column.as_map().value(row);
            let [names, values] = entries.columns() else {
                return Err(InvalidObject::Type(column.data_type().clone()));
            };
            let mut object = Object::new();
            for entry in 0..entries.len() {
                let name = text(names, entry)?;
                if let (Some(name), Some(value)) = (name, value(values, entry)?) {
                    object.insert(name, value);
                }
            }
            Ok(object)
        }
        other => Err(InvalidObject::Type(other.clone())),
    }
}

/// Returns `None` for a NULL.
fn value(column: &ArrayRef, row: usize) -> Result<Option<Value>, InvalidObject> {
    let data_type = column.data_type();
    if data_type.is_null() || column.is_null(row) {
        return Ok(None);
    }
    let one = || column.slice(row, 1);
    let value = match data_type {
        _ if is_text(data_type) => match text(column, row)? {
            Some(text) => Value::String(text),
            None => return Ok(None),
        },
        DataType::Boolean => Value::Bool(column.as_boolean().value(row)),
        DataType::UInt64 => Value::from(column.as_primitive::<UInt64Type>().value(row)),
        _ if data_type.is_integer() => {
            let integer = strict_cast(&one(), &DataType::Int64)?;
            Value::from(integer.as_primitive::<Int64Type>().value(0))
        }
        _ if data_type.is_floating() => {
            let float = strict_cast(&one(), &DataType::Float64)?;
            let float = float.as_primitive::<Float64Type>().value(0);
            let number = Number::from_f64(float).ok_or(InvalidObject::Number(float))?;
            Value::Number(number)
        }
        DataType::List(_) => {
            let items = column.as_list::<i32>().value(row);
            let values = (0..items.len()).map(|item| value(&items, item));
            // The position of an item has a meaning, so a NULL is kept.
            let values = values.map(|value| Ok(value?.unwrap_or(Value::Null)));
            Value::Array(values.collect::<Result<_, InvalidObject>>()?)
        }
        DataType::Struct(_) | DataType::Map(..) => Value::Object(object(column, row)?),
        other => return Err(InvalidObject::Type(other.clone())),
    };
    Ok(Some(value))
}

fn text(column: &ArrayRef, row: usize) -> Result<Option<String>, InvalidObject> {
    let one = column.slice(row, 1);
    let texts = Texts::of_array(&one).map_err(|_| InvalidObject::Type(one.data_type().clone()))?;
    Ok(texts.get(0).map(str::to_owned))
}
