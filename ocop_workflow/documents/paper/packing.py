"""The same content, the same bytes: the parts of an office file in one order, with one time."""

from __future__ import annotations

import io
import zipfile
from typing import Final

#: the first instant that a ZIP can tell
_TIME: Final = (1980, 1, 1, 0, 0, 0)


def repacked(content: bytes) -> bytes:
    """Return an office file with its parts sorted by name and without the time at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as package:
        for name in sorted(given.namelist()):
            part = zipfile.ZipInfo(name, _TIME)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0
            package.writestr(part, given.read(name))
    return out.getvalue()
