"""Everything of a session that its documents say, read once: who was there, what came out, where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from ocop_workflow.councils import attendance_queries as seated
from ocop_workflow.councils import council_queries as councils
from ocop_workflow.councils.founding import find_council
from ocop_workflow.councils.scoring.results import reads_sheets, results_of
from ocop_workflow.councils.sittings import find_session, present_of, rules_in, scorers_of
from ocop_workflow.documents import queries
from ocop_workflow.documents.issued_queries import issued_in
from ocop_workflow.errors import NotFound, NotPermitted
from ocop_workflow.places import queries as units
from ocop_workflow.regulations import load_regulation, regulation_ids, regulation_on
from ocop_workflow.regulations.councils.documents import DocumentOf
from ocop_workflow.regulations.councils.words import CouncilDuty, Scoring, SessionMode, Sitting
from ocop_workflow.regulations.signers import SignerNames
from ocop_workflow.states import Event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, tzinfo

    from ocop_workflow.access import Actor
    from ocop_workflow.councils.attendance_queries import AttendanceRecord, ConflictRecord, OpinionRecord
    from ocop_workflow.councils.council_queries import CouncilRecord, MemberRecord
    from ocop_workflow.councils.scoring.results import ProductResult
    from ocop_workflow.councils.session_queries import ScoredRecord, SittingRecord
    from ocop_workflow.documents.issued_queries import IssuedRecord
    from ocop_workflow.documents.queries import GrantedRecord, ScoredDossier
    from ocop_workflow.notifications import Sender
    from ocop_workflow.places.queries import UnitRecord
    from ocop_workflow.regulations import Level, Regulation
    from ocop_workflow.regulations.councils.documents import SessionDocument
    from ocop_workflow.regulations.rubrics import CouncilRules
    from ocop_workflow.regulations.rubrics.outcome import Outcome
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the service knows beside the database.

    Attributes:
        zone: the programme's time zone.
        base: where the console is reached from elsewhere; empty: nowhere.
        public_address: where everybody reaches the service; only then a certificate has a QR.
    """

    zone: tzinfo
    base: str = ""
    public_address: str = ""

    @classmethod
    def of(cls, sender: Sender, public_address: str) -> Surroundings:
        """Return what a running service knows."""
        return cls(sender.zone, sender.public_url, public_address)


class Fate(StrEnum):
    """What follows from a product's result at this level."""

    PENDING = "pending"  # there is none yet
    OUT = "out"  # taken out of the session, without one
    RECOGNISED = "recognised"
    SENT_UP = "sent_up"
    UNRATED = "unrated"


@dataclass(frozen=True, slots=True)
class ProductOnRecord:
    """A product of a session.

    `commune`: as it was called then; `granted`: what its decision gave it; `before`: the star that it held
    until then, none: none.
    """

    listed: ScoredRecord
    found: ProductResult
    dossier: ScoredDossier
    commune: str
    granted: GrantedRecord | None
    fate: Fate
    before: int | None = None

    @property
    def outcome(self) -> Outcome | None:
        """What its sheets come to; none while scoring is not closed, or something stands against it."""
        return self.found.result.outcome if self.found.result and not self.found.blocks else None

    @property
    def star(self) -> int:
        """The star that the result gives; 0: none."""
        if self.granted:
            return self.granted.star
        return (self.outcome.star or 0) if self.outcome else 0

    @property
    def producer(self) -> str:
        """Whose it is; a blank where nobody is on record."""
        return self.listed.producer or "……………"


