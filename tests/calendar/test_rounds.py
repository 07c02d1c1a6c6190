"""Until when a dossier is in time for a round of the level above, and by when that level is done with it."""

from __future__ import annotations

from datetime import date

import pytest

from ocop_workflow.calendar import Calendar, Standing, load_work_calendar, read_plan, shipped_plan_text
from ocop_workflow.calendar.rounds.dates import done_by
from ocop_workflow.calendar.spoken import spoken_rule
from ocop_workflow.regulations import Level, YearlyRound, load_regulation
from ocop_workflow.states import Dossier, State, build_lifecycle

DAY = date.fromisoformat
FIRST, RENEWAL = Dossier.FIRST, Dossier.RENEWAL

#: rounds of a plan's own for the centre, the second of them not for renewals
CENTRAL_ROUNDS = """
[[rounds]]
id = "central-1"
number = 1
level = "central"
clause = "III.3"
as_written = "…"
dossiers = { by = 2026-08-15 }
done = { by = 2026-10-15 }

[[rounds]]
id = "central-2"
number = 2
level = "central"
clause = "III.3"
as_written = "…"
dossiers = { by = 2026-11-15 }
done = { by = 2026-12-15 }
open_to = ["first", "upgrade"]
"""


def calendar(name: str, more: str = "") -> Calendar:
    """Return the calendar of a shipped plan with something added at its end."""
    plan = read_plan(shipped_plan_text(name) + more)
    regulation = load_regulation(plan.regulation)
    return Calendar(plan, regulation, build_lifecycle(regulation), load_work_calendar())


def waits_until(plan: Calendar, state: str, came: str, dossier: Dossier = FIRST) -> dict[str, str]:
    """Return by when what lies with another level has to come back, by rule."""
    standing = Standing(State(state), dossier, DAY(came), {"entered": DAY(came)})
    return {item.rule: item.due_on.isoformat() for item in plan.deadlines(standing)}


@pytest.mark.parametrize(
    ("came", "until"),
    [
        ("2026-07-29", "2026-09-29"),  # the last day "trước ngày 30/7"
        ("2026-07-30", "2027-03-29"),  # too late for the first round: the second ends in the next year
        ("2027-01-29", "2027-03-29"),
        ("2027-01-30", "2027-09-29"),
    ],
)
def test_a_dossier_at_the_centre_waits_for_the_round_that_it_is_in_time_for(came: str, until: str) -> None:
    assert waits_until(calendar("example-2026"), "escalated_to_central", came) == {"next_level": until}


@pytest.mark.parametrize(
    ("came", "dossier", "until"),
    [
        ("2026-08-15", FIRST, "2026-10-15"),
        ("2026-08-16", FIRST, "2026-12-15"),
        ("2026-08-16", RENEWAL, "2027-03-29"),  # the plan's second round is not for it: the regulation's
        ("2026-11-16", FIRST, "2027-03-29"),
    ],
)
def test_the_rounds_of_the_plan_hold_before_those_of_the_regulation(
    came: str, dossier: Dossier, until: str
) -> None:
    plan = calendar("example-2026", CENTRAL_ROUNDS)
    assert waits_until(plan, "escalated_to_central", came, dossier)["next_level"] == until


def test_a_round_whose_days_are_not_known_yet_is_passed_over() -> None:
    unknown = CENTRAL_ROUNDS.replace(
        "{ by = 2026-08-15 }", '{ after = { event = "selected", working_days = 10 } }'
    )
    plan = calendar("example-2026", unknown)
    assert waits_until(plan, "escalated_to_central", "2026-08-01")["next_level"] == "2026-12-15"


def test_a_round_that_begins_in_autumn_may_end_in_the_next_year() -> None:
    over_new_year = YearlyRound(
        source="…", level=Level.CENTRAL, number=1, dossiers_before="11-30", done_before="01-31"
    )
    until = done_by(
        DAY("2026-11-29"),
        Level.CENTRAL,
        FIRST,
        planned=(),
        stars=None,
        yearly=[over_new_year],
        reader=calendar("example-2026").reader(DAY("2026-11-29"), {}),
    )
    assert until == DAY("2027-01-30")


def test_a_wait_for_a_round_is_spoken_of_as_one() -> None:
    rule = next(found for found in load_regulation("qd-26-2026").deadlines if found.by_round)
    assert spoken_rule(rule, {}).vi.startswith(
        "ngày xong đợt đánh giá mà hồ sơ còn kịp; không có đợt nào thì "
    )


def test_without_any_round_the_wait_is_sixty_days() -> None:
    seed = calendar("duc-pho-2024")
    assert waits_until(seed, "escalated_to_province", "2024-11-25") == {"next_level": "2025-01-24"}


@pytest.mark.parametrize("state", ["province_scored", "central_scored"])
def test_what_a_higher_level_has_scored_is_decided_within_thirty_days(state: str) -> None:
    assert waits_until(calendar("duc-pho-2024"), state, "2024-12-20") == {"outcome_above": "2025-01-19"}


def test_every_state_of_an_open_dossier_is_watched_under_every_shipped_plan() -> None:
    """Nobody may wait for years without a day on which somebody is asked."""
    for name in ("duc-pho-2024", "example-2026"):
        plan = calendar(name)
        ended = {"certified", "monitored", "not_rated", "not_selected", "withdrawn", "revoked", "lapsed"}
        waiting = [state for state in plan.lifecycle.states if state.value not in ended | {"re_rating"}]
        assert [state for state in waiting if not waits_until(plan, state.value, f"{name[-4:]}-03-20")] == []
