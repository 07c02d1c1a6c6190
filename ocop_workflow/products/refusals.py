"""Refusals that lead on: what is missing, with which data, in whose hands it is, what can be done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import Conflict, NotPermitted, Text
from ocop_workflow.products.outlook import hands_of, look_out, spelled
from ocop_workflow.products.views import WayOnView
from ocop_workflow.states import blocked
from ocop_workflow.views import to_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ocop_workflow.access import Actor, Place
    from ocop_workflow.products.bodies import Bodies
    from ocop_workflow.products.outlook import Outlook
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.states import Event, Facts, Missing, Refused


class EventRefused(Conflict):
    """The event may not happen; `refusal` says which may, with which data, and what is missing."""

    def __init__(self, code: str, refusal: Refused, waiting: Mapping[Event, Text] | None = None) -> None:
        """Say what is missing, and which events there are instead; `waiting`: those of other bodies."""
        self.refusal = refusal
        text = _sentence(code, refusal, way_on(refusal.needs, waiting or {}))
        super().__init__(text.vi, text.en)

    @property
    def way_on(self) -> WayOnView:
        """The events that there are instead, the data that each takes, and what is missing."""
        return WayOnView.of(self.refusal.needs, self.refusal.missing)

    @property
    def members(self) -> dict[str, Any]:
        """The way on, for programs."""
        return to_plain(self.way_on)


class InOtherHands(NotPermitted):
    """The step is not this officer's; the sentence names the body whose it is, and what can be done."""

    def __init__(self, text: Text, lacks: tuple[Missing, ...], outlook: Outlook) -> None:
        """Take the sentence, what the officer lacks, and what can be done instead."""
        self._lacks, self._outlook = lacks, outlook
        super().__init__(text.vi, text.en)

    @property
    def name(self) -> str:
        """The name of its kind."""
        return "not_permitted"

    @property
    def way_on(self) -> WayOnView:
        """The officer's own events, the data that each takes, and what is missing."""
        return WayOnView.of(self._outlook.needs, self._lacks)

    @property
    def members(self) -> dict[str, Any]:
        """The way on, for programs."""
        return to_plain(self.way_on)


def refused(
    refusal: Refused, record: ProductRecord, facts: Facts, seen_by: tuple[Actor, Place], bodies: Bodies
) -> EventRefused:
    """Complete a refusal with what this officer can do instead, and with the names of who does the rest."""
    outlook = look_out(record, facts, seen_by, bodies)
    needs = dict(outlook.needs)
    if refusal.event in needs:  # of this event some data were given
        needs[refusal.event] = refusal.needs[refusal.event]
    missing = spelled(refusal.missing, record, facts, seen_by[1], bodies)
    told = replace(refusal, allowed=tuple(needs), needs=needs, missing=missing)
    return EventRefused(record.code, told, outlook.waiting)


def in_other_hands(
    record: ProductRecord, event: Event, facts: Facts, seen_by: tuple[Actor, Place], bodies: Bodies
) -> InOtherHands:
    """Say which body makes the step from where the product stands, and what the officer can do instead."""
    outlook = look_out(record, facts, seen_by, bodies)
    actor, place = seen_by
    against = spelled(blocked(record.state, facts).get(event, ()), record, facts, place, bodies)
    lacks = (hands_of(record, event, facts, place, bodies), *against)
    text, way = _not_theirs(record, event, actor, lacks), way_on(outlook.needs, {})
    if outlook.needs:
        text = Text(f"{text.vi} Có thể: {way.vi}.", f"{text.en} Possible: {way.en}.")
    return InOtherHands(text, lacks, outlook)


def not_theirs(
    record: ProductRecord, event: Event, facts: Facts, seen_by: tuple[Actor, Place], bodies: Bodies
) -> NotPermitted:
    """Say which body's a step was that an officer would undo from where it led."""
    actor, place = seen_by
    text = _not_theirs(record, event, actor, (hands_of(record, event, facts, place, bodies),))
    return NotPermitted(text.vi, text.en)


def _not_theirs(record: ProductRecord, event: Event, actor: Actor, lacks: Iterable[Missing]) -> Text:
    return Text(
        f"{record.code}: «{event.label}» không thuộc quyền của {actor.login}; {_listed(lacks).vi}.",
        f"{record.code}: {actor.login} may not {event.value.replace('_', ' ')}; {_listed(lacks).en}.",
    )


def _sentence(code: str, refusal: Refused, way: Text) -> Text:
    state, event = refusal.state, refusal.event
    if not refusal.missing:
        return Text(
            f"{code} đang ở «{state.label}», không thể «{event.label}»; có thể: {way.vi}.",
            f"{code} is {state.value}: {event.value} is not possible; possible: {way.en}.",
        )
    by_its_data = event in refusal.allowed  # then giving them is the way on
    # else no data help, so that none are asked for
    barring = () if by_its_data else tuple(item for item in refusal.missing if not item.fields)
    lacks = _listed(barring or refusal.missing)
    return Text(
        f"{code} ({state.label}): chưa thể «{event.label}», còn thiếu: {lacks.vi}."
        + ("" if by_its_data else f" Có thể: {way.vi}."),
        f"{code} ({state.value}): cannot {event.value} yet, missing: {lacks.en}."
        + ("" if by_its_data else f" Possible: {way.en}."),
    )


def _listed(lacks: Iterable[Missing]) -> Text:
    """Tell what is missing: each in words, behind it the keys of its data and its clause."""
    vi, en = [], []
    for item in lacks:
        more = "; ".join(part for part in (", ".join(item.fields), item.clause) if part)
        vi.append(f"{item.text.vi} ({more})" if more else item.text.vi)
        en.append(f"{item.text.en} ({more})" if more else item.text.en)
    return Text("; ".join(vi), "; ".join(en))


def way_on(needs: Mapping[Event, tuple[str, ...]], waiting: Mapping[Event, Text]) -> Text:
    """Say what can be done now; where the officer can do nothing, what is awaited of whom."""
    if needs:
        told = [(event, ", ".join(fields)) for event, fields in needs.items()]
        return Text(
            ", ".join(f"{e.value} ({e.label}{f'; cần {keys}' if keys else ''})" for e, keys in told),
            ", ".join(f"{e.value}{f' (needs {keys})' if keys else ''}" for e, keys in told),
        )
    if waiting:
        return Text(
            "không có; đang chờ " + ", ".join(f"{by.vi}: {event.label}" for event, by in waiting.items()),
            "nothing; awaited of " + ", ".join(f"{by.en}: {event.value}" for event, by in waiting.items()),
        )
    return Text("không có", "nothing")
