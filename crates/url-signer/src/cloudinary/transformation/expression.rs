use std::str::FromStr;

use super::encoding;
use super::error::TransformationError;
use super::macros::{constants, from_numbers, value_impls, value_type};
use super::normalize::{is_operand, normalize};
use super::number::Number;
use super::value::Value;
use super::variable::VariableName;

value_type! {
    /// An operand of an [`Expression`]: a property of the image, a number, a
    /// string or a variable.
    ///
    /// ```
    /// use url_signer::cloudinary::transformation::Operand;
    ///
    /// assert_eq!(Operand::WIDTH.gt(100).as_str(), "w_gt_100");
    /// assert_eq!(Operand::string("sale")?.is_in(Operand::TAGS).as_str(), "!sale!_in_tags");
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    Operand
}

impl Operand {
    /// Creates a string: `!text!`. To create a list of strings, such as tags, separate
    /// them by `:`.
    ///
    /// # Errors
    ///
    /// - An empty text.
    /// - `!`, which ends the string.
    pub fn string(text: &str) -> Result<Self, TransformationError> {
        TransformationError::check("string", text, |char| char != '!')?;
        let text = encoding::encode(text);
        Ok(Self(Value::from_valid(format!("!{text}!"))))
    }

    /// Refers to a value of the asset's contextual metadata by its key: `ctx:!key!`.
    ///
    /// # Errors
    ///
    /// - An empty key.
    /// - `!`, which ends the key.
    pub fn context(key: &str) -> Result<Self, TransformationError> {
        let Self(key) = Self::string(key)?;
        Ok(Self(Value::from_static("ctx:").concat(&key)))
    }

    /// Refers to a field of the asset's structured metadata by its id: `md:!id!`.
    ///
    /// # Errors
    ///
    /// - An empty id.
    /// - `!`, which ends the id.
    pub fn metadata(id: &str) -> Result<Self, TransformationError> {
        let Self(id) = Self::string(id)?;
        Ok(Self(Value::from_static("md:").concat(&id)))
    }
}

constants! {
    Operand {
        WIDTH = "w", "The current width";
        HEIGHT = "h", "The current height";
        ASPECT_RATIO = "ar", "The current aspect ratio";
        INITIAL_WIDTH = "iw", "The width of the original file";
        INITIAL_HEIGHT = "ih", "The height of the original file";
        INITIAL_ASPECT_RATIO = "iar", "The aspect ratio of the original file";
        TRIMMED_ASPECT_RATIO = "tar", "The aspect ratio after trimming edges of one color";
        CURRENT_PAGE = "cp", "The current page number";
        PAGE_COUNT = "pc", "The number of pages";
        PAGE_X = "px", "The horizontal position of a layer in a file with layers, such as a Photoshop file";
        PAGE_Y = "py", "The vertical position of a layer in a file with layers, such as a Photoshop file";
        FACE_COUNT = "fc", "The number of faces";
        ILLUSTRATION_SCORE = "ils", "The likelihood that the image is an illustration, from 0 to 1";
        TAGS = "tags", "The tags of the asset";
        DURATION = "du", "The current duration of a video, in seconds";
        INITIAL_DURATION = "idu", "The duration of the original video, in seconds";
    }
}

value_impls! { Operand }

impl From<VariableName> for Operand {
    fn from(name: VariableName) -> Self {
        Self::from(&name)
    }
}

impl From<&VariableName> for Operand {
    fn from(name: &VariableName) -> Self {
        Self(Value::from_valid(name.as_str().to_owned()))
    }
}

from_numbers! { Operand: u32 i32 Number }

value_type! {
    /// An expression: operands that are joined by operators. It is used in
    /// conditions, variables and values.
    ///
    /// Each operator method appends an operator and its right operand. An expression
    /// has no parentheses. The order of evaluation can differ from the order of the
    /// calls: for example, Cloudinary evaluates `and` before `or`.
    ///
    /// ```
    /// use url_signer::cloudinary::Number;
    /// use url_signer::cloudinary::transformation::{Expression, Operand};
    ///
    /// let large = Operand::WIDTH.gt(100).and(Operand::ASPECT_RATIO.lte(Number::clamped(1.5)));
    /// assert_eq!(large.as_str(), "w_gt_100_and_ar_lte_1.5");
    /// assert_eq!(Expression::parse("width > 100 && aspect_ratio <= 1.5")?, large);
    /// # Ok::<(), url_signer::cloudinary::TransformationError>(())
    /// ```
    Expression
}

impl Expression {
    /// Parses an expression with long names and operator symbols, such as
    /// `width > 100 && tags = !a!`, and normalizes it like the official SDKs.
    ///
    /// - An operator symbol is replaced by its name (`>` by `gt`) only if a space or
    ///   `_` follows it.
    /// - A long name is replaced by its short name (`width` by `w`), even within a
    ///   longer word: `widths` becomes `ws`. Names after `:` and names of variables
    ///   stay unchanged.
    /// - A run of spaces and `_` becomes one `_`.
    /// - If the whole text begins and ends with `!`, only its spaces change, to `%20`.
    ///
    /// # Errors
    ///
    /// - An empty text.
    /// - A normalized text that is invalid for [`Value::verbatim`].
    pub fn parse(expression: &str) -> Result<Self, TransformationError> {
        Value::checked("expression", normalize(expression).into()).map(Self)
    }

    /// Appends `&& other`: `and`.
    #[must_use]
    pub fn and(&self, other: impl Into<Self>) -> Self {
        self.join("and", &other.into().0)
    }

    /// Appends `|| other`: `or`.
    #[must_use]
    pub fn or(&self, other: impl Into<Self>) -> Self {
        self.join("or", &other.into().0)
    }

