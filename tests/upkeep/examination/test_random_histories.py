"""Whatever officers, sweeps and relays do to a database through the services, the doctor finds it healthy."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from ocop_workflow.errors import OcopError
from ocop_workflow.imports.reading.candidate import CrossColumn
from ocop_workflow.letters.delivery import deliver_pending
from ocop_workflow.notifications import (
    DeliveryError,
    PermanentDeliveryError,
    RelayError,
    RetryPolicy,
    TemporaryDeliveryError,
)
from ocop_workflow.products.occurrences import Happening, record_occurrence, undo_occurrence
from ocop_workflow.products.settling.confirming import Settlement, settle
from ocop_workflow.products.settling.reopening import Reopening, unsettle
from ocop_workflow.products.undoing import UndoOrder, undo
from ocop_workflow.states import ACTS, CertificateStanding, Event
from ocop_workflow.sweep.daily import sweep
from ocop_workflow.upkeep.examination import examine, prove
from tests.changes.amending import SEED_TEXT, change
from tests.factories import GOOD_DATA, LAN, SEED, SENDER, act, in_time, rows
from tests.fakes import VIETNAM, RecordingMailer
from tests.stories.days import acknowledge
from tests.stories.journeys import CERTIFICATE, MORE_DATA, candidate, import_rows, load_text, next_plan
from tests.stories.mergers import join, load_new_units

if TYPE_CHECKING:
    from datetime import date

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

pytestmark = pytest.mark.ordeal

_CODES = tuple(f"DP24-{number:03}" for number in range(1, 16))
_STEPS = 40


def _given(event: Event, on: date, chance: random.Random) -> dict[str, Any]:
    data = in_time({**GOOD_DATA.get(event.value, {}), **MORE_DATA.get(event.value, {})}, on)
    if "mean" in data:
        data["mean"] = chance.choice(["40", "55.5", "69.95", "75", "92"])
    if event is Event.OPEN_RE_RATING:
        data["kind"] = chance.choice(["renewal", "upgrade"])
    return data


def _act(database: Database, clock: FixedClock, chance: random.Random) -> None:
    """Let somebody try something with a product; what is refused has changed nothing."""
    code = chance.choice(_CODES[:3] + _CODES[-1:])  # few products, so that each comes far
    on: date = clock.today() - timedelta(days=chance.choice([0, 0, 0, 2]))
    for event in chance.sample(ACTS, len(ACTS)):
        if event in (Event.WITHDRAW, Event.REVOKE, Event.SEND_BACK, Event.DECLINE) and chance.random() < 0.7:
            continue
        for more in ({}, {"certificate": CERTIFICATE}):
            try:
                act(database, clock, code, event.value, {**_given(event, on, chance), **more}, on)
            except OcopError:
                continue
            return


def _settle(database: Database, clock: FixedClock, chance: random.Random) -> None:
    """Let the level of its star say something of a certificate that is only proposed, if there is one."""
    found = rows(database, "SELECT id FROM certificates WHERE standing = 'proposed' AND ended_on IS NULL")
    if not found:
        return
    data = {"paper_number": "1", "paper_date": clock.today().isoformat(), "reason": "không có giấy gốc"}
    standing = chance.choice([CertificateStanding.CONFIRMED, CertificateStanding.REFUSED])
    with database.write() as tx:
        settle(tx, Settlement(found[0][0], standing, LAN, data), today=clock.today(), now=clock.now())


def _unsettle(database: Database, clock: FixedClock) -> None:
    """Let the level take back what it has said last of a certificate; what is refused has changed nothing."""
    found = rows(
        database, "SELECT id FROM certificates WHERE settled_at IS NOT NULL ORDER BY settled_at DESC"
    )
    if found:
        with suppress(OcopError), database.write() as tx:
            order = Reopening(found[0][0], LAN, "nhầm giấy")
            unsettle(tx, order, sender=SENDER, today=clock.today(), now=clock.now())


def _propose(database: Database) -> None:
    """Let what was named without the level's word be a commune's word, as with a commune's officer."""
    with database.write() as tx:
        tx.execute(
            text(
                "UPDATE certificates SET standing = 'proposed', settled_by = NULL, settled_for = NULL, "
                "settled_at = NULL, evidence = 'C', shown_since = NULL, taken_back_on = NULL "
                "WHERE signer = '' AND ended_on IS NULL AND settled_paper IS NULL "
                "AND product_id IN (SELECT id FROM products WHERE state = 're_rating')"
            )
        )


