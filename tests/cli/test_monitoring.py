"""`ocop inspections`, `ocop visit`: who is to be seen, recording a visit, what is still to be done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Said

    Ocop = Callable[..., Said]

#: a certificate that runs, and by which a product of Phổ An comes into the register
PAPER = {
    "unit": "pho-an",
    "product": "Mắm cái",
    "signer": "Chủ tịch UBND thị xã",
    "evidence": "A",
    "source": "https://duc-pho.example/qd-77",
    "certificate": {
        "star": 3,
        "number": "77/QĐ-UBND",
        "decided_on": "2023-03-01",
        "valid_until": "2026-03-01",
    },
}
VISIT = {
    "visited_on": "20/4/2024",
    "visitors": "Phòng Kinh tế",
    "conclusion": "Duy trì được tiêu chí.",
    "findings": [
        {"criterion": "5.1", "result": "not_met", "follow_up": "In lại nhãn", "due_on": "30/4/2024"}
    ],
}


@pytest.fixture
def coded(town: Ocop) -> str:
    """The code of a product that is certified."""
    entered = town("certificates", "enter", "--data", json.dumps(PAPER), "--json")
    assert entered.code == 0, entered.err
    (found,) = town("inspections", "--json").json
    assert found["status"] == "not_due"
    return str(found["product"])


def test_a_visit_is_recorded_shown_done_reopened_and_taken_back(town: Ocop, coded: str) -> None:
    done = town("visit", "record", coded, "--data", json.dumps(VISIT))
    assert done.out == f"Đã ghi lần kiểm tra số 1 của {coded}, ngày 20/04/2024.\n"
    told = town("inspections").out
    assert ("1 sản phẩm" in told, "20/04/2024" in told, "đã kiểm tra" in told) == (True, True, True)
    assert "1 việc phải làm, 0 trễ" in told
    assert "In lại nhãn" in town("visit", "show", "1").out
    assert f"{coded} Mắm cái: 1 lần kiểm tra." in town("visit", "list", coded).out
    assert "còn" in town("visit", "follow-ups").out
    ended = town("visit", "done", "1", "--on", "22/4/2024", "--note", "đã in lại")
    assert ended.out == f"Đã ghi việc số 1 của {coded} xong ngày 22/04/2024.\n"
    assert town("visit", "follow-ups", "--unit", "pho-an", "--json").json == []
    again = town("visit", "reopen", "1", "--reason", "nhãn khác")
    assert again.out == f"Việc số 1 của {coded} còn phải làm, hạn 30/04/2024.\n"
    gone = town("visit", "withdraw", "1", "--reason", "nhầm sản phẩm")
    assert gone.out == f"Đã rút lần kiểm tra số 1 của {coded}.\n"
    assert town("visit", "list", coded, "--json").json == {"code": coded, "product": "Mắm cái", "visits": []}


def test_a_machine_reads_the_same(town: Ocop, coded: str) -> None:
    done = town("visit", "record", coded, "--data", json.dumps(VISIT), "--json").json
    assert town("visit", "show", "1", "--json").json == done
    assert [one["due_on"] for one in town("visit", "follow-ups", "--json").json] == ["2024-04-30"]
    assert town("visit", "done", "1", "--json").json["done_by"] == "ocop"
    assert town("visit", "reopen", "1", "--reason", "nhầm", "--json").json["done_on"] is None
    assert town("inspections", "--status", "late", "--json").json == []
    assert town("visit", "withdraw", "1", "--reason", "nhầm", "--json").json == {
        "code": coded,
        "withdrawn": 1,
    }


def test_what_cannot_be_is_refused_in_one_sentence(town: Ocop, coded: str) -> None:
    wrong = town("visit", "record", coded, "--data", json.dumps({**VISIT, "visited_on": "2099-01-01"}))
    assert (wrong.code, "visited_on: 01/01/2099 còn ở tương lai" in wrong.err) == (1, True)
    assert town("visit", "record", coded, "--data", json.dumps({**VISIT, "findings": ["x"]})).code == 1
    assert town("visit", "record", coded, "--data", json.dumps({**VISIT, "findings": "x"})).code == 1
    assert town("visit", "record", "DP24-002", "--data", json.dumps(VISIT)).code == 1
    assert [town("visit", *words).code for words in (("show", "9"), ("done", "9"), ("list", "XX-1"))] == [
        2
    ] * 3
    assert town("inspections", "--unit", "nowhere").code == 2
