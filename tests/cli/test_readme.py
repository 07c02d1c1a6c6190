"""The five minutes of the README are lived here, word for word."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.cli.conftest import Said

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def five_minutes() -> list[tuple[list[str], str]]:
    """Return each command of the block with the comment beside it."""
    section = README.split("## Năm phút đầu")[1]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block is not None
    lines = [line.partition("#") for line in block[1].splitlines()]
    return [(shlex.split(words), comment.strip()) for words, _, comment in lines]


def test_a_newcomer_sees_what_the_readme_says(
    ocop: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ocop("demo", "--no-serve").code == 0
    said: dict[str, str] = {}
    for words, comment in five_minutes():
        if words[0] == "export":
            monkeypatch.setenv(*words[1].split("=", 1))
        elif words[0] == "ocop":
            answer = ocop(*words[1:])
            assert answer.code == int(comment.startswith("bị từ chối")), (words, answer.err)
            said[" ".join(words[1:4])] = answer.out + answer.err
    assert "14 cờ quá hạn mới; 8 thư" in said["sweep"]
    assert "14 sản phẩm" in said["products --overdue"]
    assert "QUÁ HẠN 2 ngày" in said["products --overdue"]
    assert "hết tháng 4/2024 → 30/04/2024" in said["explain DP24-002"]
    assert "Đăng ký ý tưởng" in said["product DP24-002"]
