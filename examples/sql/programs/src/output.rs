//! The results of queries on standard output.

use std::io::{self, ErrorKind, Write};

use anyhow::Result;
use clap::ValueEnum;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::csv;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::json::writer::{LineDelimited, WriterBuilder};
use datafusion::arrow::util::pretty::pretty_format_batches_with_schema;
use datafusion::execution::SendableRecordBatchStream;
use futures_util::TryStreamExt;

/// The format of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table for people
    Table,
    /// Comma-separated values with a header
    Csv,
    /// One JSON object per line
    Ndjson,
}

/// Writes results to a writer, which is usually standard output.
#[derive(Debug)]
pub struct Output<W> {
    writer: Pipe<W>,
    format: Format,
    rows_of_table: usize,
}

impl<W: Write> Output<W> {
    /// Creates an output. A table contains the first `rows_of_table` rows of a result.
    pub fn new(writer: W, format: Format, rows_of_table: usize) -> Self {
        let writer = Pipe {
            writer,
            is_closed: false,
        };
        Self {
            writer,
            format,
            rows_of_table,
        }
    }

    /// Writes the rows of one query, and returns whether all rows are written.
    ///
    /// `before` is called before the first bytes are written. A closed pipe is no error,
    /// but the failure of a later query is one.
    ///
    /// # Errors
    ///
    /// The query fails, the format has no representation of a type, or the writer fails.
    pub async fn write(
        &mut self,
        rows: SendableRecordBatchStream,
        before: impl FnOnce(),
    ) -> Result<bool> {
        self.writer.is_closed = false;
        let written = match self.format {
            Format::Table => self.write_table(rows, before).await,
            Format::Csv => self.write_csv(rows, before).await,
            Format::Ndjson => self.write_ndjson(rows, before).await,
        };
        let written = written.and_then(|is_complete| {
            self.writer.flush()?;
            Ok(is_complete)
        });
        match written {
            Err(_) if self.writer.is_closed => Ok(true),
            written => written,
        }
    }

    async fn write_table(
        &mut self,
        mut rows: SendableRecordBatchStream,
        before: impl FnOnce(),
    ) -> Result<bool> {
        let schema = rows.schema();
        let mut left = self.rows_of_table;
        let mut batches = Vec::new();
        let mut is_complete = true;
        while let Some(batch) = rows.try_next().await? {
            is_complete = batch.num_rows() <= left;
            let batch = batch.slice(0, batch.num_rows().min(left));
            left -= batch.num_rows();
            batches.push(batch);
            if !is_complete {
                break;
            }
        }
        before();
        if has_rows_or_columns(&schema, &batches) {
            let table = pretty_format_batches_with_schema(schema, &batches)?;
            writeln!(self.writer, "{table}")?;
        }
        Ok(is_complete)
    }

    async fn write_csv(
        &mut self,
        mut rows: SendableRecordBatchStream,
        before: impl FnOnce(),
    ) -> Result<bool> {
        let schema = rows.schema();
        let mut first = rows.try_next().await?;
        before();
        if schema.fields().is_empty() {
            return Ok(true);
        }
        let mut writer = csv::WriterBuilder::new().build(&mut self.writer);
        // Also a result without rows has a header.
        first.get_or_insert_with(|| RecordBatch::new_empty(schema));
        while let Some(batch) = first {
            writer.write(&batch)?;
            first = rows.try_next().await?;
        }
        Ok(true)
    }

    async fn write_ndjson(
        &mut self,
        mut rows: SendableRecordBatchStream,
        before: impl FnOnce(),
    ) -> Result<bool> {
        let mut next = rows.try_next().await?;
        before();
        let builder = WriterBuilder::new().with_explicit_nulls(true);
        let mut writer = builder.build::<_, LineDelimited>(&mut self.writer);
        while let Some(batch) = next {
            writer.write(&batch)?;
            next = rows.try_next().await?;
        }
        writer.finish()?;
        Ok(true)
    }
}

/// Statements such as `SET` and `CREATE EXTERNAL TABLE` have no result.
fn has_rows_or_columns(schema: &SchemaRef, batches: &[RecordBatch]) -> bool {
    !schema.fields().is_empty() || batches.iter().any(|batch| batch.num_rows() > 0)
}

/// A writer that remembers whether its reader has closed the pipe, which is lost in the
/// errors of Arrow. Each result starts anew.
#[derive(Debug)]
struct Pipe<W> {
    writer: W,
    is_closed: bool,
}

impl<W> Pipe<W> {
    fn remember<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result {
            self.is_closed |= error.kind() == ErrorKind::BrokenPipe;
        }
        result
    }
}

impl<W: Write> Write for Pipe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.writer.write(bytes);
        self.remember(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.writer.flush();
        self.remember(result)
    }
}

#[cfg(test)]
mod tests {
    use datafusion::prelude::SessionContext;

    use super::*;

    async fn output(sql: &str, format: Format, rows_of_table: usize) -> (String, bool) {
        let session = SessionContext::new();
        let rows = session.sql(sql).await.unwrap();
        let rows = rows.execute_stream().await.unwrap();
        let mut output = Output::new(Vec::new(), format, rows_of_table);
        let is_complete = output.write(rows, || ()).await.unwrap();
        (
            String::from_utf8(output.writer.writer).unwrap(),
            is_complete,
        )
    }

    #[tokio::test]
    async fn each_format_has_all_rows() {
        let sql = "SELECT * FROM (VALUES (1, 'a,b'), (NULL, 'c')) AS t(n, s)";
        let csv = "n,s\n1,\"a,b\"\n,c\n";
        assert_eq!(output(sql, Format::Csv, 0).await, (csv.to_owned(), true));
        let ndjson = "{\"n\":1,\"s\":\"a,b\"}\n{\"n\":null,\"s\":\"c\"}\n";
        let written = output(sql, Format::Ndjson, 0).await;
        assert_eq!(written, (ndjson.to_owned(), true));
        let table = "\
+---+-----+
| n | s   |
+---+-----+
| 1 | a,b |
|   | c   |
+---+-----+
";
        let written = output(sql, Format::Table, 2).await;
        assert_eq!(written, (table.to_owned(), true));
    }

    #[tokio::test]
    async fn tables_contain_the_first_rows() {
        let sql = "SELECT * FROM generate_series(1, 100000) AS t(n)";
        let (table, is_complete) = output(sql, Format::Table, 3).await;
        assert_eq!(table.lines().count(), 7, "{table}");
        assert!(!is_complete);
    }

    #[tokio::test]
    async fn results_without_rows_have_a_header() {
        let sql = "SELECT 1 AS n, 2 AS m WHERE false";
        assert_eq!(output(sql, Format::Csv, 0).await.0, "n,m\n");
        assert_eq!(output(sql, Format::Ndjson, 0).await.0, "");
        assert!(output(sql, Format::Table, 9).await.0.contains("| n | m |"));
    }

    struct Closed;

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_closed_pipe_is_no_error() {
        for format in [Format::Table, Format::Csv, Format::Ndjson] {
            let session = SessionContext::new();
            let rows = session.sql("SELECT 1 AS n").await.unwrap();
            let rows = rows.execute_stream().await.unwrap();
            let mut output = Output::new(Closed, format, 9);
            assert!(output.write(rows, || ()).await.is_ok(), "{format:?}");
        }
    }
}
