//! The steps of a transformation, with named transformations expanded.

use url_signer::cloudinary::Transformation;
use url_signer::cloudinary::transformation::{Parameter, ParsedStep, ParsedValue};

use crate::named::NamedTransformations;
use crate::render::error::PlanError;
use crate::render::limits::Limits;

/// A step without repeated parameters.
#[derive(Clone, Debug)]
pub(super) struct Step<'a> {
    /// The parameters: the last one of each name.
    pub(super) parameters: Vec<Parameter<'a>>,
    /// True if the step is part of a named transformation.
    pub(super) is_named: bool,
}

impl<'a> Step<'a> {
    fn new(step: &ParsedStep<'a>, is_named: bool, limits: &Limits) -> Result<Self, PlanError> {
        let mut parameters: Vec<Parameter<'a>> = Vec::new();
        for (count, parameter) in step.parameters().enumerate() {
            if count >= limits.parameters {
                return Err(PlanError::TooManySteps);
            }
            parameters.retain(|earlier| earlier.name() != parameter.name());
            if !parameter.as_str().is_empty() {
                parameters.push(parameter);
            }
        }
        Ok(Self {
            parameters,
            is_named,
        })
    }

    /// Returns the first parameter whose value matches.
    pub(super) fn find(
        &self,
        mut matches: impl FnMut(&ParsedValue<'a>) -> bool,
    ) -> Option<Parameter<'a>> {
        let mut parameters = self.parameters.iter();
        parameters
            .find(|parameter| matches(&parameter.value()))
            .copied()
    }
}

/// Returns the steps. A named transformation takes the place of its parameter, before the
/// other parameters of the step.
pub(super) fn expanded<'a>(
    transformation: &'a Transformation,
    named: &'a NamedTransformations,
    limits: &Limits,
) -> Result<Vec<Step<'a>>, PlanError> {
    let mut expansion = Expansion {
        named,
        limits,
        steps: Vec::new(),
        expanded: 0,
    };
    expansion.add(transformation, 0)?;
    Ok(expansion.steps)
}

struct Expansion<'a, 'l> {
    named: &'a NamedTransformations,
    limits: &'l Limits,
    steps: Vec<Step<'a>>,
    /// The number of expanded names.
    expanded: usize,
}

impl<'a> Expansion<'a, '_> {
    fn add(&mut self, transformation: &'a Transformation, depth: usize) -> Result<(), PlanError> {
        if depth > self.limits.named_depth {
            return Err(PlanError::TooManySteps);
        }
        for step in transformation.steps() {
            let step = Step::new(&step, depth > 0, self.limits)?;
            for parameter in &step.parameters {
                let ParsedValue::Named(names) = parameter.value() else {
                    continue;
                };
                for name in names {
                    self.expanded += 1;
                    if self.expanded > self.limits.steps {
                        return Err(PlanError::TooManySteps);
                    }
                    let transformation = self
                        .named
                        .get(name)
                        .ok_or_else(|| PlanError::UnknownNamed(name.to_owned()))?;
                    self.add(transformation, depth + 1)?;
                }
            }
            if self.steps.len() >= self.limits.steps {
                return Err(PlanError::TooManySteps);
            }
            self.steps.push(step);
        }
        Ok(())
    }
}

/// Returns how many steps a conditional block or a layer at the beginning has. Without an
/// end, it is one step.
pub(super) fn block_length(steps: &[Step<'_>]) -> usize {
    let begins_condition = |step: &Step<'_>| {
        step.find(|value| matches!(value, ParsedValue::Condition(text) if !is_continuation(text)))
            .is_some()
    };
    let begins_layer = |step: &Step<'_>| {
        let is_layer =
            |value: &_| matches!(value, ParsedValue::Overlay(_) | ParsedValue::Underlay(_));
        step.find(is_layer).is_some()
    };
    let ends_condition = |step: &Step<'_>| {
        step.find(|value| matches!(value, ParsedValue::Condition("end")))
            .is_some()
    };
    let ends_layer = |step: &Step<'_>| {
        step.find(|value| {
            matches!(value, ParsedValue::Flags(flags)
                if flags.iter().any(|flag| flag.name == "layer_apply"))
        })
        .is_some()
    };
    let length = |begins: &dyn Fn(&Step<'_>) -> bool, ends: &dyn Fn(&Step<'_>) -> bool| {
        let mut depth = 0_usize;
        for (count, step) in (1..).zip(steps) {
            depth += usize::from(begins(step));
            if ends(step) {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return count;
                }
            }
        }
        1
    };
    match steps.first() {
        Some(first) if begins_condition(first) => length(&begins_condition, &ends_condition),
        Some(first) if begins_layer(first) => length(&begins_layer, &ends_layer),
        _ => 1,
    }
}

fn is_continuation(condition: &str) -> bool {
    condition == "else" || condition == "end" || condition.starts_with("else_")
}
