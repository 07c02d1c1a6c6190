"""The councils' rules: sheets say what was signed, results are what the sheets come to."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from ocop_workflow.councils import session_queries as sessions
from ocop_workflow.councils.scoring.results import results_of
from ocop_workflow.errors import Text
from ocop_workflow.regulations.councils.documents import FiledDocument
from ocop_workflow.regulations.councils.signing import SignedSheet, checksum_of
from ocop_workflow.regulations.councils.words import sheet_named
from ocop_workflow.upkeep.examination import council_queries
from ocop_workflow.upkeep.examination.findings import RESTORE, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.upkeep.examination.council_queries import IssuedFact
    from ocop_workflow.upkeep.examination.snapshot import Snapshot


def sheets_say_what_was_signed(snapshot: Snapshot) -> Iterator[Finding]:
    """40. Every signed sheet has the checksum that it had when it was signed."""
    for fact, said in council_queries.signed_sheets(snapshot.tx):
        sheet = sheet_named(fact.product_set, fact.regulation)
        signed = SignedSheet(fact.session, fact.product, sheet, fact.member, fact.round)
        if fact.sha256 != checksum_of(signed, said):
            text = Text(
                f"Phiếu đã ký của {fact.member} cho {fact.product} (phiên {fact.session}, vòng {fact.round}) "
                "không còn như lúc ký.",
                f"The signed sheet of {fact.member} for {fact.product} (session {fact.session}, round "
                f"{fact.round}) is not what was signed.",
            )
            yield Finding("score_sheets", str(fact.id), text, RESTORE)


def documents_bear_their_numbers(snapshot: Snapshot) -> Iterator[Finding]:
    """42. Every issued document counts where its number and day say, a decision as its session has it."""
    for item in council_queries.issued_documents(snapshot.tx):
        begins = re.match(r"0*([0-9]+)", item.number)
        wrong = begins is None or int(begins[1]) != item.serial or item.issued_on.year != item.year
        other = item.kind is FiledDocument.DECISION and (
            item.decided_on is not None and item.decided_on != item.issued_on
        )
        if wrong or other:
            vi, en = _whose(item)
            text = Text(
                f"Văn bản {item.id} ({vi}) ghi số {item.number}, ngày {item.issued_on} không khớp sổ hoặc "
                "quyết định của phiên.",
                f"Document {item.id} ({en}) has number {item.number} of {item.issued_on}: not where its "
                "series counts it, or not as the session has its decision.",
            )
            yield Finding("documents", str(item.id), text, RESTORE)
        of_a_span = None not in (item.unit_id, item.since, item.until)
        owners = (item.session_id is not None, item.transition_id is not None, of_a_span)
        if sum(owners) != 1 or (item.kind is FiledDocument.EXPIRY_NOTICE) != of_a_span:
            text = Text(
                f"Văn bản {item.id} phải thuộc một phiên họp, một bước của sản phẩm, hay một khoảng ngày của "
                "một địa phương, và chỉ một.",
                f"Document {item.id} has to be of one session, of one step of a product, or of one unit's "
                "span of days.",
            )
            yield Finding("documents", str(item.id), text, RESTORE)


def _whose(item: IssuedFact) -> tuple[str, str]:
    if item.session_id is not None:
        return f"phiên {item.session_id}", f"session {item.session_id}"
    if item.since is not None:
        return f"địa phương {item.unit_id}", f"unit {item.unit_id}"
    return f"bước {item.transition_id}", f"step {item.transition_id}"


def results_are_what_sheets_come_to(snapshot: Snapshot) -> Iterator[Finding]:
    """41. Every confirmed result is a step that stands, with the totals of its sheets."""
    counted: dict[tuple[int, str], list[Fraction]] = {}
    confirmed = council_queries.confirmed_results(snapshot.tx)
    for number in {item.session for item in confirmed}:
        session = sessions.session_by_id(snapshot.tx, number)
        for found in results_of(snapshot.tx, session) if session else ():
            if found.result:
                counted[number, found.listed.code] = sorted(found.result.outcome.totals)
    for item in confirmed:
        totals = sorted(map(Fraction, (item.data or {}).get("sheets", ())))
        if item.data is None or totals != counted.get((item.session, item.product)):
            text = Text(
                f"Kết quả của {item.product} ở phiên {item.session} không khớp điểm đã ghi hoặc phiếu đã ký.",
                f"The result of {item.product} in session {item.session} is not the score on record, or not "
                "what its sheets come to.",
            )
            yield Finding("session_products", f"{item.session}/{item.product}", text, RESTORE)
