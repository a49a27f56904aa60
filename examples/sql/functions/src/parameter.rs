//! Parameters of functions: their types and their coercion.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::{Result, plan_err};

use crate::payload::field::{check_fields, example_fields};

/// A parameter of a function.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) description: &'static str,
}

/// The types that a parameter accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text of any encoding.
    Text,
    /// An integer, or a text of digits.
    Version,
    /// Unix seconds or a timestamp.
    Time,
    /// A struct with the fields of an image.
    Image,
    /// A map of texts.
    Map,
}

impl Kind {
    /// The type that `SHOW FUNCTIONS` shows.
    pub(crate) fn example(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Version | Self::Time => DataType::Int64,
            Self::Image => DataType::Struct(example_fields()),
            Self::Map => {
                let key = Field::new("key", DataType::Utf8, false);
                let value = Field::new("value", DataType::Utf8, true);
                let entries = DataType::Struct(Fields::from(vec![key, value]));
                DataType::Map(Arc::new(Field::new("entries", entries, false)), false)
            }
        }
    }

    /// The type that a value is cast to. Encodings of texts are kept. A type that is not
    /// allowed is kept too, so that [`check`](Self::check) rejects it with a reason.
    pub(crate) fn coerce(self, given: &DataType) -> DataType {
        match self {
            _ if given.is_null() => self.example(),
            Self::Text if given.is_integer() => DataType::Utf8,
            Self::Version if *given == DataType::UInt64 => DataType::UInt64,
            Self::Version | Self::Time if given.is_integer() => DataType::Int64,
            _ => given.clone(),
        }
    }

    /// Checks a type after its coercion.
    pub(crate) fn check(self, given: &DataType) -> Result<(), String> {
        let is_valid = match self {
            Self::Text => is_text(given),
            Self::Version => is_text(given) || matches!(given, DataType::Int64 | DataType::UInt64),
            Self::Time => matches!(given, DataType::Int64 | DataType::Timestamp(..)),
            Self::Image => {
                let DataType::Struct(fields) = given else {
                    return Err(format!("expected a struct, not {given}"));
                };
                return check_fields(fields);
            }
            Self::Map => match given {
                DataType::Map(entries, _) => match entries.data_type() {
                    DataType::Struct(fields) => {
                        fields.iter().all(|field| is_text(field.data_type()))
                    }
                    _ => false,
                },
                _ => false,
            },
        };
        if is_valid {
            return Ok(());
        }
        let expected = match self {
            Self::Text => "a text",
            Self::Version => "an integer or a text of digits",
            Self::Time => "Unix seconds or a timestamp",
            Self::Image => "a struct",
            Self::Map => "a map of texts",
        };
        Err(format!("expected {expected}, not {given}"))
    }
}

/// Returns whether a type is a text in any encoding.
pub(crate) fn is_text(given: &DataType) -> bool {
    match given {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, value) => is_text(value),
        _ => false,
    }
}

/// Checks the types of arguments.
pub(crate) fn check_arguments(
    function: &str,
    parameters: &[&Parameter],
    given: &[DataType],
) -> Result<()> {
    for (parameter, given) in parameters.iter().zip(given) {
        if let Err(reason) = parameter.kind.check(given) {
            return plan_err!("{function}: {}: {reason}", parameter.name);
        }
    }
    Ok(())
}
