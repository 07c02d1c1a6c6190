"""The table of the runs of products through evaluation."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table

from ocop_workflow.regulations import Level
from ocop_workflow.states import Dossier
from ocop_workflow.store.tables.access import metadata
from ocop_workflow.store.types import word

dossiers = Table(
    "dossiers",
    metadata,
    Column("product_id", ForeignKey("products.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),  # 1, 2, 3 … of its product
    Column("kind", word(Dossier, "kind"), nullable=False),
    Column("plan_id", ForeignKey("plans.id"), nullable=False, index=True),
    Column("product_set", Integer),  # the set of products (Phụ lục I) whose sheet it is scored by
    Column("received_on", Date),  # the local day on which the commune received it
    Column("complete_on", Date),  # on which the body that decides had all of it; none: nobody has said
    Column("regulation", String(60), index=True),  # by which it is rated; none: not received yet
    Column("official_code", String(60)),  # the regulation's, beside our own
    Column("score_level", word(Level, "score_level")),
    Column("score_mean", String(60)),  # an exact fraction, "449/5"
    Column("gates_met", Integer),
    sqlite_with_rowid=False,
)
