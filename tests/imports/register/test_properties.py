"""What holds for every list of certificates: twice is once, rows in any order, nothing that no cell said."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from ocop_workflow.imports.register.importing import RegisterOrder, import_register
from ocop_workflow.products.settling.register import WantedCertificates, list_certificates
from ocop_workflow.states import EvidenceLevel
from tests.factories import rows
from tests.imports.register.bringing import assert_sound, bring, listed, register
from tests.stories.cast import acting
from tests.stories.journeys import everything

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.store import Connection, Database
    from tests.fakes import FixedClock

COMMUNES = ("Phổ An", "Phổ Khánh", "Phổ Phong")
HEADING = "Tên sản phẩm,Chủ thể,Người đại diện,Địa chỉ,Xã,Hạng sao,Số quyết định,Ngày cấp,Cơ quan,Chứng cứ"
SEEDS = range(6)


def some_rows(seed: int) -> list[str]:
    """Make a clean list up: products with one recognition or several, some named by their commune only."""
    chance = random.Random(seed)
    lines = []
    for product in range(chance.randint(3, 8)):
        commune = chance.choice(COMMUNES)
        owner = f"HTX giả định {product % 3},Đại diện thử {product % 3},Thôn {product % 3}"
        years = chance.sample(range(2018, 2024), chance.randint(1, 3))
        for year in years:
            star = chance.choice((3, 4, 5))
            decided = f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/{year}"
            body = chance.choice(("UBND huyện", ""))
            evidence = chance.choice(("A", "B1", "B2", "C"))
            number = f"{year % 100}{product}/QĐ-UBND"
            lines.append(
                f"Sản phẩm thử {product},{owner},{commune},{star},{number},{decided},{body},{evidence}"
            )
    return lines


def image(tx: Connection, clock: FixedClock) -> set[tuple[Any, ...]]:
    """Return the register without where each row stood in its list."""
    return {
        (
            *(view.name, view.product, view.producer, view.unit_now, view.star, view.decision),
            *(view.decided_on, view.valid_until, view.status, view.standing, view.evidence, view.issuer),
            view.ended and (view.ended.on, view.ended.because),
        )
        for view in list_certificates(tx, clock.today(), WantedCertificates())
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_a_list_twice_is_the_list_once(
    seed: int, staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    file = listed(tmp_path, *some_rows(seed), heading=HEADING)
    first = bring(staffed, clock, file)
    assert first.published, [one.detail for one in first.verdicts if one.key]
    before = everything(staffed)
    again = bring(staffed, clock, file)
    assert (again.new, again.changed, again.same, again.published) == (0, 0, first.rows, True)
    assert everything(staffed) == before
    assert_sound(staffed, clock)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_the_rows_does_not_matter(
    seed: int, staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    lines = some_rows(seed)
    seen: list[set[tuple[Any, ...]]] = []
    order = RegisterOrder(acting(staffed, "minh"), EvidenceLevel.SIGNED, clock.today(), clock.now())
    for turned in (lines, lines[::-1]):
        file = listed(tmp_path, *turned, heading=HEADING)
        with staffed.connect() as connection, connection.begin() as tx:
            assert import_register(connection, file, order, publish=True).published
            seen.append(image(connection, clock))
            tx.rollback()
    assert seen[0] == seen[1]


@pytest.mark.parametrize("seed", SEEDS)
def test_an_older_recognition_never_lowers_a_present_star(
    seed: int, staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    lines = some_rows(seed)
    chance.shuffle(lines)
    by_day = sorted(lines, key=_decided, reverse=True)
    newest = {line.split(",")[0]: line for line in reversed(by_day)}
    bring(staffed, clock, listed(tmp_path, *newest.values(), heading=HEADING))
    before = {(view.name, view.star) for view in register(staffed, clock, status="running")}
    bring(staffed, clock, listed(tmp_path, *lines, heading=HEADING))
    assert {(view.name, view.star) for view in register(staffed, clock, status="running")} == before


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_in_the_register_that_no_cell_said(
    seed: int, staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    lines = some_rows(seed)
    said = {cell for line in lines for cell in line.split(",")}
    bring(staffed, clock, listed(tmp_path, *lines, heading=HEADING))
    for view in register(staffed, clock):
        told = {view.name, view.producer, str(view.star), view.decision, f"{view.decided_on:%d/%m/%Y}"}
        assert told | ({view.issuer} if view.issuer else set()) <= said, told - said
        assert view.unit_now.removeprefix("Xã ") in said
    stored = rows(
        staffed,
        "SELECT r.name, r.representative, c.address FROM products p JOIN producers r ON r.id = p.producer_id "
        "JOIN contacts c ON c.id = p.address_id WHERE p.code LIKE 'SO-%'",
    )
    assert {cell for row in stored for cell in row} <= said


def _decided(line: str) -> tuple[str, ...]:
    return tuple(reversed(line.split(",")[7].split("/")))
