"""Each row of a list of certificates by itself: is it whole, which commune is meant, what does it say?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from ocop_workflow.access import Permission
from ocop_workflow.errors import Text
from ocop_workflow.imports.judging.known_units import communes_of
from ocop_workflow.imports.reading.unit_names import Communes
from ocop_workflow.imports.register.communes import key_of_commune, which_commune
from ocop_workflow.imports.register.judged import Judged
from ocop_workflow.imports.register.replies import (
    COMMUNE,
    DECIDED_ON,
    IMPORT,
    NUMBER,
    SKIP,
    STAR,
    YES,
    among,
)
from ocop_workflow.places import queries as units
from ocop_workflow.regulations import last_valid_day, regulation_on
from ocop_workflow.states import Certificate
from ocop_workflow.vietnamese import search_key

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ocop_workflow.access import Actor
    from ocop_workflow.imports.reading.unit_names import Found, KnownName
    from ocop_workflow.imports.register.file import RegisterFile, RegisterOrder
    from ocop_workflow.imports.register.lists.recognition import ListedRecognition
    from ocop_workflow.imports.register.replies import Replies
    from ocop_workflow.regulations import Regulation
    from ocop_workflow.store import Connection


class Judging:
    """Judges the rows of one list, each by itself."""

    def __init__(self, tx: Connection, file: RegisterFile, order: RegisterOrder, replies: Replies) -> None:
        """Take the list, who brings it, and what was answered."""
        self._order, self._replies = order, replies
        self._communes: dict[date, Communes] = {}
        self._known = [name for top in _tops(tx, order.actor) for name in communes_of(tx, top, order.today)]
        self._by_rule: dict[date, date] = {}
        self._last: defaultdict[tuple[str, int], list[date]] = defaultdict(list)
        numbers: defaultdict[str, set[str]] = defaultdict(set)
        for row in file.recognitions:
            if row.decided_on is not None:
                self._last[row.at].append(row.decided_on)
            if row.number:
                numbers[row.sheet].add(same_number(row.number))
        #: of a sheet that names one decision alone, that
        self._only = {sheet: found.pop() for sheet, found in numbers.items() if len(found) == 1}

    def judge(self, row: ListedRecognition) -> Judged:
        """Return what becomes of a row by itself."""
        row = self._with_whole(row)
        one, words = Judged(row), self._replies.to_row(row)
        if among(words, SKIP):
            return one.left_out("bỏ qua theo câu trả lời")
        if row.star == 0:
            return one.left_out("chưa đạt hạng sao")
        if row.wrong:
            return one.at_fault(*row.wrong[0])
        if self._looked_at(one, words) and self._is_whole(one) and self._locate(one):
            self._understand(one)
        if one.key is not None and among(self._replies.by(one.key), SKIP):
            return one.left_out("bỏ qua theo câu trả lời")
        return one

    def _looked_at(self, one: Judged, words: list[str]) -> bool:
        """Ask about what somebody has to look at; true: nothing is left to ask."""
        row = one.row
        if row.hidden and not among(words, IMPORT):
            one.asked(None, _HIDDEN, "bỏ qua")
            return False
        for cell, text in row.asked:
            if not among(self._replies.to_row(row, f"{row.sheet}!{cell}", cell), IMPORT | YES):
                one.asked(cell, Text(f"{text.vi} Đúng thì trả lời “đúng”.", text.en), "đúng")
                return False
        return True

    def _is_whole(self, one: Judged) -> bool:
        """Say what a recognition cannot do without; true: it has it all."""
        found = next(self._lacking(one.row), None)
        if found is not None:
            key, text = found
            one.at_fault(one.row.unit_cell if key == COMMUNE else None, text, key=key)
        return found is None

    def _with_whole(self, row: ListedRecognition) -> ListedRecognition:
        """Let a row say what was told for the whole list, where it says nothing itself."""
        number, on, issuer = self._replies.decision(row.sheet)
        star = row.star if row.star is not None else self._replies.star(row.sheet)
        row = replace(row, star=star, unit=row.unit or self._replies.commune(row.sheet))
        of = same_number(number) if number else self._only.get(row.sheet)
        if row.number and same_number(row.number) != of:
            return row  # it names another decision
        return replace(
            row,
            number=row.number or number,
            decided_on=row.decided_on or on,
            issuer=row.issuer or issuer,
        )

    def _lacking(self, row: ListedRecognition) -> Iterator[tuple[str | None, Text]]:
        """Yield what a recognition cannot do without, and how to tell it; nothing of it is made up."""
        if row.star is None or row.star not in (3, 4, 5):
            yield STAR, _told("không rõ hạng sao (3, 4 hoặc 5)", "the star is not told", "Hạng sao")
        why = _PROPOSES if row.proposes else Text("", "")
        if not row.number:
            vi, en = f"{why.vi}thiếu số quyết định", f"{why.en}the decision's number is missing"
            yield NUMBER, _told(vi, en, "Số quyết định")
        if row.decided_on is None:
            vi, en = f"{why.vi}thiếu ngày quyết định", f"{why.en}the decision's day is missing"
            yield DECIDED_ON, _told(vi, en, "Ngày quyết định")
        else:
            yield from ((None, text) for text in _impossible(row, row.decided_on, self._order.today))
        if not row.unit:
            yield COMMUNE, _told("không rõ xã, phường", "the commune is not told", "Xã, phường")

    # -- where -----------------------------------------------------------------------------------------

    def _locate(self, one: Judged) -> bool:
        """Find its commune, by the map of the day of the decision; a name that means none is asked about."""
        row = one.row
        written = row.decided_on or self._order.today
        if written not in self._communes:
            self._communes[written] = Communes(self._known, written)
        communes = self._communes[written]
        found = communes.find(row.unit)
        asked, key = which_commune(row.unit, found), key_of_commune(row.unit, found)
        words = (
            []
            if found.known
            else self._replies.to_row(row, key, f"{row.sheet}!{row.unit_cell}", row.unit_cell)
        )
        known = found.known or _answered(words, communes, found)
        if known is not None:
            self._replies.settled(key, asked.vi, words)
            one.unit = known.unit
            return True
        if among(words, SKIP):
            one.left_out("bỏ qua theo câu trả lời")
        elif found.proposed or found.several:
            proposed = found.proposed.name if found.proposed else None
            one.asked(row.unit_cell, asked, proposed, key=key)
        else:
            one.at_fault(row.unit_cell, asked, key=key)
        return False

    # -- what ------------------------------------------------------------------------------------------

    def _understand(self, one: Judged) -> None:
        """Make a certificate of the row: its printed last day, or the one by the rule of its time."""
        row, order = one.row, self._order
        assert row.decided_on and row.star and row.number  # noqa: S101, PT018 - see `_lacking`
        if row.decided_on not in self._by_rule:  # a list has few days, and asks for each of its rows
            self._by_rule[row.decided_on] = _last_day(row.decided_on, order.today)
        by_rule = self._by_rule[row.decided_on]
        until = row.valid_until or by_rule
        doubt = self._doubt(row, until)
        if doubt is not None and not among(self._replies.to_row(row), IMPORT):
            one.asked(None, doubt, "nhập")
            return
        one.certificate = Certificate(
            star=row.star, number=row.number[:300], decided_on=row.decided_on, valid_until=until
        )
        if until > by_rule:
            one.reason = f"danh sách ghi hết hạn {until:%d/%m/%Y}"
        if row.raised_from:
            one.notes.append(f"nâng hạng từ {row.raised_from} sao")
        if row.whole_cell:
            one.notes.append(f"tách từ ô “{_short(row.whole_cell)}”")
        if row.proposes:
            one.notes.append("bảng kết quả của hội đồng chỉ là đề nghị")

    def _doubt(self, row: ListedRecognition, until: date) -> Text | None:
        """Return what does not go together in a row, and may be so all the same."""
        assert row.decided_on is not None  # noqa: S101 - see `_lacking`
        if until > row.decided_on + relativedelta(months=37):
            return Text(
                f"hết hạn {until:%d/%m/%Y} là muộn hơn 36 tháng sau {row.decided_on:%d/%m/%Y}; đúng như "
                "giấy thì trả lời “nhập”",
                f"{until} is later than 36 months; answer “import” if the paper says so",
            )
        days = self._last[row.at]
        if row.held and row.held != row.star and row.decided_on == max(days, default=row.decided_on):
            return Text(
                f"hạng hiện tại {row.held} sao khác lần công nhận sau cùng ({row.star} sao); theo quyết "
                "định thì trả lời “nhập”",
                f"the present star {row.held} is not that of the last recognition ({row.star})",
            )
        if row.has_ended and row.ended_on is None and until >= self._order.today:
            return Text(
                f"dòng ghi hết hiệu lực, mà theo ngày quyết định thì còn đến {until:%d/%m/%Y}; theo quyết "
                "định thì trả lời “nhập”",
                f"the row says that it has ended, but by its decision it holds until {until}",
            )
        return None


_HIDDEN = Text(
    "dòng, hoặc trang của dòng, bị ẩn: “nhập” hay “bỏ qua”?", "the row is hidden: import it, or not?"
)
_PROPOSES = Text(
    "bảng kết quả của hội đồng là đề nghị, chưa phải quyết định: ",
    "a council's result proposes and does not decide: ",
)


def _impossible(row: ListedRecognition, decided_on: date, today: date) -> Iterator[Text]:
    """Yield which days of a row cannot be."""
    if decided_on > today:
        yield Text(f"ngày quyết định {decided_on:%d/%m/%Y} còn ở tương lai", f"{decided_on} is in the future")
    until, ended = row.valid_until, row.ended_on
    if until is not None and until < decided_on:
        yield Text(
            f"ngày hết hạn {until:%d/%m/%Y} đứng trước ngày quyết định",
            f"the last day {until} lies before the decision",
        )
    if ended is not None and not decided_on <= ended <= today:
        yield Text(
            f"ngày thu hồi {ended:%d/%m/%Y} không nằm giữa ngày quyết định và hôm nay",
            f"the day {ended} of its revocation does not lie between the decision and today",
        )


def _told(vi: str, en: str, column: str) -> Text:
    """Say what is missing, and where it can be told."""
    return Text(
        f"{vi}; điền vào cột “{column}” của dòng, hoặc trả lời một lần cho cả danh sách",
        f"{en}; tell it in the column “{column}”, or once for the whole list",
    )


def _short(text: str, most: int = 80) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _answered(words: list[str], communes: Communes, found: Found) -> KnownName | None:
    """Return the commune that an answer means: one of several, another name, or yes to the proposal."""
    for word in words:
        known = found.answered_by(word) or communes.find(word).known
        if known is None and search_key(word) in YES:
            known = found.proposed
        if known is not None:
            return known
    return None


def _tops(tx: Connection, actor: Actor) -> list[int]:
    """Return the units under which the actor may bring certificates in; without limits the topmost ones."""
    roots = actor.units_with(Permission.EDIT_PRODUCTS)
    return (
        sorted(roots)
        if roots is not None
        else [unit.id for unit in units.all_units(tx) if unit.parent_id is None]
    )


def _last_day(decided_on: date, today: date) -> date:
    """Return the last day by the rule in force when it was decided, else by the one of today."""
    regulation: Regulation | None = regulation_on(decided_on) or regulation_on(today)
    if regulation is None:
        return decided_on + relativedelta(months=36)
    return last_valid_day(regulation.validity, decided_on)


def same_number(number: str) -> str:
    """Return the number of a decision as it is compared, however it is spaced."""
    return search_key(number).replace(" ", "")


__all__ = ["Judging", "same_number"]
