//! Delivery URLs from the options of Cloudinary's SDKs, to port existing code.
//!
//! [`Sdk::url`] accepts the options of the SDKs' `cloudinary_url` and creates the
//! same URL as the SDKs. If the SDKs ignore an option, [`SdkUrl::warnings`] contains
//! an [`SdkWarning`]. If the SDKs create a broken URL, `Sdk::url` returns an
//! [`SdkError`].
//!
//! These options are supported, in addition to the account options that
//! [`Cloud`](super::Cloud) reads from its configuration:
//!
//! - Signature: `sign_url`.
//! - Asset: `resource_type`, `type`, `version`, `format`, `url_suffix`.
//! - Access token: `auth_token` with `key`, `token_name`, `acl`, `url`, `ip`,
//!   `start_time`, `expiration`, `duration`, `set_url_signature`. The value `false`
//!   of `auth_token` disables a configured token.
//! - Transformation: `angle`, `aspect_ratio`, `audio_codec`, `audio_frequency`,
//!   `background`, `bit_rate`, `border`, `color`, `color_space`, `crop`,
//!   `default_image`, `delay`, `density`, `dpr`, `duration`, `effect`,
//!   `end_offset`, `fetch_format`, `flags`, `fps`, `gravity`, `height`, `if`,
//!   `keyframe_interval`, `opacity`, `overlay`, `page`, `prefix`, `quality`,
//!   `radius`, `raw_transformation`, `responsive_width`, `size`, `start_offset`,
//!   `streaming_profile`, `transformation`, `underlay`, `variables`,
//!   `video_codec`, `video_sampling`, `width`, `x`, `y`, `zoom`, and
//!   variables such as `$size`.

mod configuration;
mod custom_function;
mod error;
mod json;
mod layer;
mod options;
mod parameters;
mod token;
mod transformation;
mod url;
mod variables;
mod video;

pub use self::configuration::Sdk;
pub use self::error::{SdkError, SdkWarning};
pub use self::url::SdkUrl;
