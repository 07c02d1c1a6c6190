"""Whose clock runs: the dossier's law, the certificate's, the conclusion's; what its deadline is called."""

from __future__ import annotations

from datetime import date

import pytest

from ocop_workflow.calendar import load_work_calendar
from ocop_workflow.calendar.laws import (
    changes_of_law,
    decide_by,
    law_of_certificate,
    older_rules_of_ends,
    rule_named,
    rules_of_conclusions,
    rulings,
    unlegislated,
)
from ocop_workflow.errors import NotFound
from ocop_workflow.regulations import load_regulation

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


def names(
    dossier: str = "qd-148-2023", certificate: str = "qd-148-2023", on: date | None = None
) -> list[str]:
    """What deadlines of a product in the seed's plan are called, by the laws of dossier and certificate."""
    found = rulings(SEED, load_regulation(dossier), load_regulation(certificate), on)
    return [ruling.name for ruling in found]


def test_under_the_plans_own_law_its_rules_bear_their_plain_ids() -> None:
    assert names() == ["next_level", "outcome_above", "expiry"]


def test_what_another_law_says_in_the_same_words_is_no_other_rule() -> None:
    assert names(certificate="qd-1489-2025") == names()


def test_a_certificate_goes_by_the_law_in_force_and_the_dossier_by_its_own() -> None:
    assert names(certificate="qd-26-2026") == [
        "next_level",
        "outcome_above",
        "re_rating_filing:qd-26-2026",
        "expiry:qd-26-2026",
    ]
    assert names(dossier="qd-26-2026") == [
        "commune_report:qd-26-2026",
        "re_rating_decision:qd-26-2026",
        "re_rating_decision_until_complete:qd-26-2026",
        "next_level:qd-26-2026",
        "outcome_above",
        "expiry",
    ]


def test_a_dossier_of_any_law_gets_the_rule_of_the_conclusions_day() -> None:
    assert names(on=date(2026, 6, 10)) == [*names(), "revocation_decision"]
    for day in (None, date(2025, 1, 2), BEFORE_ANY_PACK):
        assert names(on=day) == names()


def test_a_rule_is_found_by_what_its_deadline_is_called() -> None:
    for name, law in (("expiry", SEED), ("expiry:qd-26-2026", TODAY), ("re_rating_filing:qd-26-2026", TODAY)):
        found = rule_named(SEED, name)
        assert (found.rule.id, found.law.id) == (unlegislated(name), law.id)
    for unknown in ("re_rating_filing", "expiry:qd-1-1999", "registration"):
        with pytest.raises(NotFound):
            rule_named(SEED, unknown)


@pytest.mark.parametrize(
    ("on", "open_now", "law"),
    [
        (date(2024, 11, 4), (), "qd-148-2023"),
        (date(2026, 5, 21), ("expiry",), "qd-1489-2025"),
        (date(2026, 5, 22), ("expiry", "outcome"), "qd-26-2026"),
        (date(2026, 5, 21), ("expiry:qd-26-2026",), "qd-26-2026"),  # recorded late: the later law stays
        (date(2001, 1, 1), (), "qd-148-2023"),  # before every law: the plan's own
    ],
)
def test_a_certificates_law_is_the_days_and_never_goes_back(
    on: date, open_now: tuple[str, ...], law: str
) -> None:
    assert law_of_certificate(SEED, open_now, on).id == law


def test_a_law_is_a_change_only_where_it_asks_something_else_of_certificates() -> None:
    laws = [(law.id, law.in_force.since) for law in changes_of_law(date(2027, 1, 1))]
    assert laws == [("qd-148-2023", date(2023, 2, 24)), ("qd-26-2026", date(2026, 5, 22))]
    assert [law.id for law in changes_of_law(date(2026, 5, 21))] == ["qd-148-2023"]
    assert changes_of_law(date(2023, 2, 23)) == ()
    older = dict.fromkeys(("qd-1048-2019", "qd-148-2023", "qd-1489-2025"), ("expiry",))
    assert older_rules_of_ends(TODAY) == older


def test_no_two_packs_call_such_a_rule_alike() -> None:
    ids = [rule.id for rule in rules_of_conclusions()]
    assert ids == ["revocation_decision"]
