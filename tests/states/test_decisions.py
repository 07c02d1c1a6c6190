"""Every decision, against the rules of the programme written out once more in plain words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.regulations import Level, load_regulation
from ocop_workflow.states import (
    ACTS,
    Allowed,
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
from tests.states.cast import (
    CERTIFICATES,
    DISTRICTLESS,
    EVERYTHING,
    IN_FORCE,
    NOTHING,
    OVER,
    REGULATIONS,
    RUNNING,
    SEED,
    TODAY,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

# -- the rules, a second time ------------------------------------------------------------------------

COUNCILS = {
    SEED: ("district", "province", "central"),
    DISTRICTLESS: ("province", "central"),
    IN_FORCE: ("province", "central"),
}
OWNERS = {
    SEED: {3: "district", 4: "province", 5: "central"},
    DISTRICTLESS: {3: "province", 4: "province", 5: "central"},
    IN_FORCE: {3: "province", 4: "province", 5: "central"},
}
FORWARDS_FROM = {
    SEED: {"district": 70, "province": 90},
    DISTRICTLESS: {"province": 90},
    IN_FORCE: {"province": 90},
}

#: a condition of which nothing is said where the other is not met: it would only follow from it
FOLLOWS_FROM = {"owner_reached": "star_recognised", "validity_over": "certificate_known"}

#: event: where from, where to (steps that are the same for every dossier and every ladder)
PLAIN_STEPS = {
    "register": (["idea"], "registered"),
    "select": (["registered"], "selected"),
    "decline": (["registered"], "not_selected"),
    "start_consulting": (["selected"], "consulting"),
    "commune_evaluate": (["consulting", "re_rating"], "commune_evaluated"),
    "begin_monitoring": (["certified"], "monitored"),
    "open_re_rating": (["certified", "monitored"], "re_rating"),
    "lapse": (["certified", "monitored", "re_rating"], "lapsed"),
    "resubmit": (["not_selected", "not_rated", "withdrawn", "lapsed"], "idea"),
}

NEEDS = {
    "register": ["producer", "group", "address"],
    "select": [],
    "decline": ["reason"],
    "start_consulting": ["consultant"],
    "commune_evaluate": ["commune_report", "four_contents"],
    "score_district": ["session_date", "score"],
    "score_province": ["session_date", "score"],
    "score_central": ["session_date", "score"],
    "certify": ["star_recognised", "owner_reached", "decision", "signer", "publication"],
    "escalate": ["forwarding_mean", "gates_met", "decision"],
    "reject": ["star_below_three"],
    "begin_monitoring": [],
    "open_re_rating": ["certificate_known", "kind", "plan"],
    "send_back": ["reason"],
    "forward": ["highest_renewed", "agency_report"],
    "re_evaluate": ["highest_missed", "reason"],
    "conclude": ["certificate_runs", "nothing_concluded", "ground", "conclusion"],
    "dismiss": ["concluded", "reason"],
    "confirm_complete": ["not_complete", "complete"],
    "decline_renewal": ["certificate_known", "not_declined", "why_not_renewing"],
    "reconsider_renewal": ["declined", "reason"],
    "revoke": ["certificate_runs", "concluded", "revocation_decision"],
    "lapse": ["certificate_known", "validity_over", "grace_over"],
    "withdraw": ["reason"],
    "resubmit": ["plan"],
    "change_regulation": ["received", "next_in_force"],
}


@dataclass(frozen=True)
class Case:
    """One product and one day, in the words of the rules."""

    regulation: str
    dossier: str
    certificate: str
    state: str
    mean: int | None
    gates_met: int
    given: bool

    @property
    def council(self) -> str:
        """The level whose score counts; outside a scored state any will do."""
        level = self.state.removesuffix("_scored")
        return level if level in COUNCILS[self.regulation] else "province"

    @property
    def star(self) -> int | None:
        if self.mean is None:
            return None
        band = 5 if self.mean >= 90 else 4 if self.mean >= 70 else 3 if self.mean >= 50 else 2
        return min(band, self.gates_met)

    def facts(self) -> Facts:
        score = None
        if self.mean is not None:
            score = Score(Level(self.council), Fraction(self.mean), self.gates_met)
        return Facts(
            load_regulation(self.regulation),
            TODAY,
            dossier=Dossier(self.dossier),
            score=score,
            certificate=CERTIFICATES[self.certificate],
            data=EVERYTHING if self.given else NOTHING,
        )


def under_evaluation(case: Case) -> set[str]:
    """Name the states between the commune's report and the outcome."""
    councils = COUNCILS[case.regulation]
    scored = {f"{level}_scored" for level in councils}
    return {"commune_evaluated"} | scored | {f"escalated_to_{level}" for level in councils[1:]}


