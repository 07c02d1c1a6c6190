"""Whoever changes something says which version was seen: `ETag`, `If-Match` (RFC 9110, 13.1.1; RFC 6585)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import OcopError, Stale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import Request

_TAG = re.compile(r'(W/)?"([!#-~]{1,40})"')


class PreconditionRequired(OcopError):  # noqa: N818 - the status' own name
    """A change does not say which version it is meant for."""


class PreconditionFailed(Stale):
    """What was to be changed is not what was seen; `current` is what stands now."""

    def __init__(self, stale: Stale, current: Mapping[str, Any]) -> None:
        """Take the refusal, and what stands now."""
        self._current = dict(current)
        super().__init__(stale.text.vi, stale.text.en)

    @property
    def members(self) -> dict[str, Any]:
        """What stands now."""
        return {"current": self._current}


def changed_meanwhile() -> Stale:
    """Say that somebody else was first."""
    return Stale(
        "Đã có người khác thay đổi từ lúc xem; hãy xem lại rồi làm lại.",
        "Somebody else has changed it since it was looked at; look again and repeat.",
    )


def tags_seen(request: Request) -> frozenset[str]:
    """Return the tags for one of which a change is meant. Weak tags never match, so they do not count.

    Raises:
        PreconditionRequired: there is no `If-Match`, or it is `*`, which overwrites whatever stands.
    """
    given = request.headers.get("if-match", "").strip()
    if given in ("", "*"):
        raise PreconditionRequired(
            "Cần If-Match với ETag của bản đã xem, để không ghi đè lên thay đổi của người khác.",
            "If-Match is needed, with the ETag of what was seen, so that nobody's change is overwritten.",
        )
    return frozenset(tag for weak, tag in _TAG.findall(given[:1000]) if not weak)
