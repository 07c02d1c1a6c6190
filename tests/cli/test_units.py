"""`ocop units …`: several addresses, mergers, and what the list shows before and after the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import ANNEX, PLANNED
from tests.stories.mergers import NEW_UNITS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Said


@pytest.fixture
def town(
    lead: Callable[..., Callable[..., Said]], home: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Said]:
    """The town's plan loaded on 23/4/2024, and a file with the units that are to come."""
    monkeypatch.setenv("OCOP_NOW", "2024-04-23T08:00:00+07:00")
    (home / "new.toml").write_text(NEW_UNITS, "utf-8")
    return lead(*PLANNED, ("units", "load", "new.toml"))


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
        "office": "UBND xã Phổ Khánh",
        "parent": "duc-pho",
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


PHO_AN = """
format = 1
[[units]]
id = "pho-an"
name = "Xã Phổ An"
level = "commune"
office = "UBND xã Phổ An"
"""


def test_a_file_that_does_not_name_addresses_leaves_them_alone(town: Callable[..., Said], home: Path) -> None:
    town("units", "contact", "add", "pho-an", "hai@pho-an.example")
    (home / "pho-an.toml").write_text(PHO_AN.replace("Xã Phổ An", "Phường Phổ An"), "utf-8")
    assert town("units", "load", "pho-an.toml").out == "1 địa phương, 1 có thay đổi.\n"
    found = unit(town("units", "list", "--json"), "pho-an")
    assert (found["name"], found["emails"]) == (
        "Phường Phổ An",
        ["pho-an@duc-pho.example", "hai@pho-an.example"],
    )
    authority = town("products", "--unit", "duc-pho", "--json")
    assert authority.code == 0  # it still lies under its town


def test_an_address_is_taken_away_only_after_it_was_seen(town: Callable[..., Said], home: Path) -> None:
    town("units", "contact", "add", "pho-an", "hai@pho-an.example")
    (home / "pho-an.toml").write_text(
        PHO_AN + 'emails = ["ba@pho-an.example", "hai@pho-an.example"]\n', "utf-8"
    )
    seen = town("units", "load", "pho-an.toml")
    assert seen.code == 1
    assert "pho-an@duc-pho.example" in seen.out
    assert "hai@pho-an.example" not in seen.out
    kept = ["pho-an@duc-pho.example", "hai@pho-an.example"]
    assert unit(town("units", "list", "--json"), "pho-an")["emails"] == kept
    loss = town("units", "load", "pho-an.toml", "--json").json
    assert loss["leaving"] == [{"unit": "pho-an", "name": "Xã Phổ An", "address": "pho-an@duc-pho.example"}]
    wrong = town("units", "load", "pho-an.toml", "--confirm", "0" * 64)
    assert (wrong.code, wrong.err.splitlines()[0]) == (
        1,
        "Lỗi: Tệp này bỏ 1 địa chỉ thư; hãy xem rồi xác nhận. Chưa nạp gì.",
    )
    line = seen.out.splitlines()[-1].strip()
    assert line == f"ocop units load pho-an.toml --confirm {loss['hash']}" == loss["confirm"]
    assert town(*line.split()[1:]).code == 0
    assert set(map(str, unit(town("units", "list", "--json"), "pho-an")["emails"])) == {  # type: ignore[call-overload]  # a list of words
        "ba@pho-an.example",
        "hai@pho-an.example",
    }


def test_a_unit_without_any_address_asks_and_then_the_doctor_names_it(
    town: Callable[..., Said], home: Path
) -> None:
    assert town("import", ANNEX, "--plan", "duc-pho-2024").code == 0
    assert town("sweep").code == 0
    (home / "pho-an.toml").write_text(PHO_AN + "emails = []\n", "utf-8")
    seen = town("units", "load", "pho-an.toml")
    assert seen.code == 1
    assert town(*seen.out.splitlines()[-1].split()[1:]).code == 0
    (finding,) = town("doctor", "--json").json["findings"]
    assert finding["vi"] == ("Xã Phổ An có 5 thời hạn đang mở nhưng chưa có địa chỉ thư: không ai được nhắc.")
    assert finding["advice_vi"] == "Thêm địa chỉ: `ocop units contact add pho-an ĐỊA-CHỈ`."
    assert town("units", "contact", "add", "pho-an", "hai@pho-an.example").code == 0
    assert town("doctor").code == 0


def test_a_file_of_one_new_commune_whose_parent_is_loaded_loads(
    town: Callable[..., Said], home: Path
) -> None:
    lone = PHO_AN.replace('"pho-an"', '"pho-moi"').replace("Xã Phổ An", "Xã Phổ Mới")
    (home / "moi.toml").write_text(lone + 'parent = "duc-pho"\nemails = ["ubnd@pho-moi.example"]\n', "utf-8")
    assert town("units", "load", "moi.toml").out == "1 địa phương, 1 có thay đổi.\n"
    (home / "lac.toml").write_text(lone + 'parent = "nowhere"\n', "utf-8")
    refused = town("units", "load", "lac.toml")
    assert refused.code == 1
    assert (
        "units[0].parent: đơn vị cấp trên nowhere phải đứng trước trong tệp, hoặc đã nạp từ trước"
        in refused.err
    )
