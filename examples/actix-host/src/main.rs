//! The image sync endpoint on actix-web, its images in memory.

use std::collections::HashMap;
use std::io::Write;
use std::net::TcpListener;
use std::time::Instant;
use std::{env, fs, io};

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, HeaderValue};
use actix_web::middleware::Compress;
use actix_web::web::{self, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use anyhow::{Context, Result};
use image_model::{Image, Unsigned, Urls};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use sync_payload::request::{RequestLimits, SyncRequest};
use sync_payload::response::{Response, ResponseMeta};
use sync_payload::{ImageSigner, PayloadEncoder, WireStyle, parse_original_url};
use url_signer::cloudinary::{Asset, Cloud};
use url_signer::{Authority, ProxySigner, Secret, ThumbnailSigner};
use uuid::Uuid;

const RECORDED: &[u8] = include_bytes!("../../data/response_body.wire.json");

/// Who sent the recorded request: the one user here, who may see every image.
const USER: Uuid = Uuid::from_u128(0x40b7f36a_1e4b_4987_931f_88910a37c451);

struct Images {
    /// In the host's order.
    list: Vec<(Image<Unsigned>, Option<Asset>)>,
    by_id: HashMap<Uuid, usize>,
    signer: ImageSigner,
    token_key: DecodingKey,
    checks: Validation,
}

#[derive(Deserialize)]
struct Claims {
    user_id: Uuid,
}

#[actix_web::main]
async fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let address = arguments.next().unwrap_or("127.0.0.1:3001".to_owned());
    let payload = arguments.next().map(fs::read).transpose()?;
    let images = Data::new(Images::new(payload.as_deref().unwrap_or(RECORDED))?);
    let listener = TcpListener::bind(address)?;
    let address = listener.local_addr()?;
    writeln!(io::stdout(), "listening on http://{address}")?;
    let app = move || {
        App::new()
            .app_data(Data::clone(&images))
            .wrap(Compress::default())
            .route("/api/v1/image_syncs", web::get().to(image_syncs))
    };
    Ok(HttpServer::new(app).listen(listener)?.run().await?)
}

async fn image_syncs(images: Data<Images>, request: HttpRequest) -> HttpResponse {
    let since = Instant::now();
    let meta = || ResponseMeta::new(Uuid::new_v4(), since.elapsed());
    let authorizations = request.headers().get_all(AUTHORIZATION);
    let sync_request = SyncRequest::parse(
        Some(request.query_string()),
        authorizations.map(HeaderValue::as_bytes),
        &RequestLimits::new(),
    );
    let sync_request = match sync_request {
        Ok(sync_request) => sync_request,
        Err(error) => return answer(&Response::from_error(meta(), &error), None),
    };
    let Some(user) = images.user(sync_request.token.as_str()) else {
        return answer(&Response::unauthorized(meta()), None);
    };
    let payload = images.payload(user, sync_request.ids.as_deref());
    answer(&Response::ok(meta(), &sync_request.token), Some(payload))
}

fn answer(response: &Response, payload: Option<Vec<u8>>) -> HttpResponse {
    let status = StatusCode::from_u16(response.status());
    let mut answer = HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    for header in response.headers() {
        answer.insert_header(header);
    }
    answer.body(payload.unwrap_or_else(|| response.body().into()))
}

impl Images {
    fn new(payload: &[u8]) -> Result<Self> {
        let mut list = Vec::new();
        for image in image_model::from_slice::<String>(payload)? {
            let asset = parse_original_url(&image.original_url)
                .with_context(|| format!("original_url of {}", image.id))?;
            list.push((image.with_urls(Urls::default()), asset));
        }
        let ids = list.iter().map(|(image, _)| image.id);
        let by_id = ids.enumerate().map(|(at, id)| (id, at)).collect();
        let proxy = Authority::new("sharinpix-proxy-dev.herokuapp.com")?;
        let app = Authority::new("localhost")?;
        let proxy = ProxySigner::new(proxy, app, Secret::from_env("PROXY_KEY")?);
        let thumbnails = ThumbnailSigner::new(Secret::from_env("THUMBNAIL_KEY")?);
        let signer = ImageSigner::new(Cloud::from_env()?, proxy, thumbnails);
        let token_key = env::var("TOKEN_KEY").context("TOKEN_KEY")?;
        anyhow::ensure!(token_key.len() >= 32, "TOKEN_KEY is shorter than 32 bytes");
        let mut checks = Validation::new(Algorithm::HS256);
        checks.validate_nbf = true;
        Ok(Self {
            list,
            by_id,
            signer: signer.with_prefix("/assets/blank.jpg#".parse()?),
            token_key: DecodingKey::from_secret(token_key.as_bytes()),
            checks,
        })
    }

    /// The user whom a token names, if it holds.
    fn user(&self, token: &str) -> Option<Uuid> {
        let token = jsonwebtoken::decode::<Claims>(token, &self.token_key, &self.checks).ok()?;
        token.header.crit.is_none().then_some(token.claims.user_id)
    }

    /// What the user may see of the images that are asked for, or of all.
    fn payload(&self, user: Uuid, ids: Option<&[Uuid]>) -> Vec<u8> {
        let position = |id| self.by_id.get(id).copied();
        let mut asked: Vec<usize> = match ids {
            _ if user != USER => Vec::new(),
            Some(ids) => ids.iter().filter_map(position).collect(),
            None => (0..self.list.len()).collect(),
        };
        asked.sort_unstable();
        let mut encoder = PayloadEncoder::new(WireStyle::Rails);
        for (image, asset) in asked.into_iter().filter_map(|at| self.list.get(at)) {
            encoder.push_signed(&self.signer, image, asset.as_ref());
        }
        encoder.finish()
    }
}
