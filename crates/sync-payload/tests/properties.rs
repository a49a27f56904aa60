//! Properties of the payload of arbitrary images.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests")]

#[path = "support/separate_urls.rs"]
mod separate_urls;
mod support;

use std::time::Duration;

use chrono::{FixedOffset, TimeZone};
use image_model::{
    Count, Crop, ExternalUrls, Gps, Image, Infos, Object, Rotation, Thumbnails, Timestamp,
    Unsigned, Urls,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use separate_urls::Settings;
use serde_json::Value;
use support::reference_signer;
#[cfg(feature = "rayon")]
use sync_payload::par_to_writer;
use sync_payload::response::{Response, ResponseMeta};
use sync_payload::{
    DeliveryRendition, EditStep, PayloadEncoder, Rendition, StoredImage, WireStyle,
    reference_renditions, to_vec, to_writer,
};
use url_signer::cloudinary::{Asset, Cloud, PathEncoding, SignatureAlgorithm};
use url_signer::{ThumbnailName, ThumbnailSigner};
use uuid::Uuid;

const STYLES: [WireStyle; 2] = [WireStyle::Rails, WireStyle::Plain];

/// Strings that break careless encoders of JSON, HTML, URLs and headers.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = select(vec![
        "\"",
        "\\",
        "/",
        "&",
        "<",
        ">",
        "</script>",
        "\u{0}",
        "\u{1f}",
        "\u{7f}",
        "\n",
        "\r\n",
        "\t",
        "\u{8}",
        "\u{c}",
        "\u{85}",
        "\u{2028}",
        "\u{2029}",
        "\u{feff}",
        "\u{fffd}",
        "\u{ffff}",
        "😀",
        "\u{10ffff}",
        "e\u{301}",
        "日本",
        "é",
        "'",
        "`",
        "%00",
        "\\u0026",
        "a",
        " ",
        "?",
        "#",
        "..",
    ]);
    prop_oneof![
        vec(pieces, 0..8).prop_map(|pieces| pieces.concat()),
        any::<String>(),
    ]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        hostile().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((hostile(), inner), 0..4).prop_map(Value::from_iter),
        ]
    })
}

/// An open object with unknown keys.
fn object() -> impl Strategy<Value = Object> {
    vec((hostile().prop_map(|key| format!("x{key}")), json()), 0..4).prop_map(Object::from_iter)
}

fn infos() -> impl Strategy<Value = Infos> {
    let count = prop_oneof![
        any::<u64>().prop_map(Value::from),
        any::<u64>().prop_map(|count| Value::from(count.to_string())),
        Just(Value::Null),
    ];
    (count, hostile(), vec(hostile(), 0..3), object()).prop_map(|(bytes, text, tags, rest)| {
        let mut object = rest.clone();
        object.insert("bytes".to_owned(), bytes);
        object.insert("original_filename".to_owned(), text.into());
        object.insert("tags".to_owned(), tags.into());
        object.insert("location".to_owned(), rest.into());
        Infos::try_from(object).unwrap()
    })
}

fn gps() -> impl Strategy<Value = Option<Gps>> {
    let gps = (-90.0..=90.0, -180.0..=180.0)
        .prop_map(|(latitude, longitude)| Gps::new(latitude, longitude).unwrap());
    option::of(gps)
}

fn timestamp() -> impl Strategy<Value = Timestamp> {
    (0_i64..253_402_000_000, 0_u32..1000, -23 * 60..23 * 60).prop_map(
        |(seconds, millis, offset)| {
            let offset = FixedOffset::east_opt(offset * 60).unwrap();
            let at = offset.timestamp_opt(seconds, millis * 1_000_000).unwrap();
            Timestamp::new(at).unwrap()
        },
    )
}

fn crop() -> impl Strategy<Value = Crop> {
    prop_oneof![
        Just(Crop::FULL),
        (0.0..1e5, 0.0..1e5, 0.1..1e5, 0.1..1e5)
            .prop_map(|(x, y, w, h)| Crop::new(x, y, w, h).unwrap()),
    ]
}

