//! Digests of short messages, laid out in whole blocks.
//!
//! The digests' own interface takes messages in pieces of any size. What it
//! keeps for that is copied, asked about and overwritten for every signature,
//! and costs more than hashing the one or two blocks that are left of a message
//! whose beginning is always the same. So where many signatures are made at
//! once, messages are laid out here. The tests hold it against that interface.

use std::array;

use sha1::block_api::compress as compress_sha1;
use sha2::block_api::compress256 as compress_sha256;
use zeroize::{Zeroize, optimization_barrier};

use crate::Secret;

const BLOCK: usize = 64;

/// What is put behind a message: a one bit, and the length in bits.
const PADDING: usize = 1 + 8;

/// The longest end that is laid out at once, with its padding.
const SHORT: usize = 2 * BLOCK;

/// The state of a digest between two blocks.
pub(crate) trait State: Clone {
    type Digest;

    const START: Self;

    fn compress(&mut self, blocks: &[[u8; BLOCK]]);

    fn digest(&self) -> Self::Digest;
}

#[derive(Clone)]
pub(crate) struct Sha1([u32; 5]);

impl State for Sha1 {
    type Digest = [u8; 20];

    const START: Self = Self([
        0x6745_2301,
        0xefcd_ab89,
        0x98ba_dcfe,
        0x1032_5476,
        0xc3d2_e1f0,
    ]);

    fn compress(&mut self, blocks: &[[u8; BLOCK]]) {
        compress_sha1(&mut self.0, blocks);
    }

    fn digest(&self) -> [u8; 20] {
        to_bytes(self.0)
    }
}

#[derive(Clone)]
pub(crate) struct Sha256([u32; 8]);

impl State for Sha256 {
    type Digest = [u8; 32];

    const START: Self = Self([
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ]);

    fn compress(&mut self, blocks: &[[u8; BLOCK]]) {
        compress_sha256(&mut self.0, blocks);
    }

    fn digest(&self) -> [u8; 32] {
        to_bytes(self.0)
    }
}

impl Zeroize for Sha256 {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

fn to_bytes<const WORDS: usize, const BYTES: usize>(words: [u32; WORDS]) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    for (bytes, word) in bytes.chunks_exact_mut(4).zip(words) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    bytes
}

/// A digest that has taken in the beginning of a message: whole blocks as a
/// state, and what is left of them as it is, followed by zeros.
#[derive(Clone)]
pub(crate) struct Begun<S> {
    state: S,
    taken: usize,
    rest: [u8; BLOCK],
}

/// A secret that began a message was a whole block, and is in the state.
impl<S: Zeroize> Zeroize for Begun<S> {
    fn zeroize(&mut self) {
        self.state.zeroize();
    }
}

impl<S: State> Begun<S> {
    pub(crate) const fn new() -> Self {
        Self {
            state: S::START,
            taken: 0,
            rest: [0; BLOCK],
        }
    }

    /// Takes in more of the beginning.
    #[expect(clippy::indexing_slicing, reason = "within a block, by the minimum")]
    pub(crate) fn take_in(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let at = self.taken % BLOCK;
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK - at));
            self.rest[at..at + now.len()].copy_from_slice(now);
            self.taken += now.len();
            bytes = later;
            if self.taken.is_multiple_of(BLOCK) {
                self.state.compress(&[self.rest]);
                self.rest = [0; BLOCK];
            }
        }
    }

    /// The digest of the message that ends so.
    pub(crate) fn finish(&self, end: &End) -> S::Digest {
        if end.length + PADDING <= BLOCK {
            self.finish_in::<2>(end)
        } else if end.length + PADDING <= SHORT {
            self.finish_in::<3>(end)
        } else {
            self.finish_long(&end.long)
        }
    }

    /// The same where the padded end is shorter than these blocks by one.
    ///
    /// Whole blocks are copied from where the end is stored as far into its
    /// zeros as the beginning is long: what was just written in other pieces
    /// than it is read in holds a processor up.
    #[expect(clippy::indexing_slicing, reason = "an end fits behind a block")]
    fn finish_in<const BLOCKS: usize>(&self, end: &End) -> S::Digest {
        let at = self.taken % BLOCK;
        let (short, _) = end.short[BLOCK - at..].as_chunks();
        let mut blocks: [[u8; BLOCK]; BLOCKS] = array::from_fn(|index| short[index]);
        for (byte, rest) in blocks[0].iter_mut().zip(self.rest) {
            *byte |= rest;
        }
        let length = (at + end.length + PADDING).next_multiple_of(BLOCK);
        let bits = (self.taken + end.length) as u64 * 8;
        blocks.as_flattened_mut()[length - 8..length].copy_from_slice(&bits.to_be_bytes());

        let mut state = self.state.clone();
        state.compress(&blocks[..length / BLOCK]);
        if end.is_secret {
            blocks = [[0; BLOCK]; BLOCKS];
            optimization_barrier(&blocks);
        }
        state.digest()
    }

    fn finish_long(&self, end: &[u8]) -> S::Digest {
        let mut whole = self.clone();
        whole.take_in(end);
        let digest = whole.finish(&End::new([]));
        whole.rest.as_mut_slice().zeroize();
        digest
    }
}

