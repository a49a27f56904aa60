//! Signs a documented payload afresh, as a service does when it changes its
//! keys or moves to another account.
//!
//! ```sh
//! cargo run --release --example sync_payload -- payload.json > signed.json
//! ```

mod keys;

use std::fs;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, anyhow, bail};
use clap::Parser;
use image_model::{Image, Unsigned, Urls};
use indicatif::{ProgressBar, ProgressStyle};
use sync_payload::{ImageSigner, PayloadEncoder, UrlPrefix, WireStyle, parse_original_url};
use url_signer::cloudinary::Asset;
use url_signer::{Authority, ProxySigner, ThumbnailSigner};

const RECORDED: &[u8] = include_bytes!("../data/response_body.wire.json");

/// Images from which on a progress bar is shown.
const MANY: usize = 5_000;

/// Signs all eleven URLs of every image of a payload afresh, and writes the
/// payload to standard output.
#[derive(Parser)]
#[command(after_help = keys::HELP)]
struct Arguments {
    /// A documented payload, `-` for standard input [default: the recorded one]
    file: Option<PathBuf>,

    /// The style of the JSON: `rails`, as in the recorded payload, or `plain`, which
    /// is shorter
    #[arg(long, default_value_t)]
    style: WireStyle,

    /// Write over many lines
    #[arg(long)]
    pretty: bool,

    /// What stands before the delivery URLs of pages
    #[arg(long, default_value = "/assets/blank.jpg#")]
    prefix: UrlPrefix,

    /// Where the proxy URLs lead
    #[arg(long, default_value = "sharinpix-proxy-dev.herokuapp.com")]
    proxy_host: Authority,

    /// Where the proxy fetches
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
    // All of it before the first byte goes out, so that an image that can't
    // be signed leaves no half of a payload behind.
    let body = signed(images, &signer, arguments)?;
    let mut output = io::stdout().lock();
    output
        .write_all(&body)
        .and_then(|()| output.flush())
        .map_err(|error| anyhow!("standard output cannot be written: {error}"))
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
                .map_err(|error| anyhow!("standard input cannot be read: {error}"))?;
            Ok(payload)
        }
        Some(file) => {
            fs::read(file).map_err(|error| anyhow!("{} cannot be read: {error}", file.display()))
        }
    }
}

/// The URLs of a payload that is to be signed anew: only `original_url` is
/// looked at, so the others may be missing.
type Found = Option<String>;

fn signed(
    images: Vec<Image<Found>>,
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
        let asset = match asset(image.original_url.as_deref()) {
            Ok(asset) => asset,
            Err(error) => bail!("images[{index}].original_url: {error:#}"),
        };
        let image = image.with_urls(Urls::<Unsigned>::default());
        encoder.push_signed(signer, &image, asset.as_ref());
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(encoder.finish())
}

fn asset(original_url: Option<&str>) -> Result<Option<Asset>> {
    match original_url {
        Some(url) => Ok(parse_original_url(url)?),
        None => bail!("it is null or missing"),
    }
}

/// A bar on standard error; none if that is no terminal, or there is little to do.
fn progress(images: usize) -> Result<ProgressBar> {
    if images < MANY {
        return Ok(ProgressBar::hidden());
    }
    let template = "{wide_bar} {human_pos} of {human_len} images, {eta} left";
    let style = ProgressStyle::with_template(template)?;
    Ok(ProgressBar::new(images as u64).with_style(style))
}
