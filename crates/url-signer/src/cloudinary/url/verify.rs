use subtle::Choice;

use super::parse::DeliveryUrl;
use super::signature::SignatureMidstate;
use super::signed_path::{SignedForm, SignedPath};
use super::verified::VerifiedUrl;
use crate::cloudinary::account::cloud::Cloud;
use crate::cloudinary::account::signature_algorithm::SignatureFormat;
use crate::cloudinary::token::{TokenContext, TokenError, TokenSigner, VerifiedToken};
use crate::error::VerifyError;

impl Cloud {
    /// Verifies the signature of a delivery URL, and ignores its access token.
    ///
    /// To authorize access, call [`VerifiedUrl::delivers`] on the result.
    ///
    /// The URL must [belong to this account](Self::owns). These signatures are accepted:
    ///
    /// - signatures of the length and algorithm that this cloud creates,
    /// - short signatures of an
    ///   [additionally accepted algorithm](Self::with_accepted_algorithm),
    /// - long signatures.
    ///
    /// The signature may or may not cover the version, and it may have any
    /// [`PathEncoding`](crate::cloudinary::PathEncoding).
    ///
    /// A signature over a decoded path or a decoded source is accepted only if the path is
    /// canonical, as `PathEncoding` explains. Otherwise, anybody could replace a signed path
    /// with a different path that decodes to the same text.
    ///
    /// # Errors
    ///
    /// - A text that [`DeliveryUrl::parse`] rejects.
    /// - A host or cloud name that does not belong to this account.
    /// - A missing signature.
    /// - A signature whose length and algorithm are not accepted.
    /// - A signature that no key of the cloud creates for this path.
    pub fn verify<'a>(&self, url: &'a str) -> Result<VerifiedUrl<'a>, VerifyError> {
        let url = DeliveryUrl::parse(url).map_err(|_| VerifyError)?;
        let url = self.signed_reading(url).ok_or(VerifyError)?;
        let signature = url.signature().ok_or(VerifyError)?;
        // Stopping at the first valid candidate reveals no more than the result.
        url.candidates()
            .find_map(|(signed_path, components)| {
                let signed_path = SignedPath::new(signed_path, components);
                let (format, signed_form) = self.signing_format(&signed_path, signature)?;
                Some(VerifiedUrl::new(
                    signed_path,
                    format.algorithm(),
                    signed_form,
                    url.with_components(components),
                ))
            })
            .ok_or(VerifyError)
    }

    /// Verifies both the signature and the access token of a delivery URL.
    ///
    /// The token is the query parameter with the name of this cloud's
    /// [token signer](Self::with_token_signer).
    ///
    /// ```
    /// use url_signer::Secret;
    /// use url_signer::cloudinary::{
    ///     Asset, Cloud, TokenClaims, TokenContext, TokenError, TokenSigner, Transformation,
    /// };
    ///
    /// let tokens = TokenSigner::new(Secret::from_hex("00112233FF99")?);
    /// let cloud = Cloud::new("demo", Secret::new("abcd")?)?.with_token_signer(tokens.clone());
    /// let photo = Asset::authenticated("photo")?;
    /// let now = 1_700_000_000;
    /// let url = cloud
    ///     .sign(&photo, Transformation::NONE)
    ///     .authorize(&tokens, &TokenClaims::expires_in(300, now)?)
    ///     .to_string();
    ///
    /// let verified = cloud.verify_at(&url, &TokenContext::new(now))?;
    /// assert!(verified.delivers(&photo, &Transformation::NONE));
    ///
    /// let error = cloud.verify_at(&url, &TokenContext::new(now + 300)).unwrap_err();
    /// assert_eq!(error, TokenError::Expired { expiration: now + 300 });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - [`TokenError::MissingSigner`] for a cloud without a token signer.
    /// - [`TokenError::Signature`] for a URL that [`verify`](Self::verify) rejects,
    ///   and for a missing, repeated or invalid token.
    /// - Any other [`TokenError`] if the token has a valid signature, but does not
    ///   authorize the request.
    pub fn verify_at<'a>(
        &self,
        url: &'a str,
        context: &TokenContext,
    ) -> Result<VerifiedUrl<'a>, TokenError> {
        let signer = self.token_signer()?;
        let verified = self.verify(url).map_err(|_| TokenError::Signature)?;
        verify_token_of(verified.unsigned_parts(), signer, context)?;
        Ok(verified)
    }

    /// Verifies the access token of a delivery URL that may have no signature.
    ///
    /// A token with an acl authorizes every URL whose path matches the acl. A token
    /// without an acl authorizes one URL.
    ///
    /// # Errors
    ///
    /// - [`TokenError::MissingSigner`] for a cloud without a token signer.
    /// - [`TokenError::Signature`] for a text that [`DeliveryUrl::parse`] rejects,
    ///   for a URL that does not [belong to this account](Self::owns), and for a
    ///   missing, repeated or invalid token.
    /// - Any other [`TokenError`] if the token has a valid signature, but does not
    ///   authorize the request.
    pub fn verify_token<'a>(
        &self,
        url: &'a str,
        context: &TokenContext,
    ) -> Result<VerifiedToken<'a>, TokenError> {
        let signer = self.token_signer()?;
        let url = DeliveryUrl::parse(url).map_err(|_| TokenError::Signature)?;
        let is_own = self.readings(url).any(|url| self.owns(&url));
        if !is_own {
            return Err(TokenError::Signature);
        }
        verify_token_of(&url, signer, context)
    }

    /// Returns whether the host and the cloud name of a URL belong to this account.
    /// The URL does not need a signature.
    ///
    /// A host belongs to this account if it is the shared host, the private CDN host of the
    /// account, a configured host, or a CDN subdomain of one of these. The scheme may be
    /// `http` or `https`.
    #[must_use]
    pub fn owns(&self, url: &DeliveryUrl<'_>) -> bool {
        self.hosts
            .belongs_to(self.name(), url.authority(), url.cloud_name())
    }

    fn token_signer(&self) -> Result<&TokenSigner, TokenError> {
        let defaults = self.token_defaults().ok_or(TokenError::MissingSigner)?;
        Ok(defaults.signer())
    }

    /// The ways to read a URL: as it was parsed, with this cloud's name as the first
    /// segment, and without a cloud name. A path alone does not always tell.
    pub(crate) fn readings<'a>(
        &self,
        url: DeliveryUrl<'a>,
    ) -> impl Iterator<Item = DeliveryUrl<'a>> {
        let others = [self.name(), ""]
            .into_iter()
            .filter_map(move |name| url.with_cloud_name(name).ok());
        [url].into_iter().chain(others)
    }

    /// The reading of a URL that belongs to this account and has a signature.
    pub(crate) fn signed_reading<'a>(&self, url: DeliveryUrl<'a>) -> Option<DeliveryUrl<'a>> {
        let is_signed = |url: &DeliveryUrl<'_>| url.signature().is_some() && self.owns(url);
        // The first reading is nearly always the right one.
        if is_signed(&url) {
            return Some(url);
        }
        self.readings(url).skip(1).find(is_signed)
    }

    /// The format and the form in which one of the keys has created a signature for a path.
    /// Every key is tried.
    fn signing_format(
        &self,
        path: &SignedPath<'_>,
        signature: &str,
    ) -> Option<(SignatureFormat, SignedForm)> {
        let decoded = path.decoded_texts();
        let mut found = None;
        for format in SignatureFormat::ALL {
            if signature.len() != format.characters() || !self.accepts(format) {
                continue;
            }
            if self.any_key_signed(format, &path.pieces(), signature) {
                found = Some((format, SignedForm::ENCODED));
            }
            for (form, text) in &decoded {
                if self.any_key_signed(format, &[text], signature) {
                    found = found.or(Some((format, *form)));
                }
            }
        }
        found
    }

    fn any_key_signed(
        &self,
        format: SignatureFormat,
        path: &[impl AsRef<[u8]>],
        signature: &str,
    ) -> bool {
        let midstate = SignatureMidstate::new(format.algorithm(), path);
        let mut is_valid = Choice::from(0);
        for key in self.keys.iter() {
            is_valid |= midstate
                .sign([key.as_bytes()], format, || ())
                .matches(signature);
        }
        is_valid.into()
    }
}

fn verify_token_of<'a>(
    url: &DeliveryUrl<'a>,
    signer: &TokenSigner,
    context: &TokenContext,
) -> Result<VerifiedToken<'a>, TokenError> {
    let token =
        token_parameter(url.query().unwrap_or_default(), signer).ok_or(TokenError::Signature)?;
    signer.verify(token, url.path(), context)
}

/// Returns the query parameter that is a token of the signer, if there is exactly
/// one.
fn token_parameter<'a>(query: &'a str, signer: &TokenSigner) -> Option<&'a str> {
    let is_token = |parameter: &&str| {
        parameter
            .strip_prefix(signer.name())
            .is_some_and(|rest| rest.starts_with('='))
    };
    let mut tokens = query.split('&').filter(is_token);
    tokens.next().filter(|_| tokens.next().is_none())
}
