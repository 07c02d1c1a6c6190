"""The levels of administration that take part in a rating."""

from __future__ import annotations

from enum import StrEnum


class Level(StrEnum):
    """A level (cấp). A regulation puts those that exist in order: its ladder."""

    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"
    CENTRAL = "central"

    @property
    def label(self) -> str:
        """The level's name in Vietnamese, as it stands in a sentence."""
        return _LABELS[self]


_LABELS = {
    Level.COMMUNE: "cấp xã",
    Level.DISTRICT: "cấp huyện",
    Level.PROVINCE: "cấp tỉnh",
    Level.CENTRAL: "trung ương",
}