fn image() -> impl Strategy<Value = Image> {
    let texts = || vec(hostile(), 21);
    let facts = (
        any::<u128>().prop_map(Uuid::from_u128),
        texts(),
        vec(option::of(hostile()), 8),
        vec(object(), 2),
        infos(),
        vec(gps(), 4),
        vec(timestamp(), 3),
    );
    let numbers = (
        vec(option::of(any::<u32>()), 5),
        (-360..=360).prop_map(|degrees| Rotation::new(degrees).unwrap()),
        crop(),
        option::of(any::<u64>().prop_map(Count::from)),
        any::<bool>(),
        vec(hostile(), 0..3),
    );
    (facts, numbers).prop_map(|(facts, numbers)| {
        let (id, texts, options, objects, infos, gps, times) = facts;
        let (sizes, rotation, crop, size, processed, tag_names) = numbers;
        let mut texts = texts.into_iter();
        let mut text = || texts.next().unwrap();
        let mut options = options.into_iter();
        let mut option = || options.next().unwrap();
        let mut objects = objects.into_iter();
        let mut object = || objects.next().unwrap();
        let mut gps = gps.into_iter();
        let mut gps = || gps.next().unwrap();
        let mut times = times.into_iter();
        let mut time = || times.next().unwrap();
        let mut sizes = sizes.into_iter();
        let mut pixels = || sizes.next().unwrap();
        Image {
            id,
            public_id: text(),
            infos,
            exifs: object(),
            gps: gps(),
            gps_ip: gps(),
            gps_exifs: gps(),
            gps_html: gps(),
            created_at: time(),
            updated_at: time(),
            taken_at: processed.then(time),
            width: pixels(),
            height: pixels(),
            rotation,
            crop_x: crop.x,
            crop_y: crop.y,
            crop_w: crop.w,
            crop_h: crop.h,
            metadatas: object(),
            original_url: text(),
            original_width: pixels(),
            original_height: pixels(),
            external_urls: ExternalUrls {
                fill100: text(),
                fit2000: text(),
                mini: text(),
                large: text(),
                full: text(),
            },
            filename: option(),
            format: option(),
            title: option(),
            description: option(),
            page: pixels(),
            group_id: processed.then_some(id),
            color: option(),
            size,
            processed,
            processing_error: option(),
            album_id: option(),
            tag_names,
            user_sfid: option(),
            thumbnails: Thumbnails {
                original: text(),
                full_no_sharinpix: text(),
                full: text(),
                large: text(),
                mini: text(),
            },
        }
    })
}

fn step() -> impl Strategy<Value = EditStep> {
    let fixed = |steps: &str| EditStep::Fixed(steps.parse().unwrap_or_default());
    prop_oneof![
        Just(EditStep::Crop),
        Just(EditStep::Rotate),
        select(vec!["c_fit,w_300", "fl_attachment", "l_text:a&b", ""]).prop_map(fixed),
        "[a-z]_[a-zA-Z0-9&'%:]{1,60}".prop_map(move |steps| fixed(&steps)),
    ]
}

/// Renditions of which many are equal, also neighbours.
fn table() -> impl Strategy<Value = Urls<Rendition>> {
    let thumbnail = || select(ThumbnailName::ALL.to_vec());
    let delivery = (vec(step(), 0..3), any::<bool>(), option::of(thumbnail()));
    let rendition = prop_oneof![
        1 => thumbnail().prop_map(Rendition::Proxy),
        2 => delivery.prop_map(|(steps, prefixed, pending_thumbnail)| {
            let mut delivery = DeliveryRendition::new(steps);
            delivery.prefixed = prefixed;
            delivery.pending_thumbnail = pending_thumbnail;
            Rendition::Delivery(delivery)
        }),
    ];
    (vec(rendition, 1..4), any::<[Index; 11]>()).prop_map(|(pool, places)| {
        let mut places = places.iter();
        reference_renditions().map(|reference| {
            let place = places.next();
            place.map_or(reference, |place| place.get(&pool).clone())
        })
    })
}

/// A cloud with each algorithm and length of signatures.
fn cloud() -> impl Strategy<Value = Cloud> {
    let cloud = support::reference_cloud();
    select(vec![
        cloud.clone(),
        cloud
            .clone()
            .with_signature_algorithm(SignatureAlgorithm::Sha256),
        cloud.with_long_signatures(),
    ])
}

