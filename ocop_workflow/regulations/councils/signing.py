"""What a signature on a score sheet holds fast: whose sheet, of what, and everything that it says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class SignedSheet:
    """Which sheet it is: of which session, product, set or regulation (`sheet`), member and round."""

    session: int
    product: str
    sheet: str
    member: str
    round: int


def checksum_of(signed: SignedSheet, said: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a sheet; a changed choice, reason or name makes another."""
    whole = {**asdict(signed), "entries": dict(said)}
    written = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
