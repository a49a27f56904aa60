use axum::{Router, body::Body, extract::State, routing::get};
use http::request::Parts;
use sync_payload::PayloadBody;
use sync_payload::request::{RequestLimits, SyncRequest};
use sync_payload::response::Response;

use crate::app::{App, PATH, log, meta, unavailable};

pub fn router(app: App) -> Router {
    Router::new().route(PATH, get(image_syncs).with_state(app))
}

async fn image_syncs(State(app): State<App>, parts: Parts) -> http::Response<Body> {
    let respond = async {
        let request = SyncRequest::from_parts(&parts, &RequestLimits::new())
            .map_err(|error| Response::from_error(meta(), &error))?;
        let user = app.user(request.token.as_str())?;
        let records = app.records(user, request.ids);
        let payload = PayloadBody::new(app.signer, records).on_error(log);
        let payload = payload.start().await.map_err(unavailable)?;
        Ok(Response::ok(meta(), &request.token).into_http(Body::new(payload)))
    };
    let response: Result<_, Response> = respond.await;
    response.unwrap_or_else(|error| error.into_http_text().map(Body::from))
}