/// Removes the white space between the tokens of JSON.
fn without_indentation(json: &str) -> String {
    let (mut in_string, mut is_escaped) = (false, false);
    json.chars()
        .filter(|char| {
            let is_kept = in_string || !matches!(char, ' ' | '\n');
            in_string ^= *char == '"' && !is_escaped;
            is_escaped = *char == '\\' && !is_escaped;
            is_kept
        })
        .collect()
}

fn without_edits(image: Image<Unsigned>) -> Image<Unsigned> {
    Image {
        rotation: Rotation::ZERO,
        crop_x: Crop::FULL.x,
        crop_y: Crop::FULL.y,
        crop_w: Crop::FULL.w,
        crop_h: Crop::FULL.h,
        ..image
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn streamed_and_buffered_bytes_are_equal(
        images in vec(image(), 0..5),
        taken in vec(0..3, 5),
    ) {
        for style in STYLES {
            let buffered = to_vec(&images, style).unwrap();

            let mut streamed = Vec::new();
            let mut encoder = PayloadEncoder::new(style);
            for (image, taken) in images.iter().zip(&taken) {
                encoder.push(image).unwrap();
                match taken {
                    0 => streamed.extend(encoder.take()),
                    1 => {
                        streamed.extend_from_slice(encoder.as_bytes());
                        encoder.clear();
                    }
                    _ => {}
                }
            }
            streamed.extend(encoder.finish());
            prop_assert_eq!(&streamed, &buffered);

            let mut written = Vec::new();
            to_writer(&mut written, &images, style).unwrap();
            prop_assert_eq!(&written, &buffered);
        }
    }

    #[test]
    fn hostile_images_survive_a_round_trip(images in vec(image(), 1..3)) {
        for style in STYLES {
            let written = to_vec(&images, style).unwrap();
            let text = str::from_utf8(&written).unwrap();
            prop_assert!(!text.chars().any(|char| char < ' '), "a control character is not escaped");
            if style == WireStyle::Rails {
                let escaped = ['&', '<', '>', '\u{2028}', '\u{2029}'];
                prop_assert!(!text.contains(escaped));
            }
            if style == WireStyle::Plain {
                prop_assert_eq!(text, serde_json::to_string(&images).unwrap());
            }
            // The serializer writes indented payloads only.
            let mut pretty = PayloadEncoder::pretty(style);
            for image in &images {
                pretty.push(image).unwrap();
            }
            prop_assert_eq!(text, without_indentation(str::from_utf8(&pretty.finish()).unwrap()));
            let read = image_model::from_slice::<String>(&written).unwrap();
            prop_assert_eq!(&read, &images);

            prop_assert_eq!(to_vec(&read, style).unwrap(), written);
        }
    }

    #[test]
    fn all_ways_to_sign_write_equal_bytes(
        images in vec((image(), any::<bool>(), "[a-zA-Z0-9é /._-]{1,250}", any::<bool>()), 1..4),
        prefix in select(vec!["", "/assets/blank.jpg#", "/?a=1&b='#"]),
        cloud in cloud(),
        path_encoding in select(vec![PathEncoding::Encoded, PathEncoding::Decoded, PathEncoding::Raw, PathEncoding::DotNet]),
        pretty in any::<bool>(),
        table in prop_oneof![Just(reference_renditions()), table()],
        placeholder in "[a-z&/]{1,150}",
    ) {
        let placeholder = Asset::new(&placeholder).or_else(|_| Asset::new("placeholder")).unwrap();
        let settings = Settings {
            cloud: cloud.with_path_encoding(path_encoding),
            proxy: support::reference_proxy(),
            thumbnails: ThumbnailSigner::new(support::secret("thumbnail key")),
            prefix: prefix.to_owned(),
            placeholder,
            renditions: table,
        };
        let signer = settings.signer();
        for style in STYLES {
            let encoder = || if pretty { PayloadEncoder::pretty(style) } else { PayloadEncoder::new(style) };
            let [mut expected, mut signed, mut direct, mut copied] = [(); 4].map(|()| encoder());
            for (image, edited, public_id, stored) in &images {
                let mut unsigned: Image<Unsigned> =
                    serde_json::from_value(serde_json::to_value(image).unwrap()).unwrap();
                if !edited {
                    unsigned = without_edits(unsigned);
                }
                let asset = Asset::new(public_id).ok().filter(|_| *stored);
                direct.push_signed(&signer, &unsigned, asset.as_ref());
                let text = StoredImage::new(&unsigned).into_string();
                let read = StoredImage::parse(&*text).unwrap();
                prop_assert_eq!(read.as_str(), text);
                copied.push_stored(&signer, &read, asset.as_ref());
                let urls = settings.urls(&unsigned, asset.as_ref());
                expected.push(&unsigned.clone().with_urls(urls)).unwrap();
                signed.push(&signer.sign(unsigned, asset.as_ref())).unwrap();
            }
            let expected = expected.finish();
            for found in [signed.finish(), direct.finish(), copied.finish()] {
                prop_assert_eq!(str::from_utf8(&found).unwrap(), str::from_utf8(&expected).unwrap());
            }
        }
    }

    #[cfg(feature = "rayon")]
    #[test]
    fn par_to_writer_writes_the_bytes_of_push_signed(image in image(), count in 0_usize..3000) {
        let signer = reference_signer();
        let asset = Asset::new("photo").unwrap();
        let image: Image<Unsigned> =
            serde_json::from_value(serde_json::to_value(&image).unwrap()).unwrap();
        let records: Vec<_> = (0..count)
            .map(|index| {
                let id = Uuid::from_u128(index as u128);
                let image = Image { id, ..image.clone() };
                (image, (index % 3 != 0).then_some(&asset))
            })
            .collect();
        let mut encoder = PayloadEncoder::new(WireStyle::Rails);
        for (image, asset) in &records {
            encoder.push_signed(&signer, image, *asset);
        }
        let mut written = Vec::new();
        par_to_writer(&mut written, &signer, &records, WireStyle::Rails, |(image, asset)| {
            (image, *asset)
        })
        .unwrap();
        prop_assert!(written == encoder.finish());
    }

    #[test]
    fn a_redirect_location_is_visible_ascii(
        image in image(),
        public_id in hostile(),
        extension in hostile(),
        table in table(),
    ) {
        let asset = Asset::new(&public_id)
            .and_then(|asset| asset.clone().with_extension(&extension).or(Ok(asset)));
        let signer = reference_signer().with_renditions(table);
        let meta = ResponseMeta::new(image.id, Duration::ZERO);
        for name in ThumbnailName::ALL {
            let Some(url) = signer.thumbnail(&image, asset.as_ref().ok(), name) else { continue };
            let response = Response::redirect(meta, &url);
            let location = response.headers().find(|(name, _)| *name == "location");
            let (_, location) = location.unwrap();
            prop_assert!(location.bytes().all(|byte| byte.is_ascii_graphic()), "{}", location);
        }
    }

    #[test]
    fn signed_urls_verify_and_are_visible_ascii(
        image in image(),
        public_id in "[a-zA-Z0-9é /._-]{1,20}",
        stored in any::<bool>(),
    ) {
        let Ok(asset) = Asset::new(&public_id) else { return Ok(()) };
        let signer = reference_signer();
        let unsigned = serde_json::from_value(serde_json::to_value(&image).unwrap()).unwrap();
        let signed = signer.sign(unsigned, stored.then_some(&asset));
        let proxied = signed.external_urls.full.clone();
        prop_assert!(support::reference_proxy().verify(&proxied).is_ok(), "{}", proxied);
        let delivered = signed.thumbnails.mini.clone();
        let delivered = delivered.strip_prefix("/assets/blank.jpg#").unwrap_or(&delivered);
        prop_assert!(support::reference_cloud().verify(delivered).is_ok(), "{}", delivered);
        for url in [proxied.as_str(), delivered] {
            prop_assert!(url.bytes().all(|byte| byte.is_ascii_graphic()), "{}", url);
        }
    }
}
