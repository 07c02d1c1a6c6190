"""PURE. The official product code of QĐ 26/2026/QĐ-TTg: `(T)-(X)-(STT)-20YY`.

T is the province's code, X the commune's (QĐ 19/2025/QĐ-TTg), STT a serial that the commune keeps, 20YY the
year of the evaluation (Phụ lục II, heading of each score sheet).
"""

from __future__ import annotations

import re
from typing import NamedTuple, Self

_SHAPE = re.compile(
    r"(?P<province>[0-9]{2})-(?P<commune>[0-9]{5})-(?P<serial>[0-9]{1,4})-(?P<year>20[0-9]{2})"
)


class ProductCode(NamedTuple):
    """An official code in its parts; two that differ only in zeros before the serial are one."""

    province: str
    commune: str
    serial: int
    year: int

    @classmethod
    def read(cls, written: str) -> Self | None:
        """Read a code; none: it is written otherwise."""
        found = _SHAPE.fullmatch(written)
        if found is None:
            return None
        return cls(found["province"], found["commune"], int(found["serial"]), int(found["year"]))

    def __str__(self) -> str:
        """Write it as it is printed; the serial has two digits at least."""
        return f"{self.province}-{self.commune}-{self.serial:02}-{self.year}"
