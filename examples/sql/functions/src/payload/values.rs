//! The columns of a struct, with the types that an image needs.

use std::error::Error;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Float64Array, ListArray, StructArray,
};
use datafusion::arrow::datatypes::{DataType, Field, Float64Type, Int64Type, TimeUnit};
use image_model::{Gps, Object, Pixels, Timestamp};
use thiserror::Error;

use super::json::{InvalidObject, object};
use crate::arguments::{Integers, strict_cast};
use crate::error::FunctionError;
use crate::error::with_sources;
use crate::texts::Texts;

/// An invalid field of an image.
#[derive(Debug, Error)]
#[error("field `{field}`: {reason}")]
pub(crate) struct InvalidField {
    field: &'static str,
    reason: String,
}

impl InvalidField {
    pub(crate) fn new(field: &'static str, reason: impl Into<String>) -> Self {
        Self {
            field,
            reason: reason.into(),
        }
    }

    /// Returns a function that adds the name of the field to an error.
    pub(crate) fn of<E: Error>(field: &'static str) -> impl Fn(E) -> Self {
        move |error| Self::new(field, with_sources(&error))
    }
}

/// A field that is missing is NULL in all rows.
pub(crate) fn texts<'a>(structs: &'a StructArray, name: &str) -> Result<Texts<'a>, FunctionError> {
    let column = structs.column_by_name(name);
    Ok(column.map_or(Ok(Texts::Constant(None)), |column| Texts::of_array(column))?)
}

pub(crate) fn integers(structs: &StructArray, name: &str) -> Result<Integers, FunctionError> {
    let column = structs.column_by_name(name);
    column.map_or(Ok(Integers::Constant(None)), Integers::of_array)
}

/// Floats of a field, by row.
pub(crate) struct Floats(Option<Float64Array>);

impl Floats {
    pub(crate) fn new(structs: &StructArray, name: &str) -> Result<Self, FunctionError> {
        let floats = cast_field(structs, name, &DataType::Float64)?;
        let floats = floats.map(|floats| floats.as_primitive::<Float64Type>().clone());
        Ok(Self(floats))
    }

    /// A NULL is no crop.
    pub(crate) fn pixels(&self, field: &'static str, row: usize) -> Result<Pixels, InvalidField> {
        match &self.0 {
            Some(floats) if floats.is_valid(row) => {
                Pixels::new(floats.value(row)).map_err(InvalidField::of(field))
            }
            _ => Ok(Pixels::ZERO),
        }
    }
}

/// Booleans of a field, by row.
pub(crate) struct Booleans(Option<BooleanArray>);

impl Booleans {
    pub(crate) fn new(structs: &StructArray, name: &str) -> Result<Self, FunctionError> {
        let booleans = cast_field(structs, name, &DataType::Boolean)?;
        Ok(Self(booleans.map(|booleans| booleans.as_boolean().clone())))
    }

    /// A NULL is `false`.
    pub(crate) fn is_true(&self, row: usize) -> bool {
        let booleans = self.0.as_ref();
        booleans.is_some_and(|booleans| booleans.is_valid(row) && booleans.value(row))
    }
}

/// Times of a field, by row.
pub(crate) enum Times<'a> {
    /// RFC 3339. The offset is kept.
    Texts(Texts<'a>),
    /// Timestamps of Arrow, in UTC.
    Ticks { ticks: Integers, unit: TimeUnit },
}

impl<'a> Times<'a> {
    pub(crate) fn new(structs: &'a StructArray, name: &str) -> Result<Self, FunctionError> {
        let column = structs.column_by_name(name);
        match column.map(|column| (column, column.data_type())) {
            Some((column, DataType::Timestamp(unit, _))) => {
                let ticks = strict_cast(column, &DataType::Int64)?;
                let ticks = ticks.as_primitive::<Int64Type>().clone();
                Ok(Self::Ticks {
                    ticks: Integers::Column(ticks),
                    unit: *unit,
                })
            }
            _ => Ok(Self::Texts(texts(structs, name)?)),
        }
    }

