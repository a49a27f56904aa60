//! The *floor*: the minimum work that the protocol requires for an image. It
//! consists of the compressions of the digests and a copy of the output.

use std::collections::HashSet;

use image_model::{Image, Unsigned};
use sync_payload::ImageSigner;
use url_signer::cloudinary::{Asset, DeliveryUrl};
use url_signer::{ParseError, ProxyRequest};

use crate::{API_SECRET, APP_HOST};

const BLOCK: usize = 64;

/// The number of blocks that must be compressed for each signed text of an image.
///
/// Blocks that all images or several texts of one image share are not counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compressions {
    /// The blocks of each delivery URL signature.
    pub sha1: Vec<usize>,
    /// The blocks of the inner and outer digests of each thumbnail path and proxy
    /// URL.
    pub sha256: Vec<usize>,
}

/// Returns the number of blocks of a padded message.
const fn padded(length: usize) -> usize {
    (length + 1 + 8).div_ceil(BLOCK)
}

impl Compressions {
    /// Counts the blocks of an image from the signed texts of its URLs.
    ///
    /// Two kinds of blocks are not counted. A signer can precompute the complete
    /// blocks of the keys and of transformations without edits. It can share a text
    /// that two URLs sign and the complete blocks at the start of the three `url`
    /// parameters of the proxy URLs.
    ///
    /// # Errors
    ///
    /// Never fails for the URLs of a signer, which are valid.
    pub fn of(
        signer: &ImageSigner,
        image: &Image<Unsigned>,
        asset: &Asset,
    ) -> Result<Self, ParseError> {
        let urls_of = |image| urls(&signer.sign(image, asset));
        let unedited = Image {
            crop_w: image_model::Pixels::ZERO,
            crop_h: image_model::Pixels::ZERO,
            crop_x: image_model::Pixels::ZERO,
            crop_y: image_model::Pixels::ZERO,
            rotation: image_model::Rotation::ZERO,
            ..image.clone()
        };
        let fixed: HashSet<String> = urls_of(unedited)
            .into_iter()
            .filter_map(|url| Some(delivery(&url)?.transformation().to_owned() + "/"))
            .collect();
        let mut found = Self::default();
        let mut counted = HashSet::new();
        let mut first_proxied = true;
        for url in urls_of(image.clone()) {
            if let Some(delivery) = delivery(&url) {
                let steps = delivery.transformation().to_owned() + "/";
                let known = if fixed.contains(&steps) {
                    steps.len() / BLOCK
                } else {
                    0
                };
                let length = steps.len() + delivery.source().len() + API_SECRET.len();
                if counted.insert(steps) {
                    found.sha1.push(padded(length) - known);
                }
                continue;
            }
            let request = ProxyRequest::parse(&url)?;
            // The path signature does not cover the leading `/` and the end: `-`,
            // eleven digits and `.jpg`.
            let path = request.url.len() - APP_HOST.len() - 1 - (1 + 11 + 4);
            let folder = request.url.rfind('/').unwrap_or_default() + 1;
            let shared = if first_proxied { 0 } else { folder / BLOCK };
            first_proxied = false;
            found
                .sha256
                .extend([padded(path), 1, padded(request.url.len()) - shared, 1]);
        }
        Ok(found)
    }

    /// Compresses the counted blocks, with zeros as the data.
    pub fn compress(&self) {
        const ZEROS: [[u8; BLOCK]; 8] = [[0; BLOCK]; 8];
        for blocks in &self.sha1 {
            let mut state = [0; 5];
            sha1::block_api::compress(&mut state, ZEROS.get(..*blocks).unwrap_or(&ZEROS));
            std::hint::black_box(state);
        }
        for blocks in &self.sha256 {
            let mut state = [0; 8];
            sha2::block_api::compress256(&mut state, ZEROS.get(..*blocks).unwrap_or(&ZEROS));
            std::hint::black_box(state);
        }
    }
}

fn urls(image: &Image) -> Vec<String> {
    let mut texts = Vec::new();
    image.urls().map(|url| texts.push(url.clone()));
    texts
}

/// Parses a signed delivery URL after its prefix.
fn delivery(url: &str) -> Option<DeliveryUrl<'_>> {
    let url = url.trim_start_matches("/assets/blank.jpg#");
    DeliveryUrl::parse(url)
        .ok()
        .filter(|url| url.signature().is_some())
}
