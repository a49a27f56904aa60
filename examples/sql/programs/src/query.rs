//! Runs the statements of an SQL text.

use std::io::Write;

use anyhow::{Context, Result};
use datafusion::logical_expr::{LogicalPlan, logical_plan as plan};
use datafusion::physical_plan::execute_stream;
use datafusion::prelude::SessionContext;
use datafusion::sql::parser::{DFParser, Statement};
use datafusion::sql::sqlparser::dialect::GenericDialect;

use crate::arguments::SchedulerAddress;
use crate::output::Output;
use crate::progress::Progress;
use crate::stores::without_secrets;

/// Runs all statements and writes their results, and returns whether all rows are written.
/// Nothing runs if the syntax of a statement is invalid.
///
/// # Errors
///
/// The first statement that fails. Its number is part of the error if there are several.
pub async fn run<W: Write>(
    session: &SessionContext,
    sql: &str,
    scheduler: Option<&SchedulerAddress>,
    output: &mut Output<W>,
) -> Result<bool> {
    let statements = DFParser::parse_sql_with_dialect(sql, &GenericDialect {})?;
    anyhow::ensure!(!statements.is_empty(), "the query is empty");
    let several = statements.len() > 1;
    let mut is_complete = true;
    for (number, statement) in (1..).zip(statements) {
        let written = run_statement(session, statement, scheduler, output).await;
        is_complete &= if several {
            written.with_context(|| format!("statement {number}"))?
        } else {
            written?
        };
    }
    Ok(is_complete)
}

/// `DataFusion` would read the format of the file from the query of its URL, and print it.
fn check_target(target: &str) -> Result<()> {
    let url = without_secrets(target);
    anyhow::ensure!(
        url.len() == target.len(),
        "{url}: a URL that COPY writes to has no user, query or fragment"
    );
    Ok(())
}

async fn run_statement<W: Write>(
    session: &SessionContext,
    statement: Statement,
    scheduler: Option<&SchedulerAddress>,
    output: &mut Output<W>,
) -> Result<bool> {
    if let Statement::CopyTo(copy) = &statement {
        check_target(&copy.target)?;
    }
    let plan = session.state().statement_to_plan(statement).await?;
    let has_rows = match &plan {
        LogicalPlan::Ddl(_) => false,
        LogicalPlan::Statement(statement) => matches!(statement, plan::Statement::Execute(_)),
        _ => true,
    };
    let copied = match &plan {
        LogicalPlan::Copy(copy) => Some(copy.output_url.clone()),
        _ => None,
    };
    // This runs statements such as `SET`, and prepares the others.
    let rows = session.execute_logical_plan(plan).await?;
    if !has_rows {
        return Ok(true);
    }
    let context = std::sync::Arc::new(rows.task_ctx());
    let plan = rows.create_physical_plan().await?;
    let progress = Progress::start(&plan, scheduler)?;
    let rows = execute_stream(plan, context)?;
    // A line of the progress would be in the middle of the rows.
    let result = output.write(rows, || progress.hide()).await;
    progress.hide();
    match copied {
        Some(path) => result.with_context(|| format!("cannot write {}", without_secrets(&path))),
        None => result,
    }
}
