"""Databases of before the first release: their rows are laid aside, the tables made anew, the rows put back.

They stand at revision 0016, which no migration leads to any more. Whoever has one keeps every row; once there
is a release this file goes, and a change of tables is a migration of its own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text

from ocop_workflow.states import OPENS_A_DOSSIER
from ocop_workflow.store.pinning import pin_regulations
from ocop_workflow.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Row

#: the revision at which they stand
BEFORE = "0016"
_ASIDE = "before_"
#: the certificate that a deadline was about: the one that ran, or that ended on the deadline's day
_OF_PRODUCT = "SELECT MAX(c.id) FROM before_certificates c WHERE c.product_id = d.product_id"
_CERTIFICATE = (
    "CASE WHEN d.kind = 'relative' AND d.rule IN ('expiry', 're_rating_filing') THEN COALESCE("
    f"({_OF_PRODUCT} AND c.ended_on IS NULL AND d.closed_on IS NULL), "
    f"({_OF_PRODUCT} AND c.valid_until = d.due_on), ({_OF_PRODUCT})) END"
)
_SUBJECT = (
    "CASE WHEN d.kind = 'activity' THEN 'activity' WHEN d.kind = 'commune' THEN 'unit' "
    f"WHEN {_CERTIFICATE} IS NOT NULL THEN 'certificate' ELSE 'product' END"
)
_SUBJECT_ID = (
    f"CASE d.kind WHEN 'activity' THEN d.plan_id ELSE COALESCE({_CERTIFICATE}, d.product_id, d.unit_id) END"
)
#: what a certificate's product and producer are called, where it belongs, and in which province
_NAMED = (
    "(SELECT {column} FROM before_products p LEFT JOIN before_producers r ON r.id = p.producer_id "
    "WHERE p.id = d.product_id)"
)
_UNIT = _NAMED.format(column="p.unit_id")
_PROVINCE = (
    "(WITH RECURSIVE line AS (SELECT u.id, u.name, u.level, u.parent_id FROM before_units u "  # noqa: S608 - names of our own tables
    f"WHERE u.id = {_UNIT} UNION ALL SELECT u.id, u.name, u.level, u.parent_id FROM before_units u "
    "JOIN line ON u.id = line.parent_id) SELECT name FROM line WHERE level = 'province')"
)
#: the random end of a certificate's address, and since when it is shown, in the words of each database
_TOKENS = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "replace(gen_random_uuid()::text, '-', '')"}
_DECIDED = {"sqlite": "d.decided_on || ' 00:00:00'", "postgresql": "CAST(d.decided_on AS timestamptz)"}
#: what a column of a new table is read from, where it is not a column of that name in the old one
_READ_FROM: dict[str, dict[str, str]] = {
    "products": {"dossier_no": "1"},
    "deadlines": {"subject": _SUBJECT, "subject_id": _SUBJECT_ID},
    "certificates": {
        "product": _NAMED.format(column="p.name"),
        "producer": _NAMED.format(column="r.name"),
        "commune": f"(SELECT u.name FROM before_units u WHERE u.id = {_UNIT})",  # noqa: S608 - likewise
        "province": _PROVINCE,
        "evidence": "CASE d.standing WHEN 'confirmed' THEN 'A' ELSE 'C' END",
        "taken_back_on": "CASE d.ended_because WHEN 'undone' THEN d.ended_on END",
    },
    # a unit's desk bears its unit's number
    **{name: {"desk_id": "unit_id"} for name in ("contacts", "reminders", "digests", "outbox")},
}
#: rows in memory at once
_BATCH = 1000


def lay_aside(tx: Connection) -> None:
    """Copy every table into a temporary one and drop it."""
    names = [table.name for table in metadata.sorted_tables if inspect(tx).has_table(table.name)]
    for name in names:
        tx.execute(text(f"CREATE TEMPORARY TABLE {_ASIDE}{name} AS SELECT * FROM {name}"))  # noqa: S608 - names of our own tables
    for name in ("certificates", "transitions"):  # asked for each deadline, and for each product
        tx.execute(text(f"CREATE INDEX {_ASIDE}{name}_of ON {_ASIDE}{name} (product_id)"))
    for name in ("alembic_version", *reversed(names)):
        tx.execute(text(f"DROP TABLE {name}"))
    if tx.dialect.name != "sqlite":
        tx.execute(text("DROP FUNCTION audit_is_append_only()"))


def put_back(tx: Connection) -> None:
    """Put the rows that were laid aside into the new tables, and make of them what is new."""
    for table in metadata.sorted_tables:
        there = _columns(tx, table.name)
        if there:
            read_from = _READ_FROM.get(table.name, {}) | _of_dialect(tx, table.name)
            columns = [column.name for column in table.columns if column.name in there | read_from.keys()]
            values = ", ".join(read_from.get(name, name) for name in columns)
            tx.execute(
                text(
                    f"INSERT INTO {table.name} ({', '.join(columns)}) "  # noqa: S608 - names of our own tables
                    f"SELECT {values} FROM {_ASIDE}{table.name} d"
                )
            )
        if table.name == "products":
            _dossiers(tx)
        if table.name == "desks":
            tx.execute(
                text("INSERT INTO desks (id, kind, unit_id) SELECT id, 'unit', id FROM units ORDER BY id")
            )
    for table in metadata.sorted_tables:
        if _columns(tx, table.name):
            tx.execute(text(f"DROP TABLE {_ASIDE}{table.name}"))
    pin_regulations(tx)
    _go_on_counting(tx)


def _of_dialect(tx: Connection, table: str) -> dict[str, str]:
    """Return what columns of a new table are read from, where the databases have no common words for it."""
    if table != "certificates":
        return {}
    name = tx.dialect.name
    shown = f"CASE d.standing WHEN 'confirmed' THEN COALESCE(d.settled_at, {_DECIDED[name]}) END"
    return {"token": _TOKENS[name], "shown_since": shown}


def _columns(tx: Connection, table: str) -> set[str]:
    """Return the columns that were laid aside of a table; none: it was not there."""
    if tx.dialect.name == "sqlite":
        return set(tx.scalars(text("SELECT name FROM pragma_table_info(:name)"), {"name": _ASIDE + table}))
    return set(
        tx.scalars(
            text("SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(:name) AND attnum > 0"),
            {"name": f"pg_temp.{_ASIDE}{table}"},
        )
    )


def _go_on_counting(tx: Connection) -> None:
    """Let PostgreSQL number new rows after those that are there; SQLite does so by itself."""
    if tx.dialect.name == "sqlite":
        return
    for table in metadata.sorted_tables:
        key = table.autoincrement_column
        if key is not None and tx.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": key.name}
        ):
            tx.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{key.name}'), max({key.name})) "  # noqa: S608 - likewise
                    f"FROM {table.name} HAVING max({key.name}) IS NOT NULL"
                )
            )


# -- dossiers: a product had columns for the current one, and its history for the others -----------


def _dossiers(tx: Connection) -> None:
    """Open the dossiers of every product: the current one from its columns, those before from its history."""
    last = 0
    while rows := tx.execute(_PRODUCTS, {"last": last, "batch": _BATCH}).all():
        last = rows[-1].id
        openings: dict[int, list[dict[str, Any]]] = {}
        for step in tx.execute(_OPENINGS, {"first": rows[0].id, "last": last}):
            openings.setdefault(step.product_id, []).append(_replaced(step.replaced))
        opened = [dossier for row in rows for dossier in _told(row, openings.get(row.id, []))]
        tx.execute(_OPEN, opened)
        tx.execute(_COUNT, [{"of": row.id, "number": len(openings.get(row.id, [])) + 1} for row in rows])


def _told(row: Row[Any], openings: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a product's dossiers, newest first; an opening has kept what it replaced of the one before."""
    values = {name: getattr(row, name) for name in _KEPT}
    for number in range(len(openings) + 1, 0, -1):
        yield {"product_id": row.id, "number": number, **values}
        if number > 1:
            bare = dict.fromkeys(_KEPT) | {"dossier": values["dossier"], "plan_id": values["plan_id"]}
            kept = openings[number - 2]
            values = bare | {name: kept[name] for name in _KEPT if name in kept}


