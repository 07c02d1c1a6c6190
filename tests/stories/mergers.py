"""The town of the seed on its last day as a district; the communes that come after it are made up."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ocop_workflow.access import operator
from ocop_workflow.changes.mergers.succession import merge
from ocop_workflow.changes.mergers.units import load_units, what_is_lost
from ocop_workflow.places import queries as units
from ocop_workflow.regulations.units import read_units

if TYPE_CHECKING:
    from ocop_workflow.changes.mergers.merger_queries import Succession
    from ocop_workflow.changes.mergers.units import LoadedUnits
    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

HOST = operator("host:test")

#: the day on which the districts ended and communes were merged
THE_DAY = date(2025, 7, 1)

#: made up: what the real ones are called is for the real file to say
NEW_UNITS = """
format = 1
[[units]]
id = "quang-ngai"
name = "Tỉnh Quảng Ngãi"
level = "province"
office = "Sở Nông nghiệp và Phát triển nông thôn tỉnh Quảng Ngãi"
emails = ["so-nnptnt@quang-ngai.example"]

[[units]]
id = "moi-mot"
name = "Phường Mới Một"
level = "commune"
parent = "quang-ngai"
office = "UBND phường Mới Một"
emails = ["moi-mot@quang-ngai.example"]

[[units]]
id = "moi-hai"
name = "Xã Mới Hai"
level = "commune"
parent = "quang-ngai"
office = "UBND xã Mới Hai"
"""


def load_new_units(database: Database, clock: FixedClock, text: str = NEW_UNITS) -> LoadedUnits:
    with database.write() as tx:
        given = read_units(text, known={unit.slug for unit in units.all_units(tx)})
        loss = what_is_lost(tx, given, clock.today())
        confirm = loss.hash if loss else None
        return load_units(tx, HOST, given, confirm, today=clock.today(), now=clock.now())


def join(database: Database, clock: FixedClock, old: str, new: str, on: date = THE_DAY) -> Succession:
    """Record that a unit is merged into another."""
    with database.write() as tx:
        return merge(tx, HOST, old, new, on, today=clock.today(), now=clock.now())


def the_district_ends(database: Database, clock: FixedClock) -> None:
    """Record the whole of 1/7/2025: every commune into one of two new ones, the town into the province."""
    load_new_units(database, clock)
    with database.read() as tx:
        town = units.unit_by_slug(tx, "duc-pho")
        assert town is not None
        communes = [unit.slug for unit in units.units_below(tx, town.id)]
    for number, slug in enumerate(communes):
        join(database, clock, slug, "moi-mot" if number % 2 else "moi-hai")
    join(database, clock, "duc-pho", "quang-ngai")
