//! Streams of images.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::task::{JoinSet, yield_now};

use super::database::Database;
use super::error::{DatabaseError, StoreError};
use super::queries::Query;
use super::record::{self, Record};
use super::row::Row;

/// The number of rows that a stream reads at once. Two pages are in memory: one is sent while
/// the next is read.
pub(super) const PAGE: u32 = 100;

/// The time that a started stream waits for a connection. It is longer than that
/// of a new request, because a client cannot repeat a part of a payload.
const STREAM_WAIT: Duration = Duration::from_secs(30);

/// A stream of images from the database.
pub(crate) type Records = stream::BoxStream<'static, Result<Record, StoreError>>;

type Rows = Vec<Result<Record, StoreError>>;

/// A function that returns the query of the next images from a position.
pub(super) type PageQuery = Box<dyn Fn(i64) -> Query + Send>;

/// Reads consecutive pages, each before it is needed.
///
/// The reader holds no connection between two pages, however slowly they are
/// used. The position of an image never changes, so no image is repeated or
/// skipped.
struct PageReader {
    database: Database,
    query: PageQuery,
    /// The next page, or nothing after the last page. Ends with the reader.
    next: JoinSet<Result<Page, StoreError>>,
}

/// Consecutive rows, and the position at which the next page starts.
struct Page {
    rows: Rows,
    /// `None` after the last page.
    next: Option<i64>,
}

/// Streams the images of a query that selects the next [`PAGE`] images from a position.
///
/// Waits for the first images, so that an earlier error becomes an error response.
pub(super) async fn records(database: Database, query: PageQuery) -> Result<Records, StoreError> {
    let first = page(&database, query(i64::MIN)).await?;
    let database = database.with_min_wait(STREAM_WAIT);
    let mut reader = PageReader {
        database,
        query,
        next: JoinSet::new(),
    };
    let first = reader.prefetch_after(first);
    let further = stream::unfold(reader, async |mut reader| {
        let page = match reader.next.join_next().await? {
            Ok(Ok(page)) => reader.prefetch_after(page),
            Ok(Err(error)) => vec![Err(error)],
            Err(_) => vec![Err(DatabaseError::Panicked.into())],
        };
        // Starts the new task, which would otherwise start when this task has to wait.
        yield_now().await;
        Some((page, reader))
    });
    let pages = stream::iter([first]).chain(further);
    Ok(pages.flat_map(stream::iter).boxed())
}

impl PageReader {
    /// Starts reading the page after another, and returns the rows of the other.
    fn prefetch_after(&mut self, page: Page) -> Rows {
        if let Some(next) = page.next {
            let (database, query) = (self.database.clone(), (self.query)(next));
            let next = async move { self::page(&database, query).await };
            self.next.spawn(next);
        }
        page.rows
    }
}

/// Reads a page. An invalid position ends it with an error.
async fn page(database: &Database, query: Query) -> Result<Page, StoreError> {
    let rows = database.fetch_page(query, row).await?;
    let is_full = rows.len() == PAGE as usize;
    let (mut rows, mut positions): (Rows, Vec<_>) = rows.into_iter().unzip();
    let next = match positions.pop().filter(|_| is_full).transpose() {
        Ok(last) => last.and_then(|last| last.checked_add(1)),
        Err(error) => {
            rows.push(Err(error));
            None
        }
    };
    Ok(Page { rows, next })
}

fn row(row: &dyn Row) -> (Result<Record, StoreError>, Result<i64, StoreError>) {
    (Record::from_row(row), record::position(row))
}
