//! The arguments of a call for one batch.

use datafusion::arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, PrimitiveArray};
use datafusion::arrow::compute::{CastOptions, cast_with_options};
use datafusion::arrow::datatypes::{DataType, Int64Type, TimeUnit};
use datafusion::arrow::error::ArrowError;
use datafusion::common::Result;
use datafusion::logical_expr::ColumnarValue;

use crate::error::FunctionError;
use crate::texts::Texts;

/// The arguments of a call for one batch.
pub(crate) struct Arguments<'a> {
    values: &'a [ColumnarValue],
    rows: usize,
}

impl<'a> Arguments<'a> {
    pub(crate) const fn new(values: &'a [ColumnarValue], rows: usize) -> Self {
        Self { values, rows }
    }

    pub(crate) const fn rows(&self) -> usize {
        self.rows
    }

    /// Removes the last argument.
    pub(crate) fn split_last(&self) -> Option<(&'a ColumnarValue, Self)> {
        let (last, values) = self.values.split_last()?;
        Some((last, Self::new(values, self.rows)))
    }

    pub(crate) fn get(&self, index: usize) -> Option<&'a ColumnarValue> {
        self.values.get(index)
    }

    /// The texts of an argument. An omitted argument is an empty text.
    pub(crate) fn texts(&self, index: usize) -> Result<Texts<'a>> {
        self.get(index).map_or(Ok(Texts::EMPTY), Texts::new)
    }

    /// The values of an argument in a column with all rows.
    pub(crate) fn column(&self, index: usize) -> Result<Option<ArrayRef>> {
        self.get(index)
            .map(|value| value.to_array(self.rows))
            .transpose()
    }
}

/// The integers of an argument, by row.
pub(crate) enum Integers<T: ArrowPrimitiveType = Int64Type> {
    Constant(Option<T::Native>),
    Column(PrimitiveArray<T>),
}

impl<T: ArrowPrimitiveType> Integers<T> {
    pub(crate) fn new(value: &ColumnarValue) -> Result<Self, FunctionError> {
        match value {
            ColumnarValue::Array(array) => Self::of_array(array),
            ColumnarValue::Scalar(scalar) => {
                let array = Self::of_array(&scalar.to_array()?)?;
                Ok(Self::Constant(array.get(0)))
            }
        }
    }

    pub(crate) fn of_array(array: &ArrayRef) -> Result<Self, FunctionError> {
        let integers = strict_cast(array, &T::DATA_TYPE)?;
        Ok(Self::Column(integers.as_primitive::<T>().clone()))
    }

    pub(crate) fn get(&self, row: usize) -> Option<T::Native> {
        match self {
            Self::Constant(integer) => *integer,
            Self::Column(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }
}

impl Integers {
    /// Reads Unix seconds, or timestamps as Unix seconds.
    pub(crate) fn of_times(value: &ColumnarValue) -> Result<Self, FunctionError> {
        let DataType::Timestamp(unit, _) = value.data_type() else {
            return Self::new(value);
        };
        let per_second = match unit {
            TimeUnit::Second => 1,
            TimeUnit::Millisecond => 1_000,
            TimeUnit::Microsecond => 1_000_000,
            TimeUnit::Nanosecond => 1_000_000_000,
        };
        let seconds = |ticks: i64| ticks.div_euclid(per_second);
        Ok(match Self::new(value)? {
            Self::Constant(ticks) => Self::Constant(ticks.map(seconds)),
            Self::Column(ticks) => Self::Column(ticks.unary(seconds)),
        })
    }
}

/// Casts a column. Unlike `cast`, an overflow is an error and not a NULL.
pub(crate) fn strict_cast(array: &dyn Array, to: &DataType) -> Result<ArrayRef, ArrowError> {
    let options = CastOptions {
        safe: false,
        ..CastOptions::default()
    };
    cast_with_options(array, to, &options)
}
