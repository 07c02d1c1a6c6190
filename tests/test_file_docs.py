"""The pages on files that an office writes: their examples load, and no key of a file is left out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from pydantic import BaseModel

from ocop_workflow.calendar import plan_remarks, read_plan
from ocop_workflow.calendar.plan import Plan
from ocop_workflow.calendar.when import Offset, When
from ocop_workflow.changes.loading import load_plan
from ocop_workflow.changes.mergers.units import save_units
from ocop_workflow.imports.importing import import_annex, read_file
from ocop_workflow.regulations.units import Units, read_units
from tests.factories import LAN, SEED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_workflow.store import Database
    from tests.fakes import FixedClock

DOCS = Path(__file__).parents[1] / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def example(name: str, kind: str = "toml") -> str:
    """Return the one example of a page."""
    (found,) = re.findall(rf"```{kind}\n(.*?)```", page(name), re.DOTALL)
    return str(found)


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield a schema and those that it holds, but for times, which have a page of their own."""
    yield model
    for field in model.model_fields.values():
        yield from _held(field.annotation)


def _held(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from () if annotation in (When, Offset) else models(annotation)
    for inner in get_args(annotation):
        yield from _held(inner)


def test_the_plan_that_uses_every_table_has_neither_fault_nor_doubt() -> None:
    text = example("plan-tables.md")
    plan = read_plan(text)
    assert plan_remarks(text) == []
    empty = {name for name in Plan.model_fields if not getattr(plan, name)}
    assert empty == {"parent", "last_year"}  # of plans that lean on another one, or go on for years


def test_every_key_of_a_plan_file_stands_on_the_page() -> None:
    named = set(re.findall(r"`(?:\[\[?)?([a-z_0-9]+)(?:\]\]?)?`", page("plan-tables.md").split("```toml")[0]))
    keys = {field.alias or name for model in models(Plan) for name, field in model.model_fields.items()}
    assert keys - named == set()


def test_the_units_of_the_page_load_and_every_key_is_there(database: Database, clock: FixedClock) -> None:
    units = read_units(example("units-file.md"))
    assert [unit.emails for unit in units][1:] == [("ubnd@xa-dau.example", "van-thu@xa-dau.example"), None]
    keys = {name for model in models(Units) for name in model.model_fields}
    assert {key for key in keys if f"`{key}`" not in page("units-file.md")} == {"units"}
    assert "`[[units]]`" in page("units-file.md")
    with database.write() as tx:
        assert save_units(tx, units, clock.today()) == 3
        text = example("plan-tables.md")
        loaded = load_plan(tx, text, actor="x", today=clock.today(), now=clock.now())
    assert (loaded.milestones, loaded.activities) == (1, 1)


def test_the_list_of_the_page_is_imported_and_asks_what_the_page_says(
    seeded: Database, clock: FixedClock, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_text(example("import.md", "csv"), "utf-8")
    with seeded.write() as tx:
        file = read_file(tmp_path / "list.csv")
        report = import_annex(tx, file, SEED, actor=LAN, today=clock.today(), now=clock.now())
    assert [(row.name, row.unit, row.producer, row.is_new) for row in report.rows] == [
        ("Mắm nhum", "Xã Phổ An", "Chủ cơ sở A", True),
        ("Chè dây", "Xã Phổ Phong", "Hợp tác xã B", True),
        ("Trà chè dây", "Xã Phổ Phong", "Hợp tác xã B", True),
    ]
