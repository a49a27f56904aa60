//! User-defined variables: options such as `$size`, and `variables`.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::mem;

use serde_json::{Map, Value as Json};

use super::error::SdkError;
use super::json::{expected, text};
use super::values::expression;
use crate::cloudinary::transformation::Value;

/// Returns the variables `$…`, sorted by name, then `variables` in their order.
pub(super) fn variables(options: &Map<String, Json>) -> Result<Vec<String>, SdkError> {
    let mut variables = options
        .iter()
        .filter(|(option, value)| option.starts_with('$') && !value.is_null())
        .map(|(name, value)| variable(name, value).map_err(|error| error.in_option(name)))
        .collect::<Result<Vec<_>, _>>()?;
    variables.sort();
    let unexpected = || {
        expected(
            OPTION,
            "a list of pairs of a name and a value, or a map of values by name",
        )
    };
    match options.get(OPTION) {
        None | Some(Json::Null) => {}
        Some(Json::Array(all)) => {
            for one in all {
                variables.push(match one {
                    // The SDK for Java passes each variable as text.
                    Json::String(text) if text.starts_with('$') => expression(text)?,
                    Json::Array(pair) => match pair.as_slice() {
                        [Json::String(name), value] => variable(name, value)?,
                        _ => return Err(unexpected()),
                    },
                    _ => return Err(unexpected()),
                });
            }
        }
        Some(Json::Object(map)) => variables.extend(in_dependency_order(map)?),
        Some(_) => return Err(unexpected()),
    }
    Ok(variables)
}

const OPTION: &str = "variables";

fn variable(name: &str, value: &Json) -> Result<String, SdkError> {
    let name = Value::verbatim(name)?;
    let value = expression(&text(OPTION, value)?)?;
    Ok(format!("{name}_{value}"))
}

/// Returns the variables of a map. Each variable follows the variables that its value
/// refers to, because a map need not keep the order of its entries. Of several variables
/// that could be next, the first one in the map is next.
fn in_dependency_order(map: &Map<String, Json>) -> Result<Vec<String>, SdkError> {
    let indices: HashMap<&str, usize> = map.keys().map(|name| &**name).zip(0..).collect();
    let mut texts = Vec::new();
    // The number of variables that each variable waits for, and the variables that wait
    // for each variable.
    let mut pending = Vec::new();
    let mut dependents: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, (name, value)) in map.iter().enumerate() {
        texts.push(variable(name, value)?);
        let value = text(OPTION, value)?;
        let referenced = references(&value).filter_map(|name| indices.get(name));
        let others: HashSet<usize> = referenced.copied().filter(|at| *at != index).collect();
        pending.push(others.len());
        for other in others {
            dependents.entry(other).or_default().push(index);
        }
    }
    let none_pending = pending.iter().enumerate().filter(|(_, count)| **count == 0);
    let mut ready: BTreeSet<usize> = none_pending.map(|(index, _)| index).collect();
    let mut ordered = Vec::new();
    while let Some(index) = ready.pop_first() {
        ordered.extend(texts.get_mut(index).map(mem::take));
        for dependent in dependents.remove(&index).unwrap_or_default() {
            if let Some(count) = pending.get_mut(dependent) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.insert(dependent);
                }
            }
        }
    }
    if ordered.len() < texts.len() {
        return Err(expected(
            OPTION,
            "variables that do not refer to each other in a circle",
        ));
    }
    Ok(ordered)
}

/// Returns the names of variables in a value: `$` and ASCII letters and digits.
fn references(value: &str) -> impl Iterator<Item = &str> {
    value.match_indices('$').filter_map(|(start, _)| {
        let text = value.get(start..)?;
        let name = text.get(1..)?;
        let length = name.find(|char: char| !char.is_ascii_alphanumeric());
        text.get(..length.map_or(text.len(), |length| length + 1))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(json: &Json) -> Result<String, String> {
        let variables = variables(json.as_object().unwrap());
        variables
            .map(|variables| variables.join(","))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_map_is_written_in_dependency_order() {
        for (map, expected) in [
            (json!({ "$b": 1, "$a": 2 }), "$b_1,$a_2"),
            (json!({ "$foo": "$z * 2", "$z": 5 }), "$z_5,$foo_$z_mul_2"),
            (
                json!({ "$c": "$b + $a", "$b": "$a", "$ab": "$c", "$a": "$a + 1" }),
                "$a_$a_add_1,$b_$a,$c_$b_add_$a,$ab_$c",
            ),
            (json!({ "$a": "$ab", "$b": 1 }), "$a_$ab,$b_1"),
            (json!({}), ""),
        ] {
            assert_eq!(of(&json!({ "variables": map })).unwrap(), expected);
        }
    }

    /// 3,000 variables in the worst order.
    #[test]
    fn long_chains_are_ordered() {
        let name = |number: u32| format!("$v{number}");
        let map: Map<_, _> = (0..3_000)
            .map(|number| (name(number), name(number + 1).into()))
            .collect();
        let expected: Vec<_> = (0..3_000)
            .rev()
            .map(|number| format!("{}_{}", name(number), name(number + 1)))
            .collect();
        assert_eq!(
            of(&json!({ "variables": map })).unwrap(),
            expected.join(",")
        );
    }

    #[test]
    fn other_forms_are_lists() {
        for (list, expected) in [
            (json!([["$z", 5], ["$a", "$z * 2"]]), Ok("$z_5,$a_$z_mul_2")),
            (json!(["$z_5", "$a_$z_mul_2"]), Ok("$z_5,$a_$z_mul_2")),
            (
                json!(["z_5"]),
                Err("a list of pairs of a name and a value, or a map of values by name"),
            ),
            (
                json!("$z_5"),
                Err("a list of pairs of a name and a value, or a map of values by name"),
            ),
            (
                json!({ "$a": "$b", "$b": "$a" }),
                Err("variables that do not refer to each other in a circle"),
            ),
        ] {
            let expected = expected
                .map(str::to_owned)
                .map_err(|text| format!("invalid option `variables`: expected {text}"));
            assert_eq!(of(&json!({ "variables": list })), expected);
        }
    }
}
