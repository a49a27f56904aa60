//! Changes to the steps and the parameters of a transformation.

use super::collector::Collector;
use crate::cloudinary::Transformation;
use crate::cloudinary::explain::change::Change;
use crate::cloudinary::explain::redact::redact;
use crate::cloudinary::transformation::Steps;

/// The maximum number of parameters whose orders are all tried.
const MAX_PARAMETERS: usize = 5;

/// Changes to the transformation as a whole.
pub(super) fn whole(changes: &mut Collector<'_>) {
    let parts = changes.parts;
    changes.add(Change::TransformationAdded, parts.with_steps(""));
    if let Ok(transformation) = Transformation::verbatim(&parts.steps) {
        let sorted = transformation.sorted();
        changes.add(Change::Reordered, parts.with_steps(sorted.as_str()));
    }
}

/// Removes one step, starting with the first and the last.
pub(super) fn added(changes: &mut Collector<'_>) {
    let parts = changes.parts;
    let steps: Vec<_> = Steps::new(&parts.steps).map(|step| step.as_str()).collect();
    for index in ends_first(steps.len()) {
        if changes.is_full() {
            return;
        }
        let mut others = steps.clone();
        let step = others.remove(index);
        let change = Change::StepAdded(redact(step));
        changes.add(change, parts.with_steps(others.join("/")));
    }
}

/// Removes one parameter of a step that has several.
pub(super) fn parameters_added(changes: &mut Collector<'_>) {
    for_each_step(changes, |changes, parameters, rebuild| {
        for place in 0..parameters.len() {
            if changes.is_full() || parameters.len() < 2 {
                return;
            }
            let mut others = parameters.to_vec();
            let parameter = others.remove(place);
            let change = Change::ParameterAdded(redact(parameter));
            let steps = rebuild(&others.join(","));
            changes.add(change, changes.parts.with_steps(steps));
        }
    });
}

/// Tries all orders of the parameters of one step.
pub(super) fn reordered(changes: &mut Collector<'_>) {
    for_each_step(changes, |changes, parameters, rebuild| {
        if !(2..=MAX_PARAMETERS).contains(&parameters.len()) {
            return;
        }
        for order in permutations(parameters) {
            let steps = rebuild(&order.join(","));
            changes.add(Change::Reordered, changes.parts.with_steps(steps));
        }
    });
}

/// Calls a function with the parameters of each step, and with a function that returns
/// the transformation with another text of the step.
fn for_each_step<'a>(
    changes: &mut Collector<'a>,
    mut call: impl FnMut(&mut Collector<'a>, &[&'a str], &dyn Fn(&str) -> String),
) {
    let steps = &*changes.parts.steps;
    let mut start = 0;
    for step in Steps::new(steps) {
        if changes.is_full() {
            return;
        }
        let end = start + step.as_str().len();
        let before = steps.get(..start).unwrap_or_default();
        let after = steps.get(end..).unwrap_or_default();
        let parameters: Vec<&str> = step.parameters().map(|text| text.as_str()).collect();
        call(changes, &parameters, &|step| [before, step, after].concat());
        start = end + 1;
    }
}

/// The last step is the likeliest addition, then the first.
fn ends_first(count: usize) -> impl Iterator<Item = usize> {
    (0..count).rev().take(1).chain(0..count.saturating_sub(1))
}

fn permutations<'a>(items: &[&'a str]) -> Vec<Vec<&'a str>> {
    let Some((first, rest)) = items.split_first() else {
        return vec![Vec::new()];
    };
    let mut all = Vec::new();
    for order in permutations(rest) {
        for at in 0..=order.len() {
            let mut order = order.clone();
            order.insert(at, *first);
            all.push(order);
        }
    }
    all
}
