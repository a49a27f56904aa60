//! The steps and the parameters of a transformation's text.

use std::fmt;
use std::iter::FusedIterator;

use super::parse_value::parse_value;
use super::parsed_value::ParsedValue;

/// The steps of a transformation, which
/// [`Transformation::steps`](crate::cloudinary::Transformation::steps) returns.
#[derive(Clone, Debug)]
pub struct Steps<'a> {
    rest: Option<&'a str>,
}

impl<'a> Steps<'a> {
    /// An empty text contains no steps.
    pub(crate) fn new(steps: &'a str) -> Self {
        Self {
            rest: Some(steps).filter(|steps| !steps.is_empty()),
        }
    }
}

impl<'a> Iterator for Steps<'a> {
    type Item = ParsedStep<'a>;

    fn next(&mut self) -> Option<ParsedStep<'a>> {
        let rest = self.rest?;
        let split = step_end(rest).and_then(|end| rest.split_at_checked(end));
        let (text, after) = split.unwrap_or((rest, ""));
        self.rest = after.strip_prefix('/');
        Some(ParsedStep { text })
    }
}

impl FusedIterator for Steps<'_> {}

/// Returns the position of the first `/` that is not part of a run of `/`. A run is part
/// of a URL, as in `http://`.
fn step_end(steps: &str) -> Option<usize> {
    let bytes = steps.as_bytes();
    let is_slash = |position: usize| bytes.get(position) == Some(&b'/');
    (0..bytes.len()).find(|&position| {
        let follows_slash = position.checked_sub(1).is_some_and(is_slash);
        is_slash(position) && !follows_slash && !is_slash(position + 1)
    })
}

/// A step of a transformation, borrowed from its text.
///
/// A step keeps everything that was written: the order of the parameters, repeated
/// parameters, and text that is not a parameter. To build a step, use
/// [`Step`](super::Step).
///
/// ```
/// use url_signer::cloudinary::Transformation;
///
/// let transformation = Transformation::verbatim("c_fill,w_300,w_200/custom")?;
/// let steps: Vec<_> = transformation.steps().collect();
/// assert_eq!(steps[0].as_str(), "c_fill,w_300,w_200");
/// assert_eq!(steps[0].get("w").map(|width| width.as_str()), Some("w_200"));
/// assert_eq!(steps[1].as_str(), "custom");
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParsedStep<'a> {
    text: &'a str,
}

impl<'a> ParsedStep<'a> {
    /// Returns the text of the step.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// Returns the parameters in their order. Joined with `,`, their texts are the text of
    /// the step.
    ///
    /// A parameter with `//` contains a URL and extends to the end of the step, because a
    /// URL can contain `,`.
    #[must_use]
    pub const fn parameters(&self) -> Parameters<'a> {
        Parameters {
            rest: Some(self.text),
        }
    }

    /// Returns the parameter with a name, such as `w`. Cloudinary uses the last one if the
    /// name is repeated.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Parameter<'a>> {
        self.parameters()
            .filter(|parameter| parameter.name() == name)
            .last()
    }
}

/// The parameters of a step, which [`ParsedStep::parameters`] returns.
#[derive(Clone, Debug)]
pub struct Parameters<'a> {
    rest: Option<&'a str>,
}

impl<'a> Iterator for Parameters<'a> {
    type Item = Parameter<'a>;

    fn next(&mut self) -> Option<Parameter<'a>> {
        let rest = self.rest?;
        let split = rest
            .split_once(',')
            .filter(|(parameter, _)| !parameter.contains("//"));
        let (text, after) = split.map_or((rest, None), |(text, after)| (text, Some(after)));
        self.rest = after;
        Some(Parameter { text })
    }
}

impl FusedIterator for Parameters<'_> {}

/// A parameter of a step, borrowed from its text: a name, `_` and a value.
///
/// Two parameters are equal if their texts are equal.
///
/// ```
/// use url_signer::cloudinary::Transformation;
/// use url_signer::cloudinary::transformation::{Length, ParsedValue};
///
/// let transformation = Transformation::verbatim("w_0.5")?;
/// let parameter = transformation.steps().next().and_then(|step| step.get("w")).unwrap();
/// assert_eq!(parameter.name(), "w");
/// assert_eq!(parameter.raw_value(), "0.5");
/// assert_eq!(parameter.value(), ParsedValue::Width(Length::Fraction(0.5)));
/// # Ok::<(), url_signer::cloudinary::TransformationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Parameter<'a> {
    text: &'a str,
}

impl<'a> Parameter<'a> {
    /// Returns the text of the parameter.
    #[must_use]
    pub const fn as_str(&self) -> &'a str {
        self.text
    }

    /// Returns the name, which ends before the first `_`: `w` of `w_300`, `$size` of
    /// `$size_5`. A text without `_` is a name without a value.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.text
            .split_once('_')
            .map_or(self.text, |(name, _)| name)
    }

    /// Returns the text of the value, or an empty text if there is no value.
    #[must_use]
    pub fn raw_value(&self) -> &'a str {
        self.text.split_once('_').map_or("", |(_, value)| value)
    }

    /// Parses the value.
    #[must_use]
    pub fn value(&self) -> ParsedValue<'a> {
        parse_value(self.name(), self.raw_value())
    }
}

/// Implements the conversions of types that are a text.
macro_rules! text_impls {
    ($($name:ident)*) => {$(
        impl AsRef<str> for $name<'_> {
            fn as_ref(&self) -> &str {
                self.text
            }
        }

        impl fmt::Display for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.text.fmt(f)
            }
        }
    )*};
}

text_impls! { ParsedStep Parameter }

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<Vec<&str>> {
        Steps::new(text)
            .map(|step| step.parameters().map(|text| text.as_str()).collect())
            .collect()
    }

    #[test]
    fn empty_parameters_are_kept() {
        for (text, expected) in [
            ("c_fill,,w_100", vec![vec!["c_fill", "", "w_100"]]),
            (",", vec![vec!["", ""]]),
            ("w_1,/,h_2", vec![vec!["w_1", ""], vec!["", "h_2"]]),
        ] {
            assert_eq!(texts(text), expected, "{text}");
        }
        let empty = Parameter { text: "" };
        assert_eq!(empty.value(), ParsedValue::Unknown);
    }

    // Explanations split the steps of any URL.
    #[test]
    fn runs_of_slashes_do_not_separate() {
        for (text, expected) in [
            ("a//b", vec![vec!["a//b"]]),
            ("a///b/c", vec![vec!["a///b"], vec!["c"]]),
            ("/a", vec![vec![""], vec!["a"]]),
            ("a/", vec![vec!["a"], vec![""]]),
            ("//", vec![vec!["//"]]),
            ("/", vec![vec![""], vec![""]]),
            ("x,a//b,c,d", vec![vec!["x", "a//b,c,d"]]),
        ] {
            assert_eq!(texts(text), expected, "{text}");
        }
    }

    #[test]
    fn iterators_stay_at_their_end() {
        let mut steps = Steps::new("a");
        assert!(steps.next().is_some());
        assert!(steps.next().is_none() && steps.next().is_none());
    }
}
