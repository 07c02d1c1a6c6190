"""An approval without a session: QĐ 26 has a province sign it before a dossier goes to the centre."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.documents.clerk import Issue
from ocop_workflow.documents.outside.drafting import draft_of_product, list_product_documents
from ocop_workflow.documents.outside.filing import OutsideOrder, file_outside, find_filed
from ocop_workflow.documents.outside.kinds import OutsideDocument
from ocop_workflow.documents.record import Surroundings
from ocop_workflow.errors import Conflict, InvalidInput
from ocop_workflow.files import FileKind, KeptFile
from tests.documents.nd30 import faults_of
from tests.documents.reading import Read
from tests.factories import rows
from tests.fakes import VIETNAM
from tests.stories.cast import HOST
from tests.stories.journeys import EXAMPLE, candidate, import_rows, load_text, step

if TYPE_CHECKING:
    from ocop_workflow.documents.outside.views import OutsideLineView
    from ocop_workflow.documents.views import IssuedView
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

ONE = "VD26-001"
NEAR = Surroundings(VIETNAM)
SIGNED = KeptFile("qd-phe-duyet.pdf", 9, "ab" * 32, FileKind.PDF)
CHAIR = "Chủ tịch UBND tỉnh"
DECISION = ("1235/QĐ-UBND", date(2026, 10, 5))
TEXT = Path(__file__).parent / "texts" / "outside-approval.txt"
APPROVAL = OutsideOrder(OutsideDocument.APPROVAL, product=ONE)


@pytest.fixture
def sent_up(database: Database, clock: FixedClock) -> Database:
    """A product of a province with 92 points, typed from the council's minutes, sent to the centre."""
    clock.move_to(date(2026, 6, 1))
    load_text(database, clock, shipped_plan_text(EXAMPLE))
    import_rows(database, clock, EXAMPLE, candidate(1, "Xã An Bình", "Mật ong rừng"))
    step(database, clock, ONE, "register", date(2026, 6, 2), received_on="2026-06-01")
    step(database, clock, ONE, "select", date(2026, 6, 5))
    step(database, clock, ONE, "start_consulting", date(2026, 6, 10))
    step(database, clock, ONE, "commune_evaluate", date(2026, 9, 10))
    step(database, clock, ONE, "score_province", date(2026, 10, 1), mean="92")
    step(database, clock, ONE, "escalate", date(2026, 10, 5))
    clock.move_to(date(2026, 10, 8))
    return database


def line(database: Database, clock: FixedClock) -> OutsideLineView:
    with database.read() as tx:
        found = list_product_documents(tx, ONE, HOST, clock.today(), "en")
    return next(one for one in found.documents if one.kind is OutsideDocument.APPROVAL)


def file(database: Database, clock: FixedClock, number: str, on: date) -> IssuedView:
    with database.write() as tx:
        return file_outside(
            tx,
            APPROVAL,
            Issue(number, on, CHAIR),
            SIGNED,
            actor=HOST,
            around=NEAR,
            today=clock.today(),
            now=clock.now(),
            language="en",
        )


def draft(database: Database, clock: FixedClock) -> bytes:
    kind = OutsideDocument.APPROVAL
    with database.read() as tx:
        drafted = draft_of_product(tx, ONE, kind, actor=HOST, around=NEAR, today=clock.today())
    return drafted.written().content


def test_it_is_drafted_with_the_number_and_day_on_record(sent_up: Database, clock: FixedClock) -> None:
    content = draft(sent_up, clock)
    assert Read(content).text == TEXT.read_text("utf-8").rstrip("\n")
    assert faults_of(content, signs=("CHỦ TỊCH",)) == []
    assert content == draft(sent_up, clock)


def test_it_is_filed_under_that_number_and_not_made_again(sent_up: Database, clock: FixedClock) -> None:
    before = line(sent_up, clock)
    assert (before.ready, before.lacks, before.signs, before.doubt) == (True, (), ("CHỦ TỊCH",), None)
    assert (before.proposed, before.decided_on) == DECISION
    done = file(sent_up, clock, *DECISION)
    assert (done.kind, done.number, done.issued_on, done.signer, done.told) == (
        "approval",
        *DECISION,
        CHAIR,
        (),
    )
    after = line(sent_up, clock)
    assert (after.ready, after.proposed, after.issued) == (False, None, done)
    with sent_up.read() as tx:
        found = find_filed(tx, APPROVAL, HOST, clock.today())
    assert (found.sha256, found.session_id) == (SIGNED.sha256, None)
    escalated = "SELECT event FROM transitions WHERE id = :id"
    assert rows(sent_up, escalated, id=found.transition_id) == [("escalate",)]
    with pytest.raises(Conflict, match="was issued as 1235/QĐ-UBND on 2026-10-05: take the signed one"):
        draft(sent_up, clock)


@pytest.mark.parametrize(
    ("number", "on", "detail"),
    [
        ("2800/QĐ-UBND", DECISION[1], "is 2800/QĐ-UBND, on record is 1235/QĐ-UBND"),
        (DECISION[0], date(2026, 10, 6), "is 2026-10-06, on record is 2026-10-05"),
    ],
)
def test_another_number_or_day_is_not_filed(
    sent_up: Database, clock: FixedClock, number: str, on: date, detail: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        file(sent_up, clock, number, on)
    assert [fault.text.en for fault in caught.value.faults] == [detail]
    assert line(sent_up, clock).issued is None
