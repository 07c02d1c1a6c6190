"""Products that are there already and may be what a row means: under another spelling, or in another plan."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

from ocop_workflow.imports.answers import Word
from ocop_workflow.imports.judging.doubles import signature
from ocop_workflow.imports.reading.candidate import Doubt, QuestionKind
from ocop_workflow.states import State
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocop_workflow.imports.queries import Stocked
    from ocop_workflow.imports.reading.candidate import Candidate

#: likeness in hundredths: one of the two is as good as equal and the other one near
_NEARLY_SAME: Final = 90
_NEAR: Final = 60
#: whoever stands here is out of the year's list already
ENDED: Final = frozenset({State.NOT_SELECTED, State.NOT_RATED, State.WITHDRAWN, State.REVOKED, State.LAPSED})


class Resembling:
    """Products that a row may be under another spelling, by unit.

    Of name and producer one is as good as equal, and the other one near: of the plan's own products, which no
    row of the list is known to be. Of other plans' products both are as good as equal (`strictly`), and each
    is proposed once: a list may name two of one name.
    """

    def __init__(self, free: Iterable[Stocked], *, strictly: bool = False) -> None:
        self._least = _NEARLY_SAME if strictly else _NEAR
        self._once = strictly
        self._taken: set[int] = set()
        self._by_unit: defaultdict[int, list[Stocked]] = defaultdict(list)
        for product in free:
            self._by_unit[product.unit_id].append(product)
        self._names: dict[int, list[str]] = {}

    def nearest(self, row: Candidate, unit_id: int) -> Stocked | None:
        """Return the product of the unit that a new row resembles most, if it does enough.

        `row.unit_name` is the unit's own name: it does not count as part of a product's.
        """
        products = self._by_unit.get(unit_id)
        if products is None:
            return None
        if unit_id not in self._names:
            self._names[unit_id] = [signature(product.name, row.unit_name) for product in products]
        name, producer = signature(row.name, row.unit_name), _producer(row.producer, row.representative)
        near = process.extract(
            name, self._names[unit_id], scorer=fuzz.ratio, score_cutoff=self._least, limit=len(products)
        )
        best: tuple[float, Stocked] | None = None
        for _, of_name, place in near:
            product = products[place]
            if product.id in self._taken:
                continue
            of_producer = fuzz.token_set_ratio(producer, _producer(product.producer, product.representative))
            enough = max(of_name, of_producer) >= _NEARLY_SAME and of_producer >= self._least
            if enough and (best is None or of_name + of_producer > best[0]):
                best = of_name + of_producer, product
        if best and self._once:
            self._taken.add(best[1].id)
        return best[1] if best else None


def _producer(producer: str | None, representative: str | None) -> str:
    return search_key(f"{producer or ''} {representative if representative != producer else ''}")


def resembles(row: Candidate, product: Stocked) -> Doubt:
    """Ask whether a new row is a product of the plan whose name or producer was corrected."""
    was = f"“{product.name}”" + (f", {product.producer}" if product.producer else "")
    return Doubt(
        f"Giống {product.code} {was}; là {product.code} sửa tên, hay là sản phẩm mới?",
        f"It resembles {product.code} {was}; is it {product.code} corrected, or a new product?",
        row.sheet,
        row.name_cell,
        product.code,
        QuestionKind.RESEMBLES,
        product.code,
    )


def in_other_plan(row: Candidate, product: Stocked) -> Doubt:
    """Ask whether a new row is a product of another plan."""
    return Doubt(
        f"Sản phẩm cùng tên, cùng chủ thể đã có: {product.code} (kế hoạch {product.plan_slug}, "
        f"{product.state.label}); là sản phẩm ấy, hay là sản phẩm mới?",
        f"There is a product of this name and producer: {product.code} (plan {product.plan_slug}, "
        f"{product.state.value}); is it that one, or a new product?",
        row.sheet,
        row.name_cell,
        product.code,
        QuestionKind.OTHER_PLAN,
        product.code,
    )


def gone(product: Stocked, perhaps: Iterable[Candidate]) -> Doubt:
    """Ask about a product that an earlier list had and this one does not name."""
    rows = ", ".join(str(row.row) for row in perhaps)
    vi, en = (f" (có thể là dòng {rows})", f" (perhaps row {rows})") if rows else ("", "")
    return Doubt(
        f"{product.code} “{product.name}” không còn trong danh sách{vi}; giữ hay rút?",
        f"{product.code} “{product.name}” is no longer on the list{en}; keep it or withdraw it?",
        proposed=Word.KEEP,
        kind=QuestionKind.GONE,
        code=product.code,
    )


__all__ = ["ENDED", "Resembling", "gone", "in_other_plan", "resembles"]
