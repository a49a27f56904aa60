//! The assets that a delivery URL may mean.

use percent_encoding::percent_decode_str;
use url_signer::cloudinary::Asset;

use crate::asset_key::{AssetKey, AssetKeyError};
use crate::render::OutputFormat;

/// The assets that a delivery URL may mean. The end of a public id may look like an
/// extension: `a.jpg` is the image `a` as a JPEG, or the image `a.jpg` in its stored format.
#[derive(Clone, Debug)]
pub(crate) struct AssetReadings {
    public_id: String,
    /// The keys in the order in which they are tried, and the formats that the extension
    /// requests.
    keys: Vec<(AssetKey, Option<OutputFormat>)>,
}

impl AssetReadings {
    /// Returns the readings of the asset of a delivery URL. The limits of a public id do not
    /// count an extension.
    ///
    /// # Errors
    ///
    /// - An asset without a valid reading.
    /// - A source that is not UTF-8 after percent-decoding.
    pub(crate) fn from_asset(asset: &Asset) -> Result<Self, AssetKeyError> {
        let public_id = percent_decode_str(asset.source())
            .decode_utf8()
            .map_err(|_| AssetKeyError::Encoding)?;
        let key = |public_id: &str| {
            let delivery_type = asset.delivery_type().clone();
            AssetKey::new(asset.resource_type(), delivery_type, public_id.to_owned())
        };
        let mut keys = Vec::new();
        if let Some((public_id, extension)) = public_id.rsplit_once('.')
            && let Some(format) = OutputFormat::from_extension(extension)
            && let Ok(key) = key(public_id)
        {
            keys.push((key, Some(format)));
        }
        match key(&public_id) {
            Ok(key) => keys.push((key, None)),
            Err(error) if keys.is_empty() => return Err(error),
            Err(_) => {}
        }
        Ok(Self {
            public_id: public_id.into_owned(),
            keys,
        })
    }

    /// Returns the public id with the extension, without percent-encoding.
    pub(crate) fn public_id(&self) -> &str {
        &self.public_id
    }

    /// Returns the keys in the order in which they are tried, and the formats that the
    /// extension requests.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&AssetKey, Option<OutputFormat>)> {
        self.keys.iter().map(|(key, format)| (key, *format))
    }
}

#[cfg(test)]
mod tests {
    use url_signer::cloudinary::DeliveryType;

    use super::*;

    fn readings(source: &str) -> Result<AssetReadings, AssetKeyError> {
        AssetReadings::from_asset(&Asset::from_source(source, DeliveryType::Upload).unwrap())
    }

    #[test]
    fn percent_encoding_is_decoded_once() {
        assert_eq!(readings("a%20b.jpg").unwrap().public_id(), "a b.jpg");
        assert_eq!(readings("a%2520b").unwrap().public_id(), "a%20b");
        assert!(readings("a%5Cb").is_err());
        assert!(readings("%FF").is_err());
    }

    #[test]
    fn extensions_of_images_are_split() {
        for (source, split) in [
            ("a/b.jpg", Some(("a/b", OutputFormat::Jpeg))),
            ("b.c.PNG", Some(("b.c", OutputFormat::Png))),
            ("b.gif", None),
            ("b", None),
        ] {
            let readings = readings(source).unwrap();
            let keys: Vec<_> = readings.keys().collect();
            let mut keys = keys.iter().map(|(key, format)| (key.public_id(), *format));
            if let Some((public_id, format)) = split {
                assert_eq!(keys.next(), Some((public_id, Some(format))), "{source}");
            }
            assert_eq!(keys.next(), Some((source, None)), "{source}");
            assert_eq!(keys.next(), None, "{source}");
        }
        assert!(readings("a/.jpg").is_err());
    }

    #[test]
    fn limits_do_not_count_the_extension() {
        let component = "x".repeat(200);
        let total = format!("{0}/{0}/{0}/{0}/{0}/{1}", component, "x".repeat(19));
        for public_id in [component, total] {
            let with_extension = readings(&format!("{public_id}.webp")).unwrap();
            let keys: Vec<_> = with_extension.keys().map(|(key, _)| key).collect();
            assert_eq!(keys.len(), 1);
            assert_eq!(keys[0].public_id(), public_id);
            assert!(readings(&public_id).is_ok());
            assert!(readings(&format!("{public_id}x.webp")).is_err());
            assert!(readings(&format!("{public_id}.gif")).is_err());
        }
    }
}
