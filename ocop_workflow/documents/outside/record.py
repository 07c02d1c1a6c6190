"""A step of a product that no session here has led to, with everything that its documents say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from ocop_workflow.access import Permission, Place, may
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.errors import NotPermitted
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.places import queries as units
from ocop_workflow.products import queries as products
from ocop_workflow.products.checks import outside_of
from ocop_workflow.regulations import Level, load_regulation, star_of
from ocop_workflow.regulations.signers import SignerNames
from ocop_workflow.states import Dossier, Ending, Event, EventData
from ocop_workflow.states.facts import Paper, ReRating
from ocop_workflow.states.lifecycle import SCORED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from fractions import Fraction

    from ocop_workflow.access import Actor
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.products.queries import HistoryEntry, ProductRecord
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.store import Connection

_SCORES: Final = {
    Event.SCORE_DISTRICT: Level.DISTRICT,
    Event.SCORE_PROVINCE: Level.PROVINCE,
    Event.SCORE_CENTRAL: Level.CENTRAL,
}
#: with these another dossier begins
_BEGINS: Final = (Event.OPEN_RE_RATING, Event.RESUBMIT)


@dataclass(frozen=True, slots=True)
class OutsideScore:
    """What a council gave, as somebody has typed it in.

    Attributes:
        held_on: the local day of its session.
        paper: the document from which it was typed, where the council's level has nobody here.
        session: the session here in which it was found; none: in none, the totals come from paper.
    """

    level: Level
    mean: Fraction
    gates_met: int
    held_on: date | None
    paper: Paper | None
    session: int | None


@dataclass(frozen=True, slots=True)
class OutsideStep:
    """A decision on a product outside sessions: recognised, sent up, or not recognised.

    Attributes:
        id: of the step, in the history.
        product, producer, commune: as they were named then.
        office: who is addressed in the commune.
        before: the star that it held until then; none: none.
        level, unit: who decides; none: no unit of that level is stored.
        by_paper: the level has nobody here, its decision was recorded from the paper.
        star: what was recognised, or what the points come to; 0: none.
        number, decided_on, signer: of the decision; empty, none: not on record.
    """

    id: int
    event: Event
    code: str
    official_code: str | None
    product: str
    producer: str
    commune: str
    office: str
    kind: Dossier
    before: int | None
    regulation: Regulation
    level: Level
    unit: UnitRecord | None
    above: UnitRecord | None
    authority_id: int
    lineage: tuple[int, ...]
    by_paper: bool
    score: OutsideScore | None
    star: int
    number: str
    decided_on: date | None
    signer: str
    made_on: date
    valid_until: date | None = None
    page: str | None = None

    @property
    def year(self) -> int:
        """The year of its decision."""
        return (self.decided_on or self.made_on).year

    @property
    def session(self) -> int | None:
        """The session here in which its result was found; none: in none."""
        return self.score.session if self.score else None

    @property
    def names(self) -> SignerNames:
        """The names that go into the lines of those who sign."""
        unit = self.unit
        return SignerNames(
            unit=unit.name if unit else "", on=self.made_on, office=unit.office if unit else ""
        )


def step_of_certificate(tx: Connection, found: CertificateRecord) -> OutsideStep | None:
    """Return the step that has granted a certificate; none: it came in from elsewhere, granted already."""
    product = products.product_by_code(tx, found.code) if found.code else None
    if product is None:
        return None
    steps = products.standing_steps(products.history(tx, product.id))
    granting = next((one for one in steps if (one.replaced or {}).get("issued") == found.id), None)
    if granting is None or granting.event is not Event.CERTIFY:
        return None
    step = _read(tx, product, steps, granting, found)
    return replace(
        step,
        product=found.product,
        producer=found.producer or step.producer,
        commune=found.commune,
        star=found.star,
        number=found.number,
        decided_on=found.decided_on,
        signer=found.signer,
        valid_until=found.valid_until,
    )


def step_of_product(tx: Connection, product: ProductRecord) -> OutsideStep | None:
    """Return by which step a product was sent up, or not recognised, last; none: by none in this dossier."""
    steps = products.standing_steps(products.history(tx, product.id))
    begun = max((place for place, one in enumerate(steps) if one.event in _BEGINS), default=0)
    ends = [one for one in steps[begun:] if one.event in (Event.ESCALATE, Event.REJECT)]
    return _read(tx, product, steps, ends[-1]) if ends else None


def _read(
    tx: Connection,
    product: ProductRecord,
    steps: Sequence[HistoryEntry],
    last: HistoryEntry,
    granted: CertificateRecord | None = None,
) -> OutsideStep:
    until = [one for one in steps if one.seq <= last.seq]
    regulation = load_regulation(last.regulation)
    score, data = _score(until), _data(last)
    star = star_of(regulation, score.mean, score.gates_met) if score else 0
    level = (regulation.owner(granted.star) if granted else None) or _level_of(last)
    line = units.lineage(tx, product.unit_id)
    stored = units.units_by_id(tx, line)
    place = next((at for at, one in enumerate(line) if stored[one].level is level), None)
    above = stored[line[place + 1]] if place is not None and place + 1 < len(line) else None
    return OutsideStep(
        id=last.id,
        event=last.event,
        code=product.code,
        official_code=product.official_code,
        product=product.name,
        producer=product.producer or "……………",
        commune=last.unit,
        office=stored[product.unit_id].office,
        kind=_kind(until),
        before=_before(tx, product.id, last.on, granted),
        regulation=regulation,
        level=level,
        unit=stored[line[place]] if place is not None else None,
        above=above,
        authority_id=product.authority_id,
        lineage=line,
        by_paper=bool(last.by_paper),
        score=score,
        star=star,
        number=data.decision_number or "",
        decided_on=data.decision_date,
        signer=data.signer or "",
        made_on=data.decision_date or last.on,
    )


def _data(step: HistoryEntry) -> EventData:
    """Return what was given with a step: house and such are not needed, and may be erased."""
    wanted = ("mean", "sheets", "gates_met", "session", "session_date", "paper", "kind")
    decided = ("decision_number", "decision_date", "signer")
    given: dict[str, Any] = {name: step.data[name] for name in (*wanted, *decided) if name in step.data}
    return EventData.model_validate(given)


def _score(steps: Sequence[HistoryEntry]) -> OutsideScore | None:
    for step in reversed(steps):
        if step.event in _BEGINS:
            return None
        if step.event in _SCORES:
            data = _data(step)
            mean = data.exact_mean
            if mean is None:
                return None
            gates = 5 if data.gates_met is None else data.gates_met
            return OutsideScore(_SCORES[step.event], mean, gates, data.session_date, data.paper, data.session)
    return None


def _level_of(step: HistoryEntry) -> Level:
    return next((level for level, state in SCORED.items() if state is step.source), Level.PROVINCE)


def _kind(steps: Sequence[HistoryEntry]) -> Dossier:
    opened = next((one for one in reversed(steps) if one.event in _BEGINS), None)
    if opened is None or opened.event is Event.RESUBMIT:
        return Dossier.FIRST
    return Dossier.UPGRADE if _data(opened).kind is ReRating.UPGRADE else Dossier.RENEWAL


def _before(tx: Connection, product_id: int, on: date, granted: CertificateRecord | None) -> int | None:
    held = [
        one
        for one in certificates.certificates_of(tx, product_id)
        if one.decided_on <= on
        and (granted is None or (one.decided_on, one.id) < (granted.decided_on, granted.id))
        and one.ended_because not in (Ending.UNDONE, Ending.REFUSED)
    ]
    return max(held, key=lambda one: (one.decided_on, one.id)).star if held else None


# -- who may -----------------------------------------------------------------------------------------


def refuse_drafting(tx: Connection, actor: Actor, step: OutsideStep) -> None:
    """Turn away all but the level that decides and, while that has nobody here, the plan's authority.

    Raises:
        NotPermitted: the actor works for neither.
    """
    places = [step.unit.id] if step.unit else []
    if step.level in outside_of(officers.staffed_levels(tx, step.lineage)):
        places.append(step.authority_id)
    for unit_id in places:
        place = Place(frozenset(units.lineage(tx, unit_id)))
        if may(actor, Permission.READ_SHEETS, place) is not None:
            return
    if not actor.is_operator:
        raise NotPermitted(
            "Chỉ cơ quan của cấp quyết định, hoặc cơ quan chủ trì khi cấp ấy chưa dùng hệ thống, lập được "
            "văn bản này.",
            "Only the level that decides drafts this document, or the plan's authority while that level has "
            "nobody here.",
        )
