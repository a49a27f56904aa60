use thiserror::Error;
use url_signer::cloudinary::{Asset, AssetError, DeliveryUrl};
use url_signer::{ParseError, ProxyRequest, ThumbnailRequest};

/// Returns the asset of an image, parsed from the `original_url` of a payload.
///
/// Returns `None` if the URL is a proxy URL: the file of the image was pending when the
/// payload was sent. Use this function to import the payload of another host and to
/// sign its images again.
///
/// The signature is not verified. The sender of the payload therefore chooses the asset:
/// import only payloads that you trust.
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
/// - The URL is neither a delivery URL nor the proxy URL of a thumbnail.
/// - The URL is a delivery URL without a resource type or a delivery type.
/// - The URL is a delivery URL whose parts are not a valid [`Asset`].
/// - The URL is a proxy URL without an authority, that is, only a path and a query.
pub fn parse_original_url(url: &str) -> Result<Option<Asset>, OriginalUrlError> {
    let proxy = match check_proxy_url(url) {
        Ok(()) => return Ok(None),
        Err(problem) => problem,
    };
    let delivery = match DeliveryUrl::parse(url) {
        Ok(url) if url.has_types() => {
            let asset = url.to_asset().map_err(Reason::Asset)?;
            return Ok(Some(asset));
        }
        Ok(_) => {
            Problem::Incomplete("invalid delivery url: missing resource type and delivery type")
        }
        Err(error) => Problem::Parse(error),
    };
    Err(Reason::Url { delivery, proxy }.into())
}

fn check_proxy_url(url: &str) -> Result<(), Problem> {
    let request = ProxyRequest::parse(url)?;
    if request.proxy_host.is_none() {
        return Err(Problem::Incomplete("invalid proxy url: missing host"));
    }
    let path = request.url.find('/').unwrap_or_default();
    let path = request.url.get(path..).unwrap_or_default();
    ThumbnailRequest::parse(path)?;
    Ok(())
}

/// An error parsing an `original_url`.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(transparent)]
pub struct OriginalUrlError(#[from] Reason);

#[derive(Clone, Debug, Error, PartialEq, Eq)]
enum Reason {
    #[error("{delivery}; {proxy}")]
    Url { delivery: Problem, proxy: Problem },
    #[error("the delivery url has no valid asset")]
    Asset(#[source] AssetError),
}

#[derive(Clone, Debug, Error, PartialEq, Eq)]
enum Problem {
    #[error(transparent)]
    Parse(#[from] ParseError),
    #[error("{0}")]
    Incomplete(&'static str),
}