    pub(crate) fn get(
        &self,
        field: &'static str,
        row: usize,
    ) -> Result<Option<Timestamp>, InvalidField> {
        let timestamp = match self {
            Self::Texts(texts) => texts.get(row).map(str::parse),
            Self::Ticks { ticks, unit } => ticks.get(row).map(|ticks| match unit {
                TimeUnit::Second => Timestamp::from_unix_seconds(ticks),
                TimeUnit::Millisecond => Timestamp::from_unix_millis(ticks),
                TimeUnit::Microsecond => Timestamp::from_unix_millis(ticks.div_euclid(1_000)),
                TimeUnit::Nanosecond => Timestamp::from_unix_millis(ticks.div_euclid(1_000_000)),
            }),
        };
        timestamp.transpose().map_err(InvalidField::of(field))
    }
}

/// JSON objects of a field, by row.
pub(crate) enum Objects<'a> {
    Texts(Texts<'a>),
    Values(&'a ArrayRef),
}

impl<'a> Objects<'a> {
    pub(crate) fn new(structs: &'a StructArray, name: &str) -> Result<Self, FunctionError> {
        match structs.column_by_name(name) {
            Some(column)
                if matches!(column.data_type(), DataType::Struct(_) | DataType::Map(..)) =>
            {
                Ok(Self::Values(column))
            }
            _ => Ok(Self::Texts(texts(structs, name)?)),
        }
    }

    /// A NULL is an empty object.
    pub(crate) fn get(&self, field: &'static str, row: usize) -> Result<Object, InvalidField> {
        match self {
            Self::Texts(texts) => match texts.get(row) {
                Some(text) => serde_json::from_str(text)
                    .map_err(InvalidObject::from)
                    .map_err(InvalidField::of(field)),
                None => Ok(Object::new()),
            },
            Self::Values(column) => object(column, row).map_err(InvalidField::of(field)),
        }
    }
}

/// Lists of a field, by row.
pub(crate) struct Lists(Option<ListArray>);

impl Lists {
    pub(crate) fn of_floats(structs: &StructArray, name: &str) -> Result<Self, FunctionError> {
        Self::new(structs, name, DataType::Float64)
    }

    pub(crate) fn of_texts(structs: &StructArray, name: &str) -> Result<Self, FunctionError> {
        Self::new(structs, name, DataType::Utf8)
    }

    fn new(structs: &StructArray, name: &str, item: DataType) -> Result<Self, FunctionError> {
        let list = DataType::List(Field::new_list_field(item, true).into());
        let lists = cast_field(structs, name, &list)?;
        Ok(Self(lists.map(|lists| lists.as_list().clone())))
    }

    fn items(&self, row: usize) -> Option<ArrayRef> {
        let lists = self.0.as_ref()?;
        lists.is_valid(row).then(|| lists.value(row))
    }

    pub(crate) fn gps(&self, field: &'static str, row: usize) -> Result<Option<Gps>, InvalidField> {
        let Some(items) = self.items(row) else {
            return Ok(None);
        };
        let items = items.as_primitive::<Float64Type>();
        let (2, 0, [latitude, longitude]) = (items.len(), items.null_count(), &**items.values())
        else {
            return Err(InvalidField::new(
                field,
                "expected a latitude and a longitude",
            ));
        };
        let gps = Gps::new(*latitude, *longitude);
        gps.map(Some).map_err(InvalidField::of(field))
    }

    /// A NULL is an empty list.
    pub(crate) fn texts(
        &self,
        field: &'static str,
        row: usize,
    ) -> Result<Vec<String>, InvalidField> {
        let Some(items) = self.items(row) else {
            return Ok(Vec::new());
        };
        let texts = items.as_string::<i32>().iter();
        texts
            .map(|text| text.map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(|| InvalidField::new(field, "an item is NULL"))
    }
}

fn cast_field(
    structs: &StructArray,
    name: &str,
    to: &DataType,
) -> Result<Option<ArrayRef>, FunctionError> {
    let column = structs.column_by_name(name);
    let cast = column.map(|column| strict_cast(column, to)).transpose();
    Ok(cast?)
}
