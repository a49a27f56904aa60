use std::borrow::Cow;

use http_body_util::combinators::BoxBody;
use poem::http::HeaderValue;
use poem::{Body, Request, Route, get, handler, web::Data};
use sync_payload::PayloadStream;
use sync_payload::request::{RequestLimits, SyncRequest};
use sync_payload::response::Response;

use crate::app::{App, PATH, log, meta, unavailable};

pub fn route(app: App) -> impl poem::Endpoint {
    poem::EndpointExt::data(Route::new().at(PATH, get(image_syncs)), app)
}

#[handler]
async fn image_syncs(request: &Request, Data(app): Data<&App>) -> poem::Response {
    let respond = async {
        let authorizations = request.headers().get_all("authorization");
        let authorizations = authorizations.iter().map(HeaderValue::as_bytes);
        let query = request.uri().query();
        let request = SyncRequest::parse(query, authorizations, &RequestLimits::new())
            .map_err(|error| Response::from_error(meta(), &error))?;
        let records = app.records(app.user(request.token.as_str())?, request.ids);
        let payload = PayloadStream::new(app.signer.clone(), records).on_error(abort);
        let payload = payload.start().await.map_err(unavailable)?;
        Ok(Response::ok(meta(), &request.token).into_http(Body::from_bytes_stream(payload)))
    };
    let response: Result<_, Response> = respond.await;
    let text = |text: Cow<'static, str>| Body::from_string(text.into_owned());
    let response = response.unwrap_or_else(|error| error.into_http_text().map(text));
    response.map(BoxBody::from).into()
}

// poem polls a failed connection again, and hyper then ends the body as if it were
// complete. A panic ends the task of the connection. `resume_unwind` does not call the
// panic hook, so nothing is printed. This requires `panic = "unwind"`.
fn abort(error: &std::io::Error) {
    log(error);
    std::panic::resume_unwind(Box::new("response aborted"));
}
