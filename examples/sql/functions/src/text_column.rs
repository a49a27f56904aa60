//! Writing text columns.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, GenericStringArray, NullBufferBuilder, OffsetSizeTrait};
use datafusion::arrow::buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use datafusion::arrow::error::ArrowError;

/// The bytes that a column reserves at most.
const MAX_RESERVED: usize = 64 << 20;

/// A column of texts. Each text is written directly into the buffer of the column.
///
/// Offsets `i32` limit the column to 2 GiB.
pub(crate) struct GenericTextColumn<O> {
    texts: Vec<u8>,
    offsets: Vec<O>,
    nulls: NullBufferBuilder,
    is_too_large: bool,
}

/// A column of the type `Utf8`.
pub(crate) type TextColumn = GenericTextColumn<i32>;

impl<O: OffsetSizeTrait> GenericTextColumn<O> {
    pub(crate) fn new(rows: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(O::zero());
        Self {
            texts: Vec::new(),
            offsets,
            nulls: NullBufferBuilder::new(rows),
            is_too_large: false,
        }
    }

    /// Appends a text that a function writes.
    pub(crate) fn push(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        let is_first = self.texts.is_empty();
        write(&mut self.texts);
        if is_first {
            // Texts of a column have similar lengths. The limit avoids a large allocation
            // because of one long text.
            let rows = self.offsets.capacity() - self.offsets.len();
            let expected = self.texts.len().saturating_mul(rows);
            self.texts.reserve(expected.min(MAX_RESERVED));
        }
        self.nulls.append_non_null();
        self.push_offset();
    }

    pub(crate) fn push_null(&mut self) {
        self.nulls.append_null();
        self.push_offset();
    }

    fn push_offset(&mut self) {
        let end = O::from_usize(self.texts.len());
        self.is_too_large |= end.is_none();
        self.offsets.push(end.unwrap_or_default());
    }

    pub(crate) fn finish(mut self) -> Result<ArrayRef, ArrowError> {
        if self.is_too_large {
            return Err(ArrowError::OffsetOverflowError(self.texts.len()));
        }
        let offsets = OffsetBuffer::new(ScalarBuffer::from(self.offsets));
        let texts = Buffer::from_vec(self.texts);
        let texts = GenericStringArray::<O>::try_new(offsets, texts, self.nulls.finish())?;
        Ok(Arc::new(texts))
    }
}
