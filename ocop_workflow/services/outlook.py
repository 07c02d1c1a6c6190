"""What can be done with a product now, by whom: what an officer may do, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ocop_workflow.access import may_step
from ocop_workflow.errors import Text
from ocop_workflow.states import EventData, Missing, blocked, build_lifecycle, needed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ocop_workflow.access import Actor, Place
    from ocop_workflow.services.bodies import Bodies
    from ocop_workflow.states import Event, Facts
    from ocop_workflow.storage.products import ProductRecord

#: the name under which it is told that a step is in other hands
HANDS = "hands"


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
    bare = replace(facts, data=EventData())
    needs: dict[Event, tuple[str, ...]] = {}
    missing: dict[Event, tuple[Missing, ...]] = {}
    waiting: dict[Event, Text] = {}
    for event, lacks in blocked(record.state, bare).items():
        told = spelled(lacks, record, bare, bodies)
        if may_step(actor, record.state, event, bare, place) is None:
            missing[event] = (hands_of(record, event, bare, bodies), *told)
            if not told:
                waiting[event] = _whose(record, event, bare, bodies)
        elif told:
            missing[event] = told
        else:
            needs[event] = needed(record.state, event, bare)
    return Outlook(needs, missing, waiting)


def hands_of(record: ProductRecord, event: Event, facts: Facts, bodies: Bodies) -> Missing:
    """Say in whose hands a step is, as that which an officer lacks."""
    whose = _whose(record, event, facts, bodies)
    return Missing(HANDS, Text(f"việc này do {whose.vi} làm", f"it is in the hands of {whose.en}"), "")


def _whose(record: ProductRecord, event: Event, facts: Facts, bodies: Bodies) -> Text:
    hands = build_lifecycle(facts.regulation).rows[record.state, event][0].hands
    names = [bodies.whose(record, event, hand, facts) for hand in hands]
    return Text(" hoặc ".join(name.vi for name in names), " or ".join(name.en for name in names))


def spelled(
    lacks: Iterable[Missing], record: ProductRecord, facts: Facts, bodies: Bodies
) -> tuple[Missing, ...]:
    """Tell what is missing with the names of this product: who recognises its star."""
    return tuple(
        replace(item, text=_owner(record, facts, bodies)) if item.name == "owner_reached" else item
        for item in lacks
    )


def _owner(record: ProductRecord, facts: Facts, bodies: Bodies) -> Text:
    star = facts.star or 0
    owner = facts.regulation.owner(star)
    assert owner is not None  # noqa: S101 - else it is the star that is missing
    body = bodies.at(record, owner, facts.regulation)
    return Text(
        f"hạng {star} sao do {body.vi} công nhận: chuyển hồ sơ lên cấp trên (escalate)",
        f"{star} stars are recognised by {body.en}: escalate the dossier (escalate)",
    )
