//! Errors of the functions. They never contain a key.

use std::error::Error;

use datafusion::arrow::error::ArrowError;
use datafusion::common::DataFusionError;
use thiserror::Error;

use crate::signers::MissingKey;

/// The longest quoted value.
const MAX_QUOTED: usize = 80;

/// An error of a function, without the name of the function.
#[derive(Debug, Error)]
pub(crate) enum FunctionError {
    #[error(transparent)]
    MissingKey(#[from] MissingKey),
    #[error(
        "the keys of this process have the fingerprint {actual}, but `image_sync.key_fingerprint` requires {required}; check the environment of the process"
    )]
    OtherKeys { actual: String, required: String },
    #[error("row {} of the batch{value}: {reason}", row + 1)]
    Row {
        /// From 0.
        row: usize,
        /// A description of the value, or nothing.
        value: String,
        reason: String,
    },
    /// An invalid row of a group. Its number is not known: a group has only its own rows.
    #[error("invalid image{value}: {reason}")]
    Image { value: String, reason: String },
    #[error(transparent)]
    Arrow(#[from] ArrowError),
    #[error(transparent)]
    DataFusion(#[from] DataFusionError),
}

impl FunctionError {
    pub(crate) fn row(row: usize, reason: &dyn Error) -> Self {
        Self::described_row(row, String::new(), reason)
    }

    /// `value` is a description of the invalid value, such as ` (public_id …)`.
    pub(crate) fn described_row(row: usize, value: String, reason: &dyn Error) -> Self {
        Self::Row {
            row,
            value,
            reason: with_sources(reason),
        }
    }

    /// Replaces the number of a row.
    pub(crate) fn map_row(mut self, map: impl FnOnce(usize) -> usize) -> Self {
        if let Self::Row { row, .. } = &mut self {
            *row = map(*row);
        }
        self
    }

    /// Removes the number of a row, for an aggregate, which does not know it.
    pub(crate) fn without_row(self) -> Self {
        match self {
            Self::Row { value, reason, .. } => Self::Image { value, reason },
            other => other,
        }
    }

    /// Adds the name of the function. A cluster does not retry an execution error.
    pub(crate) fn of(self, function: &str) -> DataFusionError {
        match self {
            Self::DataFusion(error) => error,
            error => DataFusionError::Execution(format!("{function}: {error}")),
        }
    }
}

/// The text of an error and of its sources.
pub(crate) fn with_sources(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

/// Describes a value of an argument, such as ` (public_id 'a')`, or returns an empty text if
/// the value must not be quoted.
pub(crate) fn describe(argument: &str, value: &str) -> String {
    match quote(value) {
        quoted if quoted.is_empty() => quoted,
        quoted => format!(" ({argument}{quoted})"),
    }
}

/// Quotes the start of a value, after a space. A URL may contain credentials, so a value with
/// `:` is not quoted, and the result is empty.
pub(crate) fn quote(value: &str) -> String {
    if value.contains(':') {
        return String::new();
    }
    let quoted: String = value.chars().take(MAX_QUOTED).collect();
    let dots = if quoted.len() < value.len() {
        "…"
    } else {
        ""
    };
    format!(" '{}{dots}'", quoted.escape_debug())
}
