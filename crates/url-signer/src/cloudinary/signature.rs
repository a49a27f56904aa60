//! The signature of a delivery URL: a digest with the secret at its end.

use std::fmt;

use base64::Engine;
use base64::display::Base64Display;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::{Choice, ConstantTimeEq};

use crate::blocks::{self, Begun, State};

/// Which digest signs, and how many characters of it go into the URL.
///
/// The digest is a setting of the account; the provider does not accept
/// signatures of the other one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SignatureForm {
    /// SHA-1, 8 characters: 48 bits.
    #[default]
    Sha1,
    /// SHA-256, 8 characters: 48 bits.
    Sha256,
    /// SHA-256, 32 characters: 192 bits.
    Sha256Long,
}

impl SignatureForm {
    /// Characters that go into the URL.
    pub(super) const fn characters(self) -> usize {
        self.bytes() / 3 * 4
    }

    /// Digest bytes that go into the URL; four characters to three of them.
    const fn bytes(self) -> usize {
        match self {
            Self::Sha1 | Self::Sha256 => 6,
            Self::Sha256Long => MOST,
        }
    }
}

const MOST: usize = 24;

/// A digest that has taken in what the texts to be signed begin with: only
/// their ends are hashed.
#[derive(Clone)]
pub(super) enum BegunDigest {
    Sha1(Begun<blocks::Sha1>),
    Sha256(Begun<blocks::Sha256>),
}

impl BegunDigest {
    pub(super) fn new<P: AsRef<[u8]>>(form: SignatureForm, beginning: &[P]) -> Self {
        fn begun<S: State>(beginning: &[impl AsRef<[u8]>]) -> Begun<S> {
            let mut begun = Begun::new();
            for piece in beginning {
                begun.take_in(piece.as_ref());
            }
            begun
        }
        match form {
            SignatureForm::Sha1 => Self::Sha1(begun(beginning)),
            SignatureForm::Sha256 | SignatureForm::Sha256Long => Self::Sha256(begun(beginning)),
        }
    }

    /// Whether this is of the digest that `form` needs.
    pub(super) const fn is_of(&self, form: SignatureForm) -> bool {
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
    pub(super) fn sign<const N: usize>(
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
pub(super) struct Signature {
    bytes: [u8; MOST],
    form: SignatureForm,
}

impl Signature {
    fn new<const N: usize>(digest: [u8; N], form: SignatureForm) -> Self {
        let mut bytes = [0; MOST];
        for (to, from) in bytes.iter_mut().zip(digest) {
            *to = from;
        }
        Self { bytes, form }
    }

    /// Writes the characters to where there is room for just them.
    pub(super) fn write(&self, out: &mut [u8]) {
        // There is room, as the form says.
        debug_assert_eq!(out.len(), self.form.characters());
        let _ = URL_SAFE_NO_PAD.encode_slice(self.bytes(), out);
    }

    /// Whether a text is this signature. Takes as long for any of the right length.
    pub(super) fn matches(&self, text: &str) -> Choice {
        let characters = self.characters();
        // Of unequal lengths this is false; the length is no secret.
        self.whole(&characters).ct_eq(text.as_bytes())
    }

    fn characters(&self) -> [u8; MOST / 3 * 4] {
        let mut characters = [0; MOST / 3 * 4];
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
