"""Contact values stand in one table; letters lose their bytes in time; the audit of before is one segment.

Every row is kept. What was told of an address moves out of products, out of what was given with steps and out
of what steps replaced; there its number remains.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0009"
branch_labels = None
depends_on = None

_KIND = sa.Enum("email", "place", name="kind", native_enum=False, create_constraint=True, length=30)
_UNITS = "fk_contacts_unit_id"

_contacts = sa.table(
    "contacts",
    *(
        sa.column(name)
        for name in ("id", "kind", "unit_id", "address", "valid_from", "valid_to", "mark", "salt")
    ),
)
_products = sa.table("products", sa.column("id"), sa.column("address"), sa.column("address_id"))
_steps = sa.table(
    "transitions",
    sa.column("id"),
    sa.column("product_id"),
    sa.column("seq"),
    sa.column("data", sa.JSON),
    sa.column("replaced", sa.JSON(none_as_null=True)),
    sa.column("address_id"),
)
#: rows in memory at once
_BATCH = 1000


def upgrade() -> None:
    _contacts_of_every_kind()
    for table in ("products", "transitions"):
        _refer(table)
    op.add_column("outbox", sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
    _move_out()
    op.drop_column("products", "address")
    _seal()


def downgrade() -> None:
    op.add_column("products", sa.Column("address", sa.String(length=300), nullable=True))
    _move_back()
    op.drop_column("outbox", "gone_at")
    for table in ("transitions", "products"):
        _refer_no_more(table)
    _contacts_of_units_alone()


def _refer(table: str) -> None:
    """Add the column and its reference.

    SQLite takes a reference with a new column, though not under the table's own: its description is put right
    in place, as SQLite's own manual shows.
    """
    name, column, to = f"fk_{table}_address_id", "FOREIGN KEY(address_id) ", "REFERENCES contacts (id)"
    op.execute(f"ALTER TABLE {table} ADD COLUMN address_id INTEGER CONSTRAINT {name} {to}")
    _describe(table, f" CONSTRAINT {name} {to}", f", CONSTRAINT {name} {column}{to}")


def _refer_no_more(table: str) -> None:
    name, column, to = f"fk_{table}_address_id", "FOREIGN KEY(address_id) ", "REFERENCES contacts (id)"
    _describe(table, f", CONSTRAINT {name} {column}{to}", "")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, table, type_="foreignkey")
    op.drop_column(table, "address_id")


def _describe(table: str, before: str, after: str) -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    connection.exec_driver_sql(
        "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?",
        (before, after, table),
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def _contacts_of_every_kind() -> None:
    """Build the table anew: nothing refers to it yet."""
    _set_aside()
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _KIND, nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f(_UNITS)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("mark", name=op.f("uq_contacts_mark")),
    )
    op.create_index(op.f("ix_contacts_unit_id"), "contacts", ["unit_id"], unique=False)
    op.execute(
        "INSERT INTO contacts (id, kind, unit_id, address, valid_from, valid_to, mark) "
        "SELECT id, 'email', unit_id, address, valid_from, valid_to, 'contact-' || id FROM contacts_before"
    )
    op.drop_table("contacts_before")
    connection = op.get_bind()
    for number in list(connection.scalars(sa.select(_contacts.c.id))):
        connection.execute(sa.update(_contacts).where(_contacts.c.id == number).values(salt=_salt()))
    _count_on()


def _contacts_of_units_alone() -> None:
    _set_aside()
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f(_UNITS)),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index(op.f("ix_contacts_unit_id"), "contacts", ["unit_id"], unique=False)
    op.execute(
        "INSERT INTO contacts (id, unit_id, address, valid_from, valid_to) "
        "SELECT id, unit_id, address, valid_from, valid_to FROM contacts_before WHERE unit_id IS NOT NULL"
    )
    op.drop_table("contacts_before")
    _count_on()


def _set_aside() -> None:
    op.drop_index(op.f("ix_contacts_unit_id"), table_name="contacts")
    op.rename_table("contacts", "contacts_before")
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute(f"ALTER TABLE contacts_before RENAME CONSTRAINT {_UNITS} TO {_UNITS}_before")
    op.execute("ALTER TABLE contacts_before RENAME CONSTRAINT pk_contacts TO pk_contacts_before")
    op.execute("ALTER SEQUENCE contacts_id_seq RENAME TO contacts_before_id_seq")


def _count_on() -> None:
    """PostgreSQL's serial numbers go on behind the highest that was copied."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "SELECT setval('contacts_id_seq', GREATEST(MAX(id), 1), MAX(id) IS NOT NULL) FROM contacts"
        )


def _salt() -> str:
    return secrets.token_hex(16)


