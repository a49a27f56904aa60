//! Signed upload forms.

use std::sync::Arc;
use std::time::SystemTime;

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use image_model::chrono::{DateTime, Utc};
use image_model::{Timestamp, ValueError};
use sync_payload::request::{RequestLimits, SyncRequest};
use sync_payload::response;
use thiserror::Error;
use url_signer::cloudinary::api::{UploadForm, UploadFormBuilder};
use url_signer::cloudinary::{Cloud, DeliveryType};
use url_signer::url::form_urlencoded;
use uuid::Uuid;

use super::AppState;
use super::context::{LogFields, RequestContext};
use super::query_time::in_time;
use super::response::ApiError;
use crate::public_url::PublicUrl;
use crate::token::{TokenKey, UploadTarget};

/// The path of the webhook.
pub(super) const WEBHOOK: &str = "/api/v1/cloudinary";

/// The reason why there is no upload form.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(crate) enum UploadFormError {
    #[error("uploads are not configured: CLOUDINARY_URL has no API key")]
    MissingApiKey,
    #[error("uploads are not configured: `--public-url` is not set")]
    MissingPublicUrl,
    #[error("unsupported key in the query: use `album_id`")]
    UnsupportedKey,
    #[error("`album_id` is repeated")]
    RepeatedAlbum,
    #[error("`album_id` is required: the user may see several albums")]
    AmbiguousAlbum,
    #[error("the user may see no album")]
    NoAlbum,
    #[error("`album_id` is not an album that the user may see")]
    OtherAlbum,
    #[error("`album_id` contains `,`, which a tag of the provider cannot contain")]
    InvalidTag,
    #[error("the clock of the host is wrong")]
    Clock,
    #[error("the upload token cannot be issued")]
    Token,
}

impl UploadFormError {
    const fn status(self) -> StatusCode {
        match self {
            Self::MissingApiKey | Self::MissingPublicUrl => StatusCode::NOT_IMPLEMENTED,
            Self::UnsupportedKey
            | Self::RepeatedAlbum
            | Self::AmbiguousAlbum
            | Self::InvalidTag => StatusCode::BAD_REQUEST,
            Self::NoAlbum | Self::OtherAlbum => StatusCode::FORBIDDEN,
            Self::Clock | Self::Token => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<UploadFormError> for ApiError {
    fn from(error: UploadFormError) -> Self {
        Self::rejected(error.status(), &error)
    }
}

/// Returns a form with which an app uploads one file to an album of the user.
pub(super) async fn native_upload(
    State(app): State<Arc<AppState>>,
    parts: Parts,
) -> Result<Response, ApiError> {
    let request = SyncRequest::from_parts(&parts, &RequestLimits::new())?;
    let user = app.tokens.verify(request.token.as_str())?;
    let album_id = album_id(parts.uri.query().unwrap_or_default())?;
    let album_id = app.upload_album(user, album_id).await?;
    let form = app.upload_form(UploadTarget {
        user_id: user,
        album_id,
    })?;
    // Serializing strings and numbers cannot fail.
    let body = serde_json::to_vec(&form).unwrap_or_default();
    let meta = RequestContext::current().response_meta();
    let head = response::Response::ok(meta, &request.token);
    let mut response = head.into_http(Body::from(body));
    response.extensions_mut().insert(LogFields {
        user: Some(user),
        ..LogFields::default()
    });
    Ok(response)
}

/// Returns the album in a query. A key with another spelling must not mean the default.
fn album_id(query: &str) -> Result<Option<String>, UploadFormError> {
    let mut album_id = None;
    for (key, value) in form_urlencoded::parse(query.as_bytes()) {
        if key != "album_id" {
            return Err(UploadFormError::UnsupportedKey);
        }
        if album_id.replace(value.into_owned()).is_some() {
            return Err(UploadFormError::RepeatedAlbum);
        }
    }
    Ok(album_id)
}

impl AppState {
    /// Returns the requested album, if the user may see it. The default is the only
    /// album that the user may see.
    async fn upload_album(&self, user: Uuid, album_id: Option<String>) -> Result<String, ApiError> {
        if let Some(album_id) = album_id {
            if !in_time(self.store.may_see(user, &album_id)).await? {
                return Err(UploadFormError::OtherAlbum.into());
            }
            return Ok(album_id);
        }
        let mut albums = in_time(self.store.two_albums(user)).await?;
        match (albums.pop(), albums.pop()) {
            (Some(album_id), None) => Ok(album_id),
            (None, _) => Err(UploadFormError::NoAlbum.into()),
            (Some(_), Some(_)) => Err(UploadFormError::AmbiguousAlbum.into()),
        }
    }

    fn upload_form(&self, target: UploadTarget) -> Result<UploadForm, UploadFormError> {
        let public_url = self.public_url.as_ref();
        let public_url = public_url.ok_or(UploadFormError::MissingPublicUrl)?;
        let form = upload_form(&self.cloud, public_url, &self.tokens, target)?;
        Ok(form.sign())
    }
}

/// Returns an unsigned upload form with a webhook of the host at `public_url`.
pub(crate) fn upload_form<'a>(
    cloud: &'a Cloud,
    public_url: &PublicUrl,
    tokens: &TokenKey,
    target: UploadTarget,
) -> Result<UploadFormBuilder<'a>, UploadFormError> {
    let api = cloud.api().map_err(|_| UploadFormError::MissingApiKey)?;
    let now = now().map_err(|_| UploadFormError::Clock)?;
    let token = tokens.issue_upload(&target);
    let token = token.map_err(|_| UploadFormError::Token)?;
    let form = api
        .upload_form(now.to_datetime().timestamp())
        .delivery_type(DeliveryType::Authenticated)
        .notification_url(&public_url.join(&format!("{WEBHOOK}?token={token}")))
        .tags([target.album_id])
        .map_err(|_| UploadFormError::InvalidTag)?;
    Ok(form.colors().faces().image_metadata().phash())
}

/// Returns the current time.
pub(super) fn now() -> Result<Timestamp, ValueError> {
    Timestamp::new(DateTime::<Utc>::from(SystemTime::now()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_album_id_is_accepted() {
        assert_eq!(album_id(""), Ok(None));
        assert_eq!(album_id("album_id="), Ok(Some(String::new())));
        assert_eq!(album_id("album_id=a%20b+c"), Ok(Some("a b c".to_owned())));
        for query in [
            "album=a",
            "album_id[]=a",
            "ALBUM_ID=a",
            "a",
            "album_id=a&b=c",
        ] {
            assert_eq!(album_id(query), Err(UploadFormError::UnsupportedKey));
        }
        let repeated = album_id("album_id=a&album%5Fid=a");
        assert_eq!(repeated, Err(UploadFormError::RepeatedAlbum));
    }
}
