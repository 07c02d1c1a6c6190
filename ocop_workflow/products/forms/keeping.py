"""Saving what is answered in a form of a dossier, in part or all, and taking all of it out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_workflow.access import Permission
from ocop_workflow.audit import chain as audit
from ocop_workflow.audit.chain import Deed
from ocop_workflow.dossiers import form_queries as forms
from ocop_workflow.errors import Conflict, NotFound, Stale
from ocop_workflow.people.officers import permitted
from ocop_workflow.products.checks import find_product, place_of
from ocop_workflow.products.forms.proposing import chosen_set
from ocop_workflow.products.undoing import checked_reason
from ocop_workflow.regulations.forms import load_form, read_answers
from ocop_workflow.regulations.rubrics import load_rubric
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from ocop_workflow.access import Actor, Warrant
    from ocop_workflow.products.queries import ProductRecord
    from ocop_workflow.store import Connection


def save_form(  # noqa: PLR0913 - what is saved, and by whom, when: all by name but what it is about
    tx: Connection,
    code: str,
    form_id: str,
    given: Mapping[str, object],
    *,
    tags: frozenset[str] | None,
    actor: Actor,
    today: date,
    now: datetime,
) -> int:
    """Save answers to some fields of a form of a product's current dossier. Returns its new version.

    Args:
        tx: a writing transaction.
        code: the product.
        form_id: the form.
        given: answers by the names of fields, see `read_answers`; what is not named stays as it is.
        tags: the versions one of which was looked at; "0": nothing was saved yet; none: whichever there is.
        actor: the officer.
        today: the local day.
        now: this instant.

    Raises:
        NotFound: the actor sees no product of this code, or there is no such form.
        NotPermitted: the product is in other hands.
        Conflict: the product has no dossier yet.
        InvalidInput: an answer is at fault; all faults at once.
        Stale: somebody else has saved the form since it was looked at.
    """
    record, warrant = _in_hand(tx, code, actor)
    form = load_form(form_id)
    if not record.dossier_no:
        raise Conflict(
            f"{record.code} chưa có hồ sơ nào để điền mẫu; mở đợt đánh giá lại trước.",
            f"{record.code} has no dossier to hold forms; open its re-rating first.",
        )
    sheets = forms.sheets_of(tx, record.id, record.dossier_no)
    number = chosen_set(tx, record, sheets)
    answers = read_answers(form, given, load_rubric(number) if number else None, today=today)
    by = clean(actor.login)[:100]
    before = sheets.get(form.id)
    version = before.version if before else 0
    if tags is not None and str(version) not in tags:
        raise _stale(record, form.number)
    if before is not None:  # who leaves a field empty whose answer was erased says nothing anew
        answers = {k: v for k, v in answers.items() if v is not None or not before.is_erased(k)}
    if before is not None and not _changes(before, answers):
        return version
    sheet_id = forms.open_sheet(tx, record.id, record.dossier_no, form.id, by, now)
    personal = {name: value for name, value in answers.items() if form.by_name[name].personal}
    plain = {name: None if name in personal else value for name, value in answers.items()}
    kept = {**(before.answers if before else {}), **plain}
    if not forms.write_sheet(tx, sheet_id, version, _without(kept, personal), by, now):
        raise _stale(record, form.number)
    _keep_personal(tx, sheet_id, before, personal)
    after = {
        "product": record.code,
        "dossier": record.dossier_no,
        "form": form.id,
        "version": version + 1,
        "fields": sorted(answers),
    }
    audit.record(tx, actor, Deed("form.save", f"form:{sheet_id}", None, after), now, warrant)
    return version + 1


def _without(kept: Mapping[str, Any], personal: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what stands among contact values; what was emptied on purpose stays as empty."""
    return {name: value for name, value in kept.items() if personal.get(name) is None}


def _changes(before: forms.FormSheet, answers: Mapping[str, Any]) -> bool:
    return any(
        not before.is_answered(name) or before.said(name) != value or before.is_erased(name)
        for name, value in answers.items()
    )


def _keep_personal(
    tx: Connection, sheet_id: int, before: forms.FormSheet | None, personal: Mapping[str, str | None]
) -> None:
    """Keep what changed among contact values; of what stays as it is not even the row changes."""
    changed = {
        name: value
        for name, value in personal.items()
        if before is None or before.said(name) != value or before.is_erased(name)
    }
    forms.drop_values(tx, sheet_id, changed)
    forms.keep_values(tx, sheet_id, {name: value for name, value in changed.items() if value is not None})


def discard_form(
    tx: Connection, code: str, form_id: str, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Take out all that was saved in a form of a product's current dossier.

    Raises:
        NotFound: the actor sees no product of this code, there is no such form, or nothing was saved in it.
        NotPermitted: the product is in other hands.
        InvalidInput: no reason is given, or one that is too long.
    """
    reason = checked_reason(reason)
    record, warrant = _in_hand(tx, code, actor)
    form = load_form(form_id)
    sheet = forms.sheets_of(tx, record.id, record.dossier_no).get(form.id)
    if sheet is None:
        raise NotFound(
            f"{form.number} của {record.code} chưa ghi gì.",
            f"Nothing was saved in {form.id} of {record.code}.",
        )
    forms.delete_sheet(tx, sheet)
    before = {
        "product": record.code,
        "dossier": record.dossier_no,
        "form": form.id,
        "version": sheet.version,
    }
    deed = Deed("form.discard", f"form:{sheet.id}", before, {"reason": reason})
    audit.record(tx, actor, deed, now, warrant)


def _in_hand(tx: Connection, code: str, actor: Actor) -> tuple[ProductRecord, Warrant]:
    record = find_product(tx, code)
    place_of(tx, actor, record)
    return record, permitted(tx, actor, Permission.EDIT_PRODUCTS, record.unit_id)


def _stale(record: ProductRecord, number: str) -> Stale:
    return Stale(
        f"{number} của {record.code} đã có người khác lưu từ lúc xem; hãy xem lại rồi ghi lại.",
        f"{number} of {record.code} was saved by somebody else since it was looked at; look again, repeat.",
    )
