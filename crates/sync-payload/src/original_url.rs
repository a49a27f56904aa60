use std::fmt;

use thiserror::Error;
use url_signer::cloudinary::{Asset, AssetError, DeliveryUrl};
use url_signer::{ParseError, ProxyRequest, ThumbnailRequest};

/// The asset that a payload's `original_url` names; `None` if it is a proxy
/// URL, which stands there while the asset is not at the provider yet.
///
/// For who takes over a payload, to sign it anew. Nothing is verified: whoever
/// wrote the payload chose the asset.
///
/// ```
/// use sync_payload::parse_original_url;
///
/// let asset = parse_original_url(
///     "https://res.cloudinary.com/demo/image/authenticated/s--RZmY6pna--/fl_attachment/v123123/0b7e148bbd7c.jpg",
/// )?;
/// assert_eq!(asset.and_then(|asset| asset.version()), Some(123_123));
/// # Ok::<(), sync_payload::OriginalUrlError>(())
/// ```
///
/// # Errors
///
/// - What is neither a delivery URL with its types nor a proxy URL of a
///   thumbnail with its host.
/// - A delivery URL of what can't be an [`Asset`].
pub fn parse_original_url(url: &str) -> Result<Option<Asset>, OriginalUrlError> {
    let proxy = match thumbnail_of_proxy(url) {
        Ok(()) => return Ok(None),
        Err(problem) => problem,
    };
    let delivery = match DeliveryUrl::parse(url) {
        Ok(url) if url.has_types() => return Ok(Some(url.to_asset()?)),
        Ok(_) => Problem::Lacks("not a delivery url: its path has no types"),
        Err(error) => Problem::Parse(error),
    };
    Err(OriginalUrlError::Neither(Neither { delivery, proxy }))
}

fn thumbnail_of_proxy(url: &str) -> Result<(), Problem> {
    let request = ProxyRequest::parse(url)?;
    if request.proxy_host.is_none() {
        return Err(Problem::Lacks("not a proxy url: it has no host"));
    }
    let path = request.url.find('/').unwrap_or_default();
    let path = request.url.get(path..).unwrap_or_default();
    ThumbnailRequest::parse(path)?;
    Ok(())
}

/// Why an `original_url` names no asset.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum OriginalUrlError {
    /// Neither a delivery URL nor a proxy URL.
    #[error("{0}")]
    Neither(Neither),
    /// A delivery URL of what can't be an asset.
    #[error(transparent)]
    Asset(#[from] AssetError),
}

/// Why a URL is neither a delivery URL nor a proxy URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Neither {
    delivery: Problem,
    proxy: Problem,
}

impl fmt::Display for Neither {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.delivery, self.proxy)
    }
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
enum Problem {
    #[error("{0}")]
    Parse(#[from] ParseError),
    #[error("{0}")]
    Lacks(&'static str),
}
