"""What a chair may want to look at again in a session's scores: nothing here blocks anything, or accuses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ocop_workflow.errors import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from fractions import Fraction

#: the bands at which a point decides (QĐ 26/2026/QĐ-TTg, khoản 3 Điều 3)
THRESHOLDS = (50, 70, 90)
#: a sheet that was signed sooner after its opening was hardly read
SOON = timedelta(minutes=1)
#: totals from which on it says something that they are all alike
_MANY = 3


class AttentionKind(StrEnum):
    """What is noticed."""

    NEAR = "near"
    ALIKE = "alike"
    UNVARYING = "unvarying"
    ON_THRESHOLD = "on_threshold"
    CHANGED = "changed"
    QUICK = "quick"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Seen:
    """A signed sheet as it is looked at: whose, of what, what it says, and how long it took."""

    member: str
    product: str
    round: int
    total: Fraction
    said: Mapping[str, Any]
    took: timedelta
    on_paper: bool = False


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing to look at again: what, of which product (none: of several), in words."""

    notice: AttentionKind
    product: str | None
    text: Text


def look_again(
    sheets: Sequence[Seen], means: Mapping[str, Fraction], conflicts: Sequence[tuple[str, str]]
) -> tuple[Attention, ...]:
    """Return what to look at again in a session.

    Args:
        sheets: all signed sheets, of every round.
        means: the mean of each product that has one.
        conflicts: who declared a conflict of interest with what: member, product.
    """
    last: dict[str, int] = {}
    for item in sheets:
        last[item.product] = max(item.round, last.get(item.product, 0))
    counting = [item for item in sheets if last[item.product] == item.round]
    return (
        *_near(means),
        *_alike(counting),
        *_habits(counting),
        *_changed(sheets),
        *_quick(sheets),
        *(
            Attention(
                AttentionKind.CONFLICT,
                product,
                Text(f"{member} đã khai xung đột lợi ích.", f"{member} has declared a conflict of interest."),
            )
            for member, product in conflicts
        ),
    )


def _near(means: Mapping[str, Fraction]) -> Iterator[Attention]:
    for product, mean in means.items():
        for threshold in THRESHOLDS:
            if threshold <= mean < threshold + 1:
                yield Attention(
                    AttentionKind.NEAR,
                    product,
                    Text(
                        f"Điểm trung bình cao hơn ngưỡng {threshold} chưa đến 1 điểm: nên xem lại.",
                        f"The mean lies less than a point above {threshold}: worth a second look.",
                    ),
                )


def _alike(sheets: Sequence[Seen]) -> Iterator[Attention]:
    found: dict[tuple[str, str], list[str]] = {}
    for item in sheets:
        chosen = {place: value for place, value in item.said.items() if place.startswith("choices.")}
        if chosen:
            found.setdefault((item.product, repr(sorted(chosen.items()))), []).append(item.member)
    for (product, _), members in found.items():
        if len(members) > 1:
            names = ", ".join(members)
            yield Attention(
                AttentionKind.ALIKE,
                product,
                Text(
                    f"{names}: các phiếu giống nhau ở mọi tiêu chí, nên xem lại.",
                    f"{names}: their sheets agree in every criterion; worth a second look.",
                ),
            )


def _habits(sheets: Sequence[Seen]) -> Iterator[Attention]:
    """AttentionKind members whose totals never vary, or always meet a threshold exactly."""
    by_member: dict[str, list[Fraction]] = {}
    for item in sheets:
        by_member.setdefault(item.member, []).append(item.total)
    for member, totals in by_member.items():
        if len(totals) < _MANY:
            continue
        if len(set(totals)) == 1:
            yield Attention(
                AttentionKind.UNVARYING,
                None,
                Text(
                    f"{member} cho mọi sản phẩm cùng {totals[0]} điểm: nên xem lại.",
                    f"{member} gave every product {totals[0]} points; worth a second look.",
                ),
            )
        elif all(total in THRESHOLDS for total in totals):
            yield Attention(
                AttentionKind.ON_THRESHOLD,
                None,
                Text(
                    f"{member} luôn cho đúng điểm ngưỡng (50, 70, 90): nên xem lại.",
                    f"{member} always gave exactly a threshold (50, 70, 90); worth a second look.",
                ),
            )


def _changed(sheets: Sequence[Seen]) -> Iterator[Attention]:
    first = {(item.member, item.product): item for item in sheets if item.round == 1}
    for item in sheets:
        before = first.get((item.member, item.product))
        if item.round > 1 and before is not None and before.total != item.total:
            yield Attention(
                AttentionKind.CHANGED,
                item.product,
                Text(
                    f"{item.member} đổi từ {before.total} thành {item.total} điểm sau thảo luận.",
                    f"{item.member} changed from {before.total} to {item.total} points after the discussion.",
                ),
            )


def _quick(sheets: Sequence[Seen]) -> Iterator[Attention]:
    quick = Counter(item.member for item in sheets if item.took < SOON and not item.on_paper)
    for member, many in quick.items():
        yield Attention(
            AttentionKind.QUICK,
            None,
            Text(
                f"{member} ký {many} phiếu trong vòng một phút sau khi mở: nên xem lại.",
                f"{member} signed {many} sheets within a minute of opening them; worth a second look.",
            ),
        )
