//! Real clusters through the real program: what a learner does to nodes, shells and attempts.

use std::process::ExitCode;

#[cfg(test)]
mod attempts;
#[cfg(test)]
mod containers;
#[cfg(test)]
#[path = "../common/disk.rs"]
mod disk;
#[cfg(test)]
mod disks;
#[cfg(test)]
mod doctor;
#[cfg(test)]
mod ends;
#[cfg(test)]
mod groups;
#[cfg(test)]
mod hosting;
#[cfg(test)]
mod hosts;
#[cfg(test)]
mod interruptions;
#[cfg(test)]
mod learner;
#[cfg(test)]
mod lessons;
#[cfg(test)]
#[path = "../common/live.rs"]
mod live;
#[cfg(test)]
mod neighbours;
#[cfg(test)]
mod nodes;
#[cfg(test)]
#[path = "../common/onlooker.rs"]
mod onlooker;
#[cfg(test)]
mod overview;
#[cfg(test)]
mod own;
#[cfg(test)]
mod ports;
#[cfg(test)]
#[path = "../cli/program.rs"]
#[expect(dead_code, reason = "what the command line's own tests use of it")]
mod program;
#[cfg(test)]
mod programs;
#[cfg(test)]
#[path = "../common/pty.rs"]
mod pty;
#[cfg(test)]
mod rounds;
#[cfg(test)]
mod screen;
#[cfg(test)]
mod shell;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod start;
#[cfg(test)]
mod switch;
#[cfg(test)]
mod tour;
#[cfg(test)]
mod zookeeper;

use kafka_workbook::engine::cluster::EngineKind;
use live::Test;

/// What a test does on an engine.
type Act = fn(EngineKind);

