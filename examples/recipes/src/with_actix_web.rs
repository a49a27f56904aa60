use actix_web::http::{StatusCode, header::HeaderValue};
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, Resource};
use sync_payload::PayloadStream;
use sync_payload::request::{RequestLimits, SyncRequest};
use sync_payload::response::Response;

use crate::app::{App, PATH, log, meta, unavailable};

pub fn resource() -> Resource {
    web::resource(PATH).get(image_syncs).head(image_syncs)
}

async fn image_syncs(app: Data<App>, request: HttpRequest) -> HttpResponse {
    let respond = async {
        let authorizations = request.headers().get_all("authorization");
        let authorizations = authorizations.map(HeaderValue::as_bytes);
        let query = request.uri().query();
        let request = SyncRequest::parse(query, authorizations, &RequestLimits::new())
            .map_err(|error| Response::from_error(meta(), &error))?;
        let records = app.records(app.user(request.token.as_str())?, request.ids);
        let payload = PayloadStream::new(app.signer.clone(), records).on_error(log);
        let payload = payload.start().await.map_err(unavailable)?;
        Ok(head(&Response::ok(meta(), &request.token)).streaming(payload))
    };
    let response: Result<_, Response> = respond.await;
    response.unwrap_or_else(|error| head(&error).body(error.body().to_owned()))
}

fn head(response: &Response) -> HttpResponseBuilder {
    let mut head = HttpResponse::build(StatusCode::from_u16(response.status()).expect("valid"));
    for header in response.headers() {
        head.insert_header(header);
    }
    head
}
