use std::mem;

use url_signer::cloudinary::{Number, Transformation};

use crate::renditions::EditStep;
use crate::url_facts::UrlFacts;

/// The crop and the rotation of an image, each as a transformation.
#[derive(Default)]
pub(crate) struct Edit {
    crop: Transformation,
    rotation: Transformation,
}

impl Edit {
    pub(crate) fn of(facts: &UrlFacts<'_>) -> Self {
        let mut edit = Self::default();
        edit.set(facts);
        edit
    }

    /// Replaces the edit with the edit of an image, in the same memory.
    pub(crate) fn set(&mut self, facts: &UrlFacts<'_>) {
        let UrlFacts { crop, rotation, .. } = facts;
        self.crop.clear();
        if !crop.is_full() {
            let [x, y, w, h] =
                [crop.x, crop.y, crop.w, crop.h].map(|pixels| Number::clamped(pixels.get()));
            self.crop = mem::take(&mut self.crop).crop(x, y, w, h);
        }
        self.rotation.clear();
        if !rotation.is_zero() {
            self.rotation = mem::take(&mut self.rotation).angle(rotation.degrees());
        }
    }

    pub(crate) const fn is_none(&self) -> bool {
        self.crop.is_empty() && self.rotation.is_empty()
    }

    /// Returns whether the edit adds anything to the steps.
    pub(crate) fn changes(&self, steps: &[EditStep]) -> bool {
        steps.iter().any(|step| match step {
            EditStep::Crop => !self.crop.is_empty(),
            EditStep::Rotate => !self.rotation.is_empty(),
            EditStep::Fixed(_) => false,
        })
    }

    /// Appends the steps, with this edit in them, to a transformation.
    pub(crate) fn applied_to(&self, steps: &[EditStep], before: Transformation) -> Transformation {
        steps.iter().fold(before, |done, step| match step {
            EditStep::Crop => done.then(&self.crop),
            EditStep::Rotate => done.then(&self.rotation),
            EditStep::Fixed(fixed) => done.then(fixed),
        })
    }
}
