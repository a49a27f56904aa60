//! Runs the queries of image-host on PostgreSQL, discards the rows and sends constant
//! bytes on the HTTP stack of image-host.

#![forbid(unsafe_code)]

mod pool;
mod queries;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Error, Result, ensure};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bytes::Bytes;
use clap::Parser;
use endpoint::{ConstantResponses, PATH, Payload, Payloads, serve};
use futures_util::stream;
use http::{StatusCode, Uri};
use mimalloc::MiMalloc;

use self::pool::Pool;
use self::queries::Page;

/// The allocator of image-host.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Runs the queries of image-host, discards the rows and sends constant bytes.
#[derive(Parser)]
struct Arguments {
    /// The folder of the payloads
    payloads: PathBuf,
    /// The URL of the PostgreSQL database
    #[arg(long)]
    database: String,
    /// The user whose images are selected
    #[arg(long)]
    user: String,
    /// The maximum number of connections to the database
    #[arg(long, default_value_t = 16)]
    connections: usize,
}

#[derive(Debug)]
struct Host {
    responses: ConstantResponses,
    pool: Pool,
    user: String,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let host = Host {
        responses: ConstantResponses::new(Payloads::load(&arguments.payloads)?)?,
        pool: Pool::new(&arguments.database, arguments.connections)?,
        user: arguments.user,
    };
    let router = Router::new().route(PATH, get(image_syncs));
    Ok(serve(router.with_state(Arc::new(host))).await?)
}

async fn image_syncs(State(host): State<Arc<Host>>, uri: Uri) -> Response {
    let response = match uri.query() {
        Some(query) => host.listed(query).await,
        None => Arc::clone(&host).all().await,
    };
    response.unwrap_or_else(|error| {
        let text = format!("{error:#}");
        (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
    })
}

impl Host {
    async fn listed(&self, query: &str) -> Result<Response> {
        let payload = self.responses.payload(Some(query)).context("no payload")?;
        let ids: Vec<&str> = query
            .split('&')
            .map(|pair| pair.strip_prefix("ids[]=").context("expected ids[]="))
            .collect::<Result<_>>()?;
        let mut connection = self.pool.acquire().await?;
        let rows = queries::listed(connection.get()?, &self.user, &ids).await?;
        connection.release();
        ensure_rows(rows, payload.images)?;
        Ok(self.responses.respond(Some(query)))
    }

    /// Reads all rows in pages. After each page, sends a part of the bytes.
    async fn all(self: Arc<Self>) -> Result<Response> {
        let payload = self.responses.payload(None).context("no payload")?;
        let first = self.page(i64::MIN).await?;
        let start = Progress {
            payload: payload.clone(),
            page: first,
            rows: 0,
            sent: 0,
        };
        let host = Arc::clone(&self);
        let body = stream::try_unfold(start, move |mut progress| {
            let host = Arc::clone(&host);
            async move {
                let rows = progress.page.rows;
                let Some(last) = progress.page.last else {
                    ensure_rows(progress.rows, progress.payload.images)?;
                    return Ok(None);
                };
                let piece = progress.advance(rows)?;
                progress.page = match last.checked_add(1) {
                    Some(first) => host.page(first).await?,
                    None => Page::default(),
                };
                Ok::<_, Error>(Some((piece, progress)))
            }
        });
        Ok(self.responses.with_body(Body::from_stream(body)))
    }

    /// Reads the rows of a page, whose first position is `first` or greater.
    async fn page(&self, first: i64) -> Result<Page> {
        let mut connection = self.pool.acquire().await?;
        let page = queries::page(connection.get()?, &self.user, first).await?;
        connection.release();
        Ok(page)
    }
}

fn ensure_rows(rows: usize, expected: usize) -> Result<()> {
    ensure!(rows == expected, "{rows} rows; expected {expected}");
    Ok(())
}

/// The progress of a streamed response.
struct Progress {
    payload: Payload,
    /// The page whose part is sent next.
    page: Page,
    rows: usize,
    sent: usize,
}

impl Progress {
    /// Returns the part of the bytes that corresponds to further rows.
    fn advance(&mut self, rows: usize) -> Result<Bytes> {
        let Payload { images, bytes } = &self.payload;
        self.rows += rows;
        ensure!(self.rows <= *images, "more than {images} rows");
        let end = bytes.len() * self.rows / images;
        let piece = bytes.slice(self.sent..end);
        self.sent = end;
        Ok(piece)
    }
}
