"""Queries on products, their certificates and their history."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, func, insert, select, update

from ocop_workflow.dossiers.queries import is_current, open_first, score_from
from ocop_workflow.errors import Stale, Text
from ocop_workflow.places.contact_queries import with_value
from ocop_workflow.states import Certificate, Dossier, Event, Issued, Position, Score, State
from ocop_workflow.store.dialect import AT_ONCE
from ocop_workflow.store.prepared import Prepared
from ocop_workflow.store.records import read_all, reader
from ocop_workflow.store.tables import (
    certificates,
    contacts,
    plans,
    producers,
    products,
    transitions,
    units,
)
from ocop_workflow.store.tables.dossiers import dossiers
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection, Select

    from ocop_workflow.regulations import Regulation
    from ocop_workflow.states import CertificateStanding


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A product as it is stored, with the names that belong to it. The authority is its plan's.

    Outside every plan `plan_slug` is empty, the unit above stands for the authority, and in the place of the
    plan's checksum stands the regulation by which its certificate is watched.
    """

    id: int
    code: str
    name: str
    unit_id: int
    unit_name: str
    producer_id: int | None
    producer: str | None
    representative: str | None
    plan_id: int | None
    plan_slug: str
    plan_sha256: str
    authority_id: int
    state: State
    version: int
    edits: int
    entered_on: date | None
    dossier: Dossier
    dossier_no: int
    group: str | None
    address_id: int | None
    address: str | None
    received_on: date | None
    regulation: str | None  # of its dossier, by which that is rated; none: its plan's
    official_code: str | None
    score: Score | None
    certificate: Certificate | None
    signer: str | None
    standing: CertificateStanding | None = None  # of its certificate
    updated_at: datetime | None = None  # when its row last changed; none: before this was kept
    concluded_on: date | None = None  # of the conclusion against its certificate that awaits a decision
    not_renewing_on: date | None = None  # since when its producer does not have it rated again
    complete_on: date | None = None  # when the body that decides had the whole dossier

    @property
    def position(self) -> Position:
        """Where it stands, but for the states that it has reached before."""
        issued = (Issued(self.certificate),) if self.certificate else ()
        return Position(
            self.state,
            self.plan_id,
            self.dossier,
            self.entered_on,
            self.received_on,
            self.score,
            issued,
            number=self.dossier_no,
            regulation=self.regulation,
            concluded_on=self.concluded_on,
            not_renewing_on=self.not_renewing_on,
            complete_on=self.complete_on,
        )

    def rated_by(self, of_plan: Regulation, on: date) -> Regulation:
        """Return the regulation by which its dossier is rated on a local day; see `Position.rated_by`."""
        return self.position.rated_by(of_plan, on)

    @property
    def tag(self) -> str:
        """Which product was seen: its version, and behind it how often its data were changed since."""
        return f"{self.version}.{self.edits}" if self.edits else str(self.version)


@cache  # a statement is a value: each list goes on from it
def product_records() -> Select[Any]:
    """Select what makes a record; `score_` and `certificate_` begin what makes its score and certificate."""
    return (
        select(
            products.c.id,
            products.c.code,
            products.c.name,
            products.c.unit_id,
            units.c.name.label("unit_name"),
            products.c.producer_id,
            producers.c.name.label("producer"),
            producers.c.representative,
            products.c.plan_id,
            func.coalesce(plans.c.slug, "").label("plan_slug"),
            func.coalesce(plans.c.sha256, products.c.regulation).label("plan_sha256"),
            func.coalesce(plans.c.unit_id, units.c.parent_id).label("authority_id"),
            products.c.state,
            products.c.version,
            func.coalesce(products.c.edits, 0).label("edits"),
            products.c.entered_on,
            func.coalesce(dossiers.c.kind, Dossier.FIRST).label("dossier"),
            products.c.dossier_no,
            products.c.product_group.label("group"),
            products.c.address_id,
            contacts.c.address,
            dossiers.c.received_on,
            dossiers.c.regulation,
            dossiers.c.official_code,
            dossiers.c.score_level,
            dossiers.c.score_mean,
            dossiers.c.gates_met.label("score_gates_met"),
            certificates.c.star.label("certificate_star"),
            certificates.c.number.label("certificate_number"),
            certificates.c.decided_on.label("certificate_decided_on"),
            certificates.c.valid_until.label("certificate_valid_until"),
            certificates.c.signer,
            certificates.c.standing,
            products.c.updated_at,
            products.c.concluded_on,
            products.c.not_renewing_on,
            dossiers.c.complete_on,
        )
        .join(units, units.c.id == products.c.unit_id)
        .outerjoin(plans, plans.c.id == products.c.plan_id)
        .outerjoin(dossiers, is_current())
        .outerjoin(producers, producers.c.id == products.c.producer_id)
        .outerjoin(contacts, contacts.c.id == products.c.address_id)
        .outerjoin(
            certificates,
            and_(certificates.c.product_id == products.c.id, certificates.c.ended_on.is_(None)),
        )
    )


