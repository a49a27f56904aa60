//! Options that are valid before and after the command.

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, CommandFactory, FromArgMatches};

use crate::options::Arguments;

/// Parses the arguments of the program. Exits if they are invalid.
pub(crate) fn parse() -> Arguments {
    let mut command = command();
    let parsed = command
        .try_get_matches_from_mut(std::env::args_os())
        .and_then(|matches| {
            check_unused(&mut command, &matches)?;
            Arguments::from_arg_matches(&matches)
        });
    parsed.unwrap_or_else(|error| error.exit())
}

/// Returns the command line with hidden options in the commands that do not use them.
///
/// A global option is valid in every command. The hidden options keep it out of the
/// help of the commands that do not use it.
fn command() -> Command {
    let mut command = Arguments::command();
    let globals: Vec<Arg> = command
        .get_arguments()
        .filter(|option| option.is_global_set())
        .cloned()
        .collect();
    for subcommand in command.get_subcommands_mut() {
        let unused: Vec<Arg> = globals
            .iter()
            .filter(|global| {
                let mut used = subcommand.get_arguments();
                used.all(|option| option.get_id() != global.get_id())
            })
            .map(|global| global.clone().hide(true))
            .collect();
        *subcommand = std::mem::take(subcommand).args(unused);
    }
    command
}

/// Rejects an option that the command does not use.
fn check_unused(command: &mut Command, matches: &ArgMatches) -> Result<(), clap::Error> {
    let Some((name, used)) = matches.subcommand() else {
        return Ok(());
    };
    let unused = command
        .find_subcommand(name)
        .into_iter()
        .flat_map(Command::get_arguments)
        .filter(|option| option.is_hide_set())
        .find(|option| {
            used.value_source(option.get_id().as_str()) == Some(ValueSource::CommandLine)
        })
        .map(|option| format!("the command `{name}` has no option `{option}`"));
    unused.map_or(Ok(()), |message| {
        Err(command.error(ErrorKind::ArgumentConflict, message))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        command().debug_assert();
    }
}
