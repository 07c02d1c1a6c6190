"""Whatever stands in the database is words on a page; a page asks as often for few as for many."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import String, event

from ocop_workflow.store.tables import metadata
from ocop_workflow.sweep.daily import sweep
from tests.factories import SEED, SENDER, act, write
from tests.web.console.test_doors import GETS, address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock
    from tests.web.console.visitor import Visitor

PAYLOAD = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}"
#: what people write, by table; the other columns hold words of ours, codes and checksums
WRITTEN = {
    "products": ("name",),
    "producers": ("name", "representative"),
    "units": ("name", "office"),
    "officers": ("name",),
    "plans": ("title",),
    "questions": ("vi", "en", "answer", "answered_by"),
    "transitions": ("note", "actor", "unit"),
    "outbox": ("subject", "relay_reply", "last_error"),
    "contacts": ("address",),
    "sessions": ("agent", "origin"),
    "tokens": ("label",),
    "certificates": ("number", "signer"),
    "extensions": ("reason", "decision_number", "granted_by"),
    "sign_in_links": ("made_by",),
    "staged_lists": ("file_name",),
}


def test_every_named_column_is_one_of_text() -> None:
    for table, columns in WRITTEN.items():
        for column in columns:
            assert isinstance(metadata.tables[table].c[column].type, String), (table, column)


def test_a_payload_in_every_text_is_inert_on_every_page(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    act(seeded, clock, "DP24-002", "register")
    act(seeded, clock, "DP24-007", "withdraw")
    sweep(seeded, clock, SENDER)
    people = {login: visitor(login) for login in ("lan", "minh", "quan")}
    for table, columns in WRITTEN.items():
        for column in columns:
            length = getattr(metadata.tables[table].c[column].type, "length", None) or 200
            write(seeded, f"UPDATE {table} SET {column} = :words", words=PAYLOAD[:length])
    shown = 0
    for somebody in people.values():
        for path in (*GETS, f"/search?q={PAYLOAD}", "/products/DP24-007", f"/year?plan={SEED}"):
            page = somebody.open(address(path))
            if not page.response.headers["content-type"].startswith("text/html"):
                continue
            assert page.status < 500, path
            for live in ("<img src=x", "<script", "onerror=alert(1)>", "49</"):
                assert live not in page.html, (path, live)
            shown += "&lt;img src=x" in page.html
    assert shown > 20  # it was there to be seen


@contextmanager
def counting(database: Database) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(database.engine, "before_cursor_execute", note)


def test_a_page_asks_as_often_for_many_products_as_for_few(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    """No page asks once more for each product that it shows."""
    clock.move_to(date(2024, 5, 2))
    sweep(seeded, clock, SENDER)
    minh = visitor("minh")
    for path in ("/", "/products", "/products/board", "/products.csv", "/letters", "/search?q=kho", "/year"):
        counts = []
        for _ in range(2):  # the first look reads the plan
            with counting(seeded) as asked:
                minh.open(path)
            few = len(asked)
        counts.append(few)
        _many(seeded)
        with counting(seeded) as asked:
            minh.open(path)
        counts.append(len(asked))
        write(seeded, "DELETE FROM products WHERE code LIKE 'DP24-9%'")
        assert counts[0] == counts[1], path


def _many(database: Database) -> None:
    columns = ", ".join(
        column.name for column in metadata.tables["products"].c if column.name not in ("id", "code")
    )
    for number in range(60):
        write(
            database,
            f"INSERT INTO products (code, {columns}) "
            f"SELECT 'DP24-9{number:02}', {columns} FROM products WHERE code = 'DP24-002'",
        )
