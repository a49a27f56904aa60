//! Transformations with the operations of Pillow.

use serde_json::{Value, json};

/// A transformation, and the operations of Pillow that give the same image.
pub(crate) struct Case {
    pub(crate) input: String,
    pub(crate) transformation: &'static str,
    pub(crate) operations: Value,
    /// The greatest mean and single difference per channel, of 255.
    pub(crate) mean: f64,
    pub(crate) maximum: u8,
}

fn case(
    input: &str,
    transformation: &'static str,
    operations: Value,
    (mean, maximum): (f64, u8),
) -> Case {
    Case {
        input: input.to_owned(),
        transformation,
        operations,
        mean,
        maximum,
    }
}

const EXACT: (f64, u8) = (0.0, 0);
/// At sharp edges, the filter exceeds the range of the colors, and the result of the first
/// pass is cut. Pillow begins with the rows, `fast_image_resize` with the columns.
const RESIZED: (f64, u8) = (0.2, 14);
const ENLARGED: (f64, u8) = (0.2, 24);
/// Pixels at the edge of a rotated image or a mask are mixed with transparency. Pillow does
/// not do this for rotations, and uses more samples for masks (of the test).
const ROTATED: (f64, u8) = (0.4, 255);
const MASKED: (f64, u8) = (0.15, 40);
/// Colors are rounded when they are premultiplied, and divided again.
const RESIZED_ALPHA: (f64, u8) = (0.5, 4);

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = resized();
    cases.extend(changed());
    cases.extend(upright());
    cases
}

fn resized() -> Vec<Case> {
    vec![
        // Resizing. The boxes are those of section "Rules" in tests/geometry/README.md.
        case(
            "photo.png",
            "c_scale,h_40,w_77",
            json!([["resize", [77, 40], [0, 0, 101, 67]]]),
            RESIZED,
        ),
        case(
            "large.png",
            "c_fit,h_100,w_100",
            json!([["resize", [100, 67], [0, 0, 640, 427]]]),
            RESIZED,
        ),
        case(
            "large.png",
            "c_fill,h_100,w_100",
            json!([["resize", [100, 100], [106.5, 0, 533.5, 427]]]),
            RESIZED,
        ),
        case(
            "large.png",
            "c_fill,g_north_west,h_99,w_200",
            json!([["resize", [200, 99], [0, 0, 640, 316.8]]]),
            RESIZED,
        ),
        case(
            "photo.png",
            "c_fill,g_south_east,h_67,w_50",
            json!([["resize", [50, 67], [51, 0, 101, 67]]]),
            RESIZED,
        ),
        case(
            "photo.png",
            "c_scale,w_404",
            json!([["resize", [404, 268], [0, 0, 101, 67]]]),
            ENLARGED,
        ),
        case(
            "photo.png",
            "c_crop,h_30,w_40,x_11,y_7",
            json!([["resize", [40, 30], [11, 7, 51, 37]]]),
            EXACT,
        ),
        case(
            "gray.png",
            "c_scale,w_80",
            json!([["resize", [80, 54], [0, 0, 160, 107]]]),
            RESIZED,
        ),
        case(
            "palette.png",
            "c_scale,w_50",
            json!([["resize", [50, 33], [0, 0, 101, 67]]]),
            RESIZED,
        ),
        case(
            "alpha.png",
            "c_scale,h_33,w_50",
            json!([["resize", [50, 33], [0, 0, 101, 67]]]),
            RESIZED_ALPHA,
        ),
        case(
            "large.png",
            "c_fit,h_1920,w_1920/c_fill,h_100,w_100",
            json!([
                ["resize", [1920, 1281], [0, 0, 640, 427]],
                ["resize", [100, 100], [319.5, 0, 1600.5, 1281]],
            ]),
            RESIZED,
        ),
        case(
            "photo.jpg",
            "c_scale,w_100",
            json!([["resize", [100, 67], [0, 0, 320, 214]]]),
            (0.2, 12),
        ),
    ]
}

fn changed() -> Vec<Case> {
    vec![
        // Padding.
        case(
            "photo.png",
            "b_rgb:336699,c_lpad,h_100,w_150",
            json!([["pad", [150, 100], [24, 16], [0x33, 0x66, 0x99, 255]],]),
            EXACT,
        ),
        case(
            "photo.png",
            "c_pad,g_south_west,h_100,w_60",
            json!([
                ["resize", [60, 40], [0, 0, 101, 67]],
                ["pad", [60, 100], [0, 60], [0, 0, 0, 0]],
            ]),
            RESIZED,
        ),
        case(
            "alpha.png",
            "b_rgb:336699",
            json!([["flatten", [0x33, 0x66, 0x99, 255]]]),
            (0.5, 1),
        ),
        // Effects.
        case("photo.png", "e_grayscale", json!([["grayscale"]]), (0.1, 1)),
        case("photo.png", "e_sepia:60", json!([["sepia", 0.6]]), (0.5, 1)),
        case("photo.png", "e_sepia", json!([["sepia", 0.8]]), (0.5, 1)),
        case("large.png", "e_blur:100", json!([["blur", 5.0]]), (0.15, 2)),
        case("large.png", "e_blur:13", json!([["blur", 0.65]]), (0.4, 3)),
        // Masks.
        case("photo.png", "r_20", json!([["corners", 20]]), MASKED),
        case("large.png", "r_max", json!([["corners", "max"]]), MASKED),
        // Rotations.
        case("photo.png", "a_90", json!([["transpose", 90]]), EXACT),
        case("photo.png", "a_180", json!([["transpose", 180]]), EXACT),
        case("photo.png", "a_-90", json!([["transpose", 270]]), EXACT),
        case("alpha.png", "a_90", json!([["transpose", 90]]), EXACT),
        case(
            "photo.png",
            "a_hflip",
            json!([["transpose", "hflip"]]),
            EXACT,
        ),
        case(
            "photo.png",
            "a_vflip.90",
            json!([["transpose", "vflip"], ["transpose", 90]]),
            EXACT,
        ),
        case("large.png", "a_20", json!([["rotate", 20]]), ROTATED),
        case("large.png", "a_-135", json!([["rotate", -135]]), ROTATED),
        case(
            "large.png",
            "a_20/c_crop,g_center,h_250,w_350",
            json!([["rotate", 20], ["resize", [350, 250], [199, 185, 549, 435]]]),
            (0.3, 2),
        ),
        // The crop and the rotation of an image of the example host.
        case(
            "large.png",
            "c_crop,h_300,w_400,x_100,y_50/a_90/c_fit,h_200,w_200",
            json!([
                ["resize", [400, 300], [100, 50, 500, 350]],
                ["transpose", 90],
                ["resize", [150, 200], [0, 0, 300, 400]],
            ]),
            RESIZED,
        ),
    ]
}

/// All EXIF orientations.
fn upright() -> Vec<Case> {
    let mut cases = Vec::new();
    for orientation in 1..=8 {
        for (extension, tolerance) in [("png", EXACT), ("webp", EXACT), ("jpg", (0.05, 4))] {
            let input = format!("exif{orientation}.{extension}");
            cases.push(case(&input, "q_100", json!([["upright"]]), tolerance));
        }
    }
    cases
}
