"""`ocop rubric`: the sheets of the law, and what filled ones come to; no database is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.regulations.rubrics.plain import best, choosable, criteria

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Said

    Ocop = Callable[..., Said]


def put(path: Path, sheet: object) -> str:
    path.write_text(json.dumps(sheet, ensure_ascii=False), "utf-8")
    return str(path)


def test_the_star_of_three_members_is_told(ocop: Ocop, tmp_path: Path) -> None:
    files = [
        put(tmp_path / f"{name}.json", {"choices": best(1, c1_5=chosen, c3_5=1)})
        for name, chosen in (("a", 1), ("b", 2), ("c", 3))
    ]
    told = ocop("rubric", "score", "1", *files)
    assert (told.code, told.out) == (
        0,
        """\
Bộ 1. Rau, củ, quả, hạt tươi
Phiếu: 3, mỗi phiếu 95, 96, 97 điểm
Trung bình: 288/3 = 96,00, trong khung 5 sao
Chưa đạt điều kiện 4 sao: 1.5 Liên kết sản xuất (có 1, cần 2); 3.5 Sở hữu trí tuệ (có 1, cần 2)
Chưa đạt điều kiện 5 sao: 1.5 Liên kết sản xuất (có 1, cần 3); 3.5 Sở hữu trí tuệ (có 1, cần 2)
Kết quả: 3 SAO
Để lên 4 sao: đủ điểm; ít việc nhất: 1.5 Liên kết sản xuất: mức 3 (2 điểm); 3.5 Sở hữu trí tuệ: mức 2 (2 điểm)
Cần người đối chiếu bản ký: mục 8, mức 4: mức 5 điểm không in dấu *****; 22 bộ khác in ***** ở đúng mức này; \
nếu đúng thế: 3 sao
""",
    )


def test_the_same_for_machines(ocop: Ocop, tmp_path: Path) -> None:
    told = ocop("rubric", "score", "16", put(tmp_path / "a.json", {"choices": best(16, c2_2=2)}), "--json")
    missed = {"criterion": "2.2", "have": 1, "need": 2}
    assert told.json == {
        "set": 16,
        "totals": [98],
        "sum": 98,
        "n": 1,
        "mean": "98",
        "mean_shown": "98,00",
        "band": 5,
        "gates": {"3": [missed], "4": [missed], "5": [missed]},
        "out": None,
        "star": None,
        "next": {
            "star": 3,
            "missed": [missed],
            "points_short": 0,
            "cheapest": [{"criterion": "2.2", "option": 3, "points": 2}],
        },
        "needs_human": [],
    }


def test_who_is_out_and_who_misses_the_gates_of_three_stars_is_told_why(ocop: Ocop, tmp_path: Path) -> None:
    out = {"choices": best(7), "knockouts": [{"where": "2.1", "reason": "giống hệt sản phẩm khác"}]}
    told = ocop("rubric", "score", "7", put(tmp_path / "out.json", out))
    assert "Kết quả: BỊ LOẠI. 2.1: giống hệt sản phẩm khác\n" in told.out
    told = ocop("rubric", "score", "16", put(tmp_path / "low.json", {"choices": best(16, c2_2=2)}))
    assert "Kết quả: KHÔNG ĐẠT HẠNG, vì chưa đủ điều kiện 3 sao\n" in told.out
    stopped = {"choices": best(5), "stops": [{"where": "6.1", "reason": "có cát"}]}
    told = ocop("rubric", "score", "5", put(tmp_path / "stop.json", stopped))
    assert "Để lên 3 sao: đủ điểm; không chỉ là chuyện điểm\n" in told.out


def test_by_parts_where_no_sheets_are_at_hand(ocop: Ocop, tmp_path: Path) -> None:
    file = put(tmp_path / "a.json", {"parts": {"A": "38", "B": "22.5", "C": "29"}})
    told = ocop("rubric", "score", "qd-148-2023", file)
    assert told.out == (
        "Phiếu: 1, mỗi phiếu 89.5 điểm\n"
        "Trung bình: 89.5/1 = 89,50, trong khung 4 sao\n"
        "Kết quả: 4 SAO\n"
        "Để lên 5 sao: thiếu 0.5 điểm trong tổng\n"
    )


def test_every_fault_of_every_sheet_is_told_and_nothing_is_reckoned(ocop: Ocop, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"choices": {"1.1": 1, "1.1": 2}, "x": 1}', "utf-8")
    told = ocop("rubric", "score", "24", str(tmp_path / "a.json"), put(tmp_path / "b.json", []), "--json")
    places = [fault["place"] for fault in told.json["faults"]]
    assert (told.code, told.json["error"]) == (1, "invalid_input")
    assert {"a.json: choices.1.1", "a.json: x", "a.json: choices.1.2", "b.json: "} <= set(places)


def test_rules_of_a_council_are_taken_from_their_file(ocop: Ocop, tmp_path: Path) -> None:
    rules = tmp_path / "quy-che.toml"
    rules.write_text('source = "QĐ 12/QĐ-HĐOCOP"\nminimum_scores = 2\n', "utf-8")
    file = put(tmp_path / "a.json", {"choices": best(2)})
    told = ocop("rubric", "score", "2", file, "--rules", str(rules))
    assert (told.code, told.err.splitlines()[0]) == (
        1,
        "Lỗi: Có 1 phiếu; quy chế đòi ít nhất 2 phiếu mới có kết quả.",
    )


def test_sheets_are_listed_shown_and_checked(ocop: Ocop, tmp_path: Path) -> None:
    listed = ocop("rubric", "list", "--json").json
    assert [line["set"] for line in listed if line["needs_human"]] == [1, 7, 10, 23, 26]
    assert "Nước khoáng thiên nhiên" in ocop("rubric", "list").out
    shown = ocop("rubric", "show", "26").out
    assert "[2] Có Bộ phận điều phối quản lý" in shown
    assert "a) Trường hợp 1: Dịch vụ du lịch do cộng đồng cung cấp" in shown
    assert "Cần người đối chiếu bản ký: mục 3.4, 3.5: có ba dấu sao" in shown
    assert "In “13”, dùng 3: mục 7, mức 3" in ocop("rubric", "show", "4").out
    assert "có: 1 điểm; không: 0 điểm" in ocop("rubric", "show", "1").out
    assert ocop("rubric", "show", "26", "--json").json["criteria"][0]["id"] == "1.1"
    assert ocop("rubric", "show", "27").code == 2
    assert ocop("rubric", "check", "--json").json == {"sets": list(range(1, 27)), "faults": []}
    assert ocop("rubric", "check").out.splitlines()[6] == "Bộ 7: đúng; cần người đối chiếu: 3.1 option 2"
    broken = ocop("rubric", "check", put(tmp_path / "set.json", {"schema": "ocop-rubric/1"}), "--json")
    assert (broken.code, "name" in {fault["place"] for fault in broken.json["faults"]}) == (1, True)


def test_cases_and_yes_are_advised_in_words(ocop: Ocop, tmp_path: Path) -> None:
    worst = {name: choosable(item)[1][0] for name, item in criteria(26).items()}
    but = {"8": {"branch": "b", "option": 1}, "1.1": 2}
    told = ocop("rubric", "score", "26", put(tmp_path / "a.json", {"choices": worst | but}), "--json").json
    assert (told["star"], told["next"]["star"]) == (told["band"], told["band"] + 1)
    low = {name: choosable(item)[1][0] for name, item in criteria(22).items()}
    line = ocop("rubric", "score", "22", put(tmp_path / "b.json", {"choices": low})).out.splitlines()[-1]
    assert line.startswith("Để lên 2 sao: thiếu ")
    almost = ocop("rubric", "score", "26", put(tmp_path / "c.json", {"choices": best(26, c8=None)})).out
    assert "Kết quả: 5 SAO" in almost
