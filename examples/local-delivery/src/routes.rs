//! The routes of a local delivery network.

use std::sync::Arc;

use axum::Router;
use axum::routing::any;

use crate::http::deliver;
use crate::state::State;
use crate::upload::upload;

/// Returns the routes: uploads, and all other paths are delivery URLs.
pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/v1_1/{cloud}/{resource_type}/upload", any(upload))
        .fallback(deliver)
        .with_state(state)
}
