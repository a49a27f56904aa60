use std::fmt;

use super::cause::{Cause, ChangedUrl};
use super::note::Note;
use super::redact::{is_damaged_signature, redact};
use super::search::{self, Found, Search};
use super::signed_parts::MAX_PATH;
use super::token::{self, TokenDiagnosis, token_name};
use super::token_change::TokenVerdict;
use crate::ParseError;
use crate::cloudinary::account::cloud::Cloud;
use crate::cloudinary::account::signature_algorithm::SignatureFormat;
use crate::cloudinary::token::TokenContext;
use crate::cloudinary::url::parse::DeliveryUrl;
use crate::cloudinary::url::signature::SignatureMidstate;
use crate::cloudinary::url::verified::VerifiedUrl;

/// An explanation why a URL verifies, or why it does not.
///
/// `Display` writes a table: the parts of the URL, the signed text, the matching key, the
/// causes and the verdict, each in a line. `Display` and `Debug` omit the signature, the
/// access token and the values of the query. See [`explain`](crate::cloudinary::explain) on who may see
/// an explanation.
///
/// ```
/// use url_signer::Secret;
/// use url_signer::cloudinary::Cloud;
///
/// let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
/// let url = "https://res.cloudinary.com/demo/image/upload/s--bm9rWEpn--/a_90/v1/folder/test";
/// let explanation = cloud.explain(url);
/// assert_eq!(
///     explanation.likely_cause().map(ToString::to_string).as_deref(),
///     Some("the transformation was added after signing; the signed text is `folder/test`"),
/// );
/// assert!(!explanation.to_string().contains("bm9rWEpn"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Explanation<'a> {
    pub(super) parts: Result<DeliveryUrl<'a>, ParseError>,
    pub(super) verified: Option<VerifiedUrl<'a>>,
    pub(super) token_name: String,
    pub(super) token: TokenVerdict,
    /// True if each key of the ring creates the signature.
    pub(super) keys: Vec<bool>,
    pub(super) causes: Vec<Cause>,
    pub(super) notes: Vec<Note>,
    hashes: usize,
}

impl Cloud {
    /// Explains why a URL verifies, or why it does not. The time and the address of the
    /// client are ignored: [`explain_at`](Self::explain_at) includes them.
    ///
    /// The explanation is for the operators of a host. Never send it to a client. See
    /// [`explain`](crate::cloudinary::explain) on its cost.
    #[must_use]
    pub fn explain<'a>(&self, url: &'a str) -> Explanation<'a> {
        Explanation::of(self, url, None)
    }

    /// Explains why a URL verifies for a request, or why it does not.
    ///
    /// Unlike [`verify_at`](Self::verify_at), this method also calls a URL verified that
    /// has either a signature or an access token.
    #[must_use]
    pub fn explain_at<'a>(&self, url: &'a str, context: &TokenContext) -> Explanation<'a> {
        Explanation::of(self, url, Some(context))
    }
}

impl<'a> Explanation<'a> {
    /// The maximum number of hash computations of the search for a change, for all keys
    /// together.
    pub const MAX_HASHES: usize = search::MAX_HASHES + token::MAX_HASHES;

    /// The maximum length of a path whose changes are searched, in bytes.
    pub const MAX_PATH: usize = MAX_PATH;

    fn of(cloud: &Cloud, text: &'a str, context: Option<&TokenContext>) -> Self {
        let mut explanation = Self {
            parts: DeliveryUrl::parse(text),
            verified: cloud.verify(text).ok(),
            token_name: token_name(cloud).to_owned(),
            token: TokenVerdict::Missing,
            keys: cloud.keys.iter().map(|_| false).collect(),
            causes: Vec::new(),
            notes: Vec::new(),
            hashes: 0,
        };
        match explanation.parts {
            Ok(url) => explanation.diagnose(cloud, url, context),
            Err(error) => explanation.causes.push(Cause::NotParsed(error)),
        }
        explanation
    }

    fn diagnose(&mut self, cloud: &Cloud, url: DeliveryUrl<'a>, context: Option<&TokenContext>) {
        let mut tokens = TokenDiagnosis::new(cloud, url, context);
        self.token = tokens.verdict(&self.token_name);
        self.hashes = tokens.hashes();
        // The reading of the URL that belongs to the account has the right cloud name.
        let signed = cloud.signed_reading(url).or_else(|| {
            cloud
                .readings(url)
                .find(|reading| reading.signature().is_some())
        });
        if let Some(verified) = &self.verified {
            self.keys = matching_keys(cloud, verified);
            self.parts = Ok(*verified.unsigned_parts());
        } else if let Some(url) = signed {
            self.parts = Ok(url);
            let cause = self.changed(cloud, url);
            self.causes.push(cause);
        } else {
            match self.token {
                TokenVerdict::Missing => self.causes.push(unsigned(url)),
                TokenVerdict::NotVerified => self.causes.push(Cause::MissingTokenKey),
                TokenVerdict::Valid | TokenVerdict::Invalid(_) => {
                    if !cloud.readings(url).any(|reading| cloud.owns(&reading)) {
                        let name = cloud.name().to_owned();
                        self.causes.push(Cause::WrongAccount(name));
                    }
                }
            }
        }
        if let TokenVerdict::Invalid(problem) = &self.token {
            self.causes.push(Cause::Token(problem.clone()));
        }
        if let Ok(url) = &self.parts {
            self.notes = Note::of(url);
        }
    }

