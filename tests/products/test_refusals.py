"""Orders that must fail: one clear sentence, what may be done instead, and not a row is changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.errors import InvalidInput, NotFound, OcopError, Stale, WrongUse
from ocop_workflow.products.advance import Order, advance
from ocop_workflow.products.checks import DatesDisagree
from ocop_workflow.products.refusals import EventRefused
from ocop_workflow.states import Event, State
from tests.factories import GOOD_DATA, LAN, SENDER, act
from tests.stories.journeys import (
    EXAMPLE,
    certificates,
    everything,
    load_text,
    open_deadlines,
    state_of,
    step,
    walk_to,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE = "DP24-001"


def order(
    event: str = "register",
    data: Mapping[str, Any] | None = None,
    *,
    code: str = ONE,
    on: date | None = None,
    version: int | None = None,
) -> Order:
    return Order(code, event, LAN, GOOD_DATA.get(event, {}) if data is None else data, on, "", version)


def refused(database: Database, clock: FixedClock, given: Order) -> OcopError:
    """Give an order that must fail, and see that not a row has changed."""
    before = everything(database)
    with pytest.raises(OcopError) as caught, database.write() as tx:
        advance(tx, given, sender=SENDER, today=clock.today(), now=clock.now())
    assert everything(database) == before
    assert caught.value.text.vi
    return caught.value


def test_an_event_that_does_not_exist_here_is_refused_with_those_that_do(
    seeded: Database, clock: FixedClock
) -> None:
    error = refused(seeded, clock, order("certify"))
    assert isinstance(error, EventRefused)
    assert (error.refusal.state, error.refusal.allowed, error.refusal.missing) == (
        State.IDEA,
        (Event.REGISTER, Event.WITHDRAW),
        (),
    )
    assert error.text.vi == (
        "DP24-001 đang ở «Ý tưởng», không thể «Công nhận»; có thể: "
        "register (Đăng ký ý tưởng; cần group), withdraw (Rút; cần reason)."
    )
    assert error.text.en == (
        "DP24-001 is idea: certify is not possible; "
        "possible: register (needs group), withdraw (needs reason)."
    )
    assert error.members == {
        "allowed": ["register", "withdraw"],
        "needs": {"register": ["group"], "withdraw": ["reason"]},
        "missing": [],
    }


def test_a_step_that_does_not_exist_is_refused_whatever_is_given_with_it(
    seeded: Database, clock: FixedClock
) -> None:
    error = refused(seeded, clock, order("certify", {"mean": 200, "colour": "red"}))
    assert isinstance(error, EventRefused)


def test_what_is_missing_is_named_with_its_clause(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, ONE, "start_consulting")
    error = refused(seeded, clock, order("commune_evaluate", {"report_number": "12/BC-UBND"}))
    assert isinstance(error, EventRefused)
    assert [(item.name, item.clause) for item in error.refusal.missing] == [
        ("commune_report", "khoản 1 Phụ lục II QĐ 148/QĐ-TTg"),
        ("four_contents", "khoản 1 Phụ lục II QĐ 148/QĐ-TTg"),
    ]
    assert error.refusal.allowed == (Event.COMMUNE_EVALUATE, Event.WITHDRAW)
    assert error.text.vi == (
        "DP24-001 (Đang tư vấn, hoàn thiện): chưa thể «Cấp xã đánh giá», còn thiếu: "
        "số và ngày báo cáo đánh giá của UBND cấp xã (report_date; khoản 1 Phụ lục II QĐ 148/QĐ-TTg); "
        "nhận xét đủ bốn nội dung: nguồn gốc sản phẩm/nguyên liệu, lao động địa phương, "
        "nguồn gốc ý tưởng, bản sắc/trí tuệ địa phương (contents; khoản 1 Phụ lục II QĐ 148/QĐ-TTg)."
    )


def test_a_missing_reason_has_no_clause_to_name(seeded: Database, clock: FixedClock) -> None:
    error = refused(seeded, clock, order("withdraw", {}))
    assert error.text.en == "DP24-001 (idea): cannot withdraw yet, missing: the reason (reason)."


def test_a_districts_75_may_only_be_escalated(seeded: Database, clock: FixedClock) -> None:
    """The province then gives 65: three stars, and the district certifies (design §3)."""
    walk_to(seeded, clock, ONE, "commune_evaluate")
    step(seeded, clock, ONE, "score_district", date(2024, 11, 20), mean="75")
    assert [missing.name for missing in _refusal(seeded, clock, "certify")] == ["owner_reached"]
    step(seeded, clock, ONE, "escalate", date(2024, 11, 21))
    assert (state_of(seeded, ONE), open_deadlines(seeded, ONE)) == (
        "escalated_to_province",
        {"next_level": date(2025, 1, 20)},  # the province answers within sixty days
    )
    step(seeded, clock, ONE, "score_province", date(2024, 12, 10), mean="65")
    step(seeded, clock, ONE, "certify", date(2024, 12, 20))
    assert certificates(seeded, ONE)[0][0] == 3


@pytest.mark.parametrize(
    ("given", "star", "lacks"),
    [
        ({"mean": "42"}, 2, "đạt từ 3 sao trở lên (khung điểm phân hạng, QĐ 148/QĐ-TTg)"),
        ({"mean": "93", "gates_met": 2}, 2, "đạt từ 3 sao trở lên (khung điểm phân hạng, QĐ 148/QĐ-TTg)"),
        (
            {"mean": "75"},
            4,
            (
                "hạng 4 sao do UBND tỉnh Quảng Ngãi công nhận: chuyển hồ sơ lên cấp trên (escalate) "
                "(khoản 1 Phụ lục II QĐ 148/QĐ-TTg)"
            ),
        ),
    ],
)
def test_a_refusal_names_only_what_can_be_done_now(
    seeded: Database, clock: FixedClock, given: Mapping[str, Any], star: int, lacks: str
) -> None:
    walk_to(seeded, clock, ONE, "commune_evaluate")
    step(seeded, clock, ONE, "score_district", date(2024, 11, 20), **given)
    way = (
        "reject (Không xếp hạng)"
        if star < 3
        else "escalate (Chuyển cấp trên; cần decision_number, decision_date)"
    )
    assert refused(seeded, clock, order("certify")).text.vi == (
        f"{ONE} (Cấp huyện đã chấm điểm): chưa thể «Công nhận», còn thiếu: {lacks}. "
        f"Có thể: {way}, withdraw (Rút; cần reason)."
    )


def test_where_no_data_would_help_none_are_asked_for(seeded: Database, clock: FixedClock) -> None:
    """Programs still hear of everything that is missing."""
    walk_to(seeded, clock, ONE, "commune_evaluate")
    step(seeded, clock, ONE, "score_district", date(2024, 11, 20), mean="42")
    error = refused(seeded, clock, order("certify", {}))
    assert error.text.en == (
        f"{ONE} (district_scored): cannot certify yet, missing: three stars or more "
        "(khung điểm phân hạng, QĐ 148/QĐ-TTg). Possible: reject, withdraw (needs reason)."
    )
    assert [lack["name"] for lack in error.members["missing"]] == [
        "star_recognised",
        "decision",
        "signer",
        "publication",
    ]


def test_a_dossier_that_its_gates_bar_from_any_star_is_not_sent_up(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, ONE, "commune_evaluate")
    step(seeded, clock, ONE, "score_district", date(2024, 11, 20), mean="93", gates_met=2)
    assert [missing.name for missing in _refusal(seeded, clock, "escalate")] == ["gates_met"]
    step(seeded, clock, ONE, "reject", date(2024, 11, 21))
    assert state_of(seeded, ONE) == "not_rated"


def _refusal(database: Database, clock: FixedClock, event: str) -> tuple[Any, ...]:
    error = refused(database, clock, order(event))
    assert isinstance(error, EventRefused)
    return error.refusal.missing


@pytest.mark.parametrize(
    ("given", "kind", "sentence"),
    [
        (order(code="DP24-999"), NotFound, "No product has the code DP24-999"),
        (order(code="DP24-001\x00"), EventRefused, "register is not possible"),
        (order("promote"), WrongUse, "No event is called promote; there are: register, select"),
        (order("select", version=7), Stale, "has changed (version 1)"),
        (order("select", {"reason": "thích"}), InvalidInput, "data (select)"),
        (order("decline", {"reason": ""}), InvalidInput, "data (decline)"),
        (order("select", on=date(2024, 5, 21)), InvalidInput, "The day of the event is at fault"),
        (order("select", on=date(2024, 4, 24)), DatesDisagree, "The day of the event is at fault"),
    ],
)
def test_an_order_that_cannot_be_is_refused_with_one_sentence(
    seeded: Database, clock: FixedClock, given: Order, kind: type[OcopError], sentence: str
) -> None:
    walk_to(seeded, clock, ONE, "register")
    clock.move_to(date(2024, 5, 20))
    error = refused(seeded, clock, given)
    assert type(error) is kind
    assert sentence in error.text.en


@pytest.mark.parametrize(
    ("on", "words", "câu"),
    [
        (date(2024, 5, 21), "2024-05-21 is in the future", "21/05/2024 còn ở tương lai"),
        (
            date(2024, 4, 24),
            "2024-04-24 lies before the last event (2024-04-25)",
            "24/04/2024 đứng trước thao tác liền trước (25/04/2024)",
        ),
    ],
)
def test_a_day_that_cannot_be_is_a_fault_of_its_field(
    seeded: Database,
    clock: FixedClock,
    on: date,
    words: str,
    câu: str,  # noqa: PLC2401 - the sentence in Vietnamese
) -> None:
    walk_to(seeded, clock, ONE, "register")
    clock.move_to(date(2024, 5, 20))
    (found,) = refused(seeded, clock, order("select", on=on)).faults
    assert (found.place, found.text.en, found.text.vi) == ("on", words, câu)


def test_every_fault_of_the_data_is_named_at_once(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, ONE, "score_district")
    bad = {"signer": " ", "decision_date": "2024-13-01", "official_code": "x" * 61, "mean": 65}
    error = refused(seeded, clock, order("certify", bad))
    assert isinstance(error, InvalidInput)
    assert sorted(found.place for found in error.faults) == [
        "decision_date",
        "mean",
        "official_code",
        "signer",
    ]


def test_a_group_that_the_regulation_lacks_is_named_with_those_it_has(
    seeded: Database, clock: FixedClock
) -> None:
    error = refused(seeded, clock, order(data={"group": "furniture", "producer": "HTX Mới"}))
    (found,) = error.faults
    assert (found.place, found.text.en) == (
        "group",
        "no product group furniture; there are: food, drinks, medicinal, handicrafts, ornamental, tourism",
    )
    assert "food (Thực phẩm)" in found.text.vi


def test_a_plan_that_is_not_loaded_is_not_found(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, ONE, "register")
    act(seeded, clock, ONE, "withdraw")
    error = refused(seeded, clock, order("resubmit", {"plan": "duc-pho-1999"}))
    assert isinstance(error, NotFound)
    assert "duc-pho-1999 is not loaded; loaded: duc-pho-2024" in error.text.en


def test_the_version_that_was_looked_at_may_be_named(seeded: Database, clock: FixedClock) -> None:
    for version, event in enumerate(("register", "select")):
        with seeded.write() as tx:
            advance(tx, order(event, version=version), sender=SENDER, today=clock.today(), now=clock.now())
    assert state_of(seeded, ONE) == "selected"


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("\ud800", "holds a broken character"),
        (7, "must be text in quotation marks"),
        ("\u200b", "must not be empty"),
    ],
)
def test_text_that_is_no_text_is_a_fault(
    seeded: Database, clock: FixedClock, reason: object, words: str
) -> None:
    (found,) = refused(seeded, clock, order("withdraw", {"reason": reason})).faults
    assert found.place == "reason"
    assert words in found.text.en


def test_a_dossier_cannot_move_to_a_plan_of_strangers(seeded: Database, clock: FixedClock) -> None:
    load_text(seeded, clock, shipped_plan_text(EXAMPLE))
    act(seeded, clock, "DP24-001", "withdraw")
    before = everything(seeded)
    with pytest.raises(InvalidInput) as refused:
        act(seeded, clock, "DP24-001", "resubmit", {"plan": EXAMPLE})
    assert [(fault.place, fault.text.en) for fault in refused.value.faults] == [
        ("plan", "example-2026 is a plan of Tỉnh Ví Dụ, which Xã Phổ Phong does not lie under")
    ]
    assert everything(seeded) == before
