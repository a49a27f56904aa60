//! Many clients at once. A test program of its own, because it measures the memory of the
//! process.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests")]

#[allow(dead_code, reason = "the test program `http` uses more of it")]
#[path = "../support/pictures.rs"]
mod pictures;
#[allow(dead_code, reason = "the test program `http` uses more of it")]
#[path = "../http/server.rs"]
mod server;

use std::collections::HashMap;
use std::sync::{Barrier, Mutex};

use local_delivery::AssetKey;
use url_signer::cloudinary::{Asset, DeliveryType};

use crate::server::{Server, cloud};

const CLIENTS: usize = 64;
const IMAGES: usize = 8;

/// The transformations of an image that is cropped and rotated, and of its original.
const TRANSFORMATIONS: [&str; 11] = [
    "fl_attachment",
    "c_crop,h_600,w_800,x_100,y_50/a_90/c_fit,w_300",
    "c_crop,h_600,w_800,x_100,y_50/a_90/c_fit,h_2000,w_2000",
    "c_crop,h_600,w_800,x_100,y_50/c_fit,h_400,w_400/a_90/c_fill,h_100,w_100/dpr_auto,q_auto,f_auto",
    "c_crop,h_600,w_800,x_100,y_50/c_fit,h_400,w_400/a_90/c_fill,h_200,w_200/dpr_auto,q_auto,f_auto",
    "c_crop,h_600,w_800,x_100,y_50/c_fit,h_400,w_400/a_90/dpr_auto,q_auto,f_auto",
    "fl_attachment/dpr_auto,q_auto,f_auto",
    "c_fit,h_400,w_400/fl_attachment/dpr_auto,q_auto,f_auto",
    "c_thumb,g_center,h_50,w_50",
    "c_pad,h_50,w_70",
    "c_scale,w_33",
];

#[test]
fn each_image_is_derived_once() {
    let cache = tempfile::tempdir().unwrap();
    let configure = |settings: &mut local_delivery::Settings| {
        settings.cache = Some(cache.path().to_owned());
    };
    let server = Server::with(cloud(), configure);
    for image in 0..IMAGES {
        let bytes = pictures::jpeg(1_000 + u32::try_from(image).unwrap(), 750);
        server.save(
            DeliveryType::Authenticated,
            &format!("photo{image}"),
            &bytes,
        );
    }
    let key = AssetKey::image(DeliveryType::Authenticated, "bomb").unwrap();
    let bomb = pictures::bomb(60_000, 60_000);
    server.delivery.originals().save(&key, &bomb).unwrap();
    let mut urls: Vec<String> = (0..IMAGES)
        .flat_map(|image| {
            let asset = Asset::authenticated(&format!("photo{image}")).unwrap();
            let asset = asset.with_extension("jpg").unwrap().with_version(7);
            TRANSFORMATIONS.map(|transformation| server.sign(&asset, transformation))
        })
        .collect();
    let asset = Asset::authenticated("bomb").unwrap();
    urls.push(server.sign(&asset.with_extension("png").unwrap(), "c_scale,w_10"));
    let before = resident_kib();
    let first = request_all(&server, &urls);
    let growth = resident_kib().saturating_sub(before);

    // `fl_attachment` alone sends the stored bytes.
    let distinct = u64::try_from((TRANSFORMATIONS.len() - 1) * IMAGES).unwrap();
    let statistics = server.delivery.statistics();
    assert_eq!(statistics.derivations, distinct);
    assert_eq!(statistics.decodes, u64::try_from(IMAGES).unwrap());
    assert!(growth < 400 * 1_024, "{growth} KiB");

    // With an empty memory, all images are on disk.
    let Server { folder, .. } = server;
    let server = Server::in_folder(folder, cloud(), configure);
    let urls: Vec<_> = urls
        .iter()
        .map(|url| {
            let path = url.splitn(4, '/').nth(3).unwrap();
            server.url(&format!("/{path}"))
        })
        .collect();
    let second = request_all(&server, &urls);
    assert_eq!(first, second);
    let statistics = server.delivery.statistics();
    assert_eq!((statistics.derivations, statistics.decodes), (0, 0));
    assert_eq!(statistics.disk_hits, distinct);
}

/// Requests all URLs by all clients at once. Returns the tags of the responses in the order
/// of the URLs.
fn request_all(server: &Server, urls: &[String]) -> Vec<String> {
    let responses: Mutex<HashMap<usize, (String, Vec<u8>)>> = Mutex::default();
    let start = Barrier::new(CLIENTS);
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (responses, start) = (&responses, &start);
            scope.spawn(move || {
                start.wait();
                // Every client starts with another URL.
                for position in 0..urls.len() {
                    let index = (position + client * 5) % urls.len();
                    let response = server.get(&urls[index]);
                    let status = if urls[index].contains("bomb") {
                        400
                    } else {
                        200
                    };
                    assert_eq!(
                        response.status,
                        status,
                        "{} {}",
                        urls[index],
                        response.error()
                    );
                    let tag = response.header("etag").to_owned();
                    let mut responses = responses.lock().unwrap();
                    let (known, body) = responses
                        .entry(index)
                        .or_insert_with(|| (tag.clone(), response.body.clone()));
                    assert!(*known == tag && *body == response.body, "{}", urls[index]);
                }
            });
        }
    });
    let mut responses = responses.into_inner().unwrap();
    (0..urls.len())
        .map(|index| responses.remove(&index).unwrap().0)
        .collect()
}

/// Returns the memory of this process. 0 where the system does not tell.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}
