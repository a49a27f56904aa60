//! The table of the eleven URLs, compiled for a cloud.

use std::mem;

use image_model::Urls;
use url_signer::ThumbnailName;
use url_signer::cloudinary::{Cloud, CompiledTransformation, Transformation};

use super::escape::needs_escape;
use crate::edit::Edit;
use crate::renditions::{DeliveryRendition, Rendition};

/// The eleven renditions of a signer, each with its unedited transformation
/// compiled.
#[derive(Clone, Debug)]
pub(crate) struct CompiledRenditions {
    renditions: Urls<CompiledRendition>,
    proxied: Vec<ThumbnailName>,
    proxied_while_pending: Vec<ThumbnailName>,
}

#[derive(Clone, Debug)]
pub(crate) enum CompiledRendition {
    Delivery(CompiledDelivery),
    Proxy(ThumbnailName),
}

#[derive(Clone, Debug)]
pub(crate) struct CompiledDelivery {
    pub(crate) delivery: DeliveryRendition,
    /// The transformation of an image without edits.
    pub(crate) unedited: CompiledTransformation,
    /// True if the steps need escaping in JSON. Edits are numbers and never do.
    pub(super) needs_escape: bool,
    /// True if the previous delivery URL is equal while the image has no edit.
    pub(super) repeats_previous: bool,
}

impl CompiledRenditions {
    pub(crate) fn new(cloud: &Cloud, renditions: Urls<Rendition>) -> Self {
        let renditions = compile(cloud, renditions);
        let proxied = |is_pending| {
            let mut names = Vec::new();
            renditions
                .as_ref()
                .map(|rendition| names.extend(rendition.proxied(is_pending)));
            names
        };
        Self {
            proxied: proxied(false),
            proxied_while_pending: proxied(true),
            renditions,
        }
    }

    pub(crate) const fn urls(&self) -> &Urls<CompiledRendition> {
        &self.renditions
    }

    /// Returns the thumbnails whose proxy URLs an image contains.
    pub(super) fn proxied(&self, is_pending: bool) -> &[ThumbnailName] {
        if is_pending {
            &self.proxied_while_pending
        } else {
            &self.proxied
        }
    }
}

impl CompiledRendition {
    /// Returns the thumbnail if the rendition is a proxy URL.
    fn proxied(&self, is_pending: bool) -> Option<ThumbnailName> {
        match self {
            Self::Proxy(thumbnail) => Some(*thumbnail),
            Self::Delivery(delivery) => delivery.pending_thumbnail(is_pending),
        }
    }
}

impl CompiledDelivery {
    /// Returns the thumbnail whose proxy URL replaces the delivery URL.
    pub(crate) fn pending_thumbnail(&self, is_pending: bool) -> Option<ThumbnailName> {
        self.delivery.pending_thumbnail.filter(|_| is_pending)
    }
}

fn compile(cloud: &Cloud, renditions: Urls<Rendition>) -> Urls<CompiledRendition> {
    // `map` visits the URLs in the order in which they are written.
    let mut previous = None;
    renditions.map(|rendition| match rendition {
        Rendition::Delivery(delivery) => {
            let unedited = Edit::default().applied_to(&delivery.steps, Transformation::new());
            let this = Some((unedited.clone(), delivery.prefixed));
            CompiledRendition::Delivery(CompiledDelivery {
                repeats_previous: mem::replace(&mut previous, this.clone()) == this,
                needs_escape: needs_escape(unedited.as_str().as_bytes()),
                unedited: cloud.compile(unedited),
                delivery,
            })
        }
        Rendition::Proxy(thumbnail) => CompiledRendition::Proxy(thumbnail),
    })
}
