//! The signature of a delivery URL: a digest with the secret at its end.

use std::fmt;

use base64::Engine;
use base64::display::Base64Display;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::{Choice, ConstantTimeEq};

use crate::cloudinary::account::signature_algorithm::{MAX_SIGNATURE_BYTES, SignatureForm};
use crate::digest::midstate::{self, Midstate, State};

/// A digest that has taken in what the texts to be signed begin with: only
/// their ends are hashed.
#[derive(Clone)]
pub(crate) enum MidstateDigest {
    Sha1(Midstate<midstate::Sha1>),
    Sha256(Midstate<midstate::Sha256>),
}

impl MidstateDigest {
    pub(crate) fn new<P: AsRef<[u8]>>(form: SignatureForm, beginning: &[P]) -> Self {
        fn begun<S: State>(beginning: &[impl AsRef<[u8]>]) -> Midstate<S> {
            let mut begun = Midstate::new();
            for piece in beginning {
                begun.update(piece.as_ref());
            }
            begun
        }
        match form {
            SignatureForm::Sha1 => Self::Sha1(begun(beginning)),
            SignatureForm::Sha256 | SignatureForm::Sha256Long => Self::Sha256(begun(beginning)),
        }
    }

    /// Whether this is of the digest that `form` needs.
    pub(crate) const fn is_of(&self, form: SignatureForm) -> bool {
        matches!(
            (self, form),
            (Self::Sha1(_), SignatureForm::Sha1)
                | (
                    Self::Sha256(_),
                    SignatureForm::Sha256 | SignatureForm::Sha256Long
                )
        )
    }

    /// What goes into the URL for the text that ends in these pieces, the last of
    /// which is the secret. Between laying it out for the digest and hashing it,
    /// something else is done.
    pub(crate) fn sign<const N: usize>(
        &self,
        end: [&[u8]; N],
        form: SignatureForm,
        meanwhile: impl FnOnce(),
    ) -> Signature {
        match self {
            Self::Sha1(begun) => Signature::new(begun.finish(end, meanwhile), form),
            Self::Sha256(begun) => Signature::new(begun.finish(end, meanwhile), form),
        }
    }
}

/// The characters between `s--` and `--`.
#[derive(Clone, Copy)]
pub(crate) struct Signature {
    bytes: [u8; MAX_SIGNATURE_BYTES],
    form: SignatureForm,
}

impl Signature {
    fn new<const N: usize>(digest: [u8; N], form: SignatureForm) -> Self {
        let mut bytes = [0; MAX_SIGNATURE_BYTES];
        for (to, from) in bytes.iter_mut().zip(digest) {
            *to = from;
        }
        Self { bytes, form }
    }

    /// Writes the characters to where there is room for just them.
    pub(crate) fn write(&self, out: &mut [u8]) {
        // There is room, as the form says.
        debug_assert_eq!(out.len(), self.form.characters());
        let _ = URL_SAFE_NO_PAD.encode_slice(self.bytes(), out);
    }

    /// Whether a text is this signature. Takes as long for any of the right length.
    pub(crate) fn matches(&self, text: &str) -> Choice {
        let characters = self.characters();
        // Of unequal lengths this is false; the length is no secret.
        self.whole(&characters).ct_eq(text.as_bytes())
    }

    fn characters(&self) -> [u8; MAX_SIGNATURE_BYTES / 3 * 4] {
        let mut characters = [0; MAX_SIGNATURE_BYTES / 3 * 4];
        // There is room for those of any form.
        let _ = URL_SAFE_NO_PAD.encode_slice(self.bytes(), &mut characters);
        characters
    }

    #[expect(clippy::indexing_slicing, reason = "no form has more characters")]
    fn whole<'a>(&self, characters: &'a [u8]) -> &'a [u8] {
        &characters[..self.form.characters()]
    }

    #[expect(clippy::indexing_slicing, reason = "no form has more bytes")]
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.form.bytes()]
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Base64Display::new(self.bytes(), &URL_SAFE_NO_PAD).fmt(f)
    }
}
