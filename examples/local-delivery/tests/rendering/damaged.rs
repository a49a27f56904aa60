//! Files that are not images, damaged, or larger than allowed.

use image::ImageFormat;
use local_delivery::render::{Choice, Limits, OutputFormat, RenderError};
use proptest::prelude::*;
use url_signer::cloudinary::Transformation;

use crate::pictures::{bomb, encode, half_transparent, jpeg, picture, png, transparent_png};
use crate::rendered::{plan_with, rendered, rendered_within};

const CHOICE: Choice = Choice::Fixed(OutputFormat::Png);

#[test]
fn other_files_are_not_images() {
    let jpeg = jpeg(16, 16);
    for source in [
        &b""[..],
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xFF\xD8\xFF",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x04\0\0\0WEBP",
        &jpeg[..jpeg.len() / 4],
    ] {
        assert_eq!(
            rendered(source, "w_5", CHOICE),
            Err(RenderError::NotAnImage),
            "{source:?}"
        );
    }
}

/// Files of 60,000 × 60,000 pixels. Their headers are enough for the error: there are no
/// pixels.
#[test]
fn bombs_are_rejected_by_their_header() {
    let mut jpeg = jpeg(1, 1);
    let frame = jpeg
        .windows(2)
        .position(|pair| pair == [0xFF, 0xC0])
        .unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xEA, 0x60, 0xEA, 0x60]);

    for source in [bomb(60_000, 60_000), jpeg] {
        let expected = RenderError::TooLarge {
            width: 60_000,
            height: 60_000,
        };
        assert_eq!(rendered(&source, "w_5", CHOICE), Err(expected));
    }
}

#[test]
fn limits_apply_to_stored_files() {
    let source = png(50, 40);
    let jpeg = jpeg(50, 40);
    let too_large = RenderError::TooLarge {
        width: 50,
        height: 40,
    };
    let too_many_bytes = RenderError::FileTooLarge {
        bytes: source.len(),
        limit: 99,
    };
    let too_many_scans = RenderError::TooManyScans { scans: 1, limit: 0 };
    let default = Limits::default;
    for (source, limits, expected) in [
        (
            &source,
            Limits {
                source_pixels: 2_000,
                ..default()
            },
            None,
        ),
        (
            &source,
            Limits {
                source_pixels: 1_999,
                ..default()
            },
            Some(too_large.clone()),
        ),
        (
            &source,
            Limits {
                side: 49,
                ..default()
            },
            Some(too_large.clone()),
        ),
        (
            &source,
            Limits {
                decoder_bytes: 5_999,
                ..default()
            },
            Some(too_large),
        ),
        (
            &source,
            Limits {
                source_bytes: 99,
                ..default()
            },
            Some(too_many_bytes),
        ),
        (
            &jpeg,
            Limits {
                jpeg_scans: 1,
                ..default()
            },
            None,
        ),
        (
            &jpeg,
            Limits {
                jpeg_scans: 0,
                ..default()
            },
            Some(too_many_scans),
        ),
    ] {
        let result = rendered_within(source, "w_5", CHOICE, &limits);
        assert_eq!(result.err(), expected, "{limits:?}");
    }
}

/// The limit of scans applies to the largest image. Encoders need up to 18 scans.
#[test]
fn limit_of_scans_depends_on_the_size() {
    let progressive = |scans_per_color: u8| {
        let mut file = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut file, 80);
        encoder.set_progressive_scans(scans_per_color);
        let pixels = picture(50, 40).into_rgb8();
        encoder
            .encode(&pixels, 50, 40, jpeg_encoder::ColorType::Rgb)
            .unwrap();
        file
    };
    for (scans_per_color, source_pixels, expected) in [
        (6, 2_000, None),
        (7, 2_000, Some((21, 20))),
        (7, 2_100, None),
        (10, 3_000, None),
        (11, 3_000, Some((33, 30))),
    ] {
        let limits = Limits {
            source_pixels,
            ..Limits::default()
        };
        let result = rendered_within(&progressive(scans_per_color), "w_5", CHOICE, &limits);
        let expected = expected.map(|(scans, limit)| RenderError::TooManyScans { scans, limit });
        assert_eq!(result.err(), expected, "{scans_per_color} {source_pixels}");
    }
}

/// A decoder must not panic; the error does not matter.
#[test]
fn mutated_files_do_not_panic() {
    let webp = Choice::Fixed(OutputFormat::WebP);
    let lossy = |source: &[u8]| rendered(source, "q_80", webp).unwrap().bytes;
    let sources = [
        jpeg(40, 30),
        png(40, 30),
        encode(&half_transparent(40, 30), ImageFormat::WebP),
        lossy(&png(40, 30)),
        lossy(&transparent_png(40, 30)),
    ];
    // xorshift: the same numbers in every run.
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(below).unwrap()).unwrap()
    };
    let limits = Limits {
        source_pixels: 1_000_000,
        decoder_bytes: 16 << 20,
        ..Limits::default()
    };
    let mut decoded = 0;
    for source in sources {
        for round in 0..1_000 {
            let mut mutated = source.clone();
            for _ in 0..=random(4) {
                let position = random(mutated.len());
                mutated[position] = u8::try_from(random(256)).unwrap();
            }
            if round % 5 == 0 {
                mutated.truncate(random(mutated.len()));
            }
            let result = rendered_within(&mutated, "c_fill,h_7,w_9", CHOICE, &limits);
            decoded += usize::from(result.is_ok());
        }
    }
    assert!((100..4_900).contains(&decoded), "{decoded}");
}

proptest! {
    /// Neither a plan nor its result panics, for texts that resemble transformations.
    #[test]
    fn transformations_do_not_panic(
        steps in proptest::collection::vec(
            proptest::collection::vec(
                (
                    "c|w|h|ar|x|y|g|a|r|b|q|f|dpr|e|fl|t|z|o|if|l|[$]v|ab",
                    prop_oneof![
                        "-?[0-9]{1,3}([.][0-9]{1,3})?",
                        "[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2})?",
                        "(scale|fit|limit|mfit|fill|lfill|pad|lpad|mpad|fill_pad|crop|thumb)",
                        "(auto|north_west|center|xy_center|max|ignore|hflip|auto_right|red)",
                        "(sepia|blur|grayscale)(:[0-9]{1,4})?",
                        "(iw|ih|end|else|attachment:x|layer_apply|a[.]b|rgb:f00)",
                    ],
                ),
                1..6,
            ),
            1..4,
        ),
    ) {
        let text = steps
            .iter()
            .map(|step| {
                let parameters: Vec<_> =
                    step.iter().map(|(name, value)| format!("{name}_{value}")).collect();
                parameters.join(",")
            })
            .collect::<Vec<_>>()
            .join("/");
        if Transformation::verbatim(&text).is_err() {
            return Ok(());
        }
        let named = "a = c_fit,w_10\nb = t_a/a_33";
        if plan_with(&text, named, &local_delivery::render::Hints { dpr: Some(1.5) }).is_err() {
            return Ok(());
        }
        if !text.contains("t_") {
            let source = transparent_png(9, 6);
            let limits = Limits { output_pixels: 1_000_000, ..Limits::default() };
            let _ = rendered_within(&source, &text, CHOICE, &limits);
        }
    }
}
