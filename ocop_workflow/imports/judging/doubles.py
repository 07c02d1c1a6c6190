"""Products of one annex beside each other: which may be the same, and by which key each is known again."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ocop_workflow.imports.answers import Word
from ocop_workflow.imports.reading.candidate import CellQuestion, Doubt, QuestionKind, row_name
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ocop_workflow.imports.answers import Answers
    from ocop_workflow.imports.reading.candidate import Candidate

_KIND_OF_UNIT: Final = re.compile(r"^(xa|phuong|thi tran|thi xa|thanh pho|huyen) ")


def with_keys(products: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Give each product its key: unit, name, producer as they are compared, and its number among equals.

    Equals are numbered by what their rows say, not by where they stand, so that a reordered sheet gives
    every product the same key again.
    """
    numbers: Counter[str] = Counter()
    keys: dict[tuple[str, int], str] = {}
    for product in sorted(products, key=_rank):
        stem = stem_of(product)
        numbers[stem] += 1
        keys[product.at] = f"{stem}|{numbers[stem]}"
    return tuple(replace(product, key=keys[product.at]) for product in products)


def with_twice(products: Sequence[Candidate], answers: Answers) -> tuple[Candidate, ...]:
    """Ask of each product that stands on an earlier sheet too; the other one is read."""
    first: dict[str, Candidate] = {}
    found = []
    for product in products:
        other = first.setdefault(stem_of(product), product)
        doubt = _twice(product, other) if other.sheet != product.sheet and not other.left_out else None
        answer = answers.to(doubt) if doubt and not product.left_out else None
        if answer and answer.word is Word.SKIP:
            found.append(replace(product, left_out=True))
        elif doubt and not answer and not product.left_out:
            found.append(replace(product, doubts=(*product.doubts, doubt)))
        else:
            found.append(product)
    return tuple(found)


def _twice(product: Candidate, other: Candidate) -> Doubt:
    vi, en = (row_name(word, other.row, other.number) for word in ("dòng", "row"))
    return Doubt(
        f"“{product.name}” đã có ở {vi} của trang “{other.sheet}”; bỏ qua dòng này hay là sản phẩm khác?",
        f"“{product.name}” stands in {en} of the sheet “{other.sheet}” too; leave it out, or is it another?",
        product.sheet,
        product.name_cell,
        Word.SKIP,
        QuestionKind.TWICE,
    )


def stem_of(product: Candidate) -> str:
    """Return what a product is known by: unit, name and producer as they are compared."""
    return "|".join(_words(text) for text in (product.unit_name, product.name, product.producer or ""))


def with_doubles(products: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Ask of each product that shares its name, or nearly, with another of its unit; merge none."""
    same = _others(products, lambda product: product.name.casefold())
    alike = _others(products, _signature)
    return tuple(
        replace(
            product, questions=(*product.questions, *_doubt(product, same[product.at], alike[product.at]))
        )
        for product in products
    )


_At = tuple[str, int]


def _others(
    products: Iterable[Candidate], likeness: Callable[[Candidate], str]
) -> dict[_At, dict[_At, Candidate]]:
    """Return for each row the other rows of its unit that are alike, by sheet and row."""
    groups: defaultdict[tuple[str, str], dict[_At, Candidate]] = defaultdict(dict)
    for product in products:
        groups[_words(product.unit_name), likeness(product)][product.at] = product
    return {
        at: {other: found for other, found in group.items() if other != at}
        for group in groups.values()
        for at in group
    }


def _doubt(
    product: Candidate, same: dict[_At, Candidate], alike: dict[_At, Candidate]
) -> Iterable[CellQuestion]:
    near = [other for at, other in alike.items() if at not in same]
    here = product.sheet
    if same:
        vi, en = (_list(same.values(), here, word) for word in ("dòng", "row"))
        yield CellQuestion(
            f"Cùng địa phương có sản phẩm trùng tên ở {vi}; có phải là hai sản phẩm khác nhau không?",
            f"The unit has a product of the same name in {en}; are they different?",
            here,
            product.name_cell,
        )
    if near:
        vi, en = (_list(near, here, word) for word in ("dòng", "row"))
        yield CellQuestion(
            f"Tên gần giống sản phẩm cùng địa phương ở {vi}; có phải là hai sản phẩm khác nhau không?",
            f"The name is nearly that of a product of the unit in {en}; are they different?",
            here,
            product.name_cell,
        )


def _list(products: Iterable[Candidate], here: str, word: str) -> str:
    return ", ".join(
        row_name(word, product.row, product.number)
        + (f" [{product.sheet}]" if product.sheet != here else "")
        + f": “{product.name}”"
        for product in products
    )


def _signature(product: Candidate) -> str:
    return signature(product.name, product.unit_name)


def signature(name: str, unit_name: str) -> str:
    """Return the words of a product's name in no order, without marks and without the name of the unit."""
    place = _KIND_OF_UNIT.sub("", _words(unit_name))
    words = f" {_words(name)} "
    return " ".join(sorted((words.replace(f" {place} ", " ").strip() or words).split()))


@lru_cache(maxsize=32_768)  # units and producers come again and again, each name is asked for several times
def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", search_key(text)))


def _rank(product: Candidate) -> tuple[str, ...]:
    """Return all that the row says, not where it stands, in a form that sorts; what may not count is last."""
    waits = product.left_out or any(doubt.kind is QuestionKind.TWICE for doubt in product.doubts)
    said = (
        product.unit_name,
        product.name,
        product.producer,
        product.representative,
        product.address,
        product.target,
    )
    return (str(int(waits)), *(str(value or "") for value in said))


__all__ = ["signature", "stem_of", "with_doubles", "with_keys", "with_twice"]
