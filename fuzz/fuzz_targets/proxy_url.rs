//! Proxy URLs:
//!
//! - Parsing and verifying never panic.
//! - A parsed URL prints the text that was parsed.
//! - A verified URL lets the proxy fetch only a signed path, even if other parts of
//!   the URL were edited.
//!
//! ```text
//! cargo fuzz run -s none proxy_url
//! ```

#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use url::Url;
use url_signer::{
    Authority, KeyRing, ProxyFileName, ProxyRequest, ProxySigner, Secret, SignatureLength,
    ThumbnailName, ThumbnailSigner,
};
use url_signer_fuzz::Edit;
use uuid::Uuid;

const HOSTS: &[&str] = &[
    "localhost",
    "localhost:3000",
    "a.example.org",
    "[::1]:80",
    "xn--bcher-kva.example",
];

const WORDS: &[&str] = &[
    "/",
    "//",
    "?",
    "&",
    "s=",
    "&s=",
    "&url=",
    "url=",
    "?s=",
    "https://",
    "http://",
    "@",
    ":",
    ":80",
    "localhost",
    "example.org",
    ".",
    "..",
    "/../",
    "%2F",
    "%26",
    "%3D",
    "#",
    "\\",
    "images/",
    "/thumbnails/",
    "mini",
    "original",
    "-",
    ".jpg",
    "0",
    "a",
];

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    hosts: [u8; 2],
    ids: [u16; 2],
    names: [u8; 2],
    length: u8,
    edits: [Edit; 3],
    edited: u8,
    /// A URL, or a file name and a format on two lines.
    text: &'a str,
}

fn key(text: &str) -> Secret {
    Secret::new(text).unwrap()
}

fn host(index: u8) -> Authority {
    Authority::new(HOSTS[usize::from(index) % HOSTS.len()]).unwrap()
}

/// Formats a parsed URL.
fn printed(request: &ProxyRequest) -> String {
    let ProxyRequest {
        proxy_host,
        file_name,
        signature,
        url,
        ..
    } = request;
    let origin = proxy_host
        .map(|host| format!("https://{host}"))
        .unwrap_or_default();
    format!("{origin}/{file_name}?s={signature}&url={url}")
}

fuzz_target!(|input: Input| {
    // Long enough that the fuzzer cannot guess a signature.
    let length = SignatureLength::new(16 + usize::from(input.length) % 49).unwrap();
    let [proxy_host, app_host] = input.hosts.map(host);
    let of_key = |keys: KeyRing| {
        ProxySigner::new(proxy_host.clone(), app_host.clone(), keys).with_signature_length(length)
    };
    let signer = of_key(key("key").into());
    let thumbnails = ThumbnailSigner::new(key("thumbnail key"));

    let (name, format) = input.text.split_once('\n').unwrap_or((input.text, ""));
    let file_name = ProxyFileName::new(name, format);
    let signed = [0, 1].map(|index| {
        let id = Uuid::from_u128(u128::from(input.ids[index]) << 40);
        let name = ThumbnailName::ALL[usize::from(input.names[index]) % 4];
        let path = thumbnails.sign(id, name);
        let url = signer.sign(file_name.clone(), path);
        assert_eq!(Url::from(url.clone()).as_str(), url.to_string());
        (url.to_string(), path.to_string())
    });
    let [(url, path), (other_url, _)] = &signed;
    let request = ProxyRequest::parse(url).unwrap();
    assert_eq!(request.proxy_host, Some(proxy_host.as_str()));
    assert_eq!(request.file_name, file_name.as_str());
    assert_eq!(signer.verify(url).unwrap().path(), path);
    assert!(of_key(key("kez").into()).verify(url).is_err());
    assert!(
        of_key(KeyRing::new(key("kez")).with_retired(key("key")))
            .verify(url)
            .is_ok()
    );

    let edits = input.edits.iter().take(1 + usize::from(input.edited) % 3);
    let edited = edits.fold(url.clone(), |url, edit| edit.apply(&url, other_url, WORDS));
    for text in [input.text, &edited] {
        if let Ok(request) = ProxyRequest::parse(text) {
            assert_eq!(printed(&request), text);
        }
        if let Ok(verified) = signer.verify(text) {
            assert_eq!(verified.url(), format!("{app_host}{}", verified.path()));
            // Only thumbnail paths are signed.
            assert!(thumbnails.verify(verified.path()).is_ok());
        }
    }
    if let Ok(verified) = signer.verify(&edited) {
        assert!(
            signed.iter().any(|(_, path)| path == verified.path()),
            "{edited}"
        );
    }
});
