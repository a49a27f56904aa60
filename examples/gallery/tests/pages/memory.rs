//! A gallery of images in memory.

use std::sync::Arc;

use gallery::{Entry, Gallery, GallerySettings, Images, ImagesError, Page};
use image_model::{Image, Timestamp};
use sync_payload::{ImageSigner, UrlPrefix};
use url_signer::cloudinary::api::UploadForm;
use url_signer::cloudinary::{Asset, Cloud};
use url_signer::{Authority, ProxySigner, Secret, ThumbnailSigner};
use uuid::Uuid;

pub(crate) const PAGES: &str = "127.0.0.1:3000";
pub(crate) const DELIVERY: &str = "127.0.0.1:3001";
pub(crate) const ID: Uuid = Uuid::from_u128(0x14364f29_c30d_4bbb_992c_19e6031244f7);

/// Images in memory.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) entries: Vec<Entry>,
    pub(crate) next: Option<i64>,
    pub(crate) has_forms: bool,
    pub(crate) is_broken: bool,
}

impl Memory {
    pub(crate) fn of(entry: Entry) -> Self {
        Self {
            entries: vec![entry],
            ..Self::default()
        }
    }

    fn check(&self) -> Result<(), ImagesError> {
        if self.is_broken {
            return Err(ImagesError::new("a secret reason"));
        }
        Ok(())
    }
}

impl Images for Memory {
    async fn page(&self, after: Option<i64>) -> Result<Page, ImagesError> {
        self.check()?;
        let first = self.entries.iter().filter(|_| after.is_none());
        Ok(Page {
            entries: first.cloned().collect(),
            next: self.next.filter(|_| after.is_none()),
        })
    }

    async fn image(&self, id: Uuid) -> Result<Option<Entry>, ImagesError> {
        self.check()?;
        let found = self.entries.iter().find(|entry| entry.image.id == id);
        Ok(found.cloned())
    }

    async fn upload_form(&self, callback: &str) -> Result<Option<UploadForm>, ImagesError> {
        if !self.has_forms {
            return Ok(None);
        }
        let cloud = local_cloud();
        let form = cloud.api().unwrap().upload_form(1_700_000_000);
        let form = form.parameter("callback", callback).unwrap();
        Ok(Some(form.sign()))
    }
}

fn cloud() -> Cloud {
    "cloudinary://key:abcd@demo".parse().unwrap()
}

fn local_cloud() -> Cloud {
    let cloud = cloud().with_plain_http().unwrap();
    let cloud = cloud.with_cname(Authority::new(DELIVERY).unwrap()).unwrap();
    cloud
        .with_upload_prefix(&format!("http://{DELIVERY}"))
        .unwrap()
}

pub(crate) fn gallery(images: Memory) -> Arc<Gallery<Memory>> {
    Gallery::new(settings(), images).unwrap()
}

pub(crate) fn settings() -> GallerySettings {
    let secret = || Secret::new("a key of the tests").unwrap();
    let [pages, delivery] = [PAGES, DELIVERY].map(|host| Authority::new(host).unwrap());
    let thumbnails = ThumbnailSigner::new(secret());
    let proxy = ProxySigner::new(pages.clone(), pages.clone(), secret()).with_plain_http();
    let recorded = ProxySigner::new(
        Authority::new("proxy.example").unwrap(),
        Authority::new("localhost").unwrap(),
        secret(),
    );
    let prefix = UrlPrefix::new("/assets/blank.jpg#").unwrap();
    GallerySettings {
        cloud_name: "demo".to_owned(),
        signer: ImageSigner::new(local_cloud(), proxy.clone(), thumbnails.clone()),
        json_signer: ImageSigner::new(cloud(), recorded, thumbnails.clone()).with_prefix(prefix),
        proxy,
        thumbnails,
        authority: pages,
        delivery,
        note: Some("A remark.".to_owned()),
    }
}

pub(crate) fn entry() -> Entry {
    let created_at: Timestamp = "2019-04-08T19:38:56.021+02:00".parse().unwrap();
    let mut image = Image {
        filename: Some("Super Image".to_owned()),
        format: Some("png".to_owned()),
        width: Some(48),
        height: Some(48),
        original_width: Some(48),
        original_height: Some(48),
        ..Image::new(ID, created_at)
    };
    image.tag_names = vec!["test_1".to_owned(), "test_2".to_owned()];
    let asset = Asset::authenticated("0b7e148bbd7c").unwrap();
    let asset = asset.with_version(123_123).with_extension("jpg").unwrap();
    Entry {
        image,
        asset: Some(asset),
    }
}
