"""A certificate that only a list tells of: its last day is spoken of in time, and nothing rests on it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import Conflict
from ocop_workflow.products.settling.reopening import Reopening, unsettle
from ocop_workflow.states import CertificateStanding
from tests.factories import SENDER, letter_text, rows
from tests.imports.register.bringing import assert_sound, bring, listed, register, says
from tests.stories.cast import acting
from tests.stories.days import sweep_on
from tests.stories.journeys import open_deadlines

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

MAM = '1,Mắm cái,HTX A,"Thôn 1, xã Phổ An",3 sao,0001/QĐ-UBND,05/8/2023,05/8/2026,UBND huyện'


def test_it_brings_its_product_in_and_its_last_day_is_due(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, listed(tmp_path, MAM), login="lan", evidence="A")  # a commune's officer proposes
    (view,) = register(staffed, clock)
    assert (view.standing.value, view.product, view.page) == ("proposed", "SO-000001", None)
    assert open_deadlines(staffed, "SO-000001") == {"expiry": date(2026, 8, 5)}
    assert_sound(staffed, clock)


def test_what_is_confirmed_later_keeps_its_product_and_its_deadline(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, listed(tmp_path, MAM), evidence="C")
    view = says(staffed, clock, 1, "confirmed", paper_number="1/QĐ-UBND", paper_date="2023-08-05")
    assert (view.product, view.standing.value, view.page is not None) == ("SO-000001", "confirmed", True)
    assert open_deadlines(staffed, "SO-000001") == {"expiry": date(2026, 8, 5)}
    assert_sound(staffed, clock)


def test_what_is_refused_ends_and_nobody_is_reminded_of_it(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, listed(tmp_path, MAM), evidence="C")
    refused = says(staffed, clock, 1, "refused", reason="không có quyết định này")
    assert refused.status == "refused"
    assert open_deadlines(staffed, "SO-000001") == {}
    assert rows(staffed, "SELECT state FROM products WHERE code = 'SO-000001'") == [("monitored",)]
    assert_sound(staffed, clock)
    with staffed.write() as tx:  # and that was a mistake
        order = Reopening(1, acting(staffed, "minh"), "có quyết định")
        unsettle(tx, order, sender=SENDER, today=clock.today(), now=clock.now())
    assert [one.standing.value for one in register(staffed, clock)] == ["proposed"]
    assert open_deadlines(staffed, "SO-000001") == {"expiry": date(2026, 8, 5)}
    assert_sound(staffed, clock)


def test_beside_a_product_of_its_name_it_stands_by_itself(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    bring(staffed, clock, listed(tmp_path, MAM), evidence="C")
    newer = MAM.replace("0001/", "0009/").replace("05/8/2023,05/8/2026", "05/01/2024,05/01/2027")
    bring(staffed, clock, listed(tmp_path, newer), evidence="C")
    assert [(view.product, view.standing.value) for view in register(staffed, clock)] == [
        ("SO-000001", "proposed"),
        ("", "proposed"),
    ]
    with pytest.raises(Conflict):
        says(staffed, clock, 2, "confirmed", paper_number="9/QĐ-UBND", paper_date="2024-01-05")


def test_its_ward_and_the_town_hear_in_time_that_it_ends_with_its_mark(
    staffed: Database, clock: FixedClock, tmp_path: Path
) -> None:
    ending = MAM.replace("05/8/2023,05/8/2026", "20/11/2021,20/11/2024")
    bring(staffed, clock, listed(tmp_path, ending), evidence="C")
    sweep_on(staffed, clock, "2024-04-23")
    sweep_on(staffed, clock, "2024-08-22")  # 90 days before
    letters = {
        address: letter_text(mime)
        for address, mime in rows(
            staffed,
            "SELECT o.address, o.mime FROM outbox o JOIN digests g ON g.id = o.digest_id "
            "WHERE g.day = '2024-08-22'",
        )
    }
    heard = {address for address, text in letters.items() if "Mắm cái" in text}
    assert heard == {"phong-kinh-te@duc-pho.example", "pho-an@duc-pho.example"}
    assert CertificateStanding.PROPOSED.mark in " ".join(letters["pho-an@duc-pho.example"].split())
    assert_sound(staffed, clock)
