"""The one secret of an installation: what it signs can be told from what somebody has made up.

It lies in a file of its own, outside the database, closed to other users; a backup of the database does not
hold it. Each use has a key of its own, derived by HKDF (RFC 5869) from the secret and a label.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from typing import TYPE_CHECKING, Final

from ocop_workflow.errors import Conflict, Unavailable
from ocop_workflow.store.files import sync_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_OCTETS: Final = 32
_CONTENT: Final = re.compile(r"[0-9a-f]{64}\n(?:[0-9a-f]{64}\n)?")


class Secret:
    """The file of the secret, made when it is first needed: one line, or two.

    The first is the secret in use; the second the one before it, whose signatures still count, so that
    turning it over breaks off nothing that somebody is looking at.
    """

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is read or made yet."""
        self.path = path

    def keys(self, label: str) -> tuple[bytes, ...]:
        """Return the keys of one use: the first one signs, each of them is believed.

        Raises:
            Unavailable: the file cannot be read or made, or holds something else.
        """
        return tuple(derived(secret, label) for secret in self._read())

    def rotate(self) -> None:
        """Put a new secret in the place of the one in use, which is believed until the next time.

        Raises:
            Unavailable: see `keys`.
        """
        in_use = self._read()[0]
        try:
            part = self._part([secrets.token_bytes(_OCTETS), in_use])
            part.replace(self.path)
            sync_folder(self.path.parent)
        except OSError as error:
            raise _unusable(self.path, error) from None

    def copy_to(self, target: Path) -> None:
        """Write a copy, closed to other users: the one way in which the secret leaves its place.

        Raises:
            Conflict: there is a file of this name.
            Unavailable: it cannot be written; or see `keys`.
        """
        held = self._read()
        try:
            _write(target, held)
        except FileExistsError:
            raise Conflict(
                f"Đã có tệp {target}; không ghi đè.", f"The file {target} is there already."
            ) from None
        except OSError as error:
            raise _unusable(target, error) from None

    def _read(self) -> Sequence[bytes]:
        try:
            if not self.path.exists():
                self._make()
            content = self.path.read_text("ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise _unusable(self.path, error) from None
        if not _CONTENT.fullmatch(content):
            raise _unusable(self.path)
        return [bytes.fromhex(line) for line in content.split()]

    def _make(self) -> None:
        """Make the file, whole; of two processes that start at once one is first, and both use its file."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self._part([secrets.token_bytes(_OCTETS)])
        try:
            os.link(part, self.path)
            sync_folder(self.path.parent)
        except FileExistsError:
            pass
        finally:
            part.unlink()

    def _part(self, held: Sequence[bytes]) -> Path:
        part = self.path.with_name(f".{self.path.name}.{secrets.token_hex(8)}")
        _write(part, held)
        return part


def derived(secret: bytes, label: str) -> bytes:
    """Return the key that a secret gives for one use: HKDF with SHA-256, no salt, one block (RFC 5869, 2)."""
    extracted = hmac.digest(bytes(hashlib.sha256().digest_size), secret, hashlib.sha256)
    return hmac.digest(extracted, label.encode() + b"\x01", hashlib.sha256)


def _write(path: Path, held: Sequence[bytes]) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.writelines(f"{secret.hex()}\n" for secret in held)
        file.flush()
        os.fsync(file.fileno())


def _unusable(path: Path, error: Exception | None = None) -> Unavailable:
    reason = f" ({error.strerror})" if isinstance(error, OSError) else ""
    return Unavailable(
        f"Không dùng được tệp khóa {path}{reason}; xem lại OCOP_SECRET_FILE, hoặc chép lại bản đã cất.",
        f"The secret's file {path} cannot be used{reason}; check OCOP_SECRET_FILE, or put its copy back.",
    )


__all__ = ["Secret", "derived"]
