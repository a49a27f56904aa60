//! Thumbnail paths: no text makes parsing or verifying panic, what parses
//! prints the same, and what verifies is one of the paths that were signed.
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
    /// Few bits apart, so that near misses are tried as well.
    ids: [u16; 2],
    names: [u8; 2],
    width: u8,
    edits: [Edit; 3],
    edited: u8,
    text: &'a str,
}

fn key(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fuzz_target!(|input: Input| {
    // Wide enough that nobody guesses one.
    let width = SignatureLength::new(16 + usize::from(input.width) % 49).unwrap();
    let signer = ThumbnailSigner::new(key("key")).with_signature_length(width);
    let paths = [0, 1].map(|index| {
        let id = Uuid::from_u128(u128::from(input.ids[index]) << 40);
        let name = ThumbnailName::ALL[usize::from(input.names[index]) % 4];
        let path = signer.sign(id, name).to_string();
        let verified = signer.verify(&path).unwrap();
        assert_eq!((verified.image_id, verified.name), (id, name));
        path
    });
    let other = ThumbnailSigner::new(key("kez")).with_signature_length(width);
    assert!(other.verify(&paths[0]).is_err());
    let changed = ThumbnailSigner::new(KeyRing::new(key("kez")).with_retired(key("key")));
    assert!(
        changed
            .with_signature_length(width)
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
