//! The image sync endpoint on actix-web, with images in memory.

use std::any::Any;
use std::collections::HashMap;
use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{env, fs, io};

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, HeaderValue};
use actix_web::middleware::Compress;
#[cfg(target_os = "linux")]
use actix_web::rt::net::TcpStream;
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use anyhow::{Context, Result};
use clap::Parser;
use image_model::{Image, Unsigned, Urls};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
#[cfg(target_os = "linux")]
use socket2::SockRef;
use sync_payload::request::{RequestLimits, SyncRequest};
use sync_payload::response::{Response, ResponseMeta};
use sync_payload::{ImageSigner, PayloadEncoder, WireStyle, parse_original_url};
use url_signer::cloudinary::{Asset, Cloud};
use url_signer::{Authority, ProxySigner, Secret, ThumbnailSigner};
use uuid::Uuid;

const RECORDED: &[u8] = include_bytes!("../../data/response_body.wire.json");

/// The user of the recorded request, who may see every image.
const USER: Uuid = Uuid::from_u128(0x40b7f36a_1e4b_4987_931f_88910a37c451);

/// The time limit for receiving a request head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// The maximum number of open connections of each worker.
const CONNECTIONS: usize = 4_096;

/// The time after which a connection whose client accepts no bytes is closed.
#[cfg(target_os = "linux")]
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// The maximum number of bytes that the kernel accepts before it sends them.
#[cfg(target_os = "linux")]
const NOT_SENT: u32 = 128 * 1024;

/// The tolerated difference between the clocks of hosts, in seconds.
const LEEWAY: u64 = 30;

/// Serves the image sync endpoint with images in memory.
#[derive(Parser)]
#[command(after_help = "\
Environment:
  CLOUDINARY_URL, PROXY_KEY, THUMBNAIL_KEY  the keys that sign URLs
  TOKEN_KEY  the key that signs access tokens, at least 32 bytes")]
struct Arguments {
    /// The address to listen on
    #[arg(default_value = "127.0.0.1:3001")]
    address: String,
    /// The file of a payload [default: the recorded payload]
    payload: Option<PathBuf>,
}

struct Images {
    /// The images in the order of the host.
    list: Vec<(Image<Unsigned>, Option<Asset>)>,
    by_id: HashMap<Uuid, usize>,
    signer: ImageSigner,
    token_key: DecodingKey,
    validation: Validation,
}

#[derive(Deserialize)]
struct Claims {
    user_id: Uuid,
}

#[actix_web::main]
async fn main() -> Result<()> {
    let Arguments { address, payload } = Arguments::parse();
    let read =
        |file: &PathBuf| fs::read(file).with_context(|| format!("cannot read {}", file.display()));
    let payload = payload.as_ref().map(read).transpose()?;
    let images = Data::new(Images::new(payload.as_deref().unwrap_or(RECORDED))?);
    let listener =
        TcpListener::bind(&address).with_context(|| format!("cannot listen on {address}"))?;
    let address = listener.local_addr()?;
    // The host serves even if nobody reads its output.
    let _ = writeln!(io::stdout(), "listening on http://{address}");
    let app = move || {
        let image_syncs = web::resource("/api/v1/image_syncs")
            .route(web::get().to(image_syncs))
            .route(web::head().to(image_syncs))
            .default_service(web::to(method_not_allowed));
        let health = web::resource("/healthz")
            .route(web::get().to(health))
            .route(web::head().to(health))
            .default_service(web::to(method_not_allowed));
        App::new()
            .app_data(Data::clone(&images))
            .wrap(Compress::default())
            .service(image_syncs)
            .service(health)
            .default_service(web::to(async || respond(Response::not_found(new_meta()))))
    };
    let server = HttpServer::new(app)
        .client_request_timeout(HEAD_TIMEOUT)
        .max_connections(CONNECTIONS)
        .on_connect(|stream, _| limit_writes(stream));
    Ok(server.listen(listener)?.run().await?)
}

/// Makes the kernel close a connection whose client accepts no bytes.
///
/// actix-web has no time limit for writes.
fn limit_writes(stream: &dyn Any) {
    #[cfg(target_os = "linux")]
    if let Some(stream) = stream.downcast_ref::<TcpStream>() {
        let socket = SockRef::from(stream);
        let _ = socket.set_tcp_user_timeout(Some(WRITE_TIMEOUT));
        let _ = socket.set_tcp_notsent_lowat(NOT_SENT);
    }
}

async fn health() -> HttpResponse {
    respond(Response::text(new_meta(), 200, "ok"))
}

async fn method_not_allowed() -> HttpResponse {
    respond(Response::method_not_allowed(new_meta(), ["GET", "HEAD"]))
}

