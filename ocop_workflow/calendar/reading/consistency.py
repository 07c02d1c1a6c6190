"""Faults that lie between the entries of a plan file: an id used twice, a reference to nothing, the order.

They are looked for in the raw tables, whose types nobody has checked yet, so that they are reported
beside the faults of the schema and not after them.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from ocop_workflow.calendar.plan import Reach
from ocop_workflow.calendar.when import Reader, When, read_when
from ocop_workflow.calendar.workdays import load_work_calendar
from ocop_workflow.errors import Fault, fault
from ocop_workflow.regulations import Level, load_regulation, regulation_ids
from ocop_workflow.states import Dossier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.regulations import Regulation

_Raw = dict[str, Any]


def cross_faults(raw: _Raw) -> Iterator[Fault]:
    """Yield the faults between the entries of a plan file, given its raw tables."""
    count = sum(1 for _ in entries(raw, *_NAMED, "inspections", "events"))
    if count > MAX_ENTRIES:  # each is compared with the others below
        yield fault(
            "",
            f"có {count} mốc, hoạt động, đợt, lần kiểm tra và sự kiện; tối đa {MAX_ENTRIES}",
            f"{count} milestones, activities, rounds, inspections and events; {MAX_ENTRIES} at most",
        )
        return
    yield from _doubles(raw)
    yield from _dangling(raw)
    yield from _taken_names(raw)
    yield from _documents(raw)
    if not raw.get("milestones") and "last_year" not in raw:
        yield fault("milestones", "phải có ít nhất 1 mục", "needs at least 1 entries")
    yield from _unknown_events(raw)
    regulation = regulation_of(raw)
    if regulation is None:
        yield from _unknown_regulation(raw)
    else:
        yield from _off_the_ladder(raw, regulation)
        yield from _order(raw, regulation)


def entries(raw: _Raw, *tables: str) -> Iterator[tuple[str, _Raw]]:
    """Yield the entries of these tables, each with its place."""
    for table in tables:
        entries = raw.get(table)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict):
                yield f"{table}[{index}]", entry


_NAMED = ("milestones", "activities", "rounds")

#: of a plan file; a province's whole year has some forty
MAX_ENTRIES = 300


def _doubles(raw: _Raw) -> Iterator[Fault]:
    seen: set[str] = set()
    for place, entry in entries(raw, *_NAMED, "inspections", "events"):
        name = entry.get("id")
        if not isinstance(name, str):
            continue
        if name in seen:
            yield fault(f"{place}.id", f"mã {name} đã dùng ở trên", f"the id {name} is used above")
        seen.add(name)


def _dangling(raw: _Raw) -> Iterator[Fault]:
    """References to nothing, or in a ring."""
    targets = {str(entry.get("id")): entry for _, entry in entries(raw, *_NAMED)}
    rounds = {str(entry.get("id")) for _, entry in entries(raw, "rounds")}
    for place, entry in entries(raw, *_NAMED):
        for at, name in _references(place, entry, "when", "dossiers", "done"):
            if name not in targets:
                yield fault(
                    f"{at}.with", f"không có mốc nào mang mã {name}", f"no milestone has the id {name}"
                )
        for at, name in _of_rounds(place, entry):
            if name not in rounds or place.startswith("rounds"):
                yield fault(
                    f"{at}.dossiers_of",
                    f"không có đợt nào mang mã {name}, hoặc đây là hạn của chính một đợt",
                    f"no round has the id {name}, or this is the time of a round itself",
                )
    pointing = _pointing(targets)
    for place, entry in entries(raw, *_NAMED):
        leading = _leading_to(str(entry.get("id")), pointing)
        for at, name in _references(place, entry, *_POINTED_AT):
            if name in leading:
                yield fault(
                    f"{at}.with", "các mốc trỏ vòng vào nhau", "the milestones point at each other in a ring"
                )


#: what `with` points at: a milestone's time, a round's last day
_POINTED_AT = ("when", "done")


def _references(place: str, entry: _Raw, *keys: str) -> Iterator[tuple[str, str]]:
    for at, when in _whens(place, entry, *keys):
        if isinstance(when.get("with"), str):
            yield at, when["with"]


def _of_rounds(place: str, entry: _Raw) -> Iterator[tuple[str, str]]:
    for at, when in _whens(place, entry, "when", "dossiers", "done"):
        if isinstance(when.get("dossiers_of"), str):
            yield at, when["dossiers_of"]


def _whens(place: str, entry: _Raw, *keys: str) -> Iterator[tuple[str, _Raw]]:
    for key in keys:
        if isinstance(entry.get(key), dict):
            yield from alternatives(f"{place}.{key}", entry[key])


def alternatives(place: str, when: _Raw) -> Iterator[tuple[str, _Raw]]:
    """Yield a time and its alternatives, each with its place."""
    yield place, when
    parts = when.get("any_of")
    for index, part in enumerate(parts if isinstance(parts, list) else ()):
        if isinstance(part, dict):
            yield from alternatives(f"{place}.any_of[{index}]", part)


def _pointing(targets: dict[str, _Raw]) -> dict[str, set[str]]:
    """Return for each entry by which others it is pointed at."""
    pointing: dict[str, set[str]] = {}
    for name, entry in targets.items():
        for _, onward in _references("", entry, *_POINTED_AT):
            pointing.setdefault(onward, set()).add(name)
    return pointing


def _leading_to(end: str, pointing: dict[str, set[str]]) -> set[str]:
    """Return an entry and all from which one gets to it."""
    found, todo = {end}, [end]
    while todo:
        new = pointing.get(todo.pop(), set()) - found
        found |= new
        todo += new
    return found


#: the events of a product's own life, from which a time may be counted
_OF_A_PRODUCT = {"received", "expiry", *(reach.value for reach in Reach if reach is not Reach.SCORED)}


#: names in one sentence
_SHOWN = 40


def _unknown_events(raw: _Raw) -> Iterator[Fault]:
    known = _OF_A_PRODUCT | {str(entry.get("id")) for _, entry in entries(raw, "events")}
    there_are = ", ".join(sorted(known)[:_SHOWN]) + (", …" if len(known) > _SHOWN else "")
    for place, entry in entries(raw, *_NAMED):
        for at, name in counted_from(place, entry):
            if name not in known:
                yield fault(
                    at,
                    f"không có sự kiện {name}; có: {there_are}",
                    f"no event is called {name}; there are: {there_are}",
                )


_CLAUSES = ("legal_basis", "targets", *_NAMED, "inspections", "budget", "duties")


def _documents(raw: _Raw) -> Iterator[Fault]:
    """Documents that are named and are none of the plan's, or called alike."""
    known: list[object] = []
    for place, entry in entries(raw, "documents"):
        if entry.get("id") in known:
            yield fault(
                f"{place}.id", f"mã {entry['id']} đã dùng ở trên", f"the id {entry['id']} is used above"
            )
        known.append(entry.get("id"))
    there_are = ", ".join(map(str, known)) or "—"
    for place, entry in entries(raw, *_CLAUSES):
        if entry.get("document", "") not in ("", *known):
            yield fault(
                f"{place}.document",
                f"không có văn bản nào mang mã này; có: {there_are}",
                f"no document has this id; there are: {there_are}",
            )


