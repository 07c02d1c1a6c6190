"""Whatever stands in the database is words on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import String

from ocop_workflow.products.papers.attaching import attach_file
from ocop_workflow.products.papers.handing_in import hand_in
from ocop_workflow.products.papers.keeping import NewPaper, add_paper
from ocop_workflow.products.papers.links import make_upload_link
from ocop_workflow.store.tables import metadata
from ocop_workflow.sweep.daily import sweep
from tests.factories import LAN, SEED, SENDER, act, write
from tests.files.samples import PDF
from tests.web.cast import application_on
from tests.web.console.test_doors import GETS, address

if TYPE_CHECKING:
    from collections.abc import Callable

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
    "papers": ("name", "number", "issuer", "shelf"),
    "paper_files": ("name",),
    "handed_in": ("name", "kind", "returned_because"),
    "upload_links": ("made_by",),
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
    with seeded.write() as tx:
        paper = NewPaper("registration")
        number = add_paper(tx, "DP24-002", paper, actor=LAN, today=clock.today(), now=clock.now()).id
        store = application_on(seeded, clock).files
        with store.upload() as upload:
            upload.add(PDF)
            kept = store.keep(upload, "a.pdf")
        attach_file(tx, "DP24-002", number, kept, actor=LAN, now=clock.now())
        link, _ = make_upload_link(tx, "DP24-002", None, actor=LAN, today=clock.today(), now=clock.now())
        hand_in(tx, link, "other", kept, origin="here", today=clock.today(), now=clock.now())
    sweep(seeded, clock, SENDER)
    people = {login: visitor(login) for login in ("lan", "minh", "quan")}
    for table, columns in WRITTEN.items():
        for column in columns:
            length = getattr(metadata.tables[table].c[column].type, "length", None) or 200
            write(seeded, f"UPDATE {table} SET {column} = :words", words=PAYLOAD[:length])
    shown = 0
    for somebody in people.values():
        for path in (*GETS, f"/search?q={PAYLOAD}", "/products/DP24-007", f"/year?plan={SEED}", f"/u/{link}"):
            page = somebody.open(address(path))
            if not page.response.headers["content-type"].startswith("text/html"):
                continue
            assert page.status < 500, path
            for live in ("<img src=x", "<script", "onerror=alert(1)>", "49</"):
                assert live not in page.html, (path, live)
            shown += "&lt;img src=x" in page.html
    assert shown > 20  # it was there to be seen
