//! The request context and the log.

use std::env;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use sync_payload::response::ResponseMeta;
use tokio::task_local;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use uuid::Uuid;

use super::connection::{Connection, RequestLabel};
use crate::output::warn;

task_local! {
    static CONTEXT: RequestContext;
}

/// Starts the log on standard error. `RUST_LOG` sets its level.
pub(crate) fn start_log(json: bool) {
    let levels = env::var("RUST_LOG").unwrap_or_default();
    let default = Targets::new().with_default(LevelFilter::INFO);
    let filter = match levels.parse() {
        _ if levels.is_empty() => default,
        Ok(filter) => filter,
        Err(error) => {
            warn(&format!(
                "RUST_LOG is invalid, so the level is `info`: {error}"
            ));
            default
        }
    };
    let log = tracing_subscriber::fmt::layer()
        .with_ansi(io::stderr().is_terminal())
        // By default, an entry that cannot be written, for example because the disk
        // is full, panics and ends the request.
        .log_internal_errors(false)
        .with_writer(io::stderr);
    let log = if json {
        log.json().boxed()
    } else {
        log.boxed()
    };
    tracing_subscriber::registry()
        .with(log.with_filter(filter))
        .init();
}

/// The id of a request and the time at which it was received.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestContext {
    request_id: Uuid,
    received_at: Instant,
}

impl RequestContext {
    fn new() -> Self {
        Self {
            request_id: Uuid::new_v4(),
            received_at: Instant::now(),
        }
    }

    /// Returns the context of the request that is being handled.
    pub(super) fn current() -> Self {
        CONTEXT.try_get().unwrap_or_else(|_| Self::new())
    }

    /// Returns the values of `x-request-id` and `x-runtime`.
    pub(super) fn response_meta(self) -> ResponseMeta {
        ResponseMeta::new(self.request_id, self.received_at.elapsed())
    }
}

/// Fields of the log line that only the handler knows. The handler attaches
/// them to its response.
#[derive(Clone, Debug, Default)]
pub(super) struct LogFields {
    pub(super) user: Option<Uuid>,
    pub(super) images: Option<usize>,
    /// The effect of a webhook.
    pub(super) effect: Option<Arc<str>>,
    pub(super) error: Option<Arc<str>>,
}

/// Runs the handler within a request context and logs one line per request.
///
/// The line contains the route instead of the path, and no query, because paths
/// and queries contain signatures.
pub(super) async fn log_request(request: Request, next: Next) -> Response {
    let context = RequestContext::new();
    let method = request.method().clone();
    let connection = request.extensions().get::<Arc<Connection>>().cloned();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = CONTEXT.scope(context, next.run(request)).await;
    let LogFields {
        user,
        images,
        effect,
        error,
    } = response.extensions_mut().remove().unwrap_or_default();
    if let Some(connection) = connection {
        let request_id = context.request_id;
        connection.set_request(RequestLabel { request_id, user });
    }
    tracing::info!(
        request_id = %context.request_id,
        %method,
        route = route.as_ref().map_or("none", MatchedPath::as_str),
        status = response.status().as_u16(),
        seconds = context.received_at.elapsed().as_secs_f64(),
        user = user.map(tracing::field::display),
        images,
        effect = effect.as_deref(),
        error = error.as_deref(),
        "response"
    );
    response
}