    /// Searches for the text that the signature covers.
    fn changed(&mut self, cloud: &Cloud, url: DeliveryUrl<'a>) -> Cause {
        if url.path().len() > MAX_PATH {
            return Cause::TooLong;
        }
        let search = Search::new(cloud, url, url.signature().unwrap_or_default());
        let (found, hashes) = search.run();
        self.hashes += hashes;
        let Some(Found {
            changes,
            form,
            text,
            format,
            key,
        }) = found
        else {
            return Cause::Unknown;
        };
        Cause::Changed(ChangedUrl {
            changes,
            form,
            signed_text: redact(&String::from_utf8_lossy(&text)),
            format,
            is_accepted: cloud.accepts(format),
            key,
            wrong_account: (!cloud.owns(&url)).then(|| cloud.name().to_owned()),
        })
    }

    /// Returns whether the URL grants access: by its signature, or by its access token if
    /// it has no signature. An invalid token is a cause for rejection despite a signature.
    #[must_use]
    pub const fn is_verified(&self) -> bool {
        self.causes.is_empty()
    }

    /// Returns the causes of the rejection, the likeliest first. The list is empty if the
    /// URL is verified.
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }

    /// Returns the likeliest cause of the rejection.
    #[must_use]
    pub fn likely_cause(&self) -> Option<&Cause> {
        self.causes.first()
    }

    /// Returns the peculiarities of the URL, whether or not it is verified.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Returns the verdict on the access token.
    #[must_use]
    pub const fn token(&self) -> &TokenVerdict {
        &self.token
    }

    /// Returns whether each key of the cloud creates the signature: first the signing key,
    /// then the retired keys.
    #[must_use]
    pub fn keys(&self) -> &[bool] {
        &self.keys
    }

    /// Returns the parts of the URL, if it is a delivery URL. They are not redacted.
    #[must_use]
    pub fn parts(&self) -> Option<&DeliveryUrl<'a>> {
        self.parts.as_ref().ok()
    }

    /// Returns the URL, if its signature is valid. It is not redacted.
    #[must_use]
    pub const fn verified(&self) -> Option<&VerifiedUrl<'a>> {
        self.verified.as_ref()
    }

    /// Returns the number of hash computations of the search for a change.
    #[must_use]
    pub const fn hashes(&self) -> usize {
        self.hashes
    }
}

impl fmt::Debug for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explanation")
            .field("causes", &self.causes)
            .field("notes", &self.notes)
            .field("token", &self.token)
            .field("keys", &self.keys)
            .field("hashes", &self.hashes)
            .finish_non_exhaustive()
    }
}

fn matching_keys(cloud: &Cloud, verified: &VerifiedUrl<'_>) -> Vec<bool> {
    let signature = verified.unsigned_parts().signature().unwrap_or_default();
    let format = SignatureFormat::new(
        verified.signature_algorithm(),
        signature.len() == SignatureFormat::LongSha256.characters(),
    );
    let midstate = SignatureMidstate::new(format.algorithm(), &[verified.signed_text()]);
    let keys = cloud.keys.iter();
    keys.map(|key| {
        let expected = midstate.sign([key.as_bytes()], format, || ());
        expected.matches(signature).into()
    })
    .collect()
}

/// Returns why a URL has no signature.
fn unsigned(url: DeliveryUrl<'_>) -> Cause {
    let is_like_signature = |segment: &&str| {
        segment.starts_with("s--") && segment.len() > "s----".len() || is_damaged_signature(segment)
    };
    let segment = url.path().split('/').find(is_like_signature);
    let Some(segment) = segment else {
        return Cause::MissingSignature;
    };
    let signature = segment
        .strip_prefix("s--")
        .and_then(|rest| rest.strip_suffix("--"));
    let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_valid = signature.is_some_and(|signature| {
        matches!(signature.len(), 8 | 32) && signature.bytes().all(url_safe)
    });
    if is_valid {
        Cause::MisplacedSignature {
            resource_type: url.resource_type(),
            delivery_type: url.delivery_type().to_owned(),
        }
    } else {
        Cause::MalformedSignature
    }
}
