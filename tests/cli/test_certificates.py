"""`ocop certificates`: what a commune has named, and what its level says of it."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Said

    Ocop = Callable[..., Said]

CODE = "DP24-002"
NAMED = {"star": 3, "number": "77/QĐ-UBND", "decided_on": "2022-06-01", "valid_until": "2025-06-01"}
PAPER = '{"paper_number": "77/QĐ-UBND", "paper_date": "2022-06-01"}'


@pytest.fixture
def proposed(town: Ocop, home: Path) -> Ocop:
    """A product of Phổ An that was recognised before; Lan of the ward opens its re-rating."""
    with sqlite3.connect(home / "var" / "ocop.sqlite3") as connection:
        connection.execute("UPDATE products SET state = 'monitored' WHERE code = ?", (CODE,))
    connection.close()
    town("officer", "add", "quan", "--role", "administrator", "--unit", "duc-pho")
    town("officer", "add", "lan", "--role", "commune_officer", "--unit", "pho-an")
    town("officer", "add", "minh", "--role", "authority_officer", "--unit", "duc-pho")
    data = json.dumps({"kind": "renewal", "plan": "duc-pho-2024", "certificate": NAMED})
    assert town("advance", CODE, "open_re_rating", "--as", "lan", "--data", data).code == 0
    return town


def test_a_proposed_certificate_is_marked_and_confirmed(proposed: Ocop) -> None:
    (found,) = proposed("certificates", "list", "--standing", "proposed", "--unit", "pho-an", "--json").json
    assert (found["product"], found["star"], found["status"]) == (CODE, 3, "in_re_rating")
    assert "theo khai báo của xã, chưa xác nhận" in proposed("certificates", "list").out
    assert "(giấy chứng nhận theo khai báo của xã, chưa xác nhận)" in proposed("product", CODE).out

    number = str(found["id"])
    refused = proposed("certificates", "confirm", number, "--as", "lan", "--data", PAPER)
    assert refused.code == 1
    assert refused.err.splitlines()[0] == (
        f"Lỗi: Giấy chứng nhận {number} (3 sao): lan không có quyền xác nhận; việc này do "
        "UBND thị xã Đức Phổ làm."
    )
    assert proposed("certificates", "confirm", number, "--as", "minh", "--data", PAPER).out.splitlines() == [
        f"Giấy chứng nhận {number}: 3 sao, số 77/QĐ-UBND ngày 01/06/2022",
        "  Sản phẩm: DP24-002 Khô Bò, " + found["producer"] + ", Xã Phổ An",
        "  Có giá trị đến 01/06/2025: đang đánh giá lại",
        "  Đã xác nhận, minh, theo văn bản số 77/QĐ-UBND ngày 01/06/2022",
        f"  Chứng cứ: A, quyết định đã ký; tra cứu: {page_of(proposed, number)}",
    ]
    assert proposed("certificates", "show", number, "--json").json["standing"] == "confirmed"
    assert "chưa xác nhận" not in proposed("product", CODE).out


def test_a_refused_one_gives_the_product_back(proposed: Ocop) -> None:
    (found,) = proposed("certificates", "list", "--json").json
    because = '{"reason": "không có quyết định này"}'
    said = proposed("certificates", "refuse", str(found["id"]), "--as", "minh", "--data", because)
    assert said.out.splitlines()[-2:] == [
        "  Không được xác nhận, minh: không có quyết định này",
        "  Chứng cứ: C, thông tin chưa kiểm chứng",
    ]
    assert proposed("product", CODE, "--json").json["state"] == "monitored"


def test_what_was_said_by_mistake_is_taken_back(proposed: Ocop) -> None:
    (found,) = proposed("certificates", "list", "--json").json
    number = str(found["id"])
    assert proposed("certificates", "confirm", number, "--as", "minh", "--data", PAPER).code == 0
    assert proposed("certificates", "undo", number, "--reason", "nhầm", "--as", "lan").code == 1
    said = proposed("certificates", "undo", number, "--reason", "nhầm giấy", "--as", "minh")
    assert said.out.splitlines()[-2] == "  Theo khai báo của xã, chưa xác nhận"
    because = '{"reason": "không có quyết định này"}'
    assert proposed("certificates", "refuse", number, "--as", "minh", "--data", because).code == 0
    said = proposed("certificates", "undo", number, "--reason", "nhầm giấy", "--as", "minh", "--json")
    assert said.json["standing"] == "proposed"
    assert proposed("product", CODE, "--json").json["state"] == "re_rating"
    again = proposed("certificates", "undo", number, "--reason", "nhầm giấy", "--as", "minh")
    assert again.err.splitlines()[0] == (
        f"Lỗi: Giấy chứng nhận {number} còn chờ xác nhận, nên không có gì để hoàn tác."
    )


def page_of(ocop: Ocop, number: str) -> str:
    page = ocop("certificates", "show", number, "--json").json["page"]
    assert isinstance(page, str)
    return page


def test_the_register_is_asked_by_status_and_evidence(proposed: Ocop) -> None:
    assert len(proposed("certificates", "list", "--status", "running", "--evidence", "C", "--json").json) == 1
    assert proposed("certificates", "list", "--status", "ended", "--json").json == []
    wrong = proposed("certificates", "list", "--status", "perhaps")
    assert wrong.code == 2
    assert wrong.err.startswith("Lỗi: Không có tình trạng perhaps; có: running, ended, valid, in_re_rating,")


def test_its_qr_code_is_drawn_where_everybody_reaches_its_page(
    proposed: Ocop, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = proposed("certificates", "qr", "1", "--out", "ma.svg")
    assert (refused.code, "không có trang tra cứu" in refused.err) == (1, True)
    assert proposed("certificates", "confirm", "1", "--as", "minh", "--data", PAPER).code == 0
    refused = proposed("certificates", "qr", "1", "--out", "ma.svg")
    assert (refused.code, "OCOP_PUBLIC_URL chưa là địa chỉ" in refused.err) == (1, True)
    monkeypatch.setenv("OCOP_PUBLIC_URL", "https://ocop.duc-pho.example")
    address = f"https://ocop.duc-pho.example{page_of(proposed, '1')}"
    drawn = proposed("certificates", "qr", "1", "--out", "ma.svg")
    assert (drawn.err, drawn.out) == ("", f"Đã ghi ma.svg: {address}\n")
    assert (home / "ma.svg").read_bytes().startswith(b"<svg")
    drawn = proposed("certificates", "qr", "1", "--out", "ma.PNG", "--json")
    assert drawn.json == {"id": 1, "address": address, "file": "ma.PNG"}
    assert (home / "ma.PNG").read_bytes().startswith(b"\x89PNG")
    assert proposed("certificates", "qr", "1", "--out", "ma.gif").code == 2
    assert proposed("certificates", "qr", "1", "--out", "ma.svg").code != 0  # nothing is written over


def test_there_is_no_other(proposed: Ocop) -> None:
    said = proposed("certificates", "show", "99")
    assert (said.code, said.err.splitlines()[0]) == (2, "Lỗi: Không có giấy chứng nhận số 99.")


def test_one_that_was_granted_elsewhere_is_entered_by_its_level_alone(proposed: Ocop) -> None:
    paper = {
        "unit": "pho-an",
        "product": "Nước mắm Kỳ Tân",
        "producer": "Hộ kinh doanh Kỳ Tân",
        "certificate": NAMED,
        "signer": "Chủ tịch UBND huyện",
    }
    given = json.dumps(paper)
    refused = proposed("certificates", "enter", "--as", "lan", "--data", given)
    assert (refused.code, refused.err.splitlines()[0]) == (
        1,
        "Lỗi: lan không có quyền ghi giấy chứng nhận 3 sao: đó là việc của cấp công nhận.",
    )
    said = proposed("certificates", "enter", "--as", "minh", "--data", given)
    assert said.out.splitlines()[1:] == [
        "  Sản phẩm: SO-000001 Nước mắm Kỳ Tân, Hộ kinh doanh Kỳ Tân, Xã Phổ An",
        "  Có giá trị đến 01/06/2025: còn hiệu lực",
        "  Đã xác nhận, minh",
        f"  Chứng cứ: A, quyết định đã ký; tra cứu: {page_of(proposed, '2')}",
    ]
    assert "Hồ sơ: chưa có: sản phẩm ở ngoài mọi kế hoạch" in proposed("product", "SO-000001").out


LIST = """TT,Tên sản phẩm,Chủ thể,Địa chỉ,Nhóm,Hạng sao,Số quyết định,Ngày cấp,Ngày hết hạn,Cơ quan
1,Mắm nêm A,Công ty A,"Số 8, xã Phổ An, tỉnh Quảng Ngãi",TP,3 sao,01/QĐ-UBND,05/8/2023,05/8/2026,UBND huyện
2,Nấm B (Nấm tươi),Công ty B,"Thôn 2, xã Phổ Anh",TP,3 sao,01/QĐ-UBND,05/8/2023,05/8/2026,UBND huyện
"""


def test_a_list_of_certificates_is_looked_at_answered_and_published(proposed: Ocop, home: Path) -> None:
    (home / "list.csv").write_text(LIST, "utf-8")
    bring = ("certificates", "import", "list.csv", "--evidence", "A", "--as", "minh")
    first = proposed(*bring, "--publish", "--out", "back.xlsx", "--json")
    assert first.code == 1
    assert {name: value for name, value in first.json.items() if name != "verdicts"} == {
        "file": "list.csv",
        "rows": 2,
        "new": 1,
        "changed": 0,
        "same": 0,
        "faults": 0,
        "questions": 1,
        "published": False,
    }
    assert first.json["verdicts"][1] == {
        "sheet": "list",
        "row": 3,
        "verdict": "question",
        "code": None,
        "detail": "“xã Phổ Anh” có phải là Xã Phổ An?",
        "cell": "D3",
        "proposed": "Xã Phổ An",
        "standing": None,
        "key": "xã xa pho anh: pho-an",
    }
    assert (home / "back.xlsx").read_bytes().startswith(b"PK")
    (home / "answers.toml").write_text('D3 = "đúng"\n', "utf-8")
    given = (*bring, "--answers", "answers.toml")
    looked = proposed(*given, "--publish", "--dry-run")
    assert (looked.code, looked.out.splitlines()[-1]) == (
        0,
        "sẽ ghi 2; 0 bổ sung; 0 đã có; 0 lỗi; 0 cần hỏi. Ghi vào sổ: thêm --publish.",
    )
    done = proposed(*given, "--publish")
    assert (done.code, done.out.splitlines()[-1]) == (0, "đã ghi 2; 0 bổ sung; 0 đã có; 0 lỗi; 0 cần hỏi.")
    again = proposed(*given, "--publish", "--json")
    assert (again.code, again.json["same"], again.json["new"]) == (0, 2, 0)
    (found,) = proposed("certificates", "list", "--unit", "pho-an", "--status", "valid", "--json").json[:1]
    assert (found["name"], found["star"], found["valid_until"]) == ("Mắm nêm A", 3, "2026-08-05")
    shown = proposed("certificates", "show", str(found["id"]), "--json").json
    assert shown["source"] == "list.csv, list, dòng 2"


def test_what_a_list_has_asked_the_next_one_does_not(proposed: Ocop, home: Path) -> None:
    (home / "list.csv").write_text(LIST, "utf-8")
    bring = ("certificates", "import", "list.csv", "--evidence", "A", "--as", "minh")
    (home / "answers.toml").write_text('"xã xa pho anh: pho-an" = "đúng"\n', "utf-8")
    assert proposed(*bring, "--answers", "answers.toml", "--publish").code == 0
    (home / "list.csv").write_text(LIST.replace("Nấm", "Ốc"), "utf-8")
    assert proposed(*bring).code == 0
    (held,) = proposed("certificates", "answers", "--as", "minh", "--json").json
    assert (held["question"], held["answer"], held["by"], held["unit"]) == (
        "“xã Phổ Anh” có phải là Xã Phổ An?",
        "đúng",
        "minh",
        "Thị xã Đức Phổ",
    )
    left = proposed("certificates", "answers", "--revoke", str(held["id"]), "--as", "minh", "--json")
    assert (left.code, left.json) == (0, [])
    assert proposed(*bring).code == 1


def test_a_slip_is_put_right_with_its_reason(proposed: Ocop, home: Path) -> None:
    (home / "list.csv").write_text(LIST.replace("Phổ Anh", "Phổ An"), "utf-8")
    proposed("certificates", "import", "list.csv", "--evidence", "A", "--as", "minh", "--publish")
    (found,) = proposed("certificates", "list", "--status", "valid", "--json").json[:1]
    correct = ("certificates", "correct", str(found["id"]), "--as", "minh", "--data")
    done = proposed(*correct, '{"number": "01/QĐ-UBND-2023", "reason": "gõ thiếu"}', "--json")
    assert (done.code, done.json["decision"]) == (0, "01/QĐ-UBND-2023")
    (deed,) = (deed for deed in done.json["history"] if deed["action"] == "certificate.correct")
    assert deed["changes"] == [
        {
            "field": "number",
            "label": "số quyết định",
            "before": "01/QĐ-UBND",
            "after": "01/QĐ-UBND-2023",
        }
    ]
    refused = proposed(*correct, '{"valid_until": "2020-01-01", "reason": "gõ nhầm"}')
    assert refused.code == 1
    assert "đứng trước ngày quyết định 05/08/2023" in refused.err


def test_a_list_is_asked_for_as_it_can_be(proposed: Ocop, home: Path) -> None:
    (home / "list.csv").write_text(LIST, "utf-8")
    for wrong in (("--evidence", "D"), ("--out", "back.csv"), ("--out", "list.xlsx", "--evidence", "x")):
        assert proposed("certificates", "import", "list.csv", *wrong).code == 2
    assert proposed("certificates", "import", "none.csv").code == 2
    assert not list(home.glob("*.xlsx"))


def test_what_a_renewal_changes_is_said_and_told(proposed: Ocop) -> None:
    proposed("paper", "add", CODE, "other", "--as", "lan", "--data", '{"name": "Hợp đồng mua hũ"}')
    told = proposed("form", "declare", CODE, "sản lượng", "--as", "lan").out
    assert "Đã công nhận 3 sao, quyết định số 77/QĐ-UBND ngày 01/06/2022" in told
    assert "Chưa khai 8; chưa có chứng minh 0." in told
    change = ("form", "declare", CODE, "bao bì", "--change", "hũ thủy tinh", "--as", "lan")
    assert "Chưa khai 7; chưa có chứng minh 1." in proposed(*change).out
    assert "Chưa khai 7; chưa có chứng minh 0." in proposed(*change, "--paper", "1").out
    gone = proposed("form", "declare", CODE, "bao bì", "--forget", "--as", "lan", "--json").json
    assert (gone["undeclared"], gone["unproven"], gone["kind"]) == (8, 0, "renewal")
