"""Advice that fits who asks: whoever asks over HTTP is told of a route, never of a command of the host.

The use cases advise commands, `ocop …` in backticks. Here each becomes the route that does the same; where
none does, it is the business of whoever looks after the service.
"""

from __future__ import annotations

import re

from ocop_workflow.errors import Text

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

_COMMAND = re.compile(r"`(ocop[^`]*)`")
#: a part of a sentence in which a command stands, with the sign before it
_PART = re.compile(r"([;:.(]?\s*)([^;:.(]*`ocop[^`]*`[^;.)]*)(\)?)")
_ASK = Text("hãy báo người quản trị dịch vụ", "tell whoever looks after the service")


def over_http(text: Text) -> Text:
    """Return a sentence with its commands as routes."""
    return Text(_told(text.vi, _ASK.vi), _told(text.en, _ASK.en))


def _told(sentence: str, ask: str) -> str:
    if "`ocop" not in sentence:
        return sentence
    return _PART.sub(lambda part: _part(part, ask), sentence)


def _part(part: re.Match[str], ask: str) -> str:
    before, words, after = part.groups()
    if all(_route(command) for command in _COMMAND.findall(words)):
        return before + _COMMAND.sub(lambda found: f"`{_route(found[1])}`", words) + after
    return before + ask + after


def _route(command: str) -> str | None:
    """Return the route of a command, whatever stands behind its name."""
    words = command.split()
    for length in (4, 3, 2):
        route = ROUTES.get(" ".join(words[:length]))
        if route:
            return route
    return None
