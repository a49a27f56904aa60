//! The steps, parameters and values of transformations.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use url_signer::cloudinary::Transformation;
use url_signer::cloudinary::transformation::{
    AngleMode, Background, Corners, CropMode, DprMode, Format, Gravity, Length, ParsedValue,
    QualityMode, Ratio, Scalar,
};

fn verbatim(text: &str) -> Transformation {
    Transformation::verbatim(text).unwrap()
}

/// Calls a function with the value of a transformation's only parameter.
fn with_value(text: &str, check: impl FnOnce(ParsedValue<'_>)) {
    let transformation = verbatim(text);
    let mut parameters = transformation.steps().flat_map(|step| step.parameters());
    check(parameters.next().unwrap().value());
    assert_eq!(parameters.next(), None, "{text}");
}

#[test]
fn steps_and_parameters_keep_their_text() {
    let cases: [(&str, &[&[&str]]); 12] = [
        ("", &[]),
        (
            "c_fill,w_200,h_200,g_auto",
            &[&["c_fill", "w_200", "h_200", "g_auto"]],
        ),
        (
            "c_crop,h_11/a_90/dpr_auto,q_auto",
            &[&["c_crop", "h_11"], &["a_90"], &["dpr_auto", "q_auto"]],
        ),
        (
            "if_w_gt_1/c_scale,w_1/if_else/w_2/if_end",
            &[
                &["if_w_gt_1"],
                &["c_scale", "w_1"],
                &["if_else"],
                &["w_2"],
                &["if_end"],
            ],
        ),
        ("w_1,w_2", &[&["w_1", "w_2"]]),
        (
            "l_fetch:aHR0cDovL2E=,x_1",
            &[&["l_fetch:aHR0cDovL2E=", "x_1"]],
        ),
        // A URL can contain `,`.
        ("l_x:http://b,a/y_1", &[&["l_x:http://b,a"], &["y_1"]]),
        (
            "w_1,l_x:http://b,a/y_1,x_2",
            &[&["w_1", "l_x:http://b,a"], &["y_1", "x_2"]],
        ),
        ("w_1%2Ch_2", &[&["w_1%2Ch_2"]]),
        ("e_gen_fill;prompt_(x)", &[&["e_gen_fill;prompt_(x)"]]),
        (
            "l_text:Arial_20:a%252Cb,co_rgb:fff",
            &[&["l_text:Arial_20:a%252Cb", "co_rgb:fff"]],
        ),
        ("custom/text", &[&["custom"], &["text"]]),
    ];
    for (text, expected) in cases {
        let transformation = verbatim(text);
        let steps: Vec<Vec<_>> = transformation
            .steps()
            .map(|step| {
                let parameters = step.parameters();
                parameters.map(|parameter| parameter.as_str()).collect()
            })
            .collect();
        assert_eq!(steps, expected, "{text}");
    }
}

#[test]
fn names_end_at_the_first_underscore() {
    for (text, name, value) in [
        ("fl_keep_iptc", "fl", "keep_iptc"),
        ("bo_4px_solid_red", "bo", "4px_solid_red"),
        ("$foo_!a_b!", "$foo", "!a_b!"),
        ("ab_cd", "ab", "cd"),
        ("custom", "custom", ""),
        ("w_", "w", ""),
    ] {
        let transformation = verbatim(text);
        let step = transformation.steps().next().unwrap();
        let parameter = step.parameters().next().unwrap();
        assert_eq!((parameter.name(), parameter.raw_value()), (name, value));
        assert_eq!(parameter.to_string(), text);
        assert_eq!(step.to_string(), text);
        assert_eq!(step.get(name), Some(parameter));
    }
}

#[test]
fn the_last_parameter_of_a_name_counts() {
    let transformation = verbatim("w_1,h_3,w_2");
    let step = transformation.steps().next().unwrap();
    let text = |name| step.get(name).map(|parameter| parameter.raw_value());
    assert_eq!(text("w"), Some("2"));
    assert_eq!(text("h"), Some("3"));
    assert_eq!(text("c"), None);
}

#[test]
fn lengths_are_pixels_fractions_or_expressions() {
    for (text, expected) in [
        ("w_1", ParsedValue::Width(Length::Pixels(1))),
        ("w_1.0", ParsedValue::Width(Length::Fraction(1.0))),
        ("w_0.5", ParsedValue::Width(Length::Fraction(0.5))),
        ("h_.5", ParsedValue::Height(Length::Fraction(0.5))),
        ("w_auto", ParsedValue::Width(Length::Auto)),
        ("w_auto:100:400", ParsedValue::Width(Length::Auto)),
        ("w_iw", ParsedValue::Width(Length::InitialWidth)),
        ("w_ih", ParsedValue::Width(Length::InitialHeight)),
        (
            "w_iw_div_2",
            ParsedValue::Width(Length::Expression("iw_div_2")),
        ),
        (
            "w_$size_mul_2",
            ParsedValue::Width(Length::Expression("$size_mul_2")),
        ),
        ("h_w", ParsedValue::Height(Length::Expression("w"))),
        (
            "h_2_mod_w",
            ParsedValue::Height(Length::Expression("2_mod_w")),
        ),
        ("x_-5", ParsedValue::X(Length::Pixels(-5))),
        ("x_0", ParsedValue::X(Length::Pixels(0))),
        ("y_-0.25", ParsedValue::Y(Length::Fraction(-0.25))),
        ("y_-$dy", ParsedValue::Y(Length::Expression("-$dy"))),
    ] {
        with_value(text, |value| assert_eq!(value, expected, "{text}"));
    }
}

#[test]
fn numbers_and_ratios_are_typed() {
    let fixed = |width, height| ParsedValue::AspectRatio(Ratio::Fixed { width, height });
    for (text, expected) in [
        ("ar_16:9", fixed(16.0, 9.0)),
        ("ar_1.5", fixed(1.5, 1.0)),
        ("ar_auto", ParsedValue::AspectRatio(Ratio::Auto)),
        ("ar_iar", ParsedValue::AspectRatio(Ratio::Expression("iar"))),
        ("dpr_2.0", ParsedValue::Dpr(DprMode::Number(2.0))),
        ("dpr_auto", ParsedValue::Dpr(DprMode::Auto)),
        ("dpr_$d", ParsedValue::Dpr(DprMode::Expression("$d"))),
        ("z_0.7", ParsedValue::Zoom(Scalar::Number(0.7))),
        ("o_30", ParsedValue::Opacity(Scalar::Number(30.0))),
        ("o_$o", ParsedValue::Opacity(Scalar::Expression("$o"))),
    ] {
        with_value(text, |value| assert_eq!(value, expected, "{text}"));
    }
}

#[test]
fn angles_are_lists_of_turns() {
    for (text, expected) in [
        ("a_-90", vec![AngleMode::Degrees(-90.0)]),
        ("a_12.5", vec![AngleMode::Degrees(12.5)]),
        (
            "a_hflip.20",
            vec![AngleMode::FlipHorizontally, AngleMode::Degrees(20.0)],
        ),
        (
            "a_90.hflip",
            vec![AngleMode::Degrees(90.0), AngleMode::FlipHorizontally],
        ),
        (
            "a_auto_right.vflip.-5",
            vec![
                AngleMode::AutoRight,
                AngleMode::FlipVertically,
                AngleMode::Degrees(-5.0),
            ],
        ),
        (
            "a_12.5.20.30",
            vec![AngleMode::Degrees(12.5), AngleMode::Degrees(20.30)],
        ),
        (
            "a_90.-5",
            vec![AngleMode::Degrees(90.0), AngleMode::Degrees(-5.0)],
        ),
        (
            "a_auto_left.ignore",
            vec![AngleMode::AutoLeft, AngleMode::Ignore],
        ),
        ("a_$turn", vec![AngleMode::Expression("$turn")]),
        (
            "a_hflip.$turn",
            vec![AngleMode::FlipHorizontally, AngleMode::Expression("$turn")],
        ),
        (
            "a_up.5",
            vec![AngleMode::Unknown("up"), AngleMode::Degrees(5.0)],
        ),
        (
            "a_5.",
            vec![AngleMode::Degrees(5.0), AngleMode::Unknown("")],
        ),
    ] {
        with_value(text, |value| {
            assert_eq!(value, ParsedValue::Angle(expected), "{text}");
        });
    }
}

#[test]
fn corners_expand_as_in_css() {
    for (text, expected) in [
        ("r_20", Corners::Pixels([20.0; 4])),
        ("r_1:2", Corners::Pixels([1.0, 2.0, 1.0, 2.0])),
        ("r_20:0:40", Corners::Pixels([20.0, 0.0, 40.0, 0.0])),
        ("r_1:2:3:4", Corners::Pixels([1.0, 2.0, 3.0, 4.0])),
        ("r_max", Corners::Max),
        ("r_20:$r", Corners::Expression("20:$r")),
    ] {
        with_value(text, |value| {
            assert_eq!(value, ParsedValue::Radius(expected), "{text}");
        });
    }
}

#[test]
fn qualities_are_percents_or_modes() {
    let percent = |quality, chroma| QualityMode::Percent { quality, chroma };
    let auto = |level| QualityMode::Auto { level };
    for (text, expected) in [
        ("q_80", percent(80.0, None)),
        ("q_80:420", percent(80.0, Some("420"))),
        ("q_auto", auto(None)),
        ("q_auto:good", auto(Some("good"))),
        ("q_jpegmini:1", QualityMode::Other("jpegmini:1")),
        ("q_60:qmax_80", QualityMode::Other("60:qmax_80")),
        ("q_$q", QualityMode::Other("$q")),
        ("q_-1", QualityMode::Other("-1")),
    ] {
        with_value(text, |value| {
            assert_eq!(value, ParsedValue::Quality(expected), "{text}");
        });
    }
}

#[test]
fn flags_have_names_and_arguments() {
    for (text, flags, decoded) in [
        (
            "fl_attachment:My%20photo",
            vec![("attachment", Some("My%20photo"))],
            Some("My photo"),
        ),
        (
            "fl_attachment:a%252Cb.lossy",
            vec![("attachment", Some("a%252Cb")), ("lossy", None)],
            Some("a,b"),
        ),
        ("fl_attachment", vec![("attachment", None)], None),
        ("fl_attachment:%FF", vec![("attachment", Some("%FF"))], None),
        ("fl_a:b:c", vec![("a", Some("b:c"))], Some("b:c")),
    ] {
        with_value(text, |value| {
            let ParsedValue::Flags(parsed) = value else {
                panic!("{value:?}")
            };
            assert_eq!(parsed[0].decoded_argument().as_deref(), decoded, "{text}");
            let parsed: Vec<_> = parsed
                .iter()
                .map(|flag| (flag.name, flag.argument))
                .collect();
            assert_eq!(parsed, flags, "{text}");
        });
    }
}

#[test]
fn other_values_are_named_or_kept() {
    let effect = |name, arguments: &[&'static str]| ParsedValue::Effect {
        name,
        arguments: arguments.to_vec(),
    };
    for (text, expected) in [
        ("c_lfill", ParsedValue::Crop(CropMode::LIMIT_FILL)),
        ("g_south_east", ParsedValue::Gravity(Gravity::SOUTH_EAST)),
        ("b_auto", ParsedValue::Background(Background::AUTO)),
        ("f_webp", ParsedValue::Format(Format::WEBP)),
        ("e_grayscale", effect("grayscale", &[])),
        ("e_blur_faces:5", effect("blur_faces", &["5"])),
        ("e_outline:15:200", effect("outline", &["15", "200"])),
        ("e_gen_fill;prompt_(x)", effect("gen_fill;prompt_(x)", &[])),
        (
            "t_square.sepia",
            ParsedValue::Named(vec!["square", "sepia"]),
        ),
        ("if_w_gt_1", ParsedValue::Condition("w_gt_1")),
        ("$size_5", ParsedValue::Variable("5")),
        ("bo_4px_solid_red", ParsedValue::Border("4px_solid_red")),
        ("l_logo", ParsedValue::Overlay("logo")),
        ("l_x:http://b,a", ParsedValue::Overlay("x:http://b,a")),
        ("u_logo", ParsedValue::Underlay("logo")),
        ("d_avatar.png", ParsedValue::DefaultImage("avatar.png")),
    ] {
        with_value(text, |value| assert_eq!(value, expected, "{text}"));
    }
    for name in ["co", "cs", "dn", "pg", "vc", "vs", "fps", "fn", "p"] {
        with_value(&format!("{name}_1"), |value| {
            assert_eq!(value, ParsedValue::Other, "{name}");
        });
    }
}

#[test]
fn malformed_values_are_invalid() {
    for text in [
        "w_abc",
        "w_0",
        "w_-5",
        "w_0.0",
        "h_0",
        "w_1e3",
        "w_NaN",
        "w_2147483648",
        "x_1.",
        "ar_0:1",
        "ar_16:-9",
        "ar_16:9:1",
        "dpr_0",
        "dpr_-1",
        "z_a",
        "o_a",
        "r_-1",
        "r_1:2:3:4:5",
        "r_1:",
        "e_:5",
        "c_%zz",
    ] {
        with_value(text, |value| {
            assert_eq!(value, ParsedValue::Invalid, "{text}");
        });
    }
}

#[test]
fn other_texts_are_unknown() {
    for text in [
        "ab_cd",
        "custom",
        "w_",
        "_5",
        "W_5",
        "w_1%2Ch_2",
        "l_a%2fb",
        "width_5",
        "i_1",
    ] {
        with_value(text, |value| {
            assert_eq!(value, ParsedValue::Unknown, "{text}");
        });
    }
}
