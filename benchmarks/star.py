"""The stars of a session: sheets to totals, gates and the way to the next star, beside a plain count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks import plain_star
from benchmarks.council import MEMBERS, PRODUCTS, set_of, sheets_of
from benchmarks.measuring import Row, Stopwatch, in_child, medians
from benchmarks.plain_star import Plain
from ocop_workflow.regulations.rubrics import CouncilRules
from ocop_workflow.regulations.rubrics.entries import as_sheet
from ocop_workflow.regulations.rubrics.scoring import result_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.stores import Store
    from ocop_workflow.regulations.rubrics.next_star import Pick
    from ocop_workflow.regulations.rubrics.scoring import Result

_RULES = CouncilRules()


def _result(product: int, said: Sequence[Mapping[str, Any]]) -> Result:
    given = {f"{login}: ": as_sheet(sheet) for login, sheet in zip(MEMBERS, said, strict=True)}
    return result_of(str(set_of(product)), given, _RULES)


def ours(watch: Stopwatch) -> None:
    """Work out all products of a session from what their sheets say, as its page does."""
    said = [sheets_of(product) for product in range(PRODUCTS)]
    for product in range(PRODUCTS):
        _result(product, said[product])
    with watch:
        for product in range(PRODUCTS):
            _result(product, said[product])


def floor(watch: Stopwatch) -> None:
    """Count the same plainly."""
    said = [sheets_of(product) for product in range(PRODUCTS)]
    for product in range(PRODUCTS):
        plain_star.come_to(set_of(product), said[product])
    with watch:
        for product in range(PRODUCTS):
            plain_star.come_to(set_of(product), said[product])


def measure(store: Store, rounds: int) -> list[Row]:
    """Measure a session; no database has a part in it."""
    if store.kind != "sqlite":
        return []
    for product in range(PRODUCTS):
        mine, plain = _plainly(_result(product, sheets_of(product))), _counted(product)
        if mine != plain:
            raise AssertionError(f"product {product}: by the service {mine}, plainly {plain}")
    took, best = medians(rounds, lambda: in_child(ours), lambda: in_child(floor))
    note = f"{took.seconds / PRODUCTS * 1000:.2f} and {best.seconds / PRODUCTS * 1000:.2f} ms a product"
    return [Row("stars of a session", "-", PRODUCTS * len(MEMBERS), took.seconds, best.seconds, note=note)]


def _counted(product: int) -> Plain:
    found = plain_star.come_to(set_of(product), sheets_of(product))
    way = found.way and [(name, _option(option), points) for name, option, points in found.way]
    return found._replace(way=way)


def _option(option: object) -> object:
    return tuple(option.values()) if isinstance(option, dict) else option


def _plainly(result: Result) -> Plain:
    """Say a result as the plain count does."""
    outcome, way = result.outcome, result.way
    missed = {star: [gate.criterion for gate in gates] for star, gates in outcome.missed.items()}
    picks = None if way is None or way.cheapest is None else [*map(_pick, way.cheapest)]
    return Plain(int(outcome.sum), outcome.star, missed, picks)


def _pick(pick: Pick) -> tuple[str, Any, int]:
    return pick.criterion, pick.option, pick.points
