"""Reading a plan file: schema, cross-references and quotations, every fault at once with its place."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

from ocop_workflow.calendar.plan import Plan
from ocop_workflow.calendar.reading.consistency import cross_faults
from ocop_workflow.calendar.reading.hearing import hearing_faults, hearing_remarks
from ocop_workflow.calendar.reading.inspection_faults import inspection_faults
from ocop_workflow.calendar.reading.quotes import quote_faults
from ocop_workflow.calendar.reading.round_faults import round_faults, round_remarks
from ocop_workflow.calendar.reading.time_faults import time_faults
from ocop_workflow.calendar.reading.yearless import completed
from ocop_workflow.calendar.reading.yearly import year_faults, year_remarks
from ocop_workflow.errors import Fault, NotFound
from ocop_workflow.regulations import parse_toml, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def read_plan(text: str, name: str = "plan.toml", sources: Mapping[str, str] | None = None) -> Plan:
    """Read a plan from the text of a file that somebody brings.

    Args:
        text: the content of the file.
        name: what the file is called, for the sentence.
        sources: the text of the plan's document under "", of its other documents under their ids; every
            quotation from one that is given has to stand in it.

    Raises:
        InvalidInput: every fault of the file at once, each with its place.
    """

    def between(raw: dict[str, Any]) -> Iterator[Fault]:
        yield from cross_faults(raw)
        yield from year_faults(raw)
        yield from round_faults(raw)
        yield from inspection_faults(raw)
        yield from time_faults(raw)
        yield from hearing_faults(raw)
        yield from quote_faults(raw, sources or {})

    return read_toml(text, Plan, name, between, completed)


def read_loaded_plan(text: str) -> Plan:
    """Read a plan that has been loaded: what was taken once stays readable.

    Raises:
        InvalidInput: it cannot be read; see `read_plan`, but for the days outside its year.
    """
    return read_toml(text, Plan, "plan.toml", cross_faults, completed)


def plan_remarks(text: str) -> list[Fault]:
    """Return what is worth a second look in a plan file that has no faults: each with its place."""
    raw = completed(parse_toml(text))
    return [*year_remarks(raw), *round_remarks(raw), *hearing_remarks(raw)]


def shipped_plan_ids() -> tuple[str, ...]:
    """Return the ids of the plans that ship with the service."""
    folder = resources.files("ocop_workflow") / "data" / "plans"
    return tuple(
        sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml"))
    )


def shipped_plan_text(plan_id: str) -> str:
    """Return the file of a shipped plan.

    Raises:
        NotFound: no plan of this id ships with the service.
    """
    known = shipped_plan_ids()
    if plan_id not in known:
        raise NotFound(
            f"Không có tệp hay kế hoạch nào tên {plan_id}; kế hoạch kèm theo: {', '.join(known)}.",
            f"No file or plan is called {plan_id}; shipped plans: {', '.join(known)}.",
        )
    path = resources.files("ocop_workflow") / "data" / "plans" / f"{plan_id}.toml"
    return path.read_text("utf-8")
