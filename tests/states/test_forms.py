"""What may be given with an event, in words: nothing without a name, examples that are true."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from ocop_workflow.errors import Text
from ocop_workflow.regulations import Level, load_regulation
from ocop_workflow.states import (
    Allowed,
    Asked,
    Certificate,
    Dossier,
    Event,
    EventData,
    Facts,
    Score,
    decide,
    example_of,
    fields_of,
    form_of,
    mean_in_words,
    read_event_data,
    schema_of,
    told,
)
from ocop_workflow.states.lifecycle import ACTS, lifecycle_of

EVERY_LEVEL = lifecycle_of(tuple(Level))
SEED = load_regulation("qd-148-2023")


def test_every_field_of_an_event_stands_in_its_form_and_every_datum_in_some_form() -> None:
    forms = {event: form_of(event, EVERY_LEVEL) for event in ACTS}
    assert {event: {field.key for field in form} for event, form in forms.items()} == {
        event: set(fields_of(event, EVERY_LEVEL)) for event in ACTS
    }
    named = {field.key for form in forms.values() for field in form}
    #: a session is named by the result that is confirmed in it, never by whoever fills in a form
    assert named == set(EventData.model_fields) - {"session"}


def test_a_form_says_what_has_to_be_given() -> None:
    form = form_of(Event.SCORE_PROVINCE, EVERY_LEVEL)
    assert [(field.key, field.asked, field.written.vi) for field in form] == [
        ("session_date", Asked.ALWAYS, "ngày, viết như 2024-11-30"),
        ("mean", Asked.ONE_OF, "số từ 0 đến 100"),
        ("sheets", Asked.ONE_OF, "danh sách: số từ 0 đến 100"),
        ("paper", Asked.BY_PAPER, "bảng { … }"),
        ("gates_met", Asked.OPTIONAL, "số nguyên từ 0 đến 5"),
    ]
    by_mean, by_sheets = schema_of(form)["oneOf"]
    assert (by_mean["required"], by_sheets["required"]) == (
        ["session_date", "mean"],
        ["session_date", "sheets"],
    )
    assert set(by_mean["properties"]) == {"session_date", "mean", "paper", "gates_met"}
    assert set(by_sheets["properties"]) == {"session_date", "sheets", "paper", "gates_met"}


@pytest.mark.parametrize("event", ACTS)
def test_the_example_of_a_form_is_enough(event: Event) -> None:
    if event is Event.CHANGE_REGULATION:  # takes no data; where it leads: test_going_over
        assert form_of(event, EVERY_LEVEL) == ()
        return
    source = next(row.source for row in EVERY_LEVEL.transitions if row.event is event)
    data = read_event_data(event, example_of(form_of(event, EVERY_LEVEL)), EVERY_LEVEL)
    mean = {Event.ESCALATE: 75, Event.REJECT: 20}.get(event, 65)
    on = date(2025, 1, 1) if event is Event.LAPSE else date(2024, 11, 26)
    facts = Facts(SEED, on, Dossier.FIRST, score=Score(Level.DISTRICT, Fraction(mean)), data=data)
    if event in (Event.DISMISS, Event.REVOKE):  # each follows a conclusion
        facts = replace(facts, concluded_on=on)
    if event is Event.CONFIRM_COMPLETE:  # of a renewal
        facts = replace(facts, dossier=Dossier.RENEWAL)
    if event is Event.RECONSIDER_RENEWAL:
        facts = replace(facts, not_renewing_on=on)
    if event in (Event.FORWARD, Event.RE_EVALUATE):  # of the highest star, which the law of 2026 knows
        facts = Facts(
            load_regulation("qd-26-2026"),
            on,
            Dossier.RENEWAL,
            score=Score(Level.CENTRAL, Fraction(mean)),
            certificate=Certificate(
                star=5, number="1/QĐ-BNN", decided_on=date(2023, 1, 1), valid_until=date(2026, 1, 1)
            ),
            data=data,
        )
    assert isinstance(decide(source, event, facts), Allowed)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"ground": "đ", "conclusion_date": "2026-06-10"},
            "đ) Chủ thể OCOP không còn hoạt động sản xuất sản phẩm OCOP.",
        ),
        ({"ground": "ngừng sản xuất", "conclusion_date": "2025-06-10"}, "ngừng sản xuất"),
        ({"ground": "ngừng sản xuất"}, "ngừng sản xuất"),  # of before conclusions were steps of their own
    ],
)
def test_a_ground_is_told_in_the_words_of_its_law(given: dict[str, str], said: str) -> None:
    assert [value.vi for label, value in told(given, {}) if label.en == "ground of the revocation"] == [said]


def test_what_was_given_is_told_in_words() -> None:
    given = {
        "decision_number": "12/QĐ-UBND",
        "decision_date": "2024-11-25",
        "mean": "89.95",
        "sheets": ["65", "66.5"],
        "group": "food",
        "kind": "upgrade",
        "contents": {"material": "trong xã", "labour": "đủ"},
        "paper": {"number": "15/BB-HĐ", "date": "2024-11-21", "signer": "Chủ tịch Hội đồng"},
        "of_old": "2024",
    }
    said = [(label.vi, value.vi, value.en) for label, value in told(given, {"food": "Thực phẩm"})]
    assert said == [
        ("số quyết định", "12/QĐ-UBND", "12/QĐ-UBND"),
        ("ngày quyết định", "25/11/2024", "2024-11-25"),
        ("điểm trung bình", "89,95", "89.95"),
        ("điểm từng phiếu", "65; 66,5", "65; 66.5"),
        ("ngành hàng", "Thực phẩm", "Thực phẩm"),
        ("loại hồ sơ", "nâng hạng", "upgrade"),
        (
            "bốn nội dung nhận xét",
            "nguồn gốc sản phẩm, nguyên liệu: trong xã; lao động địa phương: đủ",
            "origin of the material: trong xã; local labour: đủ",
        ),
        (
            "văn bản của cấp được ghi thay",
            "số văn bản: 15/BB-HĐ; ngày văn bản: 21/11/2024; người ký: Chủ tịch Hội đồng",
            "number of the document: 15/BB-HĐ; date of the document: 2024-11-21; signer: Chủ tịch Hội đồng",
        ),
        ("of_old", "2024", "2024"),
    ]


@pytest.mark.parametrize(
    ("mean", "vi", "en"),
    [
        (Fraction(65), "65", "65"),
        (Fraction("65.5"), "65,5", "65.5"),
        (Fraction("89.95"), "89,95", "89.95"),
        (Fraction("89.999"), "89,99 (89999/1000)", "89.99 (89999/1000)"),
        (Fraction(26999, 300), "89,99 (26999/300)", "89.99 (26999/300)"),
        (Fraction(200, 3), "66,66 (200/3)", "66.66 (200/3)"),
    ],
)
def test_a_mean_is_cut_and_never_rounded(mean: Fraction, vi: str, en: str) -> None:
    assert mean_in_words(mean) == Text(vi, en)
