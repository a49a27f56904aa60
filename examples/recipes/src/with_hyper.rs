use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use hyper::{Request, body::Bytes, body::Incoming};
use sync_payload::PayloadBody;
use sync_payload::request::{RequestLimits, SyncRequest};
use sync_payload::response::Response;

use crate::app::{App, PATH, log, meta, unavailable};

type Body = UnsyncBoxBody<Bytes, std::io::Error>;

pub async fn service(app: App, request: Request<Incoming>) -> http::Response<Body> {
    let (parts, _) = request.into_parts();
    let respond = async {
        match (parts.uri.path(), parts.method.as_str()) {
            (PATH, "GET" | "HEAD") => Ok(()),
            (PATH, _) => Err(Response::method_not_allowed(meta(), ["GET", "HEAD"])),
            _ => Err(Response::not_found(meta())),
        }?;
        let request = SyncRequest::from_parts(&parts, &RequestLimits::new())
            .map_err(|error| Response::from_error(meta(), &error))?;
        let records = app.records(app.user(request.token.as_str())?, request.ids);
        let payload = PayloadBody::new(app.signer, records).on_error(log);
        let payload = payload.start().await.map_err(unavailable)?;
        Ok(Response::ok(meta(), &request.token).into_http(Body::new(payload)))
    };
    let response: Result<_, Response> = respond.await;
    let text = |text| Body::new(Full::from(text).map_err(|never| match never {}));
    response.unwrap_or_else(|error| error.into_http_text().map(text))
}
