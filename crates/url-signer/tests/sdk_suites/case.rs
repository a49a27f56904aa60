//! A recorded case of a test suite, and the result of this crate for its input.

use std::error::Error;

use regex::Regex;
use serde_json::{Map, Value};
use url_signer::cloudinary::sdk::Sdk;
use url_signer::cloudinary::{PathEncoding, Transformation};

/// One line of a suite.
pub(crate) struct Case {
    /// The file and the line number, such as `ruby:12`.
    pub(crate) location: String,
    pub(crate) sdk: String,
    /// The name of the SDK's test.
    pub(crate) test: String,
    json: Value,
}

/// The result of this crate, compared with the result of the SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    /// A transformation whose spaces are written `%20`.
    EqualExceptSpaces,
    Different,
}

impl Case {
    pub(crate) fn new(suite: &str, number: usize, line: &str) -> Self {
        let json: Value = serde_json::from_str(line).unwrap();
        let text = |key: &str| json[key].as_str().unwrap().to_owned();
        Self {
            location: format!("{suite}:{number}"),
            sdk: text("sdk"),
            test: text("test"),
            json,
        }
    }

    /// Returns the text or the error that this crate creates.
    pub(crate) fn result(&self) -> Result<String, String> {
        self.create().map_err(|error| {
            let mut text = error.to_string();
            let mut source = error.source();
            while let Some(error) = source {
                text = format!("{text}: {error}");
                source = error.source();
            }
            text
        })
    }

    /// Compares a result with the result of the SDK.
    pub(crate) fn compare(&self, result: &Result<String, String>) -> Comparison {
        let is_equal = match (result, self.expected()) {
            (Err(_), _) => self.json.get("raises").is_some(),
            (Ok(text), Some(expected)) => text == expected,
            (Ok(text), None) => {
                let matches = |key: &str| {
                    let pattern = self.json[key].as_str();
                    pattern.map(|pattern| Regex::new(pattern).unwrap().is_match(text))
                };
                matches("match") == Some(true) && matches("nomatch") != Some(true)
            }
        };
        if is_equal {
            return Comparison::Equal;
        }
        // Outside a URL, the SDKs return a transformation with its spaces.
        let is_transformation = ["transformation", "verbatim"].contains(&self.kind());
        let expected = self.expected().unwrap_or_default();
        match result {
            Ok(text) if is_transformation && *text == expected.replace(' ', "%20") => {
                Comparison::EqualExceptSpaces
            }
            _ => Comparison::Different,
        }
    }

    /// Returns the text that the SDK creates.
    pub(crate) fn expected(&self) -> Option<&str> {
        self.json["expected"].as_str()
    }

    fn kind(&self) -> &str {
        self.json["kind"].as_str().unwrap()
    }

    fn create(&self) -> Result<String, Box<dyn Error>> {
        let none = Map::new();
        let options = self.json["options"].as_object().unwrap_or(&none);
        let public_id = || self.json["public_id"].as_str().unwrap();
        let transformation = || self.json["transformation"].as_str().unwrap();
        Ok(match self.kind() {
            "transformation" => Sdk::transformation(options)?.to_string(),
            "verbatim" => Transformation::verbatim(transformation())?.to_string(),
            "token" => self.sdk()?.token(options)?,
            "url" => self.sdk()?.url(public_id(), options)?.to_string(),
            "url_through" => self
                .sdk()?
                .url_with_raw_transformation(public_id(), transformation(), options)?
                .to_string(),
            other => panic!("unknown kind {other}"),
        })
    }

    fn sdk(&self) -> Result<Sdk, Box<dyn Error>> {
        let sdk = match self.json.get("vars") {
            Some(vars) => {
                let vars = vars.as_object().unwrap().iter();
                Sdk::from_vars(vars.map(|(name, value)| (name, value.as_str().unwrap())))?
            }
            None => Sdk::new(),
        };
        let sdk = sdk.with_path_encoding(match &*self.sdk {
            "ruby" => PathEncoding::Decoded,
            "php" | "go" => PathEncoding::Raw,
            "dotnet" => PathEncoding::DotNet,
            _ => PathEncoding::Encoded,
        });
        let now = &self.json["now"];
        let now = now.as_i64().or_else(|| now.as_str()?.parse().ok());
        Ok(match now {
            Some(now) => sdk.with_now(now),
            None => sdk,
        })
    }
}
