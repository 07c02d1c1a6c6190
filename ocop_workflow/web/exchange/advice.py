"""Advice that fits who asks: whoever asks over HTTP is told of a route or a page, never of a command.

The use cases advise commands, `ocop …` in backticks. Here each becomes the route that does the same, or the
page; where none does, it is the business of whoever looks after the service.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ocop_workflow.errors import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

#: the route that does what a command does
ROUTES = {
    "ocop products": "GET /api/v1/products",
    "ocop product": "GET /api/v1/products/{code}",
    "ocop advance": "POST /api/v1/products/{code}/events",
    "ocop event record": "POST /api/v1/products/{code}/occurrences",
    "ocop event undo": "POST /api/v1/products/{code}/occurrences/undo",
    "ocop units list": "GET /api/v1/units",
    "ocop plan list": "GET /api/v1/plans",
    "ocop plan load": "POST /api/v1/plans",
    "ocop plan extensions": "GET /api/v1/plans/{plan}/extensions",
    "ocop letters list": "GET /api/v1/letters",
    "ocop letters resend --dead": "POST /api/v1/letters/resend",
    "ocop letters resend": "POST /api/v1/letters/{number}/resend",
    "ocop letters hold": "POST /api/v1/letters/{number}/hold",
    "ocop letters release": "POST /api/v1/letters/{number}/release",
    "ocop officer list": "GET /api/v1/officers",
    "ocop officer add": "POST /api/v1/officers",
    "ocop token list": "GET /api/v1/tokens",
    "ocop token create": "POST /api/v1/tokens",
    "ocop sweep": "POST /api/v1/sweeps",
}

_PRODUCTS = Text("trang «Sản phẩm»", "the page «Products»")
_IMPORTS = Text("trang «Nhập danh sách»", "the page «Import a list»")
_UNITS = Text("trang «Địa phương»", "the page «Places»")
_PLANS = Text("trang «Kế hoạch»", "the page «Plans»")
_LETTERS = Text("trang «Thư»", "the page «Letters»")
_OFFICERS = Text("trang «Cán bộ»", "the page «Officers»")
_ACCOUNT = Text("trang tài khoản của mình", "the page of one's own account")

#: the page on which one does what a command does, by its name
PAGES = {
    "ocop products": _PRODUCTS,
    "ocop product": _PRODUCTS,
    "ocop advance": _PRODUCTS,
    "ocop questions": _IMPORTS,
    "ocop import": _IMPORTS,
    "ocop units list": _UNITS,
    "ocop plan list": _PLANS,
    "ocop plan load": _PLANS,
    "ocop plan extensions": _PLANS,
    "ocop letters": _LETTERS,
    "ocop officer list": _OFFICERS,
    "ocop token": _ACCOUNT,
}

_COMMAND = re.compile(r"`(ocop[^`]*)`")
#: a part of a sentence in which a command stands, with the sign before it
_PART = re.compile(r"([;:.(]?\s*)([^;:.(]*`ocop[^`]*`[^;.)]*)(\)?)")
_ASK = Text("hãy báo người quản trị dịch vụ", "tell whoever looks after the service")


def over_http(text: Text) -> Text:
    """Return a sentence with its commands as routes."""
    routes = {command: f"`{route}`" for command, route in ROUTES.items()}
    return Text(_told(text.vi, _ASK.vi, routes), _told(text.en, _ASK.en, routes))


def on_pages(text: Text) -> Text:
    """Return a sentence with its commands as pages."""
    names = {command: page.vi for command, page in PAGES.items()}
    english = {command: page.en for command, page in PAGES.items()}
    return Text(_told(text.vi, _ASK.vi, names), _told(text.en, _ASK.en, english))


def _told(sentence: str, ask: str, known: Mapping[str, str]) -> str:
    if "`ocop" not in sentence:
        return sentence
    return _PART.sub(lambda part: _part(part, ask, known), sentence)


def _part(part: re.Match[str], ask: str, known: Mapping[str, str]) -> str:
    before, words, after = part.groups()
    if all(_instead(command, known) for command in _COMMAND.findall(words)):
        return before + _COMMAND.sub(lambda found: _instead(found[1], known) or "", words) + after
    return before + ask + after


def _instead(command: str, known: Mapping[str, str]) -> str | None:
    """Return what stands in a command's place, whatever stands behind its name."""
    words = command.split()
    for length in (4, 3, 2):
        found = known.get(" ".join(words[:length]))
        if found:
            return found
    return None
