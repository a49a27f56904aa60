//! Sends constant bytes on the HTTP stack of image-host.

#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use clap::Parser;
use endpoint::{ConstantResponses, PATH, Payloads, serve};
use http::Uri;
use mimalloc::MiMalloc;

/// The allocator of image-host.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Sends constant bytes on the HTTP stack of image-host.
#[derive(Parser)]
struct Arguments {
    /// The folder of the payloads
    payloads: PathBuf,
}

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments { payloads } = Arguments::parse();
    let responses = ConstantResponses::new(Payloads::load(&payloads)?)?;
    let router = Router::new().route(PATH, get(image_syncs));
    Ok(serve(router.with_state(Arc::new(responses))).await?)
}

async fn image_syncs(State(responses): State<Arc<ConstantResponses>>, uri: Uri) -> Response {
    responses.respond(uri.query())
}
