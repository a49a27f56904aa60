//! Midstates: SHA-1 and SHA-256 states after the common beginning of messages.
//!
//! Signed messages share a long beginning (a transformation, a key) and differ
//! in one or two blocks. A [`Midstate`] hashes the beginning once. For each
//! message, the remaining bytes are padded into whole blocks, as a
//! [`PaddedTail`], and compressed.
//!
//! The streaming interface of the digest crates copies and clears its block
//! buffer for every message, which costs more than one compression and leaves
//! copies of keys on the stack. The tests compare the results with that
//! interface.
//!
//! Padding and hashing are separate steps. Reading a block that was just written
//! in smaller pieces stalls on store forwarding, so callers do other work
//! between the two.

use std::slice;

use sha1::block_api::compress as compress_sha1;
use sha2::block_api::compress256 as compress_sha256;
use zeroize::{Zeroize, optimization_barrier};

const BLOCK: usize = 64;

/// Bytes of the shortest padding: a one bit, and the length of the message in bits.
const MIN_PADDING: usize = 1 + 8;

/// Blocks of a tail. Longer tails are hashed up to their last blocks first.
const TAIL_BLOCKS: usize = 3;

/// Bytes that fit into a tail for every midstate.
pub(crate) const MAX_TAIL: usize = TAIL_BLOCKS * BLOCK - (BLOCK - 1) - MIN_PADDING;

/// The state of a hash function between two blocks.
pub(crate) trait State: Clone {
    type Digest;

    const IV: Self;

    fn compress(&mut self, blocks: &[[u8; BLOCK]]);

    fn digest(&self) -> Self::Digest;
}

#[derive(Clone)]
pub(crate) struct Sha1([u32; 5]);

impl State for Sha1 {
    type Digest = [u8; 20];

