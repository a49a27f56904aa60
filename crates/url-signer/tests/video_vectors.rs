//! The video parameters of a typed step, by the test suites of the official SDKs.
#![allow(clippy::unwrap_used, reason = "tests")]

use serde_json::{Map, Value as Json};
use url_signer::cloudinary::transformation::{
    AudioCodec, AudioFrequency, BitRate, Expression, Fps, KeyframeInterval, Step, StreamingProfile,
    Value, VideoCodec, VideoTime,
};
use url_signer::cloudinary::{Number, Transformation};

const SUITES: &[&str] = &[
    include_str!("data/suites/dotnet.jsonl"),
    include_str!("data/suites/java.jsonl"),
    include_str!("data/suites/node.jsonl"),
    include_str!("data/suites/php.jsonl"),
    include_str!("data/suites/python.jsonl"),
    include_str!("data/suites/ruby.jsonl"),
];

fn verbatim(text: &str) -> Value {
    Value::verbatim(text).unwrap()
}

fn number(json: &Json) -> Option<Number> {
    json.as_f64().map(Number::clamped)
}

fn time(json: &Json) -> VideoTime {
    match (number(json), json.as_str()) {
        (Some(seconds), _) => seconds.into(),
        (None, Some("auto")) => VideoTime::AUTO,
        (None, text) => {
            let text = text.unwrap();
            let percent = text
                .strip_suffix(['%', 'p'])
                .and_then(|text| text.parse().ok());
            match percent {
                Some(percent) => VideoTime::percent(Number::clamped(percent)),
                None => Expression::parse(text).unwrap().into(),
            }
        }
    }
}

fn codec(json: &Json) -> VideoCodec {
    let known = |name: &str| match name {
        "auto" => VideoCodec::AUTO,
        "h264" => VideoCodec::H264,
        "h265" => VideoCodec::H265,
        other => VideoCodec::from(verbatim(other)),
    };
    let Json::Object(options) = json else {
        return known(json.as_str().unwrap());
    };
    let text = |key: &str| options.get(key).and_then(Json::as_str);
    let mut codec = known(text("codec").unwrap());
    if let Some(profile) = text("profile") {
        codec = codec.profile(verbatim(profile));
    }
    if let Some(level) = text("level") {
        codec = codec.level(verbatim(level));
    }
    let b_frames = options.get("b_frames").map(ToString::to_string);
    match b_frames.as_deref() {
        Some("false" | "\"false\"") => codec.without_b_frames(),
        _ => codec,
    }
}

fn bit_rate(json: &Json) -> BitRate {
    let Some(text) = json.as_str() else {
        return number(json).unwrap().into();
    };
    let (rate, is_constant) = match text.strip_suffix(":constant") {
        Some(rate) => (rate, true),
        None => (text, false),
    };
    let unit = |suffix: char| rate.strip_suffix(suffix)?.parse::<f64>().ok();
    let rate = match (unit('k'), unit('m')) {
        (Some(kilobits), _) => BitRate::kilobits(Number::clamped(kilobits)),
        (_, Some(megabits)) => BitRate::megabits(Number::clamped(megabits)),
        _ => verbatim(rate).into(),
    };
    if is_constant { rate.constant() } else { rate }
}

fn fps(json: &Json) -> Fps {
    if let Some(number) = number(json) {
        return number.into();
    }
    let text = match json {
        Json::Array(ends) => {
            let ends = ends.iter();
            let texts = ends.map(|end| end.as_str().map_or_else(|| end.to_string(), str::to_owned));
            texts.collect::<Vec<_>>().join("-")
        }
        text => text.as_str().unwrap().to_owned(),
    };
    let bound = |text: &str| text.parse().ok().map(Number::clamped);
    let range = text.split_once('-');
    match range.map(|(minimum, maximum)| (bound(minimum), bound(maximum))) {
        Some((Some(minimum), Some(maximum))) => Fps::range(minimum, maximum),
        Some((None, Some(maximum))) if text.starts_with('-') => Fps::at_most(maximum),
        Some((Some(minimum), None)) if text.ends_with('-') => Fps::at_least(minimum),
        _ => verbatim(&text).into(),
    }
}

/// Sets a parameter. Returns `None` for an option of something else.
fn set(step: Step, option: &str, json: &Json) -> Option<Step> {
    let text = || json.as_str().unwrap();
    Some(match option {
        "resource_type" => step,
        "audio_codec" => step.audio_codec(match text() {
            "none" => AudioCodec::NONE,
            "vorbis" => AudioCodec::VORBIS,
            other => other.parse().unwrap(),
        }),
        "audio_frequency" => step.audio_frequency(match number(json) {
            Some(hertz) => AudioFrequency::from(hertz),
            None => text().parse().unwrap(),
        }),
        "bit_rate" => step.bit_rate(bit_rate(json)),
        "duration" => step.duration(time(json)),
        "end_offset" => step.end_offset(time(json)),
        "fps" => step.fps(fps(json)),
        "keyframe_interval" => step.keyframe_interval(match number(json) {
            Some(seconds) => KeyframeInterval::seconds(seconds).unwrap(),
            None => verbatim(text()).into(),
        }),
        "start_offset" => step.start_offset(time(json)),
        "streaming_profile" => step.streaming_profile(match text() {
            "full_hd" => StreamingProfile::FULL_HD,
            other => other.parse().unwrap(),
        }),
        "video_codec" => step.video_codec(codec(json)),
        _ => return None,
    })
}

/// Returns the typed transformation of a case, if all options are video parameters.
fn transformation(options: &Map<String, Json>) -> Option<Transformation> {
    let options = match options.get("transformation").and_then(Json::as_array) {
        Some(steps) if options.len() == 1 => match steps.as_slice() {
            [Json::Object(step)] => step,
            _ => return None,
        },
        _ => options,
    };
    let mut step = Step::new();
    for (option, json) in options {
        let has_value = !json.is_null() && json != "";
        // A text that only some SDKs normalize, or that is not valid in a URL, and `3.0`,
        // which a number writes as `3`.
        let text = json.to_string();
        if text.contains(' ') || !text.is_ascii() || text.ends_with(".0") {
            return None;
        }
        step = if has_value {
            set(step, option, json)?
        } else {
            step
        };
    }
    Some(Transformation::new().step(step).sorted())
}

#[test]
fn typed_steps_equal_the_sdks() {
    let mut count = 0;
    for line in SUITES.iter().flat_map(|suite| suite.lines()) {
        let case: Json = serde_json::from_str(line).unwrap();
        let get = |key: &str| case.get(key).and_then(Json::as_str);
        let (Some("transformation"), Some(expected)) = (get("kind"), get("expected")) else {
            continue;
        };
        let options = case.get("options").and_then(Json::as_object).unwrap();
        let Some(transformation) = transformation(options) else {
            continue;
        };
        // Ruby writes an integer interval without a fraction.
        let expected = if get("sdk") == Some("ruby") && expected == "ki_10" {
            "ki_10.0"
        } else {
            expected
        };
        // The format of an eager transformation was not recorded.
        if expected == "sp_full_hd/m3u8" {
            continue;
        }
        assert_eq!(transformation.as_str(), expected, "{line}");
        count += usize::from(!expected.is_empty());
    }
    assert_eq!(count, 175);
}
