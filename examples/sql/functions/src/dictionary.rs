//! Dictionaries: each distinct value is computed once.

use datafusion::arrow::array::{Array, ArrayRef, AsArray, UInt64Array, new_null_array};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;
use datafusion::logical_expr::ColumnarValue;

/// The distinct values of a batch, if its only column is a dictionary.
///
/// Values of the dictionary that no row uses are left out: they may be invalid, and there
/// may be many.
#[derive(Debug)]
pub(crate) struct DistinctValues {
    arguments: Vec<ColumnarValue>,
    /// The first row of each value.
    first_rows: Vec<usize>,
    /// The index of the value of each row.
    indices: UInt64Array,
}

impl DistinctValues {
    /// Returns `None` if another argument is a column, or the column is no dictionary.
    pub(crate) fn of_only_column(arguments: &[ColumnarValue]) -> Result<Option<Self>> {
        let mut columns = arguments
            .iter()
            .enumerate()
            .filter_map(|(index, value)| match value {
                ColumnarValue::Array(array) => Some((index, array)),
                ColumnarValue::Scalar(_) => None,
            });
        let (Some((index, array)), None) = (columns.next(), columns.next()) else {
            return Ok(None);
        };
        if !matches!(array.data_type(), DataType::Dictionary(..)) {
            return Ok(None);
        }
        let dictionary = array.as_any_dictionary();
        if dictionary.values().is_empty() {
            return Ok(None);
        }
        // For each key, the index of its value plus 1. Most dictionaries are small; unused
        // pages of a large one are not touched.
        let mut seen = vec![0_u64; dictionary.values().len()];
        let (mut used_keys, mut first_rows) = (Vec::new(), Vec::new());
        let keys = dictionary.normalized_keys();
        let indices = keys.iter().enumerate().map(|(row, key)| {
            if array.is_null(row) {
                return None;
            }
            let seen = seen.get_mut(*key)?;
            if *seen == 0 {
                used_keys.push(u64::try_from(*key).ok()?);
                first_rows.push(row);
                *seen = u64::try_from(used_keys.len()).ok()?;
            }
            Some(*seen - 1)
        });
        let indices: UInt64Array = indices.collect();
        let values = take(dictionary.values(), &UInt64Array::from(used_keys), None)?;
        let mut arguments = arguments.to_vec();
        if let Some(argument) = arguments.get_mut(index) {
            *argument = ColumnarValue::Array(values);
        }
        Ok(Some(Self {
            arguments,
            first_rows,
            indices,
        }))
    }

    /// The arguments, with the distinct values in place of the column.
    pub(crate) fn arguments(&self) -> &[ColumnarValue] {
        &self.arguments
    }

    pub(crate) const fn len(&self) -> usize {
        self.first_rows.len()
    }

    /// The first row that has a value.
    pub(crate) fn first_row(&self, index: usize) -> usize {
        self.first_rows.get(index).copied().unwrap_or(index)
    }

    /// Repeats the results of the values for their rows.
    pub(crate) fn expand(&self, results: &ArrayRef) -> Result<ArrayRef> {
        if results.is_empty() {
            let rows = self.indices.len();
            return Ok(new_null_array(results.data_type(), rows));
        }
        Ok(take(results, &self.indices, None)?)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{ArrayRef, AsArray, DictionaryArray, Int32Array, StringArray};
    use datafusion::common::ScalarValue;

    use super::*;

    fn literal() -> ColumnarValue {
        ColumnarValue::Scalar(ScalarValue::from("c_fit"))
    }

    /// 1000 rows with the values `b`, NULL and `d`. The values `a` and `c` are not used.
    fn column() -> ArrayRef {
        let values = StringArray::from(vec!["a", "b", "c", "d"]);
        let keys: Int32Array = [Some(3), None, Some(1)]
            .into_iter()
            .cycle()
            .take(1000)
            .collect();
        Arc::new(DictionaryArray::new(keys, Arc::new(values)))
    }

    #[test]
    fn each_used_value_occurs_once() {
        let arguments = [literal(), ColumnarValue::Array(column())];
        let distinct = DistinctValues::of_only_column(&arguments).unwrap().unwrap();
        assert_eq!(distinct.len(), 2);
        let ColumnarValue::Array(values) = &distinct.arguments()[1] else {
            panic!("not a column");
        };
        assert_eq!(
            values.as_string::<i32>(),
            &StringArray::from(vec!["d", "b"])
        );
        assert_eq!((distinct.first_row(0), distinct.first_row(1)), (0, 2));

        let results: ArrayRef = Arc::new(StringArray::from(vec!["D", "B"]));
        let expanded = distinct.expand(&results).unwrap();
        let expanded: Vec<_> = expanded.as_string::<i32>().iter().take(4).collect();
        assert_eq!(expanded, [Some("D"), None, Some("B"), Some("D")]);
    }

    #[test]
    fn two_columns_are_read_row_by_row() {
        let arguments = [
            ColumnarValue::Array(column()),
            ColumnarValue::Array(column()),
        ];
        assert!(
            DistinctValues::of_only_column(&arguments)
                .unwrap()
                .is_none()
        );
    }

    #[test]
    fn plain_columns_are_read_row_by_row() {
        let column: ArrayRef = Arc::new(StringArray::from(vec!["a", "a"]));
        let arguments = [ColumnarValue::Array(column), literal()];
        assert!(
            DistinctValues::of_only_column(&arguments)
                .unwrap()
                .is_none()
        );
    }
}
