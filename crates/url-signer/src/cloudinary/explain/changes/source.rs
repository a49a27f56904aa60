//! Changes to the public id, the extension, the suffix, the version and the query.

use super::collector::Collector;
use super::encoding::encode_missing;
use crate::cloudinary::explain::change::Change;
use crate::cloudinary::explain::redact::redact;
use crate::cloudinary::url::parse::DeliveryUrl;

/// The extensions that are tried together with other changes.
pub(super) const COMMON: &[&str] = &[
    "jpg", "png", "jpeg", "webp", "gif", "avif", "pdf", "svg", "mp4",
];

/// The extensions that are tried alone.
pub(super) const ALL: &[&str] = &[
    "jpg", "png", "jpeg", "webp", "gif", "avif", "pdf", "svg", "mp4", "heic", "heif", "tif",
    "tiff", "bmp", "ico", "jxl", "jp2", "jxr", "wdp", "psd", "ai", "eps", "djvu", "webm", "mov",
    "avi", "mkv", "ogv", "m3u8", "mpd", "mp3", "wav", "ogg", "m4a", "aac", "flac", "zip", "docx",
    "xlsx", "pptx", "txt", "csv", "json", "js", "css", "html", "xml", "glb", "gltf", "usdz", "ttf",
    "woff", "woff2", "srt", "vtt", "JPG", "JPEG", "PNG", "GIF", "PDF", "HEIC", "MOV", "MP4",
];

pub(super) const fn is_extension(change: &Change) -> bool {
    matches!(
        change,
        Change::ExtensionAdded(_) | Change::ExtensionDropped(_) | Change::ExtensionReplaced(_)
    )
}

pub(super) fn extensions(known: &[&str], changes: &mut Collector<'_>) {
    let parts = changes.parts;
    let (stem, extension) = parts.split_extension();
    if let Some(extension) = extension {
        let change = Change::ExtensionAdded(redact(extension));
        changes.add(change, parts.with_source(stem));
    }
    for known in known {
        let known = (*known).to_owned();
        let with_known = |before: &str| parts.with_source(format!("{before}.{known}"));
        if extension.is_some() {
            changes.add(Change::ExtensionReplaced(known.clone()), with_known(stem));
        }
        // The text after the last dot may belong to the public id.
        let dropped = with_known(&parts.source);
        changes.add(Change::ExtensionDropped(known), dropped);
    }
}

/// Changes that rarely occur together with others.
pub(super) fn rare(url: &DeliveryUrl<'_>, changes: &mut Collector<'_>) {
    let parts = changes.parts;
    if url.delivery_type() == "fetch" {
        let query = url.query().map(|query| format!("?{query}"));
        let fetched = parts.source.clone() + &query.unwrap_or_default();
        changes.add(
            Change::QueryNotEncoded,
            parts.with_source(encode_missing(&fetched)),
        );
    } else {
        for mark in ["%3F", "%3f", "&"] {
            if let Some((before, _)) = parts.source.split_once(mark) {
                changes.add(Change::QueryInPath, parts.with_source(before));
            }
        }
    }
    if url.suffix().is_some() {
        changes.add(Change::SuffixSigned, parts.with_source(url.source()));
    } else if let Some((before, last)) = parts.source.rsplit_once('/') {
        let extension = last.find('.').and_then(|dot| last.get(dot..));
        let before = format!("{before}{}", extension.unwrap_or_default());
        changes.add(Change::SuffixAdded, parts.with_source(before));
    }
    for version in ["v1", "v0"] {
        let source = format!("{version}/{}", parts.source);
        changes.add(Change::VersionRemoved, parts.with_source(source));
    }
    if let Some(version) = url.version() {
        let steps = format!("v{version}/{}", parts.steps);
        changes.add(Change::VersionFirst, parts.with_steps(steps));
    }
}
