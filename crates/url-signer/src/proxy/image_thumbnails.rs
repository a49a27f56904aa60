use std::fmt::{self, Write};
use std::ops::DerefMut;

use arrayvec::{ArrayString, ArrayVec};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::file_name::ProxyFileName;
use super::signer::ProxySigner;
use super::thumbnail::{EXTENSION, IMAGES, THUMBNAILS, ThumbnailName, ThumbnailSigner};
use crate::digest::hmac::SignatureLength;
use crate::digest::midstate::{Message, Midstate, SHORT_END, Sha256};

/// Bytes before a signature that are kept without memory of their own.
const SHORT: usize = 192;

/// `/images/<id>/thumbnails/`
const FOLDER: usize = 1 + IMAGES.len() + 36 + THUMBNAILS.len();

/// How many thumbnails an image has.
const THUMBNAILS_MOST: usize = ThumbnailName::ALL.len();

// A longer end would leave a state of the key in its message.
const _: () =
    assert!("thumbnail-".len() + SignatureLength::WHOLE.get() + EXTENSION.len() <= SHORT_END);

/// Signs the proxy URLs of one image's thumbnails, and writes them.
///
/// The same URLs as by [`ThumbnailSigner::sign`] and [`ProxySigner::sign`], in
/// a fraction of the time: what they have in common is laid out once, and they
/// are signed side by side. Made by [`ProxySigner::thumbnails`].
#[derive(Clone)]
pub struct ProxiedThumbnails<'a> {
    texts: Texts<'a>,
    before: BeforeSignature,
    names: ArrayVec<ThumbnailName, THUMBNAILS_MOST>,
    /// The whole signatures of the thumbnails of these names, in this order.
    signatures: Signatures<THUMBNAILS_MOST>,
}

/// What is signed, up to the thumbnail's name.
#[derive(Clone)]
struct Texts<'a> {
    proxy: &'a ProxySigner,
    thumbnails: &'a ThumbnailSigner,
    folder: [u8; FOLDER],
    path: Zeroizing<Midstate<Sha256>>,
    url: Zeroizing<Midstate<Sha256>>,
}

#[derive(Clone)]
struct Signatures<const N: usize> {
    paths: [[u8; 32]; N],
    urls: [[u8; 32]; N],
}

/// `https://<proxy host>/<slug>.<format>?s=`
#[derive(Clone)]
struct BeforeSignature {
    short: ArrayString<SHORT>,
    /// What is too long for that.
    long: Option<String>,
}

impl BeforeSignature {
    const fn empty() -> Self {
        Self {
            short: ArrayString::new_const(),
            long: None,
        }
    }

    fn set(&mut self, proxy: &ProxySigner, name: &str, format: &str) {
        fn write(
            proxy: &ProxySigner,
            name: &str,
            format: &str,
            f: &mut (impl Write + DerefMut<Target = str>),
        ) -> fmt::Result {
            // `https://<host>/`
            f.write_str(proxy.proxy_host.base().as_str())?;
            ProxyFileName::write(name, format, f)?;
            f.write_str("?s=")
        }
        if write(proxy, name, format, &mut self.short).is_err() {
            let mut long = String::new();
            // A `String` takes anything; the result is for other writers.
            let _ = write(proxy, name, format, &mut long);
            self.long = Some(long);
        }
    }

    fn as_str(&self) -> &str {
        self.long.as_deref().unwrap_or(&self.short)
    }
}

impl ProxySigner {
    /// What signs the URLs under which the proxy gives out the thumbnails of
    /// an image, whose file name is made as by [`ProxyFileName::new`].
    ///
    /// The thumbnails in `names` are signed now, side by side; any other when it
    /// is written, which takes longer. The URLs are the same.
    ///
    /// ```
    /// use url_signer::{Authority, ProxyFileName, ProxySigner, Secret, ThumbnailName, ThumbnailSigner};
    /// use uuid::Uuid;
    ///
    /// let proxy = ProxySigner::new(
    ///     Authority::new("proxy.example.org")?,
    ///     Authority::new("app.example.org")?,
    ///     Secret::new("proxy key")?,
    /// );
    /// let thumbnails = ThumbnailSigner::new(Secret::new("thumbnail key")?);
    /// let id = Uuid::nil();
    ///
    /// let names = [ThumbnailName::Mini, ThumbnailName::Full];
    /// let image = proxy.thumbnails(&thumbnails, id, "Super Image", "png", &names);
    /// let mut html = Vec::new();
    /// image.write(ThumbnailName::Mini, "&amp;", &mut html);
    ///
    /// let path = thumbnails.sign(id, ThumbnailName::Mini);
    /// let url = proxy.sign(ProxyFileName::new("Super Image", "png"), path).to_string();
    /// assert_eq!(html, url.replace('&', "&amp;").into_bytes());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn thumbnails<'a>(
        &'a self,
        thumbnails: &'a ThumbnailSigner,
        image_id: Uuid,
        name: &str,
        format: &str,
        names: &[ThumbnailName],
    ) -> ProxiedThumbnails<'a> {
        // In place: all of it is too large to be moved about for each image.
        let mut image = ProxiedThumbnails {
            texts: Texts {
                proxy: self,
                thumbnails,
                folder: folder(image_id),
                path: thumbnails.keys.begin(),
                url: self.keys.begin(),
            },
            before: BeforeSignature::empty(),
            names: ArrayVec::new(),
            signatures: Signatures::empty(),
        };
        let Texts {
            folder, path, url, ..
        } = &mut image.texts;
        // Signed without the `/` before it.
        path.update(folder.strip_prefix(b"/").unwrap_or(folder));
        url.update(self.app_host.as_str().as_bytes());
        url.update(folder);
        image.before.set(self, name, format);
        let wanted = |name: &ThumbnailName| names.contains(name);
        image
            .names
            .extend(ThumbnailName::ALL.into_iter().filter(wanted));
        image.signatures.sign(&image.names, &image.texts);
        image
    }
}

