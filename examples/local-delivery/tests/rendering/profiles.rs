//! ICC profiles of stored files.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{PngDecoder, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat};
use local_delivery::render::{Memo, Rendered};

use crate::rendered::rendered_with;

/// Returns a profile of this length for RGB colors. The rest of it is zero.
fn profile(length: usize) -> Vec<u8> {
    let mut profile = [&[0; 16][..], b"RGB "].concat();
    profile.resize(length, 0);
    profile
}

/// Returns a file of 4 × 4 pixels.
fn file_with(profile: Vec<u8>, format: ImageFormat) -> Vec<u8> {
    fn encode(mut encoder: impl ImageEncoder, profile: Vec<u8>) {
        encoder.set_icc_profile(profile).unwrap();
        encoder
            .write_image(&[100; 48], 4, 4, ExtendedColorType::Rgb8)
            .unwrap();
    }
    let mut file = Vec::new();
    match format {
        ImageFormat::Jpeg => encode(JpegEncoder::new(&mut file), profile),
        ImageFormat::Png => encode(PngEncoder::new(&mut file), profile),
        _ => encode(WebPEncoder::new_lossless(&mut file), profile),
    }
    file
}

fn rendered(source: &[u8], transformation: &str, memo: &Memo) -> Rendered {
    rendered_with(source, transformation, memo).unwrap()
}

fn profile_of(png: &[u8]) -> Option<Vec<u8>> {
    let mut decoder = PngDecoder::new(std::io::Cursor::new(png)).unwrap();
    decoder.icc_profile().unwrap()
}

#[test]
fn profiles_over_one_mebibyte_are_dropped() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        for (length, is_kept) in [(500, true), (1 << 20, true), ((1 << 20) + 1, false)] {
            let profile = profile(length);
            let source = file_with(profile.clone(), format);
            let memo = Memo::new(1 << 30);
            let rendered = rendered(&source, "w_2", &memo);
            let expected = is_kept.then_some(profile);
            assert!(
                profile_of(&rendered.bytes) == expected,
                "{format:?} {length}"
            );
            // Two images: the decoded one and the small one.
            let in_memory = usize::try_from(memo.bytes()).unwrap();
            let minimum = if is_kept { 2 * length } else { 0 };
            assert!(
                (minimum..minimum + 1_000).contains(&in_memory),
                "{format:?} {length}: {in_memory}"
            );
        }
    }
}

/// A small file with a profile of 200 MB.
#[test]
fn compressed_profiles_do_not_fill_the_memory() {
    let source = file_with(profile(200_000_000), ImageFormat::Png);
    assert!(source.len() < 2_000_000, "{}", source.len());
    let memo = Memo::new(1 << 30);
    for transformation in ["w_2", "c_fit,w_3", "a_90/w_1"] {
        let rendered = rendered(&source, transformation, &memo);
        assert!(profile_of(&rendered.bytes).is_none(), "{transformation}");
    }
    assert!(memo.bytes() < 1_000, "{}", memo.bytes());
}

#[test]
fn memory_of_profiles_is_bounded() {
    let source = file_with(profile(100_000), ImageFormat::Png);
    let memo = Memo::new(250_000);
    for width in 1..=3 {
        rendered(&source, &format!("w_{width}"), &memo);
    }
    assert!(memo.bytes() <= 250_000, "{}", memo.bytes());
    assert!(memo.bytes() >= 100_000, "{}", memo.bytes());
}