    fn join(&self, operator: &str, right: &Value) -> Self {
        Self(Value::from_valid(format!("{self}_{operator}_{right}")))
    }
}

value_impls! { Expression }

impl FromStr for Expression {
    type Err = TransformationError;

    /// Equivalent to [`Expression::parse`].
    fn from_str(expression: &str) -> Result<Self, TransformationError> {
        Self::parse(expression)
    }
}

/// Implements the operators between an operand or an expression and an operand.
macro_rules! operators {
    ($($name:ident = $text:literal, $doc:literal;)+) => {
        /// The operators between an operand and its right operand.
        const OPERATORS: &[&str] = &[$($text),+];

        impl Operand {
            $(
                #[doc = concat!($doc, ": `", $text, "`.")]
                #[must_use]
                pub fn $name(&self, other: impl Into<Self>) -> Expression {
                    Expression::from(self).join($text, &other.into().0)
                }
            )+
        }

        impl Expression {
            $(
                #[doc = concat!($doc, ": `", $text, "`.")]
                #[must_use]
                pub fn $name(&self, other: impl Into<Operand>) -> Self {
                    self.join($text, &other.into().0)
                }
            )+
        }
    };
}

operators! {
    eq = "eq", "Appends `== other`";
    ne = "ne", "Appends `!= other`";
    lt = "lt", "Appends `< other`";
    gt = "gt", "Appends `> other`";
    lte = "lte", "Appends `<= other`";
    gte = "gte", "Appends `>= other`";
    is_in = "in", "Appends a test, which is true if `other` contains the left operand";
    is_not_in = "nin", "Appends a test, which is true if `other` does not contain the left operand";
    add = "add", "Appends `+ other`";
    sub = "sub", "Appends `- other`";
    mul = "mul", "Appends `* other`";
    div = "div", "Appends `/ other`";
    modulo = "mod", "Appends `% other`, the remainder of a division";
    pow = "pow", "Appends a power with the exponent `other`";
}

/// Returns whether a value has to be evaluated: it is a variable, with or without a sign, or
/// a property of the image, or contains an operator.
pub(super) fn is_expression(value: &str) -> bool {
    let operand = value.split(':').next().unwrap_or(value);
    let mut words = value.split('_').skip(1);
    value.trim_start_matches('-').starts_with('$')
        || is_operand(operand)
        || words.any(|word| OPERATORS.contains(&word) || matches!(word, "and" | "or"))
}

impl From<Operand> for Expression {
    fn from(operand: Operand) -> Self {
        Self(operand.0)
    }
}

impl From<&Operand> for Expression {
    fn from(operand: &Operand) -> Self {
        Self(operand.0.clone())
    }
}

impl From<VariableName> for Expression {
    fn from(name: VariableName) -> Self {
        Operand::from(name).into()
    }
}

from_numbers! { Expression: u32 i32 Number }

/// The start, the alternative or the end of a conditional block of steps.
///
/// Set each condition in a step without other parameters. If the step of an
/// [`If`](Self::If) has other parameters, the condition applies to these parameters.
///
/// ```
/// use url_signer::cloudinary::Transformation;
/// use url_signer::cloudinary::transformation::{Condition, Effect, Operand, Step};
///
/// let transformation = Transformation::new()
///     .step(Step::new().condition(Operand::FACE_COUNT.gt(1)))
///     .step(Step::new().effect(Effect::SEPIA))
///     .step(Step::new().condition(Condition::Else))
///     .step(Step::new().effect(Effect::GRAYSCALE))
///     .step(Step::new().condition(Condition::End));
/// assert_eq!(transformation.as_str(), "if_fc_gt_1/e_sepia/if_else/e_grayscale/if_end");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Condition {
    /// Applies the following steps if the expression is true.
    If(Expression),
    /// Applies the following steps if the expression is false: `else`.
    Else,
    /// Ends the conditional block: `end`.
    End,
}

impl<T: Into<Expression>> From<T> for Condition {
    fn from(expression: T) -> Self {
        Self::If(expression.into())
    }
}

impl From<Condition> for Value {
    fn from(condition: Condition) -> Self {
        match condition {
            Condition::If(Expression(value)) => value,
            Condition::Else => Self::from_static("else"),
            Condition::End => Self::from_static("end"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_written_in_call_order() {
        let [size, tag] = ["size", "tag"].map(|name| VariableName::new(name).unwrap());
        let expression = Expression::from(size)
            .mul(2)
            .sub(Number::clamped(0.5))
            .gte(Operand::INITIAL_WIDTH)
            .or(Operand::string("a, b:c").unwrap().is_in(Operand::TAGS))
            .and(Operand::context("who").unwrap().ne(&tag));
        assert_eq!(
            expression.as_str(),
            "$size_mul_2_sub_0.5_gte_iw_or_!a%252C%20b:c!_in_tags_and_ctx:!who!_ne_$tag"
        );
    }

    #[test]
    fn expressions_that_end_their_step_are_rejected() {
        for (text, error) in [
            ("", "expression is empty"),
            ("w>100", "unexpected '>' at byte 1 of the expression"),
            ("!a\tb!", "unexpected '\\t' at byte 2 of the expression"),
            (
                "tags = !a,b!",
                "unexpected ',' at byte 10 of the expression",
            ),
            ("w /2", "unexpected '/' at byte 2 of the expression"),
        ] {
            assert_eq!(Expression::parse(text).unwrap_err().to_string(), error);
            assert_eq!(text.parse::<Expression>(), Expression::parse(text));
        }
        for (text, error) in [
            ("", "string is empty"),
            ("a!", "unexpected '!' at byte 1 of the string"),
        ] {
            assert_eq!(Operand::string(text).unwrap_err().to_string(), error);
        }
    }
}