def _move_out() -> None:
    """Give each address of a product one row, which the product and its steps refer to.

    A mark says where the value stood, so that a backup of before, once upgraded, has the same marks.
    """
    connection = op.get_bind()
    known: dict[tuple[int, str], int] = {}
    holding = sa.select(_products.c.id, _products.c.address).where(_products.c.address.is_not(None))
    for product, address in list(connection.execute(holding.order_by(_products.c.id))):
        number = _keep(address, f"product-{product}")
        known[product, address] = number
        connection.execute(sa.update(_products).where(_products.c.id == product).values(address_id=number))
    for step in _each_step():
        values: dict[str, Any] = {}
        given = step.data.get("address")
        if given is not None:
            found = known.get((step.product_id, given)) or _keep(given, f"step-{step.id}")
            known[step.product_id, given] = found
            values |= {"address_id": found, "data": {**step.data, "address": None}}
        columns = (step.replaced or {}).get("columns", {})
        if "address" in columns:
            before = columns["address"]
            replaced: int | None = None
            if before is not None:
                replaced = known.get((step.product_id, before)) or _keep(before, f"before-{step.id}")
                known[step.product_id, before] = replaced
            renamed = _renamed(columns, "address", "address_id", replaced)
            values["replaced"] = {**step.replaced, "columns": renamed}
        if values:
            connection.execute(sa.update(_steps).where(_steps.c.id == step.id).values(**values))


def _move_back() -> None:
    connection = op.get_bind()
    text_of = {row.id: row.address for row in connection.execute(sa.select(_contacts))}
    op.execute(
        "UPDATE products SET address = (SELECT c.address FROM contacts c WHERE c.id = products.address_id)"
    )
    for step in _each_step():
        values: dict[str, Any] = {}
        if step.address_id is not None:
            values["data"] = {**step.data, "address": text_of[step.address_id]}
        columns = (step.replaced or {}).get("columns", {})
        if "address_id" in columns:
            number = columns["address_id"]
            before = None if number is None else text_of[number]
            values["replaced"] = {
                **step.replaced,
                "columns": _renamed(columns, "address_id", "address", before),
            }
        if values:
            connection.execute(sa.update(_steps).where(_steps.c.id == step.id).values(**values))


def _each_step() -> Iterator[Any]:
    connection, after = op.get_bind(), 0
    columns = (_steps.c.id, _steps.c.product_id, _steps.c.data, _steps.c.replaced, _steps.c.address_id)
    while rows := list(
        connection.execute(sa.select(*columns).where(_steps.c.id > after).order_by(_steps.c.id).limit(_BATCH))
    ):
        yield from rows
        after = rows[-1].id


def _keep(address: str, mark: str) -> int:
    row = {"kind": "place", "address": address, "mark": mark, "salt": _salt()}
    number: int = (
        op.get_bind().execute(sa.insert(_contacts).values(**row).returning(_contacts.c.id)).scalar_one()
    )
    return number


def _renamed(columns: dict[str, Any], old: str, new: str, value: object) -> dict[str, Any]:
    """Return the columns in their order, one of them under another name."""
    return {
        (new if name == old else name): (value if name == old else held) for name, held in columns.items()
    }


_audit = sa.table(
    "audit",
    sa.column("seq"),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("actor"),
    sa.column("origin"),
    sa.column("action"),
    sa.column("subject"),
    sa.column("after", sa.JSON(none_as_null=True)),
    sa.column("previous"),
    sa.column("hash"),
)


def _seal() -> None:
    """Close what the audit says so far: the next entry names its number and head, and begins anew.

    It bears the instant of the last entry: a migration does not know what time it is.
    """
    connection = op.get_bind()
    last = connection.execute(
        sa.select(_audit.c.seq, _audit.c.at, _audit.c.hash).order_by(_audit.c.seq.desc()).limit(1)
    ).one_or_none()
    if last is None:
        return
    at = last.at.replace(tzinfo=UTC) if last.at.tzinfo is None else last.at.astimezone(UTC)
    row: dict[str, Any] = {
        "seq": last.seq + 1,
        "at": at,
        "actor": "ocop",
        "origin": "db upgrade",
        "acting_for": None,
        "action": "audit.seal",
        "subject": "audit",
        "before": None,
        "after": {"entries": last.seq, "head": last.hash},
        "transition_id": None,
        "previous": last.hash,
    }
    plain = [value.isoformat() if name == "at" else value for name, value in row.items()]
    said = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    row["hash"] = hashlib.sha256(said.encode()).hexdigest()
    row["at"] = at.replace(tzinfo=None) if connection.dialect.name == "sqlite" else at
    named = {name: row[name] for name in _audit.c.keys()}  # noqa: SIM118 - a collection of columns, no dict
    connection.execute(sa.insert(_audit).values(**named))
