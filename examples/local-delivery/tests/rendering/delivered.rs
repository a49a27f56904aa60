//! Formats, qualities and operations of rendered images.

use image::ImageFormat;
use local_delivery::render::{Choice, OutputFormat, RenderError};

use crate::pictures::{encode, picture, png, transparent_png};
use crate::rendered::rendered;

#[test]
fn automatic_format_depends_on_transparency() {
    let opaque = png(20, 20);
    let transparent = transparent_png(20, 20);
    for (source, transformation, accepts_webp, expected) in [
        (&opaque, "w_10", true, OutputFormat::WebP),
        (&opaque, "w_10", false, OutputFormat::Jpeg),
        (&transparent, "w_10", true, OutputFormat::WebP),
        (&transparent, "w_10", false, OutputFormat::Png),
        (&transparent, "b_white,w_10", false, OutputFormat::Jpeg),
        (
            &transparent,
            "c_crop,g_east,w_10",
            false,
            OutputFormat::Jpeg,
        ),
        (&opaque, "r_max", false, OutputFormat::Png),
        (&opaque, "c_pad,h_10,w_20", false, OutputFormat::Png),
        (&opaque, "a_45", false, OutputFormat::Png),
    ] {
        let rendered = rendered(source, transformation, Choice::Auto { accepts_webp }).unwrap();
        assert_eq!(rendered.format, expected, "{transformation}");
        let decoded = image::load_from_memory(&rendered.bytes).unwrap();
        let size = (decoded.width(), decoded.height());
        assert_eq!(size, (rendered.width, rendered.height), "{transformation}");
        assert_eq!(OutputFormat::of_content(&rendered.bytes), Some(expected));
    }
}

#[test]
fn jpeg_has_a_white_background() {
    let transparent = transparent_png(32, 32);
    for (transformation, expected) in [
        ("c_scale,w_32", [255, 255, 255]),
        ("b_rgb:0000ff", [0, 0, 255]),
        ("b_blue,c_pad,h_64,w_32", [0, 0, 255]),
        ("c_pad,h_64,w_32", [255, 255, 255]),
    ] {
        let choice = Choice::Fixed(OutputFormat::Jpeg);
        let rendered = rendered(&transparent, transformation, choice).unwrap();
        let image = image::load_from_memory(&rendered.bytes)
            .unwrap()
            .into_rgb8();
        let actual = image.get_pixel(2, 2).0;
        let is_close = actual.iter().zip(expected).all(|(a, b)| a.abs_diff(b) < 4);
        assert!(is_close, "{transformation}: {actual:?}");
    }
}

/// The size of the file grows with the quality, and with a color for every pixel.
#[test]
fn quality_changes_the_size_of_the_file() {
    let source = png(200, 150);
    for format in [OutputFormat::Jpeg, OutputFormat::WebP] {
        let lengths = ["q_10", "q_50", "q_90"].map(|transformation| {
            rendered(&source, transformation, Choice::Fixed(format))
                .unwrap()
                .bytes
                .len()
        });
        assert!(
            lengths.is_sorted_by(|a, b| a < b),
            "{format:?}: {lengths:?}"
        );
    }
    let jpeg = |transformation| {
        let rendered = rendered(&source, transformation, Choice::Fixed(OutputFormat::Jpeg));
        rendered.unwrap().bytes
    };
    assert!(jpeg("q_80:420").len() < jpeg("q_80:444").len());
    assert_eq!(jpeg("q_80:420"), jpeg("q_80"));
    assert_eq!(jpeg("q_90:444"), jpeg("q_90"));
    assert_eq!(jpeg("q_auto"), jpeg("q_80"));
    assert_eq!(jpeg("q_auto:low"), jpeg("q_60"));
    assert_eq!(jpeg("e_grayscale"), jpeg("e_grayscale,q_90"));
}

#[test]
fn webp_with_quality_100_is_lossless() {
    let image = picture(40, 30);
    let source = encode(&image, ImageFormat::Png);
    let rendered = rendered(&source, "q_100", Choice::Fixed(OutputFormat::WebP)).unwrap();
    assert_eq!(
        image::load_from_memory(&rendered.bytes)
            .unwrap()
            .into_rgb8(),
        image.into_rgb8()
    );
}

/// `b_` fills the corners, because it is applied last.
#[test]
fn operations_of_a_step_have_a_fixed_order() {
    let source = png(60, 40);
    let png = |transformation: &str| {
        rendered(&source, transformation, Choice::Fixed(OutputFormat::Png))
            .unwrap()
            .bytes
    };
    assert_eq!(
        png("a_90,b_red,c_fill,e_sepia,h_20,r_5,w_20"),
        png("c_fill,h_20,w_20/e_sepia/r_5/a_90/b_red"),
    );
    assert_eq!(png("w_20,a_90"), png("a_90,w_20"));
    assert_ne!(png("w_20,a_90"), png("a_90/w_20"));
}

#[test]
fn rectangle_outside_of_the_image_is_an_error() {
    let source = png(20, 10);
    let choice = Choice::Fixed(OutputFormat::Png);
    let result = rendered(&source, "c_crop,h_5,w_5,x_20,y_0", choice);
    assert_eq!(result, Err(RenderError::Empty));
}

/// A size that depends on the image is checked before the image is decoded.
#[test]
fn results_over_the_limits_are_errors() {
    let source = png(4, 400);
    let choice = Choice::Fixed(OutputFormat::Png);
    for transformation in [
        "w_200",
        "ar_1:50,c_fill,w_900",
        "w_6000,h_20.0",
        "a_1/w_5000/a_45",
    ] {
        let result = rendered(&source, transformation, choice);
        assert!(
            matches!(result, Err(RenderError::TooLarge { .. })),
            "{transformation}: {:?}",
            result.map(|rendered| (rendered.width, rendered.height)),
        );
    }
}
