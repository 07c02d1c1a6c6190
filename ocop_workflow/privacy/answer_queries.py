"""What forms of dossiers say of a person: statements that other queries take up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ocop_workflow.store.tables import products
from ocop_workflow.store.tables.forms import form_answers, form_values

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Select


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
