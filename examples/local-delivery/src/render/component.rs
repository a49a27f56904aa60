//! The operations of a step.

use std::sync::Arc;

use image::Rgba;

use super::deadline::Deadline;
use super::effects::{self, Effect};
use super::error::RenderError;
use super::geometry::{CropMode, Gravity, Layout, Size, layout};
use super::limits::Limits;
use super::mask::Corners;
use super::pixels::Pixels;
use super::resample;
use super::rotate::Rotation;
use super::target::Request;

/// The operations of a step, in the order in which they are applied.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Component {
    /// A rotation in degrees before the size, if the orientation of the requested size is
    /// not that of the image.
    pub(super) rotation_to_fit: Option<f64>,
    pub(super) resize: Option<Resize>,
    pub(super) effects: Vec<Effect>,
    pub(super) corners: Option<Corners>,
    pub(super) rotations: Vec<Rotation>,
    pub(super) background: Option<Rgba<u8>>,
}

/// A crop mode with its size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Resize {
    pub(super) mode: CropMode,
    pub(super) request: Request,
    pub(super) gravity: Option<Gravity>,
}

impl Component {
    /// Returns whether the component does nothing.
    pub(super) fn is_empty(&self) -> bool {
        let Self {
            rotation_to_fit,
            resize,
            effects,
            corners,
            rotations,
            background,
        } = self;
        rotation_to_fit.is_none()
            && resize.is_none()
            && effects.is_empty()
            && corners.is_none()
            && rotations.is_empty()
            && background.is_none()
    }

    /// Returns the rotation before the size, for an incoming image of this size.
    fn first_rotation(&self, input: Size, original: Size) -> Option<Rotation> {
        let degrees = self.rotation_to_fit?;
        let resize = self.resize?;
        let target = resize.request.target(resize.mode, input, original);
        let is_wide = target.width? > target.height?;
        let is_square = target.width == target.height || input.width == input.height;
        let matches = is_wide == (input.width > input.height);
        (!is_square && !matches).then_some(Rotation::Degrees(degrees))
    }

    /// Returns the layout of the crop mode, if there is one, and the size of the result.
    pub(super) fn layout(
        &self,
        input: Size,
        original: Size,
        limits: &Limits,
    ) -> Result<(Option<Layout>, Size), RenderError> {
        let mut size = match self.first_rotation(input, original) {
            Some(rotation) => rotation.size(input),
            None => input,
        };
        let mut found = None;
        if let Some(Resize {
            mode,
            request,
            gravity,
        }) = self.resize
        {
            let target = request.target(mode, size, original);
            let layout = layout(mode, size, target, gravity).ok_or(RenderError::Empty)?;
            limits.check_output(layout.canvas.width, layout.canvas.height)?;
            size = layout.canvas;
            found = Some(layout);
        }
        for rotation in &self.rotations {
            size = rotation.size(size);
            if rotation.is_inexact() {
                limits.check_output(size.width, size.height)?;
            }
        }
        Ok((found, size))
    }

    /// Applies the operations.
    pub(super) fn apply(
        &self,
        pixels: Arc<Pixels>,
        original: Size,
        deadline: Deadline,
        limits: &Limits,
    ) -> Result<Pixels, RenderError> {
        let (layout, _) = self.layout(pixels.size(), original, limits)?;
        let pixels = match self.first_rotation(pixels.size(), original) {
            Some(rotation) => Arc::new(rotation.apply(Arc::unwrap_or_clone(pixels))?),
            None => pixels,
        };
        let mut pixels = match layout {
            Some(layout) => resample::apply(&pixels, &layout)?,
            None => Arc::unwrap_or_clone(pixels),
        };
        for effect in &self.effects {
            deadline.check()?;
            pixels = effect.apply(pixels, deadline)?;
        }
        if let Some(corners) = self.corners {
            pixels = corners.apply(pixels);
        }
        for rotation in &self.rotations {
            deadline.check()?;
            pixels = rotation.apply(pixels)?;
        }
        if let Some(background) = self.background {
            pixels = effects::with_background(pixels, background);
        }
        deadline.check()?;
        Ok(pixels)
    }
}
