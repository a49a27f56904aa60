//! Keys of plans, and results that share a key.

use std::collections::HashMap;

use local_delivery::render::Memo;
use proptest::prelude::*;

use crate::pictures::{png, transparent_png};
use crate::rendered::{plan, rendered_with};

/// Renders with a memo. Returns the size and the file, or the error.
fn result(source: &[u8], transformation: &str, memo: &Memo) -> Result<(u32, u32, Vec<u8>), String> {
    rendered_with(source, transformation, memo)
        .map(|rendered| (rendered.width, rendered.height, rendered.bytes))
        .map_err(|error| error.to_string())
}

/// An unsupported crop mode does not resize. A missing one scales.
#[test]
fn unsupported_crop_modes_have_their_own_keys() {
    let source = png(640, 427);
    let memo = Memo::new(10 << 20);
    for (skipped, applied, size) in [
        ("c_auto,e_sepia,w_121", "e_sepia,w_121", (121, 81)),
        (
            "c_imagga_scale,dpr_2.0,h_50,r_3",
            "dpr_2.0,h_50,r_3",
            (150, 100),
        ),
        (
            "e_sepia/c_auto_pad,a_90,h_9,w_9",
            "e_sepia/a_90,h_9,w_9",
            (9, 9),
        ),
    ] {
        let keys = [skipped, applied].map(|text| plan(text).unwrap().key().to_owned());
        assert_ne!(keys[0], keys[1], "{skipped}");
        let (width, height, _) = result(&source, skipped, &memo).unwrap();
        assert_eq!(
            (width.max(height), width.min(height)),
            (640, 427),
            "{skipped}"
        );
        let (width, height, _) = result(&source, applied, &memo).unwrap();
        assert_eq!((width, height), size, "{applied}");
    }
}

#[test]
fn equal_operations_share_a_key() {
    for (first, second) in [
        ("w_10", "c_scale,w_10"),
        ("c_fill,h_9,w_10", "w_10,h_9,c_fill"),
        ("c_fill,g_auto,w_9", "c_fill,g_center,w_9"),
        ("e_sepia", "c_auto,e_sepia,w_121"),
        ("e_sepia", "dpr_3.0,e_sepia,x_4"),
        ("e_sepia", "e_sepia:80"),
        ("b_red", "b_rgb:f00"),
        ("dpr_1.0,w_10", "w_10"),
        ("dpr_2.0,r_10", "r_20"),
        ("dpr_9.0,w_10", "dpr_5.0,w_10"),
        ("q_auto", "q_80"),
    ] {
        let keys = [first, second].map(|text| plan(text).unwrap().key().to_owned());
        assert_eq!(keys[0], keys[1], "{first} {second}");
    }
}

/// The number 1 is a pixel, and the number 1.0 is the whole side.
#[test]
fn different_operations_have_different_keys() {
    for (first, second) in [
        ("w_1", "w_1.0"),
        ("w_10", "h_10"),
        ("w_10/e_sepia", "e_sepia/w_10"),
        ("dpr_2.0,w_10", "w_10"),
        ("a_90", "a_-90"),
        ("r_1:2", "r_2:1"),
        ("b_rgb:ff000080", "b_red"),
        ("c_fill,w_10", "c_fit,w_10"),
        ("w_iw", "w_ih"),
        ("q_80", "q_80:444"),
        ("e_blur:100", "e_blur:101"),
    ] {
        let keys = [first, second].map(|text| plan(text).unwrap().key().to_owned());
        assert_ne!(keys[0], keys[1], "{first} {second}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Transformations with the same key have the same result, and results that are computed
    /// from shared intermediate images are those without a memo.
    #[test]
    fn shared_results_are_correct(
        texts in proptest::collection::vec(
            proptest::collection::vec(
                proptest::collection::vec(
                    prop_oneof![
                        "c_(fit|fill|pad|auto)",
                        "w_(1|1[.]0|auto)",
                        "h_3",
                        "dpr_2[.]0",
                        "e_(sepia|art:zorro)",
                        "a_(90|ignore)",
                        "r_2",
                        "b_(red|rgb:f00)",
                    ],
                    1..4,
                )
                .prop_map(|step| step.join(",")),
                1..3,
            )
            .prop_map(|steps| steps.join("/")),
            80,
        ),
    ) {
        let source = transparent_png(9, 6);
        let memo = Memo::new(1 << 20);
        let mut by_key = HashMap::new();
        for text in texts {
            let Ok(plan) = plan(&text) else {
                continue;
            };
            let expected = result(&source, &text, &Memo::new(0));
            prop_assert_eq!(&result(&source, &text, &memo), &expected, "{}", text);
            let first = by_key.entry(plan.key().to_owned()).or_insert_with(|| expected.clone());
            prop_assert_eq!(&*first, &expected, "{}", text);
        }
    }
}
