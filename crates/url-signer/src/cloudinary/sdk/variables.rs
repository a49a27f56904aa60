//! User-defined variables: options such as `$size`, and `variables`.

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
/// refers to, because a map need not keep the order of its entries.
fn in_dependency_order(map: &Map<String, Json>) -> Result<Vec<String>, SdkError> {
    let mut remaining = Vec::new();
    for (name, value) in map {
        remaining.push((name, text(OPTION, value)?, variable(name, value)?));
    }
    let mut ordered = Vec::new();
    while !remaining.is_empty() {
        let is_next = |(name, value, _): &(&String, String, String)| {
            let mut others = remaining.iter().filter(|(other, ..)| other != name);
            !others.any(|(other, ..)| refers_to(value, other))
        };
        let next = remaining.iter().position(is_next).ok_or(expected(
            OPTION,
            "variables that do not refer to each other in a circle",
        ))?;
        ordered.push(remaining.remove(next).2);
    }
    Ok(ordered)
}

/// Returns whether a value contains the name of a variable.
fn refers_to(value: &str, name: &str) -> bool {
    value.match_indices(name).any(|(position, _)| {
        let after = value.get(position + name.len()..).unwrap_or_default();
        !after.starts_with(|char: char| char.is_ascii_alphanumeric())
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
