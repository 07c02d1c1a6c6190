"""`ocop person …`, `ocop expire` and a backup put back, as an administrator types them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Said

PHO_AN = "pho-an@duc-pho.example"
GONE = "đã xoá theo yêu cầu"


def the_id(town: Callable[..., Said], words: str) -> str:
    (found,) = town("person", "find", words, "--json").json
    return str(found["id"])


def test_what_would_go_is_shown_with_the_line_to_paste_and_nothing_happens(town: Callable[..., Said]) -> None:
    person = the_id(town, PHO_AN)
    shown = town("person", "anonymise", person, "--reason", "người ấy yêu cầu")
    assert shown.code == 1
    assert PHO_AN in shown.out
    assert f"ocop person anonymise {person} --reason 'người ấy yêu cầu' --confirm" in shown.out
    assert the_id(town, PHO_AN) == person


def test_an_erasure_survives_a_backup_of_before(town: Callable[..., Said], home: Path) -> None:
    assert town("backup", "before.bak").code == 0
    person = the_id(town, PHO_AN)
    done = town("person", "anonymise", person, "--reason", "người ấy yêu cầu", "--confirm")
    assert (done.code, done.out.splitlines()[0]) == (0, f"{person}: đã xoá 1 giá trị liên hệ, 0 thư.")
    assert PHO_AN not in (home / "var" / "erasures.jsonl").read_text("utf-8")
    put_back = town("restore", "before.bak", "--yes", "--json")
    assert put_back.json["erased_again"] == 1
    assert town("person", "find", PHO_AN, "--json").json == []
    assert PHO_AN.encode() not in (home / "var" / "ocop.sqlite3").read_bytes()
    assert town("audit", "verify").code == 0
    assert town("person", "anonymise", person, "--reason", "x", "--confirm").code == 1


def test_what_is_kept_goes_into_a_file_that_only_its_owner_reads(
    town: Callable[..., Said], home: Path
) -> None:
    person = the_id(town, PHO_AN)
    assert town("person", "export", person, "--out", "tep.json").code == 0
    assert json.loads((home / "tep.json").read_text("utf-8"))["values"] == [
        {"kind": "email", "value": PHO_AN}
    ]
    assert (home / "tep.json").stat().st_mode & 0o777 == 0o600
    again = town("person", "export", person, "--out", "tep.json")
    assert (again.code, "Đã có tệp tep.json" in again.err) == (1, True)
    assert town("person", "export", person).json["id"] == person
    assert town("person", "export", person, "--out", "no/such/tep.json").code == 1


@pytest.mark.parametrize(
    "words", [("find", "an"), ("export", "contact-1"), ("anonymise", "contact-1", "--reason", "x")]
)
def test_an_officer_who_is_named_has_to_be_an_administrator(
    town: Callable[..., Said], words: tuple[str, ...]
) -> None:
    added = ("officer", "add", "minh", "--name", "Minh", "--role", "authority_officer", "--unit", "duc-pho")
    assert town(*added).code == 0
    refused = town("person", *words, "--as", "minh")
    assert (refused.code, refused.out) == (1, "")
    assert "minh không có quyền tìm, xuất, xoá dữ liệu cá nhân" in refused.err


def test_an_emptied_letter_says_that_it_is_gone(
    town: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert town("sweep").code == 0
    person = the_id(town, PHO_AN)
    assert town("person", "anonymise", person, "--reason", "x", "--confirm").code == 0
    (letter,) = (one["id"] for one in town("letters", "list", "--json").json if one["address"] == GONE)
    assert town("letters", "show", str(letter)).out.splitlines()[-1] == f"Nội dung {GONE}."
    monkeypatch.setenv("OCOP_NOW", "2028-01-01T06:00:00+07:00")
    shown = town("expire", "--dry-run", "--json").json
    assert shown["letters"] == 0  # what waits has not come to its end
    assert town("expire").code == 0


def test_terms_are_settings_with_a_least(town: Callable[..., Said], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_KEEP__LETTERS", "89")
    refused = town("expire")
    assert refused.code != 0
    assert "OCOP_KEEP__LETTERS" in refused.err
