"""What is kept about people: which values reach a person, what stands in the place of one that is gone.

Luật 91/2025/QH15 and NĐ 356/2025 (in force since 1/1/2026); `docs/personal-data.md` says it for people.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from ocop_workflow.errors import Text
from ocop_workflow.vietnamese import search_key


class DeskKind(StrEnum):
    """Whose desk it is: a unit's, or an officer's who has an address of their own."""

    UNIT = "unit"
    OFFICER = "officer"


class SessionStage(StrEnum):
    """How far somebody has signed in: the code is still asked for, has to be set up first, or all is done."""

    CODE = "code"
    ENROL = "enrol"
    FULL = "full"


class ContactKind(StrEnum):
    """What a contact value is: a mail address, or the place where a producer works and often lives.

    What a form of a dossier says of a person counts as a place, too; which field it is, the form knows.
    """

    EMAIL = "email"
    PLACE = "place"

    @property
    def is_mail(self) -> bool:
        """Whether letters go there."""
        return self is ContactKind.EMAIL

    @property
    def text(self) -> Text:
        """The kind in both languages."""
        return _LABELS[self]


_LABELS = {
    ContactKind.EMAIL: Text("địa chỉ thư", "mail address"),
    ContactKind.PLACE: Text("địa chỉ sản xuất", "place of production"),
}

#: what stands where a person had a value erased, and where a copy's term is over
ERASED: Final = Text("đã xoá theo yêu cầu", "erased on request")
EXPIRED: Final = Text("đã xoá khi hết hạn lưu", "deleted at the end of its term")

#: words with which the name of an organisation begins; whatever bears none of them may be somebody's home
_ORGANISATIONS = (
    "hop tac xa",
    "htx",
    "lien hiep",
    "cong ty",
    "cty",
    "tong cong ty",
    "doanh nghiep",
    "dntn",
    "trung tam",
)


def is_household(producer: str | None) -> bool:
    """Tell whether a producer may be a household or one person, whose place of production is a home.

    A name that does not say that it is an organisation's counts as a household's.
    """
    return not search_key(producer or "").startswith(_ORGANISATIONS)
