"""What most tests begin with: the seed loaded and imported, an officer's step, a letter read.

The cast: *Lan* is the ward officer of Phổ An, *Minh* works at the town's Economic Division, *Hà* belongs
to another ward and must not see Lan's products.
"""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from ocop_workflow.access import operator
from ocop_workflow.calendar import shipped_plan_text
from ocop_workflow.changes.loading import load_plan
from ocop_workflow.imports.importing import import_annex, read_file
from ocop_workflow.notifications import Sender
from ocop_workflow.products.advance import Advanced, Order, advance

if TYPE_CHECKING:
    from email.message import Message

    from ocop_workflow.imports.importing import ImportReport
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

SENDER = Sender("ocop@duc-pho.example", "https://ocop.duc-pho.example")
IMPORT_DAY = date(2024, 4, 23)
SEED = "duc-pho-2024"

#: Lan and Minh at the host's own command line, before anybody has been given a role
LAN = operator("host:test", "lan")
MINH = operator("host:test", "minh")

#: data that satisfy each event, where an event needs any
GOOD_DATA: dict[str, dict[str, Any]] = {
    "register": {"group": "food"},
    "decline": {"reason": "chưa đủ điều kiện"},
    "start_consulting": {"consultant": "Trung tâm Khuyến nông"},
    "commune_evaluate": {
        "report_number": "12/BC-UBND",
        "report_date": "2024-10-01",
        "contents": {"material": "tại xã", "labour": "80 %", "idea": "của chủ thể", "identity": "làng nghề"},
    },
    "score_district": {"session_date": "2024-11-20", "mean": "65"},
    "certify": {
        "decision_number": "1234/QĐ-UBND",
        "decision_date": "2024-11-25",
        "signer": "Chủ tịch UBND thị xã",
        "published_on": "2024-11-26",
    },
    "escalate": {"decision_number": "1235/QĐ-UBND", "decision_date": "2024-11-25"},
    "send_back": {"reason": "thiếu phiếu kiểm nghiệm"},
    "withdraw": {"reason": "ngừng sản xuất"},
}


def in_time(data: dict[str, Any], on: date) -> dict[str, Any]:
    """Return data whose papers are of the week up to the day of their event, else of that very day."""
    papers = ("report_date", "session_date", "decision_date", "published_on", "conclusion_date")
    first, last = (on - timedelta(days=7)).isoformat(), on.isoformat()
    return {
        name: last if name in papers and not first <= value <= last else value for name, value in data.items()
    }


def told_to_all(text: str = "") -> str:
    """The seed's plan as it would speak of its registration to every commune."""
    text = text or shipped_plan_text(SEED)
    for old, new in (
        ('remind = { to = ["commune"]', 'remind = { to = ["every_commune"]'),
        ('overdue = { to = ["commune", "authority"]', 'overdue = { to = ["every_commune", "authority"]'),
    ):
        text = text.replace(old, new, 1)
    return text


def load_seed(database: Database, clock: FixedClock, text: str = "") -> ImportReport:
    """Load the seed's plan (or another text of it) and import its 14 products on the clock's day."""
    with database.write() as tx:
        text = text or shipped_plan_text(SEED)
        load_plan(tx, text, actor="minh", today=clock.today(), now=clock.now())
        file = read_file(Path(str(resources.files("ocop_workflow") / "data/annexes/duc-pho-2024.csv")))
        return import_annex(tx, file, SEED, actor=MINH, today=clock.today(), now=clock.now())


def act(
    database: Database,
    clock: FixedClock,
    code: str,
    event: str,
    data: dict[str, Any] | None = None,
    on: date | None = None,
) -> Advanced:
    """Let an officer do one step, with data that satisfy it unless others are given."""
    given = in_time(GOOD_DATA.get(event, {}), on or clock.today()) if data is None else data
    with database.write() as tx:
        order = Order(code, event, LAN, given, on)
        return advance(tx, order, sender=SENDER, today=clock.today(), now=clock.now())


def write(database: Database, sql: str, **values: object) -> None:
    """Change what is stored by hand."""
    with database.write() as tx:
        tx.execute(text(sql), values)


def rows(database: Database, sql: str, **values: object) -> list[tuple[Any, ...]]:
    """Look into the database with plain SQL, as an inspector would."""
    with database.read() as tx:
        return [tuple(row) for row in tx.execute(text(sql), values)]


def letter_text(mime: bytes) -> str:
    """Return the plain words of a letter."""
    message: Message = message_from_bytes(bytes(mime))
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            return payload.decode().replace("\r\n", "\n")
    raise AssertionError("a letter without words")
