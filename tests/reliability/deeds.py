"""Deeds of officers and operators whose process is killed at each of its steps.

Whatever the step: the deed has not begun, or it is done; and whoever repeats it gets it done. A day's
sweep and delivery, which is many transactions, has a test of its own (`test_steps.py`).
"""

from __future__ import annotations

import random
import signal
import tempfile
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from ocop_workflow.access import Role
from ocop_workflow.audit.seals import Seal
from ocop_workflow.changes.mergers.succession import carry_out as carry_out_mergers
from ocop_workflow.errors import Conflict, InvalidInput
from ocop_workflow.letters.journal import Journal
from ocop_workflow.people.officers import add_officer
from ocop_workflow.products.bulk import BulkOrder, carry_out, preview
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.store import Database, schema
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep import backup_queries as backups
from ocop_workflow.upkeep import dump_queries as dumps
from ocop_workflow.upkeep.backup import back_up, restore
from tests.changes.amending import amended, change, extend, revoke
from tests.factories import IMPORT_DAY, LAN, SENDER, act, load_seed, rows
from tests.fakes import FixedClock
from tests.reliability.children import end_of, start
from tests.reliability.dumps import drop_everything
from tests.reliability.outcome import Outcome
from tests.reliability.steps import Steps, watch_files, watch_statements, watch_transactions
from tests.store import before
from tests.stories.journeys import everything
from tests.stories.mergers import HOST, join, load_new_units

if TYPE_CHECKING:
    from collections.abc import Callable

TWO, SEVEN = "DP24-002", "DP24-007"
MERGER_DAY = date(2024, 4, 26)

#: seconds in which what a dead process had begun on the server comes to its end
PATIENCE = 20


@dataclass(frozen=True)
class Place:
    """Where a deed is done: a database, a clock that stands, a folder for files."""

    database: Database
    clock: FixedClock
    folder: Path


@dataclass(frozen=True)
class Deed:
    """Something that is done by one command.

    Attributes:
        prepare: what is there before, on a database without tables.
        do: the deed, in a process of its own.
        look: what is to be seen of it from outside.
    """

    prepare: Callable[[Place], object]
    do: Callable[[Place], object]
    look: Callable[[Place], object]


# -- what is there before ------------------------------------------------------------------------------


def seeded(at: Place) -> None:
    schema.upgrade(at.database)
    load_seed(at.database, at.clock)
    sweep(at.database, at.clock, SENDER)  # letters wait


def without_a_plan(at: Place) -> None:
    schema.upgrade(at.database)


def with_a_step(at: Place) -> None:
    seeded(at)
    act(at.database, at.clock, TWO, "register")


def with_an_extension(at: Place) -> None:
    seeded(at)
    extend(at.database, at.clock, TWO, SEVEN, to="2024-05-20")


def with_a_merger(at: Place) -> None:
    seeded(at)
    load_new_units(at.database, at.clock)
    join(at.database, at.clock, "pho-an", "moi-hai", MERGER_DAY)


def on_the_tables_of_before(at: Place) -> None:
    clear(at.database)
    before.lay(at.database)


def with_a_backup(at: Place) -> None:
    seeded(at)
    back_up(at.database, at.folder / "yesterday.bak")
    if at.database.is_sqlite:
        act(at.database, at.clock, TWO, "register")
    else:  # it is restored into an empty one only
        clear(at.database)


# -- deeds ---------------------------------------------------------------------------------------------


def step_many(at: Place) -> None:
    order = BulkOrder([TWO, "DP24-003", SEVEN], "register", LAN, {"group": "food"})
    with at.database.read() as tx:
        seal = Seal((b"a key",), at.clock.now())
        token = preview(tx, order, at.clock.today(), seal).token
    with at.database.write() as tx:
        carry_out(tx, order, token, seal=seal, sender=SENDER, today=at.clock.today())


def take_back(at: Place) -> None:
    with at.database.write() as tx:
        order = UndoOrder(TWO, LAN, "ghi nhầm")
        undo(tx, order, sender=SENDER, today=at.clock.today(), now=at.clock.now())


def carry_out_merger(at: Place) -> None:
    with at.database.write() as tx:
        carry_out_mergers(tx, HOST, MERGER_DAY, at.clock.now())


def appoint(at: Place) -> None:
    with at.database.write() as tx:
        add_officer(tx, HOST, "quan", "Quân", Role.ADMINISTRATOR, "duc-pho", now=at.clock.now())


def copy(at: Place) -> None:
    back_up(at.database, at.folder / f"{len(list(at.folder.glob('*.bak')))}.bak")


def put_back(at: Place) -> None:
    with suppress(Conflict):  # PostgreSQL: the one before was killed when all was done
        restore(at.database, at.folder / "yesterday.bak", Journal(at.folder / "sent.jsonl"), at.clock.now())


# -- what is to be seen --------------------------------------------------------------------------------


