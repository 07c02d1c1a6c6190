"""A database that has been lived in: a year in which everything has happened that can happen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.councils.sittings import NewSession, draft_session
from ocop_workflow.letters.delivery import LEASE, deliver_pending
from ocop_workflow.letters.outbox import resend
from ocop_workflow.letters.queries import claim_next
from ocop_workflow.notifications import PermanentDeliveryError, RetryPolicy, TemporaryDeliveryError
from ocop_workflow.products.occurrences import Happening, record_occurrence, undo_occurrence
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.regulations.rubrics import CouncilRules
from ocop_workflow.sweep.activities import finish_activity
from ocop_workflow.sweep.daily import sweep
from tests.changes.amending import SEED_TEXT, change, deliver, extend, revoke
from tests.councils.stage import MEMBERS, Stage, appoint_council, parts, seat_council
from tests.factories import LAN, MINH, SENDER, load_seed, rows
from tests.fakes import RecordingMailer
from tests.stories.days import acknowledge, run
from tests.stories.journeys import EXAMPLE, candidate, import_rows, load_text, next_plan, step

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

LAST_DAY = date(2024, 12, 17)

#: codes by what becomes of them
RE_RATED, ESCALATED, DECLINED, RESUBMITTED = "DP24-001", "DP24-002", "DP24-003", "DP24-004"
SENT_BACK, LATE, SILENT, EVALUATED, SELECTED = "DP24-005", "DP24-006", "DP24-007", "DP24-008", "DP24-009"
UNDONE = "DP24-010"
IN_2026 = "VD26-001"
OWN_EVENT = '\n[[events]]\nid = "approved"\nname = "Kế hoạch kinh doanh được duyệt"\nof = "product"\n'

_SPRING: tuple[tuple[str, tuple[str, ...], date], ...] = (
    (
        "register",
        (RE_RATED, ESCALATED, DECLINED, RESUBMITTED, SENT_BACK, EVALUATED, SELECTED),
        date(2024, 4, 25),
    ),
    ("register", (LATE,), date(2024, 5, 3)),
    ("decline", (DECLINED,), date(2024, 5, 20)),
    ("select", (RE_RATED, ESCALATED, SENT_BACK, EVALUATED), date(2024, 5, 20)),
    ("start_consulting", (RE_RATED, ESCALATED, SENT_BACK, EVALUATED), date(2024, 6, 10)),
    ("commune_evaluate", (RE_RATED, ESCALATED, SENT_BACK, EVALUATED), date(2024, 10, 1)),
    ("send_back", (SENT_BACK,), date(2024, 10, 2)),
    ("score_district", (RE_RATED,), date(2024, 11, 20)),
)


def live(database: Database, clock: FixedClock) -> None:
    """Live through the year 2024, until six in the morning of Tuesday 17/12 and a little longer."""
    load_seed(database, clock)
    load_text(database, clock, next_plan())
    run(database, clock, "2024-04-23")
    for event, codes, on in _SPRING:
        for code in codes:
            step(database, clock, code, event, on)
        run(database, clock, (on + timedelta(days=1)).isoformat())
    _autumn(database, clock)
    _last_days(database, clock)


def _autumn(database: Database, clock: FixedClock) -> None:
    acknowledge(database, clock, SILENT)
    with database.write() as tx:
        finish_activity(
            tx, MINH, "training", plan="duc-pho-2024", on=None, today=clock.today(), now=clock.now()
        )
    _change_dates(database, clock)
    step(database, clock, ESCALATED, "score_district", date(2024, 11, 22), mean="75")
    step(database, clock, ESCALATED, "escalate", date(2024, 11, 25))
    step(database, clock, RE_RATED, "certify", date(2024, 11, 26))
    step(database, clock, UNDONE, "register", date(2024, 11, 27))
    step(database, clock, UNDONE, "select", date(2024, 11, 28))
    run(database, clock, "2024-12-02")
    _undo(database, clock)
    step(database, clock, RE_RATED, "begin_monitoring", date(2024, 12, 2))
    step(database, clock, RE_RATED, "open_re_rating", date(2024, 12, 10), received_on="2024-12-10")
    step(database, clock, RE_RATED, "commune_evaluate", date(2024, 12, 11))
    _sit(database, clock)
    renewed = {"decision_number": "99/QĐ-UBND", "decision_date": "2024-12-13"}
    step(database, clock, RE_RATED, "certify", date(2024, 12, 13), **renewed)
    step(database, clock, ESCALATED, "score_province", date(2024, 12, 13))
    step(database, clock, RESUBMITTED, "withdraw", date(2024, 12, 13))
    step(database, clock, RESUBMITTED, "resubmit", date(2024, 12, 15))
    load_text(database, clock, shipped_plan_text(EXAMPLE) + OWN_EVENT)
    import_rows(database, clock, EXAMPLE, candidate(1, "Xã An Bình", "Mật ong rừng"))
    step(database, clock, IN_2026, "register", date(2024, 12, 15))
    _happen(database, clock)


def _happen(database: Database, clock: FixedClock) -> None:
    """An event of a product's own is recorded, taken back, and recorded again."""
    given = Happening(IN_2026, "approved", LAN)
    with database.write() as tx:
        record_occurrence(tx, given, date(2024, 12, 15), today=clock.today(), now=clock.now())
        undo_occurrence(tx, given, "ghi nhầm sản phẩm", today=clock.today(), now=clock.now())
        record_occurrence(tx, given, date(2024, 12, 15), today=clock.today(), now=clock.now())


