"""A plan that is kept beside its file, read already, is the very plan that its file gives."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import ocop_workflow.calendar.reading.yearless as filling_in
from ocop_workflow.calendar import Plan, read_loaded_plan, shipped_plan_ids, shipped_plan_text
from ocop_workflow.calendar.reading.compiled import FORMAT, compiled, from_compiled

#: of each format: the plan's schema, and what fills in a file's times
KNOWN = {1: "24c6448e7825aacd", 2: "7022f0a03b771aff", 3: "f878f3d5b5a0a802", 4: "fee71c57b89dc2e1"}


def test_whoever_changes_what_a_plan_is_read_as_raises_the_format() -> None:
    schema = json.dumps(Plan.model_json_schema(), sort_keys=True)
    read_by = schema + Path(filling_in.__file__).read_text("utf-8")
    assert KNOWN[FORMAT] == hashlib.sha256(read_by.encode()).hexdigest()[:16]


@pytest.mark.parametrize("plan_id", shipped_plan_ids())
def test_it_is_read_back_as_the_very_same(plan_id: str) -> None:
    plan = read_loaded_plan(shipped_plan_text(plan_id))
    kept = compiled(plan)
    assert kept is not None
    assert from_compiled(kept) == plan


def test_what_is_not_a_plan_is_passed_over() -> None:
    assert from_compiled("{}") is None
    assert from_compiled("") is None


def test_what_could_not_be_read_back_as_the_same_is_not_kept() -> None:
    plan = read_loaded_plan(shipped_plan_text("duc-pho-2024"))
    assert compiled(plan.model_copy(update={"code": "no code"})) is None
