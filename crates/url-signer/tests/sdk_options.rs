//! Options of the SDKs, by the cases of their test suites, and warnings about options.
#![cfg(feature = "sdk")]
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use url_signer::cloudinary::Cloud;
use url_signer::cloudinary::sdk::Sdk;

/// Returns the transformation, or the error with its source.
fn transformation(options: &Value) -> Result<String, String> {
    let transformation = Sdk::transformation(options.as_object().unwrap());
    transformation
        .map(|transformation| transformation.to_string())
        .map_err(|error| error.to_string())
}

/// Returns the transformation and the texts of the warnings.
fn with_warnings(options: &Value) -> (String, Vec<String>) {
    let options = options.as_object().unwrap();
    let (transformation, warnings) = Sdk::transformation_with_warnings(options).unwrap();
    let warnings = warnings.iter().map(ToString::to_string).collect();
    (transformation.to_string(), warnings)
}

fn url(configuration: &str, public_id: &str, options: &Value) -> (String, Vec<String>) {
    let sdk: Sdk = configuration.parse().unwrap();
    let url = sdk.url(public_id, options.as_object().unwrap()).unwrap();
    let warnings = url.warnings().iter().map(ToString::to_string).collect();
    (url.to_string(), warnings)
}

#[test]
fn values_are_written_as_in_the_suites() {
    for (options, expected) in [
        // php:656, java:326
        (
            json!({ "if": "face_count > 2", "variables": { "$foo": "$z * 2", "$z": 5 }, "crop": "scale", "width": "$foo * 200" }),
            "if_fc_gt_2,$z_5,$foo_$z_mul_2,c_scale,w_$foo_mul_200",
        ),
        (
            json!({ "variables": ["$small_150", "$big_$small_pow_1.5"] }),
            "$small_150,$big_$small_pow_1.5",
        ),
        // python:306, ruby:152
        (json!({ "effect": { "sepia": -10 } }), "e_sepia:-10"),
        (json!({ "effect": { "sepia": 10 } }), "e_sepia:10"),
        // ruby:422
        (
            json!({ "crop": "crop", "height": "", "if": "", "width": "100" }),
            "c_crop,w_100",
        ),
        // python:259 to 269, php:495
        (
            json!({ "custom_function": "wasm:blur.wasm" }),
            "fn_wasm:blur.wasm",
        ),
        (
            json!({ "custom_function": { "function_type": "wasm", "source": "blur.wasm" } }),
            "fn_wasm:blur.wasm",
        ),
        (
            json!({ "custom_function": { "function_type": "remote", "source": "https://df34ra4a.execute-api.us-west-2.amazonaws.com/default/cloudinaryFn" } }),
            "fn_remote:aHR0cHM6Ly9kZjM0cmE0YS5leGVjdXRlLWFwaS51cy13ZXN0LTIuYW1hem9uYXdzLmNvbS9kZWZhdWx0L2Nsb3VkaW5hcnlGbg==",
        ),
        (
            json!({ "custom_pre_function": "wasm:blur.wasm" }),
            "fn_pre:wasm:blur.wasm",
        ),
        (
            json!({ "custom_pre_function": { "function_type": "wasm", "source": "blur.wasm" } }),
            "fn_pre:wasm:blur.wasm",
        ),
        // python:403 to 411
        (json!({ "offset": "2.66..3.21" }), "eo_3.21,so_2.66"),
        (json!({ "offset": [2.67, 3.22] }), "eo_3.22,so_2.67"),
        (json!({ "offset": ["35%", "70%"] }), "eo_70p,so_35p"),
        (json!({ "offset": ["36p", "71p"] }), "eo_71p,so_36p"),
        (json!({ "offset": ["35.5p", "70.5p"] }), "eo_70.5p,so_35.5p"),
        // cloudinary_npm 2.10.1: only a number has a unit.
        (
            json!({ "duration": "$stoP", "end_offset": "$Part", "start_offset": "5P" }),
            "du_$stoP,eo_$Part,so_5p",
        ),
        // The SDK for Python writes the same.
        (json!({ "offset": ["auto", 2] }), "eo_2,so_auto"),
        // python:379, php: an integer has a fraction, a text stays unchanged.
        (json!({ "keyframe_interval": 10 }), "ki_10.0"),
        (json!({ "keyframe_interval": 0.05 }), "ki_0.05"),
        (json!({ "keyframe_interval": "10" }), "ki_10"),
        (json!({ "keyframe_interval": "$ki" }), "ki_$ki"),
        // python:600, dotnet:141
        (
            json!({ "video_codec": { "codec": "h265", "profile": "auto", "level": "auto", "b_frames": false } }),
            "vc_h265:auto:auto:bframes_no",
        ),
        (
            json!({ "video_codec": { "codec": "h265", "profile": "auto", "level": "auto", "b_frames": "false" } }),
            "vc_h265:auto:auto:bframes_no",
        ),
        (
            json!({ "video_codec": { "codec": "h264", "profile": "basic", "level": "3.1", "b_frames": true } }),
            "vc_h264:basic:3.1",
        ),
        // java:75; php:717 and 1116 in the URL
        (json!({ "transformation": "blip blop" }), "t_blip%20blop"),
        (
            json!({ "transformation": ["a b", { "width": 1 }] }),
            "t_a%20b/w_1",
        ),
        (
            json!({ "raw_transformation": "b_gen_fill:prompt_bowls of cereal,c_pad,h_500,w_500" }),
            "b_gen_fill:prompt_bowls%20of%20cereal,c_pad,h_500,w_500",
        ),
        (json!({ "effect": "!a b!" }), "e_!a%20b!"),
    ] {
        assert_eq!(
            with_warnings(&options),
            (expected.to_owned(), vec![]),
            "{options}"
        );
    }
}

