"""Lives a day when it is imported: so what every day needs has been read, the plan, its law, the templates.

`children.py` has it done by the server from which children are forked; each would take a tenth of a second.
"""

from __future__ import annotations

from contextlib import closing, suppress
from tempfile import TemporaryDirectory

from ocop_workflow.store import Database, schema
from ocop_workflow.sweep.daily import sweep
from tests.factories import IMPORT_DAY, SENDER, load_seed
from tests.fakes import FixedClock


def _live_a_day() -> None:
    clock = FixedClock.at(IMPORT_DAY)
    with TemporaryDirectory() as folder, closing(Database(f"sqlite:///{folder}/ocop.sqlite3")) as database:
        database.create()
        schema.upgrade(database)
        load_seed(database, clock)
        sweep(database, clock, SENDER)


with suppress(Exception):  # a mistake that was planted may spoil the day: it is for the children to show it
    _live_a_day()
