//! Delivery URLs from the options of Cloudinary's SDKs, to port existing code.
//!
//! [`Sdk::url`] accepts the options of the SDKs' `cloudinary_url` and creates the
//! same URL as the SDKs. If the SDKs ignore an option or a key of a map,
//! [`SdkUrl::warnings`] contains an [`SdkWarning`]. If the SDKs create a broken URL,
//! `Sdk::url` returns an [`SdkError`].
//!
//! These options are supported, in addition to the account options that
//! [`Cloud`](super::Cloud) reads from its configuration:
//!
//! - Signature: `sign_url`. Without it, the configuration needs no secret.
//! - Asset: `resource_type`, `type`, `version`, `format`, `use_fetch_format`,
//!   `url_suffix`.
//! - Access token: `auth_token` with `key`, `token_name`, `acl`, `url`, `ip`,
//!   `start_time`, `expiration`, `duration`, `set_url_signature`. The value `false`
//!   of `auth_token` disables a configured token.
//! - Transformation: `angle`, `aspect_ratio`, `audio_codec`, `audio_frequency`,
//!   `background`, `bit_rate`, `border`, `color`, `color_space`, `crop`,
//!   `custom_function`, `custom_pre_function`, `default_image`, `delay`, `density`,
//!   `dpr`, `duration`, `effect`, `end_offset`, `fetch_format`, `flags`, `fps`,
//!   `gravity`, `height`, `if`, `keyframe_interval`, `offset`, `opacity`, `overlay`,
//!   `page`, `prefix`, `quality`, `radius`, `raw_transformation`, `responsive_width`,
//!   `responsive_width_transformation`, `size`, `start_offset`, `streaming_profile`,
//!   `transformation`, `underlay`, `variables`, `video_codec`, `video_sampling`,
//!   `width`, `x`, `y`, `zoom`, and variables such as `$size`.
//! - Keys of `overlay` and `underlay`: `resource_type`, `type`, `public_id`, `format`,
//!   `url`, `text`, `text_style`, `font_family`, `font_size`, `font_weight`,
//!   `font_style`, `text_decoration`, `text_align`, `stroke`, `letter_spacing`,
//!   `line_spacing`, `font_antialiasing`, `font_hinting`.
//! - Keys of other maps: `codec`, `profile`, `level` and `b_frames` of `video_codec`;
//!   `width` and `color` of `border`; `function_type` and `source` of custom functions;
//!   one effect of `effect`; names of `variables`.
//!
//! The guide [coming from the SDKs](crate::coming_from_the_sdks) lists the differences
//! from each SDK.

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
mod values;
mod variables;
mod video;

pub use self::configuration::Sdk;
pub use self::error::{SdkError, SdkWarning};
pub use self::url::SdkUrl;
