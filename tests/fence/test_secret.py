"""The one secret: made once, closed to others, a key for each use, turned over with one overlap."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import Conflict, Unavailable
from ocop_workflow.fence.secret import Secret, derived

if TYPE_CHECKING:
    from pathlib import Path

posix = pytest.mark.skipif(os.name != "posix", reason="elsewhere a file has no mode")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_made_when_it_is_first_needed_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "var" / "ocop.secret"
    keys = Secret(path).keys("previews")
    assert len(keys) == 1
    assert Secret(path).keys("previews") == keys
    assert [held.name for held in path.parent.iterdir()] == ["ocop.secret"]


@posix
def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    secret = Secret(tmp_path / "var" / "ocop.secret")
    before = os.umask(0)
    try:
        secret.keys("previews")
        secret.rotate()
        secret.copy_to(tmp_path / "cat-giu")
    finally:
        os.umask(before)
    assert [mode(path) for path in (secret.path, tmp_path / "cat-giu")] == [0o600, 0o600]
    assert mode(secret.path.parent) == 0o700


def test_each_use_has_a_key_of_its_own(tmp_path: Path) -> None:
    secret = Secret(tmp_path / "ocop.secret")
    assert len({secret.keys(label)[0] for label in ("previews", "csrf", "links")}) == 3


def test_keys_are_derived_as_the_standard_says() -> None:
    """RFC 5869, A.3: no salt, no label; its first octets, for one block is all that is taken."""
    known = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
    assert derived(bytes.fromhex("0b" * 22), "").hex() == known


def test_one_that_was_turned_over_is_believed_once_more(tmp_path: Path) -> None:
    secret = Secret(tmp_path / "ocop.secret")
    (first,) = secret.keys("previews")
    secret.rotate()
    second, before = secret.keys("previews")
    assert before == first != second
    secret.rotate()
    assert secret.keys("previews")[1] == second
    assert first not in secret.keys("previews")


def test_processes_that_start_at_once_use_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda _: Secret(tmp_path / "ocop.secret").keys("previews"), range(40))
        assert len(set(found)) == 1


def test_a_copy_holds_it_and_never_overwrites(tmp_path: Path) -> None:
    secret = Secret(tmp_path / "ocop.secret")
    secret.copy_to(tmp_path / "cat-giu")
    assert Secret(tmp_path / "cat-giu").keys("previews") == secret.keys("previews")
    with pytest.raises(Conflict):
        secret.copy_to(tmp_path / "cat-giu")


@pytest.mark.parametrize("content", [b"", b"x", b"ab\n", b"\xff" * 64, b"0" * 64])
def test_what_is_no_secret_is_refused_and_never_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "ocop.secret"
    path.write_bytes(content)
    for use in (lambda: Secret(path).keys("previews"), Secret(path).rotate):
        with pytest.raises(Unavailable, match="OCOP_SECRET_FILE"):
            use()
    assert path.read_bytes() == content


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_bytes(b"")
    secret = Secret(tmp_path / "var" / "ocop.secret")
    with pytest.raises(Unavailable, match="cannot be used"):
        secret.keys("previews")
    good = Secret(tmp_path / "ocop.secret")
    with pytest.raises(Unavailable, match="cannot be used"):
        good.copy_to(tmp_path / "nowhere" / "cat-giu")
