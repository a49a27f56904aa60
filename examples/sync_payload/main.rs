//! Signs all URLs of a payload again, for example after a change of the keys or of
//! the account.
//!
//! ```sh
//! cargo run --release --example sync_payload -- payload.json > signed.json
//! ```

mod keys;
#[path = "../output.rs"]
mod output;
#[path = "../warning.rs"]
mod warning;

use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use image_model::{Image, Unsigned, Urls};
use indicatif::{ProgressBar, ProgressStyle};
use sync_payload::{ImageSigner, PayloadEncoder, UrlPrefix, WireStyle, parse_original_url};
use url_signer::cloudinary::Asset;
use url_signer::{Authority, ProxySigner, ThumbnailSigner};

use crate::output::unless_closed;

const RECORDED: &[u8] = include_bytes!("../data/response_body.wire.json");

/// The minimum number of images for a progress bar.
const MANY: usize = 5_000;

/// Signs the eleven URLs of each image of a payload again, and writes the payload
/// to standard output.
#[derive(Parser)]
#[command(after_help = keys::HELP)]
struct Arguments {
    /// File of the payload, `-` for standard input [default: the recorded payload]
    file: Option<PathBuf>,

    /// Style of the JSON: `rails`, as in the recorded payload, or `plain`, which is shorter
    #[arg(long, default_value_t)]
    style: WireStyle,

    /// Format the JSON with line breaks and indentation
    #[arg(long)]
    pretty: bool,

    /// Text before each delivery URL in `thumbnails` and `external_urls`
    #[arg(long, default_value = "/assets/blank.jpg#")]
    prefix: UrlPrefix,

    /// Host of the proxy URLs
    #[arg(long, default_value = "sharinpix-proxy-dev.herokuapp.com")]
    proxy_host: Authority,

    /// Host from which the proxy fetches thumbnails
    #[arg(long, default_value = "localhost")]
    app_host: Authority,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let signer = signer(arguments)?;
    let images = image_model::from_slice(&payload(arguments)?)?;
    // The payload is complete before it is written, so that an invalid image
    // never leaves an incomplete payload.
    let body = signed(images, &signer, arguments)?;
    let mut output = io::stdout().lock();
    let written = output.write_all(&body).and_then(|()| output.flush());
    unless_closed(written.context("cannot write standard output"), ())
}

fn signer(arguments: &Arguments) -> Result<ImageSigner> {
    let keys = keys::from_env()?;
    let proxy = ProxySigner::new(
        arguments.proxy_host.clone(),
        arguments.app_host.clone(),
        keys.proxy,
    );
    let thumbnails = ThumbnailSigner::new(keys.thumbnail);
    let signer = ImageSigner::new(keys.cloud, proxy, thumbnails);
    Ok(signer.with_prefix(arguments.prefix.clone()))
}

fn payload(arguments: &Arguments) -> Result<Vec<u8>> {
    match &arguments.file {
        None => Ok(RECORDED.to_vec()),
        Some(file) if file.as_os_str() == "-" => {
            let mut payload = Vec::new();
            io::stdin()
                .read_to_end(&mut payload)
                .context("cannot read standard input")?;
            Ok(payload)
        }
        Some(file) => fs::read(file).with_context(|| format!("cannot read {}", file.display())),
    }
}

/// The URLs of the input. Only `original_url` is used, so the remaining URLs may be
/// missing.
type InputUrl = Option<String>;

fn signed(
    images: Vec<Image<InputUrl>>,
    signer: &ImageSigner,
    arguments: &Arguments,
) -> Result<Vec<u8>> {
    let mut encoder = if arguments.pretty {
        PayloadEncoder::pretty(arguments.style)
    } else {
        PayloadEncoder::new(arguments.style)
    };
    let progress = progress(images.len())?;
    for (index, image) in images.into_iter().enumerate() {
        let asset = asset(image.original_url.as_deref())
            .with_context(|| format!("images[{index}].original_url"))?;
        let image = image.with_urls(Urls::<Unsigned>::default());
        encoder.push_signed(signer, &image, asset.as_ref());
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(encoder.finish())
}

fn asset(original_url: Option<&str>) -> Result<Option<Asset>> {
    Ok(parse_original_url(
        original_url.context("null or missing")?,
    )?)
}

/// Returns a progress bar for standard error. It is hidden for few images, or if
/// standard error is not a terminal.
fn progress(images: usize) -> Result<ProgressBar> {
    if images < MANY {
        return Ok(ProgressBar::hidden());
    }
    let template = "{wide_bar} {human_pos} of {human_len} images, {eta} left";
    let style = ProgressStyle::with_template(template)?;
    Ok(ProgressBar::new(images as u64).with_style(style))
}
