"""Queries on the forms of dossiers: what was answered in each, and emptying one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, exists, insert, select, update

from ocop_workflow.access import ContactKind
from ocop_workflow.store.dialect import insert_new
from ocop_workflow.store.records import read_all
from ocop_workflow.store.tables.contacts import contacts
from ocop_workflow.store.tables.forms import form_answers, form_values

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class SheetValue:
    """An answer that reaches or marks a person: where it stands, and whether it still does."""

    sheet_id: int
    field: str
    contact_id: int
    address: str
    is_there: bool


@dataclass(frozen=True, slots=True)
class FormSheet:
    """What was answered in one form of one dossier.

    Attributes:
        answers: by the names of fields; none: left empty on purpose.
        version: how often it was saved.
        values: answers that stand among contact values.
    """

    id: int
    form: str
    answers: dict[str, Any]
    version: int
    saved_at: datetime
    saved_by: str
    values: list[SheetValue] = field(default_factory=list)

    def said(self, name: str) -> Any:  # noqa: ANN401 - of JSON
        """Return what was answered in a field; none: nothing, or it was erased."""
        held = next((value for value in self.values if value.field == name), None)
        if held is not None:
            return held.address if held.is_there else None
        return self.answers.get(name)

    def is_erased(self, name: str) -> bool:
        """Tell whether an answer was erased."""
        return any(value.field == name and not value.is_there for value in self.values)

    def is_answered(self, name: str) -> bool:
        """Tell whether a field was saved at all: also where it was left empty on purpose."""
        return name in self.answers or any(value.field == name for value in self.values)


def sheets_of(tx: Connection, product_id: int, dossier: int) -> dict[str, FormSheet]:
    """Return what was answered in a dossier's forms, by form."""
    names = ("id", "form", "answers", "version", "saved_at", "saved_by")
    statement = (
        select(*(form_answers.c[name] for name in names))
        .where(form_answers.c.product_id == product_id, form_answers.c.dossier == dossier)
        .order_by(form_answers.c.form)
    )
    found = {sheet.form: sheet for sheet in read_all(FormSheet, tx.execute(statement))}
    by_id = {sheet.id: sheet for sheet in found.values()}
    for value in _values_of(tx, by_id) if by_id else ():
        by_id[value.sheet_id].values.append(value)
    return found


def _values_of(tx: Connection, sheet_ids: Collection[int]) -> list[SheetValue]:
    statement = (
        select(
            form_values.c.sheet_id,
            form_values.c.field,
            form_values.c.contact_id,
            contacts.c.address,
            contacts.c.erased_at.is_(None).label("is_there"),
        )
        .join(contacts, contacts.c.id == form_values.c.contact_id)
        .where(form_values.c.sheet_id.in_(sheet_ids))
        .order_by(form_values.c.id)
    )
    return read_all(SheetValue, tx.execute(statement))


def has_forms(tx: Connection, product_id: int, dossier: int) -> bool:
    """Tell whether anything was saved in a dossier's forms."""
    of = (form_answers.c.product_id == product_id, form_answers.c.dossier == dossier)
    return bool(tx.scalar(select(exists().where(*of))))


def open_sheet(tx: Connection, product_id: int, dossier: int, form: str, by: str, now: datetime) -> int:
    """Make room for the answers of a form, if there is none yet; returns its number."""
    values = {
        "product_id": product_id,
        "dossier": dossier,
        "form": form,
        "answers": {},
        "version": 0,
        "saved_at": now,
        "saved_by": by,
    }
    tx.execute(insert_new(tx, form_answers).values(values))
    of = (
        form_answers.c.product_id == product_id,
        form_answers.c.dossier == dossier,
        form_answers.c.form == form,
    )
    number: int = tx.execute(select(form_answers.c.id).where(*of)).scalar_one()
    return number


def write_sheet(
    tx: Connection, sheet_id: int, seen: int, answers: Mapping[str, Any], by: str, now: datetime
) -> bool:
    """Keep answers, if the form is still the one that was seen; returns whether it was."""
    done = tx.execute(
        update(form_answers)
        .where(form_answers.c.id == sheet_id, form_answers.c.version == seen)
        .values(answers=dict(answers), version=seen + 1, saved_at=now, saved_by=by)
    )
    return done.rowcount == 1


def drop_values(tx: Connection, sheet_id: int, names: Collection[str]) -> None:
    """Take out answers that stand among contact values."""
    of = (form_values.c.sheet_id == sheet_id, form_values.c.field.in_(sorted(names)))
    numbers = list(tx.scalars(select(form_values.c.contact_id).where(*of)))
    tx.execute(delete(form_values).where(*of))
    tx.execute(delete(contacts).where(contacts.c.id.in_(numbers)))


def keep_values(tx: Connection, sheet_id: int, given: Mapping[str, str]) -> None:
    """Keep answers among contact values, each in a row of its own: one that was erased stays erased."""
    for name, value in given.items():
        row = {"kind": ContactKind.PLACE, "address": value}
        number = tx.execute(insert(contacts).values(row).returning(contacts.c.id)).scalar_one()
        tx.execute(insert(form_values).values(sheet_id=sheet_id, field=name, contact_id=number))


def delete_sheet(tx: Connection, sheet: FormSheet) -> None:
    """Take out all that was answered in a form."""
    drop_values(tx, sheet.id, [value.field for value in sheet.values])
    tx.execute(delete(form_answers).where(form_answers.c.id == sheet.id))