#[test]
fn invalid_values_are_rejected() {
    const FUNCTION: &str = "a string, or a map of a `function_type` and a `source`";
    const OFFSET: &str =
        "a range of seconds or percentages, such as `2.5..4`, or a list of both ends";
    const TEXT: &str =
        "a text with `font_family` and `font_size`, or with the `public_id` of a style";
    const FETCH: &str = "a fetched layer with a `url` instead of a `public_id`";
    const CORNERS: &str = "a value, or a list of one to four values";
    const INTERVAL: &str = "a positive number of seconds";
    const EFFECT: &str = "a string, a list, or a map with one effect and its argument";
    for (option, value, expected) in [
        ("radius", json!([]), CORNERS),
        ("radius", json!([1, 2, 3, 4, 5]), CORNERS),
        ("radius", json!([null]), "a string or a number"),
        ("keyframe_interval", json!(0), INTERVAL),
        ("keyframe_interval", json!(-1), INTERVAL),
        ("keyframe_interval", json!(-0.5), INTERVAL),
        ("keyframe_interval", json!("-1"), INTERVAL),
        ("keyframe_interval", json!("nan"), INTERVAL),
        ("keyframe_interval", json!("inf"), INTERVAL),
        ("effect", json!({}), EFFECT),
        ("effect", json!({ "a": 1, "b": 2 }), EFFECT),
        ("effect", json!({ "a": [1] }), "a string or a number"),
        ("custom_function", json!({}), FUNCTION),
        ("custom_function", json!([]), FUNCTION),
        (
            "custom_function",
            json!({ "function_type": "wasm" }),
            FUNCTION,
        ),
        (
            "custom_function",
            json!({ "source": "blur.wasm" }),
            FUNCTION,
        ),
        ("custom_pre_function", json!({}), FUNCTION),
        ("offset", json!("1-2"), OFFSET),
        ("offset", json!("..2"), OFFSET),
        ("offset", json!([1]), OFFSET),
        ("offset", json!([1, 2, 3]), OFFSET),
        ("offset", json!(["$a", 2]), OFFSET),
        (
            "video_codec",
            json!({ "profile": "auto" }),
            "a string, or a map with a `codec`",
        ),
        (
            "video_codec",
            json!({ "codec": "h264", "b_frames": "no" }),
            "a map with boolean `b_frames`",
        ),
        ("responsive_width", json!("auto"), "`true` or `false`"),
        (
            "responsive_width_transformation",
            json!("w_auto"),
            "a map of options",
        ),
        ("overlay", json!({ "text": "a" }), TEXT),
        (
            "overlay",
            json!({ "text": "a", "font_style": "italic" }),
            TEXT,
        ),
        (
            "overlay",
            json!({ "public_id": "https://example.org/a.png", "type": "fetch" }),
            FETCH,
        ),
        (
            "overlay",
            json!({ "public_id": "aHR0cA", "type": "fetch" }),
            FETCH,
        ),
        (
            "underlay",
            json!({ "public_id": "https://example.org/a.png" }),
            FETCH,
        ),
        (
            "overlay",
            json!({ "url": "https://example.org/a.png", "type": "private" }),
            "the type `fetch`, or no `type`, for a `url`",
        ),
    ] {
        let expected = format!("invalid option `{option}`: expected {expected}");
        assert_eq!(transformation(&json!({ option: value })), Err(expected));
    }
}

