use std::io;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use sync_payload::response::ResponseMeta;
use tracing_subscriber::EnvFilter;
use uuid::Uuid;

/// Starts the log, on standard error; `RUST_LOG` says how much of it.
pub(crate) fn log(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    if json {
        log.json().init();
    } else {
        log.init();
    }
}

/// A request, for its answer and its line in the log.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) request_id: Uuid,
    since: Instant,
}

impl Asked {
    pub(super) fn answered(self) -> ResponseMeta {
        ResponseMeta::new(self.request_id, self.since.elapsed())
    }
}

/// What an answer says of itself to the log.
#[derive(Clone, Debug, Default)]
pub(super) struct Noted {
    pub(super) user: Option<Uuid>,
    pub(super) images: Option<usize>,
    pub(super) error: Option<Arc<str>>,
}

/// Writes one line a request. The route stands for the path, and the query is
/// left out: signatures are in both.
pub(super) async fn log_request(mut request: Request, next: Next) -> Response {
    let asked = Asked {
        request_id: Uuid::new_v4(),
        since: Instant::now(),
    };
    request.extensions_mut().insert(asked);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let noted = response.extensions().get::<Noted>().cloned();
    let Noted {
        user,
        images,
        error,
    } = noted.unwrap_or_default();
    tracing::info!(
        request_id = %asked.request_id,
        %method,
        route = route.as_ref().map_or("none", MatchedPath::as_str),
        status = response.status().as_u16(),
        seconds = asked.since.elapsed().as_secs_f64(),
        user = user.map(tracing::field::display),
        images,
        error = error.as_deref(),
        "answered"
    );
    response
}
