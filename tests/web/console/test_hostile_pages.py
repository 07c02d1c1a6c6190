"""Whatever stands in the database is words on a page."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from sqlalchemy import Enum, String

from ocop_workflow.documents.clerk import Issue
from ocop_workflow.documents.drafting import DocumentOrder
from ocop_workflow.documents.issuing import issue_document
from ocop_workflow.documents.record import Surroundings
from ocop_workflow.monitoring.reading import read_visit
from ocop_workflow.monitoring.visiting import do_follow_up, record_visit
from ocop_workflow.products.forms.keeping import save_form
from ocop_workflow.products.forms.revenues import YearRevenue, save_revenue
from ocop_workflow.products.papers.attaching import attach_file
from ocop_workflow.products.papers.handing_in import hand_in
from ocop_workflow.products.papers.keeping import NewPaper, add_paper
from ocop_workflow.products.papers.links import make_upload_link
from ocop_workflow.products.settling.entering import Entering, enter_certificate
from ocop_workflow.regulations.councils.documents import SessionDocument
from ocop_workflow.store.tables import metadata
from ocop_workflow.sweep.daily import sweep
from tests.councils.stage import opened, parts
from tests.factories import LAN, MINH, SEED, SENDER, act, rows, write
from tests.fakes import VIETNAM
from tests.files.samples import PDF
from tests.web.cast import application_on
from tests.web.console.test_doors import GETS, address

if TYPE_CHECKING:
    from collections.abc import Callable

    from ocop_workflow.store import Connection, Database
    from tests.fakes import FixedClock
    from tests.web.console.visitor import Visitor

PAST = {
    "unit": "pho-an",
    "product": "Mắm cái",
    "producer": "HTX Nhà Nông",
    "evidence": "A",
    "issuer": "UBND thị xã Đức Phổ",
    "signer": "Chủ tịch UBND thị xã",
    "source": "https://duc-pho.example/qd-77",
    "certificate": {
        "star": 3,
        "number": "77/QĐ-UBND",
        "decided_on": "2022-06-01",
        "valid_until": "2025-06-01",
    },
}
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
    "certificates": (
        *("product", "producer", "commune", "province", "number", "signer", "issuer", "source"),
        *("ended_by", "settled_by", "settled_for"),
    ),
    "extensions": ("reason", "decision_number", "granted_by", "revoked_by"),
    "sign_in_links": ("made_by",),
    "staged_lists": ("file_name",),
    "certificate_corrections": ("reason", "by"),
    "register_answers": ("question", "answer", "by", "revoked_by"),
    "papers": (
        *("name", "number", "issuer", "shelf", "recorded_by", "withdrawn_by"),
        "withdrawn_because",
    ),
    "councils": ("name", "decision_number", "founded_by"),
    "council_members": ("position",),
    "council_sessions": ("name", "place", "drafted_by", "decision_number", "signer"),
    "session_attendance": ("reason", "noted_by"),
    "session_conflicts": ("reason", "declared_by"),
    "session_products": ("again_because", "chair_note", "advice", "out_because", "noted_by"),
    "session_opinions": ("reason",),
    "paper_entries": ("shelf",),
    "documents": (
        "title",
        "series",
        "number",
        "signer",
        "name",
        "filed_by",
        "taken_back_by",
        "taken_back_because",
    ),
    "dossiers": ("official_code",),
    "declared_changes": ("heading", "change", "saved_by"),
    "revenues": ("source", "saved_by"),
    "form_answers": ("saved_by",),
    "paper_files": ("name", "added_by", "removed_by", "removed_because"),
    "handed_in": ("name", "kind", "settled_by", "returned_because"),
    "upload_links": ("made_by", "revoked_by"),
    "imports": ("file_name", "actor"),
    "occurrences": ("recorded_by", "undone_by", "undone_because"),
    "visits": (
        *("visitors", "place", "conclusion", "recorded_by", "withdrawn_by"),
        "withdrawn_because",
    ),
    "visit_findings": ("what", "follow_up", "done_note", "done_by"),
    "flags": ("acknowledged_by",),
    "grants": ("granted_by",),
    "relay": ("last_fault",),
}
#: what nobody types in: ids, codes and words of ours, checksums, keys for finding, a file read already
OURS = {
    "attempts": ("key",),
    "audit": ("actor", "origin", "acting_for", "action", "subject", "previous", "hash"),  # a chain: no change
    "certificates": ("regulation", "ended_because", "token", "search_key", "product_group"),
    "register_answers": ("key",),
    "staged_lists": ("evidence",),
    "compiled_plans": ("sha256", "content"),
    "contacts": ("mark", "salt"),
    "deadlines": ("rule", "closed_because"),
    "documents": ("draft_sha256", "sha256", "media_type"),
    "dossiers": ("regulation", "score_mean"),
    "extensions": ("rule",),
    "form_answers": ("form",),
    "form_values": ("field",),
    "handed_in": ("sha256", "media_type"),
    "imported_rows": ("key",),
    "imports": ("sha256",),
    "installation": ("uid",),
    "occurrences": ("event",),
    "officers": ("login", "password", "code_secret", "created_by"),
    "outbox": ("key", "address", "domain", "message_id", "sha256"),
    "paper_files": ("sha256", "media_type"),
    "papers": ("kind",),
    "plan_versions": ("sha256", "text", "loaded_by", "replaced_by"),
    "plans": ("slug", "code", "regulation", "sha256", "text", "loaded_by"),
    "producers": ("search_key", "registration"),
    "products": ("code", "search_key", "sort_key", "regulation", "target", "product_group"),
    "recognised_rows": ("key",),
    "recovery_codes": ("sha256",),
    "reminders": ("reason",),
    "replies": ("key", "request", "body"),
    "restarts": ("state",),
    "score_sheets": ("sha256",),
    "session_products": ("regulation",),
    "sessions": ("sha256",),
    "sheet_entries": ("place",),
    "sign_in_links": ("sha256",),
    "tokens": ("prefix", "sha256", "created_by"),
    "transitions": ("regulation",),
    "unit_codes": ("code",),
    "units": ("slug", "search_key", "sort_key"),
    "upload_links": ("sha256",),
    "visit_findings": ("criterion",),
}


def test_every_named_column_is_one_of_text() -> None:
    for table, columns in WRITTEN.items():
        for column in columns:
            assert isinstance(metadata.tables[table].c[column].type, String), (table, column)


def test_every_column_of_text_is_told_of_whoever_writes_it() -> None:
    """A new one has to be named: in `WRITTEN`, or in `OURS` with what it holds."""
    told = {(table, column) for of in (WRITTEN, OURS) for table, columns in of.items() for column in columns}
    assert told == {
        (name, column.name)
        for name, table in metadata.tables.items()
        for column in table.c
        if isinstance(column.type, String) and not isinstance(column.type, Enum)
    }


def _fill_in(tx: Connection, clock: FixedClock) -> None:
    """Write the payload into the forms of a dossier: in lines, in texts, as evidence, as an opinion."""
    day: dict[str, Any] = {"today": clock.today(), "now": clock.now(), "actor": LAN}
    opinion = {"who": PAYLOAD, "on": "2024-04-22", "text": PAYLOAD}
    save_form(tx, "DP24-002", "mau-01", {"s2_1": PAYLOAD, "s4_1": "II.2.b"}, tags=None, **day)
    told = {"s1_15": PAYLOAD, "s1_6_3": PAYLOAD, "s3_2": {"1.1": PAYLOAD}}
    save_form(tx, "DP24-002", "mau-02", told, tags=None, **day)
    save_form(tx, "DP24-002", "mau-03", {"x_opinions": [opinion]}, tags=None, **day)
    save_revenue(tx, "DP24-002", YearRevenue(2023, 1, None, PAYLOAD), **day)


def _visit(tx: Connection, clock: FixedClock, code: str) -> None:
    """Let somebody have been at a certified product, with something to be done after it."""
    asked = {"what": "x", "result": "not_met", "follow_up": "x", "due_on": clock.today()}
    said = {"visited_on": clock.today(), "visitors": "x", "conclusion": "x", "findings": [asked, asked]}
    around: dict[str, Any] = {"actor": MINH, "today": clock.today(), "now": clock.now()}
    record_visit(tx, code, read_visit(said), **around)
    do_follow_up(tx, 2, done_on=clock.today(), note="x", **around)


@pytest.mark.ordeal
def test_a_payload_in_every_text_is_inert_on_every_page(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock
) -> None:
    act(seeded, clock, "DP24-002", "register")
    act(seeded, clock, "DP24-007", "withdraw", {"reason": PAYLOAD})
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
        entered = enter_certificate(tx, Entering(MINH, PAST, clock.today(), clock.now()), "vi")
        _visit(tx, clock, code := str(entered.product))
    sweep(seeded, clock, SENDER)
    stage = opened(seeded, clock, "DP24-005")
    stage.conflict("m2", "DP24-005", by="secretary")
    stage.score("m1", "DP24-005", {**parts("70"), "opinion": PAYLOAD})
    stage.close("DP24-005")
    with seeded.write() as tx:
        issue_document(
            tx,
            1,
            DocumentOrder(SessionDocument.MINUTES),
            Issue("07/BB-HĐOCOP", clock.today(), "Chủ tịch Hội đồng"),
            kept,
            actor=MINH,
            around=Surroundings(VIETNAM),
            today=clock.today(),
            now=clock.now(),
        )
    ((public,),) = rows(seeded, "SELECT token FROM certificates")
    council = (
        *("/councils/1", "/sessions", "/sessions/1", "/sessions/1/products/DP24-005"),
        *("/sessions/1/documents", f"/c/{public}", "/certificates?status=valid"),
    )
    people = {login: visitor(login) for login in ("lan", "minh", "quan", "secretary")}
    for table, columns in WRITTEN.items():
        for column in columns:
            length = getattr(metadata.tables[table].c[column].type, "length", None) or 200
            write(seeded, f"UPDATE {table} SET {column} = :words", words=PAYLOAD[:length])
    settled = dict.fromkeys(("paper_number", "signer", "reason", "note"), PAYLOAD)
    write(seeded, "UPDATE certificates SET settled_paper = :words", words=json.dumps(settled))
    shown = 0
    for somebody in people.values():
        for path in (
            *GETS,
            *MORE,
            *council,
            f"/search?q={PAYLOAD}",
            "/products/DP24-007",
            *(f"/products/{code}", f"/products/{code}/visits", f"/products/{code}/visits/new"),
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


@pytest.mark.parametrize("lead", ["=1+1", "+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1"])
def test_no_text_of_a_list_steers_the_program_that_opens_it(
    visitor: Callable[[str], Visitor], seeded: Database, clock: FixedClock, lead: str
) -> None:
    with seeded.write() as tx:
        enter_certificate(tx, Entering(MINH, PAST, clock.today(), clock.now()), "vi")
    minh = visitor("minh")
    for table in ("products", "producers", "units", "certificates"):
        for column in WRITTEN[table]:
            write(seeded, f"UPDATE {table} SET {column} = :words", words=lead)
    for path in ("/products", "/certificates"):
        table = minh.client.get(f"{path}.csv").content.decode("utf-8-sig")
        cells = [cell for line in csv.reader(io.StringIO(table, newline="")) for cell in line]
        assert f"'{lead}" in cells, path
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))], path
        book = openpyxl.load_workbook(io.BytesIO(minh.client.get(f"{path}.xlsx").content))
        assert {cell.data_type for line in book.active.iter_rows() for cell in line} <= {"s", "n", "d"}, path  # type: ignore[union-attr]  # it has a sheet