#[test]
fn keys_without_an_effect_cause_warnings() {
    for (options, written, warnings) in [
        (
            json!({ "video_codec": { "codec": "h264", "bFrames": false, "foo": 1 } }),
            "vc_h264",
            &[
                "option `video_codec[bFrames]` is ignored; use `video_codec[b_frames]`",
                "unknown option `video_codec[foo]` is ignored",
            ][..],
        ),
        (
            json!({ "video_codec": { "codec": "h264", "level": "3.1", "b_frames": false } }),
            "vc_h264",
            &[
                "`video_codec[level]` is ignored without `video_codec[profile]`",
                "`video_codec[b_frames]` is ignored without `video_codec[profile]`",
            ],
        ),
        (
            json!({ "border": { "width": 2, "style": "dashed" } }),
            "bo_2px_solid_black",
            &["unknown option `border[style]` is ignored"],
        ),
        (
            json!({ "custom_function": { "function_type": "wasm", "source": "a", "url": "b" } }),
            "fn_wasm:a",
            &["unknown option `custom_function[url]` is ignored"],
        ),
        (
            json!({ "custom_function": "a", "custom_pre_function": "b" }),
            "fn_a",
            &["`custom_pre_function` is ignored, because `custom_function` is set"],
        ),
        (
            json!({ "offset": "1..2", "start_offset": 3, "end_offset": 4 }),
            "eo_2,so_1",
            &[
                "`end_offset` is ignored, because `offset` is set",
                "`start_offset` is ignored, because `offset` is set",
            ],
        ),
        (
            json!({ "size": "10x20", "width": 5 }),
            "h_20,w_10",
            &["`width` is ignored, because `size` is set"],
        ),
        (
            json!({ "overlay": { "url": "https://a/b", "public_id": "c", "opacity": 5 } }),
            "l_fetch:aHR0cHM6Ly9hL2I=",
            &[
                "`overlay[public_id]` is ignored, because `overlay[url]` is set",
                "unknown option `overlay[opacity]` is ignored",
            ],
        ),
        (
            json!({ "underlay": { "public_id": "a", "font_size": 5, "fontFamily": "Arial" } }),
            "u_a",
            &[
                "`underlay[font_size]` is ignored, because `underlay[public_id]` is set",
                "option `underlay[fontFamily]` is ignored; use `underlay[font_family]`",
            ],
        ),
        (
            json!({ "overlay": { "text": "a", "text_style": "b", "font_size": 5 } }),
            "l_text:b:a",
            &["`overlay[font_size]` is ignored, because `overlay[text_style]` is set"],
        ),
        (
            json!({ "transformation": [{ "hieght": 1, "width": 2 }, { "startOffset": 3 }], "foo": 4 }),
            "w_2",
            &[
                "unknown option `foo` is ignored",
                "unknown option `transformation[hieght]` is ignored",
                "option `transformation[startOffset]` is ignored; use `transformation[start_offset]`",
            ],
        ),
    ] {
        let (transformation, found) = with_warnings(&options);
        assert_eq!(transformation, written, "{options}");
        assert_eq!(found, warnings, "{options}");
        // A URL has the same warnings.
        let (_, found) = url("cloudinary://demo", "a", &options);
        assert!(
            found.iter().all(|warning| warnings.contains(&&**warning)),
            "{found:?}"
        );
        assert_eq!(found.len(), warnings.len());
    }
}

#[test]
fn keys_of_a_token_without_an_effect_are_reported() {
    let options = json!({ "sign_url": true, "auth_token": {
        "key": "00", "url": "/other", "expiration": 9, "duration": 5, "set_url_signature": true,
    } });
    let (url, warnings) = url("cloudinary://k:s@demo", "a", &options);
    assert!(url.contains("?__cld_token__=exp=9~hmac="), "{url}");
    assert_eq!(
        warnings,
        [
            "`auth_token[url]` is ignored, because `public_id` is set",
            "`auth_token[duration]` is ignored, because `auth_token[expiration]` is set",
        ]
    );
}

