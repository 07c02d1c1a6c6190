"""One-time codes of a telephone (TOTP, RFC 6238: SHA-1, six digits, thirty seconds). PURE."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from datetime import datetime

#: seconds for which one code is good
STEP: Final = 30
_DIGITS: Final = 6
#: how many steps a telephone's clock may be off
_SKEW: Final = 1
_SECRET_OCTETS: Final = 20  # as long as the hash (RFC 4226, 4)
#: recovery codes that are made at once, and octets of one
RECOVERY_CODES: Final = 10
_RECOVERY_OCTETS: Final = 10
#: what a telephone calls the account
_ISSUER: Final = "OCOP"


def new_secret() -> str:
    """Return a new secret, base32 without padding."""
    return base64.b32encode(secrets.token_bytes(_SECRET_OCTETS)).decode()


def address_of(secret: str, login: str) -> str:
    """Return what a telephone reads from the picture: the secret, and whose it is."""
    asked = urlencode({"secret": secret, "issuer": _ISSUER, "digits": _DIGITS, "period": STEP})
    return f"otpauth://totp/{_ISSUER}:{quote(login)}?{asked}"


def step_at(now: datetime) -> int:
    """Return the number of the step of time in which an instant lies."""
    return int(now.timestamp()) // STEP


def code_in(secret: str, step: int) -> str:
    """Return the code of a secret in a step of time."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, step.to_bytes(8, "big"), hashlib.sha1)
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def step_of(secret: str, given: str, now: datetime, after: int) -> int | None:
    """Return the step whose code was given; none: it is no code of now.

    Args:
        secret: whose code it is to be.
        given: what was typed; spaces do not count.
        now: this instant.
        after: the newest step whose code was given before: that code, and older ones, are used up.
    """
    code = "".join(given.split())
    if not code.isascii() or not code.isdigit():
        return None
    here = step_at(now)
    steps = range(here - _SKEW, here + _SKEW + 1)
    fitting = [step for step in steps if hmac.compare_digest(code_in(secret, step), code)]
    return next((step for step in fitting if step > after), None)


def new_recovery_codes() -> tuple[str, ...]:
    """Return new recovery codes, in groups of four letters that can be read out."""
    return tuple(_grouped(secrets.token_bytes(_RECOVERY_OCTETS)) for _ in range(RECOVERY_CODES))


def recovery_checksum(given: str) -> str:
    """Return what is kept of a recovery code; how it is grouped and in which case does not count."""
    plain = "".join(letter for letter in given.upper() if letter.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()


def _grouped(octets: bytes) -> str:
    letters = base64.b32encode(octets).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def is_secret(written: str) -> bool:
    """Tell whether something can be a secret at all: it comes back from a form."""
    try:
        return len(base64.b32decode(written)) == _SECRET_OCTETS
    except (binascii.Error, ValueError):
        return False