def certificate_from(
    star: int | None, number: str, decided_on: date, valid_until: date
) -> Certificate | None:
    """Read a certificate from its columns, which are all empty or none."""
    if star is None:
        return None
    return Certificate(star=star, number=number, decided_on=decided_on, valid_until=valid_until)


#: what makes the parts of a record
PARTS: Mapping[str, Callable[..., Any]] = {"score": score_from, "certificate": certificate_from}
_BY_CODE = Prepared(product_records().where(products.c.code == bindparam("of_code")))
_MOVE = Prepared(
    update(products).where(
        products.c.id == bindparam("of_product"),
        products.c.version == bindparam("as_read"),
        products.c.unit_id == bindparam("in_unit"),  # its unit may be merged into another meanwhile
        func.coalesce(products.c.edits, 0) == bindparam("as_edited"),
    )
)
_STEP = Prepared(insert(transitions).returning(transitions.c.id))


def product_by_code(tx: Connection, code: str) -> ProductRecord | None:
    """Return the product of this code."""
    record = reader(ProductRecord, _BY_CODE.columns, parts=PARTS)
    rows = _BY_CODE.rows(tx, of_code=code)
    return record(rows[0]) if rows else None


def calendar_key(tx: Connection, product_id: int, plan_id: int | None) -> str:
    """Return by what a product's calendar is known under a plan, or outside every plan; see `calendar_of`."""
    if plan_id is None:
        return str(tx.scalar(select(products.c.regulation).where(products.c.id == product_id)))
    return str(tx.scalar(select(plans.c.sha256).where(plans.c.id == plan_id)))


def last_serial(tx: Connection, plan_code: str) -> int:
    """Return the highest serial in use among the products' codes of a plan's prefix."""
    prefix = f"{plan_code}-"
    serial = func.substr(products.c.code, len(prefix) + 1)
    codes = tx.scalars(select(serial).where(products.c.code.startswith(prefix, autoescape=True)))
    return max((int(code) for code in codes if code.isdigit()), default=0)


def insert_product(tx: Connection, values: dict[str, Any]) -> int:
    """Store a product, of a plan with its first dossier; returns its number."""
    in_plan = values["plan_id"] is not None
    own = {name: value for name, value in values.items() if name != "official_code"}
    statement = insert(products).values(**own, dossier_no=int(in_plan))
    number = int(tx.execute(statement.returning(products.c.id)).scalar_one())
    if in_plan:
        open_first(tx, [number], values["plan_id"], values.get("official_code"))
    return number