#[test]
fn a_configuration_without_a_secret_creates_urls() {
    // config:22 and 40
    for configuration in [
        "cloudinary://test123",
        "cloudinary://test123?oauth_token=NTQ0NjJkZmQ5OTM2NDE1ZTZjNGZmZj17",
        "cloudinary://test123?oauth_token=a:b%40c",
        "cloudinary://key@test123",
        "cloudinary://key:@test123",
        "CLouDiNaRY://test123",
    ] {
        let (url, warnings) = url(configuration, "sample", &json!({}));
        assert_eq!(
            url,
            "https://res.cloudinary.com/test123/image/upload/sample"
        );
        assert_eq!(warnings, [""; 0]);
        let sdk: Sdk = configuration.parse().unwrap();
        let options = json!({ "sign_url": true });
        let error = sdk.url("sample", options.as_object().unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "configuration has no API secret");
        let error = configuration.parse::<Cloud>().unwrap_err();
        assert_eq!(error.to_string(), "configuration has no API secret");
    }
    for (configuration, error) in [
        // config:46
        ("cloudinary:///test123", "cloud name is empty"),
        ("cloudinary://", "cloud name is empty"),
        // The text before `@` can be a secret.
        (
            "cloudinary://test123?oauth_token=a:b@c",
            "configuration has no API secret",
        ),
        (
            "cloudinary:/test123",
            "cloudinary url does not start with `cloudinary://`",
        ),
        (
            "notcloudinary://key:secret@test123",
            "cloudinary url does not start with `cloudinary://`",
        ),
    ] {
        assert_eq!(configuration.parse::<Sdk>().unwrap_err().to_string(), error);
    }
}

#[test]
fn the_scheme_of_a_configuration_is_case_insensitive() {
    for scheme in ["CLOUDINARY", "CLouDiNaRY", "cloudinary"] {
        let cloud: Cloud = format!("{scheme}://k:s@demo").parse().unwrap();
        assert_eq!(cloud.name(), "demo");
    }
}

#[test]
fn hosts_can_be_disabled() {
    let host = "https://img.example.org/demo/image/upload/a";
    let shared = "https://res.cloudinary.com/demo/image/upload/a";
    for (configuration, options, expected) in [
        ("secure_cname=img.example.org", json!({}), host),
        ("secure_distribution=img.example.org", json!({}), host),
        ("", json!({ "secure_cname": "img.example.org" }), host),
        (
            "secure_distribution=img.example.org",
            json!({ "secure_distribution": false }),
            shared,
        ),
        (
            "secure_distribution=img.example.org",
            json!({ "secure_cname": false }),
            shared,
        ),
        ("secure_cname=false", json!({}), shared),
        ("", json!({ "cname": false }), shared),
        (
            "secure=false&cname=img.example.org",
            json!({ "cname": false }),
            "http://res.cloudinary.com/demo/image/upload/a",
        ),
    ] {
        let configuration = format!("cloudinary://k:s@demo?{configuration}");
        assert_eq!(
            url(&configuration, "a", &options),
            (expected.to_owned(), vec![])
        );
    }
}

#[test]
fn the_format_can_be_a_parameter() {
    // java:96, python:630
    for (options, path, warnings) in [
        (
            json!({ "format": "jpg", "use_fetch_format": true }),
            "f_jpg/sample",
            &[][..],
        ),
        (
            json!({ "format": "jpg", "use_fetch_format": false }),
            "sample.jpg",
            &[],
        ),
        (
            json!({ "format": "mp4", "use_fetch_format": true, "video_codec": "h265" }),
            "f_mp4,vc_h265/sample",
            &[],
        ),
        (
            json!({ "format": "jpg", "fetch_format": "png", "use_fetch_format": true }),
            "f_png/sample",
            &["`format` is ignored, because `fetch_format` is set"],
        ),
    ] {
        let expected = format!("https://res.cloudinary.com/demo/image/upload/{path}");
        let (url, found) = url("cloudinary://demo", "sample", &options);
        assert_eq!(url, expected);
        assert_eq!(found, warnings);
    }
    let configuration = "cloudinary://demo?use_fetch_format=true";
    let (url, _) = url(configuration, "sample", &json!({ "format": "jpg" }));
    assert_eq!(
        url,
        "https://res.cloudinary.com/demo/image/upload/f_jpg/sample"
    );
}

