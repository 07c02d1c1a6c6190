"""The cell of the producer: "Huỳnh Khả (HTX Bốn Vân)", "Công ty A (Nguyễn Văn B)", "HTX C (chưa đăng ký)".

Which of the two stands in the brackets differs from list to list and from row to row; the words decide, then
the heading. A remark in brackets is nobody's name and is asked about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ocop_workflow.vietnamese import search_key

_BRACKETS: Final = re.compile(r"(?P<before>[^(]*?)\s*\(\s*(?P<inside>.+?)\s*\)$")
_ORGANISATION: Final = re.compile(
    r"(htx|hop tac xa|lien hiep|cong ty|cty|ctcp|tnhh|doanh nghiep|dntn|tap doan|xi nghiep|nha may|"
    r"co so|cssx|ho kinh doanh|hkd|ho san xuat|hksx|ho gia dinh|to hop tac|tht|to san xuat|to lien ket|"
    r"nhom|trang trai|lang nghe|hiep hoi|hoi (nong dan|phu nu|lam vuon|san xuat)|cau lac bo|clb|xuong|"
    r"lo (san xuat|banh|bun|mo)|cua hang|nha hang|khu du lich|homestay|trung tam|chi nhanh|ban quan ly)\b"
)
_PERSON: Final = re.compile(
    r"(?:(?:ông|bà|anh|chị|mr|ms|đ/c|gđ)[.:]?\s+)?[^\W\d_]\w*\.?(?:\s+[^\W\d_]\w*\.?){0,5}", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class HolderNames:
    """Who makes the product, who stands for it, and a remark that is neither."""

    producer: str | None
    representative: str | None
    remark: str = ""


def read_holder(text: str, *, producer_first: bool = False) -> HolderNames:
    """Read the cell of the producer.

    Args:
        text: the cell.
        producer_first: the heading names the producer first and the representative in brackets.
    """
    found = _BRACKETS.fullmatch(text)
    if found is None:
        return HolderNames(text or None, text or None)
    before, inside = found["before"], found["inside"]
    if not before:
        return HolderNames(inside, None)
    if is_organisation(inside) and not is_organisation(before):
        return HolderNames(inside, before)
    if not _is_name(inside):
        return HolderNames(before, before, inside)
    if is_organisation(before) or producer_first:
        return HolderNames(before, inside)
    return HolderNames(inside, before)


@lru_cache(maxsize=4096)
def is_organisation(text: str) -> bool:
    """Return whether a name is that of an organisation, and not of a person."""
    return _ORGANISATION.match(search_key(text)) is not None


def _is_name(text: str) -> bool:
    """Return whether words in brackets may be a name: of an organisation, or each word with a capital."""
    if is_organisation(text):
        return True
    return bool(_PERSON.fullmatch(text)) and all(word[0].isupper() for word in text.split()[-2:])


__all__ = ["HolderNames", "is_organisation", "read_holder"]
