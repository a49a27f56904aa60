//! Sizes and rectangles of all crop modes, compared with an independent computation.
//! README.md in this folder names the sources.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod lines;

use local_delivery::render::geometry::{
    CropMode, Gravity, Layout, Place, Rectangle, Size, Target, layout,
};
use proptest::prelude::*;

use crate::lines::{check_lines, layouts};

fn size_after(transformation: &str, width: u32, height: u32) -> Size {
    let layouts = layouts(transformation, Size::new(width, height)).unwrap();
    layouts.last().unwrap().canvas
}

#[test]
fn sampled_sizes_follow_the_rules() {
    assert_eq!(check_lines(include_str!("sizes.jsonl")), 993);
}

/// Sizes that the documentation states. README.md has the sources.
#[test]
fn documented_sizes_are_computed() {
    for (transformation, image, expected) in [
        ("c_fit,h_100,w_300", (864, 576), (150, 100)),
        ("c_fit,h_90,w_70", (912, 608), (70, 47)),
        ("c_lfill,h_100,w_800", (400, 200), (400, 100)),
        ("c_lpad,h_800,w_800", (640, 427), (800, 800)),
        ("c_fit,w_300", (1000, 672), (300, 202)),
    ] {
        let size = size_after(transformation, image.0, image.1);
        assert_eq!((size.width, size.height), expected, "{transformation}");
    }
    let layouts = layouts("c_lpad,h_800,w_800", Size::new(640, 427)).unwrap();
    assert_eq!(layouts[0].inner, Size::new(640, 427));
}

/// Each step gets the result of the step before; `iw` stays the width of the original.
#[test]
fn steps_follow_each_other() {
    for (transformation, expected) in [
        ("c_crop,h_200,w_400,x_0,y_0/c_scale,w_0.5", (200, 100)),
        ("c_crop,h_200,w_400,x_0,y_0/c_scale,w_iw", (1000, 500)),
        ("c_scale,w_500/a_90/c_fit,h_100,w_100", (75, 100)),
        ("a_90/c_fit,w_300", (300, 400)),
        ("a_auto_right,c_fill,w_300,h_400", (300, 400)),
        ("e_grayscale,w_200,w_400", (400, 300)),
        ("c_crop,c_fit,w_100,h_100", (100, 75)),
    ] {
        let size = size_after(transformation, 1000, 750);
        assert_eq!((size.width, size.height), expected, "{transformation}");
    }
}

/// `auto_right` rotates an image only if the orientation of the size differs.
#[test]
fn automatic_rotation_keeps_most_of_the_image() {
    for (transformation, (width, height), visible) in [
        (
            "a_auto_right,c_fill,h_400,w_300",
            (800, 600),
            (600.0, 800.0),
        ),
        ("a_auto_left,c_fill,h_300,w_400", (800, 600), (800.0, 600.0)),
        ("a_auto_left,c_fill,h_300,w_400", (600, 800), (800.0, 600.0)),
        ("a_auto_left,c_fill,h_300,w_300", (600, 800), (600.0, 600.0)),
    ] {
        let layouts = layouts(transformation, Size::new(width, height)).unwrap();
        let Rectangle { width, height, .. } = layouts[0].source;
        assert_eq!((width, height), visible, "{transformation}");
    }
}

/// Decimals over 1 in `c_crop` are pixels, as in the URLs of `image-model`.
#[test]
fn decimals_over_one_in_crop_are_pixels() {
    let layouts = layouts("c_crop,h_11.0,w_10.0,x_3.0,y_2.5", Size::new(48, 48)).unwrap();
    let Rectangle {
        left,
        top,
        width,
        height,
    } = layouts[0].source;
    assert_eq!((left, top, width, height), (3.0, 3.0, 10.0, 11.0));
}

fn places() -> impl Strategy<Value = Place> {
    prop_oneof![Just(Place::Start), Just(Place::Center), Just(Place::End)]
}

prop_compose! {
    fn inputs()(
        mode in proptest::sample::select(CropMode::NAMES.map(|(_, mode)| mode).to_vec()),
        (width, height) in (1..20_000_u32, 1..20_000_u32),
        target in (
            proptest::option::of(1..20_000_u32),
            proptest::option::of(1..20_000_u32),
            proptest::option::of(-30_000.0..30_000.0),
            proptest::option::of(-30_000.0..30_000.0),
        ),
        gravity in prop_oneof![
            Just(None),
            Just(Some(Gravity::Point)),
            (places(), places()).prop_map(|(x, y)| Some(Gravity::Compass(x, y))),
        ],
    ) -> (CropMode, Size, Target, Option<Gravity>) {
        let (width_target, height_target, x, y) = target;
        let target = Target { width: width_target, height: height_target, x, y };
        (mode, Size::new(width, height), target, gravity)
    }
}

proptest! {
    #[test]
    fn layouts_are_consistent((mode, input, target, gravity) in inputs()) {
        let Some(layout) = layout(mode, input, target, gravity) else {
            prop_assert_eq!(mode, CropMode::Crop);
            return Ok(());
        };
        let Layout { source, inner, canvas, offset } = layout;
        prop_assert!(inner.width >= 1 && inner.height >= 1);
        // The part is inside of the image, and the scaled part inside of the canvas.
        let (width, height) = (f64::from(input.width), f64::from(input.height));
        prop_assert!(source.left >= 0.0 && source.top >= 0.0);
        prop_assert!(source.width > 0.0 && source.height > 0.0);
        prop_assert!(source.left + source.width <= width + 1e-6);
        prop_assert!(source.top + source.height <= height + 1e-6);
        prop_assert!(offset.0 + inner.width <= canvas.width);
        prop_assert!(offset.1 + inner.height <= canvas.height);

        let (box_width, box_height) = (
            target.width.unwrap_or(u32::MAX),
            target.height.unwrap_or(u32::MAX),
        );
        if matches!(mode, CropMode::Fit | CropMode::Limit) && (target.width.or(target.height)).is_some() {
            prop_assert!(canvas.width <= box_width && canvas.height <= box_height);
        }
        let is_limited = matches!(
            mode,
            CropMode::Limit | CropMode::LimitFill | CropMode::LimitPad | CropMode::Crop
        );
        if is_limited {
            prop_assert!(inner.width <= input.width && inner.height <= input.height);
        }
        if matches!(mode, CropMode::MinimumFit | CropMode::MinimumPad) {
            prop_assert!(inner.width >= input.width && inner.height >= input.height);
        }
        if let (CropMode::Fill | CropMode::Thumb, Some(_), Some(_)) = (mode, target.width, target.height) {
            prop_assert_eq!(canvas, Size::new(box_width, box_height));
            // Not distorted.
            let (x, y) = (
                f64::from(inner.width) / source.width,
                f64::from(inner.height) / source.height,
            );
            prop_assert!((x / y - 1.0).abs() < 1e-6, "{} {}", x, y);
        }
    }
}
