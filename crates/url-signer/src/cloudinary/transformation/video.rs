//! Parameters of videos: codec, bit rate, frames, times and streaming.

use super::error::TransformationError;
use super::macros::{from_numbers, open_set, value_impls, value_type};
use super::number::Number;
use super::value::Value;

/// A video codec, with an optional profile and level.
///
/// ```
/// use url_signer::cloudinary::transformation::{Value, VideoCodec, VideoProfile};
///
/// assert_eq!(VideoCodec::AUTO.to_string(), "auto");
/// assert_eq!(
///     VideoCodec::H264.profile(VideoProfile::BASELINE).level(Value::verbatim("3.1")?).to_string(),
///     "h264:baseline:3.1",
/// );
/// assert_eq!(VideoCodec::H265.without_b_frames().to_string(), "h265:auto:auto:bframes_no");
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VideoCodec {
    codec: Value,
    profile: Option<VideoProfile>,
    level: Option<Value>,
    has_b_frames: bool,
}

impl VideoCodec {
    /// Lets Cloudinary choose the codec that suits the format: `auto`.
    pub const AUTO: Self = Self::named("auto");
    /// H.264: `h264`.
    pub const H264: Self = Self::named("h264");
    /// H.265, also known as HEVC: `h265`.
    pub const H265: Self = Self::named("h265");
    /// VP8: `vp8`.
    pub const VP8: Self = Self::named("vp8");
    /// VP9: `vp9`.
    pub const VP9: Self = Self::named("vp9");
    /// AV1: `av1`.
    pub const AV1: Self = Self::named("av1");
    /// Apple `ProRes` 422 HQ: `prores`.
    pub const PRORES: Self = Self::named("prores");
    /// Theora: `theora`.
    pub const THEORA: Self = Self::named("theora");

    /// Sets the profile.
    #[must_use]
    pub fn profile(self, profile: impl Into<VideoProfile>) -> Self {
        Self {
            profile: Some(profile.into()),
            ..self
        }
    }

    /// Sets the level, such as `3.1`. Without a profile, the profile is `auto`.
    #[must_use]
    pub fn level(self, level: impl Into<Value>) -> Self {
        Self {
            level: Some(level.into()),
            ..self
        }
    }

    /// Encodes without B-frames: `bframes_no`. Without a profile or a level, they are
    /// `auto`.
    #[must_use]
    pub fn without_b_frames(self) -> Self {
        Self {
            has_b_frames: false,
            ..self
        }
    }

    const fn named(codec: &'static str) -> Self {
        Self::of(Value::from_static(codec))
    }

    const fn of(codec: Value) -> Self {
        Self {
            codec,
            profile: None,
            level: None,
            has_b_frames: true,
        }
    }
}

/// Writes the codec as in a URL.
impl std::fmt::Display for VideoCodec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let has_level = self.level.is_some() || !self.has_b_frames;
        self.codec.fmt(f)?;
        if self.profile.is_some() || has_level {
            let profile = self.profile.as_ref().map_or("auto", VideoProfile::as_str);
            write!(f, ":{profile}")?;
        }
        if has_level {
            let level = self.level.as_ref().map_or("auto", Value::as_str);
            write!(f, ":{level}")?;
        }
        if self.has_b_frames {
            Ok(())
        } else {
            f.write_str(":bframes_no")
        }
    }
}

impl From<VideoCodec> for Value {
    fn from(codec: VideoCodec) -> Self {
        Self::from_valid(codec.to_string())
    }
}

/// Creates a codec from Cloudinary's notation.
impl From<Value> for VideoCodec {
    fn from(codec: Value) -> Self {
        Self::of(codec)
    }
}

open_set! {
    /// The profile of a video codec.
    VideoProfile {
        AUTO = "auto", "Lets Cloudinary choose the profile";
        BASELINE = "baseline", "Uses the baseline profile, for old devices";
        MAIN = "main", "Uses the main profile";
        HIGH = "high", "Uses the high profile";
    }
}

open_set! {
    /// The maximum bit rate of a video, in bits per second.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::BitRate;
    ///
    /// assert_eq!(BitRate::from(120_000).as_str(), "120000");
    /// assert_eq!(BitRate::kilobits(250).as_str(), "250k");
    /// assert_eq!(BitRate::megabits(2).constant().as_str(), "2m:constant");
    /// ```
    BitRate {
        AUTO = "auto", "Lets Cloudinary choose the bit rate";
    }
}

impl BitRate {
    /// Creates a bit rate in kilobits per second.
    pub fn kilobits(kilobits: impl Into<Number>) -> Self {
        Self(Value::from_valid(format!("{}k", kilobits.into())))
    }

    /// Creates a bit rate in megabits per second.
    pub fn megabits(megabits: impl Into<Number>) -> Self {
        Self(Value::from_valid(format!("{}m", megabits.into())))
    }

    /// Keeps the bit rate constant.
    #[must_use]
    pub fn constant(self) -> Self {
        Self(Value::from_valid(format!("{self}:constant")))
    }
}

from_numbers! { BitRate }

