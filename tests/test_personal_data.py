"""docs/personal-data.md against the database: every column of text is classed, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import JSON, Enum, LargeBinary, String

from ocop_workflow.settings import KeepSettings
from ocop_workflow.store.tables import metadata

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "personal-data.md").read_text("utf-8")
_COLUMN = re.compile(r"`([a-z_]+\.[a-z_0-9]+)`")

#: what may hold a person's data: text, JSON and bytes; never a closed set of words
HOLDING = {
    f"{table.name}.{column.name}"
    for table in metadata.sorted_tables
    for column in table.columns
    if isinstance(column.type, String | JSON | LargeBinary) and not isinstance(column.type, Enum)
}


def classed() -> dict[str, str]:
    """Return the class of each column in the page's table."""
    part = PAGE.partition("## Từng cột")[2].partition("Cột chữ không nói về người")[0]
    rows = [line.split("|")[1:-1] for line in part.splitlines() if line.startswith("| `")]
    return {column: cells[1].strip() for cells in rows for column in _COLUMN.findall(cells[0])}


def of_nobody() -> list[str]:
    """Return the columns of which the page says that they tell nothing of people."""
    part = PAGE.partition("Cột chữ không nói về người")[2].partition("Ngoài cơ sở dữ liệu")[0]
    return _COLUMN.findall(part)


def test_every_column_that_can_hold_a_persons_data_is_classed_and_once() -> None:
    assert sorted([*classed(), *of_nobody()]) == sorted(HOLDING)


def test_the_classes_are_three() -> None:
    assert set(classed().values()) == {"hồ sơ", "liên hệ", "bản chép"}


def test_contact_values_stand_in_one_table_alone() -> None:
    assert {column.split(".")[0] for column, kind in classed().items() if kind == "liên hệ"} == {"contacts"}


@pytest.mark.parametrize("name", KeepSettings.model_fields)
def test_every_term_is_told_with_its_days(name: str) -> None:
    days = KeepSettings.model_fields[name].default
    assert re.search(rf"{days} ngày[^|]*`OCOP_KEEP__{name.upper()}`", PAGE)


def test_how_to_report_a_weak_spot_is_linked_and_names_no_real_address() -> None:
    page = (ROOT / "SECURITY.md").read_text("utf-8")
    assert "](SECURITY.md)" in (ROOT / "README.md").read_text("utf-8")
    assert all(address.endswith(".example") for address in re.findall(r"[\w.]+@[\w.]+", page))
