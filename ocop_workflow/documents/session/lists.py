"""The lists of a decision of recognition: first ones, upgrades, re-evaluations apart, old star beside new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ocop_workflow.documents.paper.pieces import SHORT_BLANK, Column, Grid, LineRole, Side, TextLine
from ocop_workflow.documents.session.words import short_day
from ocop_workflow.states import Dossier

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

_LISTS: Final = (
    (Dossier.FIRST, "SẢN PHẨM ĐÁNH GIÁ LẦN ĐẦU"),
    (Dossier.UPGRADE, "SẢN PHẨM NÂNG HẠNG"),
    (Dossier.RENEWAL, "SẢN PHẨM ĐÁNH GIÁ LẠI"),
)


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """A product that a decision recognises, as its annex lists it.

    Attributes:
        points: the mean as it is written, or a blank.
        before: the star that it held; none: it held none, or nobody knows.
        until: the last valid day of its certificate; none: there is none yet.
    """

    kind: Dossier
    product: str
    producer: str
    commune: str
    points: str
    star: int
    before: int | None
    until: date | None


def recognised_lists(lines: Sequence[RecognisedLine], months: int) -> tuple[TextLine | Grid, ...]:
    """Return a list for each kind of dossier that there is, the highest star first.

    Args:
        lines: the products, in the order of the session's list.
        months: how long a certificate holds under the regulation, where its last day is not known.
    """
    return tuple(block for kind, title in _LISTS for block in _list(lines, kind, title, months))


def _list(
    lines: Sequence[RecognisedLine], kind: Dossier, title: str, months: int
) -> Iterator[TextLine | Grid]:
    of_kind = sorted((line for line in lines if line.kind is kind), key=lambda line: -line.star)
    if not of_kind:
        return
    compared = kind is not Dossier.FIRST
    stars = [Column("Hạng sao", 8, Side.CENTRE)]
    if compared:
        stars = [Column("Hạng sao cũ", 8, Side.CENTRE), Column("Hạng sao mới", 8, Side.CENTRE)]
    columns = (
        Column("TT", 4, Side.CENTRE),
        Column("Sản phẩm", 22),
        Column("Chủ thể", 22),
        Column("Địa chỉ (xã, phường)", 16),
        Column("Điểm", 8, Side.CENTRE),
        *stars,
        Column("Giá trị đến", 14, Side.CENTRE),
    )
    yield TextLine(title, LineRole.CENTRED)
    yield Grid(columns, tuple(_row(place, line, months, compared) for place, line in enumerate(of_kind, 1)))


def _row(place: int, line: RecognisedLine, months: int, compared: bool) -> tuple[str, ...]:  # noqa: FBT001 - a list is one or the other
    before = (f"{line.before} sao" if line.before else SHORT_BLANK,) if compared else ()
    return (
        str(place),
        line.product,
        line.producer,
        line.commune,
        line.points,
        *before,
        f"{line.star} sao",
        short_day(line.until) if line.until else f"{months} tháng từ ngày ban hành",
    )
