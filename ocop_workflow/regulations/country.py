"""The map of Việt Nam before and since 1 July 2025: provinces, districts, communes, and who became whom.

Facts out of resolutions 1654–1687/NQ-UBTVQH15 (16/6/2025), kept as tables in `data/map` (its README says
from where). An official code belongs to a unit for a time: on 1/7/2025 nearly all codes of communes were
given again, most of them to a unit of another name. So a unit's id is a word of its own and never changes:

- a province's is its name (`quang-ngai`); one that lives on under its name stays the same unit;
- any other's is its name and its code (`duc-pho-21439`);
- where a code was given again, the unit that had it before is marked (`nghia-lam-21250-cu`);
- units that ship in files of their own keep the ids that they have there (`duc-pho`, `pho-an`).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from ocop_workflow.errors import NotFound
from ocop_workflow.regulations.levels import Level
from ocop_workflow.regulations.units import Unit, UnitCode, read_units, shipped_units
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Mapping

#: the first day of the map without districts
REFORM = date(2025, 7, 1)

#: the day on which the ministry that runs the programme was merged into another, and its departments with it
_MINISTRIES_MERGED = date(2025, 3, 1)

_KINDS = re.compile(r"(tỉnh|thành phố|quận|huyện|thị xã|thị trấn|phường|xã|đặc khu) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Area:
    """A province, district or commune of one of the two maps.

    Attributes:
        name: with its kind, "Phường Đức Phổ".
        code: its official code on this map.
        parent: the id of what it lies in; none: a province.
        before: whether it stands on the map before 1/7/2025, else on the one since.
    """

    id: str
    name: str
    level: Level
    code: str
    parent: str | None
    before: bool

    def unit(self, on: date) -> Unit:
        """Return it as a unit to be stored on a local day; addresses are added later."""
        span = {"until": REFORM} if self.before else {"since": REFORM}
        return Unit(
            id=self.id,
            name=self.name,
            level=self.level,
            parent=self.parent,
            office=_office(self, on),
            codes=(UnitCode(code=self.code, **span),),
        )


@dataclass(frozen=True, slots=True)
class Heir:
    """What became of a unit on 1/7/2025: into which it went; several: it was divided. None: nobody by law."""

    old: Area
    new: tuple[Area, ...]


def area_name(name: str) -> str:
    """Return a unit's name without its kind: "Phường Đức Phổ" is Đức Phổ."""
    return _KINDS.sub("", name, count=1) if _KINDS.match(name) else name


def slug_of(name: str) -> str:
    """Return a name as a word of an id: no kind, no marks, hyphens ("Tỉnh Quảng Ngãi" is quang-ngai)."""
    return "-".join(re.findall(r"[a-z0-9]+", search_key(area_name(name))))


def areas_of(province: str, on: date) -> tuple[Area, ...]:
    """Return a province, its districts (before 1/7/2025) and its communes, each behind what it lies in.

    Args:
        province: its name as a word, `quang-ngai`.
        on: the local day whose map is asked.

    Raises:
        NotFound: no province had this name on that day; where it was merged into another, that one is named.
    """
    before = on < REFORM
    by_province = _map()
    if (province, before) in by_province:
        return by_province[province, before]
    heir = next((found.new[0] for found in _province_heirs() if found.old.id == province), None)
    if heir is not None and not before:
        raise NotFound(
            f"Từ ngày 1/7/2025 không còn tỉnh {province}: đã nhập vào {heir.name}. Hãy dùng "
            f"`--province {heir.id}`, hoặc `--on 2025-06-30` để lấy bản đồ cũ.",
            f"Since 1/7/2025 there is no province {province}: it was merged into {heir.id}. Use "
            f"`--province {heir.id}`, or `--on 2025-06-30` for the map before.",
        )
    known = ", ".join(sorted(name for name, was in by_province if was is before))
    raise NotFound(
        f"Không có tỉnh nào tên {province} ngày {on:%d/%m/%Y}; có: {known}.",
        f"No province is called {province} on {on}; there are: {known}.",
    )


def heirs_in(province: str) -> tuple[Heir, ...]:
    """Return what became on 1/7/2025 of all that lies in a province of today: communes, districts, provinces.

    Raises:
        NotFound: there is no such province since then.
    """
    inside = {area.id for area in areas_of(province, REFORM)}
    provinces = [found for found in _province_heirs() if found.new[0].id == province]
    formed_of = {province, *(found.old.id for found in provinces)}
    districts = [found for found in _district_heirs() if found.old.parent in formed_of]
    communes = [found for found in _commune_heirs() if any(area.id in inside for area in found.new)]
    return (*communes, *districts, *provinces)


# -- the tables --------------------------------------------------------------------------------------


def predecessors(code: str) -> tuple[tuple[Area, str, str], ...]:
    """Return the communes of before 1/7/2025 that went, whole or in part, into a commune of today.

    Args:
        code: the official code of the commune of today.

    Returns:
        Each with the names of the district and the province that it lay in.
    """
    return _predecessors().get(code, ())