/// A test by its name.
type Named = (&'static str, Act);

macro_rules! tests {
    ($($module:ident::$test:ident),* $(,)?) => {
        vec![$((concat!(stringify!($module), "::", stringify!($test)), $module::$test as Act)),*]
    };
}

/// On each engine.
fn on_each() -> Vec<Named> {
    tests![
        nodes::a_node_that_is_paused_killed_or_stopped_keeps_its_data_and_the_points,
        attempts::a_reset_begins_anew_and_keeps_the_best_score_and_the_files,
        rounds::a_change_shows_in_the_very_next_round,
        groups::looking_for_groups_changes_nothing,
        groups::a_classic_group_is_told_while_it_lives_and_after_it_left,
        groups::a_consumer_group_is_told_while_it_lives_and_after_it_left,
        shell::a_command_gets_its_words_its_input_and_its_exit_code_through,
        shell::a_tool_leaves_the_input_that_it_does_not_read,
        shell::a_tool_reads_and_writes_the_learners_files,
        shell::a_consumer_whose_reader_goes_away_leaves_its_group,
        shell::ctrl_c_ends_a_consumer_cleanly,
        shell::every_tool_starts,
        start::a_start_that_is_called_off_leaves_nothing,
        start::what_a_killed_start_has_left_goes_with_the_next_command,
        start::a_node_that_cannot_run_says_why_and_leaves_nothing,
        start::a_port_that_is_taken_moves_the_whole_block,
        ports::a_port_that_is_taken_while_a_node_starts_moves_the_block,
        ports::a_start_without_ports_leaves_the_cluster_that_runs,
        ends::a_node_that_is_killed_while_it_starts_is_no_riddle,
        ends::a_start_that_cannot_be_recorded_leaves_nothing,
        neighbours::down_all_leaves_nothing_of_this_home_and_touches_no_other,
        hosting::a_change_of_a_verdict_is_told_as_it_happens,
        hosting::a_watch_ends_with_the_code_of_its_last_verdicts,
        overview::what_a_learner_does_shows_beside_the_lab,
        overview::what_is_done_to_nodes_shows_beside_the_lab,
        screen::a_lab_is_worked_through_at_the_screen,
        interruptions::a_screen_that_was_killed_comes_back_to_the_same_attempt,
        interruptions::a_start_is_called_off_by_a_key,
        ends::a_node_that_is_killed_while_it_starts_is_told_on_the_screen,
        ends::a_node_that_is_killed_behind_the_screen_can_be_brought_back,
        programs::a_program_is_run_from_start_to_start_and_graded,
        learner::a_cluster_of_the_learners_is_found_and_told_from_one_that_is_not_there,
        learner::another_attempt_finds_nothing_of_the_one_before,
        lessons::a_lesson_that_shows_what_kafka_prints_holds,
        lessons::what_a_lesson_shows_and_kafka_does_not_is_told_at_its_line,
        lessons::a_gate_that_is_called_off_in_a_lesson_leaves_nothing,
        tour::a_tour_fails_then_passes_and_touches_nothing_of_the_learners,
        tour::a_tour_that_is_called_off_at_any_moment_leaves_nothing,
        tour::what_a_tour_that_was_killed_has_left_is_found_and_cured,
        doctor::a_cluster_that_runs_is_well_and_one_that_was_killed_is_told,
        doctor::what_nothing_is_written_down_of_is_told_with_its_cure,
    ]
}

/// On each engine, in `ZooKeeper` mode.
fn with_zookeeper() -> Vec<Named> {
    tests![
        zookeeper::what_happens_to_zookeeper_or_its_broker_costs_no_points,
        zookeeper::two_clusters_with_zookeeper_live_side_by_side,
        zookeeper::a_topic_that_was_altered_is_told_from_one_that_was_made_again,
    ]
}

/// What runs beside a cluster does not depend on its engine.
fn on_jvm() -> Vec<Named> {
    tests![
        ports::a_port_of_the_other_localhost_moves_the_block,
        ports::a_port_that_the_file_names_itself_is_told_with_what_helps,
        ends::a_node_whose_data_are_gone_says_how_to_begin_anew,
        ends::a_node_whose_folder_is_gone_goes_with_the_cluster,
        ends::a_stranger_with_a_nodes_file_is_left_alone,
        ends::a_home_in_any_script_needs_no_locale,
        hosting::a_watch_ends_with_the_attempt_that_another_start_ends,
        hosting::a_watch_whose_reader_goes_away_ends,
        hosts::what_several_hosts_see_is_written_down_once,
        programs::what_cannot_be_run_is_told_before_anything_starts,
        programs::a_program_that_fails_is_the_last_one,
        programs::a_program_that_does_not_stop_is_killed_with_all_that_it_started,
        programs::a_program_behind_a_script_gets_its_signal_and_its_time,
        programs::ctrl_c_stops_the_program_and_starts_no_other,
        programs::a_program_whose_attempt_ends_is_stopped,
        screen::a_lab_reads_in_either_language_while_it_goes_on,
        interruptions::a_node_that_does_not_answer_holds_up_no_key,
        interruptions::a_start_that_the_end_of_the_program_cuts_off_leaves_nothing,
        interruptions::a_start_that_lost_its_terminal_is_tidied_up_by_the_next,
        interruptions::a_signal_while_the_shell_has_the_terminal_ends_both,
        interruptions::a_shell_that_is_killed_leaves_a_workbook_that_can_be_used,
        interruptions::what_is_done_in_another_terminal_shows,
    ]
}

/// What only containers have.
fn in_containers() -> Vec<Named> {
    tests![
        containers::everything_is_labelled_and_open_to_this_machine_only,
        containers::a_file_that_publishes_to_the_network_is_bound_to_loopback,
        containers::a_path_of_the_host_begins_where_the_file_lies,
        containers::a_node_that_met_a_busy_port_gets_its_ports_back,
        containers::what_is_removed_behind_its_back_comes_back_with_its_data,
        containers::a_tool_that_was_killed_goes_with_the_cluster,
        containers::tools_work_on_the_projects_network_too,
        containers::what_is_not_written_down_goes_by_its_label,
        containers::an_image_that_is_not_to_be_had_leaves_nothing,
        containers::the_compose_file_runs_by_itself,
        learner::what_docker_has_started_from_the_workspace_is_found_and_goes_with_the_lab,
        doctor::a_docker_that_reaches_nobody_is_told_by_the_reason,
        switch::a_lab_moves_from_one_engine_to_the_other,
        switch::what_an_engine_out_of_reach_keeps_is_removed_when_it_is_back,
    ]
}

/// Where an engine keeps its data is the machine's to say; on jvm it is the home.
fn on_each_disk() -> Vec<Named> {
    tests![disks::too_little_room_is_told_while_the_cluster_still_runs]
}

/// On disks of a size that is given.
fn on_disks() -> Vec<Named> {
    tests![
        disks::room_that_the_next_start_makes_counts,
        disks::a_disk_that_takes_no_more_files_is_told,
        disks::a_disk_that_fills_while_a_node_starts_is_told_as_such,
        disks::a_disk_that_fills_while_a_node_starts_is_told_on_the_screen,
        disks::what_a_full_disk_does_not_take_can_be_repeated,
        disks::what_a_full_disk_does_not_take_is_told_on_the_screen,
        disks::a_cache_without_room_for_kafka_is_told,
        disks::a_cache_that_is_nearly_full_costs_no_cluster,
    ]
}

fn main() -> ExitCode {
    let each = live::ENGINES.into_iter().flat_map(|engine| named(engine, &on_each()));
    let zookeeper = live::ENGINES.into_iter().flat_map(|engine| named(engine, &with_zookeeper()));
    let zookeeper =
        zookeeper.map(|test| Test { environment: zookeeper::ENVIRONMENT.to_owned(), ..test });
    let jvm = named(EngineKind::Jvm, &on_jvm());
    let containers = named(EngineKind::Containers, &in_containers());
    let disks = live::ENGINES.into_iter().flat_map(|engine| named(engine, &on_each_disk()));
    let disks = disks
        .chain(named(EngineKind::Jvm, &on_disks()))
        .map(|test| Test { obstacle: disk::Disk::obstacle(), ..test });
    live::run(each.chain(zookeeper).chain(jvm).chain(containers).chain(disks).collect())
}

fn named(engine: EngineKind, tests: &[Named]) -> Vec<Test> {
    let test = |(name, act): &(&str, Act)| {
        let act = *act;
        Test {
            name: format!("{engine}::{name}"),
            engine,
            environment: stage::ENVIRONMENT.to_owned(),
            obstacle: None,
            run: Box::new(move || {
                act(engine);
                Ok(())
            }),
        }
    };
    tests.iter().map(test).collect()
}
