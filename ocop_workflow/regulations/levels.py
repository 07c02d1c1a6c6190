"""The levels of administration that take part in a rating."""

from __future__ import annotations

from enum import StrEnum

from ocop_workflow.errors import Text


class Level(StrEnum):
    """A level (cấp). A regulation puts those that exist in order: its ladder."""

    COMMUNE = "commune"
    DISTRICT = "district"
    PROVINCE = "province"
    CENTRAL = "central"

    @property
    def label(self) -> str:
        """The level's name in Vietnamese, as it stands in a sentence."""
        return self.text.vi

    @property
    def text(self) -> Text:
        """The level's name in both languages."""
        return _LABELS[self]


_LABELS = {
    Level.COMMUNE: Text("cấp xã", "the commune"),
    Level.DISTRICT: Text("cấp huyện", "the district"),
    Level.PROVINCE: Text("cấp tỉnh", "the province"),
    Level.CENTRAL: Text("trung ương", "the centre"),
}