def fallen_back(case: Case) -> str:
    """Say where a re-rating ends that leads to nothing."""
    return "monitored" if case.certificate == "runs" else "lapsed"


def scoring_step(case: Case, event: str) -> str | None:
    """Follow the events of the councils and of the levels that decide on their scores."""
    state, councils = case.state, COUNCILS[case.regulation]
    if event.startswith("score_"):
        level = event.removeprefix("score_")
        waits = "commune_evaluated" if level == councils[0] else f"escalated_to_{level}"
        return f"{level}_scored" if level in councils and state == waits else None
    if state not in {f"{level}_scored" for level in councils}:
        return None
    if event == "escalate":
        above = councils[councils.index(case.council) + 1 :]
        return f"escalated_to_{above[0]}" if above else None
    if event == "certify":
        return "certified"
    return "not_rated" if case.dossier == "first" else fallen_back(case)


RENEWING = ("decline_renewal", "reconsider_renewal")


def way_out(case: Case, event: str) -> str | None:
    """Follow send_back, withdraw and what a conclusion may lead to."""
    state, first = case.state, case.dossier == "first"
    if event == "send_back":
        back = "consulting" if first else "re_rating"
        return back if state == "commune_evaluated" else None
    if event == "withdraw" and state in {"idea", "registered", "selected", "consulting"}:
        return "withdrawn"
    if event == "withdraw" and first:
        return "withdrawn" if state in under_evaluation(case) else None
    if event == "withdraw":
        return fallen_back(case) if state in under_evaluation(case) | {"re_rating"} else None
    held = {"certified", "monitored"}
    if event == "confirm_complete":
        waits = {"commune_evaluated", "escalated_to_province", "escalated_to_central"}
        held = set() if first else waits & under_evaluation(case)
    elif event not in RENEWING:
        held |= {"re_rating"} | (set() if first else under_evaluation(case))
    if state not in held:
        return None
    return "revoked" if event == "revoke" else state


def where_to(case: Case, event: str) -> str | None:
    """Say where `event` leads from the state of `case`; none if there is no such step."""
    if event == "forward":
        is_there = case.regulation == IN_FORCE and case.dossier != "first"
        return "escalated_to_central" if is_there and case.state == "commune_evaluated" else None
    if event == "re_evaluate":
        is_there = case.regulation == IN_FORCE and case.state == "central_scored"
        return "commune_evaluated" if is_there else None
    if event == "change_regulation":  # to where it leads: see test_going_over
        open_ones = {"registered", "selected", "consulting", "re_rating"} | under_evaluation(case)
        is_there = case.regulation != IN_FORCE and case.state in open_ones
        return "commune_evaluated" if is_there else None
    if event in PLAIN_STEPS:
        sources, target = PLAIN_STEPS[event]
        return target if case.state in sources else None
    if event in {"send_back", "withdraw", "conclude", "dismiss", "revoke", "confirm_complete", *RENEWING}:
        return way_out(case, event)
    return scoring_step(case, event)


def is_met(case: Case, need: str) -> bool:
    """Say whether a condition is met: those on the record by themselves, the others if data are given."""
    ladder = ("commune", "district", "province", "central")
    owner = OWNERS[case.regulation].get(case.star or 0)
    threshold = FORWARDS_FROM[case.regulation].get(case.council)
    on_record = {
        "star_recognised": owner is not None,
        "owner_reached": owner is not None and ladder.index(owner) <= ladder.index(case.council),
        "star_below_three": case.star is not None and case.star < 3,
        "gates_met": case.mean is not None and case.gates_met >= 3,
        "forwarding_mean": threshold is not None and case.mean is not None and case.mean >= threshold,
        "highest_renewed": False,  # the certificates here are of three stars: see test_detours
        "received": False,  # see test_going_over
        "next_in_force": False,
        "highest_missed": case.star is not None and owner != "central",
        "certificate_known": case.certificate != "none",
        "certificate_runs": case.certificate == "runs",
        "validity_over": case.certificate == "over",
        "grace_over": True,  # nothing was filed here: see test_grace
        "nothing_concluded": True,
        "concluded": False,  # see test_revocation
        "not_declined": True,
        "not_complete": True,
        "declined": False,  # see tests/renewals/test_declining.py
    }
    return on_record.get(need, case.given)


