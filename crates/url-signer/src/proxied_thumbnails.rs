use std::fmt;

use arrayvec::ArrayString;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::blocks::{Begun, End, Sha256};
use crate::thumbnail::{EXTENSION, IMAGES, THUMBNAILS};
use crate::{ProxyFileName, ProxySigner, ThumbnailName, ThumbnailSigner};

/// Bytes of a file name that are kept without memory of their own.
const SHORT: usize = 128;

/// `/images/<id>/thumbnails/`
const FOLDER: usize = 1 + IMAGES.len() + 36 + THUMBNAILS.len();

/// Signs the proxy URLs of one image's thumbnails, and writes them at once.
///
/// The same URLs as by [`ThumbnailSigner::sign`] and [`ProxySigner::sign`], in
/// a fraction of the time: what they have in common is laid out once. Made by
/// [`ProxySigner::thumbnails`].
#[derive(Clone)]
pub struct ProxiedThumbnails<'a> {
    proxy: &'a ProxySigner,
    thumbnails: &'a ThumbnailSigner,
    file_name: FileName,
    folder: [u8; FOLDER],
    /// What is signed of the path, up to the thumbnail's name.
    path: Zeroizing<Begun<Sha256>>,
    /// What the proxy signs, up to there.
    url: Zeroizing<Begun<Sha256>>,
}

#[derive(Clone)]
struct FileName {
    short: ArrayString<SHORT>,
    /// What is too long for that.
    long: Option<ProxyFileName>,
}

impl FileName {
    const fn empty() -> Self {
        Self {
            short: ArrayString::new_const(),
            long: None,
        }
    }

    fn set(&mut self, name: &str, format: &str) {
        if ProxyFileName::write(name, format, &mut self.short).is_err() {
            self.long = Some(ProxyFileName::new(name, format));
        }
    }

    fn as_str(&self) -> &str {
        self.long
            .as_ref()
            .map_or(&self.short, ProxyFileName::as_str)
    }
}

impl ProxySigner {
    /// What signs the URLs under which the proxy gives out the thumbnails of
    /// an image, whose file name is made as by [`ProxyFileName::new`].
    ///
    /// ```
    /// use url_signer::{Host, ProxyFileName, ProxySigner, Secret, ThumbnailName, ThumbnailSigner};
    /// use uuid::Uuid;
    ///
    /// let proxy = ProxySigner::new(
    ///     Host::new("proxy.example.org")?,
    ///     Host::new("app.example.org")?,
    ///     Secret::new("proxy key")?,
    /// );
    /// let thumbnails = ThumbnailSigner::new(Secret::new("thumbnail key")?);
    /// let id = Uuid::nil();
    ///
    /// let mut html = Vec::new();
    /// let image = proxy.thumbnails(&thumbnails, id, "Super Image", "png");
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
    ) -> ProxiedThumbnails<'a> {
        // In place: all of it is too large to be moved about for each image.
        let mut image = ProxiedThumbnails {
            proxy: self,
            thumbnails,
            file_name: FileName::empty(),
            folder: folder(image_id),
            path: thumbnails.keys.begin(),
            url: self.keys.begin(),
        };
        image.file_name.set(name, format);
        // Signed without the `/` before it.
        let signed = image.folder.strip_prefix(b"/").unwrap_or(&image.folder);
        image.path.take_in(signed);
        image.url.take_in(self.app_host.as_str().as_bytes());
        image.url.take_in(&image.folder);
        image
    }
}

impl ProxiedThumbnails<'_> {
    /// Appends the URL of one thumbnail, with the `&` in it written as the
    /// text around it wants it: `&`, or `&amp;` in HTML.
    pub fn write(&self, name: ThumbnailName, ampersand: &str, out: &mut Vec<u8>) {
        let Self { proxy, folder, .. } = self;
        let path_signature = self.thumbnails.keys.sign_begun(&self.path, name.end());
        // `https://<host>/`
        out.extend_from_slice(proxy.proxy_host.base().as_str().as_bytes());
        out.extend_from_slice(self.file_name.as_str().as_bytes());
        out.extend_from_slice(b"?s=");
        // Left free until what is signed stands there.
        let free = out.len()..out.len() + proxy.keys.width().get();
        out.resize(free.end, b'0');
        out.extend_from_slice(ampersand.as_bytes());
        out.extend_from_slice(b"url=");
        out.extend_from_slice(proxy.app_host.as_str().as_bytes());
        out.extend_from_slice(folder);
        let file = out.len();
        out.extend_from_slice(name.as_str().as_bytes());
        out.extend_from_slice(b"-");
        out.extend_from_slice(path_signature.digits());
        out.extend_from_slice(EXTENSION.as_bytes());

        let (before, file) = out.split_at_mut(file);
        let signature = proxy.keys.sign_begun(&self.url, &End::new([file]));
        if let Some(free) = before.get_mut(free) {
            free.copy_from_slice(signature.digits());
        }
    }
}

impl fmt::Debug for ProxiedThumbnails<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProxiedThumbnails")
            .field("file_name", &self.file_name.as_str())
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
