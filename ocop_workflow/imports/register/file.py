"""A list of certificates as a file: read, fenced, with what was answered; and who brings it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ocop_workflow.errors import InvalidInput, NotFound, fault
from ocop_workflow.imports.answers import Answers, answers_in, read_answers
from ocop_workflow.imports.reading.own_columns import is_general, without_own
from ocop_workflow.imports.reading.sheet import read_sheets
from ocop_workflow.imports.register.lists.layouts import read_recognitions
from ocop_workflow.imports.register.replies import WHOLE_LIST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from pathlib import Path

    from ocop_workflow.access import Actor
    from ocop_workflow.imports.reading.sheet import Sheet
    from ocop_workflow.imports.register.lists.recognition import ListedRecognition
    from ocop_workflow.states import EvidenceLevel


@dataclass(frozen=True, slots=True)
class RegisterFile:
    """A list that was read: its name, its sheets, what it says, and what was answered.

    `answers.given`: words by place (`Trang!12`, `Trang!C12`) or by the key of a question (see
    `ListedRowView`), or of what holds for the whole list (`WHOLE_LIST`).
    """

    name: str
    sheets: tuple[Sheet, ...]
    recognitions: tuple[ListedRecognition, ...]
    answers: Answers = field(default_factory=Answers)

    def told(self, whole: Mapping[str, str]) -> RegisterFile:
        """Return it with more answers, among them what holds for the whole list (`WHOLE_LIST`)."""
        return replace(self, answers=Answers({**self.answers.given, **whole}))


@dataclass(frozen=True, slots=True)
class RegisterOrder:
    """Who brings a list, when; `evidence`: what rows are known by that do not say so themselves."""

    actor: Actor
    evidence: EvidenceLevel
    today: date
    now: datetime


def read_register_file(path: Path, answers: Path | None = None, named: str = "") -> RegisterFile:
    """Read a list of certificates, fenced, and understand its rows.

    Args:
        path: the list.
        answers: a file of answers, if they stand elsewhere.
        named: what whoever brings it calls it; empty: as the file is called.

    Raises:
        NotFound: there is no such file.
        InvalidInput: no sheet has the heading of such a list.
    """
    name = named or path.name
    if not path.is_file():
        raise NotFound(f"Không có tệp {path}.", f"There is no file {path}.")
    whole = read_sheets(path)
    sheets = tuple(without_own(sheet) for sheet in whole if not is_general(sheet))
    given = answers_in(whole)
    if answers is not None:
        given = Answers({**given.given, **read_answers(answers).given})
    read = [read_recognitions(sheet) for sheet in sheets]
    if all(rows is None for rows in read):
        needed = fault(
            "A1",
            "không thấy dòng tiêu đề có tên sản phẩm và hạng sao hoặc số quyết định trong 20 dòng đầu",
            "no heading with a product's name and a star or a decision stands in the first 20 rows",
        )
        raise InvalidInput(
            f"Tệp {name} không phải danh sách giấy chứng nhận.",
            f"The file {name} is no list of certificates.",
            [needed],
        )
    return RegisterFile(name, sheets, tuple(row for rows in read for row in rows or ()), given)


__all__ = ["WHOLE_LIST", "RegisterFile", "RegisterOrder", "read_register_file"]
