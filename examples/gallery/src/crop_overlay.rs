//! The crop of an image, drawn on its original.

use image_model::{Image, Unsigned};
use maud::{Markup, html};

use crate::images::Entry;
use crate::pictures::Picture;

/// Renders the original with the rectangle of the crop.
pub(crate) fn section(entry: &Entry, pictures: &[Picture]) -> Markup {
    let image = &entry.image;
    // Scaled, but neither cropped nor rotated.
    let keys = image_model::Urls::paths();
    let original = pictures
        .iter()
        .find(|picture| picture.key == keys.thumbnails.full_no_sharinpix)
        .filter(|_| entry.asset.is_some());
    let size = image.original_width.zip(image.original_height);
    html! {
        section aria-labelledby="crop" {
            h2 id="crop" { "Crop" }
            p.lead { (description(image)) }
            @if let Some(original) = original {
                div.crop {
                    img src=(original.url) alt={ (entry.name()) ", original" } crossorigin="anonymous" decoding="async";
                    @if let Some((width, height)) = size { (rectangle(image, width, height)) }
                }
            }
        }
    }
}

fn rectangle(image: &Image<Unsigned>, width: u32, height: u32) -> Markup {
    let crop = image.crop();
    if crop.is_full() || width == 0 || height == 0 {
        return html! {};
    }
    let [x, y, w, h] = [crop.x, crop.y, crop.w, crop.h].map(image_model::Pixels::get);
    // The outer path and the crop in one path: the space between them is shaded.
    let shade = format!("M0 0H{width}V{height}H0ZM{x} {y}h{w}v{h}h-{w}Z");
    html! {
        svg viewBox={ "0 0 " (width) " " (height) } preserveAspectRatio="none" aria-hidden="true" {
            path.shade d=(shade) fill-rule="evenodd" {}
            rect x=(x) y=(y) width=(w) height=(h) fill="none" vector-effect="non-scaling-stroke" {}
        }
    }
}

fn description(image: &Image<Unsigned>) -> String {
    let crop = image.crop();
    let rotation = match image.rotation.degrees() {
        0 => "not rotated".to_owned(),
        degrees => format!("rotated by {degrees}° after the crop"),
    };
    if crop.is_full() {
        return format!("The image is not cropped and {rotation}.");
    }
    let [x, y, w, h] = [crop.x, crop.y, crop.w, crop.h].map(image_model::Pixels::get);
    format!(
        "The image shows {w} × {h} pixels of the stored file, {x} from the left and {y} from \
         the top, and is {rotation}."
    )
}
