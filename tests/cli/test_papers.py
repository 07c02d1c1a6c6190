"""`ocop paper`: what a dossier needs, recording a paper, withdrawing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Said

    Ocop = Callable[..., Said]

SAYS = '{"number": "12/PĐK", "issued_on": "20/4/2024", "expires_on": "2024-04-22", "shelf": "tủ 2"}'


def test_a_paper_is_recorded_listed_and_withdrawn(town: Ocop) -> None:
    assert "Còn thiếu 2; hết hạn 0." in town("paper", "list", "DP24-002").out
    done = town("paper", "add", "DP24-002", "registration", "--data", SAYS)
    assert done.out == "Đã ghi giấy tờ số 1 (registration) vào hồ sơ của DP24-002.\n"
    told = town("paper", "list", "DP24-002").out
    assert "HẾT HẠN" in told
    assert "Còn thiếu 2; hết hạn 1." in told
    other = '{"name": "Giải thưởng", "criteria": ["3.5"]}'
    assert town("paper", "add", "DP24-002", "other", "--data", other, "--json").json["criteria"] == ["3.5"]
    assert "Giải thưởng" in town("paper", "list", "DP24-002").out
    assert "ĐÃ HẾT HẠN" in town("paper", "ending").out
    assert town("paper", "ending", "--within", "0", "--json").json["count"] == 1
    gone = town("paper", "withdraw", "DP24-002", "1", "--reason", "hết hạn")
    assert gone.out == "Đã rút giấy tờ số 1 khỏi hồ sơ của DP24-002.\n"
    found = town("paper", "list", "DP24-002", "--json").json
    assert (found["lacking"], found["expired"], [item["id"] for item in found["other"]]) == (2, 0, [2])


def test_what_cannot_be_is_refused_in_words(town: Ocop) -> None:
    wrong = town("paper", "add", "DP24-002", "passport", "--data", '{"issued_on": "2099-01-01"}')
    assert (wrong.code, "kind: phải là một trong: registration," in wrong.err) == (1, True)
    assert town("paper", "add", "DP24-002", "registration", "--data", '{"colour": "red"}').code == 1
    assert town("paper", "withdraw", "DP24-002", "9", "--reason", "x").code == 2
    assert town("paper", "list", "XX-1").code == 2