impl Begun<Sha256> {
    /// The digest of the message of a block that ends in this digest, as in an
    /// HMAC.
    pub(crate) fn finish_digest(&self, digest: [u8; 32]) -> [u8; 32] {
        let mut block = [0; BLOCK];
        let (start, padding) = block.split_at_mut(digest.len());
        start.copy_from_slice(&digest);
        let bits = (BLOCK + digest.len()) as u64 * 8;
        if let Some(one) = padding.first_mut() {
            *one = 0x80;
        }
        if let Some(length) = padding.last_chunk_mut() {
            *length = bits.to_be_bytes();
        }
        let mut state = self.state.clone();
        state.compress(&[block]);
        state.digest()
    }
}

/// The end of messages.
#[derive(Clone)]
pub(crate) struct End {
    /// A block of zeros, what is not too long with the one bit that pads it,
    /// and zeros again.
    short: [u8; BLOCK + SHORT + BLOCK],
    /// What is too long.
    long: Vec<u8>,
    length: usize,
    is_secret: bool,
}

impl End {
    pub(crate) const EMPTY: Self = Self {
        short: {
            let mut short = [0; _];
            short[BLOCK] = 0x80;
            short
        },
        long: Vec::new(),
        length: 0,
        is_secret: false,
    };

    pub(crate) fn new<const N: usize>(pieces: [&[u8]; N]) -> Self {
        let mut end = Self::EMPTY;
        for piece in pieces {
            end.push(piece);
        }
        end
    }

    /// Adds more.
    #[expect(clippy::indexing_slicing, reason = "what is stored was measured")]
    pub(crate) fn push(&mut self, piece: &[u8]) {
        let (from, to) = (BLOCK + self.length, BLOCK + self.length + piece.len());
        if to - BLOCK + PADDING > SHORT {
            if self.long.is_empty() {
                self.long.extend_from_slice(&self.short[BLOCK..from]);
            }
            self.long.extend_from_slice(piece);
        } else {
            self.short[from..to].copy_from_slice(piece);
            self.short[to] = 0x80;
        }
        self.length += piece.len();
    }

    /// Adds a secret, as the last.
    pub(crate) fn push_secret(&mut self, secret: &Secret) {
        let secret = secret.as_bytes();
        if self.length + secret.len() + PADDING > SHORT {
            // So that no copy is left behind by memory that grows.
            self.long.reserve(self.length + secret.len());
        }
        self.push(secret);
        self.is_secret = true;
    }
}

impl Zeroize for End {
    fn zeroize(&mut self) {
        let used = self.length.min(SHORT);
        if let Some(short) = self.short.get_mut(BLOCK..BLOCK + used) {
            short.zeroize();
        }
        if !self.long.is_empty() {
            self.long.zeroize();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use sha2::Digest;

    use super::*;

    fn begun<S: State>(pieces: &[Vec<u8>]) -> Begun<S> {
        let mut begun = Begun::new();
        for piece in pieces {
            begun.take_in(piece);
        }
        begun
    }

    fn pieces() -> impl Strategy<Value = Vec<Vec<u8>>> {
        vec(vec(any::<u8>(), 0..150), 0..4)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn digests_are_those_of_the_digests_own_interface(
            beginning in pieces(),
            one in vec(any::<u8>(), 0..100),
            other in vec(any::<u8>(), 0..100),
            secret in vec(any::<u8>(), 0..100),
        ) {
            let whole = [beginning.concat(), one.clone(), other.clone(), secret.clone()].concat();
            let end = End::new([&one, &other, &secret]);
            let sha1 = begun::<Sha1>(&beginning).finish(&end);
            prop_assert_eq!(sha1, <[u8; 20]>::from(sha1::Sha1::digest(&whole)));
            let sha256 = begun::<Sha256>(&beginning).finish(&end);
            prop_assert_eq!(sha256, <[u8; 32]>::from(sha2::Sha256::digest(&whole)));
        }
    }

    #[test]
    fn every_length_around_the_ends_of_blocks_is_padded_right() {
        let message = [7; 4 * BLOCK];
        for beginning in 0..=2 * BLOCK {
            for end in beginning..message.len() {
                let begun = begun::<Sha1>(&[message[..beginning].to_vec()]);
                let digest = begun.finish(&End::new([&message[beginning..end]]));
                assert_eq!(
                    digest,
                    <[u8; 20]>::from(sha1::Sha1::digest(&message[..end]))
                );
            }
        }
    }
}
