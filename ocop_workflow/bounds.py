"""How large and how deep a file of tables may be: found by one look along it, before anything is built.

A parser of TOML spends memory on every part of a name and time on what hangs below it: a name of ten thousand
parts in ten kilobytes takes gigabytes. Within these bounds its effort grows with the length of the file.
"""

from __future__ import annotations

import re
from typing import Final

from ocop_workflow.errors import Text

MAX_CHARACTERS: Final = 1_000_000  # a country of communes; the longest plan has 40,000
MAX_NESTED: Final = 16  # brackets and braces within one another
MAX_PARTS: Final = 16  # of one name, `a.b.c`

#: strings and comments as a whole (one that does not end takes the rest), then what gives a file its shape
_PIECE: Final = re.compile(
    r"""
    "{3}(?:[^\\]|\\.)*?(?:"{3,5}|\Z)
    | '{3}.*?(?:'{3,5}|\Z)
    | "(?:[^"\\\n]|\\.)*(?:"|(?=\n)|\Z)
    | '[^'\n]*(?:'|(?=\n)|\Z)
    | \#[^\n]*
    | (?P<shape>[\[\]{}.=,\n])
    """,
    re.VERBOSE | re.DOTALL,
)

_DEEPER: Final = {"[": 1, "{": 1, "]": -1, "}": -1}


def out_of_bounds(text: str) -> Text | None:
    """Say by what a file of tables (TOML, JSON) is larger or deeper than anybody writes; none: it is not."""
    if len(text) > MAX_CHARACTERS:
        return Text(
            f"tệp dài quá {MAX_CHARACTERS:,} ký tự".replace(",", "."),
            f"the file is longer than {MAX_CHARACTERS:,} characters",
        )
    nested, parts, line = 0, 1, 1
    for piece in _PIECE.finditer(text):
        shape = piece["shape"]
        if shape is None:  # a string may be a part of a name
            line += piece[0].count("\n")
            continue
        parts = parts + 1 if shape == "." else 1
        nested = max(nested + _DEEPER.get(shape, 0), 0)
        line += shape == "\n"
        if parts > MAX_PARTS:
            return Text(
                f"dòng {line}: một tên có quá {MAX_PARTS} phần cách nhau bằng dấu chấm",
                f"line {line}: a name has more than {MAX_PARTS} parts",
            )
        if nested > MAX_NESTED:
            return Text(
                f"dòng {line}: lồng nhau quá {MAX_NESTED} tầng",
                f"line {line}: nested deeper than {MAX_NESTED} levels",
            )
    return None


__all__ = ["MAX_CHARACTERS", "MAX_NESTED", "MAX_PARTS", "out_of_bounds"]
