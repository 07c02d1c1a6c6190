"""The scene `renewals`: the stars of 2024 on 4/5/2027, what can still save each, and who was told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.documents.reading import Read
from tests.factories import letter_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Said

URL = "sqlite:///var/demo-renewals/demo.sqlite3"


@pytest.mark.ordeal  # three years, day by day
def test_the_stars_of_2024_are_shown_with_what_can_still_save_each(
    ocop: Callable[..., Said], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = ocop("demo", "--scene", "renewals", "--no-serve", "--json").json
    assert (shown["scene"], shown["day"], shown["faults"]) == ("renewals", "2027-05-04", [])
    monkeypatch.setenv("OCOP_DATABASE_URL", URL)
    monkeypatch.setenv("OCOP_NOW", "2027-05-04T10:00:00+07:00")

    found = ocop("renewals", "--json").json
    assert [(one["product"], one["star"], one["status"], one["save_by"]["date"]) for one in found] == [
        ("SO-000001", 3, "lapsed", "2027-01-02"),  # the older one, which has just ended
        ("DP24-001", 3, "window_open", "2027-06-27"),
        ("DP24-007", 3, "filed", "2027-06-27"),
        ("DP24-002", 3, "announced", "2027-07-28"),
        ("DP24-003", 3, "announced", "2027-07-28"),
        ("DP24-009", 3, "not_renewing", "2027-07-28"),
        ("DP24-011", 3, "revoked", "2027-07-28"),
        ("DP24-014", 4, "announced", "2027-09-17"),
    ]
    announced = [date.fromisoformat(one["told_on"]) for one in found]
    ends = [date.fromisoformat(one["expires_on"]) for one in found]
    assert all((end - told).days > 365 for end, told in zip(ends, announced, strict=True))

    opened = next((home / "var/demo-renewals/mail").glob("*")).parent
    said = [letter_text(path.read_bytes()) for path in sorted(opened.glob("*.eml"))]
    window = "từ ngày 28/04/2027 đến hết ngày 27/06/2027 (điểm a khoản 6 Điều 7 QĐ 26/2026/QĐ-TTg)"
    assert any(f"Nếu chưa nộp hồ sơ đánh giá lại: nộp hồ sơ đánh giá lại {window}." in one for one in said)

    since_the_merger = [one for one in said if "thư nhắc việc ngày 25/11/2026." in one]
    assert since_the_merger
    assert all("Phòng Kinh tế thị xã Đức Phổ" not in one for one in since_the_merger)

    span = ("--unit", "quang-ngai", "--since", "2027-05-01", "--until", "2027-05-03")
    soon = ("--unit", "quang-ngai", "--since", "2027-06-01", "--until", "2028-12-31")
    told = ocop("certificates", "ending-notice", *soon, "--out", "soon.docx", "--as", "minh")
    assert "Đã dự thảo thông báo giấy sắp hết hạn" in told.out
    drafted = ocop("certificates", "expired-notice", *span, "--out", "notice.docx", "--as", "minh")
    assert drafted.code == 0
    assert "Mắm cá cơm (ví dụ, không có thật)" in Read((home / "notice.docx").read_bytes()).text
    for command in ("doctor", "prove"):
        assert ocop(command).code == 0
