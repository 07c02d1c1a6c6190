"""The names under which people bring files, made harmless wherever they are kept or saved again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from ocop_workflow.files.kinds import FileKind

#: letters that some system takes for a sign of its own
_SIGNS: Final = str.maketrans(dict.fromkeys('<>:"|?*%', "_"))
#: names that are devices on Windows, whatever stands behind their point
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
#: bytes of a name before its ending: file systems take 255 in all
_LONGEST: Final = 180
_NAMELESS: Final = "tep"


def clean_name(given: str, kind: FileKind) -> str:
    """Return the name under which a file is kept: its last part, no signs, an ending that tells the truth.

    A name that ends otherwise than its kind gets the kind's ending behind it: `scan.jpg` that is a PDF
    becomes `scan.jpg.pdf`.

    Args:
        given: as somebody's computer named it, perhaps with its folders.
        kind: what the file is.
    """
    last = re.split(r"[/\\]", given)[-1]
    seen = "".join(letter for letter in last if letter.isprintable() or letter.isspace())
    name = clean(seen).translate(_SIGNS).strip(". ")
    stem, point, ending = name.rpartition(".")
    if not point or ending.lower() not in kind.endings:
        stem, ending = name, kind.endings[0]
    stem = stem.encode()[:_LONGEST].decode(errors="ignore").strip(". ") or _NAMELESS
    if _DEVICE.fullmatch(stem):
        stem = f"_{stem}"
    return f"{stem}.{ending.lower()}"