def _undo(database: Database, clock: FixedClock, chance: random.Random) -> None:
    """Let somebody undo the last step of a product, or the last two."""
    code = chance.choice(_CODES[:3] + _CODES[-1:])
    for _ in range(chance.choice([1, 1, 2])):
        try:
            with database.write() as tx:
                order = UndoOrder(code, LAN, "ghi nhầm")
                undo(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
        except OcopError:
            return


def _merge(database: Database, clock: FixedClock, chance: random.Random) -> None:
    """Let somebody record that a unit ends, on a day before or after this one."""
    old, new = chance.sample(("pho-an", "pho-khanh", "moi-mot", "moi-hai", "pho-phong", "duc-pho"), 2)
    on = clock.today() + timedelta(days=chance.choice([-3, 0, 1, 10]))
    with suppress(OcopError):
        join(database, clock, old, new, on)


def _deliver(database: Database, clock: FixedClock, chance: random.Random) -> None:
    errors = (
        PermanentDeliveryError("550 no"),
        TemporaryDeliveryError("451 later"),
        TemporaryDeliveryError("cut", ambiguous=True),
        RelayError("421 away"),
    )
    failures: list[DeliveryError] = [chance.choice(errors) for _ in range(chance.randrange(3))]
    deliver_pending(database, RecordingMailer(failures), RetryPolicy(), clock, SENDER)


def _acknowledge(database: Database, clock: FixedClock, chance: random.Random) -> None:
    late = rows(
        database,
        "SELECT p.code FROM flags f JOIN deadlines d ON d.id = f.deadline_id "
        "JOIN products p ON p.id = d.product_id WHERE f.cleared_on IS NULL ORDER BY p.code",
    )
    if late:
        acknowledge(database, clock, chance.choice(late)[0])


def _happen(database: Database, clock: FixedClock, chance: random.Random | None) -> None:
    """Now and then, in plans that know one, let somebody record an event of a product's own, or undo it."""
    if chance is None or chance.random() > 0.2:
        return
    given = Happening(chance.choice(_CODES[:3] + _CODES[-1:]), "approved", LAN)
    day = clock.today() - timedelta(days=chance.choice([0, 1, 40]))
    with suppress(OcopError), database.write() as tx:
        if chance.random() < 0.6:
            record_occurrence(tx, given, day, today=clock.today(), now=clock.now())
        else:
            undo_occurrence(tx, given, "ghi nhầm", today=clock.today(), now=clock.now())


#: the town's plan with an event of each product's own, from which one milestone counts and another begins
OWN_EVENTS = (
    SEED_TEXT.replace(
        '{ months = ["2024-06", "2024-07"] }', '{ after = { event = "approved", days = 60 } }'
    ).replace("{ by = 2024-11-30 }", '{ from = "approved", by = 2024-11-30 }')
    + '\n[[events]]\nid = "approved"\nname = "Kế hoạch được duyệt"\nof = "product"\n'
)


@pytest.mark.usefixtures("no_cover")
@pytest.mark.parametrize("seed", range(40))
def test_a_random_history_is_healthy(seeded: Database, clock: FixedClock, seed: int) -> None:
    chance, of_the_level = random.Random(seed), random.Random(seed)
    load_text(seeded, clock, next_plan())
    load_new_units(seeded, clock)
    import_rows(seeded, clock, SEED, candidate(99, "Xã Phổ An", "Mắm cái", CrossColumn.UPGRADE_3_TO_4))
    own = random.Random(seed) if seed % 2 else None
    if own:
        change(seeded, clock, OWN_EVENTS)
    for _ in range(_STEPS):
        clock.wait(timedelta(days=chance.choice([0, 0, 1, 1, 2, 7, 30]), minutes=chance.randrange(90)))
        _happen(seeded, clock, own)
        what = chance.random()
        if what < 0.47:
            _act(seeded, clock, chance)
            _propose(seeded)
            if of_the_level.random() < 0.5:
                _settle(seeded, clock, of_the_level)
            if of_the_level.random() < 0.3:
                _unsettle(seeded, clock)
        elif what < 0.55:
            _undo(seeded, clock, chance)
        elif what < 0.8:
            sweep(seeded, clock, SENDER)
        elif what < 0.93:
            _deliver(seeded, clock, chance)
        elif what < 0.95:
            _merge(seeded, clock, chance)
        else:
            _acknowledge(seeded, clock, chance)
    clock.wait(timedelta(days=1))
    _deliver(seeded, clock, chance)
    sweep(seeded, clock, SENDER)
    # nobody sends the letters, and nobody loads a plan for the next year
    findings = [item for item in examine(seeded, clock).findings if item.invariant not in {13, 17}]
    assert [(item.invariant, item.text.en) for item in findings] == []
    with seeded.read() as tx:
        assert [row.text.en for row in prove(tx, VIETNAM).unbalanced] == []
