//! Parameters of the delivered file.

use url_signer::cloudinary::transformation::{FlagValue, Parameter, ParsedValue, QualityMode};

use super::notes::Notes;
use super::reading;
use crate::render::encode::Quality;
use crate::render::error::PlanError;
use crate::render::format::RequestedFormat;
use crate::render::rounding;

/// The flag `attachment`: the response is saved as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The name of the file without extension, if the flag has one.
    pub name: Option<String>,
}

/// The parameters that describe the delivered file. They have no order: the last one of a
/// transformation counts.
#[derive(Clone, Debug, Default)]
pub(super) struct Delivery {
    pub(super) quality: Option<Quality>,
    pub(super) format: Option<RequestedFormat>,
    pub(super) attachment: Option<Attachment>,
}

impl Delivery {
    /// Reads a parameter. Returns `false` if it is another one.
    pub(super) fn read(
        &mut self,
        parameter: &Parameter<'_>,
        is_named: bool,
        notes: &mut Notes,
    ) -> Result<bool, PlanError> {
        match parameter.value() {
            ParsedValue::Quality(mode) => match quality(mode, parameter)? {
                Some(quality) => self.quality = Some(quality),
                None => notes.skip(parameter.as_str()),
            },
            ParsedValue::Format(format) => match reading::format(format.as_str()) {
                // Cloudinary ignores it in a named transformation.
                Some(RequestedFormat::Auto) if is_named => {}
                Some(format) => self.format = Some(format),
                None => notes.skip(parameter.as_str()),
            },
            ParsedValue::Flags(flags) => {
                for flag in flags {
                    self.flag(&flag, notes);
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn flag(&mut self, flag: &FlagValue<'_>, notes: &mut Notes) {
        match flag.name {
            "attachment" => {
                self.attachment = Some(Attachment {
                    name: flag.decoded_argument(),
                });
            }
            // A header of the response, not a change of the image.
            "immutable_cache" => {}
            name => notes.skip(&format!("fl_{name}")),
        }
    }
}

/// Returns the quality, or `None` for one that is not supported.
fn quality(mode: QualityMode<'_>, parameter: &Parameter<'_>) -> Result<Option<Quality>, PlanError> {
    let (percent, chroma) = match mode {
        QualityMode::Percent { quality, chroma } => (quality, chroma),
        QualityMode::Auto { level } => {
            let percent = match level.unwrap_or("good") {
                "best" => 90.0,
                "good" => 80.0,
                "eco" => 70.0,
                "low" => 60.0,
                _ => return Err(reading::invalid(parameter)),
            };
            (percent, None)
        }
        _ => return Ok(None),
    };
    let full_chroma = match chroma {
        None => None,
        Some("420") => Some(false),
        Some("444") => Some(true),
        Some(_) => return Err(reading::invalid(parameter)),
    };
    let percent = u8::try_from(rounding::nearest(percent))
        .ok()
        .filter(|percent| (1..=100).contains(percent))
        .ok_or_else(|| reading::invalid(parameter))?;
    Ok(Some(Quality {
        percent,
        full_chroma,
    }))
}
