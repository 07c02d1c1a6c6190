"""`ocop event …`: what happens to a product for itself, as an officer records it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.upkeep.examination.test_random_histories import OWN_EVENTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Said


def test_it_is_asked_for_recorded_shown_and_taken_back(home: Path, town: Callable[..., Said]) -> None:
    ocop = town
    file = home / "ke-hoach.toml"
    file.write_text(OWN_EVENTS, encoding="utf-8")
    confirm = ocop("plan", "load", str(file), "--json").json["hash"]
    ocop("plan", "load", str(file), "--confirm", confirm)
    assert "approved" in ocop("plan", "show", "duc-pho-2024").out
    product = "ocop event record DP24-002 approved"
    assert f"Kế hoạch được duyệt: chưa (ghi bằng `{product}`)" in ocop("product", "DP24-002").out
    said = ocop("event", "record", "DP24-002", "approved", "--on", "2024-04-22", "--as", "lan")
    assert said.out == (
        "DP24-002: «Kế hoạch được duyệt» đã ghi ngày 22/04/2024. Hạn đang mở: registration: 30/04/2024.\n"
    )
    assert "Kế hoạch được duyệt: 22/04/2024 (lan ghi)" in ocop("product", "DP24-002").out
    undone = ocop("event", "undo", "DP24-002", "approved", "--reason", "ghi nhầm", "--as", "lan", "--json")
    assert undone.json["on"] is None
    assert f"chưa (ghi bằng `{product}`); lan đã hoàn tác: ghi nhầm" in ocop("product", "DP24-002").out
    assert ocop("event", "record", "DP24-002", "fair", "--as", "lan").code == 2