def _taken_names(raw: _Raw) -> Iterator[Fault]:
    for place, entry in entries(raw, "events"):
        if entry.get("id") in list(_OF_A_PRODUCT):
            yield fault(
                f"{place}.id",
                f"mã {entry['id']} đã dành cho sự kiện của chính sản phẩm",
                f"the id {entry['id']} is kept for the product's own event",
            )


def counted_from(place: str, entry: _Raw) -> Iterator[tuple[str, str]]:
    """Yield the events from which an entry's times are counted or begin, each with its place."""
    for at, when in _whens(place, entry, "when", "dossiers", "done"):
        for form in ("after", "ahead_of"):
            offset = when.get(form)
            if isinstance(offset, dict) and isinstance(offset.get("event"), str):
                yield f"{at}.{form}.event", offset["event"]
        if isinstance(when.get("from"), str):
            yield f"{at}.from", when["from"]


def regulation_of(raw: _Raw) -> Regulation | None:
    """Return the regulation that a plan file names, if there is one of that name."""
    name = raw.get("regulation")
    return load_regulation(name) if isinstance(name, str) and name in regulation_ids() else None


def _unknown_regulation(raw: _Raw) -> Iterator[Fault]:
    name, known = raw.get("regulation"), ", ".join(regulation_ids())
    if isinstance(name, str):
        yield fault(
            "regulation",
            f"không có quy định {name}; có: {known}",
            f"no regulation {name}; there are: {known}",
        )


def _off_the_ladder(raw: _Raw, regulation: Regulation) -> Iterator[Fault]:
    ladder = ", ".join(regulation.ladder)
    strangers = [level.value for level in Level if level not in regulation.ladder]
    for place, entry in entries(raw, *_NAMED, "inspections"):
        for key in ("actor", "level"):
            if entry.get(key) in strangers:
                yield fault(
                    f"{place}.{key}",
                    f"{regulation.id} không có cấp này; có: {ladder}",
                    f"{regulation.id} has no such level; it has: {ladder}",
                )


_PATH = (
    {"registered"},
    {"selected"},
    {"consulting"},
    {"commune_evaluated"},
    {"scored"},
    {"certified", "escalated", "not_rated"},
)


def _order(raw: _Raw, regulation: Regulation) -> Iterator[Fault]:
    """A step of a dossier's path that is due before a step ahead of it."""
    dated = [
        (step, due, _strings(entry.get("dossiers")) or set(Dossier), place)
        for place, entry in entries(raw, "milestones")
        if (step := _step(entry)) is not None and (due := _fixed_due(entry.get("when"), regulation))
    ]
    for step, due, kinds, place in dated:
        earlier = max((day for at, day, whose, _ in dated if at < step and whose & kinds), default=due)
        if due < earlier:
            yield fault(
                f"{place}.when",
                f"đến hạn {due:%d/%m/%Y}, trước bước đứng trước nó ({earlier:%d/%m/%Y})",
                f"due {due}, before the step that comes ahead of it ({earlier})",
            )


def _strings(value: object) -> set[str]:
    return {item for item in value if isinstance(item, str)} if isinstance(value, list) else set()


def _step(entry: _Raw) -> int | None:
    reach = entry.get("reach")
    names = {reach} if isinstance(reach, str) else _strings(reach)
    return next((step for step, states in enumerate(_PATH) if states & names), None)


#: forms whose day hangs on another entry, an event, or the product
_HANGING = {"with", "dossiers_of", "after", "ahead_of", "any_of", "each_month"}
_NOTHING: dict[str, When] = {}


def _fixed_due(raw: object, regulation: Regulation) -> date | None:
    """The due day that the plan alone fixes; none where the time is at fault or hangs on something."""
    try:
        when = When.model_validate(raw)
    except ValidationError:
        return None
    if when.form in _HANGING:
        return None
    inclusive = regulation.before_a_day.inclusive
    return read_when(when, Reader(load_work_calendar(), inclusive, _NOTHING.__getitem__, {}, date.min)).due
