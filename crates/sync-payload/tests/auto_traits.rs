//! All public types are `Send` and `Sync`.

use sync_payload::request::{RequestError, RequestLimits, RequestToken, SyncRequest};
use sync_payload::response::{Response, ResponseMeta};
use sync_payload::{
    DeliveryRendition, EditStep, EncodeError, ImageSigner, ImageUrl, OriginalUrlError,
    PayloadEncoder, Rendition, StoredImage, StoredImageError, UrlPrefix, UrlPrefixError, WireStyle,
    WireStyleError,
};

#[test]
fn all_public_types_are_send_and_sync() {
    const fn check<T: Send + Sync>() {}
    check::<DeliveryRendition>();
    check::<EditStep>();
    check::<EncodeError>();
    check::<ImageSigner>();
    check::<ImageUrl<'_>>();
    check::<OriginalUrlError>();
    check::<PayloadEncoder>();
    check::<Rendition>();
    check::<RequestError>();
    check::<RequestLimits>();
    check::<RequestToken<'_>>();
    check::<Response>();
    check::<ResponseMeta>();
    check::<StoredImage>();
    check::<StoredImageError>();
    check::<SyncRequest<'_>>();
    check::<UrlPrefix>();
    check::<UrlPrefixError>();
    check::<WireStyle>();
    check::<WireStyleError>();
}

#[cfg(feature = "http-body")]
#[test]
fn streams_and_bodies_are_send_and_sync() {
    use std::pin::Pin;

    use futures_util::Stream;
    use sync_payload::{PayloadBody, PayloadStream};

    type Item = Result<
        (
            image_model::Image<image_model::Unsigned>,
            url_signer::cloudinary::Asset,
        ),
        (),
    >;
    type Records = Pin<Box<dyn Stream<Item = Item> + Send + Sync>>;

    const fn check<T: Send + Sync + Unpin>() {}
    check::<PayloadStream<ImageSigner, Records, fn(&())>>();
    check::<PayloadBody<ImageSigner, Records, fn(&())>>();
}
