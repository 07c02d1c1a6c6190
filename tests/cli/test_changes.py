"""A plan that changes, and extensions, at the command line: first the impact, then the confirmation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.calendar import shipped_plan_text
from tests.cli.conftest import Said
from tests.smtp_server import SmtpServer

if TYPE_CHECKING:
    from pathlib import Path

Ocop = Callable[..., Said]
SEED = "duc-pho-2024"
EXTEND = (
    "plan", "extend", SEED, "registration", "DP24-002", "DP24-007", "--to", "20/5/2024",
    "--decision", "15/QĐ-UBND", "--decided", "22/4/2024", "--reason", "bão số 1",
)  # fmt: skip


@pytest.fixture
def town(town: Ocop) -> Ocop:
    """The town on 23/4/2024, and everybody told."""
    assert town("sweep").code == 0
    return town


@pytest.fixture
def changed(home: Path) -> str:
    """A file with the seed's plan in which the registration ends on 15/5."""
    path = home / "changed.toml"
    old = '{ months = ["2024-03", "2024-04"] }'
    path.write_text(shipped_plan_text(SEED).replace(old, "{ by = 2024-05-15 }"), "utf-8")
    return str(path)


def confirmation(said: Said) -> str:
    """Take the hash out of the command that a preview ends with."""
    return said.out.strip().rpartition(" ")[2]


def test_a_changed_file_shows_its_impact_and_changes_nothing(town: Ocop, changed: str) -> None:
    said = town("plan", "load", changed)
    assert said.code == 1
    assert "Đăng ký ý tưởng sản phẩm" in said.out
    assert "30/04/2024" in said.out
    assert "Chưa có gì thay đổi. 14 thời hạn đổi, 0 thư đính chính, 7 thư chưa gửi được rút lại." in said.out
    assert f"ocop plan load {changed} --confirm " in said.out
    assert [row["version"] for row in town("plan", "versions", SEED, "--json").json] == [1]


def test_confirmed_it_happens_once(town: Ocop, changed: str) -> None:
    confirm = confirmation(town("plan", "load", changed))
    wrong = town("plan", "load", changed, "--confirm", "0" * 64)
    assert (wrong.code, "hãy xem lại rồi xác nhận" in wrong.err) == (1, True)
    done = town("plan", "load", changed, "--confirm", confirm)
    assert done.code == 0
    assert done.out == (
        "duc-pho-2024: phiên bản 2 có hiệu lực từ 23/04/2024. "
        "14 thời hạn đổi, 0 thư đính chính, 7 thư chưa gửi được rút lại.\n"
    )
    again = town("plan", "load", changed)
    assert again.out == "duc-pho-2024: đã có từ trước, không đổi gì. 6 mốc, 4 hoạt động.\n"
    assert "đang có hiệu lực" in town("plan", "versions", SEED).out
    (product,) = (row for row in town("products", "--json").json if row["code"] == "DP24-002")
    assert [item["due_on"] for item in product["deadlines"]] == ["2024-05-15"]


def test_a_machine_reads_the_impact_and_how_to_confirm_it(town: Ocop, changed: str) -> None:
    said = town("plan", "load", changed, "--json")
    impact: dict[str, Any] = said.json
    assert (said.code, impact["plan"], impact["version"], impact["taken_back"]) == (1, SEED, 1, 7)
    assert impact["moves"][0] == {
        "product": "DP24-001",
        "kind": "milestone",
        "milestone": "registration",
        "name": "Đăng ký ý tưởng sản phẩm",
        "old_due": "2024-04-30",
        "new_due": "2024-05-15",
    }
    assert impact["confirm"].endswith(impact["hash"])
    done = town("plan", "load", changed, "--confirm", impact["hash"], "--json").json
    assert done == {
        "id": SEED, "new": False, "version": 2, "deadlines": 14, "corrections": 0, "taken_back": 7,
    }  # fmt: skip


def test_an_extension_is_granted_listed_and_revoked(town: Ocop) -> None:
    seen = town(*EXTEND)
    assert (seen.code, "2 thời hạn đổi" in seen.out) == (1, True)
    granted = town(*EXTEND, "--confirm", confirmation(seen))
    assert granted.out.startswith("Gia hạn số 1: registration đến 20/05/2024. 2 thời hạn đổi")
    listed = town("plan", "extensions", SEED, "--json").json
    assert [(row["decision_number"], row["products"], row["revoked_on"]) for row in listed] == [
        ("15/QĐ-UBND", ["DP24-002", "DP24-007"], None)
    ]
    assert "bão số 1" in town("plan", "extensions", SEED).out
    revoking = town("plan", "revoke-extension", "1")
    assert revoking.code == 1
    done = town("plan", "revoke-extension", "1", "--confirm", confirmation(revoking))
    assert done.out.startswith("Đã thu hồi gia hạn số 1. 2 thời hạn đổi")
    assert town("plan", "revoke-extension", "1").code == 1
    assert town("plan", "revoke-extension", "2").code == 2


def test_an_extension_for_machines(town: Ocop) -> None:
    impact = town(*EXTEND, "--json").json
    granted = town(*EXTEND, "--confirm", impact["hash"], "--json").json
    assert (granted["extension"], granted["deadlines"]) == (1, 2)
    seen = town("plan", "revoke-extension", "1", "--json").json
    revoked = town("plan", "revoke-extension", "1", "--confirm", seen["hash"], "--json").json
    assert (revoked["extension"], revoked["deadlines"]) == (1, 2)


def test_a_plan_loaded_by_mistake_is_shown_first_then_taken_out(town: Ocop) -> None:
    seen = town("plan", "remove", SEED)
    assert seen.code == 1
    assert seen.out.startswith(
        "Sẽ mất cùng kế hoạch duc-pho-2024: 14 sản phẩm, 15 thời hạn, 42 lời nhắc, 0 cờ quá hạn, 0 gia hạn, "
        "2 câu hỏi; 7 thư chưa gửi được rút lại.\nSản phẩm: DP24-001, DP24-002, "
    )
    impact = town("plan", "remove", SEED, "--json").json
    assert (len(impact["products"]), impact["letters"]) == (14, 7)
    done = town("plan", "remove", SEED, "--confirm", confirmation(seen))
    assert done.code == 0
    assert done.out.startswith("Đã lấy ra kế hoạch duc-pho-2024: 14 sản phẩm, ")
    assert town("products", "--json").json == []
    assert town("doctor").code == 0
    assert town("prove").code == 0
    assert town("plan", "remove", SEED).code == 2


def test_a_plan_of_which_letters_have_gone_out_stays(town: Ocop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCOP_NOW", "2024-04-23T06:05:00+07:00")
    monkeypatch.setenv("OCOP_SMTP__TLS", "none")
    with SmtpServer() as server:
        monkeypatch.setenv("OCOP_SMTP__PORT", str(server.port))
        assert town("deliver", "--once").code == 0
    refused = town("plan", "remove", SEED)
    assert refused.code == 1
    assert refused.err.splitlines()[0] == (
        "Lỗi: Đã có 7 thư nói về kế hoạch duc-pho-2024 được gửi đi, nên không lấy ra được nữa. "
        "Hãy sửa tệp rồi nạp lại: ai đã nhận hạn sai sẽ nhận thư đính chính."
    )
