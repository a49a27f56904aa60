//! The table of the eleven URLs, made ready for an account.

use std::mem;

use image_model::Urls;
use url_signer::ThumbnailName;
use url_signer::cloudinary::{Cloud, CompiledTransformation, Transformation};

use crate::clean::is_clean;
use crate::renditions::Edit;
use crate::{Delivery, Rendition};

/// The table, prepared for an account.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    renditions: Urls<Prepared>,
    proxied: Vec<ThumbnailName>,
    proxied_while_pending: Vec<ThumbnailName>,
}

/// A rendition with its unedited transformation compiled.
#[derive(Clone, Debug)]
pub(crate) enum Prepared {
    Delivery(PreparedDelivery),
    Proxy(ThumbnailName),
}

#[derive(Clone, Debug)]
pub(crate) struct PreparedDelivery {
    pub(crate) delivery: Delivery,
    pub(crate) unedited: CompiledTransformation,
    /// Whether nothing in its steps is escaped in JSON; edits are of numbers.
    pub(crate) is_clean: bool,
    /// Whether the delivery URL before it is the same while there is no edit.
    pub(crate) is_repeated: bool,
}

impl Table {
    pub(crate) fn new(cloud: &Cloud, renditions: Urls<Rendition>) -> Self {
        let renditions = prepared(cloud, renditions);
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

    pub(crate) const fn renditions(&self) -> &Urls<Prepared> {
        &self.renditions
    }

    /// The thumbnails of which the proxy's URLs are in an image.
    pub(crate) fn proxied(&self, is_pending: bool) -> &[ThumbnailName] {
        if is_pending {
            &self.proxied_while_pending
        } else {
            &self.proxied
        }
    }
}

impl PreparedDelivery {
    /// The thumbnail of which the proxy's URL stands for it, if one does.
    pub(crate) fn pending_thumbnail(&self, is_pending: bool) -> Option<ThumbnailName> {
        self.delivery.pending_thumbnail.filter(|_| is_pending)
    }
}

impl Prepared {
    /// The thumbnail of which this is the proxy's URL, if it is that.
    pub(crate) fn proxied(&self, is_pending: bool) -> Option<ThumbnailName> {
        match self {
            Self::Proxy(thumbnail) => Some(*thumbnail),
            Self::Delivery(prepared) => prepared.pending_thumbnail(is_pending),
        }
    }
}

fn prepared(cloud: &Cloud, renditions: Urls<Rendition>) -> Urls<Prepared> {
    // In documented order, as they are written.
    let mut last = None;
    renditions.map(|rendition| match rendition {
        Rendition::Delivery(delivery) => {
            let unedited = Edit::default().applied_to(&delivery.steps, Transformation::new());
            let this = Some((unedited.clone(), delivery.prefixed));
            Prepared::Delivery(PreparedDelivery {
                is_repeated: mem::replace(&mut last, this.clone()) == this,
                is_clean: is_clean(unedited.as_str().as_bytes()),
                unedited: cloud.compile(unedited),
                delivery,
            })
        }
        Rendition::Proxy(thumbnail) => Prepared::Proxy(thumbnail),
    })
}
