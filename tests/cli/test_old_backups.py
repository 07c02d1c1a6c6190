"""A backup of before the first release, put back after an erasure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_workflow.store import Database
from tests.store import before

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Said

PHO_AN = "pho-an@duc-pho.example"


def test_a_backup_of_before_the_release_knows_the_erasure_once_it_is_upgraded(
    town: Callable[..., Said], home: Path
) -> None:
    for file in (home / "var").glob("ocop.sqlite3*"):
        file.unlink()
    before.lay(Database(f"sqlite:///{home}/var/ocop.sqlite3"))
    assert town("backup", "old.bak").code == 0
    assert town("db", "upgrade").code == 0
    person = str(town("person", "find", PHO_AN, "--json").json[0]["id"])
    assert town("person", "anonymise", person, "--reason", "x", "--confirm").code == 0
    assert town("restore", "old.bak", "--yes", "--json").json["erased_again"] == 0  # it waits for its upgrade
    upgraded = town("db", "upgrade")
    assert "Đã xoá lại 1 mục dữ liệu cá nhân theo sổ" in upgraded.out
    assert town("person", "find", PHO_AN, "--json").json == []