def _replaced(stored: str | dict[str, Any] | None) -> dict[str, Any]:
    replaced = json.loads(stored) if isinstance(stored, str) else stored
    columns: dict[str, Any] = (replaced or {}).get("columns", {})
    return columns


_KEPT = ("dossier", "plan_id", "received_on", "score_level", "score_mean", "gates_met")
_PRODUCTS = text(
    f"SELECT id, {', '.join(_KEPT)} FROM {_ASIDE}products WHERE id > :last ORDER BY id LIMIT :batch"  # noqa: S608 - names from above
)
_OPENINGS = text(
    f"SELECT product_id, replaced FROM {_ASIDE}transitions t WHERE product_id BETWEEN :first AND :last "  # noqa: S608 - likewise
    f"AND event IN ({', '.join(repr(event.value) for event in sorted(OPENS_A_DOSSIER))}) AND undoes IS NULL "
    f"AND NOT EXISTS (SELECT 1 FROM {_ASIDE}transitions u "
    "WHERE u.product_id = t.product_id AND u.undoes = t.seq) "
    "ORDER BY product_id, seq"
)
_OPEN = text(
    "INSERT INTO dossiers "
    "(product_id, number, kind, plan_id, received_on, score_level, score_mean, gates_met) "
    "VALUES (:product_id, :number, :dossier, :plan_id, :received_on, :score_level, :score_mean, :gates_met)"
)
_COUNT = text("UPDATE products SET dossier_no = :number WHERE id = :of")
