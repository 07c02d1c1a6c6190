"""What is shown of products: in a list, in full, on a day that is over; the steps of their history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from ocop_workflow.certificates.views import AnyCertificateView, CertificateView
from ocop_workflow.deadlines.views import ProductDeadlineView
from ocop_workflow.dossiers.views import DossierRunView
from ocop_workflow.errors import say
from ocop_workflow.regulations import Level
from ocop_workflow.states import Dossier, Event, State, mean_in_words, told
from ocop_workflow.views import OMITTED, UNSENT, View, etag

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ocop_workflow.certificates.queries import CertificateRecord
    from ocop_workflow.dossiers.queries import DossierRecord
    from ocop_workflow.errors import Language
    from ocop_workflow.products.outlook import Outlook
    from ocop_workflow.products.queries import HistoryEntry, ProductRecord
    from ocop_workflow.states import Missing, Score


@dataclass(frozen=True, slots=True)
class LackView(View):
    """A requirement that is not met; `hands`: the step is in other hands.

    `fields`: the data that would meet it; empty: no data can.
    """

    name: str
    vi: str
    en: str
    clause: str
    fields: tuple[str, ...]

    @classmethod
    def of(cls, missing: Missing) -> LackView:
        """Return what is shown of something that is missing."""
        return cls(missing.name, missing.text.vi, missing.text.en, missing.clause, missing.fields)


@dataclass(frozen=True, slots=True)
class WayOnView(View):
    """What there is instead of a step that is refused: events, the data of each; and what is missing."""

    allowed: tuple[Event, ...]
    needs: dict[Event, tuple[str, ...]]
    missing: tuple[LackView, ...]

    @classmethod
    def of(cls, needs: Mapping[Event, tuple[str, ...]], lacks: Iterable[Missing]) -> WayOnView:
        """Return how an officer can go on, who lacks something."""
        return cls(tuple(needs), dict(needs), tuple(map(LackView.of, lacks)))


@dataclass(frozen=True, slots=True)
class ScoreView(View):
    """What a council gave: `mean` cut to two decimals, `exact` as it was; `star`: what it earns."""

    level: Level
    level_label: str
    mean: str
    exact: str
    star: int
    gates_met: int

    @classmethod
    def of(cls, score: Score, star: int, language: Language = "vi") -> ScoreView:
        """Return what is shown of a score and the star that it earns."""
        return cls.alike(
            score,
            level_label=say(score.level.text, language),
            mean=say(mean_in_words(score.mean), "en").partition(" ")[0],  # the exact one stands beside it
            exact=str(score.mean),
            star=star,
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """What a record does not say of how its product is shown.

    Attributes:
        deadlines: those that are open.
        outlook: what whoever looks may do with it.
        star_scored: the star that its score earns; none before a council has scored.
        groups: the names of the regulation's product groups, by their ids.
        hides_home: whoever looks sees no more of a household's address than the commune.
        language: that of the labels.
    """

    deadlines: tuple[ProductDeadlineView, ...]
    outlook: Outlook
    star_scored: int | None
    groups: Mapping[str, str]
    hides_home: bool = False
    language: Language = "vi"

    def instead_of_home(self, record: ProductRecord) -> str | None:
        """Return what whoever looks sees in the place of a home; none: they see where it is."""
        return record.unit_name if self.hides_home else None


@dataclass(frozen=True, slots=True)
class ProductView(View):
    """A product as it stands today, for the officer who asks. `etag` is what `If-Match` takes.

    `allowed`: the events that would be accepted now, with the data that `needs` names for each.
    """

    code: str
    name: str
    unit: str
    producer_id: int | None
    producer: str | None
    representative: str | None
    group: str | None
    group_name: str | None
    address: str | None
    official_code: str | None
    plan: str
    dossier: Dossier
    dossier_label: str
    received_on: date | None
    state: State
    state_label: str
    star: int | None
    score: ScoreView | None
    certificate: CertificateView | None
    version: int
    overdue: bool
    deadlines: tuple[ProductDeadlineView, ...]
    allowed: tuple[Event, ...]
    needs: dict[Event, tuple[str, ...]]
    missing: dict[Event, tuple[LackView, ...]]
    updated_at: datetime | None
    etag: str

    @classmethod
    def of(cls, record: ProductRecord, shown: Shown) -> ProductView:
        """Return how a stored product is shown; lateness is right even with the scheduler switched off."""
        language, outlook, held = shown.language, shown.outlook, record.certificate
        return cls(
            code=record.code,
            name=record.name,
            unit=record.unit_name,
            producer_id=record.producer_id,
            producer=record.producer,
            representative=record.representative,
            group=record.group,
            group_name=shown.groups.get(record.group, record.group) if record.group else None,
            address=(shown.instead_of_home(record) or record.address) if record.address else None,
            official_code=record.official_code,
            plan=record.plan_slug,
            dossier=record.dossier,
            dossier_label=say(record.dossier.text, language),
            received_on=record.received_on,
            state=record.state,
            state_label=say(record.state.text, language),
            star=held.star if held else None,
            score=ScoreView.of(record.score, shown.star_scored or 0, language) if record.score else None,
            certificate=(
                CertificateView.of(held, record.signer, record.standing, language)
                if held and record.standing
                else None
            ),
            version=record.version,
            overdue=any(deadline.overdue for deadline in shown.deadlines),
            deadlines=shown.deadlines,
            allowed=outlook.allowed,
            needs=dict(outlook.needs),
            missing={event: tuple(map(LackView.of, items)) for event, items in outlook.missing.items()},
            updated_at=record.updated_at,
            etag=etag(record.tag),
        )

    @property
    def certificate_mark(self) -> str:
        """What has to be said of its certificate, in Vietnamese; empty: nothing."""
        return self.certificate.standing.mark if self.certificate else ""


@dataclass(frozen=True, slots=True)
class OwnEventView(View):
    """An event that its plan lets each product have for itself.

    `on`: the day of this product's. `by`: who recorded it, or took it back; `undone`: why.
    """

    event: str
    name: str
    on: date | None
    by: str | None
    undone: str | None


@dataclass(frozen=True, slots=True)
class ProductInFullView(ProductView):
    """A product with everything that is on record of it.

    `dossiers`: every run through evaluation, oldest first. `certificates`: all that it ever held.
    `own_events`: from which its plan counts. `given`: what was given with the steps of its current dossier.
    """

    dossiers: tuple[DossierRunView, ...]
    certificates: tuple[AnyCertificateView, ...]
    own_events: tuple[OwnEventView, ...]
    given: dict[str, Any]

    @classmethod
    def with_all(
        cls,
        product: ProductView,
        dossiers: Iterable[DossierRecord],
        certificates: Iterable[CertificateRecord],
        own_events: tuple[OwnEventView, ...],
        given: dict[str, Any],
        language: Language = "vi",
    ) -> ProductInFullView:
        """Return a product with what else is on record of it."""
        known = {name: getattr(product, name) for name in ProductView.__dataclass_fields__}
        held = tuple(AnyCertificateView.of(record, language) for record in certificates)
        runs = tuple(DossierRunView.of(record, language) for record in dossiers)
        return cls(**known, dossiers=runs, certificates=held, own_events=own_events, given=given)


@dataclass(frozen=True, slots=True)
class GivenView(View):
    """Something that was given with a step, in words."""

    label: str
    value: str

    @classmethod
    def all_of(
        cls, given: Mapping[str, Any], groups: Mapping[str, str], language: Language = "vi"
    ) -> tuple[GivenView, ...]:
        """Say in words what was given; `groups`: the names of the product groups, by their ids."""
        return tuple(cls(say(label, language), say(value, language)) for label, value in told(given, groups))


@dataclass(frozen=True, slots=True)
class HistoryEntryView(View):
    """One step of a product's history."""

    seq: int
    event: Event
    label: str
    source: State
    target: State
    actor: str
    on: date
    at: datetime
    note: str
    data: dict[str, Any]
    given: tuple[GivenView, ...]
    plan: str
    regulation: str
    unit: str
    undoes: int | None
    by_paper: bool

    @classmethod
    def of(
        cls,
        entry: HistoryEntry,
        groups: Mapping[str, str],
        language: Language = "vi",
        instead: str | None = None,
    ) -> HistoryEntryView:
        """Return a stored step, and in words what was given with it; `instead`: see `shown_data`."""
        data = shown_data(entry.data, instead)
        return cls.alike(
            entry,
            label=say(entry.text, language),
            data=data,
            given=GivenView.all_of(data, groups, language),
            plan=entry.plan_slug,
            by_paper=bool(entry.by_paper),
        )


def shown_data(data: dict[str, Any], instead: str | None) -> dict[str, Any]:
    """Return what was given with a step; `instead` of an address, if it is not to be seen."""
    hidden = instead is not None and data.get("address") is not None
    return {**data, "address": instead} if hidden else data


@dataclass(frozen=True, slots=True)
class PastProductView(View):
    """A product as it stood at the end of a local day, under its names of today.

    `deadlines`: those open then. `history`: the steps that had happened by then and stand today; left out
    in a list. `star`: that of the certificate that it holds today, if it had been decided by then.
    """

    code: str
    name: str
    unit: str
    producer: str | None
    plan: str
    on: date
    state: State
    state_label: str
    overdue: bool
    deadlines: tuple[ProductDeadlineView, ...]
    history: Annotated[tuple[HistoryEntryView, ...] | None, OMITTED] = None
    star: Annotated[int | None, UNSENT] = None
    certificate_mark: Annotated[str, UNSENT] = ""