open_set! {
    /// A time in a video, or a duration: in seconds, or in percent of the length.
    ///
    /// ```
    /// use url_signer::cloudinary::Number;
    /// use url_signer::cloudinary::transformation::{Step, VideoTime};
    ///
    /// let clip = Step::new().start_offset(2).duration(VideoTime::percent(35));
    /// assert_eq!(clip.to_string(), "so_2,du_35p");
    /// let clip = Step::new().start_offset(VideoTime::AUTO).end_offset(Number::clamped(6.5));
    /// assert_eq!(clip.to_string(), "so_auto,eo_6.5");
    /// ```
    VideoTime {
        AUTO = "auto", "Lets Cloudinary choose the start";
    }
}

impl VideoTime {
    /// Creates a time in percent of the length of the video.
    pub fn percent(percent: impl Into<Number>) -> Self {
        Self(Value::from_valid(format!("{}p", percent.into())))
    }
}

from_numbers! { VideoTime }

value_type! {
    /// The number of frames per second, or a range of numbers.
    ///
    /// ```
    /// use url_signer::cloudinary::Number;
    /// use url_signer::cloudinary::transformation::Fps;
    ///
    /// assert_eq!(Fps::from(24).as_str(), "24");
    /// assert_eq!(Fps::range(24, Number::clamped(29.97)).as_str(), "24-29.97");
    /// assert_eq!(Fps::at_least(24).as_str(), "24-");
    /// assert_eq!(Fps::at_most(24).as_str(), "-24");
    /// ```
    Fps
}

impl Fps {
    /// Creates a range from the minimum to the maximum.
    pub fn range(minimum: impl Into<Number>, maximum: impl Into<Number>) -> Self {
        let (minimum, maximum) = (minimum.into(), maximum.into());
        Self(Value::from_valid(format!("{minimum}-{maximum}")))
    }

    /// Creates a range without a maximum.
    pub fn at_least(minimum: impl Into<Number>) -> Self {
        Self(Value::from_valid(format!("{}-", minimum.into())))
    }

    /// Creates a range without a minimum.
    pub fn at_most(maximum: impl Into<Number>) -> Self {
        Self(Value::from_valid(format!("-{}", maximum.into())))
    }
}

value_impls! { Fps }

from_numbers! { Fps }

value_type! {
    /// The maximum time between two keyframes.
    ///
    /// ```
    /// use url_signer::cloudinary::Number;
    /// use url_signer::cloudinary::transformation::KeyframeInterval;
    ///
    /// assert_eq!(KeyframeInterval::seconds(10)?.as_str(), "10.0");
    /// assert_eq!(KeyframeInterval::seconds(Number::clamped(0.05))?.as_str(), "0.05");
    /// assert!(KeyframeInterval::seconds(0).is_err());
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    KeyframeInterval
}

impl KeyframeInterval {
    /// Creates an interval in seconds. It is written with a fraction, as in most SDKs.
    ///
    /// # Errors
    ///
    /// - Zero or a negative number.
    pub fn seconds(seconds: impl Into<Number>) -> Result<Self, TransformationError> {
        let seconds = seconds.into();
        let mut text = seconds.to_string();
        if seconds <= Number::from(0) {
            let reason = "expected a positive number";
            return Err(TransformationError::invalid(
                "keyframe interval",
                &text,
                reason,
            ));
        }
        if !text.contains('.') {
            text.push_str(".0");
        }
        Ok(Self(Value::from_valid(text)))
    }
}

value_impls! { KeyframeInterval }

open_set! {
    /// The streaming profile, which determines the renditions of an adaptive stream.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::{Step, StreamingProfile};
    ///
    /// let stream = Step::new().streaming_profile(StreamingProfile::FULL_HD);
    /// assert_eq!(stream.to_string(), "sp_full_hd");
    /// // A profile of the account.
    /// let stream = Step::new().streaming_profile("my_profile".parse::<StreamingProfile>()?);
    /// assert_eq!(stream.to_string(), "sp_my_profile");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    StreamingProfile {
        AUTO = "auto", "Lets Cloudinary choose the renditions";
        ULTRA_HD = "4k", "Streams in up to 4K";
        FULL_HD = "full_hd", "Streams in up to 1080p";
        FULL_HD_WIFI = "full_hd_wifi", "Streams in up to 1080p, without the lowest resolutions";
        FULL_HD_LEAN = "full_hd_lean", "Streams in up to 1080p, in fewer resolutions";
        HD = "hd", "Streams in up to 720p";
        HD_LEAN = "hd_lean", "Streams in up to 720p, in fewer resolutions";
        SD = "sd", "Streams in up to 480p";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_parts_of_a_codec_imply_the_earlier() {
        let level = || Value::verbatim("3.1").unwrap();
        for (codec, expected) in [
            (VideoCodec::H264, "h264"),
            (VideoCodec::H264.profile(VideoProfile::MAIN), "h264:main"),
            (VideoCodec::H264.level(level()), "h264:auto:3.1"),
            (
                VideoCodec::H264.without_b_frames().level(level()),
                "h264:auto:3.1:bframes_no",
            ),
            (
                VideoCodec::from(Value::verbatim("h264:main").unwrap()),
                "h264:main",
            ),
        ] {
            assert_eq!(codec.to_string(), expected);
            assert_eq!(Value::from(codec).as_str(), expected);
        }
    }

    #[test]
    fn keyframe_intervals_are_positive() {
        for seconds in [-1.0, -0.0, 0.0] {
            let error = KeyframeInterval::seconds(Number::clamped(seconds)).unwrap_err();
            let text = Number::clamped(seconds);
            assert_eq!(
                error.to_string(),
                format!("invalid keyframe interval `{text}`: expected a positive number")
            );
        }
    }
}
