"""Producers: an equal name is never an identity; who is the same, who is asked about, who is new."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ocop_workflow.access import ERASED
from ocop_workflow.people.producers import Known, Named, is_same, known_or_new, namesakes_of
from ocop_workflow.vietnamese import sort_key
from tests.factories import rows

if TYPE_CHECKING:
    from ocop_workflow.store import Database

HOA = Known(7, "Nguyễn Thị Hoa", "Nguyễn Thị Hoa", frozenset({sort_key("Thôn 1")}))
NOWHERE = replace(HOA, places=frozenset())


@pytest.mark.parametrize(
    ("representative", "place", "known", "same"),
    [
        ("Nguyễn Thị Hoa", "Thôn 1", HOA, True),
        ("NGUYEN THI HOA", "thôn 1", HOA, True),
        ("Nguyễn Thị Hoa", "Thôn 2", HOA, False),  # another household of that name
        ("Trần Văn Nam", "Thôn 1", HOA, False),
        (None, "Thôn 1", HOA, False),  # a name alone
        ("Nguyễn Thị Hoa", None, HOA, True),
        ("Nguyễn Thị Hoa", ERASED.vi, HOA, True),
        ("Nguyễn Thị Hoa", "Thôn 2", NOWHERE, True),
    ],
)
def test_the_same_takes_name_and_representative_and_no_other_place(
    representative: str | None, place: str | None, known: Known, same: bool
) -> None:
    assert is_same(Named(1, "Nguyễn Thị Hoa", representative, place), known) is same


def test_a_producer_that_is_there_is_known_whatever_the_spelling(seeded: Database) -> None:
    ((unit, number),) = rows(seeded, "SELECT unit_id, id FROM producers WHERE name = 'Trần Quốc Việt'")
    before = rows(seeded, "SELECT COUNT(*) FROM producers")
    named = Named(unit, "TRẦN QUỐC VIỆT", "Tran Quoc Viet", "Thôn Hội An 2, xã Phổ An, thị xã Đức Phổ")
    with seeded.write() as tx:
        assert known_or_new(tx, [named]) == {named: number}
        assert [found.id for found in namesakes_of(tx, unit, "tran quoc viet")] == [number]
    assert rows(seeded, "SELECT COUNT(*) FROM producers") == before


def test_where_two_may_be_meant_it_is_neither(seeded: Database) -> None:
    ((unit,),) = rows(seeded, "SELECT id FROM units WHERE slug = 'pho-an'")
    here, there = (Named(unit, "HTX Hoa", "Bà Hoa", place) for place in ("Thôn 1", "Thôn 2"))
    with seeded.write() as tx:
        two = known_or_new(tx, [here, there, here])
        third = known_or_new(tx, [here])
    assert len({*two.values(), *third.values()}) == 3
