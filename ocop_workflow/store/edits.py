"""How often a product's data have changed since its last event: its tag counts it, and its calendar entry."""

from __future__ import annotations

from sqlalchemy import func

from ocop_workflow.store.tables import products

#: what `products.edits` becomes when what a product is shown with changes: its unit, or its unit's name
ONE_MORE = func.coalesce(products.c.edits, 0) + 1
