"""What can be done with a product now, by whom: what an officer may do, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ocop_workflow.access import level_behind, may_step
from ocop_workflow.errors import Text
from ocop_workflow.states import EventData, Missing, blocked, build_lifecycle, needed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ocop_workflow.access import Actor, Place
    from ocop_workflow.products.bodies import Bodies
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.regulations import Level
    from ocop_workflow.states import Event, Facts

#: the name under which it is told that a step is in other hands
HANDS = "hands"

#: what is given with an event before anybody gives anything
_NOTHING = EventData()


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one officer can do with a product now.

    Attributes:
        needs: the events that would be accepted, each with the data that it takes.
        missing: the other events, each with what stands in the way.
        waiting: the events that only wait for another body, and its name.
    """

    needs: Mapping[Event, tuple[str, ...]]
    missing: Mapping[Event, tuple[Missing, ...]] = field(default_factory=dict)
    waiting: Mapping[Event, Text] = field(default_factory=dict)

    @property
    def allowed(self) -> tuple[Event, ...]:
        """The events that would be accepted."""
        return tuple(self.needs)


def look_out(record: ProductRecord, facts: Facts, seen_by: tuple[Actor, Place], bodies: Bodies) -> Outlook:
    """Say what an officer can do with a product; what was given with an event does not count.

    Args:
        record: the product as it stands.
        facts: what a decision about it rests on.
        seen_by: the officer, and where the product lies.
        bodies: who makes the steps that are not the officer's.
    """
    actor, place = seen_by
    bare = replace(facts, data=_NOTHING, by_paper=False)
    needs: dict[Event, tuple[str, ...]] = {}
    missing: dict[Event, tuple[Missing, ...]] = {}
    waiting: dict[Event, Text] = {}
    for event, lacks in blocked(record.state, bare).items():
        told = spelled(lacks, record, bare, place, bodies)
        warrant = may_step(actor, record.state, event, bare, place)
        if warrant is None:
            missing[event] = (hands_of(record, event, bare, place, bodies), *told)
            if not told:
                waiting[event] = _awaited(record, event, bare, place, bodies)
        elif told:
            missing[event] = told
        else:
            asked = replace(bare, by_paper=True) if warrant.by_paper else bare
            needs[event] = needed(record.state, event, asked)
    return Outlook(needs, missing, waiting)


def hands_of(record: ProductRecord, event: Event, facts: Facts, place: Place, bodies: Bodies) -> Missing:
    """Say in whose hands a step is, as that which an officer lacks."""
    whose = _whose(record, event, facts, bodies)
    by = recorded_by(level_behind(record.state, event, facts), record, place, bodies)
    told = Text(f"việc này do {whose.vi} làm{by.vi}", f"it is in the hands of {whose.en}{by.en}")
    return Missing(HANDS, told, "")


def recorded_by(level: Level | None, record: ProductRecord, place: Place, bodies: Bodies) -> Text:
    """Say who records what a level does while it has nobody here, as the end of a sentence; or nothing."""
    if level is None or level not in place.outside:
        return Text("", "")
    authority = bodies.authority(record)
    return Text(
        f"; {level.label} chưa có cán bộ trong hệ thống, nên {authority.vi} ghi theo văn bản",
        f"; {level.text.en} has no officer here, so {authority.en} records it from its document",
    )


def _awaited(record: ProductRecord, event: Event, facts: Facts, place: Place, bodies: Bodies) -> Text:
    """Name whom a step waits for: while its level has nobody here, the authority that records it."""
    whose = _whose(record, event, facts, bodies)
    if level_behind(record.state, event, facts) not in place.outside:
        return whose
    authority = bodies.authority(record)
    return Text(
        f"{authority.vi} (ghi theo văn bản của {whose.vi})",
        f"{authority.en} (from the document of {whose.en})",
    )


def _whose(record: ProductRecord, event: Event, facts: Facts, bodies: Bodies) -> Text:
    hands = build_lifecycle(facts.regulation).rows[record.state, event][0].hands
    names = [bodies.whose(record, event, hand, facts) for hand in hands]
    return Text(" hoặc ".join(name.vi for name in names), " or ".join(name.en for name in names))


def spelled(
    lacks: Iterable[Missing], record: ProductRecord, facts: Facts, place: Place, bodies: Bodies
) -> tuple[Missing, ...]:
    """Tell what is missing with the names of this product: who recognises its star, or its certificate."""
    return tuple(
        replace(item, text=_SPELLED[item.name](record, facts, place, bodies))
        if item.name in _SPELLED
        else item
        for item in lacks
    )


def _owner(record: ProductRecord, facts: Facts, place: Place, bodies: Bodies) -> Text:  # noqa: ARG001 - one of several that spell
    star = facts.star or 0
    owner = facts.regulation.owner(star)
    assert owner is not None  # noqa: S101 - else it is the star that is missing
    body = bodies.at(record, owner, facts.regulation)
    return Text(
        f"hạng {star} sao do {body.vi} công nhận: chuyển hồ sơ lên cấp trên (escalate)",
        f"{star} stars are recognised by {body.en}: escalate the dossier (escalate)",
    )


def _confirmed(record: ProductRecord, facts: Facts, place: Place, bodies: Bodies) -> Text:
    held = record.certificate
    owner = facts.regulation.owner(held.star) if held else None
    assert held is not None and owner is not None  # noqa: S101, PT018 - only what is named can be proposed
    body = bodies.at(record, owner, facts.regulation)
    by = recorded_by(owner, record, place, bodies)
    return Text(
        f"xác nhận của {body.vi} đối với giấy chứng nhận {held.star} sao, số {held.number}, do xã khai báo"
        f"{by.vi}",
        f"the word of {body.en} on the certificate of {held.star} stars, {held.number}, that the commune has "
        f"named{by.en}",
    )


_SPELLED = {"owner_reached": _owner, "certificate_confirmed": _confirmed}
