/// A place between two facts of an image.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// Before the rotation and the crop.
    Edit,
    OriginalUrl,
    ExternalUrls,
    /// After the last fact.
    Thumbnails,
}
