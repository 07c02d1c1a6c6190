"""Reading what is answered in a form: some fields or all, every fault at once, each at its field's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from ocop_workflow.errors import Fault, InvalidInput, fault
from ocop_workflow.regulations.forms.annex import product_classes
from ocop_workflow.regulations.forms.form import FieldKind, FormField
from ocop_workflow.regulations.rubrics.sheet import read_choices
from ocop_workflow.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ocop_workflow.regulations.forms.form import OfficialForm
    from ocop_workflow.regulations.rubrics import Rubric

#: letters of one line, of a report's paragraph, of what is said of one criterion or in one opinion
LONGEST_LINE: Final = 300
LONGEST_TEXT: Final = 10_000
LONGEST_WORDS: Final = 2_000
#: opinions of one report
MOST_OPINIONS: Final = 30
#: days and years of a form: a producer may be older than the programme
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_MOST: Final = 999_999_999


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody whom the commune heard has said: an office or a position, a local day, the words."""

    who: str
    on: date
    text: str


def read_answers(
    form: OfficialForm, given: Mapping[str, object], rubric: Rubric | None, *, today: date
) -> dict[str, Any]:
    """Read answers to some fields of a form; what is not named stays as it is.

    Args:
        form: the form.
        given: answers by the names of fields. Nothing (null, an empty text) empties a field. Days are
            `2024-11-30` or `30/11/2024`; a tick is true or false; a place of Phụ lục I is its id (`I.5.a`);
            self-scores are a table of options by criterion, as a score sheet takes them, or of some of them.
        rubric: the score sheet of the product's set; none: the set is not chosen yet.
        today: the local day: nobody was heard after it.

    Returns:
        The answers as they are kept: what JSON is made of; an emptied field is none.

    Raises:
        InvalidInput: an unknown field, or a value that it does not take; all faults at once.
    """
    reading = _Answering(rubric, today)
    found: dict[str, Any] = {}
    for name, value in given.items():
        field = form.by_name.get(name)
        if field is None:
            reading.wrong(name, f"{form.number} không có mục này", f"{form.id} has no such field")
        else:
            found[name] = reading.answer(field, value)
    if reading.faults:
        raise InvalidInput(
            f"{form.number} có chỗ ghi sai.", f"{form.id} is filled in wrongly.", reading.faults
        )
    return found


