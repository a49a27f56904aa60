//! The location of an image, as text: a map would load pictures from another host.

use image_model::{Gps, Image, Unsigned};
use maud::{Markup, html};

/// Renders the known locations of an image.
pub(crate) fn section(image: &Image<Unsigned>) -> Markup {
    let sources = [
        ("Best known", image.gps),
        ("Browser of the uploader", image.gps_html),
        ("Exif tags", image.gps_exifs),
        ("IP address of the uploader", image.gps_ip),
    ];
    let accuracy = image
        .infos
        .location()
        .and_then(image_model::Location::accuracy);
    html! {
        section.facts aria-labelledby="location" {
            h2 id="location" { "Location" }
            @if sources.iter().all(|(_, gps)| gps.is_none()) {
                p.empty { "Not known." }
            } @else {
                dl {
                    @for (source, gps) in sources {
                        @if let Some(gps) = gps {
                            dt { (source) }
                            dd { a href=(geo(gps)) { (degrees(gps)) } }
                        }
                    }
                    @if let Some(accuracy) = accuracy {
                        dt { "Accuracy" }
                        dd { (accuracy) " m" }
                    }
                }
            }
        }
    }
}

/// Returns a `geo` URI (RFC 5870).
fn geo(gps: Gps) -> String {
    format!("geo:{},{}", gps.latitude(), gps.longitude())
}

fn degrees(gps: Gps) -> String {
    let (latitude, longitude) = (gps.latitude(), gps.longitude());
    let north = if latitude < 0.0 { 'S' } else { 'N' };
    let east = if longitude < 0.0 { 'W' } else { 'E' };
    format!(
        "{:.5}° {north}, {:.5}° {east}",
        latitude.abs(),
        longitude.abs()
    )
}
