//! Digests of short messages, laid out in whole blocks.
//!
//! The digests' own interface takes messages in pieces of any size. What it
//! keeps for that is copied, asked about and overwritten for every signature,
//! and costs more than hashing the one or two blocks that are left of a message
//! whose beginning is always the same; and what it keeps of a secret is left
//! behind when it is moved. So what delivery URLs sign is laid out here, and what
//! proxy URLs do where several of an image are signed. The tests hold it against
//! that interface.
//!
//! Laying out and hashing are two steps, for something else to be done in
//! between: a processor that is to read in one piece what it has only just
//! written in several waits until all it did before is done.

use std::slice;

use sha1::block_api::compress as compress_sha1;
use sha2::block_api::compress256 as compress_sha256;
use zeroize::{Zeroize, optimization_barrier};

const BLOCK: usize = 64;

/// What is put behind a message: a one bit, and the length in bits.
const PADDING: usize = 1 + 8;

/// Blocks in which what is left of most messages fits.
const SHORT_BLOCKS: usize = 3;

/// Bytes of an end that fit there, whatever is left of the beginning.
pub(crate) const SHORT_END: usize = SHORT_BLOCKS * BLOCK - (BLOCK - 1) - PADDING;

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
pub(crate) struct Midstate<S> {
    state: S,
    taken: usize,
    rest: [u8; BLOCK],
}

impl<S: Zeroize> Zeroize for Midstate<S> {
    fn zeroize(&mut self) {
        self.state.zeroize();
        self.rest = [0; BLOCK];
        optimization_barrier(&self.rest);
    }
}

impl<S: State> Midstate<S> {
    pub(crate) const fn new() -> Self {
        Self {
            state: S::START,
            taken: 0,
            rest: [0; BLOCK],
        }
    }

    /// Takes in more of the beginning.
    #[expect(
        clippy::indexing_slicing,
        reason = "within a block: the minimum, or what whole blocks leave"
    )]
    pub(crate) fn update(&mut self, mut bytes: &[u8]) {
        let at = self.taken % BLOCK;
        self.taken += bytes.len();
        if at > 0 {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK - at));
            self.rest[at..at + now.len()].copy_from_slice(now);
            if at + now.len() < BLOCK {
                return;
            }
            // Not a copy, as there may be a secret in it.
            self.state.compress(slice::from_ref(&self.rest));
            bytes = later;
        }
        let (blocks, tail) = bytes.as_chunks();
        self.state.compress(blocks);
        self.rest = [0; BLOCK];
        self.rest[..tail.len()].copy_from_slice(tail);
    }

    /// Lays out what is left of the message that ends in these pieces: in place,
    /// as a message that is moved is read at once.
    pub(crate) fn lay_out<const N: usize>(&self, end: [&[u8]; N], message: &mut Message<S>) {
        if message.length > 0 {
            *message = Message::new();
        }
        let length: usize = end.iter().map(|piece| piece.len()).sum();
        if self.taken % BLOCK + length + PADDING <= SHORT_BLOCKS * BLOCK {
            self.lay_out_short(end, message);
            return;
        }
        let mut whole = self.clone();
        for piece in end {
            whole.update(piece);
        }
        whole.lay_out_short([], message);
        whole.rest.zeroize();
        message.hashed = Some(whole.state);
    }

    #[expect(clippy::indexing_slicing, reason = "that it fits was asked before")]
    fn lay_out_short<const N: usize>(&self, end: [&[u8]; N], message: &mut Message<S>) {
        let start = self.taken % BLOCK;
        let mut at = start;
        message.blocks[0] = self.rest;
        let bytes = message.blocks.as_flattened_mut();
        for piece in end {
            bytes[at..at + piece.len()].copy_from_slice(piece);
            at += piece.len();
        }
        bytes[at] = 0x80;
        message.length = (at + PADDING).div_ceil(BLOCK);
        let bits = (self.taken - start + at) as u64 * 8;
        let end = message.length * BLOCK;
        bytes[end - 8..end].copy_from_slice(&bits.to_be_bytes());
    }

    /// The digest of a message that was laid out here.
    #[expect(clippy::indexing_slicing, reason = "no message is longer")]
    pub(crate) fn digest(&self, message: &Message<S>) -> S::Digest {
        let mut state = message.hashed.as_ref().unwrap_or(&self.state).clone();
        state.compress(&message.blocks[..message.length]);
        state.digest()
    }

    /// The digest of the message that ends in these pieces, among them secrets:
    /// what was laid out is overwritten. Between laying it out and hashing it,
    /// something else is done.
    pub(crate) fn finish<const N: usize>(
        &self,
        end: [&[u8]; N],
        meanwhile: impl FnOnce(),
    ) -> S::Digest {
        let mut message = Message::new();
        self.lay_out(end, &mut message);
        meanwhile();
        let digest = self.digest(&message);
        message.blocks = [[0; BLOCK]; SHORT_BLOCKS];
        optimization_barrier(&message.blocks);
        digest
    }
}

