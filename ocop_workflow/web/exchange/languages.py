"""In which of the two languages somebody wants to be answered."""

from __future__ import annotations

from ocop_workflow.errors import Language, say


def language_of(accepted: str | None) -> Language:
    """Return the language that an `Accept-Language` prefers; Vietnamese unless English comes first."""
    return "en" if _weight(accepted or "", "en") > _weight(accepted or "", "vi") else "vi"


def _weight(accepted: str, language: Language) -> float:
    """Return how much a language is wanted, from 0 to 1 (RFC 9110, 12.5.4)."""
    weights = [0.0]
    for part in accepted[:200].lower().split(","):
        tag, _, rest = part.strip().partition(";")
        if tag.strip().partition("-")[0] == language:
            weights.append(_number(rest.strip().removeprefix("q=")) if rest else 1.0)
    return max(weights)


def _number(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        return 0.0


__all__ = ["Language", "language_of", "say"]
