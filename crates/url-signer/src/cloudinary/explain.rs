//! Explanations of rejected URLs (feature `explain`).
//!
//! [`Cloud::explain`](super::Cloud::explain) says why a URL does not verify: it undoes common changes to a URL
//! and looks for a text that the signature covers.
//!
//! ```
//! use url_signer::Secret;
//! use url_signer::cloudinary::Cloud;
//! use url_signer::cloudinary::explain::{Cause, Change};
//!
//! let cloud = Cloud::new("demo", Secret::new("abcd")?)?;
//! let url = "https://res.cloudinary.com/demo/image/upload/s--bm9rWEpn--/v1/folder/test.jpg";
//! let explanation = cloud.explain(url);
//! assert!(!explanation.is_verified());
//! let Some(Cause::Changed(changed)) = explanation.likely_cause() else {
//!     panic!("{explanation}");
//! };
//! assert_eq!(changed.changes(), [Change::ExtensionAdded("jpg".to_owned())]);
//! assert_eq!(changed.signed_text(), "folder/test");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Who may see an explanation
//!
//! An explanation is for the operators of a host: write it to a log, or print it for a
//! person who knows the API secret. Never send it to a client. It tells which text a
//! signature covers, whether a retired key or another algorithm signed it, and whether a
//! token has expired, so a client could use the host as an oracle. The response to a
//! client contains no more than [`VerifyError`](crate::VerifyError), which gives no
//! reason. The time of an explanation depends on the URL as well: a host that explains
//! URLs responds first.
//!
//! The texts of an explanation are redacted: `Display`, `Debug` and every accessor that
//! returns a text omit the signature, the access token and the values of the query. They
//! also omit the values of a fetched URL's query, and its user name and password.
//! Control characters are escaped, so an explanation cannot forge lines of a log. Only
//! [`Explanation::parts`] and [`Explanation::verified`] return parts of the URL as they
//! are.
//!
//! # Cost
//!
//! The search for the change computes at most [`Explanation::MAX_HASHES`] hashes. It
//! combines up to three changes, in a breadth-first search that does not store its levels.
//! A path of more than [`Explanation::MAX_PATH`] bytes is not searched, so the time and
//! the memory of an explanation are bounded for every URL. A host that receives many
//! invalid URLs limits how many of them it explains.

mod cause;
mod change;
mod changes;
mod encoded_chars;
mod explanation;
mod note;
mod parameters;
mod redact;
mod rows;
mod search;
mod signed_form;
mod signed_parts;
mod token;
mod token_change;

pub use self::cause::{Cause, ChangedUrl};
pub use self::change::Change;
pub use self::explanation::Explanation;
pub use self::note::Note;
pub use self::signed_form::SignedForm;
pub use self::token_change::{TokenChange, TokenProblem, TokenVerdict};