impl Midstate<Sha256> {
    /// The digest of the message of a block that ends in this digest, as in an
    /// HMAC.
    pub(crate) fn digest_of_digest(&self, digest: [u8; 32]) -> [u8; 32] {
        const PADDED: [u8; BLOCK] = {
            let mut block = [0; BLOCK];
            block[32] = 0x80;
            if let Some(bits) = block.last_chunk_mut() {
                *bits = ((BLOCK + 32) as u64 * 8).to_be_bytes();
            }
            block
        };
        let mut block = PADDED;
        if let Some(start) = block.first_chunk_mut() {
            *start = digest;
        }
        let mut state = self.state.clone();
        state.compress(&[block]);
        state.digest()
    }
}

/// What is left of a message behind the whole blocks that it begins with, with
/// its padding. It is not overwritten when dropped, so holds no secret but in
/// [`Midstate::finish`].
pub(crate) struct Message<S> {
    /// The state behind the blocks that are hashed already, if these are more
    /// than those that it begins with.
    hashed: Option<S>,
    blocks: [[u8; BLOCK]; SHORT_BLOCKS],
    length: usize,
}

impl<S> Message<S> {
    pub(crate) const fn new() -> Self {
        Self {
            hashed: None,
            blocks: [[0; BLOCK]; SHORT_BLOCKS],
            length: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use sha2::Digest;

    use super::*;

    fn begun<S: State>(pieces: &[Vec<u8>]) -> Midstate<S> {
        let mut begun = Midstate::new();
        for piece in pieces {
            begun.update(piece);
        }
        begun
    }

    fn digest<S: State, const N: usize>(begun: &Midstate<S>, end: [&[u8]; N]) -> S::Digest {
        begun.finish(end, || ())
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
            let end = [one.as_slice(), &other, &secret];
            let sha1 = begun::<Sha1>(&beginning);
            prop_assert_eq!(digest(&sha1, end), <[u8; 20]>::from(sha1::Sha1::digest(&whole)));
            let sha256 = begun::<Sha256>(&beginning);
            prop_assert_eq!(digest(&sha256, end), <[u8; 32]>::from(sha2::Sha256::digest(&whole)));
        }
    }

    #[test]
    fn a_message_may_be_laid_out_where_another_was() {
        let begun = Midstate::<Sha256>::new();
        let mut message = Message::new();
        for end in [[7; 300].as_slice(), &[8; 150], b"", &[9; 20]] {
            begun.lay_out([end], &mut message);
            let digest = begun.digest(&message);
            assert_eq!(digest, <[u8; 32]>::from(sha2::Sha256::digest(end)));
        }
    }

    #[test]
    fn every_length_around_the_ends_of_blocks_is_padded_right() {
        let message = [7; 4 * BLOCK];
        for beginning in 0..=2 * BLOCK {
            for end in beginning..message.len() {
                let begun = begun::<Sha1>(&[message[..beginning].to_vec()]);
                assert_eq!(
                    digest(&begun, [&message[beginning..end]]),
                    <[u8; 20]>::from(sha1::Sha1::digest(&message[..end]))
                );
            }
        }
    }
}
