"""`ocop document …`: documents outside sessions, of a certificate by its number, of a product by its code."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.documents.reading import Read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Said

    Ocop = Callable[..., Said]

PAST = {
    "unit": "pho-an",
    "product": "Mắm cái",
    "producer": "HTX Nhà Nông",
    "signer": "Chủ tịch UBND thị xã",
    "certificate": {
        "star": 3,
        "number": "77/QĐ-UBND",
        "decided_on": "2022-06-01",
        "valid_until": "2025-06-01",
    },
}


def test_an_extract_is_listed_drafted_and_named_among_the_papers(town: Ocop, tmp_path: Path) -> None:
    assert town("certificates", "enter", "--data", json.dumps(PAST)).code == 0
    told = town("document", "list", "1")
    assert "Văn bản ngoài phiên họp, Mắm cái" in told.out
    listed = town("document", "list", "1", "--json").json["documents"]
    assert {line["kind"]: line["ready"] for line in listed} == {
        "decision": False,
        "certificate": False,
        "notice": False,
        "extract": True,
    }
    out = tmp_path / "trich-so.docx"
    done = town("document", "draft", "1", "extract", "--out", str(out))
    assert done.out == (
        f"Đã dự thảo trích sổ đăng ký giấy chứng nhận ({out.stat().st_size} byte) thành {out}.\n"
    )
    assert "không phải giấy chứng nhận đã cấp" in Read(out.read_bytes()).text
    shown = town("certificates", "show", "1").out
    assert "  Giấy tờ: quyết định công nhận số 77/QĐ-UBND ngày 01/06/2022\n" in shown
    assert (
        "  Giấy tờ: trích sổ đăng ký giấy chứng nhận; dự thảo: /certificates/1/documents/extract\n" in shown
    )


def test_what_cannot_be_drafted_says_why(town: Ocop, tmp_path: Path) -> None:
    out = tmp_path / "x.docx"
    refused = town("document", "draft", "DP24-002", "letter-up", "--out", str(out))
    assert refused.code != 0
    assert "chưa chuyển cấp trên" in refused.err
    assert not out.exists()
    unknown = town("document", "draft", "DP24-002", "extract", "--out", str(out))
    assert "Không có văn bản extract; có: approval, letter-up, notice." in unknown.err