@dataclass(frozen=True)
class SessionOnRecord:
    """A session with everything that its documents say.

    Attributes:
        unit: the council's: its name is the one of the session's time, a merged unit keeps it.
        above: the unit above it; none: none is stored.
        base: where the console is reached; empty: nowhere but on this machine.
        public_address: where everybody reaches the service; empty: nobody does.
    """

    session: SittingRecord
    council: CouncilRecord
    rules: CouncilRules
    unit: UnitRecord
    above: UnitRecord | None
    members: tuple[MemberRecord, ...]
    scorers: tuple[MemberRecord, ...]
    present: frozenset[int]
    attendance: dict[int, AttendanceRecord]
    conflicts: tuple[ConflictRecord, ...]
    opinions: tuple[OpinionRecord, ...]
    products: tuple[ProductOnRecord, ...]
    issued: tuple[IssuedRecord, ...]
    zone: tzinfo
    base: str
    public_address: str

    @property
    def year(self) -> int:
        """The year in which it is held."""
        return self.session.held_on.year

    @property
    def is_written(self) -> bool:
        """Tell whether the council answers in writing."""
        return self.session.mode is SessionMode.WRITTEN

    @property
    def is_opened(self) -> bool:
        """Tell whether it was opened."""
        return self.session.stage is not Sitting.DRAFT

    @property
    def there(self) -> tuple[ProductOnRecord, ...]:
        """The products that were not taken out."""
        return tuple(item for item in self.products if item.fate is not Fate.OUT)

    def with_fate(self, fate: Fate) -> tuple[ProductOnRecord, ...]:
        """Return the products with which this is done."""
        return tuple(item for item in self.products if item.fate is fate)

    @property
    def approved_by(self) -> bool:
        """Tell whether the decision on record is the approval of what goes up: it recognises nothing."""
        return self.session.decision_number is not None and not self.with_fate(Fate.RECOGNISED)

    @property
    def recognised(self) -> tuple[ProductOnRecord, ...]:
        """The products that its decision recognises; what another one recognised is not among them."""
        found = self.with_fate(Fate.RECOGNISED)
        return tuple(item for item in found if item.granted or not self.session.decision_number)

    @property
    def with_result(self) -> tuple[ProductOnRecord, ...]:
        """The products that have come to something."""
        return tuple(item for item in self.there if item.outcome)

    def issued_as(
        self, kind: SessionDocument, items: Sequence[ProductOnRecord], *, by_commune: bool = False
    ) -> IssuedRecord | None:
        """Return a document as it was issued; none: it was not, or its filing was taken back.

        Args:
            kind: of the document.
            items: the products that it is about.
            by_commune: it is a commune's, not a product's.
        """
        found = self.filings_of(kind, items, by_commune=by_commune)
        return next((item for item in found if item.taken_back_at is None), None)

    def filings_of(
        self, kind: SessionDocument, items: Sequence[ProductOnRecord], *, by_commune: bool = False
    ) -> tuple[IssuedRecord, ...]:
        """Return every filing of a document, oldest first, those that were taken back among them."""
        which: tuple[int | None, int | None] = (None, None)
        if DocumentOf.SESSION not in kind.of:
            which = (items[0].dossier.unit_id, None) if by_commune else (None, items[0].listed.id)
        found = (item for item in self.issued if (item.unit_id, item.scored_id) == which)
        return tuple(item for item in found if item.kind == kind.value)

    def with_duty(self, duty: CouncilDuty) -> MemberRecord | None:
        """Return who has a duty in the council; none: nobody."""
        return next((item for item in self.members if item.duty is duty), None)

    def asked(self, item: ProductOnRecord) -> list[MemberRecord]:
        """Return who is to score a product: whoever is there, everybody while nothing is noted yet."""
        barred = {one.member_id for one in self.conflicts if one.scored_id == item.listed.id}
        there = self.present if self.is_opened or self.present else {one.id for one in self.scorers}
        return [one for one in self.scorers if one.id in there and one.id not in barred]

    @cached_property
    def regulation(self) -> Regulation:
        """By what its results are decided: the youngest of the packs of its products."""
        packs = {item.listed.regulation for item in self.products}
        found = [load_regulation(one) for one in packs]
        if not found:
            return regulation_on(self.session.held_on) or load_regulation(regulation_ids()[-1])
        return max(found, key=lambda one: one.in_force.since)

    @property
    def level(self) -> Level:
        """The council's level."""
        return self.council.level

    def naming(self, on: date | None = None) -> SignerNames:
        """Return the names that go into the lines of those who sign."""
        return SignerNames(
            unit=self.unit.name,
            on=on or self.session.held_on,
            council=self.council.name,
            office=self.unit.office,
        )


