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
    pub(crate) const fn characters(self) -> usize {
        self.bytes() / 3 * 4
    }

    /// Digest bytes that go into the URL; four characters to three of them.
    pub(crate) const fn bytes(self) -> usize {
        match self {
            Self::Sha1 | Self::Sha256 => 6,
            Self::Sha256Long => MAX_SIGNATURE_BYTES,
        }
    }
}

/// Digest bytes of the longest signature.
pub(crate) const MAX_SIGNATURE_BYTES: usize = 24;
