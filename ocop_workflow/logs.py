"""One JSON object a line on standard error: when, how grave, what, in which request.

Whatever writes a line, this service or a library, its words pass here: no token, no password of an address
and no whole e-mail address leaves, and no line break can forge a line.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import structlog

from ocop_workflow.clock import SystemClock

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from contextlib import AbstractContextManager
    from typing import TextIO

#: a log tells when a line was written, whatever day is simulated
_clock = SystemClock(ZoneInfo("UTC"))

#: a token of ours, the end of a link, the log-in of an address, the local part of an e-mail address
_SECRETS = (
    (re.compile(r"/(once|u)/[^\s/?]+"), r"/\1/***"),
    (re.compile(r"ocop_[A-Za-z0-9_-]{40,}"), "ocop_***"),
    (re.compile(r"://[^\s/@]+@"), "://***@"),
    (re.compile(r"([^\s@<>\"'(),:;=*/\[\]])[^\s@<>\"'(),:;=/\[\]]*@(?=[\w-]+\.)"), r"\1***@"),
)


def masked(words: str) -> str:
    """Return words without secrets: `pho-an@duc-pho.example` becomes `p***@duc-pho.example`."""
    if "@" in words or "ocop_" in words or "/once/" in words or "/u/" in words:
        for pattern, instead in _SECRETS:
            words = pattern.sub(instead, words)
    return words


class _Out:
    """Where lines go; nowhere, before `configure`."""

    stream: TextIO | None = None


def note(line: Mapping[str, Any]) -> None:
    """Write one line that is JSON already, by the shortest way: each request writes one."""
    if _Out.stream is not None:
        stamp = _clock.now().isoformat(timespec="milliseconds")
        _Out.stream.write(_unbroken(_encode({"timestamp": stamp, **line})) + "\n")
        _Out.stream.flush()


def configure(stream: TextIO | None = None) -> None:
    """Let every line of this process out as JSON. Called once, by what runs for long."""
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_COMMON,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _mask,
            structlog.processors.JSONRenderer(serializer=_one_line),
        ],
    )
    _Out.stream = stream or sys.stderr
    handler = logging.StreamHandler(_Out.stream)
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)


def in_request(number: str) -> AbstractContextManager[None]:
    """Let every line that is written inside say which request it belongs to, in whatever thread."""
    return structlog.contextvars.bound_contextvars(request_id=number)


def _mask(_logger: object, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    line.pop("color_message", None)  # uvicorn's second copy, for terminals
    return {key: masked(value) if isinstance(value, str) else value for key, value in line.items()}


def _one_line(line: object, **options: Any) -> str:  # noqa: ANN401 - of the library
    """Write JSON in which nothing breaks a line or steers a terminal."""
    return _unbroken(json.dumps(line, ensure_ascii=False, **options))


def _unbroken(line: str) -> str:
    return line if line.isascii() and "\x7f" not in line else line.translate(_ESCAPED)


_encode = json.JSONEncoder(ensure_ascii=False).encode

#: what JSON leaves as it is, though some readers break a line there
_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029)}

_COMMON: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