async fn image_syncs(images: Data<Images>, request: HttpRequest) -> HttpResponse {
    let received_at = Instant::now();
    let meta = || ResponseMeta::new(Uuid::new_v4(), received_at.elapsed());
    let authorizations = request.headers().get_all(AUTHORIZATION);
    let sync_request = SyncRequest::parse(
        Some(request.query_string()),
        authorizations.map(HeaderValue::as_bytes),
        &RequestLimits::new(),
    );
    let sync_request = match sync_request {
        Ok(sync_request) => sync_request,
        Err(error) => return respond(Response::from_error(meta(), &error)),
    };
    let Some(user) = images.user(sync_request.token.as_str()) else {
        return respond(Response::unauthorized(meta()));
    };
    let payload = images.payload(user, sync_request.ids.as_deref());
    respond(Response::ok(meta(), &sync_request.token)).set_body(BoxBody::new(payload))
}

/// Creates the values for a response that takes no time.
fn new_meta() -> ResponseMeta {
    ResponseMeta::new(Uuid::new_v4(), Duration::ZERO)
}

fn respond(response: Response) -> HttpResponse {
    let (status, headers, body) = response.into_parts();
    // `Response` has valid statuses only.
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut builder = HttpResponse::build(status);
    for (name, value) in headers {
        builder.insert_header((name, &*value));
    }
    builder.body(body.into_owned())
}

/// Reads a key from the environment. Warns about a short or implausible key.
fn key(variable: &str) -> Result<Secret> {
    let key = Secret::from_env(variable)?;
    if let Some(reason) = key.warning() {
        let _ = writeln!(
            io::stderr(),
            "warning: {variable} is probably not the intended key: {reason}"
        );
    }
    if key.is_short() {
        let _ = writeln!(
            io::stderr(),
            "warning: {variable} is short; use at least 32 random bytes"
        );
    }
    Ok(key)
}

impl Images {
    fn new(payload: &[u8]) -> Result<Self> {
        let mut list = Vec::new();
        for image in image_model::from_slice::<String>(payload)? {
            let asset = parse_original_url(&image.original_url)
                .with_context(|| format!("invalid original_url of image {}", image.id))?;
            list.push((image.with_urls(Urls::default()), asset));
        }
        let ids = list.iter().map(|(image, _)| image.id);
        let by_id = ids.enumerate().map(|(index, id)| (id, index)).collect();
        let proxy = Authority::new("sharinpix-proxy-dev.herokuapp.com")?;
        let app = Authority::new("localhost")?;
        let proxy = ProxySigner::new(proxy, app, key("PROXY_KEY")?);
        let thumbnails = ThumbnailSigner::new(key("THUMBNAIL_KEY")?);
        let cloud = Cloud::from_env()?;
        for warning in cloud.warnings() {
            let _ = writeln!(io::stderr(), "warning: {warning}");
        }
        let signer = ImageSigner::new(cloud, proxy, thumbnails);
        // Rejects blank keys and newlines.
        key("TOKEN_KEY")?;
        let token_key = env::var("TOKEN_KEY").ok();
        let token_key = token_key.context("TOKEN_KEY is not set or not valid UTF-8")?;
        anyhow::ensure!(token_key.len() >= 32, "TOKEN_KEY is shorter than 32 bytes");
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_nbf = true;
        validation.leeway = LEEWAY;
        Ok(Self {
            list,
            by_id,
            signer: signer.with_prefix("/assets/blank.jpg#".parse()?),
            token_key: DecodingKey::from_secret(token_key.as_bytes()),
            validation,
        })
    }

    /// Returns the user of a valid token.
    fn user(&self, token: &str) -> Option<Uuid> {
        let token =
            jsonwebtoken::decode::<Claims>(token, &self.token_key, &self.validation).ok()?;
        token.header.crit.is_none().then_some(token.claims.user_id)
    }

    /// Returns the payload of the requested images, or of all images, that the user
    /// may see.
    fn payload(&self, user: Uuid, ids: Option<&[Uuid]>) -> Vec<u8> {
        let index = |id| self.by_id.get(id).copied();
        let mut indices: Vec<usize> = match ids {
            _ if user != USER => Vec::new(),
            Some(ids) => ids.iter().filter_map(index).collect(),
            None => (0..self.list.len()).collect(),
        };
        indices.sort_unstable();
        let mut encoder = PayloadEncoder::new(WireStyle::Rails);
        for (image, asset) in indices.into_iter().filter_map(|index| self.list.get(index)) {
            encoder.push_signed(&self.signer, image, asset);
        }
        encoder.finish()
    }
}
