"""Read models: what lists and pages show of products, deadlines and plans. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission, Place, is_household, may
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.certificates.views import held_json, record_json
from ocop_workflow.clock import utc_text
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.views import deadline_view
from ocop_workflow.errors import Language, Text, WrongUse, say
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.people.officers import HOST
from ocop_workflow.places import queries as units
from ocop_workflow.plans.loaded import calendar_of, plans_of
from ocop_workflow.products import queries as products
from ocop_workflow.products import question_queries as questions
from ocop_workflow.products.advance import NOWHERE, facts_of, find_product, outside_of, place_of
from ocop_workflow.products.bodies import Bodies
from ocop_workflow.products.occurrences import own_events
from ocop_workflow.products.outlook import look_out
from ocop_workflow.products.refusals import missing_json, needs_json
from ocop_workflow.states import State, mean_in_words, told
from ocop_workflow.states.position import OPENS_A_DOSSIER
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.deadlines.queries import DeadlineRecord
    from ocop_workflow.deadlines.views import DeadlineView
    from ocop_workflow.products.occurrences import OwnEvent
    from ocop_workflow.products.outlook import Outlook
    from ocop_workflow.products.queries import HistoryEntry, ProductRecord
    from ocop_workflow.products.question_queries import QuestionRecord
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product as it stands on a day, with what may be done to it.

    Attributes:
        star_scored: the star that its council's score earns; none before a council has scored.
        groups: the names of the regulation's product groups, by their ids.
        hides_home: who looks sees no more of a household's address than the commune.
    """

    record: ProductRecord
    deadlines: tuple[DeadlineView, ...]
    outlook: Outlook
    star_scored: int | None
    groups: Mapping[str, str]
    hides_home: bool = False

    @property
    def address(self) -> str | None:
        """Its place of production, as far as whoever looks may see it."""
        address = self.record.address
        return self.record.unit_name if address is not None and self.hides_home else address

    @property
    def state(self) -> State:
        """Its state."""
        return self.record.state

    @property
    def star(self) -> int | None:
        """The star of the certificate that it holds."""
        return self.record.certificate.star if self.record.certificate else None

    @property
    def overdue(self) -> bool:
        """Whether any of its deadlines has passed. Derived: right even with the scheduler switched off."""
        return any(deadline.overdue for deadline in self.deadlines)

    @property
    def certificate_mark(self) -> str:
        """What has to be said of its certificate, in Vietnamese; empty: nothing."""
        return self.record.standing.mark if self.record.standing else ""

    @property
    def group(self) -> str | None:
        """The name of its product group; its id where the regulation knows no such group."""
        group = self.record.group
        return self.groups.get(group, group) if group else None

    def _score_json(self, language: Language) -> dict[str, object] | None:
        score = self.record.score
        if score is None:
            return None
        return {
            "level": score.level.value,
            "level_label": say(score.level.text, language),
            "mean": say(mean_in_words(score.mean), "en").partition(" ")[0],  # the exact one stands beside it
            "exact": str(score.mean),
            "star": self.star_scored,
            "gates_met": score.gates_met,
        }

    def as_json(self, language: Language = "vi") -> dict[str, object]:
        """Return it under the keys that others may lean on, its labels in a language."""
        record = self.record
        return {
            "code": record.code,
            "name": record.name,
            "unit": record.unit_name,
            "producer": record.producer,
            "representative": record.representative,
            "group": record.group,
            "group_name": self.group,
            "address": self.address,
            "official_code": record.official_code,
            "plan": record.plan_slug,
            "dossier": record.dossier.value,
            "dossier_label": say(record.dossier.text, language),
            "received_on": record.received_on.isoformat() if record.received_on else None,
            "state": record.state.value,
            "state_label": say(record.state.text, language),
            "star": record.certificate.star if record.certificate else None,
            "score": self._score_json(language),
            "certificate": held_json(record.certificate, record.signer, record.standing, language),
            "version": record.version,
            "overdue": self.overdue,
            "deadlines": [deadline.as_json() for deadline in self.deadlines],
            "allowed": [event.value for event in self.outlook.allowed],
            "needs": needs_json(self.outlook.needs),
            "missing": {event.value: missing_json(items) for event, items in self.outlook.missing.items()},
        }


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One product with everything that is known of it."""

    view: ProductView
    history: tuple[HistoryEntry, ...]
    asked: tuple[QuestionRecord, ...]
    certificates: tuple[CertificateRecord, ...]
    own_events: tuple[OwnEvent, ...] = ()

    @property
    def questions(self) -> tuple[Text, ...]:
        """What nobody has answered yet."""
        return tuple(Text(item.vi, item.en) for item in self.asked if not item.answered)

    @property
    def given(self) -> dict[str, Any]:
        """What was given with the standing steps of the current dossier, by the names of its data."""
        given: dict[str, Any] = {}
        for entry in products.standing_steps(self.history):
            if entry.event in OPENS_A_DOSSIER:
                given = {}
            given |= entry.data
        return shown_data(given, self.view.address if self.view.hides_home else None)

    def told(self, given: Mapping[str, Any]) -> list[tuple[Text, Text]]:
        """Say in words what was given: what it is, and its value."""
        return list(told(given, self.view.groups))

    def as_json(self, language: Language = "vi") -> dict[str, object]:
        """Return everything that is on record, under the keys that others may lean on."""
        return {
            **self.view.as_json(language),
            "certificates": [record_json(item, language) for item in self.certificates],
            "own_events": [event.as_json() for event in self.own_events],
            "given": self.given,
        }

    def history_json(self, language: Language = "vi") -> list[dict[str, object]]:
        """Return each step of the history, and in words what was given with it."""
        home = self.view.address if self.view.hides_home else None
        return [
            entry_json(replace(entry, data=shown_data(entry.data, home)), self.view.groups, language)
            for entry in self.history
        ]


def shown_data(data: dict[str, Any], instead: str | None) -> dict[str, Any]:
    """Return what was given with a step; `instead` of an address, if it is not to be seen."""
    hidden = instead is not None and data.get("address") is not None
    return {**data, "address": instead} if hidden else data


def entry_json(
    entry: HistoryEntry, groups: Mapping[str, str], language: Language = "vi"
) -> dict[str, object]:
    """Return one step of a history as plain values, and in words what was given with it."""
    return {
        "seq": entry.seq,
        "event": entry.event.value,
        "label": say(entry.text, language),
        "source": entry.source.value,
        "target": entry.target.value,
        "actor": entry.actor,
        "on": entry.on.isoformat(),
        "at": utc_text(entry.at),
        "note": entry.note,
        "data": entry.data,
        "given": [
            {"label": say(label, language), "value": say(value, language)}
            for label, value in told(entry.data, groups)
        ],
        "plan": entry.plan_slug,
        "regulation": entry.regulation,
        "unit": entry.unit,
        "undoes": entry.undoes,
        "by_paper": bool(entry.by_paper),
    }


#: words that select several states at once
_STATE_SETS = {"escalated": (State.ESCALATED_TO_PROVINCE, State.ESCALATED_TO_CENTRAL)}


@dataclass(frozen=True, slots=True)
class WantedProducts:
    """Which products a list shows, by the names that people give; a page of them if there is a limit."""

    state: str | None = None
    unit: str | None = None
    plan: str | None = None
    overdue: bool = False
    words: str = ""
    updated_since: datetime | None = None
    after_code: str = ""
    limit: int | None = None


EVERYTHING = WantedProducts()


def list_products(
    tx: Connection, today: date, wanted: WantedProducts = EVERYTHING, actor: Actor = HOST
) -> list[ProductView]:
    """Return the products that match and that the actor may see, in the order of their codes.

    Raises:
        WrongUse: no state, unit or plan has that name.
    """
    records = find_records(tx, wanted, late_on=today if wanted.overdue else None, actor=actor)
    rows: dict[int, list[DeadlineRecord]] = {}
    for row in deadlines.open_of_products(tx, [record.id for record in records]):
        rows.setdefault(row.product_id or 0, []).append(row)
    places, bodies = _places(tx, records, actor), Bodies(tx, records)
    return [
        _view(tx, record, rows.get(record.id, []), today, (actor, place), bodies)
        for record, place in zip(records, places, strict=True)
    ]


def find_records(
    tx: Connection, wanted: WantedProducts, *, late_on: date | None = None, actor: Actor = HOST
) -> list[ProductRecord]:
    """Return what is stored of the products that match and that the actor may see.

    Raises:
        WrongUse: no state, unit or plan has that name.
    """
    return products.find_products(
        tx,
        products.ProductFilter(
            states=states_named(wanted.state) if wanted.state else (),
            roots=actor.units_with(Permission.READ),
            unit_id=_unit_id(tx, wanted.unit) if wanted.unit else None,
            plan_id=_plan_id(tx, wanted.plan, actor) if wanted.plan else None,
            late_on=late_on,
            words=search_key(wanted.words),
            updated_since=wanted.updated_since,
            after_code=wanted.after_code,
            limit=wanted.limit,
        ),
    )


def _places(tx: Connection, records: list[ProductRecord], actor: Actor) -> list[Place]:
    if actor.is_operator:
        return [NOWHERE] * len(records)
    lines = units.lineages(tx, {unit for record in records for unit in (record.unit_id, record.authority_id)})
    staffed = officers.staffed_units(tx)
    return [
        Place(
            frozenset(lines[r.unit_id]),
            frozenset(lines[r.authority_id]),
            outside_of({staffed[unit] for unit in lines[r.unit_id] if unit in staffed}),
        )
        for r in records
    ]


def states_named(name: str) -> tuple[State, ...]:
    """Return the states that a word selects: one, or several at once (`escalated`).

    Raises:
        WrongUse: it selects none.
    """
    if name in _STATE_SETS:
        return _STATE_SETS[name]
    try:
        return (State(name),)
    except ValueError:
        known = ", ".join([*(state.value for state in State), *_STATE_SETS])
        raise WrongUse(
            f"Không có trạng thái {name}; có: {known}.", f"No state is called {name}; there are: {known}."
        ) from None


def _unit_id(tx: Connection, slug: str) -> int:
    unit = units.unit_by_slug(tx, slug)
    if unit is None:
        raise WrongUse(
            f"Không có địa phương {slug}; xem danh sách bằng `ocop units list`.",
            f"No unit is called {slug}; list them with `ocop units list`.",
        )
    return unit.id


def _plan_id(tx: Connection, slug: str, actor: Actor) -> int:
    record = next((plan for plan in plans_of(tx, actor) if plan.slug == slug), None)
    if record is None:
        raise WrongUse(
            f"Chưa nạp kế hoạch {slug}; xem `ocop plan list`.",
            f"No plan {slug} is loaded; see `ocop plan list`.",
        )
    return record.id


def product_view(tx: Connection, code: str, today: date, actor: Actor = HOST) -> ProductView:
    """Return one product as it stands on a local day.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    record = find_product(tx, code)
    place = place_of(tx, actor, record)
    return _view(
        tx, record, deadlines.open_of_product(tx, record.id), today, (actor, place), Bodies(tx, [record])
    )


