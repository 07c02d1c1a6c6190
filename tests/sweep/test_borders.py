"""Nothing is lost at the border of a batch, whatever its size; who was passed over is noticed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ocop_workflow.deadlines import queries as deadlines
from ocop_workflow.deadlines.queries import open_of_products
from ocop_workflow.imports import queries as importing
from ocop_workflow.letters.outbox import hold
from ocop_workflow.products import queries as products
from ocop_workflow.products.queries import histories
from ocop_workflow.store import batching, copying, dialect
from ocop_workflow.sweep import daily as sweeping_service
from ocop_workflow.sweep import queries as sweeping
from ocop_workflow.upkeep.examination import examine, prove
from ocop_workflow.upkeep.examination import letter_queries as inspecting
from ocop_workflow.upkeep.simulation import Scenario, simulate
from tests.changes.amending import amended, change
from tests.contents import remember, rewind
from tests.factories import MINH, SENDER, act, letter_text, rows
from tests.fakes import VIETNAM
from tests.picture import picture
from tests.stories.days import DAY, letters, load_town, run, sweep_on
from tests.stories.mergers import join, load_new_units

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from ocop_workflow.upkeep.examination.reckoning.balance import Proof
    from tests.contents import Memory
    from tests.fakes import FixedClock

#: the seed has seven communes with products, and with the authority eight units are told of what is late
COMMUNES = 7


def proof(database: Database) -> Proof:
    with database.read() as tx:
        return prove(tx, VIETNAM)


# -- borders -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, COMMUNES - 1, COMMUNES, COMMUNES + 1])
def test_every_unit_gets_its_letter_however_large_a_batch_of_digests_is(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(sweeping_service, "DIGEST_BATCH", size)

    assert [run(seeded, clock, day).counts.letters for day in ("2024-04-23", "2024-05-02")] == [7, 8]
    assert {row[1] for row in picture(seeded).letters if row[0] == DAY("2024-05-02")} == {
        "duc-pho", "nguyen-nghiem", "pho-an", "pho-khanh", "pho-nhon", "pho-ninh", "pho-phong", "pho-quang",
    }  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_every_merger_is_carried_out_however_many_at_once(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(sweeping_service, "MERGERS_AT_ONCE", size)
    load_new_units(seeded, clock)
    for old in ("pho-an", "pho-ninh", "pho-quang"):
        join(seeded, clock, old, "moi-mot", DAY("2024-04-25"))

    run(seeded, clock, "2024-04-25")

    left = "SELECT DISTINCT u.slug FROM products p JOIN units u ON u.id = p.unit_id"
    assert {"pho-an", "pho-ninh", "pho-quang"} & {slug for (slug,) in rows(seeded, left)} == set()
    assert examine(seeded, clock).findings == ()


@pytest.mark.parametrize("size", [1, 14, 15, 16])  # 14 products and the training: fifteen rows
def test_every_row_is_dealt_with_however_long_a_stretch_is(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(sweeping, "CHUNK", size)
    monkeypatch.setattr(sweeping, "SERVER_CHUNK", size)

    report = run(seeded, clock, "2024-05-02")

    assert (report.counts.flags_raised, report.counts.reminders) == (14, 28)
    assert proof(seeded).is_balanced


@pytest.mark.alike
@pytest.mark.parametrize("size", [1, 13, 14, 15])
def test_doctor_proof_and_simulation_read_everything_however_large_their_batches_are(
    seeded: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    run(seeded, clock, "2024-05-02")
    for module in (batching, copying):
        monkeypatch.setattr(module, "BATCH", size)
    monkeypatch.setattr(inspecting, "LETTER_BATCH", size)

    assert proof(seeded).balance.said == 28
    assert examine(seeded, clock).findings == ()
    scenario = Scenario("duc-pho-2024", DAY("2024-05-07"), DAY("2024-05-07"))
    assert len(simulate(seeded, scenario, SENDER).letters) == 8
    with seeded.write() as tx:
        of_the_town = "SELECT k.id FROM desks k JOIN units u ON u.id = k.unit_id WHERE slug = 'duc-pho'"
        tx.execute(text(f"DELETE FROM reminders WHERE stage = 1 AND desk_id IN ({of_the_town})"))
    assert proof(seeded).balance.missing == 14


@pytest.mark.parametrize("size", [1, 13, 14, 15])
def test_what_is_asked_for_many_at_once_is_whole(
    seeded: Database, clock: FixedClock, memory: Memory, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    def all_register() -> None:
        run(seeded, clock, "2024-04-23")
        for number in range(1, 15):
            act(seeded, clock, f"DP24-{number:03}", "register")

    memory.lead(seeded, "all registered", all_register)
    before, ids = remember(seeded), [number for (number,) in rows(seeded, "SELECT id FROM products")]

    def lived() -> tuple[object, ...]:
        clock.move_to(DAY("2024-04-23"), 9)
        load_town(seeded, clock)  # beside what other plans of its communes have
        change(seeded, clock, amended("2024-06-15", "selection"))
        run(seeded, clock, "2024-05-02")
        with seeded.read() as tx:
            done = {number: len(told) for number, told in histories(tx, ids).items()}
            still_open = Counter(row.rule for row in open_of_products(tx, ids))
        assert examine(seeded, clock).findings == ()
        return picture(seeded), done, still_open

    whole = memory.lead(seeded, "asked for in few parts", lived)
    assert whole[1:] == (dict.fromkeys(ids, 1), {"selection": 14})
    rewind(seeded, before)
    for module in (dialect, deadlines, importing, products):
        monkeypatch.setattr(module, "AT_ONCE", size)
    assert lived() == whole


# -- who was passed over ---------------------------------------------------------------------------------


def pass_over(database: Database, clock: FixedClock, day: str, unit: str) -> None:
    """Let a sweep write every letter but one, as a slip at a border would."""
    with database.write() as tx:
        tx.execute(text("UPDATE contacts SET valid_from = '2024-01-01'"))
    before = rows(
        database,
        "SELECT c.id FROM contacts c JOIN desks k ON k.id = c.desk_id JOIN units u ON u.id = k.unit_id "
        "WHERE u.slug = :unit",
        unit=unit,
    )
    with database.write() as tx:
        tx.execute(text("UPDATE contacts SET valid_to = '2024-01-01' WHERE id = :id"), {"id": before[0][0]})
    sweep_on(database, clock, day, hour=7)
    with database.write() as tx:
        tx.execute(text("UPDATE contacts SET valid_to = NULL WHERE id = :id"), {"id": before[0][0]})
        tx.execute(text("UPDATE sweeps SET faults = '[]'"))


@pytest.mark.alike
def test_a_unit_that_a_sweep_passed_over_is_named_by_doctor_and_proof(
    seeded: Database, clock: FixedClock
) -> None:
    pass_over(seeded, clock, "2024-04-23", "pho-ninh")

    (finding,) = examine(seeded, clock).findings
    (imbalance,) = proof(seeded).unbalanced

    assert (finding.key, finding.text.vi) == (
        "pho-ninh",
        "Phường Phổ Ninh còn 1 lời nhắc chưa nói (từ 23/04/2024) dù lần quét ngày 23/04/2024 phải viết thư.",
    )
    assert imbalance.text.vi.endswith("Phường Phổ Ninh 23/04/2024: lẽ ra đã có thư mà chưa viết (due).")


@pytest.mark.alike
def test_what_is_said_a_day_late_is_named_by_the_proof(seeded: Database, clock: FixedClock) -> None:
    pass_over(seeded, clock, "2024-04-23", "pho-ninh")

    run(seeded, clock, "2024-04-24")

    assert examine(seeded, clock).findings == ()
    (late,) = proof(seeded).unbalanced
    assert late.text.vi == (
        "DP24-013 · registration · D-7 · Phường Phổ Ninh 23/04/2024: lẽ ra đã có thư mà chưa viết "
        "(24/04/2024)."
    )


@pytest.mark.alike
def test_what_waits_for_the_next_working_day_is_not_passed_over(seeded: Database, clock: FixedClock) -> None:
    run(seeded, clock, "2024-04-23")
    load_town(seeded, clock)
    sweep_on(seeded, clock, "2024-04-23", hour=9)  # the day's letter has left
    assert examine(seeded, clock).findings == ()
    sweep_on(seeded, clock, "2024-04-27")  # a Saturday brings D-1 of the day before to light
    assert [item.invariant for item in examine(seeded, clock).findings if item.invariant != 17] == []


# -- held letters, merged communes -------------------------------------------------------------------------


def test_a_unit_whose_letter_of_the_day_an_officer_holds_gets_no_second_one(
    seeded: Database, clock: FixedClock
) -> None:
    sweep_on(seeded, clock, "2024-04-23")
    ((number,),) = rows(seeded, "SELECT id FROM outbox WHERE address = 'pho-ninh@duc-pho.example'")
    with seeded.write() as tx:
        hold(tx, MINH, number, clock.now())
    load_town(seeded, clock)

    assert sweep_on(seeded, clock, "2024-04-23", hour=9) == 6  # the other six are written anew

    assert [row[3:] for row in picture(seeded).letters if row[1] == "pho-ninh"] == [(1, "held")]
    assert sweep_on(seeded, clock, "2024-04-24") == 1
    (mime,) = letters(seeded, "pho-ninh@duc-pho.example")
    assert "TN24-" in letter_text(mime)
    assert "DP24-" not in letter_text(mime)


@pytest.mark.alike
def test_a_commune_that_has_been_merged_is_not_called_silent(seeded: Database, clock: FixedClock) -> None:
    load_new_units(seeded, clock)
    before = remember(seeded)

    def silent() -> str:
        run(seeded, clock, "2024-05-02")
        (mime,) = letters(seeded, "phong-kinh-te@duc-pho.example", "sent")
        return next(line for line in letter_text(mime).splitlines() if line.startswith("Chưa đăng ký"))

    assert "Phổ Châu" in silent()
    rewind(seeded, before)
    join(seeded, clock, "pho-chau", "moi-mot", DAY("2024-05-02"))
    assert "Phổ Châu" not in silent()
