"""What users lose while their processes are killed: nothing. And the count sees what would be lost."""

from __future__ import annotations

import json
import secrets
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.reliability.killing import begun, swept
from tests.reliability.mailboxes import Line, compare, owed, received
from tests.reliability.users import live

if TYPE_CHECKING:
    from pathlib import Path

#: some mornings and some deeds; a process takes a tenth of a second and more
KILLS = 5

NAME = "Đăng ký ý tưởng sản phẩm"
REMINDER = """\
Kính gửi: UBND xã Phổ An

Chương trình Mỗi xã một sản phẩm (OCOP), thư nhắc việc ngày 02/05/2024.

1. Đăng ký ý tưởng sản phẩm – hạn 30/04/2024, đã quá hạn 2 ngày
   Sản phẩm (2):
   - DP24-002  Nước mắm
   - DP24-003  Muối (Phổ An)
   Căn cứ: mục III.1.b
2. Tập huấn – hạn 30/06/2024, còn 59 ngày
   Căn cứ: mục III.4
"""


@pytest.mark.usefixtures("database")
def test_who_is_killed_costs_no_user_anything(url: str) -> None:
    seed = secrets.randbelow(10**6)
    print(f"seed {seed}")  # noqa: T201 - pytest shows it when this fails
    outcome = live(url, KILLS, seed)
    assert outcome.right, outcome
    assert outcome.faults >= KILLS
    assert outcome.checked > 14  # the reminders of the first day, at least


def test_a_letter_is_read_as_an_officer_reads_it(tmp_path: Path) -> None:
    log = written(tmp_path, ("1@x", REMINDER), ("1@x", REMINDER), ("2@x", "Kính gửi: UBND xã Phổ An\nOK"))
    came = received(log)

    day, desk = date(2024, 5, 2), "pho-an@duc-pho.example"
    assert sorted(came.lines.elements()) == [
        Line(day, desk, "Tập huấn", "-"),
        Line(day, desk, NAME, "DP24-002"),
        Line(day, desk, NAME, "DP24-003"),
    ]
    assert came.others == [(desk, "Kính gửi: UBND xã Phổ An\nOK")]
    assert received(log, known=1).lines.total() == 0  # a copy of what is known is no other letter


def test_what_is_missing_and_what_nobody_is_owed_is_counted(tmp_path: Path) -> None:
    year = begun(date(2024, 4, 23))
    for day in (23, 26):
        swept(year, date(2024, 4, day))
    wanted = owed(year)
    assert len(wanted) == 28  # D-7 and D-1 of 14 products

    found = compare(received(written(tmp_path, ("1@x", REMINDER), ("2@x", REMINDER))).lines, wanted)
    assert (found.owed, len(found.missing), len(found.unowed)) == (28, 28, 6)


def written(folder: Path, *letters: tuple[str, str]) -> Path:
    """Write down letters to one desk as a relay does."""
    log = folder / "letters"
    desk = "pho-an@duc-pho.example"
    entries = [{"to": desk, "id": name, "sha256": "", "words": words} for name, words in letters]
    log.write_text("".join(json.dumps(entry) + "\n" for entry in entries), "utf-8")
    return log
