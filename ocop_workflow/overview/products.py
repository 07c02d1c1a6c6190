"""Products as whoever looks may see them: lists, one in full, its history. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission, Place, WhoseTurn, is_household, may, states_of
from ocop_workflow.certificates import queries as certificates
from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.views import PastDeadlineView, ProductDeadlineView
from ocop_workflow.dossiers import queries as dossiers
from ocop_workflow.errors import Text, WrongUse
from ocop_workflow.overview import product_queries as finding
from ocop_workflow.overview.product_queries import Due, ListOrder
from ocop_workflow.people import officer_queries as officers
from ocop_workflow.people.officers import HOST
from ocop_workflow.places import queries as units
from ocop_workflow.plans.loaded import calendar_of, plans_of
from ocop_workflow.products import queries as products
from ocop_workflow.products.advance import facts_of
from ocop_workflow.products.bodies import Bodies
from ocop_workflow.products.checks import NOWHERE, find_product, outside_of, place_of
from ocop_workflow.products.occurrences import own_events
from ocop_workflow.products.outlook import look_out
from ocop_workflow.products.questions import queries as questions
from ocop_workflow.products.questions.views import QuestionView
from ocop_workflow.products.views import (
    GivenView,
    HistoryEntryView,
    ProductInFullView,
    ProductView,
    Shown,
    shown_data,
)
from ocop_workflow.states import State
from ocop_workflow.states.lifecycle import DEAD_ENDS
from ocop_workflow.states.position import OPENS_A_DOSSIER
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.deadlines.queries import DeadlineRecord
    from ocop_workflow.errors import Language
    from ocop_workflow.products.queries import HistoryEntry, ProductRecord
    from ocop_workflow.states import Event
    from ocop_workflow.store import Connection


@dataclass(frozen=True, slots=True)
class ProductPage:
    """One product with everything that is known of it, its questions too, answered or not.

    Attributes:
        waiting: the events that only wait for another body, and its name.
        more: what was given with its steps beside what the product itself shows, in words.
    """

    product: ProductInFullView
    history: tuple[HistoryEntryView, ...]
    asked: tuple[QuestionView, ...]
    waiting: Mapping[Event, Text]
    more: tuple[GivenView, ...]

    @property
    def questions(self) -> tuple[QuestionView, ...]:
        """What nobody has answered yet."""
        return tuple(item for item in self.asked if not item.answered)


#: words that select several states at once
_RECOGNISED = (State.CERTIFIED, State.MONITORED, State.RE_RATING)
_OVER = (*DEAD_ENDS, State.NOT_RATED)
_STATE_SETS = {
    "escalated": (State.ESCALATED_TO_PROVINCE, State.ESCALATED_TO_CENTRAL),
    "live": tuple(state for state in State if state not in _OVER),
    "under_way": tuple(state for state in State if state not in (*_OVER, *_RECOGNISED)),
    "recognised": _RECOGNISED,
}


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
    turn: WhoseTurn | None = None
    due: Due | None = None
    codes: tuple[str, ...] = ()
    milestone: str | None = None


EVERYTHING = WantedProducts()


def list_products(
    tx: Connection,
    today: date,
    wanted: WantedProducts = EVERYTHING,
    actor: Actor = HOST,
    language: Language = "vi",
    order: ListOrder = ListOrder.CODE,
) -> list[ProductView]:
    """Return the products that match and that the actor may see, in an order.

    Raises:
        WrongUse: no state, unit or plan has that name.
    """
    sought = _sought(tx, wanted, today, actor)
    records = finding.find_products(tx, sought, order) if sought else []
    return _listed(tx, records, today, actor, language)


def count_products(tx: Connection, today: date, wanted: WantedProducts, actor: Actor) -> int:
    """Count the products that match and that the actor may see.

    Raises:
        WrongUse: no state, unit or plan has that name.
    """
    sought = _sought(tx, wanted, today, actor)
    return finding.count_products(tx, sought) if sought else 0


def _listed(
    tx: Connection, records: list[ProductRecord], today: date, actor: Actor, language: Language
) -> list[ProductView]:
    rows: dict[int, list[DeadlineRecord]] = {}
    for row in deadlines.open_of_products(tx, [record.id for record in records]):
        rows.setdefault(row.product_id or 0, []).append(row)
    places, bodies = _places(tx, records, actor), Bodies(tx, records)
    return [
        ProductView.of(
            record, _shown(tx, record, rows.get(record.id, []), today, (actor, place), bodies, language)
        )
        for record, place in zip(records, places, strict=True)
    ]


def find_records(tx: Connection, wanted: WantedProducts, *, actor: Actor = HOST) -> list[ProductRecord]:
    """Return what is stored of the products that match and that the actor may see.

    Raises:
        WrongUse: no state, unit or plan has that name.
    """
    sought = _sought(tx, wanted, None, actor)
    return finding.find_products(tx, sought) if sought else []


def _sought(
    tx: Connection, wanted: WantedProducts, on: date | None, actor: Actor
) -> finding.ProductFilter | None:
    """Return what is asked of the database; none: nothing can match. `on`: the local day, where it counts."""
    states = states_named(wanted.state) if wanted.state else ()
    if wanted.turn is not None:
        at_turn = _states_at(tx, wanted.turn, actor)
        states = tuple(state for state in State if state in at_turn and (not states or state in states))
        if not states:
            return None
    due_from, due_to = wanted.due.days(on) if wanted.due and on else (None, None)
    return finding.ProductFilter(
        states=states,
        roots=actor.units_with(Permission.READ),
        unit_id=_unit_id(tx, wanted.unit) if wanted.unit else None,
        plan_id=_plan_id(tx, wanted.plan, actor) if wanted.plan else None,
        late_on=on if wanted.overdue else None,
        due_from=due_from,
        due_to=due_to,
        words=wanted.words if search_key(wanted.words) else "",
        codes=wanted.codes,
        rule=wanted.milestone,
        updated_since=wanted.updated_since,
        after_code=wanted.after_code,
        limit=wanted.limit,
    )


def _states_at(tx: Connection, turn: WhoseTurn, actor: Actor) -> frozenset[State]:
    lines = units.lineages(tx, {grant.unit_id for grant in actor.grants})
    above = {unit for line in lines.values() for unit in line}
    return states_of(turn, actor.grants, outside_of(officers.staffed_levels(tx, above)))


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


#: what these words mean, where people choose from them
STATE_SETS = {
    "live": Text("mọi sản phẩm đang theo dõi", "all that are watched"),
    "under_way": Text("đang đánh giá, chưa công nhận", "under way, not recognised yet"),
    "recognised": Text("đang có sao", "with stars"),
    "escalated": Text("đã chuyển cấp trên", "sent up"),
}


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


def product_view(
    tx: Connection, code: str, today: date, actor: Actor = HOST, language: Language = "vi"
) -> ProductView:
    """Return one product as it stands on a local day.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    return ProductView.of(*_seen(tx, code, today, actor, language))