def _change_dates(database: Database, clock: FixedClock) -> None:
    """The plan comes to say another day after people were told; two products get more time, one for good."""
    run(database, clock, "2024-11-15")
    clock.move_to(date(2024, 11, 18))
    change(database, clock, SEED_TEXT.replace("{ by = 2024-11-30 }", "{ by = 2024-12-05 }"))
    deliver(database, clock)
    clock.move_to(date(2024, 11, 18), hour=7)
    extend(database, clock, EVALUATED, to="2024-12-20", milestone="outcome", decided="2024-11-15")
    deliver(database, clock)
    clock.move_to(date(2024, 11, 18), hour=8)
    number = extend(database, clock, SENT_BACK, to="2024-12-20", milestone="outcome", decided="2024-11-15").id
    deliver(database, clock)
    clock.move_to(date(2024, 11, 19))
    revoke(database, clock, number)
    deliver(database, clock)


def _sit(database: Database, clock: FixedClock) -> None:
    """Let the town's council meet on 12/12 and give the re-rated product 66.5 points."""
    clock.move_to(date(2024, 12, 10))
    appoint_council(database, clock)
    rules = CouncilRules(source="Quy chế", quorum="1", notice_days=0)
    council = seat_council(database, clock, rules=rules)
    clock.move_to(date(2024, 12, 12))
    with database.write() as tx:
        session = NewSession(council, "Phiên tháng 12", date(2024, 12, 12))
        number = draft_session(tx, session, actor=MINH, now=clock.now())
    stage = Stage(database, clock, council, number)
    stage.list(RE_RATED)
    stage.send(date(2024, 12, 12))
    stage.call_over(*MEMBERS[1:])
    stage.open()
    stage.score("chair", RE_RATED, parts("66.5"))
    stage.close(RE_RATED)
    stage.confirm(RE_RATED)
    stage.end()


def _undo(database: Database, clock: FixedClock) -> None:
    """Take a selection back of which the commune has been told."""
    with database.write() as tx:
        order = UndoOrder(UNDONE, LAN, "ghi nhầm sản phẩm")
        undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    deliver_pending(database, RecordingMailer(), RetryPolicy(), clock, SENDER)


def _last_days(database: Database, clock: FixedClock) -> None:
    """A day without a relay, then one with a bad one: letters end in every state there is."""
    clock.move_to(date(2024, 12, 16))
    sweep(database, clock, SENDER)
    clock.move_to(LAST_DAY)
    sweep(database, clock, SENDER)
    mailer = RecordingMailer(
        [PermanentDeliveryError("550 no such user"), TemporaryDeliveryError("451 later")]
    )
    deliver_pending(database, mailer, RetryPolicy(), clock, SENDER)
    step(database, clock, LATE, "select", LAST_DAY)
    step(database, clock, SELECTED, "select", LAST_DAY)
    with database.write() as tx:
        claim_next(tx, clock.now(), LEASE)
    ((dead,),) = rows(database, "SELECT id FROM outbox WHERE state = 'dead'")
    with database.write() as tx:
        resend(tx, LAN, dead, SENDER, clock.now())