    const IV: Self = Self([
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

    const IV: Self = Self([
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

/// The state after the beginning of a message: the state after its whole blocks,
/// and the remaining bytes, followed by zeros.
#[derive(Clone)]
pub(crate) struct Midstate<S> {
    state: S,
    /// Bytes of the beginning.
    length: usize,
    partial_block: [u8; BLOCK],
}

impl<S: Zeroize> Zeroize for Midstate<S> {
    fn zeroize(&mut self) {
        self.state.zeroize();
        self.partial_block = [0; BLOCK];
        optimization_barrier(&self.partial_block);
    }
}

impl<S: State> Midstate<S> {
    pub(crate) const fn new() -> Self {
        Self {
            state: S::IV,
            length: 0,
            partial_block: [0; BLOCK],
        }
    }

    /// Appends to the beginning.
    #[expect(
        clippy::indexing_slicing,
        reason = "within a block: the minimum, or the remainder of whole blocks"
    )]
    pub(crate) fn update(&mut self, mut bytes: &[u8]) {
        let at = self.length % BLOCK;
        self.length += bytes.len();
        if at > 0 {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK - at));
            self.partial_block[at..at + now.len()].copy_from_slice(now);
            if at + now.len() < BLOCK {
                return;
            }
            // Compressed in place: a copy of the block could leave a key behind.
            self.state.compress(slice::from_ref(&self.partial_block));
            bytes = later;
        }
        let (blocks, tail) = bytes.as_chunks();
        if !blocks.is_empty() {
            self.state.compress(blocks);
        }
        self.partial_block = [0; BLOCK];
        self.partial_block[..tail.len()].copy_from_slice(tail);
    }

    /// Pads the end of a message, given in pieces, into whole blocks. The tail is
    /// filled in place: moving it would read it at once and stall.
    pub(crate) fn pad_into<const N: usize>(&self, end: [&[u8]; N], tail: &mut PaddedTail<S>) {
        if tail.length > 0 {
            *tail = PaddedTail::new();
        }
        let length: usize = end.iter().map(|piece| piece.len()).sum();
        if self.length % BLOCK + length + MIN_PADDING <= TAIL_BLOCKS * BLOCK {
            self.pad_short_into(end, tail);
            return;
        }
        let mut midstate = self.clone();
        for piece in end {
            midstate.update(piece);
        }
        midstate.pad_short_into([], tail);
        midstate.partial_block.zeroize();
        tail.state = Some(midstate.state);
    }

    #[expect(clippy::indexing_slicing, reason = "the caller has checked the length")]
    fn pad_short_into<const N: usize>(&self, end: [&[u8]; N], tail: &mut PaddedTail<S>) {
        let start = self.length % BLOCK;
        let mut at = start;
        tail.blocks[0] = self.partial_block;
        let bytes = tail.blocks.as_flattened_mut();
        for piece in end {
            bytes[at..at + piece.len()].copy_from_slice(piece);
            at += piece.len();
        }
        bytes[at] = 0x80;
        tail.length = (at + MIN_PADDING).div_ceil(BLOCK);
        let bits = (self.length - start + at) as u64 * 8;
        let end = tail.length * BLOCK;
        bytes[end - 8..end].copy_from_slice(&bits.to_be_bytes());
    }

    /// Returns the digest of a message whose tail this midstate has padded.
    #[expect(clippy::indexing_slicing, reason = "a tail has at most these blocks")]
    pub(crate) fn digest(&self, tail: &PaddedTail<S>) -> S::Digest {
        let mut state = tail.state.as_ref().unwrap_or(&self.state).clone();
        state.compress(&tail.blocks[..tail.length]);
        state.digest()
    }

    /// Returns the digest of the message that ends in these pieces, and clears
    /// the padded tail, which contains a secret. `meanwhile` runs between padding
    /// and hashing.
    pub(crate) fn finalize<const N: usize>(
        &self,
        end: [&[u8]; N],
        meanwhile: impl FnOnce(),
    ) -> S::Digest {
        let mut tail = PaddedTail::new();
        self.pad_into(end, &mut tail);
        meanwhile();
        let digest = self.digest(&tail);
        tail.blocks = [[0; BLOCK]; TAIL_BLOCKS];
        optimization_barrier(&tail.blocks);
        digest
    }
}

impl Midstate<Sha256> {
    /// Returns the digest of a key block followed by a digest: the outer hash of
    /// an HMAC.
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

/// The last blocks of a message, with padding.
///
/// The blocks are not cleared on drop. Only [`Midstate::finalize`] puts a secret
/// into them, and clears them itself.
pub(crate) struct PaddedTail<S> {
    /// The state before the blocks, if it is not that of the midstate.
    state: Option<S>,
    blocks: [[u8; BLOCK]; TAIL_BLOCKS],
    /// Blocks in use.
    length: usize,
}

impl<S> PaddedTail<S> {
    pub(crate) const fn new() -> Self {
        Self {
            state: None,
            blocks: [[0; BLOCK]; TAIL_BLOCKS],
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

    fn midstate<S: State>(pieces: &[Vec<u8>]) -> Midstate<S> {
        let mut midstate = Midstate::new();
        for piece in pieces {
            midstate.update(piece);
        }
        midstate
    }

    fn digest<S: State, const N: usize>(midstate: &Midstate<S>, end: [&[u8]; N]) -> S::Digest {
        midstate.finalize(end, || ())
    }

    fn pieces() -> impl Strategy<Value = Vec<Vec<u8>>> {
        vec(vec(any::<u8>(), 0..150), 0..4)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn digests_equal_the_streaming_interface(
            beginning in pieces(),
            one in vec(any::<u8>(), 0..100),
            other in vec(any::<u8>(), 0..100),
            secret in vec(any::<u8>(), 0..100),
        ) {
            let whole = [beginning.concat(), one.clone(), other.clone(), secret.clone()].concat();
            let end = [one.as_slice(), &other, &secret];
            let sha1 = midstate::<Sha1>(&beginning);
            prop_assert_eq!(digest(&sha1, end), <[u8; 20]>::from(sha1::Sha1::digest(&whole)));
            let sha256 = midstate::<Sha256>(&beginning);
            prop_assert_eq!(digest(&sha256, end), <[u8; 32]>::from(sha2::Sha256::digest(&whole)));
        }
    }

    #[test]
    fn a_tail_can_be_reused() {
        let midstate = Midstate::<Sha256>::new();
        let mut tail = PaddedTail::new();
        for end in [[7; 300].as_slice(), &[8; 150], b"", &[9; 20]] {
            midstate.pad_into([end], &mut tail);
            let digest = midstate.digest(&tail);
            assert_eq!(digest, <[u8; 32]>::from(sha2::Sha256::digest(end)));
        }
    }

    #[test]
    fn pads_every_length_around_block_ends() {
        let message = [7; 4 * BLOCK];
        for beginning in 0..=2 * BLOCK {
            for end in beginning..message.len() {
                let midstate = midstate::<Sha1>(&[message[..beginning].to_vec()]);
                assert_eq!(
                    digest(&midstate, [&message[beginning..end]]),
                    <[u8; 20]>::from(sha1::Sha1::digest(&message[..end]))
                );
            }
        }
    }
}
