//! Parameters of a step.

use url_signer::cloudinary::transformation::{self as parsed, ParsedValue};

use super::notes::Notes;
use super::reading;
use super::steps::Step;
use crate::render::component::{Component, Resize};
use crate::render::error::PlanError;
use crate::render::geometry::{CropMode, Gravity};
use crate::render::limits::Limits;
use crate::render::mask::Corners;
use crate::render::rotate::Rotation;
use crate::render::rounding;
use crate::render::target::{Length, Request};

/// The range of the factor `dpr`.
const DPR: (f64, f64) = (0.1, 5.0);

/// A component whose parameters are being read.
#[derive(Debug, Default)]
pub(super) struct Draft {
    component: Component,
    mode: CropParameter,
    /// A size that is not supported, such as `w_auto`.
    has_skipped_size: bool,
    request: Request,
    gravity: Option<(Gravity, String)>,
    uses_dpr_hint: bool,
    ignores_orientation: bool,
}

/// The parameter `c`.
#[derive(Clone, Copy, Debug, Default)]
enum CropParameter {
    #[default]
    Missing,
    Mode(CropMode),
    /// Nothing is resized.
    Unsupported,
}

/// A component, and whether its step ignores the EXIF orientation.
pub(super) struct Finished {
    pub(super) component: Component,
    pub(super) ignores_orientation: bool,
}

/// Returns the first parameter whose meaning the renderer does not know, so that the whole
/// step is skipped: a layer, a condition, a variable or an expression.
pub(super) fn obstacle<'a>(step: &Step<'a>) -> Option<parsed::Parameter<'a>> {
    step.find(|value| match value {
        ParsedValue::Overlay(_)
        | ParsedValue::Underlay(_)
        | ParsedValue::Condition(_)
        | ParsedValue::Variable(_)
        | ParsedValue::AspectRatio(parsed::Ratio::Expression(_))
        | ParsedValue::Radius(parsed::Corners::Expression(_))
        | ParsedValue::Dpr(parsed::DprMode::Expression(_)) => true,
        ParsedValue::Width(length)
        | ParsedValue::Height(length)
        | ParsedValue::X(length)
        | ParsedValue::Y(length) => matches!(length, parsed::Length::Expression(_)),
        ParsedValue::Angle(modes) => modes
            .iter()
            .any(|mode| matches!(mode, parsed::AngleMode::Expression(_))),
        _ => false,
    })
}

impl Draft {
    /// Reads a parameter.
    pub(super) fn read(
        &mut self,
        parameter: &parsed::Parameter<'_>,
        is_named: bool,
        hint: Option<f64>,
        notes: &mut Notes,
    ) -> Result<(), PlanError> {
        let component = &mut self.component;
        let is_used = match parameter.value() {
            ParsedValue::Crop(_) => {
                let mode = reading::mode(parameter)?;
                self.mode = mode.map_or(CropParameter::Unsupported, CropParameter::Mode);
                mode.is_some()
            }
            ParsedValue::Width(parsed::Length::Auto)
            | ParsedValue::Height(parsed::Length::Auto)
                if is_named =>
            {
                self.has_skipped_size = true;
                return Ok(());
            }
            ParsedValue::Width(length) => set(&mut self.request.width, reading::length(length)),
            ParsedValue::Height(length) => set(&mut self.request.height, reading::length(length)),
            ParsedValue::X(length) => set(&mut self.request.x, reading::length(length)),
            ParsedValue::Y(length) => set(&mut self.request.y, reading::length(length)),
            ParsedValue::AspectRatio(parsed::Ratio::Fixed { width, height }) => {
                set(&mut self.request.ratio, Some(width / height))
            }
            ParsedValue::Gravity(gravity) => {
                let name = gravity.as_str();
                let gravity = reading::gravity(name, notes);
                set(&mut self.gravity, Some((gravity, name.to_owned())))
            }
            ParsedValue::Dpr(parsed::DprMode::Number(number)) => {
                set(&mut self.request.dpr, Some(number))
            }
            ParsedValue::Dpr(parsed::DprMode::Auto) if is_named => return Ok(()),
            ParsedValue::Dpr(parsed::DprMode::Auto) => {
                self.uses_dpr_hint = true;
                self.request.dpr = hint;
                return Ok(());
            }
            ParsedValue::Angle(modes) => {
                for mode in modes {
                    self.rotate(mode, parameter)?;
                }
                true
            }
            ParsedValue::Radius(parsed::Corners::Max) => {
                set(&mut component.corners, Some(Corners::Ellipse))
            }
            ParsedValue::Radius(parsed::Corners::Pixels(radii)) => {
                set(&mut component.corners, Some(Corners::Radii(radii)))
            }
            ParsedValue::Background(_) => {
                let background = reading::background(parameter)?;
                set(&mut component.background, background)
            }
            ParsedValue::Effect { name, arguments } => {
                let effect = reading::effect(name, &arguments)?;
                component.effects.extend(effect);
                effect.is_some()
            }
            ParsedValue::Named(_) => return Ok(()),
            ParsedValue::Invalid if reading::long_name(parameter.name()).is_some() => {
                return Err(reading::invalid(parameter));
            }
            _ => false,
        };
        if !is_used {
            self.has_skipped_size |= matches!(parameter.name(), "w" | "h" | "ar");
            notes.skip(parameter.as_str());
        }
        Ok(())
    }