def read_session(tx: Connection, session_id: int, actor: Actor, around: Surroundings) -> SessionOnRecord:
    """Read what the documents of a session say; of a product that is not closed, nothing of its sheets.

    Raises:
        NotFound: see `find_session`.
        NotPermitted: the actor may not read sheets: neither of the council nor of its agency.
    """
    session = find_session(tx, actor, session_id)
    if not reads_sheets(tx, actor, session):
        raise NotPermitted(
            "Chỉ hội đồng và cơ quan thường trực lập được văn bản của phiên.",
            "Only the council and its agency draft the documents of a session.",
        )
    council = find_council(tx, actor, session.council_id)
    rules = rules_in(tx, session)
    members = [item for item in councils.members_of(tx, council.id) if item.sits_on(session.held_on)]
    line = units.lineage(tx, council.unit_id)
    stored = units.units_by_id(tx, line)
    decided = session.decided_on if session.decision_number else None
    granted = queries.granted_by(tx, session.id, session.decision_number or "", decided) if decided else {}
    dossiers = queries.dossiers_in(tx, session.id)
    then = queries.communes_then(tx, session.id, session.held_on)
    after = queries.steps_after(tx, session.id)
    held = queries.stars_before(tx, session.id, session.decision_number or "", session.decided_on)
    products = []
    for found in results_of(tx, session):
        listed = found.listed
        gave = granted.get(listed.product_id)
        fate = _fate(found, council.level, after.get(listed.product_id))
        name = then.get(listed.product_id, listed.unit)
        before = held.get(listed.product_id)
        products.append(ProductOnRecord(listed, found, dossiers[listed.id], name, gave, fate, before))
    return SessionOnRecord(
        session=session,
        council=council,
        rules=rules,
        unit=stored[council.unit_id],
        above=stored[line[1]] if len(line) > 1 else None,
        members=tuple(members),
        scorers=tuple(scorers_of(members, session, rules)),
        present=frozenset(present_of(tx, session)),
        attendance=seated.attendance_of(tx, session.id),
        conflicts=tuple(seated.conflicts_in(tx, session.id)),
        opinions=tuple(seated.opinions_in(tx, session.id)),
        products=tuple(products),
        issued=tuple(issued_in(tx, session.id)),
        zone=around.zone,
        base=around.base.rstrip("/"),
        public_address=around.public_address,
    )


_DONE = {
    Event.CERTIFY: Fate.RECOGNISED,
    Event.ESCALATE: Fate.SENT_UP,
    Event.REJECT: Fate.UNRATED,
}


def _fate(found: ProductResult, level: Level, done: Event | None) -> Fate:
    """Return what follows from a result; where it was done already, what was done."""
    if found.listed.stage is Scoring.OUT:
        return Fate.OUT
    if found.result is None or found.blocks:
        return Fate.PENDING
    if done in _DONE:
        return _DONE[done]
    regulation = load_regulation(found.listed.regulation)
    star = found.result.outcome.star or 0
    owner = regulation.owner(star) if star else None
    if owner is None:
        return Fate.UNRATED
    reached = regulation.ladder.index(owner) <= regulation.ladder.index(level)
    return Fate.RECOGNISED if reached else Fate.SENT_UP


def find_product(record: SessionOnRecord, code: str) -> ProductOnRecord:
    """Return a product of a session, as it was put on its list last.

    Raises:
        NotFound: it is not on it.
    """
    wanted = code.strip().upper()
    for item in reversed(record.products):
        if item.listed.code == wanted:
            return item
    raise NotFound(
        f"Phiên “{record.session.name}” không có sản phẩm {code}.",
        f"The session {record.session.id} has no product {code}.",
    )
