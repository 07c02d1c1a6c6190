"""Walks that several tests of services begin with, and looks into the whole database."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.changes.loading import load_plan
from ocop_workflow.imports.importing import File, import_annex
from ocop_workflow.imports.reading.candidate import AnnexContent, Candidate, CrossColumn
from ocop_workflow.store.tables import metadata
from tests.factories import GOOD_DATA, MINH, SEED, act, in_time, rows

if TYPE_CHECKING:
    from ocop_workflow.changes.loading import LoadedPlan
    from ocop_workflow.imports.importing import ImportReport
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

NEXT = "duc-pho-next"
EXAMPLE = "example-2026"

CERTIFICATE = {"star": 3, "number": "77/QĐ-UBND", "decided_on": "2022-06-01", "valid_until": "2025-06-01"}
MORE_DATA: dict[str, dict[str, Any]] = {
    "score_province": {"session_date": "2024-12-10", "mean": "75"},
    "score_central": {"session_date": "2024-12-10", "mean": "95"},
    "open_re_rating": {"kind": "renewal", "plan": NEXT},
    "resubmit": {"plan": NEXT},
    "conclude": {
        "ground": "ngừng sản xuất",
        "conclusion_number": "3/KL-PKT",
        "conclusion_date": "2024-12-03",
        "conclusion_body": "Phòng Kinh tế",
        "conclusion": "chủ thể không còn sản xuất",
    },
    "dismiss": {"reason": "chủ thể đã sản xuất trở lại"},
    "confirm_complete": {"complete_on": "2027-06-18"},
    "decline_renewal": {"not_renewing": "cost", "reason": "lãi không đủ bù chi phí kiểm nghiệm"},
    "reconsider_renewal": {"reason": "có đơn vị bao tiêu"},
    "revoke": {
        "decision_number": "88/QĐ-UBND",
        "decision_date": "2024-12-03",
        "signer": "Chủ tịch UBND thị xã",
    },
}

#: a first dossier in the seed's year: event, the day on which it happens
FIRST_YEAR = (
    ("register", date(2024, 4, 25)),
    ("select", date(2024, 5, 20)),
    ("start_consulting", date(2024, 6, 10)),
    ("commune_evaluate", date(2024, 10, 1)),
    ("score_district", date(2024, 11, 20)),
    ("certify", date(2024, 11, 26)),
    ("begin_monitoring", date(2024, 12, 2)),
)


def step(database: Database, clock: FixedClock, code: str, event: str, on: date, **data: object) -> None:
    """Let the day come and the officer do one step, with good data but for those that are given."""
    clock.move_to(on)
    good = in_time({**GOOD_DATA.get(event, {}), **MORE_DATA.get(event, {})}, on)
    act(database, clock, code, event, {**good, **data})


def revoke(database: Database, clock: FixedClock, code: str, on: date, **concluded: object) -> None:
    """Let a conclusion be recorded and the decision follow on the same day."""
    step(database, clock, code, "conclude", on, **concluded)
    step(database, clock, code, "revoke", on)


def walk_to(database: Database, clock: FixedClock, code: str, last: str) -> None:
    """Walk the first year until the event `last` has happened."""
    for event, on in FIRST_YEAR:
        step(database, clock, code, event, on)
        if event == last:
            return


def load_text(database: Database, clock: FixedClock, text: str) -> LoadedPlan:
    with database.write() as tx:
        return load_plan(tx, text, actor="minh", today=clock.today(), now=clock.now())


def next_plan() -> str:
    """The seed's plan once more under another name, as a later plan of the same town."""
    text = shipped_plan_text(SEED)
    return text.replace(f'id = "{SEED}"', f'id = "{NEXT}"').replace('code = "DP24"', 'code = "DN24"')


def candidate(
    row: int, unit: str, name: str, target: CrossColumn = CrossColumn.THREE_STARS, key: str = ""
) -> Candidate:
    """One row of an annex that leaves nothing to ask."""
    return Candidate(
        row=row,
        number=str(row),
        unit_name=unit,
        name=name,
        producer="HTX Nhà Nông",
        representative="Nguyễn Văn A",
        address="Thôn 1",
        target=target,
        key=key or f"{unit}|{name}",
    )


def import_rows(database: Database, clock: FixedClock, plan: str, *found: Candidate) -> ImportReport:
    file = File("danh-sach.csv", "0" * 64, AnnexContent(found))
    with database.write() as tx:
        return import_annex(tx, file, plan, actor=MINH, today=clock.today(), now=clock.now())


def everything(database: Database) -> dict[str, list[str]]:
    """Dump every table."""
    with database.read() as tx:
        return {
            name: sorted(str(tuple(row)) for row in tx.execute(select(table)))
            for name, table in metadata.tables.items()
        }


def open_deadlines(database: Database, code: str) -> dict[str, date]:
    """Return a product's open deadlines: the due day of each rule."""
    found = rows(
        database,
        "SELECT d.rule, CAST(d.due_on AS TEXT) FROM deadlines d JOIN products p ON p.id = d.product_id "
        "WHERE p.code = :code AND d.closed_on IS NULL",
        code=code,
    )
    return {rule: date.fromisoformat(due) for rule, due in found}


def closed_deadlines(database: Database, code: str) -> list[tuple[Any, ...]]:
    """Return (rule, opened, due, closed, why) of a product's closed deadlines, oldest first."""
    return rows(
        database,
        "SELECT d.rule, CAST(d.opened_on AS TEXT), CAST(d.due_on AS TEXT), CAST(d.closed_on AS TEXT), "
        "d.closed_because FROM deadlines d JOIN products p ON p.id = d.product_id "
        "WHERE p.code = :code AND d.closed_on IS NOT NULL ORDER BY d.id",
        code=code,
    )


def certificates(database: Database, code: str) -> list[tuple[Any, ...]]:
    """Return (star, number, last valid day, ended, why) of a product's certificates, oldest first."""
    return rows(
        database,
        "SELECT c.star, c.number, CAST(c.valid_until AS TEXT), CAST(c.ended_on AS TEXT), c.ended_because "
        "FROM certificates c JOIN products p ON p.id = c.product_id WHERE p.code = :code ORDER BY c.id",
        code=code,
    )


def state_of(database: Database, code: str) -> str:
    ((state,),) = rows(database, "SELECT state FROM products WHERE code = :code", code=code)
    return str(state)


def flags_of(database: Database, code: str) -> list[tuple[Any, ...]]:
    """Return (rule, raised, cleared) of a product's overdue flags, oldest first."""
    return rows(
        database,
        "SELECT d.rule, CAST(f.raised_on AS TEXT), CAST(f.cleared_on AS TEXT) FROM flags f "
        "JOIN deadlines d ON d.id = f.deadline_id JOIN products p ON p.id = d.product_id "
        "WHERE p.code = :code ORDER BY d.id",
        code=code,
    )