    fn rotate(
        &mut self,
        mode: parsed::AngleMode<'_>,
        parameter: &parsed::Parameter<'_>,
    ) -> Result<(), PlanError> {
        let rotation = match mode {
            parsed::AngleMode::Degrees(degrees) => Rotation::Degrees(degrees),
            parsed::AngleMode::FlipVertically => Rotation::FlipVertically,
            parsed::AngleMode::FlipHorizontally => Rotation::FlipHorizontally,
            parsed::AngleMode::AutoRight => {
                self.component.rotation_to_fit = Some(90.0);
                return Ok(());
            }
            parsed::AngleMode::AutoLeft => {
                self.component.rotation_to_fit = Some(-90.0);
                return Ok(());
            }
            parsed::AngleMode::Ignore => {
                self.ignores_orientation = true;
                return Ok(());
            }
            _ => return Err(reading::invalid(parameter)),
        };
        self.component.rotations.push(rotation);
        Ok(())
    }

    /// Checks the combination of the parameters.
    pub(super) fn finish(
        mut self,
        notes: &mut Notes,
        limits: &Limits,
    ) -> Result<Finished, PlanError> {
        self.finish_size(notes, limits)?;
        let dpr = self.factor();
        if let Some(Corners::Radii(radii)) = &mut self.component.corners {
            *radii = radii.map(|radius| radius * dpr);
            notes.uses_dpr_hint |= self.uses_dpr_hint;
        }
        Ok(Finished {
            component: self.component,
            ignores_orientation: self.ignores_orientation,
        })
    }

    fn factor(&self) -> f64 {
        let (minimum, maximum) = DPR;
        self.request.dpr.unwrap_or(1.0).clamp(minimum, maximum)
    }

    fn finish_size(&mut self, notes: &mut Notes, limits: &Limits) -> Result<(), PlanError> {
        let has_size = self.request.has_size();
        let has_offset = self.request.x.is_some() || self.request.y.is_some();
        let mode = match self.mode {
            CropParameter::Unsupported => return Ok(()),
            CropParameter::Mode(CropMode::Crop) if has_size || has_offset => CropMode::Crop,
            CropParameter::Mode(mode) if has_size => mode,
            CropParameter::Missing if has_size => CropMode::Scale,
            _ if self.has_skipped_size => return Ok(()),
            CropParameter::Mode(mode) => {
                let name = CropMode::NAMES.iter().find(|(_, known)| *known == mode);
                return Err(PlanError::MissingSize(
                    name.map_or("crop", |(name, _)| name),
                ));
            }
            CropParameter::Missing => return Ok(()),
        };
        let is_automatic = matches!(&self.gravity, Some((_, name)) if reading::is_automatic(name));
        if is_automatic && !mode.crops() {
            return Err(PlanError::AutoGravity);
        }
        if mode == CropMode::FillPad && !is_automatic {
            return Err(PlanError::FillPadGravity);
        }
        let factor = self.factor();
        self.request.dpr = ((factor - 1.0).abs() > 1e-9).then_some(factor);
        notes.uses_dpr_hint |= self.uses_dpr_hint;
        if mode == CropMode::Crop && self.request.has_fraction_over_one() {
            self.request.fractions_to_pixels();
            notes
                .approximations
                .push("fractional pixels in c_crop".to_owned());
        }
        check_size(&self.request, factor, limits)?;
        self.component.resize = Some(Resize {
            mode,
            request: self.request,
            gravity: self.gravity.as_ref().map(|(gravity, _)| *gravity),
        });
        Ok(())
    }
}

/// Checks the sides that do not depend on the image.
fn check_size(request: &Request, factor: f64, limits: &Limits) -> Result<(), PlanError> {
    let pixels = |length: Option<Length>| match length? {
        Length::Pixels(pixels) => u64::try_from(rounding::nearest(pixels * factor)).ok(),
        _ => None,
    };
    let limit = u64::from(limits.side);
    match (pixels(request.width), pixels(request.height)) {
        (Some(width), Some(height))
            if width.max(height) > limit || width * height > limits.output_pixels =>
        {
            Err(PlanError::TooLarge { width, height })
        }
        (Some(side), None) | (None, Some(side)) if side > limit => {
            Err(PlanError::SideTooLong { side, limit })
        }
        _ => Ok(()),
    }
}

/// Sets a value, and returns whether there is one.
fn set<T>(place: &mut Option<T>, value: Option<T>) -> bool {
    *place = value;
    place.is_some()
}
