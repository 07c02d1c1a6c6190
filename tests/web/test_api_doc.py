"""docs/api.md is true: its commands are run as they stand, and every answer that it shows is compared."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.web.running import free_port

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_MARK = "=== next ==="


def examples() -> list[tuple[str, str, str]]:
    """Return the page's examples: the commands, the kind of answer shown, the answer."""
    blocks = [(found[1], found[2]) for found in _BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]
    commands = [text for kind, text in blocks[::2] if kind == "sh"]
    answers = [(kind, text) for kind, text in blocks[1::2] if kind in ("json", "http", "text")]
    assert len(commands) == len(answers) == len(blocks) / 2, "an answer has to follow each command"
    return [(command, kind, text) for command, (kind, text) in zip(commands, answers, strict=True)]


def same(shown: Any, got: Any) -> bool:  # noqa: ANN401 - JSON
    """Tell whether an answer is the one shown; `…` stands for what was left out."""
    if shown == "…":
        return True
    if isinstance(shown, dict) and isinstance(got, dict):
        named = {key: value for key, value in shown.items() if key != "…"}
        complete = "…" in shown or named.keys() == got.keys()
        return complete and all(key in got and same(value, got[key]) for key, value in named.items())
    if isinstance(shown, list) and isinstance(got, list):
        return len(shown) == len(got) and all(map(same, shown, got))
    return bool(shown == got)


def check_http(shown: str, got: str) -> None:
    """Compare status, the headers that are shown, and the body."""
    head, _, body = shown.partition("\n\n")
    got_head, _, got_body = got.replace("\r\n", "\n").partition("\n\n")
    status, *headers = head.splitlines()
    got_status, *rest = got_head.splitlines()
    assert got_status.strip() == status
    there = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in rest}
    for line in headers:
        name, _, value = line.partition(":")
        assert there.get(name.lower()) == value.strip(), line
    check_json(body, got_body)


def check_json(shown: str, got: str) -> None:
    assert same(json.loads(shown), json.loads(got)), f"shown: {shown}\ngot: {got}"


def test_what_is_left_out_may_be_anything_and_nothing_else_may() -> None:
    assert same({"a": 1, "…": "…"}, {"a": 1, "b": 2})
    assert not same({"a": 1}, {"a": 1, "b": 2})
    assert not same({"a": 1, "…": "…"}, {"b": 2})
    assert not same({"a": [1]}, {"a": [1, 2]})
    assert not same({"a": {"b": "x"}}, {"a": {"b": "y"}})
    assert same({"a": ["…"]}, {"a": [{"b": 1}]})


@pytest.mark.ordeal
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_page_tells_the_truth(tmp_path: Path) -> None:
    port, told = str(free_port()), examples()
    script = f"\necho; echo '{_MARK}'\n".join(command for command, _, _ in told)
    environment = {
        **os.environ,  # noqa: TID251 - the commands work where this process works
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",  # noqa: TID251 - likewise
        "OCOP_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    begin = "set -eu; trap 'kill $! 2> /dev/null || true; wait' EXIT\n"
    shell = subprocess.Popen(
        ["bash", "-c", begin + script.replace("8000", port)],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, errors = shell.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        os.killpg(shell.pid, signal.SIGKILL)
        raise
    assert shell.returncode == 0, errors.decode()
    answers = out.decode().split(f"\n{_MARK}\n")
    assert len(answers) == len(told)
    for (command, kind, shown), got in zip(told, answers, strict=True):
        print(command)  # noqa: T201 - says which one was at fault
        if kind == "http":
            check_http(shown, got)
        elif kind == "json":
            check_json(shown, got)
        else:
            assert got.strip() == shown.strip()