def product_page(tx: Connection, code: str, today: date, actor: Actor = HOST) -> ProductPage:
    """Return one product with its history and its questions, answered ones too.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    view = product_view(tx, code, today, actor)
    asked = questions.find(tx, questions.QuestionFilter(code=view.record.code, answered=True))
    return ProductPage(
        view,
        tuple(products.history(tx, view.record.id)),
        tuple(asked),
        tuple(certificates.certificates_of(tx, view.record.id)),
        own_events(tx, view.record),
    )


def all_deadlines(tx: Connection, code: str, actor: Actor = HOST) -> list[DeadlineRecord]:
    """Return every deadline that a product has or had, oldest first.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    return deadlines.all_of_product(tx, record.id)


def _view(
    tx: Connection,
    record: ProductRecord,
    rows: list[DeadlineRecord],
    today: date,
    seen_by: tuple[Actor, Place],
    bodies: Bodies,
) -> ProductView:
    calendar = calendar_of(tx, record.plan_id, record.plan_sha256)
    facts = facts_of(record, calendar.regulation, today)
    actor, place = seen_by
    may_see = may(actor, Permission.READ_HOMES, place) is not None
    return ProductView(
        record=record,
        deadlines=tuple(deadline_view(calendar, row, today) for row in rows),
        outlook=look_out(record, facts, seen_by, bodies),
        star_scored=facts.star,
        groups=calendar.regulation.group_names,
        hides_home=is_household(record.producer) and not may_see,
    )
