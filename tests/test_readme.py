"""The five minutes of the README are lived here, word for word."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")


def five_minutes() -> list[tuple[list[str], str]]:
    """Return each command of the block with the comment beside it."""
    section = README.split("## Năm phút đầu")[1]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block is not None
    lines = [line.partition("#") for line in block[1].splitlines()]
    return [(shlex.split(words), comment.strip()) for words, _, comment in lines]


def test_a_newcomer_sees_what_the_readme_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    def ocop(*words: str) -> subprocess.CompletedProcess[str]:
        run = [sys.executable, "-m", "ocop_workflow", *words]
        return subprocess.run(run, capture_output=True, text=True, encoding="utf-8", check=False)

    assert ocop("demo", "--no-serve").returncode == 0
    said: dict[str, str] = {}
    for words, comment in five_minutes():
        if words[0] == "export":
            monkeypatch.setenv(*words[1].split("=", 1))
        elif words[0] == "ocop":
            answer = ocop(*words[1:])
            assert answer.returncode == int(comment.startswith("bị từ chối")), (words, answer.stderr)
            said[" ".join(words[1:4])] = answer.stdout + answer.stderr
    assert "14 cờ quá hạn mới; 8 thư" in said["sweep"]
    assert "14 sản phẩm" in said["products --overdue"]
    assert "QUÁ HẠN 2 ngày" in said["products --overdue"]
    assert "hết tháng 4/2024 → 30/04/2024" in said["explain DP24-002"]
    assert "Đăng ký ý tưởng" in said["product DP24-002"]
