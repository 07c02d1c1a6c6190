"""Reading a plan file: schema, cross-references and quotations, every fault at once with its place."""

from __future__ import annotations

import re
import unicodedata
from importlib import resources
from typing import TYPE_CHECKING, Any

from ocop_workflow.calendar.consistency import cross_faults
from ocop_workflow.calendar.plan import Plan
from ocop_workflow.calendar.yearly import year_doubts, year_faults
from ocop_workflow.errors import Fault, NotFound, fault
from ocop_workflow.regulations import parse_toml, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_plan(text: str, name: str = "plan.toml", source: str | None = None) -> Plan:
    """Read a plan from the text of a file that somebody brings.

    Args:
        text: the content of the file.
        name: what the file is called, for the sentence.
        source: the text of the plan's document; if given, every quotation has to stand in it.

    Raises:
        InvalidInput: every fault of the file at once, each with its place.
    """

    def between(raw: dict[str, Any]) -> Iterator[Fault]:
        yield from cross_faults(raw)
        yield from year_faults(raw)
        if source is not None:
            yield from _quote_faults(raw, source)

    return read_toml(text, Plan, name, between)


def read_loaded_plan(text: str) -> Plan:
    """Read a plan that has been loaded: what was taken once stays readable.

    Raises:
        InvalidInput: it cannot be read; see `read_plan`, but for the days outside its year.
    """
    return read_toml(text, Plan, "plan.toml", cross_faults)


def plan_doubts(text: str) -> list[Fault]:
    """Return what is worth a second look in a plan file that has no faults: each with its place."""
    return list(year_doubts(parse_toml(text)))


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


def check_quotes(plan: Plan, source: str) -> list[Fault]:
    """Return a fault for each quotation of `plan` that does not stand in `source`.

    Compared in NFC, without `*`, white space collapsed. `[…]` in a quotation marks a gap; the fragments
    around it must stand in this order.
    """
    return list(_quote_faults(plan.model_dump(by_alias=True), source))


def _quote_faults(tables: dict[str, Any], source: str) -> Iterator[Fault]:
    plain = _plain(source)
    for place, quote in _quotations("", tables):
        fragment = _first_absent(_plain(quote), plain)
        if fragment:
            yield fault(
                place,
                f"câu trích không có trong văn bản nguồn: «{fragment}»",
                f"these words do not stand in the source: «{fragment}»",
            )


def quotations(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield every quotation of the plan with its place."""
    yield from _quotations("", plan.model_dump(by_alias=True))


def _quotations(place: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            path = f"{place}.{key}" if place else key
            if key == "as_written" and isinstance(inner, str):
                yield path, inner
            else:
                yield from _quotations(path, inner)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _quotations(f"{place}[{index}]", inner)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text).replace("*", "")).strip()


def _first_absent(quote: str, source: str) -> str:
    """Return the first fragment that is not found behind the one before it; empty if all are."""
    at = 0
    for fragment in filter(None, (part.strip() for part in quote.split("[…]"))):
        found = source.find(fragment, at)
        if found < 0:
            return fragment
        at = found + len(fragment)
    return ""
