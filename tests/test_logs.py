"""The log: one JSON object a line, without secrets, whoever writes it."""

from __future__ import annotations

import io
import json
import logging
import threading
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow import logs

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """What the log says; afterwards it is as it was."""
    root, apscheduler = logging.getLogger(), logging.getLogger("apscheduler")
    before, level, other = root.handlers[:], root.level, apscheduler.level
    stream = io.StringIO()
    # pytest's own handlers are put aside, not closed
    root.handlers = []
    logs.configure(stream)
    yield stream
    root.handlers = before
    root.setLevel(level)
    apscheduler.setLevel(other)


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("to pho-an@duc-pho.example now", "to p***@duc-pho.example now"),
        ("<Phòng.Kinh-tế@duc-pho.example>", "<P***@duc-pho.example>"),
        ("a@b.example, c@d.example", "a***@b.example, c***@d.example"),
        ("postgresql://ocop:hunter2@db.example/ocop", "postgresql://***@db.example/ocop"),
        ("Bearer ocop_" + "Ab-_1" * 9, "Bearer ocop_***"),
        ("GET /once/Ab-_1 and /u/Ab-_1?x=1", "GET /once/*** and /u/***?x=1"),
        ("ocop_workflow.web, 5 @ 3", "ocop_workflow.web, 5 @ 3"),
    ],
)
def test_what_is_secret_is_masked(written: str, shown: str) -> None:
    assert logs.masked(written) == shown


def test_every_line_is_json_and_no_break_forges_one(out: io.StringIO) -> None:
    logging.getLogger("x").info('a\n{"event": "forged"}\r\n%s', "\u2028\x1b[31m")
    (line,) = lines(out)
    assert line["event"].startswith('a\n{"event"')
    assert (line["level"], line["logger"]) == ("info", "x")
    assert line["timestamp"].endswith("Z")


def test_a_traceback_is_in_the_line_and_masked(out: io.StringIO) -> None:
    try:
        int("lan@pho-an.example")
    except ValueError:
        logging.getLogger("x").exception("failed for %s", "minh@duc-pho.example")
    (line,) = lines(out)
    assert line["event"] == "failed for m***@duc-pho.example"
    assert "ValueError: invalid literal for int() with base 10: 'l***@pho-an.example'" in line["exception"]


def test_lines_of_a_request_name_it(out: io.StringIO) -> None:
    with logs.in_request("abcd1234"):
        logging.getLogger("x").info("inside", extra={"status": 200})
    thread = threading.Thread(target=logging.getLogger("x").info, args=("outside",))
    thread.start()
    thread.join()
    inside, outside = lines(out)
    assert (inside["request_id"], inside["status"]) == ("abcd1234", 200)
    assert "request_id" not in outside


def test_the_scheduler_library_is_heard_only_when_it_warns(out: io.StringIO) -> None:
    logging.getLogger("apscheduler.scheduler").info("Added job")
    logging.getLogger("apscheduler.scheduler").warning("missed by 0:00:10")
    assert [line["event"] for line in lines(out)] == ["missed by 0:00:10"]
