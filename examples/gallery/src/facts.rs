//! The facts about an image, in groups.

use image_model::{Image, Object, Timestamp, Unsigned};
use maud::{Markup, html};
use serde_json::Value;
use url_signer::cloudinary::Asset;

use crate::images::Entry;

/// The group's heading and its rows. A row without a value is not shown.
struct Group {
    id: &'static str,
    heading: &'static str,
    rows: Vec<(String, Markup)>,
}

/// Renders all groups.
pub(crate) fn sections(entry: &Entry) -> Markup {
    let image = &entry.image;
    let groups = [
        described(image),
        file(image),
        times(image),
        processing(image),
        stored(entry.asset.as_ref()),
        object("infos", "Upload", image.infos.as_object()),
        object("exifs", "Exif", &image.exifs),
        object("metadatas", "Metadata", &image.metadatas),
    ];
    html! {
        @for group in groups {
            section.facts aria-labelledby=(group.id) {
                h2 id=(group.id) { (group.heading) }
                @if group.rows.is_empty() {
                    p.empty { "None." }
                } @else {
                    dl {
                        @for (name, value) in group.rows {
                            dt { (name) }
                            dd { (value) }
                        }
                    }
                }
            }
        }
    }
}

/// Returns the rows that have a value.
fn rows<const N: usize>(rows: [(&str, Option<Markup>); N]) -> Vec<(String, Markup)> {
    let with_value = |(name, value): (&str, Option<Markup>)| Some((name.to_owned(), value?));
    rows.into_iter().filter_map(with_value).collect()
}

fn text(value: Option<&String>) -> Option<Markup> {
    let value = value.filter(|value| !value.is_empty())?;
    Some(html! { (value) })
}

fn code(value: &(impl ToString + ?Sized)) -> Markup {
    html! { code { (value.to_string()) } }
}

fn described(image: &Image<Unsigned>) -> Group {
    Group {
        id: "described",
        heading: "Image",
        rows: rows([
            ("Title", text(image.title.as_ref())),
            ("Description", text(image.description.as_ref())),
            ("Page", image.page.map(|page| html! { (page) })),
            ("Album", image.album_id.as_ref().map(code)),
            ("Group", image.group_id.as_ref().map(code)),
            ("Uploaded by", image.user_sfid.as_ref().map(code)),
            ("ID", Some(code(&image.id))),
            ("Public ID", Some(code(&image.public_id))),
        ]),
    }
}

fn file(image: &Image<Unsigned>) -> Group {
    let size = |width: Option<u32>, height: Option<u32>| {
        let (width, height) = width.zip(height)?;
        Some(html! { (width) " × " (height) " pixels" })
    };
    let bytes = image.size.map(image_model::Count::get);
    Group {
        id: "file",
        heading: "File",
        rows: rows([
            ("Name", text(image.filename.as_ref())),
            ("Format", text(image.format.as_ref())),
            (
                "Size",
                bytes.map(|bytes| html! { (grouped(bytes)) " bytes" }),
            ),
            ("Stored", size(image.original_width, image.original_height)),
            ("Shown", size(image.width, image.height)),
            ("Color", image.color.as_deref().map(color)),
        ]),
    }
}

fn times(image: &Image<Unsigned>) -> Group {
    Group {
        id: "times",
        heading: "Times",
        rows: rows([
            ("Taken", image.taken_at.map(time)),
            ("Created", Some(time(image.created_at))),
            ("Updated", Some(time(image.updated_at))),
        ]),
    }
}

fn processing(image: &Image<Unsigned>) -> Group {
    let state = if image.processed {
        "complete"
    } else {
        "not complete"
    };
    Group {
        id: "processing",
        heading: "Processing",
        rows: rows([
            ("State", Some(html! { (state) })),
            ("Error", text(image.processing_error.as_ref())),
        ]),
    }
}

fn stored(asset: Option<&Asset>) -> Group {
    Group {
        id: "stored",
        heading: "Stored file",
        rows: match asset {
            None => rows([("State", Some(html! { "pending: not uploaded yet" }))]),
            Some(asset) => rows([
                ("Source", Some(code(asset.source()))),
                (
                    "Resource type",
                    Some(html! { (asset.resource_type().as_str()) }),
                ),
                (
                    "Delivery type",
                    Some(html! { (asset.delivery_type().as_str()) }),
                ),
                ("Version", asset.version().as_ref().map(code)),
            ]),
        },
    }
}

fn object(id: &'static str, heading: &'static str, object: &Object) -> Group {
    let value = |value: &Value| match value {
        Value::String(text) => html! { (text) },
        value => code(value),
    };
    Group {
        id,
        heading,
        rows: object
            .iter()
            .map(|(key, json)| (key.clone(), value(json)))
            .collect(),
    }
}

fn time(time: Timestamp) -> Markup {
    let time = time.to_datetime();
    html! {
        time datetime=(time.to_rfc3339()) { (time.format("%e %B %Y, %H:%M:%S %:z").to_string().trim_start()) }
    }
}

/// Renders a color with a sample, if it is `#RRGGBB`.
fn color(color: &str) -> Markup {
    let digits = color.strip_prefix('#').unwrap_or_default();
    let is_color = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    html! {
        @if is_color {
            svg.sample viewBox="0 0 1 1" aria-hidden="true" { rect width="1" height="1" fill=(color) {} }
        }
        code { (color) }
    }
}

/// Returns a number with a space between groups of three digits.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('\u{202f}');
        }
        grouped.push(digit);
    }
    grouped
}
