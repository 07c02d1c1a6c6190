"""A conclusion, then the decision or nothing more; and a certificate that goes on past its last day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ocop_workflow.regulations import Level, load_regulation
from ocop_workflow.states import (
    Allowed,
    Certificate,
    Dossier,
    Event,
    EventData,
    Facts,
    Issued,
    Position,
    Refused,
    State,
    Taken,
    date_faults,
    decide,
    reached_by,
)
from tests.states.cast import EVERYTHING, IN_FORCE, NOTHING, RUNNING, SEED, TODAY

LATER = date(2026, 6, 10)
HELD = Certificate(star=3, number="77/QĐ-UBND", decided_on=date(2024, 6, 1), valid_until=date(2027, 6, 1))


def facts(name: str = IN_FORCE, **more: object) -> Facts:
    return replace(Facts(load_regulation(name), LATER, certificate=HELD, data=EVERYTHING), **more)  # type: ignore[arg-type]  # whichever


def lacking(event: Event, given: Facts) -> list[str]:
    decision = decide(State.MONITORED, event, given)
    return [item.name for item in decision.missing] if isinstance(decision, Refused) else []


def test_nothing_is_revoked_before_there_is_a_conclusion() -> None:
    assert lacking(Event.REVOKE, facts()) == ["concluded"]
    assert lacking(Event.DISMISS, facts()) == ["concluded"]
    assert decide(State.MONITORED, Event.CONCLUDE, facts()) == Allowed(Event.CONCLUDE, State.MONITORED)


def test_of_one_conclusion_one_thing_follows() -> None:
    open_one = facts(concluded_on=LATER)
    assert lacking(Event.CONCLUDE, open_one) == ["nothing_concluded"]
    assert decide(State.MONITORED, Event.REVOKE, open_one) == Allowed(Event.REVOKE, State.REVOKED)
    assert decide(State.MONITORED, Event.DISMISS, open_one) == Allowed(Event.DISMISS, State.MONITORED)
    assert lacking(Event.REVOKE, facts(concluded_on=LATER, data=NOTHING)) == ["revocation_decision"]
    assert lacking(Event.DISMISS, facts(concluded_on=LATER, data=NOTHING)) == ["reason"]


def test_what_was_revoked_in_one_step_before_still_has_what_it_needed() -> None:
    old = EventData(ground="ngừng sản xuất", conclusion="biên bản kiểm tra số 3")
    assert decide(State.MONITORED, Event.REVOKE, facts(SEED, data=old)) == Allowed(
        Event.REVOKE, State.REVOKED
    )


def test_a_step_that_stays_changes_neither_day_nor_what_was_reached() -> None:
    stood = Position(
        State.MONITORED, 1, entered_on=TODAY, issued=(Issued(RUNNING),), reached={State.MONITORED: TODAY}
    )
    law = load_regulation(SEED)
    data = EventData(conclusion_date=LATER)
    concluded = stood.after(Taken(Event.CONCLUDE, State.MONITORED, LATER, 1, data), law)
    assert concluded == replace(stood, concluded_on=LATER)
    assert concluded.after(Taken(Event.DISMISS, State.MONITORED, LATER, 1, NOTHING), law) == stood
    moved = concluded.after(Taken(Event.BEGIN_MONITORING, State.MONITORED, LATER, 1, NOTHING), law)
    assert moved.concluded_on == LATER
    opened = concluded.after(Taken(Event.OPEN_RE_RATING, State.RE_RATING, LATER, 1, NOTHING), law)
    assert opened.concluded_on == LATER
    revoked = concluded.after(Taken(Event.REVOKE, State.REVOKED, LATER, 1, NOTHING), law)
    assert revoked.concluded_on is None
    steps = [(Event.CERTIFY, State.CERTIFIED, TODAY), (Event.CONCLUDE, State.CERTIFIED, LATER)]
    assert reached_by(steps) == {State.CERTIFIED: TODAY}


@pytest.mark.parametrize(
    ("day", "ground", "faults"),
    [
        (date(2026, 5, 22), "đ", []),
        (date(2026, 5, 22), "g", ["ground"]),
        (date(2026, 5, 21), "ngừng sản xuất", []),
        (date(2026, 5, 21), "đ", ["ground"]),  # that law's letters are not known
        (date(2001, 1, 1), "ngừng sản xuất", ["conclusion_date"]),  # of before any law: only the day is wrong
    ],
)
def test_grounds_are_those_of_the_law_on_the_day_of_the_conclusion(
    day: date, ground: str, faults: list[str]
) -> None:
    given = EventData(ground=ground, conclusion_date=day)
    assert [item.place for item in date_faults(facts(data=given), {}, LATER)] == faults


def test_a_conclusion_without_its_day_says_nothing_of_its_ground() -> None:
    assert date_faults(facts(data=EventData(ground="g")), {}, LATER) == ()


def test_a_decision_is_not_older_than_its_conclusion_and_neither_lies_ahead() -> None:
    concluded = facts(concluded_on=date(2026, 6, 5), data=EventData(decision_date=date(2026, 6, 4)))
    assert [item.place for item in date_faults(concluded, {}, LATER)] == ["decision_date"]
    ahead = facts(data=EventData(conclusion_date=LATER + timedelta(days=1)))
    assert [item.place for item in date_faults(ahead, {}, LATER)] == ["conclusion_date"]
    before = facts(data=EventData(conclusion_date=date(2024, 5, 31)))
    assert [item.place for item in date_faults(before, {}, LATER)] == ["conclusion_date"]


@pytest.mark.parametrize(
    ("pack", "on", "concluded_on", "owner"),
    [
        (SEED, date(2025, 3, 3), None, Level.DISTRICT),
        (SEED, LATER, None, Level.PROVINCE),  # the district is gone: the heir
        (SEED, LATER, date(2025, 6, 1), Level.DISTRICT),  # the law of the conclusion's day knows it
        (IN_FORCE, LATER, None, Level.PROVINCE),
        (SEED, date(2001, 1, 1), None, Level.DISTRICT),  # no law says anything else
    ],
)
def test_the_level_that_issued_disposes_and_once_it_is_gone_its_heir_by_the_law(
    pack: str, on: date, concluded_on: date | None, owner: Level
) -> None:
    assert facts(pack, on=on, concluded_on=concluded_on).issuer is owner


def test_without_a_certificate_nobody_disposes_of_one() -> None:
    bare = Facts(load_regulation(SEED), LATER)
    assert (bare.issuer, bare.grace_until, bare.certificate_holds) == (None, None, False)


# -- the grace of late filers ------------------------------------------------------------------------

AFTER = date(2027, 7, 1)
FILED = facts(SEED, on=AFTER, dossier=Dossier.RENEWAL, received_on=date(2027, 4, 1), data=NOTHING)


def test_a_certificate_in_its_grace_does_not_lapse_and_can_be_revoked() -> None:
    assert FILED.grace_until == date(2027, 11, 28)
    assert not FILED.certificate_runs
    decision = decide(State.RE_RATING, Event.LAPSE, FILED)
    assert isinstance(decision, Refused)
    assert [item.name for item in decision.missing] == ["grace_over"]
    assert isinstance(decide(State.RE_RATING, Event.CONCLUDE, replace(FILED, data=EVERYTHING)), Allowed)


@pytest.mark.parametrize(
    "other",
    [
        {"dossier": Dossier.UPGRADE},
        {"received_on": None},
        {"on": date(2027, 11, 29)},
        {"certificate": HELD.model_copy(update={"decided_on": date(2026, 5, 22)})},
        {"on": date(2026, 5, 1), "certificate": HELD.model_copy(update={"valid_until": date(2026, 4, 1)})},
    ],
)
def test_whatever_it_does_not_hold_for_lapses(other: dict[str, object]) -> None:
    given = replace(FILED, **other)  # type: ignore[arg-type]  # whichever
    assert given.grace_until is None
    assert isinstance(decide(State.RE_RATING, Event.LAPSE, given), Allowed)


def test_a_result_ends_it_a_renewal_that_is_withdrawn_leads_to_the_end() -> None:
    given = replace(FILED, data=EventData(reason="thôi sản xuất"))
    assert decide(State.RE_RATING, Event.WITHDRAW, given) == Allowed(Event.WITHDRAW, State.LAPSED)
