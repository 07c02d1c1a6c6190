"""Whether an officer may do something to what lies in a place, and in whose name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ocop_workflow.access.roles import Permission, Role, Scope, roles_with
from ocop_workflow.states import SCORED, Event, Hand, build_lifecycle

if TYPE_CHECKING:
    from collections.abc import Collection

    from ocop_workflow.regulations import Level, Regulation
    from ocop_workflow.states import Facts, State
    from ocop_workflow.states.lifecycle import Transition


@dataclass(frozen=True, slots=True)
class Grant:
    """A role on a unit, as it holds on a day. `unit` is the unit's id as people write it."""

    role: Role
    unit_id: int
    unit: str
    level: Level


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts now: with which roles, how far (a token's scope), and from where.

    Attributes:
        login: the name under which it goes on record.
        origin: the host, or the address of an HTTP client.
        is_operator: works on the host itself, where the database is in the person's hands anyway; no role
            limits that.
        unit_id: of a feed's token: the unit whose calendar it reads.
    """

    login: str
    origin: str
    grants: tuple[Grant, ...] = ()
    scope: Scope = Scope.READ
    officer_id: int | None = None
    is_operator: bool = False
    unit_id: int | None = None

    def units_with(self, permission: Permission) -> frozenset[int] | None:
        """Return the units below which the actor has a permission; none: everywhere."""
        if self.is_operator:
            return None
        if not self.scope.covers(permission.scope):
            return frozenset()
        roles = roles_with(permission)
        return frozenset(grant.unit_id for grant in self.grants if grant.role in roles)


def operator(origin: str, login: str = "ocop") -> Actor:
    """Return the actor that stands for whoever works on the host itself."""
    return Actor(login, origin, scope=Scope.ADMINISTER, is_operator=True)


@dataclass(frozen=True, slots=True)
class Warrant:
    """That an actor may do something, and in the name of which unit; none: of the host's operator.

    `by_paper`: the step is another level's, which has nobody here; it is recorded from its document.
    """

    acting_for: str | None
    by_paper: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is.

    Attributes:
        lineage: its unit and every unit above it.
        authority: the same of its plan's authority.
        outside: the levels above the commune that have no active officer here: their steps are recorded by
            the plan's authority, from the paper.
    """

    lineage: frozenset[int]
    authority: frozenset[int] = frozenset()
    outside: frozenset[Level] = frozenset()


def may(actor: Actor, permission: Permission, place: Place) -> Warrant | None:
    """Return in whose name the actor may do it there; none: may not."""
    if actor.is_operator:
        return Warrant(None)
    if not actor.scope.covers(permission.scope):
        return None
    return _reaching(actor, roles_with(permission), place.lineage)


def may_step(actor: Actor, state: State, event: Event, facts: Facts, place: Place) -> Warrant | None:
    """Return in whose name the actor may make this step; none: the step is in other hands.

    Whose hand a step is in stands in the table of states (QĐ 148/2023, QĐ 1489/2025, QĐ 26/2026: who
    evaluates, scores, recognises and revokes).
    """
    if actor.is_operator:
        return Warrant(None)
    if not actor.scope.covers(Scope.ACT):
        return None
    rows = build_lifecycle(facts.regulation).rows.get((state, event), ())
    for hand in rows[0].hands if rows else ():
        reach = place.lineage & place.authority if hand is Hand.AUTHORITY else place.lineage
        level = level_of(hand, state, event, facts)
        found = _reaching(actor, ROLES[hand], reach, level) or _from_paper(actor, level, place)
        if found:
            return found
    return None


def may_settle(actor: Actor, star: int, regulation: Regulation, place: Place) -> Warrant | None:
    """Return in whose name the actor may confirm or refuse a certificate of `star`; none: may not.

    It is up to the level that recognises this star, or, while that is outside, to the plan's authority.
    """
    if actor.is_operator:
        return Warrant(None)
    if not actor.scope.covers(Scope.ACT):
        return None
    owner = regulation.owner(star)
    return _reaching(actor, OFFICE, place.lineage, owner) or _from_paper(actor, owner, place)


def _from_paper(actor: Actor, level: Level | None, place: Place) -> Warrant | None:
    """Let the plan's authority stand in for a level that has nobody here."""
    if level not in place.outside:
        return None
    found = _reaching(actor, ROLES[Hand.AUTHORITY], place.lineage & place.authority)
    return replace(found, by_paper=True) if found else None


def level_behind(state: State, event: Event, facts: Facts) -> Level | None:
    """Return the level above the commune whose step it is; none: it is no such level's."""
    rows = build_lifecycle(facts.regulation).rows.get((state, event), ())
    return next((found for hand in rows[0].hands if (found := level_of(hand, state, event, facts))), None)


def level_of(hand: Hand, state: State, event: Event, facts: Facts) -> Level | None:
    """Return the level at which the hand sits; none: wherever the role is held."""
    if hand in (Hand.COMMUNE, Hand.AUTHORITY):
        return None
    if hand is Hand.COUNCIL:
        return _SCORES[event]
    if hand is Hand.LEVEL:
        return next(level for level, scored in SCORED.items() if scored is state)
    if hand is Hand.ISSUER:
        return facts.issuer or facts.regulation.scoring[0].level
    star = facts.star
    owner = facts.regulation.owner(star) if star is not None and star >= _LOWEST_STAR else None
    return owner or facts.regulation.scoring[0].level


def level_of_row(row: Transition, hand: Hand) -> Level | None:
    """Return the level at which a row's hand sits, whatever the product; none: wherever the role is held.

    Who recognises a star is told by the star: until it is known, the level that has scored stands for it.
    """
    if hand is Hand.COUNCIL:
        return _SCORES[row.event]
    return next((level for level, scored in SCORED.items() if scored is row.source), None)


def _reaching(
    actor: Actor, roles: Collection[Role], lineage: frozenset[int], level: Level | None = None
) -> Warrant | None:
    for grant in actor.grants:
        if grant.role in roles and grant.unit_id in lineage and level in (None, grant.level):
            return Warrant(grant.unit)
    return None


_LOWEST_STAR = 3  # the first star that anybody recognises
_SCORES = {
    event: level
    for level, event in zip(
        SCORED, (Event.SCORE_DISTRICT, Event.SCORE_PROVINCE, Event.SCORE_CENTRAL), strict=True
    )
}
#: roles that act in the name of a level above the commune
OFFICE = frozenset({Role.AUTHORITY_OFFICER, Role.COUNCIL_SECRETARY})
#: the roles that are each hand
ROLES = {
    Hand.COMMUNE: frozenset({Role.COMMUNE_OFFICER}),
    Hand.AUTHORITY: frozenset({Role.AUTHORITY_OFFICER}),
    Hand.COUNCIL: frozenset({Role.COUNCIL_SECRETARY}),
    Hand.LEVEL: OFFICE,
    Hand.OWNER: OFFICE,
    Hand.ISSUER: OFFICE,
}
