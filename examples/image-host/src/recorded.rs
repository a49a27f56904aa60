//! What a new host starts with: the recorded images, and made ones for load.

use anyhow::{Context, Result};
use image_model::{Image, Pixels, Rotation, Unsigned};
use indicatif::{ProgressBar, ProgressStyle};
use url_signer::cloudinary::{Asset, DeliveryType};
use uuid::Uuid;

use crate::import::records;
use crate::store::{Record, Store};

const RECORDED: &[u8] = include_bytes!("../../data/response_body.wire.json");

/// The user who sent the recorded request.
pub(crate) const USER: Uuid = Uuid::from_u128(0x40b7f36a_1e4b_4987_931f_88910a37c451);

/// Images that are written at once.
const BATCH: u64 = 1_000;

/// Fills a new database with the recorded images, for the recorded user.
pub(crate) async fn fill(store: &Store) -> Result<()> {
    let records = records(RECORDED)?;
    store.write(&records).await?;
    for record in &records {
        if let Some(album) = &record.image.album_id {
            store.grant(USER, album).await?;
        }
    }
    Ok(())
}

/// The ids of the recorded images, in the host's order.
pub(crate) fn ids() -> Result<Vec<Uuid>> {
    let records = records(RECORDED)?;
    Ok(records.iter().map(|record| record.image.id).collect())
}

/// Adds made images to the recorded album until there are `wanted` of them.
pub(crate) async fn generate(store: &Store, wanted: u64) -> Result<()> {
    let recorded = records(RECORDED)?;
    let model = recorded.first().context("there are recorded images")?;
    let there = store.count().await?.saturating_sub(recorded.len() as u64);
    let template = "{wide_bar} {human_pos} of {human_len} images, {eta} left";
    let progress = ProgressBar::new(wanted).with_style(ProgressStyle::with_template(template)?);
    let mut number = there;
    while number < wanted {
        progress.set_position(number);
        let next = wanted.min(number + BATCH);
        let made: Vec<_> = (number..next)
            .map(|number| made(&model.image, number))
            .collect::<Result<_>>()?;
        store.write(&made).await?;
        number = next;
    }
    progress.finish_and_clear();
    Ok(())
}

/// The same image for the same number: some are cropped, some turned, and
/// some are not at the delivery network yet.
fn made(model: &Image<Unsigned>, number: u64) -> Result<Record> {
    let id = Uuid::from_u128(u128::from(number) | 0x6d61_6465_0000_4000_8000_0000_0000_0000);
    let cropped = number % 7 == 3;
    let pixels = |value: f64| Pixels::new(if cropped { value } else { 0.0 });
    let names = ["Été à la mer", "日本語", "Before & after <1>", "roof"];
    let name = names.into_iter().cycle().nth((number % 4) as usize);
    let turned = i32::from(number % 5 == 2);
    let image = Image {
        id,
        public_id: id.to_string(),
        filename: name.map(|name| format!("{name} {number}")),
        rotation: Rotation::new(90 * turned)?,
        crop_x: pixels(3.0)?,
        crop_y: pixels(2.5)?,
        crop_w: pixels(10.0)?,
        crop_h: pixels(11.0)?,
        ..model.clone()
    };
    let asset = Asset::new(&format!("{:012x}", number + 1))?
        .with_delivery_type(DeliveryType::Authenticated)?
        .with_version(123_123 + number)
        .with_extension("jpg")?;
    let pending = number % 11 == 10;
    Ok(Record {
        image,
        asset: (!pending).then_some(asset),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn made_images_differ_and_are_the_same_again() {
        let model = &records(RECORDED).unwrap()[0].image;
        let made = |number| made(model, number).unwrap();
        let ids: HashSet<_> = (0..1_000).map(|number| made(number).image.id).collect();
        assert_eq!(ids.len(), 1_000);
        for number in 0..100 {
            assert_eq!(made(number).image, made(number).image);
            assert_eq!(made(number).asset, made(number).asset);
        }
        assert!(!made(3).image.crop().is_full());
        assert!(!made(2).image.rotation.is_zero());
        assert!(made(10).asset.is_none());
    }
}
