"""Words that come back from outside as they were given out: signed, and good for a while.

Whoever holds them can read them; nobody can make them up, change them, or keep them for long.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import zlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

#: for so long something given out may come back
LIVES: Final = timedelta(hours=1)

_LONGEST: Final = 100_000  # octets of the words when they are unpacked
_SIGNED: Final = 32  # octets of a signature, SHA-256
_INSTANT: Final = 8  # octets of the instant, in seconds


@dataclass(frozen=True, slots=True)
class Seal:
    """What signs for one use, at one instant.

    Attributes:
        keys: of this use; the first signs, each is believed (see `secret.Secret.keys`).
        now: this instant.
    """

    keys: tuple[bytes, ...]
    now: datetime

    def close(self, words: bytes) -> str:
        """Return the words with the instant at which they end and a signature over both."""
        until = int((self.now + LIVES).timestamp())
        signed = until.to_bytes(_INSTANT, "big") + zlib.compress(words)
        return base64.urlsafe_b64encode(_signature(self.keys[0], signed) + signed).decode()

    def open(self, token: str) -> bytes | None:
        """Return the words again; none: they were not given out here, or too long ago."""
        try:
            held = base64.urlsafe_b64decode(token.encode("ascii"))
        except ValueError:
            return None
        signature, signed = held[:_SIGNED], held[_SIGNED:]
        if not any(hmac.compare_digest(signature, _signature(key, signed)) for key in self.keys):
            return None
        if int.from_bytes(signed[:_INSTANT], "big") < self.now.timestamp():
            return None
        return zlib.decompressobj().decompress(signed[_INSTANT:], _LONGEST)


def _signature(key: bytes, signed: bytes) -> bytes:
    return hmac.digest(key, signed, hashlib.sha256)


__all__ = ["LIVES", "Seal"]