def code_of_namesake(tx: Connection, unit_id: int, key: str, producer: str | None) -> str | None:
    """Return the code of a product of a unit that has this search key; none: there is none.

    One of another producer is another product; where either has none it may be the same.
    """
    statement = (
        select(products.c.code, producers.c.name)
        .outerjoin(producers, producers.c.id == products.c.producer_id)
        .where(products.c.unit_id == unit_id, products.c.search_key == key)
        .order_by(products.c.id)
    )
    found = tx.execute(statement).all()
    return next(
        (
            row.code
            for row in found
            if not producer or not row.name or search_key(row.name) == search_key(producer)
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class MadeThere:
    """A product of a unit, and who makes it."""

    code: str
    search_key: str
    producer_id: int | None
    producer: str | None
    representative: str | None


def made_in(tx: Connection, unit_id: int) -> list[MadeThere]:
    """Return the products of a unit, the earliest first, with who makes them."""
    statement = (
        select(
            products.c.code,
            products.c.search_key,
            products.c.producer_id,
            producers.c.name.label("producer"),
            producers.c.representative,
        )
        .outerjoin(producers, producers.c.id == products.c.producer_id)
        .where(products.c.unit_id == unit_id)
        .order_by(products.c.id)
    )
    return read_all(MadeThere, tx.execute(statement))


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One step of a product's history, which is append-only and has no gap."""

    seq: int
    event: Event
    source: State
    target: State
    actor: str
    on: date
    at: datetime
    note: str
    data: dict[str, Any]
    plan_slug: str
    regulation: str
    unit: str
    undoes: int | None
    replaced: dict[str, Any] | None
    id: int
    by_paper: bool | None = None

    @property
    def text(self) -> Text:
        """What happened, in both languages; another level's step recorded from its paper says so."""
        did = self.event.text
        if self.by_paper:
            did = Text(f"{did.vi} (ghi theo văn bản)", f"{did.en} (from the paper)")
        return did if self.undoes is None else Text(f"Hoàn tác: {did.vi}", f"Undone: {did.en}")


def standing_steps(entries: Iterable[HistoryEntry]) -> list[HistoryEntry]:
    """Return the steps that stand: what was undone falls away, and what undid it."""
    walked = list(entries)
    undone = {entry.undoes for entry in walked}
    return [entry for entry in walked if entry.undoes is None and entry.seq not in undone]


def history(tx: Connection, product_id: int) -> list[HistoryEntry]:
    """Return a product's history, oldest first."""
    return histories(tx, [product_id]).get(product_id, [])


def histories(tx: Connection, product_ids: Sequence[int]) -> dict[int, list[HistoryEntry]]:
    """Return the histories of products by their ids, however many, each oldest first."""
    found: dict[int, list[HistoryEntry]] = {}
    for start in range(0, len(product_ids), AT_ONCE):
        for row in _HISTORIES.rows(tx, of_products=product_ids[start : start + AT_ONCE]):
            entry = _step_of(row, with_value(row[_GIVEN], row[_ADDRESS]))
            found.setdefault(row[_PRODUCT], []).append(entry)
    return found


_HISTORIES = Prepared(
    select(
        transitions.c.product_id,
        transitions.c.seq,
        transitions.c.event,
        transitions.c.source,
        transitions.c.target,
        transitions.c.actor,
        transitions.c.on_day.label("on"),
        transitions.c.at,
        transitions.c.note,
        transitions.c.data.label("given"),
        func.coalesce(plans.c.slug, "").label("plan_slug"),
        transitions.c.regulation,
        transitions.c.unit,
        transitions.c.undoes,
        transitions.c.replaced,
        transitions.c.id,
        transitions.c.by_paper,
        contacts.c.address,
    )
    .outerjoin(plans, plans.c.id == transitions.c.plan_id)
    .outerjoin(contacts, contacts.c.id == transitions.c.address_id)
    .where(transitions.c.product_id.in_(bindparam("of_products", expanding=True)))
    .order_by(transitions.c.product_id, transitions.c.seq),
    "of_products",
)
_APART = ("product_id", "given", "address")
_PRODUCT, _GIVEN, _ADDRESS = map(_HISTORIES.columns.index, _APART)
_step_of = reader(HistoryEntry, _HISTORIES.columns, "data", apart=_APART)


def move(tx: Connection, record: ProductRecord, values: Mapping[str, Any], at: datetime) -> None:
    """Give a product new values and the next version; its history is written by `write_history`.

    Args:
        tx: the transaction.
        record: the product as it was read; if it has changed since, nothing is written.
        values: the product's new values, its state among them.
        at: this instant.

    Raises:
        Stale: somebody else moved the product meanwhile.
    """
    _change(tx, record, {**values, "version": record.version + 1, "edits": None, "updated_at": at})


def edit(tx: Connection, record: ProductRecord, values: dict[str, Any], at: datetime) -> str:
    """Change a product's data at this instant. Returns its new tag.

    Raises:
        Stale: somebody else changed the product meanwhile.
    """
    _change(tx, record, {**values, "edits": record.edits + 1, "updated_at": at})
    return f"{record.version}.{record.edits + 1}"


def touch(tx: Connection, product_id: int, at: datetime) -> None:
    """Note that something changed that is shown with a product, though not its own row."""
    tx.execute(update(products).where(products.c.id == product_id).values(updated_at=at))


def _change(tx: Connection, record: ProductRecord, values: dict[str, Any]) -> None:
    guard = {"of_product": record.id, "as_read": record.version, "in_unit": record.unit_id}
    if _MOVE.count(tx, **guard, as_edited=record.edits, **values) != 1:
        raise Stale(
            f"Sản phẩm {record.code} vừa được người khác thay đổi; hãy xem lại rồi làm lại.",
            f"The product {record.code} was changed by somebody else meanwhile; look again and repeat.",
        )


def write_history(tx: Connection, record: ProductRecord, step: Mapping[str, Any]) -> int:
    """Write into the history how `record` came to its next version; returns the number of the transition."""
    values = {"product_id": record.id, "seq": record.version + 1, "unit": record.unit_name, **step}
    ((number,),) = _STEP.rows(tx, **values)
    return int(number)