#[test]
fn the_responsive_step_is_configurable() {
    // node:156, php:266 and ruby:200, whose configuration was not recorded.
    let pad = "responsive_width_transformation[crop]=pad&\
               responsive_width_transformation[width]=auto:breakpoints";
    let options = json!({ "crop": "crop", "height": 100, "responsive_width": true, "width": 100 });
    for (configuration, options, expected) in [
        ("", options.clone(), "c_crop,h_100,w_100/c_limit,w_auto"),
        (
            pad,
            options.clone(),
            "c_crop,h_100,w_100/c_pad,w_auto:breakpoints",
        ),
        (
            pad,
            json!({ "transformation": [{ "width": 1, "responsive_width": true }, { "x": 2 }] }),
            "w_1/c_pad,w_auto:breakpoints/x_2",
        ),
        (
            pad,
            json!({ "width": 1, "responsive_width": true, "responsive_width_transformation": { "crop": "fit", "width": "auto" } }),
            "w_1/c_fit,w_auto",
        ),
        (pad, json!({ "width": 1, "responsive_width": false }), "w_1"),
    ] {
        let configuration = format!("cloudinary://demo?{configuration}");
        let expected = format!("https://res.cloudinary.com/demo/image/upload/{expected}/test");
        assert_eq!(url(&configuration, "test", &options), (expected, vec![]));
    }
}

/// Each level would contain the steps of the level below twice.
#[test]
fn responsive_steps_cannot_be_nested() {
    let mut nested = json!({ "width": 1 });
    for level in 0..50 {
        nested = json!({
            "transformation": [{ "responsive_width": true }, { "responsive_width": true }],
            "responsive_width_transformation": nested,
        });
        let transformation = Sdk::transformation(nested.as_object().unwrap());
        match (level, transformation) {
            (0, transformation) => assert_eq!(transformation.unwrap().as_str(), "w_1/w_1"),
            (_, transformation) => assert_eq!(
                transformation.unwrap_err().to_string(),
                "invalid option `responsive_width_transformation`: \
                 expected no value in `responsive_width_transformation`"
            ),
        }
    }
}

#[test]
fn names_of_one_sdk_cause_warnings() {
    // config:42, of the SDK for PHP.
    let configuration =
        "cloudinary://k:s@demo?cloud[signature_algorithm]=sha256&url[secure]=false&url[color]=red";
    let expected = [
        "option `cloud[signature_algorithm]` is ignored; use `signature_algorithm`",
        "option `url[secure]` is ignored; use `secure`",
        "unknown option `url[color]` is ignored",
    ];
    let sdk: Sdk = configuration.parse().unwrap();
    let cloud: Cloud = configuration.parse().unwrap();
    for warnings in [sdk.warnings(), cloud.warnings()] {
        let warnings: Vec<_> = warnings.iter().map(ToString::to_string).collect();
        assert_eq!(warnings, expected);
    }
    let options = json!({
        "deliveryType": "private", "privateCdn": true, "suffix": "a", "signature": "b",
        "auth_token": { "startTime": 1 }, "analytics": true, "urlAnalytics": false,
    });
    let (url, warnings) = url("cloudinary://demo", "sample", &options);
    assert_eq!(url, "https://res.cloudinary.com/demo/image/upload/sample");
    assert_eq!(
        warnings,
        [
            "option `deliveryType` is ignored; use `type`",
            "option `privateCdn` is ignored; use `private_cdn`",
            "option `suffix` is ignored; use `url_suffix`",
            "unknown option `signature` is ignored",
            "option `auth_token[startTime]` is ignored; use `auth_token[start_time]`",
            "unknown option `analytics` is ignored",
        ]
    );
}

#[test]
fn spaces_signed_by_node_verify() {
    // cloudinary_npm 2.10.1 signs the space, and writes `%20`.
    let cloud: Cloud = "cloudinary://key:abcd@demo".parse().unwrap();
    for path in [
        "s--IrN8UOI1--/t_a%20b/sample",
        "s--uBxkKh-V--/l_text:Arial_1:a%20b/sample",
    ] {
        let url = format!("https://res.cloudinary.com/demo/image/upload/{path}");
        cloud.verify(&url).unwrap();
        let (_, unsigned) = path.split_once("--/").unwrap();
        let (step, id) = unsigned.split_once('/').unwrap();
        let options = json!({ "sign_url": true, "raw_transformation": step });
        let sdk: Sdk = "cloudinary://key:abcd@demo".parse().unwrap();
        let ours = sdk.url(id, options.as_object().unwrap()).unwrap();
        assert_ne!(ours.as_str(), url);
        cloud.verify(ours.as_str()).unwrap();
    }
}
