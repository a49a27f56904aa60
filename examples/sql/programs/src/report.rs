//! Error messages for people.

use std::error::Error;
use std::iter::successors;
use std::str::Chars;

use datafusion::error::DataFusionError;

/// Formats an error and its sources, each message once.
///
/// The errors of `DataFusion`, Arrow and Ballista repeat the message of the source at the
/// end of their own.
pub fn report(error: &(dyn Error + 'static)) -> String {
    let mut report = String::new();
    for error in successors(Some(error), |&error| error.source()) {
        let message = own_message(error);
        let message = message.trim().trim_end_matches(':');
        if message.is_empty() || report.contains(message) {
            continue;
        }
        if !report.is_empty() {
            report.push_str(": ");
        }
        report.push_str(message);
    }
    match failed_task(&report) {
        Some(report) => report,
        None => report,
    }
}

/// Returns the message of an error without that of its source.
fn own_message(error: &(dyn Error + 'static)) -> String {
    let known = error.downcast_ref::<DataFusionError>();
    if let Some(error) = known {
        match error {
            DataFusionError::Context(context, _) => return context.clone(),
            DataFusionError::Collection(errors) => {
                let errors = errors.iter().map(|error| report(error));
                return errors.collect::<Vec<_>>().join("; ");
            }
            _ if error.source().is_some() => return String::new(),
            _ => return error.message().into_owned(),
        }
    }
    let message = error.to_string();
    let Some(source) = error.source() else {
        return message;
    };
    match message.strip_suffix(&source.to_string()) {
        Some(own) => own.to_owned(),
        None => message,
    }
}

/// Returns the message of a failed task of a cluster in plain text.
///
/// A scheduler reports `…: DataFusionError(…Execution("…")…)`, with escapes.
fn failed_task(report: &str) -> Option<String> {
    let (before, error) = report.split_once("DataFusionError(")?;
    let (_, after) = error.split_once("Execution(\"")?;
    let mut message = String::new();
    let mut characters = after.chars();
    loop {
        match characters.next()? {
            '"' => break,
            '\\' => message.push(escaped(&mut characters)?),
            character => message.push(character),
        }
    }
    let before = before.trim_end().trim_end_matches(':');
    Some(format!("{before}: {message}"))
}

/// Reads what follows the `\` of an escape of [`str::escape_debug`].
fn escaped(characters: &mut Chars<'_>) -> Option<char> {
    Some(match characters.next()? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '0' => '\0',
        'u' => {
            let (digits, after) = characters.as_str().strip_prefix('{')?.split_once('}')?;
            *characters = after.chars();
            char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
        }
        character => character,
    })
}

#[cfg(test)]
mod tests {
    use std::io;

    use datafusion::arrow::error::ArrowError;

    use super::*;

    #[test]
    fn each_message_of_a_chain_is_reported_once() {
        let missing = || io::Error::new(io::ErrorKind::NotFound, "no such file");
        let cases = [
            (DataFusionError::IoError(missing()), "no such file"),
            (DataFusionError::External(missing().into()), "no such file"),
            (
                DataFusionError::from(missing()).context("images.csv"),
                "images.csv: no such file",
            ),
            (DataFusionError::Plan("no table".into()), "no table"),
            (
                DataFusionError::from(ArrowError::from_external_error(missing().into())),
                "External error: no such file",
            ),
            (
                DataFusionError::Collection(vec![
                    DataFusionError::Plan("first".into()),
                    DataFusionError::Plan("second".into()),
                ]),
                "first; second",
            ),
        ];
        for (error, expected) in cases {
            assert_eq!(report(&error), expected);
            let error = anyhow::Error::from(error).context("statement 2");
            assert_eq!(report(error.as_ref()), format!("statement 2: {expected}"));
        }
    }

    #[test]
    fn messages_of_failed_tasks_have_no_escapes() {
        let task = r#"Job a1 failed: Task failed: DataFusionError(Execution("row 3: \"a\\b\""))"#;
        let error = DataFusionError::Execution(task.to_owned());
        assert_eq!(
            report(&error),
            r#"Job a1 failed: Task failed: row 3: "a\b""#
        );
        let message = "a\tb\r\n\0c\u{7f}'\u{200b}\u{e000}é\"\\u{41}";
        let task = format!("Task failed: DataFusionError(Execution({message:?}))");
        let error = DataFusionError::Execution(task);
        assert_eq!(report(&error), format!("Task failed: {message}"));
        let error = DataFusionError::Execution("DataFusionError(Execution(\"cut".to_owned());
        assert_eq!(report(&error), "DataFusionError(Execution(\"cut");
    }
}
