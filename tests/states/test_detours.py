"""The ways of the highest star (QĐ 26/2026, khoản 4, 6 Điều 7): straight up, and back to the province."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from ocop_workflow.regulations import Level, load_regulation
from ocop_workflow.states import (
    Allowed,
    Certificate,
    Dossier,
    Event,
    EventData,
    Facts,
    Position,
    Refused,
    Score,
    State,
    Taken,
    decide,
)

LAW = load_regulation("qd-26-2026")
DAY = date(2026, 11, 18)
FIVE = Certificate(star=5, number="9/QĐ-BNN", decided_on=date(2024, 1, 10), valid_until=date(2027, 1, 9))
FOUR = FIVE.model_copy(update={"star": 4})
REPORT = EventData(report_number="12/BC-VPĐP", report_date=DAY)


def lacking(state: State, event: Event, facts: Facts) -> list[str]:
    found = decide(state, event, facts)
    assert isinstance(found, Refused)
    return [item.name for item in found.missing]


def test_a_renewal_of_five_stars_goes_straight_up_with_the_agencys_report() -> None:
    facts = Facts(LAW, DAY, Dossier.RENEWAL, certificate=FIVE, data=REPORT)
    found = decide(State.COMMUNE_EVALUATED, Event.FORWARD, facts)
    assert found == Allowed(Event.FORWARD, State.ESCALATED_TO_CENTRAL)


@pytest.mark.parametrize(
    ("dossier", "certificate", "data", "lacks"),
    [
        (Dossier.RENEWAL, FOUR, REPORT, ["highest_renewed"]),
        (Dossier.UPGRADE, FIVE, REPORT, ["highest_renewed"]),
        (Dossier.RENEWAL, None, REPORT, ["highest_renewed"]),
        (Dossier.RENEWAL, FIVE, EventData(), ["agency_report"]),
        (Dossier.FIRST, FIVE, REPORT, []),  # there is no such step at all
    ],
)
def test_nothing_else_does(
    dossier: Dossier, certificate: Certificate | None, data: EventData, lacks: list[str]
) -> None:
    facts = Facts(LAW, DAY, dossier, certificate=certificate, data=data)
    assert lacking(State.COMMUNE_EVALUATED, Event.FORWARD, facts) == lacks


@pytest.mark.parametrize(("mean", "gates", "comes_back"), [(89, 5, True), (95, 4, True), (90, 5, False)])
def test_what_misses_five_stars_at_the_centre_may_be_evaluated_in_the_province(
    mean: int, gates: int, *, comes_back: bool
) -> None:
    score = Score(Level.CENTRAL, Fraction(mean), gates)
    facts = Facts(LAW, DAY, score=score, data=EventData(reason="UBND tỉnh tổ chức đánh giá"))
    found = decide(State.CENTRAL_SCORED, Event.RE_EVALUATE, facts)
    assert isinstance(found, Allowed) is comes_back


def test_or_the_province_recognises_it_by_the_score_of_the_centre() -> None:
    score = Score(Level.CENTRAL, Fraction(75))
    data = EventData(decision_number="1/QĐ", decision_date=DAY, signer="Chủ tịch", published_on=DAY)
    found = decide(State.CENTRAL_SCORED, Event.CERTIFY, Facts(LAW, DAY, score=score, data=data))
    assert found == Allowed(Event.CERTIFY, State.CERTIFIED)


def test_the_score_of_the_centre_enters_no_new_mean() -> None:
    stands = Position(State.CENTRAL_SCORED, 1, score=Score(Level.CENTRAL, Fraction(75)))
    step = Taken(Event.RE_EVALUATE, State.COMMUNE_EVALUATED, DAY, 1, EventData(reason="…"))
    assert stands.after(step, LAW).score is None