@cache
def _predecessors() -> Mapping[str, tuple[tuple[Area, str, str], ...]]:
    above = {area.id: area for area in _by_code().values() if area.before and area.level is not Level.COMMUNE}
    found: dict[str, list[tuple[Area, str, str]]] = {}
    for heir in _commune_heirs():
        district = above[heir.old.parent or ""]
        for area in heir.new:
            place = (heir.old, district.name, above[district.parent or ""].name)
            found.setdefault(area.code, []).append(place)
    return {code: tuple(olds) for code, olds in found.items()}


def _office(area: Area, on: date) -> str:
    if area.level is Level.PROVINCE:
        department = "Môi trường" if on >= _MINISTRIES_MERGED else "Phát triển nông thôn"
        return f"Sở Nông nghiệp và {department} {_lowered(area.name)}"
    return f"UBND {_lowered(area.name)}"


def _lowered(name: str) -> str:
    """Return a unit's name with its kind written small, as inside a sentence."""
    return name[0].lower() + name[1:]


def _table(name: str) -> list[dict[str, str]]:
    path = resources.files("ocop_workflow") / "data" / "map" / f"{name}.csv"
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


@cache
def _shipped() -> Mapping[tuple[str, bool], str]:
    """Return the ids of the units that ship in files of their own, by code and map."""
    return {
        (code.code, code.until is not None and code.until <= REFORM): unit.id
        for name, text in shipped_units().items()
        for unit in read_units(text, f"{name}.toml")
        for code in unit.codes
    }


@cache
def _by_code() -> Mapping[tuple[str, bool], Area]:
    """Return every area of both maps by its code and whether it is of the map before."""
    found: dict[tuple[str, bool], Area] = {}

    def add(level: Level, code: str, name: str, parent: str, *, before: bool, again: bool = False) -> None:
        plain = slug_of(name) if level is Level.PROVINCE else f"{slug_of(name)}-{code}"
        shipped = _shipped().get((code, before)) if level is not Level.PROVINCE else None
        unit_id = shipped or (f"{plain}-cu" if before and again else plain)
        lies_in = found[parent, before].id if parent else None
        found[code, before] = Area(unit_id, name, level, code, lies_in, before)

    districts, communes, origins = _table("districts"), _table("communes"), _table("from")
    for row in districts:
        if (row["old_province_code"], True) not in found:
            add(Level.PROVINCE, row["old_province_code"], row["old_province"], "", before=True)
    for row in districts:
        code = row["old_district_code"]
        add(Level.DISTRICT, code, row["old_district"], row["old_province_code"], before=True)
    for row in communes:
        if (row["province_code"], False) not in found:
            add(Level.PROVINCE, row["province_code"], row["province"], "", before=False)
        add(Level.COMMUNE, row["commune_code"], row["commune"], row["province_code"], before=False)
    for row in origins:
        code = row["old_commune_code"]
        if (code, True) not in found:
            again = (code, False) in found
            add(Level.COMMUNE, code, row["old_commune"], row["old_district_code"], before=True, again=again)
    return found


@cache
def _map() -> Mapping[tuple[str, bool], tuple[Area, ...]]:
    """Return the areas of each province of both maps, by its id, each behind what it lies in."""
    areas = _by_code().values()
    above = {(area.id, area.before): area.parent for area in areas}

    def province(area: Area) -> str:
        top = area.id
        while (parent := above[top, area.before]) is not None:
            top = parent
        return top

    order = {Level.PROVINCE: 0, Level.DISTRICT: 1, Level.COMMUNE: 2}
    ranked = sorted(areas, key=lambda area: (province(area), area.before, order[area.level], area.code))
    groups = groupby(ranked, key=lambda area: (province(area), area.before))
    return {key: tuple(group) for key, group in groups}


@cache
def _commune_heirs() -> tuple[Heir, ...]:
    areas = _by_code()
    rows = sorted(_table("from"), key=lambda row: row["old_commune_code"])
    return tuple(
        Heir(areas[code, True], tuple(areas[row["new_commune_code"], False] for row in group))
        for code, group in groupby(rows, key=lambda row: row["old_commune_code"])
        if areas[code, True].level is Level.COMMUNE
    )


@cache
def _district_heirs() -> tuple[Heir, ...]:
    """Return the districts; only an island district without communes has an heir by law."""
    areas = _by_code()
    islands = {row["old_commune_code"]: row["new_commune_code"] for row in _table("from")}
    districts = (area for area in areas.values() if area.level is Level.DISTRICT)
    return tuple(
        Heir(area, (areas[islands[area.code], False],) if area.code in islands else ())
        for area in sorted(districts, key=attrgetter("code"))
    )


@cache
def _province_heirs() -> tuple[Heir, ...]:
    """Return the provinces whose name is gone, and into which each was merged as a whole."""
    areas = _by_code()
    since = {area.id: area for area in areas.values() if area.level is Level.PROVINCE and not area.before}
    districts = {area.id: area for area in areas.values() if area.level is Level.DISTRICT}
    gone: dict[str, Heir] = {}
    for found in _commune_heirs():
        province = districts[found.old.parent or ""].parent or ""
        if province not in since and province not in gone:
            old = next(area for area in areas.values() if area.id == province and area.before)
            gone[province] = Heir(old, (since[found.new[0].parent or ""],))
    return tuple(gone.values())