def product_in_full(
    tx: Connection, code: str, today: date, actor: Actor = HOST, language: Language = "vi"
) -> ProductInFullView:
    """Return one product with everything that is on record of it.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    record, shown = _seen(tx, code, today, actor, language)
    return _in_full(tx, record, shown, products.history(tx, record.id))


def product_history(
    tx: Connection, code: str, today: date, actor: Actor = HOST, language: Language = "vi"
) -> list[HistoryEntryView]:
    """Return each step of a product, oldest first.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    record, shown = _seen(tx, code, today, actor, language)
    return _steps(record, shown, products.history(tx, record.id))


def product_page(
    tx: Connection, code: str, today: date, actor: Actor = HOST, language: Language = "vi"
) -> ProductPage:
    """Return one product with its history and its questions.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    record, shown = _seen(tx, code, today, actor, language)
    history = products.history(tx, record.id)
    product = _in_full(tx, record, shown, history)
    asked = questions.find(tx, questions.QuestionFilter(code=record.code, answered=True))
    more = {key: value for key, value in product.given.items() if key not in _OF_THE_PRODUCT}
    return ProductPage(
        product,
        tuple(_steps(record, shown, history)),
        tuple(map(QuestionView.of, asked)),
        shown.outlook.waiting,
        GivenView.all_of(more, shown.groups, language),
    )


#: data of steps that a product itself shows
_OF_THE_PRODUCT = frozenset(
    {
        "producer",
        "group",
        "address",
        "received_on",
        "official_code",
        "plan",
        "kind",
        "mean",
        "gates_met",
        "certificate",
    }
)


def _in_full(
    tx: Connection, record: ProductRecord, shown: Shown, history: list[HistoryEntry]
) -> ProductInFullView:
    given: dict[str, Any] = {}
    for entry in products.standing_steps(history):
        if entry.event in OPENS_A_DOSSIER:
            given = {}
        given |= entry.data
    return ProductInFullView.with_all(
        ProductView.of(record, shown),
        dossiers.dossiers_of(tx, record.id),
        certificates.certificates_of(tx, record.id),
        own_events(tx, record),
        shown_data(given, shown.instead_of_home(record)),
        shown.language,
    )


def _steps(record: ProductRecord, shown: Shown, history: list[HistoryEntry]) -> list[HistoryEntryView]:
    instead = shown.instead_of_home(record)
    return [HistoryEntryView.of(entry, shown.groups, shown.language, instead) for entry in history]


def all_deadlines(tx: Connection, code: str, actor: Actor = HOST) -> list[PastDeadlineView]:
    """Return every deadline that a product has or had, oldest first.

    Raises:
        NotFound: none that the actor may see has this code.
    """
    record = find_product(tx, code)
    place_of(tx, actor, record)
    return list(map(PastDeadlineView.of, deadlines.all_of_product(tx, record.id)))


def _seen(
    tx: Connection, code: str, today: date, actor: Actor, language: Language
) -> tuple[ProductRecord, Shown]:
    record = find_product(tx, code)
    place = place_of(tx, actor, record)
    rows = deadlines.open_of_product(tx, record.id)
    return record, _shown(tx, record, rows, today, (actor, place), Bodies(tx, [record]), language)


def _shown(
    tx: Connection,
    record: ProductRecord,
    rows: list[DeadlineRecord],
    today: date,
    seen_by: tuple[Actor, Place],
    bodies: Bodies,
    language: Language,
) -> Shown:
    calendar = calendar_of(tx, record.plan_id, record.plan_sha256)
    rating = record.rated_by(calendar.regulation, today)
    facts = facts_of(record, rating, today)
    actor, place = seen_by
    sees_homes = may(actor, Permission.READ_HOMES, place) is not None
    return Shown(
        deadlines=tuple(ProductDeadlineView.of(calendar, row, today) for row in rows),
        outlook=look_out(record, facts, seen_by, bodies),
        star_scored=facts.star,
        groups=rating.group_names,
        hides_home=not sees_homes and is_household(record.producer),
        language=language,
    )
