"""Quotations of a plan file, and whether they stand in the documents from which they are taken."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_workflow.errors import Fault, fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ocop_workflow.calendar.plan import Plan


class Quotation(NamedTuple):
    """Words of a document, where the plan file has them, and which document: empty, the plan's own."""

    place: str
    words: str
    document: str


def check_quotes(plan: Plan, source: str) -> list[Fault]:
    """Return a fault for each quotation of a plan's own document that does not stand in `source`.

    Compared in NFC, without `*`, white space collapsed. `[…]` in a quotation marks a gap; the fragments
    around it must stand in this order.
    """
    return list(quote_faults(plan.model_dump(by_alias=True), {"": source}))


def quote_faults(tables: dict[str, Any], sources: Mapping[str, str]) -> Iterator[Fault]:
    """Yield a fault for each quotation that does not stand in its document, of those that are given."""
    plain = {document: _plain(text) for document, text in sources.items()}
    for quote in _quotations("", tables, ""):
        if quote.document not in plain:
            continue
        fragment = _first_absent(_plain(quote.words), plain[quote.document])
        if fragment:
            yield fault(
                quote.place,
                f"câu trích không có trong văn bản nguồn{_of(quote.document)}: «{fragment}»",
                f"these words do not stand in the source{_of(quote.document)}: «{fragment}»",
            )


def _of(document: str) -> str:
    return f" {document}" if document else ""


def quotations(plan: Plan) -> Iterator[Quotation]:
    """Yield every quotation of the plan."""
    yield from _quotations("", plan.model_dump(by_alias=True), "")


def _quotations(place: str, value: object, document: str) -> Iterator[Quotation]:
    if isinstance(value, dict):
        named = value.get("document")
        document = named if isinstance(named, str) and named else document
        for key, inner in value.items():
            path = f"{place}.{key}" if place else key
            if key == "as_written" and isinstance(inner, str):
                yield Quotation(path, inner, document)
            else:
                yield from _quotations(path, inner, document)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _quotations(f"{place}[{index}]", inner, document)


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
