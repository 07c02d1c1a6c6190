"""The examples of the rules by name, what a refusal carries, and what the record itself lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from ocop_workflow.regulations import Level, load_regulation
from ocop_workflow.states import (
    Allowed,
    Certificate,
    Dossier,
    Event,
    EventData,
    Facts,
    Refused,
    Score,
    State,
    blocked,
    decide,
)
from tests.states.cast import EVERYTHING, IN_FORCE, NOTHING, OVER, RUNNING, SEED, TODAY


def facts(regulation: str = SEED, **known: Any) -> Facts:  # noqa: ANN401 - any field of Facts
    return Facts(load_regulation(regulation), TODAY, **{"data": EVERYTHING, **known})


def target(state: State, event: Event, known: Facts) -> State:
    decision = decide(state, event, known)
    assert isinstance(decision, Allowed), decision
    return decision.target


def lacking(state: State, event: Event, known: Facts) -> list[str]:
    decision = decide(state, event, known)
    assert isinstance(decision, Refused), decision
    return [missing.name for missing in decision.missing]


def test_the_districts_75_points_can_only_go_up() -> None:
    at_the_district = facts(score=Score(Level.DISTRICT, Fraction(75)))
    assert lacking(State.DISTRICT_SCORED, Event.CERTIFY, at_the_district) == ["owner_reached"]
    assert lacking(State.DISTRICT_SCORED, Event.REJECT, at_the_district) == ["star_below_three"]
    assert target(State.DISTRICT_SCORED, Event.ESCALATE, at_the_district) is State.ESCALATED_TO_PROVINCE


def test_when_the_province_then_gives_65_the_three_stars_can_be_certified() -> None:
    at_the_province = facts(score=Score(Level.PROVINCE, Fraction(65)))
    assert at_the_province.star == 3
    assert target(State.PROVINCE_SCORED, Event.CERTIFY, at_the_province) is State.CERTIFIED
    assert lacking(State.PROVINCE_SCORED, Event.ESCALATE, at_the_province) == ["forwarding_mean"]


def test_with_only_three_star_conditions_met_the_districts_75_may_be_certified_or_go_up() -> None:
    held_back = facts(score=Score(Level.DISTRICT, Fraction(75), gates_met=3))
    assert held_back.star == 3
    assert target(State.DISTRICT_SCORED, Event.CERTIFY, held_back) is State.CERTIFIED
    assert target(State.DISTRICT_SCORED, Event.ESCALATE, held_back) is State.ESCALATED_TO_PROVINCE


def test_below_three_stars_the_only_way_is_to_reject() -> None:
    for mean, gates_met, lack in ((42, 5, "forwarding_mean"), (93, 2, "gates_met")):
        weak = facts(IN_FORCE, score=Score(Level.PROVINCE, Fraction(mean), gates_met), data=EVERYTHING)
        assert lacking(State.PROVINCE_SCORED, Event.CERTIFY, weak) == ["star_recognised"]
        assert lacking(State.PROVINCE_SCORED, Event.ESCALATE, weak) == [lack]
        refusal = decide(State.PROVINCE_SCORED, Event.CERTIFY, weak)
        assert isinstance(refusal, Refused)
        assert refusal.needs == {Event.REJECT: (), Event.WITHDRAW: ("reason",)}
        assert target(State.PROVINCE_SCORED, Event.REJECT, weak) is State.NOT_RATED


def test_where_the_gates_give_a_star_of_this_level_both_ways_are_open() -> None:
    both = facts(IN_FORCE, score=Score(Level.PROVINCE, Fraction(93), gates_met=4))
    refusal = decide(State.PROVINCE_SCORED, Event.REJECT, both)
    assert isinstance(refusal, Refused)
    assert refusal.allowed == (Event.CERTIFY, Event.ESCALATE, Event.WITHDRAW)


def test_89_95_is_four_stars_which_the_province_certifies_today() -> None:
    almost_five = facts(IN_FORCE, score=Score(Level.PROVINCE, Fraction("89.95")))
    assert almost_five.star == 4
    assert target(State.PROVINCE_SCORED, Event.CERTIFY, almost_five) is State.CERTIFIED
    assert lacking(State.PROVINCE_SCORED, Event.ESCALATE, almost_five) == ["forwarding_mean"]


@pytest.mark.parametrize(
    ("event", "state"), [(Event.REJECT, State.PROVINCE_SCORED), (Event.WITHDRAW, State.RE_RATING)]
)
@pytest.mark.parametrize(
    ("certificate", "falls_to"), [(RUNNING, State.MONITORED), (OVER, State.LAPSED)], ids=["runs", "over"]
)
def test_a_re_rating_that_fails_falls_back_on_its_certificate(
    event: Event, state: State, certificate: Certificate, falls_to: State
) -> None:
    known = facts(
        IN_FORCE,
        dossier=Dossier.RENEWAL,
        certificate=certificate,
        score=Score(Level.PROVINCE, Fraction(40)),
    )
    assert target(state, event, known) is falls_to


def test_a_certificate_runs_through_its_last_day() -> None:
    assert facts(certificate=RUNNING).certificate_runs
    assert not replace(facts(certificate=RUNNING), on=TODAY + timedelta(days=1)).certificate_runs


@pytest.mark.parametrize("event", [Event.COMMUNE_EVALUATE, Event.SCORE_PROVINCE, Event.CERTIFY])
def test_expiry_during_a_re_rating_changes_nothing_about_its_way(event: Event) -> None:
    state = {
        Event.COMMUNE_EVALUATE: State.RE_RATING,
        Event.SCORE_PROVINCE: State.COMMUNE_EVALUATED,
        Event.CERTIFY: State.PROVINCE_SCORED,
    }[event]
    score = Score(Level.PROVINCE, Fraction(75))
    running, over = (
        facts(IN_FORCE, dossier=Dossier.RENEWAL, certificate=held, score=score) for held in (RUNNING, OVER)
    )
    assert decide(state, event, running) == decide(state, event, over)
    assert isinstance(decide(state, event, over), Allowed)


def test_a_re_rating_is_sent_back_to_re_rating_and_a_first_dossier_to_consulting() -> None:
    again, first = facts(dossier=Dossier.UPGRADE, certificate=RUNNING), facts()
    assert target(State.COMMUNE_EVALUATED, Event.SEND_BACK, again) is State.RE_RATING
    assert target(State.COMMUNE_EVALUATED, Event.SEND_BACK, first) is State.CONSULTING


def test_what_stands_on_record_need_not_be_given_again() -> None:
    on_record = facts(producer="HTX Phổ Khánh", group="food", data=EventData(address="Thôn Diên Trường"))
    assert target(State.IDEA, Event.REGISTER, on_record) is State.REGISTERED


def test_a_certificate_older_than_the_service_may_be_given_with_the_event() -> None:
    legacy = facts(data=EVERYTHING.model_copy(update={"certificate": RUNNING}))
    assert target(State.MONITORED, Event.OPEN_RE_RATING, legacy) is State.RE_RATING
    assert target(State.MONITORED, Event.CONCLUDE, legacy) is State.MONITORED
    lapsed = facts(data=EventData(certificate=OVER))
    assert target(State.MONITORED, Event.LAPSE, lapsed) is State.LAPSED


def test_a_refusal_says_what_is_missing_with_its_clause_and_what_can_be_done_instead() -> None:
    refusal = decide(
        State.CONSULTING, Event.COMMUNE_EVALUATE, facts(IN_FORCE, data=EventData(report_number="45"))
    )
    assert isinstance(refusal, Refused)
    assert (refusal.state, refusal.event) == (State.CONSULTING, Event.COMMUNE_EVALUATE)
    assert refusal.allowed == (Event.COMMUNE_EVALUATE, Event.WITHDRAW)
    assert [(missing.name, missing.clause) for missing in refusal.missing] == [
        ("commune_report", "khoản 2 Điều 7 và Mẫu 03 QĐ 26/2026/QĐ-TTg"),
        ("four_contents", "khoản 2 Điều 7 và Mẫu 03 QĐ 26/2026/QĐ-TTg"),
    ]
    assert refusal.missing[0].text.vi == "số và ngày báo cáo đánh giá của UBND cấp xã"
    assert [missing.fields for missing in refusal.missing] == [("report_date",), ("contents",)]
    assert refusal.needs == {
        Event.COMMUNE_EVALUATE: ("report_date", "contents"),
        Event.WITHDRAW: ("reason",),
    }


def test_of_two_ways_to_give_the_same_the_first_is_named() -> None:
    refusal = decide(State.COMMUNE_EVALUATED, Event.SCORE_DISTRICT, facts(data=NOTHING))
    assert isinstance(refusal, Refused)
    assert refusal.needs[Event.SCORE_DISTRICT] == ("session_date", "mean")


def test_what_was_given_and_does_not_help_is_asked_for_again() -> None:
    refusal = decide(
        State.MONITORED, Event.CONCLUDE, facts(data=EventData(certificate=OVER, ground="bán hàng giả"))
    )
    assert isinstance(refusal, Refused)
    assert refusal.needs[Event.CONCLUDE] == (
        *("certificate", "conclusion_number", "conclusion_date", "conclusion_body", "conclusion"),
    )


def test_that_a_certificate_is_over_cannot_be_asked_before_there_is_one() -> None:
    assert lacking(State.MONITORED, Event.LAPSE, facts(data=NOTHING)) == ["certificate_known"]


def test_what_the_service_itself_asks_for_has_no_clause() -> None:
    refusal = decide(State.REGISTERED, Event.DECLINE, facts(data=NOTHING))
    assert isinstance(refusal, Refused)
    assert [(missing.name, missing.clause) for missing in refusal.missing] == [("reason", "")]


def test_an_event_that_does_not_exist_here_is_refused_with_nothing_missing() -> None:
    assert decide(State.IDEA, Event.CERTIFY, facts()) == Refused(
        State.IDEA,
        Event.CERTIFY,
        (Event.REGISTER, Event.WITHDRAW),
        (),
        {Event.REGISTER: ("producer", "group", "address"), Event.WITHDRAW: ("reason",)},
    )


# -- what the record itself lacks --------------------------------------------------------------------


def names(state: State, known: Facts) -> dict[Event, list[str]]:
    return {event: [missing.name for missing in lack] for event, lack in blocked(state, known).items()}


def test_before_anything_is_given_only_the_record_can_stand_in_the_way() -> None:
    scored = facts(score=Score(Level.DISTRICT, Fraction(75)), data=NOTHING)
    assert names(State.DISTRICT_SCORED, scored) == {
        Event.CERTIFY: ["owner_reached"],
        Event.ESCALATE: [],
        Event.REJECT: ["star_below_three"],
        Event.WITHDRAW: [],
    }


def test_what_blocks_is_told_with_its_clause() -> None:
    scored = facts(IN_FORCE, score=Score(Level.PROVINCE, Fraction(40)), data=NOTHING)
    (missing,) = blocked(State.PROVINCE_SCORED, scored)[Event.ESCALATE]
    assert (missing.name, missing.clause) == ("forwarding_mean", "điểm e khoản 3 Điều 7 QĐ 26/2026/QĐ-TTg")