def content(at: Place) -> object:
    with at.database.read() as tx:
        if not inspect(tx).get_table_names():
            return "an empty database"
    return everything(at.database)


def tables(at: Place) -> object:
    """Every table with its columns and how many rows it has, whatever the version."""
    with at.database.read() as tx:
        inspector = inspect(tx)
        return {
            name: (
                sorted(column["name"] for column in inspector.get_columns(name)),
                tx.scalar(text(f'SELECT COUNT(*) FROM "{name}"')),
            )
            for name in sorted(inspector.get_table_names())
        }


def copies(at: Place) -> object:
    """What is found to be wrong with what stands under a backup's name, or its revision."""
    check = backups.check_sqlite if at.database.is_sqlite else dumps.check_dump
    found = set()
    for file in at.folder.glob("*.bak"):
        try:
            found.add(check(file, Path("a backup")))
        except InvalidInput as error:
            found.add(error.text.en)
    return found


DEEDS = {
    "plan and import": Deed(without_a_plan, lambda at: load_seed(at.database, at.clock), content),
    "step": Deed(seeded, lambda at: act(at.database, at.clock, TWO, "register"), content),
    "steps of many": Deed(seeded, step_many, content),
    "undo": Deed(with_a_step, take_back, content),
    "plan change": Deed(seeded, lambda at: change(at.database, at.clock, amended("2024-05-15")), content),
    "extension": Deed(seeded, lambda at: extend(at.database, at.clock, TWO, to="2024-05-20"), content),
    "revocation": Deed(with_an_extension, lambda at: revoke(at.database, at.clock, 1), content),
    "merger": Deed(with_a_merger, carry_out_merger, content),
    "officer": Deed(seeded, appoint, content),
    "upgrade": Deed(on_the_tables_of_before, lambda at: schema.upgrade(at.database), tables),
    "downgrade": Deed(seeded, lambda at: schema.downgrade(at.database), tables),
    "backup": Deed(seeded, copy, copies),
    "restore": Deed(with_a_backup, put_back, content),
}


# -- killing -------------------------------------------------------------------------------------------


def cut_short(url: str, name: str, folder: Path, every: int = 1) -> tuple[Outcome, Counter[str]]:
    """Kill a deed at its first step, at its second, and so on, until one process comes to its end.

    Args:
        url: a database that may be emptied.
        name: which deed.
        folder: an empty folder.
        every: of the statements, only each so-manieth is a step.

    Returns:
        what came of it, and at which steps it was killed.
    """
    deed, outcome, died = DEEDS[name], Outcome(), Counter[str]()
    says = folder / "step"
    with closing(Database(url)) as database:
        clear(database)
        at = Place(database, FixedClock.at(IMPORT_DAY), folder)
        deed.prepare(at)
        before, seen = deed.look(at), list[object]()
        while True:
            database.close()
            step = Steps(died.total() + 1, says, every)
            end = end_of(start(_do, name, step, url, at.clock, folder))
            _wait_for_the_server(database)
            if end != -signal.SIGKILL:
                break
            died[says.read_text("utf-8")] += 1
            seen.append(deed.look(at))
        after = deed.look(at)
    outcome.faults = outcome.checked = died.total()
    outcome.demand(end == 0, name, "ends with", end, "after", dict(died))
    halves = [number for number, one in enumerate(seen, start=1) if one not in (before, after)]
    outcome.demand(after != before, name, "does nothing")
    outcome.demand(not halves, name, "was half done when killed at step", halves)
    return outcome, died


def _do(name: str, step: Steps, url: str, clock: FixedClock, folder: Path) -> None:
    database = Database(url)
    watch_transactions(step)
    watch_statements(step)
    watch_files(step, folder)
    DEEDS[name].do(Place(database, clock, folder))


def clear(database: Database) -> None:
    """Leave a database without any table."""
    database.close()
    if database.file is None:
        drop_everything(database)
        return
    for end in ("", "-wal", "-shm"):
        Path(f"{database.file}{end}").unlink(missing_ok=True)


def _wait_for_the_server(database: Database) -> None:
    """Wait until nobody else works on the database: psql does not die with the one who has called it."""
    others = (
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    until = time.monotonic() + PATIENCE
    while not database.is_sqlite and rows(database, others) != [(0,)] and time.monotonic() < until:
        time.sleep(0.005)


def ordeal(url: str, number: int, seed: int) -> Outcome:
    """Kill so many deeds, at every step of each, one deed after the other."""
    whole = Outcome()
    names = list(DEEDS)
    random.Random(seed).shuffle(names)
    while whole.faults < number:
        with tempfile.TemporaryDirectory() as folder:
            outcome, _ = cut_short(url, names[0], Path(folder))
        whole.faults += outcome.faults
        whole.checked += outcome.checked
        whole.wrong += outcome.wrong
        names.append(names.pop(0))
    return whole
