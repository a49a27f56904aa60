use std::fmt::{self, Write};
use std::ops::DerefMut;

use arrayvec::{ArrayString, ArrayVec};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::file_name::ProxyFileName;
use super::signer::ProxySigner;
use super::thumbnail::{EXTENSION, IMAGES, THUMBNAILS, ThumbnailName, ThumbnailSigner};
use crate::digest::midstate::{MAX_TAIL, Midstate, PaddedTail, Sha256};
use crate::digest::signature_length::SignatureLength;
use crate::format;

/// Bytes before the signature that need no allocation.
const INLINE_BYTES: usize = 192;

/// Length of `/images/<id>/thumbnails/`.
const FOLDER_LENGTH: usize = 1 + IMAGES.len() + 36 + THUMBNAILS.len();

/// The number of thumbnails of an image.
const MAX_THUMBNAILS: usize = ThumbnailName::ALL.len();

// A longer tail would keep a state that depends on the key.
const _: () =
    assert!("thumbnail-".len() + SignatureLength::FULL.get() + EXTENSION.len() <= MAX_TAIL);

/// A writer of the proxy URLs of one image's thumbnails. For `sync-payload`.
///
/// The URLs are those of [`ThumbnailSigner::sign`] and [`ProxySigner::sign`], in a
/// fraction of the time: their common parts are formatted once, and the
/// signatures are computed side by side.
#[doc(hidden)]
#[derive(Clone)]
pub struct ImageThumbnails<'a> {
    messages: Messages<'a>,
    before_signature: BeforeSignature,
    names: ArrayVec<ThumbnailName, MAX_THUMBNAILS>,
    /// The full signatures of the thumbnails in `names`, in their order.
    signatures: Signatures<MAX_THUMBNAILS>,
}

/// The signed messages up to the name of the thumbnail.
#[derive(Clone)]
struct Messages<'a> {
    proxy: &'a ProxySigner,
    thumbnails: &'a ThumbnailSigner,
    folder: [u8; FOLDER_LENGTH],
    path: Zeroizing<Midstate<Sha256>>,
    url: Zeroizing<Midstate<Sha256>>,
}

#[derive(Clone)]
struct Signatures<const N: usize> {
    paths: [[u8; 32]; N],
    urls: [[u8; 32]; N],
}

/// `https://<proxy host>/<slug>.<format>?s=`, or the same with `http`.
#[derive(Clone)]
struct BeforeSignature {
    inline: ArrayString<INLINE_BYTES>,
    /// The text, if it is longer than `inline`.
    allocated: Option<String>,
}

impl BeforeSignature {
    const fn new() -> Self {
        Self {
            inline: ArrayString::new_const(),
            allocated: None,
        }
    }

    fn set(&mut self, proxy: &ProxySigner, name: &str, format: &str) {
        fn write(
            proxy: &ProxySigner,
            name: &str,
            format: &str,
            f: &mut (impl Write + DerefMut<Target = str>),
        ) -> fmt::Result {
            f.write_str(proxy.hosts.base_url.as_str())?;
            ProxyFileName::write(name, format, f)?;
            f.write_str("?s=")
        }
        if write(proxy, name, format, &mut self.inline).is_err() {
            self.allocated = Some(format::to_string(|f| write(proxy, name, format, f)));
        }
    }

    fn as_str(&self) -> &str {
        self.allocated.as_deref().unwrap_or(&self.inline)
    }
}

impl ProxySigner {
    /// Creates a writer of the proxy URLs of an image, whose file name is that of
    /// [`ProxyFileName::new`].
    ///
    /// The thumbnails in `names` are signed now, side by side. Any other thumbnail
    /// is signed when it is written, which takes longer.
    #[doc(hidden)]
    #[must_use]
    pub fn image_thumbnails<'a>(
        &'a self,
        thumbnails: &'a ThumbnailSigner,
        image_id: Uuid,
        name: &str,
        format: &str,
        names: &[ThumbnailName],
    ) -> ImageThumbnails<'a> {
        // Filled in place: the struct is too large to be moved for each image.
        let mut image = ImageThumbnails {
            messages: Messages {
                proxy: self,
                thumbnails,
                folder: folder(image_id),
                path: thumbnails.keys.midstate(),
                url: self.keys.midstate(),
            },
            before_signature: BeforeSignature::new(),
            names: ArrayVec::new(),
            signatures: Signatures::new(),
        };
        let Messages {
            folder, path, url, ..
        } = &mut image.messages;
        // The signed path has no leading `/`.
        path.update(folder.strip_prefix(b"/").unwrap_or(folder));
        url.update(self.hosts.app.as_str().as_bytes());
        url.update(folder);
        image.before_signature.set(self, name, format);
        let is_requested = |name: &ThumbnailName| names.contains(name);
        image
            .names
            .extend(ThumbnailName::ALL.into_iter().filter(is_requested));
        image.signatures.sign(&image.names, &image.messages);
        image
    }
}