class _Answering:
    """Reads the answers of one form and gathers what is wrong with them."""

    def __init__(self, rubric: Rubric | None, today: date) -> None:
        self._rubric = rubric
        self._today = today
        self.faults: list[Fault] = []

    def wrong(self, place: str, vi: str, en: str) -> None:
        self.faults.append(fault(place, vi, en))

    def answer(self, field: FormField, value: object) -> Any:  # noqa: ANN401 - of JSON
        if value is None or value == "":
            return None
        return _READERS[field.type](self, field, value)

    def _text(self, place: str, value: object, longest: int, *, lines: bool = False) -> str | None:
        if not isinstance(value, str):
            self.wrong(place, "phải là chữ", "must be text")
            return None
        try:
            value.encode()
        except UnicodeEncodeError:
            self.wrong(place, "có ký tự hỏng", "holds a broken character")
            return None
        text = "\n".join(map(clean, value.splitlines())).strip() if lines else clean(value)
        if len(text) > longest:
            self.wrong(place, f"dài quá {longest} chữ", f"longer than {longest} letters")
        return text or None

    def line(self, field: FormField, value: object) -> str | None:
        return self._text(field.name, value, LONGEST_LINE)

    def lines(self, field: FormField, value: object) -> str | None:
        return self._text(field.name, value, LONGEST_TEXT, lines=True)

    def _whole(self, place: str, value: object, least: int, most: int) -> int | None:
        if isinstance(value, str) and value.strip().isascii() and value.strip().isdecimal():
            value = int(value.strip()[:10])
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.wrong(
            place,
            f"phải là số nguyên từ {least} đến {most}",
            f"must be a whole number from {least} to {most}",
        )
        return None

    def year(self, field: FormField, value: object) -> int | None:
        return self._whole(field.name, value, _FIRST_YEAR, _LAST_YEAR)

    def number(self, field: FormField, value: object) -> int | None:
        return self._whole(field.name, value, 0, _MOST)

    def _day(self, place: str, value: object) -> date | None:
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                day = datetime.strptime(str(value), form).date()  # noqa: DTZ007 - a local day has no zone
            except ValueError:
                continue
            if _FIRST_YEAR <= day.year <= _LAST_YEAR:
                return day
        self.wrong(place, "không phải ngày; viết như 30/11/2024", "is no day; write it like 2024-11-30")
        return None

    def day(self, field: FormField, value: object) -> str | None:
        day = self._day(field.name, value)
        return day.isoformat() if day else None

    def tick(self, field: FormField, value: object) -> bool | None:
        if isinstance(value, bool):
            return value
        self.wrong(field.name, "phải là true hoặc false", "must be true or false")
        return None

    def option(self, field: FormField, value: object) -> str | None:
        return self._one_of(field.name, value, field.options)

    def place(self, field: FormField, value: object) -> str | None:
        return self._one_of(field.name, value, tuple(item.id for item in product_classes()))

    def _one_of(self, place: str, value: object, words: tuple[str, ...]) -> str | None:
        if isinstance(value, str) and value in words:
            return value
        told = ", ".join(words)
        self.wrong(place, f"phải là một trong: {told}", f"must be one of: {told}")
        return None

    def _sheet(self, place: str) -> Rubric | None:
        if self._rubric is None:
            self.wrong(
                place,
                "chưa chọn bộ sản phẩm; ghi mục 3 của Mẫu 01 trước",
                "the set of products is not chosen yet; answer section 3 of mau-01 first",
            )
        return self._rubric

    def scores(self, field: FormField, value: object) -> dict[str, Any] | None:
        rubric = self._sheet(field.name)
        if rubric is None:
            return None
        self.faults += read_choices(rubric, value, field.name)
        return dict(value) if isinstance(value, dict) else None

    def evidence(self, field: FormField, value: object) -> dict[str, str] | None:
        rubric = self._sheet(field.name)
        if rubric is None:
            return None
        if not isinstance(value, dict):
            self.wrong(field.name, "phải là một bảng { … }", "must be a table { … }")
            return None
        found: dict[str, str] = {}
        for name, words in value.items():
            place = f"{field.name}.{name}"
            if name not in rubric.by_id:
                self.wrong(
                    place, f"bộ {rubric.set} không có tiêu chí này", f"set {rubric.set} has no such criterion"
                )
            elif words not in (None, "") and (text := self._text(place, words, LONGEST_WORDS, lines=True)):
                found[name] = text
        return found or None

    def opinions(self, field: FormField, value: object) -> list[dict[str, str]] | None:
        if not isinstance(value, list) or len(value) > MOST_OPINIONS:
            self.wrong(
                field.name,
                f"phải là một danh sách, nhiều nhất {MOST_OPINIONS} ý kiến",
                f"must be a list of {MOST_OPINIONS} opinions at most",
            )
            return None
        return [self._opinion(f"{field.name}[{place}]", item) for place, item in enumerate(value)] or None

    def _opinion(self, place: str, item: object) -> dict[str, str]:
        if not isinstance(item, dict) or set(item) != {"who", "on", "text"}:
            self.wrong(
                place,
                'phải là {"who": …, "on": …, "text": …}',
                'must be {"who": …, "on": …, "text": …}',
            )
            return {}
        who = self._text(f"{place}.who", item["who"], LONGEST_LINE)
        text = self._text(f"{place}.text", item["text"], LONGEST_WORDS, lines=True)
        if not who or not text:
            self.wrong(place, "phải ghi của ai và nói gì", "must say whose it is, and what")
        day = self._day(f"{place}.on", item["on"])
        if day and day > self._today:
            self.wrong(f"{place}.on", f"{day:%d/%m/%Y} còn ở tương lai", f"{day} is in the future")
        return {"who": who or "", "on": day.isoformat() if day else "", "text": text or ""}


_READERS: Mapping[FieldKind, Callable[[_Answering, FormField, object], Any]] = {
    FieldKind.TEXT: _Answering.line,
    FieldKind.LONG_TEXT: _Answering.lines,
    FieldKind.YEAR: _Answering.year,
    FieldKind.DATE: _Answering.day,
    FieldKind.INTEGER: _Answering.number,
    FieldKind.ONE_OF: _Answering.option,
    FieldKind.CHECK: _Answering.tick,
    FieldKind.ATTACHMENT: _Answering.tick,
    FieldKind.ANNEX1_CHOICE: _Answering.place,
    FieldKind.SELF_SCORE: _Answering.scores,
    FieldKind.EVIDENCE: _Answering.evidence,
    FieldKind.OPINIONS: _Answering.opinions,
}


def opinions_in(kept: object) -> tuple[Opinion, ...]:
    """Return opinions from how they are kept."""
    items = kept if isinstance(kept, list) else []
    return tuple(Opinion(item["who"], date.fromisoformat(item["on"]), item["text"]) for item in items)
