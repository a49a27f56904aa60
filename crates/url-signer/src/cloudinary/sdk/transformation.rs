//! Transformations from the options of the SDKs: `width`, `crop`, `effect`, …

use serde_json::{Map, Value as Json};

use super::configuration::Sdk;
use super::error::{SdkError, SdkWarning};
use super::json::{boolean, expected, text, unknown_keys};
use super::parameters::{is_parameter, parameters};
use super::values::{expression, list, verbatim};
use super::variables::variables;
use super::video::offset;
use crate::cloudinary::transformation::chain::Transformation;
use crate::cloudinary::transformation::empty_parameter::empty_parameter;
use crate::cloudinary::transformation::error::TransformationError;

impl Sdk {
    /// Creates a transformation from options such as `width`, `crop`, `effect`,
    /// `overlay`, `transformation` and `raw_transformation`, with the parameters in
    /// the order of the SDKs.
    ///
    /// Options that have no effect are ignored.
    /// [`transformation_with_warnings`](Self::transformation_with_warnings) reports them.
    ///
    /// ```
    /// use serde_json::json;
    /// use url_signer::cloudinary::sdk::Sdk;
    ///
    /// let options = json!({ "transformation": [{ "angle": 90 }], "width": 300, "crop": "fit", "if": "width > 100" });
    /// let transformation = Sdk::transformation(options.as_object().ok_or("no map")?)?;
    /// assert_eq!(transformation.as_str(), "a_90/if_w_gt_100,c_fit,w_300");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - An option with an invalid value.
    /// - An empty parameter in `raw_transformation`, as in `w_1,,h_2`.
    ///   [`Sdk::url`] adds a warning instead.
    pub fn transformation(options: &Map<String, Json>) -> Result<Transformation, SdkError> {
        Self::transformation_with_warnings(options).map(|(transformation, _)| transformation)
    }

    /// Creates a transformation like [`transformation`](Self::transformation), with
    /// warnings about options, and about keys of their maps, that are unknown or have no
    /// effect.
    ///
    /// ```
    /// use serde_json::json;
    /// use url_signer::cloudinary::sdk::Sdk;
    ///
    /// let options = json!({ "video_codec": { "codec": "h264", "bframes": false } });
    /// let options = options.as_object().ok_or("no map")?;
    /// let (transformation, warnings) = Sdk::transformation_with_warnings(options)?;
    /// assert_eq!(transformation.as_str(), "vc_h264");
    /// assert_eq!(warnings[0].to_string(), "unknown option `video_codec[bframes]` is ignored");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// - Options that are invalid for [`transformation`](Self::transformation).
    pub fn transformation_with_warnings(
        options: &Map<String, Json>,
    ) -> Result<(Transformation, Vec<SdkWarning>), SdkError> {
        let mut converter = Converter::default();
        converter
            .warnings
            .extend(unknown_keys(None, options, is_option));
        let transformation = converter.convert(options)?;
        match empty_parameter(transformation.as_str()) {
            Some(position) => Err(TransformationError::EmptyParameter { position }.into()),
            None => Ok((transformation, converter.warnings)),
        }
    }
}

/// The options that do not set exactly one parameter.
const OTHERS: &[&str] = &[
    "if",
    "offset",
    "raw_transformation",
    "responsive_width",
    RESPONSIVE,
    "size",
    "transformation",
    "variables",
];

const RESPONSIVE: &str = "responsive_width_transformation";

/// Returns whether an option is one of a transformation.
pub(super) fn is_option(option: &str) -> bool {
    option.starts_with('$') || OTHERS.contains(&option) || is_parameter(option)
}

/// Conversion of maps of options to steps.
#[derive(Default)]
pub(super) struct Converter {
    /// True while the options of `responsive_width_transformation` are converted.
    is_responsive: bool,
    /// The step that `responsive_width` adds, if it is configured.
    pub(super) responsive: Option<Transformation>,
    pub(super) warnings: Vec<SdkWarning>,
}

