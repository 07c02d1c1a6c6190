"""A unit's letters go to several addresses, each from a day on and until another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.errors import Conflict, InvalidInput, NotFound, NotPermitted, OcopError
from ocop_workflow.people.contacts import add_contact, end_contact
from ocop_workflow.sweep.daily import sweep
from tests.factories import SENDER, rows
from tests.stories.cast import acting, appoint
from tests.stories.days import letters, sweep_on
from tests.stories.journeys import everything
from tests.stories.mergers import HOST, join, load_new_units

if TYPE_CHECKING:
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

WARD = "pho-an@duc-pho.example"
SECOND = "hai@pho-an.example"
TODAY = date(2024, 4, 23)


def add(
    database: Database,
    clock: FixedClock,
    address: str = SECOND,
    first: date | None = None,
    unit: str = "pho-an",
    login: str = "",
) -> None:
    by = acting(database, login) if login else HOST
    with database.write() as tx:
        add_contact(tx, by, unit, address, first, today=clock.today(), now=clock.now())


def end(
    database: Database,
    clock: FixedClock,
    address: str = SECOND,
    on: date | None = None,
    unit: str = "pho-an",
    login: str = "",
) -> None:
    by = acting(database, login) if login else HOST
    with database.write() as tx:
        end_contact(tx, by, unit, address, on, today=clock.today(), now=clock.now())


def test_from_the_day_on_both_addresses_get_the_letter(seeded: Database, clock: FixedClock) -> None:
    add(seeded, clock, first=date(2024, 4, 26))
    sweep(seeded, clock, SENDER)
    assert (len(letters(seeded, WARD)), len(letters(seeded, SECOND))) == (1, 0)
    sweep_on(seeded, clock, "2024-04-26")
    assert (len(letters(seeded, WARD)), len(letters(seeded, SECOND))) == (1, 1)  # the older one is replaced


def test_from_its_last_day_on_an_address_gets_nothing(seeded: Database, clock: FixedClock) -> None:
    end(seeded, clock, WARD, on=date(2024, 4, 26))
    assert sweep_on(seeded, clock, "2024-04-23") == 7
    assert sweep_on(seeded, clock, "2024-04-26") == 6
    assert rows(seeded, "SELECT CAST(valid_to AS TEXT) FROM contacts WHERE address = :ward", ward=WARD) == [
        ("2024-04-26",)
    ]


def test_an_address_that_has_not_begun_never_does(seeded: Database, clock: FixedClock) -> None:
    add(seeded, clock, first=TODAY + timedelta(days=3))
    end(seeded, clock, on=TODAY + timedelta(days=1))
    sweep_on(seeded, clock, "2024-04-26")
    assert letters(seeded, SECOND) == []
    add(seeded, clock)  # and can be given again


def test_an_address_given_twice_gets_one_letter(seeded: Database, clock: FixedClock) -> None:
    """A file of units names an address that was to begin later: both hold then."""
    add(seeded, clock, first=TODAY + timedelta(days=3))
    load_new_units(
        seeded,
        clock,
        'format = 1\n[[units]]\nid = "pho-an"\nname = "Xã Phổ An"\nlevel = "commune"\n'
        f'office = "UBND xã Phổ An"\nemails = ["{SECOND}"]\n',
    )
    sweep_on(seeded, clock, "2024-04-26")
    assert len(letters(seeded, SECOND)) == 1


def test_what_cannot_be_is_said_in_one_sentence_and_changes_nothing(
    seeded: Database, clock: FixedClock
) -> None:
    load_new_units(seeded, clock)
    join(seeded, clock, "pho-khanh", "moi-mot", TODAY + timedelta(days=1))
    before = everything(seeded)
    yesterday = TODAY - timedelta(days=1)
    adding: tuple[tuple[dict[str, object], type[OcopError], str | None], ...] = (
        ({"unit": "nowhere"}, NotFound, "No unit is called nowhere"),
        ({"address": "not an address"}, InvalidInput, None),
        ({"address": "a@b.example, c@d.example"}, InvalidInput, None),
        ({"address": WARD}, Conflict, f"pho-an has the address {WARD} already"),
        ({"first": yesterday}, InvalidInput, "at fault"),
        ({"unit": "pho-khanh", "first": TODAY + timedelta(days=1)}, Conflict, "pho-khanh ends on 2024-04-24"),
    )
    for given, error, sentence in adding:
        with pytest.raises(error, match=sentence):
            add(seeded, clock, **given)  # type: ignore[arg-type]  # one thing at a time, by its name
    for address, on, wrong in ((SECOND, None, NotFound), (WARD, yesterday, InvalidInput)):
        with pytest.raises(wrong):
            end(seeded, clock, address, on)
    assert everything(seeded) == before


def test_only_who_manages_the_unit_changes_its_addresses_and_it_stands_in_the_audit(
    seeded: Database, clock: FixedClock
) -> None:
    appoint(seeded, clock)
    for login in ("lan", "minh"):
        with pytest.raises(NotPermitted):
            add(seeded, clock, login=login)
        with pytest.raises(NotPermitted):
            end(seeded, clock, WARD, login=login)
    add(seeded, clock, login="quan")
    end(seeded, clock, login="quan")
    found = rows(
        seeded,
        "SELECT actor, action, subject, after FROM audit WHERE action LIKE 'unit.contact%' ORDER BY seq",
    )
    assert [row[:3] for row in found] == [
        ("quan", "unit.contact_add", "unit:pho-an"),
        ("quan", "unit.contact_end", "unit:pho-an"),
    ]
    assert SECOND not in str(found)  # no full address where many may read
