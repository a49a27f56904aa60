//! Thumbnail paths:
//!
//! - Parsing and verifying never panic.
//! - A parsed path prints the text that was parsed.
//! - A verified path is one of the signed paths.
//!
//! ```text
//! cargo fuzz run -s none thumbnail_path
//! ```

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use url_signer::{
    KeyRing, Secret, SignatureLength, ThumbnailName, ThumbnailRequest, ThumbnailSigner,
};
use url_signer_fuzz::Edit;
use uuid::Uuid;

const WORDS: &[&str] = &[
    "/",
    "-",
    ".",
    "..",
    ".jpg",
    ".JPG",
    "images/",
    "/thumbnails/",
    "mini",
    "thumbnail",
    "full",
    "original",
    "{",
    "}",
    "urn:uuid:",
    "%2F",
    "?",
    "#",
    "0",
    "a",
];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    /// Ids that differ in few bits.
    ids: [u16; 2],
    names: [u8; 2],
    length: u8,
    edits: [Edit; 3],
    edited: u8,
    text: &'a str,
}

fn key(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fuzz_target!(|input: Input| {
    // Long enough that the fuzzer cannot guess a signature.
    let length = SignatureLength::new(16 + usize::from(input.length) % 49).unwrap();
    let signer = ThumbnailSigner::new(key("key")).with_signature_length(length);
    let paths = [0, 1].map(|index| {
        let id = Uuid::from_u128(u128::from(input.ids[index]) << 40);
        let name = ThumbnailName::ALL[usize::from(input.names[index]) % 4];
        let path = signer.sign(id, name).to_string();
        let verified = signer.verify(&path).unwrap();
        assert_eq!((verified.image_id, verified.name), (id, name));
        path
    });
    let other = ThumbnailSigner::new(key("kez")).with_signature_length(length);
    assert!(other.verify(&paths[0]).is_err());
    let changed = ThumbnailSigner::new(KeyRing::new(key("kez")).with_retired(key("key")));
    assert!(
        changed
            .with_signature_length(length)
            .verify(&paths[0])
            .is_ok()
    );

    let edits = input.edits.iter().take(1 + usize::from(input.edited) % 3);
    let edited = edits.fold(paths[0].clone(), |path, edit| {
        edit.apply(&path, &paths[1], WORDS)
    });
    for text in [input.text, &edited] {
        if let Ok(request) = ThumbnailRequest::parse(text) {
            let ThumbnailRequest {
                image_id,
                name,
                signature,
                ..
            } = request;
            let printed = format!("/images/{image_id}/thumbnails/{name}-{signature}.jpg");
            assert_eq!(printed, text);
        }
        if let Ok(verified) = signer.verify(text) {
            assert_eq!(
                signer.sign(verified.image_id, verified.name).to_string(),
                text
            );
        }
    }
    if signer.verify(&edited).is_ok() {
        assert!(paths.contains(&edited), "{edited}");
    }
});
