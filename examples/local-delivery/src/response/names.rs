//! The names of headers that the crate `http` does not define.

use http::HeaderName;

/// The device pixel ratio of the client. Deprecated in favor of [`SEC_CH_DPR`].
pub(crate) const DPR: HeaderName = HeaderName::from_static("dpr");

/// The device pixel ratio of the client.
pub(crate) const SEC_CH_DPR: HeaderName = HeaderName::from_static("sec-ch-dpr");

/// The mode of a request of a browser.
pub(crate) const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// The origins that may read the times of a request.
pub(crate) const TIMING_ALLOW_ORIGIN: HeaderName = HeaderName::from_static("timing-allow-origin");

/// The reason of an error.
pub(crate) const X_CLD_ERROR: HeaderName = HeaderName::from_static("x-cld-error");

/// The signature of a webhook.
pub(crate) const X_CLD_SIGNATURE: HeaderName = HeaderName::from_static("x-cld-signature");

/// The time of the signature of a webhook.
pub(crate) const X_CLD_TIMESTAMP: HeaderName = HeaderName::from_static("x-cld-timestamp");

/// The values whose meaning Cloudinary does not document.
pub(crate) const X_LOCAL_APPROXIMATION: HeaderName =
    HeaderName::from_static("x-local-approximation");

/// The automatic gravity for which the center was used.
pub(crate) const X_LOCAL_GRAVITY: HeaderName = HeaderName::from_static("x-local-gravity");

/// The steps and parameters that were skipped.
pub(crate) const X_LOCAL_UNSUPPORTED: HeaderName = HeaderName::from_static("x-local-unsupported");

/// The marker of requests of scripts.
pub(crate) const X_REQUESTED_WITH: HeaderName = HeaderName::from_static("x-requested-with");
