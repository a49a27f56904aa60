//! The contents of a new host: the recorded images, and generated images for
//! load tests.

use anyhow::{Context, Result};
use image_model::{Crop, Image, Rotation, Unsigned};
use url_signer::cloudinary::Asset;
use uuid::Uuid;

use crate::import::{self, images};
use crate::progress;
use crate::store::{Batch, Store};

const RECORDED: &[u8] = include_bytes!("../../data/response_body.wire.json");

/// The user who sent the recorded request.
pub(crate) const USER: Uuid = Uuid::from_u128(0x40b7f36a_1e4b_4987_931f_88910a37c451);

/// The number of images that are generated before they are written.
const BATCH: u64 = 1_000;

/// Returns the contents of a new database: the recorded images, which the
/// recorded user may see.
pub(crate) fn initial() -> Result<Batch> {
    let mut batch = import::batch(RECORDED)?;
    batch.grant(&[USER].into());
    Ok(batch)
}

/// Returns the ids of the recorded images, in the order of the host.
pub(crate) fn ids() -> Result<Vec<Uuid>> {
    images(RECORDED).map(|image| Ok(image?.0.id)).collect()
}

/// Adds generated images to the recorded album until it has `wanted` of them.
pub(crate) async fn generate(store: &Store, wanted: u64) -> Result<()> {
    if wanted == 0 {
        return Ok(());
    }
    let recorded: Vec<_> = images(RECORDED).collect::<Result<_>>()?;
    let (model, _) = recorded
        .first()
        .context("the recorded payload has no images")?;
    let existing = store.count().await?.saturating_sub(recorded.len() as u64);
    let progress = progress::bar(wanted, "images")?;
    let mut number = existing;
    while number < wanted {
        progress.set_position(number);
        let next = wanted.min(number + BATCH);
        let mut batch = Batch::default();
        for number in number..next {
            let (image, asset) = generated(model, number)?;
            batch.push(&image, asset.as_ref())?;
        }
        store.write(batch, |_| ()).await?;
        number = next;
    }
    progress.finish_and_clear();
    Ok(())
}

/// Returns the generated image with a number, which is the same on every call.
/// Some images are cropped, some are rotated, and some are not uploaded yet.
fn generated(model: &Image<Unsigned>, number: u64) -> Result<(Image<Unsigned>, Option<Asset>)> {
    let id = Uuid::from_u128(u128::from(number) | 0x6d61_6465_0000_4000_8000_0000_0000_0000);
    let names = ["Été à la mer", "日本語", "Before & after <1>", "roof"];
    let name = names.into_iter().cycle().nth((number % 4) as usize);
    let quarter_turns = i32::from(number % 5 == 2);
    let mut image = Image {
        id,
        public_id: id.to_string(),
        filename: name.map(|name| format!("{name} {number}")),
        rotation: Rotation::new(90 * quarter_turns)?,
        ..model.clone()
    };
    if number % 7 == 3 {
        image.set_crop(Crop::new(3.0, 2.5, 10.0, 11.0)?);
    }
    let asset = Asset::authenticated(&format!("{:012x}", number + 1))?
        .with_version(123_123 + number)
        .with_extension("jpg")?;
    let pending = number % 11 == 10;
    Ok((image, (!pending).then_some(asset)))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn generated_images_are_distinct_and_reproducible() {
        let (model, _) = images(RECORDED).next().unwrap().unwrap();
        let generated = |number| generated(&model, number).unwrap();
        let ids: HashSet<_> = (0..1_000).map(|number| generated(number).0.id).collect();
        assert_eq!(ids.len(), 1_000);
        for number in 0..100 {
            assert_eq!(generated(number), generated(number));
        }
        assert!(!generated(3).0.crop().is_full());
        assert!(!generated(2).0.rotation.is_zero());
        assert!(generated(10).1.is_none());
    }
}
