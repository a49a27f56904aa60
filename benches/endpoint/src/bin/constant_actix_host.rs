//! Sends constant bytes on the HTTP stack of actix-host.

#![forbid(unsafe_code)]

use std::any::Any;
use std::io::{self, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

#[cfg(target_os = "linux")]
use actix_web::rt::net::TcpStream;
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use anyhow::Result;
use clap::Parser;
use endpoint::{PATH, Payloads};
#[cfg(target_os = "linux")]
use socket2::SockRef;

/// The settings of actix-host.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
const CONNECTIONS: usize = 4_096;
#[cfg(target_os = "linux")]
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);
#[cfg(target_os = "linux")]
const NOT_SENT: u32 = 128 * 1024;

/// Sends constant bytes on the HTTP stack of actix-host.
#[derive(Parser)]
struct Arguments {
    /// The folder of the payloads
    payloads: PathBuf,
}

#[actix_web::main]
async fn main() -> Result<()> {
    let Arguments { payloads } = Arguments::parse();
    let payloads = Data::new(Payloads::load(&payloads)?);
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    writeln!(io::stdout(), "listening on http://{address}")?;
    let app = move || {
        App::new()
            .app_data(Data::clone(&payloads))
            .service(web::resource(PATH).route(web::get().to(image_syncs)))
    };
    let server = HttpServer::new(app)
        .client_request_timeout(HEAD_TIMEOUT)
        .max_connections(CONNECTIONS)
        .on_connect(|stream, _| set_options(stream));
    Ok(server.listen(listener)?.run().await?)
}

fn set_options(stream: &dyn Any) {
    #[cfg(target_os = "linux")]
    if let Some(stream) = stream.downcast_ref::<TcpStream>() {
        let socket = SockRef::from(stream);
        let _ = socket.set_tcp_user_timeout(Some(WRITE_TIMEOUT));
        let _ = socket.set_tcp_notsent_lowat(NOT_SENT);
    }
}

async fn image_syncs(payloads: Data<Payloads>, request: HttpRequest) -> HttpResponse {
    let Some(payload) = payloads.for_query(request.uri().query()) else {
        return HttpResponse::NotFound().finish();
    };
    let mut response = HttpResponse::Ok();
    for (name, value) in payloads.headers() {
        response.insert_header((name.as_str(), value.as_str()));
    }
    response.body(payload.bytes.clone())
}
