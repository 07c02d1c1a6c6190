"""The doctor's rules, a file a noun: each check is a small generator that bears the number of its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.upkeep.examination.checks import (
    audit,
    certificates,
    councils,
    data,
    deadlines,
    files,
    histories,
    host,
    letters,
    papers,
    plans,
    stopped,
    units,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocop_workflow.upkeep.examination.findings import Finding
    from ocop_workflow.upkeep.examination.snapshot import Snapshot

#: every check with the number of its rule; the first decides whether the others can read anything at all
CHECKS: tuple[tuple[int, Callable[[Snapshot], Iterator[Finding]]], ...] = (
    (28, host.schema_is_ours),
    (28, host.schema_is_as_described),
    (29, host.settings_are_live),
    (26, data.pages_are_whole),
    (26, data.references_lead_somewhere),
    (1, plans.plans_are_readable),
    (1, histories.states_exist),
    (1, histories.steps_name_their_regulation),
    (2, histories.histories_have_no_gap),
    (3, histories.histories_lead_to_the_record),
    (4, histories.steps_are_legal),
    (4, audit.steps_are_dated_as_audited),
    (5, histories.steps_met_their_needs),
    (6, certificates.certificates_run_as_long_as_they_may),
    (8, deadlines.flags_tell_the_truth),
    (9, deadlines.deadlines_are_those_wanted),
    (9, deadlines.activities_have_their_rule),
    (9, deadlines.communes_are_told),
    (13, host.sweep_is_fresh),
    (13, host.sweep_is_not_held),
    (13, host.next_year_is_prepared),
    (13, host.clock_is_not_behind),
    (14, letters.ledger_balances),
    (15, letters.letters_are_what_they_were),
    (16, letters.attempts_are_counted),
    (17, letters.letters_move_on),
    (17, stopped.letters_leave),
    (17, stopped.letters_given_up_are_seen_to),
    (18, letters.letters_bear_out_their_state),
    (33, letters.units_are_told),
    (22, units.merged_units_hold_nothing),
    (23, audit.audit_is_unbroken),
    (25, data.text_is_clean),
    (25, data.keys_find_their_text),
    (30, data.imports_add_up),
    (31, plans.versions_are_whole),
    (32, plans.extensions_rest_on_their_plan),
    (32, audit.extensions_are_dated_as_audited),
    (32, plans.occurrences_rest_on_their_plan),
    (32, audit.occurrences_are_dated_as_audited),
    (33, papers.days_agree),
    (34, deadlines.deadlines_end_after_they_begin),
    (38, deadlines.deadlines_are_about_something),
    (39, papers.papers_belong_to_a_dossier),
    (40, councils.sheets_say_what_was_signed),
    (41, councils.results_are_what_sheets_come_to),
    (42, councils.documents_bear_their_numbers),
    (39, papers.forms_belong_to_a_dossier),
    (42, files.files_are_there),
    (43, papers.visits_rest_on_a_certificate),
    (35, units.everybody_can_be_reached),
    (37, letters.desks_are_those_spoken_to),
    (36, certificates.certificates_stand_as_they_are_used),
    (36, certificates.certificates_are_shown_as_they_stand),
)

__all__ = ["CHECKS"]
