//! Error messages for people.

use std::error::Error;
use std::iter::successors;

/// Formats an error and its sources, each message once.
///
/// Some dependencies, such as `sqlx`, repeat the message of the source in the
/// message of the error.
pub(crate) fn report(error: &(dyn Error + 'static)) -> String {
    let mut report = String::new();
    for error in successors(Some(error), |&error| error.source()) {
        let message = error.to_string();
        if report.is_empty() {
            report = message;
        } else if !report.ends_with(&message) {
            report.push_str(": ");
            report.push_str(&message);
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use std::io;

    use crate::store::{DatabaseError, StoreError};

    use super::*;

    #[test]
    fn each_message_of_a_chain_is_reported_once() {
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        let error = StoreError::from(DatabaseError::from(sqlx::Error::from(reset)));
        assert_eq!(
            report(&error),
            "the database is not available: error communicating with database: connection reset"
        );
        let error = anyhow::anyhow!("row 7").context("invalid record");
        assert_eq!(report(error.as_ref()), "invalid record: row 7");
    }
}