impl Converter {
    /// Returns the steps of `transformation`, then the step of the other options. A
    /// `raw_transformation` may contain empty parameters.
    pub(super) fn convert(
        &mut self,
        options: &Map<String, Json>,
    ) -> Result<Transformation, SdkError> {
        let get = |option: &str| options.get(option).filter(|json| !json.is_null());
        let mut responsive = ["responsive_width", RESPONSIVE].into_iter();
        if self.is_responsive
            && let Some(option) = responsive.find(|option| get(option).is_some())
        {
            // Steps that contain the steps of another level grow exponentially.
            return Err(expected(
                option,
                "no value in `responsive_width_transformation`",
            ));
        }
        let configured = match get(RESPONSIVE) {
            Some(json) => {
                let step = self.responsive_step(json)?;
                self.responsive.replace(step)
            }
            None => self.responsive.clone(),
        };
        let mut named = None;
        let mut steps = Transformation::new();
        match get("transformation") {
            Some(Json::Array(all)) if all.iter().any(Json::is_object) => {
                for one in all {
                    steps = steps.then(&self.convert_element(one)?);
                }
            }
            Some(Json::Object(options)) => steps = self.convert_map(options)?,
            Some(stored) => {
                named = list("transformation", stored, ".", verbatim)
                    .map_err(|error| error.in_option("transformation"))?;
            }
            None => {}
        }
        steps = steps.then(&self.own_step(options, named)?);
        if let Some(responsive) = get("responsive_width")
            && boolean("responsive_width", responsive)?
        {
            let step = match &self.responsive {
                Some(step) => step,
                None => &Transformation::verbatim("c_limit,w_auto")?,
            };
            steps = steps.then(step);
        }
        self.responsive = configured;
        Ok(steps)
    }

    /// Returns the steps of a map in `transformation`.
    fn convert_map(&mut self, options: &Map<String, Json>) -> Result<Transformation, SdkError> {
        let unknown = unknown_keys(Some("transformation"), options, is_option);
        self.warnings.extend(unknown);
        self.convert(options)
    }

    /// Returns the steps of a map of options, or of a named transformation.
    fn convert_element(&mut self, one: &Json) -> Result<Transformation, SdkError> {
        match one {
            Json::Object(options) => self.convert_map(options),
            name => {
                let name = text("transformation", name)?;
                let name = verbatim(&name).map_err(|error| error.in_option("transformation"))?;
                Ok(Transformation::verbatim(&format!("t_{name}"))?)
            }
        }
    }

    /// Returns the steps of `responsive_width_transformation`.
    pub(super) fn responsive_step(&mut self, json: &Json) -> Result<Transformation, SdkError> {
        let Json::Object(options) = json else {
            return Err(expected(RESPONSIVE, "a map of options"));
        };
        let unknown = unknown_keys(Some(RESPONSIVE), options, is_option);
        self.warnings.extend(unknown);
        self.is_responsive = true;
        let steps = self.convert(options);
        self.is_responsive = false;
        steps
    }

    /// Returns the step of the options, in the order of the SDKs.
    fn own_step(
        &mut self,
        options: &Map<String, Json>,
        named: Option<String>,
    ) -> Result<Transformation, SdkError> {
        let get = |option: &str| {
            let json = options.get(option)?;
            (!json.is_null() && json.as_str() != Some("")).then_some(json)
        };
        let mut skipped = Vec::new();
        for (option, by) in OVERRIDDEN {
            if get(option).is_some() && get(by).is_some() {
                skipped.push(*option);
                self.warnings.push(SdkWarning::overridden(option, by));
            }
        }
        let mut parameters = parameters(get, &skipped, &mut self.warnings)?;
        parameters.extend(named.map(|named| ("t", named)));
        if let Some(json) = get("offset") {
            let (start, end) = offset("offset", json)?;
            parameters.extend([("so", start), ("eo", end)]);
        }
        if let Some(json) = get("size") {
            let size = text("size", json)?;
            let (width, height) = size
                .split_once('x')
                .ok_or(expected("size", "a width and a height, separated by `x`"))?;
            parameters.extend([("w", expression(width)?), ("h", expression(height)?)]);
        }
        let mut parameters: Vec<_> = parameters
            .iter()
            .map(|(name, value)| format!("{name}_{value}"))
            .collect();
        parameters.sort();

        let mut step = Vec::new();
        if let Some(json) = get("if") {
            let condition = expression(&text("if", json)?);
            let condition = condition.map_err(|error| error.in_option("if"))?;
            step.push(format!("if_{condition}"));
        }
        step.extend(variables(options)?);
        step.extend(parameters);
        if let Some(raw) = get("raw_transformation") {
            step.push(text("raw_transformation", raw)?);
        }
        Ok(Transformation::with_empty_parameters(&step.join(","))?)
    }
}

/// Options that have no effect beside another option, as in the SDKs.
const OVERRIDDEN: &[(&str, &str)] = &[
    ("custom_pre_function", "custom_function"),
    ("end_offset", "offset"),
    ("height", "size"),
    ("start_offset", "offset"),
    ("width", "size"),
];
