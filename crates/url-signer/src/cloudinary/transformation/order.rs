//! The order of parameters within a step, as written by the official SDKs.

use super::steps::{Parameter, ParsedStep, Steps};

/// The sort key of a parameter.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank<'a> {
    Condition,
    Variable(&'a str),
    Parameter(&'a str),
    /// Not a name and a value. Such parts stay in their original order.
    Unknown,
}

impl<'a> Rank<'a> {
    fn of(parameter: Parameter<'a>) -> Self {
        let (name, value) = (parameter.name(), parameter.raw_value());
        let parameter = parameter.as_str();
        let lower_case = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase());
        match name.strip_prefix('$') {
            _ if name.is_empty() || value.is_empty() => Self::Unknown,
            Some(_) => Self::Variable(parameter),
            None if name == "if" => Self::Condition,
            None if lower_case(name) => Self::Parameter(parameter),
            None => Self::Unknown,
        }
    }
}

/// Sorts the parameters of each step.
///
/// A step with `//` stays unchanged because it contains a URL.
pub(super) fn sorted(steps: &str) -> String {
    let mut sorted = String::with_capacity(steps.len());
    for (index, step) in Steps::new(steps).enumerate() {
        if index > 0 {
            sorted.push('/');
        }
        if step.as_str().contains("//") {
            sorted.push_str(step.as_str());
        } else {
            push_sorted(&mut sorted, step);
        }
    }
    sorted
}

fn push_sorted(sorted: &mut String, step: ParsedStep<'_>) {
    let mut parameters: Vec<_> = step.parameters().collect();
    parameters.sort_by(|one, other| Rank::of(*one).cmp(&Rank::of(*other)));
    for (index, parameter) in parameters.into_iter().enumerate() {
        if index > 0 {
            sorted.push(',');
        }
        sorted.push_str(parameter.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_and_variables_come_first() {
        for (steps, expected) in [
            ("", ""),
            ("w_1,h_2,c_fit", "c_fit,h_2,w_1"),
            ("dn_1,d_2,dl_3,dpr_4", "d_2,dl_3,dn_1,dpr_4"),
            (
                "w_1,$b_2,$a_$b,$a1_3,if_w_gt_1",
                "if_w_gt_1,$a1_3,$a_$b,$b_2,w_1",
            ),
            ("w_1,a_2/y_3,x_4", "a_2,w_1/x_4,y_3"),
        ] {
            assert_eq!(sorted(steps), expected);
        }
    }

    #[test]
    fn unknown_parts_come_last_in_original_order() {
        for (steps, expected) in [
            ("w_1,,h_2", "h_2,w_1,"),
            (",,", ",,"),
            ("v1,zz,_5,w_1,$,a_,Foo_1,h_2", "h_2,w_1,v1,zz,_5,$,a_,Foo_1"),
            ("w_1,l_x:http://b,a/y_1,x_1", "w_1,l_x:http://b,a/x_1,y_1"),
        ] {
            assert_eq!(sorted(steps), expected);
        }
    }
}
