"""Whatever stands in the database is words on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import String

from ocop_workflow.products.forms.keeping import save_form
from ocop_workflow.products.forms.revenues import YearRevenue, save_revenue
from ocop_workflow.products.papers.attaching import attach_file
from ocop_workflow.products.papers.handing_in import hand_in
from ocop_workflow.products.papers.keeping import NewPaper, add_paper
from ocop_workflow.products.papers.links import make_upload_link
from ocop_workflow.store.tables import metadata
from ocop_workflow.sweep.daily import sweep
from tests.councils.stage import opened, parts
from tests.factories import LAN, SEED, SENDER, act, write
from tests.files.samples import PDF
from tests.web.cast import application_on
from tests.web.console.test_doors import GETS, address

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Connection, Database
    from tests.fakes import FixedClock
    from tests.web.console.visitor import Visitor

PAYLOAD = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}"
#: pages that are alike by their address, and differ in what they show
MORE = tuple(f"/products/DP24-002/forms/mau-0{path}" for path in ("1", "3", "1/print", "3/print"))
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
    "councils": ("name", "decision_number"),
    "council_members": ("position",),
    "council_sessions": ("name", "place"),
    "session_attendance": ("reason",),
    "session_conflicts": ("reason",),
    "session_products": ("again_because", "chair_note", "advice", "out_because"),
    "revenues": ("source", "saved_by"),
    "form_answers": ("saved_by",),
    "paper_files": ("name",),
    "handed_in": ("name", "kind", "returned_because"),
    "upload_links": ("made_by",),
}


def test_every_named_column_is_one_of_text() -> None:
    for table, columns in WRITTEN.items():
        for column in columns:
            assert isinstance(metadata.tables[table].c[column].type, String), (table, column)


def _fill_in(tx: Connection, clock: FixedClock) -> None:
    """Write the payload into the forms of a dossier: in lines, in texts, as evidence, as an opinion."""
    day: dict[str, Any] = {"today": clock.today(), "now": clock.now(), "actor": LAN}
    opinion = {"who": PAYLOAD, "on": "2024-04-22", "text": PAYLOAD}
    save_form(tx, "DP24-002", "mau-01", {"s2_1": PAYLOAD, "s4_1": "II.2.b"}, tags=None, **day)
    told = {"s1_15": PAYLOAD, "s1_6_3": PAYLOAD, "s3_2": {"1.1": PAYLOAD}}
    save_form(tx, "DP24-002", "mau-02", told, tags=None, **day)
    save_form(tx, "DP24-002", "mau-03", {"x_opinions": [opinion]}, tags=None, **day)
    save_revenue(tx, "DP24-002", YearRevenue(2023, 1, None, PAYLOAD), **day)


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
        _fill_in(tx, clock)
    sweep(seeded, clock, SENDER)
    stage = opened(seeded, clock, "DP24-005")
    stage.conflict("m2", "DP24-005", by="secretary")
    stage.score("m1", "DP24-005", {**parts("70"), "opinion": PAYLOAD})
    stage.close("DP24-005")
    council = ("/councils/1", "/sessions", "/sessions/1", "/sessions/1/products/DP24-005")
    people = {login: visitor(login) for login in ("lan", "minh", "quan", "secretary")}
    for table, columns in WRITTEN.items():
        for column in columns:
            length = getattr(metadata.tables[table].c[column].type, "length", None) or 200
            write(seeded, f"UPDATE {table} SET {column} = :words", words=PAYLOAD[:length])
    shown = 0
    for somebody in people.values():
        for path in (
            *GETS,
            *MORE,
            *council,
            f"/search?q={PAYLOAD}",
            "/products/DP24-007",
            f"/year?plan={SEED}",
            f"/u/{link}",
        ):
            page = somebody.open(address(path))
            if not page.response.headers["content-type"].startswith("text/html"):
                continue
            assert page.status < 500, path
            for live in ("<img src=x", "<script", "onerror=alert(1)>", "49</"):
                assert live not in page.html, (path, live)
            shown += "&lt;img src=x" in page.html
    assert shown > 20  # it was there to be seen
