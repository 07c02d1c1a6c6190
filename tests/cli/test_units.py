"""`ocop units …`: several addresses, mergers, and what the list shows before and after the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.services.mergers import NEW_UNITS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Said


@pytest.fixture
def town(ocop: Callable[..., Said], home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    """The town's plan loaded on 23/4/2024, and a file with the units that are to come."""
    monkeypatch.setenv("OCOP_NOW", "2024-04-23T08:00:00+07:00")
    (home / "new.toml").write_text(NEW_UNITS, "utf-8")
    for words in (("db", "upgrade"), ("plan", "load", "duc-pho-2024"), ("units", "load", "new.toml")):
        assert ocop(*words).code == 0
    return ocop


def unit(said: Said, slug: str) -> dict[str, object]:
    (found,) = [row for row in said.json if row["id"] == slug]
    return dict(found)


def test_an_address_is_added_and_ended(town: Callable[..., Said]) -> None:
    added = town("units", "contact", "add", "pho-an", "hai@pho-an.example")
    assert added.out == "Xã Phổ An: thư gửi thêm tới hai@pho-an.example từ 23/04/2024.\n"
    assert unit(town("units", "list", "--json"), "pho-an")["emails"] == [
        "pho-an@duc-pho.example",
        "hai@pho-an.example",
    ]
    again = town("units", "contact", "add", "pho-an", "hai@pho-an.example")
    assert (again.code, again.err.splitlines()[0]) == (1, "Lỗi: Xã Phổ An đã có địa chỉ hai@pho-an.example.")
    ended = town("units", "contact", "end", "pho-an", "pho-an@duc-pho.example", "--on", "30/4/2024", "--json")
    assert ended.json == {"unit": "pho-an", "address": "pho-an@duc-pho.example", "on": "2024-04-30"}
    assert town("units", "contact", "end", "pho-an", "ba@pho-an.example").code == 2
    later = town("units", "contact", "add", "pho-an", "ba@pho-an.example", "--from", "2024-05-01", "--json")
    assert later.json["from"] == "2024-05-01"


def test_a_merger_to_come_and_one_that_has_come_stand_in_the_list(town: Callable[..., Said]) -> None:
    coming = town("units", "succeed", "pho-an", "moi-mot", "--on", "1/7/2025")
    assert coming.out == (
        "Xã Phổ An sẽ kết thúc hoạt động ngày 01/07/2025.\n"
        "Sản phẩm, kế hoạch, địa chỉ, quyền sẽ chuyển về Phường Mới Một.\n"
    )
    done = town("units", "succeed", "pho-khanh", "moi-mot", "--on", "2024-04-23", "--json")
    assert done.json == {"unit": "pho-khanh", "successor": "moi-mot", "on": "2024-04-23", "done": True}
    page = town("units", "list").out
    assert "sẽ kết thúc hoạt động ngày 01/07/2025, sáp nhập vào Phường Mới Một" in page
    assert "kết thúc hoạt động ngày 23/04/2024, sáp nhập vào Phường Mới Một" in page
    listed = town("units", "list", "--json")
    assert unit(listed, "pho-khanh") == {
        "id": "pho-khanh",
        "name": unit(listed, "pho-khanh")["name"],
        "level": "commune",
        "emails": [],
        "valid_to": "2024-04-23",
        "successor": "moi-mot",
    }
    assert "pho-khanh@duc-pho.example" in str(unit(listed, "moi-mot")["emails"])


def test_an_old_file_says_what_it_leaves_alone(town: Callable[..., Said], home: Path) -> None:
    town("units", "succeed", "pho-an", "moi-mot", "--on", "2024-04-23")
    (home / "old.toml").write_text(
        'format = 1\n[[units]]\nid = "pho-an"\nname = "Xã Phổ An"\nlevel = "commune"\noffice = "x"\n', "utf-8"
    )
    assert town("units", "load", "old.toml").out == (
        "1 địa phương, 0 có thay đổi.\nĐã sáp nhập từ trước, giữ nguyên: pho-an.\n"
    )


def test_a_merger_needs_its_day(town: Callable[..., Said]) -> None:
    assert town("units", "succeed", "pho-an", "moi-mot").code == 2
    assert town("units", "succeed", "pho-an", "moi-mot", "--on", "31/2/2025").code == 2
    refused = town("units", "succeed", "pho-an", "pho-an", "--on", "2025-07-01")
    assert (refused.code, refused.err.splitlines()[0]) == (
        2,
        "Lỗi: Xã Phổ An không thể sáp nhập vào chính mình.",
    )
