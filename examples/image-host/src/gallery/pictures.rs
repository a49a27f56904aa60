//! The pictures of the recorded images.

use anyhow::{Context, Result};
use local_delivery::{AssetKey, Originals};
use url_signer::cloudinary::DeliveryType;

/// The public ids of the recorded images, and the pictures that replace their files.
const PICTURES: [(&str, &[u8]); 4] = [
    (
        "0b7e148bbd7c",
        include_bytes!("../../../data/pictures/0b7e148bbd7c.png"),
    ),
    (
        "a0edf094f09d",
        include_bytes!("../../../data/pictures/a0edf094f09d.png"),
    ),
    (
        "00e65594a9e0",
        include_bytes!("../../../data/pictures/00e65594a9e0.png"),
    ),
    (
        "b1554075eeb7",
        include_bytes!("../../../data/pictures/b1554075eeb7.png"),
    ),
];

/// Saves the pictures that are not in the folder.
pub(super) fn save_missing(originals: &Originals) -> Result<()> {
    for (public_id, picture) in PICTURES {
        let key = AssetKey::image(DeliveryType::Authenticated, public_id)?;
        if !originals
            .contains(&key)
            .context("cannot read the folder of originals")?
        {
            originals.save(&key, picture)?;
        }
    }
    Ok(())
}
