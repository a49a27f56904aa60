//! Plans of transformations.

use local_delivery::render::{Attachment, Hints, OutputFormat, RequestedFormat};

use crate::rendered::{operations, plan, plan_with};

#[test]
fn invalid_values_are_named() {
    for (transformation, expected) in [
        ("c_scale,w_abc", "Invalid width in transformation: abc"),
        ("w_0", "Invalid width in transformation: 0"),
        ("h_-1", "Invalid height in transformation: -1"),
        ("c_foo,w_1", "Invalid crop in transformation: foo"),
        ("a_foo", "Invalid angle in transformation: foo"),
        ("b_foo", "Invalid background in transformation: foo"),
        ("q_0", "Invalid quality in transformation: 0"),
        ("q_101", "Invalid quality in transformation: 101"),
        ("q_auto:foo", "Invalid quality in transformation: auto:foo"),
        ("ar_0:1,w_1", "Invalid aspect ratio in transformation: 0:1"),
        ("e_sepia:101", "Invalid value 101 for sepia"),
        ("e_blur:0", "Invalid value 0 for blur"),
        ("e_blur:2001", "Invalid value 2001 for blur"),
        (
            "c_fit,g_auto,w_1",
            "Use auto gravity only with crop, fill, lfill, fill_pad or thumb",
        ),
        (
            "g_auto:faces,w_1",
            "Use auto gravity only with crop, fill, lfill, fill_pad or thumb",
        ),
        ("c_fill_pad,h_1,w_1", "fill_pad supports only auto gravity"),
        (
            "c_fill_pad,g_north,h_1,w_1",
            "fill_pad supports only auto gravity",
        ),
        (
            "c_fill",
            "Crop mode fill requires a width, a height or an aspect ratio",
        ),
        (
            "c_crop,g_north",
            "Crop mode crop requires a width, a height or an aspect ratio",
        ),
        ("t_none", "Unknown transformation none"),
        (
            "w_16385",
            "A side of 16385 pixels exceeds the limit of 16384",
        ),
        (
            "dpr_2.0,h_8193,w_0.5",
            "A side of 16386 pixels exceeds the limit of 16384",
        ),
        ("h_2,w_16385", "Image size 16385x2 exceeds the limits"),
        (
            "h_10000,w_10000",
            "Image size 10000x10000 exceeds the limits",
        ),
        (
            "dpr_2.0,h_3000,w_3000",
            "Image size 6000x6000 exceeds the limits",
        ),
    ] {
        let Err(error) = plan(transformation) else {
            panic!("{transformation}: no error");
        };
        assert_eq!(error.to_string(), expected, "{transformation}");
    }
}

#[test]
fn unsupported_steps_are_skipped_and_named() {
    for (transformation, unsupported, key) in [
        ("e_art:zorro,w_10", vec!["e_art:zorro"], "c_Scale,w_10"),
        ("w_auto,c_scale", vec!["w_auto"], ""),
        ("c_auto,w_10,h_10", vec!["c_auto"], ""),
        (
            "o_50,z_2.0,bo_1px_solid_red",
            vec!["o_50", "z_2.0", "bo_1px_solid_red"],
            "",
        ),
        ("f_avif,w_10", vec!["f_avif"], "c_Scale,w_10"),
        ("q_jpegmini/q_80:422", vec!["q_jpegmini", "q_80:422"], ""),
        ("fl_lossy.attachment", vec!["fl_lossy"], ""),
        ("b_auto,c_pad,h_9,w_9", vec!["b_auto"], "c_Pad,w_9,h_9"),
        ("ab_cd,w_10", vec!["ab_cd"], "c_Scale,w_10"),
        ("l_logo,w_50/e_sepia", vec!["l_logo"], "e_sepia:0.8"),
        (
            "l_logo/c_scale,w_50/fl_layer_apply,g_north/e_sepia",
            vec!["l_logo"],
            "e_sepia:0.8",
        ),
        (
            "if_w_gt_1/w_5/if_else/w_6/if_end/e_sepia",
            vec!["if_w_gt_1"],
            "e_sepia:0.8",
        ),
        (
            "if_w_gt_1/if_h_gt_1/w_5/if_end/w_7/if_end/e_sepia",
            vec!["if_w_gt_1"],
            "e_sepia:0.8",
        ),
        ("if_w_gt_1,w_5/e_sepia", vec!["if_w_gt_1"], "e_sepia:0.8"),
        (
            "$size_5/w_$size,h_9/e_sepia",
            vec!["$size_5", "w_$size"],
            "e_sepia:0.8",
        ),
        ("w_iw_div_2/e_sepia", vec!["w_iw_div_2"], "e_sepia:0.8"),
    ] {
        let plan = plan(transformation).unwrap();
        assert_eq!(plan.unsupported(), unsupported, "{transformation}");
        assert_eq!(operations(&plan), key, "{transformation}");
    }
}

