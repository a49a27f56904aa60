//! Derived images in memory and on disk.

use url_signer::cloudinary::DeliveryType;

use crate::pictures::png;
use crate::server::{Server, cloud};

const TARGET: &str = "/demo/image/upload/c_scale,w_20/photo.png";

#[test]
fn a_derived_image_is_created_once() {
    let server = Server::start();
    server.save(DeliveryType::Upload, "photo", &png(40, 30));
    let first = server.get(&server.url(TARGET));
    let second = server.get(&server.url(TARGET));
    assert_eq!(first.body, second.body);
    assert_eq!(first.header("etag"), second.header("etag"));
    let statistics = server.delivery.statistics();
    assert_eq!((statistics.derivations, statistics.decodes), (1, 1));
    assert!(statistics.bytes_in_memory > 0);
}

#[test]
fn a_changed_original_is_derived_again() {
    let server = Server::start();
    server.save(DeliveryType::Upload, "photo", &png(40, 30));
    let before = server.get(&server.url(TARGET));
    server.save(DeliveryType::Upload, "photo", &png(40, 20));
    let after = server.get(&server.url(TARGET));
    assert_ne!(before.body, after.body);
    assert_ne!(before.header("etag"), after.header("etag"));
}

#[test]
fn the_folder_of_derived_images_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let cache = tempfile::tempdir().unwrap();
    let start = |folder| {
        Server::in_folder(folder, cloud(), |settings| {
            settings.cache = Some(cache.path().to_owned());
        })
    };
    let server = start(folder);
    server.save(DeliveryType::Upload, "photo", &png(40, 30));
    let first = server.get(&server.url(TARGET));
    assert_eq!(first.status, 200);
    let Server { folder, .. } = server;
    let server = start(folder);
    let second = server.get(&server.url(TARGET));
    assert_eq!(first.body, second.body);
    assert_eq!(first.header("etag"), second.header("etag"));
    let statistics = server.delivery.statistics();
    assert_eq!((statistics.derivations, statistics.disk_hits), (0, 1));
}

#[test]
fn delivery_types_have_separate_images() {
    let server = Server::start();
    server.save(DeliveryType::Upload, "photo", &png(40, 30));
    server.save(DeliveryType::Authenticated, "photo", &png(80, 30));
    let public = server.get(&server.url("/demo/image/upload/c_scale,h_15/photo.png"));
    let asset = url_signer::cloudinary::Asset::authenticated("photo").unwrap();
    let asset = asset.with_extension("png").unwrap();
    let private = server.get(&server.sign(&asset, "c_scale,h_15"));
    let width = |body: &[u8]| image::load_from_memory(body).unwrap().width();
    assert_eq!(width(&public.body), 20);
    assert_eq!(width(&private.body), 40);
}
