//! A baseline for `image-model`: the payload as plain `serde` structs.

#![allow(missing_docs, reason = "the fields of `image-model`")]

use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

#[derive(Debug, Deserialize)]
pub struct PlainImage {
    pub id: Uuid,
    pub public_id: String,
    pub infos: Map<String, Value>,
    pub exifs: Map<String, Value>,
    pub gps: Option<(f64, f64)>,
    pub gps_ip: Option<(f64, f64)>,
    pub gps_exifs: Option<(f64, f64)>,
    pub gps_html: Option<(f64, f64)>,
    pub created_at: DateTime<FixedOffset>,
    pub updated_at: DateTime<FixedOffset>,
    pub taken_at: Option<DateTime<FixedOffset>>,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub rotation: i32,
    pub crop_x: f64,
    pub crop_y: f64,
    pub crop_w: f64,
    pub crop_h: f64,
    pub metadatas: Map<String, Value>,
    pub original_url: String,
    pub original_width: Option<u32>,
    pub original_height: Option<u32>,
    pub external_urls: PlainExternalUrls,
    pub filename: Option<String>,
    pub format: Option<String>,
    pub title: Option<String>,
    pub description: Option<String>,
    pub page: Option<u32>,
    pub group_id: Option<Uuid>,
    pub color: Option<String>,
    pub size: Option<u64>,
    pub processed: bool,
    pub processing_error: Option<String>,
    pub album_id: Option<String>,
    pub tag_names: Vec<String>,
    pub user_sfid: Option<String>,
    pub thumbnails: PlainThumbnails,
}

#[derive(Debug, Deserialize)]
pub struct PlainExternalUrls {
    pub fill100: String,
    pub fit2000: String,
    pub mini: String,
    pub large: String,
    pub full: String,
}

#[derive(Debug, Deserialize)]
pub struct PlainThumbnails {
    pub original: String,
    pub full_no_sharinpix: String,
    pub full: String,
    pub large: String,
    pub mini: String,
}