#[test]
fn automatic_gravities_use_the_center() {
    for (transformation, note) in [
        ("c_fill,g_auto,h_9,w_9", Some("center; requested=auto")),
        ("c_thumb,g_face,h_9,w_9", Some("center; requested=face")),
        (
            "c_fill,g_auto:cat,h_9,w_9",
            Some("center; requested=auto:cat"),
        ),
        ("c_fill,g_south_east,h_9,w_9", None),
    ] {
        assert_eq!(
            plan(transformation).unwrap().gravity_note(),
            note,
            "{transformation}"
        );
    }
}

#[test]
fn decimals_over_one_are_reported() {
    let plan = plan("c_crop,h_11,w_10,x_3,y_2.5").unwrap();
    assert_eq!(plan.approximations(), ["fractional pixels in c_crop"]);
}

#[test]
fn plans_without_changes_are_empty() {
    for (transformation, is_empty) in [
        ("", true),
        ("fl_attachment", true),
        ("dpr_auto,f_auto", true),
        ("e_art:zorro", true),
        ("q_auto", false),
        ("a_ignore", false),
        ("w_1", false),
    ] {
        assert_eq!(
            plan(transformation).unwrap().is_empty(),
            is_empty,
            "{transformation}"
        );
    }
}

#[test]
fn format_and_attachment_are_those_of_the_last_step() {
    let attachment = |name: Option<&str>| {
        Some(Attachment {
            name: name.map(str::to_owned),
        })
    };
    let webp = RequestedFormat::Fixed(OutputFormat::WebP);
    for (transformation, format, expected) in [
        ("w_1", None, None),
        ("f_png/f_auto", Some(RequestedFormat::Auto), None),
        ("f_auto/f_webp,fl_attachment", Some(webp), attachment(None)),
        (
            "fl_attachment:My%20photo",
            None,
            attachment(Some("My photo")),
        ),
        ("fl_attachment:a%252Cb", None, attachment(Some("a,b"))),
    ] {
        let plan = plan(transformation).unwrap();
        assert_eq!(plan.format(), format, "{transformation}");
        assert_eq!(plan.attachment(), expected.as_ref(), "{transformation}");
        assert_eq!(plan.uses_accept(), format == Some(RequestedFormat::Auto));
    }
}

#[test]
fn pixel_ratio_changes_only_steps_with_a_size() {
    let hints = Hints { dpr: Some(2.0) };
    for (transformation, key, uses_hint) in [
        (
            "c_fit,w_10/dpr_auto,q_auto,f_auto",
            "c_Fit,w_10/q_80",
            false,
        ),
        ("c_fit,dpr_auto,w_10", "c_Fit,w_10,dpr_2", true),
        ("c_fit,dpr_3.0,w_10", "c_Fit,w_10,dpr_3", false),
        ("dpr_auto,r_10", "r_20:20:20:20", true),
    ] {
        let plan = plan_with(transformation, "", &hints).unwrap();
        assert_eq!(
            (operations(&plan), plan.uses_dpr_hint()),
            (key, uses_hint),
            "{transformation}"
        );
    }
    let plan = plan("c_fit,dpr_auto,w_10").unwrap();
    assert_eq!(
        (operations(&plan), plan.uses_dpr_hint()),
        ("c_Fit,w_10", true)
    );
}

#[test]
fn named_transformations_are_expanded() {
    let named =
        "a = c_fit,w_10/e_sepia\nb = t_a/a_90\nauto = dpr_auto,f_auto,w_auto\nloop = t_loop";
    let key = |transformation: &str| {
        plan_with(transformation, named, &Hints { dpr: Some(2.0) })
            .map(|plan| operations(&plan).to_owned())
            .map_err(|error| error.to_string())
    };
    assert_eq!(key("t_a").unwrap(), "c_Fit,w_10/e_sepia:0.8");
    assert_eq!(
        key("r_5,t_a.b").unwrap(),
        "c_Fit,w_10/e_sepia:0.8/c_Fit,w_10/e_sepia:0.8/a_90/r_5:5:5:5"
    );
    assert_eq!(key("t_auto").unwrap(), "");
    let too_many = "Too many steps or parameters in transformation";
    assert_eq!(key("t_loop").unwrap_err(), too_many);
    let repeated = |text: &str, count: usize, separator: &str| vec![text; count].join(separator);
    assert!(key(&repeated("w_1", 32, "/")).is_ok());
    assert_eq!(key(&repeated("w_1", 33, "/")).unwrap_err(), too_many);
    assert_eq!(key(&repeated("w_1", 33, ",")).unwrap_err(), too_many);
    assert_eq!(
        key(&format!("t_{}", repeated("a", 17, "."))).unwrap_err(),
        too_many
    );
}
