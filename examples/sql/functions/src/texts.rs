//! Reading text columns of any encoding.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use datafusion::arrow::array::{Array, AsArray, LargeStringArray, StringArray, StringViewArray};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::ColumnarValue;

/// The texts of an argument, by row.
#[derive(Clone, Debug)]
pub(crate) enum Texts<'a> {
    /// One text for all rows.
    Constant(Option<&'a str>),
    Utf8(&'a StringArray),
    LargeUtf8(&'a LargeStringArray),
    Utf8View(&'a StringViewArray),
    Dictionary {
        keys: Vec<usize>,
        nulls: Option<NullBuffer>,
        values: Box<Self>,
    },
}

impl<'a> Texts<'a> {
    /// The value of an optional argument that is omitted.
    pub(crate) const EMPTY: Self = Self::Constant(Some(""));

    pub(crate) fn new(value: &'a ColumnarValue) -> Result<Self> {
        match value {
            ColumnarValue::Array(array) => Self::of_array(array),
            ColumnarValue::Scalar(scalar) => Self::of_scalar(scalar),
        }
    }

    fn of_scalar(scalar: &'a ScalarValue) -> Result<Self> {
        match scalar {
            ScalarValue::Utf8(text)
            | ScalarValue::LargeUtf8(text)
            | ScalarValue::Utf8View(text) => Ok(Self::Constant(text.as_deref())),
            ScalarValue::Dictionary(_, value) => Self::of_scalar(value),
            ScalarValue::Null => Ok(Self::Constant(None)),
            _ => exec_err!("expected a text, not {}", scalar.data_type()),
        }
    }

    pub(crate) fn of_array(array: &'a dyn Array) -> Result<Self> {
        Ok(match array.data_type() {
            DataType::Utf8 => Self::Utf8(array.as_string()),
            DataType::LargeUtf8 => Self::LargeUtf8(array.as_string()),
            DataType::Utf8View => Self::Utf8View(array.as_string_view()),
            DataType::Null => Self::Constant(None),
            DataType::Dictionary(..) => {
                let dictionary = array.as_any_dictionary();
                if dictionary.values().is_empty() {
                    return Ok(Self::Constant(None));
                }
                Self::Dictionary {
                    keys: dictionary.normalized_keys(),
                    nulls: array.nulls().cloned(),
                    values: Box::new(Self::of_array(dictionary.values())?),
                }
            }
            other => return exec_err!("expected a text, not {other}"),
        })
    }

    pub(crate) fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Constant(text) => *text,
            Self::Utf8(array) => array.is_valid(row).then(|| array.value(row)),
            Self::LargeUtf8(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Utf8View(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Dictionary {
                keys,
                nulls,
                values,
            } => {
                if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
                    return None;
                }
                keys.get(row).and_then(|key| values.get(*key))
            }
        }
    }
}

/// Parsed texts. Each distinct text of a batch is parsed once.
#[derive(Debug)]
pub(crate) struct Parsed<'a, T> {
    values: HashMap<&'a str, Arc<T>>,
    /// The text of the previous row. Most columns repeat a text.
    previous: Option<(&'a str, Arc<T>)>,
}

impl<'a, T> Parsed<'a, T> {
    pub(crate) fn new() -> Self {
        Self {
            values: HashMap::new(),
            previous: None,
        }
    }

    pub(crate) fn get<E>(
        &mut self,
        text: &'a str,
        parse: impl FnOnce(&'a str) -> std::result::Result<T, E>,
    ) -> std::result::Result<&T, E> {
        let current = match self.previous.take() {
            Some((previous, value)) if previous == text => (text, value),
            _ => match self.values.entry(text) {
                Entry::Occupied(entry) => (text, Arc::clone(entry.get())),
                Entry::Vacant(entry) => {
                    let value = Arc::new(parse(text)?);
                    (text, Arc::clone(entry.insert(value)))
                }
            },
        };
        let (_, value) = self.previous.insert(current);
        Ok(value)
    }
}
