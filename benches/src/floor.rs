//! What the documented scheme can't do without: the compressions of its
//! digests, and copying the bytes that go out.

use std::collections::HashSet;

use image_model::{Image, Unsigned};
use sync_payload::{ImageSigner, ImageUrl};
use url_signer::cloudinary::{Asset, DeliveryUrl};
use url_signer::{ParseError, ProxyRequest};

use crate::{API_SECRET, APP_HOST};

const BLOCK: usize = 64;

/// Blocks that each message of an image has beyond what is the same for all
/// images or for the image's other messages, so need be compressed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compressions {
    /// Of the delivery URLs' signatures, a number for each message.
    pub sha1: Vec<usize>,
    /// Of the thumbnail paths' and the proxy URLs', inner digest and outer.
    pub sha256: Vec<usize>,
}

/// Blocks of a message of this length, with its padding.
const fn padded(length: usize) -> usize {
    (length + 1 + 8).div_ceil(BLOCK)
}

impl Compressions {
    /// Counts those of an image, from the texts that its URLs sign.
    ///
    /// What a signer can know beforehand is not counted: the whole blocks of a
    /// transformation that is no edit, and of the keys. Nor is what it can
    /// share: a text that two URLs of the image sign, and the whole blocks that
    /// the three `url`s of the proxy begin with.
    ///
    /// # Errors
    ///
    /// None: the signer's URLs can be read.
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
        let mut messages = HashSet::new();
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
                if messages.insert(steps) {
                    found.sha1.push(padded(length) - known);
                }
                continue;
            }
            let request = ProxyRequest::parse(&url)?;
            // `-`, eleven digits and `.jpg` are no part of what the path signs,
            // nor is the `/` before it.
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

    /// Does that work on a message of zeros.
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

fn urls(image: &Image<ImageUrl<'_>>) -> Vec<String> {
    let mut texts = Vec::new();
    image.urls().map(|url| texts.push(url.to_string()));
    texts
}

/// A delivery URL, without the prefix.
fn delivery(url: &str) -> Option<DeliveryUrl<'_>> {
    let url = url.trim_start_matches("/assets/blank.jpg#");
    DeliveryUrl::parse(url)
        .ok()
        .filter(|url| url.signature().is_some())
}
