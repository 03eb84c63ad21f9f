//! Real clusters through the real program: what a learner does to nodes, shells and attempts.

use std::process::ExitCode;

#[cfg(test)]
mod attempts;
#[cfg(test)]
#[path = "../common/live.rs"]
mod live;
#[cfg(test)]
mod neighbours;
#[cfg(test)]
mod nodes;
#[cfg(test)]
#[path = "../cli/program.rs"]
mod program;
#[cfg(test)]
mod rounds;
#[cfg(test)]
mod shell;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod start;

use live::Test;

macro_rules! tests {
    ($($module:ident::$test:ident),* $(,)?) => {
        vec![$((concat!(stringify!($module), "::", stringify!($test)), $module::$test as fn())),*]
    };
}

fn main() -> ExitCode {
    let tests: Vec<(&str, fn())> = tests![
        nodes::a_node_that_is_paused_killed_or_stopped_keeps_its_data_and_the_points,
        attempts::a_reset_begins_anew_and_keeps_the_best_score_and_the_files,
        rounds::a_change_shows_in_the_very_next_round,
        shell::a_command_gets_its_words_its_input_and_its_exit_code_through,
        shell::ctrl_c_ends_a_consumer_cleanly,
        shell::every_tool_starts,
        start::a_start_that_is_called_off_leaves_nothing,
        start::what_a_killed_start_has_left_goes_with_the_next_command,
        start::a_port_that_is_taken_moves_the_whole_block,
        neighbours::down_all_leaves_nothing_of_this_home_and_touches_no_other,
    ];
    live::run(tests.into_iter().map(|(name, test)| on_jvm(name, test)).collect())
}

fn on_jvm(name: &str, test: fn()) -> Test {
    Test {
        name: format!("jvm::{name}"),
        environment: stage::ENVIRONMENT.to_owned(),
        run: Box::new(move || {
            test();
            Ok(())
        }),
    }
}
