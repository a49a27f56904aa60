use super::macros::{newtype, numeric};
use super::normalize::normalized;
use super::{Number, TransformationError, Value, VariableName, encoding};

newtype! {
    /// One thing that expressions compare and calculate with.
    Operand
}

/// The operands that the provider knows of.
macro_rules! operands {
    ($($name:ident = $text:literal, $doc:literal;)+) => {
        impl Operand {
            $(
                #[doc = concat!("`", $text, "`: ", $doc, ".")]
                pub const $name: Self = Self(Value::from_static($text));
            )+
        }
    };
}

operands! {
    WIDTH = "w", "the width so far";
    HEIGHT = "h", "the height so far";
    ASPECT_RATIO = "ar", "the aspect ratio so far";
    INITIAL_WIDTH = "iw", "the width of the file";
    INITIAL_HEIGHT = "ih", "the height of the file";
    INITIAL_ASPECT_RATIO = "iar", "the aspect ratio of the file";
    TRIMMED_ASPECT_RATIO = "tar", "the aspect ratio without edges of one colour";
    CURRENT_PAGE = "cp", "the number of the page";
    PAGE_COUNT = "pc", "how many pages there are";
    PAGE_X = "px", "where the layer of the file begins, from the left";
    PAGE_Y = "py", "where the layer of the file begins, from above";
    FACE_COUNT = "fc", "how many faces there are";
    ILLUSTRATION_SCORE = "ils", "how likely the image is a drawing, of 1";
    TAGS = "tags", "the tags of the asset";
    DURATION = "du", "the length of a video so far, in seconds";
    INITIAL_DURATION = "idu", "the length of a video's file, in seconds";
}

impl Operand {
    /// A string: `!text!`. Several, as for tags, have `:` between them.
    ///
    /// # Errors
    ///
    /// - Nothing, or a text with `!` in it.
    pub fn string(text: &str) -> Result<Self, TransformationError> {
        TransformationError::check("string", text, |char| char != '!')?;
        Ok(Self(Value::from_valid(format!(
            "!{}!",
            encoding::text(text)
        ))))
    }

    /// The value of a key of the asset's context: `ctx:!key!`.
    ///
    /// # Errors
    ///
    /// - Nothing, or a key with `!` in it.
    pub fn context(key: &str) -> Result<Self, TransformationError> {
        let Self(key) = Self::string(key)?;
        Ok(Self(Value::from_static("ctx:").concat(&key)))
    }

    /// The value of a field of the asset's metadata: `md:!id!`.
    ///
    /// # Errors
    ///
    /// - Nothing, or an id with `!` in it.
    pub fn metadata(id: &str) -> Result<Self, TransformationError> {
        let Self(id) = Self::string(id)?;
        Ok(Self(Value::from_static("md:").concat(&id)))
    }
}

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

numeric! { Operand: u32 i32 Number }

newtype! {
    /// What is compared and calculated, for conditions, variables and values.
    ///
    /// There are no parentheses: operators stand in the order in which they are
    /// called, and the provider says which of them binds closer.
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
    /// An expression in words and signs, written as the official SDKs do:
    /// `width > 100 && tags = !a!`.
    ///
    /// Signs count as operators only before a space or `_`. Long names become
    /// short ones, also within other words, but not after `:` or within the
    /// names of variables. Runs of spaces and `_` become one `_`. What is
    /// quoted as a whole, `!…!`, stays as it is.
    ///
    /// # Errors
    ///
    /// - Nothing.
    /// - What [`Value::verbatim`] refuses of what comes out.
    pub fn parse(expression: &str) -> Result<Self, TransformationError> {
        Value::checked("expression", normalized(expression).into()).map(Self)
    }

    /// Both conditions hold.
    #[must_use]
    pub fn and(&self, other: impl Into<Self>) -> Self {
        self.joined("and", &other.into().0)
    }

    /// At least one condition holds.
    #[must_use]
    pub fn or(&self, other: impl Into<Self>) -> Self {
        self.joined("or", &other.into().0)
    }

    fn joined(&self, operator: &str, right: &Value) -> Self {
        Self(Value::from_valid(format!("{self}_{operator}_{right}")))
    }
}

/// The operators between an expression, or an operand, and another operand.
macro_rules! operators {
    ($($name:ident = $text:literal, $doc:literal;)+) => {
        impl Expression {
            $(
                #[doc = concat!("`", $text, "`: ", $doc, ".")]
                #[must_use]
                pub fn $name(&self, other: impl Into<Operand>) -> Self {
                    self.joined($text, &other.into().0)
                }
            )+
        }

        impl Operand {
            $(
                #[doc = concat!("`", $text, "`: ", $doc, ".")]
                #[must_use]
                pub fn $name(&self, other: impl Into<Self>) -> Expression {
                    Expression::from(self).joined($text, &other.into().0)
                }
            )+
        }
    };
}

operators! {
    eq = "eq", "both are equal";
    ne = "ne", "they are not equal";
    lt = "lt", "this is less";
    gt = "gt", "this is more";
    lte = "lte", "this is less or equal";
    gte = "gte", "this is more or equal";
    is_in = "in", "this is among the other";
    is_not_in = "nin", "this is not among the other";
    add = "add", "the sum";
    sub = "sub", "the difference";
    mul = "mul", "the product";
    div = "div", "the quotient";
    modulo = "mod", "what is left after division";
    pow = "pow", "the power";
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

numeric! { Expression: u32 i32 Number }

/// Where a condition begins, turns and ends.
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
    /// What follows is done if this holds.
    If(Expression),
    /// `else`: what follows is done if it does not.
    Else,
    /// `end`: what follows is done in any case.
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
    fn operators_stand_in_the_order_in_which_they_are_called() {
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
    fn an_expression_that_would_break_the_url_is_refused() {
        for (text, error) in [
            ("", "expression is empty"),
            (
                "w>100",
                "expression has '>' at byte 1, which cannot stand in it",
            ),
            (
                "!a b!",
                "expression has ' ' at byte 2, which cannot stand in it",
            ),
            (
                "tags = !a,b!",
                "expression has ',' at byte 10, which cannot stand in it",
            ),
            (
                "w /2",
                "expression has '/' at byte 2, which cannot stand in it",
            ),
        ] {
            assert_eq!(Expression::parse(text).unwrap_err().to_string(), error);
        }
        for (text, error) in [
            ("", "string is empty"),
            ("a!", "string has '!' at byte 1, which cannot stand in it"),
        ] {
            assert_eq!(Operand::string(text).unwrap_err().to_string(), error);
        }
    }
}
