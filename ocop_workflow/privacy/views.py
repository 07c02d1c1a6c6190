"""What is shown of a person, of what would go of one, and what is handed out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

from ocop_workflow.notifications import LetterState
from ocop_workflow.privacy.finding import PersonKind
from ocop_workflow.states import Event, State
from ocop_workflow.views import OMITTED, View

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocop_workflow.privacy.erasing import Going
    from ocop_workflow.privacy.queries import HeldValue
    from ocop_workflow.privacy.terms import Expired


@dataclass(frozen=True, slots=True)
class PersonView(View):
    """Somebody of whom something is kept; `where`: the producer, the unit or the units."""

    id: str
    kind: PersonKind
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class ContactValueView(View):
    """A contact value that is kept of a person; `kind`: of an answer in a form `mau-02.s1_6_3`, its field."""

    kind: str
    value: str

    @classmethod
    def all_of(cls, places: Iterable[HeldValue]) -> tuple[ContactValueView, ...]:
        """Return what is shown of contact values."""
        return tuple(cls(_kind_of(place), place.address) for place in places)


def _kind_of(place: HeldValue) -> str:
    return place.kind.value if place.field is None else f"{place.form}.{place.field}"


@dataclass(frozen=True, slots=True)
class GoingView(PersonView):
    """What would go of a person, or has gone (`erased`), and what stays.

    `waiting`: letters that have not gone out, and will not; `credentials`: whether password, labels of tokens
    and failed sign-ins go.
    """

    values: tuple[ContactValueView, ...]
    letters: int
    waiting: int
    credentials: bool
    stays: tuple[str, ...]
    erased: bool

    @classmethod
    def of(cls, going: Going, *, erased: bool) -> GoingView:
        """Return what is shown of what would go, or has gone."""
        person = going.person
        return cls(
            id=person.id,
            kind=person.kind,
            name=person.name,
            where=person.where,
            values=ContactValueView.all_of(going.values),
            letters=going.letters,
            waiting=going.waiting,
            credentials=bool(going.logins),
            stays=tuple(text.vi for text in going.stays),
            erased=erased,
        )


@dataclass(frozen=True, slots=True)
class KeptProductView(View):
    """A product of a producer whom a person represents."""

    code: str
    name: str
    state: State


@dataclass(frozen=True, slots=True)
class KeptLetterView(View):
    """A letter to a person, without its text."""

    id: int
    written_at: datetime
    subject: str
    state: LetterState


@dataclass(frozen=True, slots=True)
class KeptStepView(View):
    """A step of a product that an officer has recorded."""

    product: str
    seq: int
    event: Event
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportView(PersonView):
    """All that is kept of a person, and where the record names them; a password is handed out to nobody."""

    values: Annotated[tuple[ContactValueView, ...] | None, OMITTED] = None
    products: Annotated[tuple[KeptProductView, ...] | None, OMITTED] = None
    letters: Annotated[tuple[KeptLetterView, ...] | None, OMITTED] = None
    login: Annotated[str | None, OMITTED] = None
    has_password: Annotated[bool | None, OMITTED] = None
    token_labels: Annotated[tuple[str, ...] | None, OMITTED] = None
    steps: Annotated[tuple[KeptStepView, ...] | None, OMITTED] = None
    audit_entries: Annotated[int | None, OMITTED] = None
    exported_at: datetime


@dataclass(frozen=True, slots=True)
class ExpiredView(View):
    """How much was deleted, or would be (`dry_run`), of each kind of copy.

    `erased_again`: of what people had had erased, and a restored database had again.
    """

    dry_run: bool
    letters: int
    contacts: int
    officers: int
    sign_ins: int
    replies: int
    erased_again: int

    @classmethod
    def of(cls, done: Expired, *, dry_run: bool) -> ExpiredView:
        """Return what is shown of what came to the end of its term."""
        return cls.alike(done, dry_run=dry_run)
