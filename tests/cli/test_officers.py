"""`ocop officer`, `ocop token`, `ocop audit` as they are typed on the host."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import Role
from tests.cli.conftest import PLANNED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Said

    Ocop = Callable[..., Said]


@pytest.fixture
def staffed(lead: Callable[..., Ocop], monkeypatch: pytest.MonkeyPatch) -> Ocop:
    """A database with the seed's plan and two officers."""
    monkeypatch.setenv("OCOP_NOW", "2024-04-23T06:00:00+07:00")
    return lead(
        *PLANNED,
        ("officer", "add", "quan", "--role", "administrator", "--unit", "duc-pho", "--name", "Quân"),
        ("officer", "add", "lan", "--role", "commune_officer", "--unit", "pho-an", "--name", "Lan"),
    )


def test_officers_are_added_given_roles_disabled_and_listed(staffed: Ocop) -> None:
    assert staffed("officer", "grant", "lan", "--role", "viewer", "--unit", "duc-pho").code == 0
    assert staffed("officer", "revoke", "lan", "--role", "commune_officer", "--unit", "pho-an").code == 0
    assert staffed("officer", "disable", "quan").out == (
        "Đã vô hiệu hóa quan; mọi mã truy cập của người này hết hiệu lực.\n"
    )
    listed = staffed("officer", "list", "--json").json
    assert [(one["login"], one["name"], one["disabled"]) for one in listed] == [
        ("lan", "Lan", False),
        ("quan", "Quân", True),
    ]
    assert [one["roles"] for one in listed] == [
        [
            {
                "role": role.value,
                "role_label": role.label,
                "unit": "duc-pho",
                "level": "district",
                "remark": None,
            }
        ]
        for role in (Role.VIEWER, Role.ADMINISTRATOR)
    ]
    assert [list(one) for one in listed] == [["login", "name", "disabled", "created_at", "roles", "etag"]] * 2
    assert "người xem (lãnh đạo, thanh tra) (duc-pho)" in staffed("officer", "list").out


def test_an_officer_has_an_address_of_their_own(staffed: Ocop) -> None:
    ha = ("officer", "add", "ha", "--role", "viewer", "--unit", "pho-an", "--email", "ha@pho-an.example")
    assert staffed(*ha).code == 0
    assert staffed("officer", "email", "ha").out == "ha: ha@pho-an.example (từ 23/04/2024).\n"
    assert staffed("officer", "email", "lan", "lan@pho-an.example", "--json").json == {
        "login": "lan",
        "email": "lan@pho-an.example",
        "valid_from": "2024-04-23",
    }
    assert staffed("officer", "email", "lan", "--remove").out == "lan: không có địa chỉ thư riêng.\n"
    assert staffed("officer", "email", "lan", "x@y.example", "--remove").code == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("officer", "add", "x1", "--role", "king", "--unit", "duc-pho"), "Không có vai trò king"),
        (("officer", "add", "x1", "--role", "viewer", "--unit", "nowhere"), "Không có địa phương nowhere"),
        (("officer", "disable", "nobody"), "Không có cán bộ nào tên nobody"),
        (("token", "create", "lan", "--scope", "everything"), "Không có phạm vi everything"),
        (("token", "create", "lan", "--days", "0"), "Số ngày phải từ 1 đến 366"),
        (("token", "revoke", "ocop_zzzz"), "Không có mã truy cập nào bắt đầu bằng ocop_zzzz"),
        (("audit", "verify", "--anchor", "abc"), "--anchor viết như `ocop audit verify` in ra"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(staffed: Ocop, words: tuple[str, ...], sentence: str) -> None:
    said = staffed(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"Lỗi: {sentence}")


def test_a_token_is_shown_once_and_listed_by_what_it_begins_with(staffed: Ocop) -> None:
    made = staffed("token", "create", "lan", "--scope", "read", "--days", "30", "--label", "máy ở xã").out
    assert made.startswith("Mã truy cập của lan (xem, 30 ngày); hãy cất giữ, sẽ không hiện lại:\nocop_")
    prefix = made.splitlines()[1][:12]
    assert f"{prefix}…" in staffed("token", "list").out
    assert made.splitlines()[1] not in staffed("token", "list", "--json").out
    assert staffed("token", "revoke", prefix).out == f"Đã thu hồi mã bắt đầu bằng {prefix}.\n"
    (listed,) = staffed("token", "list", "--json").json
    assert (listed["scope"], listed["label"], listed["revoked_at"] is None) == ("read", "máy ở xã", False)
    assert "đã thu hồi" in staffed("token", "list").out


def test_a_feeds_token_comes_with_its_address(staffed: Ocop) -> None:
    made = staffed("token", "create", "lan", "--scope", "feed", "--unit", "pho-an").out.splitlines()
    assert made[2] == f"Địa chỉ lịch: http://127.0.0.1:8000/api/v1/calendar.ics?token={made[1]}"
    assert staffed("token", "create", "lan", "--json").json["token"].startswith("ocop_")


def test_a_password_is_read_from_where_nobody_sees_it(staffed: Ocop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Cá chuồn kho mít non\n"))
    assert staffed("officer", "password", "lan").out == "Đã đặt mật khẩu cho lan.\n"
    monkeypatch.setattr("sys.stdin", io.StringIO("12345678\n"))
    refused = staffed("officer", "password", "lan")
    assert (refused.code, "12345678" in refused.err) == (1, False)


def test_the_audit_is_verified_listed_and_compared_with_a_noted_head(staffed: Ocop) -> None:
    said = staffed("audit", "verify").out.splitlines()
    assert said[0] == "Nhật ký nguyên vẹn: 3 mục. Ghi lại ở nơi khác để đối chiếu về sau:"
    assert re.fullmatch(r"3:[0-9a-f]{64}", said[1])
    assert staffed("audit", "verify", "--anchor", said[1]).code == 0
    other = staffed("audit", "verify", "--json", "--anchor", "3:" + "0" * 64)
    assert (other.code, other.json["bad_seq"]) == (1, 3)
    listed = staffed("audit", "list", "--json").json
    assert [entry["action"] for entry in listed] == ["officer.add", "officer.add", "plan.load"]
    assert (listed[2]["subject"], listed[2]["after"]["units"]) == ("plan:duc-pho-2024", 17)
    assert "officer:lan" in staffed("audit", "list").out


def test_from_the_first_officer_on_a_step_needs_one_who_may(staffed: Ocop) -> None:
    refused = staffed("advance", "DP24-001", "register", "--as", "nobody")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("Lỗi: nobody không phải cán bộ đang hoạt động")


def test_an_authoritys_role_on_a_commune_is_given_and_remarked_on(staffed: Ocop) -> None:
    added = staffed("officer", "add", "ha", "--role", "authority_officer", "--unit", "pho-khanh")
    assert added.code == 0
    assert added.err.splitlines()[0] == (
        "Vai trò authority_officer là của cơ quan chủ trì kế hoạch (huyện, tỉnh); giao cho một xã thì không "
        "lựa chọn, tư vấn, đổi kế hoạch được. Cán bộ xã cần commune_officer."
    )
    assert staffed("officer", "grant", "lan", "--role", "authority_officer", "--unit", "pho-an").err != ""
    assert staffed("officer", "grant", "quan", "--role", "authority_officer", "--unit", "duc-pho").err == ""
