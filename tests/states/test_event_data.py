"""What is given with an event: which fields, read how, and every fault at once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from ocop_workflow.errors import InvalidInput, fault
from ocop_workflow.regulations import load_regulation
from ocop_workflow.states import ACTS, Event, EventData, Facts, build_lifecycle, fields_of, read_event_data
from ocop_workflow.states.facts import cleaned
from tests.states.cast import NOTHING, SEED, TODAY

TABLE = build_lifecycle(load_regulation(SEED))


def faults_of(event: Event, given: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as refused:
        read_event_data(event, given, TABLE)
    return [(found.place, found.text.vi) for found in refused.value.faults]


def test_each_event_takes_its_own_data() -> None:
    assert {event: set(fields_of(event, TABLE)) for event in ACTS} == {
        Event.REGISTER: {"producer", "group", "address", "received_on"},
        Event.SELECT: set(),
        Event.DECLINE: {"reason"},
        Event.START_CONSULTING: {"consultant", "received_on"},
        Event.COMMUNE_EVALUATE: {"report_number", "report_date", "contents", "official_code"},
        Event.SCORE_DISTRICT: {"session_date", "mean", "sheets", "gates_met", "paper"},
        Event.SCORE_PROVINCE: {"session_date", "mean", "sheets", "gates_met", "paper"},
        Event.SCORE_CENTRAL: {"session_date", "mean", "sheets", "gates_met", "paper"},
        Event.CERTIFY: {
            "decision_number",
            "decision_date",
            "signer",
            "published_on",
            "valid_until",
            "official_code",
            "reason",
        },
        Event.ESCALATE: {"decision_number", "decision_date", "signer", "sent_on", "samples"},
        Event.REJECT: {"paper"},
        Event.BEGIN_MONITORING: set(),
        Event.OPEN_RE_RATING: {"certificate", "kind", "plan", "reason", "received_on"},
        Event.SEND_BACK: {"reason"},
        Event.FORWARD: set(),  # this regulation knows neither
        Event.RE_EVALUATE: set(),
        Event.CHANGE_REGULATION: set(),
        Event.CONCLUDE: {
            "certificate",
            "ground",
            "conclusion_number",
            "conclusion_date",
            "conclusion_body",
            "conclusion",
        },
        Event.CONFIRM_COMPLETE: {"complete_on"},
        Event.DECLINE_RENEWAL: {"certificate", "not_renewing", "reason"},
        Event.RECONSIDER_RENEWAL: {"reason"},
        Event.DISMISS: {"reason", "paper"},
        Event.REVOKE: {
            "certificate",
            "decision_number",
            "decision_date",
            "signer",
            "published_on",
        },
        Event.LAPSE: {"certificate", "reason", "paper"},
        Event.WITHDRAW: {"reason"},
        Event.RESUBMIT: {"plan"},
    }


def test_what_json_brings_is_read_exactly() -> None:
    data = read_event_data(
        Event.SCORE_DISTRICT, {"session_date": "2024-11-20", "mean": 89.95, "gates_met": 4}, TABLE
    )
    assert data == EventData(session_date=TODAY, mean=Decimal("89.95"), gates_met=4)
    assert data.exact_mean == Fraction("89.95")


def test_the_mean_of_the_sheets_is_exact() -> None:
    data = read_event_data(Event.SCORE_DISTRICT, {"sheets": ["89.99", 90, 90]}, TABLE)
    assert data.exact_mean == Fraction(26999, 300)


def test_without_a_score_there_is_no_mean_and_no_star() -> None:
    assert NOTHING.exact_mean is None
    assert Facts(load_regulation(SEED), TODAY).star is None


def test_mean_and_sheets_together_are_one_too_many() -> None:
    given = {"mean": 70, "sheets": [70, 71], "colour": "red"}
    assert faults_of(Event.SCORE_DISTRICT, given) == [
        ("colour", "không dùng ở đây; dùng được: gates_met, mean, paper, session_date, sheets"),
        ("", "chỉ ghi một trong hai: mean (điểm trung bình) hoặc sheets (điểm từng phiếu)"),
    ]


def test_every_fault_of_the_data_is_told_at_once_with_its_place() -> None:
    given = {"reason": "-", "session_date": "2024-11-31", "mean": 101, "sheets": [90, -1], "gates_met": 6}
    assert faults_of(Event.SCORE_DISTRICT, given) == [
        ("reason", "không dùng ở đây; dùng được: gates_met, mean, paper, session_date, sheets"),
        ("session_date", "không có ngày này; viết như 2024-11-30"),
        ("mean", "quá lớn, nhiều nhất là 100"),
        ("sheets[1]", "quá nhỏ, ít nhất là 0"),
        ("gates_met", "quá lớn, nhiều nhất là 5"),
    ]


def test_the_place_of_a_fault_inside_a_table_is_told() -> None:
    given = {"contents": {"material": "trong xã", "labour": " ", "idea": "tại chỗ"}}
    assert faults_of(Event.COMMUNE_EVALUATE, given) == [
        ("contents.labour", "không được để trống"),
        ("contents.identity", "thiếu mục này"),
    ]


def test_the_refusal_of_data_names_the_event() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_event_data(Event.SELECT, {"reason": "-"}, TABLE)
    assert refused.value.text.en == "data (select): the data are at fault."
    assert refused.value.faults == (
        fault("reason", "không dùng ở đây; dùng được: không có", "not taken here; taken: nothing"),
    )


@pytest.mark.parametrize(
    ("given", "words"), [("a\x00", "holds a NUL character"), ("a\ud800", "holds a broken character")]
)
def test_a_text_with_broken_characters_is_refused(given: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        cleaned(given)
    assert cleaned(7) == 7
