"""Handing out what is kept of a person: contact values, letters, and where the record names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.privacy import queries as people
from ocop_workflow.privacy.finding import Person, PersonKind, find_person
from ocop_workflow.privacy.views import (
    ContactValueView,
    ExportView,
    KeptLetterView,
    KeptProductView,
    KeptStepView,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ocop_workflow.access import Actor
    from ocop_workflow.store import Connection


def export(tx: Connection, by: Actor, person_id: str, *, now: datetime) -> ExportView:
    """Return what is kept of a person, and write into the audit that it was handed out.

    Args:
        tx: a writing transaction: handing out is an act.
        by: who hands it out.
        person_id: as `ocop person find` shows it.
        now: this instant.

    Raises:
        NotPermitted, NotFound: see `find_person`.
    """
    person, warrant = find_person(tx, by, person_id)
    told = ExportView.alike(person, **_OF[person.kind](tx, person), exported_at=now)
    audit.record(tx, by, Deed("person.export", f"person:{person.id}"), now, warrant)
    return told


def _of_representative(tx: Connection, person: Person) -> dict[str, Any]:
    made = people.products_of(tx, int(person.key))
    return {
        "values": ContactValueView.all_of(people.places_of(tx, [product.id for product in made])),
        "products": tuple(map(KeptProductView.alike, made)),
    }


def _of_contact(tx: Connection, person: Person) -> dict[str, Any]:
    places = people.places_like(tx, int(person.key))
    return {
        "values": ContactValueView.all_of(places),
        "letters": _letters_to(tx, [place.address for place in places if place.is_there]),
    }


def _letters_to(tx: Connection, addresses: Sequence[str]) -> tuple[KeptLetterView, ...]:
    letters = people.letters_to(tx, addresses)
    return tuple(KeptLetterView.alike(row, written_at=row.created_at) for row in letters)


def _of_officer(tx: Connection, person: Person) -> dict[str, Any]:
    (row,) = people.officers_like(tx, login=person.key)
    steps = people.steps_by(tx, row.login)
    addresses = people.addresses_of(tx, [row.login])
    letters = _letters_to(tx, [value.address for value in addresses if value.is_there])
    return {
        **({"values": ContactValueView.all_of(addresses)} if addresses else {}),
        **({"letters": letters} if letters else {}),
        "login": row.login,
        "has_password": row.password is not None,  # kept as a hash, which is handed out to nobody
        "token_labels": tuple(people.labels_of(tx, row.id)),
        "steps": tuple(KeptStepView.alike(step, product=step.code, on=step.on_day) for step in steps),
        "audit_entries": people.audit_by(tx, row.login),
    }


_OF = {
    PersonKind.REPRESENTATIVE: _of_representative,
    PersonKind.CONTACT: _of_contact,
    PersonKind.OFFICER: _of_officer,
}
