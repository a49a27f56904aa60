//! Prints the input of the peers and the expected result, one JSON object per line:
//! an image with its eleven signed URLs and the remaining parts of its record.

#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "a program that prints records")]

use std::env;
use std::error::Error;

use serde_json::{Value, json};
use sync_payload::{WireStyle, to_vec};

fn main() -> Result<(), Box<dyn Error>> {
    let images: usize = env::args()
        .nth(1)
        .ok_or("expected the number of images")?
        .parse()?;
    let signer = benches::signer()?;
    for (image, asset) in benches::records(images)? {
        let crop = image.crop();
        let crop = (!crop.is_full())
            .then(|| [crop.x, crop.y, crop.w, crop.h].map(image_model::Pixels::get));
        let (filename, rotation) = (image.filename.clone(), image.rotation.degrees());
        let payload = to_vec([signer.sign(image, &asset)], WireStyle::Rails)?;
        let Some(image) = serde_json::from_slice::<Vec<Value>>(&payload)?.pop() else {
            continue;
        };
        println!(
            "{}",
            json!({
                "image": image,
                "public_id": asset.source().trim_end_matches(".jpg"),
                "version": asset.version(),
                "filename": filename,
                "crop": crop,
                "rotation": rotation,
            })
        );
    }
    Ok(())
}