impl ImageThumbnails<'_> {
    /// Appends the URL of a thumbnail, with `ampersand` in place of its one `&`.
    pub fn write(&self, name: ThumbnailName, ampersand: &str, out: &mut Vec<u8>) {
        let Signatures { paths, urls } = &self.signatures;
        let mut signed = self.names.iter().zip(paths.iter().zip(urls));
        let (path, url) = signed.find(|(signed, _)| **signed == name).map_or_else(
            || self.messages.sign(name),
            |(_, (path, url))| (*path, *url),
        );
        let Messages {
            proxy,
            thumbnails,
            folder,
            ..
        } = &self.messages;
        out.extend_from_slice(self.before_signature.as_str().as_bytes());
        out.extend_from_slice(proxy.keys.truncate(url).digits());
        out.extend_from_slice(ampersand.as_bytes());
        out.extend_from_slice(b"url=");
        out.extend_from_slice(proxy.hosts.app.as_str().as_bytes());
        out.extend_from_slice(folder);
        for piece in file_name(name, thumbnails.keys.truncate(path).digits()) {
            out.extend_from_slice(piece);
        }
    }
}

impl Messages<'_> {
    /// Returns the full signatures of the path and of the URL of a thumbnail.
    fn sign(&self, name: ThumbnailName) -> ([u8; 32], [u8; 32]) {
        let mut signatures = Signatures::<1>::new();
        signatures.sign(&[name], self);
        let Signatures {
            paths: [path],
            urls: [url],
        } = signatures;
        (path, url)
    }
}

impl<const N: usize> Signatures<N> {
    const fn new() -> Self {
        Self {
            paths: [[0; 32]; N],
            urls: [[0; 32]; N],
        }
    }

    /// Signs at most `N` thumbnails. Each step runs for all of them, because a
    /// step depends on the result of the step before it.
    fn sign(&mut self, names: &[ThumbnailName], messages: &Messages<'_>) {
        let Self { paths, urls } = self;
        let (path_keys, url_keys) = (&messages.thumbnails.keys, &messages.proxy.keys);

        let mut tails = [const { PaddedTail::new() }; N];
        for (name, tail) in names.iter().zip(&mut tails) {
            messages.path.pad_into([name.as_str().as_bytes()], tail);
        }
        for (path, tail) in paths.iter_mut().zip(&tails).take(names.len()) {
            *path = messages.path.digest(tail);
        }
        for path in paths.iter_mut().take(names.len()) {
            *path = path_keys.finalize(*path);
        }

        let mut tails = [const { PaddedTail::new() }; N];
        for ((name, path), tail) in names.iter().zip(&*paths).zip(&mut tails) {
            let path = path_keys.truncate(*path);
            messages.url.pad_into(file_name(*name, path.digits()), tail);
        }
        for (url, tail) in urls.iter_mut().zip(&tails).take(names.len()) {
            *url = messages.url.digest(tail);
        }
        for url in urls.iter_mut().take(names.len()) {
            *url = url_keys.finalize(*url);
        }
    }
}

/// `<name>-<path signature>.jpg`
fn file_name(name: ThumbnailName, signature: &[u8]) -> [&[u8]; 4] {
    [
        name.as_str().as_bytes(),
        b"-",
        signature,
        EXTENSION.as_bytes(),
    ]
}

impl fmt::Debug for ImageThumbnails<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImageThumbnails")
            .field("before_signature", &self.before_signature.as_str())
            .finish_non_exhaustive()
    }
}

/// `/images/<id>/thumbnails/`
fn folder(image_id: Uuid) -> [u8; FOLDER_LENGTH] {
    let mut id = Uuid::encode_buffer();
    let id = image_id.hyphenated().encode_lower(&mut id);
    let mut folder = [0; FOLDER_LENGTH];
    let mut at = 0;
    for piece in ["/", IMAGES, id, THUMBNAILS] {
        if let Some(to) = folder.get_mut(at..at + piece.len()) {
            to.copy_from_slice(piece.as_bytes());
        }
        at += piece.len();
    }
    folder
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Authority, Secret};

    #[test]
    fn equals_signing_one_by_one() {
        let secret = |secret| Secret::new(secret).unwrap();
        let thumbnails = ThumbnailSigner::new(secret("thumbnail key"));
        let id = Uuid::from_u128(0x14364f29_c30d_4bbb_992c_19e6031244f7);
        for (app_host, length, name) in [
            ("localhost", 7, "Super Image"),
            (
                "an.app.with.quite.a.long.name.example.org:8443",
                64,
                "日本語",
            ),
            ("localhost", 32, &"long name ".repeat(40)),
        ] {
            let hosts = ["proxy.example.org", app_host].map(|host| Authority::new(host).unwrap());
            let [proxy, app] = hosts;
            let length = SignatureLength::new(length).unwrap();
            let thumbnails = thumbnails.clone().with_signature_length(length);
            let proxy =
                ProxySigner::new(proxy, app, secret("proxy key")).with_signature_length(length);
            for skipped in 0..=MAX_THUMBNAILS {
                let image = proxy.image_thumbnails(
                    &thumbnails,
                    id,
                    name,
                    "png",
                    &ThumbnailName::ALL[skipped..],
                );
                for thumbnail in ThumbnailName::ALL {
                    let mut written = Vec::new();
                    image.write(thumbnail, "&", &mut written);
                    let path = thumbnails.sign(id, thumbnail);
                    let url = proxy.sign(ProxyFileName::new(name, "png"), path);
                    assert_eq!(String::from_utf8(written).unwrap(), url.to_string());
                }
            }
        }
    }
}
