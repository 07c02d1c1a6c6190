"""Whose clock runs after a conclusion: that of the law of its day, whatever the plan's own law."""

from __future__ import annotations

from datetime import date

import pytest

from ocop_workflow.calendar import load_work_calendar
from ocop_workflow.calendar.conclusions import decide_by, rules_for, rules_of_conclusions
from ocop_workflow.regulations import Anchor, load_regulation

SEED, TODAY = load_regulation("qd-148-2023"), load_regulation("qd-26-2026")
BEFORE_ANY_PACK = date(2001, 1, 1)


@pytest.mark.parametrize(
    ("concluded_on", "due"),
    [
        (date(2026, 6, 10), date(2026, 6, 25)),  # fifteen calendar days
        (date(2026, 5, 22), date(2026, 6, 6)),  # a Saturday: due dates do not shift
        (date(2026, 5, 21), None),  # the clause of that law is not known
        (BEFORE_ANY_PACK, None),
        (None, None),
    ],
)
def test_fifteen_days_by_the_law_in_force_and_none_where_none_is_known(
    concluded_on: date | None, due: date | None
) -> None:
    assert decide_by(concluded_on, load_work_calendar()) == due


def test_a_dossier_of_any_law_gets_the_rule_of_the_conclusions_day() -> None:
    own = [rule.id for rule in SEED.deadlines]
    anchors = {Anchor.CONCLUDED.value: date(2026, 6, 10)}
    assert [rule.id for rule in rules_for(SEED, anchors)] == [*own, "revocation_decision"]
    for nothing in (
        {},
        {Anchor.CONCLUDED.value: date(2025, 1, 2)},
        {Anchor.CONCLUDED.value: BEFORE_ANY_PACK},
    ):
        assert [rule.id for rule in rules_for(SEED, nothing)] == own
    assert "revocation_decision" not in [rule.id for rule in rules_for(TODAY, {})]


def test_no_two_packs_call_such_a_rule_alike() -> None:
    ids = [rule.id for rule in rules_of_conclusions()]
    assert ids == ["revocation_decision"]
