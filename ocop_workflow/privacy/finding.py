"""Finding a person: who represents a producer, whose address gets a unit's letters, who is an officer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission, Place, may
from ocop_workflow.errors import NotFound, NotPermitted, Text, WrongUse
from ocop_workflow.places import queries as units
from ocop_workflow.privacy import queries as people

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.store import Connection


class PersonKind(StrEnum):
    """As what a person is known; it begins the person's ID."""

    REPRESENTATIVE = "representative"
    CONTACT = "contact"
    OFFICER = "officer"

    @property
    def text(self) -> Text:
        """The kind in both languages."""
        return _LABELS[self]


_LABELS = {
    PersonKind.REPRESENTATIVE: Text("người đại diện chủ thể", "representative of a producer"),
    PersonKind.CONTACT: Text("đầu mối nhận thư", "contact of a unit"),
    PersonKind.OFFICER: Text("cán bộ", "officer"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of whom something is kept.

    Attributes:
        kind: as what the person is known.
        key: the number of producer or contact, or the officer's login.
        name: how the person is called here; a contact's address.
        where: the producer and its unit, the contact's unit; an officer's units.
        unit_ids: the units that the person belongs to: who administers all of them may handle it.
        is_active: of an officer: works here still.
    """

    kind: PersonKind
    key: str
    name: str
    where: str
    unit_ids: tuple[int, ...]
    is_active: bool = False

    @property
    def id(self) -> str:
        """What a person is named by: `representative-3`, `contact-12`, `officer-lan`."""
        return f"{self.kind.value}-{self.key}"


def find_people(tx: Connection, by: Actor, words: str) -> list[Person]:
    """Return whoever is called so, or is reached so: by name, login, mail address, place; marks do not count.

    Raises:
        NotPermitted: the actor administers nothing.
        WrongUse: nothing is asked for.
    """
    refuse_others(by)
    if not words.strip():
        raise WrongUse("Hãy nêu tên, địa chỉ hay một phần của nó.", "Name a person, an address, or a part.")
    found = [
        *(_representative(row) for row in people.representatives(tx, words)),
        *(_contact(row) for row in people.unit_contacts(tx, words)),
        *_officers(tx, words),
    ]
    return [person for person in found if _warrant(tx, by, person)]


def find_person(tx: Connection, by: Actor, person_id: str) -> tuple[Person, Warrant]:
    """Return one person, and in whose name the actor handles what is kept of them.

    Raises:
        NotPermitted: the actor administers nothing.
        NotFound: there is nobody of this ID whom the actor may handle.
    """
    refuse_others(by)
    person = _of_id(tx, person_id)
    warrant = _warrant(tx, by, person) if person else None
    if person is None or warrant is None:
        raise NotFound(
            f"Không có người nào mang mã {person_id}; tìm bằng `ocop person find TÊN`.",
            f"Nobody has the ID {person_id}; search with `ocop person find NAME`.",
        )
    return person, warrant


def refuse_others(by: Actor) -> None:
    """Let nobody but administrators learn who is known here.

    Raises:
        NotPermitted: the actor administers nothing.
    """
    if by.units_with(Permission.MANAGE_PEOPLE) == frozenset():
        raise NotPermitted(
            f"{by.login} không có quyền {Permission.MANAGE_PEOPLE.label}: đó là việc của quản trị hệ thống.",
            f"{by.login} may not handle personal data: that is an administrator's.",
        )


def _warrant(tx: Connection, by: Actor, person: Person) -> Warrant | None:
    """Return in whose name the actor handles a person: on every unit to which the person belongs."""
    places = [Place(frozenset(units.lineage(tx, unit))) for unit in person.unit_ids]
    warrants = [may(by, Permission.MANAGE_PEOPLE, place) for place in places]
    return warrants[0] if warrants and all(warrants) else None


def _of_id(tx: Connection, person_id: str) -> Person | None:
    kind, _, key = person_id.partition("-")
    number = int(key) if key.isascii() and key.isdecimal() and len(key) < 10 else None  # noqa: PLR2004 - digits
    if kind == PersonKind.OFFICER:
        return next(_officers(tx, login=key), None)
    if number is None or kind not in set(PersonKind):
        return None
    if kind == PersonKind.REPRESENTATIVE:
        return next(map(_representative, people.representatives(tx, producer_id=number)), None)
    return next(map(_contact, people.unit_contacts(tx, contact_id=number)), None)


def _representative(row: Any) -> Person:  # noqa: ANN401 - a row of the database
    where = f"{row.name}, {row.unit}" if row.name != row.representative else row.unit
    return Person(PersonKind.REPRESENTATIVE, str(row.id), row.representative, where, (row.unit_id,))


def _contact(row: Any) -> Person:  # noqa: ANN401 - likewise
    return Person(PersonKind.CONTACT, str(row.id), row.address, row.unit, (row.unit_id,))


def _officers(tx: Connection, words: str = "", login: str | None = None) -> Iterator[Person]:
    for row in people.officers_like(tx, words, login):
        places = people.units_of(tx, row.id)
        where = ", ".join(dict.fromkeys(name for _, name in places))
        numbers = tuple(dict.fromkeys(unit for unit, _ in places))
        yield Person(PersonKind.OFFICER, row.login, row.name, where, numbers, row.disabled_at is None)