impl ProxiedThumbnails<'_> {
    /// Appends the URL of one thumbnail, with the `&` in it written as the
    /// text around it wants it: `&`, or `&amp;` in HTML.
    pub fn write(&self, name: ThumbnailName, ampersand: &str, out: &mut Vec<u8>) {
        let Signatures { paths, urls } = &self.signatures;
        let mut signed = self.names.iter().zip(paths.iter().zip(urls));
        let (path, url) = signed
            .find(|(signed, _)| **signed == name)
            .map_or_else(|| self.texts.sign(name), |(_, (path, url))| (*path, *url));
        let Texts {
            proxy,
            thumbnails,
            folder,
            ..
        } = &self.texts;
        out.extend_from_slice(self.before.as_str().as_bytes());
        out.extend_from_slice(proxy.keys.cut(url).digits());
        out.extend_from_slice(ampersand.as_bytes());
        out.extend_from_slice(b"url=");
        out.extend_from_slice(proxy.app_host.as_str().as_bytes());
        out.extend_from_slice(folder);
        for piece in file(name, thumbnails.keys.cut(path).digits()) {
            out.extend_from_slice(piece);
        }
    }
}

impl Texts<'_> {
    /// The signatures of the path and of the URL of one thumbnail.
    fn sign(&self, name: ThumbnailName) -> ([u8; 32], [u8; 32]) {
        let mut one = Signatures::<1>::empty();
        one.sign(&[name], self);
        let Signatures {
            paths: [path],
            urls: [url],
        } = one;
        (path, url)
    }
}

impl<const N: usize> Signatures<N> {
    const fn empty() -> Self {
        Self {
            paths: [[0; 32]; N],
            urls: [[0; 32]; N],
        }
    }

    /// Signs thumbnails, `N` at most: all of them step by step, as each step
    /// waits for what the one before it gives.
    fn sign(&mut self, names: &[ThumbnailName], texts: &Texts<'_>) {
        let Self { paths, urls } = self;
        let (path_keys, url_keys) = (&texts.thumbnails.keys, &texts.proxy.keys);

        let mut messages = [const { Message::new() }; N];
        for (name, message) in names.iter().zip(&mut messages) {
            texts.path.lay_out([name.as_str().as_bytes()], message);
        }
        for (path, message) in paths.iter_mut().zip(&messages).take(names.len()) {
            *path = texts.path.digest(message);
        }
        for path in paths.iter_mut().take(names.len()) {
            *path = path_keys.finish(*path);
        }

        let mut messages = [const { Message::new() }; N];
        for ((name, path), message) in names.iter().zip(&*paths).zip(&mut messages) {
            let path = path_keys.cut(*path);
            texts.url.lay_out(file(*name, path.digits()), message);
        }
        for (url, message) in urls.iter_mut().zip(&messages).take(names.len()) {
            *url = texts.url.digest(message);
        }
        for url in urls.iter_mut().take(names.len()) {
            *url = url_keys.finish(*url);
        }
    }
}

/// `<name>-<path signature>.jpg`
fn file(name: ThumbnailName, digits: &[u8]) -> [&[u8]; 4] {
    [name.as_str().as_bytes(), b"-", digits, EXTENSION.as_bytes()]
}

impl fmt::Debug for ProxiedThumbnails<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxiedThumbnails")
            .field("before_signature", &self.before.as_str())
            .finish_non_exhaustive()
    }
}

/// `/images/<id>/thumbnails/`
fn folder(image_id: Uuid) -> [u8; FOLDER] {
    let mut id = Uuid::encode_buffer();
    let id = image_id.hyphenated().encode_lower(&mut id);
    let mut folder = [0; FOLDER];
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
    fn thumbnails_are_signed_alike_one_by_one_and_side_by_side() {
        let secret = |secret| Secret::new(secret).unwrap();
        let thumbnails = ThumbnailSigner::new(secret("thumbnail key"));
        let id = Uuid::from_u128(0x14364f29_c30d_4bbb_992c_19e6031244f7);
        for (app_host, width, name) in [
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
            let width = SignatureLength::new(width).unwrap();
            let thumbnails = thumbnails.clone().with_signature_length(width);
            let proxy =
                ProxySigner::new(proxy, app, secret("proxy key")).with_signature_length(width);
            for known in 0..=THUMBNAILS_MOST {
                let image =
                    proxy.thumbnails(&thumbnails, id, name, "png", &ThumbnailName::ALL[known..]);
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