def expected(case: Case, event: str) -> tuple[str, ...] | str:
    """Say the target, or what is missing; nothing missing and no target: not an event here."""
    target = where_to(case, event)
    if target is None:
        return ()
    unmet = [need for need in NEEDS[event] if not is_met(case, need)]
    return tuple(need for need in unmet if FOLLOWS_FROM.get(need) not in unmet) or target


#: conditions that no form can meet; a certificate on record cannot be replaced by a form either
ON_RECORD = {"star_recognised", "owner_reached", "star_below_three", "forwarding_mean", "gates_met"}
ON_RECORD |= {"highest_renewed", "highest_missed", "received", "next_in_force", "concluded", "declined"}
ABOUT_THE_CERTIFICATE = {"certificate_known", "certificate_runs", "validity_over"}


def can_be_done(case: Case, event: str) -> bool:
    """Say whether an event may happen if everything that its form takes is given."""
    stands = ON_RECORD if case.certificate == "none" else ON_RECORD | ABOUT_THE_CERTIFICATE
    barred = any(need in stands and not is_met(case, need) for need in NEEDS[event])
    return where_to(case, event) is not None and not barred


def answered(case: Case) -> Iterator[tuple[str, tuple[str, ...] | str]]:
    """Ask the code the same question of each event, and check what every refusal must carry."""
    facts, clauses = case.facts(), load_regulation(case.regulation).clauses
    doable = tuple(event for event in ACTS if can_be_done(case, event.value))
    for event in ACTS:
        decision = decide(State(case.state), event, facts)
        if isinstance(decision, Allowed):
            assert decision.event == event
            yield event.value, decision.target.value
            continue
        assert (decision.state, decision.event) == (case.state, event)
        assert decision.allowed == doable
        assert set(decision.needs) == set(doable)
        for lacking in decision.missing:
            clause = clauses.get(lacking.name)
            assert lacking.clause == (clause.article if clause else "")
        yield event.value, tuple(lacking.name for lacking in decision.missing)


SCORES = [
    (None, 5), (20, 5), (20, 2), (49, 5), (55, 5), (75, 5), (75, 3), (75, 2), (95, 5),
    (95, 4), (95, 2), (100, 5),
]  # fmt: skip


@pytest.mark.parametrize("regulation", REGULATIONS)
@pytest.mark.parametrize("dossier", ["first", "renewal", "upgrade"])
@pytest.mark.parametrize("certificate", ["none", "runs", "over"])
def test_every_event_in_every_state_is_decided_as_the_rules_say(
    regulation: str, dossier: str, certificate: str
) -> None:
    for state, (mean, gates_met), given in product(State, SCORES, (False, True)):
        case = Case(regulation, dossier, certificate, state.value, mean, gates_met, given)
        assert dict(answered(case)) == {event.value: expected(case, event.value) for event in ACTS}, case


@pytest.mark.parametrize("regulation", REGULATIONS)
@pytest.mark.parametrize("dossier", ["first", "renewal", "upgrade"])
@pytest.mark.parametrize("certificate", ["none", "runs", "over"])
def test_an_event_is_blocked_exactly_if_no_form_could_make_it_possible(
    regulation: str, dossier: str, certificate: str
) -> None:
    forms = [EVERYTHING.model_copy(update={"certificate": held}) for held in (None, RUNNING, OVER)]
    for state, (mean, gates_met) in product(State, SCORES):
        case = Case(regulation, dossier, certificate, state.value, mean, gates_met, given=False)
        facts = case.facts()
        free = {event for event, lack in blocked(state, facts).items() if not lack}
        filled = [replace(facts, data=form) for form in forms]
        leading = [event for event in ACTS if where_to(case, event.value)]  # others are none, see above
        doable = {
            event
            for event in leading
            if any(isinstance(decide(state, event, one), Allowed) for one in filled)
        }
        assert free == doable, case


def test_under_a_regulation_that_is_only_read_nothing_is_scored_and_the_refusal_says_so() -> None:
    facts = Facts(load_regulation("qd-1048-2019"), date(2021, 10, 1), data=EventData(mean="80"))
    refused = decide(State.COMMUNE_EVALUATED, Event.SCORE_DISTRICT, facts)
    assert isinstance(refused, Refused)
    assert [(item.name, item.clause) for item in refused.missing] == [
        ("still_scored", "QĐ 1048/QĐ-TTg, hết hiệu lực từ 24/02/2023")
    ]
    assert Event.SCORE_DISTRICT not in refused.allowed
    assert isinstance(decide(State.REGISTERED, Event.SELECT, facts), Allowed)
