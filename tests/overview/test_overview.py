"""What lists and pages show: the agreed keys, lateness derived from the day, what may be done next."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.errors import NotFound, WrongUse
from ocop_workflow.overview.products import (
    WantedProducts,
    list_products,
    product_history,
    product_in_full,
    product_page,
    product_view,
)
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.views import to_plain
from tests.factories import GOOD_DATA, SEED, SENDER, act
from tests.stories.journeys import NEXT, load_text, next_plan, revoke, step, walk_to

if TYPE_CHECKING:
    from ocop_workflow.errors import Language
    from ocop_workflow.products.views import ProductInFullView, ProductView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE = "DP24-001"


def view(database: Database, code: str, today: date) -> ProductView:
    with database.read() as tx:
        return product_view(tx, code, today)


def listed(database: Database, today: date, **wanted: object) -> list[str]:
    with database.read() as tx:
        return [found.code for found in list_products(tx, today, WantedProducts(**wanted))]  # type: ignore[arg-type]  # filters by name


def test_a_product_is_shown_under_the_keys_that_others_lean_on(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, ONE, "commune_evaluate")
    step(seeded, clock, ONE, "score_district", date(2024, 11, 20), mean="75")
    shown = to_plain(view(seeded, ONE, date(2024, 11, 23)))
    assert shown == {
        "code": ONE,
        "name": "Du lịch dịch vụ cộng đồng ở nông thôn",
        "unit": "Xã Phổ Phong",
        "producer_id": shown["producer_id"],
        "producer": "Ngô Ngọc Việt",
        "representative": "Ngô Ngọc Việt",
        "group": "food",
        "group_name": "Thực phẩm",
        "address": shown["address"],
        "official_code": None,
        "plan": SEED,
        "dossier": "first",
        "dossier_label": "lần đầu",
        "received_on": None,
        "state": "district_scored",
        "state_label": "Cấp huyện đã chấm điểm",
        "star": None,
        "score": {
            "level": "district",
            "level_label": "cấp huyện",
            "mean": "75",
            "exact": "75",
            "star": 4,
            "gates_met": 5,
        },
        "certificate": None,
        "version": 5,
        "overdue": False,
        "deadlines": [
            {
                "milestone": "outcome",
                "due_on": "2024-11-30",
                "days_left": 7,
                "stage": "D-7",
                "overdue": False,
            }
        ],
        "allowed": ["escalate", "withdraw"],
        "needs": {"escalate": ["decision_number", "decision_date"], "withdraw": ["reason"]},
        "updated_at": shown["updated_at"],
        "etag": '"5"',
        "missing": {
            "certify": [
                {
                    "name": "owner_reached",
                    "vi": "hạng 4 sao do UBND tỉnh Quảng Ngãi công nhận: "
                    "chuyển hồ sơ lên cấp trên (escalate)",
                    "en": "4 stars are recognised by UBND tỉnh Quảng Ngãi (the province): "
                    "escalate the dossier (escalate)",
                    "clause": "khoản 1 Phụ lục II QĐ 148/QĐ-TTg",
                    "fields": [],
                }
            ],
            "reject": [
                {
                    "name": "star_below_three",
                    "vi": "kết quả dưới 3 sao",
                    "en": "fewer than three stars",
                    "clause": "khung điểm phân hạng, QĐ 148/QĐ-TTg",
                    "fields": [],
                }
            ],
        },
    }


@pytest.mark.parametrize(
    ("today", "days_left", "stage", "overdue"),
    [
        (date(2024, 4, 23), 7, "D-7", False),
        (date(2024, 4, 25), 5, "D-7", False),
        (date(2024, 4, 26), 4, "D-1", False),
        (date(2024, 4, 30), 0, "D-1", False),
        (date(2024, 5, 1), -1, "D-1", True),
        (date(2024, 5, 2), -2, "D+1", True),
        (date(2024, 5, 7), -7, "D+7", True),
        (date(2025, 2, 1), -277, "D+245", True),
    ],
)
def test_lateness_is_derived_from_the_day_although_no_sweep_ever_ran(
    seeded: Database, today: date, days_left: int, stage: str, *, overdue: bool
) -> None:
    shown = view(seeded, ONE, today)
    (deadline,) = shown.deadlines
    assert (deadline.days_left, deadline.stage, deadline.overdue, shown.overdue) == (
        days_left,
        stage,
        overdue,
        overdue,
    )
    assert listed(seeded, today, overdue=True) == ([f"DP24-{n:03}" for n in range(1, 15)] if overdue else [])


def test_a_deadline_that_has_just_opened_has_no_stage_yet(seeded: Database, clock: FixedClock) -> None:
    walk_to(seeded, clock, ONE, "register")
    assert view(seeded, ONE, date(2024, 4, 25)).deadlines[0].stage is None


def test_an_acknowledged_flag_shows_until_it_is_cleared(seeded: Database, clock: FixedClock) -> None:
    clock.move_to(date(2024, 5, 2))
    sweep(seeded, clock, SENDER)
    assert not view(seeded, ONE, clock.today()).deadlines[0].acknowledged
    with seeded.write() as tx:
        (row,) = deadlines.open_of_product(tx, 1)
        deadlines.acknowledge_flag(tx, row.id, clock.today(), "minh")
    assert view(seeded, ONE, clock.today()).deadlines[0].acknowledged


def test_escalated_selects_both_escalated_states(seeded: Database, clock: FixedClock) -> None:
    for code, mean in ((ONE, "75"), ("DP24-002", "95")):
        clock.move_to(date(2024, 4, 25))
        walk_to(seeded, clock, code, "commune_evaluate")
        step(seeded, clock, code, "score_district", date(2024, 11, 20), mean=mean)
        step(seeded, clock, code, "escalate", date(2024, 11, 21))
    step(seeded, clock, "DP24-002", "score_province", date(2024, 11, 25), mean="95")
    step(seeded, clock, "DP24-002", "escalate", date(2024, 11, 26))
    today = clock.today()
    assert listed(seeded, today, state="escalated") == [ONE, "DP24-002"]
    assert listed(seeded, today, state="escalated_to_central") == ["DP24-002"]
    assert listed(seeded, today, state="central_scored") == []


def test_products_are_listed_by_unit_with_all_that_lies_below_it(seeded: Database, clock: FixedClock) -> None:
    today = clock.today()
    assert listed(seeded, today, unit="pho-nhon") == ["DP24-014"]
    assert len(listed(seeded, today, unit="duc-pho")) == 14
    assert len(listed(seeded, today, unit="quang-ngai")) == 14
    assert listed(seeded, today, unit="pho-van") == []


def test_products_are_listed_by_plan(seeded: Database, clock: FixedClock) -> None:
    load_text(seeded, clock, next_plan())
    assert len(listed(seeded, clock.today(), plan=SEED)) == 14
    assert listed(seeded, clock.today(), plan="duc-pho-next") == []


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"state": "finished"}, "No state is called finished; there are: idea, registered"),
        ({"unit": "sa-huynh"}, "No unit is called sa-huynh"),
        ({"plan": "duc-pho-1999"}, "No plan duc-pho-1999 is loaded"),
    ],
)
def test_an_unknown_word_is_wrong_use(seeded: Database, wanted: dict[str, str], sentence: str) -> None:
    with pytest.raises(WrongUse, match=sentence):
        listed(seeded, date(2024, 4, 23), **wanted)


def test_a_page_holds_the_history_and_the_open_questions(seeded: Database, clock: FixedClock) -> None:
    act(seeded, clock, "DP24-002", "register")
    with seeded.read() as tx:
        page = product_page(tx, "DP24-002", clock.today())
    assert [entry.event.value for entry in page.history] == ["register"]
    assert [(asked.vi, asked.en) for asked in page.questions] == [
        (
            (
                "Cùng địa phương có sản phẩm trùng tên ở dòng 8 (STT 6): “Khô Bò”; "
                "có phải là hai sản phẩm khác nhau không?"
            ),
            "The unit has a product of the same name in row 8 (STT 6): “Khô Bò”; are they different?",
        ),
    ]


def test_no_product_no_page(seeded: Database, clock: FixedClock) -> None:
    with seeded.read() as tx, pytest.raises(NotFound, match="DP24-099"):
        product_page(tx, "DP24-099", clock.today())


def in_full(database: Database, code: str, today: date, language: Language = "vi") -> ProductInFullView:
    with database.read() as tx:
        return product_in_full(tx, code, today, language=language)


def test_all_that_is_on_record_of_a_product_is_shown(seeded: Database, clock: FixedClock) -> None:
    load_text(seeded, clock, next_plan())
    walk_to(seeded, clock, ONE, "score_district")
    step(seeded, clock, ONE, "certify", date(2024, 11, 26), official_code="51-DP-001")
    shown = in_full(seeded, ONE, date(2024, 11, 28))
    held = {
        "star": 3,
        "number": "1234/QĐ-UBND",
        "decided_on": "2024-11-25",
        "valid_until": "2027-11-25",
        "signer": "Chủ tịch UBND thị xã",
        "standing": "confirmed",
        "standing_label": "đã xác nhận",
    }
    as_json = to_plain(shown)
    assert (as_json["star"], as_json["certificate"]) == (3, held)
    assert as_json["certificates"] == [
        {"id": 1, **held, "ended_on": None, "ended_because": None, "ended_label": None}
    ]
    assert as_json["given"] == {
        "group": "food",
        "consultant": "Trung tâm Khuyến nông",
        "report_number": "12/BC-UBND",
        "report_date": "2024-10-01",
        "contents": GOOD_DATA["commune_evaluate"]["contents"],
        "session_date": "2024-11-20",
        "mean": "65",
        "decision_number": "1234/QĐ-UBND",
        "decision_date": "2024-11-25",
        "signer": "Chủ tịch UBND thị xã",
        "published_on": "2024-11-26",
        "official_code": "51-DP-001",
    }
    step(seeded, clock, ONE, "open_re_rating", date(2024, 12, 3))
    assert in_full(seeded, ONE, date(2024, 12, 3)).given == {"kind": "renewal", "plan": NEXT}
    revoke(seeded, clock, ONE, date(2024, 12, 4))
    after = to_plain(in_full(seeded, ONE, date(2024, 12, 4), "en"))
    assert (after["star"], after["certificate"], after["dossier_label"]) == (None, None, "renewal")
    ended = {"ended_on": "2024-12-04", "ended_because": "revoked", "ended_label": "revoked"}
    assert after["certificates"] == [{"id": 1, **held, "standing_label": "confirmed", **ended}]


def test_each_step_of_the_history_says_in_words_what_was_given_with_it(
    seeded: Database, clock: FixedClock
) -> None:
    walk_to(seeded, clock, ONE, "certify")
    with seeded.read() as tx:
        steps = [to_plain(step) for step in product_history(tx, ONE, date(2024, 11, 28))]
        last = product_history(tx, ONE, date(2024, 11, 28), language="en")[-1]
    vi, en = steps[-1], to_plain(last)
    assert (vi["label"], en["label"]) == ("Công nhận", "Certify")
    assert vi["given"] == [
        {"label": "số quyết định", "value": "1234/QĐ-UBND"},
        {"label": "ngày quyết định", "value": "25/11/2024"},
        {"label": "người ký", "value": "Chủ tịch UBND thị xã"},
        {"label": "ngày công bố kết quả", "value": "26/11/2024"},
    ]
    assert en["given"] == [
        {"label": "number of the decision", "value": "1234/QĐ-UBND"},
        {"label": "date of the decision", "value": "2024-11-25"},
        {"label": "signer", "value": "Chủ tịch UBND thị xã"},
        {"label": "day on which the result was published", "value": "2024-11-26"},
    ]
    assert steps[0]["given"] == [{"label": "ngành hàng", "value": "Thực phẩm"}]
