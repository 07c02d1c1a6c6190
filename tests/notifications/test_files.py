"""Letters that become files instead of being sent."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.notifications import RelayError
from ocop_workflow.notifications.files import FileMailer

if TYPE_CHECKING:
    from pathlib import Path

LETTER = b"Subject: =?utf-8?b?w4E=?=\r\n\r\nwhole\r\n"


def test_each_letter_becomes_a_file_byte_for_byte_that_only_its_owner_reads(tmp_path: Path) -> None:
    mailer = FileMailer(tmp_path / "mail")
    reply = mailer.send("ocop@town.example", "pho-an@town.example", LETTER)
    mailer.send("ocop@town.example", "a/b@town.example", LETTER)
    mailer.close()
    first, second = sorted((tmp_path / "mail").iterdir())
    assert (first.name, second.name) == ("001-pho-an@town.example.eml", "002-a_b@town.example.eml")
    assert first.read_bytes() == LETTER
    assert reply == f"file {first}"
    assert stat.S_IMODE(first.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_written_counts_against_no_letter(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(RelayError, match="mail: "):
        FileMailer(tmp_path / "mail").send("ocop@town.example", "pho-an@town.example", LETTER)
