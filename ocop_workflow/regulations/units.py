"""Administrative units as data: the tree of an authority, with the addresses that get its letters."""

from __future__ import annotations

from datetime import date
from importlib import resources
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from ocop_workflow.errors import Fault, NotFound, fault
from ocop_workflow.regulations.levels import Level
from ocop_workflow.regulations.reading import Frozen, read_toml
from ocop_workflow.wording import BilingualError, shaped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

Slug = Annotated[str, Field(max_length=60), shaped(r"[a-z0-9]+(-[a-z0-9]+)*", "pho-an")]

#: one address and nothing beside it, so that no letter's header can be bent
Email = Annotated[
    str, Field(max_length=254), shaped(r"[^\s@,;:<>()\"]+@[^\s@,;:<>()\"]+", "pho-an@duc-pho.example")
]


class UnitCode(Frozen):
    """An official code (mã đơn vị hành chính) that a unit bears from a local day until before another.

    Codes are given again: on a day a code is one unit's alone, over the years it may be several's.
    """

    code: Annotated[str, shaped(r"[0-9]{2}|[0-9]{3}|[0-9]{5}", "21439")]
    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _begins_first(self) -> Self:
        if self.since and self.until and self.until <= self.since:
            raise BilingualError("until phải sau since", "until must be after since")
        return self


class Unit(Frozen):
    """A unit: province › district › commune.

    Attributes:
        office: who is greeted in a letter, e.g. "UBND phường Phổ Ninh".
        emails: the addresses that get the unit's letters; none: those it has stay as they are.
        codes: its official codes, each for its time.
    """

    id: Slug
    name: str = Field(min_length=1, max_length=200)
    level: Level
    parent: Slug | None = None
    office: str = Field(min_length=1, max_length=200)
    emails: tuple[Email, ...] | None = None
    codes: tuple[UnitCode, ...] = ()


class Units(Frozen):
    """A file of units; a parent stands before its children, or is loaded already."""

    format: Literal[1]
    units: Annotated[tuple[Unit, ...], Field(min_length=1)]


def read_units(text: str, name: str = "units.toml", known: Collection[str] = ()) -> tuple[Unit, ...]:
    """Read a file of units.

    Args:
        text: the content of the file.
        name: what the file is called, for the sentence.
        known: the ids of units that are loaded: the file need not hold them to place others under them.

    Raises:
        InvalidInput: every fault of the file at once.
    """
    return read_toml(text, Units, name, lambda raw: _cross_faults(raw, known)).units


def shipped_units() -> dict[str, str]:
    """Return the unit files that ship with the service, by name."""
    folder = resources.files("ocop_workflow") / "data" / "units"
    return {
        path.name.removesuffix(".toml"): path.read_text("utf-8")
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
        if path.name.endswith(".toml")
    }


def shipped_units_of(unit_id: str) -> tuple[Unit, ...]:
    """Return the units of the shipped file that holds `unit_id`.

    Raises:
        NotFound: no shipped file holds it.
    """
    for name, text in shipped_units().items():
        units = read_units(text, f"{name}.toml")
        if any(unit.id == unit_id for unit in units):
            return units
    raise NotFound(
        f"Chưa có đơn vị {unit_id}; nạp tệp đơn vị trước bằng `ocop units load TỆP`.",
        f"There is no unit {unit_id}; load a file of units first with `ocop units load FILE`.",
    )


def _cross_faults(raw: dict[str, Any], known: Collection[str]) -> Iterator[Fault]:
    seen: set[str] = set()
    entries = raw.get("units")
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        if not isinstance(entry, dict):
            continue
        name, parent = entry.get("id"), entry.get("parent")
        if isinstance(name, str) and name in seen:
            yield fault(f"units[{index}].id", f"mã {name} đã dùng ở trên", f"the id {name} is used above")
        if isinstance(parent, str) and parent not in seen and parent not in known:
            yield fault(
                f"units[{index}].parent",
                f"đơn vị cấp trên {parent} phải đứng trước trong tệp, hoặc đã nạp từ trước",
                f"the parent {parent} must stand before it in the file, or be loaded already",
            )
        seen.add(str(name))
