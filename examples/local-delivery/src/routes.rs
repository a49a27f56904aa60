//! The routes of a local delivery network.

use std::sync::Arc;

use axum::Router;

use crate::http::deliver;
use crate::state::State;

/// Returns the routes: uploads, and all other paths are delivery URLs.
pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new().fallback(deliver).with_state(state)
}
