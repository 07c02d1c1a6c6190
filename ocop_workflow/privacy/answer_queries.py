"""What forms of dossiers say of a person, and the replies that repeat a value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from ocop_workflow.store.tables import products
from ocop_workflow.store.tables.access import replies
from ocop_workflow.store.tables.contacts import contacts
from ocop_workflow.store.tables.forms import form_answers, form_values

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection, Select

#: stands in every reply that shows a person's field of a form
_SHOWS_A_FORM = '"personal":true'


def producers_saying(contact_ids: Collection[int]) -> Select[Any]:
    """Select the producers in whose products' forms one of these values stands."""
    return (
        select(products.c.producer_id)
        .join(form_answers, form_answers.c.product_id == products.c.id)
        .join(form_values, form_values.c.sheet_id == form_answers.c.id)
        .where(form_values.c.contact_id.in_(contact_ids))
    )


def said_in_forms(product_ids: Collection[int]) -> Select[Any]:
    """Select the numbers of the values that stand in the forms of these products."""
    return (
        select(form_values.c.contact_id)
        .join(form_answers, form_answers.c.id == form_values.c.sheet_id)
        .where(form_answers.c.product_id.in_(product_ids))
    )


def forget_replies(tx: Connection, contact_ids: Collection[int]) -> None:
    """Forget what was answered over HTTP and repeats one of these values.

    An answer of a form is short and stands in many sentences ("Kinh", "nữ"): it takes only replies with it
    that show a form.
    """
    held = (
        select(contacts.c.address, form_values.c.field)
        .outerjoin(form_values, form_values.c.contact_id == contacts.c.id)
        .where(contacts.c.id.in_(contact_ids))
    )
    for row in tx.execute(held).all():
        written = json.dumps(row.address, ensure_ascii=False)[1:-1]
        repeats = [replies.c.body.contains(written, autoescape=True)]
        if row.field is not None:
            repeats.append(replies.c.body.contains(_SHOWS_A_FORM, autoescape=True))
        tx.execute(delete(replies).where(*repeats))
