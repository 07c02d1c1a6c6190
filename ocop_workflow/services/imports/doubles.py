"""Products of one annex beside each other: which may be the same, and by which key each is known again."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import astuple, replace
from typing import TYPE_CHECKING, Final

from ocop_workflow.errors import Text
from ocop_workflow.services.imports.candidate import row_name
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ocop_workflow.services.imports.candidate import Candidate

_KIND_OF_UNIT: Final = re.compile(r"^(xa|phuong|thi tran|thi xa|thanh pho|huyen) ")


def with_keys(products: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Give each product its key: unit, name, producer as they are compared, and its number among equals.

    Equals are numbered by what their rows say, not by where they stand, so that a reordered sheet gives
    every product the same key again.
    """
    numbers: Counter[str] = Counter()
    keys: dict[int, str] = {}
    for product in sorted(products, key=_content):
        stem = "|".join(_words(text) for text in (product.unit_name, product.name, product.producer or ""))
        numbers[stem] += 1
        keys[product.row] = f"{stem}|{numbers[stem]}"
    return tuple(replace(product, key=keys[product.row]) for product in products)


def with_doubles(products: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Ask of each product that shares its name, or nearly, with another of its unit; merge none."""
    same = _others(products, lambda product: product.name.casefold())
    alike = _others(products, _signature)
    return tuple(
        replace(product, questions=(*product.questions, *_doubt(same[product.row], alike[product.row])))
        for product in products
    )


def _others(
    products: Iterable[Candidate], likeness: Callable[[Candidate], str]
) -> dict[int, dict[int, Candidate]]:
    """Return for each row the other rows of its unit that are alike, by row."""
    groups: defaultdict[tuple[str, str], dict[int, Candidate]] = defaultdict(dict)
    for product in products:
        groups[_words(product.unit_name), likeness(product)][product.row] = product
    return {
        row: {other: found for other, found in group.items() if other != row}
        for group in groups.values()
        for row in group
    }


def _doubt(same: dict[int, Candidate], alike: dict[int, Candidate]) -> Iterable[Text]:
    near = [product for row, product in alike.items() if row not in same]
    if same:
        yield Text(
            f"Cùng địa phương có sản phẩm trùng tên ở {_list(same.values(), 'dòng')}; "
            "có phải là hai sản phẩm khác nhau không?",
            f"The unit has a product of the same name in {_list(same.values(), 'row')}; are they different?",
        )
    if near:
        yield Text(
            f"Tên gần giống sản phẩm cùng địa phương ở {_list(near, 'dòng')}; "
            "có phải là hai sản phẩm khác nhau không?",
            f"The name is nearly that of a product of the unit in {_list(near, 'row')}; are they different?",
        )


def _list(products: Iterable[Candidate], word: str) -> str:
    return ", ".join(
        f"{row_name(word, product.row, product.number)}: “{product.name}”" for product in products
    )


def _signature(product: Candidate) -> str:
    """Return the words of the name in no order, without marks and without the name of the unit."""
    place = _KIND_OF_UNIT.sub("", _words(product.unit_name))
    name = f" {_words(product.name)} "
    return " ".join(sorted((name.replace(f" {place} ", " ").strip() or name).split()))


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", search_key(text)))


def _content(product: Candidate) -> tuple[str, ...]:
    """Return all that the row says, but not where it stands, in a form that sorts."""
    said = replace(product, row=0, number="", questions=(), key="")
    return tuple(str(value or "") for value in astuple(said))


__all__ = ["with_doubles", "with_keys"]
