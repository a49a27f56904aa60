//! Texts that identify operations.
//!
//! A text is built from the values that are applied, not from the parameters of the
//! transformation: a parameter without effect is not part of it. Every pattern names all
//! fields, so that a new field cannot be forgotten.

use image::Rgba;

use super::component::{Component, Resize};
use super::effects::Effect;
use super::encode::Quality;
use super::geometry::Gravity;
use super::mask::Corners;
use super::rotate::Rotation;
use super::target::{Length, Request};

/// The version of the results. Increase it when the renderer creates other files than
/// before: the images of earlier versions stay in the cache on disk.
const VERSION: u32 = 1;

/// Returns the key of a whole plan. The version is the first part.
pub(super) fn plan(
    ignores_orientation: bool,
    components: &[Component],
    quality: Quality,
) -> String {
    let mut parts = vec![format!("v{VERSION}")];
    if ignores_orientation {
        parts.push("a_ignore".to_owned());
    }
    parts.extend(components.iter().map(component));
    if quality != Quality::default() {
        let Quality {
            percent,
            full_chroma,
        } = quality;
        let chroma = match full_chroma {
            None => "",
            Some(true) => ":444",
            Some(false) => ":420",
        };
        parts.push(format!("q_{percent}{chroma}"));
    }
    parts.join("/")
}

/// Returns the key of a component. Components with the same key are equal.
pub(super) fn component(component: &Component) -> String {
    let Component {
        rotation_to_fit,
        resize,
        effects,
        corners,
        rotations,
        background,
    } = component;
    let mut parts = Vec::new();
    if let Some(degrees) = rotation_to_fit {
        parts.push(format!("a_auto:{degrees}"));
    }
    if let Some(resize) = resize {
        add_resize(&mut parts, resize);
    }
    parts.extend(effects.iter().map(|effect| match effect {
        Effect::Grayscale => "e_grayscale".to_owned(),
        Effect::Sepia(amount) => format!("e_sepia:{amount}"),
        Effect::Blur(sigma) => format!("e_blur:{sigma}"),
    }));
    parts.extend(corners.map(|corners| match corners {
        Corners::Ellipse => "r_max".to_owned(),
        Corners::Radii([a, b, c, d]) => format!("r_{a}:{b}:{c}:{d}"),
    }));
    parts.extend(rotations.iter().map(|rotation| match rotation {
        Rotation::Degrees(degrees) => format!("a_{degrees}"),
        Rotation::FlipVertically => "a_vflip".to_owned(),
        Rotation::FlipHorizontally => "a_hflip".to_owned(),
    }));
    parts.extend(background.map(|Rgba([red, green, blue, alpha])| {
        format!("b_rgb:{red:02x}{green:02x}{blue:02x}{alpha:02x}")
    }));
    parts.join(",")
}

fn add_resize(parts: &mut Vec<String>, resize: &Resize) {
    let Resize {
        mode,
        request,
        gravity,
    } = resize;
    let Request {
        width,
        height,
        ratio,
        x,
        y,
        dpr,
    } = request;
    parts.push(format!("c_{mode:?}"));
    for (name, length) in [("w", width), ("h", height), ("x", x), ("y", y)] {
        parts.extend(length.map(|length| match length {
            Length::Pixels(pixels) => format!("{name}_{pixels}"),
            Length::Fraction(fraction) => format!("{name}_{fraction}*side"),
            Length::InitialWidth => format!("{name}_iw"),
            Length::InitialHeight => format!("{name}_ih"),
        }));
    }
    parts.extend(ratio.map(|ratio| format!("ar_{ratio}")));
    parts.extend(gravity.map(|gravity| match gravity {
        Gravity::Compass(x, y) => format!("g_{x:?}:{y:?}"),
        Gravity::Point => "g_xy_center".to_owned(),
    }));
    parts.extend(dpr.map(|dpr| format!("dpr_{dpr}")));
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;
    use url_signer::cloudinary::Transformation;

    use crate::named::NamedTransformations;
    use crate::render::{Hints, Limits, Plan};

    /// Returns steps with supported, unsupported and unused parameters. There are few
    /// values, so that many transformations have equal operations.
    fn step() -> impl Strategy<Value = String> {
        let parameter = prop_oneof![
            "c_(scale|fit|crop|fill|lpad|auto|imagga_scale)",
            "[wh]_(1|1[.]0|0[.]5|2|auto|iw|ih)",
            "[xy]_(1|1[.]5|-1)",
            "ar_(1:1|1[.]0|2:1)",
            "g_(center|north|auto|face|xy_center)",
            "dpr_(1[.]0|2[.]0|auto|9[.]0)",
            "a_(90|-90|450|hflip|vflip|ignore|auto_right|auto_left|hflip[.]90)",
            "r_(1|2|1:2|1:2:1:2|max)",
            "b_(red|rgb:f00|rgb:ff0000|rgb:ff000080|auto)",
            "e_(sepia|sepia:80|sepia:81|blur|blur:100|blur:101|grayscale|art:zorro)",
            "q_(90|80|auto|90:444|jpegmini)",
            "(f_auto|o_50|z_2[.]0|fl_lossy|l_logo)",
        ];
        proptest::collection::vec(parameter, 1..4).prop_map(|step| step.join(","))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        /// Plans have the same key if and only if their operations are equal. So have the
        /// prefixes of their components.
        #[test]
        fn keys_identify_operations(
            texts in proptest::collection::vec(
                proptest::collection::vec(step(), 1..3).prop_map(|steps| steps.join("/")),
                400,
            ),
            dpr in prop_oneof![Just(None), Just(Some(1.0)), Just(Some(2.0))],
        ) {
            let mut by_key = HashMap::new();
            let mut by_operations = HashMap::new();
            let mut by_component = HashMap::new();
            for text in texts {
                let transformation = Transformation::verbatim(&text).unwrap();
                let named = NamedTransformations::default();
                let hints = Hints { dpr };
                let Ok(plan) = Plan::new(&transformation, &named, &hints, &Limits::default())
                else {
                    continue;
                };
                let operations = (
                    plan.ignores_orientation(),
                    plan.components().to_vec(),
                    plan.quality(),
                );
                let key = plan.key().to_owned();
                let debug = format!("{operations:?}");
                let first = by_operations.entry(debug).or_insert_with(|| key.clone());
                prop_assert_eq!(&*first, &key, "{}", text);
                let first = by_key.entry(key).or_insert_with(|| operations.clone());
                prop_assert_eq!(&*first, &operations, "{}", text);
                for component in operations.1 {
                    let key = super::component(&component);
                    prop_assert!(!key.is_empty() && !key.contains('/'));
                    let first = by_component.entry(key).or_insert_with(|| component.clone());
                    prop_assert_eq!(&*first, &component, "{}", text);
                }
            }
            prop_assert!(by_key.len() > 50, "{}", by_key.len());
        }
    }
}
