//! Transformations whose parameters are checked.

use url_signer::cloudinary::Transformation;

use super::component::Component;
use super::encode::Quality;
use super::error::{PlanError, RenderError};
use super::format::RequestedFormat;
use super::geometry::{Layout, Size};
use super::key;
use super::limits::Limits;
use crate::named::NamedTransformations;

mod delivery;
mod draft;
mod notes;
mod reading;
mod steps;

pub use self::delivery::Attachment;
use self::delivery::Delivery;
use self::draft::Draft;
use self::notes::Notes;

/// Client hints of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hints {
    /// The pixel ratio of the device, from `Sec-CH-DPR` or `DPR`.
    pub dpr: Option<f64>,
}

/// A transformation whose parameters are checked.
///
/// ```
/// use local_delivery::named::NamedTransformations;
/// use local_delivery::render::{Hints, Limits, Plan};
/// use url_signer::cloudinary::Transformation;
///
/// let transformation = Transformation::verbatim("c_fill,w_100,h_100/e_art:zorro")?;
/// let plan = Plan::new(
///     &transformation,
///     &NamedTransformations::default(),
///     &Hints::default(),
///     &Limits::default(),
/// )?;
/// assert_eq!(plan.unsupported(), ["e_art:zorro"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Plan {
    components: Vec<Component>,
    ignores_orientation: bool,
    delivery: Delivery,
    notes: Notes,
    key: String,
}

impl Plan {
    /// Checks the parameters of a transformation.
    ///
    /// # Errors
    ///
    /// An invalid value, an unknown named transformation, or limits that are exceeded.
    pub fn new(
        transformation: &Transformation,
        named: &NamedTransformations,
        hints: &Hints,
        limits: &Limits,
    ) -> Result<Self, PlanError> {
        let mut plan = Self {
            components: Vec::new(),
            ignores_orientation: false,
            delivery: Delivery::default(),
            notes: Notes::default(),
            key: String::new(),
        };
        let steps = steps::expanded(transformation, named, limits)?;
        let mut rest = steps.as_slice();
        while let Some(step) = rest.first() {
            let mut length = 1;
            if let Some(obstacle) = draft::obstacle(step) {
                plan.notes.skip(obstacle.as_str());
                length = steps::block_length(rest);
            } else {
                plan.add(step, hints, limits)?;
            }
            rest = rest.get(length..).unwrap_or_default();
        }
        plan.key = key::plan(plan.ignores_orientation, &plan.components, plan.quality());
        Ok(plan)
    }

    fn add(
        &mut self,
        step: &steps::Step<'_>,
        hints: &Hints,
        limits: &Limits,
    ) -> Result<(), PlanError> {
        let mut draft = Draft::default();
        for parameter in &step.parameters {
            let is_read = self
                .delivery
                .read(parameter, step.is_named, &mut self.notes)?;
            if !is_read {
                draft.read(parameter, step.is_named, hints.dpr, &mut self.notes)?;
            }
        }
        let finished = draft.finish(&mut self.notes, limits)?;
        self.ignores_orientation |= finished.ignores_orientation;
        if !finished.component.is_empty() {
            self.components.push(finished.component);
        }
        Ok(())
    }

    /// Returns whether the plan changes nothing. If the stored file has the requested format,
    /// its bytes can be sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.components.is_empty() && !self.ignores_orientation && self.delivery.quality.is_none()
    }

    /// Returns a text that identifies the operations and the version of the renderer. Plans
    /// with the same text have the same result. The format is not part of the text.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the format that the transformation requests, if any.
    #[must_use]
    pub const fn format(&self) -> Option<RequestedFormat> {
        self.delivery.format
    }

    /// Returns the flag `attachment`, if any.
    #[must_use]
    pub const fn attachment(&self) -> Option<&Attachment> {
        self.delivery.attachment.as_ref()
    }

    /// Returns whether the result depends on [`Hints::dpr`].
    #[must_use]
    pub const fn uses_dpr_hint(&self) -> bool {
        self.notes.uses_dpr_hint
    }

    /// Returns whether the format depends on `Accept`.
    #[must_use]
    pub const fn uses_accept(&self) -> bool {
        matches!(self.delivery.format, Some(RequestedFormat::Auto))
    }

    /// Returns the parameters that are skipped. A layer, a condition, a variable or an
    /// expression skips its whole step or block.
    #[must_use]
    pub fn unsupported(&self) -> &[String] {
        &self.notes.unsupported
    }

    /// Returns a note about a gravity that was replaced by the center.
    #[must_use]
    pub fn gravity_note(&self) -> Option<&str> {
        self.notes.gravity.as_deref()
    }

    /// Returns notes about values whose meaning Cloudinary does not document.
    #[must_use]
    pub fn approximations(&self) -> &[String] {
        &self.notes.approximations
    }

    /// Returns the sizes and rectangles of all steps with a crop mode, for an upright image
    /// of this size.
    ///
    /// # Errors
    ///
    /// A rectangle outside of the image, or limits that are exceeded.
    pub fn layouts(&self, original: Size, limits: &Limits) -> Result<Vec<Layout>, RenderError> {
        let mut layouts = Vec::new();
        let mut size = original;
        for component in &self.components {
            let layout;
            (layout, size) = component.layout(size, original, limits)?;
            layouts.extend(layout);
        }
        Ok(layouts)
    }

    pub(super) fn components(&self) -> &[Component] {
        &self.components
    }

    pub(super) const fn ignores_orientation(&self) -> bool {
        self.ignores_orientation
    }

    pub(super) fn quality(&self) -> Quality {
        self.delivery.quality.unwrap_or_default()
    }
}
